//! Whether lines from elsewhere are lines as `make` writes them: every list in its order, every number in its range, every
//! name where its hash leads, every bit in its row, nothing between. What passes can be asked without surprise; who holds
//! what is for whoever made them to know. The mirror of `make`.

use crate::decisions::Decisions;
use crate::decisions::draft::{Draft, OneCatalog, print_of};
use crate::decisions::error::{Damage, List};
use crate::decisions::first;
use crate::decisions::index::{Index, rows_of, words_of};
use crate::decisions::line::{CATALOGS, NONE, Named, Organized, Record, STEPS, Wanted};
use crate::decisions::lines::Lines;
use crate::decisions::once::Once;
use crate::decisions::people;
use crate::decisions::places::Dealt;
use crate::decisions::plan::{Counts, Plan};
use crate::decisions::step::Lasting;
use crate::vocab::{CatalogId, limits};

pub(in crate::decisions) type Checked = Result<(), Damage>;

/// Nothing where it holds, else that something of a list is wrong.
pub(in crate::decisions) fn ensure(holds: bool, list: List, index: usize) -> Checked {
    if holds { Ok(()) } else { Err(Damage { list, index }) }
}

impl Decisions {
    /// The decisions that stand in some lines, whose xxh3 is given.
    ///
    /// # Errors
    /// Where they are not as they are written; the first thing that is wrong.
    pub(in crate::decisions) fn of_lines(lines: Lines, print: u64) -> Result<Self, Damage> {
        let plan = plan(lines.words())?;
        let damage = Damage { list: List::Counts, index: 0 };
        Check { index: plan.index(print, lines.words()).ok_or(damage)?, plan: &plan, texts: 0 }
            .all(lines.bytes())?;
        Ok(Self { lines, plan, print, certificate: None })
    }

    /// Whether they are the decisions of a draft. No name of a principal is hashed: that each is where it is looked
    /// for was checked when they were read.
    #[doc(hidden)] // what decisions are made from: it carries no promise
    pub fn are_of(&self, draft: &Draft<'_>) -> bool {
        let index = self.index();
        let catalogs: Vec<_> = draft.lines_of_catalogs().collect();
        let rows = draft.people.iter().map(|person| person.row.0);
        let starts = draft.starts();
        let permissions = |(number, catalog): (usize, &OneCatalog)| {
            let all = catalog.permissions.iter();
            all.filter(|(name, first, count)| {
                let key = index.key(CatalogId::at(number), name);
                key.is_some_and(|key| key.bits() == (*first, *count))
            })
            .count()
        };
        let found: usize = draft.catalogs.iter().enumerate().map(permissions).sum();
        let named = index.names.iter().filter(|line| Named(line).wanted().count != 0).count();
        index.catalogs == catalogs
            && index.bits.iter().map(|word| u64::from_le(*word)).eq(draft.bits.iter().copied())
            && index.steps == draft.steps
            && index.rows.iter().map(|row| u32::from_le(*row)).eq(rows)
            && index.starts.iter().map(|start| u32::from_le(*start)).eq(starts)
            && found == named
            && found == draft.catalogs.iter().map(|catalog| catalog.permissions.len()).sum::<usize>()
            && index.organizations.iter().all(|line| {
                let line = Organized(line);
                let name = draft.organizations.get(line.organization() as usize);
                line.organization() == NONE || name.map(|name| name.as_bytes()) == line.name(index.texts)
            })
            && index.records.iter().all(|line| {
                let record = Record(line);
                let Some(person) = draft.people.get(record.principal() as usize) else {
                    return record.principal() == NONE;
                };
                record.catalog() == person.catalog && record.names(index.texts) == Some(draft.names(person))
            })
    }
}

/// The plan of lines that are as many as it says.
pub(in crate::decisions) fn plan(words: &[u64]) -> Result<Plan, Damage> {
    let damage = Damage { list: List::Counts, index: 0 };
    let counts = Counts::read(words).ok_or(damage)?;
    let plan = Plan::of(counts).ok_or(damage)?;
    let fits = plan.words == words.len()
        && counts.catalogs as usize <= CATALOGS
        && counts.organizations < NONE
        && counts.principals < NONE
        && counts.name_places <= counts.names
        && [counts.name_places, counts.organization_places, counts.places].iter().all(|places| *places > 0)
        && counts.organizations <= counts.organization_places
        && counts.principals <= counts.places;
    if fits { Ok(plan) } else { Err(damage) }
}

