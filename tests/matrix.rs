//! Lists and matrices over time, held against the evaluator asked at every moment: each cell of each matrix of the
//! policies that ship, and periods of policies whose assignments begin and end on any day.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

mod support {
    #[allow(dead_code, reason = "the corpus and its questions are for another test")]
    pub(crate) mod policies;
}

use std::collections::BTreeSet;

use rolec::eval::{Evaluator, Holder, Permission, Query};
use rolec::table::{Organization, Principal, Row, Table};
use rolec::tools::listing::{Column, Matrix, Stretch, idle, people, roles, what, who};
use rolec::vocab::{Actions, Decision, Period, Time};

use support::policies::{Policy, compiled, shipped};

const DAY: i64 = 86_400;

/// What the evaluator allows of a row, an action at a time.
fn allowed(table: &Table, holder: Holder, row: Row<'_>, at: Time) -> Actions {
    let catalog = row.category().catalog().key();
    let is_held = |action: &usize| {
        let permission = Permission::at(table, catalog, row.key(), Some(*action)).unwrap();
        Evaluator::new(table).decide_query(Query { holder, permission, at }) == Decision::Allow
    };
    (0..row.shape().width()).filter(is_held).fold(Actions::NONE, |held, action| held | Actions::one(action))
}

/// The moments at which something begins or ends in an organization, and the seconds before them.
fn moments(organization: Organization<'_>) -> BTreeSet<Time> {
    let assignments = organization.principals().flat_map(Principal::assignments);
    let bounds = assignments.flat_map(|assignment| [assignment.from(), assignment.until()]).flatten();
    bounds.flat_map(|time| [Time(time.0 - 1), time]).chain([Time(0), Time(i64::MAX)]).collect()
}

/// A matrix of principals, and what else lists over time, against the evaluator at given moments of the period.
fn hold(table: &Table, matrix: &Matrix<'_>, at: &[Time]) -> usize {
    let (organization, period) = (matrix.organization, matrix.period.unwrap());
    let mut checked = 0;
    for column in &matrix.columns {
        let Column::Person(person) = column else { panic!("a matrix of principals") };
        let principal = person.principal;
        let holder = Holder::Principal(principal.key());
        let rights = what(table, organization, holder, period);
        assert_eq!(person.idle, idle(principal, period));
        let is_idle =
            |at: &Time| Evaluator::new(table).assignments_in_force(principal.key(), *at).count() == 0;
        assert_eq!(person.idle.is_some(), at.iter().all(is_idle), "{principal:?} {period}");
        for row in &matrix.rows {
            let held: Vec<Actions> = at.iter().map(|at| allowed(table, holder, *row, *at)).collect();
            let some = held.iter().fold(Actions::NONE, |all, held| all | *held);
            let shown = || format!("{principal:?} {row:?} {period}");
            let cell = matrix.cell(column, *row);
            assert_eq!(cell.some, some, "{}", shown());
            assert_eq!(cell.throughout, held.iter().fold(some, |all, held| all & *held), "{}", shown());
            assert_eq!(cell.at_once, held.contains(&some), "{}", shown());
            let stretches = matrix.stretches(person, *row);
            are_the_moments(&stretches, at, &held, &shown());
            are_by_whom(table, principal, *row, &stretches, &shown());
            let right = rights.iter().find(|right| right.row.key() == row.key());
            assert_eq!(right.map_or(Actions::NONE, |right| right.held), some, "{}", shown());
            let told = right.map(|right| right.stretches.as_slice()).unwrap_or_default();
            assert_eq!(spelled(told), spelled(&stretches), "{}", shown());
            checked += 1;
        }
    }
    for row in &matrix.rows {
        checked += holders(table, organization, *row, period, at);
    }
    checked
}

