//! A file's text to its syntax tree: tokens, members, a tree for each. Always gives a tree, and every finding.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::ast::{Catalog, CatalogHead, File, Member, Name, Organization, OrganizationHead};
use crate::syntax::build::{Builder, Tokens};
use crate::syntax::cut::{Container, Piece, Sort, cut};
use crate::syntax::docs::Docs;
use crate::syntax::lex::{Lexed, lex, meaning};
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};

/// Parses a file.
pub fn parse(source: &SourceFile, id: FileId) -> (File, Diagnostics) {
    let (lexed, mut findings) = lex(source, id);
    let (pieces, of_cut) = cut(&lexed, id, source.text());
    findings.append(of_cut);
    let mut parser = Parser {
        docs: Docs::new(lexed.docs.clone()),
        lexed: &lexed,
        text: source.text(),
        id,
        file: File::default(),
        findings,
        inside: None,
    };
    for piece in pieces {
        parser.piece(piece);
    }
    let Parser { docs, mut file, mut findings, .. } = parser;
    findings.append(docs.unclaimed(id));
    innermost_at_end(&lexed, &mut findings);
    file.lost.sort_unstable();
    file.lost.dedup();
    (file, findings)
}

/// A file that breaks off: of what is missing at its end only the innermost is told.
fn innermost_at_end(lexed: &Lexed, findings: &mut Diagnostics) {
    let end = lexed.spans.last().map_or(0, |span| span.end);
    let is_at_end = |finding: &Diagnostic| match finding.code {
        Code::UnexpectedText | Code::UnclosedString => finding.primary.place.span.end >= end,
        Code::UnclosedBlock => finding.secondary.iter().any(|label| label.place.span.start >= end),
        _ => false,
    };
    let start = |finding: &Diagnostic| finding.primary.place.span.start;
    let innermost = findings.iter().filter(|finding| is_at_end(finding)).map(start).max();
    findings.retain(|finding| {
        finding.code != Code::UnclosedBlock || !is_at_end(finding) || Some(start(finding)) == innermost
    });
}

struct Parser<'l> {
    lexed: &'l Lexed,
    text: &'l str,
    id: FileId,
    docs: Docs,
    file: File,
    findings: Diagnostics,
    inside: Option<Container>,
}

