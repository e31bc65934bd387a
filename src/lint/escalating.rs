//! A role that grants the top of a row from which its holders may come to hold more than the role says.

use std::cell::LazyCell;

use crate::catalog::Row;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::facts::is_at_top;
use crate::lint::flags::listed;
use crate::lint::reach::Standing;
use crate::lint::written::Written;
use crate::model::{Role, RoleRef};
use crate::source::Place;
use crate::syntax::spelled_level;
use crate::vocab::{Reach, RowId};

/// Tells a role of each such row, at the line or at the `from` that gives it; of what a role that it is made from leads to
/// already, that one is told.
pub(super) fn tell(written: &Written<'_>, is_direct: bool, findings: &mut Diagnostics) {
    let (facts, role) = (written.facts, written.role);
    let standing = Standing { facts, held: &role.cells, is_direct };
    // Most roles have no such row, and then nobody asks.
    let known = LazyCell::new(|| Known::of(written, is_direct));
    let (mut tops, mut joined) = (Vec::new(), Vec::new());
    let mut lines: Vec<Place> = Vec::new();
    for (id, row) in standing.tops() {
        if known.tells(standing, id, row) {
            continue;
        }
        let entry = written.exact(id).or(written.category(row.category)).or(written.all);
        match entry.map(|entry| entry.place).or_else(|| from(written, row)) {
            Some(place) => lines.push(place),
            None => joined.push((id, row)),
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

/// Where the first base is named that has a row at its top.
fn from(written: &Written<'_>, row: &Row) -> Option<Place> {
    let role = written.role;
    let mut bases = role.bases.iter().zip(&role.base_places);
    let is_giver = |base: &RoleRef| written.roles.get(*base).is_some_and(|base| is_at_top(&base.cells, row));
    bases.find(|(base, _)| is_giver(base)).map(|(_, place)| *place)
}

/// What the roles that one is made from lead to. All of it is told, of them or of what they are made from in turn; but
/// what the catalog gives is told of nobody, so it tells nothing here either.
struct Known<'m> {
    bases: Vec<(&'m Role, Reach)>,
}

impl<'m> Known<'m> {
    fn of(written: &Written<'m>, is_direct: bool) -> Self {
        let catalog = written.catalog;
        let of = |base: &RoleRef| {
            let role = written.roles.get(*base)?;
            let is_template = matches!(base, RoleRef::Template(_));
            let is_super = is_template && catalog.super_role.as_deref() == Some(&role.id);
            if role.is_default || is_super {
                return None;
            }
            // Of a template is told what it leads to wherever it may come to be used.
            let standing =
                Standing { facts: written.facts, held: &role.cells, is_direct: is_direct && !is_template };
            let reach = standing.reach(standing.tops().map(|(id, _)| id));
            standing.leads_on(&reach).then_some((role, reach))
        };
        Self { bases: written.role.bases.iter().filter_map(of).collect() }
    }

    /// Whether it is told already where a row leads that is held at its top.
    fn tells(&self, standing: Standing<'_>, id: RowId, row: &Row) -> bool {
        let mut bases = self.bases.iter().filter(|(base, _)| is_at_top(&base.cells, row)).peekable();
        bases.peek().is_some() && {
            let reach = standing.reach([id]);
            bases.any(|(_, known)| known.covers(&reach))
        }
    }
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
