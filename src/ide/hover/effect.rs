//! What a role holds where a cursor stands, and which lines say so.

use crate::catalog::Catalog;
use crate::ide::hover::{Asked, position, spelled};
use crate::ide::markdown::{code, count, list, plain};
use crate::ide::origin::{Cell, Deciding, Part};
use crate::ide::owner::Owner;
use crate::model::{Role, Subject, Target};
use crate::syntax::spelled_level;
use crate::tools::ask::bare_or_quoted;
use crate::vocab::{Actions, CategoryId, OrganizationKind, RowId};
use crate::workspace::Workspace;

/// The level of a row in a role, and where it comes from.
pub(super) fn row(ws: &Workspace, owner: &Owner<'_>, id: RowId) -> Vec<String> {
    let Some(row) = owner.catalog.row(id) else { return Vec::new() };
    cell(ws, &owner.cell(id, row), owner.catalog)
}

fn cell(ws: &Workspace, cell: &Cell<'_>, catalog: &Catalog) -> Vec<String> {
    let shape = &cell.row.shape;
    let held = cell.held();
    if !cell.role.is_whole {
        return vec![format!("in {}: not all that it starts from is known", code(&cell.role.id))];
    }
    let mut first = format!("**{}** in {}", code(&spelled_level(shape, held)), code(&cell.role.id));
    if let Some(inherited) = cell.inherited().filter(|inherited| *inherited != held) {
        first.push_str(&format!(", {} inherited", code(&spelled_level(shape, inherited))));
    }
    let parts = cell.parts();
    let lines: Vec<String> = parts.iter().map(|part| line(ws, cell, part, held, catalog)).collect();
    vec![first, lines.join("\n")]
}

/// One line that decided, and the way to it.
fn line(ws: &Workspace, cell: &Cell<'_>, part: &Part<'_>, held: Actions, catalog: &Catalog) -> String {
    let shape = &cell.row.shape;
    let names: Vec<String> = shape
        .actions()
        .enumerate()
        .filter(|(index, _)| part.actions.contains(Actions::one(*index)))
        .map(|(_, name)| code(name))
        .collect();
    let not = if held.is_empty() { "not " } else { "" };
    let mut text = format!("- {not}{}: ", list(&names, 6));
    match part.deciding {
        Deciding::Entry(role, entry) => {
            let target = match entry.target {
                Target::All => "grant all".to_owned(),
                Target::Category(id) => {
                    let category = catalog.category(id).map_or("", |category| &category.id);
                    format!("grant {}", bare_or_quoted(category))
                }
                Target::Row(_) => bare_or_quoted(&cell.row.id).into_owned(),
            };
            text.push_str(&format!(
                "{}, {}",
                code(&format!("{target}: {}", entry.level)),
                position(ws, entry.place)
            ));
            if !std::ptr::eq(role, cell.role) {
                text.push_str(&format!(", by {}", way(&part.way)));
            }
            if let Some(basis) = &entry.unconfirmed {
                text.push_str(", unconfirmed");
                if !basis.is_empty() {
                    text.push_str(&format!(": {}", plain(basis)));
                }
            }
        }
        Deciding::Floor(role) => {
            text.push_str("no line, the row's floor");
            if !std::ptr::eq(role, cell.role) {
                text.push_str(&format!(", by {}", way(&part.way)));
            }
        }
        Deciding::OnlyManaged => text.push_str("the row is there in managed organizations only"),
    }
    let also: Vec<String> = part.also.iter().map(|role| code(&role.id)).collect();
    if !also.is_empty() {
        text.push_str(&format!("; {} too", list(&also, 4)));
    }
    text
}

/// The way to the role that says it, the first left out.
fn way(way: &[&Role]) -> String {
    const SHOWN: usize = 5;
    let ids: Vec<String> = way.iter().skip(1).map(|role| code(&role.id)).collect();
    match (ids.first(), ids.last()) {
        (Some(first), Some(last)) if ids.len() > SHOWN => format!("{first} → … → {last}"),
        _ => ids.join(" → "),
    }
}

