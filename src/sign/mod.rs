//! Signed tables: a table's bytes with a seal behind them, and whom a program trusts. Knows nothing of what is in a table.
//! Touches no file and no clock, and makes no random numbers: seeds and times are given. All cryptography is that of the
//! crates: Ed25519, strictly verified, and SHA-512. docs/format.md says every byte, docs/signing.md what it is good for.
//!
//! ```
//! use rolec::sign::{SigningKey, Terms, Trust, Untrusted, sign};
//! use rolec::table::Table;
//! use rolec::vocab::Time;
//!
//! // Random in earnest: `rolec key new` asks the system for it.
//! let (ana, bea) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
//! let terms = Terms { version: 7, until: Some(Time::parse("2027-01-01")?) };
//! let signed = sign(rolec::example::TABLE, terms, &ana);
//!
//! let trust = Trust::new([ana.public(), bea.public()], 1)?;
//! let verified = trust.verify(&signed, Time::parse("2026-12-01")?)?;
//! assert!(Table::from_bytes(verified.table()).is_ok());
//! assert_eq!(verified.terms(), terms);
//!
//! let later = trust.verify(&signed, Time::parse("2027-01-01")?).unwrap_err();
//! assert!(matches!(later, Untrusted::Expired { .. }));
//! let both = Trust::new([ana.public(), bea.public()], 2)?;
//! let alone = both.verify(&signed, Time::parse("2026-12-01")?).unwrap_err();
//! assert!(matches!(alone, Untrusted::TooFew { found: 1, wanted: 2, .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod key;
mod seal;
mod seen;
mod trust;
mod untrusted;

#[cfg(test)]
mod tests;

pub use self::key::{KeyError, PublicKey, SigningKey};
pub use self::seal::{LONGEST_SEAL, Signed, Terms, seal_of, sign, table_of};
pub use self::seen::{Seen, SeenError};
pub use self::trust::{Trust, TrustError, Verified};
pub use self::untrusted::{Fault, Untrusted};
