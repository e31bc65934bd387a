//! How long a table may be asked: its terms as they were offered, its end, and the latest time that was told. Decides
//! nothing of what a table says.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::vocab::Time;

/// What is said of a table that is offered.
///
/// ```
/// use rolec::reload::Terms;
/// use rolec::vocab::Time;
///
/// // A version alone is enough.
/// assert_eq!(Terms::from(Some(7)), Terms { version: Some(7), until: None });
/// assert_eq!(Terms::from(None), Terms::default());
/// ```
///
/// What was signed of a table says the same, with its end:
///
/// ```
/// # #[cfg(feature = "sign")] {
/// use rolec::{reload, sign};
/// use rolec::vocab::Time;
///
/// let until = Some(Time(1_800_000_000));
/// let terms = reload::Terms::from(sign::Terms { version: 7, until });
/// assert_eq!(terms, reload::Terms { version: Some(7), until });
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// A number that grows from table to table.
    pub version: Option<u64>,
    /// The first moment at which it is not to be asked any more.
    pub until: Option<Time>,
}

impl From<Option<u64>> for Terms {
    fn from(version: Option<u64>) -> Self {
        Self { version, until: None }
    }
}

#[cfg(feature = "sign")]
impl From<crate::sign::Terms> for Terms {
    fn from(signed: crate::sign::Terms) -> Self {
        Self { version: Some(signed.version), until: signed.until }
    }
}

/// A table, and how long it may be asked. It is asked as the table is.
///
/// ```
/// use rolec::decisions::{Answer, Decisions};
/// use rolec::reload::{InForce, Live, Terms};
/// use rolec::vocab::Time;
///
/// let until = Some(Time::parse("2027-01-01")?);
/// let live: Live<Decisions> = Live::new(rolec::example::TABLE, Terms { version: Some(1), until })?;
/// let held = live.now();
/// let in_force: &InForce<Decisions> = &held;
/// let now = Time::parse("2026-12-31")?;
/// in_force.over(now)?;
/// assert_eq!(in_force.index().decide("acme", "eve", "content.pages:create", now), Answer::UnknownPrincipal);
/// assert!(in_force.over(Time::parse("2027-01-01")?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct InForce<T> {
    table: T,
    until: Option<Time>,
}

impl<T> InForce<T> {
    pub(super) fn new(table: T, until: Option<Time>) -> Self {
        Self { table, until }
    }

    /// Whether it may be asked at a time.
    ///
    /// # Errors
    /// Where its end has come.
    #[inline]
    pub fn over(&self, now: Time) -> Result<(), Expired> {
        match self.until {
            Some(until) if now >= until => Err(Expired { until, now }),
            _ => Ok(()),
        }
    }
}

impl<T> Deref for InForce<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.table
    }
}

/// That a table's end has come: nothing is answered, which is to be taken for a denial.
///
/// ```
/// use rolec::reload::Expired;
/// use rolec::vocab::Time;
///
/// let expired = Expired { until: Time(0), now: Time(86_400) };
/// assert_eq!(expired.to_string(), "the table was good until 1970-01-01, and it is 1970-01-02: nothing is answered");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Its end.
    pub until: Time,
    /// What time it is: the latest that was told, or the moment that was asked about.
    pub now: Time,
}

impl fmt::Display for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the table was good until {}, and it is {}: nothing is answered", self.until, self.now)
    }
}

impl std::error::Error for Expired {}

/// The latest time that anybody has told. It does not go back.
#[derive(Debug)]
pub(super) struct Clock(AtomicI64);

impl Default for Clock {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Clock {
    /// Tells a time, and says the latest.
    pub(super) fn tell(&self, now: Time) -> Time {
        // Whoever is told of a time by another thread sees it: what comes before in one comes before in the other.
        Time(self.0.fetch_max(now.0, Ordering::AcqRel).max(now.0))
    }

    #[inline]
    pub(super) fn latest(&self) -> Time {
        Time(self.0.load(Ordering::Acquire))
    }
}
