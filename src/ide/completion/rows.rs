//! Categories, rows, kinds and levels that may be named.

use std::collections::HashSet;

use crate::catalog::{Catalog, Row};
use crate::ide::completion::words::said;
use crate::ide::completion::{Asked, CompletionKind, text};
use crate::ide::context::{Block, Tok, is_name};
use crate::ide::markdown::lines;
use crate::ide::symbol;
use crate::model::Role;
use crate::syntax::{Kind, spelled_level};
use crate::vocab::{Actions, CatalogId, CategoryId, Form, OrganizationKind, RowId};

/// What a statement of a role sets.
#[derive(PartialEq, Eq, Hash)]
enum Set {
    All,
    Category(CategoryId),
    Row(RowId),
}

impl<'w> Asked<'w, '_> {
    fn ids(&self) -> Option<(CatalogId, &'w Catalog)> {
        self.catalog
    }

    fn category_of(&self, tok: &Tok<'_>) -> Option<CategoryId> {
        self.ws.ground()?.find_category(self.ids()?.0, &text(tok))
    }

    fn row_of(&self, category: Option<CategoryId>, tok: &Tok<'_>) -> Option<RowId> {
        self.ws.ground()?.find_row(self.ids()?.0, category?, &text(tok))
    }

    /// What the other statements of the role set.
    fn set(&self) -> HashSet<Set> {
        let mut set = HashSet::new();
        for other in &self.context.others {
            match (other.block(), other.tokens.as_slice()) {
                (Block::Role, [grant, name, rest @ ..]) if grant.kind == Kind::Grant => {
                    let category = self.category_of(name);
                    match rest {
                        [dot, row, ..] if dot.kind == Kind::Dot => {
                            set.extend(self.row_of(category, row).map(Set::Row));
                        }
                        _ if name.kind == Kind::All => {
                            set.insert(Set::All);
                        }
                        _ => set.extend(category.map(Set::Category)),
                    }
                }
                (Block::Grant, tokens) => {
                    let category = other.head().get(1).and_then(|name| self.category_of(name));
                    let rows = tokens.iter().take_while(|tok| tok.kind != Kind::Colon);
                    set.extend(rows.filter_map(|tok| self.row_of(category, tok)).map(Set::Row));
                }
                _ => {}
            }
        }
        set
    }

    pub(super) fn in_role(&mut self, statement: &[Tok<'_>]) {
        match statement {
            [] => self.role_words(),
            // Whole as it stands; at the start of a line the next statement is proposed in any case.
            [description, _] if description.kind == Kind::Description && !self.context.is_first => {
                self.role_words();
            }
            [grant] if grant.kind == Kind::Grant => {
                let set = self.set();
                // Behind the spread of a category its rows may still be set by name.
                let catalog = self.ids().map(|(_, catalog)| catalog);
                let rows = catalog.into_iter().flat_map(Catalog::all_rows);
                let open = rows.filter(|(id, row)| self.is_here(row) && !set.contains(&Set::Row(*id)));
                let open: HashSet<CategoryId> = open.map(|(_, row)| row.category).collect();
                self.categories(|id| !set.contains(&Set::Category(id)) || open.contains(&id));
                if !set.contains(&Set::All) {
                    self.words(&[("all", "every row")]);
                }
            }
            [_, name, dot] if dot.kind == Kind::Dot => {
                let (category, set) = (self.category_of(name), self.set());
                self.rows(category, |row| !set.contains(&Set::Row(row)));
            }
            [_, name, dot, row, rest @ ..] if dot.kind == Kind::Dot => {
                let row = self.row_of(self.category_of(name), row);
                self.after_row(row.as_slice(), rest);
            }
            [_, name, colon, words @ ..] if colon.kind == Kind::Colon => {
                let is_open = words.last().is_none_or(|tok| tok.kind == Kind::Comma);
                let reach = (name.kind != Kind::All).then(|| self.category_of(name));
                if is_open && reach != Some(None) {
                    self.spread_levels(reach.flatten(), words);
                }
            }
            _ => {}
        }
    }

    pub(super) fn in_grant(&mut self, statement: &[Tok<'_>]) {
        let name = self.context.head(Block::Grant).and_then(|head| head.get(1));
        let category = name.and_then(|name| self.category_of(name));
        let names = statement.iter().take_while(|tok| tok.kind != Kind::Colon);
        let named: Vec<RowId> =
            names.filter(|tok| is_name(tok.kind)).filter_map(|tok| self.row_of(category, tok)).collect();
        match statement.iter().position(|tok| tok.kind == Kind::Colon) {
            Some(colon) => {
                let rest = statement.get(colon..).unwrap_or_default();
                self.after_row(&named, rest);
            }
            None if statement.last().is_none_or(|tok| tok.kind == Kind::Comma) => {
                let set = self.set();
                self.rows(category, |row| !set.contains(&Set::Row(row)) && !named.contains(&row));
            }
            None => {}
        }
    }

    /// Behind a row: `:`, its levels, and the mark of a cell that rests on no public source.
    fn after_row(&mut self, rows: &[RowId], rest: &[Tok<'_>]) {
        match rest {
            [colon, words @ ..] if colon.kind == Kind::Colon => {
                if words.last().is_none_or(|tok| tok.kind == Kind::Comma) {
                    self.levels(rows, words, false);
                } else if !said(words, Kind::Unconfirmed) {
                    self.words(&[("unconfirmed", "no public source says it")]);
                }
            }
            _ => {}
        }
    }

    pub(super) fn in_forbid(&mut self, statement: &[Tok<'_>]) {
        match statement {
            [] => self.categories(|_| true),
            [name, dot] if dot.kind == Kind::Dot => {
                let category = self.category_of(name);
                let others = self.context.others.iter().filter(|other| other.block() == Block::Forbid);
                let said: HashSet<RowId> = others
                    .filter_map(|other| match other.tokens.as_slice() {
                        [name, _, row, ..] => self.row_of(self.category_of(name), row),
                        _ => None,
                    })
                    .collect();
                self.rows(category, |row| !said.contains(&row));
            }
            [name, _, row, colon, words @ ..] if colon.kind == Kind::Colon => {
                let row = self.row_of(self.category_of(name), row);
                if words.last().is_none_or(|tok| tok.kind == Kind::Comma) {
                    self.levels(row.as_slice(), words, true);
                }
            }
            _ => {}
        }
    }

    pub(super) fn in_require(&mut self, statement: &[Tok<'_>]) {
        let others = self.context.others.iter().filter(|other| other.block() == Block::Require);
        match statement {
            [] => {
                self.words(&[("role", "who holds it")]);
                self.categories(|_| true);
            }
            [role] if role.kind == Kind::Role => {
                let named: Vec<_> = others
                    .filter_map(|other| match other.tokens.as_slice() {
                        [role, name] if role.kind == Kind::Role => Some(text(name)),
                        _ => None,
                    })
                    .collect();
                let named: Vec<&str> = named.iter().map(|name| &**name).collect();
                self.roles(&named);
            }
            [name, dot] if dot.kind == Kind::Dot => {
                let category = self.category_of(name);
                let said: HashSet<RowId> = others
                    .filter_map(|other| match other.tokens.as_slice() {
                        [name, dot, row, ..] if dot.kind == Kind::Dot => {
                            self.row_of(self.category_of(name), row)
                        }
                        _ => None,
                    })
                    .collect();
                self.rows(category, |row| !said.contains(&row));
            }
            [_, dot, ..] if dot.kind == Kind::Dot => self.in_forbid(statement),
            _ => {}
        }
    }

    pub(super) fn in_test(&mut self, statement: &[Tok<'_>]) {
        let verdict = statement.iter().position(|tok| matches!(tok.kind, Kind::Can | Kind::Cannot));
        let Some(verdict) = verdict else {
            let first = statement.first().map(|tok| tok.kind);
            if let Some(lead @ (Kind::Only | Kind::Cases)) = first {
                return self.subjects(lead, statement);
            }
            match statement.last().map(|tok| tok.kind) {
                None => {
                    self.roles(&[]);
                    self.principals(&[], None);
                    self.words(&[
                        ("only", "these hold it, and nobody else"),
                        ("cases", "a table of exact levels"),
                    ]);
                }
                Some(Kind::Role) if statement.len() == 1 => self.roles(&[]),
                Some(Kind::Service) if statement.len() == 1 => {
                    self.principals(&[], Some(crate::vocab::PrincipalKind::Service));
                }
                Some(_) => self.words(&[("can", "holds it"), ("cannot", "does not hold it")]),
            }
            return;
        };
        match statement.get(verdict + 1..).unwrap_or_default() {
            [] => self.categories(|_| true),
            [name, dot] if dot.kind == Kind::Dot => {
                let category = self.category_of(name);
                self.rows(category, |_| true);
            }
            [name, _, row, rest @ ..] if !said(rest, Kind::At) => match rest {
                [colon, words @ ..]
                    if colon.kind == Kind::Colon
                        && words.last().is_none_or(|tok| tok.kind == Kind::Comma) =>
                {
                    let row = self.row_of(self.category_of(name), row);
                    self.levels(row.as_slice(), words, true);
                }
                _ => self.words(&[("at", "a moment")]),
            },
            _ => {}
        }
    }

    /// Behind `escalating`: the rows of the catalog that the row leads to.
    pub(super) fn targets(&mut self, targets: &[Tok<'_>]) {
        let of_file = self.catalog;
        let name = self.context.head(Block::Catalog).and_then(|head| head.get(1)).map(text);
        let known = name.and_then(|name| self.ws.ground()?.find_catalog(&name));
        self.catalog = known.and_then(|id| Some((id, symbol::catalog(self.ws, id)?)));
        match targets {
            [] => self.words(&[("to", "some rows only; without it everything")]),
            [.., to] if matches!(to.kind, Kind::To | Kind::Comma) => self.categories(|_| true),
            [.., name, dot] if dot.kind == Kind::Dot => {
                let category = self.category_of(name);
                self.rows(category, |_| true);
            }
            _ => {}
        }
        self.catalog = of_file;
    }

    /// Behind `only` and `cases`: a list of roles and principals. `only` lists the ones or the others.
    fn subjects(&mut self, lead: Kind, statement: &[Tok<'_>]) {
        let names: Vec<&Tok<'_>> = statement.iter().skip(1).filter(|tok| is_name(tok.kind)).collect();
        let named: Vec<_> = names.iter().map(|tok| text(tok)).collect();
        let named: Vec<&str> = named.iter().map(|name| &**name).collect();
        let listed = statement.get(1..).unwrap_or_default();
        let is_string = |tok: &Tok<'_>| matches!(tok.kind, Kind::String | Kind::UnclosedString);
        let is_principal = |tok: &Tok<'_>| is_string(tok) || tok.kind == Kind::Service;
        let first = listed.first().filter(|_| lead == Kind::Only);
        match statement.last().map(|tok| tok.kind) {
            Some(Kind::Only | Kind::Cases | Kind::Comma) => {
                if first.is_none_or(|first| !is_principal(first)) {
                    self.roles(&named);
                }
                if first.is_none_or(is_principal) {
                    self.principals(statement, None);
                    self.words(&[("service", "a service account")]);
                }
            }
            Some(Kind::Role) => self.roles(&named),
            Some(Kind::Service) => self.principals(statement, Some(crate::vocab::PrincipalKind::Service)),
            _ if lead == Kind::Only => self.words(&[("can", "hold it, and nobody else")]),
            _ if !said(statement, Kind::At) => self.words(&[("at", "a moment")]),
            _ => {}
        }
    }

    pub(super) fn in_cases(&mut self, statement: &[Tok<'_>]) {
        match statement {
            [] => self.categories(|_| true),
            [name, dot] if dot.kind == Kind::Dot => {
                let category = self.category_of(name);
                let others = self.context.others.iter().filter(|other| other.block() == Block::Cases);
                let head = self.context.head(Block::Cases).and_then(|head| head.first()).map(|tok| tok.span);
                let said: HashSet<RowId> = others
                    .filter(|other| other.head().first().map(|tok| tok.span) == head)
                    .filter_map(|other| match other.tokens.as_slice() {
                        [name, _, row, ..] => self.row_of(self.category_of(name), row),
                        _ => None,
                    })
                    .collect();
                self.rows(category, |row| !said.contains(&row));
            }
            [name, _, row, colon, cells @ ..] if colon.kind == Kind::Colon => {
                let row = self.row_of(self.category_of(name), row);
                let cell = cells.rsplit(|tok| tok.kind == Kind::Bar).next().unwrap_or_default();
                if cell.last().is_none_or(|tok| tok.kind == Kind::Comma) {
                    self.levels(row.as_slice(), cell, false);
                }
            }
            _ => {}
        }
    }

    fn categories(&mut self, is_wanted: impl Fn(CategoryId) -> bool) {
        let Some((_, catalog)) = self.ids() else { return };
        for (index, category) in catalog.categories.iter().enumerate() {
            if is_wanted(CategoryId::at(index)) && !category.id.is_empty() {
                self.name(CompletionKind::Category, &category.id, category.title.as_deref().map(Into::into));
                self.document(category.doc.as_deref().map(lines));
            }
        }
    }

    /// Whether there is a row in an organization of this kind.
    fn is_here(&self, row: &Row) -> bool {
        !row.only_managed || self.inside.is_none_or(|(_, known)| known.kind != OrganizationKind::Direct)
    }

    fn rows(&mut self, category: Option<CategoryId>, is_wanted: impl Fn(RowId) -> bool) {
        let (Some((_, catalog)), Some(category)) = (self.ids(), category) else { return };
        for (id, row) in catalog.rows_of(category) {
            if is_wanted(id) && !row.id.is_empty() && self.is_here(row) {
                let offered = row.shape.offered().join(", ");
                let detail = match &row.title {
                    Some(title) => format!("{title} · {offered}"),
                    None => offered,
                };
                self.name(CompletionKind::Row, &row.id, Some(detail));
                let remarks = row.notes.iter().chain(&row.caveats).map(|text| lines(text));
                let texts: Vec<String> = row.doc.iter().map(|doc| lines(doc)).chain(remarks).collect();
                self.document(Some(texts.join("\n\n")));
            }
        }
    }

    /// What the role that the cursor is in starts from.
    fn bases_here(&self) -> Vec<&'w Role> {
        let head = self.context.head(Block::Role).unwrap_or_default();
        let names = head.iter().skip_while(|tok| tok.kind != Kind::From).skip(1);
        let own = self.inside.map(|(_, known)| known.roles.as_slice()).unwrap_or_default();
        let templates = self.templates();
        names
            .filter(|tok| is_name(tok.kind))
            .filter_map(|tok| {
                let name = text(tok);
                let mut all = own.iter().chain(templates);
                all.find(|role| *role.id == *name && role.is_whole)
            })
            .collect()
    }

    /// The levels that all of some rows offer; with what the bases give told beside.
    fn levels(&mut self, rows: &[RowId], words: &[Tok<'_>], is_asked: bool) {
        let Some((id, catalog)) = self.ids() else { return };
        let rows: Vec<&Row> = rows.iter().filter_map(|row| catalog.row(*row)).collect();
        let Some((first, others)) = rows.split_first() else { return };
        let said: Vec<_> = words.iter().map(text).collect();
        // A list stands on a row of verbs, or is what a test asks.
        if !said.is_empty() && first.shape.form() != Form::Verbs && !is_asked {
            return;
        }
        let bases = self.bases_here();
        let given = |row: &Row| {
            let floor = row.shape.floor();
            let of = bases.iter().filter(|base| base.catalog == id);
            of.fold(floor, |held, base| held | base.cells.get(row))
        };
        let mut offered = first.shape.offered();
        if first.shape.form() == Form::Verbs && !is_asked {
            offered.push("full");
        }
        for word in offered {
            let level = first.shape.exact(&[word]).unwrap_or_default();
            let is_offered = others.iter().all(|row| row.shape.exact(&[word]).is_ok());
            let is_again = said.iter().any(|known| known == word);
            let is_alone = !is_asked && !said.is_empty() && matches!(word, "none" | "full");
            let is_nothing = is_asked && first.shape.floor().contains(level);
            if !is_offered || is_again || is_alone || is_nothing {
                continue;
            }
            let detail = if bases.is_empty() { None } else { against(first, level, given(first)) };
            self.level(word, detail);
        }
    }

    fn level(&mut self, word: &str, detail: Option<String>) {
        // In a list of levels any word is an id.
        let is_plain = crate::syntax::is_bare(word) || word == "all";
        let written = if is_plain { word.to_owned() } else { crate::syntax::quoted(word) };
        self.push(CompletionKind::Level, word, written, detail);
    }

    /// The words that some row in reach of a spread offers, with how many do.
    fn spread_levels(&mut self, reach: Option<CategoryId>, words: &[Tok<'_>]) {
        let Some((_, catalog)) = self.ids() else { return };
        let said: Vec<_> = words.iter().map(text).collect();
        let mut known: Vec<(&str, usize)> = Vec::new();
        let mut all = 0;
        for row in catalog.rows.iter().filter(|row| reach.is_none_or(|reach| reach == row.category)) {
            all += 1;
            for word in
                row.shape.offered().into_iter().chain((row.shape.form() == Form::Verbs).then_some("full"))
            {
                match known.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, count)) => *count += 1,
                    None => known.push((word, 1)),
                }
            }
        }
        known.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (word, count) in known {
            if !said.iter().any(|said| said == word) {
                self.level(word, Some(format!("offered by {count} of {all} rows")));
            }
        }
    }

    pub(super) fn kinds(&mut self) {
        let Some(id) = self.catalog_here() else { return };
        for (scope, member) in symbol::kinds(self.ws, id) {
            let name = scope.name(member.node.id);
            let shape = scope.text(crate::source::Span::new(0, member.end - member.start));
            let shape = shape.rsplit('=').next().unwrap_or_default().trim().to_owned();
            self.name(CompletionKind::Kind, &name, Some(shape));
        }
    }

    /// The catalog whose text the cursor is in.
    fn catalog_here(&self) -> Option<CatalogId> {
        let name = text(self.context.head(Block::Catalog)?.get(1)?);
        let ground = self.ws.ground()?;
        let here = ground.catalogs_in(self.file).iter().copied();
        here.into_iter().find(|id| symbol::catalog(self.ws, *id).is_some_and(|known| *known.id == *name))
    }

    /// The words of a row's kind that it does not drop yet.
    pub(super) fn dropped(&mut self, statement: &[Tok<'_>]) {
        let Some(id) = self.catalog_here() else { return };
        let after = statement.iter().skip_while(|tok| tok.kind != Kind::Colon).skip(1);
        let kind = after.clone().next();
        let said: Vec<_> = after.skip_while(|tok| tok.kind != Kind::Without).map(text).collect();
        let Some((scope, member)) = kind.and_then(|tok| symbol::kind(self.ws, id, &text(tok))) else {
            return;
        };
        let words: &[crate::syntax::ast::Name] = match &member.node.shape {
            crate::syntax::ast::Shape::Ladder(words) | crate::syntax::ast::Shape::Verbs(words) => words,
            crate::syntax::ast::Shape::Flag => &[],
        };
        for word in words {
            let word = scope.name(*word);
            if !said.contains(&word) {
                self.level(&word, None);
            }
        }
    }
}

/// How a level stands to what the bases give.
fn against(row: &Row, level: Actions, given: Actions) -> Option<String> {
    let held = spelled_level(&row.shape, given);
    let is_verbs = row.shape.form() == Form::Verbs;
    if level == given {
        Some("given already".to_owned())
    } else if is_verbs {
        (!level.is_empty() && given.contains(level)).then(|| "given already".to_owned())
    } else {
        (!level.contains(given)).then(|| format!("below the {held} given"))
    }
}
