//! Every table cut off at every byte, and every bit of it flipped: as it is, and with all checksums made to fit.

use rolec::decisions::Decisions;
use rolec::table::Table;
use rolec::tools::certify::certify;

use crate::forged::forge::{HEADER, LENGTH, SECTIONS, forge, put, section};
use crate::forged::judge::{Tally, judge};
use crate::forged::parts::parts_of;
use crate::forged::seeds::{LARGE, Seed, all, each, everything, pieces};

#[test]
fn all_truncations_are_refused() {
    let seeds = all();
    let tried: usize = each(&seeds, |seed| {
        for length in 0..seed.bytes.len() {
            let cut = &seed.bytes[..length];
            assert!(Table::from_bytes(cut).is_err(), "{}: cut to {length} bytes", seed.name);
            let read = Decisions::read(&mut &*cut, length as u64);
            assert!(!matches!(read, Ok(Ok(_))), "{}: cut to {length} bytes", seed.name);
            // Whoever says that the file is longer than it is.
            let read = Decisions::read(&mut &*cut, seed.bytes.len() as u64);
            let provenance = section(&seed.bytes, 1).0;
            assert!(
                !matches!(read, Ok(Ok(_))) || length >= provenance,
                "{}: cut to {length} bytes",
                seed.name
            );
        }
        for more in [1, 63, 64, 128] {
            let long = [&seed.bytes[..], &vec![0; more]].concat();
            assert!(Table::from_bytes(&long).is_err(), "{}: {more} bytes more", seed.name);
        }
        seed.bytes.len()
    })
    .into_iter()
    .sum();
    eprintln!("{} tables: {tried} truncations refused", seeds.len());
}

/// The same with lengths and checksums that fit what is left.
#[test]
fn forged_truncations_are_refused() {
    let seeds = all();
    let tally: Tally = each(&seeds, |seed| {
        let mut tally = Tally::default();
        for length in HEADER..seed.bytes.len() {
            let mut cut = seed.bytes[..length].to_vec();
            put(&mut cut, LENGTH, length as u64);
            forge(&mut cut);
            tally += judge(seed, &cut, || format!("cut to {length} bytes"));
            // The section that is cut says how long it is now.
            let which = usize::from(length >= section(&seed.bytes, 1).0);
            let begins = section(&seed.bytes, which).0;
            put(&mut cut, SECTIONS[which] + 16, (length - begins) as u64);
            if which == 0 {
                cut[SECTIONS[1]..SECTIONS[1] + 32].fill(0);
                cut[12..16].copy_from_slice(&1_u32.to_le_bytes());
            }
            forge(&mut cut);
            tally += judge(seed, &cut, || format!("cut to {length} bytes, which its section says"));
        }
        tally
    })
    .into_iter()
    .sum();
    eprintln!("{} tables, cut and with checksums that fit: {tally}", seeds.len());
    assert_eq!(tally.same + tally.caught, 0, "what is cut lacks something");
}

/// A piece of a table: its number, and some of its bytes.
fn cut_up(seeds: &[Seed]) -> Vec<(usize, std::ops::Range<usize>)> {
    let of_one = |(number, seed): (usize, &Seed)| {
        pieces(seed.bytes.len()).into_iter().map(move |piece| (number, piece)).collect::<Vec<_>>()
    };
    seeds.iter().enumerate().flat_map(of_one).collect()
}

#[test]
fn all_bit_flips_are_refused() {
    let seeds = all();
    let tried: usize = each(&cut_up(&seeds), |(number, piece)| {
        let seed = &seeds[*number];
        let mut bytes = seed.bytes.clone();
        for at in piece.clone() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                assert!(Table::from_bytes(&bytes).is_err(), "{}: byte {at}, bit {bit}", seed.name);
                bytes[at] ^= 1 << bit;
            }
        }
        piece.len() * 8
    })
    .into_iter()
    .sum();
    eprintln!("{} tables: {tried} flips of one bit refused", seeds.len());
}

/// Whoever can write the file can make its checksums fit: what they forge is refused for what it says, or decides the
/// same, or the sources tell.
#[test]
fn every_forged_bit_that_decides_is_caught() {
    let seeds = all();
    let everything = everything();
    let tallies = each(&cut_up(&seeds), |(number, piece)| {
        let seed = &seeds[*number];
        let mut tally = Tally::default();
        for at in piece.clone() {
            for bit in 0..8 {
                // Of a large table one bit of every fourth byte, and all of the header and of the line of counts.
                if !everything && seed.bytes.len() > LARGE && at >= HEADER + 64 && at % 32 != bit * 4 {
                    continue;
                }
                let mut bytes = seed.bytes.clone();
                bytes[at] ^= 1 << bit;
                forge(&mut bytes);
                let one = judge(seed, &bytes, || format!("byte {at}, bit {bit}"));
                if one.refused == 0 {
                    let what = || format!("byte {at}, bit {bit}");
                    explained(seed, &bytes, one.caught > 0, what);
                    // To make a large one takes long.
                    if everything || seed.bytes.len() <= LARGE || at % 16 == 0 {
                        one_way(seed, &bytes, what);
                    }
                }
                tally += one;
            }
        }
        tally
    });
    let tally: Tally = tallies.into_iter().sum();
    let large = seeds.iter().filter(|seed| seed.bytes.len() > LARGE).count();
    let part = if everything { 0 } else { large };
    eprintln!("{} tables, {part} of them in part, flipped and with checksums that fit: {tally}", seeds.len());
    assert!(tally.refused > 10_000 && tally.same > 1_000 && tally.caught > 100, "{tally}");
}

/// Of a table that is not the true one, in whatever it says or only explains, or in how it is written, the sources tell
/// something.
fn explained(seed: &Seed, bytes: &[u8], is_caught: bool, what: impl Fn() -> String) {
    let table = Table::from_bytes(bytes).unwrap().with_certificate(None);
    let told = || table.place_difference(&seed.table).or_else(|| table.difference(&seed.table)).is_some();
    let is_told = is_caught || table == seed.table || told() || certify(&seed.reference, &table).is_err();
    assert!(is_told, "{}: {}: nothing is told", seed.name, what());
}

/// What is read and certified is what is written from what it says, and in no other way.
fn one_way(seed: &Seed, bytes: &[u8], what: impl Fn() -> String) {
    let table = Table::from_bytes(bytes).unwrap();
    let made = Table::assemble(parts_of(&table)).unwrap().with_certificate(table.certificate());
    let is_same = made.to_bytes() == bytes || certify(&seed.reference, &table).is_err();
    assert!(is_same, "{}: {}: a second way to write it", seed.name, what());
}
