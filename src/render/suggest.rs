//! Advice on roles, for people: a list for each sort of it, an organization at a time.
//!
//! ```
//! use rolec::render::suggest::advice;
//! use rolec::table::Table;
//! use rolec::tools::suggest::{A_SECOND, advise};
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organizations().next().unwrap();
//! let found = advise(&table, acme, Time::parse("2026-12-01")?, None, A_SECOND);
//! let mut out = Vec::new();
//! advice(&[found], false, &mut out)?;
//! assert!(out.starts_with(b"acme (direct): 2 custom roles of 10\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cover;
mod least;

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::render::listing::{counted, widest};
use crate::table::Role;
use crate::tools::ask::{bare_or_quoted, level, spelled};
use crate::tools::suggest::{Advice, Differing, Gain, Merge, Merges, Part, Plan, Within};

pub use self::cover::cover;
pub use self::least::least;

/// How many lines of one sort are written.
const SHOWN: usize = 20;

/// How many merges of one role less are.
const MERGES: usize = 5;

/// How many rows are named in which two roles differ.
const ROWS: usize = 3;

/// Writes what is to be said of the roles of some organizations; all of it, or the first lines of each list.
///
/// ```
/// use rolec::render::suggest::advice;
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut out = Vec::new();
/// advice(&[advise(&table, acme, Time::parse("2027-01-01")?, Some(1), A_SECOND)], true, &mut out)?;
/// let told = String::from_utf8(out)?;
/// assert!(told.contains("\n  editor  within owner (a default role), which holds 3 more: 1 holder would gain 3\n"), "{told}");
/// assert!(told.contains("  editor  owner (a default role), 3 more: pages create, update -> "), "{told}");
/// assert!(told.contains("\n1 role less, in the cheapest way\n  editor -> owner (a default role): "), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn advice(organizations: &[Advice<'_>], all: bool, out: &mut dyn Write) -> io::Result<()> {
    for (index, advice) in organizations.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        of_one(advice, if all { usize::MAX } else { SHOWN }, out)?;
    }
    Ok(())
}

fn of_one(advice: &Advice<'_>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let organization = advice.organization;
    let limit = advice.limit.map(|limit| format!(" of {limit}")).unwrap_or_default();
    let roles = counted(advice.custom, "custom role", "custom roles");
    one_line(out, &format!("{} ({}): {roles}{limit}", organization.id(), organization.kind()))?;
    let equal = advice.equal.iter().map(|group| group.iter().map(named).collect::<Vec<_>>().join(", "));
    section("the same", equal.collect(), most, out)?;
    let names = advice.within.iter().map(|it| id(it.role));
    let width = widest(names.chain(advice.nearest.iter().map(|it| id(it.role))));
    section("within a wider one", within(advice, width, most), most, out)?;
    let nearest = advice.nearest.iter().map(|it| {
        let (role, other) = (id(it.role), named(&it.other));
        let apart = [(it.more, "more"), (it.less, "less")].into_iter().filter(|(count, _)| *count > 0);
        let apart: Vec<String> = apart.map(|(count, word)| format!("{count} {word}")).collect();
        if apart.is_empty() {
            return format!("{role:<width$}  {other}, the same");
        }
        format!("{role:<width$}  {other}, {}: {}", apart.join(", "), rows(&it.rows))
    });
    section("the nearest other", nearest.collect(), most, out)?;
    if let Some(merges) = &advice.merges {
        self::merges(merges, most, out)?;
    }
    if !advice.is_whole {
        writeln!(out, "\nstopped early: there are too many roles to hold each against each other")?;
    }
    Ok(())
}

/// A line for each role that a wider one could take the place of: the one by which its holders would gain the least, and how
/// many others there are. Where all is asked for, a line for each of those too.
fn within(advice: &Advice<'_>, width: usize, most: usize) -> Vec<String> {
    let line = |it: &Within<'_>, others: usize| {
        let (role, wider, gain) = (id(it.role), named(&it.wider), gained(it.gain));
        let line = format!("{role:<width$}  within {wider}, which holds {} more: {gain}", it.more);
        match others {
            0 => line,
            others => format!("{line}; and within {}", counted(others, "other", "others")),
        }
    };
    let of_role = advice.within.chunk_by(|a, b| a.role.key() == b.role.key());
    let lines = of_role.flat_map(|all| {
        let least = all.iter().min_by_key(|it| (it.gain, it.more));
        let least = least.map(|it| line(it, all.len() - 1));
        if most == usize::MAX {
            all.iter().map(|it| line(it, 0)).collect()
        } else {
            least.into_iter().collect::<Vec<_>>()
        }
    });
    lines.collect()
}

