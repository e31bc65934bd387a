//! Names that stand in no tree: those of statements with a mistake, and of statements that are being typed. What each
//! is of is told from its place among the tokens of its statement; where the place does not tell, it is a stray, and
//! nobody knows what it names.

use crate::ide::context::{self, Block, Statement, Tok, is_name};
use crate::ide::names::{Names, Sort, Walker};
use crate::ide::resolve::{self, Inside};
use crate::ide::symbol::{LevelOf, Symbol};
use crate::source::{Place, Span};
use crate::syntax::{Kind, Scope, ast, tokens};
use crate::vocab::{CatalogId, OrganizationId};

/// A word or string that may name anything: one of a damaged statement, or one that means nothing as it stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::ide) struct Stray {
    pub(in crate::ide) span: Span,
    /// What it is taken for, if for anything.
    pub(in crate::ide) sort: Option<Sort>,
    /// The organization that it stands in, if any.
    pub(in crate::ide) organization: Option<OrganizationId>,
    /// Whether it stands at the top of its file.
    pub(in crate::ide) is_top: bool,
}

/// Where a statement stands.
struct Around<'c, 'w> {
    scope: Scope<'w>,
    names: Names<'c, 'w>,
    inside: Option<&'c Inside<'w>>,
    /// The catalog that it is a part of.
    catalog: Option<CatalogId>,
    is_top: bool,
}

fn name_of(tok: &Tok<'_>) -> ast::Name {
    ast::Name { span: tok.span }
}

/// Whether a token may be an id where reserved words are none.
fn is_id(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::String)
        || kind.letter().is_some_and(|letter| letter.is_ascii_uppercase())
}

/// Whether a token may be an id where any word may.
fn is_any_id(kind: Kind) -> bool {
    is_id(kind) || kind.letter().is_some_and(|letter| letter.is_ascii_lowercase())
}

/// The tokens before the first of a kind, and from there on.
fn until<'s, 't>(tokens: &'s [Tok<'t>], kinds: &[Kind]) -> (&'s [Tok<'t>], &'s [Tok<'t>]) {
    let at = tokens.iter().position(|tok| kinds.contains(&tok.kind)).unwrap_or(tokens.len());
    tokens.split_at_checked(at).unwrap_or((tokens, &[]))
}

/// What stands behind the first token, if that is of a kind.
fn behind<'s, 't>(tokens: &'s [Tok<'t>], kind: Kind) -> &'s [Tok<'t>] {
    match tokens {
        [first, rest @ ..] if first.kind == kind => rest,
        _ => tokens,
    }
}

