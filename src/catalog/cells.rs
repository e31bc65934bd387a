//! What a role holds in every row of its catalog, packed: one bit an action.

use std::sync::Arc;

use crate::catalog::Row;
use crate::vocab::Actions;

/// The actions that a role holds, in the order of the catalog's rows. A clone shares them until one of the two changes:
/// they are most of what a large policy takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    words: Arc<[u64]>,
}

impl Cells {
    /// None of `width` actions.
    pub fn new(width: usize) -> Self {
        Self { words: std::iter::repeat_n(0, width.div_ceil(64)).collect() }
    }

    /// The bits, in words of 64.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The same words, for a table.
    pub fn shared(&self) -> Arc<[u64]> {
        self.words.clone()
    }

    /// Takes all that another holds too.
    pub fn join(&mut self, other: &Self) {
        for (word, more) in Arc::make_mut(&mut self.words).iter_mut().zip(&*other.words) {
            *word |= more;
        }
    }

    /// The actions held of a row.
    pub fn get(&self, row: &Row) -> Actions {
        let (word, shift) = (row.first_bit / 64, row.first_bit % 64);
        let part = |at: usize| u128::from(self.words.get(at).copied().unwrap_or(0));
        let low = (part(word) | part(word + 1) << 64) >> shift;
        let high = if shift == 0 { 0 } else { part(word + 2) << (128 - shift) };
        Actions(low | high) & row.shape.top()
    }

    /// Whether the lowest action of a row is held.
    pub fn has_first(&self, row: &Row) -> bool {
        self.words.get(row.first_bit / 64).is_some_and(|word| word >> (row.first_bit % 64) & 1 == 1)
    }

    /// Sets the actions held of a row.
    pub fn set(&mut self, row: &Row, held: Actions) {
        self.set_each([(row, held)]);
    }

    /// Sets the actions held of some rows, one behind the other.
    pub fn set_each<'r>(&mut self, rows: impl IntoIterator<Item = (&'r Row, Actions)>) {
        let words = Arc::make_mut(&mut self.words);
        rows.into_iter().for_each(|(row, held)| set(words, row, held));
    }
}

fn set(words: &mut [u64], row: &Row, held: Actions) {
    let (word, shift) = (row.first_bit / 64, row.first_bit % 64);
    let top = row.shape.top();
    let held = held & top;
    for (index, offset) in [(word, 0), (word + 1, 64), (word + 2, 128)] {
        let cut = |actions: Actions| -> u64 {
            let low = if offset <= shift {
                actions.0.checked_shl(shift as u32).unwrap_or(0)
            } else {
                actions.0.checked_shr((offset - shift) as u32).unwrap_or(0)
            };
            (low & u128::from(u64::MAX)) as u64
        };
        // Bits of the first word come shifted up, those of the later ones shifted down.
        if let Some(slot) = words.get_mut(index) {
            *slot = *slot & !cut(top) | cut(held);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cells;
    use crate::catalog::Row;
    use crate::source::{FileId, Place, Span};
    use crate::vocab::{Actions, CategoryId, Escalation, Form, Shape};

    fn row(first_bit: usize, width: usize) -> Row {
        Row {
            id: "r".into(),
            title: None,
            doc: None,
            category: CategoryId(0),
            kind: "k".into(),
            shape: Shape::new(Form::Verbs, (0..width).map(|verb| format!("v{verb}"))),
            first_bit,
            only_managed: false,
            escalation: Escalation::Nowhere,
            notes: Vec::new(),
            caveats: Vec::new(),
            place: Place { file: FileId(0), span: Span::new(0, 0) },
        }
    }

    #[test]
    fn rows_of_every_width_at_every_place_keep_to_themselves() {
        for first in 0..130 {
            for width in [1, 2, 63, 64, 65, 127, 128] {
                let (before, here, after) = (row(0, first), row(first, width), row(first + width, 70));
                for pattern in [
                    Actions(0),
                    Actions(1),
                    here.shape.top(),
                    Actions(0x5555 << 60 | 0xa5) & here.shape.top(),
                ] {
                    let mut cells = Cells::new(first + width + 70);
                    cells.set(&after, after.shape.top());
                    cells.set(&before, before.shape.top());
                    cells.set(&here, here.shape.top());
                    cells.set(&here, pattern);
                    assert_eq!(cells.get(&here), pattern, "{first} {width}");
                    assert_eq!(cells.get(&after), after.shape.top(), "{first} {width}");
                    if first <= 128 {
                        assert_eq!(cells.get(&before), before.shape.top(), "{first} {width}");
                    }
                }
            }
        }
    }
}
