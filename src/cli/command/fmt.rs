//! `fmt`: policies in the one canonical style, in place. Writes only files that change, and none at all where the
//! policy would mean something else.

use std::path::PathBuf;

use crate::cli::args::{Fmt, Format};
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::diagnostic::{Code, Diagnostics};
use crate::render::formatting::{Outcome, Run, list, summary};
use crate::render::{Human, json, unified};
use crate::source::{FileId, Sources};
use crate::tools::format::{Formatted, format_file, same_policy};

/// A file that is to be formatted.
struct Job {
    file: FileId,
    /// Where it is; nowhere for standard input.
    place: Option<PathBuf>,
    formatted: Formatted,
    outcome: Outcome,
}

pub(crate) fn run(args: &Fmt, out: &Out) -> Result<Exit, Exit> {
    let is_filter = args.paths.iter().any(|path| files::is_stdin(path));
    let is_dry = args.check || args.diff;
    if is_filter && args.paths.len() > 1 {
        return Err(complain(Exit::Usage, "`-` is written to standard output: name it alone"));
    }
    if is_filter && !is_dry && args.format == Format::Json {
        return Err(complain(Exit::Usage, "the answer to `-` is the formatted text: leave `--format` out"));
    }
    let (sources, asked) =
        files::sources_to_format(&args.paths).map_err(|failure| failure.tell(args.format, out))?;
    let mut findings = Diagnostics::new();
    let jobs: Vec<Job> =
        asked.into_iter().filter_map(|(file, place)| job(&sources, file, place, &mut findings)).collect();
    findings.sort();
    let changes = jobs.iter().filter(|job| job.outcome == Outcome::Changed).count();
    if changes > 0 {
        hold(&sources, &jobs)?;
    }
    // Nothing that a reader cannot see reaches a terminal; a finding says where it is.
    let is_hidden = findings.iter().any(|finding| finding.code == Code::HiddenCharacter);
    if !(is_dry || is_filter && is_hidden) {
        jobs.iter().try_for_each(|job| write(&sources, job, args.format, out))?;
    }
    let outcomes: Vec<(FileId, Outcome)> = jobs.iter().map(|job| (job.file, job.outcome)).collect();
    let run = Run { sources: &sources, outcomes: &outcomes, is_dry };
    match args.format {
        Format::Json => {
            out.answer(|writer| json::write(&json::Formatted::of(&run, &findings), writer))?;
        }
        Format::Human => {
            if args.diff {
                jobs.iter().try_for_each(|job| show(&sources, job, out))?;
            } else if args.check {
                out.answer(|writer| list(&run, writer))?;
            }
            if !findings.is_empty() {
                tell(&sources, &findings, out)?;
            }
            if !is_filter {
                out.error(|writer| summary(&run, writer))?;
            }
        }
    }
    let is_clean = findings.is_empty() && (changes == 0 || !is_dry);
    Ok(if is_clean { Exit::Clean } else { Exit::Findings })
}

fn job(sources: &Sources, file: FileId, place: Option<PathBuf>, findings: &mut Diagnostics) -> Option<Job> {
    let source = sources.file(file)?;
    let mut formatted = format_file(source, file);
    findings.append(std::mem::take(&mut formatted.findings));
    let outcome = match formatted.is_refused {
        true => Outcome::Refused,
        false if formatted.text == source.text() => Outcome::Unchanged,
        false => Outcome::Changed,
    };
    Some(Job { file, place, formatted, outcome })
}

/// Holds the policy against the one before: on a difference nothing is written.
fn hold(sources: &Sources, jobs: &[Job]) -> Result<(), Exit> {
    let (mut before, mut after) = (Sources::new(), Sources::new());
    for (id, file) in sources.iter() {
        // What is no text compiles neither before nor after.
        if file.bad_byte().is_some() {
            return Ok(());
        }
        let job = jobs.iter().find(|job| job.file == id);
        before.add(file.name(), file.text());
        after.add(file.name(), job.map_or(file.text(), |job| &job.formatted.text));
    }
    same_policy(before, after).map_err(|difference| {
        complain(
            Exit::Findings,
            &format!(
                "formatting would change what the policy means ({difference}), so nothing was written; this is a \
                 defect of rolec: please report it with the policy"
            ),
        )
    })
}

fn write(sources: &Sources, job: &Job, format: Format, out: &Out) -> Result<(), Exit> {
    let text = &job.formatted.text;
    match (&job.place, job.outcome) {
        (Some(place), Outcome::Changed) => {
            let Some(read) = sources.file(job.file) else { return Ok(()) };
            files::change_one(read, place, text.as_bytes()).map_err(|failure| failure.tell(format, out))
        }
        (None, Outcome::Changed | Outcome::Unchanged) => out.hand_on(text),
        _ => Ok(()),
    }
}

fn show(sources: &Sources, job: &Job, out: &Out) -> Result<(), Exit> {
    let Some(file) = sources.file(job.file).filter(|_| job.outcome == Outcome::Changed) else {
        return Ok(());
    };
    out.answer(|writer| unified(file.name(), file.text(), &job.formatted.text, out.color(), writer))
}

/// Findings on standard error, with their number.
fn tell(sources: &Sources, findings: &Diagnostics, out: &Out) -> Result<(), Exit> {
    let human = Human { sources, color: out.error_color() };
    out.error(|writer| {
        human.render(findings, writer)?;
        match crate::render::summary(findings) {
            Some(line) => writeln!(writer, "{line}"),
            None => Ok(()),
        }
    })
}
