//! What a name may mean: a thing of the policy, by its ids, and where that is declared. Says nothing of how a name was
//! resolved (`resolve`).

use crate::catalog::{Catalog, Row};
use crate::model::{Role, RoleRef};
use crate::source::{FileId, Place};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, CategoryId, OrganizationId, OwnRoleId, RowId, TemplateId};
use crate::workspace::Workspace;

/// A thing that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A catalog.
    Catalog(CatalogId),
    /// A category.
    Category(CatalogId, CategoryId),
    /// A row.
    Row(CatalogId, RowId),
    /// A kind of a catalog, by its name.
    Kind(CatalogId, Box<str>),
    /// A template.
    Template(TemplateId),
    /// A role of an organization.
    Role(OrganizationId, OwnRoleId),
    /// Every role of this name in the organizations of a catalog: what a forbid at the top passes over.
    Roles(CatalogId, Box<str>),
    /// An organization.
    Organization(OrganizationId),
    /// A principal of an organization, by position.
    Principal(OrganizationId, usize),
    /// A level, by what it is a level of and its word.
    Level(CatalogId, LevelOf, Box<str>),
}

/// What a level is a level of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LevelOf {
    /// A kind, by its name.
    Kind(Box<str>),
    /// A row, or its kind where it has one by name.
    Row(RowId),
    /// What a spread reaches: a category, or all.
    Reach(Option<CategoryId>),
}

/// A catalog, by its id.
pub(super) fn catalog(ws: &Workspace, id: CatalogId) -> Option<&Catalog> {
    ws.ground()?.shared().catalogs.get(id.index())
}

/// A row, by its id.
pub(super) fn row(ws: &Workspace, id: CatalogId, row: RowId) -> Option<&Row> {
    catalog(ws, id)?.row(row)
}

/// A role of an organization, or a template where none is given.
pub(super) fn role(ws: &Workspace, organization: Option<OrganizationId>, role: RoleRef) -> Option<&Role> {
    match role {
        RoleRef::Template(id) => ws.ground()?.shared().templates.get(id.index()),
        RoleRef::Own(id) => ws.organization(organization?)?.roles.get(id.index()),
    }
}

/// The tree of a catalog, and its file.
pub(super) fn catalog_tree(ws: &Workspace, id: CatalogId) -> Option<(FileId, &ast::Catalog)> {
    let file = catalog(ws, id)?.place.file;
    let index = ws.ground()?.catalogs_in(file).iter().position(|known| *known == id)?;
    Some((file, ws.tree(file)?.catalogs.get(index)?))
}

/// The tree of a row, and the scope that its names are read in.
pub(super) fn row_tree(ws: &Workspace, id: CatalogId, row_id: RowId) -> Option<(Scope<'_>, &ast::Row)> {
    let (file, tree) = catalog_tree(ws, id)?;
    let at = row(ws, id, row_id)?.place.span.start;
    let next = tree.categories.partition_point(|member| member.start <= at);
    let member = tree.categories.get(next.checked_sub(1)?)?;
    let rows = &member.node.rows;
    let inside = at.checked_sub(member.start)?;
    let found = rows.binary_search_by_key(&inside, |row| row.id.span.start).ok()?;
    Some((Scope::new(ws.sources().file(file)?, file, member), rows.get(found)?))
}

/// The kinds of a catalog that have a name of their own: of several with the same the first.
pub(super) fn kinds(
    ws: &Workspace,
    id: CatalogId,
) -> impl Iterator<Item = (Scope<'_>, &ast::Member<ast::Kind>)> {
    let found = catalog_tree(ws, id).and_then(|(file, tree)| Some((file, ws.sources().file(file)?, tree)));
    found.into_iter().flat_map(|(file, source, tree)| {
        tree.kinds.iter().map(move |member| (Scope::new(source, file, member), member))
    })
}

/// A kind by its name.
pub(super) fn kind<'w>(
    ws: &'w Workspace,
    id: CatalogId,
    name: &str,
) -> Option<(Scope<'w>, &'w ast::Member<ast::Kind>)> {
    kinds(ws, id).find(|(scope, member)| scope.name(member.node.id) == name)
}

