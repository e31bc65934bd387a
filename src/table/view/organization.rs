//! Organizations, principals and assignments, seen.

use crate::table::parts::Position;
use crate::table::view::{Catalog, Role, described};
use crate::table::{Table, parts};
use crate::vocab::{OrganizationId, OrganizationKind, PrincipalId, PrincipalKind, RoleId, Time};

/// An organization, seen.
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::OrganizationKind;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organization_view(table.organization("acme").unwrap()).unwrap();
/// assert_eq!((acme.id(), acme.title(), acme.doc()), ("acme", Some("Acme Corp"), None));
/// assert_eq!((acme.kind(), acme.catalog().id()), (OrganizationKind::Direct, "wiki"));
/// assert!(acme.roles().map(|role| role.id()).eq(["editor"]));
/// assert!(acme.assignable().map(|role| role.id()).eq(["editor", "owner", "reader"]));
/// assert!(acme.principals().map(|principal| principal.name()).eq(["ana@acme.example", "bot"]));
/// assert_eq!((acme.key().index(), acme.position().line), (0, 26));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
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
        let first = own.start;
        let all = self.table.parts.principals.get(own).unwrap_or_default().iter().enumerate();
        all.map(move |(index, data)| Principal {
            table: self.table,
            key: PrincipalId::at(first + index),
            data,
            organization: self,
        })
    }
}

/// A principal, seen: somebody named in at least one assignment of an organization, past or future.
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::PrincipalKind;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let bot = table.principals().find(|principal| principal.name() == "bot").unwrap();
/// assert_eq!(bot.kind(), PrincipalKind::Service);
/// assert_eq!(Some(bot.key()), table.principal(bot.organization().key(), "bot"));
/// assert_eq!(bot.assignments().count(), 1);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
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
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let ana = table.principals().next().unwrap();
/// let as_editor = ana.assignments().find(|assignment| assignment.until().is_some()).unwrap();
/// let day = |text| Time::parse(text).unwrap();
/// assert_eq!((as_editor.from(), as_editor.until()), (None, Some(day("2027-01-01"))));
/// assert!(as_editor.is_in_force(day("2026-12-31")) && !as_editor.is_in_force(day("2027-01-01")));
/// assert_eq!(as_editor.because(), Some("HR-12"));
/// assert_eq!(as_editor.principal(), ana.key());
/// assert_eq!(table.role_view(as_editor.role()).map(|role| role.id()), Some("editor"));
/// assert_eq!(as_editor.position().line, 38);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
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
