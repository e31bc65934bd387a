//! `what`: everything that somebody holds.

use crate::cli::args::{Format, WhatHeld};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::eval::{Evaluator, Holder, Reason, Who};
use crate::render::{json, listing};
use crate::tools::ask;
use crate::tools::listing::what;
use crate::vocab::PrincipalKind;

pub(crate) fn run(args: &WhatHeld, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &WhatHeld, out: &Out) -> Result<Exit, Failure> {
    let at = policy::time(args.at.as_deref())?;
    let who = policy::who(&args.who)?;
    let table = policy::load(&args.asked)?;
    let organization =
        ask::organization(&table, args.asked.org.as_deref()).map_err(|unasked| Failure::from(&unasked))?;
    let holder = ask::holder(&table, organization, who.who()).map_err(|unasked| Failure::from(&unasked))?;
    let idle = Evaluator::new(&table).held(holder, at).ok().and_then(|held| held.idle());
    let next = match idle {
        Some(Reason::NothingInForce { next }) => next,
        _ => None,
    };
    let is_service = match holder {
        Holder::Principal(key) => table.principal_view(key).map(|one| one.kind() == PrincipalKind::Service),
        Holder::Role(..) => None,
    };
    let rights = what(&table, organization, holder, at);
    out.answer(|writer| match args.format {
        // An empty list alone would not say why.
        Format::Human if idle.is_some() => {
            let next = next
                .map_or_else(|| "none begins later".to_owned(), |next| format!("the next begins at {next}"));
            writeln!(writer, "nothing: no assignment is in force at {at}, {next}")
        }
        Format::Human => {
            if is_service == Some(true) {
                writeln!(writer, "a service account")?;
            }
            listing::what(&rights, writer)
        }
        Format::Json => {
            let (principal, role) = match who.who() {
                Who::Principal(name) => (Some(name.to_owned()), None),
                Who::Role(name) => (None, Some(name.to_owned())),
            };
            let document = json::WhatHeld {
                version: json::VERSION,
                organization: organization.id().to_owned(),
                principal,
                service: is_service,
                role,
                at: at.to_string(),
                idle: idle.is_some(),
                next: next.map(|next| next.to_string()),
                rights: rights.iter().map(json::RightOf::of).collect(),
            };
            json::write(&document, writer)
        }
    })?;
    Ok(Exit::Clean)
}
