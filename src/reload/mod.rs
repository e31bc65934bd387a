//! A table put in place of another while threads ask it. Each answer comes from one table whole and says its epoch; a table
//! that is bad or older never comes into force, and the one before it is asked on, until its end: from then on nothing is
//! answered. Reads no file and no clock: the bytes, their terms and the time are the caller's.
//!
//! ```
//! use rolec::decisions::{Answer, Decisions};
//! use rolec::reload::Live;
//! use rolec::vocab::Time;
//!
//! let live: Live<Decisions> = Live::new(rolec::example::TABLE, Some(1))?;
//!
//! // Each thread has a reader of its own.
//! let mut reader = live.reader();
//! let asking = std::thread::spawn(move || {
//!     let at = Time(1_798_675_200);
//!     reader.decide("acme", "ana@acme.example", "content.pages:create", at)
//! });
//! assert_eq!(asking.join().unwrap()?.answer, Answer::Granted);
//!
//! // Whoever watches the file offers what it reads.
//! let now = Time::parse("2026-12-31")?;
//! assert!(live.offer(b"half a file", Some(2), now).is_err());
//! assert_eq!(live.standing().stale.unwrap().since, now);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod loaded;
mod refusal;
mod swap;
mod sync;
mod term;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_128;

pub use self::loaded::{Answered, Loaded};
pub use self::refusal::Refusal;
pub use self::swap::Snapshot;
pub use self::term::{Expired, InForce, Terms};

use self::swap::{Cached, Swap};
use self::term::Clock;
use crate::table::LoadError;
use crate::vocab::Time;

/// The table in force. Clones are the same one.
///
/// ```
/// use rolec::reload::Live;
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let (bytes, now) = (rolec::example::TABLE, Time::parse("2026-12-31")?);
/// let live: Live<Table> = Live::new(bytes, Some(1))?;
/// let before = live.now();
/// assert_eq!(live.offer(bytes, Some(2), now)?, 2);
/// // Whoever holds the table before goes on with it.
/// assert_eq!((before.epoch(), live.now().epoch()), (1, 2));
/// assert!(live.now().organization("acme").is_some());
/// // Each thread asks by a reader of its own, and sees how things stand.
/// assert_eq!(live.reader().now().epoch(), live.standing().epoch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Live<T> {
    swap: Arc<Swap<InForce<T>>>,
    /// The latest time that anybody has told.
    clock: Arc<Clock>,
    /// Taken for as long as an offer is looked at, so that they come one after the other.
    last: Arc<Mutex<Identity>>,
    standing: Arc<Mutex<Standing>>,
}

/// Which table is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    terms: Terms,
    print: u128,
}

/// How things stand: what a service's readiness says.
///
/// ```
/// use rolec::decisions::Decisions;
/// use rolec::reload::Live;
///
/// let live: Live<Decisions> = Live::new(rolec::example::TABLE, Some(1))?;
/// let standing = live.standing();
/// assert_eq!((standing.epoch, standing.version), (1, Some(1)));
/// assert!(standing.stale.is_none());
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Of the table in force.
    pub epoch: u64,
    /// Of the table in force, as it was offered.
    pub version: Option<u64>,
    /// When the table in force ends, as it was offered: nothing is answered from then on.
    pub until: Option<Time>,
    /// Where what was offered last was refused.
    pub stale: Option<Stale>,
}

/// That another table should be in force, and is not.
///
/// ```
/// use std::io;
///
/// use rolec::decisions::Decisions;
/// use rolec::reload::Live;
/// use rolec::vocab::Time;
///
/// let live: Live<Decisions> = Live::new(rolec::example::TABLE, None)?;
/// let missing = io::Error::from(io::ErrorKind::NotFound);
/// live.unread(&missing, Time(100));
/// live.unread(&missing, Time(160));
/// let stale = live.standing().stale.unwrap();
/// assert_eq!((stale.since, stale.refused), (Time(100), 2));
/// assert!(stale.last.to_string().starts_with("the table cannot be read"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// When the first was refused since the table in force was put there.
    pub since: Time,
    /// How many were refused since.
    pub refused: u64,
    /// Why the last of them was.
    pub last: Refusal,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self {
            swap: self.swap.clone(),
            clock: self.clock.clone(),
            last: self.last.clone(),
            standing: self.standing.clone(),
        }
    }
}

