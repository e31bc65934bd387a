//! Building a large policy again: 100,000 files of an organization each in 1,000 folders, built from scratch, again with
//! nothing changed, and again after one of them was. Tables are held against those of a build that remembers nothing.
//! `cargo bench --bench again`; a number behind `--` is how many files there are instead.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "writes and reads its own files, and starts the program")]
#![allow(clippy::expect_used, reason = "a benchmark fails by a panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const FILES: usize = 100_000;
const PER_FOLDER: usize = 100;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` runs this too: that all is the same is shown at one size.
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let wished = arguments.iter().find_map(|argument| argument.parse().ok());
    let count: usize = wished.unwrap_or(if is_bench { FILES } else { 300 });
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("again-{count}"));
    // What a run before has left.
    let _ = fs::remove_dir_all(&root);
    let bytes: usize = (0..count).map(|number| write(&root, number, "view")).sum();
    println!("{count} files, {} folders, {bytes} bytes", count.div_ceil(PER_FOLDER));
    // So that what was changed last shows.
    let settle = || thread::sleep(Duration::from_millis(200));
    for certify in ["", "--no-certify"] {
        println!("{}", if certify.is_empty() { "certified" } else { certify });
        settle();
        let _ = fs::remove_file(root.join("memory"));
        let scratch = build(&root, certify, None);
        let first = build(&root, certify, Some("memory"));
        let unchanged = build(&root, certify, Some("memory")).min(build(&root, certify, Some("memory")));
        write(&root, count / 2, if certify.is_empty() { "full" } else { "none" });
        settle();
        let changed = build(&root, certify, Some("memory"));
        let wanted = fs::read(root.join("with.rolec")).expect("a table");
        build(&root, certify, None);
        assert!(fs::read(root.join("without.rolec")).expect("a table") == wanted, "the tables differ");
        println!("  table of {} bytes", wanted.len());
        for (name, took) in [
            ("from scratch", scratch),
            ("and remembered", first),
            ("nothing changed", unchanged),
            ("one file changed", changed),
        ] {
            let share = took.as_secs_f64() / scratch.as_secs_f64() * 100.0;
            println!("  {name:<18}{:>10.1} ms{share:>8.1} %", took.as_secs_f64() * 1e3);
        }
    }
    let _ = fs::remove_dir_all(&root);
}

/// Writes a file of one to two thousand bytes; gives how many.
fn write(root: &Path, number: usize, level: &str) -> usize {
    let folder: PathBuf = root.join(format!("region-{:04}", number / PER_FOLDER));
    fs::create_dir_all(&folder).expect("a folder");
    let mut text = format!("use jumpcloud\norganization office-{number} \"Office {number}\" {{\n");
    for (role, category) in
        ["user-management", "groups-management", "application-management"].iter().enumerate()
    {
        writeln!(
            text,
            "    /// What the people of desk {role} may do.\n    role desk-{role} \"Desk {role}\" {{"
        )
        .expect("a string");
        writeln!(text, "        grant device-management: {level}\n        grant {category}: view\n    }}")
            .expect("a string");
    }
    for person in 0..12 {
        let desk = person % 3;
        writeln!(text, "    assign desk-{desk} to \"person-{person}@office-{number}.example\"")
            .expect("a string");
    }
    text.push_str("}\n");
    fs::write(folder.join(format!("office-{number}.role")), &text).expect("a file");
    text.len()
}

/// How long a build takes.
fn build(root: &Path, certify: &str, memory: Option<&str>) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolec"));
    command.current_dir(root).arg("build").args(Some(certify).filter(|word| !word.is_empty()));
    match memory {
        Some(memory) => command.args(["-o", "with.rolec", "--cache", memory]),
        None => command.args(["-o", "without.rolec"]),
    };
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status().expect("the program starts");
    let took = begun.elapsed();
    assert!(status.success(), "a build fails");
    took
}
