//! Findings as data: what is wrong, where, and what to do about it. How they are drawn is `render`'s business.

mod code;
mod fix;
mod near;

pub use self::code::{Code, Severity};
pub use self::fix::{Applicability, Edit, Fix};
pub use self::near::nearest;

use crate::source::Place;

/// A place with a word on what it has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which sort of finding.
    pub code: Code,
    /// One lower-case sentence without a full stop, the user's words in backticks.
    pub message: String,
    /// Where it is. A finding about a file as a whole has an empty span at its start.
    pub primary: Label,
    /// What else has to do with it.
    pub secondary: Vec<Label>,
    /// What to do next, a sentence each.
    pub help: Vec<String>,
    /// Edits that would mend it.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding of a sort at a place.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            primary: Label { place, text: String::new() },
            secondary: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// With a word at its own place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.secondary.push(Label { place, text: text.into() });
        self
    }

    /// With a sentence on what to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// With an edit that would mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// How grave its sort is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The findings of a pass, in the order they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds those of another pass.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Those that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Changes one of them, by its number.
    pub fn amend(&mut self, index: usize, change: impl FnOnce(&mut Diagnostic)) {
        if let Some(finding) = self.0.get_mut(index) {
            change(finding);
        }
    }

    /// Leaves out the findings for which `keep` says no.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// Puts them in the order in which people read: by file, by place, errors first.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.primary.place, d.severity(), d.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.0.dedup();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