/// What a level is a level of, where a row's kind has a name of its own.
pub(super) fn home(ws: &Workspace, id: CatalogId, of: &LevelOf) -> LevelOf {
    if let LevelOf::Row(row) = of
        && let Some((scope, tree)) = row_tree(ws, id, *row)
        && let ast::KindRef::Named(name) = tree.kind
    {
        return LevelOf::Kind(scope.name(name).into());
    }
    of.clone()
}

/// The levels of this word in what a spread reaches, by their kinds.
pub(super) fn reached(ws: &Workspace, id: CatalogId, reach: Option<CategoryId>, word: &str) -> Vec<LevelOf> {
    let Some(catalog) = catalog(ws, id) else { return Vec::new() };
    let mut homes: Vec<LevelOf> = Vec::new();
    // Rows of one kind have one home: it is looked for once.
    let mut seen: Vec<&str> = Vec::new();
    for (row_id, row) in catalog.all_rows() {
        if reach.is_some_and(|reach| reach != row.category) || !row.shape.knows(word) {
            continue;
        }
        let is_named = kind(ws, id, &row.kind).is_some();
        if is_named && seen.contains(&&*row.kind) {
            continue;
        }
        seen.push(&row.kind);
        let home = home(ws, id, &LevelOf::Row(row_id));
        if !homes.contains(&home) {
            homes.push(home);
        }
    }
    homes
}

/// Where things are declared.
pub(super) fn declared(ws: &Workspace, symbol: &Symbol) -> Vec<Place> {
    let one = |place: Option<Place>| place.into_iter().collect();
    match symbol {
        Symbol::Catalog(id) => one(catalog(ws, *id).map(|catalog| catalog.place)),
        Symbol::Category(id, category) => {
            one(catalog(ws, *id).and_then(|known| known.category(*category)).map(|known| known.place))
        }
        Symbol::Row(id, row_id) => one(row(ws, *id, *row_id).map(|row| row.place)),
        Symbol::Kind(id, name) => one(kind(ws, *id, name).map(|(scope, member)| scope.at(member.node.id))),
        Symbol::Template(id) => one(role(ws, None, RoleRef::Template(*id)).map(|role| role.place)),
        Symbol::Role(organization, id) => {
            one(role(ws, Some(*organization), RoleRef::Own(*id)).map(|role| role.place))
        }
        Symbol::Roles(catalog, name) => {
            let roles = ws.organizations().flat_map(|organization| &organization.roles);
            let named = roles.filter(|role| role.catalog == *catalog && role.id == *name);
            named.map(|role| role.place).collect()
        }
        Symbol::Organization(id) => one(ws.organization(*id).map(|known| known.place)),
        Symbol::Principal(organization, index) => {
            let principals = ws.organization(*organization).map(|known| &known.principals);
            one(principals.and_then(|all| all.get(*index)).map(|known| known.place))
        }
        Symbol::Level(id, LevelOf::Reach(reach), word) => {
            let homes = reached(ws, *id, *reach, word);
            homes.iter().filter_map(|home| level(ws, *id, home, word)).collect()
        }
        Symbol::Level(id, of, word) => one(level(ws, *id, &home(ws, *id, of), word)),
    }
}

/// Where a level is declared: its word in its kind, or the kind where it has no word for it.
fn level(ws: &Workspace, id: CatalogId, home: &LevelOf, word: &str) -> Option<Place> {
    let (scope, shape, whole) = match home {
        LevelOf::Kind(name) => {
            let (scope, member) = kind(ws, id, name)?;
            (scope, &member.node.shape, scope.at(member.node.id))
        }
        LevelOf::Row(row_id) => {
            let (scope, tree) = row_tree(ws, id, *row_id)?;
            let ast::KindRef::Stated(shape, span) = &tree.kind else { return None };
            (scope, shape, scope.place(*span))
        }
        LevelOf::Reach(_) => return None,
    };
    let words: &[ast::Name] = match shape {
        ast::Shape::Ladder(words) | ast::Shape::Verbs(words) => words,
        ast::Shape::Flag => &[],
    };
    Some(words.iter().find(|name| scope.name(**name) == word).map_or(whole, |name| scope.at(*name)))
}
