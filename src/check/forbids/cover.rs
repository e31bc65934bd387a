//! The fewest of some candidates that together cover what is asked: exact for a handful, and for more a set of which
//! none can be left out.

/// Up to how many candidates the fewest are found by trying all sets.
pub(super) const EXACT: usize = 12;

/// What covers: positions of candidates, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cover {
    pub(super) chosen: Vec<usize>,
    /// Whether no smaller set does.
    pub(super) is_fewest: bool,
}

/// The fewest candidates whose union has every bit of `asked`; among sets of one size the one whose candidates come
/// first. `None` where all of them together do not.
pub(super) fn cover(candidates: &[Vec<u64>], asked: &[u64]) -> Option<Cover> {
    let covers = |chosen: &mut dyn Iterator<Item = usize>| {
        let mut left: Vec<u64> = asked.to_vec();
        for candidate in chosen.filter_map(|index| candidates.get(index)) {
            for (word, has) in left.iter_mut().zip(candidate) {
                *word &= !has;
            }
        }
        left.iter().all(|word| *word == 0)
    };
    if !covers(&mut (0..candidates.len())) {
        return None;
    }
    if candidates.len() <= EXACT {
        for size in 0..=candidates.len() {
            let mut chosen: Vec<usize> = (0..size).collect();
            loop {
                if covers(&mut chosen.iter().copied()) {
                    return Some(Cover { chosen, is_fewest: true });
                }
                if !advance(&mut chosen, candidates.len()) {
                    break;
                }
            }
        }
    }
    // One pass from the end: what can be left out is.
    let mut kept: Vec<usize> = (0..candidates.len()).collect();
    for index in (0..candidates.len()).rev() {
        let without = || kept.iter().copied().filter(move |kept| *kept != index);
        if covers(&mut without()) {
            kept = without().collect();
        }
    }
    Some(Cover { chosen: kept, is_fewest: false })
}

/// The next set of the same size, in the order of its members; false after the last.
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
    use super::{Cover, cover};

    fn chosen(candidates: &[u64], asked: u64) -> Option<Cover> {
        let candidates: Vec<Vec<u64>> = candidates.iter().map(|bits| vec![*bits]).collect();
        cover(&candidates, &[asked])
    }

    #[test]
    fn the_fewest_and_the_first_of_them() {
        assert_eq!(chosen(&[0b01, 0b10, 0b11], 0b11), Some(Cover { chosen: vec![2], is_fewest: true }));
        assert_eq!(chosen(&[0b01, 0b10, 0b10], 0b11), Some(Cover { chosen: vec![0, 1], is_fewest: true }));
        assert_eq!(chosen(&[0b01, 0b10], 0b111), None);
        assert_eq!(chosen(&[], 0), Some(Cover { chosen: vec![], is_fewest: true }));
    }

    #[test]
    fn beyond_a_handful_nothing_can_be_left_out() {
        let mut candidates = vec![0; 20];
        candidates[3] = 0b01;
        candidates[17] = 0b10;
        assert_eq!(chosen(&candidates, 0b11), Some(Cover { chosen: vec![3, 17], is_fewest: false }));
    }
}
