//! Runs the tests in a policy: each line against the table, at every moment that it speaks of. What a failing line
//! rests on is a query: the door asks `explain` about it.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//! use rolec::tools::testing::run;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
//! let report = run(&model, &table);
//! assert_eq!((report.outcomes.len(), report.failed()), (1, 0));
//! ```

use crate::eval::{Evaluator, Holder, Permission, Query};
use crate::model::{Assertion, Model, Organization, Subject, Test};
use crate::table::Table;
use crate::vocab::{Actions, RowId, Time};

/// What a run of all tests found.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let report = run(&model, &table);
/// assert_eq!((report.assertions(), report.failed()), (2, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Report<'m> {
    /// Each test, in the order of the text.
    pub outcomes: Vec<Outcome<'m>>,
}

/// What a run of one test found.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let outcome = run(&model, &table).outcomes.remove(0);
/// assert_eq!((&*outcome.test.title, outcome.failures.len()), ("editors delete nothing", 0));
/// ```
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
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
/// use rolec::vocab::Time;
///
/// let wrong = rolec::example::POLICY.replace(
///     "editor can content.spaces: write",
///     r#""ana@acme.example" can content.spaces: write"#,
/// );
/// let compiled = compile(Sources::from_iter([("acme.role", wrong)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let failure = run(&model, &table).outcomes.remove(0).failures.remove(0);
/// // She can until the end of the year only: not at every moment.
/// assert_eq!(failure.at, Time::parse("2027-01-01")?);
/// assert!(failure.query.is_some());
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
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
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
///
/// let wrong = rolec::example::POLICY.replace("editor cannot", "owner cannot");
/// let compiled = compile(Sources::from_iter([("acme.role", wrong)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let report = run(&model, &table);
/// assert_eq!(&*report.outcomes[0].failures[0].assertion.text, "owner cannot content.pages: delete");
/// ```
pub fn run<'m>(model: &'m Model, table: &Table) -> Report<'m> {
    let mut outcomes: Vec<Outcome<'m>> = Vec::new();
    for organization in &model.organizations {
        outcomes.extend(organization.tests.iter().map(|test| run_one(model, table, organization, test)));
    }
    outcomes.sort_by_key(|outcome| outcome.test.place);
    Report { outcomes }
}

/// Runs one test of an organization of a model on its table.
#[doc(hidden)] // a part of `run`, for who asks about one test again and again
pub fn run_one<'m>(
    model: &'m Model,
    table: &Table,
    organization: &'m Organization,
    test: &'m Test,
) -> Outcome<'m> {
    let lines = test.assertions.iter();
    let failures = lines.filter_map(|line| assertion(model, table, organization, line)).collect();
    Outcome { organization, test, failures }
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
