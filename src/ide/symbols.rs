//! What a file and a workspace have: outlines and searches.

use crate::ide::blocks::{container, pairs};
use crate::source::{FileId, Place, Span};
use crate::syntax::{Scope, ast};
use crate::workspace::Workspace;

/// What an entry of an outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of the language")]
pub enum SymbolKind {
    Catalog,
    Kind,
    Category,
    Row,
    Template,
    Organization,
    Role,
    Assignment,
    Forbid,
    Requirement,
    Test,
    Principal,
}

/// An entry of a file's outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What it is called.
    pub name: String,
    /// A few words beside it; may be empty.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub whole: Span,
    /// Its name, a part of the whole.
    pub name_span: Span,
    /// What is in it.
    pub children: Vec<Outline>,
}

/// Something found in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is called.
    pub name: String,
    /// What it is in; may be empty.
    pub container: String,
    /// What it is.
    pub kind: SymbolKind,
    /// Where it is declared.
    pub place: Place,
}

/// The outline of a file.
pub fn document_symbols(ws: &Workspace, file: FileId) -> Vec<Outline> {
    let (Some(source), Some(tree)) = (ws.sources().file(file), ws.tree(file)) else { return Vec::new() };
    let pairs = pairs(source.text());
    let mut outlines = Vec::new();
    for catalog in &tree.catalogs {
        let scope = Scope::new(source, file, &catalog.head);
        let head = &catalog.head.node;
        let mut outline = named(scope, &catalog.head, head.id, head.title, SymbolKind::Catalog);
        outline.whole = container(source, tree, &pairs, &catalog.head);
        for member in &catalog.kinds {
            let scope = Scope::new(source, file, member);
            outline.children.push(named(scope, member, Some(member.node.id), None, SymbolKind::Kind));
        }
        for member in &catalog.categories {
            let scope = Scope::new(source, file, member);
            let node = &member.node;
            let mut category = named(scope, member, node.id, node.title, SymbolKind::Category);
            category.children = node.rows.iter().map(|row| self::row(scope, row)).collect();
            outline.children.push(category);
        }
        outlines.push(outline);
    }
    for member in &tree.templates {
        let scope = Scope::new(source, file, member);
        outlines.push(named(scope, member, member.node.id, member.node.title, SymbolKind::Template));
    }
    for member in &tree.forbids {
        let scope = Scope::new(source, file, member);
        outlines.push(named(scope, member, member.node.title, None, SymbolKind::Forbid));
    }
    for member in &tree.requires {
        let scope = Scope::new(source, file, member);
        outlines.push(named(scope, member, member.node.title, None, SymbolKind::Requirement));
    }
    for opened in &tree.organizations {
        let scope = Scope::new(source, file, &opened.head);
        let head = &opened.head.node;
        let mut outline = named(scope, &opened.head, head.id, head.title, SymbolKind::Organization);
        outline.whole = container(source, tree, &pairs, &opened.head);
        for member in &opened.roles {
            let scope = Scope::new(source, file, member);
            let node = &member.node;
            outline.children.push(named(scope, member, node.id, node.title, SymbolKind::Role));
        }
        for member in &opened.assignments {
            let scope = Scope::new(source, file, member);
            let mut one = named(scope, member, Some(member.node.role), None, SymbolKind::Assignment);
            let names: Vec<_> = member.node.principals.iter().map(|one| scope.name(one.name)).collect();
            one.detail = format!("to {}", names.join(", "));
            outline.children.push(one);
        }
        for member in &opened.forbids {
            let scope = Scope::new(source, file, member);
            outline.children.push(named(scope, member, member.node.title, None, SymbolKind::Forbid));
        }
        for member in &opened.requires {
            let scope = Scope::new(source, file, member);
            outline.children.push(named(scope, member, member.node.title, None, SymbolKind::Requirement));
        }
        for member in &opened.tests {
            let scope = Scope::new(source, file, member);
            outline.children.push(named(scope, member, member.node.title, None, SymbolKind::Test));
        }
        outlines.push(outline);
    }
    for outline in &mut outlines {
        outline.children.sort_by_key(|child| child.whole.start);
    }
    outlines.sort_by_key(|outline| outline.whole.start);
    outlines
}

