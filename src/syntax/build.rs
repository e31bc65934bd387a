//! Trees to the syntax tree that the checker reads. What the grammar set aside becomes a finding here, and the rest
//! of its member stays.

mod catalogs;
mod organizations;
mod roles;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, Span};
use crate::syntax::ast::{Member, Name};
use crate::syntax::docs::Docs;
use crate::syntax::lex::meaning;
use crate::syntax::recover;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule, parse};

/// The tokens of one member.
pub(crate) struct Tokens<'l> {
    pub(crate) letters: &'l str,
    pub(crate) kinds: &'l [Kind],
    pub(crate) spans: &'l [Span],
    /// The number of its first token in its file.
    pub(crate) first: usize,
    pub(crate) text: &'l str,
    pub(crate) file: FileId,
    /// Where characters of the file were refused.
    pub(crate) refused: &'l [u32],
}

impl<'l> Tokens<'l> {
    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.kinds.get(at).copied()
    }

    fn span(&self, at: usize) -> Span {
        self.spans.get(at).copied().unwrap_or_default()
    }

    /// The bytes from one token to before another.
    fn range(&self, start: usize, end: usize) -> Span {
        self.span(start).to(self.span(end.saturating_sub(1).max(start)))
    }

    pub(crate) fn place(&self, start: usize, end: usize) -> Place {
        Place { file: self.file, span: self.range(start, end) }
    }

    /// The place just behind the last token.
    pub(crate) fn after_last(&self) -> Place {
        self.after(self.spans.len())
    }

    /// The place behind the token before one.
    fn after(&self, at: usize) -> Place {
        let end = at.checked_sub(1).map_or(0, |at| self.span(at).end);
        Place { file: self.file, span: Span::new(end, end) }
    }

    /// How far from its left edge the line of a token begins.
    fn indent(&self, at: usize) -> usize {
        let before = self.text.get(..self.span(at).start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.len() - line.trim_start().len()
    }

    /// Whether no line ends between a token and the one before it. Newlines mean nothing where a text is right; where
    /// it is not, they show what its writer meant.
    pub(crate) fn continues_line(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let gap = self.text.get(self.span(before).end as usize..self.span(at).start as usize);
        gap.is_some_and(|gap| !gap.contains('\n'))
    }

    pub(crate) fn text(&self, at: usize) -> &'l str {
        let span = self.span(at);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether characters were refused in or around the tokens: they have eaten what was expected there.
    fn is_refused(&self, start: usize, end: usize) -> bool {
        let before = start.checked_sub(1).and_then(|at| self.spans.get(at));
        let from = before.map_or(self.span(start).start, |span| span.end);
        let last = self.span(end.saturating_sub(1).max(start)).end;
        let first = self.refused.partition_point(|at| *at < from);
        let Some(at) = self.refused.get(first).copied() else { return false };
        let gap = self.text.get(last as usize..at as usize);
        at <= last || gap.is_some_and(|gap| gap.trim().is_empty())
    }
}

/// Builds one member.
pub(crate) struct Builder<'l, 'd> {
    tokens: Tokens<'l>,
    docs: &'d mut Docs,
    /// Where the member starts in its file, the comments above it included.
    base: u32,
    above: Vec<Span>,
    findings: Diagnostics,
    lost: Vec<Box<str>>,
}

impl<'l, 'd> Builder<'l, 'd> {
    pub(crate) fn new(tokens: Tokens<'l>, docs: &'d mut Docs) -> Self {
        let above = docs.claim(tokens.first);
        let base = above.first().or(tokens.spans.first()).map_or(0, |span| span.start);
        Self { tokens, docs, base, above, findings: Diagnostics::new(), lost: Vec::new() }
    }

    /// The findings of the member, and the words of its damaged pieces.
    pub(crate) fn finish(self) -> (Diagnostics, Vec<Box<str>>) {
        (self.findings, self.lost)
    }

