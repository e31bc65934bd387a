//! A file's text to its syntax tree: tokens, members, a tree for each. Always gives a tree, and every finding.

use std::collections::HashSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::again::Earlier;
use crate::syntax::ast::{Catalog, CatalogHead, File, Member, Name, Organization, OrganizationHead};
use crate::syntax::build::{Builder, Tokens};
use crate::syntax::cut::{Container, Cut, Kept, Piece, cut, straight};
use crate::syntax::docs::Docs;
use crate::syntax::lex::{Lexed, lex};
use crate::syntax::nameless;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Misfit, Node, Rule, Shapes};
use crate::syntax::words::{Sort, Words};
use crate::vocab::limits::CODE_FINDINGS;

/// Parses a file.
pub fn parse(source: &SourceFile, id: FileId) -> (File, Diagnostics) {
    parse_with(source, id, None, &mut Shapes::default())
}

/// The same, of one file of many: what members of others look like is known.
pub(crate) fn parse_among(source: &SourceFile, id: FileId, shapes: &mut Shapes) -> (File, Diagnostics) {
    parse_with(source, id, None, shapes)
}

/// Parses a file of which an earlier text was parsed: gives the same as [`parse`], and members that stand there as they
/// did share their trees.
pub fn parse_again(source: &SourceFile, id: FileId, before: &SourceFile, tree: &File) -> (File, Diagnostics) {
    parse_with(source, id, Some(Earlier::new(source.text(), before, tree)), &mut Shapes::default())
}

fn parse_with(
    source: &SourceFile,
    id: FileId,
    earlier: Option<Earlier<'_>>,
    shapes: &mut Shapes,
) -> (File, Diagnostics) {
    let (lexed, findings) = lex(source, id);
    let lexed = LexedFile { source, id, lexed: &lexed, earlier: earlier.as_ref() };
    let (file, mut findings) = match lexed.right(&findings, shapes) {
        Some(parsed) => parsed,
        None => lexed.explained(&mut cut(lexed.lexed, id, source.text()), findings, shapes),
    };
    findings.list_at_most(CODE_FINDINGS);
    (file, findings)
}

/// What parsing a file makes on the way to its tree: its tokens, and the members that these were cut into.
pub(crate) struct CutFile {
    pub(crate) findings: Diagnostics,
    pub(crate) lexed: Lexed,
    pub(crate) cut: Cut,
}

/// Parses a file for those who look at its tokens and not at its tree: the findings are those of [`parse`].
pub(crate) fn parse_cut(source: &SourceFile, id: FileId) -> CutFile {
    let (lexed, findings) = lex(source, id);
    let mut cut = cut(&lexed, id, source.text());
    let file = LexedFile { source, id, lexed: &lexed, earlier: None };
    let mut shapes = Shapes::default();
    let right = file.right(&findings, &mut shapes);
    let (_, mut findings) = right.unwrap_or_else(|| file.explained(&mut cut, findings, &mut shapes));
    findings.list_at_most(CODE_FINDINGS);
    CutFile { findings, lexed, cut }
}

/// The tokens of a file, to be parsed.
#[derive(Clone, Copy)]
struct LexedFile<'l> {
    source: &'l SourceFile,
    id: FileId,
    lexed: &'l Lexed,
    earlier: Option<&'l Earlier<'l>>,
}

impl<'l> LexedFile<'l> {
    /// The tree of a file in which nothing is wrong: so are most, and their members are cut out by their letters alone.
    /// None where something is wrong, and in a catalog.
    fn right(self, found: &Diagnostics, shapes: &mut Shapes) -> Option<(File, Diagnostics)> {
        if !found.is_empty() || !self.lexed.refused.is_empty() {
            return None;
        }
        let pieces = straight(&self.lexed.letters)?;
        let known = HashSet::new();
        let mut parser = self.parser(Kept::all(self.lexed, self.source.text()), &known, shapes);
        parser.trial = Trial::Fits;
        for piece in &pieces {
            parser.piece(*piece);
            if parser.trial == Trial::Failed {
                return None;
            }
        }
        let Parser { docs, file, mut findings, .. } = parser;
        findings.append(docs.unclaimed(self.id));
        Some((fitted(file), findings))
    }

