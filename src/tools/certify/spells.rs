//! Which roles are in force when, by two lists: from which moments on they differ.

use std::collections::BTreeMap;

use crate::vocab::{RoleId, Time};

/// A role, from when on and until when. None is a role that is not in the table.
pub(super) type Spell = (Option<RoleId>, Option<Time>, Option<Time>);

/// The moments at which something begins or ends and from which on the roles in force are others.
pub(super) fn apart(one: &[Spell], other: &[Spell]) -> Vec<Time> {
    let bounds = |all: &[Spell], list: usize| {
        let lasting = all.iter().filter(|(_, from, until)| until.is_none_or(|until| *from < Some(until)));
        let bounds = lasting.flat_map(move |(role, from, until)| {
            let begins = (from.unwrap_or(Time(i64::MIN)), *role, list, 1_i64);
            [Some(begins), until.map(|until| (until, *role, list, -1))]
        });
        bounds.flatten().collect::<Vec<_>>()
    };
    let mut bounds = [bounds(one, 0), bounds(other, 1)].concat();
    bounds.sort_unstable();
    let mut in_force: BTreeMap<Option<RoleId>, [i64; 2]> = BTreeMap::new();
    let is_apart = |[one, other]: [i64; 2]| (one > 0) != (other > 0);
    let (mut apart, mut moments) = (0_usize, Vec::new());
    for at_once in bounds.chunk_by(|one, next| one.0 == next.0) {
        for (_, role, list, more) in at_once {
            let counts = in_force.entry(*role).or_default();
            let before = is_apart(*counts);
            counts.iter_mut().skip(*list).take(1).for_each(|count| *count += more);
            let after = is_apart(*counts);
            apart = (apart + usize::from(after)).saturating_sub(usize::from(before));
        }
        moments.extend(at_once.first().filter(|_| apart > 0).map(|(time, ..)| *time));
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::apart;
    use crate::vocab::{RoleId, Time};

    #[test]
    fn what_is_in_force_is_compared_and_not_how_often() {
        let spell = |role, from: Option<i64>, until: Option<i64>| {
            (Some(RoleId(role)), from.map(Time), until.map(Time))
        };
        let whole = [spell(1, None, None)];
        assert!(apart(&whole, &whole).is_empty());
        assert!(apart(&[spell(1, None, Some(5)), spell(1, Some(5), None)], &whole).is_empty());
        assert!(apart(&[spell(1, None, None), spell(1, Some(2), Some(9))], &whole).is_empty());
        // What is never in force.
        assert!(apart(&[spell(1, None, None), spell(2, Some(9), Some(9))], &whole).is_empty());
        assert_eq!(apart(&[], &whole), [Time(i64::MIN)]);
        assert_eq!(apart(&[spell(1, None, Some(5))], &whole), [Time(5)]);
        assert_eq!(apart(&[spell(1, None, Some(5)), spell(1, Some(7), None)], &whole), [Time(5)]);
        let late = [spell(1, None, None), spell(2, Some(3), Some(8)), spell(2, Some(6), None)];
        assert_eq!(apart(&late, &whole), [Time(3), Time(6), Time(8)]);
        assert_eq!(apart(&[(None, None, None), whole[0]], &whole), [Time(i64::MIN)]);
    }
}
