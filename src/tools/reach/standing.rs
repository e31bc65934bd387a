//! What somebody holds of the rows that lead further, over a period: cut where a role of theirs begins or ends. Asks
//! nothing of what they could come to but by way of `Reach`.

use std::collections::{BTreeMap, BTreeSet};

use crate::table::{Assignment, Role};
use crate::tools::reach::ground::Ground;
use crate::tools::reach::{Giver, Subject};
use crate::vocab::{Actions, Course, Period, Reach, RoleId, RowId, Time};

/// A role of somebody's, and when.
struct Span<'t> {
    role: Role<'t>,
    assignment: Option<Assignment<'t>>,
    period: Period,
    /// What it holds of the rows that are looked at.
    held: Vec<(RowId, Actions)>,
    is_super: bool,
}

/// What is held of a row, from when until when.
type Given = (Option<Time>, Option<Time>, Actions);

/// Somebody's roles over a period.
pub(super) struct Standing<'t> {
    period: Period,
    spans: Vec<Span<'t>>,
    courses: BTreeMap<RowId, Course>,
}

/// A moment of it.
pub(super) struct Now {
    /// What is held of the rows that are looked at, where it is something.
    held: BTreeMap<RowId, Actions>,
    roles: BTreeSet<RoleId>,
    is_super: bool,
}

impl<'t> Standing<'t> {
    pub(super) fn of(ground: &Ground<'t>, who: Subject<'t>, period: Period) -> Self {
        let span = |role: Role<'t>, assignment: Option<Assignment<'t>>, period: Period| Span {
            role,
            assignment,
            period,
            held: ground.held(role.key()).to_vec(),
            is_super: ground.super_role == Some(role.key()),
        };
        let spans: Vec<Span<'t>> = match who {
            Subject::Role(role) => vec![span(role, None, period)],
            Subject::Principal(principal) => principal
                .assignments()
                .filter_map(|assignment| {
                    let within = period.meet(assignment.from(), assignment.until())?;
                    Some(span(ground.table.role_view(assignment.role())?, Some(assignment), within))
                })
                .collect(),
        };
        let mut giving: BTreeMap<RowId, Vec<Given>> = BTreeMap::new();
        for span in &spans {
            for (row, held) in &span.held {
                let (from, until) = (Some(span.period.from()), span.period.until());
                giving.entry(*row).or_default().push((from, until, *held));
            }
        }
        let courses = giving.into_iter().map(|(row, spans)| (row, Course::new(spans))).collect();
        Self { period, spans, courses }
    }

    /// The stretches of the period between which a role begins or ends.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (Period, Now)> {
        let mut bounds: BTreeSet<Time> = BTreeSet::from([self.period.from()]);
        for span in &self.spans {
            bounds.insert(span.period.from());
            bounds.extend(span.period.until());
        }
        let bounds: Vec<Time> =
            bounds.into_iter().filter(|at| self.period.until().is_none_or(|until| *at < until)).collect();
        let ends: Vec<Option<Time>> =
            bounds.iter().skip(1).map(|at| Some(*at)).chain([self.period.until()]).collect();
        bounds.into_iter().zip(ends).filter_map(|(from, until)| {
            let from = Some(from).filter(|from| *from > Time(i64::MIN));
            let period = self.period.meet(from, until)?;
            Some((period, self.at(period.from())))
        })
    }

    fn at(&self, at: Time) -> Now {
        let in_force =
            |span: &&Span<'t>| span.period.from() <= at && span.period.until().is_none_or(|until| at < until);
        let held = self.courses.iter().map(|(row, course)| (*row, course.at(at)));
        let spans = || self.spans.iter().filter(in_force);
        Now {
            held: held.filter(|(_, held)| !held.is_empty()).collect(),
            roles: spans().map(|span| span.role.key()).collect(),
            is_super: spans().any(|span| span.is_super),
        }
    }

    /// The roles that give a part of a row's actions at some moment of a stretch; without any, those that are the super
    /// role.
    pub(super) fn givers(&self, stretch: Period, of: Option<(RowId, Actions)>) -> Vec<Giver<'t>> {
        let gives = |span: &&Span<'t>| match of {
            None => span.is_super,
            Some((row, asked)) => {
                let mut held = span.held.iter();
                held.any(|(known, held)| *known == row && !(*held & asked).is_empty())
            }
        };
        let meets = |span: &&Span<'t>| stretch.meet(Some(span.period.from()), span.period.until()).is_some();
        let spans = self.spans.iter().filter(gives).filter(meets);
        spans.map(|span| Giver { role: span.role, assignment: span.assignment }).collect()
    }
}

impl Now {
    /// What is held of a row that is looked at.
    pub(super) fn held(&self, row: RowId) -> Actions {
        self.held.get(&row).copied().unwrap_or_default()
    }

    /// All that is held.
    pub(super) fn bits(&self, ground: &Ground<'_>) -> Vec<u64> {
        let mut bits = vec![0; ground.organization.catalog().layout().words()];
        for role in &self.roles {
            let more = ground.table.effective_bits(ground.organization.key(), *role);
            bits.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
        }
        bits
    }

    /// What can be come to. Of rows that lead nowhere it is not known here whether they are held.
    pub(super) fn reach(&self, ground: &Ground<'_>) -> Reach {
        if self.is_super {
            return Reach::of_super();
        }
        let is_at_top = |row: RowId| ground.top(row).is_some_and(|top| self.held(row) == top);
        let tops = self.held.keys().copied().filter(|row| is_at_top(*row) && ground.leads(*row).is_marked());
        Reach::from_tops(tops, |row| ground.leads(row), |row| ground.is_there(row) && !is_at_top(row))
    }
}
