//! A run of the formatter for people: which files change, and how many.
//!
//! ```
//! use rolec::render::formatting::{Outcome, Run, summary};
//! use rolec::source::Sources;
//!
//! let mut sources = Sources::new();
//! let outcomes = [(sources.add("a.role", ""), Outcome::Changed), (sources.add("b.role", ""), Outcome::Unchanged)];
//! let run = Run { sources: &sources, outcomes: &outcomes, is_dry: false };
//! let mut out = Vec::new();
//! summary(&run, &mut out)?;
//! assert_eq!(out, b"1 file formatted, 1 unchanged\n");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::source::{FileId, Sources};

/// What became of a file.
///
/// ```
/// use rolec::render::formatting::{Outcome, Run};
/// use rolec::source::Sources;
///
/// let mut sources = Sources::new();
/// let outcomes = [(sources.add("a.role", ""), Outcome::Changed), (sources.add("b.role", ""), Outcome::Unchanged)];
/// let run = Run { sources: &sources, outcomes: &outcomes, is_dry: false };
/// assert_eq!(run.count(Outcome::Changed), 1);
/// assert_eq!(run.count(Outcome::Refused), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in canonical style now, or would be.
    Changed,
    /// It was so already.
    Unchanged,
    /// It cannot be read.
    Refused,
}

/// A run of the formatter.
///
/// ```
/// use rolec::render::formatting::{Outcome, Run};
/// use rolec::source::Sources;
///
/// let mut sources = Sources::new();
/// let outcomes = [(sources.add("a.role", ""), Outcome::Changed), (sources.add("b.role", ""), Outcome::Unchanged)];
/// let run = Run { sources: &sources, outcomes: &outcomes, is_dry: false };
/// assert_eq!(run.count(Outcome::Changed), 1);
/// assert_eq!(run.files().next(), Some(("a.role", Outcome::Changed)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// Those that were to be formatted, and what became of them.
    pub outcomes: &'a [(FileId, Outcome)],
    /// Whether nothing was written.
    pub is_dry: bool,
}

impl<'a> Run<'a> {
    /// How many files ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.outcomes.iter().filter(|(_, other)| *other == outcome).count()
    }

    /// The files with what became of them, by name.
    pub fn files(&self) -> impl Iterator<Item = (&'a str, Outcome)> {
        let sources = self.sources;
        let name = move |id: FileId| sources.file(id).map_or("", |file| file.name());
        self.outcomes.iter().map(move |(id, outcome)| (name(*id), *outcome))
    }
}

/// Writes the names of the files that change, one a line.
///
/// ```
/// use rolec::render::formatting::{Outcome, Run, list};
/// use rolec::source::Sources;
///
/// let mut sources = Sources::new();
/// let outcomes = [(sources.add("a.role", ""), Outcome::Changed), (sources.add("b.role", ""), Outcome::Unchanged)];
/// let run = Run { sources: &sources, outcomes: &outcomes, is_dry: false };
/// let mut out = Vec::new();
/// list(&run, &mut out)?;
/// assert_eq!(out, b"a.role\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn list(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let changed = run.files().filter(|(_, outcome)| *outcome == Outcome::Changed);
    changed.into_iter().try_for_each(|(name, _)| one_line(out, name))
}

/// Writes how many files there are of each sort: `3 files formatted, 12 unchanged`.
///
/// ```
/// use rolec::render::formatting::{Outcome, Run, summary};
/// use rolec::source::Sources;
///
/// let mut sources = Sources::new();
/// let outcomes = [(sources.add("a.role", ""), Outcome::Changed), (sources.add("b.role", ""), Outcome::Unchanged)];
/// let run = Run { sources: &sources, outcomes: &outcomes, is_dry: true };
/// let mut out = Vec::new();
/// summary(&run, &mut out)?;
/// assert_eq!(out, b"1 file would be formatted, 1 unchanged\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn summary(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let would = if run.is_dry { "would be " } else { "" };
    let counts = [
        (run.count(Outcome::Changed), format!("{would}formatted")),
        (run.count(Outcome::Unchanged), "unchanged".to_owned()),
        (run.count(Outcome::Refused), "refused".to_owned()),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0).enumerate();
    let told: Vec<String> = told
        .map(|(index, (count, what))| match (index, count) {
            (0, 1) => format!("1 file {what}"),
            (0, _) => format!("{count} files {what}"),
            _ => format!("{count} {what}"),
        })
        .collect();
    one_line(out, &told.join(", "))
}
