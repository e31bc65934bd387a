//! A run of the formatter, for programs.

use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::render::formatting::{Outcome, Run};
use crate::render::json::{Finding, Findings, VERSION};

/// A run of the formatter.
///
/// ```
/// use rolec::diagnostic::Diagnostics;
/// use rolec::render::formatting::{Outcome, Run};
/// use rolec::render::json::Formatted;
/// use rolec::source::Sources;
///
/// let mut sources = Sources::new();
/// let outcomes = [(sources.add("a.role", ""), Outcome::Changed), (sources.add("b.role", ""), Outcome::Unchanged)];
/// let run = Run { sources: &sources, outcomes: &outcomes, is_dry: false };
/// let findings = Diagnostics::new();
/// let document = Formatted::of(&run, &findings);
/// assert!(document.written);
/// assert_eq!((document.files[0].outcome, document.summary.unchanged), ("changed", 1));
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Formatted<'a> {
    /// The version of this shape.
    pub version: u32,
    /// Whether the files that change were written.
    pub written: bool,
    /// The files that were to be formatted, by name.
    pub files: Vec<FileOf<'a>>,
    /// Mistakes of text and syntax: what has one stays as it is.
    pub findings: Vec<Finding<'a>>,
    /// How many files there are of each outcome.
    pub summary: Outcomes,
}

/// A file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileOf<'a> {
    /// Its name as it was given.
    pub file: &'a str,
    /// `changed`, `unchanged`, or `refused` where it cannot be read.
    pub outcome: &'static str,
}

/// How many files there are of each outcome.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Outcomes {
    /// How many are in canonical style now, or would be.
    pub changed: usize,
    /// How many were so already.
    pub unchanged: usize,
    /// How many cannot be read.
    pub refused: usize,
}

impl<'a> Formatted<'a> {
    /// A run.
    pub fn of(run: &Run<'a>, findings: &'a Diagnostics) -> Self {
        let outcome = |outcome| match outcome {
            Outcome::Changed => "changed",
            Outcome::Unchanged => "unchanged",
            Outcome::Refused => "refused",
        };
        Self {
            version: VERSION,
            written: !run.is_dry,
            files: run.files().map(|(file, of)| FileOf { file, outcome: outcome(of) }).collect(),
            findings: Findings::new(run.sources, findings).findings,
            summary: Outcomes {
                changed: run.count(Outcome::Changed),
                unchanged: run.count(Outcome::Unchanged),
                refused: run.count(Outcome::Refused),
            },
        }
    }
}
