//! Names to numbers that spread evenly, the same on every machine and in every version: files rest on them. No name is
//! ever trusted to its hash, so nothing is guarded by it.
//!
//! A name is a few pieces of 16 bytes that may overlap, all of them mixed at once, so that names of different lengths take
//! the same steps: what costs most in a hash of short names is a wrong guess of how long they are. The mixing is that of
//! wyhash and foldhash: two words multiplied to 128 bits of which the halves are folded together. A factor of zero would
//! forget the other; each has a byte of ones mixed in that no UTF-8 text can cancel.

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
    #[inline(always)]
    pub(in crate::decisions) fn one(self, name: &[u8]) -> u64 {
        match four(name) {
            Some([first, second, third, last]) if name.len() <= FOUR => {
                let Self([one, other, another]) = self;
                let mixed = fold(first[0] ^ one, first[1] ^ other)
                    ^ fold(second[0] ^ other, second[1] ^ another).rotate_left(16)
                    ^ fold(third[0] ^ another, third[1] ^ one).rotate_left(32)
                    ^ fold(last[0] ^ one, last[1] ^ another).rotate_left(48);
                mixed.wrapping_add(length_of(name))
            }
            None => self.short(name),
            Some(_) => self.long(name),
        }
    }

    /// The hash of two names together, in their order.
    #[inline(always)]
    pub(in crate::decisions) fn pair(self, first: &[u8], second: &[u8]) -> u64 {
        self.two(first).rotate_left(32).wrapping_add(self.two(second))
    }

    /// The hash of a name that most often has no more than 32 bytes.
    #[inline(always)]
    fn two(self, name: &[u8]) -> u64 {
        match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) if name.len() <= TWO => {
                let (Self([one, other, another]), [first, last]) = (self, [first, last].map(|it| words(*it)));
                let mixed = fold(first[0] ^ one, first[1] ^ other)
                    ^ fold(last[0] ^ another, last[1] ^ one).rotate_left(32);
                mixed.wrapping_add(length_of(name))
            }
            (None, _) | (_, None) => self.short(name),
            _ => self.long(name),
        }
    }

    /// The hash of a name of fewer than 16 bytes.
    #[inline(always)]
    fn short(self, name: &[u8]) -> u64 {
        let (Self([one, other, _]), (first, last)) = (self, ends(name));
        fold(first ^ one, last ^ other).wrapping_add(length_of(name))
    }

    /// The hash of a name of more bytes than there are pieces for.
    #[cold]
    #[inline(never)]
    fn long(self, name: &[u8]) -> u64 {
        let Self([one, other, another]) = self;
        let mixed = name.chunks(16).fold(one, |mixed, chunk| {
            let (first, last) = chunk.first_chunk().map_or_else(|| ends(chunk), |whole| words(*whole).into());
            // The lower half of what was mixed before, so that the byte of ones stays.
            fold(first ^ (mixed >> 8) ^ other, last ^ another).rotate_left(32)
        });
        mixed.wrapping_add(length_of(name))
    }
}

/// As many bytes as two pieces cover, and four.
const TWO: usize = 32;
const FOUR: usize = 64;

#[inline(always)]
fn length_of(name: &[u8]) -> u64 {
    (name.len() as u64).wrapping_mul(0xd1b5_4a32_d192_ed03)
}

#[inline(always)]
fn words(piece: [u8; 16]) -> [u64; 2] {
    let whole = u128::from_le_bytes(piece);
    [whole as u64, (whole >> 64) as u64]
}

/// Four pieces, from the first 16 bytes to the last; none where there are fewer than 16 bytes.
#[inline(always)]
fn four(bytes: &[u8]) -> Option<[[u64; 2]; 4]> {
    let (first, last) = (bytes.first_chunk::<16>()?, bytes.last_chunk::<16>()?);
    // Of up to 64 bytes, each piece begins where the one before it ends, or earlier.
    let third = (bytes.len() - 14) / 3;
    let second = bytes.get(third..)?.first_chunk::<16>()?;
    let other = bytes.get(..bytes.len() - third)?.last_chunk::<16>()?;
    Some([words(*first), words(*second), words(*other), words(*last)])
}

/// All of fewer than 16 bytes, as two words.
#[inline(always)]
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0)
}

#[inline(always)]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ (product >> 64) as u64
}

