//! Decisions without what they were made from: whatever stands in a forged file of them, it is refused or answers every
//! question; and where its sources are at hand, they tell every byte that is not the true one. Of a file that is only
//! mapped, where nothing but the header was looked at, it answers.

use rolec::decisions::{Answer, Decisions, Index};
use rolec::tools::certify::certify_decisions;
use rolec::vocab::{CatalogId, OrganizationId, PrincipalId, Time};

use crate::forged::forge::{HEADER, forge};
use crate::forged::seeds::{Seed, all, each, pieces};
use crate::support::random::Random;

/// What is asked of any file: names that a table knows, and what no table knows.
struct Questions {
    organizations: Vec<String>,
    people: Vec<(String, String)>,
    permissions: Vec<String>,
}

impl Questions {
    fn of(seed: &Seed) -> Self {
        let table = &seed.table;
        let mut permissions = Vec::new();
        for row in table.catalogs().flat_map(|catalog| catalog.rows()) {
            let name = format!("{}.{}", row.category().id(), row.id());
            permissions.extend(row.shape().actions().map(|action| format!("{name}:{action}")));
            permissions.push(name);
        }
        permissions.extend([String::new(), "a.b:c".into(), "x".repeat(5_000)]);
        let mut people: Vec<_> = table
            .principals()
            .map(|principal| (principal.organization().id().to_owned(), principal.name().to_owned()))
            .collect();
        people.extend([(String::new(), String::new()), ("nowhere".into(), "nobody".into())]);
        people.push(("x".repeat(300), "y".repeat(5_000)));
        let mut organizations: Vec<_> = table.organizations().map(|it| it.id().to_owned()).collect();
        organizations.extend([String::new(), "nowhere".into(), "x".repeat(5_000)]);
        Self { organizations, people, permissions }
    }

    /// Asks about every name and a few permissions, or about every one, and everything else. Gives how many were granted,
    /// so that nothing is left out.
    fn ask(&self, index: Index<'_>, every: usize) -> usize {
        let mut granted = 0;
        let numbers = |known: usize| (0..known as u32 + 2).chain([1 << 31, u32::MAX - 1, u32::MAX]);
        let times = [Time(i64::MIN), Time(0), Time(1_800_000_000), Time(i64::MAX)];
        for (number, (organization, principal)) in self.people.iter().enumerate() {
            granted += usize::from(index.principal(organization, principal).is_some());
            for permission in self.permissions.iter().skip(number % every).step_by(every) {
                let answer = index.decide(organization, principal, permission, times[number % 4]);
                granted += usize::from(answer == Answer::Granted);
            }
        }
        for organization in &self.organizations {
            let found = index.organization(organization);
            granted += found.map_or(0, |found| index.principals(found).len().min(1));
        }
        granted += numbers(self.organizations.len())
            .map(|it| index.principals(OrganizationId(it)).len().min(1))
            .sum::<usize>();
        for time in times {
            granted += usize::from(index.changes(time).is_some()) + index.begins(time).len();
        }
        for catalog in numbers(2) {
            granted += usize::from(index.rows_of(CatalogId(catalog)).is_some());
            for permission in self.permissions.iter().step_by(every) {
                let Some(key) = index.key(CatalogId(catalog), permission) else { continue };
                for principal in numbers(self.people.len()) {
                    let answer = index.decide_key(PrincipalId(principal), key, times[principal as usize % 4]);
                    granted += usize::from(answer == Answer::Granted);
                }
            }
        }
        for principal in numbers(self.people.len()) {
            for time in times {
                let held = index.held(PrincipalId(principal), time);
                granted += held
                    .and_then(Result::ok)
                    .map_or(0, |bits| bits.words().count() + bits.word(7) as usize % 2);
            }
        }
        granted + usize::from(index.is_plain()) + index.only_organization().map_or(0, str::len)
    }
}

