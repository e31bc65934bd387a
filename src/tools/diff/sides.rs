//! The two sides of something, before and after, and how what has no counterpart is paired. Knows nothing of what they
//! are.

use std::collections::HashMap;
use std::hash::Hash;

/// What something was and what it is. One of the two is there at least.
///
/// ```
/// use rolec::tools::diff::Sides;
///
/// let renamed = Sides { old: Some("desk"), new: Some("front-desk") };
/// assert_eq!((renamed.latest(), renamed.both()), (Some("front-desk"), Some(("desk", "front-desk"))));
/// let removed = Sides { old: Some("desk"), new: None };
/// assert_eq!((removed.latest(), removed.both()), (Some("desk"), None));
/// assert_eq!(removed.map(str::len).old, Some(4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sides<T> {
    /// What it was; none where it is new.
    pub old: Option<T>,
    /// What it is; none where it is gone.
    pub new: Option<T>,
}

impl<T: Copy> Sides<T> {
    /// What it is, or what it was where it is gone.
    pub fn latest(self) -> Option<T> {
        self.new.or(self.old)
    }

    /// What it was and what it is, where it is on both sides.
    pub fn both(self) -> Option<(T, T)> {
        self.old.zip(self.new)
    }

    /// The same of either side.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Sides<U> {
        Sides { old: self.old.map(&change), new: self.new.map(&change) }
    }
}

/// What is on one side only, in order, and is still looked at.
pub(super) struct Unpaired<T> {
    pub(super) old: Vec<T>,
    pub(super) new: Vec<T>,
}

impl<T: Copy + Eq + Hash> Unpaired<T> {
    /// Takes out the pairs that have a key in common which nothing else has on either side. Without a key nothing is
    /// paired.
    pub(super) fn pair<K: Eq + Hash>(
        &mut self,
        old_key: impl Fn(T) -> Option<K>,
        new_key: impl Fn(T) -> Option<K>,
    ) -> Vec<(T, T)> {
        // Nearly always there is nothing to pair.
        if self.old.is_empty() || self.new.is_empty() {
            return Vec::new();
        }
        let keys = |all: &[T], key: &dyn Fn(T) -> Option<K>| {
            let mut found: HashMap<K, Option<T>> = HashMap::new();
            for one in all {
                if let Some(key) = key(*one) {
                    // A second one makes the key nobody's.
                    found.entry(key).and_modify(|known| *known = None).or_insert(Some(*one));
                }
            }
            found
        };
        let (old, mut new) = (keys(&self.old, &old_key), keys(&self.new, &new_key));
        let found: HashMap<T, T> =
            old.into_iter().filter_map(|(key, one)| Some((one?, new.remove(&key)??))).collect();
        self.take(&found)
    }

    /// Takes out pairs that are known, in the order of the old side.
    pub(super) fn take(&mut self, found: &HashMap<T, T>) -> Vec<(T, T)> {
        let pairs: Vec<(T, T)> = self.old.iter().filter_map(|old| Some((*old, *found.get(old)?))).collect();
        self.old.retain(|old| !found.contains_key(old));
        let taken: std::collections::HashSet<T> = found.values().copied().collect();
        self.new.retain(|new| !taken.contains(new));
        pairs
    }
}
