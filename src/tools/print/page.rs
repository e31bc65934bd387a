//! The layout: 4 spaces a block, an empty line between members. Knows nothing of what the lines say.

/// A text that is being written, line by line.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    depth: usize,
    /// Whether the last line opened a block.
    is_opening: bool,
}

impl Page {
    /// An empty text whose lines stand as deep as those of this one now.
    pub(super) fn beside(&self) -> Self {
        Self { text: String::new(), depth: self.depth, is_opening: false }
    }

    pub(super) fn text(self) -> String {
        self.text
    }

    /// A line.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        self.text.extend(std::iter::repeat_n("    ", self.depth));
        self.text.push_str(line.as_ref());
        self.text.push('\n');
        self.is_opening = false;
    }

    /// An empty line, where something stands above in the same block.
    pub(super) fn gap(&mut self) {
        if !self.is_opening && !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// `///` lines.
    pub(super) fn doc(&mut self, doc: Option<&str>) {
        for line in doc.into_iter().flat_map(|doc| doc.split('\n')) {
            if line.is_empty() {
                self.line("///");
            } else {
                self.line(format!("/// {line}"));
            }
        }
    }

    /// A block.
    pub(super) fn block(&mut self, head: impl AsRef<str>, inside: impl FnOnce(&mut Self)) {
        self.line(format!("{} {{", head.as_ref()));
        self.depth += 1;
        self.is_opening = true;
        inside(self);
        self.depth -= 1;
        if self.is_opening {
            // Nothing in it: `head {}`.
            self.text.truncate(self.text.trim_end().len());
            self.text.push_str("}\n");
            self.is_opening = false;
        } else {
            self.line("}");
        }
    }

    /// Blocks written beside, in the order of their text.
    pub(super) fn sorted(&mut self, mut pages: Vec<Self>) {
        pages.sort_by(|a, b| a.text.cmp(&b.text));
        for page in pages {
            self.gap();
            self.text.push_str(&page.text);
            self.is_opening = false;
        }
    }
}
