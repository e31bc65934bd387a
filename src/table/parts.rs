//! What a table is made of, as plain data: what a compiler fills in and what a reader of bytes finds. One rule
//! holds everywhere: a child names its parent, and every list is in the order that is written at its field. Nothing
//! here is checked; [`Table::assemble`](crate::table::Table::assemble) does that, and only that.

use std::sync::Arc;

use crate::vocab::{
    CatalogId, CategoryId, Escalation, OrganizationId, OrganizationKind, PrincipalId, PrincipalKind, RoleId,
    RowId, Shape, Time, Written,
};

/// Everything a table holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The names of the source files, sorted. A [`Position`] counts in this list.
    pub files: Vec<Box<str>>,
    /// The catalogs, by id. A [`CatalogId`] counts in this list.
    pub catalogs: Vec<Catalog>,
    /// The organizations, by id. An [`OrganizationId`] counts in this list.
    pub organizations: Vec<Organization>,
    /// First the templates of all catalogs, by id; then the roles of each organization in turn, by id. A
    /// [`RoleId`] counts in this list.
    pub roles: Vec<Role>,
    /// By organization, then by name. A [`PrincipalId`] counts in this list.
    pub principals: Vec<Principal>,
    /// In the order of [`Assignment`] itself: by principal, then by role and time.
    pub assignments: Vec<Assignment>,
}

/// Where something is written.
///
/// ```
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let at = table.catalogs().next().unwrap().position();
/// assert_eq!((table.file(at), at.line, at.column), (Some("acme.role"), 4, 9));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The file, as a position in [`Parts::files`].
    pub file: u32,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// A catalog: the rows that a role is made of. Every action of every row is one bit, rows in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its documentation.
    pub doc: Option<Box<str>>,
    /// Its version.
    pub version: Option<Box<str>>,
    /// Its categories in the order of its text. A [`CategoryId`] counts in this list.
    pub categories: Vec<Category>,
    /// Its rows in the order of its text, those of one category together. A [`RowId`] counts in this list.
    pub rows: Vec<Row>,
    /// The template whose holders may change roles.
    pub super_role: Option<RoleId>,
    /// How many custom roles an organization may have.
    pub custom_role_limit: Option<u32>,
    /// Whether ids that differ by case or Unicode form only are different ids.
    pub is_case_sensitive: bool,
    /// Where it is written.
    pub position: Position,
}

/// A category of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its documentation.
    pub doc: Option<Box<str>>,
    /// Where it is written.
    pub position: Position,
}

/// A row of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its documentation.
    pub doc: Option<Box<str>>,
    /// The category it is in.
    pub category: CategoryId,
    /// The name of its kind; none where its levels are stated in place.
    pub kind: Option<Box<str>>,
    /// Its levels.
    pub shape: Shape,
    /// Whether it is there in managed organizations only.
    pub only_managed: bool,
    /// What the holder of its top may come to hold.
    pub escalation: Escalation,
    /// What the catalog notes about it, in the order of its text.
    pub notes: Vec<Box<str>>,
    /// What its holder should know, in the order of its text.
    pub caveats: Vec<Box<str>>,
    /// Where it is written.
    pub position: Position,
}

/// A template, or a role of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its documentation.
    pub doc: Option<Box<str>>,
    /// Its description.
    pub description: Option<Box<str>>,
    /// Whose it is.
    pub home: Home,
    /// Whether it is a `default template`. Never for a role of an organization.
    pub is_default: bool,
    /// What it holds, as the catalog's [`Layout`](crate::table::Layout) places it, with no word too many or too
    /// few. What the organization's kind takes away is not taken away here.
    pub bits: Arc<[u64]>,
    /// What it is made from, by id.
    pub bases: Vec<RoleId>,
    /// Its own grants, by target.
    pub entries: Vec<Entry>,
    /// Where it is written.
    pub position: Position,
}

/// Whose a role is.
///
/// ```
/// use rolec::table::{Home, Table};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let (acme, wiki) = (table.organization("acme").unwrap(), table.catalog("wiki").unwrap());
/// let homes: Vec<Home> = table.roles().map(|role| role.home()).collect();
/// assert_eq!(homes, [Home::Template(wiki), Home::Template(wiki), Home::Organization(acme)]);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Home {
    /// A template, of a catalog.
    Template(CatalogId),
    /// A role of an organization.
    Organization(OrganizationId),
}

/// A grant that a role itself says.
///
/// ```
/// use rolec::table::{Table, Target};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let owner = table.role_view(table.template("owner").unwrap()).unwrap();
/// let entry = &owner.entries()[0];
/// assert_eq!((entry.target, &*entry.level, entry.position.line), (Target::All, "full", 23));
/// assert!(entry.unconfirmed.is_none());
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it sets.
    pub target: Target,
    /// The level as one writes it, `view, update`.
    pub level: Arc<str>,
    /// Where it is written.
    pub position: Position,
    /// How.
    pub written: Written,
    /// Its basis where it is marked as unconfirmed; empty where none is given.
    pub unconfirmed: Option<Box<str>>,
}

/// What an entry sets. The more exact one goes before: a row before its category, that before all.
///
/// ```
/// use rolec::table::{Table, Target};
/// use rolec::vocab::RowId;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let reader = table.role_view(table.template("reader").unwrap()).unwrap();
/// let targets: Vec<Target> = reader.entries().iter().map(|entry| entry.target).collect();
/// assert_eq!(targets, [Target::Row(RowId(0))]);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Every row of the catalog.
    All,
    /// Every row of a category.
    Category(CategoryId),
    /// One row.
    Row(RowId),
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its documentation.
    pub doc: Option<Box<str>>,
    /// Whether it stands alone or is managed.
    pub kind: OrganizationKind,
    /// The catalog of its roles.
    pub catalog: CatalogId,
    /// Where it is first opened.
    pub position: Position,
}

/// A principal of an organization: somebody named in at least one assignment there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The organization.
    pub organization: OrganizationId,
    /// The name, byte for byte.
    pub name: Box<str>,
    /// A person or a service account.
    pub kind: PrincipalKind,
}

/// A role given to a principal. Its fields stand in the order by which assignments are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// The principal.
    pub principal: PrincipalId,
    /// The role: one of the organization's own, or a template of its catalog.
    pub role: RoleId,
    /// The first second it holds; always where there is none.
    pub from: Option<Time>,
    /// The first second it no longer holds; never where there is none.
    pub until: Option<Time>,
    /// Where it is written.
    pub position: Position,
    /// Why.
    pub because: Option<Box<str>>,
}
