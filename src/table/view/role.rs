//! Roles and templates, seen.

use crate::table::parts::{Entry, Home};
use crate::table::view::{Catalog, Organization, described};
use crate::table::{Table, parts};
use crate::vocab::{Actions, RoleId, RowId};

/// A role or template, seen.
#[derive(Clone, Copy)]
pub struct Role<'t> {
    pub(super) table: &'t Table,
    pub(super) key: RoleId,
    pub(super) data: &'t parts::Role,
    pub(super) catalog: Catalog<'t>,
}

described!(Role, RoleId, "role");

impl<'t> Role<'t> {
    /// Its description.
    pub fn description(self) -> Option<&'t str> {
        self.data.description.as_deref()
    }

    /// Whose it is.
    pub fn home(self) -> Home {
        self.data.home
    }

    /// The organization it is of; none for a template.
    pub fn organization(self) -> Option<Organization<'t>> {
        match self.data.home {
            Home::Template(_) => None,
            Home::Organization(organization) => self.table.organization_view(organization),
        }
    }

    /// The catalog whose rows it has.
    pub fn catalog(self) -> Catalog<'t> {
        self.catalog
    }

    /// Whether it is a template.
    pub fn is_template(self) -> bool {
        matches!(self.data.home, Home::Template(_))
    }

    /// Whether it is a `default template`.
    pub fn is_default(self) -> bool {
        self.data.is_default
    }

    /// What it is made from, by id.
    pub fn bases(self) -> impl Iterator<Item = Role<'t>> {
        self.data.bases.iter().filter_map(move |key| self.table.role_view(*key))
    }

    /// Its own grants, by target.
    pub fn entries(self) -> &'t [Entry] {
        &self.data.entries
    }

    /// What it holds of a row, before an organization's kind takes anything away.
    pub fn actions(self, row: RowId) -> Actions {
        self.catalog.layout().get(&self.data.bits, row)
    }

    /// Its bits, before an organization's kind takes anything away.
    pub fn bits(self) -> &'t [u64] {
        &self.data.bits
    }
}
