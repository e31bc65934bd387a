//! Small drafts, asked in every way; their files cut, flipped and forged.

use std::collections::{BTreeMap, HashMap};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::decisions::hash::Keys;
use crate::decisions::line::{CATALOGS, STEPS};
use crate::decisions::places::Places;
use crate::decisions::{
    Answer, Answers, At, Certificate, Decisions, Draft, FileError, Header, Index, Question, Size, forge,
};
use crate::vocab::{Actions, CatalogId, Decision, OrganizationId, PrincipalId, Time};

/// An interpreter that looks at every access takes a sample of what is tried.
const STEP: usize = if cfg!(miri) { 23 } else { 1 };

/// What one principal holds, from when on.
type Told = Vec<(Option<Time>, Option<Vec<u64>>)>;

/// Organization and name; catalog and course.
type Person<'e> = (&'e (String, String), &'e (u32, Told));

/// What a draft was told, to be held against the answers.
#[derive(Default)]
struct Expected {
    /// By organization and name: the catalog, and the course.
    people: HashMap<(String, String), (u32, Told)>,
    permissions: Vec<Vec<(String, u32, u16)>>,
    organizations: Vec<String>,
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// Catalogs of so many permissions each; every 40th a row of 128, every seventh of all names the same in all catalogs.
fn expected(catalogs: &[u32], organizations: usize, people: usize, name: usize) -> Expected {
    let mut random = Random(catalogs.len() as u64 + people as u64);
    let mut expected = Expected::default();
    for (number, count) in catalogs.iter().enumerate() {
        let mut end = 0;
        let mut permissions = Vec::new();
        for permission in 0..*count {
            let width: u16 = if permission % 40 == 39 { 128 } else { 1 + (permission % 3) as u16 };
            if end % 64 + u32::from(width) > 64 {
                end = u32::next_multiple_of(end, 64);
            }
            let text = if permission % 7 == 0 {
                format!("all.r{permission}")
            } else {
                format!("c{number}.r{permission}{}", "-".repeat(permission as usize % 60))
            };
            permissions.push((text.clone(), end, width));
            permissions.push((format!("{text}:a"), end, 1));
            end += u32::from(width);
        }
        expected.permissions.push(permissions);
    }
    expected.organizations =
        (0..organizations).map(|number| format!("{number:0width$}", width = name.max(4))).collect();
    for person in 0..people {
        let organization = person % organizations;
        let catalog = organization % catalogs.len();
        let permissions = &expected.permissions[catalog];
        let words = permissions
            .iter()
            .map(|(_, first, count)| first + u32::from(*count))
            .max()
            .unwrap_or(0)
            .div_ceil(64);
        let row = |of: u64| {
            let mut bits = vec![0_u64; words as usize];
            for (_, first, count) in permissions {
                for bit in *first..*first + u32::from(*count) {
                    if Random(of * 1_000 + u64::from(bit / 3)).below(10) < 6 {
                        bits[bit as usize / 64] |= 1 << (bit % 64);
                    }
                }
            }
            bits
        };
        let course = match random.below(4) {
            0 => {
                let first = Time(random.below(100) as i64);
                let last = Time(first.0 + 1 + random.below(100) as i64);
                let before = (random.below(2) == 0).then(|| row(random.below(9)));
                let between = (before.is_none() || random.below(2) == 0).then(|| row(random.below(9)));
                let after = (random.below(2) == 0).then(|| row(random.below(9)));
                vec![(Some(first), before), (Some(last), between), (None, after)]
            }
            _ => vec![(None, Some(row(random.below(9))))],
        };
        let name = format!("{person}{}", "x".repeat(name));
        let key = (expected.organizations[organization].clone(), name);
        expected.people.insert(key, (catalog as u32, course));
    }
    expected
}

impl Expected {
    /// The people by organization and name, as a draft has them.
    fn sorted(&self) -> Vec<Person<'_>> {
        let mut people: Vec<_> = self.people.iter().collect();
        people.sort_by(|one, other| one.0.cmp(other.0));
        people
    }

