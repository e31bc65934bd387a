//! `diff`: what differs between two policies, and who gains and loses what.

use crate::cli::args::{Diff, DiffFormat, FailOn};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::render::diff::{Length, human, markdown};
use crate::render::json;
use crate::tools::diff::{diff, diff_at};

pub(crate) fn run(args: &Diff, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format.of_failures(), out))
}

fn answer(args: &Diff, out: &Out) -> Result<Exit, Failure> {
    let at = args.at.as_deref().map(|at| policy::time(Some(at))).transpose()?;
    args.rows.stdin_once(&args.old, &args.new)?;
    let old = policy::version(&args.old, &args.also_old, &args.rows.of_old(), args.trusted.guard())?;
    let new = policy::version(&args.new, &args.also_new, &args.rows.of_new(), args.trusted.guard())?;
    let found = match at {
        None => diff(&old, &new),
        Some(at) => diff_at(&old, &new, at),
    };
    let length = if args.all { Length::Whole } else { Length::Short };
    out.answer(|writer| match args.format {
        DiffFormat::Human => human(&found, length, out.color(), writer),
        DiffFormat::Markdown => markdown(&found, length, writer),
        DiffFormat::Json => json::write(&json::Differs::of(&found), writer),
    })?;
    let is_told = match args.fail_on {
        Some(FailOn::Widen) => found.widens(),
        None => !found.is_empty(),
    };
    Ok(if is_told { Exit::Findings } else { Exit::Clean })
}