impl<'w> Walker<'w> {
    /// Adds the names that the trees do not have.
    pub(super) fn damaged(&mut self) {
        let (of_trees, strays_of_trees) = (self.found.len(), self.strays.len());
        let mut known: Vec<u32> = self.found.iter().map(|name| name.span.start).collect();
        known.sort_unstable();
        let is_known = |tok: &Tok<'_>| known.binary_search(&tok.span.start).is_ok();
        let scope = Scope::of_file(self.source, self.file);
        // The organization of the last statement, by where its head begins.
        let mut last: Option<(u32, Option<Inside<'w>>)> = None;
        for statement in context::statements(self.ws, self.file, self.range) {
            if statement.tokens.iter().all(|tok| !is_name(tok.kind) || is_known(tok)) {
                continue;
            }
            let head = statement.container(Block::Organization);
            let start = head.and_then(|head| head.first()).map(|tok| tok.span.start);
            if start != last.as_ref().map(|(start, _)| *start) {
                last = start.map(|start| {
                    let name = head.and_then(|head| head.get(1)).filter(|tok| is_id(tok.kind));
                    let name = name.map(|tok| scope.name(name_of(tok))).unwrap_or_default();
                    let place = Place { file: self.file, span: Span::new(start, start) };
                    (start, Inside::find(self.ws, &name, place))
                });
            }
            let inside = last.as_ref().and_then(|(_, inside)| inside.as_ref());
            self.enter(inside, start);
            self.statement(&statement, scope, inside);
        }
        let mut index = 0;
        self.found.retain(|name| {
            index += 1;
            index <= of_trees || known.binary_search(&name.span.start).is_err()
        });
        let mut index = 0;
        self.strays.retain(|stray| {
            index += 1;
            index <= strays_of_trees || known.binary_search(&stray.span.start).is_err()
        });
    }

    /// Goes on in an organization, whose head is looked at where it may be damaged.
    pub(super) fn enter(&mut self, inside: Option<&Inside<'w>>, head: Option<u32>) {
        self.is_unsure = head.is_some_and(|start| self.is_ambiguous(start));
        self.organization = inside.filter(|_| !self.is_unsure).map(|inside| inside.id);
    }

    /// Whether the head of an organization has more words than one that may be its name.
    fn is_ambiguous(&self, start: u32) -> bool {
        let rest = self.source.text().get(start as usize..).unwrap_or_default();
        let (mut names, mut strings) = (0, 0);
        for token in tokens(rest) {
            match token.kind {
                Kind::Organization | Kind::Direct | Kind::Managed => {}
                Kind::Space | Kind::Comment | Kind::Doc => {}
                Kind::String => strings += 1,
                kind if is_id(kind) => names += 1,
                Kind::Open | Kind::Close => break,
                // The next statement, where there is no brace.
                kind if is_any_id(kind) => break,
                _ => {}
            }
        }
        names + strings > 2 || names > 1
    }

    fn statement(&mut self, statement: &Statement<'w>, scope: Scope<'w>, inside: Option<&Inside<'w>>) {
        let Some((first, rest)) = statement.tokens.split_first() else { return };
        let is_in_organization = statement.container(Block::Organization).is_some();
        let catalog = statement.container(Block::Catalog).and_then(|head| {
            let (ground, name) = (self.ground?, scope.name(name_of(head.get(1)?)));
            let here = ground.catalogs_in(self.file).iter().copied();
            let of = |id: &CatalogId| ground.shared().catalogs.get(id.index());
            here.into_iter().find(|id| of(id).is_some_and(|known| *known.id == *name))
        });
        let names = match (is_in_organization, first.kind) {
            (true, _) => Names::Organization(inside),
            (false, Kind::Forbid | Kind::Require) => Names::Anywhere,
            (false, _) => Names::Templates,
        };
        let block = statement.block();
        let around = Around { scope, names, inside, catalog, is_top: block == Block::Top };
        let all = statement.tokens.as_slice();
        match (block, first.kind) {
            (Block::Top, Kind::Use) => self.use_statement(&around, rest),
            (Block::Top, Kind::Template | Kind::Default) => {
                self.role_head(&around, behind(rest, Kind::Template), Sort::Template);
            }
            (Block::Organization, Kind::Role) => self.role_head(&around, rest, Sort::Role),
            (Block::Top, Kind::Organization) => self.organization_head(&around, rest),
            (Block::Top, Kind::Catalog) => self.catalog_head(&around, rest),
            (Block::Top | Block::Organization, Kind::Forbid) => {
                let (before, behind_it) = until(rest, &[Kind::Except]);
                self.titled(&around, before);
                self.references(&around, behind(behind_it, Kind::Except));
            }
            (Block::Top | Block::Organization, Kind::Require) => self.require_head(&around, rest),
            (Block::Require, Kind::Role) if !all.iter().any(|tok| tok.kind == Kind::Dot) => {
                self.references(&around, rest);
            }
            (Block::Organization, Kind::Assign) => self.assignment(&around, rest),
            (Block::Organization, Kind::Test) => self.titled(&around, rest),
            (Block::Catalog, _) => self.catalog_member(&around, first.kind, all),
            (Block::Role, Kind::Description) => self.titled(&around, rest),
            (Block::Role | Block::Unknown, Kind::Grant) => self.grant(&around, rest),
            (Block::Grant, _) => {
                let category = statement.head().get(1).filter(|tok| is_any_id(tok.kind));
                let category = category
                    .and_then(|tok| resolve::category(self.ground?, self.catalog, &scope.name(name_of(tok))));
                let (rows, levels) = until(all, &[Kind::Colon]);
                let mut row = None;
                self.listed(&around, rows, |walker, tok| {
                    let found = walker.row_named(scope, category, name_of(tok));
                    row = row.or(found);
                });
                self.levels_said(&around, levels, row.map(LevelOf::Row));
            }
            (Block::Category, _) => self.row_statement(&around, statement),
            (Block::Options, Kind::Escalating) => {
                let of_file = std::mem::replace(&mut self.catalog, around.catalog);
                let targets = behind(rest, Kind::To);
                targets.split(|tok| tok.kind == Kind::Comma).for_each(|cell| self.cell(&around, cell));
                self.catalog = of_file;
            }
            (Block::Options, _) => {
                let is_text = |tok: &&Tok<'_>| matches!(tok.kind, Kind::Word);
                all.iter().filter(is_text).for_each(|tok| self.stray(&around, tok));
            }
            (Block::Forbid | Block::Require, _) => self.cell(&around, all),
            (Block::Test, Kind::Cases)
                if !all.iter().any(|tok| matches!(tok.kind, Kind::Can | Kind::Cannot)) =>
            {
                let (subjects, moment) = until(rest, &[Kind::At]);
                self.subjects(&around, subjects);
                moment.iter().skip(2).for_each(|tok| self.stray(&around, tok));
            }
            (Block::Test, _) => self.assertion(&around, all),
            (Block::Cases, _) => self.cell_inside(&around, all),
            _ => all.iter().for_each(|tok| self.stray(&around, tok)),
        }
    }

    fn stray(&mut self, around: &Around<'_, 'w>, tok: &Tok<'_>) {
        if is_any_id(tok.kind) || tok.kind == Kind::UnclosedString {
            let (organization, is_top) = (self.organization, around.is_top);
            self.strays.push(Stray { span: tok.span, sort: None, organization, is_top });
        }
    }

    /// A title, and nothing else.
    fn titled(&mut self, around: &Around<'_, 'w>, tokens: &[Tok<'w>]) {
        let rest = behind(tokens, Kind::String);
        rest.iter().for_each(|tok| self.stray(around, tok));
    }

    /// Ids with commas between them.
    fn listed(
        &mut self,
        around: &Around<'_, 'w>,
        tokens: &[Tok<'w>],
        mut take: impl FnMut(&mut Self, &Tok<'w>),
    ) {
        let mut is_due = true;
        for tok in tokens {
            match tok.kind {
                Kind::Comma | Kind::Less | Kind::Bar => is_due = true,
                kind if is_due && is_any_id(kind) => {
                    take(self, tok);
                    is_due = false;
                }
                _ => self.stray(around, tok),
            }
        }
    }

    /// Roles with commas between them.
    fn references(&mut self, around: &Around<'_, 'w>, tokens: &[Tok<'w>]) {
        let mut is_due = true;
        for tok in tokens {
            match tok.kind {
                Kind::Comma => is_due = true,
                Kind::Role | Kind::Nothing => {}
                kind if is_due && is_id(kind) => {
                    self.refer(around.scope, name_of(tok), &around.names);
                    is_due = false;
                }
                _ => self.stray(around, tok),
            }
        }
    }

    fn use_statement(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>]) {
        let Some((name, rest)) = rest.split_first() else { return };
        if is_id(name.kind) {
            let is_path = name.kind == Kind::String;
            let ground = self.ground.filter(|_| !is_path);
            let found = ground.and_then(|ground| ground.find_catalog(&around.scope.name(name_of(name))));
            let sort = if is_path { Sort::Path } else { Sort::Catalog };
            self.push(around.scope, name_of(name), sort, found.map(Symbol::Catalog));
        } else {
            self.stray(around, name);
        }
        self.titled(around, rest);
    }

    /// `"TITLE" at least N except ROLES from TIME`, in any order.
    fn require_head(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>]) {
        const CLAUSES: &[Kind] = &[Kind::Except, Kind::From, Kind::Until, Kind::At];
        let (title, mut rest) = until(rest, CLAUSES);
        self.titled(around, title);
        while let Some((lead, behind_it)) = rest.split_first() {
            let (clause, others) = until(behind_it, CLAUSES);
            match lead.kind {
                Kind::Except => self.references(around, clause),
                Kind::At => {
                    let is_word =
                        |tok: &&Tok<'_>| !matches!(tok.kind, Kind::Least | Kind::Most | Kind::Number);
                    clause.iter().filter(is_word).for_each(|tok| self.stray(around, tok));
                }
                _ => clause.iter().for_each(|tok| self.stray(around, tok)),
            }
            rest = others;
        }
    }

    /// `ID "TITLE" from BASES`.
    fn role_head(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>], sort: Sort) {
        let (head, bases) = until(rest, &[Kind::From]);
        let rest = match head {
            [id, rest @ ..] if is_id(id.kind) => {
                let symbol = self.role_named(&around.names, &around.scope.name(name_of(id)));
                let own = symbol.filter(|symbol| match sort {
                    Sort::Role => matches!(symbol, Symbol::Role(..)),
                    _ => true,
                });
                self.declare(around.scope, name_of(id), sort, own);
                rest
            }
            rest => rest,
        };
        self.titled(around, rest);
        self.references(around, behind(bases, Kind::From));
    }

    fn organization_head(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>]) {
        let Some((id, rest)) = rest.split_first() else { return };
        if is_id(id.kind) {
            let place = around.scope.at(name_of(id));
            let inside = Inside::find(self.ws, &around.scope.name(name_of(id)), place);
            let symbol = inside.map(|inside| Symbol::Organization(inside.id));
            self.push(around.scope, name_of(id), Sort::Organization, symbol);
        } else {
            self.stray(around, id);
        }
        let rest = behind(rest, Kind::String);
        let is_kind = |tok: &Tok<'_>| matches!(tok.kind, Kind::Direct | Kind::Managed);
        rest.iter().filter(|tok| !is_kind(tok)).for_each(|tok| self.stray(around, tok));
    }

    fn catalog_head(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>]) {
        let Some((id, rest)) = rest.split_first() else { return };
        if is_id(id.kind) {
            let name = around.scope.name(name_of(id));
            let found = self.ground.and_then(|ground| ground.find_catalog(&name));
            self.declare(around.scope, name_of(id), Sort::Catalog, found.map(Symbol::Catalog));
        } else {
            self.stray(around, id);
        }
        let rest = behind(behind(rest, Kind::String), Kind::Version);
        self.titled(around, rest);
    }

