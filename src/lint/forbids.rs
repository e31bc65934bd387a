//! Forbids that forbid nothing of their own: another says it already, or nothing that is granted could break them.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::scene::Scene;
use crate::model::{Forbid, Shared};
use crate::vocab::{Actions, RowId};

/// Tells forbids of an organization. Those of the top are no part of it: its files may be checked without them.
pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let own = &scene.organization.forbids;
    if own.is_empty() {
        return;
    }
    implied(&own.iter().collect::<Vec<_>>(), findings);
    out_of_reach(scene, findings);
}

/// Tells forbids of the top.
pub(super) fn of_the_top(shared: &Shared, findings: &mut Diagnostics) {
    for (index, _) in shared.catalogs.iter().enumerate() {
        let here = shared.forbids.iter().filter(|forbid| forbid.catalog.index() == index);
        implied(&here.collect::<Vec<_>>(), findings);
    }
}

/// Tells the forbids that another implies: whoever breaks them breaks that.
fn implied(all: &[&Forbid], findings: &mut Diagnostics) {
    // What is implied names every row of what implies it, so its first too.
    let mut by_row: HashMap<RowId, Vec<usize>> = HashMap::new();
    for (index, forbid) in all.iter().enumerate() {
        if let Some(row) = forbid.conditions.iter().map(|(row, _)| *row).min() {
            by_row.entry(row).or_default().push(index);
        }
    }
    for (index, forbid) in all.iter().enumerate() {
        let conditions: BTreeMap<RowId, Actions> = forbid.conditions.iter().copied().collect();
        let near = forbid.conditions.iter().filter_map(|(row, _)| by_row.get(row)).flatten();
        let other =
            near.copied()
                .filter(|other| *other != index)
                .filter_map(|other| Some((other, *all.get(other)?)))
                .find(|(other, wide)| {
                    let says_all = wide.conditions.iter().all(|(row, actions)| {
                        conditions.get(row).is_some_and(|here| here.contains(*actions))
                    });
                    let excepts = |one: &Forbid, other: &Forbid| {
                        one.exceptions.iter().all(|id| other.exceptions.contains(id))
                    };
                    // Of two that say the same the first stays.
                    let is_same = wide.conditions.len() == forbid.conditions.len()
                        && wide.conditions.iter().all(|(row, actions)| conditions.get(row) == Some(actions))
                        && excepts(forbid, wide);
                    says_all && excepts(wide, forbid) && (!is_same || *other < index)
                });
        if let Some((_, wide)) = other {
            findings.push(
                Diagnostic::new(
                    Code::ImpliedForbid,
                    forbid.place,
                    format!("whoever breaks this breaks `{}` as well", wide.title),
                )
                .also(wide.place, "says it already")
                .help("remove this one, or say the line that makes it another rule"),
            );
        }
    }
}

/// Tells forbids of which a line is held by no role.
fn out_of_reach(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let mut union = scene.facts.floor.clone();
    let own = scene.own().map(|(_, role, _)| role);
    let assigned = scene.assigned.iter().filter_map(|id| scene.roles.get(*id));
    own.chain(assigned).for_each(|role| union.join(&role.cells));
    for forbid in &scene.organization.forbids {
        let rows: Vec<_> = forbid
            .conditions
            .iter()
            .filter_map(|(row, actions)| Some((scene.catalog.row(*row)?, *actions)))
            .collect();
        // A row that an organization like this one never has is told as such.
        if scene.is_direct() && rows.iter().any(|(row, _)| row.only_managed) {
            continue;
        }
        let missing = rows.into_iter().find(|(row, actions)| !union.get(row).contains(*actions));
        if let Some((row, actions)) = missing {
            findings.push(
                Diagnostic::new(
                    Code::ForbidOutOfReach,
                    forbid.place,
                    format!("no role here has row `{}` at `{}`, so nothing can break this", row.id, row.shape.level(actions)),
                )
                .help("that is well if it guards against a role to come; if not, the line may name the wrong row"),
            );
        }
    }
}
