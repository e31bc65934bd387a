//! Text to text in the one canonical style. Changes white space, and on which line a comment stands; never what the
//! text says. What is damaged stays byte for byte.
//!
//! text → atoms (`atoms`: what stays together, what stands before it) → lines (`layout`) → text (`write`), which is
//! held against the text that it was made of (`same`) before anybody gets it.
//!
//! ```
//! use rolec::tools::format::format;
//!
//! let formatted = format("template   t{grant all:view} // everybody");
//! assert_eq!(formatted.text, "template t { grant all: view }  // everybody\n");
//! ```

mod atoms;
mod edits;
mod layout;
mod policy;
mod same;
mod write;

pub use self::edits::edits;
pub use self::policy::same_policy;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Place, Provenance, SourceFile};
use crate::syntax::{Outline, outline};

/// How long a line may be, in characters.
const WIDTH: usize = 110;
/// How much further in a block stands.
const INDENT: usize = 4;

/// A text after formatting.
///
/// ```
/// use rolec::tools::format::format;
///
/// let formatted = format("use  jumpcloud\ntemplate t { grnat  all: view }\n");
/// assert_eq!(formatted.text, "use jumpcloud\ntemplate t { grnat  all: view }\n");
/// assert_eq!((formatted.findings.len(), formatted.is_refused), (1, false));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text in canonical style; as it was where it was refused.
    pub text: String,
    /// Mistakes of text and syntax: the members that have them are as they were.
    pub findings: Diagnostics,
    /// Whether nothing of the text was formatted: it cannot be read, and a finding says why.
    pub is_refused: bool,
}

/// Formats a text.
///
/// ```
/// use rolec::tools::format::format;
///
/// assert_eq!(format("use jumpcloud\r\n\r\n\r\n").text, "use jumpcloud\r\n");
/// ```
pub fn format(text: &str) -> Formatted {
    format_file(&SourceFile::new("", text.as_bytes().to_vec(), Provenance::Given), FileId(0))
}

/// Formats a file.
///
/// ```
/// use rolec::source::Sources;
/// use rolec::tools::format::format_file;
///
/// let mut sources = Sources::new();
/// let id = sources.add("a.role", "use  jumpcloud");
/// let formatted = sources.file(id).map(|file| format_file(file, id)).unwrap();
/// assert_eq!(formatted.text, "use jumpcloud\n");
/// ```
pub fn format_file(source: &SourceFile, id: FileId) -> Formatted {
    let (outline, mut findings) = outline(source, id);
    let unread =
        |finding: &Diagnostic| matches!(finding.code, Code::InvalidUtf8 | Code::FileTooLarge | Code::TooDeep);
    if findings.iter().any(unread) {
        findings.retain(unread);
        return Formatted { text: source.text().to_owned(), findings, is_refused: true };
    }
    let text = laid_out(source, &outline);
    findings.retain(|finding| finding.severity() == Severity::Error);
    match same::difference(source.text(), &text) {
        // In damaged text the lines say what was meant, and how braces that do not come out even are explained hangs on
        // them: they stay where they say it.
        None if findings.has_errors()
            && text != source.text()
            && !is_steady(source, &outline, &findings, &text) =>
        {
            Formatted { text: source.text().to_owned(), findings, is_refused: false }
        }
        None => Formatted { text, findings, is_refused: false },
        Some(span) => {
            findings.push(defect(Place { file: id, span }));
            Formatted { text: source.text().to_owned(), findings, is_refused: true }
        }
    }
}

/// The text of a file in canonical style, but for what is damaged.
fn laid_out(source: &SourceFile, outline: &Outline) -> String {
    write::write(source.text(), layout::lines(atoms::atoms(source, outline)))
}

/// Whether the formatted text of a damaged file has the same mistakes in the same members, and is laid out as it is.
fn is_steady(source: &SourceFile, outlined: &Outline, findings: &Diagnostics, text: &str) -> bool {
    let other = SourceFile::new(source.name(), text.as_bytes().to_vec(), source.provenance());
    let (other_outlined, found) = outline(&other, FileId(0));
    let errors = |findings: &Diagnostics| -> Vec<(Code, String)> {
        findings.errors().map(|finding| (finding.code, finding.message.clone())).collect()
    };
    errors(findings) == errors(&found)
        && damage(source, outlined) == damage(&other, &other_outlined)
        && laid_out(&other, &other_outlined) == text
}

/// The text of what is damaged.
fn damage<'s>(source: &'s SourceFile, outline: &Outline) -> Vec<&'s str> {
    let parts = outline.parts.iter().filter(|part| part.is_damaged);
    let spans = parts.filter_map(|part| {
        let tokens = outline.tokens.get(part.tokens.clone())?;
        Some(tokens.first()?.span.to(tokens.last()?.span))
    });
    spans.map(|span| source.slice(span)).collect()
}

/// A formatted text that says something else: ours to mend, and never given to anybody.
fn defect(place: Place) -> Diagnostic {
    Diagnostic::new(Code::CompilerDefect, place, "formatting would change what is said here")
        .label("nothing was changed")
        .help("this is a defect of rolec and not of the policy: please report it with the text")
}

#[cfg(test)]
mod tests;
