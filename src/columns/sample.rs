//! Random rows with everything in them: several catalogs, wide ones, people with steps, people without a row. They are
//! made from plain lists of what everybody holds, which is what answers are held against.

use crate::columns::rows::{Region, SEVERAL, Several, UNKNOWN};
use crate::vocab::PrincipalId;

pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Rows as they lie in memory, and who holds what.
pub(super) struct Sample {
    pub(super) begins: Vec<u32>,
    pub(super) bits: Vec<u64>,
    pub(super) regions: Vec<Region>,
    /// Where the rows of those begin who have steps; none where nothing is in force.
    pub(super) steps: Vec<Option<u32>>,
    pub(super) several: Vec<Several>,
    /// The catalog of each principal, and which of its bits they hold.
    held: Vec<Option<(usize, Vec<bool>)>>,
}

impl Sample {
    /// People in catalogs of some widths.
    pub(super) fn of(random: &mut Random, people: usize, widths: &[u32]) -> Self {
        let mut sample = Self {
            begins: Vec::new(),
            bits: vec![u64::MAX; random.below(3)],
            regions: Vec::new(),
            steps: Vec::new(),
            several: Vec::new(),
            held: Vec::new(),
        };
        let mut rows: Vec<Vec<Vec<bool>>> = Vec::new();
        let mut base = 0;
        for width in widths {
            let stride = width.div_ceil(64) + u32::try_from(random.below(2)).unwrap();
            let first = u32::try_from(sample.bits.len()).unwrap();
            let count = 1 + random.below(30);
            let own: Vec<Vec<bool>> =
                (0..count).map(|_| (0..*width).map(|_| random.below(100) < 35).collect()).collect();
            for row in &own {
                // What lies behind the last bit of a row is never looked at.
                let mut words = vec![u64::MAX; stride as usize];
                for (bit, is_held) in row.iter().enumerate() {
                    words[bit / 64] &= !(u64::from(!is_held) << (bit % 64));
                }
                sample.bits.extend(words);
            }
            let end = u32::try_from(sample.bits.len()).unwrap();
            sample.regions.push(Region { first, end, stride, base, width: *width });
            base += width.next_multiple_of(64) + 64 * u32::try_from(random.below(2)).unwrap();
            rows.push(own);
        }
        for _ in 0..people {
            let catalog = random.below(widths.len());
            let row = random.below(rows[catalog].len());
            let begins =
                sample.regions[catalog].first + u32::try_from(row).unwrap() * sample.regions[catalog].stride;
            let held = Some((catalog, rows[catalog][row].clone()));
            let (begins, held) = match random.below(10) {
                0 => (u32::MAX, None),
                1 => (sample.step(None), None),
                2..4 => (sample.step(Some(begins)), held),
                _ => (begins, held),
            };
            sample.begins.push(begins.to_le());
            sample.held.push(held);
        }
        for _ in 0..4 {
            let count = random.below(4);
            let catalog = random.below(widths.len());
            let keys = (0..count).map(|_| sample.key_in(random, catalog)).collect();
            sample.several.push(Several(keys));
        }
        sample.bits.iter_mut().for_each(|word| *word = word.to_le());
        sample
    }

    fn step(&mut self, begins: Option<u32>) -> u32 {
        self.steps.push(begins);
        SEVERAL | u32::try_from(self.steps.len() - 1).unwrap()
    }

    /// Where somebody's row begins who has steps.
    pub(super) fn later(&self, begins: u32) -> Option<u32> {
        self.steps.get((begins & !SEVERAL) as usize).copied().flatten()
    }

    fn key_in(&self, random: &mut Random, catalog: usize) -> u32 {
        let region = self.regions[catalog];
        region.base + u32::try_from(random.below(region.width as usize)).unwrap()
    }

    /// A key: mostly of one bit.
    pub(super) fn key(&self, random: &mut Random) -> u32 {
        let catalog = random.below(self.regions.len());
        match random.below(20) {
            0 => SEVERAL | u32::try_from(random.below(self.several.len() + 1)).unwrap(),
            1 => [UNKNOWN, self.regions[catalog].base + self.regions[catalog].width, SEVERAL - 1]
                [random.below(3)],
            _ => self.key_in(random, catalog),
        }
    }

    /// Somebody, or nobody.
    pub(super) fn who(&self, random: &mut Random) -> PrincipalId {
        let others = [0, 1, 1 << 31, u32::MAX].map(|id: u32| id.saturating_add(self.held.len() as u32));
        match random.below(40) {
            0 => PrincipalId(others[random.below(4)]),
            _ => PrincipalId::at(random.below(self.held.len().max(1))),
        }
    }

    /// Whether somebody holds what a key asks for.
    pub(super) fn holds(&self, who: PrincipalId, key: u32) -> bool {
        let Some(Some((catalog, held))) = self.held.get(who.index()) else { return false };
        if key & SEVERAL != 0 {
            let Some(Several(keys)) = self.several.get((key & !SEVERAL) as usize) else { return false };
            return !keys.is_empty() && keys.iter().all(|key| self.holds(who, *key));
        }
        let base = self.regions[*catalog].base;
        key >= base && held.get((key - base) as usize).copied().unwrap_or_default()
    }
}
