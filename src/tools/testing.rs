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

mod chosen;
mod coverage;
mod marks;
mod mutation;
mod web;

use std::collections::{BTreeMap, HashMap};

pub use self::chosen::Chosen;
pub use self::coverage::{Coverage, coverage};
pub use self::marks::{Count, Marked};
pub use self::mutation::{Mutation, Unnoticed, Without, flipped, flips, mutation};
use crate::eval::{Holder, Permission, Query};
use crate::model::{Assertion, Claim, Model, Organization, Subject, Test};
use crate::table::{Principal, Table};
use crate::vocab::{Actions, Course, Decision, Form, OrganizationId, RoleId, RowId, Shape, Step, Time};

/// What a run of tests found.
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
/// assert_eq!((report.passed(), report.empty()), (1, 0));
/// assert!(!report.outcomes[0].is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Report<'m> {
    /// Each test that was run, in the order of the text.
    pub outcomes: Vec<Outcome<'m>>,
    /// How many were not run, because others were chosen.
    pub left_out: usize,
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
    /// The lines that do not hold, in their order. One with `only` stands here once for everybody who is missing or too
    /// many.
    pub failures: Vec<Failure<'m>>,
}

impl Outcome<'_> {
    /// Whether the test has no line.
    ///
    /// ```
    /// use rolec::{pipeline::compile, source::Sources, tools::testing::run};
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
    /// assert!(!run(&model, &table).outcomes[0].is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.test.assertions.is_empty()
    }

    /// The failures of each line that does not hold.
    ///
    /// ```
    /// use rolec::{pipeline::compile, source::Sources, tools::testing::run};
    ///
    /// let wrong = rolec::example::POLICY.replace("editor cannot", "only reader can");
    /// let compiled = compile(Sources::from_iter([("acme.role", wrong)]));
    /// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
    /// let outcome = run(&model, &table).outcomes.remove(0);
    /// // `reader` is missing, and `owner` is too many: one line.
    /// assert_eq!((outcome.failures.len(), outcome.by_line().count()), (2, 1));
    /// ```
    pub fn by_line(&self) -> impl Iterator<Item = &[Failure<'_>]> {
        self.failures.chunk_by(|a, b| std::ptr::eq(a.assertion, b.assertion))
    }
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
    /// Of whom it is not so: whom it names, or somebody whom `only` leaves out.
    pub subject: Subject,
    /// The name or id of that one.
    pub name: &'m str,
    /// The first moment at which it does not; the beginning of time where it never depended on time.
    pub at: Time,
    /// The first moment at which it does again; none where it never does, or speaks of one moment itself.
    pub until: Option<Time>,
    /// What is held of the row then.
    pub held: Actions,
    /// What was asked then, and answered otherwise than asserted: of a `can` all that it names, of a `cannot` all of it
    /// that is held then, of a cell what is missing, else what is too much. None where the table does not know it.
    pub query: Option<Query>,
    /// What else a `cannot` names that is held at some moment and not yet at that one: asked when it first is.
    pub later: Vec<Query>,
}

#[cfg(feature = "render")]
impl Failure<'_> {
    /// Whether the line speaks of every moment, and what somebody has depends on the time.
    pub(crate) fn is_throughout(&self) -> bool {
        self.assertion.at.is_none() && matches!(self.subject, Subject::Principal(_))
    }
}

impl Report<'_> {
    /// How many tests have a line that does not hold.
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count()
    }

    /// How many tests have lines, and all of them hold.
    pub fn passed(&self) -> usize {
        self.outcomes.len() - self.failed() - self.empty()
    }

    /// How many tests have no line. They show nothing, and so they do not pass.
    pub fn empty(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.is_empty()).count()
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
    run_chosen(model, table, &Chosen::default())
}

