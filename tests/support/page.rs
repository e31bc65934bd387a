//! The page of a finding: its form, which all of them share. What its policies give is for `example`.

use crate::support::document::{Block, blocks};

/// A page, cut at its headings.
pub(crate) struct Page {
    pub(crate) title: String,
    /// What is wrong, and why it matters.
    pub(crate) opening: String,
    pub(crate) sections: Vec<Section>,
}

/// A part of a page below its heading.
pub(crate) struct Section {
    pub(crate) heading: String,
    /// Without its blocks.
    pub(crate) prose: String,
    pub(crate) blocks: Vec<Block>,
}

impl Page {
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self { title: String::new(), opening: String::new(), sections: Vec::new() };
        let mut blocks = blocks(text).into_iter();
        let mut is_open = false;
        for line in text.lines() {
            if line.starts_with("```") {
                is_open = !is_open;
                let block = if is_open { blocks.next() } else { None };
                if let Some(section) = page.sections.last_mut() {
                    section.blocks.extend(block);
                }
            } else if is_open {
                // The block has it.
            } else if let Some(title) = line.strip_prefix("# ") {
                page.title.push_str(title);
            } else if let Some(heading) = line.strip_prefix("## ") {
                let heading = heading.to_owned();
                page.sections.push(Section { heading, prose: String::new(), blocks: Vec::new() });
            } else {
                let prose = page.sections.last_mut().map_or(&mut page.opening, |section| &mut section.prose);
                prose.push_str(line.trim());
                prose.push('\n');
            }
        }
        page
    }

    pub(crate) fn headings(&self) -> Vec<&str> {
        self.sections.iter().map(|section| section.heading.as_str()).collect()
    }
}
