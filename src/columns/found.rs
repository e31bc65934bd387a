//! Whom a condition is true of: how many, as bits, as a list, one after the other. Goes through the words once; only what
//! is asked for is allocated.

use std::ops::Range;

use crate::columns::condition::{Program, ROOM};
use crate::columns::sliced::Sliced;
use crate::columns::wide::{self, Work};
use crate::vocab::PrincipalId;

/// Those of some principals, by their ids, of whom a condition is true.
#[derive(Clone, Debug)]
pub struct Found<'s> {
    sliced: &'s Sliced<'s>,
    program: &'s Program,
    people: Range<usize>,
}

impl<'s> Found<'s> {
    /// Of whom it is true among all.
    pub fn new(sliced: &'s Sliced<'s>, program: &'s Program) -> Self {
        for key in program.keys() {
            sliced.want(key);
        }
        Self { sliced, program, people: 0..sliced.people() }
    }

    /// Of whom it is true among a few. Columns that are not there are not made for them.
    pub fn among(sliced: &'s Sliced<'s>, program: &'s Program, people: Range<usize>) -> Self {
        let end = people.end.min(sliced.people());
        Self { sliced, program, people: people.start.min(end)..end }
    }

    /// Among how many.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// How many.
    pub fn count(&self) -> usize {
        // Of one key among all it is known.
        if self.people.len() == self.sliced.people()
            && let Some((_, count)) = self.program.key().and_then(|key| self.sliced.column(key))
        {
            return count;
        }
        wide::run(Count(self))
    }

    /// One bit for each of the people, 64 a word, the first lowest.
    pub fn bits(&self) -> Vec<u64> {
        let mut bits = Vec::with_capacity(self.words().len());
        wide::run(Bits(self, &mut bits));
        let shift = self.people.start % 64;
        if shift != 0 {
            // The first of them stands within a word.
            let mut above = 0;
            for word in bits.iter_mut().rev() {
                let low = *word << (64 - shift);
                *word = *word >> shift | above;
                above = low;
            }
        }
        bits.truncate(self.people.len().div_ceil(64));
        bits
    }

    /// Their ids, in order.
    pub fn list(&self) -> Vec<PrincipalId> {
        // Few are soon said to be as many as they can be; to count them takes as long as to list them.
        let most = if self.people.len() <= FEW { self.people.len() } else { self.count() };
        let mut list = Vec::with_capacity(most);
        wide::run(List(self, &mut list));
        list
    }

    /// Their ids, one after the other.
    pub fn ids(&self) -> Ids<'s> {
        let begins = self.words().start;
        Ids { found: self.clone(), room: [0; AHEAD], words: begins..begins, at: 0, word: 0 }
    }

    /// The words in which the people stand.
    fn words(&self) -> Range<usize> {
        self.people.start / 64..self.people.end.div_ceil(64)
    }

    /// The bits of a word that stand for one of the people.
    #[inline(always)]
    fn mask(&self, word: usize) -> u64 {
        let begins = self.people.start.saturating_sub(word * 64).min(64);
        let ends = self.people.end.saturating_sub(word * 64).min(64);
        let below = |bit: usize| if bit == 64 { u64::MAX } else { (1 << bit) - 1 };
        below(ends) & !below(begins)
    }

    /// Gives all words in turn, and which the first of them is.
    #[inline(always)]
    fn each(&self, mut take: impl FnMut(usize, &[u64])) {
        let all = self.words();
        let column = self.program.key().and_then(|key| self.sliced.column(key));
        if let Some((column, _)) = column {
            // It is there as it is wanted, but for the ends.
            let Some((first, rest)) = column.get(all.clone()).and_then(<[u64]>::split_first) else { return };
            take(all.start, &[first & self.mask(all.start)]);
            if let Some((last, middle)) = rest.split_last() {
                take(all.start + 1, middle);
                take(all.end - 1, &[last & self.mask(all.end - 1)]);
            }
            return;
        }
        let mut room = [0; ROOM];
        let mut from = all.start;
        while from < all.end {
            let to = all.end.min(from + self.program.stride());
            let words = self.program.run(self.sliced, from..to, &mut room);
            if let Some(first) = words.first_mut() {
                *first &= self.mask(from);
            }
            if let Some(last) = words.last_mut() {
                *last &= self.mask(to - 1);
            }
            take(from, words);
            from = to;
        }
    }
}

