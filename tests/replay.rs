//! What fuzzing gives to the program, replayed without a fuzzer: every input of `fuzz/corpora`, and some thousand inputs
//! made of them by small changes, the same in every run. `scripts/fuzz` runs the same targets for longer.

#![cfg(all(feature = "cli", feature = "lsp"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by a panic")]
#![allow(clippy::print_stderr, reason = "the count of what was tried is for people")]
#![allow(clippy::disallowed_methods, reason = "the corpora are files")]

#[path = "forged/forge.rs"]
#[allow(dead_code, reason = "the tests of damaged tables ask for more")]
mod forge;
mod support {
    pub(crate) mod random;
}
#[path = "../fuzz/src/targets.rs"]
#[allow(unreachable_pub, reason = "the fuzzer's binaries call them")]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use support::random::Random;
use targets::{ALL, Target};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The inputs of a target, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = fuzz().join("corpora").join(target);
    let mut all: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn every_target_has_a_corpus_and_a_binary() {
    let names = |folder: &str, ending: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(fuzz().join(folder)).unwrap();
        entries
            .map(|it| it.unwrap().file_name().to_str().unwrap().trim_end_matches(ending).to_owned())
            .collect()
    };
    let all: BTreeSet<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("corpora", ""), all);
    assert_eq!(names("fuzz_targets", ".rs"), all);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for (name, _) in ALL {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let inputs = corpus(name);
        assert!(inputs.len() >= 3, "{name} has {} inputs only", inputs.len());
        let length: usize = inputs.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(length < 64 << 10, "{name}: {length} bytes of inputs are too many for the tree");
    }
}

/// Runs a target on some bytes; a panic is told with them.
fn run(name: &str, target: Target, input: &str, bytes: &[u8]) {
    if catch_unwind(|| target(bytes)).is_err() {
        panic!("{name} on {input}: {}", bytes.escape_ascii());
    }
}

#[test]
fn the_corpora_are_replayed() {
    let mut count = 0;
    for (name, target) in ALL {
        for (input, bytes) in corpus(name) {
            run(name, target, &input, &bytes);
            count += 1;
        }
    }
    eprintln!("{count} inputs of {} targets", ALL.len());
}

#[test]
fn small_changes_of_the_corpora_are_survived() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut count = 0;
    for (name, target) in ALL {
        let all = corpus(name);
        for number in 0..150 {
            let (input, bytes) = &all[random.below(all.len())];
            let mut changed = bytes.clone();
            for _ in 0..1 + random.below(5) {
                let at = random.below(changed.len() + 1);
                match random.below(5) {
                    0 => changed.insert(at, random.next() as u8),
                    1 if at < changed.len() => drop(changed.remove(at)),
                    2 if at < changed.len() => changed[at] ^= 1 << random.below(8),
                    3 => {
                        let other = &all[random.below(all.len())].1;
                        let from = random.below(other.len() + 1);
                        let to = (from + random.below(40)).min(other.len());
                        changed.splice(at..at, other[from..to].iter().copied());
                    }
                    _ => changed.truncate(at),
                }
            }
            run(name, target, &format!("{input}, changed ({number})"), &changed);
            count += 1;
        }
    }
    eprintln!("{count} changed inputs of {} targets", ALL.len());
}
