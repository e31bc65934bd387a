//! What a machine mends unasked.

use std::cell::Cell;

use proptest::prelude::*;

use rolec::diagnostic::{Applicability, Edit, Fix};
use rolec::pipeline::Compilation;

use crate::support::generated;
use crate::support::law::{MANY, Tried, compiled, errors, law, layout, shown};
use crate::support::picture::{decisions, moments};

type Files = [(String, String)];

/// Files with edits that do not reach into each other.
fn mended(files: &Files, mut edits: Vec<Edit>) -> Vec<(String, String)> {
    let mut files = files.to_vec();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
    for edit in edits {
        let span = edit.place.span;
        files[edit.place.file.index()].1.replace_range(span.start as usize..span.end as usize, &edit.text);
    }
    files
}

/// The safe fixes that do not reach into one before.
fn together<'f>(fixes: &[&'f Fix]) -> Vec<&'f Fix> {
    let mut taken: Vec<&Fix> = Vec::new();
    for fix in fixes {
        let reaches = |one: &Edit, other: &Edit| {
            let (one, other) = (one.place, other.place);
            one.file == other.file && one.span.start < other.span.end && other.span.start < one.span.end
        };
        let others = || taken.iter().flat_map(|other| &other.edits);
        if !fix.edits.iter().any(|edit| others().any(|other| reaches(edit, other))) {
            taken.push(fix);
        }
    }
    taken
}

/// A safe fix changes no decision: each by itself, and all of them at once.
#[test]
fn a_safe_fix_changes_no_decision() {
    let (tried, at_once) = (Cell::new(0), Cell::new(0));
    let all = law("safe fixes", 300, &(generated::policy(), layout()), |(policy, layout)| {
        let files = policy.files(layout);
        let before = compiled(&files);
        let Some(table) = &before.table else { return Ok(Tried::Void) };
        let moments = moments(table);
        let old = decisions(table, &moments);
        let fixes = before.findings.iter().flat_map(|finding| &finding.fixes);
        let safe: Vec<&Fix> = fixes.filter(|fix| fix.applicability == Applicability::Safe).collect();
        let own = |edit: &Edit| edit.place.file.index() < files.len();
        prop_assert!(safe.iter().flat_map(|fix| &fix.edits).all(own), "a fix of a built-in file");
        let hold = |edits: Vec<Edit>, what: &str| {
            let after_files = mended(&files, edits);
            let texts = || format!("{what}\n{}\n######## is\n{}", shown(&files), shown(&after_files));
            let after: Compilation = compiled(&after_files);
            let errors = errors(&after);
            prop_assert!(errors.is_empty(), "{errors:#?}\n{}", texts());
            let Some(after) = &after.table else { panic!("no error and no table") };
            let new = decisions(after, &moments);
            prop_assert!(old == new, "{}", texts());
            Ok(())
        };
        for fix in &safe {
            tried.set(tried.get() + 1);
            hold(fix.edits.clone(), &fix.title)?;
        }
        let taken = together(&safe);
        if taken.len() > 1 {
            at_once.set(at_once.get() + 1);
            hold(taken.iter().flat_map(|fix| fix.edits.clone()).collect(), "all at once")?;
        }
        Ok(Tried::Held)
    });
    eprintln!("{} safe fixes, {} times several at once", tried.get(), at_once.get());
    assert!(all < MANY || (tried.get() >= all && at_once.get() * 10 >= all), "too few safe fixes");
}
