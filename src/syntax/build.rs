//! Trees to the syntax tree that the checker reads. Of a member that does not fit the rest is saved (`salvage`).

mod catalogs;
mod organizations;
mod roles;
mod salvage;

use std::collections::HashSet;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Place, Span};
use crate::syntax::ast::{Member, Name, Names};
use crate::syntax::cut::{Kept, PUT_IN};
use crate::syntax::docs::Docs;
use crate::syntax::lex::meaning;
use crate::syntax::recover;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Misfit, Node, Rule, Shapes, parse};
use crate::syntax::words::Class;
use crate::vocab::Time;

/// The tokens of one member.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'l> {
    pub(crate) kept: Kept<'l>,
    pub(crate) file: FileId,
    /// Where characters of the file were refused.
    pub(crate) refused: &'l [u32],
    /// The number of the id of a member that has no head.
    pub(crate) headless: Option<usize>,
    /// The kinds and levels that the file declares.
    pub(crate) known: &'l HashSet<&'l str>,
}

impl<'l> Tokens<'l> {
    pub(crate) fn count(&self) -> usize {
        self.kept.words.kinds.len()
    }

    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.kept.words.kind(at)
    }

    fn span(&self, at: usize) -> Span {
        self.kept.words.span(at)
    }

    /// The number of a token in its file.
    fn origin(&self, at: usize) -> usize {
        self.kept.origin(at)
    }

    /// Whether a token is a brace that is missing in the text.
    pub(crate) fn is_put_in(&self, at: usize) -> bool {
        self.origin(at) == PUT_IN
    }

    /// The bytes from one token to before another.
    fn range(&self, start: usize, end: usize) -> Span {
        self.span(start).to(self.span(end.saturating_sub(1).max(start)))
    }

    pub(crate) fn place(&self, start: usize, end: usize) -> Place {
        Place { file: self.file, span: self.range(start, end) }
    }

    /// The place behind the token before one.
    pub(crate) fn after(&self, at: usize) -> Place {
        let end = at.checked_sub(1).map_or(0, |at| self.span(at).end);
        Place { file: self.file, span: Span::new(end, end) }
    }

    /// How far from its left edge the line of a token begins, as far as the member's own lines tell.
    fn indent(&self, at: usize) -> u32 {
        let first = (0..=at).rev().find(|at| self.kept.words.begins_line(*at)).unwrap_or(0);
        self.kept.words.column(first)
    }

    pub(crate) fn begins_line(&self, at: usize) -> bool {
        at > 0 && self.kept.words.begins_line(at)
    }

    pub(crate) fn text(&self, at: usize) -> &'l str {
        self.kept.words.shown(at)
    }

    /// Whether why some tokens do not fit has been told of their characters already.
    fn is_told(&self, misfit: &Misfit, start: usize, end: usize) -> bool {
        // A time that does not exist, where an id should stand.
        let expects_id =
            || misfit.expected.iter().any(|rule| matches!(rule, Rule::id | Rule::any_id | Rule::role_ref));
        let is_time = matches!(self.kind(misfit.at), Some(Kind::Date | Kind::Time));
        let is_no_time = is_time && Time::parse(self.text(misfit.at)).is_err();
        self.is_refused(start, end) || (is_no_time && expects_id())
    }

    /// Whether characters were refused in or around the tokens: they have eaten what was expected there.
    fn is_refused(&self, start: usize, end: usize) -> bool {
        let from = start.checked_sub(1).map_or(self.span(start).start, |at| self.span(at).end);
        let last = self.span(end.saturating_sub(1).max(start)).end;
        let first = self.refused.partition_point(|at| *at < from);
        let Some(at) = self.refused.get(first).copied() else { return false };
        let gap = self.kept.words.text.get(last as usize..at as usize);
        at <= last || gap.is_some_and(|gap| gap.trim().is_empty())
    }
}

/// Builds one member.
pub(crate) struct Builder<'l, 'd> {
    tokens: Tokens<'l>,
    docs: &'d mut Docs,
    shapes: &'d mut Shapes,
    /// Where the member starts in its file, the comments above it included.
    base: u32,
    above: SmallVec<[Span; 2]>,
    findings: Diagnostics,
    lost: Vec<Box<str>>,
    /// Whether a member that does not fit is not to be saved: all is taken for right, until one does not fit.
    is_trial: bool,
    /// Whether it does not fit.
    pub(crate) is_misfit: bool,
    /// What the tokens are, once the member turned out to be damaged.
    classes: Vec<Class>,
}

impl<'l, 'd> Builder<'l, 'd> {
    pub(crate) fn new(
        tokens: Tokens<'l>,
        is_trial: bool,
        docs: &'d mut Docs,
        shapes: &'d mut Shapes,
    ) -> Self {
        let above = docs.claim(tokens.origin(0));
        let base = above.first().or(tokens.kept.words.spans.first()).map_or(0, |span| span.start);
        Self {
            tokens,
            docs,
            shapes,
            base,
            above,
            findings: Diagnostics::new(),
            lost: Vec::new(),
            is_trial,
            is_misfit: false,
            classes: Vec::new(),
        }
    }

