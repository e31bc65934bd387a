//! Catalogs searched and compared.

use crate::table::{Catalog, Row};

/// The rows of a catalog that a text is found in: in an id, a title, a note, a caveat or a `///` line, whatever its
/// case. Several words must all be found.
pub fn search<'t>(catalog: Catalog<'t>, text: &str) -> Vec<Row<'t>> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let is_found = |row: &Row<'t>| {
        let category = row.category();
        let own = [Some(row.id()), row.title(), row.doc(), Some(category.id()), category.title()];
        let texts: Vec<String> = own
            .into_iter()
            .flatten()
            .chain(row.notes())
            .chain(row.caveats())
            .map(str::to_lowercase)
            .collect();
        words.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
    };
    catalog.rows().filter(is_found).collect()
}

/// What differs of a row between two catalogs.
#[derive(Clone, Debug)]
pub enum Change<'t> {
    /// Only the new one has it.
    Added(Row<'t>),
    /// Only the old one has it.
    Removed(Row<'t>),
    /// Both have it, and these words say what differs.
    Changed(Row<'t>, Vec<String>),
}

/// What differs between two catalogs: rows by category and id, in the order of the new one, those removed last.
pub fn compare<'t>(old: Catalog<'t>, new: Catalog<'t>) -> Vec<Change<'t>> {
    let find = |catalog: Catalog<'t>, row: Row<'t>| {
        catalog.rows().find(|other| other.id() == row.id() && other.category().id() == row.category().id())
    };
    let mut changes = Vec::new();
    for row in new.rows() {
        match find(old, row) {
            None => changes.push(Change::Added(row)),
            Some(before) => {
                let differs = differences(before, row);
                if !differs.is_empty() {
                    changes.push(Change::Changed(row, differs));
                }
            }
        }
    }
    changes.extend(old.rows().filter(|row| find(new, *row).is_none()).map(Change::Removed));
    changes
}

fn differences(old: Row<'_>, new: Row<'_>) -> Vec<String> {
    let mut differs = Vec::new();
    let levels = |row: Row<'_>| row.shape().offered().join(", ");
    if old.shape().form() != new.shape().form() || levels(old) != levels(new) {
        let kind = |row: Row<'_>| format!("{} of {}", row.shape().form().word(), levels(row));
        differs.push(format!("levels: {} -> {}", kind(old), kind(new)));
    }
    if old.title() != new.title() {
        let title = |row: Row<'_>| row.title().unwrap_or("none").to_owned();
        differs.push(format!("title: {} -> {}", title(old), title(new)));
    }
    let mut flag = |name: &str, old: bool, new: bool| {
        if old != new {
            differs.push(if new { format!("now {name}") } else { format!("no longer {name}") });
        }
    };
    flag("only managed", old.is_only_managed(), new.is_only_managed());
    flag("escalating", old.is_escalating(), new.is_escalating());
    if !old.notes().eq(new.notes()) {
        differs.push("other notes".to_owned());
    }
    if !old.caveats().eq(new.caveats()) {
        differs.push("other caveats".to_owned());
    }
    differs
}
