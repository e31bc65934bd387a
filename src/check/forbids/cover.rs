//! The fewest of some sets that together have every number asked for. What cannot matter is left out first, then all
//! choices from the rest are tried; where the rest is more than a handful, a choice of which none can be left out.

use foldhash::{HashSet, HashSetExt as _};

use crate::check::forbids::sets::{Sets, numbers};

/// Up to how many sets all choices are tried.
pub(super) const EXACT: usize = 12;

/// Up to how many sets each is compared with each.
const COMPARED: usize = 128;

/// What covers: positions of sets, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cover {
    pub(super) chosen: Vec<usize>,
    /// Whether no smaller choice does.
    pub(super) is_fewest: bool,
}

/// The fewest sets whose union has all that is asked; among choices of one size the one whose sets come first. `None`
/// where all of them together have not.
pub(super) fn cover(sets: &Sets, asked: &[u64]) -> Option<Cover> {
    let mut search =
        Search { sets, left: asked.to_vec(), open: (0..sets.len()).collect(), chosen: Vec::new() };
    if !search.covers(&mut search.open.iter().copied()) {
        return None;
    }
    search.reduce();
    let is_fewest = search.open.len() <= EXACT;
    let rest = if is_fewest { search.fewest()? } else { search.minimal() };
    search.chosen.extend(rest);
    search.chosen.sort_unstable();
    Some(Cover { chosen: search.chosen, is_fewest })
}

struct Search<'s> {
    sets: &'s Sets,
    /// What is still asked.
    left: Vec<u64>,
    /// What may still be chosen, in its order.
    open: Vec<usize>,
    /// What every answer has.
    chosen: Vec<usize>,
}

impl Search<'_> {
    /// What a set has of what is still asked.
    fn part(&self, at: usize) -> impl Iterator<Item = u64> {
        self.sets.get(at).iter().zip(&self.left).map(|(has, asked)| has & asked)
    }

    fn numbers(&self, at: usize) -> Vec<usize> {
        numbers(&self.part(at).collect::<Vec<u64>>()).collect()
    }

    fn covers(&self, chosen: &mut dyn Iterator<Item = usize>) -> bool {
        let mut left = self.left.clone();
        for at in chosen {
            for (word, has) in left.iter_mut().zip(self.sets.get(at)) {
                *word &= !has;
            }
        }
        left.iter().all(|word| *word == 0)
    }

    /// Until nothing changes: leaves out what another does as well, and takes what nothing else does.
    fn reduce(&mut self) {
        loop {
            self.leave_out();
            if !self.take() {
                return;
            }
        }
    }

    /// Leaves out each set that has no more than an earlier one: with that one in its place, a choice is no larger and
    /// comes first.
    fn leave_out(&mut self) {
        let mut seen: HashSet<Vec<u64>> = HashSet::new();
        let mut kept: Vec<usize> = Vec::new();
        for at in self.open.iter().copied() {
            let part: Vec<u64> = self.part(at).collect();
            if part.iter().any(|word| *word != 0) && seen.insert(part) {
                kept.push(at);
            }
        }
        if kept.len() <= COMPARED {
            let mut first: Vec<usize> = Vec::with_capacity(kept.len());
            for at in kept {
                let is_in = |other: usize| self.part(at).zip(self.part(other)).all(|(a, b)| a & !b == 0);
                if !first.iter().any(|other| is_in(*other)) {
                    first.push(at);
                }
            }
            kept = first;
        }
        self.open = kept;
    }

    /// Takes each set that alone has some number; false where there is none.
    fn take(&mut self) -> bool {
        // By number: how many sets have it, and the last of them.
        let mut having: Vec<(usize, usize)> = vec![(0, 0); self.left.len() * 64];
        for at in self.open.iter().copied() {
            for number in self.numbers(at) {
                if let Some(slot) = having.get_mut(number) {
                    *slot = (slot.0 + 1, at);
                }
            }
        }
        let alone = having.iter().filter(|(count, _)| *count == 1);
        let taken: HashSet<usize> = alone.map(|(_, at)| *at).collect();
        for at in &taken {
            for (word, has) in self.left.iter_mut().zip(self.sets.get(*at)) {
                *word &= !has;
            }
        }
        self.chosen.extend(&taken);
        self.open.retain(|at| !taken.contains(at));
        !taken.is_empty()
    }

    /// The fewest of what is open, by trying all choices.
    fn fewest(&self) -> Option<Vec<usize>> {
        let count = self.open.len();
        for size in 0..=count {
            let mut positions: Vec<usize> = (0..size).collect();
            loop {
                let chosen = || positions.iter().filter_map(|position| self.open.get(*position)).copied();
                if self.covers(&mut chosen()) {
                    return Some(chosen().collect());
                }
                if !advance(&mut positions, count) {
                    break;
                }
            }
        }
        None
    }

    /// One pass from the end: what can be left out is.
    fn minimal(&self) -> Vec<usize> {
        let mut having: Vec<usize> = vec![0; self.left.len() * 64];
        let parts: Vec<(usize, Vec<usize>)> = self.open.iter().map(|at| (*at, self.numbers(*at))).collect();
        for number in parts.iter().flat_map(|(_, part)| part) {
            if let Some(slot) = having.get_mut(*number) {
                *slot += 1;
            }
        }
        let mut kept = Vec::new();
        for (at, part) in parts.iter().rev() {
            if part.iter().any(|number| having.get(*number) == Some(&1)) {
                kept.push(*at);
                continue;
            }
            for number in part {
                if let Some(slot) = having.get_mut(*number) {
                    *slot -= 1;
                }
            }
        }
        kept
    }
}

