//! A role that grants the top of a row from which its holders may come to hold more than the role says.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::facts::is_at_top;
use crate::lint::flags::listed;
use crate::lint::reach::Standing;
use crate::lint::written::Written;
use crate::source::Place;
use crate::vocab::RowId;

/// Tells a role whose own lines do so; what its bases give is told of them.
pub(super) fn tell(written: &Written<'_>, is_direct: bool, findings: &mut Diagnostics) {
    let (facts, held) = (written.facts, &written.role.cells);
    let standing = Standing { facts, held, is_direct };
    let mut tops: BTreeMap<RowId, Place> = BTreeMap::new();
    for (id, row) in facts.rows_beyond(held, &written.base, &facts.escalating) {
        let entry = written.exact(id).or(written.category(row.category)).or(written.all);
        if let Some(entry) = entry
            && standing.is_there(row)
            && is_at_top(held, row)
        {
            tops.insert(id, entry.place);
        }
    }
    if tops.is_empty() {
        return;
    }
    let Some(told) = standing.told(&standing.reach(tops.keys().copied())) else { return };
    let mut lines: Vec<Place> = tops.values().copied().collect();
    lines.sort_unstable();
    lines.dedup();
    let Some((first, more)) = lines.split_first() else { return };
    let message = format!("who holds `{}` may come to hold {}", written.role.id, told.what);
    let mut finding = Diagnostic::new(Code::EscalatingGrant, *first, message).label(told.way);
    for place in more.iter().take(3) {
        finding = finding.also(*place, "here too");
    }
    let names: Vec<String> = tops.keys().map(|row| format!("`{}`", standing.name(*row))).collect();
    let what = if names.len() == 1 { "row is" } else { "rows are" };
    findings.push(finding.help(format!(
        "the {what} {}: leave it to as few people as can be, and let a test say who they are",
        listed(&names)
    )));
}
