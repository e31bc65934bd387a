//! What was seen last, so that no older table takes the place of a newer one: its version, all that was signed of it, and
//! the latest time, which is kept also where no table was taken yet. As a text with a checksum, against damage; against
//! whoever can write it, nothing helps.

use std::fmt;

use sha2::{Digest as _, Sha512};

use crate::sign::{Untrusted, Verified};
use crate::vocab::Time;

/// The first line.
const TITLE: &str = "rolec state 1";

/// What was seen last.
///
/// ```
/// use rolec::sign::{Seen, SigningKey, Terms, Trust, Untrusted, sign};
/// use rolec::vocab::Time;
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let trust = Trust::new([key.public()], 1)?;
/// let [old, new] = [1, 2].map(|version| sign(rolec::example::TABLE, Terms { version, until: None }, &key));
///
/// let first = Seen::after(None, &trust.verify(&old, Time(100))?, Time(100))?;
/// let second = Seen::after(Some(&first), &trust.verify(&new, Time(50))?, Time(50))?;
/// assert_eq!((second.version(), second.time()), (Some(2), Time(100)), "time does not go back");
///
/// let error = Seen::after(Some(&second), &trust.verify(&old, Time(200))?, Time(200)).unwrap_err();
/// assert_eq!(error, Untrusted::Older { version: 1, seen: 2 });
/// assert_eq!(Seen::parse(&second.to_string())?, second);
/// assert_eq!(second.at(Time(300)).time(), Time(300));
///
/// // That the first table of all has ended is kept by its time alone.
/// let none = Seen::nothing(Time(100));
/// assert_eq!((none.version(), Seen::parse(&none.to_string())?), (None, none));
/// assert_eq!(Seen::after(Some(&none), &trust.verify(&old, Time(50))?, Time(50))?.time(), Time(100));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The table that was taken last; none where none was.
    table: Option<Taken>,
    /// The latest time.
    time: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Taken {
    version: u64,
    /// Stands for all that was signed.
    digest: [u8; 64],
}

/// A text that says nothing of what was seen: cut off, changed, or another one.
///
/// ```
/// use rolec::sign::{Seen, SeenError};
///
/// assert_eq!(Seen::parse(""), Err(SeenError));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenError;

impl Seen {
    /// What was seen once a table is taken at a time: by what was seen before it, where there is any.
    ///
    /// # Errors
    /// Where a later table was seen, or another one of the same version.
    pub fn after(before: Option<&Self>, verified: &Verified<'_>, now: Time) -> Result<Self, Untrusted> {
        let version = verified.terms().version;
        let taken = Taken { version, digest: verified.digest() };
        match before.and_then(|before| before.table) {
            Some(before) if version < before.version => {
                return Err(Untrusted::Older { version, seen: before.version });
            }
            Some(before) if version == before.version && taken != before => {
                return Err(Untrusted::Other { version });
            }
            _ => {}
        }
        let time = before.map_or(now, |before| before.time.max(now));
        Ok(Self { table: Some(taken), time })
    }

    /// That nothing was seen but a time.
    pub fn nothing(now: Time) -> Self {
        Self { table: None, time: now }
    }

    /// The same at a time, if that is later.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        Self { time: self.time.max(now), ..self }
    }

    /// The version of the table that was taken last; none where none was.
    pub fn version(&self) -> Option<u64> {
        self.table.map(|taken| taken.version)
    }

    /// The latest time.
    pub fn time(&self) -> Time {
        self.time
    }

    /// Reads what [`Display`](fmt::Display) writes, and nothing else.
    ///
    /// # Errors
    /// Where it is not that to the letter.
    pub fn parse(text: &str) -> Result<Self, SeenError> {
        // Which lines there are, and that no other is, is held by writing it again.
        let field = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.strip_prefix(name));
            lines.find_map(|line| line.strip_prefix(' '))
        };
        let table = match field("version") {
            Some(version) => {
                let version = version.parse().map_err(|_| SeenError)?;
                let digest = field("signed").and_then(bytes).ok_or(SeenError)?;
                Some(Taken { version, digest })
            }
            None => None,
        };
        let time = field("time").and_then(|time| Time::parse(time).ok()).ok_or(SeenError)?;
        let seen = Self { table, time };
        // There is one way to write it, and the sum is in it.
        if seen.to_string() == text { Ok(seen) } else { Err(SeenError) }
    }
}

/// The bytes of their digits.
fn bytes(text: &str) -> Option<[u8; 64]> {
    let (digits, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let mut bytes = [0; 64];
    if digits.len() != bytes.len() {
        return None;
    }
    for (slot, pair) in bytes.iter_mut().zip(digits) {
        *slot = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self
            .table
            .map(|Taken { version, digest }| format!("version {version}\nsigned {}\n", digits(&digest)));
        let text = format!("{TITLE}\n{}time {}\n", table.unwrap_or_default(), self.time);
        let sum = digits(&Sha512::digest(text.as_bytes()));
        writeln!(f, "{text}sum {sum}")
    }
}

impl fmt::Display for SeenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this does not say what was seen last: it is damaged, or another file")
    }
}

impl std::error::Error for SeenError {}
