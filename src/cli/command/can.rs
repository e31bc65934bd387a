//! `can`: one question, one answer.

use crate::cli::args::{Can, Format};
use crate::cli::exit::Exit;
use crate::cli::out::{Out, complain};
use crate::cli::policy;
use crate::render::{answer, escaped, json};
use crate::table::Table;
use crate::tools::ask::{self, Unasked, What};
use crate::tools::explain::explain;
use crate::vocab::Decision;

pub(crate) fn run(args: &Can, out: &Out) -> Result<Exit, Exit> {
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
    let table = policy::load(&args.asked, out)?;
    let query = ask::organization(&table, args.asked.org.as_deref())
        .and_then(|organization| ask::query(&table, organization, who.who(), &what, at));
    match query {
        Ok(query) => decided(args, &table, query, out),
        Err(unasked) => unknown(args, &unasked, out),
    }
}

fn decided(args: &Can, table: &Table, query: crate::eval::Query, out: &Out) -> Result<Exit, Exit> {
    let Some(explained) = explain(table, query) else {
        return Err(complain(Exit::Undecided, "the query does not belong to the table"));
    };
    out.answer(|writer| match (args.format, args.why) {
        (Format::Json, why) => json::write(&json::Answer::of(table, &explained, why), writer),
        (Format::Human, true) => answer::answer(table, &explained, writer),
        (Format::Human, false) => writeln!(writer, "{}", explained.decision),
    })?;
    Ok(match explained.decision {
        Decision::Allow => Exit::Clean,
        Decision::Deny => Exit::Denied,
    })
}

/// A name that is not known is denied with its reason; what can be read in several ways, or not at all, is no
/// question.
fn unknown(args: &Can, unasked: &Unasked, out: &Out) -> Result<Exit, Exit> {
    let reason = match unasked {
        Unasked::Unknown { reason, .. } => *reason,
        Unasked::Ambiguous { .. } => return Err(complain(Exit::Undecided, &unasked.sentence())),
        Unasked::Malformed(_) => return Err(complain(Exit::Usage, &unasked.sentence())),
    };
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::Answer::unknown(reason, unasked), writer),
        Format::Human => {
            let text = format!("{}: {} ({})", reason.decision(), unasked.sentence(), reason.slug());
            writeln!(writer, "{}", escaped(&text))
        }
    })?;
    Ok(Exit::Undecided)
}
