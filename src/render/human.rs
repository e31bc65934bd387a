//! Draws findings for people, with codespan-reporting. What codespan is given is a small view of the lines that a
//! finding points at (`human/view.rs`), never a whole file; what it writes goes through the escaping writer
//! (`human/paint.rs`). So the size of a drawing, and its cost, depend on the finding alone.

mod paint;
mod view;
mod window;

use std::io::{self, Write};

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::Error;
use codespan_reporting::term::{Chars, Config, Renderer, WriteStyle, emit_to_write_style};

pub(in crate::render) use self::paint::painted;
use self::paint::{DRAWING, Painted};
use self::view::View;
use super::sentence;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// Whether a drawing has colours. Who decides is the door: it knows the terminal and the environment.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::{Color, Human};
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("o.role", "use nowhere")]));
/// let drawn = |color| {
///     let mut out = Vec::new();
///     Human { sources: &compiled.sources, color }.render(&compiled.findings, &mut out).map(|()| out)
/// };
/// assert!(!drawn(Color::Never)?.contains(&0x1b));
/// assert!(drawn(Color::Always)?.contains(&0x1b));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// ANSI escape sequences.
    Always,
}

/// The drawer of findings.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::{Color, Human};
/// use rolec::source::Sources;
///
/// // A line of the policy that would like to clear the terminal is shown, not obeyed.
/// let compiled = compile(Sources::from_iter([("o.role", "use \u{1b}[2J")]));
/// let mut out = Vec::new();
/// Human { sources: &compiled.sources, color: Color::Never }.render(&compiled.findings, &mut out)?;
/// assert!(!out.contains(&0x1b) && String::from_utf8_lossy(&out).contains("<U+001B>"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Human<'a> {
    /// The files that the findings speak of.
    pub sources: &'a Sources,
    /// Whether to colour.
    pub color: Color,
}

impl Human<'_> {
    /// Draws findings in the order given, an empty line after each.
    pub fn render(&self, diagnostics: &Diagnostics, out: &mut dyn Write) -> io::Result<()> {
        let config = Config { chars: Chars::ascii(), ..Config::default() };
        for diagnostic in diagnostics {
            // Drawn aside first: codespan writes character by character, and a writer may have no buffer.
            let mut painted = Painted::new(Vec::with_capacity(DRAWING), self.color);
            self.draw(diagnostic, &config, &mut painted).map_err(|error| match error {
                Error::Io(error) => error,
                other => io::Error::other(other),
            })?;
            out.write_all(&trimmed(&painted.finish()?))?;
        }
        Ok(())
    }

    fn draw(
        &self,
        diagnostic: &Diagnostic,
        config: &Config,
        out: &mut Painted<Vec<u8>>,
    ) -> Result<(), Error> {
        let View { files, labels, left_out } = View::of(self.sources, diagnostic);
        let severity = match diagnostic.severity() {
            Severity::Error => codespan::Severity::Error,
            Severity::Warning => codespan::Severity::Warning,
            Severity::Note => codespan::Severity::Note,
        };
        let drawn = codespan::Diagnostic::new(severity)
            .with_code(diagnostic.code.code())
            .with_message(sentence(&diagnostic.message))
            .with_notes(notes(diagnostic, left_out));
        if labels.is_empty() {
            let file = self.sources.file(diagnostic.primary.place.file);
            return bare(&drawn, file.map(|file| file.name()), config, out);
        }
        emit_to_write_style(out, config, &files, &drawn.with_labels(labels))
    }
}

/// A drawing without space at the ends of its lines: it is pasted into tests and tickets, where that gets lost.
fn trimmed(drawing: &[u8]) -> Vec<u8> {
    let mut trimmed = Vec::with_capacity(drawing.len());
    for line in drawing.split_inclusive(|byte| *byte == b'\n') {
        trimmed.extend_from_slice(line.trim_ascii_end());
        trimmed.push(b'\n');
    }
    trimmed
}

/// A finding with no line to show: its header, the name of its file, its notes.
fn bare(
    drawn: &codespan::Diagnostic<usize>,
    file: Option<&str>,
    config: &Config,
    out: &mut Painted<Vec<u8>>,
) -> Result<(), Error> {
    let mut renderer = Renderer::new(out, config);
    renderer.render_header(None, drawn.severity, drawn.code.as_deref(), &drawn.message)?;
    if let Some(file) = file {
        renderer.set_source_border()?;
        write!(renderer, "  {}", config.chars.snippet_start)?;
        renderer.reset()?;
        writeln!(renderer, " {}", sentence(file))?;
    }
    for note in &drawn.notes {
        renderer.render_snippet_note(1, note)?;
    }
    renderer.render_empty()
}

fn notes(diagnostic: &Diagnostic, left_out: usize) -> Vec<String> {
    let more = match left_out {
        0 => None,
        1 => Some("and 1 more place".to_owned()),
        more => Some(format!("and {more} more places")),
    };
    let help = diagnostic.help.iter().map(|help| format!("help: {}", sentence(help)));
    let fixes = diagnostic.fixes.iter().map(|fix| format!("fix: {}", sentence(&fix.title)));
    more.into_iter().chain(help).chain(fixes).collect()
}

#[cfg(test)]
mod tests;
