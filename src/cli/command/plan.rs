//! `plan`: whether somebody may make a change.

use crate::cli::args::{Format, Plan};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::out::Out;
use crate::cli::policy::{self, Checked};
use crate::eval::Who;
use crate::render::diff::Length;
use crate::render::json;
use crate::render::plan::human;
use crate::tools::plan::{Version, plan};

pub(crate) fn run(args: &Plan, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &Plan, out: &Out) -> Result<Exit, Failure> {
    let who = policy::who(&args.who)?;
    let Who::Principal(principal) = who.who() else {
        let message = format!("`{}` is a role, and a role changes nothing: name a principal", args.who);
        return Err(Failure::of(Reason::Usage, message));
    };
    let at = policy::time(args.at.as_deref())?;
    args.rows.stdin_once(&args.old, &args.new)?;
    let old = policy::checked(&args.old, &args.also_old, &args.rows.of_old())?;
    let new = policy::checked(&args.new, &args.also_new, &args.rows.of_new())?;
    let found = plan(version(&old), version(&new), principal, at);
    let length = if args.all { Length::Whole } else { Length::Short };
    out.answer(|writer| match args.format {
        Format::Human => human(&found, length, out.color(), writer),
        Format::Json => json::write(&json::Planned::of(&found), writer),
    })?;
    Ok(if found.may() { Exit::Clean } else { Exit::Denied })
}

fn version(policy: &Checked) -> Version<'_> {
    Version { model: &policy.model, sources: &policy.sources }
}
