//! Syntax trees to the model: names, levels, bases, assignments, limits. Finds everything in one run: what cannot be
//! resolved is told once and then left out of what follows, so that no finding is the shadow of another.
//!
//! What all organizations stand on is checked first (`ground`: catalogs, templates, forbids of the top), then each
//! organization by itself (`organization`). None knows of another, so each may be checked again alone.

mod assignments;
mod bases;
mod catalogs;
mod forbids;
mod grants;
mod ground;
mod kinds;
mod lost;
mod names;
mod organization;
mod organizations;
mod roles;
mod rows;
mod standing;
mod tests;
mod uses;

pub use self::ground::Ground;
pub use self::organization::organization;
pub use self::organizations::{Openings, openings};

use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::source::{FileId, SourceFile, Sources};
use crate::syntax::ast::File;

/// A parsed file as the checker takes it.
#[derive(Debug)]
pub struct Parsed {
    /// The file.
    pub id: FileId,
    /// Its tree.
    pub tree: File,
    /// Whether its text is that of a built-in catalog's file.
    pub is_built_in: bool,
}

/// A parsed file with its source.
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

/// Checks all files of a policy. The model is whole only where no finding is an error.
pub fn check(sources: &Sources, files: &[Parsed]) -> (Model, Diagnostics) {
    let inputs: Vec<Input<'_>> = files
        .iter()
        .filter_map(|file| {
            let source = sources.file(file.id)?;
            Some(Input { id: file.id, source, tree: &file.tree, is_built_in: file.is_built_in })
        })
        .collect();
    let (ground, mut findings) = Ground::check(&inputs);
    let (all, of_names) = openings(&inputs, &ground);
    findings.append(of_names);
    let mut organizations = Vec::with_capacity(all.len());
    for openings in &all {
        let (checked, of_organization) = organization(&ground, openings);
        findings.append(of_organization);
        organizations.push(Arc::new(checked));
    }
    (Model { shared: ground.shared().clone(), organizations }, findings)
}
