//! Why a table is not trusted, as data and as a sentence that says what to do. Shows nothing of a file but numbers.

use std::fmt;

use crate::sign::seal::VERSION;
use crate::vocab::Time;

/// Why a table is not trusted.
///
/// ```
/// use rolec::sign::{SigningKey, Trust, Untrusted};
/// use rolec::vocab::Time;
///
/// let trust = Trust::new([SigningKey::from_seed(&[1; 32]).public()], 1)?;
/// let error = trust.verify(rolec::example::TABLE, Time(0)).unwrap_err();
/// assert_eq!(error, Untrusted::Unsigned);
/// assert!(error.to_string().starts_with("the table is not signed"));
/// # Ok::<(), rolec::sign::TrustError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Untrusted {
    /// No seal ends it.
    Unsigned,
    /// A seal ends it, which is broken.
    Broken(Fault),
    /// Fewer keys than are wanted have signed it.
    TooFew {
        /// How many of the trusted keys have.
        found: usize,
        /// How many should have.
        wanted: usize,
        /// How many keys have in all.
        signers: usize,
    },
    /// It was to be used before a time which has come.
    Expired {
        /// That time.
        until: Time,
        /// The time at which it was looked at.
        now: Time,
    },
    /// A later version was seen before.
    Older {
        /// Its version.
        version: u64,
        /// The version that was seen.
        seen: u64,
    },
    /// Another table with this version was seen before.
    Other {
        /// The version.
        version: u64,
    },
}

/// What is wrong with a seal.
///
/// ```
/// use rolec::sign::{Fault, Signed, SigningKey, Terms, Untrusted, sign};
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let mut signed = sign(rolec::example::TABLE, Terms { version: 1, until: None }, &key);
/// signed[200] ^= 1;
/// assert_eq!(Signed::read(&signed).unwrap_err(), Untrusted::Broken(Fault::Changed));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is of another version: another form, or signatures of another kind.
    Version {
        /// Its version.
        found: u32,
    },
    /// It is not as it is written: numbers that do not fit, signatures out of order, one key twice.
    Form,
    /// It is for a table of another length.
    Length,
    /// It is for a table of other bytes.
    Changed,
    /// A signature in it is not that of its key.
    Signature,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { found } => {
                write!(f, "it has version {found}, and this program reads version {VERSION}")
            }
            Self::Form => f.write_str("it is not as `build` writes one"),
            Self::Length => f.write_str("the table before it is longer or shorter than the one signed"),
            Self::Changed => f.write_str("the table before it was changed after it was signed"),
            Self::Signature => f.write_str("a signature in it is not that of its key"),
        }
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str(
                "the table is not signed, or its end is cut off; take the one that was signed, or ask without `--trust`",
            ),
            Self::Broken(fault @ Fault::Version { .. }) => {
                write!(f, "the table's seal is of another form: {fault}; sign it with this program, or use the other")
            }
            Self::Broken(fault) => write!(f, "the table's seal is broken: {fault}; copy the table again"),
            Self::TooFew { found: 0, wanted: 1, .. } => {
                f.write_str("no trusted key has signed the table; sign it with one, or trust the key that did")
            }
            Self::TooFew { found, wanted, signers } => write!(
                f,
                "{wanted} trusted keys should have signed the table, and {found} did (signatures: {signers}); add the \
                 missing ones with `key sign`"
            ),
            Self::Expired { until, now } => {
                write!(f, "the table was signed for use until {until}, and it is {now}; sign a new one")
            }
            Self::Older { version, seen } => {
                write!(f, "the table has version {version}, and version {seen} was seen before; take the later one")
            }
            Self::Other { version } => write!(
                f,
                "another table with version {version} was seen before; sign this one with a later version"
            ),
        }
    }
}

impl std::error::Error for Fault {}

impl std::error::Error for Untrusted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(fault) => Some(fault),
            _ => None,
        }
    }
}

impl From<Fault> for Untrusted {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}
