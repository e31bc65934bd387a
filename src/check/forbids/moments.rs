//! When several things are so at once: one sweep over the moments at which something begins or ends.

use crate::vocab::Time;

/// A stretch of time: `from` is in it, `until` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) struct Period {
    pub(in crate::check) from: Time,
    pub(in crate::check) until: Time,
}

/// Before every moment.
pub(in crate::check) const BEGINNING: Time = Time(i64::MIN);
/// After every moment.
pub(in crate::check) const END: Time = Time(i64::MAX);

/// The longest periods in which each of the parts has a period that is on, in their order.
pub(in crate::check) fn together(parts: &[Vec<Period>]) -> Vec<Period> {
    let mut bounds: Vec<(Time, usize, bool)> = Vec::new();
    for (part, periods) in parts.iter().enumerate() {
        for period in periods {
            bounds.push((period.from, part, true));
            bounds.push((period.until, part, false));
        }
    }
    bounds.sort_unstable();
    let mut on = vec![0_usize; parts.len()];
    let mut missing = parts.len();
    let mut since = None;
    let mut found = Vec::new();
    for moment in bounds.chunk_by(|(a, ..), (b, ..)| a == b) {
        let Some((at, ..)) = moment.first().copied() else { continue };
        // What begins goes before what ends: so no count passes below nothing.
        let ends = moment.iter().filter(|(.., begins)| !begins);
        for (_, part, begins) in moment.iter().filter(|(.., begins)| *begins).chain(ends) {
            let Some(count) = on.get_mut(*part) else { continue };
            if *begins {
                missing -= usize::from(*count == 0);
                *count += 1;
            } else {
                *count -= 1;
                missing += usize::from(*count == 0);
            }
        }
        match since {
            None if missing == 0 && at < END => since = Some(at),
            Some(from) if missing > 0 => {
                found.push(Period { from, until: at });
                since = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{BEGINNING, END, Period, together};
    use crate::vocab::Time;

    fn periods(bounds: &[(i64, i64)]) -> Vec<Period> {
        bounds.iter().map(|(from, until)| Period { from: Time(*from), until: Time(*until) }).collect()
    }

    #[test]
    fn one_after_the_other_is_not_together() {
        assert_eq!(together(&[periods(&[(0, 5)]), periods(&[(5, 9)])]), []);
        assert_eq!(together(&[periods(&[(0, 6)]), periods(&[(5, 9)])]), periods(&[(5, 6)]));
    }

    #[test]
    fn a_change_of_hands_is_no_end() {
        let one = periods(&[(0, 3), (3, 5), (4, 8), (9, 10)]);
        assert_eq!(together(&[one, periods(&[(1, 20)])]), periods(&[(1, 8), (9, 10)]));
    }

    #[test]
    fn without_bounds_it_is_always() {
        let always = vec![Period { from: BEGINNING, until: END }];
        assert_eq!(together(&[always.clone(), always.clone()]), always);
        assert_eq!(together(&[always, vec![]]), []);
    }
}
