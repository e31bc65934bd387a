//! What was seen last, so that no older table takes the place of a newer one: its version, all that was signed of it, and
//! the latest time. As a text with a checksum, against damage; against whoever can write it, nothing helps.

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
/// assert_eq!((second.version(), second.time()), (2, Time(100)), "time does not go back");
///
/// let error = Seen::after(Some(&second), &trust.verify(&old, Time(200))?, Time(200)).unwrap_err();
/// assert_eq!(error, Untrusted::Older { version: 1, seen: 2 });
/// assert_eq!(Seen::parse(&second.to_string())?, second);
/// assert_eq!(second.at(Time(300)).time(), Time(300));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    version: u64,
    /// Stands for all that was signed.
    digest: [u8; 64],
    /// The latest time.
    time: Time,
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
        let seen = Self { version, digest: verified.digest(), time: now };
        match before {
            None => Ok(seen),
            Some(before) if version < before.version => {
                Err(Untrusted::Older { version, seen: before.version })
            }
            Some(before) if version == before.version && seen.digest != before.digest => {
                Err(Untrusted::Other { version })
            }
            Some(before) => Ok(seen.at(before.time)),
        }
    }

    /// The same at a time, if that is later.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        Self { time: self.time.max(now), ..self }
    }

    /// The version of the table.
    pub fn version(&self) -> u64 {
        self.version
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
        let mut lines = text.lines().skip(1);
        let mut field = |name: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(name));
            line.and_then(|line| line.strip_prefix(' ')).ok_or(SeenError)
        };
        let version = field("version")?.parse().map_err(|_| SeenError)?;
        let digest = bytes(field("signed")?).ok_or(SeenError)?;
        let time = Time::parse(field("time")?).map_err(|_| SeenError)?;
        let seen = Self { version, digest, time };
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
        let Self { version, digest, time } = self;
        let text = format!("{TITLE}\nversion {version}\nsigned {}\ntime {time}\n", digits(digest));
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
