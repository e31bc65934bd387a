//! What is written about a thing, wherever it is named.

use crate::catalog::{Catalog, Row};
use crate::ide::hover::{effect, position, spelled};
use crate::ide::markdown::{code, count, lines, list, plain};
use crate::ide::owner::holders;
use crate::ide::symbol::{self, LevelOf, Symbol};
use crate::model::{Assignment, Role, RoleRef, Roles};
use crate::source::{FileId, Span};
use crate::vocab::{
    CatalogId, CategoryId, Escalation, Form, OrganizationId, OrganizationKind, PrincipalKind, RowId, Shape,
};
use crate::workspace::Workspace;

/// A title over an id, or the id alone.
fn head(title: Option<&str>, what: &str, id: &str) -> String {
    match title {
        Some(title) => format!("**{}** · {what} {}", plain(title), code(id)),
        None => format!("{what} {}", code(id)),
    }
}

fn doc(text: Option<&str>) -> String {
    text.map(lines).unwrap_or_default()
}

/// What a row or kind offers, as it is written.
pub(super) fn offered(shape: &Shape) -> String {
    let words: Vec<String> = shape.offered().into_iter().map(code).collect();
    match shape.form() {
        Form::Ladder => words.join(" < "),
        Form::Verbs => format!("any of {}", shape.actions().map(code).collect::<Vec<_>>().join(", ")),
        Form::Flag => words.join(" or "),
    }
}

pub(super) fn catalog(ws: &Workspace, id: CatalogId) -> Vec<String> {
    let Some(catalog) = symbol::catalog(ws, id) else { return Vec::new() };
    let mut facts = vec![
        count(catalog.categories.len(), "category", "categories"),
        count(catalog.rows.len(), "row", "rows"),
    ];
    facts.extend(catalog.version.as_deref().map(|version| format!("version {}", code(version))));
    facts.extend(catalog.custom_roles.map(|limit| format!("at most {limit} custom roles")));
    facts.extend(catalog.super_role.as_deref().map(|role| format!("roles are changed by {}", code(role))));
    if catalog.is_case_sensitive {
        facts.push("ids are case-sensitive".to_owned());
    }
    vec![
        head(catalog.title.as_deref(), "catalog", &catalog.id),
        doc(catalog.doc.as_deref()),
        facts.join(" · "),
    ]
}

pub(super) fn category(ws: &Workspace, id: CatalogId, category: CategoryId) -> Vec<String> {
    let Some(catalog) = symbol::catalog(ws, id) else { return Vec::new() };
    let Some(known) = catalog.category(category) else { return Vec::new() };
    let rows: Vec<String> = catalog.rows_of(category).map(|(_, row)| code(&row.id)).collect();
    vec![
        head(known.title.as_deref(), "category", &known.id),
        doc(known.doc.as_deref()),
        format!("{}: {}", count(rows.len(), "row", "rows"), list(&rows, 12)),
    ]
}

pub(super) fn row(ws: &Workspace, id: CatalogId, row_id: RowId) -> Vec<String> {
    let Some(catalog) = symbol::catalog(ws, id) else { return Vec::new() };
    let Some(row) = catalog.row(row_id) else { return Vec::new() };
    let title = row.title.as_deref().map(|title| format!("**{}** · ", plain(title))).unwrap_or_default();
    let mut parts = vec![
        format!("{title}row {}", spelled(catalog, row_id)),
        doc(row.doc.as_deref()),
        levels(ws, id, row_id, row),
    ];
    parts.extend(remarks(catalog, row));
    parts
}

/// Kind and levels of a row.
fn levels(ws: &Workspace, id: CatalogId, row_id: RowId, row: &Row) -> String {
    let kind = match symbol::home(ws, id, &LevelOf::Row(row_id)) {
        LevelOf::Kind(name) => format!("kind {}: ", code(&name)),
        _ => format!("{}: ", row.shape.form().word()),
    };
    let dropped: Vec<String> =
        row.shape.words().filter(|(_, dropped)| *dropped).map(|(word, _)| code(word)).collect();
    let without =
        if dropped.is_empty() { String::new() } else { format!(", without {}", dropped.join(", ")) };
    format!("{kind}{}{without}", offered(&row.shape))
}

