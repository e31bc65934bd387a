//! What is asked, as a table: a policy compiled on the spot, or a compiled table read.

use std::path::{Path, PathBuf};

use crate::cli::args::{Asked, Rows, Times};
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, InRevision, Rosters, RowFiles};
use crate::cli::out::Out;
use crate::cli::trust::{Guard, Term};
use crate::decisions::{Certificate, Decisions, FileError};
use crate::diagnostic::{Code, Codes, Diagnostic, Diagnostics, Severity};
use crate::eval::WhoText;
use crate::model::Model;
use crate::pipeline::{Compilation, Wanted, compile_for};
use crate::reference::Gap;
use crate::render::Human;
use crate::roster::Roster;
use crate::source::{Place, Provenance, SourceFile, Sources, Span};
use crate::table::{LoadError, Table};
use crate::tools::ask;
use crate::vocab::{Period, Time};

/// The table to ask. A policy with errors and a table that cannot be trusted answer nothing.
pub(crate) fn load(asked: &Asked, out: &Out) -> Result<Table, Failure> {
    load_beside(asked, None, out)
}

/// The same for who writes the answer to `output`, which is to be none of the files that are read for it.
pub(crate) fn load_beside(asked: &Asked, output: Option<&Path>, out: &Out) -> Result<Table, Failure> {
    if let Some(path) = &asked.table {
        if let Some(output) = output.filter(|output| files::is_same(path, output)) {
            let message = format!("`{}` is read as the table: name another file", output.display());
            return Err(Failure::of(Reason::Usage, message));
        }
        return table(path, asked.trusted.guard(), out);
    }
    asked.trusted.guard().text("the policy")?;
    let message =
        "nothing is answered while the policy has errors; a table built before still answers with `--table`";
    let built = with_rows(&asked.policy, &asked.rows, message)?;
    output.map_or(Ok(()), |output| files::refuse_source(&built.sources, output, ""))?;
    Ok(built.table)
}

/// The same for who asks it again and again, and how long that may go on.
pub(crate) fn load_for_long<'a>(
    asked: &'a Asked,
    clock: &'a dyn Fn() -> Time,
    out: &Out,
) -> Result<(Table, Term<'a>), Failure> {
    let Some(path) = &asked.table else {
        return Ok((load(asked, out)?, Term::new(None, clock(), None, clock)));
    };
    let guard = asked.trusted.guard();
    let (table, until, time) = loaded(&path.to_string_lossy(), &files::read(path)?, guard, out)?;
    Ok((table, Term::new(until, time, guard.state, clock)))
}

/// A table with what it is made from.
pub(crate) struct Built {
    pub(crate) table: Table,
    pub(crate) sources: Sources,
    pub(crate) rows: RowFiles,
}

/// The table of the policy at `paths` and of its files of assignments. Of one with errors there is none, and `message` says
/// what that means.
pub(crate) fn with_rows(paths: &[PathBuf], rows: &Rows, message: &str) -> Result<Built, Failure> {
    let mut sources = files::sources(paths).map_err(|(_, failure)| failure)?;
    let rosters = rosters(rows, paths, &mut sources)?;
    built(sources, rosters, message)
}

/// The table of a policy alone.
pub(crate) fn compiled(sources: Sources, message: &str) -> Result<Table, Failure> {
    built(sources, Rosters::default(), message).map(|built| built.table)
}

fn built(sources: Sources, rosters: Rosters, message: &str) -> Result<Built, Failure> {
    let (Compilation { table, sources, findings, model: _ }, rows) = to_table(sources, rosters);
    match table {
        Some(table) => Ok(Built { table, sources, rows }),
        None => Err(Failure::with_findings(Reason::Policy, Some(message), sources, findings)),
    }
}

/// The files of assignments that arguments name, beside a policy at `paths`.
pub(crate) fn rosters(args: &Rows, paths: &[PathBuf], sources: &mut Sources) -> Result<Rosters, Failure> {
    files::stdin_once([
        ("the policy", files::borrowed(paths)),
        ("the assignments", files::borrowed(&args.assignments)),
    ])?;
    files::rosters(args, sources)
}

/// Compiles a policy with its files of assignments. The lines of these that findings are about can be shown.
pub(crate) fn compile(sources: Sources, rosters: Rosters, wanted: Wanted) -> Compilation {
    with_lines(rosters, |list| compile_for(sources, list, wanted)).0
}

/// The same for the table and errors alone, with the files of assignments, for who reads them once more.
pub(crate) fn to_table(sources: Sources, rosters: Rosters) -> (Compilation, RowFiles) {
    to_table_but(sources, rosters, errors_alone())
}

/// All that are not errors.
fn errors_alone() -> Codes {
    Codes::of(|code| code.severity() != Severity::Error)
}

/// The same with other findings but those of some sorts.
pub(crate) fn to_table_but(sources: Sources, rosters: Rosters, left_out: Codes) -> (Compilation, RowFiles) {
    let wanted = Wanted { has_model: false, left_out, ..Wanted::all() };
    with_lines(rosters, |list| compile_for(sources, list, wanted))
}

