//! A place for each of a set of hashes and no two at one: perfect hashing, so that a name is looked up at one place and
//! found there or nowhere. Knows hashes only, and no names.
//!
//! The hashes are dealt into buckets of a few each. A bucket has a number, its pilot, that moves all of its hashes to
//! places which nobody else has; large buckets choose first. So a lookup reads one small number and one line, at whatever
//! size, and never searches on. (Hash and displace; as in CHD and PTHash.)

use crate::decisions::error::{Damage, List};

/// Where each hash of a set stands, as it lies in a file.
#[derive(Clone, Copy, Debug)]
pub(in crate::decisions) struct Places<'d> {
    /// A pilot for each bucket, little-endian.
    pub(in crate::decisions) pilots: &'d [u16],
    /// How many places there are.
    pub(in crate::decisions) count: u32,
}

/// Hashes a bucket, on average.
const DEALT: usize = 4;

impl Places<'_> {
    /// The place of a hash of the set; of any other hash, some place.
    #[inline]
    pub(in crate::decisions) fn find(self, hash: u64) -> usize {
        let pilot = self.pilots.get(bucket(hash, self.pilots.len())).copied().unwrap_or_default();
        moved(hash, u16::from_le(pilot), self.count) as usize
    }
}

/// The hashes of a set, dealt out once more while each is looked for.
pub(in crate::decisions) struct Dealt<'d> {
    places: Places<'d>,
    hashes: usize,
    /// A bit for each bucket that a hash fell into.
    used: Vec<u64>,
}

impl<'d> Dealt<'d> {
    pub(in crate::decisions) fn of(places: Places<'d>) -> Self {
        Self { places, hashes: 0, used: vec![0; places.pilots.len().div_ceil(64)] }
    }

    /// The place of the next hash.
    #[inline]
    pub(in crate::decisions) fn find(&mut self, hash: u64) -> usize {
        self.hashes += 1;
        let bucket = bucket(hash, self.places.pilots.len());
        if let Some(word) = self.used.get_mut(bucket / 64) {
            *word |= 1 << (bucket % 64);
        }
        let pilot = self.places.pilots.get(bucket).copied().unwrap_or_default();
        moved(hash, u16::from_le(pilot), self.places.count) as usize
    }

    /// Takes what was dealt elsewhere of the same set.
    #[cfg(feature = "parallel")]
    pub(in crate::decisions) fn join(&mut self, other: &Self) {
        self.hashes += other.hashes;
        self.used.iter_mut().zip(&other.used).for_each(|(word, other)| *word |= other);
    }

    /// Whether there are as many pilots and places as [`find`] gives to so many hashes, and no pilot where nothing fell.
    /// That no smaller pilot would have done is for [`find`] to say, which takes its time.
    ///
    /// # Errors
    /// Where it is otherwise: in the counts, or for which pilot of the list.
    pub(in crate::decisions) fn is_as_written(&self, list: List) -> Result<(), Damage> {
        let Self { places, hashes, used } = self;
        let are_counted = places.pilots.len() == buckets(*hashes)
            && attempts(*hashes).any(|it| it == places.count as usize);
        if !are_counted {
            return Err(Damage { list: List::Counts, index: *hashes });
        }
        let is_idle = |at: usize| used.get(at / 64).is_none_or(|word| word >> (at % 64) & 1 == 0);
        match places.pilots.iter().enumerate().position(|(at, pilot)| *pilot != 0 && is_idle(at)) {
            Some(index) => Err(Damage { list, index }),
            None => Ok(()),
        }
    }
}

/// As many buckets as so many hashes are dealt into.
fn buckets(hashes: usize) -> usize {
    hashes.div_ceil(DEALT).max(1)
}

/// The numbers of places that are tried for so many hashes.
fn attempts(hashes: usize) -> impl Iterator<Item = usize> {
    // A place in 64 stays free, so that the last buckets still find one.
    let first = hashes + hashes / 64 + 1;
    std::iter::successors(Some(first), |places| Some(places + places / 32 + 1)).take(ATTEMPTS)
}

#[inline]
fn bucket(hash: u64, buckets: usize) -> usize {
    ((hash >> 32).wrapping_mul(buckets as u64) >> 32) as usize
}

#[inline]
fn moved(hash: u64, pilot: u16, places: u32) -> u32 {
    // The first product does not wait for the pilot.
    Mixed::of(hash).moved(pilot, places)
}

/// A hash on its way to a place, as far as its pilot does not matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mixed(u64);

