//! Forbids against a naive search: random small policies, the same for the same seed, and every finding of a broken
//! forbid held against one that was found by trying all sets of lines and of assignments, day by day.
//!
//! The search knows a policy as its own notes of what it wrote, and levels as names. It asks nothing of the crate.
#![cfg(feature = "compile")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod policy;
mod search;

use std::collections::{BTreeMap, BTreeSet};

use rolec::diagnostic::{Code, Severity};
use rolec::pipeline::compile;
use rolec::source::Sources;

use policy::Writer;

const POLICIES: u64 = 3_000;

#[test]
fn every_finding_is_what_trying_everything_finds() {
    let mut seen = Seen::default();
    for seed in 0..POLICIES {
        let policy = Writer::new(seed).policy();
        let (found, wanted) = (found(&policy.text), policy.wanted());
        assert_eq!(found, wanted, "seed {seed}\n{}", policy.text);
        seen.count(&wanted);
    }
    // The policies are not too tame.
    assert!(seen.roles > 500 && seen.principals > 500 && seen.again > 30 && seen.other > 100, "{seen:?}");
    assert!(seen.three > 20 && seen.templates > 20 && seen.ways > 100, "{seen:?}");
}

/// What was among the findings.
#[derive(Debug, Default)]
struct Seen {
    roles: usize,
    templates: usize,
    principals: usize,
    /// Findings of more than one period.
    again: usize,
    /// Findings of a principal that breaks the same forbid by something else too.
    other: usize,
    three: usize,
    ways: usize,
}

impl Seen {
    fn count(&mut self, told: &BTreeSet<Told>) {
        let head = |told: &Told| told.message.split(" in organization").next().unwrap().to_owned();
        for one in told {
            match one.message.split(' ').next().unwrap() {
                "role" => self.roles += 1,
                "template" => self.templates += 1,
                _ => self.principals += 1,
            }
            self.again += usize::from(one.message.contains(" and from "));
            self.other += usize::from(told.iter().filter(|other| head(other) == head(one)).count() > 1);
            self.three += usize::from(one.lines.len() > 2);
            self.ways += one.lines.values().filter(|text| text.contains("` by `")).count();
        }
    }
}

/// A finding, as far as it is compared: byte offsets for places.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    message: String,
    place: u32,
    /// The assignments, of a principal.
    holds: BTreeMap<u32, String>,
    lines: BTreeMap<u32, String>,
}

/// What the compiler finds.
fn found(text: &str) -> BTreeSet<Told> {
    let compilation = compile(Sources::from_iter([("policy.role".to_owned(), text.to_owned())]));
    let mut told = BTreeSet::new();
    for finding in &compilation.findings {
        match finding.code {
            Code::ForbidBroken => {
                let all = || std::iter::once(&finding.primary).chain(&finding.secondary);
                let of = |word: &str| {
                    all()
                        .filter(|label| label.text.starts_with(word))
                        .map(|label| (label.place.span.start, label.text.clone()))
                        .collect()
                };
                told.insert(Told {
                    message: finding.message.clone(),
                    place: finding.primary.place.span.start,
                    holds: of("holds `"),
                    lines: of("gives "),
                });
            }
            other => assert!(finding.severity() > Severity::Error, "{other}: {}\n{text}", finding.message),
        }
    }
    told
}
