//! Strategies of organizations: roles, assignments bounded or not, forbids and tests.

use proptest::prelude::*;
use proptest::sample::Index;

use super::roles::{self, RawLevel, RawRole, raw_level};
use super::words::{Name, Namer, TIMES, name, principal, string};
use super::{
    Assertion, Assignment, Catalog, Forbid, Form, Organization, Subject, Test, pick, seldom, some, time,
};

#[derive(Clone, Debug)]
pub(super) struct RawOrganization {
    name: Name,
    is_managed: bool,
    roles: Vec<RawRole>,
    assignments: Vec<RawAssignment>,
    forbid: Option<RawForbid>,
    tests: Vec<(&'static str, Vec<RawAssertion>)>,
}

#[derive(Clone, Debug)]
struct RawAssignment {
    role: Index,
    principals: Vec<Index>,
    from: Option<Index>,
    until: Option<Index>,
    because: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct RawForbid {
    title: &'static str,
    /// Passes over everybody, as most generated roles would break it.
    spares_all: bool,
    exceptions: Vec<Index>,
    conditions: Vec<(Index, RawLevel)>,
}

#[derive(Clone, Debug)]
struct RawAssertion {
    subject: Index,
    is_role: bool,
    can: bool,
    row: Index,
    level: Option<RawLevel>,
    at: Option<Index>,
}

pub(super) fn organization() -> impl Strategy<Value = RawOrganization> {
    let assertion = (any::<Index>(), any::<bool>(), any::<bool>(), any::<Index>());
    let assertion = (assertion, proptest::option::of(raw_level()), seldom(3, any::<Index>())).prop_map(
        |((subject, is_role, can, row), level, at)| RawAssertion { subject, is_role, can, row, level, at },
    );
    let tests = prop_oneof![
        2 => Just(Vec::new()),
        1 => some((string(), proptest::collection::vec(assertion, 1..=3)), 2),
    ];
    (name(), any::<bool>(), some(roles::role(), 4), some(assignment(), 4), seldom(5, forbid()), tests)
        .prop_map(|(name, is_managed, roles, assignments, forbid, tests)| RawOrganization {
            name,
            is_managed,
            roles,
            assignments,
            forbid,
            tests,
        })
}

fn assignment() -> impl Strategy<Value = RawAssignment> {
    let principals = proptest::collection::vec(any::<Index>(), 1..=3);
    let bounds = (seldom(3, any::<Index>()), seldom(3, any::<Index>()));
    (any::<Index>(), principals, bounds, seldom(4, string())).prop_map(
        |(role, principals, (from, until), because)| RawAssignment { role, principals, from, until, because },
    )
}

pub(super) fn forbid() -> impl Strategy<Value = RawForbid> {
    let conditions = proptest::collection::vec((any::<Index>(), raw_level()), 1..=3);
    (string(), proptest::bool::weighted(0.7), some(any::<Index>(), 3), conditions).prop_map(
        |(title, spares_all, exceptions, conditions)| RawForbid { title, spares_all, exceptions, conditions },
    )
}

impl RawOrganization {
    pub(super) fn read(self, catalog: &Catalog, names: &mut Namer) -> Organization {
        let mut organization = Organization {
            head: names.describe(self.name),
            is_managed: self.is_managed,
            roles: Vec::new(),
            assignments: Vec::new(),
            forbids: Vec::new(),
            tests: Vec::new(),
        };
        // No id that a template takes: prefixes differ, and what has none is left to templates.
        let mut of_roles = Namer::new("r", catalog.is_case_sensitive);
        for raw in self.roles {
            let mut role = raw.read(catalog, &organization.roles, &mut of_roles, false);
            if !role.head.id.starts_with(['r', 'R']) || role.head.id == "role" {
                role.head.id = format!("r {}", role.head.id);
            }
            organization.roles.push(role);
        }
        let assignable = catalog.assignable(&organization);
        for raw in self.assignments.into_iter().filter(|_| !assignable.is_empty()) {
            let (mut from, mut until) =
                (raw.from.map(|at| pick(TIMES, at)), raw.until.map(|at| pick(TIMES, at)));
            if let (Some(first), Some(last)) = (from, until)
                && time(first) >= time(last)
            {
                (from, until) = if first == last { (from, None) } else { (until, from) };
            }
            organization.assignments.push(Assignment {
                role: assignable[raw.role.index(assignable.len())].clone(),
                principals: raw.principals.into_iter().map(principal).collect(),
                from,
                until,
                because: raw.because,
            });
        }
        organization.forbids =
            self.forbid.and_then(|raw| raw.read(catalog, &assignable)).into_iter().collect();
        for (title, lines) in self.tests {
            let lines: Vec<Assertion> =
                lines.into_iter().filter_map(|raw| raw.read(catalog, &organization)).collect();
            if !lines.is_empty() {
                organization.tests.push(Test { title, lines });
            }
        }
        organization
    }
}

impl RawForbid {
    pub(super) fn read(self, catalog: &Catalog, known: &[String]) -> Option<Forbid> {
        let mut exceptions: Vec<String> = if self.spares_all {
            known.to_vec()
        } else {
            let some = self.exceptions.iter().filter(|_| !known.is_empty());
            some.map(|index| known[index.index(known.len())].clone()).collect()
        };
        exceptions.sort();
        exceptions.dedup();
        let rows: Vec<(usize, usize)> = catalog.rows().collect();
        let mut conditions: Vec<((usize, usize), Vec<&'static str>)> = Vec::new();
        for (row, level) in self.conditions {
            let id = pick(&rows, row);
            let row = catalog.row(id);
            let mut words = level.asked(row);
            if row.shape.form != Form::Verbs {
                words.truncate(1);
            }
            if !conditions.iter().any(|(known, _)| *known == id) && row.floor() != words {
                conditions.push((id, words));
            }
        }
        (!conditions.is_empty()).then_some(Forbid { title: self.title, exceptions, conditions })
    }
}

impl RawAssertion {
    fn read(self, catalog: &Catalog, organization: &Organization) -> Option<Assertion> {
        let rows: Vec<(usize, usize)> = catalog.rows().collect();
        let row = pick(&rows, self.row);
        let roles = catalog.assignable(organization);
        let principals: Vec<(&str, bool)> =
            organization.assignments.iter().flat_map(|it| it.principals.iter().copied()).collect();
        let subject = if self.is_role && !roles.is_empty() {
            Subject::Role(roles[self.subject.index(roles.len())].clone())
        } else if !principals.is_empty() {
            let (name, is_service) = pick(&principals, self.subject);
            Subject::Principal(name, is_service)
        } else {
            return None;
        };
        Some(Assertion {
            subject,
            can: self.can,
            row,
            words: self.level.map(|level| level.asked(catalog.row(row))).unwrap_or_default(),
            at: self.at.map(|at| pick(TIMES, at)),
        })
    }
}
