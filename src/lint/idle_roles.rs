//! Roles that are there for nothing: held by nobody, holding nothing, or a copy of what they start from.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::scene::Scene;
use crate::model::Role;

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    if !findings.wants_any(&[Code::CopiedRole, Code::EmptyRole, Code::UnassignedRole]) {
        return;
    }
    let floor = &scene.facts.floor;
    for (_, role, is_used) in scene.own() {
        if !is_used {
            findings.push(unassigned(role));
        } else if let Some(base) = copied(scene, role) {
            findings.push(
                Diagnostic::new(
                    Code::CopiedRole,
                    role.place,
                    format!("`{}` says nothing and is `{}` under another name", role.id, base.id),
                )
                .help(format!("assign `{}` itself, or say what is other here", base.id)),
            );
        } else if role.cells == *floor {
            findings.push(
                Diagnostic::new(
                    Code::EmptyRole,
                    role.place,
                    format!("`{}` grants nothing: every row is at its floor", role.id),
                )
                .help("say what its holders may do, or remove it"),
            );
        }
    }
}

/// What a role is a copy of.
pub(super) fn copied<'m>(scene: &Scene<'m>, role: &Role) -> Option<&'m Role> {
    let [base] = role.bases.as_slice() else { return None };
    scene.roles.get(*base).filter(|_| role.entries.is_empty())
}

fn unassigned(role: &Role) -> Diagnostic {
    Diagnostic::new(
        Code::UnassignedRole,
        role.place,
        format!("nobody is assigned `{}`, and no role starts from it", role.id),
    )
    .help("remove it, or assign it: a role that is kept ready is found by whoever should not have it")
}
