//! Whole tables there and back; cut, flipped, forged and random bytes.

use crate::decisions::{Decisions, FileError, forge};
use crate::table::{Fault, Flaw, LoadError, Part, Parts, Problem, Section, Table, sample};
use crate::vocab::RoleId;

/// Bytes of the first two lines, and where the whole length stands.
const HEADER: usize = 128;
const LENGTH: std::ops::Range<usize> = 16..24;

/// An interpreter that looks at every access takes a sample of what is tried.
const STEP: usize = if cfg!(miri) { 61 } else { 1 };
/// The same where each is read several times.
const FEW: usize = if cfg!(miri) { 431 } else { 1 };

fn bytes() -> Vec<u8> {
    sample::table().to_bytes()
}

/// Makes the checksum fit again, as whoever forges a table would.
fn forged(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() >= HEADER {
        forge(&mut bytes);
    }
    bytes
}

/// Bytes may be refused or loaded; if loaded, they are the one way to write that table.
fn refused_or_canonical(bytes: &[u8]) {
    if let Ok(table) = Table::from_bytes(bytes) {
        assert!(table.to_bytes() == bytes, "two ways to write one table");
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

#[test]
fn a_table_reads_back() {
    let table = sample::table();
    let bytes = table.to_bytes();
    let again = Table::from_bytes(&bytes).unwrap();
    assert!(again == table);
    assert_eq!(again.to_bytes(), bytes);
    assert_eq!(sample::table().to_bytes(), bytes);
    let empty = Table::assemble(Parts::default()).unwrap().to_bytes();
    assert_eq!(Table::from_bytes(&empty).unwrap().to_bytes(), empty);
}

#[test]
fn the_layout_is_what_it_was() {
    let bytes = bytes();
    assert_eq!(bytes[..12], *b"\x89ROLE\r\n\x1a\x03\0\0\0");
    // Once 0.1.0 is out, another layout needs another version: then, and only then, change this number.
    let sums = [56, 88, 120].map(|at| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()));
    assert_eq!(
        (bytes.len(), sums),
        (3676, [10_623_822_542_069_453_887, 4_303_475_846_545_830_575, 6_540_590_866_830_260_759])
    );
}

#[test]
fn all_truncations_are_refused() {
    let bytes = bytes();
    for length in (0..bytes.len()).step_by(STEP) {
        let cut = &bytes[..length];
        match Table::from_bytes(cut).err() {
            Some(LoadError::File(FileError::Truncated { found, wanted })) => {
                assert!(found == length as u64 && wanted > found)
            }
            Some(LoadError::File(FileError::NotATable { .. })) if length == 0 => {}
            other => panic!("{length}: {other:?}"),
        }
        let mut cut = cut.to_vec();
        if let Some(slot) = cut.get_mut(LENGTH) {
            slot.copy_from_slice(&(length as u64).to_le_bytes());
        }
        refused_or_canonical(&forged(cut));
    }
    let mut long = bytes.clone();
    long.push(0);
    let (found, wanted) = (long.len() as u64, bytes.len() as u64);
    assert_eq!(Table::from_bytes(&long).err(), Some(LoadError::File(FileError::Trailing { found, wanted })));
}

#[test]
fn all_bit_flips_are_refused() {
    let mut bytes = bytes();
    for at in (0..bytes.len()).step_by(STEP) {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            assert!(Table::from_bytes(&bytes).is_err(), "byte {at}, bit {bit}");
            bytes[at] ^= 1 << bit;
        }
    }
}

#[test]
fn forged_bytes_never_panic() {
    let whole = bytes();
    let mut loaded = 0;
    for at in (0..whole.len()).step_by(FEW) {
        for value in 0..=u8::MAX {
            // All flips of one bit, and a few values that counts like.
            let flip = (whole[at] ^ value).is_power_of_two();
            if !flip && !matches!(value, 0 | 1 | 2 | 0x7f | 0x80 | 0xff) {
                continue;
            }
            let mut bytes = whole.clone();
            bytes[at] = value;
            let bytes = forged(bytes);
            loaded += usize::from(Table::from_bytes(&bytes).is_ok());
            refused_or_canonical(&bytes);
        }
    }
    // Letters of titles and such may change without harm, so that this also tests what is loaded.
    assert!(loaded > 100 / FEW, "{loaded}");
}

#[test]
fn random_bytes_never_panic() {
    let whole = bytes();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..3_000 / STEP {
        let noise: Vec<u8> = (0..random.below(200)).map(|_| random.next() as u8).collect();
        refused_or_canonical(&noise);
        let headed = [&whole[..24], &noise].concat();
        refused_or_canonical(&forged(headed));

        let mut spoiled = whole.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(spoiled.len());
            match random.below(4) {
                0 => spoiled[at] = random.next() as u8,
                1 => spoiled.truncate(at.max(HEADER)),
                2 => drop(spoiled.remove(at)),
                _ => spoiled.insert(at, random.next() as u8),
            }
        }
        let length = (spoiled.len() as u64).to_le_bytes();
        if let Some(slot) = spoiled.get_mut(LENGTH) {
            slot.copy_from_slice(&length);
        }
        refused_or_canonical(&forged(spoiled));
    }
}

/// Where the body of a section begins, and how long it is.
fn section(bytes: &[u8], wanted: u32) -> (usize, usize) {
    let mut at = Decisions::provenance(bytes).unwrap().unwrap().0;
    loop {
        let number = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let length = u64::from_le_bytes(bytes[at + 4..at + 12].try_into().unwrap()) as usize;
        if number == wanted {
            return (at + 12, length);
        }
        at += 12 + length;
    }
}

