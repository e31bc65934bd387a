//! `check`: every finding, in one run.

mod mend;

use std::io::{self, Write};

use crate::cli::args::{Check, Deny, Format, Report};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::files::{self, Settings};
use crate::cli::out::{Out, complain};
use crate::cli::policy;
use crate::cli::watch::{Round, watch};
use crate::diagnostic::{Code, Diagnostics, Severity, either, nearest};
use crate::lint::Moment;
use crate::pipeline::{Compilation, Wanted};
use crate::render::{Color, Human, Sarif, github, json, page, summary};
use crate::source::Sources;

pub(crate) fn run(args: &Check, out: &Out) -> Result<Exit, Exit> {
    match &args.explain {
        Some(Some(code)) => return explain(code, out),
        Some(None) => {
            out.answer(page::all)?;
            return Ok(Exit::Clean);
        }
        None => {}
    }
    if args.watch {
        return watch(&args.paths, args.config.as_deref(), out, || round(args, out));
    }
    Ok(round(args, out)?.exit)
}

/// Checks once. An error is that of the output alone, or of the arguments: what cannot be read is an end as others are.
fn round(args: &Check, out: &Out) -> Result<Round, Exit> {
    let tell = |failure: Failure| failure.tell(args.format.of_failures(), out);
    let now = policy::time(args.at.as_deref()).map_err(tell)?;
    let settings = match Settings::of(args.config.as_deref(), &args.paths) {
        Ok(settings) => settings,
        Err(failure) => {
            let exit = tell(failure);
            return Ok(Round { sources: Sources::new(), settings: None, is_read: false, exit });
        }
    };
    // What can be read is checked, whatever cannot.
    let (mut sources, asked, failure) = files::sources_to_fix(&args.paths);
    let moment = Moment { now: Some(now) };
    let mut is_to_mend = false;
    if args.fix {
        let is_whole = failure.is_none();
        (sources, is_to_mend) = mend::mend(args, moment, &settings, (sources, &asked, is_whole), out)?;
    }
    let rosters = match policy::rosters(&args.rows, &args.paths, &mut sources) {
        Ok(rosters) => rosters,
        Err(failure) => {
            let exit = tell(failure);
            return Ok(Round { sources, settings: Some(settings), is_read: false, exit });
        }
    };
    let left_out = settings.left_out(args.pedantic, Severity::Note);
    let wanted = Wanted { moment, has_model: false, has_table: false, left_out };
    let Compilation { mut sources, mut findings, .. } = policy::compile(sources, rosters, wanted);
    let read = sources.clone();
    settings.apply(&mut sources, &mut findings, args.pedantic);
    let unread = failure.as_ref().map(Failure::messages).unwrap_or_default();
    if args.diff {
        mend::tell(&sources, &findings, out)?;
    } else {
        print(&sources, &findings, unread, args.format, out)?;
    }
    if let Some(failure) = failure {
        // The documents have told it.
        let exit = match args.format {
            Report::Json | Report::Sarif => failure.exit(),
            Report::Human | Report::Github => failure.tell(Format::Human, out),
        };
        return Ok(Round { sources: read, settings: Some(settings), is_read: false, exit });
    }
    let denied = match args.deny {
        Some(Deny::Warnings) => Severity::Warning,
        None => Severity::Error,
    };
    let is_clean = findings.iter().all(|finding| finding.severity() > denied);
    let exit = if is_clean && !is_to_mend { Exit::Clean } else { Exit::Findings };
    Ok(Round { sources: read, settings: Some(settings), is_read: true, exit })
}

/// Findings on standard output. People get nothing where there is none, programs always a document.
pub(crate) fn print(
    sources: &Sources,
    findings: &Diagnostics,
    unread: &[String],
    format: impl Into<Report>,
    out: &Out,
) -> Result<(), Exit> {
    match format.into() {
        Report::Json => {
            let document =
                json::Findings { unread: unread.to_vec(), ..json::Findings::new(sources, findings) };
            out.answer(|writer| json::write(&document, writer))
        }
        Report::Sarif => {
            let log = Sarif::new(sources, findings, unread, Code::page);
            out.answer(|writer| json::write(&log, writer))
        }
        Report::Github => {
            out.answer(|writer| github(sources, findings, unread, writer))?;
            out.error(|writer| summarize(findings, writer))
        }
        Report::Human => out.answer(|writer| draw(sources, findings, out.color(), writer)),
    }
}

/// Findings as people read them.
pub(crate) fn draw(
    sources: &Sources,
    findings: &Diagnostics,
    color: Color,
    writer: &mut dyn Write,
) -> io::Result<()> {
    Human { sources, color }.render(findings, writer)?;
    summarize(findings, writer)
}

fn summarize(findings: &Diagnostics, writer: &mut dyn Write) -> io::Result<()> {
    summary(findings).map_or(Ok(()), |line| writeln!(writer, "{line}"))
}

/// The page of a code.
fn explain(text: &str, out: &Out) -> Result<Exit, Exit> {
    let Some(code) = Code::find(text) else {
        let known = Code::ALL.iter().flat_map(|code| [code.code(), code.slug()]);
        let near = nearest(text, known);
        let hint = match near.is_empty() {
            true => "`rolec check --explain` lists them".to_owned(),
            false => format!("did you mean {}?", either(&near)),
        };
        return Err(complain(Exit::Usage, &format!("there is no finding `{text}`; {hint}")));
    };
    out.answer(|writer| page::page(code, code.page(), writer))?;
    Ok(Exit::Clean)
}
