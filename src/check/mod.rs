//! Syntax trees to the model: names, levels, bases, assignments, limits. Finds everything in one run: what cannot be
//! resolved is told once and then left out of what follows, so that no finding is the shadow of another.
//!
//! What all organizations stand on is checked first (`ground`: catalogs, templates, forbids of the top), then each
//! organization by itself (`organization`). None knows of another, so each may be checked again alone.

mod assignments;
mod bases;
mod catalogs;
mod escalations;
mod forbids;
mod grants;
mod ground;
mod kinds;
mod looks;
mod lost;
mod names;
mod organization;
mod organizations;
mod requires;
mod roles;
mod rows;
mod standing;
mod tests;
mod titles;
mod uses;

pub(crate) use self::assignments::Faces;
pub use self::ground::{Ground, Shift};
pub use self::lost::Asked;
pub(crate) use self::names::fold;
pub use self::organization::{Checked, named, organization, proof};
pub(crate) use self::organization::{People, organization_again};
pub use self::organizations::{Opened, Openings, Rows, enroll, openings};

use crate::diagnostic::Diagnostics;
use crate::model::{Organization, Shared};
use crate::source::{FileId, SourceFile};
use crate::syntax::ast::File;

#[doc(hidden)] // a part of `pipeline` and of `workspace`
/// Proves the requirements on an organization that has no other error: of one that is not read whole nobody knows how
/// many hold something.
pub fn requirements(shared: &Shared, organization: &Organization) -> Diagnostics {
    requires::prove(shared, organization)
}

/// A parsed file with its source, as the checker takes it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'s> {
    /// The file.
    pub id: FileId,
    /// Its text.
    pub source: &'s SourceFile,
    /// Its tree.
    pub tree: &'s File,
    /// Whether its text is that of a built-in catalog's file.
    pub is_built_in: bool,
}
