//! What somebody lacks of a query over all time, and whether a change of a role gives it at every such moment.

use std::collections::HashMap;

use crate::table::{Principal, Role, Table};
use crate::tools::explain::decision::Explanation;
use crate::vocab::{Actions, Course, Period, RoleId, Time};

/// When an assignment is in force.
type Span = (Option<Time>, Option<Time>);

/// What is lacking, and when.
pub(super) struct Lacking {
    /// The stretches of time in which something is, in their order, with what.
    stretches: Vec<(Period, Actions)>,
    /// When each role is in force.
    spans: HashMap<RoleId, Vec<Span>>,
}

impl Lacking {
    pub(super) fn of(table: &Table, explained: &Explanation<'_>, principal: Principal<'_>) -> Self {
        let row = explained.row.key();
        let mut spans: HashMap<RoleId, Vec<Span>> = HashMap::new();
        for one in principal.assignments() {
            spans.entry(one.role()).or_default().push((one.from(), one.until()));
        }
        let held = principal.assignments().filter_map(|one| {
            let held = table.role_view(one.role())?.actions(row);
            Some((one.from(), one.until(), held))
        });
        let course = Course::new(held);
        let lacks = course.steps().filter(|step| !step.held.contains(explained.asked));
        let stretches = lacks
            .filter_map(|step| Some((Period::new(Some(step.from), step.until)?, explained.asked - step.held)))
            .collect();
        Self { stretches, spans }
    }

    /// All that is lacking at some moment.
    pub(super) fn all(&self) -> Actions {
        self.stretches.iter().fold(Actions::NONE, |all, (_, lacks)| all | *lacks)
    }

    /// The roles that are in force at some moment at which something is, by their keys.
    pub(super) fn roles<'t>(&self, table: &'t Table) -> Vec<Role<'t>> {
        let meets = |(from, until): &Span| {
            let is_before = |(stretch, _): &(Period, Actions)| {
                stretch.until().zip(*from).is_some_and(|(until, from)| until <= from)
            };
            let next = self.stretches.partition_point(is_before);
            self.stretches.get(next).is_some_and(|(stretch, _)| stretch.meet(*from, *until).is_some())
        };
        let with = self.spans.iter().filter(|(_, spans)| spans.iter().any(meets));
        let mut keys: Vec<RoleId> = with.map(|(role, _)| *role).collect();
        keys.sort_unstable();
        keys.into_iter().filter_map(|key| table.role_view(key)).collect()
    }

    /// Whether nothing is lacking at any moment once roles have so much more of the row.
    pub(super) fn is_mended_by(&self, more: &HashMap<RoleId, Actions>) -> bool {
        // A template may be the base of thousands of roles, and somebody may have thousands.
        let mut given: Vec<(Option<Time>, Option<Time>, Actions)> = Vec::new();
        let mut give = |spans: &[Span], more: Actions| {
            given.extend(spans.iter().map(|(from, until)| (*from, *until, more)));
        };
        if more.len() < self.spans.len() {
            more.iter().for_each(|(role, more)| give(self.spans.get(role).map_or(&[], Vec::as_slice), *more));
        } else {
            self.spans
                .iter()
                .for_each(|(role, spans)| give(spans, more.get(role).copied().unwrap_or_default()));
        }
        let course = Course::new(given);
        self.stretches
            .iter()
            .all(|(stretch, lacks)| course.during(*stretch).all(|(_, given)| given.contains(*lacks)))
    }
}
