//! One file of a workspace: its text, its tree, and what of it changed since it was last checked.

use std::sync::Arc;

use crate::check::Input;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::pipeline::built_in::{Mention, Part};
use crate::source::{FileId, Provenance, SourceFile};
use crate::syntax::{Moved, ast, common_start, parse, parse_again, parse_inside};
use crate::told::Allows;

/// A file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) id: FileId,
    pub(super) source: Arc<SourceFile>,
    pub(super) tree: Arc<ast::File>,
    /// What is wrong with its text.
    pub(super) syntax: Diagnostics,
    /// Whether any of that is an error.
    pub(super) is_damaged: bool,
    pub(super) mention: Mention,
    /// The remarks that allow findings.
    pub(super) allows: Allows,
    pub(super) part: Part,
    /// All that is found in it.
    pub(super) findings: Vec<Arc<Diagnostic>>,
    /// The tree that was checked last, where another has come since.
    before: Option<Arc<ast::File>>,
    /// Up to where the text is as it was when it was checked last.
    pub(super) same_until: u32,
    /// Where things went since, if all that was edited is inside of one member.
    pub(super) moved: Option<Moved>,
}

impl File {
    /// A file that was given.
    pub(super) fn given(source: SourceFile) -> Self {
        Self::new(Arc::new(source), Part::Own)
    }

    /// A file of a built-in catalog that was not given.
    pub(super) fn built_in(name: &str, text: &str) -> Self {
        Self::new(Arc::new(SourceFile::new(name, text.into(), Provenance::BuiltIn)), Part::BuiltIn)
    }

    fn new(source: Arc<SourceFile>, part: Part) -> Self {
        let (tree, syntax) = parse(&source, FileId(0));
        let allows = Allows::read(&source, FileId(0), &tree);
        Self::parsed(source, part, tree, syntax, allows)
    }

    fn parsed(
        source: Arc<SourceFile>,
        part: Part,
        tree: ast::File,
        syntax: Diagnostics,
        allows: Allows,
    ) -> Self {
        let id = FileId(0);
        Self {
            id,
            mention: Mention::of(&source, id, &tree),
            allows,
            is_damaged: syntax.has_errors(),
            source,
            tree: Arc::new(tree),
            syntax,
            part,
            findings: Vec::new(),
            before: None,
            same_until: 0,
            moved: None,
        }
    }

    /// Whether it came with a built-in catalog that a given file names.
    pub(super) fn is_added(&self) -> bool {
        self.source.provenance() == Provenance::BuiltIn
    }

    /// Gives it another text.
    pub(super) fn edit(&mut self, source: SourceFile) {
        let same = common_start(self.source.text().as_bytes(), source.text().as_bytes());
        let is_right = self.syntax.is_empty();
        let inside = is_right.then(|| parse_inside(&source, &self.source, &self.tree, same)).flatten();
        let same = u32::try_from(same).unwrap_or(u32::MAX);
        let (tree, syntax, moved) = match inside {
            Some((tree, moved)) => (tree, Diagnostics::new(), Some(moved)),
            None => {
                let (tree, syntax) = parse_again(&source, FileId(0), &self.source, &self.tree);
                (tree, syntax, None)
            }
        };
        // Outside of an edited member remarks are those that they were.
        let edited = moved.and_then(|moved| {
            let end = moved.from.wrapping_add(moved.by) as usize;
            source.text().get(moved.start as usize..end)
        });
        let allows = match edited {
            Some(text) if self.allows.is_empty() && !Allows::may_be_in(text) => Allows::none(FileId(0)),
            _ => Allows::read(&source, FileId(0), &tree),
        };
        // One after another they are not known to be inside of the same.
        let moved = moved.filter(|_| self.before.is_none());
        let next = Self::parsed(Arc::new(source), self.part, tree, syntax, allows);
        let same_until = if self.before.is_some() { same.min(self.same_until) } else { same };
        let before = self.before.take().unwrap_or_else(|| self.tree.clone());
        let id = self.id;
        let findings = std::mem::take(&mut self.findings);
        *self = Self { before: Some(before), same_until, findings, moved, ..next };
        self.renumber(id);
    }

    /// Gives it an id.
    pub(super) fn renumber(&mut self, id: FileId) {
        self.id = id;
        self.syntax.move_to(id);
        self.allows.move_to(id);
    }

    /// The file as the checker takes it; none where it counts not.
    pub(super) fn input(&self) -> Option<Input<'_>> {
        let is_built_in = self.part == Part::BuiltIn;
        let input = Input { id: self.id, source: &self.source, tree: &self.tree, is_built_in };
        (self.part != Part::Again).then_some(input)
    }

    /// Whether all that it gives to the ground is as it was, and in its place.
    pub(super) fn has_same_ground(&self) -> bool {
        let Some(before) = &self.before else { return true };
        let (old, new) = (&**before, &*self.tree);
        let is_before = |end: Option<u32>| end.is_none_or(|end| end <= self.same_until);
        let catalogs = new.catalogs.iter().map(|catalog| {
            let kinds = catalog.kinds.iter().map(|member| member.end);
            let categories = catalog.categories.iter().map(|member| member.end);
            let limits = catalog.limits.iter().map(|member| member.end);
            let supers = catalog.supers.iter().map(|member| member.end);
            let inside = kinds.chain(categories).chain(limits).chain(supers).max();
            inside.unwrap_or(catalog.head.end).max(catalog.head.end)
        });
        // Of a file without `use` the first thing in it is told.
        !new.uses.is_empty()
            && old.uses == new.uses
            && old.catalogs == new.catalogs
            && old.templates == new.templates
            && old.forbids == new.forbids
            && old.requires == new.requires
            && is_before(new.uses.iter().map(|member| member.end).max())
            && is_before(catalogs.max())
            && is_before(new.templates.iter().map(|member| member.end).max())
            && is_before(new.forbids.iter().map(|member| member.end).max())
            && is_before(new.requires.iter().map(|member| member.end).max())
    }

    /// The way of things from a tree that was checked to the one that is now, where all that was edited is inside of
    /// one member.
    pub(super) fn way_from(&self, tree: &Arc<ast::File>) -> Option<Moved> {
        self.moved.filter(|_| self.before.as_ref().is_some_and(|before| Arc::ptr_eq(before, tree)))
    }

    /// Takes it as checked.
    pub(super) fn settle(&mut self) {
        self.before = None;
        self.moved = None;
    }
}
