//! Rows of verbs that are granted by halves: what can be changed and not be seen, or removed and not be changed.

use crate::catalog::Row;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::lint::written::Written;
use crate::model::Entry;
use crate::syntax::spelled_level;
use crate::vocab::{Actions, Form, RowId};

/// What a verb does, by its name. A catalog may call it otherwise; then nothing is said.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Show,
    Change,
    Remove,
}

fn does(verb: &str) -> Option<Does> {
    match verb {
        "view" | "read" | "list" | "get" | "see" => Some(Does::Show),
        "update" | "edit" | "write" | "modify" | "change" => Some(Does::Change),
        "delete" | "remove" | "destroy" => Some(Does::Remove),
        _ => None,
    }
}

/// The verbs of a row that do one thing: the first of them, and whether any is held.
#[derive(Clone, Copy, Default)]
struct Verbs<'m> {
    first: Option<&'m str>,
    is_held: bool,
}

impl Verbs<'_> {
    fn are_missing(self) -> bool {
        self.first.is_some() && !self.is_held
    }
}

pub(super) fn tell(written: &Written<'_>, findings: &mut Diagnostics) {
    let verbs = |row: &Row| row.shape.form() == Form::Verbs;
    for (_, row, entry) in written.rows().filter(|(_, row, _)| verbs(row)) {
        if let Some(finding) = halved(written, row, entry) {
            findings.push(finding);
        }
    }
    // Of a spread one row is enough: what is written for one is written for all.
    let is_open = |id: RowId, row: &Row| verbs(row) && written.exact(id).is_none();
    for (category, entry) in &written.categories {
        let rows = written.catalog.rows_of(*category).filter(|(id, row)| is_open(*id, row));
        if let Some(finding) = rows.filter_map(|(_, row)| halved(written, row, entry)).next() {
            findings.push(finding);
        }
    }
    if let Some(entry) = written.all {
        let is_left = |id: RowId, row: &Row| is_open(id, row) && written.category(row.category).is_none();
        let rows = written.catalog.all_rows().filter(|(id, row)| is_left(*id, row));
        if let Some(finding) = rows.filter_map(|(_, row)| halved(written, row, entry)).next() {
            findings.push(finding);
        }
    }
}

/// What is granted by halves of a row, by the entry that decides it.
fn halved(written: &Written<'_>, row: &Row, entry: &Entry) -> Option<Diagnostic> {
    let held = written.held(row);
    if held.is_empty() || entry.unconfirmed.is_some() {
        return None;
    }
    let [mut seeing, mut changing, mut removing] = [Verbs::default(); 3];
    for (position, verb) in row.shape.actions().enumerate() {
        let verbs = match does(verb) {
            Some(Does::Show) => &mut seeing,
            Some(Does::Change) => &mut changing,
            Some(Does::Remove) => &mut removing,
            None => continue,
        };
        verbs.first = verbs.first.or(Some(verb));
        verbs.is_held |= held.contains(Actions::one(position));
    }
    let level = || spelled_level(&row.shape, held);
    let mut place = entry.level_place;
    place.span.end = place.span.start;
    if seeing.are_missing() {
        let verb = seeing.first.unwrap_or_default();
        return Some(
            Diagnostic::new(
                Code::WriteWithoutView,
                entry.level_place,
                format!("`{}` may `{}` on row `{}`, and cannot see it", written.role.id, level(), row.id),
            )
            .label(format!("without `{verb}`"))
            .help("verbs stand alone: none brings another with it")
            .fix(Fix::suggest(format!("write `{verb}` too"), place, format!("{verb}, "))),
        );
    }
    if removing.is_held && changing.are_missing() {
        let verb = changing.first.unwrap_or_default();
        return Some(
            Diagnostic::new(
                Code::DeleteWithoutUpdate,
                entry.level_place,
                format!(
                    "`{}` may remove what row `{}` is about, and cannot change it",
                    written.role.id, row.id
                ),
            )
            .label(format!("without `{verb}`"))
            .help("who may remove a thing and make it anew can do more than change it")
            .fix(Fix::suggest(format!("write `{verb}` too"), place, format!("{verb}, "))),
        );
    }
    None
}
