//! Files that were cut, flipped and forged, and drafts that nobody drafts: refused, by name; and what goes with a file.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::Xxh3;

use super::{Random, everywhere, expected};
use crate::decisions::line::STEPS;
use crate::decisions::{At, Certificate, Decisions, Draft, FileError, Header, Index, forge};
use crate::vocab::{CatalogId, PrincipalId, Time};

#[test]
fn spoiled_files_are_refused_or_answered() {
    let expected = expected(&[4, 3], 2, 6, 30);
    let whole = everywhere(&expected);
    let (_, name) =
        *expected.people.keys().map(|(one, other)| (one, other)).collect::<Vec<_>>().first().unwrap();
    let mut accepted = 0;
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            assert!(Decisions::from_bytes(&bytes).is_err(), "byte {at}, bit {bit}");
            // And with checksums that fit.
            forge(&mut bytes);
            let Ok(decisions) = Decisions::from_bytes(&bytes) else { continue };
            accepted += 1;
            assert!(decisions.to_bytes(None) == bytes, "two ways to write it");
            let index = decisions.index();
            for id in 0..8 {
                let _ = index.held(PrincipalId(id), Time(3));
            }
            for organization in &expected.organizations {
                let _ = index.decide(organization, name, "all.r0", Time(50));
            }
        }
        let cut = Decisions::from_bytes(&whole[..at]).unwrap_err();
        let is_cut = matches!(cut, FileError::Truncated { found, .. } if found == at as u64);
        assert!(is_cut || at == 0, "{at}: {cut:?}");
    }
    // Who holds what is not known here, nor which pilot a bucket without names should have.
    assert!((1..whole.len()).contains(&accepted), "{accepted}");
}

/// What the reader says of each number that stands in small files, put to other values one by one, and of lines in each
/// other's place: whoever changes a word of what is refused, or why, is to know it. Small files that have everything.
#[test]
fn what_is_refused_stays_refused() {
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Xxh3::new();
    for expected in [expected(&[4, 3], 2, 6, 30), expected(&[43], 1, 4, 2), expected(&[1, 0], 3, 3, 70)] {
        let whole = everywhere(&expected);
        let mut judge = |mut bytes: Vec<u8>| {
            forge(&mut bytes);
            let verdict = match Decisions::from_bytes(&bytes) {
                Ok(decisions) => {
                    assert!(decisions.to_bytes(None) == bytes, "two ways to write it");
                    "read".to_owned()
                }
                Err(FileError::Damage(damage)) => {
                    all.update(&(damage.index as u64).to_le_bytes());
                    damage.list.name().to_owned()
                }
                Err(error) => format!("{error:?}").chars().take_while(|it| it.is_alphabetic()).collect(),
            };
            all.update(verdict.as_bytes());
            *told.entry(verdict).or_default() += 1;
        };
        let number = |at: usize| u32::from_le_bytes(whole[at..at + 4].try_into().unwrap());
        for at in (128..whole.len()).step_by(4) {
            let own = number(at);
            let others = [0, 1, u32::MAX, 1 << 31, own ^ 1 << 16, own.wrapping_add(1), own.wrapping_sub(1)];
            for other in others.into_iter().chain([number(at - 4)]).filter(|other| *other != own) {
                let mut bytes = whole.clone();
                bytes[at..at + 4].copy_from_slice(&other.to_le_bytes());
                judge(bytes);
            }
        }
        for line in (128..whole.len() - 64).step_by(64) {
            for [from, to] in [[line, line + 64], [line + 64, line]] {
                let mut bytes = whole.clone();
                bytes.copy_within(from..from + 64, to);
                judge(bytes.clone());
                bytes[from..from + 64].copy_from_slice(&whole[to..to + 64]);
                judge(bytes);
            }
        }
    }
    // The order of the checks is no promise. Where a change is meant, these are the new numbers.
    let counts = [
        ("catalog", 358),
        ("count", 2_092),
        ("organization", 1_310),
        ("permission", 10_981),
        ("principal", 3_070),
        ("read", 604),
        ("row", 176),
        ("text", 6),
    ];
    let counts: BTreeMap<String, usize> = counts.map(|(list, count)| (list.to_owned(), count)).into();
    assert_eq!((told, all.digest()), (counts, 4_482_612_969_117_027_790));
}