    /// Where the member starts in its file.
    pub(crate) fn base(&self) -> u32 {
        self.base
    }

    /// The findings of the member, and the words of its damaged pieces.
    pub(crate) fn finish(self) -> (Diagnostics, Vec<Box<str>>) {
        (self.findings, self.lost)
    }

    /// Parses the member by a rule and builds it; where it does not fit, what can be saved of it. Where that is
    /// nothing there is a finding, and none.
    pub(crate) fn member<T>(
        &mut self,
        rule: Rule,
        build: impl FnOnce(&mut Self, &Node) -> Option<T>,
        salvage: impl FnOnce(&mut Self, &Misfit) -> Option<T>,
    ) -> Option<Member<T>> {
        let node = match self.shapes.parse(rule, self.tokens.kept.letters) {
            Ok(tree) => build(self, &tree.root()),
            Err(_) if self.is_trial => {
                self.is_misfit = true;
                None
            }
            Err(misfit) => salvage(self, &misfit),
        };
        let docs = std::mem::take(&mut self.above).into_iter().map(|span| self.relative(span)).collect();
        let end = self.tokens.range(0, self.tokens.count()).end;
        node.map(|node| Member { start: self.base, end, docs, node: Arc::new(node) })
    }

    /// A member without a block: a finding, and nothing of it is saved, unless all that is wrong is a mark at its end.
    pub(crate) fn salvage_line<T>(
        &mut self,
        rule: Rule,
        misfit: &Misfit,
        build: impl FnOnce(&mut Self, &Node) -> Option<T>,
    ) -> Option<T> {
        let end = self.tokens.count();
        if !self.tokens.is_told(misfit, 0, end) {
            self.findings.push(recover::misfitting(&self.tokens, misfit, 0, end));
        }
        let last = end.saturating_sub(1);
        let is_mark = matches!(self.tokens.kind(last), Some(Kind::Comma | Kind::Colon | Kind::Bar));
        let letters = self.tokens.kept.letters.get(..last).filter(|_| is_mark && misfit.at >= last);
        if let Some(tree) = letters.and_then(|letters| parse(rule, letters, 0).ok()) {
            return build(self, &tree.root());
        }
        self.lose(0, end);
        None
    }

    /// Remembers the words of a damaged piece: a name that it may have declared is not missed elsewhere.
    fn lose(&mut self, start: usize, end: usize) {
        // An assignment declares principals, and no role.
        let is_assignment = self.tokens.kind(start) == Some(Kind::Assign);
        let to = || (start..end).find(|at| matches!(self.tokens.kind(*at), Some(Kind::To | Kind::String)));
        let first = is_assignment.then(to).flatten().unwrap_or(start);
        let is_open = (start..end).any(|at| self.tokens.kind(at) == Some(Kind::UnclosedString));
        for at in first..end {
            // Where a quote is missing, what stands in the strings of its line are the words between them, and more.
            if is_open && matches!(self.tokens.kind(at), Some(Kind::String | Kind::UnclosedString)) {
                let words = self.tokens.text(at).split(['"', ',', ' ', '{', '}', ':', '.']);
                self.lost.extend(words.filter(|word| !word.is_empty()).map(Into::into));
            }
            if self.tokens.kind(at).and_then(Kind::letter).is_some_and(|letter| letter.is_ascii_alphabetic())
                || matches!(self.tokens.kind(at), Some(Kind::Word | Kind::String | Kind::UnclosedString))
            {
                self.lost.push(meaning(self.tokens.text(at)).into());
            }
        }
        self.forgive(start, end);
    }

    /// What stands above damaged tokens documents something, but who knows what.
    fn forgive(&mut self, start: usize, end: usize) {
        for at in start..end {
            self.docs.forgive(self.tokens.origin(at));
        }
    }

    fn relative(&self, span: Span) -> Span {
        Span::new(span.start.saturating_sub(self.base), span.end.saturating_sub(self.base))
    }

    fn name(&self, node: &Node) -> Name {
        Name { span: self.relative(self.tokens.span(node.start())) }
    }

    fn span(&self, node: &Node) -> Span {
        self.relative(self.tokens.range(node.start(), node.end()))
    }

    fn names(&self, node: &Node) -> Names {
        node.children()
            .filter(|child| matches!(child.rule(), Rule::any_id | Rule::id))
            .map(|child| self.name(&child))
            .collect()
    }

    /// The name after a leading word, where the rest of a head is damaged.
    fn first_name(&self, end: usize) -> Option<Name> {
        let is_leading = |at: &usize| {
            let kind = self.tokens.kind(*at);
            matches!(kind, Some(Kind::Default | Kind::Role | Kind::Template | Kind::Category))
        };
        let at = match self.tokens.headless {
            Some(at) => Some(at).filter(|at| *at < end),
            None => (0..end).find(|at| !is_leading(at)),
        }?;
        let is_name = self.tokens.kind(at) != Some(Kind::UnclosedString) && self.tokens.kept.words.names(at);
        is_name.then(|| Name { span: self.relative(self.tokens.span(at)) })
    }
}
