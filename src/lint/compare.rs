//! What one role holds beside another.

use crate::catalog::{Catalog, Cells, Row};
use crate::lint::facts::row_of;

/// Whether one holds all that another does.
pub(super) fn has_all(wide: &Cells, narrow: &Cells) -> bool {
    wide.words().iter().zip(narrow.words()).all(|(wide, narrow)| narrow & !wide == 0)
}

/// Whether two hold something above the floor in common, in so many rows at least.
pub(super) fn has_common(catalog: &Catalog, a: &Cells, b: &Cells, least: usize) -> bool {
    let is_common = |row: &&Row| !((a.get(row) & b.get(row)) - row.shape.floor()).is_empty();
    catalog.rows.iter().filter(is_common).take(least).count() == least
}

/// The rows that two hold otherwise; none where they are more than `most`.
pub(super) fn differences<'m>(
    catalog: &'m Catalog,
    a: &Cells,
    b: &Cells,
    most: usize,
) -> Option<Vec<&'m Row>> {
    let mut found: Vec<&Row> = Vec::new();
    for (index, (one, other)) in a.words().iter().zip(b.words()).enumerate() {
        let mut bits = one ^ other;
        while bits != 0 {
            let bit = index * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let (_, row) = row_of(catalog, bit)?;
            // Actions of a row stand together.
            if found.last().is_none_or(|last| last.first_bit != row.first_bit) {
                if found.len() == most {
                    return None;
                }
                found.push(row);
            }
        }
    }
    Some(found)
}
