//! The policies that ship watch themselves: who takes a bound in time out of one of them hears of it from the tests in
//! it. Changes texts in memory; never a file.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

mod support {
    #[allow(dead_code, reason = "other tests ask for more")]
    pub(crate) mod picture;
    #[allow(dead_code, reason = "other tests ask for more")]
    pub(crate) mod policies;
}

use std::ops::Range;

use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::testing::run;

use support::picture::{decisions, moments};
use support::policies::shipped_files;

/// Where a text says ` from` or ` until` a time. Only assignments do: a test says `at`, and a base is no number.
fn bounds(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default();
        for word in ["from ", "until "] {
            for (at, _) in code.match_indices(word) {
                let rest = code.get(at + word.len()..).unwrap_or_default();
                if rest.starts_with(|c: char| c.is_ascii_digit()) {
                    let time = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    found.push(start + at..start + at + word.len() + time);
                }
            }
        }
        start += line.len();
    }
    found
}

/// The table of a policy that compiles without an error and whose tests all hold.
fn content(files: &[(String, String)]) -> Option<Table> {
    let compiled = compile(Sources::from_iter(files.to_vec()));
    let (model, table) = (compiled.model?, compiled.table?);
    (run(&model, &table).failed() == 0).then_some(table)
}

/// Whether two tables decide the same at every moment: a bound may be one that another role makes idle.
fn is_same(one: &Table, other: &Table) -> bool {
    let all = moments(one).union(&moments(other)).copied().collect();
    decisions(one, &all) == decisions(other, &all)
}

/// An assignment that loses its end, or its beginning, gives somebody more: a test in the policy or a forbid says so.
#[test]
fn a_bound_in_time_that_is_gone_is_noticed() {
    let mut tried = 0;
    let mut unnoticed = Vec::new();
    for (policy, files) in shipped_files() {
        let table = content(&files).unwrap_or_else(|| panic!("{policy} is not content with itself"));
        for (number, (name, text)) in files.iter().enumerate() {
            for bound in bounds(text) {
                tried += 1;
                let mut changed = files.clone();
                changed[number].1.replace_range(bound.clone(), "");
                if content(&changed).is_some_and(|changed| !is_same(&table, &changed)) {
                    let line = text[..bound.start].matches('\n').count() + 1;
                    unnoticed.push(format!("{name}:{line}: {}", &text[bound]));
                }
            }
        }
    }
    assert!(tried >= 50, "only {tried} bounds were found: are they still written `from` and `until`?");
    assert!(unnoticed.is_empty(), "{} of {tried} go unnoticed:\n{}", unnoticed.len(), unnoticed.join("\n"));
}
