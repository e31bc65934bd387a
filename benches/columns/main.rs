//! What many questions at once cost, beside yardsticks that do nothing else: `cargo bench --bench columns`.
//!
//! A process for each contender and size, medians of several runs. What counts are the ratios; the times are the machine's.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark fails by a panic"
)]
#![allow(clippy::cast_possible_truncation, reason = "the worlds are smaller")]

#[path = "../generate/random.rs"]
mod random;
mod yardstick;

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use rolec::columns::{Found, Path, Program, Region, Rows, Sliced, fill};
use rolec::vocab::PrincipalId;

use self::random::Random;
use self::yardstick::Bare;

/// A world: rows of 76 bits, and people who have one each.
#[derive(Clone, Copy)]
struct World {
    name: &'static str,
    organizations: usize,
    /// Of each organization.
    roles: usize,
    people: usize,
    /// Questions in a column.
    pairs: usize,
    /// Whether they are asked organization by organization.
    is_grouped: bool,
}

const WIDTH: u32 = 76;

const WORLDS: [World; 4] = [
    World { name: "S", organizations: 1, roles: 20, people: 20, pairs: 1 << 16, is_grouped: false },
    World { name: "M", organizations: 50, roles: 20, people: 200, pairs: 1 << 16, is_grouped: false },
    World { name: "L", organizations: 5_000, roles: 20, people: 200, pairs: 1 << 20, is_grouped: false },
    World {
        name: "L, grouped",
        organizations: 5_000,
        roles: 20,
        people: 200,
        pairs: 1 << 20,
        is_grouped: true,
    },
];

/// What is measured in every world, and beside what.
const BATCH: [(&str, &str); 3] = [("bare", "bare"), ("scalar", "bare"), ("wide", "scalar")];

/// What is measured in the largest world, and beside what.
const REVERSE: [(&str, &str); 14] = [
    ("bits-count", "bits-count"),
    ("count", "bits-count"),
    ("bits-copy", "bits-copy"),
    ("bitmap", "bits-copy"),
    ("bits-list", "bits-list"),
    ("list", "bits-list"),
    ("iterate", "bits-list"),
    ("bits-joined", "bits-joined"),
    ("joined", "bits-joined"),
    ("bits-joined-copy", "bits-joined-copy"),
    ("joined-bitmap", "bits-joined-copy"),
    ("organization", ""),
    ("organization-list", ""),
    ("turn", ""),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, contender, world] = &arguments[..]
        && flag == "--one"
    {
        let world = WORLDS.into_iter().find(|it| it.name == world).expect("a world");
        println!("{}", measure(contender, world, 15));
        return;
    }
    // `cargo test --benches` runs this too: that all answer alike is shown at small sizes.
    if !arguments.iter().any(|argument| argument == "--bench") {
        let small = World { organizations: 7, pairs: 1 << 12, ..WORLDS[3] };
        for (contender, _) in BATCH.into_iter().chain(REVERSE) {
            assert!(measure(contender, small, 1) > 0.0);
        }
        return;
    }
    println!("{:<28}{:>12}{:>12}{:>8}", "million checks a second", "beside", "rolec", "ratio");
    for world in WORLDS {
        table(&BATCH, world, |nanoseconds| 1e3 / nanoseconds);
    }
    println!("\n{:<28}{:>12}{:>12}{:>8}", "microseconds", "beside", "rolec", "ratio");
    table(&REVERSE, WORLDS[2], |nanoseconds| nanoseconds / 1e3);
}

fn table(contenders: &[(&str, &str)], world: World, shown: impl Fn(f64) -> f64) {
    let mut figures: Vec<(&str, f64)> = Vec::new();
    for (contender, beside) in contenders {
        let figure = shown(apart(contender, world));
        let name = format!("{} {contender}", world.name);
        match figures.iter().find(|(name, _)| name == beside) {
            Some((_, other)) => println!("{name:<28}{other:>12.2}{figure:>12.2}{:>8.2}", figure / other),
            None if beside.is_empty() => println!("{name:<28}{:>12}{figure:>12.2}", ""),
            None => {}
        }
        figures.push((contender, figure));
    }
}

/// Measures a contender in a process of its own: nanoseconds for each of what it does.
fn apart(contender: &str, world: World) -> f64 {
    let itself = std::env::current_exe().expect("this program");
    let output = Command::new(itself).args(["--one", contender, world.name]).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a number").trim().parse().expect("a number")
}

