//! A file of rows, read from its start to its end: which form it has, and what ends the reading before.

use std::io::{self, BufRead};

use super::feed::Feed;
use super::{Making, Roster, csv, lines, told};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{FileId, LineIndex, Place, Span};
use crate::vocab::limits::ROW_FINDINGS;

/// The columns of a file of assignments, in the order in which they are told. `organization`, `principal` and `role`
/// are needed.
///
/// ```
/// assert_eq!(rolec::roster::COLUMNS[..3], ["organization", "principal", "kind"]);
/// ```
pub const COLUMNS: [&str; 7] = ["organization", "principal", "kind", "role", "from", "until", "because"];

/// Bytes of one row, its line ends and quotes among them. What is longer is none.
pub(super) const ROW_BYTES: u64 = 1 << 20;

/// How a file of rows is written.
///
/// ```
/// use rolec::roster::Form;
///
/// assert_eq!(Form::of_ending("csv"), Some(Form::Csv));
/// assert_eq!(Form::of_ending("JSONL"), Some(Form::Lines));
/// assert_eq!(Form::of_ending("role"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Comma-separated values by RFC 4180, the first line naming the columns.
    Csv,
    /// A JSON object a line.
    Lines,
}

impl Form {
    /// The form of a file whose name ends so.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Lines),
            _ => None,
        }
    }
}

/// Reads a file of assignments to its end, and where its lines begin. What is wrong with its rows is among its
/// findings; after so many that nobody would read more, the rest is not read. `progress` is told now and then how many
/// bytes were read.
///
/// # Errors
/// Where the input cannot be read.
///
/// ```
/// use rolec::diagnostic::Code;
/// use rolec::roster::{Form, read};
/// use rolec::source::FileId;
///
/// let rows = "organization,principal,role,from\nacme,ana,reader,2026-13-01\nacme,bea\n";
/// let (roster, lines) = read(rows.as_bytes(), Form::Csv, FileId(0), &mut |_| ())?;
/// let found: Vec<(Code, usize)> = roster
///     .findings()
///     .iter()
///     .map(|finding| (finding.code, lines.line(finding.primary.place.span.start) + 1))
///     .collect();
/// assert_eq!(found, [(Code::BadTime, 2), (Code::BadRow, 3)]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read(
    input: impl BufRead,
    form: Form,
    file: FileId,
    progress: &mut dyn FnMut(u64),
) -> io::Result<(Roster, LineIndex)> {
    let mut feed = Feed::new(input, progress)?;
    let mut making = Making::new(file);
    if making.is_text(feed.peek()?) {
        match form {
            Form::Csv => csv::read(&mut feed, &mut making)?,
            Form::Lines => lines::read(&mut feed, &mut making)?,
        }
    }
    Ok((making.finish(), feed.finish()))
}

impl Making {
    /// Whether the first bytes are no UTF-16, which is told.
    fn is_text(&mut self, first: &[u8]) -> bool {
        let is_wide = first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff");
        if is_wide {
            let place = Place { file: self.roster.file, span: Span::new(0, 0) };
            self.find(
                Diagnostic::new(Code::InvalidUtf8, place, "this file is in UTF-16")
                    .help("save it as UTF-8: of a spreadsheet, as `CSV UTF-8`"),
            );
        }
        !is_wide
    }

    /// Whether there is reason to read on, at a place.
    pub(super) fn goes_on(&mut self, at: u64) -> bool {
        let file = self.roster.file;
        if self.roster.findings.len() > ROW_FINDINGS {
            let message = format!("more than {ROW_FINDINGS} faults: the rest of this file was not read");
            self.find(told::more(file, Severity::Error, message));
            return false;
        }
        if at >= u64::from(u32::MAX) {
            let place = Place { file, span: Span::new(0, 0) };
            self.find(
                Diagnostic::new(Code::FileTooLarge, place, "a file of assignments has at most 4 GiB")
                    .help("part it into several, and name each with `--assignments`"),
            );
            return false;
        }
        true
    }
}
