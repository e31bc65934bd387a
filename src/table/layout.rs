//! Where each row's actions stand in a role's bits, and which bits a role may have. The only place that counts
//! bits; knows rows and shapes, not roles.

use crate::table::flaw::Fault;
use crate::table::parts::Row;
use crate::vocab::{Actions, Form, OrganizationKind, RowId};

/// The run of bits of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: u32,
    top: Actions,
}

/// The bits of a catalog: one for every action of every row, rows in order, in words of 64. A row that would lie across
/// the end of a word begins the next one, so that what is asked of a row lies in one word, or from 65 actions on in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    runs: Vec<Run>,
    /// Every bit that stands for an action.
    all: Vec<u64>,
    /// `all` without the rows that only managed organizations have.
    direct: Vec<u64>,
    /// The floors of all rows: what a role without base or entry holds.
    floor: Vec<u64>,
    /// The bits that need the one below: the steps of ladders above the first.
    steps: Vec<u64>,
}

impl Layout {
    /// The layout of a catalog's rows.
    pub fn of(rows: &[Row]) -> Self {
        let mut end = 0_usize;
        let runs = rows.iter().map(|row| {
            let top = row.shape.top();
            let first = row.shape.first_bit(end);
            end = first + row.shape.width();
            Run { first: u32::try_from(first).unwrap_or(u32::MAX), top }
        });
        let runs: Vec<Run> = runs.collect();
        let words = end.div_ceil(64);
        let mut layout = Self {
            runs,
            all: vec![0; words],
            direct: vec![0; words],
            floor: vec![0; words],
            steps: vec![0; words],
        };
        for (row, run) in rows.iter().zip(&layout.runs) {
            let ladder = row.shape.form() == Form::Ladder;
            let steps = if ladder { run.top - Actions::one(0) } else { Actions::NONE };
            put(&mut layout.all, *run, run.top);
            put(&mut layout.direct, *run, if row.only_managed { Actions::NONE } else { run.top });
            put(&mut layout.floor, *run, row.shape.floor());
            put(&mut layout.steps, *run, steps);
        }
        layout
    }

    /// How many words the bits of a role take.
    pub fn words(&self) -> usize {
        self.all.len()
    }

    /// The bits of a role that says nothing: every row at its floor.
    pub fn floors(&self) -> Vec<u64> {
        self.floor.clone()
    }

    /// What bits hold of a row; nothing where the row is not of this layout.
    pub fn get(&self, bits: &[u64], row: RowId) -> Actions {
        self.runs
            .get(row.index())
            .map_or(Actions::NONE, |run| Actions(read(words(bits), run.first)) & run.top)
    }

    /// The rows of which bits hold something, in the order of the catalog.
    pub fn held(&self, bits: &[u64]) -> impl Iterator<Item = (RowId, Actions)> {
        let all = self.runs.iter().enumerate();
        let held =
            all.map(|(index, run)| (RowId::at(index), Actions(read(words(bits), run.first)) & run.top));
        held.filter(|(_, held)| !held.is_empty())
    }

    /// Sets what bits hold of a row. Actions that the row lacks are left out.
    pub fn set(&self, bits: &mut [u64], row: RowId, held: Actions) {
        if let Some(run) = self.runs.get(row.index()) {
            put(bits, *run, held);
        }
    }

    /// The bits that an organization of a kind leaves to a role.
    pub fn mask(&self, kind: OrganizationKind) -> &[u64] {
        match kind {
            OrganizationKind::Direct => &self.direct,
            OrganizationKind::Managed => &self.all,
        }
    }

    /// The first bit of a row and all of its actions.
    pub(in crate::table) fn run(&self, row: RowId) -> Option<(u32, Actions)> {
        self.runs.get(row.index()).map(|run| (run.first, run.top))
    }

    /// What is wrong with the bits of a role, if anything: not as many words as the catalog takes, a bit that is
    /// no action, or a row at what is none of its levels.
    ///
    /// Says for all rows at once what [`Shape::is_level`](crate::vocab::Shape::is_level) says for one.
    pub(in crate::table) fn fault(&self, bits: &[u64]) -> Option<Fault> {
        if bits.len() != self.words() {
            return Some(Fault::Width { found: bits.len(), wanted: self.words() });
        }
        let masks = self.all.iter().zip(self.floor.iter().zip(&self.steps));
        // What the last bit of the word before would hold up.
        let mut below = 0;
        for (word, (held, (all, (floor, steps)))) in bits.iter().zip(masks).enumerate() {
            if held & !all != 0 {
                return Some(Fault::StrayBits);
            }
            let unheld = (held & steps & !(held << 1 | below)) | (floor & !held);
            if unheld != 0 {
                return Some(Fault::NotALevel {
                    row: self.row_of(word * 64 + unheld.trailing_zeros() as usize),
                });
            }
            below = held >> 63;
        }
        None
    }

    /// The row that a bit belongs to.
    fn row_of(&self, bit: usize) -> RowId {
        RowId::at(self.runs.partition_point(|run| run.first as usize <= bit).saturating_sub(1))
    }
}

/// The 128 bits from `first` on, of the words of a row.
pub(in crate::table) fn read(word: impl Fn(usize) -> u64, first: u32) -> u128 {
    let (at, shift) = (first as usize / 64, first % 64);
    let low = u128::from(word(at)) | u128::from(word(at + 1)) << 64;
    // A row of more than 64 actions begins a word.
    low >> shift
}

/// The words of a slice; zero beyond the last.
pub(in crate::table) fn words(bits: &[u64]) -> impl Fn(usize) -> u64 {
    |at| bits.get(at).copied().unwrap_or_default()
}

fn put(bits: &mut [u64], run: Run, held: Actions) {
    let (word, shift) = (run.first as usize / 64, run.first % 64);
    let [held, top] = [held & run.top, run.top].map(|actions| {
        let bits = actions.0 << shift;
        [bits as u64, (bits >> 64) as u64]
    });
    for (slot, (held, top)) in bits.iter_mut().skip(word).zip(held.into_iter().zip(top)) {
        *slot = *slot & !top | held;
    }
}

#[cfg(test)]
mod tests;
