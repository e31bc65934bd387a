//! Decisions without what they were made from: nobody can know whether a forged file of them says the truth. But whatever
//! stands in it, it is refused or answers every question; and of a file that is only mapped, where nothing but the
//! header was looked at, the same.

use rolec::decisions::{Answer, Decisions, Index};
use rolec::vocab::{CatalogId, OrganizationId, PrincipalId, Time};

use crate::forged::forge::{HEADER, Random, forge};
use crate::forged::seeds::{Seed, all, each, pieces};

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
        let (mut tried, mut read) = (0_u64, 0_u64);
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
                }
            }
        }
        (tried, read)
    });
    let (tried, read) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    eprintln!(
        "{} files of decisions alone: {tried} forged bits, {} refused, {read} answered",
        seeds.len(),
        tried - read
    );
    assert!(read > 100, "{read} of {tried} could be read: too few to show that they answer");
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
