//! One sweep over time for somebody: what is held of each row on either side, from each moment at which a role begins or
//! ends until the next. Looks at those rows only of which something may be held otherwise.

use crate::table::{Organization, Row};
use crate::tools::diff::people::changes::People;
use crate::tools::diff::people::{RightChange, Span};
use crate::tools::diff::periods::{Period, Spell};
use crate::tools::diff::rows::{Moved, Rows};
use crate::vocab::{Actions, Time};

/// What a sweep needs, kept for the next one: there is one for each of very many people.
#[derive(Default)]
pub(super) struct Sweep {
    old: Held,
    new: Held,
    turns: Vec<Turn>,
    rows: Vec<usize>,
    found: Vec<(usize, Span)>,
}

/// A role begins or ends, on one of the sides. No time is before all times.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    at: Option<Time>,
    /// What ends goes before what begins.
    begins: bool,
    is_new: bool,
    role: u32,
}

impl Sweep {
    /// The rows of which something else is held, and when.
    pub(super) fn rights<'t>(
        &mut self,
        people: &People<'_, 't>,
        was: &[Spell],
        is: &[Spell],
        is_on_both: bool,
    ) -> Vec<RightChange<'t>> {
        self.begin(was, is);
        let turns = std::mem::take(&mut self.turns);
        let mut moments = turns.chunk_by(|a, b| a.at == b.at).peekable();
        while let Some(moment) = moments.next() {
            moment.iter().for_each(|turn| self.turn(people, *turn));
            let from = moment.first().and_then(|turn| turn.at);
            let until = moments.peek().and_then(|next| next.first()).and_then(|turn| turn.at);
            self.compare(people, Period { from, until });
        }
        self.turns = turns;
        // By row; of each by time, as they were found.
        self.found.sort_by_key(|(row, _)| *row);
        told(people, &self.found, is_on_both)
    }

    /// Before all times.
    fn begin(&mut self, was: &[Spell], is: &[Spell]) {
        self.old.clear();
        self.new.clear();
        self.found.clear();
        self.turns.clear();
        for (spells, is_new) in [(was, false), (is, true)] {
            for spell in spells {
                let role = spell.role;
                self.turns.push(Turn { at: spell.period.from, begins: true, is_new, role });
                let end = spell.period.until;
                self.turns.extend(end.map(|at| Turn { at: Some(at), begins: false, is_new, role }));
            }
        }
        self.turns.sort_unstable();
    }

    fn turn(&mut self, people: &People<'_, '_>, turn: Turn) {
        let keys = people.roles.at(turn.role);
        let (side, table, organization, role) = match turn.is_new {
            true => (&mut self.new, people.tables.1, people.organization.new, keys.new),
            false => (&mut self.old, people.tables.0, people.organization.old, keys.old),
        };
        let (Some(organization), Some(role)) = (organization, role) else { return };
        for (word, bits) in table.effective_bits(organization.key(), role).enumerate() {
            side.turn(word, bits, turn.begins);
        }
    }

    /// What is held of each row in a stretch of time, on either side.
    fn compare(&mut self, people: &People<'_, '_>, period: Period) {
        let Self { old: was, new: is, rows, found, .. } = self;
        candidates(people.rows, &was.bits, &is.bits, rows);
        let of = |side: Option<Organization<'_>>, held: &Held, row: Option<Row<'_>>| match (side, row) {
            (Some(side), Some(row)) => side.catalog().layout().get(&held.bits, row.key()),
            _ => Actions::NONE,
        };
        for index in rows.iter().copied() {
            let Some(row) = people.rows.all.get(index) else { continue };
            let old = of(people.organization.old, was, row.row.old);
            let new = of(people.organization.new, is, row.row.new);
            let Moved { gained, lost } = row.moved(old, new);
            if !gained.is_empty() || !lost.is_empty() {
                found.push((index, Span { period, old, new, gained, lost }));
            }
        }
    }
}

/// The rows of which something may be held otherwise: all others are held as they were.
fn candidates(rows: &Rows<'_>, old: &[u64], new: &[u64], found: &mut Vec<usize>) {
    found.clear();
    let mut add = |bits: Bits, places: &[usize]| {
        for place in bits.filter_map(|bit| places.get(bit)) {
            if found.last() != Some(place) {
                found.push(*place);
            }
        }
    };
    if rows.is_aligned {
        let word = |bits: &[u64], index: usize| bits.get(index).copied().unwrap_or_default();
        for index in 0..old.len().max(new.len()) {
            add(Bits::of(index, word(old, index) ^ word(new, index)), &rows.of_bits.1);
        }
        return;
    }
    for (side, places) in [(old, &rows.of_bits.0), (new, &rows.of_bits.1)] {
        side.iter().enumerate().for_each(|(index, word)| add(Bits::of(index, *word), places));
    }
    found.sort_unstable();
    found.dedup();
}

/// What was found of each row, stretches in which the same is held put together.
fn told<'t>(people: &People<'_, 't>, found: &[(usize, Span)], is_on_both: bool) -> Vec<RightChange<'t>> {
    let kinds = people.organization.map(Organization::kind);
    let by_row = || found.chunk_by(|(a, _), (b, _)| a == b);
    let mut rights = Vec::with_capacity(by_row().count());
    for chunk in by_row() {
        let Some(row) = chunk.first().and_then(|(index, _)| people.rows.all.get(*index)) else { continue };
        let mut spans: Vec<Span> = Vec::with_capacity(chunk.len());
        for (_, span) in chunk {
            match spans.last_mut() {
                Some(last)
                    if (last.old, last.new) == (span.old, span.new)
                        && last.period.until == span.period.from =>
                {
                    last.period.until = span.period.until;
                }
                _ => spans.push(*span),
            }
        }
        let moved = |span: &Span| Moved { gained: span.gained, lost: span.lost };
        let is_of_catalog = is_on_both && spans.iter().all(|span| row.is_of_catalog(moved(span), kinds));
        rights.push(RightChange { row: row.row, spans, is_of_catalog });
    }
    rights
}

/// Bits, and by how many roles each is held.
#[derive(Default)]
struct Held {
    bits: Vec<u64>,
    counts: Vec<u32>,
}

impl Held {
    fn clear(&mut self) {
        self.bits.fill(0);
        self.counts.fill(0);
    }

    fn turn(&mut self, word: usize, bits: u64, begins: bool) {
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
            self.counts.resize((word + 1) * 64, 0);
        }
        let (Some(held), Some(counts)) = (self.bits.get_mut(word), self.counts.get_mut(word * 64..)) else {
            return;
        };
        for bit in Bits::of(0, bits) {
            let Some(count) = counts.get_mut(bit) else { continue };
            *count = if begins { count.saturating_add(1) } else { count.saturating_sub(1) };
            match *count {
                0 => *held &= !(1 << bit),
                _ => *held |= 1 << bit,
            }
        }
    }
}

/// The places of the bits of a word, lowest first.
struct Bits {
    first: usize,
    left: u64,
}

impl Bits {
    fn of(word: usize, bits: u64) -> Self {
        Self { first: word * 64, left: bits }
    }
}

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = (self.left != 0).then(|| self.left.trailing_zeros() as usize)?;
        self.left &= self.left - 1;
        Some(self.first + bit)
    }
}
