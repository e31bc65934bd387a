//! What is not known of a policy. A name that stands in damaged text may have been declared there, and a file that
//! could not be read may have declared any: such names are not missed elsewhere until the damage is mended.

use std::collections::HashSet;

use crate::check::Input;

/// Words in damaged text, of all files.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Lost {
    words: HashSet<Box<str>>,
    /// Whether a file could not be read.
    is_partial: bool,
}

impl Lost {
    pub(super) fn new(inputs: &[Input<'_>]) -> Self {
        Self {
            words: inputs.iter().flat_map(|input| &input.tree.lost).cloned().collect(),
            is_partial: inputs.iter().any(|input| !input.source.is_read()),
        }
    }

    /// Whether a name may have been declared in damaged text. For what is declared in a text that is there: the
    /// categories, rows and kinds of a catalog.
    pub(super) fn has(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether a name may have been declared where nothing could be read. For what any file may declare: catalogs,
    /// roles, templates, principals.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.is_partial || self.has(name)
    }
}
