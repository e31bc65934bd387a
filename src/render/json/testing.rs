//! A run of tests, for programs.

use serde::Serialize;

use crate::render::json::{Answer, Coverage, Mutation, VERSION};
use crate::render::testing::{explained, held};
use crate::source::{Place, Sources};
use crate::table::Table;
use crate::tools::testing::{self, Failure, Report};
use crate::vocab::Time;

/// A run of tests.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Tests;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let document = Tests::of(&compiled.sources, &table, &run(&model, &table));
/// assert_eq!((document.passed, document.failed, document.lines), (1, 0, 2));
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tests {
    /// The version of this shape.
    pub version: u32,
    /// How many tests hold.
    pub passed: usize,
    /// How many do not.
    pub failed: usize,
    /// How many have no line: they show nothing, and so they neither pass nor fail.
    pub empty: usize,
    /// How many lines they have.
    pub lines: usize,
    /// How many tests were not run, because others were chosen.
    pub left_out: usize,
    /// Each test that was run.
    pub tests: Vec<Tested>,
    /// Of which cells tests speak, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Which changes tests would notice, where that was asked for and all tests hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutation: Option<Mutation>,
}

/// A run of one test.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tested {
    /// Its title.
    pub title: String,
    /// Its organization.
    pub organization: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// Whether it has lines, and all of them hold.
    pub passed: bool,
    /// The lines that do not.
    pub failures: Vec<Failed>,
}

/// A line that does not hold.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failed {
    /// The line as written; of a cell of a table what it says.
    pub text: String,
    /// Of whom it is not so. A line with `only` stands here once for everybody who is missing or too many.
    pub who: String,
    /// What is wrong with that one, where the line has `only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Wrong>,
    /// The level that is held, where a cell says another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The moment that the line names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Where the line speaks of every moment, the first at which it does not hold; none where that is the beginning of
    /// time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment after that at which it does again; none where it never does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What is answered instead, at that moment, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// The answers about what else a `cannot` names and is held later only.
    pub later: Vec<Answer>,
}

/// What is wrong with somebody of whom a line with `only` speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Wrong {
    /// Named, and does not hold it.
    Missing,
    /// Holds it, and is not named.
    TooMany,
}

impl Tests {
    /// A report.
    pub fn of(sources: &Sources, table: &Table, report: &Report<'_>) -> Self {
        let name = |place: Place| sources.file(place.file).map_or("", |file| file.name()).to_owned();
        let failed = |failure: &Failure<'_>| {
            let place = failure.assertion.place;
            let (line, column) = sources.line_column(place);
            let mut answers =
                explained(table, failure).into_iter().map(|explained| Answer::of(table, &explained, true));
            let from = (failure.is_throughout() && failure.at > Time(i64::MIN)).then_some(failure.at);
            Failed {
                text: failure.assertion.text.to_string(),
                who: failure.name.to_owned(),
                wrong: failure.assertion.claim.subject().is_none().then(|| {
                    let is_named = failure.assertion.claim.grants(failure.subject);
                    if is_named { Wrong::Missing } else { Wrong::TooMany }
                }),
                held: held(table, failure),
                file: name(place),
                line,
                column,
                at: failure.assertion.at.map(|at| at.to_string()),
                from: from.map(|from| from.to_string()),
                until: failure.until.map(|until| until.to_string()),
                answer: answers.next(),
                later: answers.collect(),
            }
        };
        let tested = report.outcomes.iter().map(|outcome| {
            let test = outcome.test;
            let (line, column) = sources.line_column(test.place);
            Tested {
                title: test.title.to_string(),
                organization: outcome.organization.id.to_string(),
                file: name(test.place),
                line,
                column,
                passed: outcome.failures.is_empty() && !outcome.is_empty(),
                failures: outcome.failures.iter().map(failed).collect(),
            }
        });
        Self {
            version: VERSION,
            passed: report.passed(),
            failed: report.failed(),
            empty: report.empty(),
            lines: report.assertions(),
            left_out: report.left_out,
            tests: tested.collect(),
            coverage: None,
            mutation: None,
        }
    }

    /// The same with of what the tests speak, and what they would notice.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::render::json::Tests;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::{coverage, mutation, run};
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
    /// let sources = &compiled.sources;
    /// let document = Tests::of(sources, &table, &run(&model, &table));
    /// let (spoken, noticed) = (coverage(&model, sources), mutation(&model, sources));
    /// let document = document.with(sources, Some(&spoken), Some(&noticed));
    /// assert!(document.coverage.is_some() && document.mutation.is_some());
    /// ```
    pub fn with(
        self,
        sources: &Sources,
        coverage: Option<&testing::Coverage<'_>>,
        mutation: Option<&testing::Mutation<'_>>,
    ) -> Self {
        let mutation = mutation.map(|mutation| Mutation::of(sources, mutation));
        Self { coverage: coverage.map(Coverage::of), mutation, ..self }
    }
}