struct Check<'d> {
    index: Index<'d>,
    plan: &'d Plan,
    /// Where the next text begins. They stand in the order of the lines that they belong to.
    texts: u32,
}

impl Check<'_> {
    fn all(mut self, bytes: &[u8]) -> Checked {
        self.nothing_between(bytes)?;
        let all = self.names()?;
        self.catalogs(&all)?;
        self.organizations()?;
        self.steps()?;
        let index = &self.index;
        let (people, rows) = people::beside(
            index.records.len(),
            || people::check(index, self.texts),
            || first::rows_once(index),
        );
        let people = people?;
        first::in_order(index, &people.steps)?;
        rows?;
        ensure(people.texts as usize == index.texts.len(), List::Texts, people.texts as usize)
    }

    /// Behind each list there are zeros up to the next line.
    fn nothing_between(&self, bytes: &[u8]) -> Checked {
        for (number, range) in self.plan.ranges().enumerate() {
            let rest = bytes.get(range.end..range.end.next_multiple_of(64)).unwrap_or_default();
            ensure(rest.iter().all(|byte| *byte == 0), List::Counts, number + 1)?;
        }
        Ok(())
    }

    /// A name among the texts has to be the next of them.
    fn text(&mut self, is_long: bool, length: usize) {
        if is_long {
            self.texts = self.texts.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        }
    }

    /// Permissions: each line as it is written, where its hash leads, its bits in one word or from the start of one. Gives
    /// for each catalog which bits have a name.
    fn names(&mut self) -> Result<Vec<Seen>, Damage> {
        let index = self.index;
        // No more words than the permissions of all catalogs can be in: so that a count costs no more than it brings.
        let mut left = index.names.len() * 2 + index.catalogs.len();
        for (number, catalog) in index.catalogs.iter().enumerate() {
            let words = words_of(catalog);
            ensure((1..=left).contains(&words), List::Catalogs, number)?;
            left -= words;
        }
        let mut all: Vec<Seen> = index.catalogs.iter().map(|catalog| Seen::of(words_of(catalog))).collect();
        let places = index.named.count as usize;
        let mut further = places;
        let mut dealt = Dealt::of(index.named);
        for place in 0..places {
            let Some(line) = index.names.get(place) else { continue };
            let named = Named(line);
            if *line == Named::nothing() {
                continue;
            }
            let wrong = Damage { list: List::Permissions, index: place };
            let name = named.name(index.texts).ok_or(wrong)?;
            let name = std::str::from_utf8(name).map_err(|_| wrong)?;
            let next = named.next();
            let as_written = Named::entry(written(named), named.catalog(), next, name.len(), self.texts);
            let is_here = dealt.find(index.keys.one(name.as_bytes())) == place;
            ensure(*line == as_written && is_here && !name.is_empty(), List::Permissions, place)?;
            self.text(true, name.len());
            self.bits(named, name, place, &mut all)?;
            let (mut at, mut catalog) = (next, named.catalog());
            while at != NONE {
                let line = index.names.get(further).filter(|_| at as usize == further).ok_or(wrong)?;
                let named = Named(line);
                let as_written = Named::entry(written(named), named.catalog(), named.next(), 0, 0);
                ensure(*line == as_written && named.catalog() > catalog, List::Permissions, further)?;
                self.bits(named, name, further, &mut all)?;
                (at, catalog) = (named.next(), named.catalog());
                further += 1;
            }
        }
        ensure(further == index.names.len(), List::Permissions, further)?;
        dealt.is_as_written(List::Permissions)?;
        Ok(all)
    }

    /// The bits of a permission are in a row of its catalog.
    fn bits(&self, named: Named<'_>, name: &str, place: usize, all: &mut [Seen]) -> Checked {
        let wrong = Damage { list: List::Permissions, index: place };
        let catalog = usize::from(named.catalog());
        let of = self.index.catalogs.get(catalog).ok_or(wrong)?;
        let Wanted { first, count, .. } = named.wanted();
        let print = print_of(name, first, count);
        let (first, count) = (first as usize, usize::from(count));
        let is_whole = first % 64 + count <= 64 || first % 64 == 0;
        let fits = (1..=limits::ROW_ACTIONS).contains(&count) && first + count <= words_of(of) * 64;
        ensure(is_whole && fits, List::Permissions, place)?;
        let seen = all.get_mut(catalog).ok_or(wrong)?;
        seen.print = seen.print.wrapping_add(print);
        for bit in first..first + count {
            if let Some(word) = seen.bits.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
        }
        Ok(())
    }

    /// Catalogs: their rows follow one another, are whole, and have no bit without a name.
    fn catalogs(&self, all: &[Seen]) -> Checked {
        let mut end = 0;
        for (number, (catalog, seen)) in self.index.catalogs.iter().zip(all).enumerate() {
            let (begins, ends) = rows_of(catalog);
            let [print, words, _, nothing] = catalog.map(u64::from_le);
            let length = ends.checked_sub(begins).map(|length| length as usize);
            let is_whole = length.is_some_and(|length| length.is_multiple_of(words_of(catalog)));
            let holds = begins == end && is_whole && words >> 32 == 0 && nothing == 0 && ends <= STEPS;
            ensure(holds && print == seen.print, List::Catalogs, number)?;
            let rows = self.index.bits.get(begins as usize..ends as usize);
            let rows = rows.ok_or(Damage { list: List::Catalogs, index: number })?;
            for (row, bits) in rows.chunks_exact(words_of(catalog)).enumerate() {
                let are_named =
                    bits.iter().zip(&seen.bits).all(|(word, named)| u64::from_le(*word) & !named == 0);
                ensure(are_named, List::Rows, begins as usize + row * words_of(catalog))?;
            }
            end = ends;
        }
        ensure(end as usize == self.index.bits.len(), List::Catalogs, self.index.catalogs.len())
    }

    /// Organizations: each once, where its hash leads; their principals follow one another.
    fn organizations(&mut self) -> Checked {
        let index = self.index;
        let mut left = Once::of(index.starts.len() - 1);
        let mut dealt = Dealt::of(index.organized);
        for (place, line) in index.organizations.iter().enumerate() {
            let organized = Organized(line);
            let wrong = Damage { list: List::Organizations, index: place };
            let name = organized.name(index.texts).ok_or(wrong)?;
            let name = std::str::from_utf8(name).map_err(|_| wrong)?;
            let (as_written, is_long) = Organized::line(organized.organization(), name, self.texts);
            ensure(*line == as_written && name.len() <= limits::NAME_BYTES, List::Organizations, place)?;
            if organized.organization() == NONE {
                ensure(name.is_empty(), List::Organizations, place)?;
                continue;
            }
            let is_here = dealt.find(index.keys.one(name.as_bytes())) == place;
            ensure(is_here && left.take(organized.organization()), List::Organizations, place)?;
            self.text(is_long, name.len());
        }
        ensure(left.is_none_left(), List::Organizations, index.organizations.len())?;
        dealt.is_as_written(List::Organizations)?;
        let starts = || index.starts.iter().map(|start| u32::from_le(*start));
        let follow = starts().zip(starts().skip(1)).all(|(one, next)| one <= next);
        let all = starts().next() == Some(0)
            && index.starts.last().map(|end| u32::from_le(*end) as usize) == Some(index.rows.len());
        ensure(follow && all, List::Organizations, index.organizations.len())
    }

    /// Steps: as they are written, later and later, each saying how many follow.
    fn steps(&self) -> Checked {
        let mut before: Option<Lasting> = None;
        for (at, step) in self.index.steps.iter().enumerate() {
            let lasting = Lasting::read(step);
            let is_written = match before.filter(|before| !before.is_last()) {
                // Of one step alone nobody has need.
                None => !lasting.is_last(),
                Some(before) => before.follow - 1 == lasting.follow,
            };
            let is_later = match before.filter(|before| !before.is_last()) {
                _ if lasting.is_last() => lasting.until.0 == i64::MAX,
                Some(before) => before.until < lasting.until,
                None => true,
            };
            ensure(is_written && is_later, List::Steps, at)?;
            before = Some(lasting);
        }
        ensure(before.is_none_or(Lasting::is_last), List::Steps, self.index.steps.len())
    }
}

/// The bits of a permission as they are written.
fn written(named: Named<'_>) -> Wanted {
    let Wanted { first, count, .. } = named.wanted();
    Wanted::of(first, count)
}

/// What the permissions of a catalog have shown of it.
struct Seen {
    /// The bits that have a name.
    bits: Vec<u64>,
    print: u64,
}

impl Seen {
    fn of(words: usize) -> Self {
        Self { bits: vec![0; words], print: words as u64 }
    }
}
