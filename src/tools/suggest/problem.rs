//! The search for the fewest roles that cover some permissions, by branch and bound: for each number of roles in turn,
//! every way to cover the permission that the fewest roles hold. Knows roles by number only.

use std::collections::BTreeMap;

use crate::tools::suggest::bits::{beyond, count, has, is_within, join, positions, put};
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::scope::Scope;

/// A role that may be chosen.
struct Candidate {
    role: usize,
    /// Which of the wanted permissions it holds, numbered by themselves.
    holds: Vec<u64>,
    /// What it holds beside.
    beside: Vec<u64>,
}

/// What is to be covered, and by what. The candidates stand by id.
pub(super) struct Problem {
    candidates: Vec<Candidate>,
    /// The candidates that hold each wanted permission.
    holders: Vec<Vec<usize>>,
    wanted: usize,
}

/// Some candidates, in the order of their choice.
pub(super) struct Found {
    pub(super) chosen: Vec<usize>,
    pub(super) is_exact: bool,
    pub(super) at_least: usize,
}

/// How good a cover of one size is, the better first: what is held beside, then the ids.
type Rank = (usize, Vec<usize>);

/// Candidates chosen so far.
struct Node {
    chosen: Vec<usize>,
    open: Vec<u64>,
    beside: Vec<u64>,
    /// Those that were tried in this place before: what has one of them was seen already.
    barred: Vec<u64>,
}

impl Problem {
    pub(super) fn of(scope: &Scope<'_>, wanted: &[u64], budget: &mut Budget) -> Self {
        let numbers: BTreeMap<usize, usize> =
            positions(wanted).enumerate().map(|(number, position)| (position, number)).collect();
        let words = numbers.len().div_ceil(64);
        let mut order: Vec<usize> = (0..scope.roles.len()).collect();
        order.sort_by_key(|role| scope.roles.get(*role).map_or("", |role| role.id()));
        let mut candidates: Vec<Candidate> = Vec::new();
        for role in order {
            let mut holds = vec![0; words];
            let mut beside = Vec::with_capacity(scope.words);
            for (word, (held, wanted)) in scope.held(role).iter().zip(wanted).enumerate() {
                let common = [held & wanted];
                let known = positions(&common).filter_map(|bit| numbers.get(&(word * 64 + bit)));
                known.for_each(|number| put(&mut holds, *number));
                beside.push(held & !wanted);
            }
            // One that stands before it, holds as much, and no more beside, is as good in every cover.
            let is_as_good = |other: &Candidate, budget: &mut Budget| {
                is_within(&holds, &other.holds, budget) && is_within(&other.beside, &beside, budget)
            };
            let is_needed = count(&holds) > 0
                && (budget.is_spent() || !candidates.iter().any(|other| is_as_good(other, budget)));
            if is_needed {
                candidates.push(Candidate { role, holds, beside });
            }
        }
        let holders = (0..numbers.len()).map(|number| {
            let holding = candidates.iter().enumerate().filter(|(_, it)| has(&it.holds, number));
            holding.map(|(at, _)| at).collect()
        });
        Self { holders: holders.collect(), wanted: numbers.len(), candidates }
    }

    /// The role that a candidate is.
    pub(super) fn role(&self, candidate: usize) -> usize {
        self.candidates.get(candidate).map_or(0, |candidate| candidate.role)
    }

    fn root(&self) -> Node {
        let mut open = vec![0; self.wanted.div_ceil(64)];
        (0..self.wanted).for_each(|number| put(&mut open, number));
        let beside = self.candidates.first().map_or(0, |candidate| candidate.beside.len());
        let barred = vec![0; self.candidates.len().div_ceil(64)];
        Node { chosen: Vec::new(), open, beside: vec![0; beside], barred }
    }

    fn choose(&self, node: &Node, choice: usize) -> Node {
        let mut next = Node {
            chosen: node.chosen.clone(),
            open: node.open.clone(),
            beside: node.beside.clone(),
            barred: node.barred.clone(),
        };
        if let Some(candidate) = self.candidates.get(choice) {
            next.chosen.push(choice);
            next.open.iter_mut().zip(&candidate.holds).for_each(|(open, holds)| *open &= !holds);
            join(&mut next.beside, &candidate.beside);
        }
        next
    }