struct Count<'f, 's>(&'f Found<'s>);

impl Work for Count<'_, '_> {
    type Answer = usize;

    #[inline(always)]
    fn work(self) -> usize {
        let mut count = 0;
        self.0.each(|_, words| count += words.iter().map(|word| word.count_ones() as usize).sum::<usize>());
        count
    }
}

struct Bits<'f, 's>(&'f Found<'s>, &'f mut Vec<u64>);

impl Work for Bits<'_, '_> {
    type Answer = ();

    #[inline(always)]
    fn work(self) {
        self.0.each(|_, words| self.1.extend_from_slice(words));
    }
}

struct List<'f, 's>(&'f Found<'s>, &'f mut Vec<PrincipalId>);

impl Work for List<'_, '_> {
    type Answer = ();

    #[inline(always)]
    fn work(self) {
        let mut few = [PrincipalId(0); 64];
        self.0.each(|first, words| {
            for (at, word) in words.iter().enumerate() {
                let base = PrincipalId::at((first + at) * 64).0;
                let (mut word, mut count) = (*word, 0);
                for slot in &mut few {
                    if word == 0 {
                        break;
                    }
                    *slot = PrincipalId(base + word.trailing_zeros());
                    word &= word - 1;
                    count += 1;
                }
                self.1.extend_from_slice(few.get(..count).unwrap_or_default());
            }
        });
    }
}

/// Of so many people a list has room for all of them.
const FEW: usize = 512;

/// Words that are worked out at once while ids are given one by one.
const AHEAD: usize = 32;

/// Ids, one after the other.
#[derive(Clone, Debug)]
pub struct Ids<'s> {
    found: Found<'s>,
    room: [u64; AHEAD],
    /// Which words are in it.
    words: Range<usize>,
    /// The next of them.
    at: usize,
    /// What is left of the one before.
    word: u64,
}

impl Ids<'_> {
    /// Works some more words out. `None` behind the last.
    fn ahead(&mut self) -> Option<()> {
        let (from, all) = (self.words.end, self.found.words());
        let to = all.end.min(from + AHEAD.min(self.found.program.stride()));
        if from >= to {
            return None;
        }
        let part = Found { people: from * 64..to * 64, ..self.found.clone() };
        wide::run(Ahead(&part, &mut self.room));
        for (slot, word) in self.room.iter_mut().zip(from..to) {
            *slot &= self.found.mask(word);
        }
        (self.words, self.at) = (from..to, 0);
        Some(())
    }
}

impl Iterator for Ids<'_> {
    type Item = PrincipalId;

    #[inline]
    fn next(&mut self) -> Option<PrincipalId> {
        while self.word == 0 {
            if self.at == self.words.len() {
                self.ahead()?;
            }
            self.word = *self.room.get(self.at)?;
            self.at += 1;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(PrincipalId::at((self.words.start + self.at) * 64 - 64 + bit))
    }
}

struct Ahead<'f, 's>(&'f Found<'s>, &'f mut [u64; AHEAD]);

impl Work for Ahead<'_, '_> {
    type Answer = ();

    #[inline(always)]
    fn work(self) {
        let begins = self.0.words().start;
        self.0.each(|first, words| {
            let slots = self.1.get_mut(first - begins..).unwrap_or_default();
            slots.iter_mut().zip(words).for_each(|(slot, word)| *slot = *word);
        });
    }
}
