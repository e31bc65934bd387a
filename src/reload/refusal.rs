//! Why what was offered did not come into force, as data and as a sentence.

use std::fmt;
use std::io;

use crate::reload::Expired;
use crate::table::LoadError;

/// Why a table that was offered did not come into force. The one before it is still asked.
///
/// ```
/// use rolec::decisions::Decisions;
/// use rolec::reload::{Live, Refusal};
/// use rolec::vocab::Time;
///
/// let (bytes, now) = (rolec::example::TABLE, Time::parse("2026-12-31")?);
/// let live: Live<Decisions> = Live::new(bytes, Some(8))?;
/// assert!(matches!(live.offer(&bytes[1..], Some(9), now), Err(Refusal::Damaged(_))));
/// let older = live.offer(bytes, Some(7), now).unwrap_err();
/// assert_eq!(older.to_string(), "version 7 is older than version 8, which stays in force");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It could not be read.
    Unread {
        /// The sort of error.
        kind: io::ErrorKind,
        /// What the system says.
        message: String,
    },
    /// It is no table, or a damaged one.
    Damaged(LoadError),
    /// Its own end has come.
    Expired(Expired),
    /// It is older than the one in force, or has no version and that one has.
    Older {
        /// Of the table in force.
        in_force: u64,
        /// Of the one offered.
        offered: Option<u64>,
    },
    /// It has the version of the one in force, and is another.
    OtherBytes {
        /// Of both.
        version: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The system's words may hold a file's name.
            Self::Unread { message, .. } => write!(f, "the table cannot be read: {}", message.escape_debug()),
            Self::Damaged(error) => error.fmt(f),
            Self::Expired(expired) => expired.fmt(f),
            Self::Older { in_force, offered: Some(offered) } => {
                write!(f, "version {offered} is older than version {in_force}, which stays in force")
            }
            Self::Older { in_force, offered: None } => {
                write!(
                    f,
                    "a table without a version may be older than version {in_force}, which stays in force"
                )
            }
            Self::OtherBytes { version } => write!(
                f,
                "this is another table than the one in force, of the same version {version}: give it a later one"
            ),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Damaged(error) => Some(error),
            _ => None,
        }
    }
}
