//! `what`: everything that somebody holds.

use crate::cli::args::{Format, WhatHeld};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::eval::{Holder, Who};
use crate::render::{json, listing};
use crate::tools::ask;
use crate::tools::listing::{Idle, idle, what};
use crate::vocab::PrincipalKind;

pub(crate) fn run(args: &WhatHeld, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &WhatHeld, out: &Out) -> Result<Exit, Failure> {
    let period = policy::period(&args.times)?;
    let who = policy::who(&args.who)?;
    let table = policy::load(&args.asked, out)?;
    let organization =
        ask::organization(&table, args.asked.org.as_deref()).map_err(|unasked| Failure::from(&unasked))?;
    let holder = ask::holder(&table, organization, who.who()).map_err(|unasked| Failure::from(&unasked))?;
    let principal = match holder {
        Holder::Principal(key) => table.principal_view(key),
        Holder::Role(..) => None,
    };
    let idle = principal.and_then(|principal| idle(principal, period));
    let is_service = principal.map(|principal| principal.kind() == PrincipalKind::Service);
    let rights = what(&table, organization, holder, period);
    out.answer(|writer| match (args.format, idle) {
        // An empty list alone would not say why.
        (Format::Human, Some(Idle { next })) => {
            let next = next
                .map_or_else(|| "none begins later".to_owned(), |next| format!("the next begins at {next}"));
            writeln!(writer, "nothing: no assignment is in force {period}, {next}")
        }
        (Format::Human, None) => {
            if is_service == Some(true) {
                writeln!(writer, "a service account")?;
            }
            listing::what(&rights, period, writer)
        }
        (Format::Json, _) => {
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
                when: json::When::of(period),
                idle: idle.is_some(),
                next: idle.and_then(|idle| idle.next).map(|next| next.to_string()),
                rights: rights.iter().map(|right| json::RightOf::of(right, period)).collect(),
            };
            json::write(&document, writer)
        }
    })?;
    Ok(Exit::Clean)
}
