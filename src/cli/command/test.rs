//! `test`: the tests in the policy, all of them or those that are chosen. A choice of none is no success.

use std::io;

use crate::cli::args::{Format, Test, TestFormat};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Settings};
use crate::cli::out::{Out, complain, failed};
use crate::cli::policy;
use crate::cli::watch::{Round, watch};
use crate::diagnostic::{Severity, either};
use crate::model::Model;
use crate::pipeline::{Compilation, Wanted};
use crate::render::{coverage, json, junit, testing};
use crate::source::Sources;
use crate::tools::ask;
use crate::tools::testing::{self as tools, Chosen, run_chosen};

pub(crate) fn run(args: &Test, out: &Out) -> Result<Exit, Exit> {
    if args.watch {
        return watch(&args.paths, args.config.as_deref(), out, || round(args, out));
    }
    Ok(round(args, out)?.exit)
}

/// Runs the tests once. An error is that of the output alone: what gives no answer is an end as others are.
fn round(args: &Test, out: &Out) -> Result<Round, Exit> {
    let tell = |failure: Failure| failure.tell(args.format.of_failures(), out);
    let sources = match files::sources(&args.paths) {
        Ok(sources) => sources,
        Err((sources, failure)) => {
            let settings = Settings::of(args.config.as_deref(), &args.paths).ok();
            return Ok(Round { sources, settings, is_read: false, exit: tell(failure) });
        }
    };
    let settings = match Settings::of(args.config.as_deref(), &args.paths) {
        Ok(settings) => settings,
        Err(failure) => return Ok(Round { sources, settings: None, is_read: false, exit: tell(failure) }),
    };
    let read = sources.clone();
    let exit = match answer(args, sources, &settings, out) {
        Ok(exit) => exit,
        Err(Failure::Told(exit)) => return Err(exit),
        Err(untold) => tell(untold),
    };
    Ok(Round { sources: read, settings: Some(settings), is_read: true, exit })
}

fn answer(args: &Test, mut sources: Sources, settings: &Settings, out: &Out) -> Result<Exit, Failure> {
    if let Some(path) = &args.lcov {
        files::refuse_source(&sources, path, " for the coverage")?;
    }
    let least = args.fail_under.as_deref().map(percent).transpose()?;
    let rosters = policy::rosters(&args.rows, &args.paths, &mut sources)?;
    let left_out = settings.left_out(false, Severity::Error);
    let compiled = policy::compile(sources, rosters, Wanted { left_out, ..Wanted::all() });
    let Compilation { mut sources, mut findings, model, table, .. } = compiled;
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
            return Ok(complain(Exit::Findings, message));
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
    let mut parts: Vec<Vec<u8>> = Vec::new();
    if let Some(covered) = covered.as_ref().filter(|_| args.coverage) {
        parts.push(text(|writer| coverage::coverage(covered, writer))?);
    }
    if let Some(mutated) = &mutated {
        parts.push(text(|writer| coverage::mutation(&sources, mutated, writer))?);
    }
    out.answer(|writer| match args.format {
        TestFormat::Json => {
            let document = json::Tests::of(&sources, table, &report);
            let document = document.with(&sources, covered.as_ref(), mutated.as_ref());
            json::write(&document, writer)
        }
        TestFormat::Junit => junit(&sources, table, &report, writer),
        TestFormat::Human => {
            testing::report(&sources, table, &report, out.color(), writer)?;
            for part in &parts {
                writeln!(writer)?;
                writer.write_all(part)?;
            }
            Ok(())
        }
    })?;
    // The report for a CI server has no place for it: the log has.
    if args.format == TestFormat::Junit {
        out.error(|writer| writer.write_all(&parts.join(&b'\n')))?;
    }
    if let (Some(path), Some(covered)) = (&args.lcov, &covered) {
        let bytes = text(|writer| coverage::lcov(&sources, covered, writer))?;
        // The document on standard output is that of the tests.
        if let Err(failure) = files::write(path, &bytes) {
            return Ok(failure.tell(Format::Human, out));
        }
    }
    if args.mutation && mutated.is_none() {
        return Ok(complain(Exit::Findings, "no change is tried while a test fails"));
    }
    if let (Some(least), Some(covered)) = (least, &covered)
        && covered.total().is_below(least)
    {
        let message = format!("tests speak of {} permissions, and {least} % are asked for", covered.total());
        return Ok(complain(Exit::Findings, &message));
    }
    Ok(if report.failed() == 0 { Exit::Clean } else { Exit::Findings })
}

/// What is written, kept until it is known where it goes.
fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<Vec<u8>, Exit> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| failed(&error))?;
    Ok(bytes)
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
