//! When somebody has which roles in a period, and what that gives of a row. All that lists over time asks here, so that
//! a moment, a period and a whole matrix cannot disagree.

use crate::table::{Cell, Principal, Role, Table};
use crate::vocab::{Actions, Course, Period, Time};

/// A stretch of the period that is asked about, in which the same is held.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::listing::who;
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let holders = who(&table, acme, create, Period::parse("2026")?).unwrap();
/// let (_, stretches) = &holders.principals[1];
/// assert_eq!(stretches[0].period.to_string(), "from 2026-06-01 until 2027-01-01");
/// assert!(stretches[0].held.contains(create.actions()));
/// assert!(stretches[0].by.iter().map(|role| role.id()).eq(["editor"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stretch<'t> {
    /// The stretch: no longer than the period asked about, and as long as it can be.
    pub period: Period,
    /// What is held throughout of what is asked about.
    pub held: Actions,
    /// The roles that give a part of it at some moment of the stretch; empty for a role asked about itself.
    pub by: Vec<Role<'t>>,
}

/// That no assignment is in force at any moment of a period: nothing is held then, not even floors.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::{Idle, idle};
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let bot = table.principals().last().unwrap();
/// let next = Some(Time::parse("2026-06-01")?);
/// assert_eq!(idle(bot, Period::parse("2026-05")?), Some(Idle { next }));
/// assert_eq!(idle(bot, Period::parse("2026-06")?), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// When the next one begins after it, if one does.
    pub next: Option<Time>,
}

/// Whether somebody has no assignment in force at a moment, or at any moment of a period.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::idle;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let ana = table.principals().next().unwrap();
/// assert_eq!(idle(ana, Time::parse("2030-01-01")?), None, "she is a reader for ever");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn idle(principal: Principal<'_>, period: impl Into<Period>) -> Option<Idle> {
    let period = period.into();
    let mut next = None;
    for assignment in principal.assignments() {
        if period.meet(assignment.from(), assignment.until()).is_some() {
            return None;
        }
        let begins = assignment.from().filter(|from| period.until().is_some_and(|until| until <= *from));
        next = [next, begins].into_iter().flatten().min();
    }
    Some(Idle { next })
}

/// The roles that somebody has at some moment of a period, each with when, by role.
#[derive(Clone, Debug)]
pub(super) struct Spans<'t> {
    pub(super) period: Period,
    pub(super) roles: Vec<(Role<'t>, Period)>,
}

impl<'t> Spans<'t> {
    pub(super) fn of(table: &'t Table, principal: Principal<'t>, period: Period) -> Self {
        let span = |assignment: crate::table::Assignment<'t>| {
            let span = period.meet(assignment.from(), assignment.until())?;
            Some((table.role_view(assignment.role())?, span))
        };
        Self { period, roles: principal.assignments().filter_map(span).collect() }
    }

    /// Of nobody.
    pub(super) fn none(period: Period) -> Self {
        Self { period, roles: Vec::new() }
    }

    /// What each role gives of what is asked about, those that give nothing left out.
    fn giving(&self, cell: Cell<'_>, asked: Actions) -> impl Iterator<Item = (Role<'t>, Period, Actions)> {
        self.roles.iter().filter_map(move |(role, span)| {
            let gives = cell.held(role.key()).unwrap_or_default() & asked;
            (!gives.is_empty()).then_some((*role, *span, gives))
        })
    }

    /// All that is held at some moment of what is asked about, and whether nothing that gives some of it begins or ends
    /// within.
    pub(super) fn most(&self, cell: Cell<'_>, asked: Actions) -> (Actions, bool) {
        self.giving(cell, asked).fold((Actions::NONE, true), |(held, is_steady), (_, span, gives)| {
            (held | gives, is_steady && span == self.period)
        })
    }

    /// What is held of a row from the beginning of the period to its end, a step for each change.
    pub(super) fn steps(&self, cell: Cell<'_>) -> impl Iterator<Item = Actions> {
        let giving: Vec<_> = self.giving(cell, cell.top()).collect();
        let steps: Vec<Actions> = course(&giving).during(self.period).map(|(_, held)| held).collect();
        steps.into_iter()
    }

    /// What of a row is held when, in stretches as long as can be; those that are not `told` are left out.
    pub(super) fn stretches(
        &self,
        cell: Cell<'_>,
        asked: Actions,
        told: impl Fn(Actions) -> bool,
    ) -> Vec<Stretch<'t>> {
        let (most, is_steady) = self.most(cell, asked);
        if !told(most) {
            return Vec::new();
        }
        // Nothing begins or ends within: one stretch.
        if is_steady {
            let mut by: Vec<Role<'t>> = Vec::with_capacity(self.roles.len());
            by.extend(self.giving(cell, asked).map(|(role, ..)| role));
            by.dedup_by_key(|role| role.key());
            return vec![Stretch { period: self.period, held: most, by }];
        }
        let giving: Vec<_> = self.giving(cell, asked).collect();
        let by = |stretch: Period| {
            let meets = |span: &Period| stretch.meet(Some(span.from()), span.until()).is_some();
            let meeting = giving.iter().filter(|(_, span, _)| meets(span));
            let mut by: Vec<Role<'t>> = meeting.map(|(role, ..)| *role).collect();
            by.dedup_by_key(|role| role.key());
            by
        };
        let course = course(&giving);
        let told = course.during(self.period).filter(|(_, held)| told(*held));
        told.map(|(period, held)| Stretch { period, held, by: by(period) }).collect()
    }
}

fn course(giving: &[(Role<'_>, Period, Actions)]) -> Course {
    Course::new(giving.iter().map(|(_, span, gives)| (Some(span.from()), span.until(), *gives)))
}