fn measure(contender: &str, world: World, runs: usize) -> f64 {
    let mut random = Random(0x5eed);
    let bare = bare(world, &mut random);
    if BATCH.iter().any(|(name, _)| *name == contender) {
        return batch(contender, world, &bare, &mut random, runs);
    }
    let (begins, bits, region) = as_rows(&bare);
    let rows = Rows::new(&begins, &bits, &region, &|_| None).expect("rows");
    if contender == "turn" {
        return median(runs, 1, || Sliced::of(rows, usize::MAX).bytes());
    }
    let sliced = Sliced::of(rows, usize::MAX);
    let keys = [3, 70, 12];
    let columns = keys.map(|key| bare.column(key));
    let [one, other, without] = columns.each_ref().map(Vec::as_slice);
    let program = Program::of(keys[0]);
    let joined = program.clone().and(Program::of(keys[1])).and(Program::of(keys[2]).negated());
    let found = Found::new(&sliced, black_box(&program));
    let joined = Found::new(&sliced, black_box(&joined));
    let count = yardstick::count(one);
    let organization = world.people * (world.organizations / 2);
    let few = organization..organization + world.people;
    // All answer alike.
    assert_eq!((found.count(), &*found.bits()), (count, one));
    assert!(
        found.list().iter().map(|who| who.0).eq(yardstick::list(one, count)) && found.ids().eq(found.list())
    );
    assert_eq!(joined.count(), yardstick::count_joined(one, other, without));
    assert_eq!(joined.bits(), yardstick::copy_joined(one, other, without));
    let among = || Found::among(&sliced, black_box(&program), few.clone());
    assert!(among().list().into_iter().eq(found.ids().filter(|who| few.contains(&who.index()))));
    match contender {
        "bits-count" => median(runs, 1, || yardstick::count(black_box(one))),
        "count" => median(runs, 1, || black_box(&found).count()),
        "bits-copy" => median(runs, 1, || black_box(one).to_vec().len()),
        "bitmap" => median(runs, 1, || black_box(&found).bits().len()),
        "bits-list" => median(runs, 1, || yardstick::list(black_box(one), count).len()),
        "list" => median(runs, 1, || black_box(&found).list().len()),
        "iterate" => {
            median(runs, 1, || black_box(&found).ids().map(|who| who.index()).fold(0, usize::wrapping_add))
        }
        "bits-joined" => median(runs, 1, || yardstick::count_joined(black_box(one), other, without)),
        "joined" => median(runs, 1, || black_box(&joined).count()),
        "bits-joined-copy" => {
            median(runs, 1, || yardstick::copy_joined(black_box(one), other, without).len())
        }
        "joined-bitmap" => median(runs, 1, || black_box(&joined).bits().len()),
        "organization" => median(runs, 1, || among().count()),
        "organization-list" => median(runs, 1, || among().list().len()),
        other => panic!("no contender {other}"),
    }
}

fn batch(contender: &str, world: World, bare: &Bare, random: &mut Random, runs: usize) -> f64 {
    let people = world.organizations * world.people;
    let mut who: Vec<u32> = (0..world.pairs).map(|_| random.below(people) as u32).collect();
    if world.is_grouped {
        who.sort_by_key(|who| *who as usize / world.people);
    }
    let keys: Vec<u32> = (0..world.pairs).map(|_| random.below(WIDTH as usize) as u32).collect();
    let ids: Vec<PrincipalId> = who.iter().map(|who| PrincipalId(*who)).collect();
    let (begins, bits, region) = as_rows(bare);
    let rows = Rows::new(&begins, &bits, &region, &|_| None).expect("rows");
    let mut answers = vec![0; world.pairs / 64];
    let mut expected = answers.clone();
    bare.decide(&who, &keys, &mut expected);
    let count = expected.len() * 64;
    let path = match contender {
        "bare" => {
            return median(runs, count, || {
                bare.decide(&who, &keys, &mut answers);
                answers[0] as usize
            });
        }
        "scalar" => Path::Scalar,
        _ => Path::Wide,
    };
    let took = median(runs, count, || {
        fill(path, &rows, &ids, &keys, &[], &mut answers);
        answers[0] as usize
    });
    assert_eq!(answers, expected, "{contender}");
    took
}

/// Rows of which about 35 % of the bits are set, and people who have one of their organization's each.
fn bare(world: World, random: &mut Random) -> Bare {
    let rows = (0..world.organizations * world.roles).map(|_| {
        let mut row = [0; 2];
        (0..WIDTH as usize).for_each(|bit| row[bit / 64] |= u64::from(random.below(100) < 35) << (bit % 64));
        row
    });
    let rows = rows.collect();
    let people = world.organizations * world.people;
    let row_of = (0..people).map(|who| (who / world.people * world.roles + random.below(world.roles)) as u32);
    Bare { row_of: row_of.collect(), rows }
}

fn as_rows(bare: &Bare) -> (Vec<u32>, Vec<u64>, [Region; 1]) {
    let bits: Vec<u64> = bare.rows.iter().flatten().map(|word| word.to_le()).collect();
    let begins = bare.row_of.iter().map(|row| (row * 2).to_le()).collect();
    let region = Region { first: 0, end: bits.len() as u32, stride: 2, base: 0, width: WIDTH };
    (begins, bits, [region])
}

/// The median of some runs, in nanoseconds for each of `count`.
fn median(runs: usize, count: usize, mut run: impl FnMut() -> usize) -> f64 {
    // What is short is done again until a run is long enough for the clock.
    let start = Instant::now();
    black_box(run());
    let once = start.elapsed().as_nanos().max(1);
    let times = (2_000_000 / once).clamp(1, 100_000) as usize;
    let mut took: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..times {
                black_box(run());
            }
            start.elapsed().as_secs_f64() * 1e9 / (times * count) as f64
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}
