//! Assignments that have ended, end soon, or leave a day between them that nobody meant.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::lint::scene::Scene;
use crate::model::{Assignment, Principal, Role, RoleRef, Subject};
use crate::vocab::Time;

const DAY: i64 = 86_400;
/// How long before its end an assignment is told.
const SOON: i64 = 14 * DAY;

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let asserted = asserted(scene);
    let named: BTreeSet<usize> = assertions(scene).filter_map(|(principal, _)| principal).collect();
    for (index, principal) in scene.organization.principals.varied() {
        gaps(scene, principal, findings);
        let Some(now) = scene.now else { continue };
        let begun = OnceCell::new();
        for assignment in &principal.assignments {
            let Some(until) = assignment.until() else { continue };
            let Some(role) = scene.roles.get(assignment.role) else { continue };
            let (is_kept, is_known) =
                asserted.get(&index).map_or((false, false), |(first, last)| (*first < until, *last >= until));
            if until <= now && !is_kept {
                let finding = expired(principal, assignment, role, until);
                // A test may speak of who is named here alone.
                findings.push(match named.contains(&index) {
                    true => finding,
                    false => finding.fix(Fix::suggest("remove it", assignment.cut(), "")),
                });
            } else if until > now
                && until.0 - now.0 <= SOON
                && !is_known
                && !begun.get_or_init(|| Begun::of(principal)).goes_on(until)
            {
                findings.push(ending(principal, assignment, role, until));
            }
        }
    }
}

/// Of whom the tests speak, and of when.
fn assertions(scene: &Scene<'_>) -> impl Iterator<Item = (Option<usize>, Option<Time>)> {
    let all = scene.organization.tests.iter().flat_map(|test| &test.assertions);
    all.flat_map(|assertion| {
        assertion.claim.each_named().map(|subject| match subject {
            Subject::Principal(index) => (Some(index), assertion.at),
            Subject::Role(_) => (None, assertion.at),
        })
    })
}

/// The principals of whom a test says something at moments, with the first and the last of these: an end between them
/// was thought of, and what was before it is history that is kept.
fn asserted(scene: &Scene<'_>) -> BTreeMap<usize, (Time, Time)> {
    let mut asserted: BTreeMap<usize, (Time, Time)> = BTreeMap::new();
    for assertion in assertions(scene) {
        if let (Some(index), Some(at)) = assertion {
            let (first, last) = asserted.entry(index).or_insert((at, at));
            (*first, *last) = ((*first).min(at), (*last).max(at));
        }
    }
    asserted
}

/// What begins for a principal: the beginnings in their order, each with the last end of all that has begun by then.
struct Begun(Vec<(Time, Time)>);

impl Begun {
    fn of(principal: &Principal) -> Self {
        let end = |one: &Assignment| one.until().unwrap_or(Time(i64::MAX));
        let begun = principal.assignments.iter().filter_map(|one| Some((one.from()?, end(one))));
        let mut begun: Vec<(Time, Time)> = begun.collect();
        begun.sort_unstable();
        let mut last = Time(i64::MIN);
        for (_, end) in &mut begun {
            last = last.max(*end);
            *end = last;
        }
        Self(begun)
    }

    /// Whether something begins before an end, and goes on beyond it: then the end is a change of roles, and was thought
    /// of.
    fn goes_on(&self, end: Time) -> bool {
        let by_then = self.0.partition_point(|(from, _)| *from <= end);
        let last = by_then.checked_sub(1).and_then(|at| self.0.get(at));
        last.is_some_and(|(_, last)| *last > end)
    }
}

fn expired(principal: &Principal, assignment: &Assignment, role: &Role, until: Time) -> Diagnostic {
    Diagnostic::new(
        Code::ExpiredAssignment,
        assignment.place,
        format!("`{}` of `{}` ended at {until}", role.id, principal.name),
    )
    .help("remove it; what it was is in the history of the file, and a test about that time keeps it here")
}

fn ending(principal: &Principal, assignment: &Assignment, role: &Role, until: Time) -> Diagnostic {
    Diagnostic::new(
        Code::EndingAssignment,
        assignment.place,
        format!("`{}` of `{}` ends at {until}, within 14 days", role.id, principal.name),
    )
    .help("let it end, or give it another `until` before that")
}

/// Assignments of one role, of which one begins up to a day after another ends: `until` is the first moment without.
fn gaps(scene: &Scene<'_>, principal: &Principal, findings: &mut Diagnostics) {
    // One begins, and one has ended.
    let has =
        |when: fn(&Assignment) -> Option<Time>| principal.assignments.iter().any(|one| when(one).is_some());
    if principal.assignments.len() < 2 || !has(|one| one.from()) || !has(|one| one.until()) {
        return;
    }
    let mut by_role: BTreeMap<RoleRef, Vec<&Assignment>> = BTreeMap::new();
    for assignment in &principal.assignments {
        by_role.entry(assignment.role).or_default().push(assignment);
    }
    for (role, mut assignments) in by_role {
        let Some(role) = scene.roles.get(role) else { continue };
        assignments.sort_by_key(|one| (one.from().unwrap_or(Time(i64::MIN)), one.place));
        // The one that ends last of those before.
        let mut last: Option<(Time, &Assignment)> = None;
        for next in assignments {
            if let (Some((end, earlier)), Some(from)) = (last, next.from())
                && end < from
                && from.0.saturating_sub(end.0) <= DAY
            {
                findings.push(
                    Diagnostic::new(
                        Code::GapOfADay,
                        next.place,
                        format!("`{}` is without `{}` from {end} to {from}", principal.name, role.id),
                    )
                    .also(earlier.place, format!("until {end}, which is the first moment without"))
                    .help(format!("`until {from}` leaves no gap")),
                );
            }
            let end = next.until().unwrap_or(Time(i64::MAX));
            if last.is_none_or(|(known, _)| known < end) {
                last = Some((end, next));
            }
        }
    }
}