fn remarks(catalog: &Catalog, row: &Row) -> Vec<String> {
    let mut parts = Vec::new();
    match &row.escalation {
        Escalation::Nowhere => {}
        Escalation::Everywhere => {
            parts.push("**Escalating**: who holds its top may come to hold everything.".to_owned());
        }
        Escalation::To(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| spelled(catalog, *row)).collect();
            let rows = list(&rows, 12);
            parts.push(format!("**Escalating**: who holds its top may come to hold {rows}."));
        }
    }
    if row.only_managed {
        parts.push("There in managed organizations only.".to_owned());
    }
    parts.extend(row.notes.iter().map(|note| format!("*Note:* {}", lines(note))));
    parts.extend(row.caveats.iter().map(|caveat| format!("*Caveat:* {}", lines(caveat))));
    parts
}

pub(super) fn kind(ws: &Workspace, id: CatalogId, name: &str) -> Vec<String> {
    let Some(catalog) = symbol::catalog(ws, id) else { return Vec::new() };
    let rows: Vec<String> = catalog
        .all_rows()
        .filter(|(_, row)| *row.kind == *name)
        .map(|(row, _)| spelled(catalog, row))
        .collect();
    let written = symbol::kind(ws, id, name).map(|(scope, member)| {
        let text = scope.text(Span::new(0, member.end - member.start));
        code(&text.lines().filter(|line| !line.trim_start().starts_with("///")).collect::<Vec<_>>().join(" "))
    });
    vec![
        written.unwrap_or_else(|| head(None, "kind", name)),
        format!("{}: {}", count(rows.len(), "row", "rows"), list(&rows, 8)),
    ]
}

pub(super) fn level(ws: &Workspace, id: CatalogId, of: &LevelOf, word: &str) -> Vec<String> {
    match of {
        LevelOf::Row(row_id) => {
            let Some(catalog) = symbol::catalog(ws, id) else { return Vec::new() };
            let Some(row) = catalog.row(*row_id) else { return Vec::new() };
            let mut parts = vec![
                format!("level {} of row {}", code(word), spelled(catalog, *row_id)),
                levels(ws, id, *row_id, row),
            ];
            parts.extend(remarks(catalog, row));
            parts
        }
        LevelOf::Kind(name) => {
            let mut parts = vec![format!("level {} of kind {}", code(word), code(name))];
            parts.extend(kind(ws, id, name));
            parts
        }
        LevelOf::Reach(_) => vec![format!("level {}, for every row in reach that knows it", code(word))],
    }
}

/// The way in which something is said of a role.
fn sort_of(symbol: &Symbol, role: &Role) -> String {
    match symbol {
        Symbol::Template(_) if role.is_default => "default template".to_owned(),
        Symbol::Template(_) => "template".to_owned(),
        _ => "role".to_owned(),
    }
}

pub(super) fn role(ws: &Workspace, symbol: &Symbol) -> Vec<String> {
    let (organization, reference) = match symbol {
        Symbol::Template(id) => (None, RoleRef::Template(*id)),
        Symbol::Role(organization, id) => (Some(*organization), RoleRef::Own(*id)),
        _ => return Vec::new(),
    };
    let Some(role) = symbol::role(ws, organization, reference) else { return Vec::new() };
    let Some(ground) = ws.ground() else { return Vec::new() };
    let inside = organization.and_then(|id| ws.organization(id));
    let roles = Roles {
        templates: &ground.shared().templates,
        own: inside.map(|known| known.roles.as_slice()).unwrap_or_default(),
    };
    let kind = inside.map_or(OrganizationKind::Managed, |known| known.kind);
    let of = inside.map(|known| format!(" of {}", code(&known.id))).unwrap_or_default();
    let bases: Vec<String> = crate::ide::origin::bases(roles, role).map(|base| code(&base.id)).collect();
    let from = match bases.as_slice() {
        [] => "starts from nothing".to_owned(),
        bases => format!("starts from {}", list(bases, 6)),
    };
    let mut parts = vec![
        format!("{}{of}", head(role.title.as_deref(), &sort_of(symbol, role), &role.id)),
        doc(role.doc.as_deref()),
        role.description.as_deref().map(lines).unwrap_or_default(),
        format!("{from} · {}", held_by(ws, symbol)),
    ];
    if role.is_whole {
        let catalog = ground.shared().catalogs.get(role.catalog.index());
        parts.extend(catalog.map(|catalog| effect::summary(catalog, role, kind)));
    } else {
        parts.push("Not all that it starts from is known.".to_owned());
    }
    parts
}

