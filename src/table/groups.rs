//! Runs of children by their parents: where in a list sorted by parent each parent's children stand. Knows
//! nothing of what they are.

use std::ops::Range;

/// Where the children of each parent begin, and after the last parent, where all end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::table) struct Groups {
    starts: Vec<u32>,
}

impl Groups {
    /// The groups of `parents` parents over a list whose children name them in ascending order. The first `skip`
    /// of the list have no parent and are not among the children.
    pub(in crate::table) fn of(
        parents: usize,
        skip: usize,
        children: impl IntoIterator<Item = usize>,
    ) -> Self {
        let mut counts = vec![0_u32; parents];
        for parent in children {
            if let Some(count) = counts.get_mut(parent) {
                *count = count.saturating_add(1);
            }
        }
        let mut end = u32::try_from(skip).unwrap_or(u32::MAX);
        let mut starts = Vec::with_capacity(parents + 1);
        starts.push(end);
        for count in counts {
            end = end.saturating_add(count);
            starts.push(end);
        }
        Self { starts }
    }

    /// The children of a parent, as positions in their list; none where there is no such parent.
    pub(in crate::table) fn range(&self, parent: usize) -> Range<usize> {
        match (self.starts.get(parent), parent.checked_add(1).and_then(|next| self.starts.get(next))) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;

    #[test]
    fn children_stand_together() {
        let groups = Groups::of(4, 2, [0, 0, 2]);
        assert_eq!(
            (0..5).map(|parent| groups.range(parent)).collect::<Vec<_>>(),
            [2..4, 4..4, 4..5, 5..5, 0..0]
        );
        assert_eq!(groups.range(usize::MAX), 0..0);
    }
}
