//! `build`: a policy to a compiled table. A policy with errors gives no table.

use crate::cli::args::{Build, Format};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Settings};
use crate::cli::out::{Out, complain};
use crate::cli::policy;
use crate::cli::signing::Seal;
use crate::diagnostic::Severity;
use crate::pipeline::Compilation;

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
    let mut sources = files::sources(&args.paths).map_err(|(_, failure)| failure)?;
    if files::is_among(&sources, &args.output) {
        return wrong(&format!(
            "`{output}` is read as a part of the policy: name another file for the table"
        ));
    }
    let settings = Settings::of(args.config.as_deref(), &args.paths)?;
    let rosters = policy::rosters(&args.rows, &args.paths, &mut sources)?;
    if files::is_among(&sources, &args.output) {
        return wrong(&format!("`{output}` is read as assignments: name another file for the table"));
    }
    let Compilation { mut sources, mut findings, table, .. } = policy::to_table(sources, rosters);
    settings.apply(&mut sources, &mut findings, false);
    // What is only worth knowing is `check`'s to tell.
    findings.retain(|finding| finding.severity() != Severity::Note);
    print(&sources, &findings, &[], args.format, out)?;
    let Some(table) = table else {
        let message = format!("`{output}` was not written: the policy has errors");
        return Err(complain(Exit::Findings, &message).into());
    };
    // It would mean what it says, and nobody should take it as it is.
    if findings.has_errors() {
        let message = format!("`{output}` was not written: the settings are wrong, or deny what is found");
        return Err(complain(Exit::Findings, &message).into());
    }
    let alone = || table.decisions().to_bytes(None);
    let bytes = if args.decisions_only { alone() } else { table.to_bytes() };
    let size = bytes.len();
    let bytes = seal.behind(bytes, &args.output)?;
    // The document on standard output is that of the findings.
    files::write(&args.output, &bytes).map_err(|failure| failure.tell(Format::Human, out))?;
    if args.sizes {
        let decisions = if args.decisions_only { size } else { alone().len() };
        let provenance = size - decisions;
        out.answer(|writer| {
            writeln!(writer, "decisions {decisions:>14} bytes")?;
            writeln!(writer, "provenance {provenance:>13} bytes")
        })?;
    }
    Ok(Exit::Clean)
}
