//! Assignments that stand in a file of data, a row each, beside the policy: what its rows say, names unresolved. Reads
//! from what it is handed, once and in pieces, and keeps what rows say and where, never their text. Knows no policy:
//! whether there is such an organization or role is `check`'s to say, by the rules for an `assign`.
//!
//! ```
//! # #[cfg(feature = "assignments")]
//! # {
//! use rolec::pipeline::compile_with;
//! use rolec::lint::Moment;
//! use rolec::roster::{Form, read};
//! use rolec::source::{SourceFile, Sources};
//!
//! let mut sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
//! let rows = "organization,principal,role,until\nacme,eve@audit.example,reader,2027-01-01\n";
//! let file = sources.push(SourceFile::unread("people.csv"));
//! let (roster, lines) = read(rows.as_bytes(), Form::Csv, file, &mut |_| ())?;
//! sources.replace(file, SourceFile::of_rows("people.csv", lines));
//! let compiled = compile_with(sources, vec![roster], Moment::default());
//! let table = compiled.table.unwrap();
//! let acme = table.organization("acme").unwrap();
//! assert!(table.principal(acme, "eve@audit.example").is_some());
//! # }
//! # Ok::<(), std::io::Error>(())
//! ```

#[cfg(feature = "assignments")]
mod csv;
#[cfg(feature = "assignments")]
mod feed;
#[cfg(feature = "assignments")]
mod fields;
#[cfg(feature = "assignments")]
mod lines;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "assignments")]
mod reader;
mod told;

use std::collections::HashMap;
use std::ops::Range;

#[cfg(feature = "parquet")]
pub use self::parquet::lines_of_parquet;
#[cfg(feature = "assignments")]
pub use self::reader::{COLUMNS, Form, read};
pub(crate) use self::told::few;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Place, Span};
use crate::vocab::{PrincipalKind, Time};

/// The rows of one file.
///
/// ```
/// # #[cfg(feature = "assignments")]
/// # {
/// use rolec::roster::{Form, read};
/// use rolec::source::FileId;
///
/// let line = r#"{"organization": "acme", "principal": "till", "kind": "service", "role": "reader"}"#;
/// let (roster, _) = read(line.as_bytes(), Form::Lines, FileId(0), &mut |_| ())?;
/// assert!(roster.len() == 1 && !roster.is_empty() && roster.findings().is_empty());
/// assert!(roster.organizations().map(|(name, _)| name).eq(["acme"]));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Roster {
    file: FileId,
    /// Names that many rows share: of organizations and of roles.
    shared: Vec<Box<str>>,
    /// The others, one behind the other.
    text: String,
    /// By organization, those of one in their order.
    rows: Vec<Row>,
    findings: Diagnostics,
}

/// A part of a roster's text.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    start: u32,
    length: u32,
}

/// A row.
#[derive(Clone, Copy, Debug)]
struct Row {
    organization: u32,
    role: u32,
    principal: Piece,
    because: Option<Piece>,
    kind: PrincipalKind,
    from: Option<Time>,
    until: Option<Time>,
    places: Places,
}

/// Where the fields of a row stand.
#[derive(Clone, Copy, Debug, Default)]
struct Places {
    organization: Span,
    principal: Span,
    role: Span,
    from: Span,
    until: Span,
}

/// An assignment as a row says it.
#[doc(hidden)] // what the checker reads
#[derive(Clone, Copy, Debug)]
pub struct Entry<'r> {
    /// To whom.
    pub principal: &'r str,
    /// Whether that is a person.
    pub kind: PrincipalKind,
    /// Which role or template.
    pub role: &'r str,
    /// The first moment.
    pub from: Option<Time>,
    /// The first moment without it.
    pub until: Option<Time>,
    /// Why.
    pub because: Option<&'r str>,
    /// Where the organization is named.
    pub of: Place,
    /// Where the principal is named.
    pub at: Place,
    /// Where the role is named.
    pub role_at: Place,
    /// Where the first moment is.
    pub from_at: Place,
    /// Where the last one is.
    pub until_at: Place,
}

impl Roster {
    /// The file that it was read from.
    #[doc(hidden)]
    pub fn file(&self) -> FileId {
        self.file
    }

    /// How many rows could be read.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is wrong with rows that could not be read.
    pub fn findings(&self) -> &Diagnostics {
        &self.findings
    }

    /// Takes them out.
    pub(crate) fn take_findings(&mut self) -> Diagnostics {
        std::mem::take(&mut self.findings)
    }

    /// The organizations that are named, each with its rows, for [`entries`](Self::entries).
    pub fn organizations(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let mut start = 0;
        self.rows.chunk_by(|one, next| one.organization == next.organization).map(move |rows| {
            let range = start..start + rows.len();
            start = range.end;
            (rows.first().map_or("", |row| self.shared(row.organization)), range)
        })
    }

    /// Some rows.
    #[doc(hidden)]
    pub fn entries(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = Entry<'_>> {
        self.rows.get(range).unwrap_or_default().iter().map(|row| self.entry(row))
    }

    fn shared(&self, name: u32) -> &str {
        self.shared.get(name as usize).map_or("", |name| name)
    }

    fn piece(&self, piece: Piece) -> &str {
        let start = piece.start as usize;
        self.text.get(start..start + piece.length as usize).unwrap_or_default()
    }

    fn entry(&self, row: &Row) -> Entry<'_> {
        let place = |span| Place { file: self.file, span };
        Entry {
            principal: self.piece(row.principal),
            kind: row.kind,
            role: self.shared(row.role),
            from: row.from,
            until: row.until,
            because: row.because.map(|because| self.piece(because)),
            of: place(row.places.organization),
            at: place(row.places.principal),
            role_at: place(row.places.role),
            from_at: place(row.places.from),
            until_at: place(row.places.until),
        }
    }
}

/// A roster in the making.
#[cfg_attr(not(feature = "assignments"), allow(dead_code, reason = "who reads makes them"))]
#[derive(Debug)]
struct Making {
    roster: Roster,
    names: HashMap<Box<str>, u32>,
}

#[cfg_attr(not(feature = "assignments"), allow(dead_code, reason = "who reads makes them"))]
impl Making {
    fn new(file: FileId) -> Self {
        let (shared, text, rows) = (Vec::new(), String::new(), Vec::new());
        Self {
            roster: Roster { file, shared, text, rows, findings: Diagnostics::new() },
            names: HashMap::new(),
        }
    }

    fn share(&mut self, name: &str) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let id = u32::try_from(self.roster.shared.len()).unwrap_or(u32::MAX);
        self.roster.shared.push(name.into());
        self.names.insert(name.into(), id);
        id
    }

    /// The text is never longer than its file, of which `u32` counts the bytes.
    fn keep(&mut self, text: &str) -> Piece {
        let start = u32::try_from(self.roster.text.len()).unwrap_or(u32::MAX);
        self.roster.text.push_str(text);
        Piece { start, length: u32::try_from(text.len()).unwrap_or(u32::MAX) }
    }

    fn finish(mut self) -> Roster {
        self.roster.rows.sort_by_key(|row| row.organization);
        self.roster
    }
}
