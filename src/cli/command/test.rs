//! `test`: the tests in the policy, all of them or those that are chosen. A choice of none is no success.

use crate::cli::args::{Format, Test, TestFormat};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Settings};
use crate::cli::out::{Out, complain, failed};
use crate::diagnostic::{Severity, either};
use crate::model::Model;
use crate::pipeline::{Compilation, compile};
use crate::render::{coverage, json, junit, testing};
use crate::tools::ask;
use crate::tools::testing::{self as tools, Chosen, run_chosen};

pub(crate) fn run(args: &Test, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format.of_failures(), out))
}

fn answer(args: &Test, out: &Out) -> Result<Exit, Failure> {
    let least = args.fail_under.as_deref().map(percent).transpose()?;
    let sources = files::sources(&args.paths).map_err(|(_, failure)| failure)?;
    let settings = Settings::of(args.config.as_deref(), &args.paths)?;
    let Compilation { mut sources, mut findings, model, table, .. } = compile(sources);
    settings.apply(&mut sources, &mut findings, false);
    // What is no error is `check`'s to tell.
    findings.retain(|finding| finding.severity() == Severity::Error);
    let compiled = model.zip(table);
    let (model, table) = match &compiled {
        Some((model, table)) if !findings.has_errors() => (model, table),
        compiled => {
            let message = match compiled {
                None => "no test is run while the policy has errors",
                Some(_) => "no test is run: the settings are wrong, or deny what is found",
            };
            if args.format == TestFormat::Json {
                return Err(Failure::with_findings(Reason::OwnPolicy, Some(message), sources, findings));
            }
            print(&sources, &findings, &[], Format::Human, out)?;
            return Err(complain(Exit::Findings, message).into());
        }
    };
    let organization = match &args.org {
        Some(id) => Some(ask::organization(table, Some(id)).map_err(|unasked| Failure::from(&unasked))?.id()),
        None => None,
    };
    let chosen = Chosen { organization, filters: &args.filter, is_exact: args.exact };
    // Of several the first is told: it is mended, and the run asked for again.
    if let Some(filter) = chosen.unmatched(model).next() {
        return Err(no_test(&chosen, model, filter));
    }
    let report = run_chosen(model, table, &chosen);
    let covered =
        (args.coverage || least.is_some() || args.lcov.is_some()).then(|| tools::coverage(model, &sources));
    // What a change would make fail is not known where it fails already.
    let mutated = (args.mutation && report.failed() == 0).then(|| tools::mutation(model, &sources));
    out.answer(|writer| match args.format {
        TestFormat::Json => {
            let document = json::Tests::of(&sources, table, &report);
            let document = document.with(&sources, covered.as_ref(), mutated.as_ref());
            json::write(&document, writer)
        }
        TestFormat::Junit => junit(&sources, table, &report, writer),
        TestFormat::Human => {
            testing::report(&sources, table, &report, out.color(), writer)?;
            if let Some(covered) = covered.as_ref().filter(|_| args.coverage) {
                writeln!(writer)?;
                coverage::coverage(covered, writer)?;
            }
            if let Some(mutated) = &mutated {
                writeln!(writer)?;
                coverage::mutation(&sources, mutated, writer)?;
            }
            Ok(())
        }
    })?;
    if let (Some(path), Some(covered)) = (&args.lcov, &covered) {
        let mut bytes = Vec::new();
        coverage::lcov(&sources, covered, &mut bytes).map_err(|error| failed(&error))?;
        files::write(path, &bytes)?;
    }
    if args.mutation && mutated.is_none() {
        return Err(complain(Exit::Findings, "no change is tried while a test fails").into());
    }
    if let (Some(least), Some(covered)) = (least, &covered)
        && covered.total().is_below(least)
    {
        let message = format!("tests speak of {} permissions, and {least} % are asked for", covered.total());
        return Err(complain(Exit::Findings, &message).into());
    }
    Ok(if report.failed() == 0 { Exit::Clean } else { Exit::Findings })
}

/// A share in percent.
fn percent(text: &str) -> Result<f64, Failure> {
    match text.trim_end_matches('%').parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err(Failure::of(
            Reason::Usage,
            format!("`{text}` is no share in percent: it is a number from 0 to 100"),
        )),
    }
}

/// That no test has what a filter says.
fn no_test(chosen: &Chosen<'_>, model: &Model, filter: &str) -> Failure {
    let of = chosen.organization.map_or_else(String::new, |id| format!(" of organization `{id}`"));
    let what = match chosen.is_exact {
        true => format!("no test{of} has the title `{filter}`"),
        false => format!("no test{of} has `{filter}` in its title"),
    };
    let near = chosen.near(model, filter);
    // What another organization has is spelled as it should be.
    let hint = match (chosen.elsewhere(model, filter).as_slice(), near.as_slice()) {
        ([], []) => String::new(),
        ([], near) => format!("; did you mean {}?", either(near)),
        ([only], _) => format!("; organization `{only}` has one"),
        ([first, rest @ ..], _) => {
            format!("; organization `{first}` has one, and so have {} more", rest.len())
        }
    };
    Failure::of(Reason::UnknownTest, what + &hint).with_near(near)
}
