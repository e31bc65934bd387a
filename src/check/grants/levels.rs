//! Level words against the rows they stand for.

use crate::catalog::{Catalog, Row};
use crate::check::catalogs::Inside;
use crate::check::names::{spelled, with_near};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::model::Target;
use crate::syntax::{Scope, ast};
use crate::vocab::{Actions, Form, LevelError, RowId};

/// The words of a level; one said twice is told.
pub(super) fn words(scope: Scope<'_>, tree: &ast::Levels, findings: &mut Diagnostics) -> Vec<Box<str>> {
    let mut words: Vec<Box<str>> = Vec::with_capacity(tree.words.len());
    for name in &tree.words {
        let text = scope.name(*name);
        if words.iter().any(|word| **word == *text) {
            findings.push(
                Diagnostic::new(Code::RepeatedLevel, scope.at(*name), format!("`{text}` is said twice"))
                    .help("once is enough"),
            );
            continue;
        }
        words.push(text.into());
    }
    words
}

/// Tells the words of a level that are said twice.
pub(in crate::check) fn repeated(scope: Scope<'_>, tree: &ast::Levels, findings: &mut Diagnostics) {
    drop(words(scope, tree, findings));
}

/// What a spread of words sets a row to: the join of what each word alone would.
pub(super) fn spread(row: &Row, words: &[Box<str>]) -> Actions {
    words.iter().fold(row.shape.floor(), |held, word| held | row.shape.spread(word).unwrap_or_default())
}

/// The level that an entry says of a row; none, with a finding, where the row does not offer it.
pub(in crate::check) fn exact(
    scope: Scope<'_>,
    row: &Row,
    tree: &ast::Levels,
    findings: &mut Diagnostics,
) -> Option<Actions> {
    let texts: Vec<_> = tree.words.iter().map(|name| scope.name(*name)).collect();
    let mut words: Vec<&str> = Vec::with_capacity(texts.len());
    for text in &texts {
        if !words.contains(&&**text) {
            words.push(text);
        }
    }
    let (index, error) = match row.shape.exact(&words) {
        Ok(level) => return Some(level),
        Err(found) => found,
    };
    let word = words.get(index).copied().unwrap_or_default();
    let name = tree.words.iter().find(|name| scope.name(**name) == word).or(tree.words.first())?;
    let place = scope.at(*name);
    let offered = row.shape.offered();
    let listed: Vec<String> = offered.iter().map(|level| format!("`{level}`")).collect();
    let offers = match row.shape.form() {
        Form::Verbs => format!("it offers any of {}", listed.join(", ")),
        Form::Ladder | Form::Flag => format!("it offers {}", listed.join(", ")),
    };
    let message = match error {
        LevelError::NotASet => format!("row `{}` takes one level", row.id),
        LevelError::NotOffered | LevelError::Unknown => format!("row `{}` does not offer `{word}`", row.id),
    };
    let mut finding =
        Diagnostic::new(Code::LevelNotOffered, place, message).label(offers).also(row.place, "the row");
    match error {
        LevelError::NotOffered => {
            for level in &offered {
                finding = finding.fix(Fix::suggest(format!("write `{level}`"), place, *level));
            }
        }
        LevelError::Unknown => finding = with_near(finding, word, place, offered),
        LevelError::NotASet => finding = finding.help("a list of levels stands on a row of verbs only"),
    }
    findings.push(finding);
    None
}

/// What a spread reaches.
pub(super) struct Reach<'r> {
    pub(super) catalog: &'r Catalog,
    pub(super) inside: &'r Inside,
    pub(super) target: Target,
    /// The rows that the role says exactly, sorted: what the spread does to them means nothing.
    pub(super) named: &'r [RowId],
}

