//! What stands where: a line of counts, and from them the place of each list. The lists follow one another in one order,
//! each from the start of a line, with zeros behind it; so nothing can overlap, and nothing is left over.

use crate::decisions::hash::Keys;
use crate::decisions::index::Index;
use crate::decisions::lines::{LINE, look};
use crate::decisions::places::Places;

/// How much there is of everything. The order is that of the first line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::decisions) struct Counts {
    pub(in crate::decisions) seed: u64,
    pub(in crate::decisions) catalogs: u32,
    pub(in crate::decisions) name_pilots: u32,
    pub(in crate::decisions) name_places: u32,
    /// The entries of permissions: one for each place, and behind them those of further catalogs.
    pub(in crate::decisions) names: u32,
    pub(in crate::decisions) organization_pilots: u32,
    pub(in crate::decisions) organization_places: u32,
    pub(in crate::decisions) organizations: u32,
    pub(in crate::decisions) pilots: u32,
    pub(in crate::decisions) places: u32,
    pub(in crate::decisions) principals: u32,
    pub(in crate::decisions) bits: u32,
    pub(in crate::decisions) steps: u32,
    pub(in crate::decisions) texts: u32,
}

/// A catalog: what tells it from others, words of a row, where its rows begin and end. Two of them fill a line.
pub(in crate::decisions) type Catalog = [u64; 4];

/// Where the lists begin, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decisions) struct Plan {
    pub(in crate::decisions) counts: Counts,
    /// Those of the seed, which take longer to find than all lists.
    keys: Keys,
    begins: [usize; LISTS],
    /// Words of all.
    pub(in crate::decisions) words: usize,
}

const LISTS: usize = 12;

impl Counts {
    /// The counts that the first line says.
    pub(in crate::decisions) fn read(words: &[u64]) -> Option<Self> {
        let seed = u64::from_le(*words.first()?);
        let numbers: &[u32] = look(words, 1, 14)?;
        let [
            catalogs,
            name_pilots,
            name_places,
            names,
            organization_pilots,
            organization_places,
            organizations,
            pilots,
            places,
            principals,
            bits,
            steps,
            texts,
            nothing,
        ] = numbers.first_chunk::<14>()?.map(u32::from_le);
        (nothing == 0).then_some(Self {
            seed,
            catalogs,
            name_pilots,
            name_places,
            names,
            organization_pilots,
            organization_places,
            organizations,
            pilots,
            places,
            principals,
            bits,
            steps,
            texts,
        })
    }

    /// The first line.
    pub(in crate::decisions) fn write(self) -> [u8; 64] {
        let mut line = [0; 64];
        let numbers = [
            self.catalogs,
            self.name_pilots,
            self.name_places,
            self.names,
            self.organization_pilots,
            self.organization_places,
            self.organizations,
            self.pilots,
            self.places,
            self.principals,
            self.bits,
            self.steps,
            self.texts,
        ];
        let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
        let bytes = self.seed.to_le_bytes().into_iter().chain(numbers);
        line.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
        line
    }

    /// The bytes of each list, in their order.
    fn sizes(self) -> [(u32, usize); LISTS] {
        [
            (self.catalogs, 32),
            (self.name_pilots, 2),
            (self.names, 32),
            (self.organization_pilots, 2),
            (self.organization_places, 64),
            (self.organizations.saturating_add(1), 4),
            (self.pilots, 2),
            (self.places, 64),
            (self.principals, 4),
            (self.bits, 8),
            (self.steps, 16),
            (self.texts, 1),
        ]
    }
}

impl Plan {
    /// `None` where it is more than memory has addresses for.
    pub(in crate::decisions) fn of(counts: Counts) -> Option<Self> {
        let keys = Keys::of(counts.seed);
        let mut plan = Self { counts, keys, begins: [0; LISTS], words: LINE };
        for (begins, (count, size)) in plan.begins.iter_mut().zip(counts.sizes()) {
            *begins = plan.words;
            let lines = (count as usize).checked_mul(size)?.div_ceil(64);
            plan.words = plan.words.checked_add(lines.checked_mul(LINE)?)?;
        }
        plan.words.checked_mul(8)?;
        Some(plan)
    }

    /// Where each list begins and its bytes end, in bytes.
    pub(in crate::decisions) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let sizes = self.counts.sizes();
        self.begins.into_iter().zip(sizes).map(|(begins, (count, size))| {
            let begins = begins * 8;
            begins..begins + count as usize * size
        })
    }

    /// All lists; none where the words are fewer.
    pub(in crate::decisions) fn index<'d>(&self, print: u64, words: &'d [u64]) -> Option<Index<'d>> {
        let counts = self.counts;
        let [
            catalogs,
            name_pilots,
            names,
            by_organization,
            organizations,
            starts,
            pilots,
            records,
            rows,
            bits,
            steps,
            texts,
        ] = self.begins;
        Some(Index {
            print,
            keys: self.keys,
            people: Places { pilots: look(words, pilots, counts.pilots as usize)?, count: counts.places },
            records: look(words, records, counts.places as usize)?,
            named: Places {
                pilots: look(words, name_pilots, counts.name_pilots as usize)?,
                count: counts.name_places,
            },
            names: look(words, names, counts.names as usize)?,
            organized: Places {
                pilots: look(words, by_organization, counts.organization_pilots as usize)?,
                count: counts.organization_places,
            },
            organizations: look(words, organizations, counts.organization_places as usize)?,
            starts: look(words, starts, counts.organizations as usize + 1)?,
            catalogs: look(words, catalogs, counts.catalogs as usize)?,
            rows: look(words, rows, counts.principals as usize)?,
            bits: look(words, bits, counts.bits as usize)?,
            steps: look(words, steps, counts.steps as usize)?,
            texts: look(words, texts, counts.texts as usize)?,
        })
    }
}
