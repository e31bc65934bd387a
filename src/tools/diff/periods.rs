//! Stretches of time, put together and taken away from each other.

use std::fmt;

use crate::vocab::Time;

/// A stretch of time.
///
/// ```
/// use rolec::tools::diff::Period;
/// use rolec::vocab::Time;
///
/// let spring = Period { from: Some(Time::parse("2027-03-01")?), until: Some(Time::parse("2027-06-01")?) };
/// assert_eq!(spring.to_string(), "from 2027-03-01 until 2027-06-01");
/// assert_eq!(Period { from: None, ..spring }.to_string(), "until 2027-06-01");
/// assert!(Period::ALWAYS.is_always() && Period::ALWAYS.to_string().is_empty());
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// Its first moment; none for the beginning of time.
    pub from: Option<Time>,
    /// The first moment after it; none for the end of time.
    pub until: Option<Time>,
}

impl Period {
    /// From the beginning of time to its end.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Whether it is all of time.
    pub fn is_always(self) -> bool {
        self == Self::ALWAYS
    }
}

/// `from 2027-03-01 until 2027-06-01`; nothing for all of time.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (None, None) => Ok(()),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
        }
    }
}

/// A role that is held for a time, by the place of the role among those of both tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Spell {
    pub(super) role: u32,
    pub(super) period: Period,
}

/// Sorts spells, and makes one of those of a role that touch or overlap.
pub(super) fn merged(spells: &mut Vec<Spell>) {
    if spells.len() < 2 {
        return;
    }
    spells.sort_unstable();
    spells.dedup_by(|next, last| {
        // They are sorted by their beginnings; no beginning is before all others.
        let touches = next.role == last.role
            && last.period.until.is_none_or(|until| next.period.from.is_none_or(|from| from <= until));
        if touches {
            last.period.until = match (last.period.until, next.period.until) {
                (Some(one), Some(other)) => Some(one.max(other)),
                _ => None,
            };
        }
        touches
    });
}

/// What of some periods lies in none of others. Both are in order and without overlaps, and so is what is left.
pub(super) fn minus(
    periods: impl Iterator<Item = Period>,
    others: impl Iterator<Item = Period>,
) -> Vec<Period> {
    let mut left = Vec::new();
    let mut others = others.peekable();
    for period in periods {
        let mut from = Some(period.from);
        while let Some(start) = from {
            let Some(other) = others.peek().copied() else { break };
            // It ends before this begins.
            if other.until.is_some_and(|until| start.is_some_and(|start| until <= start)) {
                others.next();
                continue;
            }
            // It begins after this ends.
            if period.until.is_some_and(|until| other.from.is_some_and(|from| until <= from)) {
                break;
            }
            if other.from > start {
                left.push(Period { from: start, until: other.from });
            }
            // It goes on behind the end of this, or this behind its end.
            from = match (other.until, period.until) {
                (None, _) => None,
                (Some(end), Some(until)) if end >= until => None,
                (Some(end), _) => {
                    others.next();
                    Some(Some(end))
                }
            };
        }
        left.extend(from.map(|from| Period { from, until: period.until }));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::{Period, Spell, merged, minus};
    use crate::vocab::Time;

    /// All periods with bounds among four moments and the ends of time.
    fn periods() -> Vec<Period> {
        let bounds: Vec<Option<Time>> =
            std::iter::once(None).chain((0..4).map(|at| Some(Time(at)))).collect();
        let all =
            bounds.iter().flat_map(|from| bounds.iter().map(|until| Period { from: *from, until: *until }));
        all.filter(|period| period.until.is_none_or(|until| period.from.is_none_or(|from| from < until)))
            .collect()
    }

    fn holds(periods: &[Period], at: i64) -> bool {
        periods.iter().any(|period| {
            period.from.is_none_or(|from| from.0 <= at) && period.until.is_none_or(|until| at < until.0)
        })
    }

    fn whole(periods: &[Period]) -> Vec<Period> {
        let mut spells: Vec<Spell> =
            periods.iter().map(|period| Spell { role: 0, period: *period }).collect();
        merged(&mut spells);
        spells.into_iter().map(|spell| spell.period).collect()
    }

    #[test]
    fn every_two_against_every_two() {
        let all = periods();
        let pairs: Vec<Vec<Period>> =
            all.iter().flat_map(|one| all.iter().map(|other| whole(&[*one, *other]))).collect();
        for one in &pairs {
            assert!(one.windows(2).all(|two| two[0].until < two[1].from), "{one:?}");
            for other in &pairs {
                let left = minus(one.iter().copied(), other.iter().copied());
                for at in -1..5 {
                    assert_eq!(
                        holds(&left, at),
                        holds(one, at) && !holds(other, at),
                        "{one:?} {other:?} {left:?}"
                    );
                }
                assert_eq!(whole(&left), left, "in order and apart");
            }
        }
    }
}