/// Nobody who holds one of these locks leaves half a change behind, not even by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Loaded> Live<T> {
    /// Puts a first table in force. Its version is any number that grows: the version of a signed table, or one of your own;
    /// without one, whatever is offered is taken for newer. Of a table with an end say the [`Terms`]: those that were signed
    /// fit as they are.
    ///
    /// # Errors
    /// Where the bytes are no table: there is nothing to ask then.
    pub fn new(bytes: &[u8], terms: impl Into<Terms>) -> Result<Self, LoadError> {
        let (table, terms) = (T::load(bytes)?, terms.into());
        let Terms { version, until } = terms;
        Ok(Self {
            swap: Arc::new(Swap::new(InForce::new(table, until))),
            clock: Arc::default(),
            last: Arc::new(Mutex::new(Identity { terms, print: xxh3_128(bytes) })),
            standing: Arc::new(Mutex::new(Standing { epoch: 1, version, until, stale: None })),
        })
    }

    /// Offers a table, and says the epoch in force: a new one, or where this very table is in force already the same. Where a
    /// table must be signed, offer the bytes that were verified.
    ///
    /// # Errors
    /// Why it did not come into force. The one before it is asked on, and [`Live::standing`] says so.
    ///
    /// ```
    /// use rolec::decisions::Decisions;
    /// use rolec::reload::{Live, Refusal};
    /// use rolec::vocab::Time;
    ///
    /// let whole = rolec::example::TABLE;
    /// let alone = Decisions::from_bytes(whole)?.to_bytes(None);
    /// let (live, now) = (Live::<Decisions>::new(whole, Some(1))?, Time::parse("2026-12-31")?);
    /// assert_eq!(live.offer(whole, Some(1), now), Ok(1));
    /// assert_eq!(live.offer(&alone, Some(1), now), Err(Refusal::OtherBytes { version: 1 }));
    /// assert_eq!(live.offer(&alone, None, now), Err(Refusal::Older { in_force: 1, offered: None }));
    /// assert_eq!(live.offer(&alone, Some(2), now), Ok(2));
    /// assert!(live.standing().stale.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn offer(&self, bytes: &[u8], terms: impl Into<Terms>, now: Time) -> Result<u64, Refusal> {
        let mut last = lock(&self.last);
        let offered = Identity { terms: terms.into(), print: xxh3_128(bytes) };
        let Terms { version, until } = offered.terms;
        match self.judged(*last, offered, bytes, self.clock.tell(now)) {
            Err(refusal) => {
                self.refused(refusal.clone(), now);
                Err(refusal)
            }
            Ok(table) => {
                *last = offered;
                // The one before is given back here, which takes its time: nobody waits for it who asks how things stand.
                let epoch = table.map(|table| self.swap.put(InForce::new(table, until)));
                let mut standing = lock(&self.standing);
                standing.epoch = epoch.unwrap_or(standing.epoch);
                standing.version = version;
                standing.until = until;
                standing.stale = None;
                Ok(standing.epoch)
            }
        }
    }

    /// A table to put in force; none where this very one is there already.
    fn judged(
        &self,
        last: Identity,
        offered: Identity,
        bytes: &[u8],
        now: Time,
    ) -> Result<Option<T>, Refusal> {
        let until = offered.terms.until.filter(|until| now >= *until);
        let ended = until.map(|until| Refusal::Expired(Expired { until, now }));
        if offered == last {
            return ended.map_or(Ok(None), Err);
        }
        // What is no table has no version either, so that is told first.
        let table = T::load(bytes).map_err(Refusal::Damaged)?;
        if let Some(ended) = ended {
            return Err(ended);
        }
        match (last.terms.version, offered.terms.version) {
            (Some(in_force), offered) if offered < Some(in_force) => {
                Err(Refusal::Older { in_force, offered })
            }
            (Some(version), Some(offered)) if offered == version => Err(Refusal::OtherBytes { version }),
            _ => Ok(Some(table)),
        }
    }
}

