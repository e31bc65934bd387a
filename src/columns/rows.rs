//! Rows of bits as they lie in memory, and the one exact answer that every faster way is held against. Copies nothing.

use crate::vocab::PrincipalId;

/// Set in a key that asks for several bits at once; the rest of it is a position in a list of [`Several`].
pub const SEVERAL: u32 = 1 << 31;

/// A key that nobody holds.
pub const UNKNOWN: u32 = u32::MAX;

/// Slices end before it, so that no sum of a place and a distance wraps.
const END: u32 = 1 << 31;

/// Says where the row of somebody begins whose number is no place: of 2³¹ and more. They hold other things at other times,
/// or nothing; `None` where nothing is in force.
pub type Later<'a> = &'a (dyn Fn(u32) -> Option<u32> + Sync);

/// The rows of one catalog: where they lie, and which keys ask for their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The first word of the first row.
    pub first: u32,
    /// Behind the last word of the last.
    pub end: u32,
    /// How many words a row takes.
    pub stride: u32,
    /// The key of the first bit of a row.
    pub base: u32,
    /// How many bits a row has.
    pub width: u32,
}

/// Bits that are asked for together: whoever lacks one of them lacks it. Without any, nobody holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several(pub Box<[u32]>);

/// Rows of everybody.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// For each principal where their row begins, or what [`Later`] knows.
    begins: &'a [u32],
    bits: &'a [u64],
    regions: &'a [Region],
    later: Later<'a>,
}

/// What the loops over a block need to know of one region.
#[derive(Clone, Copy)]
pub(super) struct Near<'a> {
    pub(super) begins: &'a [u32],
    /// The words of the region.
    pub(super) bits: &'a [u64],
    pub(super) first: u32,
    /// The distance of its last row from its first.
    pub(super) span: u32,
    pub(super) base: u32,
    pub(super) width: u32,
}

impl<'a> Rows<'a> {
    /// Rows that lie so. `None` where a region does not lie in the bits, has no row or no bit, has more bits than words
    /// for them, or keys that are not its own: regions stand in the order of their keys, each from a multiple of 64 on.
    pub fn new(begins: &'a [u32], bits: &'a [u64], regions: &'a [Region], later: Later<'a>) -> Option<Self> {
        let mut key = 0;
        for region in regions {
            let is_row = region.first.checked_add(region.stride).is_some_and(|end| end <= region.end);
            let is_inside = region.end <= END && region.end as usize <= bits.len();
            let is_wide = region.width.div_ceil(64) <= region.stride;
            if !is_row
                || !is_inside
                || !is_wide
                || region.width == 0
                || region.base < key
                || region.base % 64 != 0
            {
                return None;
            }
            key = region.base.checked_add(region.width).filter(|end| *end <= SEVERAL)?;
        }
        Some(Self { begins, bits, regions, later })
    }

    /// How many principals there are.
    pub fn people(&self) -> usize {
        self.begins.len()
    }

    /// The catalogs' rows.
    pub fn regions(&self) -> &'a [Region] {
        self.regions
    }

    /// Whether somebody holds what a key asks for.
    pub fn holds(&self, who: PrincipalId, key: u32, several: &[Several]) -> bool {
        let Some(begins) = self.row(who.index()) else { return false };
        if key & SEVERAL == 0 {
            return self.bit(begins, key);
        }
        let Some(Several(keys)) = several.get((key & !SEVERAL) as usize) else { return false };
        !keys.is_empty() && keys.iter().all(|key| self.bit(begins, *key))
    }

    /// Where somebody's row begins.
    pub(super) fn row(&self, who: usize) -> Option<u32> {
        let begins = u32::from_le(*self.begins.get(who)?);
        if begins < END { Some(begins) } else { (self.later)(begins) }
    }

    fn bit(&self, begins: u32, key: u32) -> bool {
        let Some(region) = self.region_of(key) else { return false };
        let Some(row) = region.row(begins) else { return false };
        let bit = key - region.base;
        let word = self.bits.get((region.first + row + bit / 64) as usize);
        word.is_some_and(|word| u64::from_le(*word) >> (bit % 64) & 1 != 0)
    }

    /// The region whose bits a key asks for.
    pub(super) fn region_of(&self, key: u32) -> Option<&'a Region> {
        let behind = self.regions.partition_point(|region| region.base <= key);
        let region = self.regions.get(behind.checked_sub(1)?)?;
        (key - region.base < region.width).then_some(region)
    }

    /// A region as the loops want it.
    pub(super) fn near(&self, region: &Region) -> Near<'a> {
        let bits = self.bits.get(region.first as usize..region.end as usize).unwrap_or_default();
        let Region { first, end, stride, base, width } = *region;
        Near { begins: self.begins, bits, first, span: end - first - stride, base, width }
    }
}

impl Region {
    /// The distance of a row from the first one, where one begins there.
    pub(super) fn row(&self, begins: u32) -> Option<u32> {
        let row = begins.checked_sub(self.first)?;
        (row <= self.end - self.first - self.stride).then_some(row)
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = self.bits.len();
        f.debug_struct("Rows")
            .field("people", &self.begins.len())
            .field("words", &words)
            .finish_non_exhaustive()
    }
}
