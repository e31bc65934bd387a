//! A run of tests for people: what failed, each with the line that decided, and a count.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::testing::report;
//! use rolec::source::Sources;
//! use rolec::tools::testing::run;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
//! let mut out = Vec::new();
//! report(&compiled.sources, &table, &run(&model, &table), &mut out)?;
//! assert_eq!(out, b"1 passed, 0 failed (2 lines)\n");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use crate::render::answer;
use crate::render::escape::one_line;
use crate::source::{Place, Sources};
use crate::table::Table;
use crate::tools::explain::explain;
use crate::tools::testing::{Failure, Report};
use crate::vocab::Time;

/// Writes what failed, and a count.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::testing::report;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
///
/// let wrong = rolec::example::POLICY.replace("editor cannot", "owner cannot");
/// let compiled = compile(Sources::from_iter([("acme.role", wrong)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let mut out = Vec::new();
/// report(&compiled.sources, &table, &run(&model, &table), &mut out)?;
/// let told = String::from_utf8(out)?;
/// assert!(told.starts_with("FAILED \"editors delete nothing\" in acme, acme.role:46:10\n"));
/// // With the line of the policy that decided otherwise.
/// assert!(told.contains("`grant all: full` at acme.role:23:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn report(sources: &Sources, table: &Table, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for outcome in report.outcomes.iter().filter(|outcome| !outcome.failures.is_empty()) {
        let test = outcome.test;
        one_line(
            out,
            &format!("FAILED \"{}\" in {}, {}", test.title, outcome.organization.id, at(sources, test.place)),
        )?;
        for failure in &outcome.failures {
            failed(sources, table, failure, out)?;
        }
        writeln!(out)?;
    }
    let (tests, failed) = (report.outcomes.len(), report.failed());
    one_line(out, &format!("{} passed, {failed} failed ({})", tests - failed, lines(report.assertions())))
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

fn failed(sources: &Sources, table: &Table, failure: &Failure<'_>, out: &mut dyn Write) -> io::Result<()> {
    let line = failure.assertion;
    one_line(out, &format!("  {}: `{}`{}", at(sources, line.place), line.text, when(failure)))?;
    match failure.query.and_then(|query| explain(table, query)) {
        Some(explained) => {
            let mut text = Vec::new();
            answer::answer(table, &explained, &mut text)?;
            String::from_utf8_lossy(&text).lines().try_for_each(|text| one_line(out, &format!("    {text}")))
        }
        None => one_line(out, "    the table does not know what is asked"),
    }
}

/// At which moment, where the line itself does not say.
pub(super) fn when(failure: &Failure<'_>) -> String {
    match (failure.assertion.at, failure.at) {
        (Some(_), _) => String::new(),
        (None, Time(i64::MIN)) if matches!(failure.assertion.subject, crate::model::Subject::Role(_)) => {
            String::new()
        }
        (None, Time(i64::MIN)) => " does not hold at every moment: not at first".to_owned(),
        (None, at) => format!(" does not hold at every moment: not at {at}"),
    }
}

fn at(sources: &Sources, place: Place) -> String {
    let (line, column) = sources.line_column(place);
    let name = sources.file(place.file).map_or("", |file| file.name());
    format!("{name}:{line}:{column}")
}
