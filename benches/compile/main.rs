//! How fast text becomes a table: `cargo bench --no-default-features --features compile,parallel --bench compile`.
//!
//! Makes 100 MB of policies shaped like policies/acme (or as many as are named: `-- 20`) and prints, in MB of text a
//! second, how fast each stage works through them alone on one core, and how fast the whole compiler does with one
//! thread and with two; beside it, in the same run, pest over the text itself. Stages are cut at the rooms' own doors.
//! The allocator is that of the `rolec` binary. What memory it takes is that of a process which does this and nothing
//! else: all that it ever held, less the text.
//! `-- cloud` builds 100,000 organizations of 2,000,000 roles and 1,000,000 assignments.
//!
//! `-- once 100 2` compiles once with two threads, for a profiler.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own memory and arguments")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a benchmark fails by a panic"
)]

// What pest derives names it.
extern crate alloc;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[path = "../../src/allocator.rs"]
mod allocator;
mod corpus;
mod text;

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use corpus::Files;
use rolec::check::{Ground, Input, openings, organization};
use rolec::lint::{self, Moment};
use rolec::lower::lower;
use rolec::model::Model;
use rolec::pipeline::compile_table;
use rolec::source::Sources;
use rolec::syntax::ast::File;
use rolec::syntax::{imports, parse};

/// What names a process that does one thing and prints what it took.
const ONCE: &str = "once";
const CLOUD: &str = "cloud";
/// The best of so many runs counts.
const RUNS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    // `cargo test --benches` runs this too: the smallest size shows that it works.
    let is_bench = has("--bench");
    match (has(ONCE), has(CLOUD), &*numbers) {
        (true, false, [size, threads]) => once(corpus::corpus(size << 20), *threads),
        (true, true, [size, threads]) => once(corpus::cloud(*size), *threads),
        (false, true, numbers) => cloud(numbers.first().copied().unwrap_or(100_000)),
        (_, _, numbers) => {
            let size = numbers.first().copied().unwrap_or(if is_bench { 100 } else { 1 });
            stages(size);
        }
    }
}

/// Compiles once, and prints seconds, the most bytes that the process ever held, and those of the text.
fn once(files: Files, threads: usize) {
    let text = corpus::bytes(&files);
    let sources = Sources::from_iter(files);
    let (time, ()) = timed(|| whole(sources, threads));
    println!("{} {} {text}", time.as_secs_f64(), peak_memory().unwrap_or_default());
}

/// What `once` prints, of a process of its own.
fn apart(arguments: &[&str]) -> Option<(f64, usize, usize)> {
    let program = std::env::current_exe().ok()?;
    let run = Command::new(program).arg(ONCE).args(arguments).output().ok()?;
    let printed = String::from_utf8(run.stdout).ok()?;
    let mut numbers = printed.split_whitespace();
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// What a user waits for: text to a validated table. It is dropped outside of what is measured by nobody but us.
fn whole(sources: Sources, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    let compiled = pool.install(|| compile_table(sources, Vec::new()));
    for finding in compiled.findings.errors().take(3) {
        let (line, column) = compiled.sources.line_column(finding.primary.place);
        let file = compiled.sources.file(finding.primary.place.file).map_or("", |file| file.name());
        println!("{file}:{line}:{column}: {}", finding.message);
    }
    let table = compiled.table.as_ref().expect("the corpus is without errors");
    black_box(table.organizations().count());
    // Nobody who compiles waits for that.
    std::mem::forget(compiled);
}

fn cloud(organizations: usize) {
    for threads in [1, 2] {
        let Some((seconds, peak, text)) = apart(&[CLOUD, &organizations.to_string(), &threads.to_string()])
        else {
            println!("the process that builds the cloud failed");
            continue;
        };
        println!(
            "{organizations} organizations, {} roles, {} assignments, {} MB of text, {threads} threads: {seconds:.1} s, peak memory {} MB",
            organizations * 20,
            organizations * 10,
            text >> 20,
            peak >> 20
        );
    }
}

fn stages(megabytes: usize) {
    let files = corpus::corpus(megabytes << 20);
    let bytes = corpus::bytes(&files);
    println!("{:.1} MB of text in {} files", bytes as f64 / 1e6, files.len());
    let nodes = Timer::new(bytes)
        .told("pest over the text", || files.iter().map(|(_, text)| text::parse(text)).sum::<usize>());
    let tokens =
        Timer::new(bytes).told("lex", || files.iter().map(|(_, text)| imports(text).len()).sum::<usize>());
    let sources = Sources::from_iter(files);
    let trees = Timer::new(bytes).told("parse", || trees(&sources));
    let (ground, checked) = Timer::new(bytes).told("check", || check(&sources, &trees));
    drop(trees);
    let findings = Timer::new(bytes).told("lint", || lint(&checked));
    let table =
        Timer::new(bytes).told("lower and assemble", || lower(&checked, &sources).expect("a sound table"));
    println!(
        "{} nodes, {tokens} imports, {ground} templates, {} organizations, {findings} findings",
        nodes,
        table.organizations().count()
    );
    drop((table, checked, sources));
    for threads in [1, 2] {
        let runs = (0..RUNS).filter_map(|_| apart(&[&megabytes.to_string(), &threads.to_string()]));
        let Some((seconds, peak, text)) = runs.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        let above = peak.saturating_sub(text);
        println!(
            "whole, {threads} threads: {:.1} MB/s; peak memory above the text {} MB, {:.2} times the text",
            text as f64 / 1e6 / seconds,
            above >> 20,
            above as f64 / text as f64
        );
    }
}

fn trees(sources: &Sources) -> Vec<File> {
    sources.iter().map(|(id, source)| parse(source, id).0).collect()
}

fn check(sources: &Sources, trees: &[File]) -> (usize, Model) {
    let built_in = compile_table(Sources::from_iter([("o.role", "use jumpcloud")]), Vec::new()).sources;
    let mut own: Vec<Input<'_>> = sources
        .iter()
        .zip(trees)
        .map(|((id, source), tree)| Input { id, source, tree, is_built_in: false })
        .collect();
    // The catalog that the corpus names comes with the program.
    let more: Vec<_> =
        built_in.iter().skip(1).map(|(id, source)| (id, source, parse(source, id).0)).collect();
    let first = own.len() as u32;
    own.extend(more.iter().map(|(id, source, tree)| Input {
        id: rolec::source::FileId(first + id.0),
        source,
        tree,
        is_built_in: true,
    }));
    let ground = Ground::check(&own).0;
    let organizations = openings(&own, &ground).0;
    let checked = organizations.iter().map(|openings| Arc::new(organization(&ground, openings).organization));
    let model = Model { shared: ground.shared().clone(), organizations: checked.collect() };
    (ground.shared().templates.len(), model)
}

fn lint(model: &Model) -> usize {
    let mut count = lint::shared(&model.shared).len() + lint::policy(model).len();
    for organization in &model.organizations {
        count += lint::organization(&model.shared, organization, Moment::default()).len();
    }
    count
}

/// Says how fast something goes through so many bytes.
struct Timer {
    bytes: usize,
}

impl Timer {
    fn new(bytes: usize) -> Self {
        Self { bytes }
    }

    fn told<T>(self, what: &str, work: impl Fn() -> T) -> T {
        let mut best = timed(&work);
        for _ in 1..RUNS {
            let next = timed(&work);
            if next.0 < best.0 {
                best = next;
            }
        }
        println!("{what}: {:.1} MB/s", self.bytes as f64 / 1e6 / best.0.as_secs_f64());
        best.1
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed(), result)
}

/// The most memory that the process ever took, in bytes, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
