//! Tries a law on generated policies: how many, from which seed, and whether enough of them had something to say.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use rolec::diagnostic::{Code, Severity};
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;

/// Whether a case said anything about its law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// It did.
    Held,
    /// It did not: the generated policy has an error, or nothing of what the law is about.
    Void,
}

pub(crate) type Trial = Result<Tried, TestCaseError>;

/// Of fewer cases nothing is expected but that the law holds.
pub(crate) const MANY: u32 = 50;

/// Tries a law on as many values as asked for, and gives their number. Most of them must have something to say.
pub(crate) fn law<S: Strategy>(
    name: &str,
    cases: u32,
    strategy: &S,
    try_one: impl Fn(S::Value) -> Trial,
) -> u32 {
    let default = Config::default();
    let config = Config {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases },
        rng_seed: match default.rng_seed {
            RngSeed::Random => RngSeed::Fixed(20_261_101),
            RngSeed::Fixed(seed) => RngSeed::Fixed(seed),
        },
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..default
    };
    let (all, held) = (Cell::new(0), Cell::new(0));
    let result = TestRunner::new(config).run(strategy, |value| {
        all.set(all.get() + 1);
        held.set(held.get() + u32::from(try_one(value)? == Tried::Held));
        Ok(())
    });
    // The value is not shown: the message has the texts.
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{name}: {reason}"),
        Err(TestError::Abort(reason)) => panic!("{name} is given up: {reason}"),
    }
    let (all, held) = (all.get(), held.get());
    eprintln!("{name}: {held} of {all} generated cases count");
    assert!(all < MANY || held * 5 >= all * 4, "{name}: only {held} of {all} generated cases count");
    all
}

/// A number that shrinks to nothing simpler: one layout is as good as another.
pub(crate) fn layout() -> impl Strategy<Value = u64> {
    any::<u64>().no_shrink()
}

pub(crate) fn shown(files: &[(String, String)]) -> String {
    files.iter().map(|(name, text)| format!("==== {name}\n{text}")).collect()
}

pub(crate) fn compiled(files: &[(String, String)]) -> Compilation {
    compile(Sources::from_iter(files.iter().cloned()))
}

/// What is wrong.
pub(crate) fn errors(compilation: &Compilation) -> Vec<String> {
    let errors = compilation.findings.iter().filter(|finding| finding.severity() == Severity::Error);
    errors.map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

/// How often each sort of finding is found.
pub(crate) fn found(compilation: &Compilation) -> BTreeMap<Code, usize> {
    let mut found = BTreeMap::new();
    for finding in compilation.findings.iter() {
        *found.entry(finding.code).or_default() += 1;
    }
    found
}

/// Lines that are on one side only.
pub(crate) fn difference(left: &[String], right: &[String]) -> String {
    let (of_left, of_right): (BTreeSet<_>, BTreeSet<_>) = (left.iter().collect(), right.iter().collect());
    let lost = of_left.difference(&of_right).map(|line| format!("- {line}\n"));
    let new = of_right.difference(&of_left).map(|line| format!("+ {line}\n"));
    lost.chain(new).collect()
}
