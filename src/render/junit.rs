//! A run of tests as JUnit XML, which CI servers read: a suite for each organization, a case for each test.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use crate::render::escaped_line;
use crate::render::testing::failed;
use crate::source::Sources;
use crate::table::Table;
use crate::tools::testing::{Outcome, Report};

/// Writes a run of tests.
pub(crate) fn junit(
    sources: &Sources,
    table: &Table,
    report: &Report<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut document = Junit::new("rolec test");
    let mut outcomes: Vec<&Outcome<'_>> = report.outcomes.iter().collect();
    outcomes.sort_by_key(|outcome| &outcome.organization.id);
    for of in outcomes.chunk_by(|a, b| a.organization.id == b.organization.id) {
        let Some(first) = of.first() else { continue };
        // What is hidden is spelled here: XML would hand it on.
        let organization = escaped_line(&first.organization.id);
        let mut suite = TestSuite::new(&*organization);
        for outcome in of {
            let status = status(sources, table, outcome)?;
            let mut case = TestCase::new(&*escaped_line(&outcome.test.title), status);
            case.set_classname(&*organization);
            let place = outcome.test.place;
            let file = sources.file(place.file).map_or("", |file| file.name());
            case.extra.insert("file".into(), (&*escaped_line(file)).into());
            case.extra.insert("line".into(), sources.line_column(place).0.to_string().into());
            suite.add_test_case(case);
        }
        document.add_test_suite(suite);
    }
    document.serialize(out).map_err(io::Error::other)
}

fn status(sources: &Sources, table: &Table, outcome: &Outcome<'_>) -> io::Result<TestCaseStatus> {
    if outcome.is_empty() {
        let mut status = TestCaseStatus::skipped();
        status.set_message("it has no lines, and so it does not pass (R0623)");
        return Ok(status);
    }
    let Some(first) = outcome.failures.first() else { return Ok(TestCaseStatus::success()) };
    let mut text = Vec::new();
    for line in outcome.by_line() {
        failed(sources, table, line, &mut text)?;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(&*escaped_line(&first.assertion.text));
    status.set_description(String::from_utf8_lossy(&text));
    Ok(status)
}
