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
    pub(super) tree: ast::File,
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
    /// What became of it since it was checked last.
    edited: Option<Edited>,
}

/// An edit of a file that was checked.
#[derive(Debug)]
struct Edited {
    /// Up to where the text is as it was.
    same_until: u32,
    tree: Before,
}

/// What the tree of a file was before an edit.
#[derive(Debug)]
enum Before {
    /// The one that is now, but for what is inside of one member, and for places behind it.
    Inside(Moved),
    /// Another one.
    Other(Box<ast::File>),
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
            tree,
            syntax,
            part,
            findings: Vec::new(),
            edited: None,
        }
    }

    /// Whether it came with a built-in catalog that a given file names.
    pub(super) fn is_added(&self) -> bool {
        self.source.provenance() == Provenance::BuiltIn
    }

    /// Gives it another text. One that was edited has to be settled before it is again: what it was when it was checked is
    /// known of the last edit alone.
    pub(super) fn edit(&mut self, source: SourceFile) {
        let same = common_start(self.source.text().as_bytes(), source.text().as_bytes());
        let is_right = self.syntax.is_empty();
        let moved = is_right.then(|| parse_inside(&source, &self.source, &mut self.tree, same)).flatten();
        let (before, syntax) = match moved {
            Some(moved) => (Before::Inside(moved), Diagnostics::new()),
            None => {
                let (tree, syntax) = parse_again(&source, FileId(0), &self.source, &self.tree);
                let before = std::mem::replace(&mut self.tree, tree);
                (Before::Other(Box::new(before)), syntax)
            }
        };
        // Outside of an edited member remarks are those that they were.
        let member = moved.and_then(|moved| {
            let end = moved.from.wrapping_add(moved.by) as usize;
            source.text().get(moved.start as usize..end)
        });
        let allows = match member {
            Some(text) if self.allows.is_empty() && !Allows::may_be_in(text) => Allows::none(FileId(0)),
            _ => Allows::read(&source, FileId(0), &self.tree),
        };
        let tree = std::mem::take(&mut self.tree);
        let next = Self::parsed(Arc::new(source), self.part, tree, syntax, allows);
        let (id, findings) = (self.id, std::mem::take(&mut self.findings));
        let edited = Edited { same_until: u32::try_from(same).unwrap_or(u32::MAX), tree: before };
        *self = Self { edited: Some(edited), findings, ..next };
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
        let Some(edited) = &self.edited else { return true };
        let new = &self.tree;
        let is_same = match &edited.tree {
            // That of an organization.
            Before::Inside(_) => true,
            Before::Other(old) => {
                old.uses == new.uses
                    && old.catalogs == new.catalogs
                    && old.templates == new.templates
                    && old.forbids == new.forbids
                    && old.requires == new.requires
            }
        };
        // What stands behind the edit may have moved.
        let is_before = |end: Option<u32>| end.is_none_or(|end| end <= edited.same_until);
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
            && is_same
            && is_before(new.uses.iter().map(|member| member.end).max())
            && is_before(catalogs.max())
            && is_before(new.templates.iter().map(|member| member.end).max())
            && is_before(new.forbids.iter().map(|member| member.end).max())
            && is_before(new.requires.iter().map(|member| member.end).max())
    }

    /// Whether the organization at a position is what the one at another was when it was checked last, and in its place.
    pub(super) fn has_same_organization(&self, was: usize, is: usize) -> bool {
        let Some(edited) = &self.edited else { return was == is };
        let now = self.tree.organizations.get(is);
        let is_same = match &edited.tree {
            Before::Inside(moved) => was == is && is != moved.organization,
            Before::Other(old) => old.organizations.get(was) == now,
        };
        // What stands behind the edit may have moved.
        is_same && now.is_some_and(|now| end(now, self.source.text()) <= edited.same_until)
    }

    /// What was edited in it since it was checked last, where all of it is inside of one member.
    pub(super) fn moved(&self) -> Option<Moved> {
        match self.edited.as_ref()?.tree {
            Before::Inside(moved) => Some(moved),
            Before::Other(_) => None,
        }
    }

    /// Whether its text is the one that was checked last.
    pub(super) fn is_settled(&self) -> bool {
        self.edited.is_none()
    }

    /// Takes it as checked.
    pub(super) fn settle(&mut self) {
        self.edited = None;
    }
}

/// The end of the last thing in an organization, with its line: what takes it out of the text takes that too.
fn end(organization: &ast::Organization, text: &str) -> u32 {
    let roles = organization.roles.iter().map(|member| member.end);
    let assignments = organization.assignments.iter().map(|member| member.end);
    let forbids = organization.forbids.iter().map(|member| member.end);
    let requires = organization.requires.iter().map(|member| member.end);
    let tests = organization.tests.iter().map(|member| member.end);
    let inside = roles.chain(assignments).chain(forbids).chain(requires).chain(tests).max();
    let end = inside.unwrap_or(organization.head.end).max(organization.head.end);
    let rest = text.get(end as usize..).unwrap_or_default();
    let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
    end.saturating_add(u32::try_from(line).unwrap_or(u32::MAX))
}
