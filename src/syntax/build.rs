//! Trees to the syntax tree that the checker reads. What the grammar set aside becomes a finding here, and the rest
//! of its member stays.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, Span};
use crate::syntax::ast::{
    Assertion, Assign, CatalogHead, Category, Clause, ClauseKind, Condition, Entry, Forbid, Grant, Granted,
    Kind as KindNode, KindRef, Levels, Limit, Member, Name, OrganizationHead, Principal, Role, Row,
    RowOption, Shape, Subject, Test, Unconfirmed, Use,
};
use crate::syntax::docs::Docs;
use crate::syntax::lex::meaning;
use crate::syntax::recover;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule, parse};
use crate::vocab::{Decision, OrganizationKind, PrincipalKind, Time};

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
        // A line that only names things declares none.
        if matches!(rule, Rule::only_entry | Rule::only_condition | Rule::only_assertion) {
            self.docs.forgive(self.tokens.first + node.start(), self.tokens.first + node.end());
        } else {
            self.lose(node.start(), node.end());
        }
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

    pub(crate) fn use_(&mut self, tree: &Node<'_>) -> Option<Use> {
        let mut built = None;
        for node in tree.children() {
            match (node.rule(), &mut built) {
                (Rule::id, slot) => {
                    let kind = self.tokens.kind(node.start());
                    let is_path = matches!(kind, Some(Kind::String | Kind::UnclosedString));
                    if kind == Some(Kind::UnclosedString) {
                        self.lose(node.start(), node.end());
                    }
                    *slot = Some(Use { catalog: self.name(&node), is_path, version: None });
                }
                (Rule::string, Some(built)) => built.version = Some(self.name(&node)),
                _ => {}
            }
        }
        built
    }

    pub(crate) fn catalog_head(&mut self, tree: &Node<'_>) -> Option<CatalogHead> {
        let mut head = CatalogHead::default();
        for node in tree.children() {
            match node.rule() {
                Rule::id => head.id = Some(self.name(&node)),
                Rule::title => head.title = Some(self.name(&node)),
                Rule::version => head.version = node.children().last().map(|text| self.name(&text)),
                _ => {}
            }
        }
        Some(head)
    }

    pub(crate) fn organization_head(&mut self, tree: &Node<'_>) -> Option<OrganizationHead> {
        let mut head = OrganizationHead::default();
        for node in tree.children() {
            match node.rule() {
                Rule::id => head.id = Some(self.name(&node)),
                Rule::title => head.title = Some(self.name(&node)),
                Rule::kind_of_organization => {
                    let managed = self.tokens.kind(node.start()) == Some(Kind::Managed);
                    let kind = if managed { OrganizationKind::Managed } else { OrganizationKind::Direct };
                    head.kind = Some((kind, self.span(&node)));
                }
                _ => {}
            }
        }
        Some(head)
    }

    pub(crate) fn kind(&mut self, tree: &Node<'_>) -> Option<KindNode> {
        let mut id = None;
        let mut shape = None;
        for node in tree.children() {
            match node.rule() {
                Rule::id => id = Some(self.name(&node)),
                Rule::shape => shape = Some(self.shape(&node)),
                _ => {}
            }
        }
        Some(KindNode { id: id?, shape: shape? })
    }

    fn shape(&self, node: &Node<'_>) -> Shape {
        match node.children().next() {
            Some(inner) if inner.rule() == Rule::ladder => Shape::Ladder(self.names(&inner)),
            Some(inner) if inner.rule() == Rule::verbs => Shape::Verbs(self.names(&inner)),
            _ => Shape::Flag,
        }
    }

    pub(crate) fn limit(&mut self, tree: &Node<'_>) -> Option<Limit> {
        let mut id = None;
        let mut value = None;
        for node in tree.children() {
            match node.rule() {
                Rule::id => id = Some(self.name(&node)),
                // One too large has had its finding.
                Rule::number => value = Some(self.tokens.text(node.start()).parse().unwrap_or(u32::MAX)),
                _ => {}
            }
        }
        Some(Limit { id: id?, value: value? })
    }

    pub(crate) fn super_(&mut self, tree: &Node<'_>) -> Option<Name> {
        tree.children().find(|node| node.rule() == Rule::id).map(|node| self.name(&node))
    }

    pub(crate) fn ids(&mut self, _tree: &Node<'_>) -> Option<()> {
        Some(())
    }

    pub(crate) fn category(&mut self, tree: &Node<'_>) -> Option<Category> {
        let mut category = Category { id: None, title: None, rows: Vec::new(), is_damaged: false };
        for node in tree.children() {
            match node.rule() {
                Rule::category_opening => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::id => category.id = Some(self.name(&part)),
                            Rule::title => category.title = Some(self.name(&part)),
                            _ => {}
                        }
                    }
                }
                Rule::bad_category_opening => {
                    category.id = self.first_name(&node);
                    self.bad_opening(Rule::only_category_opening, &node);
                }
                Rule::category_block => self.category_block(&node, &mut category),
                Rule::rest => self.rest(&node),
                _ => {}
            }
        }
        Some(category)
    }

    fn category_block(&mut self, node: &Node<'_>, category: &mut Category) {
        let mut before: Option<Node<'_>> = None;
        let mut options: Option<Node<'_>> = None;
        for part in node.children() {
            match part.rule() {
                Rule::row => category.rows.extend(self.row(&part)),
                Rule::bad_row => {
                    category.is_damaged = true;
                    self.bad(Rule::only_row, &part, before.as_ref());
                    // What is left of a row whose rest is damaged says something else than was meant.
                    if let Some(row) = before.filter(|_| self.is_rest(&part)) {
                        self.lose(row.start(), row.end());
                        category.rows.pop();
                    }
                }
                Rule::stray_in_rows => self.stray(&part),
                Rule::missing_close => self.unclosed_member(node, "category", options.as_ref(), "row"),
                _ => {}
            }
            options = part.children().find(|child| child.rule() == Rule::options).or(options);
            before = (part.rule() == Rule::row).then_some(part);
        }
    }

    fn row(&mut self, node: &Node<'_>) -> Option<Row> {
        let docs = self.docs.claim(self.tokens.first + node.start());
        let docs = docs.into_iter().map(|span| self.relative(span)).collect();
        let mut id = None;
        let mut row_title = None;
        let mut kind = None;
        let mut without = Vec::new();
        let mut options = Vec::new();
        for part in node.children() {
            match part.rule() {
                Rule::any_id => id = Some(self.name(&part)),
                Rule::title => row_title = Some(self.name(&part)),
                Rule::shape => kind = Some(KindRef::Stated(self.shape(&part), self.span(&part))),
                Rule::id => kind = Some(KindRef::Named(self.name(&part))),
                Rule::without => without = self.names(&part),
                Rule::options => {
                    for option in part.children() {
                        match option.rule() {
                            Rule::option => options.extend(self.option(&option)),
                            Rule::bad_option => self.bad(Rule::only_option, &option, None),
                            Rule::missing_close => self.unclosed(part.start(), part.end(), "row"),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(Row { id: id?, title: row_title, kind: kind?, without, options, docs })
    }

    fn option(&self, node: &Node<'_>) -> Option<RowOption> {
        let inner = node.children().next()?;
        let text = || inner.children().last().map(|text| self.name(&text));
        match inner.rule() {
            Rule::escalating => Some(RowOption::Escalating(self.span(&inner))),
            Rule::only_managed => Some(RowOption::OnlyManaged(self.span(&inner))),
            Rule::note => text().map(RowOption::Note),
            Rule::caveat => text().map(RowOption::Caveat),
            _ => None,
        }
    }

    pub(crate) fn role(&mut self, tree: &Node<'_>) -> Option<Role> {
        let mut role = Role { is_default: self.tokens.kind(0) == Some(Kind::Default), ..Role::default() };
        for node in tree.children() {
            match node.rule() {
                Rule::role_opening => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::id => role.id = Some(self.name(&part)),
                            Rule::title => role.title = Some(self.name(&part)),
                            Rule::bases => role.bases = self.role_refs(&part),
                            _ => {}
                        }
                    }
                }
                Rule::bad_opening => {
                    role.id = self.first_name(&node);
                    role.is_damaged = true;
                    self.bad_opening(Rule::only_role_opening, &node);
                }
                Rule::role_block => self.role_block(&node, &mut role),
                Rule::rest => self.rest(&node),
                _ => {}
            }
        }
        Some(role)
    }

    /// Whether a damaged statement is a grant whose rows stand on the lines below, their brace missing.
    fn lacks_brace(&self, node: &Node<'_>) -> bool {
        let at = node.start();
        let next = self.tokens.kind(at + 3);
        self.tokens.kind(at) == Some(Kind::Grant)
            && matches!(next, Some(Kind::Colon | Kind::Comma))
            && !self.tokens.continues_line(at + 2)
    }

    fn role_refs(&self, node: &Node<'_>) -> Vec<Name> {
        node.children()
            .filter(|part| part.rule() == Rule::role_ref)
            .filter_map(|part| part.children().last().map(|id| self.name(&id)))
            .collect()
    }

    fn role_block(&mut self, node: &Node<'_>, role: &mut Role) {
        let mut before: Option<Node<'_>> = None;
        let mut block: Option<Node<'_>> = None;
        // Closing braces whose opening ones are missing, or one too many, and have had their finding.
        let mut spare = 0_usize;
        for part in node.children() {
            match part.rule() {
                Rule::role_statement => {
                    let Some(statement) = part.children().next() else { continue };
                    if statement.rule() == Rule::description {
                        role.descriptions.extend(statement.children().last().map(|text| self.name(&text)));
                    } else {
                        let grant = self.grant(&statement, role);
                        role.grants.extend(grant);
                    }
                }
                Rule::bad_statement => {
                    role.is_damaged = true;
                    self.bad(Rule::only_statement, &part, before.as_ref());
                    spare += usize::from(self.lacks_brace(&part));
                }
                Rule::stray if spare > 0 => spare -= 1,
                Rule::stray => self.stray(&part),
                Rule::stray_open => {
                    spare += 1;
                    self.stray(&part);
                }
                Rule::missing_close => self.unclosed_member(node, "role", block.as_ref(), "grant"),
                _ => {}
            }
            block = part.all().find(|child| child.rule() == Rule::grant_block).or(block);
            before = (part.rule() == Rule::role_statement).then_some(part);
        }
    }

    fn grant(&mut self, node: &Node<'_>, role: &mut Role) -> Option<Grant> {
        let inner = node.children().find(|part| part.rule() != Rule::kw_grant)?;
        let mut names = Vec::new();
        let mut levels = None;
        let mut unconfirmed = None;
        let mut entries = Vec::new();
        let mut has_block = false;
        let mut end = inner.end();
        for part in inner.children() {
            match part.rule() {
                Rule::any_id | Rule::id => names.push(self.name(&part)),
                Rule::spread_levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::unconfirmed => unconfirmed = Some(self.unconfirmed(&part)),
                Rule::grant_block => {
                    has_block = true;
                    end = part.start();
                    entries = self.grant_block(&part, role);
                }
                _ => {}
            }
        }
        let span = self.relative(self.tokens.range(node.start(), end));
        let what = match inner.rule() {
            Rule::grant_all => Granted::All(levels?),
            Rule::grant_row => {
                let [category, row] = names.get(..2)?.try_into().ok()?;
                Granted::Row { category, entry: Entry { rows: vec![row], levels: levels?, unconfirmed } }
            }
            _ => Granted::Category { category: names.first().copied()?, levels, entries, has_block },
        };
        Some(Grant { span, what })
    }

    fn grant_block(&mut self, node: &Node<'_>, role: &mut Role) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut before: Option<Node<'_>> = None;
        for part in node.children() {
            match part.rule() {
                Rule::entry => entries.extend(self.entry(&part)),
                Rule::bad_entry => {
                    role.is_damaged = true;
                    self.bad(Rule::only_entry, &part, before.as_ref());
                    // A comma too many has made the row below a level.
                    if self.tokens.kind(part.start()) == Some(Kind::Colon)
                        && let (Some(_), Some(entry)) = (&before, entries.last_mut())
                    {
                        entry.levels.words.pop();
                    }
                }
                Rule::missing_close => self.unclosed(node.start(), node.end(), "grant"),
                _ => {}
            }
            before = (part.rule() == Rule::entry).then_some(part);
        }
        entries
    }

    fn entry(&self, node: &Node<'_>) -> Option<Entry> {
        let mut rows = Vec::new();
        let mut levels = None;
        let mut unconfirmed = None;
        for part in node.children() {
            match part.rule() {
                Rule::rows => rows = self.names(&part),
                Rule::levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::unconfirmed => unconfirmed = Some(self.unconfirmed(&part)),
                _ => {}
            }
        }
        Some(Entry { rows, levels: levels?, unconfirmed })
    }

    fn unconfirmed(&self, node: &Node<'_>) -> Unconfirmed {
        let basis = node.children().find(|part| part.rule() == Rule::string).map(|text| self.name(&text));
        Unconfirmed { span: self.relative(self.tokens.span(node.start())), basis }
    }

    pub(crate) fn assign(&mut self, tree: &Node<'_>) -> Option<Assign> {
        let mut role = None;
        let mut principals = Vec::new();
        let mut clauses = Vec::new();
        for node in tree.children() {
            match node.rule() {
                Rule::role_ref => role = node.children().last().map(|id| self.name(&id)),
                Rule::principal => {
                    let service = self.tokens.kind(node.start()) == Some(Kind::Service);
                    let kind = if service { PrincipalKind::Service } else { PrincipalKind::Admin };
                    if let Some(name) = node.children().last() {
                        principals.push(Principal { name: self.name(&name), kind });
                    }
                }
                Rule::clause => clauses.extend(self.clause(&node)),
                _ => {}
            }
        }
        Some(Assign { role: role?, principals, clauses })
    }

    pub(crate) fn forbid(&mut self, tree: &Node<'_>) -> Option<Forbid> {
        let mut forbid = Forbid::default();
        for node in tree.children() {
            match node.rule() {
                Rule::forbid_opening => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::title => forbid.title = Some(self.name(&part)),
                            Rule::exceptions => forbid.exceptions = self.role_refs(&part),
                            _ => {}
                        }
                    }
                }
                Rule::bad_opening => {
                    forbid.is_damaged = true;
                    self.bad_opening(Rule::only_forbid_opening, &node);
                }
                Rule::forbid_block => {
                    let mut before: Option<Node<'_>> = None;
                    for part in node.children() {
                        match part.rule() {
                            Rule::condition => forbid.conditions.extend(self.condition(&part)),
                            Rule::bad_condition => {
                                forbid.is_damaged = true;
                                self.bad(Rule::only_condition, &part, before.as_ref());
                            }
                            Rule::missing_close => self.unclosed(node.start(), node.end(), "forbid"),
                            _ => {}
                        }
                        before = (part.rule() == Rule::condition).then_some(part);
                    }
                }
                _ => {}
            }
        }
        Some(forbid)
    }

    fn condition(&self, node: &Node<'_>) -> Option<Condition> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let levels = node.children().find(|part| part.rule() == Rule::levels)?;
        let levels = Levels { words: self.names(&levels) };
        Some(Condition { span: self.span(node), category, row, levels })
    }

    pub(crate) fn test(&mut self, tree: &Node<'_>) -> Option<Test> {
        let mut test = Test::default();
        for node in tree.children() {
            match node.rule() {
                Rule::test_opening => {
                    test.title =
                        node.children().find(|part| part.rule() == Rule::title).map(|part| self.name(&part));
                }
                Rule::bad_opening => {
                    test.is_damaged = true;
                    self.bad_opening(Rule::only_test_opening, &node);
                }
                Rule::test_block => {
                    let mut before: Option<Node<'_>> = None;
                    for part in node.children() {
                        match part.rule() {
                            Rule::assertion => test.assertions.extend(self.assertion(&part)),
                            Rule::bad_assertion => {
                                test.is_damaged = true;
                                self.bad(Rule::only_assertion, &part, before.as_ref());
                            }
                            Rule::missing_close => self.unclosed(node.start(), node.end(), "test"),
                            _ => {}
                        }
                        before = (part.rule() == Rule::assertion).then_some(part);
                    }
                }
                _ => {}
            }
        }
        Some(test)
    }

    fn assertion(&self, node: &Node<'_>) -> Option<Assertion> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let mut subject = None;
        let mut verdict = Decision::Deny;
        let mut levels = None;
        let mut at = None;
        for part in node.children() {
            match part.rule() {
                Rule::subject => {
                    let inner = part.children().next()?;
                    let name = self.name(&inner.children().last()?);
                    let is_principal = inner.rule() == Rule::principal;
                    subject = Some(if is_principal { Subject::Principal(name) } else { Subject::Role(name) });
                }
                Rule::verdict => {
                    verdict = Decision::allow_if(self.tokens.kind(part.start()) == Some(Kind::Can))
                }
                Rule::levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::moment => at = part.children().last().map(|time| self.time(&time)),
                _ => {}
            }
        }
        Some(Assertion { span: self.span(node), subject: subject?, verdict, category, row, levels, at })
    }

    /// A time; none where its text is none, which has had its finding.
    fn time(&self, node: &Node<'_>) -> Option<Time> {
        Time::parse(self.tokens.text(node.start())).ok()
    }

    fn clause(&self, node: &Node<'_>) -> Option<Clause> {
        let inner = node.children().next()?;
        let last = inner.children().last()?;
        let what = match inner.rule() {
            Rule::because => ClauseKind::Because(self.name(&last)),
            rule => {
                let time = self.time(&last);
                if rule == Rule::from { ClauseKind::From(time) } else { ClauseKind::Until(time) }
            }
        };
        Some(Clause { span: self.span(node), what })
    }
}
