//! Runs the tests in a policy: each line against the table, at every moment that it speaks of. What a failing line
//! rests on is a query: the door asks `explain` about it.

use crate::eval::{Evaluator, Holder, Permission, Query};
use crate::model::{Assertion, Model, Organization, Subject, Test};
use crate::table::Table;
use crate::vocab::{Actions, RowId, Time};

/// What a run of all tests found.
#[derive(Clone, Debug)]
pub struct Report<'m> {
    /// Each test, in the order of the text.
    pub outcomes: Vec<Outcome<'m>>,
}

/// What a run of one test found.
#[derive(Clone, Debug)]
pub struct Outcome<'m> {
    /// The organization that it is about.
    pub organization: &'m Organization,
    /// The test.
    pub test: &'m Test,
    /// The lines that do not hold.
    pub failures: Vec<Failure<'m>>,
}

/// A line that does not hold.
#[derive(Clone, Debug)]
pub struct Failure<'m> {
    /// The line.
    pub assertion: &'m Assertion,
    /// The first moment at which it does not; the beginning of time where it never depended on time.
    pub at: Time,
    /// What was asked then, and answered otherwise than asserted; none where the table does not know it.
    pub query: Option<Query>,
}

impl Report<'_> {
    /// How many tests have a line that does not hold.
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count()
    }

    /// How many lines there are.
    pub fn assertions(&self) -> usize {
        self.outcomes.iter().map(|outcome| outcome.test.assertions.len()).sum()
    }
}

/// Runs every test of a model on its table.
pub fn run<'m>(model: &'m Model, table: &Table) -> Report<'m> {
    let mut outcomes: Vec<Outcome<'m>> = Vec::new();
    for organization in &model.organizations {
        let failures = |test: &'m Test| {
            let lines = test.assertions.iter();
            lines.filter_map(|line| assertion(model, table, organization, line)).collect()
        };
        let tested =
            organization.tests.iter().map(|test| Outcome { organization, test, failures: failures(test) });
        outcomes.extend(tested);
    }
    outcomes.sort_by_key(|outcome| outcome.test.place);
    Report { outcomes }
}

fn assertion<'m>(
    model: &'m Model,
    table: &Table,
    organization: &Organization,
    line: &'m Assertion,
) -> Option<Failure<'m>> {
    let broken = |at: Time, query: Option<Query>| Some(Failure { assertion: line, at, query });
    let beginning = Time(i64::MIN);
    let Some(key) = table.organization(&organization.id) else { return broken(beginning, None) };
    let (holder, moments) = match line.subject {
        Subject::Role(id) => {
            let role = model.roles(organization).get(id).and_then(|role| table.role(key, &role.id));
            (role.map(|role| Holder::Role(key, role)), vec![beginning])
        }
        Subject::Principal(index) => {
            let principal = organization.principals.get(index);
            let moments = principal.map(crate::model::Principal::moments).unwrap_or_default();
            let found = principal.and_then(|principal| table.principal(key, &principal.name));
            (found.map(Holder::Principal), moments)
        }
    };
    let Some(holder) = holder else { return broken(beginning, None) };
    let moments = line.at.map_or(moments, |at| vec![at]);
    let evaluator = Evaluator::new(table);
    for at in moments {
        for actions in &line.asked {
            let Some(permission) = permission(table, key, line.row, *actions) else {
                return broken(at, None);
            };
            let query = Query { holder, permission, at };
            if evaluator.decide_query(query) != line.verdict {
                return broken(at, Some(query));
            }
        }
    }
    None
}

fn permission(
    table: &Table,
    organization: crate::vocab::OrganizationId,
    row: RowId,
    actions: Actions,
) -> Option<Permission> {
    let catalog = table.organization_view(organization)?.catalog().key();
    Permission::of(table, catalog, row, actions)
}