/// What is asked where it lies, whatever lies there.
#[test]
fn trusted_files_never_panic() {
    let expected = expected(&[4, 3], 2, 6, 30);
    let whole = everywhere(&expected);
    let mut random = Random(5);
    for _ in 0..20_000 {
        let mut words = vec![0_u64; whole.len() / 8];
        let bytes = bytemuck::must_cast_slice_mut::<u64, u8>(&mut words);
        bytes.copy_from_slice(&whole);
        for _ in 0..1 + random.below(8) {
            bytes[192 + random.below(whole.len() as u64 - 192) as usize] = random.next() as u8;
        }
        let Ok(index) = Index::trusting(bytes) else { continue };
        for (id, (organization, name)) in expected.people.keys().enumerate() {
            let _ = index.decide(organization, name, "all.r0", Time(50));
            let _ = index.decide(organization, name, "c1.r1-", Time(50));
            if let Some(key) = index.key(CatalogId(1), "all.r0:a") {
                let _ = index.decide_key(PrincipalId::at(id), key, Time(50));
            }
            let _ = index.held(PrincipalId::at(id), Time(50));
        }
    }
}

/// A draft of two catalogs, changed before its people come, and with these as they are said: by name, catalog, row.
fn drafted<'a>(change: impl FnOnce(&mut Draft<'a>), people: &[(&'a str, u32, At)]) -> Draft<'a> {
    let mut draft = Draft::default();
    draft.catalog(1, vec![("a.r".to_owned(), 0, 1), ("a.s".to_owned(), 1, 2)]).unwrap();
    draft.row(&[0b011]).unwrap();
    draft.catalog(1, vec![("a.r".to_owned(), 0, 3)]).unwrap();
    draft.row(&[0b111]).unwrap();
    change(&mut draft);
    draft.organizations(["o"]);
    for (name, catalog, row) in people {
        draft.person(0, name, *catalog, *row).unwrap();
    }
    draft
}

/// Writes a draft, and reads what was written.
fn read(draft: Draft<'_>) -> Result<Decisions, FileError> {
    Decisions::from_bytes(&Decisions::make(&draft).unwrap().to_bytes(None))
}

/// Of which list it is refused, and which of it.
fn refused(draft: Draft<'_>) -> (&'static str, usize) {
    match read(draft).unwrap_err() {
        FileError::Damage(damage) => (damage.list.name(), damage.index),
        error => panic!("{error}"),
    }
}

/// What nobody drafts is written as it is drafted, and refused by whoever reads it.
#[test]
fn what_nobody_drafts_is_refused() {
    let plain = [("ana", 0, At(0)), ("bea", 1, At(1))];
    assert!(read(drafted(|_| (), &plain)).is_ok());
    let steps = |course: [(Option<i64>, Option<u32>); 3]| {
        move |draft: &mut Draft<'_>| {
            let course = course.map(|(until, row)| (until.map(Time), row.map(At)));
            draft.course(&course).unwrap();
        }
    };
    let good = steps([(Some(5), Some(0)), (Some(9), None), (None, Some(0))]);
    let with_steps = [("ana", 0, At(STEPS)), ("bea", 1, At(1))];
    assert!(read(drafted(good, &with_steps)).is_ok());
    // The last step ends; two end together; one ends before the one before it.
    let ends = steps([(Some(5), Some(0)), (Some(9), None), (Some(11), Some(0))]);
    assert_eq!(refused(drafted(ends, &with_steps)), ("step", 2));
    let together = steps([(Some(5), Some(0)), (Some(5), None), (None, Some(0))]);
    assert_eq!(refused(drafted(together, &with_steps)), ("step", 1));
    let back = steps([(Some(5), Some(0)), (Some(4), None), (None, Some(0))]);
    assert_eq!(refused(drafted(back, &with_steps)), ("step", 1));
    // A row or a step of another catalog, a row that begins nowhere, no steps at all, steps from the middle on.
    let place = |people: &[(&'static str, u32, At)], change: &dyn Fn(&mut Draft<'static>)| {
        let (list, _) = refused(drafted(change, people));
        list
    };
    let none = |_: &mut Draft<'_>| ();
    assert_eq!(place(&[("ana", 0, At(0)), ("bea", 0, At(1))], &none), "principal");
    assert_eq!(place(&[("ana", 0, At(0)), ("bea", 1, At(2))], &none), "principal");
    assert_eq!(place(&[("ana", 0, At(STEPS)), ("bea", 1, At(1))], &none), "principal");
    let other = steps([(Some(5), Some(0)), (Some(9), None), (None, Some(1))]);
    assert_eq!(place(&with_steps, &other), "principal");
    for middle in [1, 2, 3] {
        let people = [("ana", 0, At(STEPS | middle)), ("bea", 1, At(1)), ("cy", 0, At(0))];
        assert_eq!(place(&people, &good), "principal", "{middle}");
    }
    let twice = [("ana", 0, At(STEPS)), ("bea", 1, At(1)), ("cy", 0, At(STEPS))];
    assert_eq!(place(&twice, &good), "principal");
    // Bits across the end of a word, and behind the last.
    let wide = |first, count| {
        move |draft: &mut Draft<'_>| {
            draft.catalog(2, vec![("b.r".to_owned(), first, count), ("b.s".to_owned(), 0, 1)]).unwrap();
        }
    };
    assert!(read(drafted(wide(62, 2), &plain)).is_ok() && read(drafted(wide(64, 64), &plain)).is_ok());
    assert_eq!(refused(drafted(wide(63, 2), &plain)).0, "permission");
    assert_eq!(refused(drafted(wide(120, 9), &plain)).0, "permission");
    assert_eq!(refused(drafted(wide(127, 2), &plain)).0, "permission");
    assert_eq!(refused(drafted(wide(128, 1), &plain)).0, "permission");
    // Rows of as many words as their permissions can fill, and of more.
    let rows = |words: usize| {
        move |draft: &mut Draft<'_>| {
            let all = (0..40).map(|row| (format!("w.r{row}"), row * 128, 128)).collect();
            draft.catalog(words, all).unwrap();
        }
    };
    assert!(read(drafted(rows(80), &plain)).is_ok());
    assert_eq!(refused(drafted(rows(8_000), &plain)), ("catalog", 2));
    let both = |first: usize| {
        move |draft: &mut Draft<'_>| {
            draft.catalog(first, vec![("b.r".to_owned(), 62, 2)]).unwrap();
            rows(80)(draft);
        }
    };
    assert!(read(drafted(both(2), &plain)).is_ok());
    assert_eq!(refused(drafted(both(80), &plain)), ("catalog", 3));
}

