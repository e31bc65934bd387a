//! Edits that would mend a finding.

use crate::source::Place;

/// Whether a machine may make an edit unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// What it means is certain.
    Safe,
    /// Likely what was meant; a person should look.
    Suggestion,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace; an empty span is an insertion.
    pub place: Place,
    /// What to put there.
    pub text: String,
}

/// Edits that together mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edits do, as an instruction: "write `view`".
    pub title: String,
    /// The edits; their places do not overlap.
    pub edits: Vec<Edit>,
    /// Whether a machine may make them unasked.
    pub applicability: Applicability,
}

impl Fix {
    /// One replacement that a person should look at.
    pub fn suggest(title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        let edits = vec![Edit { place, text: text.into() }];
        Self { title: title.into(), edits, applicability: Applicability::Suggestion }
    }
}