/// Runs those tests of a model that are chosen.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::{Chosen, run_chosen};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let filters = ["Delete".to_owned()];
/// let chosen = Chosen { filters: &filters, ..Chosen::default() };
/// assert_eq!(run_chosen(&model, &table, &chosen).passed(), 1);
/// let nowhere = Chosen { organization: Some("elsewhere"), ..chosen };
/// assert_eq!(run_chosen(&model, &table, &nowhere).left_out, 1);
/// ```
pub fn run_chosen<'m>(model: &'m Model, table: &Table, chosen: &Chosen<'_>) -> Report<'m> {
    let mut outcomes: Vec<Outcome<'m>> = Vec::new();
    let mut left_out = 0;
    for organization in model.organizations.iter().filter(|organization| !organization.tests.is_empty()) {
        let mut runner =
            Runner { model, table, organization, holders: HashMap::new(), known: HashMap::new() };
        for test in &organization.tests {
            if !chosen.takes(organization, test) {
                left_out += 1;
                continue;
            }
            let failures = runner.test(test);
            outcomes.push(Outcome { organization, test, failures });
        }
    }
    outcomes.sort_by_key(|outcome| outcome.test.place);
    Report { outcomes, left_out }
}

/// Runs one test of an organization of a model on its table.
#[doc(hidden)] // a part of `run`, for who asks about one test again and again
pub fn run_one<'m>(
    model: &'m Model,
    table: &Table,
    organization: &'m Organization,
    test: &'m Test,
) -> Outcome<'m> {
    let mut runner = Runner { model, table, organization, holders: HashMap::new(), known: HashMap::new() };
    let failures = runner.test(test);
    Outcome { organization, test, failures }
}

/// Runs the tests of one organization. What somebody holds of a row over time is worked out once, however many lines
/// speak of it.
struct Runner<'m, 't> {
    model: &'m Model,
    table: &'t Table,
    organization: &'m Organization,
    holders: HashMap<Subject, Option<Holder>>,
    known: HashMap<(Holder, RowId), Known>,
}

/// What is to be so of a set of actions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Wanted {
    /// That the set is held, or that it is not.
    Decided(Decision),
    /// That just the set is held.
    Exactly,
}

impl Wanted {
    fn is_so(self, asked: Actions, held: Actions) -> bool {
        match self {
            Self::Decided(decision) => Decision::allow_if(held.contains(asked)) == decision,
            Self::Exactly => held == asked,
        }
    }

    /// Whether one of several sets is not so.
    fn is_otherwise(self, asked: &[Actions], held: Actions) -> bool {
        !asked.iter().all(|asked| self.is_so(*asked, held))
    }

    /// What to ask where it is not so: of a cell what is missing, else what is too much. Of a ladder a step, which
    /// brings those below, as `can` would ask it.
    fn asked(self, line: &Assertion, shape: &Shape, asked: Actions, held: Actions) -> Actions {
        let is_ladder = shape.form() == Form::Ladder;
        let all = match self {
            Self::Decided(_) => asked,
            Self::Exactly if is_ladder => {
                if held.contains(asked) {
                    held
                } else {
                    asked
                }
            }
            Self::Exactly => {
                if held.contains(asked) {
                    held - asked
                } else {
                    asked - held
                }
            }
        };
        match all.positions().last() {
            Some(top) if is_ladder && !line.is_whole => Actions::one(top),
            _ => all,
        }
    }
}

/// What somebody holds of a row over time.
struct Known {
    course: Course,
    /// The first stretch in which what lines assert is not so, by what is to be and what they name.
    otherwise: HashMap<Wanted, HashMap<Vec<Actions>, Option<Step>>>,
}

