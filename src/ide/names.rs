//! Every name of a file with what it means: a walk through its tree. A walk may be held to a range, so that what is
//! asked of one place costs only the member there. Where the text is damaged, what no tree has is read from the tokens.

mod damaged;

use std::borrow::Cow;

use crate::check::Ground;
use crate::ide::resolve::{self, Inside};
use crate::ide::symbol::{LevelOf, Symbol, catalog};
use crate::source::{FileId, Place, SourceFile, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, CategoryId, OrganizationId, RowId};
use crate::workspace::Workspace;

pub(super) use self::damaged::Stray;

/// A name where it stands.
#[derive(Clone, Debug)]
pub struct Named<'w> {
    /// The token, its quotes included.
    pub span: Span,
    /// What it says.
    pub text: Cow<'w, str>,
    /// What a name at this place is of.
    pub sort: Sort,
    /// Whether it declares what it means.
    pub is_declared: bool,
    /// Whether a line of a test begins with it and it is a role: in quotes it would be a principal.
    pub is_subject: bool,
    /// What it means; none where there is no such thing.
    pub symbol: Option<Symbol>,
}

/// What a name at some place is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A catalog.
    Catalog,
    /// The path of a file that holds a catalog.
    Path,
    /// A category.
    Category,
    /// A row.
    Row,
    /// A kind.
    Kind,
    /// A template.
    Template,
    /// A role, or a template where one may stand for it.
    Role,
    /// An organization.
    Organization,
    /// A principal.
    Principal,
    /// A level.
    Level,
    /// What a catalog limits.
    Limit,
}

/// Every name of a file, in the order of its text.
pub fn names(ws: &Workspace, file: FileId) -> Vec<Named<'_>> {
    walk(ws, file, None)
}

/// The name that an offset touches.
pub fn name_at(ws: &Workspace, file: FileId, offset: u32) -> Option<Named<'_>> {
    let found = walk(ws, file, Some(Span::new(offset, offset)));
    // Between two that touch, the one that begins.
    found.into_iter().rfind(|name| name.span.start <= offset && offset <= name.span.end)
}

/// The names of the members that touch a range.
pub(super) fn walk(ws: &Workspace, file: FileId, range: Option<Span>) -> Vec<Named<'_>> {
    walk_all(ws, file, range).0
}

/// The names of a file, and its words and strings of which nobody knows what they name. One may be both: a name by what
/// is the likeliest.
pub(super) fn walk_all(ws: &Workspace, file: FileId, range: Option<Span>) -> (Vec<Named<'_>>, Vec<Stray>) {
    let (Some(source), Some(tree)) = (ws.sources().file(file), ws.tree(file)) else {
        return (Vec::new(), Vec::new());
    };
    let ground = ws.ground();
    let catalog = ground.and_then(|ground| ground.catalog_of(file));
    let (found, strays) = (Vec::new(), Vec::new());
    let (organization, is_unsure) = (None, false);
    let mut walker =
        Walker { ws, ground, file, source, range, catalog, organization, is_unsure, found, strays };
    walker.file(tree);
    if ws.is_damaged(file) {
        walker.damaged();
    }
    let Walker { mut found, strays, .. } = walker;
    found.sort_by_key(|name| name.span);
    (found, strays)
}

struct Walker<'w> {
    ws: &'w Workspace,
    ground: Option<&'w Ground>,
    file: FileId,
    source: &'w SourceFile,
    range: Option<Span>,
    /// The catalog that is spoken of.
    catalog: Option<CatalogId>,
    /// The organization that is spoken of; none where its head does not tell which it is.
    organization: Option<OrganizationId>,
    /// Whether it is not told which organization is spoken of.
    is_unsure: bool,
    found: Vec<Named<'w>>,
    strays: Vec<Stray>,
}

/// Where roles are named.
enum Names<'c, 'w> {
    Templates,
    Organization(Option<&'c Inside<'w>>),
    /// At the top, by a forbid.
    Anywhere,
}

