//! Many decisions, a bit each.

use crate::vocab::Decision;

/// Decisions, one bit each: set for allow.
///
/// ```
/// use rolec::eval::Bitmap;
/// use rolec::vocab::Decision::{Allow, Deny};
///
/// let bitmap: Bitmap = [Allow, Deny, Allow].into_iter().collect();
/// assert_eq!((bitmap.len(), bitmap.is_empty(), bitmap.allowed()), (3, false, 2));
/// assert_eq!((bitmap.get(1), bitmap.get(3)), (Some(Deny), None));
/// assert_eq!(bitmap.words(), [0b101]);
/// assert!(bitmap.iter().eq([Allow, Deny, Allow]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

impl Bitmap {
    /// Bits that are there, behind which none is set.
    pub(super) fn of(words: Vec<u64>, len: usize) -> Self {
        Self { words, len }
    }

    /// How many decisions there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A decision by its position.
    pub fn get(&self, index: usize) -> Option<Decision> {
        let word = self.words.get(index / 64)?;
        (index < self.len).then(|| Decision::allow_if(word >> (index % 64) & 1 != 0))
    }

    /// All decisions in order.
    pub fn iter(&self) -> impl Iterator<Item = Decision> {
        (0..self.len).filter_map(|index| self.get(index))
    }

    /// How many of them are allow.
    pub fn allowed(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The bits, 64 to a word, lowest first; those after the last decision are not set.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

impl FromIterator<Decision> for Bitmap {
    fn from_iter<I: IntoIterator<Item = Decision>>(decisions: I) -> Self {
        let decisions = decisions.into_iter();
        let mut bitmap = Self { words: Vec::with_capacity(decisions.size_hint().0.div_ceil(64)), len: 0 };
        for decision in decisions {
            let bit = u64::from(decision == Decision::Allow) << (bitmap.len % 64);
            match bitmap.words.last_mut() {
                Some(word) if !bitmap.len.is_multiple_of(64) => *word |= bit,
                _ => bitmap.words.push(bit),
            }
            bitmap.len += 1;
        }
        bitmap
    }
}