    /// The best cover. Somebody must hold each of what is wanted.
    pub(super) fn solve(&self, budget: &mut Budget) -> Found {
        let mut best = self.greedily();
        let mut least = self.least();
        while least <= best.len() {
            // A cover of this size that is known is held against the others of it.
            let known = (best.len() == least).then(|| self.rank(&best));
            let (found, is_whole) = self.of_size(least, known, budget);
            if let Some(found) = found {
                best = found;
            }
            if !is_whole || best.len() == least {
                return Found { is_exact: is_whole, at_least: least, chosen: best };
            }
            least += 1;
        }
        Found { at_least: best.len(), chosen: best, is_exact: true }
    }

    fn rank(&self, chosen: &[usize]) -> Rank {
        let whole = chosen.iter().fold(self.root(), |node, choice| self.choose(&node, *choice));
        let mut ids = chosen.to_vec();
        ids.sort_unstable();
        (count(&whole.beside), ids)
    }

    /// Whatever covers most at once, again and again: a cover to begin with.
    fn greedily(&self) -> Vec<usize> {
        let mut node = self.root();
        while count(&node.open) > 0 {
            let gain = |candidate: &Candidate| {
                let covered = candidate.holds.iter().zip(&node.open).map(|(holds, open)| holds & open);
                (covered.map(u64::count_ones).sum::<u32>(), beyond(&candidate.beside, &node.beside))
            };
            let ranked = self.candidates.iter().enumerate().map(|(at, candidate)| (gain(candidate), at));
            let best =
                ranked.min_by_key(|((covered, beside), at)| (std::cmp::Reverse(*covered), *beside, *at));
            match best {
                Some(((covered, _), choice)) if covered > 0 => node = self.choose(&node, choice),
                // Somebody holds each: there is always one more to choose.
                _ => break,
            }
        }
        node.chosen
    }

    /// So many are needed in any case: permissions no two of which one candidate holds, and all by the widest.
    fn least(&self) -> usize {
        let mut order: Vec<usize> = (0..self.wanted).collect();
        order.sort_by_key(|number| self.holders.get(*number).map_or(0, Vec::len));
        let mut seen = vec![0; self.candidates.len().div_ceil(64)];
        let mut alone = 0;
        for number in order {
            let holders = self.holders.get(number).map_or(&[][..], Vec::as_slice);
            if !holders.iter().any(|holder| has(&seen, *holder)) {
                alone += 1;
                holders.iter().for_each(|holder| put(&mut seen, *holder));
            }
        }
        let widest = self.widest();
        alone.max(if widest == 0 { 0 } else { self.wanted.div_ceil(widest) })
    }

    fn widest(&self) -> usize {
        self.candidates.iter().map(|candidate| count(&candidate.holds)).max().unwrap_or(0)
    }

    /// The best cover of a size that is better than one already known, and whether all were looked at.
    fn of_size(
        &self,
        size: usize,
        mut known: Option<Rank>,
        budget: &mut Budget,
    ) -> (Option<Vec<usize>>, bool) {
        /// What a choice takes beside the looking.
        const AROUND: usize = 32;
        let widest = self.widest();
        let mut best = None;
        let mut nodes = vec![self.root()];
        while let Some(node) = nodes.pop() {
            if budget.is_spent() {
                return (best, false);
            }
            budget.spend(AROUND + node.open.len() + node.beside.len() + node.barred.len());
            let beside = count(&node.beside);
            if known.as_ref().is_some_and(|(most, _)| beside > *most) {
                continue;
            }
            let open = count(&node.open);
            if open == 0 {
                let rank = self.rank(&node.chosen);
                if known.as_ref().is_none_or(|known| rank < *known) {
                    known = Some(rank);
                    best = Some(node.chosen);
                }
                continue;
            }
            let left = size - node.chosen.len();
            if left * widest < open {
                continue;
            }
            // The one that the fewest hold.
            let holders = |number: usize| self.holders.get(number).map_or(&[][..], Vec::as_slice);
            let Some(number) = positions(&node.open).min_by_key(|number| holders(*number).len()) else {
                continue;
            };
            let mut barred = node.barred.clone();
            let mut next = Vec::new();
            for choice in holders(number).iter().copied().filter(|choice| !has(&node.barred, *choice)) {
                let mut chosen = self.choose(&node, choice);
                chosen.barred.clone_from(&barred);
                put(&mut barred, choice);
                budget.spend(AROUND + node.beside.len());
                next.push(chosen);
            }
            nodes.extend(next.into_iter().rev());
        }
        (best, true)
    }
}