    /// Parses the member by a rule and builds it. Where nothing of it could be kept there is a finding, and none.
    pub(crate) fn member<T>(
        &mut self,
        rule: Rule,
        build: impl FnOnce(&mut Self, &Node<'_>) -> Option<T>,
    ) -> Option<Member<T>> {
        let end = self.tokens.kinds.len();
        let parsed = parse(rule, self.tokens.letters);
        let node = match &parsed {
            Ok(tree) => build(self, tree),
            Err(misfit) => {
                self.lose(0, end);
                if !self.tokens.is_refused(0, end) {
                    self.findings.push(recover::misfitting(&self.tokens, misfit, 0));
                }
                None
            }
        };
        let docs = std::mem::take(&mut self.above).into_iter().map(|span| self.relative(span)).collect();
        node.map(|node| Member { start: self.base, end: self.tokens.range(0, end).end, docs, node })
    }

    /// Remembers the words of a damaged piece: a name that it may have declared is not missed elsewhere.
    fn lose(&mut self, start: usize, end: usize) {
        for at in start..end {
            if self.tokens.kind(at).and_then(Kind::letter).is_some_and(|letter| letter.is_ascii_alphabetic())
                || matches!(self.tokens.kind(at), Some(Kind::Word | Kind::String | Kind::UnclosedString))
            {
                self.lost.push(meaning(self.tokens.text(at)).into());
            }
        }
        self.docs.forgive(self.tokens.first + start, self.tokens.first + end);
    }

    /// A piece that should have been a `rule`: one finding. On the line of the piece before it, which fits as far as it
    /// goes, it is that one's rest.
    fn bad(&mut self, rule: Rule, node: &Node<'_>, before: Option<&Node<'_>>) {
        // A row declares its id; what an entry, a condition or an assertion names, it only uses.
        if rule == Rule::only_row {
            self.lose(node.start(), node.end());
        }
        self.docs.forgive(self.tokens.first + node.start(), self.tokens.first + node.end());
        let mut start = node.start();
        let mut fits = before.filter(|_| self.is_rest(node)).map(Node::start);
        while start < node.end() {
            let end = self.end_of_piece(start, node.end());
            if !self.tokens.is_refused(start, end) {
                self.findings.push(recover::explain(&self.tokens, rule, fits.unwrap_or(start), end));
            }
            (start, fits) = (end, None);
        }
    }

    /// Where a piece ends that was set aside together with those below it: before a line that begins with a word as
    /// far left as the piece.
    fn end_of_piece(&self, start: usize, end: usize) -> usize {
        let column = self.tokens.indent(start);
        let is_word = |at: usize| {
            let letter = self.tokens.kind(at).and_then(Kind::letter);
            letter.is_some_and(|letter| letter == b'_' || letter == b'"' || letter.is_ascii_alphabetic())
        };
        let mut lines = (start + 1..end).filter(|at| !self.tokens.continues_line(*at));
        lines.find(|at| is_word(*at) && self.tokens.indent(*at) <= column).unwrap_or(end)
    }

    /// Whether a piece that was set aside belongs to what stands before it on its line.
    fn is_rest(&self, node: &Node<'_>) -> bool {
        self.tokens.continues_line(node.start()) || self.tokens.kind(node.start()) == Some(Kind::Colon)
    }

    /// A head that should have been a `rule`, up to its brace.
    fn bad_opening(&mut self, rule: Rule, node: &Node<'_>) {
        self.lose(node.start(), node.end());
        if !self.tokens.is_refused(node.start(), node.end()) {
            let brace = usize::from(self.tokens.kind(node.end()) == Some(Kind::Open));
            self.findings.push(recover::explain(&self.tokens, rule, node.start(), node.end() + brace));
        }
    }

    fn stray(&mut self, node: &Node<'_>) {
        let place = self.tokens.place(node.start(), node.start() + 1);
        let (message, label) = match node.rule() {
            Rule::stray_open => ("an opening brace that opens nothing", "one too many"),
            _ => ("a closing brace that closes too early", "the block goes on after it"),
        };
        self.findings.push(Diagnostic::new(Code::StrayBrace, place, message).label(label).fix(Fix::suggest(
            "remove it",
            place,
            "",
        )));
    }

    /// Text behind the block of a member, and of no other.
    fn rest(&mut self, node: &Node<'_>) {
        self.lose(node.start(), node.end());
        if !self.tokens.is_refused(node.start(), node.end()) {
            let shown = self.tokens.text(node.start());
            let place = self.tokens.place(node.start(), node.start() + 1);
            self.findings.push(Diagnostic::new(Code::UnexpectedText, place, format!("unexpected `{shown}`")));
        }
    }

    /// A block, from its opening brace to before `end`, whose closing brace is missing.
    fn unclosed(&mut self, open: usize, end: usize, what: &str) {
        let is_eaten = |at: usize| {
            self.tokens.kind(at) == Some(Kind::UnclosedString) && self.tokens.text(at).contains('}')
        };
        if self.tokens.kind(open) != Some(Kind::Open) || (open..end).any(is_eaten) {
            return;
        }
        let place = self.tokens.place(open, open + 1);
        self.findings.push(
            Diagnostic::new(Code::UnclosedBlock, place, format!("the block of this {what} is never closed"))
                .label("opened here")
                .also(self.tokens.after(end), "a `}` is missing here"),
        );
    }

    /// The block of a member, whose closing brace is missing; `inner` is the last block in it. Where the brace of that
    /// one stands as far left as the member, the missing brace is its own.
    fn unclosed_member(&mut self, node: &Node<'_>, what: &str, inner: Option<&Node<'_>>, inner_what: &str) {
        if let Some(inner) = inner {
            let close = inner.end().saturating_sub(1);
            let (outer, own) = (self.tokens.indent(node.start()), self.tokens.indent(inner.start()));
            let left = self.tokens.indent(close);
            let begins = !self.tokens.continues_line(close) && self.tokens.kind(close) == Some(Kind::Close);
            if begins && left <= outer && left < own {
                return self.unclosed(inner.start(), close, inner_what);
            }
        }
        self.unclosed(node.start(), node.end(), what);
    }

    fn relative(&self, span: Span) -> Span {
        Span::new(span.start.saturating_sub(self.base), span.end.saturating_sub(self.base))
    }

    fn name(&self, node: &Node<'_>) -> Name {
        Name { span: self.relative(self.tokens.span(node.start())) }
    }

    fn span(&self, node: &Node<'_>) -> Span {
        self.relative(self.tokens.range(node.start(), node.end()))
    }

    fn names(&self, node: &Node<'_>) -> Vec<Name> {
        node.children()
            .filter(|child| matches!(child.rule(), Rule::any_id | Rule::id))
            .map(|child| self.name(&child))
            .collect()
    }

    /// The name after a leading word, where the rest of a head is damaged.
    fn first_name(&self, node: &Node<'_>) -> Option<Name> {
        let at = (node.start()..node.end()).find(|at| {
            !matches!(
                self.tokens.kind(*at),
                Some(Kind::Default | Kind::Role | Kind::Template | Kind::Category)
            )
        })?;
        let letter = self.tokens.kind(at).and_then(Kind::letter)?;
        (letter == b'_' || letter == b'"' || letter.is_ascii_uppercase())
            .then(|| Name { span: self.relative(self.tokens.span(at)) })
    }
}
