//! Cells that a role's own spread sets below what its bases gave: a note with both places.

use crate::catalog::{Catalog, Cells, Row};
use crate::check::grants::levels;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Role, Roles, Target};
use crate::source::Place;
use crate::syntax::spelled_level;
use crate::vocab::{Actions, RowId};

/// Tells each spread of a role that lowers what its bases gave, once, with the rows.
pub(super) fn tell(
    roles: Roles<'_>,
    role: &Role,
    catalog: &Catalog,
    base: &Cells,
    has_row: impl Fn(&Row) -> bool,
    findings: &mut Diagnostics,
) {
    if role.bases.is_empty() || !findings.wants(Code::LoweredBySpread) {
        return;
    }
    let mut exact: Vec<RowId> = Vec::new();
    let mut spread_categories = Vec::new();
    for entry in &role.entries {
        match entry.target {
            Target::Row(row) => exact.push(row),
            Target::Category(category) => spread_categories.push(category),
            Target::All => {}
        }
    }
    exact.sort_unstable();
    spread_categories.sort_unstable();
    for entry in &role.entries {
        let rows: Vec<(RowId, &Row)> = match entry.target {
            Target::Row(_) => continue,
            Target::Category(category) => catalog.rows_of(category).collect(),
            Target::All => catalog
                .all_rows()
                .filter(|(_, row)| spread_categories.binary_search(&row.category).is_err())
                .collect(),
        };
        let lowered: Vec<(RowId, &Row, Actions, Actions)> = rows
            .into_iter()
            .filter(|(id, row)| exact.binary_search(id).is_err() && has_row(row))
            .map(|(id, row)| (id, row, base.get(row), levels::spread(row, &entry.words)))
            .filter(|(_, _, before, after)| !after.contains(*before))
            .collect();
        let Some((first, row, ..)) = lowered.first().copied() else { continue };
        let mut finding = Diagnostic::new(
            Code::LoweredBySpread,
            entry.place,
            format!("this spread lowers what `{}` starts from: {}", role.id, listed(&lowered)),
        );
        if let Some(place) = origin(roles, role, first, row) {
            finding = finding.also(place, format!("`{}` had its level from here", row.id));
        }
        findings.push(finding.help("if it is meant, leave it; to keep a row, say it exactly in this role"));
    }
}

fn listed(lowered: &[(RowId, &Row, Actions, Actions)]) -> String {
    const SHOWN: usize = 3;
    let mut parts: Vec<String> = lowered
        .iter()
        .take(SHOWN)
        .map(|(_, row, before, after)| {
            format!(
                "`{}` from {} to {}",
                row.id,
                spelled_level(&row.shape, *before),
                spelled_level(&row.shape, *after)
            )
        })
        .collect();
    if lowered.len() > SHOWN {
        parts.push(format!("and {} more", lowered.len() - SHOWN));
    }
    parts.join(", ")
}

/// The line of the bases that gave a row most: followed along the first base that holds all of it.
fn origin(roles: Roles<'_>, role: &Role, id: RowId, row: &Row) -> Option<Place> {
    let mut at = role;
    // The graph was sorted before: the walk ends.
    loop {
        let next = at.bases.iter().filter_map(|base| roles.get(*base)).max_by(|a, b| {
            let count = |base: &Role| base.cells.get(row).count();
            count(a).cmp(&count(b)).then_with(|| b.id.cmp(&a.id))
        })?;
        let said = |target: Target| next.entries.iter().find(|entry| entry.target == target);
        let entry = said(Target::Row(id))
            .or_else(|| said(Target::Category(row.category)))
            .or_else(|| said(Target::All));
        match entry {
            Some(entry) => return Some(entry.place),
            None => at = next,
        }
    }
}
