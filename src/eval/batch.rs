//! Many decisions at once, by columns of keys.

use crate::eval::evaluator::Evaluator;
use crate::eval::permission::Permission;
use crate::eval::request::{Holder, Query};
use crate::vocab::{Decision, Time};

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

impl Evaluator<'_> {
    /// Decides whether each holder has the permission at the same position, all at one time.
    ///
    /// The columns should be of equal length; the shorter one says how many decisions there are.
    ///
    /// ```
    /// use rolec::eval::{Evaluator, Permission, Who};
    /// use rolec::table::Table;
    /// use rolec::vocab::Time;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let evaluator = Evaluator::new(&table);
    /// let acme = table.organization("acme").unwrap();
    /// let bot = evaluator.holder(acme, Who::Principal("bot")).unwrap();
    ///
    /// // May the bot do each single thing that there is?
    /// let wiki = table.catalogs().next().unwrap();
    /// let permissions: Vec<Permission> = wiki
    ///     .rows()
    ///     .flat_map(|row| (0..row.shape().width()).map(move |action| (row.key(), Some(action))))
    ///     .filter_map(|(row, action)| Permission::at(&table, wiki.key(), row, action))
    ///     .collect();
    /// let holders = vec![bot; permissions.len()];
    /// let decided = evaluator.decide_batch(&holders, &permissions, Time::parse("2026-06-01")?);
    /// assert_eq!((decided.len(), decided.allowed()), (9, 5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_batch(self, holders: &[Holder], permissions: &[Permission], at: Time) -> Bitmap {
        let pairs = holders.iter().zip(permissions);
        pairs
            .map(|(holder, permission)| Query { holder: *holder, permission: *permission, at })
            .map(|query| self.decide_query(query))
            .collect()
    }
}
