//! Numbers for the actions that forbids ask for, so that what is asked and what is held are sets of few numbers.

use crate::catalog::{Catalog, Cells};
use crate::check::forbids::sets::numbers;
use crate::vocab::{Actions, Form, RowId};

/// The actions of a condition that bring all of it.
pub(super) fn highest(catalog: &Catalog, (id, actions): (RowId, Actions)) -> (RowId, Actions) {
    let form = catalog.row(id).map(|row| row.shape.form());
    let top = actions.count().checked_sub(1).filter(|_| form == Some(Form::Ladder));
    (id, top.map_or(actions, Actions::one))
}

/// Numbers for actions of the catalog, in the order of its cells.
#[derive(Debug)]
pub(super) struct Numbering {
    /// Words of cells: which, the bits of it that have a number, the first such number.
    words: Vec<(usize, u64, usize)>,
    pub(super) count: usize,
}

impl Numbering {
    pub(super) fn new(catalog: &Catalog, asked: impl Iterator<Item = (RowId, Actions)>) -> Self {
        let mut bits: Vec<usize> = asked.flat_map(|part| places(catalog, part)).collect();
        bits.sort_unstable();
        bits.dedup();
        let mut words: Vec<(usize, u64, usize)> = Vec::new();
        for (number, bit) in bits.iter().enumerate() {
            match words.last_mut().filter(|(word, ..)| *word == bit / 64) {
                Some((_, mask, _)) => *mask |= 1 << (bit % 64),
                None => words.push((bit / 64, 1 << (bit % 64), number)),
            }
        }
        Self { words, count: bits.len() }
    }

    /// The numbers of actions that have one.
    pub(super) fn of(&self, catalog: &Catalog, part: (RowId, Actions)) -> Vec<usize> {
        let number = |bit: usize| {
            let at = self.words.binary_search_by_key(&(bit / 64), |(word, ..)| *word).ok()?;
            let (_, mask, first) = self.words.get(at)?;
            Some(first + (mask & ((1 << (bit % 64)) - 1)).count_ones() as usize)
        };
        places(catalog, part).filter_map(number).collect()
    }

    /// The numbers that cells have.
    pub(super) fn read(&self, cells: &Cells, mut found: impl FnMut(usize)) {
        for (word, mask, first) in &self.words {
            let held = cells.words().get(*word).copied().unwrap_or(0) & mask;
            for bit in numbers(&[held]) {
                found(first + (mask & ((1 << bit) - 1)).count_ones() as usize);
            }
        }
    }
}

/// Where actions stand in cells.
fn places(catalog: &Catalog, (row, actions): (RowId, Actions)) -> impl Iterator<Item = usize> {
    let first = catalog.row(row).map(|row| row.first_bit);
    first.into_iter().flat_map(move |first| actions.positions().map(move |position| first + position))
}
