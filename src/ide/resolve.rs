//! What names mean where they stand, as the checker finds it: asks the ground, and the organization that a name stands
//! in. Remembers nothing beyond one walk through one file.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::check::Ground;
use crate::ide::symbol::{self, Symbol};
use crate::model::{Organization, Role};
use crate::source::Place;
use crate::vocab::{CatalogId, CategoryId, OrganizationId, OwnRoleId, RowId};
use crate::workspace::Workspace;

/// One organization, for looking up what is its own.
pub(super) struct Inside<'w> {
    pub(super) id: OrganizationId,
    pub(super) organization: &'w Organization,
    ground: &'w Ground,
    roles: OnceCell<HashMap<&'w str, OwnRoleId>>,
    principals: OnceCell<HashMap<&'w str, usize>>,
}

impl<'w> Inside<'w> {
    /// The organization of a name; where the name is lost, that whose head stands at a place.
    pub(super) fn find(ws: &'w Workspace, name: &str, place: Place) -> Option<Self> {
        let is_it = |known: &Organization| match name {
            "" => known.id.is_empty() && known.place == place,
            name => *known.id == *name,
        };
        let index = ws.organizations().position(is_it)?;
        Self::at(ws, OrganizationId::at(index))
    }

    /// The organization of an id.
    pub(super) fn at(ws: &'w Workspace, id: OrganizationId) -> Option<Self> {
        let (organization, ground) = (ws.organization(id)?, ws.ground()?);
        Some(Self { id, organization, ground, roles: OnceCell::new(), principals: OnceCell::new() })
    }

    /// A role of its own, else a template.
    pub(super) fn role(&self, name: &str) -> Option<Symbol> {
        let own = self.roles.get_or_init(|| own_roles(self.organization));
        own.get(name).map(|id| Symbol::Role(self.id, *id)).or_else(|| template(self.ground, name))
    }

    pub(super) fn principal(&self, name: &str) -> Option<Symbol> {
        let all = self.principals.get_or_init(|| {
            let principals = self.organization.principals.iter().enumerate();
            principals.map(|(index, known)| (&*known.name, index)).collect()
        });
        all.get(name).map(|index| Symbol::Principal(self.id, *index))
    }
}

/// The roles by their names. Of two of one name the first; one that another clashes with means itself.
fn own_roles(organization: &Organization) -> HashMap<&str, OwnRoleId> {
    let mut names: HashMap<&str, OwnRoleId> = HashMap::with_capacity(organization.roles.len());
    for (index, role) in organization.roles.iter().enumerate() {
        names.entry(&role.id).or_insert_with(|| OwnRoleId::at(index));
    }
    names
}

/// A template by its name.
pub(super) fn template(ground: &Ground, name: &str) -> Option<Symbol> {
    ground.find_template(name).map(Symbol::Template)
}

/// What a forbid at the top passes over: a template of its catalog, or the roles of this name in its organizations. One
/// of another catalog is a mistake, and is known all the same.
pub(super) fn exception(ws: &Workspace, ground: &Ground, catalog: CatalogId, name: &str) -> Option<Symbol> {
    let template = ground.find_template(name);
    let known = template.and_then(|id| ground.shared().templates.get(id.index()));
    if known.is_some_and(|template| template.catalog == catalog) {
        return template.map(Symbol::Template);
    }
    let of_name = |role: &&Role| *role.id == *name;
    let mut elsewhere = None;
    for role in ws.organizations().flat_map(|organization| &organization.roles).filter(of_name) {
        if role.catalog == catalog {
            return Some(Symbol::Roles(catalog, name.into()));
        }
        elsewhere = elsewhere.or_else(|| Some(Symbol::Roles(role.catalog, name.into())));
    }
    template.map(Symbol::Template).or(elsewhere)
}

/// A category by its name.
pub(super) fn category(ground: &Ground, catalog: Option<CatalogId>, name: &str) -> Option<CategoryId> {
    ground.find_category(catalog?, name)
}

/// A row by the names of its category and its own.
pub(super) fn row(
    ground: &Ground,
    catalog: Option<CatalogId>,
    category: Option<CategoryId>,
    name: &str,
) -> Option<RowId> {
    ground.find_row(catalog?, category?, name)
}

/// A kind of a catalog by its name.
pub(super) fn kind(ws: &Workspace, catalog: CatalogId, name: &str) -> Option<Symbol> {
    let mut kinds = symbol::kinds(ws, catalog);
    let is_known = kinds.any(|(scope, member)| scope.name(member.node.id) == name);
    is_known.then(|| Symbol::Kind(catalog, name.into()))
}