    fn decisions(&self) -> Decisions {
        let mut draft = Draft::default();
        let people = self.sorted();
        let mut rows: Vec<Option<At>> = vec![None; people.len()];
        for (number, permissions) in self.permissions.iter().enumerate() {
            let ends = permissions.iter().map(|(_, first, count)| first + u32::from(*count));
            draft.catalog(ends.max().unwrap_or(0).div_ceil(64) as usize, permissions.clone()).unwrap();
            for ((_, (catalog, course)), slot) in people.iter().zip(&mut rows) {
                if *catalog as usize != number {
                    continue;
                }
                let course: Vec<_> = course
                    .iter()
                    .map(|(until, bits)| (*until, bits.as_ref().map(|bits| draft.row(bits).unwrap())))
                    .collect();
                *slot = Some(match course[..] {
                    [(None, Some(row))] => row,
                    _ => draft.course(&course).unwrap(),
                });
            }
        }
        draft.organizations(self.organizations.iter().map(|name| &**name));
        for (((organization, name), (catalog, _)), row) in people.iter().zip(rows) {
            let number = self.organizations.binary_search(organization).unwrap();
            draft.person(number as u32, name, *catalog, row.unwrap()).unwrap();
        }
        let decisions = Decisions::make(&draft).unwrap();
        assert!(decisions.are_of(&draft));
        assert_eq!(Decisions::make(&draft).unwrap(), decisions, "the same draft, other bytes");
        decisions
    }

