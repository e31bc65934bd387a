//! The colours of a drawing. The escape sequences of a drawing are the literals of this file: text
//! goes through the escaping writer, codespan's calls for a style go past it.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;

use super::Color;
use crate::diagnostic;
use crate::render::Escaped;

/// A writer that codespan can ask for colours.
pub(super) struct Painted<W> {
    text: Escaped<W>,
    /// What was written since the last style: codespan writes character by character.
    run: Vec<u8>,
    color: Color,
}

/// What a drawing takes, as a rule.
pub(super) const DRAWING: usize = 1 << 10;

impl<W: Write> Painted<W> {
    pub(super) fn new(inner: W, color: Color) -> Self {
        Self { text: Escaped::text(inner), run: Vec::with_capacity(DRAWING), color }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.pass()?;
        self.text.finish()
    }

    fn pass(&mut self) -> io::Result<()> {
        self.text.write_all(&self.run)?;
        self.run.clear();
        Ok(())
    }

    fn style(&mut self, sequence: &'static str) -> io::Result<()> {
        match self.color {
            Color::Never => Ok(()),
            Color::Always => {
                self.pass()?;
                self.text.raw(sequence)
            }
        }
    }
}

impl<W: Write> Write for Painted<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.run.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.text.flush()
    }
}

// Each sequence starts with a reset: codespan does not always reset between two styles.
const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[0;1m";
const BLUE: &str = "\x1b[0;1;34m";

fn of_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Bug | Severity::Error => "\x1b[0;1;31m",
        Severity::Warning => "\x1b[0;1;33m",
        Severity::Note => "\x1b[0;1;32m",
        Severity::Help => "\x1b[0;1;36m",
    }
}

/// A text of this program, without anything hidden in it, in the colour of a severity.
pub(in crate::render) fn painted(text: &str, severity: diagnostic::Severity, color: Color) -> String {
    let severity = match severity {
        diagnostic::Severity::Error => Severity::Error,
        diagnostic::Severity::Warning => Severity::Warning,
        diagnostic::Severity::Note => Severity::Note,
    };
    match color {
        Color::Never => text.to_owned(),
        Color::Always => format!("{}{text}{RESET}", of_severity(severity)),
    }
}

impl<W: Write> WriteStyle for Painted<W> {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.style(of_severity(severity))
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.style(BOLD)
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.style(BLUE)
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.style(BLUE)
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.style(BLUE)
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> io::Result<()> {
        self.style(match style {
            LabelStyle::Primary => of_severity(severity),
            LabelStyle::Secondary => BLUE,
        })
    }

    fn reset(&mut self) -> io::Result<()> {
        self.style(RESET)
    }
}
