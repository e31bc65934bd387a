//! The first 128 bytes: every version, every flip of two bits, sections that lie elsewhere, and counts of all sizes.

use rolec::decisions::{Decisions, FileError};
use rolec::table::{LoadError, Table};

use crate::forged::forge::{CHECKSUM, HEADER, LENGTH, SECTIONS, VERSION, forge, number, put, seal, section};
use crate::forged::judge::{Tally, judge};
use crate::forged::seeds::{all, each};

#[test]
fn every_other_version_is_named() {
    let seed = &all()[0];
    let own = u32::from_le_bytes(seed.bytes[VERSION..VERSION + 4].try_into().unwrap());
    let numbers = (0..=0xffff).flat_map(|number: u32| [number, number << 16, number << 8, !number]);
    let mut tried = 0;
    let mut bytes = seed.bytes.clone();
    for version in numbers.filter(|number| *number != own) {
        bytes[VERSION..VERSION + 4].copy_from_slice(&version.to_le_bytes());
        let wanted = FileError::Version { found: version, wanted: own };
        assert_eq!(Table::from_bytes(&bytes).err(), Some(LoadError::File(wanted.clone())), "{version}");
        seal(&mut bytes);
        assert_eq!(Decisions::from_bytes(&bytes).err(), Some(wanted), "{version}, with a checksum that fits");
        tried += 2;
    }
    eprintln!("{tried} other versions named");
}

#[test]
fn every_double_flip_of_a_header_is_refused() {
    let seeds = all();
    let tried: usize = each(&seeds, |seed| {
        let mut bytes = seed.bytes.clone();
        for one in 0..HEADER * 8 {
            bytes[one / 8] ^= 1 << (one % 8);
            for other in one + 1..HEADER * 8 {
                bytes[other / 8] ^= 1 << (other % 8);
                assert!(Table::from_bytes(&bytes).is_err(), "{}: bits {one} and {other}", seed.name);
                bytes[other / 8] ^= 1 << (other % 8);
            }
            bytes[one / 8] ^= 1 << (one % 8);
        }
        HEADER * 8 * (HEADER * 8 - 1) / 2
    })
    .into_iter()
    .sum();
    eprintln!("{} headers: {tried} flips of two bits refused", seeds.len());
}

/// The same with a checksum that fits the header. The sections' own are flipped, and stay so.
#[test]
fn every_forged_double_flip_of_a_header_is_refused_or_changes_nothing() {
    let seeds = all();
    let seed = &seeds[0];
    let is_own = |bit: &usize| (CHECKSUM..CHECKSUM + 8).contains(&(bit / 8));
    let firsts: Vec<usize> = (0..HEADER * 8).filter(|bit| !is_own(bit)).collect();
    let tally: Tally = each(&firsts, |one| {
        let mut tally = Tally::default();
        for other in (one + 1..HEADER * 8).filter(|bit| !is_own(bit)) {
            let mut bytes = seed.bytes.clone();
            bytes[one / 8] ^= 1 << (one % 8);
            bytes[other / 8] ^= 1 << (other % 8);
            seal(&mut bytes);
            tally += judge(seed, &bytes, || format!("bits {one} and {other}"));
        }
        tally
    })
    .into_iter()
    .sum();
    eprintln!("the header of {}, two bits flipped and with a checksum that fits: {tally}", seed.name);
    assert_eq!(tally.caught, 0, "a header decides nothing");
    assert!(tally.refused > 100_000, "{tally}");
}

