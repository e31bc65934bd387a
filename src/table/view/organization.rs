//! Organizations, principals and assignments, seen.

use crate::table::parts::Position;
use crate::table::view::{Catalog, Role, described};
use crate::table::{Table, parts};
use crate::vocab::{OrganizationId, OrganizationKind, PrincipalId, PrincipalKind, RoleId, Time};

/// An organization, seen.
#[derive(Clone, Copy)]
pub struct Organization<'t> {
    pub(super) table: &'t Table,
    pub(super) key: OrganizationId,
    pub(super) data: &'t parts::Organization,
    pub(super) catalog: Catalog<'t>,
}

described!(Organization, OrganizationId, "organization");

impl<'t> Organization<'t> {
    /// Whether it stands alone or is managed.
    pub fn kind(self) -> OrganizationKind {
        self.data.kind
    }

    /// The catalog of its roles.
    pub fn catalog(self) -> Catalog<'t> {
        self.catalog
    }

    /// Its own roles, by id.
    pub fn roles(self) -> impl Iterator<Item = Role<'t>> {
        let own = self.table.roles.range(self.key.index());
        own.filter_map(move |index| self.table.role_view(RoleId::at(index)))
    }

    /// What it can assign: its own roles, then the templates of its catalog, each by id.
    pub fn assignable(self) -> impl Iterator<Item = Role<'t>> {
        self.roles().chain(self.catalog.templates())
    }

    /// Its principals, by name.
    pub fn principals(self) -> impl Iterator<Item = Principal<'t>> {
        let own = self.table.principals.range(self.key.index());
        own.filter_map(move |index| self.table.principal_view(PrincipalId::at(index)))
    }
}

/// A principal, seen: somebody named in at least one assignment of an organization, past or future.
#[derive(Clone, Copy)]
pub struct Principal<'t> {
    pub(super) table: &'t Table,
    pub(super) key: PrincipalId,
    pub(super) data: &'t parts::Principal,
    pub(super) organization: Organization<'t>,
}

impl<'t> Principal<'t> {
    /// Its key.
    pub fn key(self) -> PrincipalId {
        self.key
    }

    /// Its name, byte for byte.
    pub fn name(self) -> &'t str {
        &self.data.name
    }

    /// A person or a service account.
    pub fn kind(self) -> PrincipalKind {
        self.data.kind
    }

    /// The organization it is of.
    pub fn organization(self) -> Organization<'t> {
        self.organization
    }

    /// Its assignments, by role, then by time.
    pub fn assignments(self) -> impl Iterator<Item = Assignment<'t>> {
        let own = self.table.assignments.range(self.key.index());
        let own = self.table.parts.assignments.get(own).unwrap_or_default();
        own.iter().map(|data| Assignment { data })
    }
}

impl std::fmt::Debug for Principal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Principal").field(&self.key.0).field(&self.data.name).finish()
    }
}

/// A role given to a principal, seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment<'t> {
    data: &'t parts::Assignment,
}

impl<'t> Assignment<'t> {
    /// Who is given it.
    pub fn principal(self) -> PrincipalId {
        self.data.principal
    }

    /// The role given.
    pub fn role(self) -> RoleId {
        self.data.role
    }

    /// The first second it holds; always where there is none.
    pub fn from(self) -> Option<Time> {
        self.data.from
    }

    /// The first second it no longer holds; never where there is none.
    pub fn until(self) -> Option<Time> {
        self.data.until
    }

    /// Whether it holds at a time: `from` is in, `until` is out.
    pub fn is_in_force(self, at: Time) -> bool {
        self.data.from.is_none_or(|from| from <= at) && self.data.until.is_none_or(|until| at < until)
    }

    /// Why it was given.
    pub fn because(self) -> Option<&'t str> {
        self.data.because.as_deref()
    }

    /// Where it is written.
    pub fn position(self) -> Position {
        self.data.position
    }
}
