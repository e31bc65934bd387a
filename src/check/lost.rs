//! The words of damaged text. A name that stands there may have been declared there: it is not missed elsewhere
//! until the damage is mended.

use std::collections::HashSet;

use crate::check::Input;

/// Words in damaged text, of all files.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Lost(HashSet<Box<str>>);

impl Lost {
    pub(super) fn new(inputs: &[Input<'_>]) -> Self {
        Self(inputs.iter().flat_map(|input| &input.tree.lost).cloned().collect())
    }

    /// Whether a name may have been declared in damaged text.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
