//! A period that is asked about: from a moment until another, which is not in it any more, as an assignment's. Never
//! empty, and perhaps without a beginning or an end.

use std::fmt;

use crate::vocab::{Time, TimeError};

/// A period of time: all moments from its beginning, if it has one, until its end, which is not in it.
///
/// ```
/// use rolec::vocab::{Period, Time};
///
/// let october = Period::parse("2026-10")?;
/// assert_eq!(october.to_string(), "from 2026-10-01 until 2026-11-01");
/// assert_eq!((october.from(), october.until()), (Time::parse("2026-10-01")?, Some(Time::parse("2026-11-01")?)));
/// assert_eq!(Period::new(None, october.until()).and_then(Period::beginning), None);
///
/// // What an assignment has in common with it.
/// let since = Some(Time::parse("2026-10-20")?);
/// assert_eq!(october.meet(since, None), Period::new(since, october.until()));
/// assert_eq!(october.meet(None, Some(october.from())), None, "an end is the first moment without");
///
/// // A time is a period too: of the one second that all times are made of.
/// let noon = Period::moment(Time::parse("2026-10-20T12:00:00Z")?);
/// assert!(noon.is_moment() && !october.is_moment());
/// assert_eq!(noon, noon.from().into());
/// assert_eq!(Period::new(since, since), None, "no moment is in it");
///
/// // A period of one second is a period: whoever asks so is answered so.
/// let second = Period::new(Some(noon.from()), noon.until()).unwrap();
/// assert!(!second.is_moment() && second != noon);
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// The beginning of time where it has no beginning.
    from: Time,
    until: Option<Time>,
    /// Whether a moment was meant: a period of one second that is asked about is none.
    is_moment: bool,
}

impl Period {
    /// From a moment, or the beginning of time, until another, or for ever. None where no moment is in it.
    pub fn new(from: Option<Time>, until: Option<Time>) -> Option<Self> {
        let from = from.unwrap_or(Time(i64::MIN));
        until.is_none_or(|until| from < until).then_some(Self { from, until, is_moment: false })
    }

    /// One moment: times are in whole seconds, so nothing changes within one.
    pub fn moment(at: Time) -> Self {
        Self { from: at, until: at.0.checked_add(1).map(Time), is_moment: true }
    }

    /// Reads a year `2026`, a month `2026-10` or a day `2026-10-14`, all in UTC.
    ///
    /// # Errors
    /// Where the text has another form, or there is no such month or day.
    ///
    /// ```
    /// use rolec::vocab::{Period, TimeError};
    ///
    /// assert_eq!(Period::parse("2027")?.to_string(), "from 2027-01-01 until 2028-01-01");
    /// assert_eq!(Period::parse("2024-02-29")?.to_string(), "from 2024-02-29 until 2024-03-01");
    /// assert_eq!(Period::parse("2026-13"), Err(TimeError::Range));
    /// assert_eq!(Period::parse("October"), Err(TimeError::Form));
    /// # Ok::<(), TimeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        const DAY: i64 = 86_400;
        let (rest, longest) = match text.len() {
            4 => ("-01-01", 366),
            7 => ("-01", 31),
            10 => ("", 1),
            _ => return Err(TimeError::Form),
        };
        let from = Time::parse(&format!("{text}{rest}"))?;
        // So many days later it is the next year or month, perhaps not its first day.
        let next = Time(from.0 + longest * DAY).to_string();
        let next = next.get(..text.len()).and_then(|next| Time::parse(&format!("{next}{rest}")).ok());
        // No time is written after the year 9999: what ends with it does not end.
        Ok(Self { from, until: next.filter(|until| *until > from), is_moment: false })
    }

    /// Its first moment; the beginning of time where it has none.
    pub fn from(self) -> Time {
        self.from
    }

    /// The first moment after it; none where it does not end.
    pub fn until(self) -> Option<Time> {
        self.until
    }

    /// Whether it is one moment.
    pub fn is_moment(self) -> bool {
        self.is_moment
    }

    /// Its beginning where it has one.
    pub fn beginning(self) -> Option<Time> {
        Some(self.from).filter(|from| *from > Time(i64::MIN))
    }

    /// What it has in common with another one, which begins and ends as an assignment does; none where that is no
    /// moment.
    pub fn meet(self, from: Option<Time>, until: Option<Time>) -> Option<Self> {
        let until = match (self.until, until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let common = Self::new(Some(from.map_or(self.from, |from| from.max(self.from))), until)?;
        // What is left of a moment is the moment.
        Some(Self { is_moment: self.is_moment, ..common })
    }
}

impl From<Time> for Period {
    fn from(at: Time) -> Self {
        Self::moment(at)
    }
}

/// In the words of the language: `from 2026-10-01 until 2026-11-01`. A moment is `at 2026-10-01`, what has neither
/// beginning nor end is `at all times`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.beginning(), self.until) {
            _ if self.is_moment() => write!(f, "at {}", self.from),
            (None, None) => f.write_str("at all times"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Period;
    use crate::vocab::{Time, TimeError};

    #[test]
    fn years_months_and_days() {
        for (text, told) in [
            ("2026", "from 2026-01-01 until 2027-01-01"),
            ("2024", "from 2024-01-01 until 2025-01-01"),
            ("2026-12", "from 2026-12-01 until 2027-01-01"),
            ("2026-02", "from 2026-02-01 until 2026-03-01"),
            ("2024-02", "from 2024-02-01 until 2024-03-01"),
            ("2026-12-31", "from 2026-12-31 until 2027-01-01"),
            ("9999-12", "from 9999-12-01"),
            ("9999", "from 9999-01-01"),
        ] {
            assert_eq!(Period::parse(text).unwrap().to_string(), told, "{text}");
        }
        for (text, error) in [
            ("2026-00", TimeError::Range),
            ("2026-02-30", TimeError::Range),
            ("26", TimeError::Form),
            ("2026-1", TimeError::Form),
            ("2026-10-1", TimeError::Form),
            ("2026-10-01T00:00:00Z", TimeError::Form),
            ("é26", TimeError::Form),
            ("", TimeError::Form),
        ] {
            assert_eq!(Period::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_far_ends() {
        let always = Period::new(None, None).unwrap();
        assert_eq!(always.to_string(), "at all times");
        assert_eq!(always.meet(None, None), Some(always));
        let (first, last) = (Time(i64::MIN), Time(i64::MAX));
        for at in [first, Time(0), last] {
            assert_eq!(always.meet(Some(at), None).unwrap().from(), at);
            assert!(Period::moment(at).is_moment());
            assert!(Period::moment(at).meet(Some(at), None).unwrap().is_moment());
            assert_eq!(Period::moment(at).meet(None, Some(at)), None);
        }
    }
}
