//! Why bytes are no file of decisions, as data and as a sentence that says what to do. Shows nothing of the bytes that
//! could reach a terminal raw.

use std::fmt;

/// Why a file cannot be read.
///
/// ```
/// use rolec::decisions::{Decisions, FileError};
///
/// let mut bytes = rolec::example::TABLE.to_vec();
/// let cut = Decisions::from_bytes(&bytes[..100]).unwrap_err();
/// assert!(matches!(cut, FileError::Truncated { found: 100, .. }));
/// bytes[200] ^= 1;
/// let error = Decisions::from_bytes(&bytes).unwrap_err();
/// assert!(error.to_string().contains("changed after it was built"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileError {
    /// It does not begin like a table.
    NotATable {
        /// What it begins with, eight bytes at most.
        found: Box<[u8]>,
    },
    /// It is a table of another version of the layout.
    Version {
        /// Its version.
        found: u32,
        /// The one that is read.
        wanted: u32,
    },
    /// It ends before the table does.
    Truncated {
        /// How many bytes there are.
        found: u64,
        /// How many there should be; at least, where even that is cut off.
        wanted: u64,
    },
    /// It goes on after the table's end.
    Trailing {
        /// How many bytes there are.
        found: u64,
        /// How many there should be.
        wanted: u64,
    },
    /// Something in it was changed after it was written.
    Checksum,
    /// Its beginning is whole, but says what none says that `build` wrote.
    Header,
    /// Its decisions are whole, but not as they are written.
    Damage(Damage),
    /// It is mapped to an address where no numbers can stand, or this machine has another order of bytes.
    Unmappable,
}

/// What is wrong with decisions.
///
/// ```
/// use rolec::decisions::{Damage, List};
///
/// let damage = Damage { list: List::Steps, index: 7 };
/// assert_eq!(damage.to_string(), "step 7 is not as it is written");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The list it is in.
    pub list: List,
    /// Which of the list, from 0; where all are there and yet do not fit, how many there are.
    pub index: usize,
}

/// The lists of decisions.
///
/// ```
/// use rolec::decisions::List;
///
/// assert_eq!(List::Permissions.name(), "permission");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum List {
    /// How much there is of everything.
    Counts,
    /// Catalogs.
    Catalogs,
    /// Permissions by name.
    Permissions,
    /// Organizations by name.
    Organizations,
    /// Principals by name and by number.
    Principals,
    /// Rows of bits.
    Rows,
    /// What holds until when.
    Steps,
    /// Names that are too long for a line.
    Texts,
}

impl List {
    /// What one of it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counts => "count",
            Self::Catalogs => "catalog",
            Self::Permissions => "permission",
            Self::Organizations => "organization",
            Self::Principals => "principal",
            Self::Rows => "row",
            Self::Steps => "step",
            Self::Texts => "text",
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} is not as it is written", self.list.name(), self.index)
    }
}

impl fmt::Display for FileError {
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
            Self::Header => f.write_str("the table begins as none does that `build` wrote; build it again"),
            Self::Damage(damage) => write!(f, "the table is damaged: {damage}; build it again"),
            Self::Unmappable => f.write_str("the table cannot be asked where it lies; read it instead"),
        }
    }
}

impl std::error::Error for Damage {}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Damage(damage) => Some(damage),
            _ => None,
        }
    }
}

impl From<Damage> for FileError {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}
