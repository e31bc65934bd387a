//! What it costs to certify a table: `cargo bench --no-default-features --features compile --bench certify`.
//!
//! Roles by 100 permissions at three sizes, the middle one 2,000 roles; then principals of them, each holding other roles
//! in three stretches of time; then the decisions of these alone, asked by names; then one principal with ever more periods.
//! Prints the best time of each step, what a
//! cell takes, and the exponent that fits: 1.0 is linear in the cells. The contender is the compiler in the same run: a
//! comparison that took longer than it would not be made by default. On one core.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails by a panic")]

#[path = "growth/fit.rs"]
mod fit;

#[path = "generate/random.rs"]
mod random;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use rolec::decisions::Decisions;
use rolec::pipeline::compile_table;
use rolec::reference::Reference;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::certify::{certify, certify_decisions};
use rolec::vocab::Time;

use self::random::Random;

const FACTORS: [usize; 3] = [1, 10, 100];
/// Roles at the smallest size.
const ROLES: usize = 200;
/// Principals for each role.
const PEOPLE: usize = 4;
const STEPS: [&str; 4] = ["compile", "read the text", "read the table", "compare"];

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Roles,
    People,
    Alone,
    Periods,
}

/// 40 rows in 8 categories: 16 flags, 12 ladders of three steps, 12 of four verbs; 100 permissions.
fn catalog() -> String {
    let mut text = "catalog c {\n".to_owned();
    for category in 0..8 {
        let _ = write!(text, "category c{category} {{");
        for row in 0..5 {
            let kind = match category * 5 + row {
                0..16 => "flag",
                16..28 => "ladder none < view < edit < full",
                _ => "verbs view, create, update, delete",
            };
            let _ = write!(text, " r{row}: {kind}");
        }
        text.push_str(" }\n");
    }
    text.push_str("}\ntemplate t0 { grant all: view }\ntemplate t1 from t0 { grant c6: view, update }\n");
    text
}

/// Roles, principals in three stretches of time, and one in so many periods of an hour, one after the other.
fn policy(roles: usize, people: usize, periods: usize) -> String {
    let mut random = Random(7);
    let mut text = format!("use c\n{}organization o {{\n", catalog());
    for role in 0..roles {
        let base = match random.below(4) {
            0 => " from t0".to_owned(),
            1 => " from t1".to_owned(),
            2 if role > 0 => format!(" from r{}", random.below(role)),
            _ => String::new(),
        };
        let _ = writeln!(text, "role r{role}{base} {{");
        let first = random.below(8);
        for more in 0..5 {
            let (category, row) = ((first + more) % 8, random.below(5));
            let level = match category * 5 + row {
                0..16 => ["on", "off"][random.below(2)],
                16..28 => ["none", "view", "edit", "full"][random.below(4)],
                _ => ["view", "view, create", "update, delete", "full"][random.below(4)],
            };
            let _ = writeln!(text, "grant c{category}.r{row}: {level}");
        }
        text.push_str("}\n");
    }
    for person in 0..people {
        let [one, other] = [random.below(roles), random.below(roles)];
        let _ = writeln!(text, "assign r{one} to \"p{person}@example.org\" until 2027-01-01");
        let _ =
            writeln!(text, "assign r{other} to \"p{person}@example.org\" from 2027-01-01 until 2028-01-01");
    }
    for period in 0..periods {
        let [from, until] =
            [2 * period, 2 * period + 1].map(|hour| Time(1_800_000_000 + 3_600 * hour as i64));
        let _ = writeln!(text, "assign r{} to \"ana\" from {from} until {until}", random.below(roles));
    }
    text.push_str("}\n");
    text
}

fn main() {
    // `cargo test --benches` runs this too: the smallest size shows that it works.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let factors = if is_bench { &FACTORS[..] } else { &FACTORS[..1] };
    for (name, what) in [
        ("roles by 100 permissions", What::Roles),
        ("and 4 principals a role, in three stretches of time", What::People),
        ("the decisions of these alone, by names", What::Alone),
        ("200 roles, and as many periods of one principal as roles above", What::Periods),
    ] {
        let measured: Vec<_> = factors.iter().map(|factor| measure(ROLES * factor, what)).collect();
        println!("{name}");
        print!("{:<22}", "cells");
        measured.iter().for_each(|(_, cells)| print!("{cells:>12}"));
        println!("{:>10}", "exponent");
        for (step, name) in STEPS.iter().enumerate() {
            let times = measured.iter().map(|(times, cells)| (*cells, times[step].as_secs_f64() * 1e3));
            line(&format!("{name}, ms"), &times.collect::<Vec<_>>());
        }
        let of_a_cell = |steps: fn(&[Duration; 4]) -> Duration| {
            let each = measured
                .iter()
                .map(|(times, cells)| (*cells, steps(times).as_secs_f64() * 1e9 / *cells as f64));
            each.collect::<Vec<_>>()
        };
        line("compare, ns a cell", &of_a_cell(|times| times[3]));
        line("all of it, ns a cell", &of_a_cell(|times| times[1] + times[2] + times[3]));
        let shares = measured.iter().map(|(times, cells)| {
            let took = (times[1] + times[2] + times[3]).as_secs_f64();
            (*cells, 100.0 * took / (took + times[0].as_secs_f64()))
        });
        line("share of a build, %", &shares.collect::<Vec<_>>());
        println!();
    }
}

fn line(name: &str, points: &[(u64, f64)]) {
    print!("{name:<22}");
    points.iter().for_each(|(_, figure)| print!("{figure:>12.3}"));
    let points: Vec<(f64, f64)> = points.iter().map(|(cells, figure)| (*cells as f64, *figure)).collect();
    match fit::exponent(&points) {
        Some(exponent) => println!("{exponent:>10.2}"),
        None => println!(),
    }
}

/// The best time of each step, and how many cells there are.
fn measure(roles: usize, what: What) -> ([Duration; 4], u64) {
    let text = match what {
        What::Roles => policy(roles, 0, 0),
        What::People | What::Alone => policy(roles, roles * PEOPLE, 0),
        What::Periods => policy(ROLES, 0, roles),
    };
    let mut times = [Duration::MAX; 4];
    let mut cells = 0;
    for _ in 0..(2_000 / roles).clamp(3, 10) {
        let given = Sources::from_iter([("o.role", text.clone())]);
        let compiled = timed(&mut times[0], || {
            let compiled = compile_table(given, Vec::new());
            let bytes = compiled.table.as_ref().map(Table::to_bytes);
            (compiled, bytes)
        });
        let (compiled, bytes) = compiled;
        let mut bytes = bytes.expect("the generated policy is without errors");
        let reference =
            timed(&mut times[1], || Reference::of(&compiled.sources)).expect("the generated policy is read");
        let answers = if what == What::Alone {
            bytes = compiled.table.expect("a table").decisions().to_bytes(None);
            let read = timed(&mut times[2], || Decisions::from_bytes(&bytes)).expect("what was written");
            timed(&mut times[3], || certify_decisions(&reference, &read.index()))
        } else {
            let read = timed(&mut times[2], || Table::from_bytes(&bytes)).expect("what was written");
            timed(&mut times[3], || certify(&reference, &read))
        };
        cells = answers.expect("the table is as its sources say").cells();
    }
    (times, cells)
}

fn timed<T>(best: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(work());
    *best = (*best).min(start.elapsed());
    result
}
