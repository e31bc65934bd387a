//! What lints ask of each row of a catalog again and again, worked out once. Says nothing.

use crate::catalog::{Catalog, Cells, Row};
use crate::lint::resting::Resting;
use crate::vocab::{Actions, RowId};

/// A catalog with what is known of its rows.
pub(super) struct Facts<'m> {
    pub(super) catalog: &'m Catalog,
    /// Every row at its floor.
    pub(super) floor: Cells,
    /// All actions of the rows marked `escalating`.
    pub(super) escalating: Cells,
    /// What rests on no public source.
    pub(super) resting: Resting,
}

impl<'m> Facts<'m> {
    pub(super) fn new(catalog: &'m Catalog) -> Self {
        let mut escalating = Cells::new(catalog.width());
        for row in catalog.rows.iter().filter(|row| row.escalation.is_marked()) {
            escalating.set(row, row.shape.top());
        }
        Self { catalog, floor: catalog.floor(), escalating, resting: Resting::default() }
    }

    /// The rows of which one holds actions that another does not, in reach of a mask.
    pub(super) fn rows_beyond(&self, held: &Cells, base: &Cells, mask: &Cells) -> Vec<(RowId, &'m Row)> {
        let words = held.words().iter().zip(base.words()).zip(mask.words());
        rows(self.catalog, words.map(|((held, base), mask)| held & !base & mask)).collect()
    }

    /// Whether one holds the top of a row that is marked `escalating`; which.
    pub(super) fn escalates(&self, held: &Cells, is_there: impl Fn(&Row) -> bool) -> Option<&'m Row> {
        let nothing = Cells::new(self.catalog.width());
        let rows = self.rows_beyond(held, &nothing, &self.escalating);
        rows.into_iter().map(|(_, row)| row).find(|row| is_there(row) && is_at_top(held, row))
    }
}

pub(super) fn is_at_top(held: &Cells, row: &Row) -> bool {
    let top: Actions = row.shape.top();
    held.get(row) == top
}

/// The rows of the actions whose bits are set, given in words of 64.
pub(super) fn rows(
    catalog: &Catalog,
    words: impl Iterator<Item = u64>,
) -> impl Iterator<Item = (RowId, &Row)> {
    let bits = words.enumerate().flat_map(|(index, mut bits)| {
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| index * 64 + bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(bit)
        })
    });
    let mut last = None;
    bits.filter_map(move |bit| {
        let after = catalog.rows.partition_point(|row| row.first_bit <= bit);
        let id = RowId::at(after.checked_sub(1)?);
        // Actions of a row stand together.
        let is_next = last != Some(id);
        last = Some(id);
        catalog.row(id).filter(|_| is_next).map(|row| (id, row))
    })
}