/// Rows stand in the order in which somebody has need of them, each once.
#[test]
fn rows_stand_in_one_order() {
    // Two rows of three words each, at 2 and at 5.
    let rows = |all: [[u64; 3]; 2]| {
        move |draft: &mut Draft<'_>| {
            let permissions = ["r", "s", "t"].iter().zip([0, 64, 128]);
            draft.catalog(3, permissions.map(|(id, first)| (format!("c.{id}"), first, 3)).collect()).unwrap();
            for row in all {
                draft.bits.extend(row);
            }
            draft.catalogs[2].rows.end += 6;
        }
    };
    let people = |rows: [u32; 2]| {
        [("ana", 0, At(0)), ("bea", 1, At(1)), ("cy", 2, At(rows[0])), ("dan", 2, At(rows[1]))]
    };
    let two = rows([[1, 2, 3], [1, 2, 4]]);
    assert!(read(drafted(two, &people([2, 5]))).is_ok());
    assert_eq!(refused(drafted(two, &people([5, 2]))), ("principal", 2));
    assert_eq!(refused(drafted(two, &people([2, 2]))), ("row", 5), "nobody has it");
    for beside in [3, 4, 6, 8] {
        assert_eq!(refused(drafted(two, &people([2, beside]))).0, "principal", "{beside}");
    }
    assert_eq!(refused(drafted(rows([[1, 2, 3]; 2]), &people([2, 5]))), ("row", 5), "it is there already");
    // A bit without a name.
    assert_eq!(refused(drafted(rows([[1, 2, 3], [8, 2, 4]]), &people([2, 5]))), ("row", 5));
}

