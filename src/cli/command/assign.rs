//! `assign` and `unassign`: roles given to people and service accounts, and taken from them.

use crate::cli::args::{Assign, Unassign};
use crate::cli::command::edit;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::out::Out;
use crate::cli::policy;
use crate::edit::Change;
use crate::eval::WhoText;
use crate::vocab::{PrincipalKind, Time};

pub(crate) fn run(args: &Assign, out: &Out) -> Result<Exit, Exit> {
    assign(args, out).map_err(|failure| failure.tell(args.edits.format, out))
}

fn assign(args: &Assign, out: &Out) -> Result<Exit, Failure> {
    let (role, names) = (policy::role(&args.role)?, names(&args.who)?);
    let who: Vec<&str> = names.iter().map(String::as_str).collect();
    let kind = if args.service { PrincipalKind::Service } else { PrincipalKind::Admin };
    let (from, until) = (time(args.from.as_deref())?, time(args.until.as_deref())?);
    let because = args.because.as_deref();
    edit::run(&args.edits, None, &Change::Assign { role: &role, who: &who, kind, from, until, because }, out)
}

pub(crate) fn run_unassign(args: &Unassign, out: &Out) -> Result<Exit, Exit> {
    unassign(args, out).map_err(|failure| failure.tell(args.edits.format, out))
}

fn unassign(args: &Unassign, out: &Out) -> Result<Exit, Failure> {
    let (role, names) = (policy::role(&args.role)?, names(&args.who)?);
    let who: Vec<&str> = names.iter().map(String::as_str).collect();
    let until = time(args.at.as_deref())?;
    edit::run(&args.edits, None, &Change::Unassign { role: &role, who: &who, until }, out)
}

fn time(text: Option<&str>) -> Result<Option<Time>, Failure> {
    text.map(|text| policy::time(Some(text))).transpose()
}

/// The names of principals.
fn names(given: &[String]) -> Result<Vec<String>, Failure> {
    let name = |text: &String| match policy::who(text)? {
        WhoText::Principal(name) => Ok(name.into_owned()),
        WhoText::Role(_) => {
            let message = format!("`{text}` is a role: roles are given to people and service accounts");
            Err(Failure::of(Reason::Usage, message))
        }
    };
    given.iter().map(name).collect()
}
