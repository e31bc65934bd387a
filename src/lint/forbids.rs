//! Forbids that forbid nothing of their own: another says it already, or nothing that is granted could break them.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::scene::Scene;
use crate::model::{Forbid, Shared};
use crate::syntax::spelled_level;
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

/// What a forbid names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Named<'m> {
    Row(RowId),
    Exception(&'m str),
}

impl<'m> Named<'m> {
    fn by(forbid: &'m Forbid) -> impl Iterator<Item = Self> {
        let rows = forbid.conditions.iter().map(|one| Self::Row(one.row));
        rows.chain(forbid.exceptions.iter().map(|id| Self::Exception(id)))
    }
}

/// Tells the forbids that another implies: whoever breaks them breaks that.
fn implied(all: &[&Forbid], findings: &mut Diagnostics) {
    let mut named: HashMap<Named<'_>, usize> = HashMap::new();
    for name in all.iter().flat_map(|forbid| Named::by(forbid)) {
        *named.entry(name).or_default() += 1;
    }
    // What is implied names all that what implies it does, so the one thing that fewest name too.
    let mut by_name: HashMap<Named<'_>, Vec<usize>> = HashMap::new();
    for (index, forbid) in all.iter().enumerate() {
        if let Some(name) = Named::by(forbid).min_by_key(|name| (named.get(name), *name)) {
            by_name.entry(name).or_default().push(index);
        }
    }
    for (index, forbid) in all.iter().enumerate() {
        let conditions: BTreeMap<RowId, Actions> =
            forbid.conditions.iter().map(|one| (one.row, one.actions)).collect();
        let exceptions: HashSet<&str> = forbid.exceptions.iter().map(|id| &**id).collect();
        let is_implied_by = |other: usize, wide: &Forbid| {
            let says_all = wide
                .conditions
                .iter()
                .all(|one| conditions.get(&one.row).is_some_and(|here| here.contains(one.actions)));
            if !says_all || !wide.exceptions.iter().all(|id| exceptions.contains(&**id)) {
                return false;
            }
            // Of two that say the same the first stays.
            let is_same = wide.conditions.len() == forbid.conditions.len()
                && wide.conditions.iter().all(|one| conditions.get(&one.row) == Some(&one.actions))
                && wide.exceptions.iter().map(|id| &**id).collect::<HashSet<_>>().len() == exceptions.len();
            !is_same || other < index
        };
        let first = |near: &Vec<usize>| {
            let mut others = near.iter().filter(|other| **other != index);
            others.find_map(|other| {
                let wide = *all.get(*other)?;
                is_implied_by(*other, wide).then_some((*other, wide))
            })
        };
        let near = Named::by(forbid).filter_map(|name| by_name.get(&name));
        let other = near.filter_map(first).min_by_key(|(other, _)| *other);
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
            .filter_map(|one| Some((scene.catalog.row(one.row)?, one.actions)))
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
                    format!("no role here has row `{}` at `{}`, so nothing can break this", row.id, spelled_level(&row.shape, actions)),
                )
                .help("that is well if it guards against a role to come; if not, the line may name the wrong row"),
            );
        }
    }
}
