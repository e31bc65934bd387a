//! How the time of each stage grows with the policy: `cargo bench --bench scale`.
//!
//! Generates policies of two shapes at three sizes, the largest that of a large cloud (20,000 permissions in 1,500
//! categories, 3,000 roles, 200,000 grants, joins of 100 bases, 10,000 principals of several roles). `mixed` has
//! everything in it, 70 forbids and 600 lines of tests too; `joined` is what costs most, rows instead of actions, and
//! joins of joins. Prints the best time of each stage at each size, and the exponent that fits them: 1.0 is linear. What
//! the forbids cost is what checking the same policy without them leaves of `check`. Each on one core, but for `total`.
//! Stages are cut at the rooms' own doors; `total` is what a user waits for, text to the bytes of a table by the pipeline,
//! and the peak memory is that of a process which does this and nothing else. `-- 100 joined` measures that size and
//! shape only, for a profiler.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own memory and arguments")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails by a panic")]

#[path = "growth/fit.rs"]
mod fit;
mod generate;

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use generate::{Policy, Shape, Size};
use rolec::check::{Ground, Input, openings, organization};
use rolec::lint::{self, Moment};
use rolec::lower::lower;
use rolec::model::Model;
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;
use rolec::syntax::ast::File;
use rolec::syntax::parse;
use rolec::table::Table;
use rolec::tools::testing::run;

const SEED: u64 = 0x5eed;
const FACTORS: [usize; 3] = [1, 10, 100];
const STAGES: [&str; 9] =
    ["lex+parse", "check", "- forbids", "lint", "lower", "write", "load", "tests", "total"];

/// The best time of each stage, and how large everything was.
struct Measured {
    policy: Policy,
    times: [Duration; STAGES.len()],
    text: usize,
    table: usize,
    findings: usize,
    peak: Option<usize>,
}

fn main() {
    let has = |word: &str| std::env::args().any(|argument| argument == word);
    let mut factors: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if factors.is_empty() {
        // `cargo test --benches` runs this too: the smallest size shows that it works.
        factors.extend(if has("--bench") { &FACTORS[..] } else { &FACTORS[..1] });
    }
    let mut shapes: Vec<Shape> = Shape::ALL.into_iter().filter(|shape| has(shape.name())).collect();
    if shapes.is_empty() {
        shapes.extend(Shape::ALL);
    }
    if let ([shape], [factor], true) = (&*shapes, &*factors, has(ONCE)) {
        black_box(total(Sources::from_iter(shape.policy(SEED, Size::times(*factor)).files)));
        println!("{}", peak_memory().unwrap_or_default());
        return;
    }
    for shape in shapes {
        let measured: Vec<Measured> = factors.iter().map(|factor| measure(shape, *factor)).collect();
        print(shape, &factors, &measured);
    }
}

/// What says that a process compiles once, and prints the most memory that it took.
const ONCE: &str = "once";

/// The peak memory of a process of its own.
fn peak(shape: Shape, factor: usize) -> Option<usize> {
    let program = std::env::current_exe().ok()?;
    let run = Command::new(program).args([ONCE, shape.name(), &factor.to_string()]).output().ok()?;
    let bytes: usize = String::from_utf8(run.stdout).ok()?.trim().parse().ok()?;
    (bytes > 0).then_some(bytes)
}

/// What a user waits for.
fn total(sources: Sources) -> (Compilation, Option<Vec<u8>>) {
    let compilation = compile(sources);
    let bytes = compilation.table.as_ref().map(Table::to_bytes);
    (compilation, bytes)
}

