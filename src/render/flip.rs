//! What would turn a denial into an allow, for people: the times, the smallest changes, the roles that have it.

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::render::origin;
use crate::table::{Entry, Position, Role, Table, Target};
use crate::tools::ask::{bare_or_quoted, level, quoted, spelled};
use crate::tools::explain::{Change, Explanation, Flip, How, Near, Stretch, statement};
use crate::vocab::Written;

/// How many changes and how many roles are told.
const SHOWN: usize = 5;

/// How many assignments of a stretch of time are told.
const SHOWN_BY: usize = 3;

/// Writes what would flip a denial.
pub(super) fn flip(
    table: &Table,
    explained: &Explanation<'_>,
    flip: &Flip<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if flip.only_managed {
        let why = "the row is there in managed organizations only, and this one is direct";
        return writeln!(out, "  no level and no role would allow it: {why}");
    }
    if let Some(later) = &flip.later {
        let when = match (later.from, later.until) {
            (Some(from), Some(until)) => format!("from {from} until {until}"),
            (Some(from), None) => format!("from {from} on"),
            (None, _) => String::new(),
        };
        one_line(out, &format!("  it is allowed {when}: {}", by(table, later)))?;
    }
    if let Some(earlier @ Stretch { until: Some(until), .. }) = &flip.earlier {
        one_line(out, &format!("  it was allowed until {until}: {}", by(table, earlier)))?;
    }
    let always = if flip.throughout { " at every moment" } else { "" };
    match flip.changes.len() {
        0 if flip.throughout && flip.full.is_none() => {
            writeln!(out, "  no change of one level alone would allow it at every moment")?;
        }
        0 => {}
        1 => writeln!(out, "  this would allow it{always}")?,
        _ => writeln!(out, "  each of these would allow it{always}, the smallest change first")?,
    }
    for change in flip.changes.iter().take(SHOWN) {
        self::change(table, explained, change, out)?;
    }
    match flip.changes.len().saturating_sub(SHOWN) + flip.more_changes {
        0 => {}
        1 => writeln!(out, "    and 1 more change")?,
        more => writeln!(out, "    and {more} more changes")?,
    }
    if let Some(limit) = flip.full {
        let here = explained.organization.id();
        let why = format!("organization `{here}` has {limit} custom roles, as many as it may");
        one_line(out, &format!("  no role can be made from a built-in one: {why}"))?;
    }
    one_line(out, &format!("  {}", roles(explained, flip)))
}

/// The assignments behind a stretch of time.
fn by(table: &Table, stretch: &Stretch<'_>) -> String {
    let shown = stretch.by.iter().take(SHOWN_BY);
    let told = shown.map(|(role, assignment)| {
        let at = origin::position(table, assignment.position());
        format!("{}, assigned at {at}", bare_or_quoted(role.id()))
    });
    let mut text = told.collect::<Vec<_>>().join("; ");
    if stretch.by.len() > SHOWN_BY {
        text += &format!("; and {} more", stretch.by.len() - SHOWN_BY);
    }
    text
}

fn change(
    table: &Table,
    explained: &Explanation<'_>,
    change: &Change<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines = lines(explained, change);
    let line = lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(" and ");
    let at = origin::position(table, place(change));
    let id = bare_or_quoted(change.role.id());
    let what = if change.role.is_template() { "template" } else { "role" };
    let change_of = match change.how {
        How::Entry(_) | How::Split(_) => {
            let old = instead(change).unwrap_or_default();
            format!("{line} instead of `{old}` at {at} in {what} {id}")
        }
        How::Line => format!("{line}, a line more in {what} {id} at {at}"),
        How::Made => format!("a role made from {id} with {line}: {id} is built in, and stays as it is"),
    };
    let others = match (change.others, explained.principal.is_some(), change.how) {
        (.., How::Made) => String::new(),
        (0, true, _) => "; nobody else gains by it".to_owned(),
        (0, false, _) => "; nobody gains by it".to_owned(),
        (1, true, _) => "; 1 other gains by it".to_owned(),
        (others, true, _) => format!("; {others} others gain by it"),
        (1, false, _) => "; 1 principal gains by it".to_owned(),
        (others, false, _) => format!("; {others} principals gain by it"),
    };
    let elsewhere = match change.organizations {
        0 => String::new(),
        1 => ", and 1 other organization changes".to_owned(),
        more => format!(", and {more} other organizations change"),
    };
    one_line(out, &format!("    {change_of}{others}{elsewhere}"))
}

