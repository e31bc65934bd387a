//! Names to numbers that spread evenly, the same on every machine and in every version: tables rest on them. No name is
//! ever trusted to its hash, so nothing is guarded by it and nobody has to be kept from finding two names of one hash.
//!
//! A name is taken 16 bytes at a time, each half of them mixed by one multiplication into 128 bits of which the halves
//! are folded together. That is the scheme of wyhash and foldhash: of all that is known it takes the least time for
//! names of 5 to 40 bytes.

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd1b5_4a32_d192_ed03;

/// The hash of a name.
#[inline]
pub(in crate::table) fn of(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let length = bytes.len() as u64;
    let mut state = FIRST ^ length.wrapping_mul(SECOND);
    let mut rest = bytes;
    while rest.len() > 16
        && let Some((chunk, more)) = rest.split_first_chunk::<16>()
    {
        let [one, other] = halves(*chunk);
        state = fold(one ^ state, other ^ SECOND);
        rest = more;
    }
    // The last up to 16 bytes, read as two words that overlap.
    let (one, other) = match (bytes.last_chunk::<16>(), rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        (Some(last), ..) => {
            let [one, other] = halves(*last);
            (one, other)
        }
        (None, Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => short(rest),
    };
    fold(one ^ state, other ^ SECOND)
}

/// The hash of several names together, in their order.
#[inline]
pub(in crate::table) fn join(one: u64, other: u64) -> u64 {
    fold(one ^ FIRST, other.rotate_left(32) ^ SECOND)
}

/// Whether two names are the same, byte for byte. They are short, and a call to compare memory takes longer than they do.
#[inline]
pub(in crate::table) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (mut one, mut other) = (one, other);
    while one.len() > 16
        && let (Some((first, more)), Some((second, rest))) =
            (one.split_first_chunk::<16>(), other.split_first_chunk::<16>())
    {
        if first != second {
            return false;
        }
        (one, other) = (more, rest);
    }
    // The last up to 16 bytes, read as two words that overlap.
    match (one.first_chunk::<8>(), one.last_chunk::<8>(), other.first_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(first), Some(last), Some(second), Some(end)) => first == second && last == end,
        _ => match (one.first_chunk::<4>(), one.last_chunk::<4>(), other.first_chunk::<4>(), other.last_chunk::<4>())
        {
            (Some(first), Some(last), Some(second), Some(end)) => first == second && last == end,
            _ => one.iter().zip(other).all(|(one, other)| one == other),
        },
    }
}

fn halves(chunk: [u8; 16]) -> [u64; 2] {
    let whole = u128::from_le_bytes(chunk);
    [whole as u64, (whole >> 64) as u64]
}

/// Fewer than 8 bytes.
#[inline]
fn short(bytes: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    let word = bytes.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    (word, 0)
}

#[inline]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{join, of};

    #[test]
    fn names_of_every_length_differ() {
        let mut seen = HashSet::new();
        for length in 0..70 {
            for change in 0..length.max(1) {
                let mut name = vec![b'a'; length];
                if let Some(byte) = name.get_mut(change) {
                    *byte = b'b';
                }
                assert!(seen.insert(of(std::str::from_utf8(&name).unwrap())), "{length} {change}");
            }
        }
    }

    #[test]
    fn never_another_hash() {
        // Tables rest on it: these numbers stand in files.
        assert_eq!(
            ["", "a", "acme", "tier1-support", "ana@acme.example", "boss@headquarters.acme.example"].map(of),
            [
                15_477_614_707_873_327_427,
                16_790_223_335_551_013_571,
                8_499_163_398_126_737_603,
                2_605_083_070_623_216_381,
                84_539_293_080_911_225,
                7_276_187_100_927_908_506,
            ]
        );
        assert_ne!(join(of("a"), of("b")), join(of("b"), of("a")));
    }
}
