//! How many findings there are, by severity.

use std::fmt;

use crate::diagnostic::{Diagnostics, Severity};

/// Findings counted by severity.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::Tally;
/// use rolec::source::Sources;
///
/// let text = "use jumpcloud organization o { role r { grant sso: full } }";
/// let tally = Tally::of(&compile(Sources::from_iter([("o.role", text)])).findings);
/// assert_eq!(tally.errors, 1);
/// assert_eq!(Tally { errors: 2, warnings: 1, notes: 0 }.to_string(), "2 errors, 1 warning");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tally {
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notes.
    pub notes: usize,
}

impl Tally {
    /// Counts findings.
    pub fn of(diagnostics: &Diagnostics) -> Self {
        diagnostics.iter().fold(Self::default(), |mut tally, diagnostic| {
            match diagnostic.severity() {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Note => tally.notes += 1,
            }
            tally
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.errors, Severity::Error),
            (self.warnings, Severity::Warning),
            (self.notes, Severity::Note),
        ];
        let told = counts.into_iter().filter(|(count, _)| *count > 0).enumerate();
        for (index, (count, severity)) in told {
            let comma = if index == 0 { "" } else { ", " };
            let plural = if count == 1 { "" } else { "s" };
            write!(f, "{comma}{count} {severity}{plural}")?;
        }
        Ok(())
    }
}

/// The findings in a line, as in `2 errors, 1 warning, 3 notes`; nothing where there is none.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::summary;
/// use rolec::source::Sources;
///
/// let findings = |text: &str| compile(Sources::from_iter([("o.role", text)])).findings;
/// assert_eq!(summary(&findings("use nowhere")).as_deref(), Some("1 error"));
/// assert_eq!(summary(&findings("")), None);
/// ```
pub fn summary(diagnostics: &Diagnostics) -> Option<String> {
    (!diagnostics.is_empty()).then(|| Tally::of(diagnostics).to_string())
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::diagnostic::{Code, Diagnostic, Diagnostics};
    use crate::source::{FileId, Place, Span};

    fn line(codes: &[Code]) -> Option<String> {
        let place = Place { file: FileId(0), span: Span::new(0, 0) };
        let mut diagnostics = Diagnostics::new();
        codes.iter().for_each(|code| diagnostics.push(Diagnostic::new(*code, place, "x")));
        summary(&diagnostics)
    }

    #[test]
    fn a_line_of_counts() {
        let (error, warning, note) = (Code::UnknownRow, Code::EmptyGrant, Code::LoweredBySpread);
        assert_eq!(line(&[]), None);
        assert_eq!(line(&[note, error, warning, note, error, note]).unwrap(), "2 errors, 1 warning, 3 notes");
        assert_eq!(line(&[error, note]).unwrap(), "1 error, 1 note");
        assert_eq!(line(&[warning, warning]).unwrap(), "2 warnings");
    }
}
