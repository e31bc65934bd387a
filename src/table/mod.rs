//! The decision table, read side: everything that decides and everything that explains, without sources. A
//! [`Table`](crate::table::Table) is valid by construction: its `assemble` checks every invariant, whoever made the
//! parts, and all else may rely on them. Knows neither text nor syntax, and decides no request.
//!
//! ```
//! use rolec::table::Table;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organization("acme").unwrap();
//! let editor = table.role(acme, "editor").unwrap();
//! let editor = table.role_view(editor).unwrap();
//! assert_eq!(editor.title(), Some("Editor"));
//! assert!(editor.bases().map(|base| base.id()).eq(["reader"]));
//! # Ok::<(), rolec::table::LoadError>(())
//! ```

mod assemble;
mod cell;
mod drafted;
mod flaw;
mod groups;
mod layout;
mod lookup;
mod origin;
mod same;
mod view;
mod wire;

#[doc(hidden)] // what the compiler and the reader of bytes fill in: it carries no promise
pub mod parts;

#[cfg(test)]
pub(crate) mod sample;

#[cfg(feature = "compile")]
pub(crate) use self::assemble::Task;
pub use self::cell::Cell;
pub use self::flaw::{Fault, Flaw, Part};
#[doc(hidden)] // how bits are laid out carries no promise
pub use self::layout::Layout;
pub use self::origin::Origin;
#[doc(hidden)] // see `parts`
pub use self::parts::Parts;
pub use self::parts::{Entry, Home, Position, Target};
pub use self::view::{Assignment, Catalog, Category, Organization, Principal, Role, Row};
pub use self::wire::{LoadError, Problem, Section};

use self::groups::Groups;
use crate::decisions::{Certificate, Decisions};
use crate::vocab::{CategoryId, RoleId, RowId};

/// A decision table: the whole of a compiled policy.
///
/// How it is laid out inside is nobody's business: it is asked by ids and through views.
///
/// ```
/// use rolec::table::{LoadError, Table};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// assert!(Table::is_begun(rolec::example::TABLE));
/// assert_eq!(table.to_bytes(), rolec::example::TABLE);
///
/// // Names to keys, and keys to views.
/// let wiki = table.catalog("wiki").unwrap();
/// let site = table.category(wiki, "site").unwrap();
/// let members = table.row(wiki, site, "members").unwrap();
/// assert_eq!(table.rows_named(wiki, "members"), [members]);
/// let acme = table.organization("acme").unwrap();
/// let editor = table.role(acme, "editor").unwrap();
/// let owner = table.template("owner").unwrap();
/// assert!(table.is_assignable(acme, editor) && table.is_assignable(acme, owner));
/// let ana = table.principal(acme, "ana@acme.example").unwrap();
///
/// assert_eq!(table.catalog_view(wiki).map(|wiki| wiki.rows().count()), Some(5));
/// assert_eq!(table.organization_view(acme).and_then(|acme| acme.title()), Some("Acme Corp"));
/// assert_eq!(table.principal_view(ana).map(|ana| ana.assignments().count()), Some(2));
/// let at = table.role_view(editor).unwrap().position();
/// assert_eq!((table.file(at), at.line), (Some("acme.role"), 28));
///
/// // What a role holds of a row there.
/// let cell = table.cell(acme, members).unwrap();
/// assert_eq!(cell.held(editor).map(|held| held.count()), Some(1));
///
/// // Everything, in a fixed order.
/// assert!(table.catalogs().map(|catalog| catalog.id()).eq(["wiki"]));
/// assert!(table.organizations().map(|organization| organization.id()).eq(["acme"]));
/// assert!(table.templates().map(|role| role.id()).eq(["owner", "reader"]));
/// assert!(table.roles().map(|role| role.id()).eq(["owner", "reader", "editor"]));
/// assert!(table.principals().map(|principal| principal.name()).eq(["ana@acme.example", "bot"]));
/// assert!(table.files().eq(["acme.role"]));
///
/// // Decisions by name and by id.
/// assert_eq!(table.decisions().index().principal("acme", "ana@acme.example"), Some(ana));
/// # Ok::<(), LoadError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    parts: Parts,
    catalogs: Vec<CatalogIndex>,
    /// How many of the roles are templates; they stand first.
    templates: usize,
    /// The roles of each organization.
    roles: Groups,
    /// The principals of each organization.
    principals: Groups,
    /// The assignments of each principal.
    assignments: Groups,
    /// What each principal may do at any time.
    decisions: Decisions,
}

/// What is found once about a catalog so that nothing is searched for twice.
#[derive(Clone, PartialEq, Eq)]
struct CatalogIndex {
    layout: Layout,
    /// The categories by id.
    categories: Vec<CategoryId>,
    /// The rows by id, those of one id in the order of the catalog.
    rows: Vec<RowId>,
    /// The rows of each category.
    members: Groups,
    /// The catalog's templates, by id.
    templates: Vec<RoleId>,
}

impl Table {
    /// What is asked where many questions are.
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// That its file was compared with its sources, cell by cell; none where it was not. It is the word of whoever wrote
    /// the file: `tools::certify` says whether it is true.
    ///
    /// ```
    /// use rolec::table::Table;
    ///
    /// assert_eq!(Table::from_bytes(rolec::example::TABLE)?.certificate(), None);
    /// # Ok::<(), rolec::table::LoadError>(())
    /// ```
    pub fn certificate(&self) -> Option<Certificate> {
        self.decisions.certificate()
    }

    /// The same table with another certificate, or with none. Nothing is compared here.
    ///
    /// ```
    /// use rolec::decisions::Certificate;
    /// use rolec::table::Table;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let certified = table.clone().with_certificate(Certificate::new(47, 0xbee));
    /// assert_eq!(certified.to_bytes().len(), table.to_bytes().len());
    /// assert_eq!(certified.with_certificate(None), table);
    /// # Ok::<(), rolec::table::LoadError>(())
    /// ```
    #[must_use]
    pub fn with_certificate(self, certificate: Option<Certificate>) -> Self {
        Self { decisions: self.decisions.in_table_with(certificate), ..self }
    }
}

#[cfg(test)]
mod tests;

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("catalogs", &self.parts.catalogs.len())
            .field("organizations", &self.parts.organizations.len())
            .field("roles", &self.parts.roles.len())
            .field("principals", &self.parts.principals.len())
            .finish_non_exhaustive()
    }
}
