//! Sets of permissions as words of bits, of one catalog all of the same length. Knows neither rows nor roles.

use crate::tools::suggest::budget::Budget;

/// How many there are.
pub(super) fn count(set: &[u64]) -> usize {
    set.iter().map(|word| word.count_ones() as usize).sum()
}

/// How many of one are not in the other.
pub(super) fn beyond(set: &[u64], other: &[u64]) -> usize {
    set.iter().zip(other).map(|(word, other)| (word & !other).count_ones() as usize).sum()
}

/// Whether one is in the other whole. Costs as many steps as words are looked at.
pub(super) fn is_within(set: &[u64], other: &[u64], budget: &mut Budget) -> bool {
    let mut words = set.iter().zip(other);
    let stray = words.position(|(word, other)| word & !other != 0);
    budget.spend(stray.map_or(set.len(), |at| at + 1));
    stray.is_none()
}

/// How many are in one of the two only; none where they are more than `most`. Costs as many steps as words are looked
/// at.
pub(super) fn apart(set: &[u64], other: &[u64], most: usize, budget: &mut Budget) -> Option<usize> {
    let (mut found, mut seen) = (0, 0);
    for (word, other) in set.iter().zip(other) {
        seen += 1;
        found += (word ^ other).count_ones() as usize;
        if found > most {
            break;
        }
    }
    budget.spend(seen);
    (found <= most).then_some(found)
}

/// Takes all of another in.
pub(super) fn join(set: &mut [u64], more: &[u64]) {
    for (word, more) in set.iter_mut().zip(more) {
        *word |= more;
    }
}

/// The positions of those that are in it, lowest first.
pub(super) fn positions(set: &[u64]) -> impl Iterator<Item = usize> {
    set.iter()
        .enumerate()
        .flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit))
}

/// Puts one in.
pub(super) fn put(set: &mut [u64], position: usize) {
    if let Some(word) = set.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

/// Whether one is in.
pub(super) fn has(set: &[u64], position: usize) -> bool {
    set.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
}
