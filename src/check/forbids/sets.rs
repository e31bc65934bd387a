//! Sets of small numbers as bits, many of them of one size side by side. Knows nothing of what the numbers stand for.

/// Sets of numbers below one bound, each found by its position.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    /// Words of a set; at least one.
    width: usize,
    words: Vec<u64>,
}

impl Sets {
    /// So many empty sets of numbers below `bound`.
    pub(super) fn new(count: usize, bound: usize) -> Self {
        let width = bound.div_ceil(64).max(1);
        Self { width, words: vec![0; width * count] }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len() / self.width
    }

    /// A set; empty where there is none.
    pub(super) fn get(&self, at: usize) -> &[u64] {
        self.words.get(at * self.width..(at + 1) * self.width).unwrap_or_default()
    }

    /// Adds a number to a set.
    pub(super) fn add(&mut self, at: usize, number: usize) {
        let word = at * self.width + number / 64;
        if let Some(word) = self.words.get_mut(word).filter(|_| number / 64 < self.width) {
            *word |= 1 << (number % 64);
        }
    }

    /// Adds all numbers of another set to a set.
    pub(super) fn join(&mut self, at: usize, more: &[u64]) {
        if let Some(words) = self.words.get_mut(at * self.width..(at + 1) * self.width) {
            join(words, more);
        }
    }

    /// Adds all numbers of an earlier set to a set.
    pub(super) fn draw(&mut self, at: usize, earlier: usize) {
        let Some((before, rest)) = self.words.split_at_mut_checked(at * self.width) else { return };
        let from = before.get(earlier * self.width..(earlier + 1) * self.width).unwrap_or_default();
        if let Some(words) = rest.get_mut(..self.width) {
            join(words, from);
        }
    }
}

/// The set of all numbers below `bound`.
pub(super) fn all(bound: usize) -> Vec<u64> {
    let mut sets = Sets::new(1, bound);
    (0..bound).for_each(|number| sets.add(0, number));
    sets.words
}

/// Adds all numbers of another set to a set.
pub(super) fn join(set: &mut [u64], more: &[u64]) {
    for (word, more) in set.iter_mut().zip(more) {
        *word |= more;
    }
}

/// Whether a number is in a set.
pub(super) fn has(set: &[u64], number: usize) -> bool {
    set.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
}

/// The numbers of a set, lowest first.
pub(super) fn numbers(set: &[u64]) -> impl Iterator<Item = usize> {
    set.iter().enumerate().flat_map(|(at, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let low = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(at * 64 + low)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Sets, all, has, numbers};

    #[test]
    fn sets_keep_to_themselves() {
        let mut sets = Sets::new(3, 130);
        for number in [0, 63, 64, 129] {
            sets.add(1, number);
        }
        // Beyond the sets and beyond the words of one: nowhere.
        sets.add(3, 0);
        sets.add(1, 192);
        sets.draw(1, 0);
        sets.draw(0, 1);
        sets.draw(3, 1);
        assert_eq!(sets.len(), 3);
        assert_eq!(numbers(sets.get(1)).collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(numbers(sets.get(0)).chain(numbers(sets.get(2))).count(), 0);
        sets.draw(2, 1);
        assert_eq!(sets.get(2), sets.get(1));
        assert!(has(sets.get(1), 129) && !has(sets.get(1), 128) && !has(sets.get(1), 500));
        assert_eq!(numbers(&all(65)).collect::<Vec<_>>(), (0..65).collect::<Vec<_>>());
        sets.join(1, &all(65));
        assert_eq!(numbers(sets.get(1)).collect::<Vec<_>>(), (0..65).chain([129]).collect::<Vec<_>>());
    }
}