/// What a spread sets: how many rows it raises and lowers, and which.
pub(super) fn spread(owner: &Owner<'_>, reach: Option<CategoryId>) -> Vec<String> {
    const SHOWN: usize = 8;
    if !owner.role.is_whole {
        return Vec::new();
    }
    let target = reach.map_or(Target::All, Target::Category);
    let lines = crate::ide::origin::Lines::of(owner.role);
    let (mut set, mut all) = (0, 0);
    let (mut raised, mut lowered) = (Vec::new(), Vec::new());
    for (id, row) in owner.catalog.all_rows() {
        let cell = owner.cell(id, row);
        if !cell.is_there() || reach.is_some_and(|reach| reach != row.category) {
            continue;
        }
        all += 1;
        if lines.target_for(id, row) != Some(target) {
            continue;
        }
        set += 1;
        let (held, before) = (cell.held(), cell.inherited().unwrap_or(row.shape.floor()));
        let change = || {
            let (from, to) = (spelled_level(&row.shape, before), spelled_level(&row.shape, held));
            format!("{} {} → {}", spelled(owner.catalog, id), code(&from), code(&to))
        };
        if !held.contains(before) {
            lowered.push(change());
        } else if held != before {
            raised.push(change());
        }
    }
    let against = if owner.role.bases.is_empty() { "its floor" } else { "what it starts from" };
    let rest = if set == all { "" } else { ", the others have lines of their own" };
    let mut parts =
        vec![format!("in {} it sets {set} of {}{rest}", code(&owner.role.id), count(all, "row", "rows"))];
    for (what, changes) in [("above", raised), ("below", lowered)] {
        if !changes.is_empty() {
            parts.push(format!("{} {what} {against}: {}", changes.len(), list(&changes, SHOWN)));
        }
    }
    parts
}

/// The rows of a category as a role has them.
pub(super) fn category(owner: &Owner<'_>, id: CategoryId) -> Vec<String> {
    const SHOWN: usize = 16;
    if !owner.role.is_whole {
        return Vec::new();
    }
    let rows: Vec<String> = owner
        .catalog
        .rows_of(id)
        .map(|(id, row)| {
            let level = spelled_level(&row.shape, owner.cell(id, row).held());
            format!("- {}: {}", code(&row.id), code(&level))
        })
        .collect();
    let mut text = rows.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n");
    if rows.len() > SHOWN {
        text.push_str(&format!("\n- and {} more", rows.len() - SHOWN));
    }
    vec![format!("in {}", code(&owner.role.id)), text]
}

/// What a role gives, in short: the rows above their floors, by category.
pub(super) fn summary(catalog: &Catalog, role: &Role, kind: OrganizationKind) -> String {
    const ROWS: usize = 6;
    const CATEGORIES: usize = 12;
    let mut lines = Vec::new();
    for (index, category) in catalog.categories.iter().enumerate() {
        let rows: Vec<String> = catalog
            .rows_of(CategoryId::at(index))
            .filter(|(_, row)| !row.only_managed || kind == OrganizationKind::Managed)
            .map(|(_, row)| (row, role.cells.get(row)))
            .filter(|(row, held)| *held != row.shape.floor())
            .map(|(row, held)| format!("{} {}", code(&row.id), plain(&spelled_level(&row.shape, held))))
            .collect();
        if !rows.is_empty() {
            let title = category.title.as_deref().unwrap_or(&category.id);
            lines.push(format!("- {}: {}", plain(title), list(&rows, ROWS)));
        }
    }
    if lines.is_empty() {
        return "gives nothing above the floors".to_owned();
    }
    let more = lines.len().saturating_sub(CATEGORIES);
    lines.truncate(CATEGORIES);
    if more > 0 {
        lines.push(format!("- and {more} more categories"));
    }
    format!("gives\n\n{}", lines.join("\n"))
}

/// What the subject of a test's line holds of a row.
pub(super) fn subject(ws: &Workspace, asked: &Asked<'_>, id: RowId) -> Vec<String> {
    let Some(ground) = ws.ground() else { return Vec::new() };
    let catalog = ground.shared().catalogs.get(asked.organization.catalog.index());
    let Some((catalog, row)) = catalog.and_then(|catalog| Some((catalog, catalog.row(id)?))) else {
        return Vec::new();
    };
    let kind = asked.organization.kind;
    let of = |role| Cell { roles: asked.roles, role, id, row, kind };
    let held = asked.held();
    if let (Subject::Role(_), Some((_, role))) = (asked.subject, held.first()) {
        return cell(ws, &of(*role), catalog);
    }
    let Subject::Principal(index) = asked.subject else { return Vec::new() };
    let Some(principal) = asked.organization.principals.get(index) else { return Vec::new() };
    let lines = held.iter().take(8).map(|(reference, role)| {
        let times = principal.assignments.iter().filter(|one| one.role == *reference).count();
        let times = if times > 1 { format!(", assigned {times} times") } else { String::new() };
        let level = spelled_level(&row.shape, if role.is_whole { of(role).held() } else { Actions::NONE });
        format!("- {} by {}{times}", code(&level), code(&role.id))
    });
    let shown: Vec<String> = lines.collect();
    let mut parts =
        vec![format!("{} in {}, while it holds", plain(&principal.name), code(&asked.organization.id))];
    parts.push(shown.join("\n"));
    parts
}