impl<'w> Walker<'w> {
    /// The scope of a member, where it is to be walked.
    fn scope<T>(&self, member: &ast::Member<T>) -> Option<Scope<'w>> {
        let touches = |range: Span| member.start <= range.end && range.start <= member.end;
        self.range.is_none_or(touches).then(|| Scope::new(self.source, self.file, member))
    }

    fn push(&mut self, scope: Scope<'w>, name: ast::Name, sort: Sort, symbol: Option<Symbol>) {
        let (span, text) = (scope.at(name).span, scope.name(name));
        let is_elsewhere = self.is_unsure && matches!(sort, Sort::Role | Sort::Principal);
        if (symbol.is_none() && !matches!(sort, Sort::Limit | Sort::Path)) || is_elsewhere {
            let (organization, is_top) = (self.organization, sort == Sort::Catalog);
            self.strays.push(Stray { span, organization, is_top, sort: Some(sort) });
        }
        self.found.push(Named { span, text, sort, is_declared: false, is_subject: false, symbol });
    }

    fn declare(&mut self, scope: Scope<'w>, name: ast::Name, sort: Sort, symbol: Option<Symbol>) {
        self.push(scope, name, sort, symbol);
        if let Some(last) = self.found.last_mut() {
            last.is_declared = true;
        }
    }

    fn file(&mut self, tree: &'w ast::File) {
        for (index, member) in tree.uses.iter().enumerate() {
            let Some(scope) = self.scope(member) else { continue };
            let name = member.node.catalog;
            let found = if index == 0 {
                self.catalog
            } else {
                let ground = self.ground.filter(|_| !member.node.is_path);
                ground.and_then(|ground| ground.find_catalog(&scope.name(name)))
            };
            let sort = if member.node.is_path { Sort::Path } else { Sort::Catalog };
            self.push(scope, name, sort, found.map(Symbol::Catalog));
        }
        let ids = self.ground.map(|ground| ground.catalogs_in(self.file)).unwrap_or_default();
        for (index, tree) in tree.catalogs.iter().enumerate() {
            self.catalog_of_file(tree, ids.get(index).copied());
        }
        for member in &tree.templates {
            let Some(scope) = self.scope(member) else { continue };
            let find = |name: &str| resolve::template(self.ground?, name);
            let declared = member.node.id.and_then(|name| find(&scope.name(name)));
            if let Some(name) = member.node.id {
                self.declare(scope, name, Sort::Template, declared);
            }
            self.role(scope, &member.node, &Names::Templates);
        }
        for member in &tree.forbids {
            self.forbid(member, &Names::Anywhere);
        }
        for member in &tree.requires {
            self.require(member, &Names::Anywhere);
        }
        for tree in &tree.organizations {
            self.organization(tree);
        }
    }

    fn role_named(&self, names: &Names<'_, 'w>, name: &str) -> Option<Symbol> {
        match names {
            Names::Templates => resolve::template(self.ground?, name),
            Names::Organization(inside) => (*inside)?.role(name),
            Names::Anywhere => resolve::exception(self.ws, self.ground?, self.catalog?, name),
        }
    }

    fn refer(&mut self, scope: Scope<'w>, name: ast::Name, names: &Names<'_, 'w>) {
        let sort = if matches!(names, Names::Templates) { Sort::Template } else { Sort::Role };
        let symbol = self.role_named(names, &scope.name(name));
        self.push(scope, name, sort, symbol);
    }

    fn catalog_of_file(&mut self, tree: &'w ast::Catalog, id: Option<CatalogId>) {
        let (ws, data) = (self.ws, id.and_then(|id| catalog(self.ws, id)));
        if let Some(scope) = self.scope(&tree.head)
            && let Some(name) = tree.head.node.id
        {
            self.declare(scope, name, Sort::Catalog, id.map(Symbol::Catalog));
        }
        for member in &tree.kinds {
            let Some(scope) = self.scope(member) else { continue };
            let name = scope.name(member.node.id);
            let symbol = id.and_then(|id| resolve::kind(ws, id, &name));
            self.declare(scope, member.node.id, Sort::Kind, symbol);
            let of = LevelOf::Kind(name.as_ref().into());
            self.shape(scope, &member.node.shape, id, Some(&of));
        }
        let mut index = 0;
        for member in &tree.categories {
            let category = member.node.id.map(|_| CategoryId::at(index));
            index += usize::from(member.node.id.is_some());
            let Some(scope) = self.scope(member) else { continue };
            if let Some(name) = member.node.id {
                let symbol = id.zip(category).map(|(id, category)| Symbol::Category(id, category));
                self.declare(scope, name, Sort::Category, symbol);
            }
            for row in &member.node.rows {
                let start = scope.at(row.id).span.start;
                let found = data.and_then(|data| {
                    data.rows.binary_search_by_key(&start, |row| row.place.span.start).ok().map(RowId::at)
                });
                self.row(scope, row, id, found);
            }
        }
        for member in &tree.limits {
            if let Some(scope) = self.scope(member) {
                self.push(scope, member.node.id, Sort::Limit, None);
            }
        }
        for member in &tree.supers {
            if let Some(scope) = self.scope(member) {
                self.refer(scope, *member.node, &Names::Templates);
            }
        }
    }

    fn row(&mut self, scope: Scope<'w>, row: &'w ast::Row, id: Option<CatalogId>, found: Option<RowId>) {
        let ids = id.zip(found);
        self.declare(scope, row.id, Sort::Row, ids.map(|(id, row)| Symbol::Row(id, row)));
        let of = found.map(LevelOf::Row);
        match &row.kind {
            ast::KindRef::Named(name) => {
                let symbol = id.and_then(|id| resolve::kind(self.ws, id, &scope.name(*name)));
                self.push(scope, *name, Sort::Kind, symbol);
            }
            ast::KindRef::Stated(shape, _) => self.shape(scope, shape, id, of.as_ref()),
        }
        for word in &row.without {
            self.level(scope, *word, id, of.as_ref());
        }
        // The rows that it leads to are of its own catalog, whatever the file uses.
        let of_file = std::mem::replace(&mut self.catalog, id);
        for option in &row.options {
            let ast::RowOption::Escalating { to, .. } = option else { continue };
            for name in to {
                let category = self.category(scope, name.category);
                self.row_named(scope, category, name.row);
            }
        }
        self.catalog = of_file;
    }

    fn shape(&mut self, scope: Scope<'w>, shape: &ast::Shape, id: Option<CatalogId>, of: Option<&LevelOf>) {
        let words: &[ast::Name] = match shape {
            ast::Shape::Ladder(words) | ast::Shape::Verbs(words) => words,
            ast::Shape::Flag => &[],
        };
        for word in words {
            self.level(scope, *word, id, of);
            if let Some(last) = self.found.last_mut() {
                last.is_declared = true;
            }
        }
    }

    fn level(&mut self, scope: Scope<'w>, word: ast::Name, id: Option<CatalogId>, of: Option<&LevelOf>) {
        let text = scope.name(word);
        let knows = |id: CatalogId, of: &LevelOf| match of {
            LevelOf::Kind(_) => true,
            LevelOf::Row(row) => {
                let row = catalog(self.ws, id).and_then(|catalog| catalog.row(*row));
                row.is_some_and(|row| row.shape.knows(&text))
            }
            LevelOf::Reach(reach) => catalog(self.ws, id).is_some_and(|catalog| match reach {
                Some(category) => catalog.rows_of(*category).any(|(_, row)| row.shape.knows(&text)),
                None => catalog.rows.iter().any(|row| row.shape.knows(&text)),
            }),
        };
        let known = id.zip(of).filter(|(id, of)| knows(*id, of));
        let symbol = known.map(|(id, of)| Symbol::Level(id, of.clone(), text.as_ref().into()));
        self.push(scope, word, Sort::Level, symbol);
    }

    fn levels(&mut self, scope: Scope<'w>, levels: &ast::Levels, of: Option<LevelOf>) {
        for word in &levels.words {
            self.level(scope, *word, self.catalog, of.as_ref());
        }
    }

    fn category(&mut self, scope: Scope<'w>, name: ast::Name) -> Option<CategoryId> {
        let found = self.ground.and_then(|ground| resolve::category(ground, self.catalog, &scope.name(name)));
        let symbol = self.catalog.zip(found).map(|(id, category)| Symbol::Category(id, category));
        self.push(scope, name, Sort::Category, symbol);
        found
    }

    fn row_named(
        &mut self,
        scope: Scope<'w>,
        category: Option<CategoryId>,
        name: ast::Name,
    ) -> Option<RowId> {
        let found =
            self.ground.and_then(|ground| resolve::row(ground, self.catalog, category, &scope.name(name)));
        let symbol = self.catalog.zip(found).map(|(id, row)| Symbol::Row(id, row));
        self.push(scope, name, Sort::Row, symbol);
        found
    }

    fn role(&mut self, scope: Scope<'w>, role: &'w ast::Role, names: &Names<'_, 'w>) {
        for base in &role.bases {
            self.refer(scope, *base, names);
        }
        for grant in &role.grants {
            match &grant.what {
                ast::Granted::All(levels) => self.levels(scope, levels, Some(LevelOf::Reach(None))),
                ast::Granted::Row { category, entry } => {
                    let category = self.category(scope, *category);
                    self.entry(scope, category, entry);
                }
                ast::Granted::Category { category, levels, entries, .. } => {
                    let category = self.category(scope, *category);
                    if let Some(levels) = levels {
                        self.levels(scope, levels, category.map(|id| LevelOf::Reach(Some(id))));
                    }
                    for entry in entries {
                        self.entry(scope, category, entry);
                    }
                }
            }
        }
    }

    fn entry(&mut self, scope: Scope<'w>, category: Option<CategoryId>, entry: &'w ast::Entry) {
        let mut first = None;
        for name in &entry.rows {
            let found = self.row_named(scope, category, *name);
            first = first.or(found);
        }
        self.levels(scope, &entry.levels, first.map(LevelOf::Row));
    }

    fn forbid(&mut self, member: &'w ast::Member<ast::Forbid>, names: &Names<'_, 'w>) {
        let Some(scope) = self.scope(member) else { return };
        for name in &member.node.exceptions {
            self.refer(scope, *name, names);
        }
        for line in &member.node.conditions {
            let category = self.category(scope, line.category);
            let row = self.row_named(scope, category, line.row);
            self.levels(scope, &line.levels, row.map(LevelOf::Row));
        }
    }

    fn require(&mut self, member: &'w ast::Member<ast::Require>, names: &Names<'_, 'w>) {
        let Some(scope) = self.scope(member) else { return };
        for name in member.node.roles() {
            self.refer(scope, name, names);
        }
        for line in member.node.conditions() {
            let category = self.category(scope, line.category);
            let row = self.row_named(scope, category, line.row);
            self.levels(scope, &line.levels, row.map(LevelOf::Row));
        }
    }

    fn organization(&mut self, tree: &'w ast::Organization) {
        if let Some(range) = self.range
            && !extent(tree, range)
        {
            return;
        }
        let scope = Scope::new(self.source, self.file, &tree.head);
        let id = tree.head.node.id;
        let (name, place) = match id {
            Some(name) => (scope.name(name), scope.at(name)),
            None => ("".into(), scope.place(Span::new(0, 0))),
        };
        let inside = Inside::find(self.ws, &name, place);
        let inside = inside.as_ref();
        // Each organization uses one catalog, whatever a file of it says.
        let of_file = self.catalog;
        let names = Names::Organization(inside);
        self.enter(inside, self.ws.is_damaged(self.file).then_some(tree.head.start));
        if let Some(name) = id
            && let Some(scope) = self.scope(&tree.head)
        {
            let is_first = inside.is_some_and(|inside| inside.organization.place == place);
            self.push(scope, name, Sort::Organization, inside.map(|inside| Symbol::Organization(inside.id)));
            if let Some(last) = self.found.last_mut() {
                last.is_declared = is_first;
            }
        }
        for member in &tree.roles {
            let Some(scope) = self.scope(member) else { continue };
            if let Some(name) = member.node.id {
                let symbol = inside.and_then(|inside| inside.role(&scope.name(name)));
                let own = symbol.filter(|symbol| matches!(symbol, Symbol::Role(..)));
                self.declare(scope, name, Sort::Role, own);
            }
            self.role(scope, &member.node, &names);
        }
        for member in &tree.assignments {
            let Some(scope) = self.scope(member) else { continue };
            self.refer(scope, member.node.role, &names);
            for principal in &member.node.principals {
                self.principal(scope, principal.name, inside);
            }
        }
        for member in &tree.forbids {
            self.forbid(member, &names);
        }
        for member in &tree.requires {
            self.require(member, &names);
        }
        self.catalog = inside.map_or(of_file, |inside| {
            Some(inside.organization.catalog).filter(|id| catalog(self.ws, *id).is_some())
        });
        for member in &tree.tests {
            let Some(scope) = self.scope(member) else { continue };
            for line in &member.node.assertions {
                for subject in &line.subjects {
                    self.subject(scope, *subject, &names, inside);
                }
                let category = self.category(scope, line.category);
                let row = self.row_named(scope, category, line.row);
                if let Some(levels) = &line.levels {
                    self.levels(scope, levels, row.map(LevelOf::Row));
                }
            }
            for cases in &member.node.cases {
                for subject in &cases.subjects {
                    self.subject(scope, *subject, &names, inside);
                }
                for line in &cases.rows {
                    let category = self.category(scope, line.category);
                    let row = self.row_named(scope, category, line.row);
                    for cell in &line.cells {
                        self.levels(scope, &cell.levels, row.map(LevelOf::Row));
                    }
                }
            }
        }
        self.catalog = of_file;
        self.enter(None, None);
    }

    /// Whom a line of a test names. A role with no word before it would be a principal in quotes.
    fn subject(
        &mut self,
        scope: Scope<'w>,
        subject: ast::Subject,
        names: &Names<'_, 'w>,
        inside: Option<&Inside<'w>>,
    ) {
        match subject {
            ast::Subject::Principal(principal) => self.principal(scope, principal.name, inside),
            ast::Subject::Role(role) => {
                self.refer(scope, role.name, names);
                if let Some(last) = self.found.last_mut() {
                    last.is_subject = role.span == role.name.span;
                }
            }
        }
    }

    fn principal(&mut self, scope: Scope<'w>, name: ast::Name, inside: Option<&Inside<'w>>) {
        let symbol = inside.and_then(|inside| inside.principal(&scope.name(name)));
        let place: Place = scope.at(name);
        let is_first = matches!((&symbol, inside), (Some(Symbol::Principal(_, index)), Some(inside))
            if inside.organization.principals.get(*index).is_some_and(|known| known.place == place));
        self.push(scope, name, Sort::Principal, symbol);
        if let Some(last) = self.found.last_mut() {
            last.is_declared = is_first;
        }
    }
}

/// Whether something of an organization touches a range.
fn extent(tree: &ast::Organization, range: Span) -> bool {
    fn any<T>(members: &[ast::Member<T>], range: Span) -> bool {
        members.iter().any(|member| member.start <= range.end && range.start <= member.end)
    }
    (tree.head.start <= range.end && range.start <= tree.head.end)
        || any(&tree.roles, range)
        || any(&tree.assignments, range)
        || any(&tree.forbids, range)
        || any(&tree.requires, range)
        || any(&tree.tests, range)
}
