//! Rows turned over: for each bit one column, with a bit for each principal. Columns are made of all bits at once where
//! there is room for them, else of those that are asked about, as long as there is; what has none is read from the rows.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::columns::batch::{Path, fill};
use crate::columns::rows::{Region, Rows};
use crate::columns::transpose::transpose;
use crate::columns::wide::{self, Work};
use crate::vocab::PrincipalId;

/// Who holds each bit.
///
/// A column takes an eighth of a byte a principal: those of 76 bits and 1,000,000 principals take 9.5 MB.
#[derive(Debug)]
pub struct Sliced<'a> {
    rows: Rows<'a>,
    /// How many columns stand before those of each region.
    before: Vec<usize>,
    /// How many words a column takes.
    words: usize,
    columns: Columns,
}

#[derive(Debug)]
enum Columns {
    All { bits: Vec<u64>, counts: Vec<usize> },
    Asked { made: Vec<OnceLock<Column>>, room: AtomicUsize },
}

#[derive(Debug)]
struct Column {
    bits: Vec<u64>,
    count: usize,
}

/// Words of a column that are turned over at once: they fill a line of memory.
const LINE: usize = 8;

impl<'a> Sliced<'a> {
    /// Turns rows over. Columns take at most so many bytes.
    pub fn of(rows: Rows<'a>, bytes: usize) -> Self {
        let words = rows.people().div_ceil(64);
        let mut columns = 0;
        let before = rows.regions().iter().map(|region| {
            let before = columns;
            columns += region.width as usize;
            before
        });
        let before: Vec<usize> = before.collect();
        let columns = match columns.checked_mul(words).filter(|words| *words <= bytes / 8) {
            Some(_) => {
                let bits = wide::run(Turning { rows, words, columns });
                let counts =
                    (0..columns).map(|at| count(bits.get(at * words..(at + 1) * words).unwrap_or_default()));
                Columns::All { counts: counts.collect(), bits }
            }
            None => {
                let made = (0..columns).map(|_| OnceLock::new()).collect();
                Columns::Asked { made, room: AtomicUsize::new(bytes / 8) }
            }
        };
        Self { rows, before, words, columns }
    }

    /// How many principals there are.
    pub fn people(&self) -> usize {
        self.rows.people()
    }

    /// How many bytes the columns take.
    pub fn bytes(&self) -> usize {
        let words = match &self.columns {
            Columns::All { bits, .. } => bits.len(),
            Columns::Asked { made, .. } => made.iter().filter(|it| it.get().is_some()).count() * self.words,
        };
        words * 8
    }

    /// The column of a key and how many bits are set in it, where it is there.
    pub(super) fn column(&self, key: u32) -> Option<(&[u64], usize)> {
        let at = self.at(key)?;
        match &self.columns {
            Columns::All { bits, counts } => {
                Some((bits.get(at * self.words..(at + 1) * self.words)?, *counts.get(at)?))
            }
            Columns::Asked { made, .. } => made.get(at)?.get().map(|column| (&*column.bits, column.count)),
        }
    }

    /// Makes the column of a key, where it is not there and there is room for it.
    pub(super) fn want(&self, key: u32) {
        let Columns::Asked { made, room } = &self.columns else { return };
        let Some(place) = self.at(key).and_then(|at| made.get(at)).filter(|place| place.get().is_none())
        else {
            return;
        };
        let less = |room: usize| room.checked_sub(self.words);
        if room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_err() {
            return;
        }
        let mut is_ours = false;
        place.get_or_init(|| {
            is_ours = true;
            let mut bits = vec![0; self.words];
            self.read(key, 0, &mut bits);
            Column { count: count(&bits), bits }
        });
        if !is_ours {
            room.fetch_add(self.words, Ordering::Relaxed);
        }
    }

    /// Some words of a column; none where the column is not there.
    #[inline(always)]
    pub(super) fn column_part(&self, key: u32, words: Range<usize>) -> Option<&[u64]> {
        self.column(key).and_then(|(column, _)| column.get(words))
    }

    /// Some words of a column: of the column itself, or read from the rows into `room`, which has as many.
    #[inline(always)]
    pub(super) fn part<'s>(&'s self, key: u32, words: Range<usize>, room: &'s mut [u64]) -> &'s [u64] {
        if let Some(part) = self.column_part(key, words.clone()) {
            return part;
        }
        match self.at(key) {
            Some(_) => self.read(key, words.start, room),
            None => room.fill(0),
        }
        room
    }

    /// Fills words of a column from the first one on, by asking everybody's row.
    #[inline(never)]
    fn read(&self, key: u32, first: usize, words: &mut [u64]) {
        for (at, word) in words.iter_mut().enumerate() {
            let begins = (first + at) * 64;
            let who = std::array::from_fn::<_, 64, _>(|one| PrincipalId::at(begins + one));
            fill(Path::Wide, &self.rows, &who, &[key; 64], &[], std::slice::from_mut(word));
        }
    }

    fn at(&self, key: u32) -> Option<usize> {
        let region = self.rows.region_of(key)?;
        // There are few regions, and one most of the time.
        let number = self.rows.regions().iter().position(|one| one == region)?;
        Some(self.before.get(number)? + (key - region.base) as usize)
    }
}

fn count(words: &[u64]) -> usize {
    struct Count<'w>(&'w [u64]);
    impl Work for Count<'_> {
        type Answer = usize;
        #[inline(always)]
        fn work(self) -> usize {
            self.0.iter().map(|word| word.count_ones() as usize).sum()
        }
    }
    wide::run(Count(words))
}

/// All columns, made from all rows.
struct Turning<'a> {
    rows: Rows<'a>,
    words: usize,
    columns: usize,
}

impl Work for Turning<'_> {
    type Answer = Vec<u64>;

    #[inline(always)]
    fn work(self) -> Vec<u64> {
        let Self { rows, words, columns } = self;
        let mut bits = vec![0; columns * words];
        let rows_of: Vec<u32> = (0..rows.people()).map(|who| rows.row(who).unwrap_or(u32::MAX)).collect();
        let mut rest = &mut *bits;
        for region in rows.regions() {
            let (own, behind) = rest.split_at_mut((region.width as usize * words).min(rest.len()));
            rest = behind;
            for (number, begins) in rows_of.chunks(64 * LINE).enumerate() {
                if begins.iter().any(|begins| region.row(*begins).is_some()) {
                    turn(&rows, region, begins, own, number * LINE, words);
                }
            }
        }
        bits
    }
}

/// Turns the rows of a line's worth of people over.
#[inline(always)]
fn turn(rows: &Rows<'_>, region: &Region, begins: &[u32], columns: &mut [u64], first: usize, words: usize) {
    let bits = rows.near(region).bits;
    for word in 0..region.width.div_ceil(64) {
        let mut lines = [[0_u64; LINE]; 64];
        for (at, begins) in begins.chunks(64).enumerate() {
            let mut square = [0_u64; 64];
            for (slot, begins) in square.iter_mut().zip(begins) {
                let row = region.row(*begins).and_then(|row| bits.get((row + word) as usize));
                *slot = row.map_or(0, |word| u64::from_le(*word));
            }
            transpose(&mut square);
            for (line, word) in lines.iter_mut().zip(square) {
                if let Some(slot) = line.get_mut(at) {
                    *slot = word;
                }
            }
        }
        let here = columns.chunks_exact_mut(words).skip(word as usize * 64);
        for (column, line) in here.zip(&lines) {
            let slots = column.get_mut(first..).unwrap_or_default();
            slots.iter_mut().zip(line).for_each(|(slot, word)| *slot = *word);
        }
    }
}
