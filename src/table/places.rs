//! A place for each of a set of hashes and no two at one: perfect hashing, so that a name is looked up at one place and
//! found there or nowhere. Knows hashes only, and no names.
//!
//! The hashes are dealt into buckets of a few each. A bucket has a number, its pilot, that moves all of its hashes to
//! places which nobody else has; large buckets choose first. So a lookup reads one small number and one record, at
//! whatever size, and never searches on. (Hash and displace; as in CHD and PTHash.)

/// Where each hash of a set stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::table) struct Places {
    pilots: Vec<u16>,
    places: u32,
}

/// Hashes a bucket, on average.
const DEALT: usize = 4;

impl Places {
    /// Places for hashes: the place of each, in their order, among [`Places::count`]. `None` where two hashes are the
    /// same.
    pub(in crate::table) fn of(hashes: &[u64]) -> Option<(Self, Vec<u32>)> {
        // A place in 64 stays free, so that the last buckets still find one.
        let mut places = hashes.len() + hashes.len() / 64 + 1;
        loop {
            match Self::try_of(hashes, places) {
                Tried::Found(found, chosen) => return Some((found, chosen)),
                Tried::Same => return None,
                Tried::Crowded => places += places / 32 + 1,
            }
        }
    }

    fn try_of(hashes: &[u64], places: usize) -> Tried {
        let Ok(count) = u32::try_from(places) else { return Tried::Same };
        let mut found = Self { pilots: vec![0; hashes.len().div_ceil(DEALT).max(1)], places: count };
        let buckets = found.pilots.len();
        // The hashes by bucket, large buckets first.
        let mut sizes = vec![0_u32; buckets];
        let mut dealt: Vec<(u32, u32)> = Vec::with_capacity(hashes.len());
        for (index, hash) in hashes.iter().enumerate() {
            let bucket = found.bucket(*hash);
            if let Some(size) = sizes.get_mut(bucket) {
                *size += 1;
            }
            dealt.push((bucket as u32, index as u32));
        }
        let size_of = |bucket: u32| sizes.get(bucket as usize).copied().unwrap_or_default();
        dealt.sort_unstable_by_key(|(bucket, index)| (std::cmp::Reverse(size_of(*bucket)), *bucket, *index));
        let mut is_taken = vec![0_u64; places.div_ceil(64)];
        let mut chosen = vec![0_u32; hashes.len()];
        let mut wanted: Vec<u32> = Vec::new();
        for bucket in dealt.chunk_by(|one, next| one.0 == next.0) {
            let own = || bucket.iter().filter_map(|(_, index)| hashes.get(*index as usize).copied());
            let mut sorted: Vec<u64> = own().collect();
            sorted.sort_unstable();
            if sorted.windows(2).any(|pair| matches!(pair, [one, next] if one == next)) {
                return Tried::Same;
            }
            let pilot = (0..=u16::MAX).find(|pilot| {
                wanted.clear();
                own().all(|hash| {
                    let place = found.moved(hash, *pilot);
                    let word = is_taken.get(place as usize / 64).copied().unwrap_or(u64::MAX);
                    let is_free = word >> (place % 64) & 1 == 0 && !wanted.contains(&place);
                    wanted.push(place);
                    is_free
                })
            });
            let Some(pilot) = pilot else { return Tried::Crowded };
            for ((bucket, index), place) in bucket.iter().zip(&wanted) {
                if let Some(slot) = found.pilots.get_mut(*bucket as usize) {
                    *slot = pilot;
                }
                if let Some(word) = is_taken.get_mut(*place as usize / 64) {
                    *word |= 1 << (place % 64);
                }
                if let Some(slot) = chosen.get_mut(*index as usize) {
                    *slot = *place;
                }
            }
        }
        Tried::Found(found, chosen)
    }

    /// How many places there are; a few are nobody's.
    pub(in crate::table) fn count(&self) -> usize {
        self.places as usize
    }

    /// The place of a hash of the set; of any other hash, some place.
    #[inline]
    pub(in crate::table) fn find(&self, hash: u64) -> usize {
        let pilot = self.pilots.get(self.bucket(hash)).copied().unwrap_or_default();
        self.moved(hash, pilot) as usize
    }

    #[inline]
    fn bucket(&self, hash: u64) -> usize {
        ((hash >> 32) * self.pilots.len() as u64 >> 32) as usize
    }

    #[inline]
    fn moved(&self, hash: u64, pilot: u16) -> u32 {
        let mixed = (hash ^ u64::from(pilot).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xd6e8_feb8_6659_fd93);
        ((mixed >> 32) * u64::from(self.places) >> 32) as u32
    }
}

enum Tried {
    Found(Places, Vec<u32>),
    /// Two hashes are the same.
    Same,
    /// No pilot brings the hashes of a bucket to free places.
    Crowded,
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::table::hash;

    #[test]
    fn each_has_its_own() {
        for count in [0, 1, 2, 3, 5, 64, 1_000, 50_000] {
            let hashes: Vec<u64> = (0..count).map(|number| hash::of(&format!("name-{number}"))).collect();
            let (places, mut chosen) = Places::of(&hashes).unwrap();
            assert!(places.count() >= count && places.count() <= count + count / 32 + 2, "{count}");
            for (hash, place) in hashes.iter().zip(&chosen) {
                assert_eq!(places.find(*hash), *place as usize);
            }
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen.len(), count);
            assert!(places.find(hash::of("somebody else")) < places.count());
        }
    }

    #[test]
    fn the_same_hash_twice_has_none() {
        assert!(Places::of(&[7, 9, 7]).is_none());
    }
}
