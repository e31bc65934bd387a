//! A run of the formatter for people: which files change, and how many.

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::source::{FileId, Sources};

/// What became of a file.
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
pub fn list(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let changed = run.files().filter(|(_, outcome)| *outcome == Outcome::Changed);
    changed.into_iter().try_for_each(|(name, _)| one_line(out, name))
}

/// Writes how many files there are of each sort: `3 files formatted, 12 unchanged`.
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
