//! `test`: the tests in the policy.

use crate::cli::args::{Format, Test};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::Out;
use crate::diagnostic::Severity;
use crate::pipeline::compile;
use crate::render::{json, testing};
use crate::tools::testing::run as run_tests;

pub(crate) fn run(args: &Test, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &Test, out: &Out) -> Result<Exit, Failure> {
    let mut compiled = compile(files::sources(&args.paths).map_err(|(_, failure)| failure)?);
    let (Some(model), Some(table)) = (&compiled.model, &compiled.table) else {
        if args.format == Format::Json {
            let message = "no test is run while the policy has errors";
            let (sources, findings) = (compiled.sources, compiled.findings);
            return Err(Failure::with_findings(Reason::OwnPolicy, Some(message), sources, findings));
        }
        compiled.findings.retain(|finding| finding.severity() == Severity::Error);
        print(&compiled.sources, &compiled.findings, &[], args.format, out)?;
        return Ok(Exit::Findings);
    };
    let report = run_tests(model, table);
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::Tests::of(&compiled.sources, table, &report), writer),
        Format::Human => testing::report(&compiled.sources, table, &report, out.color(), writer),
    })?;
    Ok(if report.failed() == 0 { Exit::Clean } else { Exit::Findings })
}
