//! Who holds what is worth most: the super role with too few holders, too many machines, or without a reason.

use std::collections::BTreeSet;

use crate::catalog::Row;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::scene::Scene;
use crate::syntax::spelled_level;
use crate::vocab::PrincipalKind;

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    if scene.assigned.is_empty() {
        return;
    }
    supers(scene, findings);
    services(scene, findings);
}

fn supers(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let Some(role) = scene.super_role.and_then(|role| scene.roles.get(role)) else { return };
    let organization = scene.organization;
    let humans = || organization.principals.iter().filter(|one| one.kind == PrincipalKind::Admin);
    let people = scene.super_holders(humans());
    match people.as_slice() {
        [] => findings.push(
            Diagnostic::new(
                Code::NoSuperHolder,
                organization.place,
                format!(
                    "nobody in `{}` is assigned `{}`, without which roles cannot be changed",
                    organization.id, role.id
                ),
            )
            .help("assign it to the people who hold it, so that tests and forbids speak of them too"),
        ),
        [(one, assignment)] => findings.push(
            Diagnostic::new(
                Code::OnlySuperHolder,
                assignment.place,
                format!("`{}` alone may change roles in `{}`", one.name, organization.id),
            )
            .help(format!(
                "assign `{}` to a second person: leave, illness and lost keys come unasked",
                role.id
            )),
        ),
        _ => {}
    }
    if people.is_empty() {
        return;
    }
    for (principal, assignment) in scene.standing(humans()) {
        if scene.super_role == Some(assignment.role) && assignment.because().is_none() {
            findings.push(
                Diagnostic::new(
                    Code::UnexplainedSuper,
                    assignment.place,
                    format!("nothing says why `{}` holds `{}`", principal.name, role.id),
                )
                .help("say it: `because \"…\"`"),
            );
        }
    }
}

/// Service accounts that hold the super role, or the top of a row marked `escalating`; each told once.
fn services(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let services = || scene.organization.principals.services();
    let supers = scene.super_holders(services());
    let supers: BTreeSet<&str> = supers.iter().map(|(principal, _)| &*principal.name).collect();
    let mut told: Option<&str> = None;
    for (principal, assignment) in scene.standing(services()) {
        if told == Some(&principal.name) {
            continue;
        }
        let Some(role) = scene.roles.get(assignment.role) else { continue };
        if scene.super_role == Some(assignment.role) {
            told = Some(&principal.name);
            findings.push(
                Diagnostic::new(
                    Code::SuperServiceAccount,
                    assignment.place,
                    format!("service account `{}` holds `{}` and may change roles", principal.name, role.id),
                )
                .help("give it a role of its own with what it needs: a key that leaks is then no key to everything"),
            );
            continue;
        }
        if supers.contains(&*principal.name) || assignment.because().is_some() {
            continue;
        }
        let is_there = |row: &Row| !row.only_managed || !scene.is_direct();
        let held = scene.facts.escalates(&role.cells, is_there);
        if let Some(row) = held {
            told = Some(&principal.name);
            findings.push(
                Diagnostic::new(
                    Code::EscalatingServiceAccount,
                    assignment.place,
                    format!(
                        "service account `{}` may reach for more than its role says, by row `{}`",
                        principal.name, row.id
                    ),
                )
                .label(format!("`{}` has it at `{}`", role.id, spelled_level(&row.shape, row.shape.top())))
                .also(row.place, "marked `escalating`")
                .help("give it a role without that row, or say why in a `because`"),
            );
        }
    }
}
