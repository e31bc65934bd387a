//! docs/threat-model.md names a test for each threat: this holds that each of them exists, and that no threat stands
//! without one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "reads the tree")]

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A line of a table: the threat, and the tests that are named for it.
struct Threat {
    threat: String,
    tests: Vec<String>,
}

fn threats(page: &str) -> Vec<Threat> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    page.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| threat |"))
        .map(|line| {
            let cells = cells(line);
            assert_eq!(cells.len(), 3, "{line}");
            // What stands in backticks.
            let tests = cells[2].split('`').skip(1).step_by(2).map(str::to_owned).collect();
            Threat { threat: cells[0].clone(), tests }
        })
        .collect()
}

/// Whether a file has a test of a name.
fn has(text: &str, name: &str) -> bool {
    let begin = format!("fn {name}(");
    let mut lines = text.lines().map(str::trim);
    let mut is_test = false;
    lines.any(|line| {
        if line == "#[test]" {
            is_test = true;
        } else if line.starts_with(&begin) {
            return is_test;
        } else if line.contains("fn ") {
            is_test = false;
        }
        false
    })
}

fn missing(threats: &[Threat]) -> Vec<String> {
    let mut missing = Vec::new();
    for Threat { threat, tests } in threats {
        if tests.is_empty() {
            missing.push(format!("{threat}: no test is named"));
        }
        for test in tests {
            let found = test.split_once("::").is_some_and(|(file, name)| {
                fs::read_to_string(root().join(file)).is_ok_and(|text| has(&text, name))
            });
            if !found {
                missing.push(format!("{threat}: there is no test `{test}`"));
            }
        }
    }
    missing
}

#[test]
fn every_threat_names_a_test_that_is_there() {
    let page = fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
    let threats = threats(&page);
    assert!(threats.len() > 40, "{} threats only: are they found?", threats.len());
    let missing = missing(&threats);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The reader tells what is not there: else the other test would be content with anything.
#[test]
fn a_test_that_is_not_there_is_told() {
    let page = "| a | b | `tests/threats.rs::every_threat_names_a_test_that_is_there` |\n\
                | c | d | `tests/threats.rs::no_such_test` |\n\
                | e | f | `tests/threats.rs::missing` |\n\
                | g | h | `tests/no.rs::test` |\n\
                | i | j | by hand |\n";
    let missing = missing(&threats(page));
    assert_eq!(missing.len(), 4, "{missing:?}");
}
