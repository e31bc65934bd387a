//! The findings of a run: what `check --format json` writes.

use serde::Serialize;

use super::VERSION;
use crate::diagnostic::{self, Applicability, Diagnostic, Diagnostics};
use crate::render::Tally;
use crate::render::spot::{self, Spot};
use crate::source::{Place, Sources};

/// All findings of a run.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Findings;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("o.role", "use jumpclod organization o {}")]));
/// let document = Findings::new(&compiled.sources, &compiled.findings);
/// let finding = &document.findings[0];
/// assert_eq!((finding.code, finding.region.line, finding.region.column), ("R0201", 1, 5));
/// assert_eq!(finding.fixes[0].edits[0].text, "jumpcloud");
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Findings<'a> {
    /// The version of this shape.
    pub version: u32,
    /// The findings, in the order given.
    pub findings: Vec<Finding<'a>>,
    /// How many there are of each severity.
    pub summary: Tally,
    /// What could not be read, a sentence each. What it may have declared is then not missed in the findings.
    pub unread: Vec<String>,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding<'a> {
    /// `R0204`.
    pub code: &'static str,
    /// `unknown-row`.
    pub slug: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// What is wrong, in a sentence.
    pub message: &'a str,
    /// Where: the place of the primary label.
    #[serde(flatten)]
    pub region: Region<'a>,
    /// All places, the primary one first.
    pub labels: Vec<Label<'a>>,
    /// What to do next, a sentence each.
    pub help: Vec<&'a str>,
    /// Edits that would mend it: each of them alone does.
    pub fixes: Vec<Fix<'a>>,
}

/// A part of a file. Lines and columns count from 1, columns count characters; the end is the point after the
/// last character.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Region<'a> {
    /// The file's name as it was given.
    pub file: &'a str,
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column after the last.
    pub end_column: u32,
}

/// A place with a word on what it has to do with a finding.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Label<'a> {
    /// Where.
    #[serde(flatten)]
    pub region: Region<'a>,
    /// What is there; may be empty.
    pub text: &'a str,
    /// Whether it is the place of the finding itself.
    pub primary: bool,
}

/// Edits that together mend a finding.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fix<'a> {
    /// What they do, as an instruction.
    pub title: &'a str,
    /// `safe` where a machine may make them unasked, otherwise `suggestion`.
    pub applicability: &'static str,
    /// The edits; their places do not overlap.
    pub edits: Vec<Edit<'a>>,
}

/// One replacement of text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Edit<'a> {
    /// The file's name as it was given.
    pub file: &'a str,
    /// Where the text to replace starts.
    pub start: Point,
    /// Where it ends; the same point for an insertion.
    pub end: Point,
    /// What to put there.
    pub text: &'a str,
}

/// A point in a file.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Point {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The byte, from 0.
    pub offset: usize,
}

impl<'a> Findings<'a> {
    /// The shape of findings in their files.
    pub fn new(sources: &'a Sources, diagnostics: &'a Diagnostics) -> Self {
        let findings = Finding::all(sources, diagnostics);
        Self { version: VERSION, findings, summary: Tally::of(diagnostics), unread: Vec::new() }
    }
}

impl<'a> Finding<'a> {
    /// Findings in their files, in the order given.
    pub fn all(sources: &'a Sources, diagnostics: &'a Diagnostics) -> Vec<Self> {
        diagnostics.iter().map(|diagnostic| Self::new(sources, diagnostic)).collect()
    }

    fn new(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Self {
        let primary = Label { primary: true, ..Label::new(sources, &diagnostic.primary) };
        let secondary = diagnostic.secondary.iter().map(|label| Label::new(sources, label));
        Self {
            code: diagnostic.code.code(),
            slug: diagnostic.code.slug(),
            severity: diagnostic.severity().word(),
            message: &diagnostic.message,
            region: Region::new(sources, diagnostic.primary.place),
            labels: std::iter::once(primary).chain(secondary).collect(),
            help: diagnostic.help.iter().map(String::as_str).collect(),
            fixes: diagnostic.fixes.iter().map(|fix| Fix::new(sources, fix)).collect(),
        }
    }
}

impl<'a> Region<'a> {
    fn new(sources: &'a Sources, place: Place) -> Self {
        let (file, start, end) = ends(sources, place);
        Self { file, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

impl<'a> Label<'a> {
    /// A secondary label.
    fn new(sources: &'a Sources, label: &'a diagnostic::Label) -> Self {
        Self { region: Region::new(sources, label.place), text: &label.text, primary: false }
    }
}

impl<'a> Edit<'a> {
    pub(in crate::render) fn of(sources: &'a Sources, place: Place, text: &'a str) -> Self {
        let (file, start, end) = ends(sources, place);
        Self { file, start, end, text }
    }
}

impl<'a> Fix<'a> {
    fn new(sources: &'a Sources, fix: &'a diagnostic::Fix) -> Self {
        let applicability = match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Suggestion => "suggestion",
        };
        let edit = |edit: &'a diagnostic::Edit| Edit::of(sources, edit.place, &edit.text);
        Self { title: &fix.title, applicability, edits: fix.edits.iter().map(edit).collect() }
    }
}

/// A place's file and its two ends. A file that is not there has no name and one empty line.
fn ends(sources: &Sources, place: Place) -> (&str, Point, Point) {
    let point = |spot::Point { line, column, byte }| Point { line, column, offset: byte };
    match Spot::of(sources, place) {
        Some(spot) => (spot.file.name(), point(spot.first()), point(spot.last())),
        None => ("", Point { line: 1, column: 1, offset: 0 }, Point { line: 1, column: 1, offset: 0 }),
    }
}

#[cfg(test)]
mod tests;
