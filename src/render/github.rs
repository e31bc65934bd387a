//! Findings as workflow commands of GitHub Actions: one line each, which GitHub shows at the line of the pull request.
//! What a policy's own text brings along ends no command and begins none.

use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::render::escape::{escaped, escaped_line};
use crate::render::spot::Spot;
use crate::source::{Provenance, Sources};

/// Writes findings as annotations; `unread` are sentences on what could not be read.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::github;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("o.role", "use jumpclod organization o {}")]));
/// let mut out = Vec::new();
/// github(&compiled.sources, &compiled.findings, &[], &mut out)?;
/// let line = String::from_utf8_lossy(&out);
/// assert!(line.starts_with(
///     "::error file=o.role,line=1,endLine=1,col=5,endColumn=13,title=R0201 unknown-catalog::there is no catalog"
/// ));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn github(
    sources: &Sources,
    findings: &Diagnostics,
    unread: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    for message in unread {
        writeln!(out, "::error title=unreadable::{}", data(&escaped_line(message)))?;
    }
    findings.iter().try_for_each(|finding| annotation(sources, finding, out))
}

fn annotation(sources: &Sources, finding: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let level = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    write!(out, "::{level} ")?;
    // What is compiled in is no file of the pull request.
    let spot = Spot::of(sources, finding.primary.place);
    if let Some(spot) = spot.filter(|spot| spot.file.provenance() != Provenance::BuiltIn) {
        let (first, last) = (spot.first(), spot.last());
        write!(out, "file={},line={},endLine={},", property(spot.file.name()), first.line, last.line)?;
        // GitHub takes columns only within one line.
        if first.line == last.line {
            write!(out, "col={},endColumn={},", first.column, last.column)?;
        }
    }
    // The ends of lines are ours alone: a name that has one begins no line.
    let message: Vec<_> =
        std::iter::once(&finding.message).chain(&finding.help).map(|line| escaped_line(line)).collect();
    let title = format!("{} {}", finding.code, finding.code.slug());
    writeln!(out, "title={}::{}", property(&title), data(&message.join("\n")))
}

/// A message as a command has it.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    escaped(&text).into_owned()
}

/// A property's value as a command has it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::github;
    use crate::diagnostic::{Code, Diagnostic, Diagnostics};
    use crate::source::{Place, Provenance, SourceFile, Sources, Span};

    fn written(name: &str, code: Code, message: &str, span: Span, provenance: Provenance) -> String {
        let mut sources = Sources::new();
        let file = sources.push(SourceFile::new(name, b"one two\nthree\n".to_vec(), provenance));
        let mut findings = Diagnostics::new();
        findings.push(Diagnostic::new(code, Place { file, span }, message).help("mend it"));
        let mut out = Vec::new();
        github(&sources, &findings, &[], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_command_ends_where_we_end_it() {
        let name = "a:b,c%\nd.role";
        let hostile = "x\r\n::error::forged, 100% \u{1b}[2J";
        assert_eq!(
            written(name, Code::EmptyGrant, hostile, Span::new(4, 7), Provenance::Given),
            "::warning file=a%3Ab%2Cc%25%0Ad.role,line=1,endLine=1,col=5,endColumn=8,title=R0409 empty-grant::\
             x<U+000D><U+000A>::error::forged, 100%25 <U+001B>[2J%0Amend it\n"
        );
    }

    #[test]
    fn columns_only_within_a_line_and_places_only_in_files() {
        assert_eq!(
            written("a.role", Code::LoweredBySpread, "m", Span::new(4, 10), Provenance::Given),
            "::notice file=a.role,line=1,endLine=2,title=R0406 lowered-by-spread::m%0Amend it\n"
        );
        assert_eq!(
            written("builtin:x", Code::UnknownRow, "m", Span::new(4, 7), Provenance::BuiltIn),
            "::error title=R0204 unknown-row::m%0Amend it\n"
        );
    }

    #[test]
    fn what_is_unread_is_told() {
        let mut out = Vec::new();
        github(&Sources::new(), &Diagnostics::new(), &["cannot read `a`\nb".to_owned()], &mut out).unwrap();
        assert_eq!(out, b"::error title=unreadable::cannot read `a`<U+000A>b\n");
    }
}