/// Where sections may be said to lie: over each other, over the header, beyond the end, in another order.
#[test]
fn sections_lie_where_they_are_written() {
    let seeds = all();
    let tally: Tally = each(&seeds, |seed| {
        let mut tally = Tally::default();
        let [(first, long), (second, rest)] = [section(&seed.bytes, 0), section(&seed.bytes, 1)];
        let whole = seed.bytes.len();
        let places = [
            0,
            1,
            63,
            64,
            first,
            first + 64,
            second - 64,
            second,
            second + 1,
            second + 64,
            whole,
            usize::MAX,
            1 << 63,
            usize::MAX - long + 1,
        ];
        let lengths = [
            0,
            1,
            63,
            64,
            long - 64,
            long,
            long + 64,
            rest,
            whole,
            usize::MAX,
            1 << 63,
            usize::MAX - first + 1,
        ];
        for (which, line) in SECTIONS.into_iter().enumerate() {
            for begins in places {
                for length in lengths {
                    let own = section(&seed.bytes, which);
                    let mut bytes = seed.bytes.clone();
                    put(&mut bytes, line + 8, begins as u64);
                    put(&mut bytes, line + 16, length as u64);
                    forge(&mut bytes);
                    let is_as_it_was = (begins, length) == own;
                    assert_eq!(
                        Table::from_bytes(&bytes).is_ok(),
                        is_as_it_was,
                        "{}: {which} {begins} {length}",
                        seed.name
                    );
                    tally += judge(seed, &bytes, || format!("section {which} at {begins}, {length} bytes"));
                }
            }
        }
        // Their lines swapped, and themselves.
        let mut swapped = seed.bytes.clone();
        let (one, other) = swapped[SECTIONS[0]..SECTIONS[1] + 32].split_at_mut(32);
        one.swap_with_slice(other);
        let moved = [&seed.bytes[..HEADER], &seed.bytes[second..], &seed.bytes[first..second]].concat();
        let mut said = moved.clone();
        put(&mut said, SECTIONS[1] + 8, HEADER as u64);
        put(&mut said, SECTIONS[0] + 8, (HEADER + rest) as u64);
        let mut both = moved.clone();
        put(&mut both, SECTIONS[0] + 16, rest as u64);
        put(&mut both, SECTIONS[1] + 8, (HEADER + rest) as u64);
        put(&mut both, SECTIONS[1] + 16, long as u64);
        // The decisions twice, the provenance twice.
        let mut twice = [&seed.bytes[..second], &seed.bytes[first..second]].concat();
        put(&mut twice, LENGTH, (second + long) as u64);
        put(&mut twice, SECTIONS[1] + 16, long as u64);
        for mut bytes in [swapped, moved, said, both, twice] {
            forge(&mut bytes);
            assert!(Table::from_bytes(&bytes).is_err(), "{}: sections in another order", seed.name);
            tally.refused += 1;
        }
        tally
    })
    .into_iter()
    .sum();
    eprintln!("{} tables with sections elsewhere: {tally}", seeds.len());
    assert_eq!(tally.caught, 0, "{tally}");
}

/// Each count of the first line of the decisions, at each size that may overflow something.
#[test]
fn no_count_is_believed() {
    let seeds = all();
    let tally: Tally = each(&seeds, |seed| {
        let mut tally = Tally::default();
        let counts = HEADER + 8..HEADER + 64;
        for at in counts.step_by(4) {
            let own = u32::from_le_bytes(seed.bytes[at..at + 4].try_into().unwrap());
            let sizes = (0..32).map(|bit| 1_u32 << bit);
            let near =
                [own.wrapping_sub(1), own.wrapping_add(1), own.wrapping_add(64), 0, u32::MAX, u32::MAX - 1];
            for count in sizes.chain(near).filter(|count| *count != own) {
                let mut bytes = seed.bytes.clone();
                bytes[at..at + 4].copy_from_slice(&count.to_le_bytes());
                forge(&mut bytes);
                tally += judge(seed, &bytes, || format!("{count} at {at}"));
            }
        }
        tally
    })
    .into_iter()
    .sum();
    eprintln!("{} tables with other counts: {tally}", seeds.len());
    assert!(tally.caught == 0 && tally.same == 0 && tally.refused > 1_000, "{tally}");
    assert_eq!(number(&seeds[0].bytes, SECTIONS[0]), 1, "the sections are numbered from 1");
}
