//! Strategies of templates and roles: bases that come before them, entries that their rows offer.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use super::words::{Name, Namer, name, string};
use super::{Catalog, Entry, Form, Role, Row, Target, pick, seldom, some};

#[derive(Clone, Debug)]
pub(super) struct RawRole {
    name: Name,
    description: Option<&'static str>,
    is_default: bool,
    bases: Vec<Index>,
    entries: Vec<RawEntry>,
}

#[derive(Clone, Debug)]
struct RawEntry {
    target: RawTarget,
    level: RawLevel,
    unconfirmed: Option<Option<&'static str>>,
}

#[derive(Clone, Copy, Debug)]
enum RawTarget {
    All,
    Category(Index),
    Row(Index),
}

/// Numbers that mean a level of any row.
#[derive(Clone, Debug)]
pub(super) struct RawLevel(Index, Vec<Index>);

pub(super) fn role() -> impl Strategy<Value = RawRole> {
    let said = (some(any::<Index>(), 3), some(entry(), 5));
    (name(), seldom(3, string()), any::<bool>(), said).prop_map(
        |(name, description, is_default, (bases, entries))| RawRole {
            name,
            description,
            is_default,
            bases,
            entries,
        },
    )
}

fn entry() -> impl Strategy<Value = RawEntry> {
    let target = prop_oneof![
        1 => Just(RawTarget::All),
        2 => any::<Index>().prop_map(RawTarget::Category),
        4 => any::<Index>().prop_map(RawTarget::Row),
    ];
    let unconfirmed = seldom(6, proptest::option::of(string()));
    (target, raw_level(), unconfirmed).prop_map(|(target, level, unconfirmed)| RawEntry {
        target,
        level,
        unconfirmed,
    })
}

pub(super) fn raw_level() -> impl Strategy<Value = RawLevel> {
    (any::<Index>(), some(any::<Index>(), 2)).prop_map(|(first, more)| RawLevel(first, more))
}

impl RawRole {
    /// The role of a catalog, its bases those of `before` and the templates that are there.
    pub(super) fn read(
        self,
        catalog: &Catalog,
        before: &[Role],
        names: &mut Namer,
        is_template: bool,
    ) -> Role {
        let known: Vec<&str> =
            before.iter().chain(&catalog.templates).map(|role| role.head.id.as_str()).collect();
        let mut bases: Vec<String> = Vec::new();
        for index in self.bases.into_iter().filter(|_| !known.is_empty()) {
            let base = pick(&known, index).to_owned();
            if !bases.contains(&base) {
                bases.push(base);
            }
        }
        let mut said: BTreeSet<Target> = BTreeSet::new();
        let entries = self.entries.into_iter().filter_map(|raw| raw.read(catalog));
        let entries = entries.filter(|entry| said.insert(entry.target)).collect();
        Role {
            head: names.describe(self.name),
            description: self.description,
            is_default: self.is_default && is_template,
            bases,
            entries,
        }
    }
}

impl RawEntry {
    fn read(self, catalog: &Catalog) -> Option<Entry> {
        let rows: Vec<(usize, usize)> = catalog.rows().collect();
        let (target, words, is_exact) = match self.target {
            RawTarget::All => {
                (Target::All, self.level.spread(catalog.rows().map(|id| catalog.row(id))), false)
            }
            RawTarget::Category(index) => {
                let category = index.index(catalog.categories.len());
                let words = self.level.spread(catalog.categories[category].rows.iter());
                (Target::Category(category), words, false)
            }
            RawTarget::Row(index) => {
                let (category, row) = pick(&rows, index);
                (Target::Row(category, row), self.level.exact(catalog.row((category, row))), true)
            }
        };
        let unconfirmed = self.unconfirmed.filter(|_| is_exact);
        // An empty basis is none.
        let unconfirmed = unconfirmed.map(|basis| basis.filter(|basis| !basis.is_empty()));
        Some(Entry { target, words, unconfirmed })
    }
}

impl RawLevel {
    /// A level that a row offers: several verbs, or one word.
    pub(super) fn exact(&self, row: &Row) -> Vec<&'static str> {
        let levels = row.levels();
        let mut words = vec![pick(&levels, self.0)];
        if row.shape.form == Form::Verbs {
            words.extend(self.1.iter().map(|index| pick(&levels, *index)));
            once(&mut words);
        }
        words
    }

    /// Words that some row in reach knows.
    fn spread<'r>(&self, rows: impl Iterator<Item = &'r Row>) -> Vec<&'static str> {
        let known: Vec<&'static str> = rows.flat_map(Row::spread_words).collect();
        let more = self.1.iter().filter(|index| index.index(2) == 0);
        let mut words: Vec<&str> =
            std::iter::once(&self.0).chain(more).map(|index| pick(&known, *index)).collect();
        once(&mut words);
        words
    }

    /// Words that each name something held of a row.
    pub(super) fn asked(&self, row: &Row) -> Vec<&'static str> {
        let mut levels = row.levels();
        levels.retain(|word| *word != "none" && *word != "off");
        let all = std::iter::once(&self.0).chain(&self.1);
        let mut words: Vec<&str> = all.map(|index| pick(&levels, *index)).collect();
        once(&mut words);
        words
    }
}

fn once(words: &mut Vec<&'static str>) {
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(*word));
}
