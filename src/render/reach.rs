//! Who can come to hold what, for people: a line for each of them, and below it the way, which begins with the line that
//! gives its first row.
//!
//! ```
//! use rolec::render::reach::reachable;
//! use rolec::table::Table;
//! use rolec::tools::{ask, reach};
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organizations().next().unwrap();
//! let export = ask::permission(&table, acme.catalog(), &ask::What::Text("export")).unwrap();
//! let at = Time::parse("2026-12-31")?;
//! let mut out = Vec::new();
//! reachable(&table, &[reach::reachable(&table, acme, export, at).unwrap()], at, &mut out)?;
//! assert_eq!(String::from_utf8(out)?, "acme (direct)\n  template   owner  holds it\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::render::origin;
use crate::render::when::within;
use crate::table::{Organization, Row, Table};
use crate::tools::ask::{bare_or_quoted, level, spelled};
use crate::tools::explain::{Deciding, deciding};
use crate::tools::reach::{Climbers, Gain, Giver, Reachers, Subject};
use crate::vocab::Period;

/// How many roles that give one row are told.
const GIVERS: usize = 12;

/// How many rows that can be come to are told by their names.
const ROWS: usize = 8;

/// Writes who holds a permission or can come to it, an organization at a time.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::reach::reachable;
/// use rolec::source::Sources;
/// use rolec::tools::{ask, reach};
/// use rolec::vocab::Time;
///
/// let text = "catalog c { category a { pass: flag { escalating to a.keys } keys: flag } } use c
/// organization o { role r { grant a.pass: on } assign r to \"kim\" }";
/// let table = compile(Sources::from_iter([("o.role", text)])).table.unwrap();
/// let o = table.organizations().next().unwrap();
/// let keys = ask::permission(&table, o.catalog(), &ask::What::Text("keys")).unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let mut out = Vec::new();
/// reachable(&table, &[reach::reachable(&table, o, keys, at).unwrap()], at, &mut out)?;
/// assert!(String::from_utf8(out)?.ends_with("  admin      kim  1 step    by r
///     a.pass: on
///       r, assigned at o.role:2:58: `grant a.pass: on` at o.role:2:27
///     leads to a.keys
/// "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reachable(
    table: &Table,
    found: &[Reachers<'_>],
    period: impl Into<Period>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page { table, period: period.into() };
    for (index, here) in found.iter().enumerate() {
        page.head(index, here.organization, here.subjects.is_empty(), out)?;
        let stretches = || here.subjects.iter().flat_map(|one| &one.ways).map(|way| way.period);
        let columns = page.columns(here.subjects.iter().map(|one| one.who), stretches());
        for one in &here.subjects {
            let mut who = Some(one.who);
            for way in &one.ways {
                let what = if way.steps == 0 { "holds it".to_owned() } else { steps(way.steps) };
                page.line(columns, who.take(), way.period, &format!("{what:<8}"), &way.by, out)?;
                page.way(here.organization, (way.steps, &way.path, &way.by), &spelled(here.row), out)?;
            }
        }
    }
    Ok(())
}

/// Writes who can come to more than they hold, an organization at a time.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::reach::beyond;
/// use rolec::source::Sources;
/// use rolec::tools::reach;
/// use rolec::vocab::Time;
///
/// let text = "catalog c { category a { pass: flag { escalating } keys: flag } } use c
/// organization o { role r { grant a.pass: on } }";
/// let table = compile(Sources::from_iter([("o.role", text)])).table.unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let mut out = Vec::new();
/// beyond(&table, &[reach::beyond(&table, table.organizations().next().unwrap(), at)], at, &mut out)?;
/// assert_eq!(String::from_utf8(out)?, "o (direct)
///   role       r  1 step   everything: 1 permission more
///     a.pass: on
///       r: `grant a.pass: on` at o.role:2:27
///     leads to everything
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn beyond(
    table: &Table,
    found: &[Climbers<'_>],
    period: impl Into<Period>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page { table, period: period.into() };
    for (index, here) in found.iter().enumerate() {
        page.head(index, here.organization, here.subjects.is_empty(), out)?;
        let stretches = || here.subjects.iter().flat_map(|one| &one.gains).map(|gain| gain.period);
        let columns = page.columns(here.subjects.iter().map(|one| one.who), stretches());
        for one in &here.subjects {
            let mut who = Some(one.who);
            for gain in &one.gains {
                let what = format!("{:<8} {}", steps(gain.steps), gained(gain));
                page.line(columns, who.take(), gain.period, &what, &gain.by, out)?;
                let to = gain.to.map_or_else(|| "everything".to_owned(), spelled);
                page.way(here.organization, (gain.steps, &gain.path, &gain.by), &to, out)?;
            }
        }
    }
    Ok(())
}

fn steps(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}

/// What can be come to, and how much of it is not held.
fn gained(gain: &Gain<'_>) -> String {
    let what = match gain.everything {
        Some(_) => "everything".to_owned(),
        None => {
            let names: Vec<String> = gain.rows.iter().take(ROWS).map(|(row, _)| spelled(*row)).collect();
            match gain.rows.len().saturating_sub(ROWS) {
                0 => names.join(", "),
                more => format!("{} and {more} more rows", names.join(", ")),
            }
        }
    };
    let permissions = if gain.permissions == 1 { "permission" } else { "permissions" };
    format!("{what}: {} {permissions} more", gain.permissions)
}

/// How wide the columns of an organization are.
#[derive(Clone, Copy)]
struct Columns {
    names: usize,
    whens: usize,
}

struct Page<'t> {
    table: &'t Table,
    period: Period,
}

