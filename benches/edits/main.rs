//! How long an edit takes until its findings are known, in the library, beside a compile of the same file from scratch:
//! `cargo bench --no-default-features --features compile,parallel --bench edits`.
//!
//! One organization of 10,000 lines in one file. Each edit is one line; the findings of it are read, and at every fifth
//! edit held against those of a compile from scratch. Medians of the same run, and their ratio: the compilations stand
//! between the edits, for a machine may be slower for a while. Of them those of the text without the edit count.
//!
//! - `length kept`: a level becomes another of as many letters, so that nothing behind it moves;
//! - `moved`: a letter comes and goes in a level, so that everything behind it does, and a finding comes and goes;
//! - `an assignment`: the last line but one becomes another person;
//! - `a remark`: a word of a `//` remark.
//!
//! What it takes, and why, stands in docs/performance.md.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a benchmark fails by a panic"
)]
#![allow(clippy::string_slice, reason = "a benchmark fails by a panic")]
#![allow(clippy::cast_precision_loss, reason = "a ratio for people")]

#[allow(dead_code, clippy::disallowed_methods, reason = "the other bench of edits asks for more, in files")]
#[path = "../lsp/policy.rs"]
mod policy;

use std::hint::black_box;
use std::time::{Duration, Instant};

use rolec::lint::Moment;
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::workspace::{Told, Workspace};

const LINES: usize = 10_000;
const EDITS: usize = 200;

fn main() {
    let text = policy::one_organization(LINES);
    println!("1 file, {} lines, {} bytes, 1 organization", text.lines().count(), text.len());
    let from_scratch = |text: &str| {
        let sources = Sources::from_iter([("one.role", text)]);
        let begun = Instant::now();
        let compiled = compile(sources);
        let took = begun.elapsed();
        (took, compiled)
    };
    assert!(from_scratch(&text).1.table.is_some());
    let level =
        text.find("            devices: full").expect("a role has it") + "            devices: ".len();
    let with = |at: usize, old: usize, new: &str| format!("{}{new}{}", &text[..at], &text[at + old..]);
    let person = text.rfind("person-").expect("somebody is assigned") + "person-".len();
    let remark = text.find("Nothing but").expect("a remark");
    let cases = [
        ("length kept", [with(level, 4, "view"), text.clone()]),
        ("moved", [with(level, 0, "x"), text.clone()]),
        ("an assignment", [with(person, 0, "x"), text.clone()]),
        ("a remark", [with(remark, 7, "Not a thing"), text.clone()]),
    ];
    for (name, [one, other]) in cases {
        let mut workspace = Workspace::new(Moment::default()).telling(Told::Unasked);
        workspace.set("one.role", text.clone());
        workspace.update();
        let (mut times, mut scratch) = (Vec::with_capacity(EDITS), Vec::new());
        for edit in 0..EDITS {
            let next = if edit % 2 == 0 { one.clone() } else { other.clone() };
            let begun = Instant::now();
            workspace.set("one.role", next);
            let changed = workspace.update();
            let count: usize = changed.iter().map(|file| workspace.findings(*file).count()).sum();
            times.push(begun.elapsed());
            black_box(count);
            if edit % 5 == 0 {
                let (took, fresh) = from_scratch(if edit % 2 == 0 { &one } else { &other });
                scratch.extend((edit % 2 == 1).then_some(took));
                let wanted = fresh.findings.iter().filter(|finding| !finding.code.is_pedantic()).count();
                assert_eq!(count, wanted, "{name}");
            }
        }
        let (edit, scratch) = (median(&mut times), median(&mut scratch));
        let share = edit.as_secs_f64() / scratch.as_secs_f64() * 100.0;
        println!(
            "  {name:<16} {:>9.3} ms, from scratch {:>9.3} ms: {share:>6.1} %",
            milliseconds(edit),
            milliseconds(scratch)
        );
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
