//! `build`: a policy to a compiled table. A policy with errors gives no table.

use crate::cli::args::{Build, Format};
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::diagnostic::Severity;
use crate::pipeline::compile;

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
    let sources = files::sources(&args.paths).map_err(|(_, failure)| failure)?;
    if files::is_among(&sources, &args.output) {
        return wrong(&format!(
            "`{output}` is read as a part of the policy: name another file for the table"
        ));
    }
    let compiled = compile(sources);
    let mut findings = compiled.findings;
    // What is only worth knowing is `check`'s to tell.
    findings.retain(|finding| finding.severity() != Severity::Note);
    print(&compiled.sources, &findings, &[], args.format, out)?;
    let Some(table) = compiled.table else {
        let message = format!("`{output}` was not written: the policy has errors");
        return Err(complain(Exit::Findings, &message).into());
    };
    // The document on standard output is that of the findings.
    files::write(&args.output, &table.to_bytes()).map_err(|failure| failure.tell(Format::Human, out))?;
    Ok(Exit::Clean)
}