fn named<T>(
    scope: Scope<'_>,
    member: &ast::Member<T>,
    name: Option<ast::Name>,
    title: Option<ast::Name>,
    kind: SymbolKind,
) -> Outline {
    let text = name.map(|name| scope.name(name).into_owned()).unwrap_or_default();
    Outline {
        // An outline has no entry without a name.
        name: if text.is_empty() { "?".to_owned() } else { text },
        detail: title.map(|title| scope.name(title).into_owned()).unwrap_or_default(),
        kind,
        whole: Span::new(member.start, member.end),
        name_span: name.map_or(Span::new(member.start, member.start), |name| scope.at(name).span),
        children: Vec::new(),
    }
}

fn row(scope: Scope<'_>, row: &ast::Row) -> Outline {
    let name = scope.at(row.id).span;
    let mut whole = name;
    for inside in row.without.iter().chain(&row.title) {
        whole = whole.to(scope.at(*inside).span);
    }
    if let ast::KindRef::Named(kind) = row.kind {
        whole = whole.to(scope.at(kind).span);
    }
    if let ast::KindRef::Stated(_, span) = row.kind {
        whole = whole.to(scope.place(span).span);
    }
    Outline {
        name: scope.name(row.id).into_owned(),
        detail: row.title.map(|title| scope.name(title).into_owned()).unwrap_or_default(),
        kind: SymbolKind::Row,
        whole,
        name_span: name,
        children: Vec::new(),
    }
}

/// What of all files has the letters of a query in its name or title, in their order; the best first.
pub fn workspace_symbols(ws: &Workspace, query: &str) -> Vec<Found> {
    const SHOWN: usize = 200;
    let query: Vec<char> =
        query.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let mut found: Vec<(u32, Found)> = Vec::new();
    let mut offer = |name: &str, title: Option<&str>, container: &str, kind, place| {
        let score = score(&query, name).max(title.and_then(|title| score(&query, title)));
        if let Some(score) = score.filter(|_| !name.is_empty()) {
            let (name, container) = (name.to_owned(), container.to_owned());
            found.push((score, Found { name, container, kind, place }));
        }
    };
    let shared = ws.ground().map(|ground| ground.shared());
    for catalog in shared.into_iter().flat_map(|shared| &*shared.catalogs) {
        offer(&catalog.id, catalog.title.as_deref(), "", SymbolKind::Catalog, catalog.place);
        for category in &catalog.categories {
            offer(&category.id, category.title.as_deref(), &catalog.id, SymbolKind::Category, category.place);
        }
        for row in &catalog.rows {
            let category = catalog.category(row.category).map_or("", |category| &category.id);
            offer(&row.id, row.title.as_deref(), category, SymbolKind::Row, row.place);
        }
    }
    for template in shared.into_iter().flat_map(|shared| &shared.templates) {
        offer(&template.id, template.title.as_deref(), "", SymbolKind::Template, template.place);
    }
    for organization in ws.organizations() {
        let id = &*organization.id;
        offer(id, organization.title.as_deref(), "", SymbolKind::Organization, organization.place);
        for role in &organization.roles {
            offer(&role.id, role.title.as_deref(), id, SymbolKind::Role, role.place);
        }
        for principal in &organization.principals {
            offer(&principal.name, None, id, SymbolKind::Principal, principal.place);
        }
        for forbid in &organization.forbids {
            offer(&forbid.title, None, id, SymbolKind::Forbid, forbid.place);
        }
        for requirement in &organization.requires {
            offer(&requirement.title, None, id, SymbolKind::Requirement, requirement.place);
        }
        for test in &organization.tests {
            offer(&test.title, None, id, SymbolKind::Test, test.place);
        }
    }
    found.sort_by(|(a, one), (b, other)| {
        let key = |found: &Found| (found.name.len(), found.name.clone(), found.place);
        b.cmp(a).then_with(|| key(one).cmp(&key(other)))
    });
    found.truncate(SHOWN);
    found.into_iter().map(|(_, found)| found).collect()
}

/// How well a name fits the letters of a query; none where they are not all in it, in their order. Letters that stand
/// together, and at the beginnings of words, count more.
fn score(query: &[char], name: &str) -> Option<u32> {
    let mut wanted = query.iter();
    let mut next = wanted.next();
    let (mut score, mut run, mut before) = (0_u32, 0_u32, ' ');
    let mut rest = 0_u32;
    for c in name.chars().flat_map(char::to_lowercase) {
        if Some(&c) == next {
            let begins = !before.is_alphanumeric();
            run += 1;
            score = score.saturating_add(run.min(8) * 4 + if begins { 6 } else { 0 });
            next = wanted.next();
        } else {
            run = 0;
            rest = rest.saturating_add(1);
        }
        before = c;
    }
    next.is_none().then(|| score.saturating_mul(64).saturating_sub(rest.min(63)))
}
