//! `can`: one question, one answer.

use crate::cli::args::{Can, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::out::Out;
use crate::cli::{files, policy};
use crate::decisions::{Answer, Header, Index};
use crate::eval::{Who, name_of, read_once};
use crate::render::{answer as answers, json, sentence};
use crate::sign::table_of;
use crate::table::{LoadError, Table};
use crate::tools::ask::{self, Unasked, What};
use crate::tools::explain;
use crate::vocab::{Decision, Time};

pub(crate) fn run(args: &Can, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &Can, out: &Out) -> Result<Exit, Failure> {
    let who = policy::who(&args.who)?;
    let at = policy::time(args.at.as_deref())?;
    let what = match (&args.permission, &args.row) {
        (Some(text), _) => What::Text(text),
        (None, row) => What::Ids {
            category: args.category.as_deref(),
            row: row.as_deref().unwrap_or_default(),
            action: args.action.as_deref(),
        },
    };
    if let Some(answer) = at_once(args, who.who(), &what, at, out)? {
        out.answer(|writer| writeln!(writer, "{}", answer.decision()))?;
        return Ok(exit(answer.decision()));
    }
    let table = policy::load(&args.asked, out)?;
    let organization = ask::organization(&table, args.asked.org.as_deref());
    let id = organization.as_ref().map(|organization| organization.id().to_owned()).ok();
    let query = organization.and_then(|organization| ask::query(&table, organization, who.who(), &what, at));
    let unasked = match query {
        Ok(query) => return decided(args, &table, query, out),
        Err(unasked) => unasked,
    };
    let (principal, role) = match who.who() {
        Who::Principal(name) => (Some(name.to_owned()), None),
        Who::Role(name) => (None, Some(name.to_owned())),
    };
    let given = json::Asked {
        organization: id.or_else(|| args.asked.org.clone()),
        principal,
        role,
        permission: args.permission.clone(),
        category: args.category.clone(),
        row: args.row.clone(),
        actions: args.action.clone().map(|action| vec![action]),
        at: Some(at.to_string()),
    };
    unknown(args, &unasked, given, out)
}

fn decided(args: &Can, table: &Table, query: crate::eval::Query, out: &Out) -> Result<Exit, Failure> {
    let explained = if args.why { explain::explain(table, query) } else { explain::answered(table, query) };
    let Some(explained) = explained else {
        return Err(Failure::of(Reason::Undecided, "the query does not belong to the table"));
    };
    out.answer(|writer| match (args.format, args.why) {
        (Format::Json, why) => json::write(&json::Answer::of(table, &explained, why), writer),
        (Format::Human, true) => answers::answer(table, &explained, writer),
        (Format::Human, false) => writeln!(writer, "{}", explained.decision),
    })?;
    Ok(exit(explained.decision))
}

fn exit(decision: Decision) -> Exit {
    match decision {
        Decision::Allow => Exit::Clean,
        Decision::Deny => Exit::Denied,
    }
}

/// The answer of a table's decisions alone, where one word is all that is wanted, who and where are known, and the
/// permission can be read in one way. None where more of the table is needed.
fn at_once(
    args: &Can,
    who: Who<'_>,
    what: &What<'_>,
    at: Time,
    out: &Out,
) -> Result<Option<Answer>, Failure> {
    let (Some(path), Who::Principal(principal)) = (&args.asked.table, who) else { return Ok(None) };
    if args.why || args.format != Format::Human {
        return Ok(None);
    }
    let (read, mapped);
    let (index, certificate) = if args.trust_mapped {
        mapped = files::map(path)?;
        let untrusted = |error| policy::untrusted(path, &LoadError::File(error));
        let table = table_of(&mapped);
        (Index::trusting(table).map_err(untrusted)?, Header::of(table).map_err(untrusted)?.certificate)
    } else {
        read = policy::decisions(path, args.asked.trusted.guard())?;
        (read.index(), read.certificate())
    };
    let Some(organization) = args.asked.org.as_deref().or_else(|| index.only_organization()) else {
        return Ok(None);
    };
    let permission = match what {
        What::Text(text) => read_once(index, text),
        What::Ids { category: Some(category), row, action } => Some(name_of(category, row, *action)),
        _ => None,
    };
    let Some(permission) = permission else { return Ok(None) };
    let answer = index.decide(organization, principal, &permission, at);
    if answer.is_unknown() {
        return Ok(None);
    }
    policy::tell_uncertified(&path.to_string_lossy(), certificate, policy::ASKED, out)?;
    Ok(Some(answer))
}

/// A name that is not known is denied with its reason; what can be read in several ways, or not at all, is no
/// question.
fn unknown(args: &Can, unasked: &Unasked, given: json::Asked, out: &Out) -> Result<Exit, Failure> {
    let Unasked::Unknown { reason, .. } = unasked else { return Err(Failure::from(unasked)) };
    let reason = *reason;
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::Answer::unknown(reason, unasked, given), writer),
        Format::Human => {
            let text = format!("{}: {} ({})", reason.decision(), unasked.sentence(), reason.slug());
            writeln!(writer, "{}", sentence(&text))
        }
    })?;
    Ok(Exit::Undecided)
}