impl<'m> Runner<'m, '_> {
    /// The lines of a test that do not hold, each once for everybody of whom it says what is not so.
    fn test(&mut self, test: &'m Test) -> Vec<Failure<'m>> {
        let mut failures = Vec::new();
        for line in &test.assertions {
            for subject in self.organization.spoken_of(&self.model.shared, &line.claim) {
                failures.extend(self.assertion(line, subject));
            }
        }
        failures
    }

    fn assertion(&mut self, line: &'m Assertion, subject: Subject) -> Option<Failure<'m>> {
        let name = match subject {
            Subject::Role(id) => self.model.roles(self.organization).get(id).map(|role| &*role.id),
            Subject::Principal(at) => self.organization.principals.get(at).map(|one| &*one.name),
        };
        let name = name.unwrap_or_default();
        let (at, held) = (Time(i64::MIN), Actions::NONE);
        let unknown =
            Failure { assertion: line, subject, name, at, until: None, held, query: None, later: Vec::new() };
        let Some(organization) = self.table.organization(&self.organization.id) else { return Some(unknown) };
        let Some(holder) = self.holder(organization, subject) else { return Some(unknown) };
        let catalog = self.table.organization_view(organization).map(|view| view.catalog());
        let Some(known) = self.known(organization, holder, line.row) else { return Some(unknown) };
        let wanted = match line.claim {
            Claim::Exactly(_) => Wanted::Exactly,
            _ => Wanted::Decided(Decision::allow_if(line.claim.grants(subject))),
        };
        let Step { from: at, until, held } = match line.at {
            Some(at) => {
                let held = known.course.at(at);
                wanted.is_otherwise(&line.asked, held).then_some(Step { from: at, until: None, held })?
            }
            None => known.otherwise(&line.asked, wanted)?,
        };
        let mut then = Actions::NONE;
        let mut later: BTreeMap<Time, Actions> = BTreeMap::new();
        for asked in line.asked.iter().copied() {
            if wanted != Wanted::Decided(Decision::Deny) || held.contains(asked) {
                then = then | asked;
            } else if line.at.is_none()
                && let Some(step) = known.otherwise(&[asked], wanted)
            {
                let of_then = later.entry(step.from).or_default();
                *of_then = *of_then | asked;
            }
        }
        let row = catalog.and_then(|catalog| catalog.row(line.row));
        let query = |actions: Actions, at: Time| {
            let actions = wanted.asked(line, row?.shape(), actions, held);
            let permission = Permission::of(self.table, catalog?.key(), line.row, actions);
            permission.map(|permission| Query { holder, permission, at })
        };
        let later = later.into_iter().filter_map(|(at, actions)| query(actions, at)).collect();
        Some(Failure { assertion: line, subject, name, at, until, held, query: query(then, at), later })
    }

    fn holder(&mut self, organization: OrganizationId, subject: Subject) -> Option<Holder> {
        let find = || match subject {
            Subject::Role(id) => {
                let role = self.model.roles(self.organization).get(id)?;
                self.table.role(organization, &role.id).map(|role| Holder::Role(organization, role))
            }
            Subject::Principal(index) => {
                let principal = self.organization.principals.get(index)?;
                self.table.principal(organization, &principal.name).map(Holder::Principal)
            }
        };
        *self.holders.entry(subject).or_insert_with(find)
    }

    fn known(&mut self, organization: OrganizationId, holder: Holder, row: RowId) -> Option<&mut Known> {
        let cell = self.table.cell(organization, row)?;
        let held = |role: RoleId| cell.held(role).unwrap_or_default();
        Some(self.known.entry((holder, row)).or_insert_with(|| {
            let course = match holder {
                Holder::Role(_, role) => Course::new([(None, None, held(role))]),
                Holder::Principal(key) => {
                    let principal = self.table.principal_view(key).into_iter();
                    let assignments = principal.flat_map(Principal::assignments);
                    Course::new(assignments.map(|one| (one.from(), one.until(), held(one.role()))))
                }
            };
            Known { course, otherwise: HashMap::new() }
        }))
    }
}

impl Known {
    /// The first stretch of time in which a line does not hold; what is held is that of its first moment.
    fn otherwise(&mut self, asked: &[Actions], wanted: Wanted) -> Option<Step> {
        if let Some(known) = self.otherwise.get(&wanted).and_then(|known| known.get(asked)) {
            return *known;
        }
        let is_otherwise = |step: &Step| wanted.is_otherwise(asked, step.held);
        let mut steps = self.course.steps().skip_while(|step| !is_otherwise(step));
        let first = steps.next().map(|first| {
            steps.take_while(is_otherwise).fold(first, |first, step| Step { until: step.until, ..first })
        });
        self.otherwise.entry(wanted).or_default().insert(asked.to_vec(), first);
        first
    }
}

#[cfg(test)]
mod tests;
