//! `test`: the tests in the policy.

use crate::cli::args::{Format, Test};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::Out;
use crate::diagnostic::Severity;
use crate::pipeline::compile;
use crate::render::{json, testing};
use crate::tools::testing::run as run_tests;

pub(crate) fn run(args: &Test, out: &Out) -> Result<Exit, Exit> {
    let compiled = compile(files::sources(&args.paths)?);
    let (Some(model), Some(table)) = (&compiled.model, &compiled.table) else {
        let mut findings = compiled.findings;
        findings.retain(|finding| finding.severity() == Severity::Error);
        print(&compiled.sources, &findings, args.format, out)?;
        return Ok(Exit::Findings);
    };
    let report = run_tests(model, table);
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::Tests::of(&compiled.sources, table, &report), writer),
        Format::Human => testing::report(&compiled.sources, table, &report, out.color(), writer),
    })?;
    Ok(if report.failed() == 0 { Exit::Clean } else { Exit::Findings })
}
