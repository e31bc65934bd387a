//! Assignments that give a principal nothing: another role of theirs has it all, for all of the time.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::lint::compare::has_all;
use crate::lint::scene::Scene;
use crate::model::{Assignment, Role};
use crate::vocab::Time;

/// Principals with more assignments than this are none that somebody reads.
const COMPARED: usize = 64;

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    if !findings.wants_any(&[Code::RedundantAssignment]) {
        return;
    }
    for principal in scene.organization.principals.several() {
        let all = &principal.assignments;
        if all.len() > COMPARED {
            continue;
        }
        let known: Vec<(&Assignment, &Role)> =
            all.iter().filter_map(|one| Some((one, scene.roles.get(one.role)?))).collect();
        for (assignment, role) in &known {
            // The super role is held through itself alone, and what has ended is told to have.
            if scene.super_role == Some(assignment.role) || scene.has_ended(assignment) {
                continue;
            }
            let wider = known.iter().find(|(other, wide)| {
                // One role twice, and two that hold the same, are told elsewhere.
                other.role != assignment.role
                    && wide.cells != role.cells
                    && lasts(other, assignment)
                    && has_all(&wide.cells, &role.cells)
            });
            let Some((other, wide)) = wider else { continue };
            findings.push(
                Diagnostic::new(
                    Code::RedundantAssignment,
                    assignment.place,
                    format!("`{}` gives `{}` nothing that `{}` does not", role.id, principal.name, wide.id),
                )
                .also(other.place, "this one has it all, for as long")
                .help("take it away, or the wider one is what was meant to end")
                .fix(Fix::safe("remove it", assignment.cut(), "")),
            );
        }
    }
}

/// Whether one is in force whenever another is.
fn lasts(wide: &Assignment, narrow: &Assignment) -> bool {
    let begin = |one: &Assignment| one.from().unwrap_or(Time(i64::MIN));
    let end = |one: &Assignment| one.until().unwrap_or(Time(i64::MAX));
    begin(wide) <= begin(narrow) && end(narrow) <= end(wide)
}
