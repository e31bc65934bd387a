//! Lines of a role that change nothing: without them it would hold the same. Any of them may go, and all at once.

use std::collections::BTreeSet;

use crate::catalog::Row;
use crate::diagnostic::{Applicability, Code, Diagnostic, Diagnostics, Edit, Fix};
use crate::lint::written::{Written, apart, knows, spread};
use crate::model::{Entry, Target};
use crate::syntax::spelled_level;
use crate::vocab::{Actions, CategoryId, Form, RowId};

/// What a line is, where it changes nothing.
enum Idle<'m> {
    /// Its rows are at their floors anyway.
    AtFloor,
    /// The bases give as much.
    ByBases,
    /// A wider spread of the role gives as much.
    BySpread(&'m Entry),
    /// Each row in its reach is said more exactly.
    Overridden,
}

/// Finds the lines of a role that change nothing.
pub(super) fn tell(written: &Written<'_>, is_direct: bool, findings: &mut Diagnostics) {
    let is_wanted = findings.wants_any(&[Code::RedundantEntry, Code::OverriddenSpread, Code::FloorSpeltOut]);
    if written.role.entries.is_empty() || !is_wanted {
        return;
    }
    let mut at_floor: Vec<&Entry> = Vec::new();
    for (entry, idle) in idle(written, is_direct) {
        match idle {
            Idle::AtFloor => at_floor.push(entry),
            Idle::ByBases => findings.push(by_bases(written, entry)),
            Idle::BySpread(over) => findings.push(by_spread(written, entry, over)),
            Idle::Overridden => findings.push(overridden(written, entry)),
        }
    }
    findings_at_floor(written, &at_floor, findings);
}

