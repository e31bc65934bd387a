//! Syntax trees to the model: names, levels, bases, assignments, limits. Finds everything in one run: what cannot be
//! resolved is told once and then left out of what follows, so that no finding is the shadow of another.

mod assignments;
mod bases;
mod catalogs;
mod forbids;
mod grants;
mod kinds;
mod lost;
mod names;
mod organizations;
mod roles;
mod rows;
mod standing;
mod tests;
mod uses;

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
#[derive(Clone, Copy)]
struct Input<'s> {
    id: FileId,
    source: &'s SourceFile,
    tree: &'s File,
    is_built_in: bool,
}

/// Checks all files of a policy. The model is whole only where no finding is an error.
pub fn check(sources: &Sources, files: &[Parsed]) -> (Model, Diagnostics) {
    let mut findings = Diagnostics::new();
    let inputs: Vec<Input<'_>> = files
        .iter()
        .filter_map(|file| {
            let source = sources.file(file.id)?;
            Some(Input { id: file.id, source, tree: &file.tree, is_built_in: file.is_built_in })
        })
        .collect();
    let lost = lost::Lost::new(&inputs);
    let mut catalogs = catalogs::check(&inputs, &lost, &mut findings);
    let uses = uses::check(&inputs, &catalogs, &lost, &mut findings);
    let organizations = organizations::check(&inputs, &uses, &mut findings);
    let declared = roles::declare(&inputs, &uses, &catalogs, &organizations, &mut findings);
    let order = bases::check(&declared, &lost, &mut findings);
    catalogs::supers(&mut catalogs, &declared, &lost, &mut findings);
    let roles = grants::check(&declared, &order, &catalogs, &organizations, &lost, &mut findings);
    let scene = rows::Scene { catalogs: &catalogs, uses: &uses, declared: &declared, lost: &lost };
    let forbids = forbids::check(&inputs, &organizations, &scene, &mut findings);
    let holders = assignments::check(&organizations, &declared, &lost, &mut findings);
    let tests = tests::check(&organizations, &holders, &scene, &roles, &mut findings);
    let model = Model { catalogs: catalogs.list, roles, organizations: holders, forbids, tests };
    forbids::prove(&model, &order.sorted, &mut findings);
    standing::limits(&model, &mut findings);
    standing::unconfirmed(&model, sources, &order.sorted, &mut findings);
    (model, findings)
}
