//! What is asked, as a table: a policy compiled on the spot, or a compiled table read.

use std::path::Path;

use crate::cli::args::Asked;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::eval::WhoText;
use crate::pipeline::compile;
use crate::render::{Human, summary};
use crate::source::{Place, Provenance, SourceFile, Sources, Span};
use crate::table::{LoadError, Table};
use crate::tools::ask::{self, Unasked};
use crate::vocab::Time;

/// The table to ask. A policy with errors and a table that cannot be trusted answer nothing.
pub(crate) fn load(asked: &Asked, out: &Out) -> Result<Table, Exit> {
    match &asked.table {
        Some(path) => table(path, out),
        None => compiled(files::sources(&asked.policy)?, out).map_err(|exit| {
            let message = "nothing is answered while the policy has errors; a table built before still answers \
                           with `--table`";
            if exit == Exit::Undecided { complain(exit, message) } else { exit }
        }),
    }
}

/// The table of a policy; its errors on standard error where there is none.
pub(crate) fn compiled(sources: Sources, out: &Out) -> Result<Table, Exit> {
    let compiled = compile(sources);
    let mut findings = compiled.findings;
    match compiled.table {
        Some(table) => Ok(table),
        None => {
            findings.retain(|finding| finding.severity() == Severity::Error);
            tell(&compiled.sources, &findings, out)?;
            Err(Exit::Undecided)
        }
    }
}

fn table(path: &Path, out: &Out) -> Result<Table, Exit> {
    let bytes = files::read(path)?;
    Table::from_bytes(&bytes).or_else(|error| {
        let mut sources = Sources::new();
        let name = path.to_string_lossy().into_owned();
        let file = sources.push(SourceFile::new(name, Vec::new(), Provenance::Given));
        let place = Place { file, span: Span::new(0, 0) };
        let code = match error {
            LoadError::NotATable { .. } => Code::NoTable,
            LoadError::Version { .. } => Code::TableVersion,
            _ => Code::DamagedTable,
        };
        let mut findings = Diagnostics::new();
        findings.push(Diagnostic::new(code, place, error.to_string()));
        tell(&sources, &findings, out)?;
        Err(Exit::Undecided)
    })
}

/// Findings on standard error, with their number.
pub(crate) fn tell(sources: &Sources, findings: &Diagnostics, out: &Out) -> Result<(), Exit> {
    let human = Human { sources, color: out.error_color() };
    out.error(|writer| {
        human.render(findings, writer)?;
        match summary(findings) {
            Some(line) => writeln!(writer, "{line}"),
            None => Ok(()),
        }
    })
}

/// The time that an argument names; without one, now.
pub(crate) fn time(text: Option<&str>) -> Result<Time, Exit> {
    match text {
        Some(text) => ask::time(text).map_err(|unasked| complain(Exit::Usage, &unasked.sentence())),
        None => Ok(now()),
    }
}

/// Who an argument names.
pub(crate) fn who(text: &str) -> Result<WhoText<'_>, Exit> {
    WhoText::parse(text).map_err(|error| complain(Exit::Usage, &format!("`{text}`: {error}")))
}

/// Says that nothing was asked, for verbs that list: an unknown name and an ambiguous one cannot be decided.
pub(crate) fn unasked(unasked: &Unasked) -> Exit {
    let exit = if matches!(unasked, Unasked::Malformed(_)) { Exit::Usage } else { Exit::Undecided };
    complain(exit, &unasked.sentence())
}

/// The current time: the only place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "the command line may read the clock; the evaluator may not")]
pub(crate) fn now() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Time(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)))
}
