//! The decision table, read side: everything that decides and everything that explains, without sources. A
//! [`Table`](crate::table::Table) is valid by construction: its `assemble` checks every invariant, whoever made the
//! parts, and all else may rely on them. Knows neither text nor syntax, and decides no request.

mod assemble;
mod cell;
mod flaw;
mod groups;
mod layout;
mod lookup;
mod origin;
mod same;
mod view;
mod wire;

pub mod parts;

#[cfg(test)]
pub(crate) mod sample;

pub use self::cell::Cell;
pub use self::flaw::{Fault, Flaw, Part};
pub use self::layout::Layout;
pub use self::origin::Origin;
pub use self::parts::{Entry, Home, Parts, Position, Target};
pub use self::view::{Assignment, Catalog, Category, Organization, Principal, Role, Row};
pub use self::wire::{LoadError, Problem, Section};

use self::groups::Groups;
use crate::vocab::{CategoryId, RoleId, RowId};

/// A decision table: the whole of a compiled policy.
///
/// How it is laid out inside is nobody's business: it is asked by ids and through views.
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
