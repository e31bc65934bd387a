//! What tests speak of and what they would notice, for people: a total, each role, each row, and what nobody watches.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::coverage::coverage;
//! use rolec::source::Sources;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let mut out = Vec::new();
//! coverage(&rolec::tools::testing::coverage(&compiled.model.unwrap(), &compiled.sources), &mut out)?;
//! assert!(out.starts_with(b"tests speak of 3 of "));
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use crate::catalog::{Catalog, Row};
use crate::model::Organization;
use crate::render::escape::one_line;
use crate::render::testing::at;
use crate::source::{Place, Sources};
use crate::tools::ask::{bare_or_quoted, level as spelled_level};
use crate::tools::testing::{Count, Coverage, Marked, Mutation, Without, flipped, flips};
use crate::vocab::Actions;

/// How many lines of one sort are written.
const SHOWN: usize = 20;

/// Writes how much of each role and row is spoken of by a test.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::coverage::coverage;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let found = rolec::tools::testing::coverage(&model, &compiled.sources);
/// let mut out = Vec::new();
/// coverage(&found, &mut out)?;
/// let told = String::from_utf8(out)?;
/// assert!(told.starts_with("tests speak of 3 of 24 permissions (12.5 %), and of all of 1 of 12 cells (8.3 %)\n"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage(coverage: &Coverage<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (total, whole) = (coverage.total(), coverage.whole());
    writeln!(
        out,
        "tests speak of {} of {} permissions ({}), and of all of {} of {} cells ({})",
        total.part,
        total.all,
        total.share(),
        whole.part,
        whole.all,
        whole.share()
    )?;
    let roles = coverage.roles.iter().map(|role| (name(role), coverage.of(role)));
    listed("role", roles.collect(), out)?;
    let rows = coverage.rows().into_iter().map(|(catalog, row, count)| (spelled(catalog, row), count));
    listed("row", rows.collect(), out)
}

/// Those of which something is not spoken of, the least spoken of first.
fn listed(what: &str, mut list: Vec<(String, Count)>, out: &mut dyn Write) -> io::Result<()> {
    let all = list.len();
    list.retain(|(_, count)| count.part < count.all);
    if list.is_empty() {
        return Ok(());
    }
    // By share; where that is equal as they stand.
    list.sort_by(|(_, a), (_, b)| (a.part * b.all).cmp(&(b.part * a.all)));
    writeln!(out, "\n{} of {all} {what}s in part or not at all", list.len())?;
    let width = list.iter().take(SHOWN).map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, count) in list.iter().take(SHOWN) {
        let gap = " ".repeat(width - name.chars().count());
        one_line(out, &format!("  {name}{gap}  {count}"))?;
    }
    match list.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

/// Writes which changes no test would notice.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::coverage::mutation;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let found = rolec::tools::testing::mutation(&model, &compiled.sources);
/// let mut out = Vec::new();
/// mutation(&compiled.sources, &found, &mut out)?;
/// let told = String::from_utf8(out)?;
/// assert!(told.contains("\neditor in acme: "), "{told}");
/// assert!(told.contains("assign editor to \"bot\": taken away\n"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mutation(sources: &Sources, mutation: &Mutation<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "tests notice {} changes of cells, {} of assignments",
        mutation.cells(),
        mutation.assignments
    )?;
    for role in &mutation.roles {
        let count = mutation.of(role);
        if count.part < count.all {
            writeln!(out)?;
            one_line(out, &format!("{}: {} unnoticed", name(role), count.all - count.part))?;
            unnoticed(role, out)?;
        }
    }
    if mutation.unnoticed.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nassignments: {} unnoticed", mutation.unnoticed.len())?;
    for one in mutation.unnoticed.iter().take(SHOWN) {
        let without = match one.without {
            Without::All => "taken away".to_owned(),
            Without::From => format!("without `from {}`", bound(one.assignment.from())),
            Without::Until => format!("without `until {}`", bound(one.assignment.until())),
        };
        let (role, name) = (bare_or_quoted(one.role), &one.principal.name);
        let at = at(sources, one.assignment.place);
        one_line(out, &format!("  {at}: assign {role} to \"{name}\": {without}"))?;
    }
    match mutation.unnoticed.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

/// Each row of a role with the levels that no test would notice instead of its own.
fn unnoticed(role: &Marked<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = role.rows().filter_map(|(_, row, held, marks)| {
        let open = flips(row, held) - marks;
        (!open.is_empty()).then_some((row, held, open))
    });
    for (shown, (row, held, open)) in rows.enumerate() {
        if shown == SHOWN {
            let rows = role.rows().filter(|(_, row, held, marks)| !(flips(row, *held) - *marks).is_empty());
            return writeln!(out, "  and {} more rows", rows.count() - SHOWN);
        }
        let levels: Vec<String> =
            open.positions().map(|at| spelled_level(&row.shape, flipped(held, Actions::one(at)))).collect();
        let (row_name, level) = (spelled(role.catalog, row), spelled_level(&row.shape, held));
        one_line(out, &format!("  {row_name}: {level} -> {}", levels.join(" | ")))?;
    }
    Ok(())
}

fn spelled(catalog: &Catalog, row: &Row) -> String {
    let category = catalog.category(row.category).map_or("", |category| &category.id);
    format!("{}.{}", bare_or_quoted(category), bare_or_quoted(&row.id))
}

fn name(role: &Marked<'_>) -> String {
    let id = bare_or_quoted(&role.role.id);
    match role.organization.map(|Organization { id, .. }| id) {
        Some(organization) => format!("{id} in {organization}"),
        None => format!("template {id}"),
    }
}

fn bound(time: Option<crate::vocab::Time>) -> String {
    time.map_or_else(String::new, |time| time.to_string())
}

/// Writes how many lines of tests rest on each line of a role, in the form of lcov's tracefiles.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::coverage::lcov;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let found = rolec::tools::testing::coverage(&model, &compiled.sources);
/// let mut out = Vec::new();
/// lcov(&compiled.sources, &found, &mut out)?;
/// let told = String::from_utf8(out)?;
/// assert!(told.starts_with("TN:\nSF:acme.role\n") && told.ends_with("end_of_record\n"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lcov(sources: &Sources, coverage: &Coverage<'_>, out: &mut dyn Write) -> io::Result<()> {
    // Places are sorted by file. Entries of one line are one line.
    let all: Vec<(&Place, &usize)> = coverage.lines.iter().collect();
    for of_file in all.chunk_by(|(a, _), (b, _)| a.file == b.file) {
        let Some(file) = of_file.first().and_then(|(place, _)| sources.file(place.file)) else { continue };
        let mut lines: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
        for (place, count) in of_file {
            *lines.entry(sources.line_column(**place).0).or_default() += **count;
        }
        writeln!(out, "TN:")?;
        one_line(out, &format!("SF:{}", file.name()))?;
        for (line, count) in &lines {
            writeln!(out, "DA:{line},{count}")?;
        }
        let hit = lines.values().filter(|count| **count > 0).count();
        writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", lines.len())?;
    }
    Ok(())
}