/// The next choice of the same size, in the order of its members; false after the last.
fn advance(chosen: &mut [usize], count: usize) -> bool {
    let size = chosen.len();
    for at in (0..size).rev() {
        let Some(value) = chosen.get(at).copied() else { return false };
        if value + (size - at) < count {
            for (offset, slot) in chosen.iter_mut().skip(at).enumerate() {
                *slot = value + 1 + offset;
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Cover, advance, cover};
    use crate::check::forbids::sets::{Sets, all, numbers};

    fn sets(masks: &[u64]) -> Sets {
        let mut sets = Sets::new(masks.len(), 64);
        masks.iter().enumerate().for_each(|(at, mask)| sets.join(at, &[*mask]));
        sets
    }

    fn chosen(masks: &[u64], asked: u64) -> Option<Cover> {
        cover(&sets(masks), &[asked])
    }

    #[test]
    fn the_fewest_and_the_first_of_them() {
        assert_eq!(chosen(&[0b01, 0b10, 0b11], 0b11), Some(Cover { chosen: vec![2], is_fewest: true }));
        assert_eq!(chosen(&[0b01, 0b10, 0b10], 0b11), Some(Cover { chosen: vec![0, 1], is_fewest: true }));
        assert_eq!(chosen(&[0b01, 0b10], 0b111), None);
        assert_eq!(chosen(&[], 0), Some(Cover { chosen: vec![], is_fewest: true }));
    }

    #[test]
    fn many_sets_of_few_sorts_are_few() {
        let mut masks = vec![0b01; 400];
        masks[17] = 0b10;
        masks.extend([0b10; 400]);
        assert_eq!(chosen(&masks, 0b11), Some(Cover { chosen: vec![0, 17], is_fewest: true }));
    }

    #[test]
    fn what_nothing_else_has_is_taken_without_trying() {
        let mut many = Sets::new(1000, 1000);
        (0..1000).for_each(|at| many.add(at, at));
        let found = cover(&many, &all(1000)).unwrap();
        assert_eq!((found.chosen.len(), found.is_fewest), (1000, true));
    }

    #[test]
    fn all_choices_of_a_size_are_walked() {
        for size in 0..=5 {
            let mut choice: Vec<usize> = (0..size).collect();
            let mut walked = vec![choice.clone()];
            while advance(&mut choice, 5) {
                walked.push(choice.clone());
            }
            let all = (0..1_u64 << 5).map(|members| numbers(&[members]).collect());
            let mut all: Vec<Vec<usize>> = all.filter(|choice: &Vec<usize>| choice.len() == size).collect();
            all.sort_unstable();
            assert_eq!(walked, all);
        }
    }

    /// Against all choices, by seeds: the same size and the same tie.
    #[test]
    fn nothing_that_matters_is_left_out() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..2_000 {
            let width = 1 + random(7);
            let masks: Vec<u64> = (0..random(10)).map(|_| random(1 << width) & random(1 << width)).collect();
            let asked = (1 << width) - 1;
            let union = |choice: u64| numbers(&[choice]).map(|at| masks[at]).fold(0, |all, mask| all | mask);
            // Choices by size, then by their members in order.
            let best = (0..1_u64 << masks.len())
                .filter(|choice| union(*choice) & asked == asked)
                .map(|choice| numbers(&[choice]).collect::<Vec<usize>>())
                .min_by_key(|members| (members.len(), members.clone()));
            assert_eq!(chosen(&masks, asked).map(|found| found.chosen), best, "{masks:?} {asked:b}");
        }
    }

    #[test]
    fn beyond_a_handful_none_can_be_left_out() {
        // A ring: each number is in two sets, and half of the sets would do.
        let mut ring = Sets::new(41, 41);
        for at in 0..41 {
            ring.add(at, at);
            ring.add(at, (at + 1) % 41);
        }
        let found = cover(&ring, &all(41)).unwrap();
        assert!(!found.is_fewest);
        for left_out in &found.chosen {
            let mut rest = Sets::new(1, 41);
            let others = found.chosen.iter().filter(|at| *at != left_out);
            others.for_each(|at| rest.join(0, ring.get(*at)));
            assert_ne!(rest.get(0), all(41));
        }
    }
}