fn with_lines(rosters: Rosters, compile: impl FnOnce(Vec<Roster>) -> Compilation) -> (Compilation, RowFiles) {
    let (list, mut files) = rosters.apart();
    let mut compiled = compile(list);
    files.excerpt(&compiled.findings, &mut compiled.sources);
    (compiled, files)
}

/// A checked policy with the files that it is in.
pub(crate) struct Checked {
    pub(crate) model: Model,
    pub(crate) sources: Sources,
}

/// What names a version of a policy leads to.
enum Named {
    Policy(Sources),
    /// The name and the bytes of a compiled table.
    Table(String, Vec<u8>),
}

const BROKEN: &str = "nothing is told while one of the two policies has errors";

/// The table of a version of a policy: a folder or files, a compiled table, or what is in a git revision. `also` are
/// more files and folders of it.
pub(crate) fn version(
    named: &Path,
    also: &[PathBuf],
    rows: &Rows,
    guard: Guard<'_>,
    out: &Out,
) -> Result<Table, Failure> {
    match found(named, also)? {
        Named::Policy(mut sources) => {
            guard.text(&format!("`{}`", named.display()))?;
            let rosters = files::rosters(rows, &mut sources)?;
            built(sources, rosters, BROKEN).map(|built| built.table)
        }
        Named::Table(name, _) if !rows.assignments.is_empty() => {
            let message = format!("`{name}` is whole: assignments can be added to files and folders only");
            Err(Failure::of(Reason::Usage, message))
        }
        Named::Table(name, bytes) => loaded(&name, &bytes, guard, out).map(|(table, ..)| table),
    }
}

/// The same as all that it says, tests and forbids too: a table does not hold these.
pub(crate) fn checked(named: &Path, also: &[PathBuf], rows: &Rows) -> Result<Checked, Failure> {
    let mut sources = match found(named, also)? {
        Named::Policy(sources) => sources,
        Named::Table(name, _) => {
            let message = format!(
                "`{name}` is a compiled table, which holds no forbids and no tests: name the sources that it was built from"
            );
            return Err(Failure::of(Reason::Usage, message));
        }
    };
    let rosters = files::rosters(rows, &mut sources)?;
    whole(sources, rosters, BROKEN)
}

fn whole(sources: Sources, rosters: Rosters, message: &str) -> Result<Checked, Failure> {
    let wanted = Wanted { has_table: false, left_out: errors_alone(), ..Wanted::all() };
    let Compilation { model, sources, findings, table: _ } = compile(sources, rosters, wanted);
    match model {
        Some(model) => Ok(Checked { model, sources }),
        None => Err(Failure::with_findings(Reason::Policy, Some(message), sources, findings)),
    }
}

fn found(named: &Path, also: &[PathBuf]) -> Result<Named, Failure> {
    let revision = files::in_revision(named.as_os_str());
    let is_table = revision.is_none() && files::is_table(named);
    if !also.is_empty() && (revision.is_some() || is_table) {
        let message =
            format!("`{}` is whole: more files can be added to files and folders only", named.display());
        return Err(Failure::of(Reason::Usage, message));
    }
    Ok(match revision.transpose()? {
        Some(InRevision::Policy(sources)) => Named::Policy(sources),
        Some(InRevision::Table(name, bytes)) => Named::Table(name, bytes),
        None if is_table => Named::Table(named.to_string_lossy().into_owned(), files::read(named)?),
        None => {
            let paths: Vec<PathBuf> = std::iter::once(named.to_owned()).chain(also.iter().cloned()).collect();
            Named::Policy(files::sources(&paths).map_err(|(_, failure)| failure)?)
        }
    })
}

/// A compiled table that passes a guard.
pub(crate) fn table(path: &Path, guard: Guard<'_>, out: &Out) -> Result<Table, Failure> {
    loaded(&path.to_string_lossy(), &files::read(path)?, guard, out).map(|(table, ..)| table)
}

/// The decisions of a compiled table, and nothing else of it. A file that cannot be trusted answers nothing. Who answers
/// by them says first if they are [uncertified](tell_uncertified).
pub(crate) fn decisions(path: &Path, guard: Guard<'_>) -> Result<Decisions, Failure> {
    if guard.is_set() {
        // What is verified is the whole of it.
        let bytes = files::read(path)?;
        let passed = guard.pass(path, &bytes)?;
        return Decisions::from_bytes(passed.table).map_err(|error| untrusted(path, &LoadError::File(error)));
    }
    let (mut file, length) = files::open_table(path)?;
    match Decisions::read(&mut file, length) {
        Ok(decisions) => decisions.map_err(|error| untrusted(path, &LoadError::File(error))),
        Err(error) => Err(files::unreadable(&path.to_string_lossy(), &error)),
    }
}

/// The table, until when it may be asked, and the latest time that was seen.
fn loaded(
    name: &str,
    bytes: &[u8],
    guard: Guard<'_>,
    out: &Out,
) -> Result<(Table, Option<Time>, Time), Failure> {
    let path = Path::new(name);
    let passed = guard.pass(path, bytes)?;
    let table = Table::from_bytes(passed.table).map_err(|error| untrusted(path, &error))?;
    tell_uncertified(name, table.certificate(), ASKED, out)?;
    Ok((table, passed.until, passed.time))
}

