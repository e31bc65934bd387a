//! How long an editor waits: `cargo bench --bench lsp`.
//!
//! Generates a policy of 1,000 files and 200,000 lines, starts the real server on it, and makes 1,000 edits: nine of ten
//! within a role, the tenth renames a template that 100 files use. From `didChange` to the `publishDiagnostics` of the
//! edited file, and of the last of the 100, it prints the distribution; then the same for single files of 10,000 lines;
//! and what the server keeps in memory for the text. `-- 7` measures a seventh of it, `-- many` or `-- one` one half.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "writes the policy and reads the memory of the server")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark fails by a panic")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a benchmark fails by a panic")]

mod client;
mod frames;
mod policy;
#[path = "../generate/random.rs"]
mod random;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use client::Client;
use policy::Folder;
use random::Random;

const EDITS: usize = 1_000;
const FILES: usize = 1_000;

fn main() {
    // `cargo test --benches` runs this too: a small part shows that it works.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let given = std::env::args().find_map(|argument| argument.parse().ok());
    let part = given.unwrap_or(if is_bench { 1 } else { 50 });
    let is_left_out = |half: &str| std::env::args().any(|argument| argument == half);
    if !is_left_out("one") {
        many_files(FILES / part, EDITS / part);
    }
    if !is_left_out("many") {
        one_file("52 organizations", &policy::organizations(0..52), EDITS / part);
        one_file("1 organization", &policy::one_organization(10_000), EDITS / part);
    }
}

fn many_files(files: usize, edits: usize) {
    let empty = Folder::new(&[]);
    let without = Client::start(&empty).memory();
    let texts = policy::files(files);
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let lines: usize = texts.iter().map(|(_, text)| text.lines().count()).sum();
    let folder = Folder::new(&texts);
    let begin = Instant::now();
    let mut client = Client::start(&folder);
    let load = begin.elapsed();
    let with = client.memory();
    println!("{files} files, {lines} lines, {:.1} MB", megabytes(bytes));
    println!("  load                    {:8.1} ms", milliseconds(load));
    let memory = with.saturating_sub(without);
    let share = memory as f64 / bytes as f64;
    println!("  memory                  {:8.1} MB, {share:.1} × the text", megabytes(memory));

    let mut random = Random(0x5eed);
    let (mut inside, mut renamed, mut last) = (Vec::new(), Vec::new(), Vec::new());
    let users: Vec<String> =
        (0..(files - 1).min(policy::USERS)).map(|n| folder.uri(&policy::name(n))).collect();
    let templates = folder.uri(policy::TEMPLATES);
    client.open(&templates, &texts.iter().find(|(name, _)| name == policy::TEMPLATES).unwrap().1);
    let mut names = ["front-line", "front-desk"];
    for edit in 0..edits {
        if edit % 10 == 9 {
            names.reverse();
            let (line, column) = policy::TEMPLATE_AT;
            let length = names[1].len() as u32;
            let sent = client.change(&templates, line, (column, column + length), names[0]);
            renamed.push(client.published(&templates).duration_since(sent));
            let mut waiting: HashSet<&str> = users.iter().map(String::as_str).collect();
            let mut at = sent;
            while !waiting.is_empty() {
                let (uri, when) = client.next_published();
                waiting.remove(&*uri);
                at = when;
            }
            last.push(at.duration_since(sent));
            continue;
        }
        let number = random.below(files - 1);
        let (name, text) = &texts[number];
        let uri = folder.uri(name);
        client.open(&uri, text);
        let role = random.below(policy::ROLES);
        let (line, column) = policy::level_at(text, role);
        // A level too much by a letter, and right again: each changes what is told.
        let sent = if edit % 2 == 0 {
            client.change(&uri, line, (column, column), "x")
        } else {
            client.change(&uri, line, (column, column + 4), ["full", "view"][random.below(2)])
        };
        inside.push(client.published(&uri).duration_since(sent));
        client.close(&uri);
    }
    print("edit within a role", &mut inside);
    print("template renamed", &mut renamed);
    let mut all: Vec<Duration> = inside.iter().chain(&renamed).copied().collect();
    print("both", &mut all);
    print(&format!("last of {} files", users.len()), &mut last);
}

fn one_file(what: &str, text: &str, edits: usize) {
    let folder = Folder::new(&[("one.role".to_owned(), text.to_owned())]);
    let mut client = Client::start(&folder);
    let uri = folder.uri("one.role");
    client.open(&uri, text);
    println!("1 file, {} lines, {what}", text.lines().count());
    let mut random = Random(0x5eed);
    let mut times = Vec::new();
    for _ in 0..edits.div_ceil(2) {
        let role = random.below(policy::ROLES);
        let (line, column) = policy::level_at(text, role);
        for (to, new) in [(column, "x"), (column + 1, "")] {
            let sent = client.change(&uri, line, (column, to), new);
            times.push(client.published(&uri).duration_since(sent));
        }
    }
    print("edit within a role", &mut times);
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        times.get(index.min(times.len().saturating_sub(1))).map_or(0.0, |time| milliseconds(*time))
    };
    let (median, p90, p99, max) = (at(0.5), at(0.9), at(0.99), at(1.0));
    println!(
        "  {what:<22}  median {median:6.2}  p90 {p90:6.2}  p99 {p99:6.2}  max {max:6.2} ms  ({})",
        times.len()
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
