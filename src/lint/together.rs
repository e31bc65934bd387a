//! Roles that together hold the top of a row which leads further, and none of them alone: two halves of its verbs in one
//! hand. What a role does by itself is told of the role. All of time is looked at, whatever the moment: what has ended is
//! found too, so that every verb finds the same.

use std::collections::BTreeSet;

use crate::catalog::{Cells, Row};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::facts::is_at_top;
use crate::lint::reach::{Standing, Told};
use crate::lint::scene::Scene;
use crate::model::{Assignment, Principal, Role, RoleRef};
use crate::syntax::spelled_level;
use crate::vocab::{Actions, Form, RowId};

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    // Of a ladder one role has the highest step, of a flag one has `on`: only verbs come together.
    let comes_together = |row: &Row| row.shape.form() == Form::Verbs && row.shape.width() > 1;
    let is_there = |row: &Row| !row.only_managed || !scene.is_direct();
    let rows = scene.catalog.all_rows().filter(|(_, row)| row.escalation.is_marked());
    let rows: Vec<(RowId, &Row)> = rows.filter(|(_, row)| comes_together(row) && is_there(row)).collect();
    if rows.is_empty() {
        return;
    }
    for principal in scene.organization.principals.several() {
        of_one(scene, &rows, principal, findings);
    }
}

/// Tells of a principal: at the first moment at which its roles lead further than each of them, and again where it is by
/// other roles.
fn of_one(scene: &Scene<'_>, rows: &[(RowId, &Row)], principal: &Principal, findings: &mut Diagnostics) {
    let assignments = principal.assignments.iter();
    let given: Vec<(&Assignment, &Role)> =
        assignments.filter_map(|assignment| Some((assignment, scene.roles.get(assignment.role)?))).collect();
    // Most people hold no such row at any time, and cost no more than this.
    let halves: Vec<(RowId, &Row)> =
        rows.iter().copied().filter(|(_, row)| all_of(&given, row) == row.shape.top()).collect();
    if halves.is_empty() {
        return;
    }
    // What comes together does so when something begins; what was there without it may end.
    let mut told: Vec<BTreeSet<RoleRef>> = Vec::new();
    for at in principal.moments() {
        let in_force: Vec<(&Assignment, &Role)> =
            given.iter().filter(|(one, _)| one.is_in_force(at)).copied().collect();
        let joined: Vec<(RowId, &Row)> =
            halves.iter().copied().filter(|(_, row)| is_joined(&in_force, row)).collect();
        let Some((finding, parts)) = told_at(scene, principal, &in_force, &joined) else { continue };
        // Who comes to it by two of them does so with a third.
        if !told.iter().any(|before| before.is_subset(&parts)) {
            told.push(parts);
            findings.push(finding);
        }
    }
}

/// Whether roles hold a row at its top together, and none of them alone.
fn is_joined(given: &[(&Assignment, &Role)], row: &Row) -> bool {
    let top = row.shape.top();
    all_of(given, row) == top && given.iter().all(|(_, role)| role.cells.get(row) != top)
}

/// What roles hold of a row together.
fn all_of(given: &[(&Assignment, &Role)], row: &Row) -> Actions {
    given.iter().fold(Actions::NONE, |held, (_, role)| held | role.cells.get(row))
}

/// What roles that are in force at one moment lead to together, by rows that none of them holds alone; and which of them
/// do.
fn told_at(
    scene: &Scene<'_>,
    principal: &Principal,
    in_force: &[(&Assignment, &Role)],
    joined: &[(RowId, &Row)],
) -> Option<(Diagnostic, BTreeSet<RoleRef>)> {
    // Who may change roles comes to everything without them.
    let is_super = |(assignment, _): &(&Assignment, &Role)| scene.super_role == Some(assignment.role);
    if joined.is_empty() || in_force.iter().any(is_super) {
        return None;
    }
    let facts = scene.facts;
    let mut held = Cells::new(scene.catalog.width());
    let mut alone: BTreeSet<RowId> = BTreeSet::new();
    let nothing = held.clone();
    for (_, role) in in_force {
        held.join(&role.cells);
        let rows = facts.rows_beyond(&role.cells, &nothing, &facts.escalating).into_iter();
        alone.extend(rows.filter(|(_, row)| is_at_top(&role.cells, row)).map(|(id, _)| id));
    }
    let standing = Standing { facts, held: &held, is_direct: scene.is_direct() };
    alone.retain(|row| scene.catalog.row(*row).is_some_and(|row| standing.is_there(row)));
    // A way that is there without them is told where it is given. Together they are held, so no way leads there: it is
    // looked for as if they were not.
    let mut apart = held.clone();
    apart.set_each(joined.iter().map(|(_, row)| (*row, Actions::NONE)));
    let without = Standing { held: &apart, ..standing }.reach(alone);
    let news: Vec<(RowId, &Row)> =
        joined.iter().copied().filter(|(row, _)| without.steps(*row).is_none()).collect();
    // What is come to without them is no news either: it counts as held.
    let anyway = without.rows().filter_map(|(row, _)| scene.catalog.row(row));
    let mut beside = held.clone();
    beside.set_each(anyway.map(|row| (row, row.shape.top())));
    let standing = Standing { held: &beside, ..standing };
    let Told { what, way, from } = standing.told(&standing.reach(news.iter().map(|(row, _)| *row)))?;
    let row = scene.catalog.row(from?)?;
    let mut parts: Vec<&(&Assignment, &Role)> =
        in_force.iter().filter(|(_, role)| !role.cells.get(row).is_empty()).collect();
    parts.sort_by_key(|(assignment, _)| assignment.place);
    let (last, others) = parts.split_last()?;
    let share = |role: &Role| {
        format!("`{}` gives `{}` of `{}`", role.id, spelled_level(&row.shape, role.cells.get(row)), row.id)
    };
    let mut finding = Diagnostic::new(
        Code::EscalatingTogether,
        last.0.place,
        format!("by its roles together `{}` may come to hold {what}", principal.name),
    )
    .label(share(last.1));
    for (assignment, role) in others.iter().take(3) {
        finding = finding.also(assignment.place, share(role));
    }
    let finding = finding.help(format!(
        "{way}, and no role alone does so: part them, or let one of them give less of the row"
    ));
    Some((finding, parts.iter().map(|(assignment, _)| assignment.role).collect()))
}
