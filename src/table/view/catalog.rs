//! Catalogs, categories and rows, seen.

use crate::table::layout::Layout;
use crate::table::view::{Role, described};
use crate::table::{CatalogIndex, Table, parts};
use crate::vocab::{CatalogId, CategoryId, Escalation, RowId, Shape};

/// A catalog, seen.
///
/// ```
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalog_view(table.catalog("wiki").unwrap()).unwrap();
/// assert_eq!(Some(wiki.key()), table.catalog(wiki.id()));
/// assert_eq!((wiki.title(), wiki.version()), (Some("Team Wiki"), Some("3")));
/// assert_eq!((wiki.doc(), wiki.position().line), (Some("Pages, and who may change them."), 4));
/// assert_eq!((wiki.super_role().map(|role| role.id()), wiki.custom_role_limit()), (Some("owner"), Some(10)));
/// assert!(!wiki.is_case_sensitive());
/// assert!(wiki.templates().map(|role| role.id()).eq(["owner", "reader"]));
/// assert!(wiki.categories().map(|category| category.id()).eq(["content", "site"]));
///
/// let pages = wiki.rows().find(|row| row.id() == "pages").unwrap();
/// assert_eq!(wiki.row(pages.key()).map(|row| row.id()), Some("pages"));
/// assert_eq!(wiki.category(pages.category().key()).map(|category| category.id()), Some("content"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
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

    /// Whether ids that differ by case or Unicode form only are different ids.
    pub fn is_case_sensitive(self) -> bool {
        self.data.is_case_sensitive
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
    #[doc(hidden)]
    pub fn layout(self) -> &'t Layout {
        &self.index.layout
    }
}

/// A category, seen.
///
/// ```
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// let site = wiki.category(table.category(wiki.key(), "site").unwrap()).unwrap();
/// assert_eq!(Some(site.key()), table.category(site.catalog().key(), site.id()));
/// assert_eq!((site.title(), site.position().line), (Some("Site"), 10));
/// assert_eq!(site.doc(), Some("What concerns the wiki as a whole."));
/// assert!(site.rows().map(|row| row.id()).eq(["export", "members", "tenants"]));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
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
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::Escalation;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// let members = wiki.rows().find(|row| row.id() == "members").unwrap();
/// assert_eq!(members.shape().offered(), ["none", "view", "manage"]);
/// assert!(members.kind().is_none(), "its levels are stated in place");
/// assert!(members.is_escalating() && !members.is_only_managed());
/// assert_eq!((members.escalation(), members.leads_to().count()), (&Escalation::Everywhere, 0));
/// assert!(members.notes().eq(["Below Settings."]));
/// assert!(members.caveats().eq(["Takes effect when the member signs in again."]));
/// assert_eq!((members.title(), members.doc()), (None, None));
/// assert_eq!((members.category().id(), members.key().index(), members.position().line), ("site", 3, 12));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
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

    /// The name of its kind; none where its levels are stated in place.
    pub fn kind(self) -> Option<&'t str> {
        self.data.kind.as_deref()
    }

    /// Its levels.
    pub fn shape(self) -> &'t Shape {
        &self.data.shape
    }

    /// Whether it is there in managed organizations only.
    pub fn is_only_managed(self) -> bool {
        self.data.only_managed
    }

    /// Whether the holder of its top may come to hold more than that.
    pub fn is_escalating(self) -> bool {
        self.data.escalation.is_marked()
    }

    /// What the holder of its top may come to hold.
    pub fn escalation(self) -> &'t Escalation {
        &self.data.escalation
    }

    /// The rows that it is `escalating to`, in the order of the catalog; none where it names none.
    pub fn leads_to(self) -> impl Iterator<Item = Row<'t>> {
        let catalog = self.category.catalog;
        self.data.escalation.rows().iter().filter_map(move |row| catalog.row(*row))
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
