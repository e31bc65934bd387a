//! When a query is allowed that is denied now: the stretches of time around it.

use crate::table::{Assignment, Principal, Role, Table};
use crate::tools::explain::decision::Explanation;
use crate::vocab::{Actions, Course, Time};

/// A stretch of time in which a query is allowed that is denied at the time asked about.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::explain;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let at = Time::parse("2027-05-01")?;
/// let query = query(&table, acme, Who::Principal("ana@acme.example"), &What::Text("pages:create"), at).unwrap();
/// let earlier = explain(&table, query).unwrap().flip.unwrap().earlier.unwrap();
/// assert_eq!((earlier.from, earlier.until), (None, Some(Time::parse("2027-01-01")?)));
/// let (role, assignment) = earlier.by[0];
/// assert_eq!((role.id(), assignment.because()), ("editor", Some("HR-12")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stretch<'t> {
    /// Its first moment; none where it has no beginning.
    pub from: Option<Time>,
    /// The first moment after it; none where it has no end.
    pub until: Option<Time>,
    /// The assignments that give some of what is asked for: at the end of an earlier stretch, at the beginning of a
    /// later one.
    pub by: Vec<(Role<'t>, Assignment<'t>)>,
}

/// The last stretch before the time asked about and the first after it.
pub(super) fn around<'t>(
    table: &'t Table,
    explained: &Explanation<'t>,
    principal: Principal<'t>,
) -> (Option<Stretch<'t>>, Option<Stretch<'t>>) {
    let (asked, at) = (explained.asked, explained.query.at);
    let held = |role: Role<'_>| role.actions(explained.row.key());
    let assignments = principal.assignments();
    let spans =
        assignments.filter_map(|one| Some((one.from(), one.until(), held(table.role_view(one.role())?))));
    let course = Course::new(spans.collect::<Vec<_>>());
    let by = |moment: Time| {
        let assignments = principal.assignments().filter(|one| one.is_in_force(moment));
        let roles = assignments.filter_map(|one| Some((table.role_view(one.role())?, one)));
        roles.filter(|(role, _)| !(held(*role) & asked).is_empty()).collect()
    };
    let (mut earlier, mut later) = (None, None);
    for (from, until) in stretches(&course, asked) {
        match until {
            Some(until) if until <= at => earlier = Some((from, until)),
            _ if from > at && later.is_none() => later = Some((from, until)),
            _ => {}
        }
    }
    let start = |from: Time| Some(from).filter(|from| from.0 != i64::MIN);
    let earlier = earlier.map(|(from, until)| Stretch {
        from: start(from),
        until: Some(until),
        by: by(Time(until.0.saturating_sub(1))),
    });
    let later = later.map(|(from, until)| Stretch { from: start(from), until, by: by(from) });
    (earlier, later)
}

/// The stretches in which all that is asked for is held, each as long as it is, in their order.
fn stretches(course: &Course, asked: Actions) -> Vec<(Time, Option<Time>)> {
    let mut stretches: Vec<(Time, Option<Time>)> = Vec::new();
    for step in course.steps().filter(|step| step.held.contains(asked)) {
        match stretches.last_mut() {
            Some((_, until)) if *until == Some(step.from) => *until = step.until,
            _ => stretches.push((step.from, step.until)),
        }
    }
    stretches
}
