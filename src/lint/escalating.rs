//! A role that grants the top of a row whose holders may reach for more than the role says.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::facts::is_at_top;
use crate::lint::flags::listed;
use crate::lint::written::Written;
use crate::source::Place;

/// Tells a role whose own lines do so; what its bases give is told of them.
pub(super) fn tell(written: &Written<'_>, findings: &mut Diagnostics) {
    let facts = written.facts;
    let mut names: Vec<String> = Vec::new();
    let mut lines: BTreeSet<Place> = BTreeSet::new();
    for (id, row) in facts.rows_beyond(&written.role.cells, &written.base, &facts.escalating) {
        if !is_at_top(&written.role.cells, row) {
            continue;
        }
        let entry = written.exact(id).or(written.category(row.category)).or(written.all);
        let Some(entry) = entry else { continue };
        names.push(format!("`{}`", row.id));
        lines.insert(entry.place);
    }
    let Some(first) = lines.first() else { return };
    let mut finding = Diagnostic::new(
        Code::EscalatingGrant,
        *first,
        format!("who holds `{}` may reach for more than it says", written.role.id),
    );
    for place in lines.iter().skip(1).take(3) {
        finding = finding.also(*place, "here too");
    }
    let what = if names.len() == 1 { "row is" } else { "rows are" };
    findings.push(finding.help(format!(
        "the {what} {}: leave it to as few people as can be, and let a test say who they are",
        listed(&names)
    )));
}
