//! All decisions of a policy, found once and laid out so that each is asked for by looking at two lines of memory:
//! somebody's names with what they hold, a permission's name with its bits. They are made from a draft, by whoever knows
//! the policy; this room knows neither roles nor sources, and explains nothing. A file holds them as they lie in memory.
//!
//! ```
//! use rolec::decisions::Answer;
//! use rolec::table::Table;
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let index = table.decisions().index();
//! let at = Time::parse("2026-12-31")?;
//! assert_eq!(index.decide("acme", "ana@acme.example", "content.pages:create", at), Answer::Granted);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod certificate;
mod check;
mod draft;
mod error;
mod file;
mod first;
mod group;
mod hash;
mod index;
mod line;
mod lines;
mod make;
mod once;
mod people;
mod placed;
mod places;
mod plan;
mod step;

pub use self::answer::{Answer, Key};
pub use self::certificate::{Answers, Certificate};
#[doc(hidden)] // what decisions are made from: it carries no promise
pub use self::draft::{At, Draft, Permission, TooMany};
pub use self::error::{Damage, FileError, List};
#[cfg(test)]
pub(crate) use self::file::forge;
pub use self::file::{Header, Section};
pub use self::group::Question;
#[doc(hidden)] // how bits are laid out carries no promise
pub use self::index::Bits;
pub use self::index::{Index, Size};
#[doc(hidden)] // what decisions are made from: it carries no promise
pub use self::placed::FirstPlaces;

use self::lines::Lines;
use self::plan::Plan;

/// All decisions of a policy.
///
/// ```
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let decisions = table.decisions();
/// assert!(decisions.index().principal("acme", "bot").is_some());
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Decisions {
    lines: Lines,
    plan: Plan,
    /// What tells them from all others: the xxh3 of the lines.
    print: u64,
    /// That of the file that they were read from, and whether that holds what they were made from too.
    certificate: Option<(Certificate, bool)>,
}

impl Decisions {
    /// What is asked. Make it once and ask it often.
    #[inline]
    pub fn index(&self) -> Index<'_> {
        self.plan.index(self.print, self.lines.words()).unwrap_or_else(Index::empty)
    }

    /// That the file was compared with its sources, cell by cell; none where it was not.
    ///
    /// ```
    /// use rolec::decisions::Decisions;
    ///
    /// assert_eq!(Decisions::from_bytes(rolec::example::TABLE)?.certificate(), None);
    /// # Ok::<(), rolec::decisions::FileError>(())
    /// ```
    pub fn certificate(&self) -> Option<Certificate> {
        self.certificate.map(|(certificate, _)| certificate)
    }

    /// The same decisions with the certificate of a table that they are a part of.
    pub(crate) fn in_table_with(self, certificate: Option<Certificate>) -> Self {
        Self { certificate: certificate.map(|certificate| (certificate, true)), ..self }
    }
}

impl std::fmt::Debug for Decisions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.index().fmt(f)
    }
}

#[cfg(test)]
mod tests;
