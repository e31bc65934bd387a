//! A role that grants the top of a row from which its holders may come to hold more than the role says.

use std::collections::BTreeSet;

use crate::catalog::Row;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::facts::is_at_top;
use crate::lint::flags::listed;
use crate::lint::reach::Standing;
use crate::lint::written::Written;
use crate::model::RoleRef;
use crate::source::Place;
use crate::syntax::spelled_level;
use crate::vocab::RowId;

/// Tells a role whose own lines do so, or whose bases do so together; what one of its bases gives is told of that one.
pub(super) fn tell(written: &Written<'_>, is_direct: bool, findings: &mut Diagnostics) {
    let (facts, role) = (written.facts, written.role);
    let standing = Standing { facts, held: &role.cells, is_direct };
    let (mut tops, mut joined) = (Vec::new(), Vec::new());
    let mut lines: Vec<Place> = Vec::new();
    for (id, row) in facts.rows_beyond(&role.cells, &facts.floor, &facts.escalating) {
        if !standing.is_there(row) || !is_at_top(&role.cells, row) {
            continue;
        }
        match written.exact(id).or(written.category(row.category)).or(written.all) {
            Some(entry) if !is_told_below(written, id, row) => lines.push(entry.place),
            None if !has_base_at_top(written, &role.bases, row) => joined.push((id, row)),
            _ => continue,
        }
        tops.push(id);
    }
    let Some(told) = standing.told(&standing.reach(tops.iter().copied())) else { return };
    lines.sort_unstable();
    lines.dedup();
    let (first, more) = lines.split_first().map_or((role.place, &[][..]), |(first, more)| (*first, more));
    let message = format!("who holds `{}` may come to hold {}", role.id, told.what);
    let mut finding = Diagnostic::new(Code::EscalatingGrant, first, message).label(told.way);
    for place in more.iter().take(3) {
        finding = finding.also(*place, "here too");
    }
    if let Some((id, row)) = joined.first() {
        for (place, level) in parts(written, row).into_iter().take(3) {
            finding = finding.also(place, format!("this gives `{level}` of `{}`", standing.name(*id)));
        }
    }
    let names: Vec<String> = tops.iter().map(|row| format!("`{}`", standing.name(*row))).collect();
    let what = if names.len() == 1 { "row is" } else { "rows are" };
    findings.push(finding.help(format!(
        "the {what} {}: leave it to as few people as can be, and let a test say who they are",
        listed(&names)
    )));
}

fn has_base_at_top(written: &Written<'_>, bases: &[RoleRef], row: &Row) -> bool {
    let mut bases = bases.iter().filter_map(|base| written.roles.get(*base));
    bases.any(|base| is_at_top(&base.cells, row))
}

/// Whether a role that this one is made from has a row at its top and is told of it: by a line of its own, or by bases of
/// which none has it. What the catalog gives is told of nobody.
fn is_told_below(written: &Written<'_>, id: RowId, row: &Row) -> bool {
    let mut open: Vec<RoleRef> = written.role.bases.clone();
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        let Some(base) = written.roles.get(next).filter(|base| is_at_top(&base.cells, row)) else { continue };
        if !seen.insert(next) {
            continue;
        }
        let is_super =
            matches!(next, RoleRef::Template(_)) && written.catalog.super_role.as_deref() == Some(&base.id);
        let says = base.entry_for(id, row).is_some() || !has_base_at_top(written, &base.bases, row);
        if says && !base.is_default && !is_super {
            return true;
        }
        open.extend(&base.bases);
    }
    false
}

/// What bases give of a row that only they together have at its top, and where they are named.
fn parts(written: &Written<'_>, row: &Row) -> Vec<(Place, String)> {
    let role = written.role;
    let bases = role.bases.iter().zip(&role.base_places);
    let parts = bases.filter_map(|(base, place)| {
        let given = written.roles.get(*base)?.cells.get(row);
        (given != row.shape.floor()).then(|| (*place, spelled_level(&row.shape, given)))
    });
    parts.collect()
}