/// Tells what a spread's words cannot say; false where a word means nothing anywhere in reach.
pub(super) fn check_spread(
    scope: Scope<'_>,
    reach: &Reach<'_>,
    tree: &ast::Levels,
    findings: &mut Diagnostics,
) -> bool {
    let Reach { catalog, inside, target, named } = *reach;
    let rows: Vec<(RowId, &Row)> = match target {
        Target::Category(category) => catalog.rows_of(category).collect(),
        Target::All | Target::Row(_) => catalog.all_rows().collect(),
    };
    // A row whose levels are at fault may know any word.
    let all = rows.len();
    let rows: Vec<(RowId, &Row)> = rows.into_iter().filter(|(id, _)| inside.is_sound(*id)).collect();
    let mut is_known = true;
    for name in &tree.words {
        let (word, place) = (scope.name(*name), scope.at(*name));
        if rows.len() == all && all > 0 && !rows.iter().any(|(_, row)| row.shape.knows(&word)) {
            is_known = false;
            let mut levels: Vec<&str> = rows.iter().flat_map(|(_, row)| row.shape.offered()).collect();
            levels.sort_unstable();
            levels.dedup();
            let finding =
                Diagnostic::new(Code::UnknownSpread, place, format!("no row in reach has a level `{word}`"));
            findings.push(with_near(finding, &word, place, levels));
            continue;
        }
    }
    if is_known {
        blind(scope, &rows, tree, named, findings);
    }
    is_known
}

/// Tells the rows that know none of a spread's words, and so stay at their floors.
fn blind(
    scope: Scope<'_>,
    rows: &[(RowId, &Row)],
    tree: &ast::Levels,
    named: &[RowId],
    findings: &mut Diagnostics,
) {
    let Some(first) = tree.words.first() else { return };
    let place = scope.at(*first);
    let words: Vec<_> = tree.words.iter().map(|word| scope.name(*word)).collect();
    let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let listed = listed.join(" or ");
    let blind = rows
        .iter()
        .filter(|(id, row)| {
            !words.iter().any(|word| row.shape.knows(word)) && named.binary_search(id).is_err()
        })
        .map(|(_, row)| *row);
    // That a check box has no `view` is how it is; that a ladder or verbs row has not is likely a slip.
    let (flags, others): (Vec<&Row>, Vec<&Row>) = blind.partition(|row| row.shape.form() == Form::Flag);
    if !others.is_empty() {
        let mut kinds: Vec<String> = others.iter().map(|row| format!("`{}`", kind_of(row))).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let (kind, have) = if kinds.len() == 1 { ("kind", "has") } else { ("kinds", "have") };
        let message = format!(
            "{kind} {} {have} no level {listed}: {} at the floor",
            kinds.join(", "),
            rows_of(&others)
        );
        findings.push(
            Diagnostic::new(Code::BlindSpread, place, message)
                .help("say these rows exactly, in the block of the grant"),
        );
    }
    if !flags.is_empty() {
        let message = format!("a flag has no level {listed}: {} off", rows_of(&flags));
        findings.push(
            Diagnostic::new(Code::FlagsUnderSpread, place, message)
                .help("a flag that should be on is said exactly"),
        );
    }
}

/// A kind by its name; one stated in place as it is written there, the tail of a long one left out.
fn kind_of(row: &Row) -> String {
    const SHOWN: usize = 5;
    let (form, by) = (row.shape.form(), if row.shape.form() == Form::Ladder { " < " } else { ", " });
    if *row.kind != *form.word() {
        return row.kind.to_string();
    }
    let mut words: Vec<String> = row.shape.words().map(|(word, _)| spelled(word)).take(SHOWN + 1).collect();
    if let Some(last) = words.get_mut(SHOWN) {
        *last = "…".to_owned();
    }
    format!("{} {}", form.word(), words.join(by))
}

/// "row `a` is", "rows `a`, `b` are", the tail of a long list counted.
fn rows_of(rows: &[&Row]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = rows.iter().take(SHOWN).map(|row| format!("`{}`", row.id)).collect();
    match (rows.len(), rows.len().saturating_sub(SHOWN)) {
        (1, _) => format!("row {} is", shown.join(", ")),
        (_, 0) => format!("rows {} are", shown.join(", ")),
        (_, more) => format!("rows {} and {more} more are", shown.join(", ")),
    }
}