#[test]
fn forged_decisions_are_refused_or_answer() {
    let seeds = all();
    let mut work = Vec::new();
    for (number, seed) in seeds.iter().enumerate() {
        let alone = seed.table.decisions().to_bytes(None);
        // A part of the large ones: one bit of each byte.
        let is_large = alone.len() > 8 << 10;
        work.extend(pieces(alone.len()).into_iter().map(|piece| (number, is_large, piece)));
    }
    let all = each(&work, |(number, is_large, piece)| {
        let seed = &seeds[*number];
        let questions = Questions::of(seed);
        let alone = seed.table.decisions().to_bytes(None);
        let (mut tried, mut read, mut caught) = (0_u64, 0_u64, 0_u64);
        for at in piece.clone() {
            for bit in 0..8 {
                if *is_large && at % 8 != bit {
                    continue;
                }
                let mut bytes = alone.clone();
                bytes[at] ^= 1 << bit;
                assert!(Decisions::from_bytes(&bytes).is_err(), "{}: byte {at}, bit {bit}", seed.name);
                forge(&mut bytes);
                tried += 1;
                let whole = Decisions::from_bytes(&bytes);
                let opened = Decisions::read(&mut &*bytes, bytes.len() as u64).unwrap();
                assert_eq!(whole.as_ref().ok(), opened.as_ref().ok(), "{}: byte {at}, bit {bit}", seed.name);
                if let Ok(decisions) = whole {
                    read += 1;
                    questions.ask(decisions.index(), 16);
                    // There is one way to write it. The header may say more of it than decisions know.
                    let again = decisions.to_bytes(None);
                    assert!(again[HEADER..] == bytes[HEADER..], "{}: byte {at}, bit {bit}", seed.name);
                    caught += u64::from(is_told(seed, &alone, &bytes, || format!("byte {at}, bit {bit}")));
                }
            }
        }
        (tried, read, caught)
    });
    let (tried, read, caught) =
        all.iter().fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
    eprintln!(
        "{} files of decisions alone: {tried} forged bits, {} refused, {read} answered, {caught} of them told by their sources, the others in the header",
        seeds.len(),
        tried - read
    );
    assert!(caught > 100, "{caught} of {tried} could be read: too few to show that they are told");
}

/// Whether the sources tell that forged decisions, which were read, are not the true ones. Only their header may be
/// another: what it says of a certificate, `verify` holds against the cells.
fn is_told(seed: &Seed, alone: &[u8], bytes: &[u8], what: impl Fn() -> String) -> bool {
    if bytes[HEADER..] == alone[HEADER..] {
        return false;
    }
    let decisions = Decisions::from_bytes(bytes).unwrap();
    let found = certify_decisions(&seed.reference, &decisions.index());
    assert!(found.is_err(), "{}: {}: its sources certify it", seed.name, what());
    true
}

/// The lists of decisions, as docs/format.md says: where each begins, and how many members it has.
fn lists(alone: &[u8]) -> [(usize, usize); 12] {
    let count = |at: usize| u32::from_le_bytes(alone[HEADER + at..][..4].try_into().unwrap()) as usize;
    let counts = [8, 12, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56].map(count);
    let sizes = [32, 2, 32, 2, 64, 4, 2, 64, 4, 8, 16, 1];
    let mut begins = HEADER + 64;
    std::array::from_fn(|list| {
        let own = begins;
        let count = counts[list] + usize::from(list == 5);
        begins += (count * sizes[list]).next_multiple_of(64);
        (own, count)
    })
}