/// Everybody who holds all of each two actions of a row at once.
fn holders(
    table: &Table,
    organization: Organization<'_>,
    row: Row<'_>,
    period: Period,
    at: &[Time],
) -> usize {
    let width = row.shape().width();
    let catalog = organization.catalog().key();
    let mut checked = 0;
    for asked in
        (0..width).flat_map(|one| (one..width).map(move |other| Actions::one(one) | Actions::one(other)))
    {
        let permission = Permission::of(table, catalog, row.key(), asked).unwrap();
        let found = who(table, organization, permission, period).unwrap();
        let mut names = found.principals.iter();
        for principal in organization.principals() {
            let held: Vec<Actions> = at
                .iter()
                .map(|at| allowed(table, Holder::Principal(principal.key()), row, *at) & asked)
                .map(|held| if held == asked { held } else { Actions::NONE })
                .collect();
            if held.contains(&asked) {
                let (name, stretches) = names.next().unwrap();
                assert_eq!(name.key(), principal.key(), "{row:?} {period}");
                are_the_moments(stretches, at, &held, &format!("who {row:?} {principal:?} {period}"));
            }
            checked += 1;
        }
        assert!(names.next().is_none(), "{row:?} {period}");
    }
    checked
}

/// Each moment is in the stretch that says what is held then, or in none where nothing is; and none goes over into the
/// next with the same.
fn are_the_moments(stretches: &[Stretch<'_>], at: &[Time], held: &[Actions], shown: &str) {
    for (at, held) in at.iter().zip(held) {
        let mut on =
            stretches.iter().filter(|stretch| stretch.period.meet(Some(*at), Some(Time(at.0 + 1))).is_some());
        assert_eq!(on.next().map_or(Actions::NONE, |stretch| stretch.held), *held, "{shown} at {at}");
        assert!(on.next().is_none(), "{shown} at {at}: two stretches");
    }
    for pair in stretches.windows(2) {
        let (one, next) = (&pair[0], &pair[1]);
        assert!(one.period.until().unwrap() <= next.period.from(), "{shown}");
        let is_split = one.period.until() == Some(next.period.from()) && one.held == next.held;
        assert!(!is_split, "{shown}: one stretch told as two");
    }
}

/// The roles of a stretch are those in force in it that give something, each once.
fn are_by_whom(
    table: &Table,
    principal: Principal<'_>,
    row: Row<'_>,
    stretches: &[Stretch<'_>],
    shown: &str,
) {
    let organization = principal.organization().key();
    for stretch in stretches {
        let mut wanted: Vec<&str> = Vec::new();
        for assignment in principal.assignments() {
            let begins =
                assignment.from().is_none_or(|from| stretch.period.until().is_none_or(|until| from < until));
            let ends = assignment.until().is_none_or(|until| until > stretch.period.from());
            let held = table.cell(organization, row.key()).unwrap().held(assignment.role()).unwrap();
            let id = table.role_view(assignment.role()).unwrap().id();
            if begins && ends && !held.is_empty() && !wanted.contains(&id) {
                wanted.push(id);
            }
        }
        assert!(stretch.by.iter().map(|role| role.id()).eq(wanted), "{shown} {}", stretch.period);
    }
}

fn spelled(stretches: &[Stretch<'_>]) -> Vec<(Period, Actions)> {
    stretches.iter().map(|stretch| (stretch.period, stretch.held)).collect()
}

#[test]
fn every_cell_of_the_policies_that_ship() {
    let mut checked = 0;
    for Policy { table, name, .. } in shipped() {
        // What is read back from its bytes says the same.
        let reloaded = Table::from_bytes(&table.to_bytes()).unwrap();
        for organization in table.organizations() {
            let matrix = roles(&table, organization);
            assert_eq!(matrix.columns.len(), organization.assignable().count(), "{name}");
            for (column, row) in
                matrix.columns.iter().flat_map(|one| matrix.rows.iter().map(move |row| (one, *row)))
            {
                let Column::Role(role) = column else { panic!("a matrix of roles") };
                let holder = Holder::Role(organization.key(), role.key());
                let cell = matrix.cell(column, row);
                assert_eq!(cell.some, allowed(&table, holder, row, Time(0)), "{name} {role:?} {row:?}");
                assert!(!cell.is_part() && cell.at_once);
                checked += 1;
            }
            let other = reloaded.organization_view(organization.key()).unwrap();
            for at in moments(organization) {
                let (matrix, again) = (people(&table, organization, at), people(&reloaded, other, at));
                for (column, twin) in matrix.columns.iter().zip(&again.columns) {
                    let Column::Person(person) = column else { panic!("a matrix of principals") };
                    let holder = Holder::Principal(person.principal.key());
                    for (row, there) in matrix.rows.iter().zip(&again.rows) {
                        let cell = matrix.cell(column, *row);
                        assert_eq!(
                            cell.some,
                            allowed(&table, holder, *row, at),
                            "{name} {person:?} {row:?} at {at}"
                        );
                        assert!(!cell.is_part() && cell.at_once);
                        assert_eq!(again.cell(twin, *there), cell);
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(checked > 10_000, "{checked} cells");
}

/// Five roles that give parts of three rows, and people who have them for any days of a month.
fn policy(seed: u64) -> Policy {
    let mut state = seed;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = String::from(
        "use c catalog c { category k { v: verbs a, b, d  l: ladder none < x < y  f: flag } }\n\
         organization o {\n\
         role r0 { grant k { v: a  l: x } }\n\
         role r1 { grant k { v: b  l: y } }\n\
         role r2 { grant k { v: a, b  f: on } }\n\
         role r3 { grant k { v: d  l: x  f: on } }\n\
         role r4 { grant k.v: none }\n",
    );
    for person in 0..6 {
        for role in 0..5 {
            // Up to two spans of a role, which may touch.
            let mut day = 1 + next(12);
            for _ in 0..next(3) {
                let until = day + 1 + next(6);
                let from = if day == 1 { String::new() } else { format!(" from 2026-01-{day:02}") };
                let until_word =
                    if until > 22 { String::new() } else { format!(" until 2026-01-{until:02}") };
                text += &format!("assign r{role} to \"p{person}\"{from}{until_word}\n");
                if until > 22 {
                    break;
                }
                day = until + next(2) * 3;
            }
        }
    }
    compiled(format!("seed {seed}"), vec![("o.role".to_owned(), text + "}\n")])
}

#[test]
fn periods_against_each_of_their_days() {
    let first = Time::parse("2026-01-01").unwrap();
    let day = |day: i64| Time(first.0 + day * DAY);
    let (mut checked, mut parts, mut never) = (0, 0, 0);
    for seed in 0..12 {
        let Policy { table, .. } = policy(seed);
        let organization = table.organizations().next().unwrap();
        for (from, until) in [(0, 31), (3, 4), (2, 9), (5, 15), (10, 12), (14, 30), (-9, 2), (40, 50)] {
            let period = Period::new(Some(day(from)), Some(day(until))).unwrap();
            let matrix = people(&table, organization, period);
            let days: Vec<Time> = (from..until).map(day).collect();
            checked += hold(&table, &matrix, &days);
            for row in &matrix.rows {
                parts += matrix.cells(*row).filter(|cell| cell.is_part()).count();
                never += matrix.cells(*row).filter(|cell| !cell.at_once).count();
            }
        }
        // Without a beginning, without an end, without either.
        let days: Vec<Time> = (-3..45).map(day).collect();
        for (from, until) in [(None, Some(8)), (Some(8), None), (None, None)] {
            let period = Period::new(from.map(day), until.map(day)).unwrap();
            let on = days.iter().filter(|at| period.meet(Some(**at), Some(Time(at.0 + 1))).is_some());
            checked += hold(&table, &people(&table, organization, period), &on.copied().collect::<Vec<_>>());
        }
    }
    assert!(checked > 10_000 && parts > 100 && never > 20, "{checked} {parts} {never}");
}
