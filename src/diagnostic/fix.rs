//! Edits that would mend a finding.

use crate::diagnostic::Diagnostics;
use crate::source::{Place, Sources};

/// Whether a machine may make an edit unasked.
///
/// ```
/// use rolec::diagnostic::{Applicability, Fix};
/// use rolec::source::{FileId, Place, Span};
///
/// let place = Place { file: FileId(0), span: Span::new(0, 4) };
/// // A near name is shown and never taken.
/// assert_eq!(Fix::suggest("write `view`", place, "view").applicability, Applicability::Suggestion);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// What it means is certain: the policy decides the same after it, or had errors and can be read in one way only.
    Safe,
    /// Likely what was meant; a person should look.
    Suggestion,
}

/// One replacement of text.
///
/// ```
/// use rolec::diagnostic::Edit;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let text = "use jumpclod organization o {}";
/// let compiled = compile(Sources::from_iter([("o.role", text)]));
/// let finding = compiled.findings.iter().next().unwrap();
/// let Edit { place, text: instead } = &finding.fixes[0].edits[0];
/// let mut mended = text.to_owned();
/// mended.replace_range(place.span.start as usize..place.span.end as usize, instead);
/// assert_eq!(mended, "use jumpcloud organization o {}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace; an empty span is an insertion.
    pub place: Place,
    /// What to put there.
    pub text: String,
}

/// Edits that together mend a finding.
///
/// ```
/// use rolec::diagnostic::Fix;
/// use rolec::source::{FileId, Place, Span};
///
/// let place = Place { file: FileId(0), span: Span::new(4, 8) };
/// let fix = Fix::suggest("write `view`", place, "view");
/// assert_eq!((fix.title.as_str(), fix.edits.len()), ("write `view`", 1));
/// ```
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

    /// One replacement after which the policy decides the same; or, where it had errors, the one thing that was said.
    ///
    /// ```
    /// use rolec::diagnostic::{Applicability, Fix};
    /// use rolec::source::{FileId, Place, Span};
    ///
    /// let place = Place { file: FileId(0), span: Span::new(4, 10) };
    /// assert_eq!(Fix::safe("remove it", place, "").applicability, Applicability::Safe);
    /// ```
    pub fn safe(title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        Self { applicability: Applicability::Safe, ..Self::suggest(title, place, text) }
    }
}

impl Diagnostics {
    /// Leaves the fixes to people that would take a remark out of the text: what it says is theirs to judge.
    pub(crate) fn spare_remarks(&mut self, sources: &Sources) {
        let has_remark = |edit: &Edit| {
            let file = sources.file(edit.place.file);
            file.is_some_and(|file| file.slice(edit.place.span).contains("//")) && !edit.text.contains("//")
        };
        for fix in self.fixes_mut() {
            if fix.applicability == Applicability::Safe && fix.edits.iter().any(has_remark) {
                fix.applicability = Applicability::Suggestion;
            }
        }
    }
}
