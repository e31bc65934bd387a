//! Why bytes are no table, as data and as a sentence that says what to do. Shows nothing of the bytes that could
//! reach a terminal raw.

use std::fmt;

use crate::decisions::FileError;
use crate::table::flaw::Flaw;

/// Why bytes could not be loaded.
///
/// ```
/// use rolec::decisions::FileError;
/// use rolec::table::{LoadError, Table};
///
/// let mut bytes = rolec::example::TABLE.to_vec();
/// assert!(matches!(Table::from_bytes(&bytes[..100]), Err(LoadError::File(FileError::Truncated { found: 100, .. }))));
/// bytes[100] ^= 1;
/// let error = Table::from_bytes(&bytes).unwrap_err();
/// assert_eq!(error, LoadError::File(FileError::Checksum));
/// assert!(error.to_string().contains("changed after it was built"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// They are no file of decisions.
    File(FileError),
    /// They are decisions alone: what these were made from was left out when they were built.
    NoProvenance,
    /// They are whole, but not as a table is written.
    Malformed {
        /// The section at fault.
        section: Section,
        /// Where in the file, in bytes.
        at: usize,
        /// What is wrong there.
        problem: Problem,
    },
    /// They are as a table is written, but make no valid one.
    Flaw(Flaw),
    /// The decisions are others than what they should be made from makes.
    OtherDecisions,
}

impl From<FileError> for LoadError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// The sections of a table's provenance, in their order.
///
/// ```
/// use rolec::table::{LoadError, Problem, Section};
///
/// assert_eq!(Section::Bits.name(), "bits");
/// let error = LoadError::Malformed { section: Section::Bits, at: 512, problem: Problem::Short };
/// assert!(error.to_string().contains("at byte 512, in its section `bits`"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Catalogs with their categories and rows.
    Catalogs,
    /// Organizations.
    Organizations,
    /// Roles and templates, what they are made from.
    Roles,
    /// What each of them holds.
    Bits,
    /// Principals.
    Principals,
    /// Who is given which role, and when.
    Assignments,
    /// Titles, documentation, entries, reasons, places: all that decides nothing.
    Explanation,
}

/// What is wrong at a place.
///
/// ```
/// use rolec::table::Problem;
///
/// assert_eq!(Problem::Text.to_string(), "a text is no UTF-8");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The section has another number than the one whose turn it is.
    Number,
    /// The section ends too early, or counts more than it has.
    Short,
    /// The section goes on after its last member.
    Long,
    /// A text is no UTF-8.
    Text,
    /// A byte is none of those that can stand there.
    Choice,
    /// A number names something that is not there.
    Unknown,
}

impl Section {
    /// All sections in their order.
    pub(super) const ALL: [Self; 7] = [
        Self::Catalogs,
        Self::Organizations,
        Self::Roles,
        Self::Bits,
        Self::Principals,
        Self::Assignments,
        Self::Explanation,
    ];

    /// Its number in the file, from 1.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Catalogs => 1,
            Self::Organizations => 2,
            Self::Roles => 3,
            Self::Bits => 4,
            Self::Principals => 5,
            Self::Assignments => 6,
            Self::Explanation => 7,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalogs => "catalogs",
            Self::Organizations => "organizations",
            Self::Roles => "roles",
            Self::Bits => "bits",
            Self::Principals => "principals",
            Self::Assignments => "assignments",
            Self::Explanation => "explanation",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "another section stands in its place",
            Self::Short => "it ends too early",
            Self::Long => "it goes on after its end",
            Self::Text => "a text is no UTF-8",
            Self::Choice => "a byte is none of those that can stand there",
            Self::Unknown => "a number names something that is not there",
        })
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::NoProvenance => f.write_str(
                "the table holds decisions alone: what they were made from was left out; build it again without \
                 `--decisions-only`",
            ),
            Self::Malformed { section, at, problem } => write!(
                f,
                "the table is damaged at byte {at}, in its section `{}`: {problem}; build it again",
                section.name()
            ),
            Self::Flaw(flaw) => write!(f, "the table contradicts itself: {flaw}; build it again"),
            Self::OtherDecisions => f.write_str(
                "the table contradicts itself: its decisions are others than its roles and assignments give; build \
                 it again",
            ),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Flaw(flaw) => Some(flaw),
            Self::File(error) => Some(error),
            _ => None,
        }
    }
}
