//! `build`: a policy to a compiled table. A policy with errors gives no table.

use crate::cli::args::Build;
use crate::cli::command::check::print;
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::diagnostic::Severity;
use crate::pipeline::compile;

pub(crate) fn run(args: &Build, out: &Out) -> Result<Exit, Exit> {
    if args.output.is_dir() {
        return Err(complain(Exit::Usage, &format!("`{}` is a folder, not a file", args.output.display())));
    }
    let compiled = compile(files::sources(&args.paths)?);
    let mut findings = compiled.findings;
    // What is only worth knowing is `check`'s to tell.
    findings.retain(|finding| finding.severity() != Severity::Note);
    print(&compiled.sources, &findings, args.format, out)?;
    let Some(table) = compiled.table else { return Ok(Exit::Findings) };
    files::write(&args.output, &table.to_bytes())?;
    Ok(Exit::Clean)
}
