//! Catalogs, categories and rows, seen.

use crate::table::layout::Layout;
use crate::table::view::{Role, described};
use crate::table::{CatalogIndex, Table, parts};
use crate::vocab::{CatalogId, CategoryId, RowId, Shape};

/// A catalog, seen.
#[derive(Clone, Copy)]
pub struct Catalog<'t> {
    pub(super) table: &'t Table,
    pub(super) key: CatalogId,
    pub(super) data: &'t parts::Catalog,
    pub(super) index: &'t CatalogIndex,
}

described!(Catalog, CatalogId, "catalog");

impl<'t> Catalog<'t> {
    /// Its version.
    pub fn version(self) -> Option<&'t str> {
        self.data.version.as_deref()
    }

    /// The template whose holders may change roles.
    pub fn super_role(self) -> Option<Role<'t>> {
        self.data.super_role.and_then(|key| self.table.role_view(key))
    }

    /// How many custom roles an organization may have.
    pub fn custom_role_limit(self) -> Option<u32> {
        self.data.custom_role_limit
    }

    /// Its categories in the order of its text.
    pub fn categories(self) -> impl Iterator<Item = Category<'t>> {
        (0..self.data.categories.len()).filter_map(move |index| self.category(CategoryId::at(index)))
    }

    /// Its rows in the order of its text.
    pub fn rows(self) -> impl Iterator<Item = Row<'t>> {
        (0..self.data.rows.len()).filter_map(move |index| self.row(RowId::at(index)))
    }

    /// Its templates, by id.
    pub fn templates(self) -> impl Iterator<Item = Role<'t>> {
        self.index.templates.iter().filter_map(move |key| self.table.role_view(*key))
    }

    /// One of its categories.
    pub fn category(self, key: CategoryId) -> Option<Category<'t>> {
        self.data.categories.get(key.index()).map(|data| Category { catalog: self, key, data })
    }

    /// One of its rows.
    pub fn row(self, key: RowId) -> Option<Row<'t>> {
        let data = self.data.rows.get(key.index())?;
        Some(Row { category: self.category(data.category)?, key, data })
    }

    /// Where each row's actions stand in a role's bits.
    pub fn layout(self) -> &'t Layout {
        &self.index.layout
    }
}

/// A category, seen.
#[derive(Clone, Copy)]
pub struct Category<'t> {
    catalog: Catalog<'t>,
    key: CategoryId,
    data: &'t parts::Category,
}

described!(Category, CategoryId, "category");

impl<'t> Category<'t> {
    /// The catalog it is in.
    pub fn catalog(self) -> Catalog<'t> {
        self.catalog
    }

    /// Its rows in the order of the catalog.
    pub fn rows(self) -> impl Iterator<Item = Row<'t>> {
        let rows = self.catalog.index.members.range(self.key.index());
        rows.filter_map(move |index| self.catalog.row(RowId::at(index)))
    }
}

/// A row, seen.
#[derive(Clone, Copy)]
pub struct Row<'t> {
    category: Category<'t>,
    key: RowId,
    data: &'t parts::Row,
}

described!(Row, RowId, "row");

impl<'t> Row<'t> {
    /// The category it is in.
    pub fn category(self) -> Category<'t> {
        self.category
    }

    /// Its levels.
    pub fn shape(self) -> &'t Shape {
        &self.data.shape
    }

    /// Whether it is there in managed organizations only.
    pub fn is_only_managed(self) -> bool {
        self.data.only_managed
    }

    /// Whether its holder may give more than they have.
    pub fn is_escalating(self) -> bool {
        self.data.escalating
    }

    /// What the catalog notes about it.
    pub fn notes(self) -> impl Iterator<Item = &'t str> {
        self.data.notes.iter().map(|note| &**note)
    }

    /// What its holder should know.
    pub fn caveats(self) -> impl Iterator<Item = &'t str> {
        self.data.caveats.iter().map(|caveat| &**caveat)
    }
}