/// Where a change is written: where the statement begins that it replaces, or at the role.
pub(super) fn place(change: &Change<'_>) -> Position {
    match change.how {
        How::Entry(entry) | How::Split(entry) => {
            statement(change.role, entry).first().map_or(entry.position, |first| first.position)
        }
        How::Line | How::Made => change.role.position(),
    }
}

/// The lines that a change writes, in the form of what stands there: that of the row, or a grant of one. What is said of
/// several rows becomes two lines, the first of which says of the others what it said.
pub(super) fn lines(explained: &Explanation<'_>, change: &Change<'_>) -> Vec<String> {
    let level = level(explained.row.shape(), change.level);
    let row = || format!("{}: {level}", bare_or_quoted(explained.row.id()));
    let grant = || format!("grant {}: {level}", spelled(explained.row));
    match change.how {
        How::Entry(entry) if entry.written != Written::Statement => vec![row()],
        How::Entry(_) | How::Line | How::Made => vec![grant()],
        How::Split(entry) => {
            let others = statement(change.role, entry);
            let others = others.into_iter().filter(|other| other.target != entry.target).collect();
            vec![of_rows(change.role, others), row()]
        }
    }
}

/// The statement that a change replaces; none where it is a line more.
pub(super) fn instead(change: &Change<'_>) -> Option<String> {
    match change.how {
        How::Entry(entry) => Some(origin::said(change.role, entry) + &mark(entry)),
        How::Split(entry) => Some(of_rows(change.role, statement(change.role, entry))),
        How::Line | How::Made => None,
    }
}

/// A line that says the same of several rows.
fn of_rows(role: Role<'_>, entries: Vec<&Entry>) -> String {
    let rows = entries.iter().filter_map(|entry| match entry.target {
        Target::Row(row) => role.catalog().row(row),
        Target::All | Target::Category(_) => None,
    });
    let rows: Vec<_> = rows.map(|row| bare_or_quoted(row.id())).collect();
    let said = entries.first().map(|entry| format!(": {}{}", entry.level, mark(entry)));
    rows.join(", ") + &said.unwrap_or_default()
}

/// The mark of what no public source confirms.
fn mark(entry: &Entry) -> String {
    match entry.unconfirmed.as_deref() {
        None => String::new(),
        Some("") => " unconfirmed".to_owned(),
        Some(basis) => format!(" unconfirmed {}", quoted(basis)),
    }
}

fn roles(explained: &Explanation<'_>, flip: &Flip<'_>) -> String {
    let here = explained.organization.id();
    let mut shown = flip.roles.iter().take(SHOWN);
    let Some(first) = shown.next() else { return format!("no role of organization `{here}` has it") };
    let more = |near: &Near<'_>, unit: &str| match near.beside {
        0 => format!("{} (nothing else)", bare_or_quoted(near.role.id())),
        1 => format!("{} (1 more{})", bare_or_quoted(near.role.id()), unit.trim_end_matches('s')),
        beside => format!("{} ({beside} more{unit})", bare_or_quoted(near.role.id())),
    };
    let mut told = vec![more(first, " permissions")];
    told.extend(shown.map(|near| more(near, "")));
    match flip.roles.len().saturating_sub(SHOWN) + flip.more_roles {
        0 => {}
        left => told.push(format!("and {left} more")),
    }
    let nearest = if told.len() > 1 { ", nearest first" } else { "" };
    format!("roles that have it{nearest}: {}", told.join(", "))
}
