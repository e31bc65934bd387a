//! An explained decision for people: the answer in the first line, then each role in force and the line that gave
//! or withheld each action, then what would lift a denial.
//!
//! ```
//! use rolec::eval::Who;
//! use rolec::render::answer::answer;
//! use rolec::table::Table;
//! use rolec::tools::{ask, explain::explain};
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = ask::organization(&table, None).unwrap();
//! let at = Time::parse("2026-12-31")?;
//! let query = ask::query(&table, acme, Who::Principal("bot"), &ask::What::Text("pages:create"), at).unwrap();
//! let mut out = Vec::new();
//! answer(&table, &explain(&table, query).unwrap(), &mut out)?;
//! assert_eq!(
//!     String::from_utf8(out)?,
//!     "allow: `bot` has content.pages:create in organization `acme`\n  \
//!        editor, assigned at acme.role:39:30, from 2026-06-01\n    \
//!          `pages: create, update` at acme.role:32:13 gives create\n",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::eval::{Holder, Reason};
use crate::render::escape::one_line;
use crate::render::{flip, origin};
use crate::table::{Assignment, Role, Table};
use crate::tools::ask::{bare_or_quoted, level};
use crate::tools::explain::{Deciding, Explanation, Held, Part};
use crate::vocab::{Actions, Decision, Time};

/// How many assignments that are not in force are told: a history of years is no reason.
const MOST_IDLE: usize = 12;

/// Writes the answer with its reasons.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::render::answer::answer;
/// use rolec::table::Table;
/// use rolec::tools::{ask, explain::explain};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = ask::organization(&table, None).unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let query = ask::query(&table, acme, Who::Role("owner"), &ask::What::Text("members"), at).unwrap();
/// let mut out = Vec::new();
/// answer(&table, &explain(&table, query).unwrap(), &mut out)?;
/// // An allow brings along what its holder should know.
/// assert!(String::from_utf8(out)?.ends_with("  caveat: Takes effect when the member signs in again.\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(table: &Table, explained: &Explanation<'_>, out: &mut dyn Write) -> io::Result<()> {
    one_line(out, &format!("{}: {}", explained.decision, sentence(explained)))?;
    for held in &explained.held {
        role(table, explained, held, out)?;
    }
    match explained.more {
        0 => {}
        1 => writeln!(out, "  and 1 more role is in force")?,
        more => writeln!(out, "  and {more} more roles are in force")?,
    }
    for (role, assignment) in explained.idle.iter().take(MOST_IDLE) {
        one_line(out, &format!("  {} is not in force: {}", role.id(), assigned(table, *assignment)))?;
    }
    match explained.idle.len().saturating_sub(MOST_IDLE) + explained.more_idle {
        0 => {}
        1 => writeln!(out, "  and 1 more assignment is not in force")?,
        more => writeln!(out, "  and {more} more assignments are not in force")?,
    }
    if let Some(flip) = &explained.flip {
        flip::flip(table, explained, flip, out)?;
    }
    if explained.decision == Decision::Allow {
        for caveat in explained.row.caveats() {
            one_line(out, &format!("  caveat: {caveat}"))?;
        }
    }
    Ok(())
}