    /// Asks everything of everybody, by names and by ids, at every moment at which something changes.
    fn hold(&self, index: Index<'_>) {
        for (id, ((organization, name), (catalog, course))) in self.sorted().into_iter().enumerate() {
            let id = PrincipalId::at(id);
            assert_eq!(index.principal(organization, name), Some(id));
            let known = index.organization(organization).unwrap();
            assert!(index.principals(known).contains(&id.index()));
            assert!(index.changes_of(id).eq(course.iter().filter_map(|(until, _)| *until)));
            assert_eq!(index.changes(Time(i64::MAX)), None);
            let times =
                course.iter().filter_map(|(until, _)| *until).flat_map(|time| [Time(time.0 - 1), time]);
            for at in times.chain([Time(i64::MIN), Time(i64::MAX)]) {
                let all = self.people.values().flat_map(|(_, course)| course);
                let later = all.filter_map(|(until, _)| *until).filter(|until| *until > at).min();
                assert_eq!(index.changes(at), later);
                let held = course.iter().find(|(until, _)| until.is_none_or(|until| at < until)).unwrap();
                let mut begins = course.iter().scan(None, |begins, (until, bits)| {
                    let own = *begins;
                    *begins = *until;
                    Some((own, bits))
                });
                let next =
                    begins.find(|(begins, bits)| bits.is_some() && begins.is_some_and(|begins| at < begins));
                match (index.held(id, at).unwrap(), &held.1) {
                    (Ok(bits), Some(wanted)) => {
                        // A row has a word, though nothing stand there.
                        let padded = wanted.iter().copied().chain([0]).take(wanted.len().max(1));
                        assert!(bits.words().eq(padded));
                        assert!(wanted.iter().zip(0..).all(|(word, number)| bits.word(number) == *word));
                        assert_eq!(bits.word(wanted.len().max(1)), 0);
                        for (_, first, count) in &self.permissions[*catalog as usize] {
                            let has = |bit: u32| u128::from(wanted[bit as usize / 64] >> (bit % 64) & 1);
                            let run = (0..u32::from(*count)).fold(0, |run, at| run | has(first + at) << at);
                            assert_eq!(bits.run(*first, usize::from(*count)), run);
                        }
                    }
                    (Err(when), None) => assert_eq!(when, next.and_then(|(begins, _)| begins)),
                    other => panic!("{other:?}"),
                }
                for (number, permissions) in self.permissions.iter().enumerate() {
                    for (permission, first, count) in permissions {
                        let own = self.permissions[*catalog as usize].iter().find(|own| own.0 == *permission);
                        let wanted = |(first, count): (u32, u16)| match &held.1 {
                            None => Answer::NothingInForce,
                            Some(bits) => {
                                let has = |bit: u32| bits[bit as usize / 64] >> (bit % 64) & 1 != 0;
                                if (first..first + u32::from(count)).all(has) {
                                    Answer::Granted
                                } else {
                                    Answer::NotGranted
                                }
                            }
                        };
                        let by_name = own.map_or(Answer::UnknownPermission, |own| wanted((own.1, own.2)));
                        assert_eq!(index.decide(organization, name, permission, at), by_name, "{permission}");
                        let key = index.key(CatalogId::at(number), permission).unwrap();
                        assert_eq!(key.bits(), (*first, *count));
                        // Of whoever never holds anything no row tells the catalog.
                        let is_known = course.iter().any(|(_, bits)| bits.is_some());
                        let by_id = if number == *catalog as usize || !is_known {
                            wanted((*first, *count))
                        } else {
                            Answer::UnknownPermission
                        };
                        assert_eq!(index.decide_key(id, key, at), by_id, "{permission}");
                    }
                }
                let ask = |permission| Question { organization, principal: name, permission };
                let questions: Vec<_> = self.permissions.iter().flatten().map(|it| ask(&*it.0)).collect();
                let mut answers = vec![Answer::Granted];
                index.decide_each(&questions, at, &mut answers);
                let one = questions.iter().map(|it| index.decide(organization, name, it.permission, at));
                assert!(answers.iter().skip(1).copied().eq(one) && answers.len() == questions.len() + 1);
                for other in ["", "c0", "c0.r1:b", "c0.r1 ", "C0.r1"] {
                    assert_eq!(index.decide(organization, name, other, at), Answer::UnknownPermission);
                }
            }
            for (one, other) in
                [(&**organization, ""), (organization, name.get(1..).unwrap()), (organization, "nobody")]
            {
                let is_known = self.people.contains_key(&(one.to_owned(), other.to_owned()));
                let answer = index.decide(one, other, "c0.r1", Time(0));
                assert_eq!(answer == Answer::UnknownPrincipal, !is_known, "{one} {other}");
            }
            assert_eq!(index.decide("", name, "c0.r1", Time(0)), Answer::UnknownOrganization);
            assert_eq!(index.decide("nowhere", name, "c0.r1", Time(0)), Answer::UnknownOrganization);
            // A name that is both names, cut elsewhere.
            let (first, rest) = name.split_at(1);
            assert_eq!(
                index.decide(&format!("{organization}{first}"), rest, "c0.r1", Time(0)),
                Answer::UnknownOrganization
            );
        }
        let is_one = self.organizations.len() == 1;
        assert_eq!(index.only_organization(), self.organizations.first().map(|it| &**it).filter(|_| is_one));
        let steps = self.people.values().map(|(_, course)| course.len()).filter(|count| *count > 1).sum();
        let wanted = Size {
            catalogs: self.permissions.len(),
            permissions: self.permissions.iter().map(Vec::len).sum(),
            organizations: self.organizations.len(),
            principals: self.people.len(),
            steps,
        };
        assert_eq!(index.size(), wanted);
        assert!(index.held(PrincipalId::at(self.people.len()), Time(0)).is_none());
        assert_eq!(index.principals(OrganizationId::at(self.organizations.len())), 0..0);
        assert_eq!(index.organization("nowhere"), None);
        assert_eq!(index.key(CatalogId::at(self.permissions.len()), "c0.r1"), None);
    }
}

/// As they are made, read from a file, and where the file lies.
fn everywhere(expected: &Expected) -> Vec<u8> {
    let decisions = expected.decisions();
    expected.hold(decisions.index());
    let bytes = decisions.to_bytes(None);
    let again = Decisions::from_bytes(&bytes).unwrap();
    assert!(again == decisions && again.to_bytes(None) == bytes);
    assert!(again.index().is_placed_as_made());
    assert!(Decisions::read(&mut &*bytes, bytes.len() as u64).unwrap().unwrap() == decisions);
    let mut words = vec![0_u64; bytes.len() / 8];
    bytemuck::must_cast_slice_mut::<u64, u8>(&mut words).copy_from_slice(&bytes);
    let lying = Index::trusting(bytemuck::must_cast_slice(&words)).unwrap();
    expected.hold(lying);
    assert!(Index::trusting(&bytemuck::must_cast_slice(&words)[1..]).is_err());
    bytes
}

