//! A role for people, as the admin form shows it.
//!
//! ```
//! use rolec::render::sheet::sheet;
//! use rolec::table::Table;
//! use rolec::tools::explain;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let reader = table.role_view(table.template("reader").unwrap()).unwrap();
//! let mut out = Vec::new();
//! sheet(&table, &explain::sheet(reader, None), &mut out)?;
//! let shown = String::from_utf8(out)?;
//! assert!(shown.starts_with("reader \"Reader\", a template of catalog wiki\n"));
//! assert!(shown.contains("\nContent\n  spaces   read  acme.role:24:28\n  pages    none  floor\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::render::origin;
use crate::table::Table;
use crate::tools::ask::{bare_or_quoted, level};
use crate::tools::explain::{Deciding, Line, Sheet};

/// Writes a role's rows by category: level, and where the level comes from.
///
/// ```
/// use rolec::render::sheet::sheet;
/// use rolec::table::Table;
/// use rolec::tools::explain;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let owner = table.role_view(table.template("owner").unwrap()).unwrap();
/// let mut out = Vec::new();
/// sheet(&table, &explain::sheet(owner, Some(acme)), &mut out)?;
/// assert!(String::from_utf8(out)?.contains("tenants  off                     managed organizations only"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sheet(table: &Table, sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(table, sheet, out)?;
    let width = |text: &dyn Fn(&Line<'_>) -> usize| sheet.lines.iter().map(text).max().unwrap_or(0);
    let ids = width(&|line| bare_or_quoted(line.row.id()).chars().count());
    let levels = width(&|line| line.level().chars().count());
    let mut category = None;
    let mut unconfirmed = 0;
    for line in &sheet.lines {
        let of = line.row.category();
        if category != Some(of.key()) {
            category = Some(of.key());
            writeln!(out)?;
            one_line(out, of.title().unwrap_or(of.id()))?;
        }
        unconfirmed += usize::from(line.parts.iter().any(|part| origin::unconfirmed(part).is_some()));
        let (id, level) = (bare_or_quoted(line.row.id()), line.level());
        one_line(out, &format!("  {id:<ids$}  {level:<levels$}  {}", sources(table, line)))?;
        for caveat in line.row.caveats().filter(|_| !line.held.is_empty()) {
            one_line(out, &format!("  {:ids$}  {:levels$}  caveat: {caveat}", "", ""))?;
        }
    }
    if unconfirmed > 0 {
        writeln!(out)?;
        let (cells, them) = if unconfirmed == 1 { ("cell is", "it") } else { ("cells are", "them") };
        one_line(
            out,
            &format!(
                "{unconfirmed} {cells} confirmed by no public page: look in the console, and say {them} in a template of your own."
            ),
        )?;
    }
    Ok(())
}

fn head(table: &Table, sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    let role = sheet.role;
    let mut text = role.id().to_owned();
    if let Some(title) = role.title() {
        text += &format!(" \"{title}\"");
    }
    let what = match (role.is_default(), role.is_template()) {
        (true, _) => "default role",
        (false, true) => "template",
        (false, false) => "role",
    };
    text += &format!(", a {what} of ");
    match (role.organization(), sheet.organization) {
        (Some(own), _) => text += &format!("organization {} ({})", own.id(), own.kind()),
        (None, shown) => {
            text += &format!("catalog {}", role.catalog().id());
            if let Some(shown) = shown {
                text += &format!(", in organization {} ({})", shown.id(), shown.kind());
            }
        }
    }
    let bases: Vec<&str> = role.bases().map(|base| base.id()).collect();
    if !bases.is_empty() {
        text += &format!(", from {}", bases.join(", "));
    }
    one_line(out, &text)?;
    if let Some(text) = role.description() {
        one_line(out, text)?;
    }
    for text in role.doc().into_iter().flat_map(str::lines) {
        one_line(out, &text.replace('\t', "    "))?;
    }
    if let Some(text) = start(sheet) {
        one_line(out, &text)?;
    }
    one_line(out, &origin::position(table, role.position()))
}

/// The default role that a custom role starts from in a console. A catalog may have none, and asks for none then.
fn start(sheet: &Sheet<'_>) -> Option<String> {
    let role = sheet.role;
    if role.is_default() || !role.catalog().templates().any(|template| template.is_default()) {
        return None;
    }
    let ids: Vec<&str> = sheet.default_roles.iter().map(|default| default.id()).collect();
    Some(match ids.as_slice() {
        [] => "default role: none, it starts from nothing".to_owned(),
        [one] => format!("default role: {one}"),
        several => format!("default roles: {}; a console keeps a role with one", several.join(", ")),
    })
}

/// Where a level comes from, in one line.
fn sources(table: &Table, line: &Line<'_>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for part in &line.parts {
        let mut text = match &part.deciding {
            Deciding::Entry(_, entry) => {
                let at = origin::position(table, entry.position);
                match origin::kind(part) {
                    "spread" => format!("`{}` {at}", origin::line(part).unwrap_or_default()),
                    _ => at,
                }
            }
            Deciding::Floor(_) => "floor".to_owned(),
            Deciding::OnlyManaged => "managed organizations only".to_owned(),
        };
        let is_line = matches!(part.deciding, Deciding::Entry(..));
        if let Some(way) = origin::way(part).filter(|_| is_line) {
            text += &format!(" by {way}");
        }
        if let Some(mark) = origin::unconfirmed(part) {
            text += &format!(" [{mark}]");
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    if !line.lowered.is_empty() {
        let shape = line.row.shape();
        texts.push(format!("lowered from {}", level(shape, line.held | line.lowered)));
    }
    if line.row.is_escalating() && !line.held.is_empty() {
        texts.push("escalating".to_owned());
    }
    texts.join("; ")
}
