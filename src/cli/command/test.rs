//! `test`: the tests in the policy, all of them or those that are chosen. A choice of none is no success.

use crate::cli::args::{Format, Test};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Settings};
use crate::cli::out::{Out, complain};
use crate::diagnostic::{Severity, either};
use crate::model::Model;
use crate::pipeline::{Compilation, compile};
use crate::render::{json, testing};
use crate::tools::ask;
use crate::tools::testing::{Chosen, run_chosen};

pub(crate) fn run(args: &Test, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &Test, out: &Out) -> Result<Exit, Failure> {
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
            if args.format == Format::Json {
                return Err(Failure::with_findings(Reason::OwnPolicy, Some(message), sources, findings));
            }
            print(&sources, &findings, &[], args.format, out)?;
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
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::Tests::of(&sources, table, &report), writer),
        Format::Human => testing::report(&sources, table, &report, out.color(), writer),
    })?;
    Ok(if report.failed() == 0 { Exit::Clean } else { Exit::Findings })
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
