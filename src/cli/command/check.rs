//! `check`: every finding, in one run.

use crate::cli::args::{Check, Deny, Format};
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::cli::policy;
use crate::cli::watch::watch;
use crate::diagnostic::{Code, Diagnostics, Severity, nearest};
use crate::lint::Moment;
use crate::pipeline::compile_at;
use crate::render::{Human, json, summary};
use crate::source::Sources;

pub(crate) fn run(args: &Check, out: &Out) -> Result<Exit, Exit> {
    if let Some(code) = &args.explain {
        return explain(code, out);
    }
    if args.watch {
        return watch(&args.paths, || once(args, out));
    }
    once(args, out)
}

fn once(args: &Check, out: &Out) -> Result<Exit, Exit> {
    let now = policy::time(args.at.as_deref())?;
    let compiled = compile_at(files::sources(&args.paths)?, Moment { now: Some(now) });
    let mut findings = compiled.findings;
    if !args.pedantic {
        findings.retain(|finding| !finding.code.is_pedantic());
    }
    print(&compiled.sources, &findings, args.format, out)?;
    let denied = match args.deny {
        Some(Deny::Warnings) => Severity::Warning,
        None => Severity::Error,
    };
    let is_clean = findings.iter().all(|finding| finding.severity() > denied);
    Ok(if is_clean { Exit::Clean } else { Exit::Findings })
}

/// Findings on standard output. People get nothing where there is none, programs always a document.
pub(crate) fn print(
    sources: &Sources,
    findings: &Diagnostics,
    format: Format,
    out: &Out,
) -> Result<(), Exit> {
    match format {
        Format::Json => out.answer(|writer| json::write(&json::Findings::new(sources, findings), writer)),
        Format::Human => {
            let human = Human { sources, color: out.color() };
            out.answer(|writer| {
                human.render(findings, writer)?;
                match summary(findings) {
                    Some(line) => writeln!(writer, "{line}"),
                    None => Ok(()),
                }
            })
        }
    }
}

/// The page of a code.
fn explain(text: &str, out: &Out) -> Result<Exit, Exit> {
    let Some(code) = Code::find(text) else {
        let known = Code::ALL.iter().flat_map(|code| [code.code(), code.slug()]);
        let near: Vec<String> = nearest(text, known).into_iter().map(|near| format!("`{near}`")).collect();
        let hint =
            if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        return Err(complain(Exit::Usage, &format!("there is no finding `{text}`{hint}")));
    };
    out.answer(|writer| writer.write_all(code.page().as_bytes()))?;
    Ok(Exit::Clean)
}
