//! Exceptions of forbids that pass over nobody. An exception is a hole, and one without use is a hole for later.

use foldhash::HashMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::scene::Scene;
use crate::model::{Forbid, Role, RoleRef};

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    if !findings.wants_any(&[Code::NeedlessException, Code::UnassignedException]) {
        return;
    }
    if scene.assigned.is_empty() || scene.organization.forbids.is_empty() {
        return;
    }
    let own = scene.own().map(|(id, role, _)| (&*role.id, id));
    let assigned = scene.assigned.iter().filter_map(|id| Some((&*scene.roles.get(*id)?.id, *id)));
    let named: HashMap<&str, RoleRef> = own.chain(assigned).collect();
    for forbid in &scene.organization.forbids {
        for exception in &forbid.exceptions {
            let known = named.get(&**exception).and_then(|id| Some((*id, scene.roles.get(*id)?)));
            match known {
                // A role breaks a forbid by what it holds, assigned or not.
                Some((id, role)) if scene.assigned.contains(&id) || breaks(scene, forbid, role) => {
                    if !touches(scene, forbid, role) {
                        findings.push(needless(forbid, role));
                    }
                }
                _ => findings.push(unassigned(forbid, exception)),
            }
        }
    }
}

/// Whether a role holds all that a forbid names.
fn breaks(scene: &Scene<'_>, forbid: &Forbid, role: &Role) -> bool {
    let mut conditions = forbid.conditions.iter();
    conditions
        .all(|one| scene.catalog.row(one.row).is_some_and(|row| role.cells.get(row).contains(one.actions)))
}

/// Whether a role holds anything of what a forbid names.
fn touches(scene: &Scene<'_>, forbid: &Forbid, role: &Role) -> bool {
    let mut conditions = forbid.conditions.iter();
    conditions.any(|one| {
        scene.catalog.row(one.row).is_some_and(|row| {
            let beyond = one.actions - row.shape.floor();
            !(role.cells.get(row) & beyond).is_empty()
        })
    })
}

fn needless(forbid: &Forbid, role: &Role) -> Diagnostic {
    Diagnostic::new(
        Code::NeedlessException,
        forbid.place,
        format!("`{}` is excepted from this, and holds nothing that it names", role.id),
    )
    .help("take it out of the exceptions: what it may hold one day is then asked about")
}

fn unassigned(forbid: &Forbid, exception: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnassignedException,
        forbid.place,
        format!("`{exception}` is excepted from this, and nobody is assigned it"),
    )
    .help("take it out of the exceptions until somebody needs it")
}
