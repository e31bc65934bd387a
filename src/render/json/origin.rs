//! Where a cell comes from, for programs.

use serde::Serialize;

use crate::render::origin;
use crate::table::{Position, Row, Table};
use crate::tools::explain::{Deciding, Part};
use crate::vocab::Actions;

/// A place in a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct At {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl At {
    /// The place of a position.
    pub fn of(table: &Table, position: Position) -> Self {
        Self {
            file: table.file(position).unwrap_or_default().to_owned(),
            line: position.line,
            column: position.column,
        }
    }
}

/// What decided some actions of a cell.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Source {
    /// The actions.
    pub actions: Vec<String>,
    /// `entry`, `spread`, `floor` or `only-managed`.
    pub kind: &'static str,
    /// The line as one would write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// The roles from the one asked about to the one that says it.
    pub way: Vec<String>,
    /// Other bases that give the same.
    pub also: Vec<String>,
    /// Whether no public source says it.
    pub unconfirmed: bool,
    /// What an unconfirmed line rests on, where that is said; else it is a guess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

impl Source {
    /// What a part says.
    pub fn of(table: &Table, row: Row<'_>, part: &Part<'_>) -> Self {
        let entry = match &part.deciding {
            Deciding::Entry(_, entry) => Some(*entry),
            Deciding::Floor(_) | Deciding::OnlyManaged => None,
        };
        let basis = entry.and_then(|entry| entry.unconfirmed.as_deref());
        Self {
            actions: names(row, part.actions),
            kind: origin::kind(part),
            text: origin::line(part),
            at: entry.map(|entry| At::of(table, entry.position)),
            way: part.way.iter().map(|role| role.id().to_owned()).collect(),
            also: part.also.iter().map(|role| role.id().to_owned()).collect(),
            unconfirmed: basis.is_some(),
            basis: basis.filter(|basis| !basis.is_empty()).map(str::to_owned),
        }
    }
}

/// The names of actions of a row.
pub(super) fn names(row: Row<'_>, actions: Actions) -> Vec<String> {
    row.shape().names(actions).map(str::to_owned).collect()
}