/// Each line that changes nothing. Any of them may be removed, and the others then still change nothing: a line is
/// held against each that lies below it, up to the first that is not idle itself.
fn idle<'m>(written: &Written<'m>, is_direct: bool) -> Vec<(&'m Entry, Idle<'m>)> {
    let catalog = written.catalog;
    let bottom = || if written.role.bases.is_empty() { Idle::AtFloor } else { Idle::ByBases };
    let mut found = Vec::new();
    let mut is_all_idle = false;
    if let Some(entry) = written.all {
        let mut reach = catalog
            .all_rows()
            .filter(|(id, row)| written.exact(*id).is_none() && written.category(row.category).is_none())
            .map(|(_, row)| row)
            .peekable();
        let is_overridden = reach.peek().is_none();
        let is_idle = reach.all(|row| knows(entry, row) && spread(entry, row) == written.base.get(row));
        // Where there are bases, that nothing is left of them is told instead.
        if is_idle && (is_overridden || written.role.bases.is_empty()) {
            found.push((entry, if is_overridden { Idle::Overridden } else { Idle::AtFloor }));
            is_all_idle = true;
        }
    }
    // Whether a row is at a level by all that lies below a category's own spread.
    let holds_below = |id: RowId, row: &Row, level: Actions| {
        let by_all = written.all.is_none_or(|all| spread(all, row) == level);
        let is_bottom = written.all.is_none() || is_all_idle;
        by_all && (!is_bottom || (written.base.get(row) == level && !written.rests(id)))
    };
    let mut idle_categories: BTreeSet<CategoryId> = BTreeSet::new();
    for (category, entry) in &written.categories {
        let rows = catalog.rows_of(*category).filter(|(id, _)| written.exact(*id).is_none());
        let mut reach = rows.peekable();
        let is_overridden = reach.peek().is_none();
        // A row that knows no word of it is at its floor by it, which is as much as any other level may say.
        let mut is_known = is_overridden;
        let is_same = reach.all(|(id, row)| {
            is_known |= knows(entry, row);
            holds_below(id, row, spread(entry, row))
        });
        if is_same && is_known {
            let why = match written.all.filter(|_| !is_all_idle) {
                _ if is_overridden => Idle::Overridden,
                Some(all) => Idle::BySpread(all),
                None => bottom(),
            };
            found.push((*entry, why));
            idle_categories.insert(*category);
        }
    }
    // A category has its answers once.
    let mut answers: Option<(CategoryId, bool)> = None;
    for (id, row, entry) in written.rows() {
        // What rests on no public source says so, and what the organization lacks is told elsewhere.
        if entry.unconfirmed.is_some() || (row.only_managed && is_direct) {
            continue;
        }
        let category = written.category(row.category);
        // Most lines stand over bases alone, and say something else than these in the first action.
        let is_plain = category.is_none() && written.all.is_none();
        if is_plain && written.role.cells.has_first(row) != written.base.has_first(row) {
            continue;
        }
        let (level, base) = (written.held(row), written.base.get(row));
        let by_category = category.is_none_or(|over| knows(over, row) && spread(over, row) == level);
        let is_category_last = category.is_some() && !idle_categories.contains(&row.category);
        if !by_category || !(is_category_last || holds_below(id, row, level)) {
            continue;
        }
        let over = category.filter(|_| is_category_last).or(written.all.filter(|_| !is_all_idle));
        match over {
            // A line that keeps a spread from lowering says that it is meant.
            Some(over) if level.contains(base) => found.push((entry, Idle::BySpread(over))),
            None => {
                let is_answer = row.shape.form() == Form::Flag
                    && match answers {
                        Some((category, has_top)) if category == row.category => has_top,
                        _ => answers.insert((row.category, has_top(written, row.category))).1,
                    };
                if !is_answer {
                    found.push((entry, bottom()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a row of a category is said to be at its top. A check box beside it that is said to be off answers the
/// question whether it was forgotten.
fn has_top(written: &Written<'_>, category: CategoryId) -> bool {
    let mut rows = written.rows_of(category);
    rows.any(|row| row.shape.form() != Form::Flag && written.held(row) == row.shape.top())
}

/// What an entry is about, in words.
fn subject(written: &Written<'_>, entry: &Entry) -> (String, Option<(Actions, String)>) {
    let catalog = written.catalog;
    match entry.target {
        Target::All => ("all rows".to_owned(), None),
        Target::Category(id) => {
            let id = catalog.category(id).map_or("", |category| &category.id);
            (format!("category `{id}`"), None)
        }
        Target::Row(id) => {
            let Some(row) = catalog.row(id) else { return (String::new(), None) };
            let level = written.held(row);
            (format!("row `{}`", row.id), Some((level, spelled_level(&row.shape, level))))
        }
    }
}

fn without(entry: &Entry) -> Fix {
    Fix::safe("remove it", entry.cut, "")
}

fn by_bases(written: &Written<'_>, entry: &Entry) -> Diagnostic {
    let (what, level) = subject(written, entry);
    let giver = match (entry.target, &level) {
        (Target::Row(id), Some((level, _))) => {
            let row: Option<&Row> = written.catalog.row(id);
            row.and_then(|row| written.giver(row, *level)).map(|base| format!("`{}`", base.id))
        }
        _ => None,
    };
    let giver = giver.unwrap_or_else(|| match written.role.bases.len() {
        1 => "its base".to_owned(),
        _ => "its bases together".to_owned(),
    });
    let message = match level {
        Some((_, level)) => {
            format!("`{}` has {what} at `{level}` without this line, by {giver}", written.role.id)
        }
        None => format!("`{}` holds the same of {what} without this level, by {giver}", written.role.id),
    };
    Diagnostic::new(Code::RedundantEntry, entry.place, message)
        .help("remove it, or keep it for the day on which the base changes, and say so")
        .fix(without(entry))
}

fn by_spread(written: &Written<'_>, entry: &Entry, over: &Entry) -> Diagnostic {
    let (what, level) = subject(written, entry);
    let message = match level {
        Some((_, level)) => format!("`{}` has {what} at `{level}` without this line", written.role.id),
        None => format!("`{}` holds the same of {what} without this level", written.role.id),
    };
    Diagnostic::new(Code::RedundantEntry, entry.place, message)
        .also(over.level_place, "by this level already")
        .help("remove it: the wider level says it")
        .fix(without(entry))
}

fn overridden(written: &Written<'_>, entry: &Entry) -> Diagnostic {
    let of = match entry.target {
        Target::All => String::new(),
        _ => format!(" of {}", subject(written, entry).0),
    };
    let level = &entry.level;
    Diagnostic::new(Code::OverriddenSpread, entry.level_place, format!("`{level}` reaches no row{of}"))
        .label("every row is said more exactly")
        .help("remove the level, or the lines that say the same as it")
        .fix(without(entry))
}

fn findings_at_floor(written: &Written<'_>, entries: &[&Entry], findings: &mut Diagnostics) {
    const SHOWN: usize = 3;
    let Some((first, more)) = entries.split_first() else { return };
    // That a role grants nothing is told once, of all of it.
    if written.role.cells == written.base {
        return;
    }
    let id = &written.role.id;
    let (what, level) = subject(written, first);
    let message = match (more.len(), level) {
        (0, Some((_, level))) => format!("{what} of `{id}` is at `{level}` without this line"),
        (0, None) => format!("this level of {what} is what `{id}` has anyway"),
        (more, _) => format!("{} lines of `{id}` say what it has anyway", more + 1),
    };
    let mut finding = Diagnostic::new(Code::FloorSpeltOut, first.place, message);
    for entry in more.iter().take(SHOWN) {
        finding = finding.also(entry.place, "and here");
    }
    if more.len() > SHOWN {
        finding =
            finding.label(format!("here, in three lines shown below, and in {} more", more.len() - SHOWN));
    }
    let cuts = apart(entries.iter().map(|entry| entry.cut).collect());
    let edits = cuts.into_iter().map(|place| Edit { place, text: String::new() }).collect();
    let title = if more.is_empty() { "remove it" } else { "remove them" }.to_owned();
    findings.push(
        finding
            .help("a role that starts from nothing holds what it says: leave out what it does not hold")
            .fix(Fix { title, edits, applicability: Applicability::Safe }),
    );
}
