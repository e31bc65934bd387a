//! The words of damaged text. A name that stands there may have been declared there: it is not missed elsewhere
//! until the damage is mended.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::check::Input;

/// Words in damaged text, of all files.
pub(super) type Words = Arc<HashSet<Box<str>>>;

/// Words in damaged text, as one part of the policy asks for them. Remembers what was asked, so that the answers can
/// be told to be still the same.
pub(super) struct Lost {
    words: Words,
    asked: RefCell<BTreeMap<Box<str>, bool>>,
}

pub(super) fn words(inputs: &[Input<'_>]) -> Words {
    Arc::new(inputs.iter().flat_map(|input| &input.tree.lost).cloned().collect())
}

impl Lost {
    pub(super) fn new(words: &Words) -> Self {
        Self { words: words.clone(), asked: RefCell::default() }
    }

    /// Whether a name may have been declared in damaged text.
    pub(super) fn has(&self, name: &str) -> bool {
        let has = self.words.contains(name);
        let mut asked = self.asked.borrow_mut();
        if !asked.contains_key(name) {
            asked.insert(name.into(), has);
        }
        has
    }

    /// What was asked, and the answers.
    pub(super) fn asked(self) -> Vec<(Box<str>, bool)> {
        self.asked.into_inner().into_iter().collect()
    }
}
