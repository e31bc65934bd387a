//! Every loop and every column, against plain lists of what everybody holds.

use super::sample::{Random, Sample};
use super::{Found, Later, Path, Program, Region, Rows, Sliced, UNKNOWN, decide, fill};
use crate::vocab::PrincipalId;

/// Catalogs of one bit, of a full word, of one more, of many.
const WIDTHS: [&[u32]; 6] = [&[76], &[1], &[64], &[65, 3], &[20_000], &[5, 128, 1_000, 64]];

/// Numbers of people round the ends of blocks, words and lines.
const PEOPLE: [usize; 7] = [0, 1, 63, 64, 65, 513, 3_000];

fn each_sample(mut run: impl FnMut(&Sample, &Rows<'_>, &mut Random)) {
    let mut random = Random(0xc01);
    for widths in WIDTHS {
        for people in PEOPLE {
            let sample = Sample::of(&mut random, people, widths);
            let later: Later<'_> = &|begins| sample.later(begins);
            let rows = Rows::new(&sample.begins, &sample.bits, &sample.regions, later).unwrap();
            run(&sample, &rows, &mut random);
        }
    }
}

#[test]
fn every_loop_gives_the_answers_of_the_lists() {
    let (mut allowed, mut all) = (0, 0);
    each_sample(|sample, rows, random| {
        for count in [0_usize, 1, 63, 64, 65, 200, 1_000] {
            let who: Vec<PrincipalId> = (0..count).map(|_| sample.who(random)).collect();
            let keys: Vec<u32> = (0..count + 7).map(|_| sample.key(random)).collect();
            let mut expected = vec![0_u64; count.div_ceil(64)];
            for (at, (who, key)) in who.iter().zip(&keys).enumerate() {
                assert_eq!(
                    rows.holds(*who, *key, &sample.several),
                    sample.holds(*who, *key),
                    "{who:?} {key}"
                );
                expected[at / 64] |= u64::from(sample.holds(*who, *key)) << (at % 64);
            }
            assert_eq!(decide(rows, &who, &keys, &sample.several), expected);
            for path in [Path::Scalar, Path::Wide] {
                let mut found = vec![u64::MAX; expected.len()];
                fill(path, rows, &who, &keys, &sample.several, &mut found);
                assert_eq!(found, expected, "{path:?} {count} {:?}", sample.regions);
            }
            allowed += expected.iter().map(|word| word.count_ones()).sum::<u32>();
            all += count;
        }
    });
    assert!(allowed as usize > all / 20, "{allowed} of {all}");
}

/// Larger than what one thread gets at once.
#[test]
fn long_columns_are_as_short_ones() {
    let mut random = Random(0x10c);
    let sample = Sample::of(&mut random, 5_000, &[76, 40]);
    let later: Later<'_> = &|begins| sample.later(begins);
    let rows = Rows::new(&sample.begins, &sample.bits, &sample.regions, later).unwrap();
    let count: usize = (1 << 17) + (1 << 16) + 77;
    let who: Vec<PrincipalId> = (0..count).map(|_| sample.who(&mut random)).collect();
    let keys: Vec<u32> = (0..count).map(|_| sample.key(&mut random)).collect();
    let mut expected = vec![0; count.div_ceil(64)];
    fill(Path::Scalar, &rows, &who, &keys, &sample.several, &mut expected);
    assert_eq!(decide(&rows, &who, &keys, &sample.several), expected);
}

/// Rows that do not lie where they are said to are no rows: nothing is read beyond a slice, and no other catalog's bits.
#[test]
fn rows_lie_where_they_are_said_to() {
    let region = Region { first: 2, end: 10, stride: 2, base: 0, width: 76 };
    let rows = |region: &[Region]| Rows::new(&[2, 8], &[0; 10], region, &|_| None).is_some();
    assert!(rows(&[region]) && rows(&[]));
    for wrong in [
        Region { end: 11, ..region },
        Region { end: 3, ..region },
        Region { stride: 1, ..region },
        Region { stride: 9, ..region },
        Region { width: 0, ..region },
        Region { width: 129, ..region },
        Region { base: 1, ..region },
        Region { base: u32::MAX - 63, ..region },
    ] {
        assert!(!rows(&[wrong]), "{wrong:?}");
    }
    assert!(!rows(&[region, region]), "one key, two bits");
    assert!(rows(&[region, Region { base: 128, ..region }]));

    // Places beside the rows: before the first, behind the last, far away.
    let begins = [0, 1, 3, 9, 10, 1 << 30, (1 << 31) - 1, 1 << 31, u32::MAX, 8].map(u32::to_le);
    let later: Later<'_> = &|begins| Some(begins & 15);
    let regions = [region];
    let rows = Rows::new(&begins, &[u64::MAX; 10], &regions, later).unwrap();
    let who: Vec<PrincipalId> = (0..begins.len()).map(PrincipalId::at).collect();
    // Of whoever has steps these lead to place 0 and to place 15, which are none.
    let expected = [0b10_0000_0100];
    for (path, key) in [Path::Scalar, Path::Wide].into_iter().flat_map(|path| [(path, 0), (path, 75)]) {
        let mut found = [0];
        fill(path, &rows, &who, &[key; 10], &[], &mut found);
        assert_eq!(found, expected, "{path:?} {key}");
    }
    assert_eq!(format!("{rows:?}"), "Rows { people: 10, words: 10, .. }");
}

/// Columns are made at once where all have room, else those that are asked for until there is no more.
#[test]
fn columns_take_the_room_that_there_is() {
    let mut random = Random(0xb17);
    let sample = Sample::of(&mut random, 3_000, &[76, 3]);
    let later: Later<'_> = &|begins| sample.later(begins);
    let rows = Rows::new(&sample.begins, &sample.bits, &sample.regions, later).unwrap();
    let (column, keys) = (3_000_usize.div_ceil(64) * 8, [0, 75, 7, 40]);
    let all = column * (76 + 3);
    let whole = Sliced::of(rows, all);
    assert_eq!((whole.bytes(), whole.people()), (all, 3_000));
    let made = |sliced: &Sliced<'_>| keys.iter().filter(|key| sliced.column(**key).is_some()).count();
    assert_eq!(made(&whole), 4);
    for room in [0, column - 1, column, 2 * column + 7, 3 * column, all - 1] {
        let some = Sliced::of(rows, room);
        assert_eq!((some.bytes(), made(&some)), (0, 0), "{room}");
        for (asked, key) in keys.iter().flat_map(|key| [key, key]).enumerate() {
            some.want(*key);
            let wanted = (room / column).min(asked / 2 + 1);
            assert_eq!((some.bytes(), made(&some)), (wanted * column, wanted), "{room}");
        }
        for key in keys.iter().take(made(&some)) {
            assert_eq!(some.column(*key), whole.column(*key));
        }
        some.want(UNKNOWN);
        assert!(some.bytes() <= room);
    }
}

#[test]
fn columns_hold_what_the_lists_say() {
    each_sample(|sample, rows, random| {
        let people = rows.people();
        let whole = Sliced::of(*rows, usize::MAX);
        let none = Sliced::of(*rows, 0);
        let some = Sliced::of(*rows, people.div_ceil(64) * 8 * 2);
        for _ in 0..12 {
            let key = sample.key(random);
            let key = if key >= super::SEVERAL { UNKNOWN } else { key };
            let program = Program::of(key);
            let expected: Vec<PrincipalId> =
                (0..people).map(PrincipalId::at).filter(|who| sample.holds(*who, key)).collect();
            for sliced in [&whole, &none, &some] {
                same(&Found::new(sliced, &program), &expected, 0);
                let from = random.below(people + 1);
                let to = from + random.below(people + 1 - from);
                let few: Vec<PrincipalId> =
                    expected.iter().copied().filter(|who| (from..to).contains(&who.index())).collect();
                same(&Found::among(sliced, &program, from..to), &few, from);
            }
        }
        assert_eq!(none.bytes(), 0);
        assert!(some.bytes() <= people.div_ceil(64) * 8 * 2, "{} bytes", some.bytes());
    });
}

fn same(found: &Found<'_>, expected: &[PrincipalId], first: usize) {
    assert_eq!(found.list(), expected);
    assert_eq!(found.count(), expected.len());
    assert!(found.ids().eq(expected.iter().copied()));
    let bits = found.bits();
    let set: Vec<PrincipalId> = (0..bits.len() * 64)
        .filter(|at| bits[at / 64] >> (at % 64) & 1 != 0)
        .map(|at| PrincipalId::at(first + at))
        .collect();
    assert_eq!(set, expected);
}

/// A condition as a tree, decided for one principal at a time.
enum Tree {
    Key(u32),
    Not(Box<Tree>),
    Both(Box<Tree>, Box<Tree>),
    Either(Box<Tree>, Box<Tree>),
}

impl Tree {
    fn of(sample: &Sample, random: &mut Random, depth: usize) -> Self {
        let next = |random: &mut Random| Box::new(Self::of(sample, random, depth - 1));
        match if depth == 0 { 0 } else { random.below(5) } {
            0 => Self::Key(Some(sample.key(random)).filter(|key| *key < super::SEVERAL).unwrap_or(UNKNOWN)),
            1 => Self::Not(next(random)),
            2 => Self::Either(next(random), next(random)),
            _ => Self::Both(next(random), next(random)),
        }
    }

    fn program(&self) -> Program {
        match self {
            Self::Key(key) => Program::of(*key),
            Self::Not(other) => other.program().negated(),
            Self::Both(one, other) => one.program().and(other.program()),
            Self::Either(one, other) => one.program().or(other.program()),
        }
    }

    fn is_true(&self, sample: &Sample, who: PrincipalId) -> bool {
        match self {
            Self::Key(key) => sample.holds(who, *key),
            Self::Not(other) => !other.is_true(sample, who),
            Self::Both(one, other) => one.is_true(sample, who) && other.is_true(sample, who),
            Self::Either(one, other) => one.is_true(sample, who) || other.is_true(sample, who),
        }
    }
}

#[test]
fn conditions_are_true_of_whom_they_say() {
    let mut random = Random(0x7ee);
    for (widths, people) in [(WIDTHS[0], 3_000), (WIDTHS[3], 700), (WIDTHS[4], 130), (WIDTHS[5], 65)] {
        let sample = Sample::of(&mut random, people, widths);
        let later: Later<'_> = &|begins| sample.later(begins);
        let rows = Rows::new(&sample.begins, &sample.bits, &sample.regions, later).unwrap();
        let sliced = [usize::MAX, people / 8 * 5, 0].map(|bytes| Sliced::of(rows, bytes));
        for round in 0..60 {
            let tree = Tree::of(&sample, &mut random, 1 + round % 7);
            let program = tree.program();
            let all = (0..people).map(PrincipalId::at);
            let expected: Vec<PrincipalId> = all.filter(|who| tree.is_true(&sample, *who)).collect();
            for sliced in &sliced {
                same(&Found::new(sliced, &program), &expected, 0);
            }
            let from = random.below(people);
            let few: Vec<PrincipalId> = expected.iter().copied().filter(|who| who.index() >= from).collect();
            same(&Found::among(&sliced[0], &program, from..usize::MAX), &few, from);
        }
    }
}

/// However a condition is nested, nothing recurses, and registers grow with its logarithm at most.
#[test]
fn deep_conditions_are_done_step_by_step() {
    let mut random = Random(0xdee);
    let sample = Sample::of(&mut random, 300, &[76]);
    let later: Later<'_> = &|begins| sample.later(begins);
    let rows = Rows::new(&sample.begins, &sample.bits, &sample.regions, later).unwrap();
    let sliced = Sliced::of(rows, usize::MAX);
    // One side deep: a | !(b & !(a | !(b & …))).
    let [a, b] = [Program::of(3), Program::of(70)];
    let mut program = a.clone();
    for _ in 0..50_000 {
        program = a.clone().or(b.clone().and(program.negated()).negated());
    }
    assert_eq!(program.stride(), super::condition::ROOM / 2, "one register and the spare one");
    // Whoever is of a is of all; whoever is not stays what they are at the next level where they are of b.
    let all = (0..300).map(PrincipalId::at);
    let expected: Vec<PrincipalId> =
        all.filter(|who| sample.holds(*who, 3) || !sample.holds(*who, 70)).collect();
    same(&Found::new(&sliced, &program), &expected, 0);
    // Both sides deep: a full tree of 2¹² keys.
    let mut level: Vec<Program> = (0..1 << 12).map(|at| Program::of(at % 76)).collect();
    while level.len() > 1 {
        let mut pairs = level.into_iter();
        let mut above = Vec::new();
        while let (Some(one), Some(other)) = (pairs.next(), pairs.next()) {
            above.push(if above.len() % 2 == 0 { one.or(other) } else { one.and(other).negated() });
        }
        level = above;
    }
    assert!(level[0].stride() >= super::condition::ROOM / 14, "{}", level[0].stride());
    assert_eq!(Found::new(&sliced, &level[0]).list().len(), Found::new(&sliced, &level[0]).count());
}