/// How many hold a role, in words.
pub(super) fn held_by(ws: &Workspace, symbol: &Symbol) -> String {
    match holders(ws, symbol) {
        (0, 0) => "held by nobody".to_owned(),
        (people, 0) => format!("held by {}", count(people, "person", "people")),
        (0, services) => format!("held by {}", count(services, "service account", "service accounts")),
        (people, services) => format!(
            "held by {} and {}",
            count(people, "person", "people"),
            count(services, "service account", "service accounts")
        ),
    }
}

pub(super) fn roles(ws: &Workspace, id: CatalogId, name: &str) -> Vec<String> {
    let has = |known: &&crate::model::Organization| {
        known.roles.iter().any(|role| role.catalog == id && *role.id == *name)
    };
    let organizations: Vec<String> = ws.organizations().filter(has).map(|known| code(&known.id)).collect();
    vec![format!("role {} of {}", code(name), list(&organizations, 8))]
}

pub(super) fn organization(ws: &Workspace, id: OrganizationId) -> Vec<String> {
    let Some(known) = ws.organization(id) else { return Vec::new() };
    let catalog: Option<&Catalog> = symbol::catalog(ws, known.catalog);
    let mut facts = vec![known.kind.word().to_owned()];
    facts.extend(catalog.map(|catalog| format!("catalog {}", code(&catalog.id))));
    let limit = catalog.and_then(|catalog| catalog.custom_roles);
    facts.push(match limit {
        Some(limit) => format!("{} of {limit} custom roles its own", known.roles.len()),
        None => count(known.roles.len(), "role", "roles"),
    });
    let people = known.principals.iter().filter(|one| one.kind == PrincipalKind::Admin).count();
    facts.push(count(people, "person", "people"));
    let services = known.principals.len() - people;
    if services > 0 {
        facts.push(count(services, "service account", "service accounts"));
    }
    vec![
        head(known.title.as_deref(), "organization", &known.id),
        doc(known.doc.as_deref()),
        facts.join(" · "),
    ]
}

pub(super) fn principal(
    ws: &Workspace,
    id: OrganizationId,
    index: usize,
    file: FileId,
    span: Span,
) -> Vec<String> {
    const SHOWN: usize = 12;
    let (Some(organization), Some(ground)) = (ws.organization(id), ws.ground()) else { return Vec::new() };
    let Some(principal) = organization.principals.get(index) else { return Vec::new() };
    let roles = Roles { templates: &ground.shared().templates, own: &organization.roles };
    let what = match principal.kind {
        PrincipalKind::Admin => "person",
        PrincipalKind::Service => "service account",
    };
    let mut parts = vec![format!("**{}** · {what} in {}", plain(&principal.name), code(&organization.id))];
    let mut all: Vec<String> = Vec::new();
    for assignment in principal.assignments.iter().take(SHOWN) {
        let role = roles.get(assignment.role).map_or("", |role| &role.id);
        let is_here = assignment.place.file == file && assignment.place.span == span;
        let place = if is_here { "here".to_owned() } else { position(ws, assignment.place) };
        all.push(format!("- {} {}, {place}", code(role), when(ws, assignment)));
    }
    if principal.assignments.len() > SHOWN {
        all.push(format!("- and {} more", principal.assignments.len() - SHOWN));
    }
    parts.push(if all.is_empty() { "holds no role that is known".to_owned() } else { all.join("\n") });
    parts
}

/// When an assignment is in force, and whether it is.
fn when(ws: &Workspace, assignment: &Assignment) -> String {
    let mut text = match (assignment.from(), assignment.until()) {
        (None, None) => "always".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until before {until}"),
        (Some(from), Some(until)) => format!("from {from} until before {until}"),
    };
    if let Some(now) = ws.moment().now
        && (assignment.from().is_some() || assignment.until().is_some())
    {
        let state = if assignment.is_in_force(now) {
            "in force"
        } else if assignment.until().is_some_and(|until| until <= now) {
            "ended"
        } else {
            "not yet"
        };
        text.push_str(&format!(" ({state})"));
    }
    if let Some(because) = assignment.because() {
        text.push_str(&format!(" because “{}”", plain(because)));
    }
    text
}