fn measure(shape: Shape, factor: usize) -> Measured {
    let policy = shape.policy(SEED, Size::times(factor));
    let text = policy.files.iter().map(|(_, text)| text.len()).sum();
    let sources = || Sources::from_iter(policy.files.clone());
    let mut times = [Duration::MAX; STAGES.len()];
    let (mut table, mut findings) = (0, 0);
    for _ in 0..(100 / factor).clamp(5, 40) {
        let given = sources();
        let (compilation, bytes) = timed(&mut times[8], || total(given));
        for finding in compilation
            .findings
            .iter()
            .filter(|finding| finding.severity() == rolec::diagnostic::Severity::Error)
        {
            println!("{}: {}", finding.code, finding.message);
        }
        findings = compilation.findings.len();
        table = bytes.expect("the generated policy is without errors").len();
    }
    let unforbidden = shape.policy(SEED, Size::times(factor).unforbidden());
    for _ in 0..(100 / factor).clamp(3, 40) {
        stages(sources(), &mut times);
        if policy.forbids == 0 {
            times[2] = times[1];
            continue;
        }
        let sources = Sources::from_iter(unforbidden.files.clone());
        let trees = trees(&sources);
        timed(&mut times[2], || check(&sources, &trees));
    }
    times[2] = times[1].saturating_sub(times[2]);
    Measured { policy, times, text, table, findings, peak: peak(shape, factor) }
}

fn trees(sources: &Sources) -> Vec<File> {
    sources.iter().map(|(id, source)| parse(source, id).0).collect()
}

fn check(sources: &Sources, trees: &[File]) -> Model {
    let inputs: Vec<Input<'_>> = sources
        .iter()
        .zip(trees)
        .map(|((id, source), tree)| Input { id, source, tree, is_built_in: false })
        .collect();
    let ground = Ground::check(&inputs).0;
    let organizations = openings(&inputs, &ground).0;
    let checked = organizations.iter().map(|openings| Arc::new(organization(&ground, openings).organization));
    Model { shared: ground.shared().clone(), organizations: checked.collect() }
}

fn stages(sources: Sources, times: &mut [Duration; STAGES.len()]) {
    let trees = timed(&mut times[0], || trees(&sources));
    let model = timed(&mut times[1], || check(&sources, &trees));
    let advice = timed(&mut times[3], || {
        let mut advice = lint::shared(&model.shared);
        for organization in &model.organizations {
            advice.append(lint::organization(&model.shared, organization, Moment::default()));
        }
        advice.append(lint::policy(&model));
        advice
    });
    black_box(advice);
    let table = timed(&mut times[4], || lower(&model, &sources)).expect("a sound table");
    let bytes = timed(&mut times[5], || table.to_bytes());
    let loaded = timed(&mut times[6], || Table::from_bytes(&bytes)).expect("the table just written");
    let report = timed(&mut times[7], || run(&model, &table));
    assert_eq!(report.failed(), 0, "the tests of the generated policy hold");
    black_box(loaded);
}

fn timed<T>(best: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(work());
    *best = (*best).min(start.elapsed());
    result
}

/// The most memory that the process ever took, in bytes, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn print(shape: Shape, factors: &[usize], measured: &[Measured]) {
    println!("{}", shape.name());
    for (factor, one) in factors.iter().zip(measured) {
        println!(
            "{factor:>4}x: {} rows, {} entries, {} forbids, {} lines of tests, {} findings; text {:.2} MB, table {:.2} MB, peak memory {}",
            one.policy.rows,
            one.policy.entries,
            one.policy.forbids,
            one.policy.lines,
            one.findings,
            one.text as f64 / 1e6,
            one.table as f64 / 1e6,
            one.peak.map_or("unknown".to_owned(), |peak| format!("{:.0} MB", peak as f64 / 1e6)),
        );
    }
    print!("\n{:<10}", "ms");
    for factor in factors {
        print!("{:>11}", format!("{factor}x"));
    }
    println!("{:>10}", "exponent");
    for (index, stage) in STAGES.iter().enumerate() {
        print!("{stage:<10}");
        let times: Vec<f64> = measured.iter().map(|one| one.times[index].as_secs_f64() * 1e3).collect();
        for time in &times {
            print!("{time:>11.3}");
        }
        let sizes = factors.iter().map(|factor| *factor as f64);
        match fit::exponent(&sizes.zip(times).collect::<Vec<_>>()) {
            Some(exponent) => println!("{exponent:>10.2}"),
            None => println!(),
        }
    }
}
