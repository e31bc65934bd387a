//! Whether the lines of principals are as they are written: each once, where the hash of both names leads, with the row
//! that they have by their number too. Part of `check`. Nothing takes as long of a large file, so where there are threads its
//! lines are looked at in parts, side by side; what is told of them is what is told of them in one.

use std::ops::Range;

use crate::decisions::check::{Checked, ensure};
use crate::decisions::error::{Damage, List};
use crate::decisions::index::{Index, rows_of, words_of};
use crate::decisions::line::{NONE, Record, Recorded, STEPS, WORDS, nobody};
use crate::decisions::lines::Line;
use crate::decisions::once::Once;
use crate::decisions::places::Dealt;
use crate::decisions::plan::Catalog;
use crate::decisions::step::Lasting;
use crate::vocab::limits;

/// What all lines came to.
pub(in crate::decisions) struct People {
    /// How many steps the principals of each catalog have.
    pub(in crate::decisions) steps: Vec<usize>,
    /// Where the texts of their names end.
    pub(in crate::decisions) texts: u32,
}

/// Of fewer lines no parts are made.
#[cfg(feature = "parallel")]
const MANY: usize = 1 << 16;

/// Two works on so many lines, side by side where they are many.
#[inline]
pub(in crate::decisions) fn beside<A: Send, B: Send>(
    lines: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    #[cfg(feature = "parallel")]
    if lines >= MANY {
        return rayon::join(one, other);
    }
    let _ = lines;
    (one(), other())
}

/// Looks at all lines. The texts of their names begin there.
pub(in crate::decisions) fn check(index: &Index<'_>, texts: u32) -> Result<People, Damage> {
    #[cfg(feature = "parallel")]
    if index.records.len() >= MANY
        && let Some(people) = in_parts(index, texts, rayon::current_num_threads())
    {
        return Ok(people);
    }
    let mut all = Part::new(index, Some(texts));
    all.look(0..index.records.len())?;
    all.whole(texts)
}

/// The same in so many parts. None where something is wrong: what it is says a look at all of them in one.
#[cfg(feature = "parallel")]
pub(in crate::decisions) fn in_parts(index: &Index<'_>, texts: u32, count: usize) -> Option<People> {
    use rayon::prelude::*;
    let lines = index.records.len();
    let share = lines.div_ceil(count.max(1)).max(1);
    let part = |number: usize| {
        let begins = number * share;
        let mut part = Part::new(index, (begins == 0).then_some(texts));
        part.look(begins..begins.saturating_add(share).min(lines)).ok()?;
        Some(part)
    };
    let parts: Option<Vec<Part<'_>>> = (0..lines.div_ceil(share)).into_par_iter().map(part).collect();
    let mut parts = parts?.into_iter();
    let mut all = parts.next()?;
    parts.all(|part| all.join(part)).then(|| all.whole(texts).ok())?
}

/// Some lines that follow one another.
struct Part<'d> {
    index: Index<'d>,
    nobody: Line,
    principals: Once,
    dealt: Dealt<'d>,
    /// How many steps there are, and how many of each catalog.
    steps: usize,
    steps_of: Vec<usize>,
    /// Where their texts begin and end. They stand in the order of the lines that they belong to; of a part it is known by
    /// the first of them.
    texts: Option<Range<u32>>,
}

impl<'d> Part<'d> {
    fn new(index: &Index<'d>, texts: Option<u32>) -> Self {
        Self {
            index: *index,
            nobody: nobody(),
            principals: Once::of(index.rows.len()),
            dealt: Dealt::of(index.people),
            steps: 0,
            steps_of: vec![0; index.catalogs.len()],
            texts: texts.map(|begins| begins..begins),
        }
    }

