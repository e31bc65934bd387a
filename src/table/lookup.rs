//! Names to ids, by exact spelling: byte for byte, nothing folded, nothing near.

use std::ops::Range;

use crate::table::Table;
use crate::table::parts::Catalog;
use crate::vocab::{CatalogId, CategoryId, OrganizationId, PrincipalId, RoleId, RowId};

/// The position of a name in a run of a list that is sorted by it.
fn find<T>(items: &[T], run: Range<usize>, name: &str, name_of: impl Fn(&T) -> &str) -> Option<usize> {
    let start = run.start;
    let found = items.get(run)?.binary_search_by(|item| name_of(item).cmp(name)).ok()?;
    Some(start + found)
}

impl Table {
    /// The catalog of an id.
    pub fn catalog(&self, id: &str) -> Option<CatalogId> {
        let all = &self.parts.catalogs;
        find(all, 0..all.len(), id, |catalog| &catalog.id).map(CatalogId::at)
    }

    /// The organization of an id.
    pub fn organization(&self, id: &str) -> Option<OrganizationId> {
        let all = &self.parts.organizations;
        find(all, 0..all.len(), id, |organization| &organization.id).map(OrganizationId::at)
    }

    /// The template of an id, of whatever catalog.
    pub fn template(&self, id: &str) -> Option<RoleId> {
        find(&self.parts.roles, 0..self.templates, id, |role| &role.id).map(RoleId::at)
    }

    /// The role of an id in an organization: one of its own, or a template of its catalog.
    pub fn role(&self, organization: OrganizationId, id: &str) -> Option<RoleId> {
        let own = self.roles.range(organization.index());
        let own = find(&self.parts.roles, own, id, |role| &role.id).map(RoleId::at);
        own.or_else(|| self.template(id).filter(|template| self.is_assignable(organization, *template)))
    }

    /// The principal of a name in an organization.
    pub fn principal(&self, organization: OrganizationId, name: &str) -> Option<PrincipalId> {
        let own = self.principals.range(organization.index());
        find(&self.parts.principals, own, name, |principal| &principal.name).map(PrincipalId::at)
    }

    /// The category of an id in a catalog.
    pub fn category(&self, catalog: CatalogId, id: &str) -> Option<CategoryId> {
        let all = &self.parts.catalogs.get(catalog.index())?.categories;
        let by_id = &self.catalogs.get(catalog.index())?.categories;
        let name_of = |key: &CategoryId| all.get(key.index()).map_or("", |category| &*category.id);
        by_id.binary_search_by(|key| name_of(key).cmp(id)).ok().and_then(|at| by_id.get(at)).copied()
    }

    /// The rows of an id in a catalog, in the catalog's order; a row's id is unique in its category only.
    pub fn rows_named(&self, catalog: CatalogId, id: &str) -> &[RowId] {
        let (Some(data), Some(index)) =
            (self.parts.catalogs.get(catalog.index()), self.catalogs.get(catalog.index()))
        else {
            return &[];
        };
        let start = index.rows.partition_point(|row| id_of(data, *row) < id);
        let named = index.rows.get(start..).unwrap_or_default();
        let end = named.partition_point(|row| id_of(data, *row) == id);
        named.get(..end).unwrap_or_default()
    }

    /// The row of an id in a category.
    pub fn row(&self, catalog: CatalogId, category: CategoryId, id: &str) -> Option<RowId> {
        let rows = &self.parts.catalogs.get(catalog.index())?.rows;
        let named = self.rows_named(catalog, id);
        // In the order of the catalog, and so in that of its categories.
        let found =
            named.binary_search_by_key(&Some(category), |row| rows.get(row.index()).map(|row| row.category));
        found.ok().and_then(|at| named.get(at)).copied()
    }
}

fn id_of(catalog: &Catalog, row: RowId) -> &str {
    catalog.rows.get(row.index()).map_or("", |row| &row.id)
}