    /// The tree of any file: its braces explained, what does not fit told and the rest of it saved.
    fn explained(self, cut: &mut Cut, mut findings: Diagnostics, shapes: &mut Shapes) -> (File, Diagnostics) {
        let Self { source, id, lexed, .. } = self;
        findings.append(std::mem::take(&mut cut.findings));
        let known = Words { text: source.text(), kinds: &lexed.kinds, spans: &lexed.spans }.declared();
        let lost = std::mem::take(&mut cut.lost);
        let mut parser = self.parser(Kept::of(cut, source.text()), &known, shapes);
        parser.file.lost = lost;
        parser.findings = findings;
        for at in &cut.left_out {
            parser.docs.forgive(*at);
        }
        for piece in &cut.pieces {
            parser.piece(*piece);
        }
        let Parser { docs, mut file, mut findings, .. } = parser;
        nameless::forgive(source, id, lexed, &mut file);
        findings.append(docs.unclaimed(id));
        innermost_at_end(lexed, &mut findings);
        file.lost.sort_unstable();
        file.lost.dedup();
        file.unsound.sort_unstable();
        (fitted(file), findings)
    }

    fn parser<'p>(self, kept: Kept<'p>, known: &'p HashSet<&'p str>, shapes: &'p mut Shapes) -> Parser<'p>
    where
        'l: 'p,
    {
        Parser {
            docs: Docs::new(self.lexed.docs.clone()),
            shapes,
            lexed: self.lexed,
            kept,
            text: self.source.text(),
            id: self.id,
            file: File::default(),
            findings: Diagnostics::new(),
            inside: None,
            headless: None,
            known,
            earlier: self.earlier,
            is_sound: false,
            has_foreign: !self.source.text().is_ascii(),
            trial: Trial::No,
        }
    }
}

/// Gives back what was reserved for more: trees are kept.
fn fitted(mut file: File) -> File {
    for organization in &mut file.organizations {
        organization.roles.shrink_to_fit();
        organization.assignments.shrink_to_fit();
        organization.tests.shrink_to_fit();
    }
    file
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
    shapes: &'l mut Shapes,
    earlier: Option<&'l Earlier<'l>>,
    lexed: &'l Lexed,
    kept: Kept<'l>,
    text: &'l str,
    id: FileId,
    docs: Docs,
    file: File,
    findings: Diagnostics,
    inside: Option<Container>,
    /// The number of the id of a member that has no head.
    headless: Option<usize>,
    known: &'l HashSet<&'l str>,
    /// Whether the member that is parsed is all of its text and nothing else.
    is_sound: bool,
    /// Whether the text has other letters than ASCII's, be it in a string or a remark.
    has_foreign: bool,
    trial: Trial,
}

/// Whether all is taken for right.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trial {
    No,
    /// It is, and has fit so far.
    Fits,
    /// It was, and a member does not fit.
    Failed,
}

