//! Holds the counts that gungraun wrote against those in the tree, or with `--bless` writes these anew. A count may be 2 %
//! more or less than it was. Where compiler, target or C library are others, nothing is held, and that is said aloud.

#![allow(clippy::print_stdout, reason = "says what was found")]
#![allow(clippy::disallowed_methods, reason = "reads counts, and writes those of the tree")]

mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::Value;

use self::tree::Tree;

/// As much as a count may differ.
const SLACK: f64 = 0.02;

fn main() -> ExitCode {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.txt");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(folder) => match run(Path::new(folder), &place, arguments.iter().any(|it| it == "--bless")) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                println!("{why}");
                ExitCode::FAILURE
            }
        },
        None => {
            println!("counts FOLDER [--bless]");
            ExitCode::from(2)
        }
    }
}

fn run(folder: &Path, place: &Path, bless: bool) -> Result<(), String> {
    let found = Tree { here: here()?, counts: counts(folder)? };
    if found.counts.is_empty() {
        return Err(format!("nothing was counted in {}", folder.display()));
    }
    if bless {
        fs::write(place, found.to_string()).map_err(|error| format!("{}: {error}", place.display()))?;
        println!("{found}");
        return Ok(());
    }
    let tree = fs::read_to_string(place).map_err(|error| format!("{}: {error}", place.display()))?;
    let tree: Tree = tree.parse()?;
    for (name, count) in &found.counts {
        let was = tree.counts.get(name);
        let change = was.map_or(String::new(), |was| {
            format!("{was:>14}{:>+9.2} %", (*count as f64 / *was as f64 - 1.0) * 100.0)
        });
        println!("{name:<24}{count:>14}{change}");
    }
    if tree.here != found.here {
        println!("SKIPPED: counts of another place are not held: here is {}, not {}", found.here, tree.here);
        return Ok(());
    }
    let wrong = tree.differences(&found, SLACK);
    if wrong.is_empty() {
        println!("{} counts hold within {} %", found.counts.len(), SLACK * 100.0);
        return Ok(());
    }
    Err(format!(
        "{}\nwhere that is meant: scripts/counts --bless, and say why in the commit",
        wrong.join("\n")
    ))
}

/// Compiler, target and C library.
fn here() -> Result<String, String> {
    let said = |program: &str, argument: &str| -> Option<String> {
        let output = Command::new(program).arg(argument).output().ok()?;
        String::from_utf8(output.stdout).ok()
    };
    let rustc = said("rustc", "-vV").ok_or("rustc says no version")?;
    let line = |name: &str| rustc.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let (release, host) = (line("release:").ok_or("no release")?, line("host:").ok_or("no host")?);
    let libc = said("getconf", "GNU_LIBC_VERSION").unwrap_or_else(|| "another libc".to_owned());
    Ok(format!("rustc {release}, {host}, {}", libc.trim()))
}

/// The instructions of each benchmark below a folder.
fn counts(folder: &Path) -> Result<BTreeMap<String, u64>, String> {
    let mut counts = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.file_name().is_some_and(|name| name == "summary.json") {
                let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                let (name, count) =
                    count(&text).ok_or_else(|| format!("{}: no instructions", path.display()))?;
                counts.insert(name, count);
            }
        }
    }
    Ok(counts)
}

/// The name of a benchmark and its instructions, as gungraun sums them up.
fn count(summary: &[u8]) -> Option<(String, u64)> {
    let summary: Value = serde_json::from_slice(summary).ok()?;
    let name = format!("{}::{}", summary.get("function_name")?.as_str()?, summary.get("id")?.as_str()?);
    let count = summary.pointer("/profiles/0/data/total/metrics/Ir/values/new")?.as_u64()?;
    Some((name, count))
}
