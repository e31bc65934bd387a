//! Strategies of organizations: roles, assignments bounded or not, forbids and tests.

use proptest::prelude::*;
use proptest::sample::Index;

use super::roles::{self, RawLevel, RawRole, raw_level};
use super::words::{Name, Namer, TIMES, name, principal, string};
use super::{
    Assertion, Assignment, CaseRow, Cases, Catalog, Forbid, Form, Line, Organization, Requirement, Subject,
    Test, pick, seldom, some, time,
};

#[derive(Clone, Debug)]
pub(super) struct RawOrganization {
    name: Name,
    is_managed: bool,
    roles: Vec<RawRole>,
    assignments: Vec<RawAssignment>,
    forbid: Option<RawForbid>,
    require: Option<RawForbid>,
    tests: Vec<(&'static str, Vec<RawLine>)>,
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

#[derive(Clone, Debug)]
struct RawLine {
    first: RawAssertion,
    form: RawForm,
}

#[derive(Clone, Debug)]
enum RawForm {
    One,
    /// With others behind it.
    Only(Vec<Index>),
    /// With other columns, and rows with their levels.
    Cases(Vec<(Index, bool)>, Vec<(Index, Vec<RawLevel>)>),
}

fn form() -> impl Strategy<Value = RawForm> {
    let columns = some((any::<Index>(), any::<bool>()), 3);
    let rows = proptest::collection::vec((any::<Index>(), proptest::collection::vec(raw_level(), 4)), 1..=3);
    prop_oneof![
        3 => Just(RawForm::One),
        1 => some(any::<Index>(), 3).prop_map(RawForm::Only),
        1 => (columns, rows).prop_map(|(columns, rows)| RawForm::Cases(columns, rows)),
    ]
}

pub(super) fn organization() -> impl Strategy<Value = RawOrganization> {
    let assertion = (any::<Index>(), any::<bool>(), any::<bool>(), any::<Index>());
    let assertion = (assertion, proptest::option::of(raw_level()), seldom(3, any::<Index>())).prop_map(
        |((subject, is_role, can, row), level, at)| RawAssertion { subject, is_role, can, row, level, at },
    );
    let line = (assertion, form()).prop_map(|(first, form)| RawLine { first, form });
    let tests = prop_oneof![
        2 => Just(Vec::new()),
        1 => some((string(), proptest::collection::vec(line, 1..=3)), 2),
    ];
    let rules = (seldom(5, forbid()), seldom(4, forbid()));
    (name(), any::<bool>(), some(roles::role(), 4), some(assignment(), 4), rules, tests).prop_map(
        |(name, is_managed, roles, assignments, (forbid, require), tests)| RawOrganization {
            name,
            is_managed,
            roles,
            assignments,
            forbid,
            require,
            tests,
        },
    )
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
            requires: Vec::new(),
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
        organization.requires =
            self.require.and_then(|raw| raw.require(catalog, &assignable)).into_iter().collect();
        for (title, lines) in self.tests {
            let lines: Vec<Line> =
                lines.into_iter().filter_map(|raw| raw.read(catalog, &organization)).collect();
            if !lines.is_empty() {
                organization.tests.push(Test { title, lines });
            }
        }
        organization
    }
}

impl RawForbid {
    /// A requirement of the same lines; its exceptions are what is to be held where it does not spare all.
    pub(super) fn require(mut self, catalog: &Catalog, known: &[String]) -> Option<Requirement> {
        let (spares_all, title) = (std::mem::replace(&mut self.spares_all, false), self.title);
        let from = self.exceptions.first().map(|at| pick(TIMES, *at));
        let Forbid { exceptions, conditions, .. } = self.read(catalog, known)?;
        let (exceptions, roles) =
            if spares_all { (exceptions, Vec::new()) } else { (Vec::new(), exceptions) };
        let most = 1000 + u32::try_from(conditions.len()).unwrap();
        Some(Requirement { title, exceptions, conditions, roles, from, most })
    }

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

fn subject(catalog: &Catalog, organization: &Organization, index: Index, is_role: bool) -> Option<Subject> {
    let roles = catalog.assignable(organization);
    let principals: Vec<(&str, bool)> =
        organization.assignments.iter().flat_map(|it| it.principals.iter().copied()).collect();
    if is_role && !roles.is_empty() {
        Some(Subject::Role(roles[index.index(roles.len())].clone()))
    } else if !principals.is_empty() {
        let (name, is_service) = pick(&principals, index);
        Some(Subject::Principal(name, is_service))
    } else {
        None
    }
}

impl RawLine {
    fn read(self, catalog: &Catalog, organization: &Organization) -> Option<Line> {
        let first = self.first.read(catalog, organization)?;
        let mut subjects = vec![first.subject.clone()];
        let add = |subjects: &mut Vec<Subject>, index, is_role| {
            // An organization may have no principals.
            subjects
                .extend(subject(catalog, organization, index, is_role).filter(|it| !subjects.contains(it)));
        };
        let is_role = matches!(first.subject, Subject::Role(_));
        match self.form {
            RawForm::One => Some(Line::One(first)),
            RawForm::Only(others) => {
                others.into_iter().for_each(|index| add(&mut subjects, index, is_role));
                Some(Line::Only(subjects, first))
            }
            RawForm::Cases(columns, raw) => {
                columns.into_iter().for_each(|(index, is_role)| add(&mut subjects, index, is_role));
                let all: Vec<(usize, usize)> = catalog.rows().collect();
                let mut rows: Vec<CaseRow> = Vec::new();
                for (row, levels) in raw {
                    let id = pick(&all, row);
                    if rows.iter().any(|(known, _)| *known == id) {
                        continue;
                    }
                    let cells = subjects.iter().zip(levels).map(|(_, level)| level.exact(catalog.row(id)));
                    rows.push((id, cells.collect()));
                }
                Some(Line::Cases(Cases { subjects, rows, at: first.at }))
            }
        }
    }
}

impl RawAssertion {
    fn read(self, catalog: &Catalog, organization: &Organization) -> Option<Assertion> {
        let rows: Vec<(usize, usize)> = catalog.rows().collect();
        let row = pick(&rows, self.row);
        let subject = subject(catalog, organization, self.subject, self.is_role)?;
        Some(Assertion {
            subject,
            can: self.can,
            row,
            words: self.level.map(|level| level.asked(catalog.row(row))).unwrap_or_default(),
            at: self.at.map(|at| pick(TIMES, at)),
        })
    }
}
