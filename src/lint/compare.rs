//! What one role holds beside another.

use crate::catalog::{Cells, Row};
use crate::lint::facts::{Facts, rows};

/// Whether one holds all that another does.
pub(super) fn has_all(wide: &Cells, narrow: &Cells) -> bool {
    wide.words().iter().zip(narrow.words()).all(|(wide, narrow)| narrow & !wide == 0)
}

/// Whether two hold something above the floor in common, in so many rows at least.
pub(super) fn has_common(facts: &Facts<'_>, a: &Cells, b: &Cells, least: usize) -> bool {
    let words = a.words().iter().zip(b.words()).zip(facts.floor.words());
    let common = words.map(|((a, b), floor)| a & b & !floor);
    rows(facts.catalog, common).take(least).count() == least
}

/// The rows that two hold otherwise; none where they are more than `most`.
pub(super) fn differences<'m>(facts: &Facts<'m>, a: &Cells, b: &Cells, most: usize) -> Option<Vec<&'m Row>> {
    let words = || a.words().iter().zip(b.words()).map(|(a, b)| a ^ b);
    let found = || rows(facts.catalog, words()).map(|(_, row)| row);
    // Of most pairs they are more.
    (found().take(most + 1).count() <= most).then(|| found().collect())
}