impl Mixed {
    #[inline]
    fn of(hash: u64) -> Self {
        // The factor is odd: other hashes stay others.
        Self(hash.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    #[inline]
    fn moved(self, pilot: u16, places: u32) -> u32 {
        let mixed = self.0.wrapping_mul(u64::from(pilot) << 1 | 1);
        ((mixed >> 32).wrapping_mul(u64::from(places)) >> 32) as u32
    }
}

/// Places that were found for a set of hashes.
#[derive(Debug)]
pub(in crate::decisions) struct Found {
    /// A pilot for each bucket.
    pub(in crate::decisions) pilots: Vec<u16>,
    /// How many places there are; a few are nobody's.
    pub(in crate::decisions) count: u32,
    /// The place of each hash, in their order.
    pub(in crate::decisions) chosen: Vec<u32>,
}

/// So often more places are tried. Two hashes that stay together whatever the pilot would stay so at any number of places.
const ATTEMPTS: usize = 16;

/// Finds places for hashes. `None` where two of them are the same, where there are too many to number, or where they find no
/// room: hashed by another seed they may.
pub(in crate::decisions) fn find(hashes: &[u64]) -> Option<Found> {
    for places in attempts(hashes.len()) {
        match attempt(hashes, places) {
            Attempt::Found(found) => return Some(found),
            Attempt::Same => return None,
            Attempt::Crowded => {}
        }
    }
    None
}

enum Attempt {
    Found(Found),
    /// Two hashes are the same, or there are too many.
    Same,
    /// No pilot brings the hashes of a bucket to free places.
    Crowded,
}

fn attempt(hashes: &[u64], places: usize) -> Attempt {
    let Ok(count) = u32::try_from(places) else { return Attempt::Same };
    let buckets = buckets(hashes.len());
    let mut found = Found { pilots: vec![0; buckets], count, chosen: vec![0; hashes.len()] };
    let dealt = Buckets::of(hashes, buckets);
    let mut is_taken = vec![0_u64; places.div_ceil(64)];
    let is_free = |is_taken: &[u64], place: u32| {
        let word = is_taken.get(place as usize / 64).copied().unwrap_or(u64::MAX);
        word >> (place % 64) & 1 == 0
    };
    let mut wanted: Vec<u32> = Vec::new();
    let mut own: Vec<Mixed> = Vec::new();
    for (bucket, indices) in dealt.largest_first() {
        own.clear();
        own.extend(
            indices.iter().filter_map(|index| hashes.get(*index as usize)).map(|hash| Mixed::of(*hash)),
        );
        let pilot = (0..=u16::MAX).find(|pilot| {
            // Most pilots fail here, so that nothing else is done for them.
            if !own.iter().all(|hash| is_free(&is_taken, hash.moved(*pilot, count))) {
                return false;
            }
            wanted.clear();
            wanted.extend(own.iter().map(|hash| hash.moved(*pilot, count)));
            wanted.iter().enumerate().all(|(at, place)| !wanted.iter().skip(at + 1).any(|next| next == place))
        });
        let Some(pilot) = pilot else {
            own.sort_unstable();
            let are_apart = own.iter().zip(own.iter().skip(1)).all(|(one, next)| one != next);
            return if are_apart { Attempt::Crowded } else { Attempt::Same };
        };
        if let Some(slot) = found.pilots.get_mut(bucket) {
            *slot = pilot;
        }
        for (index, place) in indices.iter().zip(&wanted) {
            if let Some(word) = is_taken.get_mut(*place as usize / 64) {
                *word |= 1 << (place % 64);
            }
            if let Some(slot) = found.chosen.get_mut(*index as usize) {
                *slot = *place;
            }
        }
    }
    Attempt::Found(found)
}

/// Hashes in their buckets.
struct Buckets {
    /// The numbers of the hashes, those of a bucket together.
    indices: Vec<u32>,
    /// Where each bucket begins among them, and where the last one ends.
    begins: Vec<u32>,
}

impl Buckets {
    /// Deals out hashes, of which there are as many as can be numbered.
    fn of(hashes: &[u64], buckets: usize) -> Self {
        let mut begins = vec![0_u32; buckets + 1];
        for hash in hashes {
            if let Some(end) = begins.get_mut(bucket(*hash, buckets) + 1) {
                *end += 1;
            }
        }
        let mut end = 0;
        for begin in &mut begins {
            end += *begin;
            *begin = end;
        }
        let mut next = begins.clone();
        let mut indices = vec![0; hashes.len()];
        for (index, hash) in (0..).zip(hashes) {
            let Some(at) = next.get_mut(bucket(*hash, buckets)) else { continue };
            if let Some(slot) = indices.get_mut(*at as usize) {
                *slot = index;
            }
            *at += 1;
        }
        Self { indices, begins }
    }

    /// The buckets that have any, with their number: large ones first, and those of one size in their order.
    fn largest_first(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let ends = self.begins.iter().zip(self.begins.iter().skip(1));
        let mut by_size: Vec<Vec<u32>> = Vec::new();
        for (number, (begins, end)) in (0..).zip(ends) {
            let size = (end - begins) as usize;
            if size > 0 && by_size.len() < size {
                by_size.resize_with(size, Vec::new);
            }
            if let Some(same) = size.checked_sub(1).and_then(|at| by_size.get_mut(at)) {
                same.push(number);
            }
        }
        by_size.into_iter().rev().flatten().filter_map(|number| {
            let number = number as usize;
            let range = *self.begins.get(number)? as usize..*self.begins.get(number + 1)? as usize;
            Some((number, self.indices.get(range)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, Dealt, Places, attempts, buckets, find};
    use crate::decisions::error::{Damage, List};
    use crate::decisions::hash::Keys;

    #[test]
    fn each_has_its_own() {
        let keys = Keys::of(3);
        for count in
            [0, 1, 2, 3, 5, 64, if cfg!(miri) { 90 } else { 1_000 }, if cfg!(miri) { 100 } else { 50_000 }]
        {
            let hashes: Vec<u64> =
                (0..count).map(|number| keys.one(format!("name-{number}").as_bytes())).collect();
            let mut found = find(&hashes).unwrap();
            let all = found.count as usize;
            assert!(all >= count && all <= count + count / 32 + 2, "{count}");
            let pilots: Vec<u16> = found.pilots.iter().map(|pilot| pilot.to_le()).collect();
            let places = Places { pilots: &pilots, count: found.count };
            for (hash, place) in hashes.iter().zip(&found.chosen) {
                assert_eq!(places.find(*hash), *place as usize);
            }
            found.chosen.sort_unstable();
            found.chosen.dedup();
            assert_eq!(found.chosen.len(), count);
            assert!(places.find(keys.one(b"somebody else")) < all);
        }
    }

    /// Files rest on these numbers.
    #[test]
    fn counts_stay() {
        let first = |hashes| attempts(hashes).take(3).collect::<Vec<_>>();
        assert_eq!(first(0), [1, 2, 3]);
        assert_eq!(first(63), [64, 67, 70]);
        assert_eq!(first(1_000), [1_016, 1_048, 1_081]);
        assert_eq!(attempts(5).count(), ATTEMPTS);
        assert_eq!([0, 1, 4, 5, 1_000].map(buckets), [1, 1, 1, 2, 250]);
    }

    /// All of them fall into the first of two buckets, and the other has no pilot.
    #[test]
    fn nothing_else_is_as_written() {
        let hashes: Vec<u64> =
            (1..=5_u64).map(|number| number.wrapping_mul(0x0123_4567_89ab_cdef) >> 1).collect();
        let found = find(&hashes).unwrap();
        let pilots: Vec<u16> = found.pilots.iter().map(|pilot| pilot.to_le()).collect();
        let told = |pilots: &[u16], count: u32, hashes: &[u64]| {
            let mut dealt = Dealt::of(Places { pilots, count });
            hashes.iter().for_each(|hash| assert!(dealt.find(*hash) < count as usize));
            dealt.is_as_written(List::Permissions)
        };
        let counts = |index| Err(Damage { list: List::Counts, index });
        assert_eq!(pilots.get(1), Some(&0));
        assert_eq!(told(&pilots, found.count, &hashes), Ok(()));
        let next = attempts(5).find(|places| *places as u32 > found.count).unwrap() as u32;
        assert_eq!(told(&pilots, next, &hashes), Ok(()), "that fewer would do is for who makes them");
        assert_eq!(told(&pilots, 200, &hashes), counts(5));
        assert_eq!(told(&[&pilots[..], &[0]].concat(), found.count, &hashes), counts(5));
        assert_eq!(told(&pilots[..1], found.count, &hashes), counts(5));
        assert_eq!(told(&pilots, found.count, &hashes[..4]), counts(4));
        let idle = Err(Damage { list: List::Permissions, index: 1 });
        assert_eq!(told(&[pilots[0], 1], found.count, &hashes), idle);
    }

    #[test]
    fn the_same_hash_twice_has_none() {
        assert!(find(&[7, 9, 7]).is_none());
    }
}
