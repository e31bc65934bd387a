//! What can be reloaded, and how it is asked: decisions alone, or a whole table with its reasons.

use crate::decisions::{Answer, Decisions};
use crate::eval::{Evaluator, Request, Response};
use crate::reload::{Expired, Reader};
use crate::table::{LoadError, Table};
use crate::vocab::Time;

mod sealed {
    pub trait Sealed {}
}

/// What can be reloaded: [`Decisions`] for whoever only decides, [`Table`] for whoever explains as well.
///
/// ```
/// use rolec::reload::Loaded;
/// use rolec::table::Table;
///
/// assert!(<Table as Loaded>::load(rolec::example::TABLE).is_ok());
/// assert!(<Table as Loaded>::load(b"no table").is_err());
/// ```
pub trait Loaded: sealed::Sealed + Sized {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// Where it is not exactly what was built.
    fn load(bytes: &[u8]) -> Result<Self, LoadError>;
}

impl sealed::Sealed for Decisions {}
impl sealed::Sealed for Table {}

impl Loaded for Decisions {
    fn load(bytes: &[u8]) -> Result<Self, LoadError> {
        Ok(Self::from_bytes(bytes)?)
    }
}

impl Loaded for Table {
    fn load(bytes: &[u8]) -> Result<Self, LoadError> {
        Self::from_bytes(bytes)
    }
}

/// An answer, and the epoch of the table that gave it.
///
/// ```
/// use rolec::decisions::{Answer, Decisions};
/// use rolec::reload::Live;
/// use rolec::vocab::Time;
///
/// let live: Live<Decisions> = Live::new(rolec::example::TABLE, None)?;
/// let at = Time::parse("2026-12-31")?;
/// let found = live.reader().decide("acme", "ana@acme.example", "content.pages:create", at)?;
/// assert_eq!((found.epoch, found.answer), (1, Answer::Granted));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered<A> {
    /// Of the table that was asked.
    pub epoch: u64,
    /// What it says.
    pub answer: A,
}

impl Reader<Decisions> {
    /// Decides by the decisions in force now, all by name: see [`Index::decide`](crate::decisions::Index::decide).
    ///
    /// # Errors
    /// Where the table's end has come, at the moment that is asked about or by the latest time that was
    /// [told](crate::reload::Live::tick): that is a denial.
    ///
    /// ```
    /// use rolec::decisions::{Answer, Decisions};
    /// use rolec::reload::Live;
    /// use rolec::vocab::Time;
    ///
    /// let live: Live<Decisions> = Live::new(rolec::example::TABLE, None)?;
    /// let found = live.reader().decide("acme", "eve", "content.pages:create", Time::parse("2026-12-31")?)?;
    /// assert_eq!((found.epoch, found.answer), (1, Answer::UnknownPrincipal));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn decide(
        &mut self,
        organization: &str,
        principal: &str,
        permission: &str,
        at: Time,
    ) -> Result<Answered<Answer>, Expired> {
        let now = self.asked(at)?;
        Ok(Answered {
            epoch: now.epoch(),
            answer: now.index().decide(organization, principal, permission, at),
        })
    }
}

impl Reader<Table> {
    /// Decides a request by the table in force now, with the reason: see
    /// [`Evaluator::decide`](crate::eval::Evaluator::decide).
    ///
    /// # Errors
    /// As that by decisions alone.
    ///
    /// ```
    /// use rolec::eval::{Request, Who};
    /// use rolec::reload::Live;
    /// use rolec::table::Table;
    /// use rolec::vocab::{Decision, Time};
    ///
    /// let live: Live<Table> = Live::new(rolec::example::TABLE, None)?;
    /// let request = Request {
    ///     organization: "acme",
    ///     who: Who::Principal("ana@acme.example"),
    ///     category: "content",
    ///     row: "pages",
    ///     action: Some("create"),
    ///     at: Time::parse("2026-12-31")?,
    /// };
    /// let found = live.reader().decide(&request)?;
    /// assert_eq!((found.epoch, found.answer.decision), (1, Decision::Allow));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(&mut self, request: &Request<'_>) -> Result<Answered<Response>, Expired> {
        let now = self.asked(request.at)?;
        Ok(Answered { epoch: now.epoch(), answer: Evaluator::new(now).decide(request) })
    }
}
