//! `build`: a policy to a compiled table. A policy with errors gives no table.

use crate::cli::args::Build;
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::diagnostic::Severity;
use crate::pipeline::compile;

pub(crate) fn run(args: &Build, out: &Out) -> Result<Exit, Exit> {
    let output = args.output.display();
    let wrong = |message: &str| Err(complain(Exit::Usage, message));
    if files::is_stdin(&args.output) {
        return wrong("a table goes to a file: name one that ends in .rolec");
    }
    if args.output.extension().is_some_and(|extension| extension == "role") {
        return wrong(&format!("`{output}` is named like a policy: a table ends in .rolec"));
    }
    let sources = files::sources(&args.paths)?;
    if files::is_among(&sources, &args.output) {
        return wrong(&format!(
            "`{output}` is read as a part of the policy: name another file for the table"
        ));
    }
    let compiled = compile(sources);
    let mut findings = compiled.findings;
    // What is only worth knowing is `check`'s to tell.
    findings.retain(|finding| finding.severity() != Severity::Note);
    print(&compiled.sources, &findings, args.format, out)?;
    let Some(table) = compiled.table else {
        let message = format!("`{output}` was not written: the policy has errors");
        return Err(complain(Exit::Findings, &message));
    };
    files::write(&args.output, &table.to_bytes())?;
    Ok(Exit::Clean)
}