impl<'l> Parser<'l> {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::End { .. } => self.inside = None,
            Piece::Damaged { start, end } => {
                self.docs.forgive(start, end);
                self.lose(start, end);
            }
            Piece::Head { container, start, end, id } => self.head(container, start, end, id),
            Piece::Member { sort, start, end } => {
                if self.is_nameless() {
                    self.lose(start, end);
                }
                self.member(sort, start, end);
            }
        }
    }

    /// Whether we are in a container whose id is missing: nobody knows which roles its members speak of.
    fn is_nameless(&self) -> bool {
        match self.inside {
            Some(Container::Organization) => {
                self.file.organizations.last().is_some_and(|last| last.head.node.id.is_none())
            }
            Some(Container::Catalog) => {
                self.file.catalogs.last().is_some_and(|last| last.head.node.id.is_none())
            }
            None => false,
        }
    }

    /// Remembers the names in tokens: what they may have declared is not missed elsewhere.
    fn lose(&mut self, start: usize, end: usize) {
        for at in start..end {
            if let Some(Kind::Word | Kind::String | Kind::UnclosedString) = self.lexed.kinds.get(at)
                && let Some(span) = self.lexed.spans.get(at)
            {
                let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
                self.file.lost.push(meaning(text).into());
            }
        }
    }

    fn head(&mut self, container: Container, start: usize, end: usize, id: usize) {
        self.inside = Some(container);
        match container {
            Container::Catalog => {
                let head = self.build(start, end, Rule::catalog_head, |b, n| b.catalog_head(n));
                let head = head.unwrap_or_else(|| {
                    self.damaged_head(start, id, |id| CatalogHead { id, ..CatalogHead::default() })
                });
                self.file.catalogs.push(Catalog {
                    head,
                    kinds: Vec::new(),
                    categories: Vec::new(),
                    limits: Vec::new(),
                    supers: Vec::new(),
                    case_sensitive: Vec::new(),
                });
            }
            Container::Organization => {
                let head = self.build(start, end, Rule::organization_head, |b, n| b.organization_head(n));
                let head = head.unwrap_or_else(|| {
                    self.damaged_head(start, id, |id| OrganizationHead { id, ..OrganizationHead::default() })
                });
                self.file.organizations.push(Organization {
                    head,
                    roles: Vec::new(),
                    assignments: Vec::new(),
                    forbids: Vec::new(),
                    tests: Vec::new(),
                });
            }
        }
    }

    /// A container whose head says nothing but its id, if that: its members are still read.
    fn damaged_head<T>(&self, start: usize, id: usize, node: impl FnOnce(Option<Name>) -> T) -> Member<T> {
        let span = |at: usize| self.lexed.spans.get(at).copied().unwrap_or_default();
        let first = span(start);
        let is_id = self
            .lexed
            .kinds
            .get(id)
            .and_then(|kind| kind.letter())
            .is_some_and(|letter| letter == b'_' || letter == b'"' || letter.is_ascii_uppercase());
        let id = is_id.then(|| span(id));
        let id = id.map(|id| Name { span: Span::new(id.start - first.start, id.end - first.start) });
        Member { start: first.start, end: first.end, docs: Vec::new(), node: node(id) }
    }

    fn member(&mut self, sort: Sort, start: usize, end: usize) {
        match sort {
            Sort::Use => {
                let built = self.build(start, end, Rule::use_member, |b, n| b.use_(n));
                self.file.uses.extend(built);
            }
            Sort::Template => {
                let built = self.build(start, end, Rule::role_member, |b, n| b.role(n));
                self.file.templates.extend(built);
            }
            Sort::Role => {
                let built = self.build(start, end, Rule::role_member, |b, n| b.role(n));
                if let Some(organization) = self.file.organizations.last_mut() {
                    organization.roles.extend(built);
                }
            }
            Sort::Assign => {
                let built = self.build(start, end, Rule::assign_member, |b, n| b.assign(n));
                if let Some(organization) = self.file.organizations.last_mut() {
                    organization.assignments.extend(built);
                }
            }
            Sort::Kind => {
                let built = self.build(start, end, Rule::kind_member, |b, n| b.kind(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.kinds.extend(built);
                }
            }
            Sort::Category => {
                let built = self.build(start, end, Rule::category_member, |b, n| b.category(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.categories.extend(built);
                }
            }
            Sort::Limit => {
                let built = self.build(start, end, Rule::limit_member, |b, n| b.limit(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.limits.extend(built);
                }
            }
            Sort::Super => {
                let built = self.build(start, end, Rule::super_member, |b, n| b.super_(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.supers.extend(built);
                }
            }
            Sort::Ids => {
                let built = self.build(start, end, Rule::ids_member, |b, n| b.ids(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.case_sensitive.extend(built);
                }
            }
            Sort::Forbid => {
                let built = self.build(start, end, Rule::forbid_member, |b, n| b.forbid(n));
                match (self.inside, self.file.organizations.last_mut()) {
                    (Some(Container::Organization), Some(organization)) => organization.forbids.extend(built),
                    _ => self.file.forbids.extend(built),
                }
            }
            Sort::Test => {
                let built = self.build(start, end, Rule::test_member, |b, n| b.test(n));
                if let Some(organization) = self.file.organizations.last_mut() {
                    organization.tests.extend(built);
                }
            }
        }
    }

    fn tokens(&self, start: usize, end: usize) -> Tokens<'l> {
        Tokens {
            letters: self.lexed.letters.get(start..end).unwrap_or_default(),
            kinds: self.lexed.kinds.get(start..end).unwrap_or_default(),
            spans: self.lexed.spans.get(start..end).unwrap_or_default(),
            first: start,
            text: self.text,
            file: self.id,
            refused: &self.lexed.refused,
        }
    }

    fn build<T>(
        &mut self,
        start: usize,
        end: usize,
        rule: Rule,
        build: impl FnOnce(&mut Builder<'_, '_>, &Node<'_>) -> Option<T>,
    ) -> Option<Member<T>> {
        let tokens = self.tokens(start, end);
        let mut builder = Builder::new(tokens, &mut self.docs);
        let member = builder.member(rule, build);
        let (findings, lost) = builder.finish();
        self.findings.append(findings);
        self.file.lost.extend(lost);
        member
    }
}
