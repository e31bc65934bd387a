//! The least roles for what was used, for people: a `.role` file, in which all else is said in comments, so that it can be
//! saved or pasted as it is.

use std::io::{self, Write};

use crate::render::escape::{escaped_line, one_line};
use crate::render::listing::counted;
use crate::render::suggest::asked;
use crate::table::Table;
use crate::tools::ask::{bare_or_quoted, level, spelled};
use crate::tools::suggest::{Draft, Least, Part, opening};

/// Writes the least roles, those of each organization in it. Of several catalogs it is several files, one after the other.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::render::suggest::least;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{self, Log};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let mut log = Log::new(&table);
/// log.record(query(&table, acme, Who::Principal("bot"), &What::Text("pages:update"), at).unwrap());
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// let mut out = Vec::new();
/// least(&table, &suggest::least(&log, &[bot], at), &mut out)?;
/// assert_eq!(
///     String::from_utf8(out)?,
///     r#"use wiki "3"
///
/// organization acme {
///     // "bot": 1 permission used, by 1 line
///     // held and not used:
///     //   content.spaces: write -> none
///     //   content.pages: create, update -> update
///     //   site.members: view -> none
///     role bot-used {
///         grant content.pages: update
///     }
/// }
/// "#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn least(table: &Table, found: &[Least<'_>], out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        return writeln!(out, "// nothing was used, and nobody was asked about");
    }
    let mut of_catalog: Vec<&Least<'_>> = found.iter().collect();
    of_catalog.sort_by_key(|it| it.organization.catalog().key());
    let same_catalog =
        |a: &&Least<'_>, b: &&Least<'_>| a.organization.catalog().key() == b.organization.catalog().key();
    for (index, in_file) in of_catalog.chunk_by(same_catalog).enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let Some(first) = in_file.first() else { continue };
        one_line(out, &opening(table, first.organization).0)?;
        for here in in_file.chunk_by(|a, b| a.organization.key() == b.organization.key()) {
            let Some(first) = here.first() else { continue };
            writeln!(out)?;
            one_line(out, &format!("{} {{", opening(table, first.organization).1))?;
            for (index, one) in here.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                of_one(one, out)?;
            }
            writeln!(out, "}}")?;
        }
    }
    Ok(())
}

fn of_one(found: &Least<'_>, out: &mut dyn Write) -> io::Result<()> {
    let who = match (found.principal, found.role) {
        (Some(principal), _) => format!("\"{}\"", principal.name()),
        (None, Some(role)) => format!("role {}", bare_or_quoted(role.id())),
        (None, None) => String::new(),
    };
    let used = found.used.iter().map(|part| part.actions.count()).sum();
    let used = match (used, found.lines) {
        (0, _) => "nothing used".to_owned(),
        (used, 1) => format!("{}, by 1 line", counted(used, "permission used", "permissions used")),
        (used, lines) => {
            format!("{}, by {lines} lines", counted(used, "permission used", "permissions used"))
        }
    };
    comment(out, &format!("{who}: {used}"))?;
    if !found.unused.is_empty() {
        comment(out, "held and not used:")?;
    }
    for it in &found.unused {
        let shape = it.row.shape();
        let (held, needed) = (level(shape, it.held), level(shape, it.needed));
        comment(out, &format!("  {}: {held} -> {needed}", spelled(it.row)))?;
    }
    let is_hidden = |part: &Part<'_>| found.hidden.iter().any(|it| it.row.key() == part.row.key());
    let denied: Vec<&Part<'_>> = found.denied.iter().filter(|part| !is_hidden(part)).collect();
    parts("used, and denied by the policy as it is:", &denied, out)?;
    let hidden: Vec<&Part<'_>> = found.hidden.iter().collect();
    parts("used, and left out: managed organizations only", &hidden, out)?;
    draft(&found.draft, out)
}

fn parts(head: &str, parts: &[&Part<'_>], out: &mut dyn Write) -> io::Result<()> {
    if !parts.is_empty() {
        comment(out, head)?;
    }
    parts.iter().flat_map(|part| asked(part)).try_for_each(|text| comment(out, &format!("  {text}")))
}

fn draft(draft: &Draft<'_>, out: &mut dyn Write) -> io::Result<()> {
    match (draft.same, draft.base) {
        (Some(same), _) => {
            comment(out, &format!("{} holds just this: no new role is needed", bare_or_quoted(same.id())))?;
        }
        (None, Some(base)) => {
            let lines = counted(draft.lines(), "line", "lines");
            let id = bare_or_quoted(base.id());
            comment(out, &format!("{lines} from {id}, {} from nothing", draft.from_nothing))?;
        }
        (None, None) => {}
    }
    draft.text().lines().try_for_each(|line| one_line(out, &format!("    {line}")))
}

/// A line of a comment. A name in it cannot end it: no line ends in it.
fn comment(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "    // {}", escaped_line(text))
}
