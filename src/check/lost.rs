//! What is not known of a policy. A name that stands in damaged text may have been declared there, and a file that
//! could not be read may have declared any: such names are not missed elsewhere until the damage is mended.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::check::Input;

/// Words in damaged text, of all files.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    words: Arc<HashSet<Box<str>>>,
    /// Whether a file could not be read.
    is_partial: bool,
}

/// Words in damaged text, as one part of the policy asks for them. Remembers what was asked, so that the answers can
/// be told to be still the same.
pub(super) struct Lost {
    known: Words,
    asked: RefCell<BTreeMap<Box<str>, bool>>,
}

pub(super) fn words(inputs: &[Input<'_>]) -> Words {
    Words {
        words: Arc::new(inputs.iter().flat_map(|input| &input.tree.lost).cloned().collect()),
        is_partial: inputs.iter().any(|input| !input.source.is_read()),
    }
}

impl Words {
    /// Whether a word stands in damaged text.
    pub(super) fn contain(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

impl Lost {
    pub(super) fn new(words: &Words) -> Self {
        Self { known: words.clone(), asked: RefCell::default() }
    }

    /// The same for an organization whose id is not known: what it names may be declared where it is opened elsewhere.
    pub(super) fn of(words: &Words, organization: &str) -> Self {
        let mut lost = Self::new(words);
        lost.known.is_partial |= organization.is_empty();
        lost
    }

    /// Whether a name may have been declared in damaged text. For what is declared in a text that is there: the
    /// categories, rows and kinds of a catalog.
    pub(super) fn has(&self, name: &str) -> bool {
        let has = self.known.contain(name);
        let mut asked = self.asked.borrow_mut();
        if !asked.contains_key(name) {
            asked.insert(name.into(), has);
        }
        has
    }

    /// Whether a name may have been declared where nothing could be read. For what any file may declare: catalogs,
    /// roles, templates, principals.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.has(name) || self.known.is_partial
    }

    /// What was asked, and the answers.
    pub(super) fn asked(self) -> Vec<(Box<str>, bool)> {
        self.asked.into_inner().into_iter().collect()
    }
}
