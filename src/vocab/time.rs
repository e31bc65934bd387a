//! Points in time as the language writes them: a date (its midnight in UTC) or an RFC 3339 time in whole seconds.
//! Nothing here reads a clock: time is an input of the query.

use std::fmt;

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use rolec::vocab::Time;
///
/// let noon = Time::parse("2026-11-01T13:00:00+01:00")?;
/// assert_eq!(noon.to_string(), "2026-11-01T12:00:00Z");
/// assert!(noon > Time::parse("2026-11-01")?, "a date is its first second");
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(pub i64);

/// Why a text is no time.
///
/// ```
/// use rolec::vocab::{Time, TimeError};
///
/// assert_eq!(Time::parse("2026-02-29"), Err(TimeError::Range), "no leap year");
/// assert_eq!(Time::parse("2026-11-01T12:00:00"), Err(TimeError::NoOffset));
/// assert_eq!(Time::parse("tomorrow"), Err(TimeError::Form));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// Not of the form `2026-11-01` or `2026-11-01T09:30:00Z`.
    Form,
    /// No such day, hour, minute, second or offset.
    Range,
    /// A fraction of a second.
    Fraction,
    /// A time of day without `Z` or an offset.
    NoOffset,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a time is a date like 2026-11-01 or a time like 2026-11-01T09:30:00Z",
            Self::Range => "there is no such day or time of day",
            Self::Fraction => "a time is in whole seconds",
            Self::NoOffset => "a time of day needs `Z` or an offset like `+02:00`",
        })
    }
}

impl std::error::Error for TimeError {}

const DAY: i64 = 86_400;
/// 0000-01-01, the first moment of the years that are written in four digits.
const FIRST: Time = Time(-719_528 * DAY);

impl Time {
    /// The last moment that can be written.
    ///
    /// ```
    /// assert_eq!(rolec::vocab::Time::LAST.to_string(), "9999-12-31T23:59:59Z");
    /// ```
    pub const LAST: Self = Self(2_932_897 * DAY - 1);

    /// Reads a date or an RFC 3339 time.
    ///
    /// # Errors
    /// Where the text has another form, names a day or time that does not exist, or is not in whole seconds.
    ///
    /// ```
    /// use rolec::vocab::Time;
    /// assert_eq!(Time::parse("1970-01-02"), Ok(Time(86_400)));
    /// assert_eq!(Time::parse("1970-01-01T01:00:00+01:00"), Ok(Time(0)));
    /// ```
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let (date, rest) = text.split_at_checked(10).ok_or(TimeError::Form)?;
        let day = Self::date(date)?;
        if rest.is_empty() {
            return Ok(Self(day * DAY));
        }
        let rest = rest.strip_prefix(['T', 't']).ok_or(TimeError::Form)?;
        let (clock, rest) = rest.split_at_checked(8).ok_or(TimeError::Form)?;
        let [hour, minute, second] = numbers(clock, b':', [2, 2, 2])?;
        if rest.starts_with('.') {
            return Err(TimeError::Fraction);
        }
        if rest.is_empty() {
            return Err(TimeError::NoOffset);
        }
        let offset = match rest.strip_prefix(['Z', 'z']) {
            Some("") => 0,
            Some(_) => return Err(TimeError::Form),
            None => {
                let (sign, clock) = rest.split_at_checked(1).ok_or(TimeError::Form)?;
                let [hours, minutes] = numbers(clock, b':', [2, 2])?;
                if hours > 23 || minutes > 59 {
                    return Err(TimeError::Range);
                }
                let seconds = hours * 3_600 + minutes * 60;
                match sign {
                    "+" => seconds,
                    "-" => -seconds,
                    _ => return Err(TimeError::Form),
                }
            }
        };
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::Range);
        }
        let time = Self(day * DAY + hour * 3_600 + minute * 60 + second - offset);
        // An offset may lead out of the years that can be written.
        if (FIRST..=Self::LAST).contains(&time) { Ok(time) } else { Err(TimeError::Range) }
    }

    /// Days since 1970-01-01 of a `YYYY-MM-DD` text.
    fn date(text: &str) -> Result<i64, TimeError> {
        let [year, month, day] = numbers(text, b'-', [4, 2, 2])?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return Err(TimeError::Range),
        };
        if !(1..=length).contains(&day) {
            return Err(TimeError::Range);
        }
        // Years that begin in March put the leap day last, so that days before a month follow one line.
        let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
        let before_year = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        Ok(before_year + (153 * month + 2) / 5 + day - 1 - 719_468)
    }
}

/// Digits only, of exactly the given lengths, parted by `by`.
fn numbers<const N: usize>(text: &str, by: u8, lengths: [usize; N]) -> Result<[i64; N], TimeError> {
    let mut rest = text.as_bytes();
    let mut read = [0; N];
    for (index, (slot, length)) in read.iter_mut().zip(lengths).enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(&[by]).ok_or(TimeError::Form)?;
        }
        let (part, behind) = rest.split_at_checked(length).ok_or(TimeError::Form)?;
        rest = behind;
        for byte in part {
            if !byte.is_ascii_digit() {
                return Err(TimeError::Form);
            }
            *slot = *slot * 10 + i64::from(byte - b'0');
        }
    }
    if rest.is_empty() { Ok(read) } else { Err(TimeError::Form) }
}

/// A date where it is midnight in UTC, else a time with `Z`: text that [`Time::parse`] reads back.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        if second == 0 {
            return Ok(());
        }
        write!(f, "T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::{Time, TimeError};

    #[test]
    fn every_day_of_the_calendar_reads_back() {
        let mut day = Time::parse("0000-01-01").unwrap();
        let last = Time::parse("9999-12-31").unwrap();
        let mut count = 0;
        while day <= last {
            assert_eq!(Time::parse(&day.to_string()), Ok(day));
            day = Time(day.0 + 86_400);
            count += 1;
        }
        assert_eq!(count, 3_652_425);
    }

    #[test]
    fn known_points() {
        assert_eq!(Time::parse("2026-11-23T22:27:00Z"), Ok(Time(1_795_472_820)));
        assert_eq!(Time::parse("2026-11-24T00:27:00+02:00"), Ok(Time(1_795_472_820)));
        assert_eq!(Time(1_795_472_820).to_string(), "2026-11-23T22:27:00Z");
    }

    #[test]
    fn the_first_and_the_last_moment() {
        for text in ["0000-01-01", "9999-12-31T23:59:59Z"] {
            assert_eq!(Time::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Time::parse("0000-01-01T23:59:00+23:59"), Time::parse("0000-01-01"));
        for text in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59-23:59"] {
            assert_eq!(Time::parse(text), Err(TimeError::Range), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for (text, error) in [
            ("2026-02-29", TimeError::Range),
            ("2026-13-01", TimeError::Range),
            ("2026-1-01", TimeError::Form),
            ("2026-11-01T24:00:00Z", TimeError::Range),
            ("2026-11-01T09:30:00", TimeError::NoOffset),
            ("2026-11-01T09:30:00.5Z", TimeError::Fraction),
            ("2026-11-01T09:30Z", TimeError::Form),
            ("2026-11-01T09:30:00+2", TimeError::Form),
            ("2026-11-01T09:30:00+24:00", TimeError::Range),
            ("2026-11-01T09:30:60Z", TimeError::Range),
            ("", TimeError::Form),
            ("２０２６-11-01", TimeError::Form),
        ] {
            assert_eq!(Time::parse(text), Err(error), "{text}");
        }
    }
}
