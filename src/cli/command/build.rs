//! `build`: a policy to a compiled table, compared with the policy before it is put in its place. A policy with errors
//! gives no table.

use std::time::{Duration, Instant};

use crate::cli::args::{Build, Format};
use crate::cli::certified::{Certified, Refused, certify_staged};
use crate::cli::command::check::{draw, print};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Cache, Hash, RowFiles, Settings, Staged};
use crate::cli::out::{Out, complain, failed};
use crate::cli::policy;
use crate::cli::signing::Seal;
use crate::decisions::Certificate;
use crate::diagnostic::{Diagnostics, Severity};
use crate::pipeline::Compilation;
use crate::render::{Color, json};
use crate::source::Sources;
use crate::table::Table;

pub(crate) fn run(args: &Build, out: &Out) -> Result<Exit, Exit> {
    build(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn build(args: &Build, out: &Out) -> Result<Exit, Failure> {
    let output = args.output.display();
    let wrong = |message: &str| Err(Failure::of(Reason::Usage, message));
    if files::is_stdin(&args.output) {
        return wrong("a table goes to a file: name one that ends in .rolec");
    }
    if args.output.extension().is_some_and(|extension| extension == "role") {
        return wrong(&format!("`{output}` is named like a policy: a table ends in .rolec"));
    }
    if args.sizes && args.format == Format::Json {
        return wrong(
            "the document on standard output is that of the findings: ask for the sizes without it",
        );
    }
    let seal = Seal::of(&args.signing, &args.output)?;
    let settings = Settings::of(args.config.as_deref(), &args.paths)?;
    if settings.place().is_some_and(|place| files::is_same(&place, &args.output)) {
        return wrong(&format!("`{output}` has the settings of the run: name another file for the table"));
    }
    let cache = begin(args, &settings, out)?;
    if let Some(told) = cache.as_ref().and_then(|cache| cache.told(&args.output)) {
        out.answer(|writer| writer.write_all(&told))?;
        return Ok(Exit::Clean);
    }
    let mut sources = files::sources(&args.paths).map_err(|(_, failure)| failure)?;
    files::refuse_source(&sources, &args.output, " for the table")?;
    let rosters = policy::rosters(&args.rows, &args.paths, &mut sources)?;
    if !args.rows.assignments.is_empty() && files::is_among(&sources, &args.output) {
        return wrong(&format!("`{output}` is read as assignments: name another file for the table"));
    }
    let begun = Instant::now();
    let (Compilation { mut sources, mut findings, table, .. }, mut rows) =
        policy::to_table_but(sources, rosters, settings.left_out(false, Severity::Warning));
    settings.apply(&mut sources, &mut findings, false);
    // What is only worth knowing is `check`'s to tell.
    findings.retain(|finding| finding.severity() != Severity::Note);
    let is_policy = table.is_some();
    let table = table.filter(|_| !findings.has_errors());
    let written = table.map(|table| Written::new(args, table, &sources, &mut rows, &seal));
    if let Some(Err(Refused::Defect(defect))) = &written {
        findings.push((**defect).clone());
    }
    let told = tell(&sources, &findings, cache.is_some(), args.format, out)?;
    let written = match written {
        Some(Ok(written)) => written,
        // The document on standard output is that of the findings.
        Some(Err(Refused::Failed(failure))) => return Err(failure.tell(Format::Human, out).into()),
        Some(Err(Refused::Defect(_))) => {
            let message = format!("`{output}` was not written: it would not be what the policy says");
            return Err(complain(Exit::Undecided, &message).into());
        }
        None if !is_policy => {
            let message = format!("`{output}` was not written: the policy has errors");
            return Err(complain(Exit::Findings, &message).into());
        }
        // It would mean what it says, and nobody should take it as it is.
        None => {
            let message =
                format!("`{output}` was not written: the settings are wrong, or deny what is found");
            return Err(complain(Exit::Findings, &message).into());
        }
    };
    let Written { staged, certified, decisions, provenance, hash } = written;
    files::finish(staged).map_err(|failure| failure.tell(Format::Human, out))?;
    if let Some(gap) = &certified.gap {
        policy::tell_gap(&args.output, gap, out)?;
    } else if let (Some(cache), Some(hash)) = (&cache, hash) {
        // What is told on standard error is not remembered, and is told again.
        remember(args, cache, &sources, hash, &told).map_err(|failure| failure.tell(Format::Human, out))?;
    }
    if args.sizes {
        let cells = certified.certificate.map_or(0, Certificate::cells);
        out.answer(|writer| {
            writeln!(writer, "decisions {decisions:>14} bytes")?;
            writeln!(writer, "provenance {provenance:>13} bytes")?;
            writeln!(writer, "certified {cells:>14} cells")
        })?;
        if !args.no_certify {
            let line = share(&certified, begun.elapsed());
            out.error(|writer| writeln!(writer, "{line}"))?;
        }
    }
    Ok(Exit::Clean)
}

/// The memory of builds, where there is to be one.
fn begin(args: &Build, settings: &Settings, out: &Out) -> Result<Option<Cache>, Failure> {
    let Some(place) = &args.cache else { return Ok(None) };
    if place.extension().is_some_and(|extension| extension == "role") {
        let message =
            format!("`{}` is named like a policy: name another file for the cache", place.display());
        return Err(Failure::of(Reason::Usage, message));
    }
    if files::is_same_place(place, &args.output)
        || settings.place().is_some_and(|settings| files::is_same(&settings, place))
    {
        let message =
            format!("`{}` is another file of this build: name one for the cache alone", place.display());
        return Err(Failure::of(Reason::Usage, message));
    }
    let [name, text] = settings.said();
    let output = args.output.as_os_str().as_encoded_bytes();
    let flags = [
        args.decisions_only,
        args.no_certify,
        args.config.is_some(),
        args.format == Format::Json,
        out.color() == Color::Always,
    ];
    let flags = flags.map(u8::from);
    Cache::begin(place, &args.paths, &[output, &flags, name, text]).map(Some)
}

/// Prints findings; gives what was printed where it is to be remembered.
fn tell(
    sources: &Sources,
    findings: &Diagnostics,
    is_kept: bool,
    format: Format,
    out: &Out,
) -> Result<Vec<u8>, Exit> {
    let mut told = Vec::new();
    if !is_kept {
        print(sources, findings, &[], format, out)?;
        return Ok(told);
    }
    let drawn = match format {
        Format::Human => draw(sources, findings, out.color(), &mut told),
        Format::Json => json::write(&json::Findings::new(sources, findings), &mut told),
    };
    drawn.map_err(|error| failed(&error))?;
    out.answer(|writer| writer.write_all(&told))?;
    Ok(told)
}

/// Remembers a build whose table is in its place.
fn remember(args: &Build, cache: &Cache, sources: &Sources, table: Hash, told: &[u8]) -> Result<(), Failure> {
    // A link that led nowhere before leads to the table now.
    if args.cache.as_ref().is_some_and(|place| files::is_same(place, &args.output)) {
        return Ok(());
    }
    cache.keep(sources, &args.output, table, told)
}

/// A table beside its place, compared with its sources.
struct Written {
    staged: Staged,
    certified: Certified,
    /// Bytes of the file with its decisions alone, and those behind them.
    decisions: usize,
    provenance: usize,
    /// Of its bytes, where they are to be remembered.
    hash: Option<Hash>,
}

impl Written {
    fn new(
        args: &Build,
        table: Table,
        sources: &Sources,
        rows: &mut RowFiles,
        seal: &Seal,
    ) -> Result<Self, Refused> {
        let mut decisions = 0;
        let write = || {
            let alone = || table.decisions().to_bytes(None);
            let bytes = if args.decisions_only { alone() } else { table.to_bytes() };
            decisions = if args.decisions_only || !args.sizes { bytes.len() } else { alone().len() };
            // What is compared is what is read back.
            drop(table);
            Staged::begin(&args.output, &bytes).map(|staged| (staged, bytes))
        };
        let (mut staged, bytes, certified) = if args.no_certify {
            let (staged, bytes) = write().map_err(Refused::Failed)?;
            (staged, bytes, Certified::default())
        } else {
            certify_staged(write, sources, rows)?
        };
        let provenance = bytes.len() - decisions;
        let hash = args.cache.as_ref().map(|_| files::hash(&bytes));
        // What is signed has its certificate.
        seal.put_behind(&mut staged, bytes, &args.output).map_err(Refused::Failed)?;
        Ok(Self { staged, certified, decisions, provenance, hash })
    }
}

/// What the comparison took of a build.
fn share(certified: &Certified, all: Duration) -> String {
    let Certified { reading, comparing, .. } = certified;
    let [reading, comparing, all] = [*reading, *comparing, all].map(|time| time.as_secs_f64() * 1e3);
    let took = reading + comparing;
    format!(
        "certified in {took:.1} ms, {:.0} % of the build: {reading:.1} ms to read the policy again while the table is \
         written and read back, {comparing:.1} ms to compare its cells",
        100.0 * took / all.max(f64::MIN_POSITIVE)
    )
}