impl<'l> Parser<'l> {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::End { .. } => self.inside = None,
            Piece::Again { container } => self.inside = Some(container),
            Piece::Head { container, start, end } => self.head(container, start, end),
            Piece::Member { sort, start, end, is_damaged, headless } => {
                self.headless = headless;
                self.is_sound = !is_damaged && headless.is_none() && self.is_as_written(start, end);
                self.member(sort, start, end, is_damaged);
                self.headless = None;
                self.is_sound = false;
            }
        }
    }

    /// Whether tokens stand in the file one behind the other, and nothing in it was refused.
    fn is_as_written(&self, start: usize, end: usize) -> bool {
        self.lexed.refused.is_empty() && self.kept.range(start, end).is_as_written()
    }

    /// The member of the earlier text that some tokens are again.
    fn again<T: 'l>(
        &mut self,
        which: impl FnOnce(&'l Earlier<'l>) -> &'l [&'l Member<T>],
        start: usize,
        end: usize,
    ) -> Option<Member<T>> {
        let earlier = self.earlier.filter(|_| self.is_sound)?;
        let first = self.kept.origin(start);
        let above = self.docs.first_above(first);
        let from = above.or(self.kept.words.spans.get(start).copied())?.start;
        let to = self.kept.words.spans.get(end.checked_sub(1)?)?.end;
        let found = earlier.find(which(earlier), Span::new(from, to))?;
        if above.is_some() {
            self.docs.claim(first);
        }
        Some(Member { start: from, end: to, docs: found.docs.clone(), node: found.node.clone() })
    }

    fn head(&mut self, container: Container, start: usize, end: usize) {
        self.inside = Some(container);
        match container {
            Container::Catalog => {
                let head = self.build_line(start, end, Rule::catalog_head, |b, n| b.catalog_head(n));
                let head = head.unwrap_or_else(|| {
                    self.damaged_head(start, end, |id| CatalogHead { id, ..CatalogHead::default() })
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
                let head =
                    self.build_line(start, end, Rule::organization_head, |b, n| b.organization_head(n));
                let head = head.unwrap_or_else(|| {
                    self.damaged_head(start, end, |id| OrganizationHead { id, ..OrganizationHead::default() })
                });
                self.file.organizations.push(Organization {
                    head,
                    roles: Vec::new(),
                    assignments: Vec::new(),
                    forbids: Vec::new(),
                    requires: Vec::new(),
                    tests: Vec::new(),
                    nameless_principals: 0,
                });
            }
        }
    }

    /// A container whose head says nothing but its id, if that: its members are still read. Its word may be misspelt, or
    /// missing: then it begins with the id.
    fn damaged_head<T>(&self, start: usize, end: usize, node: impl FnOnce(Option<Name>) -> T) -> Member<T> {
        let span = |at: usize| self.kept.words.spans.get(at).copied().unwrap_or_default();
        // What stands behind the head is another member's, and may have been written before it.
        let kind = |at: usize| self.kept.words.kinds.get(at).filter(|_| at < end).copied();
        let is_name = |at: usize| matches!(kind(at), Some(Kind::Word | Kind::String));
        let is_word = || {
            let text = self.text.get(span(start).start as usize..span(start).end as usize);
            !nearest(text.unwrap_or_default(), ["catalog", "organization"]).is_empty()
        };
        // Behind an id stands a title, behind a word the id.
        let has_id_first = is_name(start)
            && match kind(start + 1) {
                Some(Kind::Word) => false,
                Some(Kind::String) => !is_word(),
                _ => true,
            };
        let at = if has_id_first { start } else { start + 1 };
        let first = span(start);
        let id = is_name(at).then(|| span(at));
        let id = id.map(|id| Name { span: Span::new(id.start - first.start, id.end - first.start) });
        Member { start: first.start, end: first.end, docs: Default::default(), node: Arc::new(node(id)) }
    }

    fn member(&mut self, sort: Sort, start: usize, end: usize, is_damaged: bool) {
        // A string that is not closed has taken up what was to follow it.
        let kinds = self.kept.words.kinds.get(start..end).unwrap_or_default();
        let damaged = is_damaged
            || (self.trial == Trial::No && kinds.contains(&Kind::UnclosedString))
            || self.has_foreign_word(start, end);
        match sort {
            Sort::Use => {
                let built = self.build_line(start, end, Rule::use_member, |b, n| b.use_(n));
                self.file.uses.extend(built);
            }
            Sort::Template | Sort::Role => {
                let built = self.again(|earlier| &earlier.roles, start, end).or_else(|| {
                    self.build(start, end, Rule::role_member, |b, n| b.role(n), |b, _| b.salvage_role())
                });
                let built =
                    built.map(|role| if damaged { damage(role, |node| &mut node.is_damaged) } else { role });
                match (sort, self.file.organizations.last_mut()) {
                    (Sort::Template, _) => self.file.templates.extend(built),
                    (_, Some(organization)) => organization.roles.extend(built),
                    _ => {}
                }
            }
            Sort::Assign => {
                let built = self
                    .again(|earlier| &earlier.assignments, start, end)
                    .or_else(|| self.build_line(start, end, Rule::assign_member, |b, n| b.assign(n)));
                if let Some(organization) = self.file.organizations.last_mut() {
                    organization.assignments.extend(built);
                }
            }
            Sort::Kind => {
                let built = self.build_line(start, end, Rule::kind_member, |b, n| b.kind(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.kinds.extend(built);
                }
            }
            Sort::Category => {
                let built = self.build(
                    start,
                    end,
                    Rule::category_member,
                    |b, n| b.category(n),
                    |b, _| b.salvage_category(),
                );
                let built =
                    built.map(
                        |category| {
                            if damaged { damage(category, |node| &mut node.is_damaged) } else { category }
                        },
                    );
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.categories.extend(built);
                }
            }
            Sort::Limit => {
                let built = self.build_line(start, end, Rule::limit_member, |b, n| b.limit(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.limits.extend(built);
                }
            }
            Sort::Super => {
                let built = self.build_line(start, end, Rule::super_member, |b, n| b.super_(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.supers.extend(built);
                }
            }
            Sort::Ids => {
                let built = self.build_line(start, end, Rule::ids_member, |b, n| b.ids(n));
                if let Some(catalog) = self.file.catalogs.last_mut() {
                    catalog.case_sensitive.extend(built);
                }
            }
            Sort::Forbid => {
                let built = self.again(|earlier| &earlier.forbids, start, end).or_else(|| {
                    self.build(start, end, Rule::forbid_member, |b, n| b.forbid(n), |b, _| b.salvage_forbid())
                });
                let built = built
                    .map(|forbid| if damaged { damage(forbid, |node| &mut node.is_damaged) } else { forbid });
                match (self.inside, self.file.organizations.last_mut()) {
                    (Some(Container::Organization), Some(organization)) => organization.forbids.extend(built),
                    _ => self.file.forbids.extend(built),
                }
            }
            Sort::Require => {
                let built = self.again(|earlier| &earlier.requires, start, end).or_else(|| {
                    self.build(
                        start,
                        end,
                        Rule::require_member,
                        |b, n| b.require(n),
                        |b, _| b.salvage_require(),
                    )
                });
                let built =
                    built.map(
                        |require| {
                            if damaged { damage(require, |node| &mut node.is_damaged) } else { require }
                        },
                    );
                match (self.inside, self.file.organizations.last_mut()) {
                    (Some(Container::Organization), Some(organization)) => {
                        organization.requires.extend(built);
                    }
                    _ => self.file.requires.extend(built),
                }
            }
            Sort::Test => {
                let built = self.again(|earlier| &earlier.tests, start, end).or_else(|| {
                    self.build(start, end, Rule::test_member, |b, n| b.test(n), |b, _| b.salvage_test())
                });
                let built =
                    built.map(|test| if damaged { damage(test, |node| &mut node.is_damaged) } else { test });
                if let Some(organization) = self.file.organizations.last_mut() {
                    organization.tests.extend(built);
                }
            }
            // No members: containers have heads, and the rest stands inside of a member.
            Sort::Catalog
            | Sort::Organization
            | Sort::Grant
            | Sort::Description
            | Sort::Line
            | Sort::Condition
            | Sort::Assertion
            | Sort::Cases
            | Sort::Holder
            | Sort::Option => {}
        }
    }

    /// Whether a bare word has a letter that no id has, so that it says something else than was meant.
    fn has_foreign_word(&self, start: usize, end: usize) -> bool {
        let kinds = self.kept.words.kinds.get(start..end).unwrap_or_default();
        let spans = self.kept.words.spans.get(start..end).unwrap_or_default();
        self.has_foreign
            && kinds.iter().zip(spans).any(|(kind, span)| {
                let text = self.text.get(span.start as usize..span.end as usize);
                *kind == Kind::Word && text.is_some_and(|text| !text.is_ascii())
            })
    }

    fn tokens(&self, start: usize, end: usize) -> Tokens<'l> {
        Tokens {
            kept: self.kept.range(start, end),
            headless: self.headless,
            known: self.known,
            file: self.id,
            refused: &self.lexed.refused,
        }
    }

    /// Builds a member without a block.
    fn build_line<T>(
        &mut self,
        start: usize,
        end: usize,
        rule: Rule,
        build: fn(&mut Builder<'_, '_>, &Node) -> Option<T>,
    ) -> Option<Member<T>> {
        self.build(start, end, rule, build, |builder, misfit| builder.salvage_line(rule, misfit, build))
    }

    fn build<T>(
        &mut self,
        start: usize,
        end: usize,
        rule: Rule,
        build: impl FnOnce(&mut Builder<'_, '_>, &Node) -> Option<T>,
        salvage: impl FnOnce(&mut Builder<'_, '_>, &Misfit) -> Option<T>,
    ) -> Option<Member<T>> {
        let tokens = self.tokens(start, end);
        let mut builder = Builder::new(tokens, self.trial != Trial::No, &mut self.docs, self.shapes);
        let member = builder.member(rule, build, salvage);
        let base = builder.base();
        if builder.is_misfit {
            self.trial = Trial::Failed;
        }
        let (findings, lost) = builder.finish();
        if !self.is_sound || !findings.is_empty() || !lost.is_empty() {
            self.file.unsound.push(base);
        }
        self.findings.append(findings);
        self.file.lost.extend(lost);
        member
    }
}

/// Says of a member that something was taken out of it.
fn damage<T: Clone>(mut member: Member<T>, flag: impl FnOnce(&mut T) -> &mut bool) -> Member<T> {
    *flag(Arc::make_mut(&mut member.node)) = true;
    member
}

#[cfg(test)]
mod tests;
