//! The `///` comments of a file, until what they document has claimed them.

use smallvec::SmallVec;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Place, Span};

/// The comments not yet claimed, each with the number of the token below it.
#[derive(Default)]
pub(crate) struct Docs {
    lines: Vec<(Span, usize)>,
    claimed: Vec<bool>,
}

impl Docs {
    pub(crate) fn new(lines: Vec<(Span, usize)>) -> Self {
        let claimed = vec![false; lines.len()];
        Self { lines, claimed }
    }

    /// Takes the lines above a damaged token out of what is told.
    pub(crate) fn forgive(&mut self, token: usize) {
        self.claim(token);
    }

    /// The first line above a token, in its file's bytes.
    pub(crate) fn first_above(&self, token: usize) -> Option<Span> {
        let first = self.lines.partition_point(|(_, below)| *below < token);
        self.lines.get(first).filter(|(_, below)| *below == token).map(|(span, _)| *span)
    }

    /// The lines above a token, in their file's bytes.
    pub(crate) fn claim(&mut self, token: usize) -> SmallVec<[Span; 2]> {
        let first = self.lines.partition_point(|(_, below)| *below < token);
        let last = self.lines.partition_point(|(_, below)| *below <= token);
        if let Some(claimed) = self.claimed.get_mut(first..last) {
            claimed.fill(true);
        }
        self.lines.get(first..last).unwrap_or_default().iter().map(|(span, _)| *span).collect()
    }

    /// The findings for the lines that document nothing.
    pub(crate) fn unclaimed(&self, file: FileId) -> Diagnostics {
        let mut findings = Diagnostics::new();
        let mut last = None;
        for ((span, token), claimed) in self.lines.iter().zip(&self.claimed) {
            if !claimed && last != Some(*token) {
                findings.push(
                    Diagnostic::new(Code::DocOfNothing, Place { file, span: *span }, "`///` above nothing that it could document")
                        .help("it documents what stands at the top of a file, in a catalog or in an organization, and a row of a category; a remark for readers begins with `//`"),
                );
                last = Some(*token);
            }
        }
        findings
    }
}