/// Permissions of each catalog, organizations, people, and how long their names are.
type Extent = (&'static [u32], usize, usize, usize);

const SIZES: &[Extent] = if cfg!(miri) {
    &[(&[3], 1, 0, 1), (&[3], 1, 1, 1), (&[0], 1, 2, 1), (&[5, 0, 3], 3, 3, 44), (&[38], 1, 1, 60)]
} else {
    &[
        (&[3], 1, 0, 1),
        (&[3], 1, 1, 1),
        (&[0], 1, 2, 1),
        (&[20], 3, 40, 20),
        (&[20], 3, 40, 44),
        (&[20], 3, 40, 60),
        (&[20], 2, 5, 500),
        (&[38], 2, 9, 5),
        (&[50, 0, 20, 1], 9, 60, 12),
        (&[90], 2, 20, 10),
    ]
};

#[test]
fn all_sizes_answer_alike() {
    for (catalogs, organizations, people, name) in SIZES {
        everywhere(&expected(catalogs, *organizations, *people, *name));
    }
}

#[test]
fn a_wide_catalog() {
    let expected = expected(&[8_000], 1, 2, 9);
    let all = &expected.permissions[0];
    assert!(all.iter().map(|(_, first, _)| *first).max() > Some(20_000));
    everywhere(&expected);
}

/// Bits of two words, some of them asked for together: in the line of somebody, in their row, in another catalog too.
#[test]
fn many_bits_are_asked_for_together() {
    const LOW: u64 = (1 << 36) - 1;
    let permission = |name: &str, first, count| (name.to_owned(), first, count);
    let mut draft = Draft::default();
    let narrow = vec![permission("wide.one", 0, 1), permission("wide.some", 1, 3)];
    draft.catalog(1, narrow).unwrap();
    let own: Vec<At> = [0b1110, 0b0001].map(|bits| draft.row(&[bits]).unwrap()).into();
    let wide = [("wide.all", 0, 100), ("wide.first", 0, 64), ("wide.some", 64, 36), ("wide.one", 70, 1)];
    draft.catalog(2, wide.map(|(name, first, count)| permission(name, first, count)).into()).unwrap();
    let held =
        [[u64::MAX, LOW], [u64::MAX, LOW >> 1], [u64::MAX - 1, LOW], [0, LOW], [u64::MAX, 0], [1 << 6, 0]];
    let rows: Vec<At> = held.iter().map(|bits| draft.row(bits).unwrap()).collect();
    draft.organizations(["o"]);
    // In the line with the bits, in the line without, among the texts.
    let names: Vec<String> = [1, 40, 90]
        .iter()
        .flat_map(|length| (0..8).map(move |number| format!("{number}{}", "n".repeat(*length))))
        .collect();
    for (number, name) in names.iter().enumerate() {
        let (catalog, row) = match number % 8 {
            own_row @ (0 | 1) => (0, own[own_row]),
            row => (1, rows[row - 2]),
        };
        draft.person(0, name, catalog, row).unwrap();
    }
    let decisions = Decisions::make(&draft).unwrap();
    let bytes = decisions.to_bytes(None);
    let decisions = Decisions::from_bytes(&bytes).unwrap();
    assert!(decisions.are_of(&draft));
    let index = decisions.index();
    for (number, name) in names.iter().enumerate() {
        let asked = |permission: &str| {
            let by_name = index.decide("o", name, permission, Time(0));
            let id = index.principal("o", name).unwrap();
            assert_eq!(id, PrincipalId::at(number));
            let key = index.key(CatalogId::at(usize::from(number % 8 > 1)), permission);
            let by_id = key.map_or(Answer::UnknownPermission, |key| index.decide_key(id, key, Time(0)));
            assert_eq!(by_name, by_id, "{name} {permission}");
            by_name
        };
        if number % 8 < 2 {
            let [one, some] =
                ["wide.one", "wide.some"].map(|permission| asked(permission) == Answer::Granted);
            assert_eq!((one, some), (number % 8 == 1, number % 8 == 0), "{name}");
            assert_eq!(asked("wide.all"), Answer::UnknownPermission);
            continue;
        }
        let bits = held[number % 8 - 2];
        for (permission, first, count) in wide {
            let holds =
                (first..first + u32::from(count)).all(|bit| bits[bit as usize / 64] >> (bit % 64) & 1 != 0);
            let wanted = if holds { Answer::Granted } else { Answer::NotGranted };
            assert_eq!(asked(permission), wanted, "{name} {permission}");
        }
    }
}

/// Names of every length, so that they end at every place of a line and beyond it.
#[test]
fn names_of_every_length() {
    for length in (0..70).step_by(STEP) {
        let expected = expected(&[10], 2, 3, length);
        expected.hold(expected.decisions().index());
    }
}

/// Of whoever never has anything in force no row tells the catalog, and it is told by where the steps stand.
#[test]
fn who_never_holds_anything_is_of_a_catalog() {
    for never in [&[0, 1][..], &[0], &[1], &[2], &[1, 2], &[0, 1, 2]].into_iter().step_by(STEP) {
        let mut expected = expected(&[4, 3, 5], 3, 7, 3);
        for (catalog, course) in expected.people.values_mut().filter(|it| never.contains(&it.0)) {
            let end = Time(5 + i64::from(*catalog));
            *course = vec![(Some(Time(2)), None), (Some(end), None), (None, None)];
        }
        everywhere(&expected);
    }
}

#[test]
fn a_key_is_good_for_its_table_alone() {
    let (one, other) = (expected(&[20], 1, 5, 3), expected(&[21], 1, 5, 3));
    let (one, other) = (one.decisions(), other.decisions());
    let key = one.index().key(CatalogId(0), "c0.r1-").unwrap();
    assert!(!one.clone().index().decide_key(PrincipalId(0), key, Time(0)).is_unknown());
    assert_eq!(other.index().decide_key(PrincipalId(0), key, Time(0)), Answer::UnknownPermission);
    assert_eq!(one.index().decide_key(PrincipalId(5), key, Time(0)), Answer::UnknownPrincipal);
    assert_eq!(one.index().decide_key(PrincipalId(u32::MAX), key, Time(0)), Answer::UnknownPrincipal);
}

#[test]
fn columns_are_what_is_asked() {
    let expected = expected(&[20, 30], 4, 50, 3);
    let decisions = expected.decisions();
    let index = decisions.index();
    let (rows, bits) = (index.begins(Time(0)), index.words());
    assert_eq!(index.changes(Time(i64::MAX)), None);
    assert_eq!(rows.len(), 50);
    for (id, row) in rows.iter().map(|row| u32::from_le(*row)).enumerate() {
        match index.held(PrincipalId::at(id), Time(0)).unwrap() {
            Ok(held) => {
                let here = bits.iter().skip(row as usize).map(|word| u64::from_le(*word));
                assert!(here.take(held.words().count()).eq(held.words()) && held.words().count() > 0);
            }
            Err(_) => assert!(row as usize >= bits.len()),
        }
    }
    for (number, permissions) in expected.permissions.iter().enumerate() {
        let catalog = CatalogId::at(number);
        let (words, of) = index.rows_of(catalog).unwrap();
        for (permission, first, count) in permissions.iter().filter(|it| it.2 == 1) {
            let key = index.key(catalog, permission).unwrap();
            for (id, row) in rows
                .iter()
                .map(|row| u32::from_le(*row))
                .enumerate()
                .filter(|(_, row)| of.contains(&(*row as usize)))
            {
                assert_eq!((row as usize - of.start) % words, 0);
                let word = bits[row as usize + *first as usize / 64];
                let wanted = u64::from_le(word) >> (first % 64) & 1 != 0;
                let answer = index.decide_key(PrincipalId::at(id), key, Time(0));
                assert_eq!(answer == Answer::Granted, wanted, "{permission} {count}");
            }
        }
    }
}

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

/// By another seed, among more places, or by other pilots names would be found as well.
#[test]
fn places_are_those_of_whoever_makes_them() {
    let decisions = expected(&[20, 3], 9, 40, 6).decisions();
    let index = decisions.index();
    assert!(index.is_placed_as_made());
    assert!(!Index { keys: Keys::of(1), ..index }.is_placed_as_made());
    let more = |places: Places<'_>| places.count + 1;
    let other = |places: Places<'_>| {
        let mut pilots = places.pilots.to_vec();
        pilots[0] = pilots[0].wrapping_add(1);
        pilots
    };
    let Index { named, organized, people, .. } = index;
    let pilots = [named, organized, people].map(other);
    for wrong in [
        Index { named: Places { count: more(named), ..named }, ..index },
        Index { organized: Places { count: more(organized), ..organized }, ..index },
        Index { people: Places { count: more(people), ..people }, ..index },
        Index { named: Places { pilots: &pilots[0], ..named }, ..index },
        Index { organized: Places { pilots: &pilots[1], ..organized }, ..index },
        Index { people: Places { pilots: &pilots[2], ..people }, ..index },
    ] {
        assert!(!wrong.is_placed_as_made());
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

/// What nobody drafts is written as it is drafted, and refused by whoever reads it.
#[test]
fn what_nobody_drafts_is_refused() {
    let read = |draft: Draft<'_>| Decisions::from_bytes(&Decisions::make(&draft).unwrap().to_bytes(None));
    let refused = |draft: Draft<'_>| match read(draft).unwrap_err() {
        FileError::Damage(damage) => (damage.list.name(), damage.index),
        error => panic!("{error}"),
    };
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
fn catalogs_have_a_number() {
    let mut draft = Draft::default();
    for _ in 0..CATALOGS {
        assert!(draft.catalog(1, Vec::new()).is_ok());
    }
    assert!(draft.catalog(1, Vec::new()).is_err());
    assert_eq!(CATALOGS, 32_767, "what is above has another meaning in a line");
}

#[test]
fn ids_of_other_characters_are_quoted() {
    for (name, is_plain) in [("c.r:view", true), ("c.\"a b\":view", false), ("\"c d\".r", false)] {
        let mut draft = Draft::default();
        draft.catalog(1, vec![("c.q".to_owned(), 0, 1), (name.to_owned(), 1, 1)]).unwrap();
        let decisions = Decisions::make(&draft).unwrap();
        assert_eq!(decisions.index().is_plain(), is_plain);
        assert!(format!("{decisions:?}").contains("catalogs: 1"), "{decisions:?}");
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

/// However much is hashed at once.
#[test]
fn answers_are_counted_and_hashed_in_their_order() {
    let mut answers = Answers::default();
    assert_eq!((answers.cells(), answers.certificate()), (0, None));
    let mut bytes = Vec::new();
    for number in 0..300_u128 {
        let held = Actions(number << 100 | number);
        answers.push(held, 3);
        bytes.extend(held.0.to_le_bytes());
        let certificate = answers.certificate().unwrap();
        assert_eq!((certificate.cells(), answers.cells()), (3 * (number as u64 + 1), certificate.cells()));
        assert_eq!(certificate.hash(), xxh3_128(&bytes));
    }
    let mut all = answers.clone();
    all.append(&answers);
    bytes.extend(xxh3_128(&bytes).to_le_bytes());
    assert_eq!(all.certificate(), Certificate::new(1_800, xxh3_128(&bytes)));
    assert_eq!(format!("{all:?}"), "Answers { cells: 1800, .. }");
}

#[test]
fn one_answer_of_all_allows() {
    for (answer, slug, is_unknown) in [
        (Answer::Granted, "granted", false),
        (Answer::NotGranted, "not-granted", false),
        (Answer::NothingInForce, "nothing-in-force", false),
        (Answer::UnknownOrganization, "unknown-organization", true),
        (Answer::UnknownPrincipal, "unknown-principal", true),
        (Answer::UnknownPermission, "unknown-permission", true),
    ] {
        assert_eq!((answer.slug(), answer.is_unknown()), (slug, is_unknown));
        assert_eq!(answer.decision() == Decision::Allow, answer == Answer::Granted);
    }
}