/// A list with its head; nothing where it is empty.
fn section(head: &str, lines: Vec<String>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{head}")?;
    for line in lines.iter().take(most) {
        one_line(out, &format!("  {line}"))?;
    }
    match lines.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

fn merges(merges: &Merges<'_>, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let fewer = counted(merges.wanted, "role less", "roles less");
    // Of ways to do one thing fewer are shown than of things to know.
    let few = if most == usize::MAX { most } else { MERGES };
    if merges.wanted > 1 || merges.plan.is_none() {
        let one = merges.cheapest.iter().map(merge).take(few).collect();
        section("merges that make one role less, the cheapest first", one, most, out)?;
    }
    match &merges.plan {
        None if merges.is_whole => writeln!(out, "\nno merges make {fewer}")?,
        None => writeln!(out, "\nstopped early: no merges were found that make {fewer}")?,
        Some(plan) if plan.is_exact => {
            section(
                &format!("{fewer}, in the cheapest way"),
                plan.merges.iter().map(merge).collect(),
                most,
                out,
            )?;
            total(plan, out)?;
        }
        Some(plan) => {
            section(&format!("{fewer}, in a cheap way"), plan.merges.iter().map(merge).collect(), most, out)?;
            total(plan, out)?;
            if plan.at_least == plan.gain.permissions {
                writeln!(out, "  stopped early: people gain no less in any way, but roles may")?;
            } else {
                let least = counted(plan.at_least, "permission is", "permissions are");
                writeln!(out, "  stopped early: there may be a cheaper way, and {least} gained in any")?;
            }
        }
    }
    if merges.wanted == 1 && merges.cheapest.len() > 1 {
        let others = merges.cheapest.iter().skip(1).take(few).map(merge).collect();
        section("the next cheapest", others, most, out)?;
    }
    Ok(())
}

/// What several merges cost together.
fn total(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    if plan.merges.len() < 2 {
        return Ok(());
    }
    writeln!(out, "  together: {}", gained(plan.gain))
}

fn merge(merge: &Merge<'_>) -> String {
    let roles: Vec<String> = merge.roles.iter().map(|role| id(*role)).collect();
    let into = merge.into.as_ref().map_or_else(|| "one new role".to_owned(), named);
    format!("{} -> {into}: {}", roles.join(" + "), gained(merge.gain))
}

fn gained(gain: Gain) -> String {
    match gain.people {
        0 => "no holder would gain anything".to_owned(),
        people => format!("{} would gain {}", counted(people, "holder", "holders"), gain.permissions),
    }
}

/// The first rows in which two roles differ.
fn rows(rows: &[Differing<'_>]) -> String {
    let one = |it: &Differing<'_>| {
        let shape = it.row.shape();
        let (held, other) = (level(shape, it.held), level(shape, it.other));
        format!("{} {held} -> {other}", bare_or_quoted(it.row.id()))
    };
    let mut told: Vec<String> = rows.iter().take(ROWS).map(one).collect();
    let more = rows.len().saturating_sub(ROWS);
    if more > 0 {
        told.push(counted(more, "row more", "rows more"));
    }
    told.join("; ")
}

fn id(role: Role<'_>) -> String {
    bare_or_quoted(role.id()).into_owned()
}

/// A role with what it is, where it is none of the organization's own.
fn named(role: &Role<'_>) -> String {
    let id = bare_or_quoted(role.id());
    match (role.is_default(), role.is_template()) {
        (true, _) => format!("{id} (a default role)"),
        (false, true) => format!("{id} (a template)"),
        (false, false) => id.into_owned(),
    }
}

/// Actions of a row as one asks about them: `category.row`, with `:action` where they are not all of the row's.
fn asked(part: &Part<'_>) -> Vec<String> {
    let row = spelled(part.row);
    let shape = part.row.shape();
    if part.actions == shape.top() && shape.width() > 1 {
        return vec![row];
    }
    let names = shape.names(part.actions);
    names.map(|name| format!("{row}:{}", bare_or_quoted(name))).collect()
}