impl Page<'_> {
    fn head(
        &self,
        index: usize,
        organization: Organization<'_>,
        is_empty: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if index > 0 {
            writeln!(out)?;
        }
        one_line(out, &format!("{} ({})", organization.id(), organization.kind()))?;
        if is_empty { one_line(out, "  nobody") } else { Ok(()) }
    }

    fn columns<'s>(
        &self,
        subjects: impl Iterator<Item = Subject<'s>>,
        stretches: impl Iterator<Item = Period>,
    ) -> Columns {
        let width = |text: String| text.chars().count();
        let names = subjects.map(|who| width(name(who))).max().unwrap_or(0);
        let whens = stretches.map(|stretch| width(within(stretch, self.period))).max().unwrap_or(0);
        Columns { names, whens }
    }

    /// Who, when and what; of a further stretch of the same subject, without who.
    fn line(
        &self,
        columns: Columns,
        who: Option<Subject<'_>>,
        stretch: Period,
        what: &str,
        by: &[Giver<'_>],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (word, name) = who.map_or(("", String::new()), |who| (who.word(), name(who)));
        let when = if self.period.is_moment() {
            String::new()
        } else {
            format!("  {:<width$}", within(stretch, self.period), width = columns.whens)
        };
        let mut ids: Vec<_> = by
            .iter()
            .filter(|giver| giver.assignment.is_some())
            .map(|giver| bare_or_quoted(giver.role.id()))
            .collect();
        ids.dedup();
        let by = if ids.is_empty() { String::new() } else { format!("  by {}", ids.join(", ")) };
        let line = format!("  {word:<9}  {name:<width$}{when}  {what}{by}", width = columns.names);
        one_line(out, line.trim_end())
    }

    /// The way below it: the first row and what gives it, and where that leads.
    fn way(
        &self,
        organization: Organization<'_>,
        (steps, path, by): (usize, &[Row<'_>], &[Giver<'_>]),
        to: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Some((first, rest)) = path.split_first() else {
            return if steps > 0 {
                one_line(out, "    the super role: who holds it may change roles")
            } else {
                Ok(())
            };
        };
        one_line(out, &format!("    {}: {}", spelled(*first), level(first.shape(), first.shape().top())))?;
        for giver in by.iter().take(GIVERS) {
            for sentence in self.given(organization, *first, giver) {
                one_line(out, &format!("      {sentence}"))?;
            }
        }
        if let Some(more) = by.len().checked_sub(GIVERS).filter(|more| *more > 0) {
            one_line(out, &format!("      and {more} more"))?;
        }
        for row in rest {
            one_line(out, &format!("    leads to {}", spelled(*row)))?;
        }
        one_line(out, &format!("    leads to {to}"))
    }

    /// What gives the first row of a way: the role, how it was come by, and its line.
    fn given(&self, organization: Organization<'_>, row: Row<'_>, giver: &Giver<'_>) -> Vec<String> {
        let assigned = giver.assignment.map_or_else(String::new, |assignment| {
            format!(", assigned at {}", origin::position(self.table, assignment.position()))
        });
        let held = giver.role.actions(row.key());
        let parts = deciding(giver.role, row, held, organization.kind());
        let sentence = |part| {
            let line = match &part {
                crate::tools::explain::Part { deciding: Deciding::Entry(_, entry), .. } => {
                    let line = origin::line(&part).unwrap_or_default();
                    format!("`{line}` at {}", origin::position(self.table, entry.position))
                }
                _ => "the floor of the row".to_owned(),
            };
            let way = origin::way(&part).map_or_else(String::new, |way| format!(", by {way}"));
            let id = bare_or_quoted(giver.role.id());
            // Of verbs another role may give the rest.
            let share = if held == row.shape().top() {
                String::new()
            } else {
                format!(" gives {}", level(row.shape(), part.actions))
            };
            format!("{id}{assigned}: {line}{share}{way}")
        };
        parts.into_iter().map(sentence).collect()
    }
}

fn name(who: Subject<'_>) -> String {
    match who {
        Subject::Role(role) => bare_or_quoted(role.id()).into_owned(),
        Subject::Principal(principal) => principal.name().to_owned(),
    }
}
