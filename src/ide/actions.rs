//! What can be done at a place: the fixes of findings, and other ways to say the same.

use crate::check::Ground;
use crate::diagnostic::{Applicability, Code, Edit};
use crate::ide::origin::Lines;
use crate::ide::owner::{Owner, owners};
use crate::model::Target;
use crate::source::{FileId, Place, Span};
use crate::syntax::ast;
use crate::tools::ask::{bare_or_quoted, level};
use crate::vocab::CategoryId;
use crate::workspace::Workspace;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an instruction.
    pub title: String,
    /// The edits that do it.
    pub edits: Vec<Edit>,
    /// Whether it is what one wants most likely.
    pub is_preferred: bool,
    /// The finding that it mends, and where that is; none for another way to say the same.
    pub of: Option<(Code, Span)>,
}

/// What can be done in a range.
pub fn actions(ws: &Workspace, file: FileId, range: Span) -> Vec<Action> {
    let touches = |span: Span| span.start <= range.end && range.start <= span.end;
    let mut actions = Vec::new();
    for finding in ws.findings(file) {
        let at = finding.primary.place.span;
        let places = finding.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place);
        let mut places = places.filter(|place| place.file == file);
        if !touches(at) && !places.any(|place| touches(place.span)) {
            continue;
        }
        for fix in &finding.fixes {
            actions.push(Action {
                title: fix.title.clone(),
                edits: fix.edits.clone(),
                is_preferred: fix.applicability == Applicability::Safe || finding.fixes.len() == 1,
                of: Some((finding.code, at)),
            });
        }
    }
    let Some(ground) = ws.ground() else { return actions };
    if ground.is_built_in(file) {
        return actions;
    }
    for owner in owners(ws, file, Some(range)) {
        if !owner.role.is_whole || owner.member.node.is_damaged {
            continue;
        }
        for grant in &owner.member.node.grants {
            if touches(owner.scope.place(grant.span).span) {
                rewrites(ground, file, &owner, grant, &mut actions);
            }
        }
    }
    actions
}

/// Other ways to say a spread.
fn rewrites(ground: &Ground, file: FileId, owner: &Owner<'_>, grant: &ast::Grant, actions: &mut Vec<Action>) {
    const KEPT: usize = 4;
    let (reach, spread) = match &grant.what {
        ast::Granted::All(_) => (None, None),
        ast::Granted::Category { category, levels: Some(levels), entries, has_block } => {
            let id = ground.find_category(owner.role.catalog, &owner.scope.name(*category));
            let Some(id) = id else { return };
            (Some(id), Some((*category, levels, entries, *has_block)))
        }
        _ => return,
    };
    let rows = set_by(owner, reach);
    if let Some((category, levels, entries, has_block)) = spread
        && let Some(edit) = spelled_out(file, owner, &rows, category, levels, entries, has_block)
    {
        actions.push(Action {
            title: "spell out the rows of this spread".to_owned(),
            edits: vec![edit],
            is_preferred: false,
            of: None,
        });
    }
    let start = owner.scope.place(grant.span).span.start;
    let lowered = rows.iter().filter(|row| row.inherited.as_deref().is_some_and(|_| row.is_lowered));
    for row in lowered.take(KEPT) {
        let level = row.inherited.as_deref().unwrap_or_default();
        let line = format!("grant {}.{}: {level}", bare_or_quoted(row.category), bare_or_quoted(row.id));
        actions.push(Action {
            title: format!("keep `{}` at `{level}`, as it was", row.id),
            edits: vec![Edit {
                place: Place { file, span: Span::new(start, start) },
                text: format!("{line}{}", next_line(owner, start)),
            }],
            is_preferred: false,
            of: None,
        });
    }
}

/// A row that a spread sets.
struct SetRow<'w> {
    category: &'w str,
    id: &'w str,
    level: String,
    inherited: Option<String>,
    is_lowered: bool,
}

fn set_by<'w>(owner: &Owner<'w>, reach: Option<CategoryId>) -> Vec<SetRow<'w>> {
    let target = reach.map_or(Target::All, Target::Category);
    let lines = Lines::of(owner.role);
    let mut rows = Vec::new();
    for (id, row) in owner.catalog.all_rows() {
        let cell = owner.cell(id, row);
        if !cell.is_there() || lines.target_for(id, row) != Some(target) {
            continue;
        }
        let (held, inherited) = (cell.held(), cell.inherited());
        rows.push(SetRow {
            category: owner.catalog.category(row.category).map_or("", |category| &category.id),
            id: &row.id,
            level: level(&row.shape, held),
            inherited: inherited.map(|before| level(&row.shape, before)),
            is_lowered: inherited.is_some_and(|before| !held.contains(before)),
        });
    }
    rows
}

/// A line's end, and the white space that the line of a place begins with.
fn next_line(owner: &Owner<'_>, at: u32) -> String {
    let before = owner.text_before(at);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
    if line.trim().is_empty() { format!("\n{indent}") } else { " ".to_owned() }
}

/// A spread as its rows, each exactly: in the place of the level and up to the brace, if there is one.
fn spelled_out(
    file: FileId,
    owner: &Owner<'_>,
    rows: &[SetRow<'_>],
    category: ast::Name,
    levels: &ast::Levels,
    entries: &[ast::Entry],
    has_block: bool,
) -> Option<Edit> {
    let last = owner.scope.at(*levels.words.last()?).span.end;
    let start = owner.scope.at(category).span.end;
    // What a direct organization does not have need not be said; but a block of nothing says nothing.
    if rows.is_empty() && entries.is_empty() {
        return None;
    }
    let before = owner.text_before(start);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for row in rows {
        let id = bare_or_quoted(row.id).into_owned();
        match groups.iter_mut().find(|(level, _)| *level == row.level) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((&row.level, vec![id])),
        }
    }
    let mut text = String::from(" {");
    for (level, ids) in &groups {
        text.push_str(&format!("\n{indent}    {}: {level}", ids.join(", ")));
    }
    let mut end = last;
    if has_block {
        // Up to and with the brace; what stands between, remarks too, stays behind it.
        let rest = owner.text_after(last);
        let gap = rest.split_once('{').map(|(gap, _)| gap)?;
        if !gap.trim().is_empty() {
            return None;
        }
        end = last + u32::try_from(gap.len()).ok()? + 1;
    } else {
        text.push_str(&format!("\n{indent}}}"));
    }
    Some(Edit { place: Place { file, span: Span::new(start, end) }, text })
}