/// What is said of a table without a certificate, and what to do: where it is asked …
pub(crate) const ASKED: [&str; 2] = [
    "the table is not certified: nobody has compared its cells with its sources",
    "build it without `--no-certify`, or compare it now with `rolec verify`",
];
/// … and where it is compared just now, which writes nothing into it.
pub(crate) const COMPARED: [&str; 2] = [
    "the table holds no certificate: what is compared here is for this moment alone",
    "build it without `--no-certify`",
];

/// Says of a table if it holds no certificate. It answers all the same.
pub(crate) fn tell_uncertified(
    name: &str,
    certificate: Option<Certificate>,
    [message, help]: [&str; 2],
    out: &Out,
) -> Result<(), Failure> {
    if certificate.is_some() {
        return Ok(());
    }
    let (sources, finding) = about_table(Path::new(name), Code::UncertifiedTable, message.to_owned());
    tell(&sources, finding.help(help), out)
}

/// Says of a table that was built why it is not certified.
pub(crate) fn tell_gap(path: &Path, gap: &Gap, out: &Out) -> Result<(), Failure> {
    let message = format!("the table is not certified: its sources could not be followed: {gap}");
    let (sources, finding) = about_table(path, Code::UncertifiedTable, message);
    tell(&sources, finding.help("this is a defect of rolec: please report it with the policy"), out)
}

/// Tells a finding that stands in no way.
fn tell(sources: &Sources, finding: Diagnostic, out: &Out) -> Result<(), Failure> {
    let mut findings = Diagnostics::new();
    findings.push(finding);
    let human = Human { sources, color: out.error_color() };
    Ok(out.error(|writer| human.render(&findings, writer))?)
}

/// A finding about a table as a whole.
pub(crate) fn about_table(path: &Path, code: Code, message: String) -> (Sources, Diagnostic) {
    let mut sources = Sources::new();
    let name = path.to_string_lossy().into_owned();
    let file = sources.push(SourceFile::new(name, Vec::new(), Provenance::Given));
    (sources, Diagnostic::new(code, Place { file, span: Span::new(0, 0) }, message))
}

/// That a table cannot be asked, as a finding.
pub(crate) fn untrusted(path: &Path, error: &LoadError) -> Failure {
    let code = match error {
        LoadError::File(FileError::NotATable { .. }) => Code::NoTable,
        LoadError::File(FileError::Version { .. }) => Code::TableVersion,
        LoadError::NoProvenance => Code::DecisionsAlone,
        _ => Code::DamagedTable,
    };
    refused(path, code, error.to_string(), None)
}

/// That a file is not taken for a table, or not trusted, as a finding.
pub(crate) fn refused(path: &Path, code: Code, message: String, help: Option<String>) -> Failure {
    let (sources, finding) = about_table(path, code, message);
    let mut findings = Diagnostics::new();
    findings.push(match help {
        Some(help) => finding.help(help),
        None => finding,
    });
    Failure::with_findings(Reason::Table, None, sources, findings)
}

/// The time that an argument names; without one, now.
pub(crate) fn time(text: Option<&str>) -> Result<Time, Failure> {
    match text {
        Some(text) => ask::time(text).map_err(|unasked| Failure::from(&unasked)),
        None => Ok(now()),
    }
}

/// The moment or the period that arguments name; without any, now.
pub(crate) fn period(times: &Times) -> Result<Period, Failure> {
    if let Some(text) = &times.during {
        return ask::period(text).map_err(|unasked| Failure::from(&unasked));
    }
    if times.from.is_none() && times.until.is_none() {
        return time(times.at.as_deref()).map(Period::moment);
    }
    let given = |text: &Option<String>| text.as_deref().map(|text| time(Some(text))).transpose();
    let (from, until) = (given(&times.from)?, given(&times.until)?);
    Period::new(from, until).ok_or_else(|| {
        Failure::of(
            Reason::Usage,
            "no moment is from `--from` until `--until`: a period ends after it begins",
        )
    })
}

/// Who an argument names.
pub(crate) fn who(text: &str) -> Result<WhoText<'_>, Failure> {
    WhoText::parse(text).map_err(|error| Failure::of(Reason::Usage, format!("`{text}`: {error}")))
}

/// The id of the role that an argument names: `role:tier1` and `"Billing Reader"` say the same here as elsewhere.
pub(crate) fn role(text: &str) -> Result<String, Failure> {
    let named = if text.starts_with("role:") { text.to_owned() } else { format!("role:{text}") };
    match WhoText::parse(&named) {
        Ok(WhoText::Role(name) | WhoText::Principal(name)) => Ok(name.into_owned()),
        Err(error) => Err(Failure::of(Reason::Usage, format!("`{text}`: {error}"))),
    }
}

/// The current time: the only place that reads the clock for what is told or decided.
#[expect(clippy::disallowed_methods, reason = "the command line may read the clock; the evaluator may not")]
pub(crate) fn now() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = Time(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)));
    // A later one could not be written, nor be read again.
    now.min(Time::LAST)
}