impl<T> Live<T> {
    /// Says that what should be offered could not be read.
    ///
    /// ```
    /// use rolec::decisions::Decisions;
    /// use rolec::reload::{Live, Refusal};
    /// use rolec::vocab::Time;
    ///
    /// let live: Live<Decisions> = Live::new(rolec::example::TABLE, None)?;
    /// let now = Time::parse("2026-12-31")?;
    /// match std::fs::read("no/such/table.rolec") {
    ///     Ok(bytes) => drop(live.offer(&bytes, None, now)),
    ///     Err(error) => live.unread(&error, now),
    /// }
    /// assert!(matches!(live.standing().stale.unwrap().last, Refusal::Unread { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn unread(&self, error: &io::Error, now: Time) {
        let _offers = lock(&self.last);
        self.clock.tell(now);
        self.refused(Refusal::Unread { kind: error.kind(), message: error.to_string() }, now);
    }

    /// Says what time it is, which every offer does too. A table whose end has come by the latest time that was told answers
    /// nobody any more, at whatever moment they ask about; and no earlier time brings it back.
    ///
    /// ```
    /// use rolec::decisions::{Answer, Decisions};
    /// use rolec::reload::{Live, Terms};
    /// use rolec::vocab::Time;
    ///
    /// let (end, at) = (Time::parse("2027-01-01")?, Time::parse("2026-12-31")?);
    /// let live: Live<Decisions> = Live::new(rolec::example::TABLE, Terms { version: None, until: Some(end) })?;
    /// let mut reader = live.reader();
    /// let mut ask = || reader.decide("acme", "ana@acme.example", "content.pages:create", at);
    /// assert_eq!(ask()?.answer, Answer::Granted);
    /// live.tick(end);
    /// assert_eq!(ask().unwrap_err().until, end);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tick(&self, now: Time) {
        self.clock.tell(now);
    }

    fn refused(&self, last: Refusal, now: Time) {
        let mut standing = lock(&self.standing);
        let before = standing.stale.take();
        standing.stale = Some(match before {
            Some(before) => Stale { refused: before.refused.saturating_add(1), last, ..before },
            None => Stale { since: now, refused: 1, last },
        });
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        lock(&self.standing).clone()
    }

    /// The table in force, to be held for as long as several questions need one answer. Whoever holds it sees to its
    /// [end](InForce::over).
    pub fn now(&self) -> Arc<Snapshot<InForce<T>>> {
        self.swap.now()
    }

    /// A reader, one for each thread.
    pub fn reader(&self) -> Reader<T> {
        Reader { cached: Cached::of(self.swap.clone()), clock: self.clock.clone() }
    }
}

/// Asks the table in force, on one thread. As long as that stays the same it takes no lock and writes nothing that others
/// read. It keeps the table that it asked last in memory until it asks again.
///
/// ```
/// use rolec::reload::Live;
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let (bytes, now) = (rolec::example::TABLE, Time::parse("2026-12-31")?);
/// let live: Live<Table> = Live::new(bytes, Some(1))?;
/// let mut reader = live.reader();
/// assert_eq!(reader.now().epoch(), 1);
/// live.offer(bytes, Some(2), now)?;
/// // Several questions to one table.
/// let held = reader.now().clone();
/// assert_eq!(held.epoch(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Reader<T> {
    cached: Cached<InForce<T>>,
    clock: Arc<Clock>,
}

impl<T> Reader<T> {
    /// The table in force now. Whoever asks it by itself sees to its [end](InForce::over).
    #[inline]
    pub fn now(&mut self) -> &Arc<Snapshot<InForce<T>>> {
        self.cached.now()
    }

    /// The same for a question about a moment: refused where the table's end has come then, or by what was told of the time.
    #[inline]
    fn asked(&mut self, at: Time) -> Result<&Snapshot<InForce<T>>, Expired> {
        let latest = self.clock.latest();
        let now = self.cached.now();
        now.over(at.max(latest))?;
        Ok(now)
    }
}

impl<T> Clone for Reader<T> {
    fn clone(&self) -> Self {
        Self { cached: Cached::of(self.cached.swap().clone()), clock: self.clock.clone() }
    }
}
