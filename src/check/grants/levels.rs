//! Level words against the rows they stand for.

use crate::catalog::{Catalog, Row};
use crate::check::names::with_near;
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

/// Tells what a spread's words cannot say; false where a word means nothing anywhere in reach.
pub(super) fn check_spread(
    scope: Scope<'_>,
    catalog: &Catalog,
    target: Target,
    tree: &ast::Levels,
    named: &[RowId],
    findings: &mut Diagnostics,
) -> bool {
    let rows: Vec<(RowId, &Row)> = match target {
        Target::Category(category) => catalog.rows_of(category).collect(),
        Target::All | Target::Row(_) => catalog.all_rows().collect(),
    };
    let mut is_known = true;
    for name in &tree.words {
        let (word, place) = (scope.name(*name), scope.at(*name));
        if !rows.is_empty() && !rows.iter().any(|(_, row)| row.shape.knows(&word)) {
            is_known = false;
            let mut levels: Vec<&str> = rows.iter().flat_map(|(_, row)| row.shape.offered()).collect();
            levels.sort_unstable();
            levels.dedup();
            let finding =
                Diagnostic::new(Code::UnknownSpread, place, format!("no row in reach has a level `{word}`"));
            findings.push(with_near(finding, &word, place, levels));
            continue;
        }
        let blind: Vec<&Row> = rows
            .iter()
            .filter(|(id, row)| !row.shape.knows(&word) && named.binary_search(id).is_err())
            .map(|(_, row)| *row)
            .collect();
        // That a check box has no `view` is how it is; that a ladder or verbs row has not is likely a slip.
        let is_flag_word = matches!(&*word, "on" | "off");
        let (flags, others): (Vec<&Row>, Vec<&Row>) =
            blind.into_iter().partition(|row| row.shape.form() == Form::Flag);
        if !others.is_empty() {
            let mut kinds: Vec<String> = others.iter().map(|row| format!("`{}`", row.kind)).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let plural = if kinds.len() == 1 { "kind" } else { "kinds" };
            findings.push(
                Diagnostic::new(
                    Code::BlindSpread,
                    place,
                    format!(
                        "{plural} {} have no level `{word}`: {} at the floor",
                        kinds.join(", "),
                        rows_of(&others)
                    ),
                )
                .help("say these rows exactly, in the block of the grant"),
            );
        }
        if !flags.is_empty() && !is_flag_word {
            findings.push(
                Diagnostic::new(
                    Code::FlagsUnderSpread,
                    place,
                    format!("a flag has no level `{word}`: {} off", rows_of(&flags)),
                )
                .help("a flag that should be on is said exactly"),
            );
        }
    }
    is_known
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
