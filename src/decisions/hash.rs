//! Names to numbers that spread evenly, the same on every machine and in every version: files rest on them. No name is
//! ever trusted to its hash, so nothing is guarded by it.
//!
//! A name of 16 to 48 bytes is three pieces of 16 that may overlap, all of them mixed at once, so that names of different
//! lengths take the same steps: what costs most in a hash of short names is a wrong guess of how long they are. The mixing
//! is that of wyhash and foldhash: two words multiplied to 128 bits of which the halves are folded together. A factor of
//! zero would forget the other; each has a byte of ones mixed in that no UTF-8 text can cancel.

/// What is mixed into all names of a table: another seed gives other hashes, should two names have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decisions) struct Keys([u64; 3]);

/// A byte that is in no UTF-8 text, at the top of a word.
const NO_TEXT: u64 = 0xff << 56;

impl Keys {
    pub(in crate::decisions) fn of(seed: u64) -> Self {
        let mut state = seed;
        Self([(); 3].map(|()| {
            // splitmix64
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ mixed >> 31 | NO_TEXT
        }))
    }

    /// The hash of a name.
    #[inline]
    pub(in crate::decisions) fn one(self, name: &str) -> u64 {
        let Self([one, other, _]) = self;
        fold(self.mix(name.as_bytes()) ^ one, other)
    }

    /// The hash of two names together, in their order.
    #[inline]
    pub(in crate::decisions) fn pair(self, first: &str, second: &str) -> u64 {
        let Self([one, other, _]) = self;
        fold(self.mix(first.as_bytes()) ^ one, self.mix(second.as_bytes()).rotate_left(32) ^ other)
    }

    #[inline]
    fn mix(self, name: &[u8]) -> u64 {
        let Self([one, other, third]) = self;
        let length = (name.len() as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
        let Some([first, middle, last]) = pieces(name) else {
            let (first, last) = ends(name);
            return fold(first ^ one, last ^ other).wrapping_add(length);
        };
        let mut mixed = fold(first[0] ^ one, first[1] ^ other)
            ^ fold(middle[0] ^ other, middle[1] ^ third).rotate_left(21)
            ^ fold(last[0] ^ third, last[1] ^ one).rotate_left(42);
        if name.len() > PIECES {
            let between = name.get(16..name.len() - 16).unwrap_or_default();
            mixed = between.chunks(16).fold(mixed, |mixed, chunk| {
                let (first, last) =
                    if let Some([piece, ..]) = pieces(chunk) { piece.into() } else { ends(chunk) };
                fold(first ^ mixed ^ NO_TEXT, last ^ third)
            });
        }
        mixed.wrapping_add(length)
    }
}

/// As many bytes as three pieces cover.
const PIECES: usize = 48;

/// The first, the middle and the last 16 bytes; none where there are fewer.
#[inline]
fn pieces(bytes: &[u8]) -> Option<[[u64; 2]; 3]> {
    let (first, last) = (bytes.first_chunk::<16>()?, bytes.last_chunk::<16>()?);
    let middle = bytes.get((bytes.len() - 16) / 2..)?.first_chunk::<16>()?;
    Some([first, middle, last].map(|piece| {
        let whole = u128::from_le_bytes(*piece);
        [whole as u64, (whole >> 64) as u64]
    }))
}

/// All of fewer than 16 bytes, as two words.
#[inline]
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0)
}

#[inline]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ (product >> 64) as u64
}

/// Whether two names are the same, byte for byte. A call to compare memory takes longer than most names do.
#[inline]
pub(in crate::decisions) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    if one.len() > PIECES {
        return one == other;
    }
    match (pieces(one), pieces(other)) {
        (Some(one), Some(other)) => {
            let words = one.as_flattened().iter().zip(other.as_flattened());
            words.fold(0, |differing, (one, other)| differing | (one ^ other)) == 0
        }
        _ => ends(one) == ends(other),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Keys, is_same};

    #[test]
    fn names_of_every_length_differ_by_every_byte() {
        let keys = Keys::of(0);
        let mut seen = HashSet::new();
        let mut before: Option<Vec<u8>> = None;
        for length in 0..150 {
            for change in 0..length.max(1) {
                let mut name = vec![b'a'; length];
                if let Some(byte) = name.get_mut(change) {
                    *byte = b'b';
                }
                assert!(seen.insert(keys.one(std::str::from_utf8(&name).unwrap())), "{length} {change}");
                assert!(is_same(&name, &name.clone()));
                assert!(before.is_none_or(|before| !is_same(&before, &name)), "{length} {change}");
                before = Some(name);
            }
        }
    }

    #[test]
    fn two_names_are_in_order_and_apart() {
        let keys = Keys::of(0);
        assert_ne!(keys.pair("a", "b"), keys.pair("b", "a"));
        assert_ne!(keys.pair("ab", ""), keys.pair("a", "b"));
        assert_ne!(keys.pair("a", "b"), Keys::of(1).pair("a", "b"));
    }

    #[test]
    fn never_another_hash() {
        // Files rest on it.
        let keys = Keys::of(0);
        let names = ["", "a", "acme", "tier1-support", "ana@acme.example", "boss@headquarters.acme.example"];
        let long = "x".repeat(100);
        let hashes: Vec<u64> = names.iter().copied().chain([&*long]).map(|name| keys.one(name)).collect();
        assert_eq!(
            hashes,
            [
                11_441_333_010_689_944_898,
                5_470_037_788_202_706_283,
                13_845_602_471_774_401_297,
                5_016_116_606_122_416_478,
                17_722_623_662_163_444_314,
                3_289_813_996_347_880_704,
                6_854_991_509_598_349_867,
            ]
        );
    }
}
