//! Numbers of which each comes once. Part of `check`.

/// Which numbers of a list have come.
pub(in crate::decisions) struct Once {
    seen: Vec<u64>,
    count: usize,
    left: usize,
}

impl Once {
    /// Of as many as stand in a list.
    pub(in crate::decisions) fn of(count: usize) -> Self {
        Self { seen: vec![0; count.div_ceil(64)], count, left: count }
    }

    /// Whether the number is one of them and comes for the first time.
    #[inline]
    pub(in crate::decisions) fn take(&mut self, number: u32) -> bool {
        let bit = 1 << (number % 64);
        match self.seen.get_mut(number as usize / 64) {
            Some(word) if *word & bit == 0 && (number as usize) < self.count => {
                *word |= bit;
                self.left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Takes what has come elsewhere of the same list: whether none of it had come here.
    #[cfg(feature = "parallel")]
    pub(in crate::decisions) fn join(&mut self, other: &Self) -> bool {
        let mut are_apart = self.count == other.count;
        for (word, other) in self.seen.iter_mut().zip(&other.seen) {
            are_apart &= *word & other == 0;
            *word |= other;
        }
        let came = other.count - other.left;
        self.left = self.left.saturating_sub(came);
        are_apart
    }

    /// Whether all have come.
    pub(in crate::decisions) fn is_none_left(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Once;

    #[test]
    fn each_comes_once() {
        let mut all = Once::of(70);
        assert!((0..69).all(|number| all.take(number)) && !all.is_none_left());
        assert!(!all.take(5) && !all.take(70) && !all.take(127) && !all.take(u32::MAX));
        assert!(all.take(69) && all.is_none_left());
    }

    #[cfg(feature = "parallel")]
    #[test]
    fn what_came_apart_came_once() {
        let of = |numbers: std::ops::Range<u32>| {
            let mut some = Once::of(70);
            assert!(numbers.into_iter().all(|number| some.take(number)));
            some
        };
        let mut all = of(0..30);
        assert!(all.join(&of(30..69)) && !all.is_none_left());
        assert!(!all.join(&of(68..70)), "68 came twice");
        let mut all = of(0..30);
        assert!(all.join(&of(30..70)) && all.is_none_left());
        assert!(!all.join(&Once::of(71)));
    }
}
