//! What lints ask of each row of a catalog again and again, worked out once. Says nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::catalog::{Catalog, Cells, Row};
use crate::model::{RoleRef, Roles};
use crate::vocab::{Actions, RowId};

/// A catalog with what is known of its rows.
pub(super) struct Facts<'m> {
    pub(super) catalog: &'m Catalog,
    /// Every row at its floor.
    pub(super) floor: Cells,
    /// All actions of the rows marked `escalating`.
    pub(super) escalating: Cells,
    /// The roles that were asked for, and whether a cell of theirs or of what they start from is marked as unconfirmed.
    marked: RefCell<HashMap<RoleRef, bool>>,
}

impl<'m> Facts<'m> {
    pub(super) fn new(catalog: &'m Catalog) -> Self {
        let mut escalating = Cells::new(catalog.width());
        for row in catalog.rows.iter().filter(|row| row.escalating) {
            escalating.set(row, row.shape.top());
        }
        Self { catalog, floor: catalog.floor(), escalating, marked: RefCell::default() }
    }

    /// Whether a cell of a role, or of what it starts from, is marked as unconfirmed.
    pub(super) fn is_marked(&self, roles: Roles<'_>, asked: RoleRef) -> bool {
        let mut known = self.marked.borrow_mut();
        let mut open = vec![(asked, false)];
        while let Some((next, has_bases)) = open.pop() {
            let Some(role) = roles.get(next) else { continue };
            if has_bases {
                let is_marked = role.entries.iter().any(|entry| entry.unconfirmed.is_some())
                    || role.bases.iter().any(|base| known.get(base) == Some(&true));
                known.insert(next, is_marked);
            } else if let Entry::Vacant(slot) = known.entry(next) {
                slot.insert(false);
                open.push((next, true));
                open.extend(role.bases.iter().map(|base| (*base, false)));
            }
        }
        known.get(&asked) == Some(&true)
    }

    /// The rows of which one holds actions that another does not, in reach of a mask.
    pub(super) fn rows_beyond(&self, held: &Cells, base: &Cells, mask: &Cells) -> Vec<(RowId, &'m Row)> {
        let words = held.words().iter().zip(base.words()).zip(mask.words()).enumerate();
        let mut found: Vec<(RowId, &Row)> = Vec::new();
        for (index, ((held, base), mask)) in words {
            let mut bits = held & !base & mask;
            while bits != 0 {
                let bit = index * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let Some((id, row)) = row_of(self.catalog, bit) else { continue };
                // Actions of a row stand together.
                if found.last().is_none_or(|(last, _)| *last != id) {
                    found.push((id, row));
                }
            }
        }
        found
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

/// The row that an action is of.
pub(super) fn row_of(catalog: &Catalog, bit: usize) -> Option<(RowId, &Row)> {
    let after = catalog.rows.partition_point(|row| row.first_bit <= bit);
    let id = RowId::at(after.checked_sub(1)?);
    Some((id, catalog.row(id)?))
}
