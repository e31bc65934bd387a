//! The words of damaged text. A name that stands there may have been declared there: it is not missed elsewhere
//! until the damage is mended.

use std::collections::HashSet;

use crate::check::Input;

/// Words in damaged text, of all files.
pub(super) struct Lost<'s>(HashSet<&'s str>);

impl<'s> Lost<'s> {
    pub(super) fn new(inputs: &[Input<'s>]) -> Self {
        Self(inputs.iter().flat_map(|input| &input.tree.lost).map(|word| &**word).collect())
    }

    /// Whether a name may have been declared in damaged text.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
