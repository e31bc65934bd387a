//! What a new name would be taken for: things of the same sort beside it, and what names them by their name only.

use crate::catalog::Catalog;
use crate::check::fold;
use crate::ide::names::Named;
use crate::ide::symbol::{self, Symbol, catalog};
use crate::vocab::{CatalogId, OrganizationId, OwnRoleId};
use crate::workspace::Workspace;

/// Whether ids that differ by case or Unicode form only are the same.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    Same,
    Different,
}

impl Case {
    fn of(catalog: Option<&Catalog>) -> Self {
        if catalog.is_some_and(|catalog| catalog.is_case_sensitive) { Self::Different } else { Self::Same }
    }
}

/// Refuses a name that one of the others has. `inside` says where those are, if not everywhere.
fn among<'n>(
    what: &str,
    inside: &str,
    new: &str,
    case: Case,
    mut others: impl Iterator<Item = &'n str>,
) -> Result<(), String> {
    let folded = fold(new);
    let taken = others.find(|other| *other == new || (case == Case::Same && fold(other) == folded));
    match taken {
        Some(other) if other == new => Err(format!("there is {what} `{new}`{inside} already")),
        Some(other) => {
            Err(format!("`{new}` differs from {what} `{other}`{inside} only by case or Unicode form"))
        }
        None => Ok(()),
    }
}

/// Everything but what stands at a position.
fn but<T>(all: &[T], index: usize) -> impl Iterator<Item = &T> {
    all.iter().enumerate().filter(move |(at, _)| *at != index).map(|(_, one)| one)
}

/// Refuses a new name that is taken.
pub(super) fn check(ws: &Workspace, symbol: &Symbol, old: &str, new: &str) -> Result<(), String> {
    let Some(ground) = ws.ground() else { return Ok(()) };
    let shared = ground.shared();
    match symbol {
        Symbol::Catalog(id) => {
            let others = but(&shared.catalogs, id.index()).map(|known| &*known.id);
            among("a catalog", "", new, Case::Same, others)
        }
        Symbol::Category(id, category) => {
            let known = catalog(ws, *id);
            let all = known.map(|known| known.categories.as_slice()).unwrap_or_default();
            let others = but(all, category.index()).map(|known| &*known.id);
            among("a category", "", new, Case::of(known), others)
        }
        Symbol::Row(id, row) => {
            let known = catalog(ws, *id);
            let category = symbol::row(ws, *id, *row).map(|row| row.category);
            let rows = known.zip(category).into_iter().flat_map(|(known, id)| known.rows_of(id));
            let others = rows.filter(|(other, _)| other != row).map(|(_, row)| &*row.id);
            among("a row", "", new, Case::of(known), others)
        }
        Symbol::Kind(id, _) => {
            let names: Vec<_> =
                symbol::kinds(ws, *id).map(|(scope, member)| scope.name(member.node.id)).collect();
            among("a kind", "", new, Case::Same, names.iter().map(|name| &**name).filter(|name| *name != old))
        }
        Symbol::Template(id) => {
            let template = shared.templates.get(id.index());
            let case = Case::of(template.and_then(|known| catalog(ws, known.catalog)));
            let others = but(&shared.templates, id.index()).map(|known| &*known.id);
            among("a template", "", new, case, others)?;
            for organization in ws.organizations() {
                for role in &organization.roles {
                    let case = Case::of(catalog(ws, role.catalog));
                    let inside = format!(" in organization `{}`", organization.id);
                    among("a role", &inside, new, case, std::iter::once(&*role.id))?;
                }
            }
            Ok(())
        }
        Symbol::Role(organization, id) => role(ws, *organization, *id, new),
        Symbol::Organization(id) => {
            let others = ws.organizations().enumerate().filter(|(index, _)| *index != id.index());
            among("an organization", "", new, Case::Same, others.map(|(_, known)| &*known.id))
        }
        Symbol::Principal(organization, index) => {
            let all = ws.organization(*organization).map(|known| &*known.principals);
            let others = but(all.unwrap_or_default(), *index).map(|known| &*known.name);
            among("a principal", "", new, Case::Same, others)
        }
        Symbol::Roles(..) | Symbol::Level(..) => Ok(()),
    }
}

fn role(ws: &Workspace, organization: OrganizationId, id: OwnRoleId, new: &str) -> Result<(), String> {
    let (Some(ground), Some(all)) = (ws.ground(), ws.organization(organization)) else { return Ok(()) };
    let Some(role) = all.roles.get(id.index()) else { return Ok(()) };
    let case = Case::of(catalog(ws, role.catalog));
    among("a role", "", new, case, but(&all.roles, id.index()).map(|known| &*known.id))?;
    let templates = &ground.shared().templates;
    among("a template", "", new, case, templates.iter().map(|known| &*known.id))?;
    let mut forbids = ground.shared().forbids.iter().filter(|forbid| forbid.catalog == role.catalog);
    let mut requires = ground.shared().requires.iter().filter(|one| one.catalog == role.catalog);
    if let Some(requirement) = requires.find(|one| one.roles().any(|known| known == new)) {
        return Err(format!(
            "the requirement \"{}\" names `{new}` in every organization, and would name this role",
            requirement.title
        ));
    }
    match forbids.find(|forbid| forbid.exceptions.iter().any(|known| **known == *new)) {
        Some(forbid) => Err(format!(
            "the forbid \"{}\" passes over `{new}` in every organization, and would over this role",
            forbid.title
        )),
        None => Ok(()),
    }
}

/// Refuses to change a name by which a forbid at the top passes over roles of several organizations.
pub(super) fn exception(ws: &Workspace, symbol: &Symbol, found: &Named<'_>, new: &str) -> Result<(), String> {
    let (Symbol::Role(own, _), Some(Symbol::Roles(id, name))) = (symbol, &found.symbol) else {
        return Ok(());
    };
    let others = ws.organizations().enumerate().filter(|(index, _)| *index != own.index());
    for (_, organization) in others {
        let mut roles = organization.roles.iter().filter(|role| role.catalog == *id);
        if roles.any(|role| role.id == *name || *role.id == *new) {
            return Err(format!(
                "a rule at the top names `{name}`, in organization `{}` too: change it first",
                organization.id
            ));
        }
    }
    Ok(())
}

/// The one role that a forbid at the top passes over by a name.
pub(super) fn only_role(ws: &Workspace, id: CatalogId, name: &str) -> Result<Symbol, String> {
    let mut found = Vec::new();
    for (index, organization) in ws.organizations().enumerate() {
        for (own, role) in organization.roles.iter().enumerate() {
            if role.catalog == id && *role.id == *name {
                found.push(Symbol::Role(OrganizationId::at(index), OwnRoleId::at(own)));
            }
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(format!("`{name}` is a role of several organizations: rename it in each of them")),
    }
}
