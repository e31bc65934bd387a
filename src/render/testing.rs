//! A run of tests for people: what failed, each with the line that decided, and a count.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::Color;
//! use rolec::render::testing::report;
//! use rolec::source::Sources;
//! use rolec::tools::testing::run;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
//! let mut out = Vec::new();
//! report(&compiled.sources, &table, &run(&model, &table), Color::Never, &mut out)?;
//! assert_eq!(out, b"1 passed, 0 failed (2 lines)\n");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use crate::diagnostic::Severity;
use crate::model::Claim;
use crate::render::escape::one_line;
use crate::render::human::painted;
use crate::render::{Color, answer};
use crate::source::{Place, Sources};
use crate::table::Table;
use crate::tools::explain::{Asked, Explanation, OF_MANY, explain_at_most};
use crate::tools::testing::{Failure, Report};
use crate::vocab::Time;

/// Writes what failed and what shows nothing, and a count.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::Color;
/// use rolec::render::testing::report;
/// use rolec::source::Sources;
/// use rolec::tools::testing::run;
///
/// let wrong = rolec::example::POLICY.replace("editor cannot", "owner cannot");
/// let compiled = compile(Sources::from_iter([("acme.role", wrong)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let mut out = Vec::new();
/// report(&compiled.sources, &table, &run(&model, &table), Color::Never, &mut out)?;
/// let told = String::from_utf8(out)?;
/// assert!(told.starts_with("FAILED \"editors delete nothing\" in acme, acme.role:46:10\n"));
/// // With the line of the policy that decided otherwise.
/// assert!(told.contains("`grant all: full` at acme.role:23:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn report(
    sources: &Sources,
    table: &Table,
    report: &Report<'_>,
    color: Color,
    out: &mut dyn Write,
) -> io::Result<()> {
    for outcome in &report.outcomes {
        let (severity, word) = match (outcome.is_empty(), outcome.failures.is_empty()) {
            (true, _) => (Severity::Warning, "EMPTY"),
            (false, true) => continue,
            (false, false) => (Severity::Error, "FAILED"),
        };
        let (test, organization) = (outcome.test, &outcome.organization.id);
        write!(out, "{}", painted(word, severity, color))?;
        one_line(out, &format!(" \"{}\" in {organization}, {}", test.title, at(sources, test.place)))?;
        if outcome.is_empty() {
            writeln!(out, "  it has no lines, and so it does not pass (R0623)")?;
        }
        for line in outcome.by_line() {
            failed(sources, table, line, out)?;
        }
        writeln!(out)?;
    }
    let counts = [
        (report.passed(), "passed", Severity::Note),
        (report.failed(), "failed", Severity::Error),
        (report.empty(), "empty", Severity::Warning),
    ];
    // The colour of a count says that there are such.
    let counts = counts.iter().filter(|(count, word, _)| *count > 0 || *word != "empty").map(
        |(count, word, severity)| match count {
            0 => format!("0 {word}"),
            _ => painted(&format!("{count} {word}"), *severity, color),
        },
    );
    let left_out = match report.left_out {
        0 => String::new(),
        count => format!(", {count} left out"),
    };
    writeln!(out, "{} ({}){left_out}", counts.collect::<Vec<_>>().join(", "), lines(report.assertions()))
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// How many are told of those that are missing in a line with `only`, or too many.
const TOLD: usize = 8;

/// Writes a line that does not hold: of whom it does not, and why.
pub(super) fn failed(
    sources: &Sources,
    table: &Table,
    failures: &[Failure<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(first) = failures.first() else { return Ok(()) };
    let line = first.assertion;
    if line.claim.subject().is_some() {
        let held = held(table, first).map_or_else(String::new, |held| format!(": `{held}` is held"));
        let when = when(first, " does not hold");
        let text = format!("  {}: `{}`{when}{held}", at(sources, line.place), line.text);
        one_line(out, &text)?;
        return why(table, first, "    ", out);
    }
    one_line(out, &format!("  {}: `{}`", at(sources, line.place), line.text))?;
    for failure in failures.iter().take(TOLD) {
        let wrong = if line.claim.grants(failure.subject) { "missing" } else { "too many" };
        one_line(out, &format!("    {wrong}: `{}`{}", failure.name, when(failure, "")))?;
        why(table, failure, "      ", out)?;
    }
    match failures.len().saturating_sub(TOLD) {
        0 => Ok(()),
        more => one_line(out, &format!("    and {more} more")),
    }
}

fn why(table: &Table, failure: &Failure<'_>, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let explained = explained(table, failure);
    if explained.is_empty() {
        return one_line(out, &format!("{indent}the table does not know what is asked"));
    }
    let times = std::iter::once(None).chain(failure.later.iter().map(|query| Some(query.at)));
    for (explained, when) in explained.iter().zip(times) {
        let mut text = Vec::new();
        answer::answer(table, explained, &mut text)?;
        for (index, text) in String::from_utf8_lossy(&text).lines().enumerate() {
            let when = when.filter(|_| index == 0).map(|at| format!("at {at}, ")).unwrap_or_default();
            one_line(out, &format!("{indent}{when}{text}"))?;
        }
    }
    Ok(())
}

/// The answers that a line got instead: at the first moment at which it does not hold, and where more of it is held
/// later, then.
pub(super) fn explained<'t>(table: &'t Table, failure: &Failure<'_>) -> Vec<Explanation<'t>> {
    let asked = if failure.is_throughout() { Asked::Throughout } else { Asked::Once };
    let queries = failure.query.iter().chain(&failure.later);
    queries.filter_map(|query| explain_at_most(table, *query, asked, OF_MANY)).collect()
}

/// The level that is held where a cell says another.
pub(super) fn held(table: &Table, failure: &Failure<'_>) -> Option<String> {
    let permission = failure.query?.permission;
    let row = table.catalog_view(permission.catalog())?.row(permission.row())?;
    matches!(failure.assertion.claim, Claim::Exactly(_)).then(|| row.shape().level(failure.held))
}

/// When it does not hold, where the line itself does not say.
fn when(failure: &Failure<'_>, what: &str) -> String {
    if !failure.is_throughout() {
        return String::new();
    }
    let when = match (failure.at, failure.until) {
        (Time(i64::MIN), None) => return format!("{what} at any moment"),
        (Time(i64::MIN), Some(until)) => format!("before {until}"),
        (at, None) => format!("from {at} on"),
        (at, Some(until)) => format!("from {at} until {until}"),
    };
    format!("{what} {when}; without `at` a line speaks of every moment")
}

pub(super) fn at(sources: &Sources, place: Place) -> String {
    let (line, column) = sources.line_column(place);
    let name = sources.file(place.file).map_or("", |file| file.name());
    format!("{name}:{line}:{column}")
}
