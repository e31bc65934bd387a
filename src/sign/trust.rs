//! Whom a program trusts, and what it makes of a signed table. Counts keys, never signatures.

use std::collections::BTreeSet;
use std::fmt;

use crate::sign::{PublicKey, Signed, Terms, Untrusted};
use crate::vocab::Time;

/// Some keys, and how many of them must have signed a table.
///
/// ```
/// use rolec::sign::{SigningKey, Trust, TrustError};
///
/// let [ana, bea] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]).public());
/// assert!(Trust::new([ana, bea], 2).is_ok());
/// assert_eq!(Trust::new([ana, ana], 2), Err(TrustError::TooHigh { threshold: 2, keys: 1 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    keys: BTreeSet<PublicKey>,
    threshold: usize,
}

/// Why nothing can be trusted that way.
///
/// ```
/// use rolec::sign::{Trust, TrustError};
///
/// assert_eq!(Trust::new([], 1), Err(TrustError::NoKeys));
/// assert_eq!(TrustError::Zero.to_string(), "a threshold of 0 would trust everybody");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustError {
    /// No key is given.
    NoKeys,
    /// No signature is asked for.
    Zero,
    /// More keys are asked for than there are.
    TooHigh {
        /// How many are asked for.
        threshold: usize,
        /// How many there are, each counted once.
        keys: usize,
    },
}

/// A table that enough trusted keys have signed.
///
/// ```
/// use rolec::sign::{SigningKey, Terms, Trust, sign};
/// use rolec::vocab::Time;
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let signed = sign(rolec::example::TABLE, Terms { version: 1, until: None }, &key);
/// let trust = Trust::new([key.public()], 1)?;
/// let verified = trust.verify(&signed, Time(0))?;
/// assert_eq!(verified.table(), rolec::example::TABLE);
/// assert_eq!(verified.terms().version, 1);
///
/// // A service puts what was verified in force, and never what is behind it.
/// use rolec::decisions::Decisions;
/// use rolec::reload::Live;
///
/// let live: Live<Decisions> = Live::new(verified.table(), verified.terms())?;
/// assert_eq!(live.standing().version, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'b> {
    table: &'b [u8],
    terms: Terms,
    digest: [u8; 64],
}

impl Trust {
    /// Trusts a table that so many of some keys have signed. A key that is given twice counts once.
    ///
    /// # Errors
    /// Where that is nobody, or more than there are.
    pub fn new(keys: impl IntoIterator<Item = PublicKey>, threshold: usize) -> Result<Self, TrustError> {
        let keys: BTreeSet<PublicKey> = keys.into_iter().collect();
        match (keys.len(), threshold) {
            (0, _) => Err(TrustError::NoKeys),
            (_, 0) => Err(TrustError::Zero),
            (keys, _) if threshold > keys => Err(TrustError::TooHigh { threshold, keys }),
            _ => Ok(Self { keys, threshold }),
        }
    }

    /// The table in these very bytes, where enough trusted keys have signed them and they may be used now. Signatures of
    /// other keys, which others may trust, add nothing and take nothing away.
    ///
    /// ```
    /// use rolec::sign::{SigningKey, Terms, Trust, Untrusted, sign};
    /// use rolec::vocab::Time;
    ///
    /// let (ana, eve) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    /// let trust = Trust::new([ana.public()], 1)?;
    /// let terms = Terms { version: 1, until: Some(Time(100)) };
    /// let signed = sign(rolec::example::TABLE, terms, &ana);
    /// assert!(trust.verify(&signed, Time(99)).is_ok());
    /// assert!(matches!(trust.verify(&signed, Time(100)), Err(Untrusted::Expired { .. })));
    /// let by_another = sign(rolec::example::TABLE, terms, &eve);
    /// assert!(matches!(trust.verify(&by_another, Time(99)), Err(Untrusted::TooFew { found: 0, .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where there is anything against it. What it is tells nothing that may be used.
    pub fn verify<'b>(&self, bytes: &'b [u8], now: Time) -> Result<Verified<'b>, Untrusted> {
        let signed = Signed::read(bytes)?;
        let found = signed.signers().filter(|key| self.keys.contains(key)).count();
        if found < self.threshold {
            return Err(Untrusted::TooFew { found, wanted: self.threshold, signers: signed.signers().len() });
        }
        let terms = signed.terms();
        match terms.until {
            Some(until) if now >= until => Err(Untrusted::Expired { until, now }),
            _ => Ok(Verified { table: signed.table(), terms, digest: signed.statement().digest() }),
        }
    }
}

impl<'b> Verified<'b> {
    /// The table.
    pub fn table(&self) -> &'b [u8] {
        self.table
    }

    /// What was signed of it.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Stands for all that was signed.
    pub(in crate::sign) fn digest(&self) -> [u8; 64] {
        self.digest
    }
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKeys => f.write_str("nobody is trusted: give a public key"),
            Self::Zero => f.write_str("a threshold of 0 would trust everybody"),
            Self::TooHigh { threshold, keys } => {
                write!(
                    f,
                    "the threshold is {threshold}, and {keys} different keys are trusted: no table could do"
                )
            }
        }
    }
}

impl std::error::Error for TrustError {}
