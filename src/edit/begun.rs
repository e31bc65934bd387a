//! A rename that was begun and not finished: the process was killed between two of the files that it writes. Finds the
//! policy as it was before, so that the rename can be made again from there. Changes nothing.

use std::collections::BTreeSet;

use crate::edit::Policy;
use crate::edit::policy::workspace_of;
use crate::ide;
use crate::lint::Moment;
use crate::source::{FileId, Sources};
use crate::syntax::{Scope, quoted};
use crate::tools::fix::Fixed;
use crate::workspace::Workspace;

/// The policy in which a role or template still has its old name everywhere: where the files have it under the new name,
/// declared once, and otherwise nothing is wrong with them. The file that declares it is the first to be written, so that
/// nothing else is left by a rename that was begun.
pub(crate) fn before_rename(
    sources: &Sources,
    moment: Moment,
    organization: Option<&str>,
    role: &str,
    to: &str,
) -> Option<Policy> {
    let (workspace, given) = workspace_of(sources, moment);
    let (declared, old) = (declared(&workspace, organization, to), declared(&workspace, organization, role));
    let ([(file, start)], []) = (declared.as_slice(), old.as_slice()) else { return None };
    let mut edits = ide::rename(&workspace, *file, *start, &quoted(role)).ok()?;
    for edit in &mut edits {
        edit.place.file = *given.get(&edit.place.file)?;
    }
    let mut fixed = Fixed { sources: sources.clone(), files: BTreeSet::new(), count: 0 };
    fixed.make(edits);
    Policy::open(fixed.sources, moment).ok()
}

/// Where templates and the roles of an organization, or of any, have an id.
fn declared(workspace: &Workspace, organization: Option<&str>, id: &str) -> Vec<(FileId, u32)> {
    let mut found = Vec::new();
    for file in workspace.files() {
        let (Some(source), Some(tree)) = (workspace.sources().file(*file), workspace.tree(*file)) else {
            continue;
        };
        let own = tree.organizations.iter().filter(|tree| {
            let scope = Scope::new(source, *file, &tree.head);
            organization.is_none_or(|wanted| tree.head.node.id.is_some_and(|id| scope.name(id) == wanted))
        });
        for member in tree.templates.iter().chain(own.flat_map(|tree| &tree.roles)) {
            let scope = Scope::new(source, *file, member);
            let named = member.node.id.filter(|name| scope.name(*name) == id);
            found.extend(named.map(|name| (*file, scope.at(name).span.start)));
        }
    }
    found
}
