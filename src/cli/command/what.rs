//! `what`: everything that somebody holds.

use crate::cli::args::{Format, WhatHeld};
use crate::cli::exit::Exit;
use crate::cli::out::{Out, complain};
use crate::cli::policy;
use crate::eval::{Evaluator, Reason, Who};
use crate::render::{json, listing};
use crate::tools::ask;
use crate::tools::listing::what;

pub(crate) fn run(args: &WhatHeld, out: &Out) -> Result<Exit, Exit> {
    let at = policy::time(args.at.as_deref())?;
    let who = policy::who(&args.who)?;
    let table = policy::load(&args.asked, out)?;
    let organization =
        ask::organization(&table, args.asked.org.as_deref()).map_err(|error| policy::unasked(&error))?;
    let holder = ask::holder(&table, organization, who.who()).map_err(|error| policy::unasked(&error))?;
    if let Ok(held) = Evaluator::new(&table).held(holder, at)
        && let Some(Reason::NothingInForce { next }) = held.idle()
    {
        // An empty list alone would not say why.
        let next =
            next.map_or_else(|| "none begins later".to_owned(), |next| format!("the next begins at {next}"));
        complain(Exit::Clean, &format!("no assignment is in force at {at}, {next}"));
    }
    let rights = what(&table, organization, holder, at);
    out.answer(|writer| match args.format {
        Format::Human => listing::what(&rights, writer),
        Format::Json => {
            let (principal, role) = match who.who() {
                Who::Principal(name) => (Some(name.to_owned()), None),
                Who::Role(name) => (None, Some(name.to_owned())),
            };
            let document = json::WhatHeld {
                version: json::VERSION,
                organization: organization.id().to_owned(),
                principal,
                role,
                at: at.to_string(),
                rights: rights.iter().map(json::RightOf::of).collect(),
            };
            json::write(&document, writer)
        }
    })?;
    Ok(Exit::Clean)
}