/// The answer in one sentence.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::render::answer::sentence;
/// use rolec::table::Table;
/// use rolec::tools::{ask, explain::explain};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = ask::organization(&table, None).unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let query = ask::query(&table, acme, Who::Role("editor"), &ask::What::Text("pages"), at).unwrap();
/// assert_eq!(
///     sentence(&explain(&table, query).unwrap()),
///     "role `editor` lacks content.pages:delete in organization `acme`, the level there is create, update",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sentence(explained: &Explanation<'_>) -> String {
    let organization = explained.organization.id();
    let who = match (explained.principal, explained.query.holder, explained.held.first()) {
        (Some(principal), _, _) => format!("`{}`", principal.name()),
        (None, Holder::Role(..), Some(held)) => {
            let what = if held.role.is_template() { "template" } else { "role" };
            format!("{what} `{}`", held.role.id())
        }
        _ => "nobody".to_owned(),
    };
    let what =
        format!("{}:{}", crate::tools::ask::spelled(explained.row), actions(explained, explained.asked));
    match explained.reason {
        Reason::Granted => format!("{who} has {what} in organization `{organization}`"),
        Reason::NothingInForce { next } => {
            let none = format!("no assignment of {who} in organization `{organization}` is in force");
            match (explained.query.at, next) {
                // The beginning of time is no moment that anybody has a word for.
                (Time(i64::MIN), Some(next)) => format!("{none} before {next}"),
                (Time(i64::MIN), None) => format!("{none} at any moment"),
                (at, Some(next)) => format!("{none} at {at}, the next begins at {next}"),
                (at, None) => format!("{none} at {at}, and none begins later"),
            }
        }
        Reason::NotGranted { held, missing } => {
            let level = level(explained.row.shape(), held);
            let lacks = actions(explained, missing);
            format!(
                "{who} lacks {}:{lacks} in organization `{organization}`, the level there is {level}",
                crate::tools::ask::spelled(explained.row)
            )
        }
        other => other.slug().to_owned(),
    }
}

/// The names of actions of the row asked about; `full` where they are all of a ladder.
fn actions(explained: &Explanation<'_>, actions: Actions) -> String {
    let shape = explained.row.shape();
    let names: Vec<_> = shape.names(actions).map(bare_or_quoted).collect();
    match names.as_slice() {
        [.., top] if shape.form() == crate::vocab::Form::Ladder => top.clone().into_owned(),
        names => names.join(","),
    }
}

fn assigned(table: &Table, assignment: Assignment<'_>) -> String {
    let mut text = format!("assigned at {}", origin::position(table, assignment.position()));
    if let Some(from) = assignment.from() {
        text += &format!(", from {from}");
    }
    if let Some(until) = assignment.until() {
        text += &format!(", until {until}");
    }
    if let Some(because) = assignment.because() {
        text += &format!(", because \"{because}\"");
    }
    text
}

fn role(table: &Table, explained: &Explanation<'_>, held: &Held<'_>, out: &mut dyn Write) -> io::Result<()> {
    let how =
        held.assignment.map_or_else(|| stands(table, held.role), |assignment| assigned(table, assignment));
    if explained.decision == Decision::Allow && held.gives.is_empty() {
        return one_line(out, &format!("  {} gives none of it, {how}", held.role.id()));
    }
    one_line(out, &format!("  {}, {how}", held.role.id()))?;
    for part in &held.parts {
        self::part(table, explained, held, part, out)?;
    }
    Ok(())
}

fn stands(table: &Table, role: Role<'_>) -> String {
    let what = if role.is_template() { "template" } else { "role" };
    format!("{what} at {}", origin::position(table, role.position()))
}

fn part(
    table: &Table,
    explained: &Explanation<'_>,
    held: &Held<'_>,
    part: &Part<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let given = held.gives.contains(part.actions);
    let verb = if given { "gives" } else { "withholds" };
    let names = actions(explained, part.actions);
    match &part.deciding {
        Deciding::Entry(_, entry) => {
            let line = origin::line(part).unwrap_or_default();
            one_line(
                out,
                &format!("    `{line}` at {} {verb} {names}", origin::position(table, entry.position)),
            )?;
        }
        Deciding::Floor(role) => {
            let shape = explained.row.shape();
            let floor = level(shape, shape.floor());
            one_line(
                out,
                &format!(
                    "    no line of {} says the row, so it is at its floor `{floor}`: {verb} {names}",
                    role.id()
                ),
            )?;
        }
        Deciding::OnlyManaged => {
            one_line(out, "    the row is there in managed organizations only, and this one is direct")?;
        }
    }
    if let Some(way) = origin::way(part) {
        one_line(out, &format!("      by {way}"))?;
    }
    if !part.also.is_empty() {
        const SHOWN: usize = 5;
        let ids: Vec<&str> = part.also.iter().take(SHOWN).map(|role| role.id()).collect();
        let more = match part.also.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        one_line(out, &format!("      given by {}{more} too", ids.join(", ")))?;
    }
    if let Some(mark) = origin::unconfirmed(part) {
        one_line(out, &format!("      {mark}"))?;
    }
    Ok(())
}
