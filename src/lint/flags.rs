//! A category whose rows are all at their tops, and whose check boxes are all off: `full` that was said row by row, with
//! the check boxes forgotten.

use crate::catalog::Row;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::facts::is_at_top;
use crate::lint::written::Written;
use crate::vocab::Form;

pub(super) fn tell(written: &Written<'_>, findings: &mut Diagnostics) {
    if !findings.wants_any(&[Code::FullWithoutFlags]) {
        return;
    }
    // By category: its first line, where all its lines are at their tops. A check box that is said was not forgotten.
    let mut lines = written.rows().peekable();
    while let Some((_, row, mut entry)) = lines.next() {
        let category = row.category;
        let is_full = |row: &Row| row.shape.form() != Form::Flag && is_at_top(&written.role.cells, row);
        let mut is_candidate = is_full(row);
        while let Some((_, row, next)) = lines.next_if(|(_, row, _)| row.category == category) {
            is_candidate = is_candidate && is_full(row);
            entry = if next.place < entry.place { next } else { entry };
        }
        if !is_candidate {
            continue;
        }
        // What managed organizations alone have is not forgotten in a direct one.
        let rows = || written.catalog.rows_of(category).map(|(_, row)| row).filter(|row| !row.only_managed);
        let is_flag = |row: &&Row| row.shape.form() == Form::Flag;
        if !rows().filter(|row| !is_flag(row)).all(is_full) {
            continue;
        }
        let flags: Vec<&Row> = rows().filter(is_flag).collect();
        let is_off = |row: &&Row| written.held(row).is_empty();
        let forgotten = !flags.is_empty() && flags.iter().all(is_off);
        let Some(category) = written.catalog.category(category).filter(|_| forgotten) else { continue };
        let names: Vec<String> = flags.iter().map(|row| format!("`{}`", row.id)).collect();
        let (boxes, which) = match names.len() {
            1 => ("box is", "whether it is"),
            _ => ("boxes are", "which are"),
        };
        findings.push(
            Diagnostic::new(
                Code::FullWithoutFlags,
                entry.place,
                format!(
                    "`{}` has every level of `{}` and none of its check boxes",
                    written.role.id, category.id
                ),
            )
            .help(format!("the {boxes} {}: say {which} meant, with `off` too", listed(&names))),
        );
    }
}

/// The first of a list of names, the rest counted.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
