//! What is shown of a name: what it is, what is written about it, and what it means where it stands.

mod cards;
mod effect;

use crate::ide::markdown::code;
use crate::ide::names::{Named, name_at};
use crate::ide::owner;
use crate::ide::symbol::{LevelOf, Symbol};
use crate::model::{Organization, Role, RoleRef, Roles, Subject};
use crate::source::{FileId, Span};
use crate::syntax::ast;
use crate::vocab::{CatalogId, RowId};
use crate::workspace::Workspace;

/// What is shown of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The name.
    pub span: Span,
    /// What is shown, as Markdown.
    pub markdown: String,
}

/// What is shown at an offset.
pub fn hover(ws: &Workspace, file: FileId, offset: u32) -> Option<Hover> {
    let name = name_at(ws, file, offset)?;
    let symbol = name.symbol.clone()?;
    let mut parts = match &symbol {
        Symbol::Catalog(id) => cards::catalog(ws, *id),
        Symbol::Category(id, category) => cards::category(ws, *id, *category),
        Symbol::Row(id, row) => cards::row(ws, *id, *row),
        Symbol::Kind(id, kind) => cards::kind(ws, *id, kind),
        Symbol::Level(id, of, word) => cards::level(ws, *id, of, word),
        Symbol::Template(_) | Symbol::Role(..) => cards::role(ws, &symbol),
        Symbol::Roles(id, text) => cards::roles(ws, *id, text),
        Symbol::Organization(id) => cards::organization(ws, *id),
        Symbol::Principal(organization, index) => {
            cards::principal(ws, *organization, *index, file, name.span)
        }
    };
    let here = here(ws, file, &name, &symbol);
    if !here.is_empty() {
        parts.push("---".to_owned());
        parts.extend(here);
    }
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| Hover { span: name.span, markdown: parts.join("\n\n") })
}

/// What a name means for who is spoken of where it stands.
fn here(ws: &Workspace, file: FileId, name: &Named<'_>, symbol: &Symbol) -> Vec<String> {
    let offset = name.span.start;
    if let Some(owner) = owner::at(ws, file, offset) {
        let of_role = |id: CatalogId| id == owner.role.catalog;
        return match symbol {
            Symbol::Row(id, row) if of_role(*id) => effect::row(ws, &owner, *row),
            Symbol::Level(id, LevelOf::Row(row), _) if of_role(*id) => effect::row(ws, &owner, *row),
            Symbol::Level(id, LevelOf::Reach(reach), _) if of_role(*id) => effect::spread(&owner, *reach),
            Symbol::Category(id, category) if of_role(*id) => effect::category(&owner, *category),
            _ => Vec::new(),
        };
    }
    let row = match symbol {
        Symbol::Row(_, row) | Symbol::Level(_, LevelOf::Row(row), _) => *row,
        _ => return Vec::new(),
    };
    subject_at(ws, file, offset).map(|subject| effect::subject(ws, &subject, row)).unwrap_or_default()
}

/// Who a line of a test is about.
struct Asked<'w> {
    organization: &'w Organization,
    roles: Roles<'w>,
    subject: Subject,
}

impl<'w> Asked<'w> {
    /// The roles that the subject has, by what they are called by.
    fn held(&self) -> Vec<(RoleRef, &'w Role)> {
        let mut held: Vec<RoleRef> = match self.subject {
            Subject::Role(role) => vec![role],
            Subject::Principal(index) => {
                let principal = self.organization.principals.get(index);
                let assignments = principal.into_iter().flat_map(|principal| &principal.assignments);
                assignments.map(|assignment| assignment.role).collect()
            }
        };
        held.sort_unstable();
        held.dedup();
        held.into_iter().filter_map(|id| self.roles.get(id).map(|role| (id, role))).collect()
    }
}

fn subject_at(ws: &Workspace, file: FileId, offset: u32) -> Option<Asked<'_>> {
    let (source, tree, ground) = (ws.sources().file(file)?, ws.tree(file)?, ws.ground()?);
    for opened in &tree.organizations {
        let is_here = |start: u32, end: u32| start <= offset && offset <= end;
        let Some(test) = opened.tests.iter().find(|test| is_here(test.start, test.end)) else { continue };
        let is_it = |span: &Span| is_here(span.start + test.start, span.end + test.start);
        let named = subject_of(&test.node, is_it)?;
        let (_, organization) = owner::opening(ws, file, source, opened)?;
        let subject = name_at(ws, file, named.span.start + test.start)?.symbol?;
        let subject = match subject {
            Symbol::Template(id) => Subject::Role(RoleRef::Template(id)),
            Symbol::Role(_, id) => Subject::Role(RoleRef::Own(id)),
            Symbol::Principal(_, index) => Subject::Principal(index),
            _ => return None,
        };
        let roles = Roles { templates: &ground.shared().templates, own: &organization.roles };
        return Some(Asked { organization, roles, subject });
    }
    None
}

/// Whom the line of a test is about that a cursor is in, where that is one; in a table whom its column is.
fn subject_of(test: &ast::Test, is_it: impl Fn(&Span) -> bool) -> Option<ast::Name> {
    if let Some(line) = test.assertions.iter().find(|line| is_it(&line.span)) {
        return match line.subjects.as_slice() {
            [only] => Some(only.name()),
            _ => None,
        };
    }
    let cases = test.cases.iter().find(|cases| is_it(&cases.span))?;
    let line = cases.rows.iter().find(|row| is_it(&row.span))?;
    let column = line.cells.iter().position(|cell| is_it(&cell.span))?;
    Some(cases.subjects.get(column)?.name())
}

/// Where something stands, as people write it.
pub(super) fn position(ws: &Workspace, place: crate::source::Place) -> String {
    let name = ws.sources().file(place.file).map(|source| source.name()).unwrap_or_default();
    let (line, _) = ws.sources().line_column(place);
    code(&format!("{name}:{line}"))
}

/// A row as it is written in full.
fn spelled(catalog: &crate::catalog::Catalog, row: RowId) -> String {
    let Some(row) = catalog.row(row) else { return String::new() };
    let category = catalog.category(row.category).map_or("", |category| &category.id);
    let bare = crate::tools::ask::bare_or_quoted;
    code(&format!("{}.{}", bare(category), bare(&row.id)))
}