#[test]
fn errors_say_what_was_found() {
    type Spoil = fn(&mut Vec<u8>);
    let first = section(&bytes(), 1).0;
    let malformed = |section, at, problem| LoadError::Malformed { section, at, problem };
    let file = LoadError::File;
    let cases: &[(Spoil, LoadError)] = &[
        (|it| it.clear(), file(FileError::NotATable { found: [].into() })),
        (|it| *it = b"// a policy".to_vec(), file(FileError::NotATable { found: b"// a pol"[..].into() })),
        (|it| it[5] = b'\n', file(FileError::NotATable { found: b"\x89ROLE\n\n\x1a"[..].into() })),
        (|it| it[8] = 1, file(FileError::Version { found: 1, wanted: 3 })),
        (|it| it[11] = 1, file(FileError::Version { found: 0x0100_0003, wanted: 3 })),
        (|it| it[40] = 1, file(FileError::Header)),
        (|it| *it = Decisions::from_bytes(it).unwrap().to_bytes(None), LoadError::NoProvenance),
        (
            |it| {
                let at = section(it, 1).0 - 12;
                it[at] = 2;
            },
            malformed(Section::Catalogs, first - 12, Problem::Number),
        ),
        (
            |it| {
                let at = section(it, 1).0 - 1;
                it[at] = 1;
            },
            malformed(Section::Catalogs, first - 12, Problem::Short),
        ),
        // The first count of all, and the first letter of the first id.
        (
            |it| {
                let at = section(it, 1).0;
                it[at..at + 4].fill(0xff);
            },
            malformed(Section::Catalogs, first, Problem::Short),
        ),
        (
            |it| {
                let at = section(it, 1).0 + 8;
                it[at] = 0xff;
            },
            malformed(Section::Catalogs, first + 8, Problem::Text),
        ),
        // Another role than the one that the decisions are made from.
        (
            |it| {
                let (at, length) = section(it, 4);
                it[at + length - 8] ^= 0b100;
            },
            LoadError::OtherDecisions,
        ),
        (
            |it| {
                let (at, _) = section(it, 5);
                let kind = at + 4 + "ana".len();
                it[kind] = 2;
            },
            malformed(Section::Principals, section(&bytes(), 5).0 + 7, Problem::Choice),
        ),
        (
            |it| {
                let (at, _) = section(it, 4);
                it[at] &= !0x80;
            },
            LoadError::Flaw(Flaw {
                part: Part::Role,
                index: 0,
                fault: Fault::NotALevel { row: crate::vocab::RowId(4) },
            }),
        ),
    ];
    for (number, (spoil, wanted)) in cases.iter().enumerate() {
        let mut bytes = bytes();
        spoil(&mut bytes);
        let error = Table::from_bytes(&forged(bytes)).err();
        assert_eq!(error.as_ref(), Some(wanted), "case {number}");
        let text = wanted.to_string();
        assert!(text.is_ascii() && !text.contains(char::is_control) && !text.ends_with('.'), "{text}");
        assert!(text.starts_with(char::is_lowercase), "{text}");
        let source = std::error::Error::source(wanted).map(ToString::to_string);
        let wanted = match wanted {
            LoadError::File(error) => Some(error.to_string()),
            LoadError::Flaw(flaw) => Some(flaw.to_string()),
            _ => None,
        };
        assert_eq!(source, wanted);
    }
    assert_eq!(
        malformed(Section::Catalogs, 8, Problem::Text).to_string(),
        "the table is damaged at byte 8, in its section `catalogs`: a text is no UTF-8; build it again"
    );
    let mut changed = bytes();
    changed[50] ^= 1;
    assert_eq!(Table::from_bytes(&changed).err(), Some(file(FileError::Checksum)));
}

/// A count that the bytes left could not bear out is refused before room is made for it.
#[test]
fn no_count_is_believed() {
    let whole = bytes();
    for at in (HEADER..whole.len() - 4).step_by(STEP) {
        for count in [u32::MAX, 0x7fff_ffff, 0x0100_0000] {
            let mut bytes = whole.clone();
            bytes[at..at + 4].copy_from_slice(&count.to_le_bytes());
            refused_or_canonical(&forged(bytes));
        }
    }
}

#[test]
fn what_explains_is_kept() {
    let again = Table::from_bytes(&bytes()).unwrap();
    let lead = again.role_view(RoleId(3)).unwrap();
    assert_eq!(lead.description(), Some("Leads."));
    assert_eq!(lead.entries()[0].unconfirmed.as_deref(), Some("a guess"));
    let ana = again.principals().next().unwrap();
    assert_eq!(ana.assignments().next().and_then(|it| it.because()), Some("holidays"));
    assert_eq!(again.files().collect::<Vec<_>>(), ["a.role", "b.role"]);
}

#[test]
fn a_table_is_known_by_its_first_bytes() {
    let bytes = sample::table().to_bytes();
    assert!(Table::is_begun(&bytes) && Table::is_begun(&bytes[..8]));
    assert!(
        !Table::is_begun(&bytes[..7]) && !Table::is_begun(&bytes[1..]) && !Table::is_begun(b"use jumpcloud")
    );
}

#[test]
fn sections_follow_one_another() {
    let bytes = bytes();
    let sections = Table::sections(&bytes).unwrap();
    assert!(sections.iter().map(|(section, _)| *section).eq(Section::ALL));
    assert!(sections.iter().zip(sections.iter().skip(1)).all(|(one, next)| one.1.end + 12 == next.1.start));
    assert_eq!(sections.iter().map(|(_, range)| range.end).next_back(), Some(bytes.len()));
}
