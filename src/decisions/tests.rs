//! Small drafts, asked in every way; their files cut, flipped and forged.

#[cfg(feature = "parallel")]
mod parts;
mod refused;

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_128;

use crate::decisions::hash::Keys;
use crate::decisions::line::CATALOGS;
use crate::decisions::places::Places;
use crate::decisions::{Answer, Answers, At, Certificate, Decisions, Draft, Index, Question, Size};
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