/// Whether two names are the same, byte for byte. A call to compare memory takes longer than most names do.
#[inline(always)]
pub(in crate::decisions) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match (four(one), four(other)) {
        (Some(first), Some(second)) if one.len() <= FOUR => are_same(&first, &second),
        (Some(_), Some(_)) => one == other,
        _ => ends(one) == ends(other),
    }
}

/// The same for names that most often have no more than 32 bytes.
#[inline(always)]
pub(in crate::decisions) fn is_same_short(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() || one.len() > TWO {
        return is_same(one, other);
    }
    match (one.first_chunk(), one.last_chunk(), other.first_chunk(), other.last_chunk()) {
        (Some(first), Some(last), Some(second), Some(end)) => {
            are_same(&[words(*first), words(*last)], &[words(*second), words(*end)])
        }
        _ => ends(one) == ends(other),
    }
}

#[inline(always)]
fn are_same<const N: usize>(one: &[[u64; 2]; N], other: &[[u64; 2]; N]) -> bool {
    let words = one.as_flattened().iter().zip(other.as_flattened());
    words.fold(0, |differing, (one, other)| differing | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Keys, is_same, is_same_short};

    #[test]
    fn names_of_other_lengths_are_others() {
        let name = [b'a'; 80];
        for (one, other) in (0..80).flat_map(|one| [(one, one), (one, one + 1), (one + 1, one)]) {
            assert_eq!(is_same(&name[..one], &name[..other]), one == other, "{one} {other}");
            assert_eq!(is_same_short(&name[..one], &name[..other]), one == other, "{one} {other}");
        }
    }

    #[test]
    fn names_of_every_length_differ_by_every_byte() {
        let keys = Keys::of(0);
        let (mut seen, mut pairs) = (HashSet::new(), HashSet::new());
        let mut before: Option<Vec<u8>> = None;
        for length in (0..150).step_by(if cfg!(miri) { 11 } else { 1 }) {
            for change in 0..length.max(1) {
                let mut name = vec![b'a'; length];
                if let Some(byte) = name.get_mut(change) {
                    *byte = b'b';
                }
                assert!(seen.insert(keys.one(&name)), "{length} {change}");
                assert!(pairs.insert(keys.pair(b"acme", &name)) && pairs.insert(keys.pair(&name, b"acme")));
                assert!(is_same(&name, &name.clone()) && is_same_short(&name, &name.clone()));
                let differs = |before: Vec<u8>| !is_same(&before, &name) && !is_same_short(&before, &name);
                assert!(before.is_none_or(differs), "{length} {change}");
                before = Some(name);
            }
        }
    }

    /// Files rest on them: another number here is another version of the layout.
    #[test]
    fn hashes_stay() {
        let mut all = [0_u64; 2];
        let text: Vec<u8> = (0..100_u8).collect();
        for seed in [0, 1, u64::MAX] {
            let keys = Keys::of(seed);
            for length in 0..text.len() {
                let (name, rest) = text.split_at(length);
                let [one, pair] = [keys.one(name), keys.pair(name, rest)];
                all = [all[0].rotate_left(1) ^ one, all[1].rotate_left(1) ^ pair];
            }
        }
        assert_eq!(all, [12_682_136_771_959_510_826, 16_999_444_983_550_753_488]);
    }

    #[test]
    fn two_names_are_in_order_and_apart() {
        let keys = Keys::of(0);
        assert_ne!(keys.pair(b"a", b"b"), keys.pair(b"b", b"a"));
        assert_ne!(keys.pair(b"ab", b""), keys.pair(b"a", b"b"));
        assert_ne!(keys.pair(b"a", b"b"), Keys::of(1).pair(b"a", b"b"));
    }

    #[test]
    fn never_another_hash() {
        // Files rest on it.
        let keys = Keys::of(0);
        let names = ["", "a", "acme", "tier1-support", "ana@acme.example", "boss@headquarters.acme.example"];
        let long = "x".repeat(100);
        let hashes: Vec<u64> =
            names.iter().copied().chain([&*long]).map(|name| keys.one(name.as_bytes())).collect();
        assert_eq!(
            hashes,
            [
                2_404_459_814_569_427_055,
                265_699_818_405_669_021,
                12_828_826_188_858_973_229,
                5_671_139_077_998_636_796,
                455_184_431_432_967_307,
                10_065_619_720_922_106_403,
                14_121_811_117_280_927_355,
            ]
        );
    }
}
