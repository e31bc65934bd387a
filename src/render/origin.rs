//! The words for where a cell comes from: shared by the answers that say it.

use crate::table::{Entry, Position, Role, Table, Target};
use crate::tools::ask::{bare_or_quoted, spelled};
use crate::tools::explain::{Deciding, Part};
use crate::vocab::Written;

/// A position as people write it: `file:line:column`.
pub(super) fn position(table: &Table, position: Position) -> String {
    let file = table.file(position).unwrap_or_default();
    format!("{file}:{}:{}", position.line, position.column)
}

/// The line that decided, as one would write it: `commands: view`, `grant all: view`, `grant content.pages: view`.
pub(super) fn line(part: &Part<'_>) -> Option<String> {
    let Deciding::Entry(role, entry) = &part.deciding else { return None };
    Some(said(*role, entry))
}

/// A line of a role as one would write it, in the form that it has there: of a line for several rows, what it says of
/// the one.
pub(super) fn said(role: Role<'_>, entry: &Entry) -> String {
    let catalog = role.catalog();
    let target = match entry.target {
        Target::All => "grant all".to_owned(),
        Target::Category(id) => {
            format!(
                "grant {}",
                catalog.category(id).map_or("".into(), |category| bare_or_quoted(category.id()))
            )
        }
        Target::Row(id) => match (catalog.row(id), entry.written) {
            (Some(row), Written::Statement) => format!("grant {}", spelled(row)),
            (row, _) => row.map_or("".into(), |row| bare_or_quoted(row.id())).into_owned(),
        },
    };
    format!("{target}: {}", entry.level)
}

/// What sort of line decided.
pub(super) fn kind(part: &Part<'_>) -> &'static str {
    match &part.deciding {
        Deciding::Entry(_, entry) => match entry.target {
            Target::Row(_) => "entry",
            Target::All | Target::Category(_) => "spread",
        },
        Deciding::Floor(_) => "floor",
        Deciding::OnlyManaged => "only-managed",
    }
}

/// The way from a role to the one that says it, `tier1 -> front-line -> help-desk`; nothing where it says it itself.
pub(super) fn way(part: &Part<'_>) -> Option<String> {
    const SHOWN: usize = 6;
    if part.way.len() < 2 {
        return None;
    }
    let mut ids: Vec<String> = part.way.iter().map(|role| role.id().to_owned()).collect();
    if ids.len() > SHOWN {
        let hidden = ids.len() - (SHOWN - 1);
        let last = ids.pop().unwrap_or_default();
        ids.truncate(SHOWN - 2);
        ids.push(format!("… {hidden} more …"));
        ids.push(last);
    }
    Some(ids.join(" -> "))
}

/// What an unconfirmed line rests on.
pub(super) fn unconfirmed(part: &Part<'_>) -> Option<String> {
    let Deciding::Entry(_, entry) = &part.deciding else { return None };
    entry.unconfirmed.as_ref().map(|basis| {
        if basis.is_empty() { "unconfirmed".to_owned() } else { format!("unconfirmed: {basis}") }
    })
}