    fn look(&mut self, places: Range<usize>) -> Checked {
        let lines = self.index.records.get(places.clone()).unwrap_or_default();
        let mut ahead = [Ahead::default(); AHEAD];
        for (lines, first) in lines.chunks(AHEAD).zip(places.step_by(AHEAD)) {
            for (slot, line) in ahead.iter_mut().zip(lines) {
                *slot = self.ahead(Record(line));
            }
            for (place, (line, ahead)) in (first..).zip(lines.iter().zip(&ahead)) {
                self.line(place, line, *ahead)?;
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn line(&mut self, place: usize, line: &'d Line, ahead: Ahead<'d>) -> Checked {
        let index = self.index;
        let record = Record(line);
        if record.principal() == NONE {
            return ensure(*line == self.nobody, List::Principals, place);
        }
        let wrong = Damage { list: List::Principals, index: place };
        let [organization, name] = ahead.names.ok_or(wrong)?;
        let row = record.row();
        let is_known = ahead.row == Some(row);
        let of = index.catalogs.get(usize::from(record.catalog())).ok_or(wrong)?;
        let bits = if row & STEPS == 0 {
            ensure(begins(of, row), List::Principals, place)?;
            let mut inside = ahead.bits;
            inside.iter_mut().skip(words_of(of)).for_each(|word| *word = 0);
            (words_of(of) <= WORDS).then_some(inside)
        } else {
            self.steps(row, of, record.catalog(), place)?;
            None
        };
        let is_written = record.is_as_written(bits) || {
            let names = [organization, name];
            let recorded =
                Recorded { principal: record.principal(), row, catalog: record.catalog(), names, bits };
            let texts = self.texts.get_or_insert_with(|| record.text().map_or(0..0, |begins| begins..begins));
            let (as_written, is_long) = recorded.line(texts.end);
            if is_long {
                let length = organization.len() + name.len();
                texts.end = texts.end.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
            }
            *line == as_written
        };
        let is_here = ahead.place == place;
        let are_short = organization.len().max(name.len()) <= limits::NAME_BYTES;
        let holds = is_written && is_here && is_known && are_short;
        ensure(holds && self.principals.take(record.principal()), List::Principals, place)
    }

    #[inline(always)]
    fn ahead(&mut self, record: Record<'d>) -> Ahead<'d> {
        let index = self.index;
        if record.principal() == NONE {
            return Ahead::default();
        }
        let row = index.rows.get(record.principal() as usize).map(|row| u32::from_le(*row));
        let word = |number: usize| index.bits.get((record.row() as usize).wrapping_add(number));
        let bits = [0, 1].map(|number| word(number).map_or(0, |word| u64::from_le(*word)));
        let names = record.names(index.texts);
        let hash = |[organization, name]: [&[u8]; 2]| index.keys.pair(organization, name);
        let place = names.map_or(usize::MAX, |names| self.dealt.find(hash(names)));
        Ahead { row, bits, names, place }
    }

    /// Those of somebody who holds other things at other times.
    fn steps(&mut self, row: u32, of: &Catalog, catalog: u16, place: usize) -> Checked {
        let index = self.index;
        let (mut count, mut are_of) = (0, true);
        for step in index.steps_of(row) {
            count += 1;
            // Each belongs to somebody once: so no run is walked for everybody.
            ensure(self.steps + count <= index.steps.len(), List::Principals, place)?;
            are_of &= step.row == NONE || begins(of, step.row);
        }
        let before = (row & !STEPS) as usize;
        let is_first =
            before == 0 || index.steps.get(before - 1).is_some_and(|before| Lasting::read(before).is_last());
        ensure(count > 0 && are_of && is_first, List::Principals, place)?;
        self.steps += count;
        if let Some(own) = self.steps_of.get_mut(usize::from(catalog)) {
            *own += count;
        }
        Ok(())
    }

    /// Puts the part behind it to this one: whether both can be of one file.
    #[cfg(feature = "parallel")]
    fn join(&mut self, next: Self) -> bool {
        self.dealt.join(&next.dealt);
        self.steps += next.steps;
        self.steps_of.iter_mut().zip(&next.steps_of).for_each(|(own, next)| *own += next);
        let do_follow = match (&mut self.texts, next.texts) {
            (_, None) => true,
            (Some(own), Some(next)) => {
                let do_follow = own.end == next.start;
                own.end = next.end;
                do_follow
            }
            (own, next) => {
                *own = next;
                true
            }
        };
        self.principals.join(&next.principals) && do_follow
    }

    /// What they came to, where they are all lines.
    fn whole(self, texts: u32) -> Result<People, Damage> {
        let Self { index, principals, steps, .. } = &self;
        let are_all = principals.is_none_left() && *steps == index.steps.len();
        ensure(are_all, List::Principals, index.records.len())?;
        self.dealt.is_as_written(List::Principals)?;
        Ok(People { steps: self.steps_of, texts: self.texts.map_or(texts, |texts| texts.end) })
    }
}

/// As many lines as are looked at ahead.
const AHEAD: usize = 16;

/// What a line leads to elsewhere in memory. It is read for some lines at once, so that one wait is for all of them.
#[derive(Clone, Copy, Default)]
struct Ahead<'d> {
    row: Option<u32>,
    bits: [u64; WORDS],
    names: Option<[&'d [u8]; 2]>,
    /// Where the names are looked for.
    place: usize,
}

/// Whether a row of a catalog begins somewhere.
fn begins(catalog: &Catalog, row: u32) -> bool {
    let (begins, ends) = rows_of(catalog);
    // A division of 32 bits: it is asked of every line.
    (begins..ends).contains(&row) && (row - begins).is_multiple_of(words_of(catalog) as u32)
}
