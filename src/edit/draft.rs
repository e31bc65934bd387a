//! The edits of a change while they are found, in all files of a policy. They do not touch.

use std::collections::BTreeMap;

use crate::diagnostic::Edit;
use crate::edit::cut::{Cuts, Remarks};
use crate::edit::page::Page;
use crate::edit::policy::Policy;
use crate::source::{FileId, Place, Span};

#[derive(Debug)]
pub(super) struct Draft<'p> {
    policy: &'p Policy,
    cuts: BTreeMap<FileId, Cuts<'p>>,
    edits: Vec<Edit>,
}

impl<'p> Draft<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        Self { policy, cuts: BTreeMap::new(), edits: Vec::new() }
    }

    pub(super) fn push(&mut self, edit: Edit) {
        self.edits.push(edit);
    }

    pub(super) fn extend(&mut self, edits: Vec<Edit>) {
        self.edits.extend(edits);
    }

    pub(super) fn replace(&mut self, place: Place, text: impl Into<String>) {
        self.edits.push(Edit { place, text: text.into() });
    }

    pub(super) fn insert(&mut self, file: FileId, at: u32, text: impl Into<String>) {
        self.replace(Place { file, span: Span::new(at, at) }, text);
    }

    pub(super) fn cut(&mut self, place: Place, remarks: Remarks) {
        if let Some(cuts) = self.cuts(place.file) {
            cuts.cut(place.span, remarks);
        }
    }

    /// Takes some of the items of a list out, not all of them.
    pub(super) fn cut_items(&mut self, file: FileId, items: &[Span], is_gone: &[bool]) {
        if let Some(cuts) = self.cuts(file) {
            cuts.cut_items(items, is_gone);
        }
    }

    fn cuts(&mut self, file: FileId) -> Option<&mut Cuts<'p>> {
        let source = self.policy.source(file)?;
        Some(self.cuts.entry(file).or_insert_with(|| Cuts::of(Page::of(source, file))))
    }

    /// Whether nothing is to be changed.
    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.cuts.is_empty()
    }

    pub(super) fn finish(self) -> Vec<Edit> {
        let mut edits = self.edits;
        edits.extend(self.cuts.into_values().flat_map(Cuts::finish));
        edits.sort_by_key(|edit| edit.place);
        edits
    }
}