    fn catalog_member(&mut self, around: &Around<'_, 'w>, lead: Kind, all: &[Tok<'w>]) {
        let (ws, scope) = (self.ws, around.scope);
        let [_, id, rest @ ..] = all else { return };
        if lead == Kind::Ids {
            return;
        }
        if !is_id(id.kind) {
            return all.iter().skip(1).for_each(|tok| self.stray(around, tok));
        }
        let (name, text) = (name_of(id), scope.name(name_of(id)));
        match lead {
            Kind::Kind => {
                let symbol = around.catalog.and_then(|catalog| resolve::kind(ws, catalog, &text));
                self.declare(scope, name, Sort::Kind, symbol);
                let of = LevelOf::Kind(text.as_ref().into());
                self.shape_said(around, behind(rest, Kind::Equals), Some(&of));
            }
            Kind::Category => {
                let ids = around.catalog.and_then(|catalog| {
                    Some((catalog, resolve::category(self.ground?, Some(catalog), &text)?))
                });
                let symbol = ids.map(|(catalog, category)| Symbol::Category(catalog, category));
                self.declare(scope, name, Sort::Category, symbol);
                self.titled(around, rest);
            }
            Kind::Limit => {
                self.push(scope, name, Sort::Limit, None);
                rest.iter().for_each(|tok| self.stray(around, tok));
            }
            Kind::Super => {
                self.refer(scope, name, &Names::Templates);
                rest.iter().for_each(|tok| self.stray(around, tok));
            }
            _ => all.iter().for_each(|tok| self.stray(around, tok)),
        }
    }

    /// `ladder none < view`, `verbs view, create`, `flag`.
    fn shape_said(&mut self, around: &Around<'_, 'w>, tokens: &[Tok<'w>], of: Option<&LevelOf>) {
        let Some((form, words)) = tokens.split_first() else { return };
        if !matches!(form.kind, Kind::Ladder | Kind::Verbs | Kind::Flag) {
            return tokens.iter().for_each(|tok| self.stray(around, tok));
        }
        self.listed(around, words, |walker, tok| {
            walker.level(around.scope, name_of(tok), around.catalog, of);
            if let Some(last) = walker.found.last_mut() {
                last.is_declared = true;
            }
        });
    }

    /// `ID "TITLE": KIND without LEVELS`.
    fn row_statement(&mut self, around: &Around<'_, 'w>, statement: &Statement<'w>) {
        let scope = around.scope;
        let Some((id, rest)) = statement.tokens.split_first() else { return };
        let category = statement.head().get(1).filter(|tok| is_id(tok.kind));
        let row = category.filter(|_| is_any_id(id.kind)).and_then(|tok| {
            let ground = self.ground?;
            let category = resolve::category(ground, around.catalog, &scope.name(name_of(tok)));
            resolve::row(ground, around.catalog, category, &scope.name(name_of(id)))
        });
        if is_any_id(id.kind) {
            let symbol = around.catalog.zip(row).map(|(catalog, row)| Symbol::Row(catalog, row));
            self.declare(scope, name_of(id), Sort::Row, symbol);
        }
        let (title, rest) = until(rest, &[Kind::Colon]);
        if rest.is_empty() {
            // It may as well belong to the row before, which has a word too many.
            self.stray(around, id);
        }
        self.titled(around, title);
        let (kind, without) = until(behind(rest, Kind::Colon), &[Kind::Without]);
        let of = row.map(LevelOf::Row);
        match kind {
            [kind, rest @ ..] if !matches!(kind.kind, Kind::Ladder | Kind::Verbs | Kind::Flag) => {
                if is_id(kind.kind) {
                    let name = scope.name(name_of(kind));
                    let symbol = around.catalog.and_then(|id| resolve::kind(self.ws, id, &name));
                    self.push(scope, name_of(kind), Sort::Kind, symbol);
                }
                rest.iter().for_each(|tok| self.stray(around, tok));
            }
            stated => self.shape_said(around, stated, of.as_ref()),
        }
        self.listed(around, behind(without, Kind::Without), |walker, tok| {
            walker.level(scope, name_of(tok), around.catalog, of.as_ref());
        });
    }

    fn assignment(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>]) {
        let (role, rest) = until(rest, &[Kind::To]);
        let mut role = behind(role, Kind::Role);
        if let [name, others @ ..] = role
            && is_id(name.kind)
        {
            self.refer(around.scope, name_of(name), &around.names);
            role = others;
        }
        let (principals, clauses) = until(rest, &[Kind::From, Kind::Until, Kind::Because]);
        // Behind the role a string is a principal, whether the `to` is right or not; or it is the role, and what was
        // taken for that is too much.
        role.iter().for_each(|tok| self.stray(around, tok));
        for tok in role.iter().chain(principals) {
            match tok.kind {
                Kind::String => self.principal(around.scope, name_of(tok), around.inside),
                _ => self.stray(around, tok),
            }
        }
        let mut before = None;
        for tok in clauses {
            if tok.kind != Kind::String || before != Some(Kind::Because) {
                self.stray(around, tok);
            }
            before = Some(tok.kind);
        }
    }

    /// What stands behind `grant`.
    fn grant(&mut self, around: &Around<'_, 'w>, rest: &[Tok<'w>]) {
        let [name, behind_it @ ..] = rest else { return };
        match behind_it {
            [colon, ..] if name.kind == Kind::All && colon.kind == Kind::Colon => {
                self.levels_said(around, behind_it, Some(LevelOf::Reach(None)));
            }
            [dot, ..] if dot.kind == Kind::Dot => self.cell(around, rest),
            _ if is_any_id(name.kind) && (name.kind != Kind::All || !behind_it.is_empty()) => {
                let category = self.category(around.scope, name_of(name));
                let (strays, levels) = until(behind_it, &[Kind::Colon]);
                strays.iter().for_each(|tok| self.stray(around, tok));
                self.levels_said(around, levels, category.map(|id| LevelOf::Reach(Some(id))));
            }
            _ => behind_it.iter().for_each(|tok| self.stray(around, tok)),
        }
    }

    /// `CATEGORY.ROW: LEVELS`.
    fn cell(&mut self, around: &Around<'_, 'w>, tokens: &[Tok<'w>]) {
        let (names, levels) = until(tokens, &[Kind::Colon, Kind::At]);
        let row = match names {
            [name, rest @ ..] if is_any_id(name.kind) => {
                let category = self.category(around.scope, name_of(name));
                let (row, strays) = match rest {
                    [dot, row, strays @ ..] if dot.kind == Kind::Dot && is_any_id(row.kind) => {
                        (self.row_named(around.scope, category, name_of(row)), strays)
                    }
                    strays => (None, strays),
                };
                strays.iter().for_each(|tok| self.stray(around, tok));
                row
            }
            strays => {
                strays.iter().for_each(|tok| self.stray(around, tok));
                None
            }
        };
        self.levels_said(around, levels, row.map(LevelOf::Row));
    }

    /// `: LEVELS`, and what may stand behind them.
    fn levels_said(&mut self, around: &Around<'_, 'w>, tokens: &[Tok<'w>], of: Option<LevelOf>) {
        let ends = |pair: &[Tok<'w>]| match pair {
            [before, tok] => {
                matches!(tok.kind, Kind::Unconfirmed | Kind::At)
                    && !matches!(before.kind, Kind::Colon | Kind::Comma)
            }
            _ => false,
        };
        let end = match tokens.first().map(|tok| tok.kind) {
            Some(Kind::Colon) => tokens.windows(2).position(ends).map_or(tokens.len(), |at| at + 1),
            _ => 0,
        };
        let (words, rest) = tokens.split_at_checked(end).unwrap_or((tokens, &[]));
        let words = behind(words, Kind::Colon);
        self.listed(around, words, |walker, tok| {
            walker.level(around.scope, name_of(tok), walker.catalog, of.as_ref());
        });
        self.titled(around, rest.get(1..).unwrap_or_default());
    }

    /// `SUBJECT can CATEGORY.ROW: LEVELS at TIME`.
    fn assertion(&mut self, around: &Around<'_, 'w>, all: &[Tok<'w>]) {
        let (subject, rest) = until(all, &[Kind::Can, Kind::Cannot]);
        if rest.is_empty() {
            // It may as well be the end of the line before, which has a word too many.
            subject.iter().for_each(|tok| self.stray(around, tok));
        }
        self.subjects(around, behind(subject, Kind::Only));
        match rest {
            [_] | [] => {}
            [_, cell @ ..] => self.cell_inside(around, cell),
        }
    }

    /// Roles and principals with commas between them.
    fn subjects(&mut self, around: &Around<'_, 'w>, tokens: &[Tok<'w>]) {
        tokens.split(|tok| tok.kind == Kind::Comma).for_each(|subject| self.subject_said(around, subject));
    }

    fn subject_said(&mut self, around: &Around<'_, 'w>, subject: &[Tok<'w>]) {
        let strays = match subject {
            [role, name, strays @ ..] if role.kind == Kind::Role && is_id(name.kind) => {
                self.refer(around.scope, name_of(name), &around.names);
                strays
            }
            [service, name, strays @ ..] if service.kind == Kind::Service && name.kind == Kind::String => {
                self.principal(around.scope, name_of(name), around.inside);
                strays
            }
            [name, strays @ ..] if name.kind == Kind::String => {
                self.principal(around.scope, name_of(name), around.inside);
                strays
            }
            [name, strays @ ..] if is_id(name.kind) => {
                self.refer(around.scope, name_of(name), &around.names);
                if let Some(last) = self.found.last_mut() {
                    last.is_subject = true;
                }
                strays
            }
            strays => strays,
        };
        strays.iter().for_each(|tok| self.stray(around, tok));
    }

    /// A cell of the organization's catalog.
    fn cell_inside(&mut self, around: &Around<'_, 'w>, cell: &[Tok<'w>]) {
        // Each organization uses one catalog, whatever a file of it says.
        let of_file = self.catalog;
        if let Some(inside) = around.inside {
            let known = Some(inside.organization.catalog);
            self.catalog = known.filter(|id| crate::ide::symbol::catalog(self.ws, *id).is_some());
        }
        self.cell(around, cell);
        self.catalog = of_file;
    }
}
