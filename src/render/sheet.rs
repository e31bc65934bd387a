//! A role for people, as the admin form shows it.

use std::io::{self, Write};

use crate::render::{Escaped, origin};
use crate::table::Table;
use crate::tools::explain::{Deciding, Line, Sheet};

/// Writes a role's rows by category: level, and where the level comes from.
pub fn sheet(table: &Table, sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut out = Escaped::text(out);
    head(table, sheet, &mut out)?;
    let width = |text: &dyn Fn(&Line<'_>) -> usize| sheet.lines.iter().map(text).max().unwrap_or(0);
    let ids = width(&|line| line.row.id().chars().count());
    let levels = width(&|line| line.level().chars().count());
    let mut category = None;
    let mut unconfirmed = 0;
    for line in &sheet.lines {
        let of = line.row.category();
        if category != Some(of.key()) {
            category = Some(of.key());
            writeln!(out)?;
            writeln!(out, "{}", of.title().unwrap_or(of.id()))?;
        }
        unconfirmed += usize::from(line.parts.iter().any(|part| origin::unconfirmed(part).is_some()));
        let (id, level) = (line.row.id(), line.level());
        writeln!(out, "  {id:<ids$}  {level:<levels$}  {}", sources(table, line))?;
        for caveat in line.row.caveats() {
            writeln!(out, "  {:ids$}  {:levels$}  caveat: {caveat}", "", "")?;
        }
    }
    if unconfirmed > 0 {
        writeln!(out)?;
        let (cells, them) = if unconfirmed == 1 { ("cell is", "it") } else { ("cells are", "them") };
        writeln!(
            out,
            "{unconfirmed} {cells} confirmed by no public page: look in the console, and say {them} in a template of your own."
        )?;
    }
    out.finish().map(drop)
}

fn head(table: &Table, sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    let role = sheet.role;
    write!(out, "{}", role.id())?;
    if let Some(title) = role.title() {
        write!(out, " \"{title}\"")?;
    }
    let what = match (role.is_default(), role.is_template()) {
        (true, _) => "default role",
        (false, true) => "template",
        (false, false) => "role",
    };
    write!(out, ", a {what} of ")?;
    match (role.organization(), sheet.organization) {
        (Some(own), _) => write!(out, "organization {} ({})", own.id(), own.kind())?,
        (None, shown) => {
            write!(out, "catalog {}", role.catalog().id())?;
            if let Some(shown) = shown {
                write!(out, ", in organization {} ({})", shown.id(), shown.kind())?;
            }
        }
    }
    let bases: Vec<&str> = role.bases().map(|base| base.id()).collect();
    if !bases.is_empty() {
        write!(out, ", from {}", bases.join(", "))?;
    }
    writeln!(out)?;
    for text in [role.description(), role.doc()].into_iter().flatten() {
        writeln!(out, "{text}")?;
    }
    writeln!(out, "{}", origin::position(table, role.position()))
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
        if let Some(way) = part.way.get(1).and(origin::way(part)) {
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
        texts.push(format!("lowered from {}", shape.level(line.held | line.lowered)));
    }
    texts.join("; ")
}
