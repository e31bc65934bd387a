//! Why bytes are no table, as data and as a sentence that says what to do. Shows nothing of the bytes that could
//! reach a terminal raw.

use std::fmt;

use crate::table::flaw::Flaw;

/// Why bytes could not be loaded.
///
/// ```
/// use rolec::table::{LoadError, Table};
///
/// let mut bytes = rolec::example::TABLE.to_vec();
/// assert!(matches!(Table::from_bytes(&bytes[..100]), Err(LoadError::Truncated { found: 100, .. })));
/// bytes[100] ^= 1;
/// let error = Table::from_bytes(&bytes).unwrap_err();
/// assert_eq!(error, LoadError::Checksum);
/// assert!(error.to_string().contains("changed after it was built"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// They do not begin like a table.
    NotATable {
        /// What they begin with, eight bytes at most.
        found: Box<[u8]>,
    },
    /// They are a table of another version of the layout.
    Version {
        /// Theirs.
        found: u32,
        /// The one that is read.
        wanted: u32,
    },
    /// They end before the table does.
    Truncated {
        /// How many there are.
        found: u64,
        /// How many there should be; at least, where even that is cut off.
        wanted: u64,
    },
    /// They go on after the table's end.
    Trailing {
        /// How many there are.
        found: u64,
        /// How many there should be.
        wanted: u64,
    },
    /// Something in them was changed after they were written.
    Checksum,
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
}

/// The sections of a table, in their order.
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
            Self::NotATable { found } if found.is_empty() => f.write_str("the file is empty; build it again"),
            Self::NotATable { found } if found.get(1..5) == Some(b"ROLE") => write!(
                f,
                "the table was changed by a tool that takes it for text (it begins with `{}`); copy it as a \
                 binary file, or build it again",
                found.escape_ascii()
            ),
            Self::NotATable { found } => write!(
                f,
                "this is no compiled table (it begins with `{}`); give a file that `build` wrote",
                found.escape_ascii()
            ),
            Self::Version { found, wanted } => write!(
                f,
                "the table has layout version {found}, this program reads version {wanted}; build it again with \
                 this program"
            ),
            Self::Truncated { found, wanted } => {
                write!(f, "the table is cut off: {found} bytes of {wanted}; copy it again, or build it again")
            }
            Self::Trailing { found, wanted } => write!(
                f,
                "the table should end after {wanted} bytes, but {found} are there; copy it again, or build it \
                 again"
            ),
            Self::Checksum => f.write_str(
                "the table's checksum does not fit: it was changed after it was built; build it again",
            ),
            Self::Malformed { section, at, problem } => write!(
                f,
                "the table is damaged at byte {at}, in its section `{}`: {problem}; build it again",
                section.name()
            ),
            Self::Flaw(flaw) => write!(f, "the table contradicts itself: {flaw}; build it again"),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Flaw(flaw) => Some(flaw),
            _ => None,
        }
    }
}
