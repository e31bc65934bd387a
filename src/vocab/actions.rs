//! A set of actions of one row, as bits: bit 0 is the row's first action. What a row's level is, once resolved.

use std::ops::{BitAnd, BitOr, Sub};

use crate::vocab::limits::ROW_ACTIONS;

/// A set of actions of one row.
///
/// ```
/// use rolec::vocab::{Actions, Form, Shape};
///
/// let row = Shape::new(Form::Verbs, ["create", "update", "delete"]);
/// let (create, delete) = (Actions::one(0), Actions::one(2));
/// let held = create | delete;
/// assert_eq!(row.level(held), "create, delete");
/// assert!(held.contains(create) && !held.contains(Actions::first(3)));
/// assert_eq!((held.count(), held.positions().collect::<Vec<_>>()), (2, vec![0, 2]));
/// assert_eq!(held - delete, create);
/// assert!((Actions::NONE & held).is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Actions(pub u128);

impl Actions {
    /// No action.
    pub const NONE: Self = Self(0);

    /// The action at `index`; none where a row cannot have so many.
    pub fn one(index: usize) -> Self {
        if index < ROW_ACTIONS { Self(1 << index) } else { Self::NONE }
    }

    /// The first `count` actions.
    pub fn first(count: usize) -> Self {
        if count >= ROW_ACTIONS { Self(u128::MAX) } else { Self((1 << count) - 1) }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether all of `other` are in it.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The positions of its actions, lowest first.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let lowest = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(lowest)
        })
    }
}

impl BitOr for Actions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Actions {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Sub for Actions {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}
