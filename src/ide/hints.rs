//! Short texts between the words: what an entry overrides, what a spread lowers and what it leaves at the floor.

use crate::ide::origin::Lines;
use crate::ide::owner::{Owner, owners};
use crate::model::Target;
use crate::source::{FileId, Span};
use crate::syntax::{ast, spelled_level};
use crate::vocab::{CategoryId, RowId};
use crate::workspace::Workspace;

/// A text that is shown in a place and is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Behind which byte.
    pub offset: u32,
    /// What is shown.
    pub text: String,
    /// More of it.
    pub tooltip: String,
}

/// The hints of a range, in the order of the text.
pub fn hints(ws: &Workspace, file: FileId, range: Span) -> Vec<Hint> {
    let mut hints = Vec::new();
    for owner in owners(ws, file, Some(range)).iter().filter(|owner| owner.role.is_whole) {
        let lines = Lines::of(owner.role);
        for grant in &owner.member.node.grants {
            match &grant.what {
                ast::Granted::All(levels) => hints.extend(spread(owner, &lines, levels, None)),
                ast::Granted::Row { category, entry } => {
                    let category = find_category(ws, owner, *category);
                    hints.extend(category.and_then(|category| self::entry(ws, owner, category, entry)));
                }
                ast::Granted::Category { category, levels, entries, .. } => {
                    let Some(category) = find_category(ws, owner, *category) else { continue };
                    hints.extend(
                        levels.iter().filter_map(|levels| spread(owner, &lines, levels, Some(category))),
                    );
                    hints.extend(entries.iter().filter_map(|one| self::entry(ws, owner, category, one)));
                }
            }
        }
    }
    hints.retain(|hint| range.start <= hint.offset && hint.offset <= range.end);
    hints.sort_by_key(|hint| hint.offset);
    hints
}

fn find_category(ws: &Workspace, owner: &Owner<'_>, name: ast::Name) -> Option<CategoryId> {
    ws.ground()?.find_category(owner.role.catalog, &owner.scope.name(name))
}

fn behind(owner: &Owner<'_>, levels: &ast::Levels) -> Option<u32> {
    levels.words.last().map(|word| owner.scope.at(*word).span.end)
}

/// What the rows of an entry had from the bases, where that is something else.
fn entry(ws: &Workspace, owner: &Owner<'_>, category: CategoryId, entry: &ast::Entry) -> Option<Hint> {
    let ground = ws.ground()?;
    let mut levels: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for name in &entry.rows {
        let id: RowId = ground.find_row(owner.role.catalog, category, &owner.scope.name(*name))?;
        let row = owner.catalog.row(id)?;
        let cell = owner.cell(id, row);
        let inherited = cell.inherited()?;
        if !cell.is_there() || inherited == cell.held() {
            continue;
        }
        let level = spelled_level(&row.shape, inherited);
        lines.push(format!("{}: {} instead of {level}", row.id, spelled_level(&row.shape, cell.held())));
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    if levels.is_empty() {
        return None;
    }
    let text = format!("over {}", levels.join(" / "));
    Some(Hint { offset: behind(owner, &entry.levels)?, text, tooltip: lines.join("\n") })
}

/// What a spread lowers, and what it leaves at the floor though it says more.
fn spread(owner: &Owner<'_>, lines: &Lines, levels: &ast::Levels, reach: Option<CategoryId>) -> Option<Hint> {
    const SHOWN: usize = 12;
    let target = reach.map_or(Target::All, Target::Category);
    // Who takes all away knows it.
    let is_none = levels.words.iter().all(|word| matches!(&*owner.scope.name(*word), "none" | "off"));
    let (mut lowered, mut floors) = (Vec::new(), Vec::new());
    for (id, row) in owner.catalog.all_rows() {
        let cell = owner.cell(id, row);
        let is_set =
            reach.is_none_or(|reach| reach == row.category) && lines.target_for(id, row) == Some(target);
        if !is_set || !cell.is_there() {
            continue;
        }
        let held = cell.held();
        if let Some(before) = cell.inherited().filter(|before| !held.contains(*before)) {
            lowered.push(format!(
                "{}: {} → {}",
                row.id,
                spelled_level(&row.shape, before),
                spelled_level(&row.shape, held)
            ));
        } else if held == row.shape.floor() && !is_none {
            floors.push(format!("{}: {}", row.id, spelled_level(&row.shape, held)));
        }
    }
    let mut texts = Vec::new();
    let mut told = Vec::new();
    for (what, rows) in [("lowered", lowered), ("at the floor", floors)] {
        if rows.is_empty() {
            continue;
        }
        texts.push(if what == "lowered" {
            format!("lowered {}", rows.len())
        } else {
            format!("{} {what}", rows.len())
        });
        told.push(format!("{what}:"));
        told.extend(rows.iter().take(SHOWN).cloned());
        if rows.len() > SHOWN {
            told.push(format!("and {} more", rows.len() - SHOWN));
        }
    }
    if texts.is_empty() {
        return None;
    }
    Some(Hint { offset: behind(owner, levels)?, text: texts.join(", "), tooltip: told.join("\n") })
}
