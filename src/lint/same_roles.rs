//! Roles of one organization that hold the same, or nearly: under a limit of custom roles one of them is one too many.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::compare::{differences, has_all, has_common};
use crate::lint::idle_roles::copied;
use crate::lint::scene::Scene;
use crate::model::{Role, RoleRef};
use crate::syntax::spelled_level;

/// With more roles than this, each is no longer held against each other: nobody has so many under a limit.
const COMPARED: usize = 256;

/// By how many rows a role may be wider than another, so that the two could be one.
const WIDER: usize = 3;

/// In how many rows two roles hold something in common, so that they are worth comparing.
const COMMON: usize = 3;

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let floor = &scene.facts.floor;
    // What is told to be unassigned, empty or a copy is told once.
    let mut left: Vec<(RoleRef, &Role)> = scene
        .own()
        .filter(|(_, role, is_used)| *is_used && role.cells != *floor && copied(scene, role).is_none())
        .map(|(id, role, _)| (id, role))
        .collect();
    left.sort_by_key(|(_, role)| role.place);
    let defaults = scene.shared.templates.iter().filter(|template| template.is_default);
    let defaults: HashMap<&[u64], &Role> = defaults
        .filter(|template| template.catalog == scene.organization.catalog)
        .map(|template| (template.cells.words(), template))
        .collect();
    left.retain(|(_, role)| match defaults.get(role.cells.words()) {
        Some(default) => {
            findings.push(again(role, default));
            false
        }
        None => true,
    });
    let mut first: HashMap<&[u64], &Role> = HashMap::new();
    left.retain(|(_, role)| match first.get(role.cells.words()) {
        Some(known) => {
            findings.push(equal(role, known));
            false
        }
        None => {
            first.insert(role.cells.words(), role);
            true
        }
    });
    if left.len() <= COMPARED && findings.wants_any(&[Code::NearDuplicateRoles, Code::SubsumedRole]) {
        pairs(scene, &left, findings);
    }
}

fn again(role: &Role, default: &Role) -> Diagnostic {
    Diagnostic::new(
        Code::DefaultRoleAgain,
        role.place,
        format!("`{}` holds just what the default role `{}` does", role.id, default.id),
    )
    .help(format!("assign `{}`: default roles do not count toward the limit", default.id))
}

fn equal(role: &Role, known: &Role) -> Diagnostic {
    Diagnostic::new(Code::EqualRoles, role.place, format!("`{}` and `{}` hold the same", known.id, role.id))
        .also(known.place, "the same as this one")
        .help("keep one, and assign that")
}

/// Roles that differ in one row, or of which one has all of another and little more; not where one is made from the other, or both from
/// the same.
fn pairs(scene: &Scene<'_>, roles: &[(RoleRef, &Role)], findings: &mut Diagnostics) {
    let above: Vec<BTreeSet<RoleRef>> = roles.iter().map(|(id, _)| above(scene, *id)).collect();
    let is_scarce = scene.catalog.custom_roles.is_some_and(|limit| roles.len() * 2 > limit as usize);
    // Each is told of one other.
    let mut near: BTreeMap<usize, usize> = BTreeMap::new();
    let mut within: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, ((id, role), over)) in roles.iter().zip(&above).enumerate() {
        for (other, ((other_id, known), other_over)) in roles.iter().zip(&above).take(index).enumerate() {
            if over.contains(other_id) || other_over.contains(id) {
                continue;
            }
            let Some(rows) = differences(scene.facts, &role.cells, &known.cells, WIDER) else { continue };
            if !has_common(scene.facts, &role.cells, &known.cells, COMMON) {
                continue;
            }
            if let ([row], false) = (rows.as_slice(), near.contains_key(&index))
                && over.is_disjoint(other_over)
            {
                near.insert(index, other);
                findings.push(
                    Diagnostic::new(
                        Code::NearDuplicateRoles,
                        role.place,
                        format!("`{}` and `{}` differ in row `{}` alone", known.id, role.id, row.id),
                    )
                    .label(format!("here it is at `{}`", spelled_level(&row.shape, role.cells.get(row))))
                    .also(
                        known.place,
                        format!("here at `{}`", spelled_level(&row.shape, known.cells.get(row))),
                    )
                    .help(format!("make one from the other (`from {}`), or merge them", known.id)),
                );
            } else if is_scarce && has_all(&known.cells, &role.cells) {
                within.entry(index).or_insert(other);
            } else if is_scarce && has_all(&role.cells, &known.cells) {
                within.entry(other).or_insert(index);
            }
        }
    }
    for (narrow, wide) in within {
        let (Some((_, role)), Some((_, wide))) = (roles.get(narrow), roles.get(wide)) else { continue };
        if !near.contains_key(&narrow) {
            findings.push(
                Diagnostic::new(
                    Code::SubsumedRole,
                    role.place,
                    format!("`{}` holds nothing that `{}` does not, and little less", role.id, wide.id),
                )
                .also(wide.place, format!("has all of it, and up to {WIDER} rows more"))
                .help("where roles are few: could its holders have the wider one, or the wider one start from it?"),
            );
        }
    }
}

/// What a role stands on, at any remove.
fn above(scene: &Scene<'_>, role: RoleRef) -> BTreeSet<RoleRef> {
    let mut found = BTreeSet::new();
    let mut open = vec![role];
    while let Some(next) = open.pop() {
        let bases = scene.roles.get(next).map(|role| role.bases.as_slice()).unwrap_or_default();
        open.extend(bases.iter().filter(|base| found.insert(**base)));
    }
    found
}
