//! Names as numbers: two are one name exactly where they are the same, byte for byte.

use std::sync::Arc;

use foldhash::HashMap;

/// A name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name(u32);

/// All names that were met.
#[derive(Debug, Default)]
pub(super) struct Names {
    texts: Vec<Arc<str>>,
    known: HashMap<Arc<str>, Name>,
}

impl Names {
    /// The number of a text.
    pub(super) fn of(&mut self, text: &str) -> Name {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        // There are fewer names than bytes of text, and a file's are counted in 32 bits.
        let name = Name(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.known.insert(text, name);
        name
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.texts.reserve(more);
        self.known.reserve(more);
    }

    /// The text of a number.
    pub(super) fn text(&self, name: Name) -> &str {
        self.texts.get(name.0 as usize).map_or("", |text| text)
    }
}