/// A bit of a row is in the list of rows, and in the line of whoever has the row: whoever forges one forges all of them.
/// There are bits that no question by itself shows: a step `full` of which the one below is missing has no name. All of
/// them are told.
#[test]
fn every_forged_bit_of_a_row_is_told() {
    let seeds = all();
    let work: Vec<(usize, usize)> = seeds
        .iter()
        .enumerate()
        .flat_map(|(number, seed)| {
            let alone = seed.table.decisions().to_bytes(None);
            (0..lists(&alone)[9].1).map(move |word| (number, word))
        })
        .collect();
    let told = each(&work, |(number, word)| {
        let seed = &seeds[*number];
        let alone = seed.table.decisions().to_bytes(None);
        let lists = lists(&alone);
        let (records, places) = lists[7];
        let is_large = lists[9].1 > 40;
        let (mut refused, mut told) = (0_u64, 0_u64);
        for bit in (0..64).filter(|bit| !is_large || bit % 5 == word % 5) {
            let mut bytes = alone.clone();
            bytes[lists[9].0 + word * 8 + bit / 8] ^= 1 << (bit % 8);
            for place in 0..places {
                let line = records + place * 64;
                let number = |at: usize| u32::from_le_bytes(alone[at..][..4].try_into().unwrap()) as usize;
                let is_inside = alone[line + 9] & 0x80 != 0;
                let (row, catalog) = (number(line + 4), number(line + 8) & 0x7fff);
                if is_inside && (row..row + number(lists[0].0 + catalog * 32 + 8)).contains(word) {
                    bytes[line + 48 + (word - row) * 8 + bit / 8] ^= 1 << (bit % 8);
                }
            }
            forge(&mut bytes);
            if Decisions::from_bytes(&bytes).is_ok() {
                assert!(is_told(seed, &alone, &bytes, || format!("word {word}, bit {bit}")));
                told += 1;
            } else {
                refused += 1;
            }
        }
        (refused, told)
    });
    let (refused, told) = told.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    eprintln!(
        "{} files of decisions alone, bits of rows forged everywhere: {refused} refused, {told} told",
        seeds.len()
    );
    assert!(told > 1_000 && refused > 100, "{refused} refused, {told} told");
}

/// Bytes that begin at a line of the cache, as mapped ones do.
fn mapped(words: &mut [u64], bytes: &[u8]) -> usize {
    let begins = words.as_ptr().align_offset(64);
    for (word, chunk) in words[begins..].iter_mut().zip(bytes.chunks(8)) {
        let mut whole = [0; 8];
        whole[..chunk.len()].copy_from_slice(chunk);
        *word = u64::from_ne_bytes(whole);
    }
    begins
}

/// Nothing but the header is looked at where a file is mapped: every bit of the rest flipped, whole words made of noise,
/// and it answers.
#[test]
fn a_mapped_file_answers_whatever_stands_in_it() {
    let seeds = all();
    let tried: usize = each(&seeds, |seed| {
        let questions = Questions::of(seed);
        let alone = seed.table.decisions().to_bytes(None);
        let is_large = alone.len() > 8 << 10;
        let mut words = vec![0_u64; alone.len() / 8 + 8];
        let begins = mapped(&mut words, &alone);
        let own = begins..begins + alone.len() / 8;
        let ask = |words: &[u64], every: usize| {
            let bytes: &[u8] = bytemuck::cast_slice(&words[own.clone()]);
            Index::trusting(bytes).map(|index| questions.ask(index, every))
        };
        assert!(ask(&words, 1).unwrap() > 0, "{}", seed.name);
        let mut tried = 0;
        for at in own.start..own.end {
            for bit in (0..64).step_by(if is_large { 29 } else { 1 }) {
                let bit = (bit + at) % 64;
                words[at] ^= 1 << bit;
                let asked = ask(&words, 61);
                assert!(
                    at >= own.start + HEADER / 8 || asked.is_err(),
                    "{}: word {at}, bit {bit}",
                    seed.name
                );
                words[at] ^= 1 << bit;
                tried += 1;
            }
        }
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let first = own.start + HEADER / 8 + 8;
        for _ in 0..300 {
            let kept = words.clone();
            for _ in 0..1 + random.below(200) {
                let at = first + random.below(own.end - first);
                words[at] = match random.below(4) {
                    0 => u64::MAX,
                    1 => 0,
                    2 => kept[first + random.below(own.end - first)],
                    _ => random.next(),
                };
            }
            ask(&words, 31).unwrap();
            words = kept;
            tried += 1;
        }
        tried
    })
    .into_iter()
    .sum();
    eprintln!("{} mapped files: {tried} times other bytes, every time an answer", seeds.len());
}