/// Decisions are those of their own draft and of no other.
#[test]
fn decisions_are_of_one_draft() {
    let people = [("ana", 0, At(0)), ("bea", 1, At(1))];
    let decisions = Decisions::make(&drafted(|_| (), &people)).unwrap();
    assert!(decisions.are_of(&drafted(|_| (), &people)));
    for other in [
        &[("ana", 0, At(0)), ("bee", 1, At(1))][..],
        &[("ann", 0, At(0)), ("bea", 1, At(1))],
        &[("ana", 1, At(0)), ("bea", 1, At(1))],
        &[("ana", 0, At(0)), ("bea", 0, At(1))],
        &[("ana", 0, At(0)), ("bea", 1, At(0))],
        &[("ana", 0, At(0))],
        &[("ana", 0, At(0)), ("bea", 1, At(1)), ("cy", 1, At(1))],
    ] {
        assert!(!decisions.are_of(&drafted(|_| (), other)), "{other:?}");
    }
    let changes: [fn(&mut Draft<'_>); 7] = [
        |draft| assert!(draft.row(&[0b110]).is_ok()),
        |draft| draft.catalog(1, Vec::new()).unwrap(),
        |draft| draft.catalog(1, vec![("b.r".to_owned(), 0, 1)]).unwrap(),
        |draft| assert!(draft.course(&[(Some(Time(1)), None), (None, Some(At(0)))]).is_ok()),
        |draft| draft.organizations(["n"]),
        |draft| draft.bits[0] = 0b111,
        |draft| draft.catalogs[1].permissions[0].0 = "a.q".to_owned(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert!(!decisions.are_of(&drafted(change, &people)), "{number}");
    }
}

#[test]
fn what_is_no_table_is_told() {
    use std::error::Error as _;

    let said = |bytes: &[u8]| Decisions::from_bytes(bytes).unwrap_err().to_string();
    assert!(said(b"").contains("is empty"));
    assert!(said(b"?ROLE\n?\n and more").contains("takes it for text"));
    assert!(said(b"organization acme {").contains("is no compiled table (it begins with `organiza`)"));
    let mut bytes = expected(&[3], 1, 2, 1).decisions().to_bytes(None);
    let damaged = bytes.len() - 1;
    bytes[damaged] ^= 1;
    assert!(Decisions::from_bytes(&bytes).unwrap_err().source().is_none(), "the checksum does not fit");
    forge(&mut bytes);
    let error = Decisions::from_bytes(&bytes).unwrap_err();
    let damage = error.source().unwrap().to_string();
    assert!(damage.ends_with("is not as it is written") && error.to_string().contains(&damage), "{error}");
    assert!(!matches!(error, FileError::Checksum));
}

/// A certificate stands in a header and goes with what it is of: decisions alone have none of the whole table's.
#[test]
fn certificates_stay_with_what_they_are_of() {
    let hash = 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210;
    let certificate = Certificate::new(47, hash);
    assert_eq!(certificate.map(|it| (it.cells(), it.hash())), Some((47, hash)));
    assert_eq!(certificate.unwrap().to_string(), "47 cells, hash 0123456789abcdeffedcba9876543210");
    assert_eq!(Certificate::new(0, hash), None);

    let plain = expected(&[3], 1, 2, 1).decisions();
    assert_eq!(plain.certificate(), None);
    let certify = |mut bytes: Vec<u8>| {
        let header = Header::of(&bytes).unwrap().certified(certificate);
        bytes[..header.len()].copy_from_slice(&header);
        bytes
    };
    let alone = certify(plain.to_bytes(None));
    let again = Decisions::from_bytes(&alone).unwrap();
    assert_eq!(again.certificate(), certificate);
    assert!(again.to_bytes(None) == alone && Decisions::is_begun(&alone) && !Decisions::is_begun(b"no"));
    assert_eq!(Header::of(&again.to_bytes(Some(b"what it is made from"))).unwrap().certificate, None);
    let whole = certify(plain.to_bytes(Some(b"what it is made from")));
    let again = Decisions::from_bytes(&whole).unwrap();
    assert_eq!(again.certificate(), certificate);
    assert!(again.to_bytes(Some(b"what it is made from")) == whole && again.to_bytes(None) != alone);
}
