//! What is in the file of a table: its header, where its sections stand, and how much there is of everything. Tells
//! nothing of a file that the readers refuse.
//!
//! ```
//! use rolec::tools::outline::Outline;
//!
//! let outline = Outline::of(rolec::example::TABLE)?;
//! assert_eq!(outline.whole.map(|counts| counts.rows), Some(5));
//! # Ok::<(), rolec::table::LoadError>(())
//! ```

use std::ops::Range;

use crate::decisions::{Decisions, Header, Size};
use crate::table::{LoadError, Section, Table};

/// The file of a table from outside.
///
/// ```
/// use rolec::tools::outline::Outline;
///
/// let outline = Outline::of(rolec::example::TABLE)?;
/// assert_eq!(outline.header.length, rolec::example::TABLE.len() as u64);
/// assert_eq!((outline.decisions.principals, outline.sections.len()), (2, 7));
/// let counts = outline.whole.unwrap();
/// assert_eq!((counts.templates, counts.roles, counts.assignments), (2, 1, 3));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Outline {
    /// What it is, where everything stands, and its certificate.
    pub header: Header,
    /// How much there is in its decisions.
    pub decisions: Size,
    /// The sections of its provenance, and where they stand; none where it was left out.
    pub sections: Vec<(Section, Range<usize>)>,
    /// How much there is in its provenance.
    pub whole: Option<Counts>,
}

/// How much there is in what decisions are made from.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::outline::Counts;
///
/// let counts = Counts::of(&Table::from_bytes(rolec::example::TABLE)?);
/// assert_eq!((counts.categories, counts.rows, counts.files), (2, 5, 1));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Categories of all catalogs.
    pub categories: usize,
    /// Rows of all catalogs.
    pub rows: usize,
    /// Templates of all catalogs.
    pub templates: usize,
    /// Roles of all organizations.
    pub roles: usize,
    /// Assignments.
    pub assignments: usize,
    /// Files of the sources.
    pub files: usize,
}

impl Outline {
    /// Reads a file as whoever asks it does.
    ///
    /// # Errors
    /// Where it is refused.
    pub fn of(bytes: &[u8]) -> Result<Self, LoadError> {
        let header = Header::of(bytes)?;
        if header.provenance.is_none() {
            let decisions = Decisions::from_bytes(bytes)?.index().size();
            return Ok(Self { header, decisions, sections: Vec::new(), whole: None });
        }
        let table = Table::from_bytes(bytes)?;
        let (decisions, sections) = (table.decisions().index().size(), Table::sections(bytes)?);
        Ok(Self { header, decisions, sections, whole: Some(Counts::of(&table)) })
    }
}

impl Counts {
    /// Counts what is in a table.
    pub fn of(table: &Table) -> Self {
        let templates = table.templates().count();
        Self {
            categories: table.catalogs().map(|catalog| catalog.categories().count()).sum(),
            rows: table.catalogs().map(|catalog| catalog.rows().count()).sum(),
            templates,
            roles: table.roles().count().saturating_sub(templates),
            assignments: table.principals().map(|principal| principal.assignments().count()).sum(),
            files: table.files().count(),
        }
    }
}
