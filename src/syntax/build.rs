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
        let end = self.spans.last().map_or(0, |span| span.end);
        let width =
            self.text.get(end as usize..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let width = u32::try_from(width).unwrap_or(0);
        Place { file: self.file, span: Span::new(end, end + width) }
    }

    pub(crate) fn text(&self, at: usize) -> &'l str {
        let span = self.span(at);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn is_refused(&self, start: usize, end: usize) -> bool {
        let span = self.range(start, end);
        // A refused character right behind the last token has eaten what was expected there.
        let first = self.refused.partition_point(|at| *at < span.start);
        self.refused.get(first).is_some_and(|at| *at <= span.end)
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

    /// A piece that should have been a `rule`: one finding.
    fn bad(&mut self, rule: Rule, node: &Node<'_>) {
        self.lose(node.start(), node.end());
        if !self.tokens.is_refused(node.start(), node.end()) {
            self.findings.push(recover::explain(&self.tokens, rule, node.start(), node.end()));
        }
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
        self.findings.push(
            Diagnostic::new(Code::StrayBrace, place, "a closing brace that closes too early")
                .label("the block goes on after it")
                .fix(Fix::suggest("remove it", place, "")),
        );
    }

    /// A block whose closing brace is missing, at its opening one.
    fn unclosed(&mut self, open: usize, what: &str) {
        if self.tokens.kind(open) == Some(Kind::Open) {
            let place = self.tokens.place(open, open + 1);
            self.findings.push(
                Diagnostic::new(
                    Code::UnclosedBlock,
                    place,
                    format!("the block of this {what} is never closed"),
                )
                .label("opened here")
                .also(self.tokens.after_last(), "a `}` is missing before here"),
            );
        }
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
                    let is_path =
                        matches!(self.tokens.kind(node.start()), Some(Kind::String | Kind::UnclosedString));
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
                Rule::bad_opening => {
                    category.id = self.first_name(&node);
                    self.bad_opening(Rule::only_category_opening, &node);
                }
                Rule::category_block => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::row => category.rows.extend(self.row(&part)),
                            Rule::bad_row => {
                                category.is_damaged = true;
                                self.bad(Rule::only_row, &part);
                            }
                            Rule::stray_in_rows => self.stray(&part),
                            Rule::missing_close => self.unclosed(node.start(), "category"),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(category)
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
                            Rule::bad_option => self.bad(Rule::only_option, &option),
                            Rule::missing_close => self.unclosed(part.start(), "row"),
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
                _ => {}
            }
        }
        Some(role)
    }

    fn role_refs(&self, node: &Node<'_>) -> Vec<Name> {
        node.children()
            .filter(|part| part.rule() == Rule::role_ref)
            .filter_map(|part| part.children().last().map(|id| self.name(&id)))
            .collect()
    }

    fn role_block(&mut self, node: &Node<'_>, role: &mut Role) {
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
                    self.bad(Rule::only_statement, &part);
                }
                Rule::stray => self.stray(&part),
                Rule::missing_close => self.unclosed(node.start(), "role"),
                _ => {}
            }
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
                Rule::levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::unconfirmed => unconfirmed = Some(self.unconfirmed(&part)),
                Rule::grant_block => {
                    has_block = true;
                    end = part.start();
                    for entry in part.children() {
                        match entry.rule() {
                            Rule::entry => entries.extend(self.entry(&entry)),
                            Rule::bad_entry => {
                                role.is_damaged = true;
                                self.bad(Rule::only_entry, &entry);
                            }
                            Rule::missing_close => self.unclosed(part.start(), "grant"),
                            _ => {}
                        }
                    }
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
                    for part in node.children() {
                        match part.rule() {
                            Rule::condition => forbid.conditions.extend(self.condition(&part)),
                            Rule::bad_condition => {
                                forbid.is_damaged = true;
                                self.bad(Rule::only_condition, &part);
                            }
                            Rule::missing_close => self.unclosed(node.start(), "forbid"),
                            _ => {}
                        }
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
                Rule::bad_opening => self.bad_opening(Rule::only_test_opening, &node),
                Rule::test_block => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::assertion => test.assertions.extend(self.assertion(&part)),
                            Rule::bad_assertion => self.bad(Rule::only_assertion, &part),
                            Rule::missing_close => self.unclosed(node.start(), "test"),
                            _ => {}
                        }
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
