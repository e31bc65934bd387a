//! How gravely each sort of finding is told.

use std::collections::BTreeMap;

#[cfg(feature = "cli")]
use crate::diagnostic::Codes;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};

/// How gravely a sort of finding is told.
///
/// ```
/// use rolec::told::Level;
///
/// assert_eq!(Level::find("deny"), Some(Level::Deny));
/// assert_eq!(Level::ALL.map(Level::word), ["allow", "note", "warn", "deny"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not told.
    Allow,
    /// As a note.
    Note,
    /// As a warning.
    Warn,
    /// As an error: the policy means what it means, and nobody should take it as it is.
    Deny,
}

impl Level {
    /// All of them, the gravest last.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Note, Self::Warn, Self::Deny];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level of a word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }

    fn severity(self) -> Option<Severity> {
        match self {
            Self::Allow => None,
            Self::Note => Some(Severity::Note),
            Self::Warn => Some(Severity::Warning),
            Self::Deny => Some(Severity::Error),
        }
    }
}

/// The levels that differ from those of the findings themselves.
///
/// ```
/// use rolec::diagnostic::{Code, Diagnostics, Severity};
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::told::{Level, Levels};
///
/// let text = "use jumpcloud organization o { role r from help-desk, help-desk { } }";
/// let mut compiled = compile(Sources::from_iter([("o.role", text)]));
/// let severity = |findings: &Diagnostics| {
///     let finding = findings.iter().find(|finding| finding.code == Code::RepeatedBase);
///     finding.map(|finding| finding.severity())
/// };
/// assert_eq!(severity(&compiled.findings), Some(Severity::Warning));
/// let mut levels = Levels::default();
/// levels.set(Code::RepeatedBase, Level::Deny);
/// levels.apply(&mut compiled.findings);
/// assert_eq!(severity(&compiled.findings), Some(Severity::Error));
/// levels.set(Code::RepeatedBase, Level::Allow);
/// levels.apply(&mut compiled.findings);
/// assert_eq!(severity(&compiled.findings), None);
/// // An error has no other level.
/// levels.set(Code::UnknownRole, Level::Allow);
/// assert_eq!(levels.get(Code::UnknownRole), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    by_code: BTreeMap<Code, Level>,
}

impl Levels {
    /// Says how a sort of finding is told. That of errors stays.
    pub fn set(&mut self, code: Code, level: Level) {
        if code.severity() != Severity::Error {
            self.by_code.insert(code, level);
        }
    }

    /// How a sort of finding is told, where that was said.
    pub fn get(&self, code: Code) -> Option<Level> {
        self.by_code.get(&code).copied()
    }

    /// Whether a finding is told, `pedantic` or not: one with a level of its own is, whatever its sort.
    ///
    /// ```
    /// use rolec::diagnostic::{Code, Diagnostic};
    /// use rolec::source::{FileId, Place, Span};
    /// use rolec::told::{Level, Levels};
    ///
    /// let place = Place { file: FileId(0), span: Span::new(0, 1) };
    /// let finding = Diagnostic::new(Code::UntestedOrganization, place, "nothing is tested");
    /// let mut levels = Levels::default();
    /// assert!(finding.is_pedantic() && !levels.tells(&finding, false) && levels.tells(&finding, true));
    /// levels.set(Code::UntestedOrganization, Level::Note);
    /// assert!(levels.tells(&finding, false));
    /// ```
    pub fn tells(&self, finding: &Diagnostic, pedantic: bool) -> bool {
        match self.get(finding.code) {
            Some(level) => level != Level::Allow,
            None => pedantic || !finding.is_pedantic(),
        }
    }

    /// The sorts that are not told, `pedantic` or not, or less gravely than `least`.
    #[cfg(feature = "cli")]
    pub(crate) fn left_out(&self, pedantic: bool, least: Severity) -> Codes {
        Codes::of(|code| {
            let severity = match self.get(code) {
                Some(level) => level.severity(),
                None => Some(code.severity()).filter(|_| pedantic || !code.is_pedantic()),
            };
            severity.is_none_or(|severity| severity > least)
        })
    }

    /// Gives findings their levels, and leaves out those that are allowed.
    pub fn apply(&self, findings: &mut Diagnostics) {
        if self.by_code.is_empty() {
            return;
        }
        findings.retain(|finding| self.get(finding.code) != Some(Level::Allow));
        findings.grade(|code| self.get(code).and_then(Level::severity));
    }
}
