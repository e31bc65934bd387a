//! Templates that nothing is made of, or one thing alone. Needs all organizations, so it counts and does no more.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Model, RoleRef, Subject};

/// What is made of a template.
#[derive(Clone, Copy, Default)]
struct Uses {
    /// Roles and templates that start from it.
    bases: usize,
    /// Assigned, excepted or tested.
    others: usize,
}

pub(super) fn tell(model: &Model, findings: &mut Diagnostics) {
    let templates = &model.shared.templates;
    // A policy of templates alone is there for others to be read with.
    if model.organizations.is_empty() || templates.iter().all(|template| template.is_default) {
        return;
    }
    let mut uses = vec![Uses::default(); templates.len()];
    let mut count = |role: RoleRef, is_base: bool| {
        let RoleRef::Template(id) = role else { return };
        let Some(uses) = uses.get_mut(id.index()) else { return };
        *(if is_base { &mut uses.bases } else { &mut uses.others }) += 1;
    };
    let own = model.organizations.iter().flat_map(|organization| &organization.roles);
    for role in templates.iter().chain(own) {
        role.bases.iter().for_each(|base| count(*base, true));
    }
    for organization in &model.organizations {
        let assigned = organization.principals.iter().flat_map(|principal| &principal.assignments);
        assigned.for_each(|assignment| count(assignment.role, false));
        let asserted = organization.tests.iter().flat_map(|test| &test.assertions);
        for assertion in asserted {
            for subject in assertion.claim.named() {
                if let Subject::Role(role) = subject {
                    count(role, false);
                }
            }
        }
    }
    for (template, uses) in templates.iter().zip(&uses).filter(|(template, _)| !template.is_default) {
        let catalog = model.catalog(template.catalog);
        if catalog.is_some_and(|catalog| catalog.super_role.as_deref() == Some(&template.id)) {
            continue;
        }
        let id = &template.id;
        let finding = match (uses.bases, uses.others) {
            (0, 0) => Diagnostic::new(
                Code::UnusedTemplate,
                template.place,
                format!("no role starts from template `{id}`, and nobody is assigned it"),
            )
            .help("remove it, if no policy elsewhere reads this file"),
            (1, 0) => Diagnostic::new(
                Code::SingleUseTemplate,
                template.place,
                format!("template `{id}` is used once"),
            )
            .help("what is made of it could say its lines itself, in one place less to look at"),
            _ => continue,
        };
        findings.push(finding);
    }
}
