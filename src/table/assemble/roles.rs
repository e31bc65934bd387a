//! The invariants of roles and templates: order, homes, bases, entries, bits.

use std::cmp::Ordering;

use crate::table::CatalogIndex;
use crate::table::assemble::{count, in_order, name, position, text};
use crate::table::flaw::{Fault, Flaw, Part, ensure};
use crate::table::groups::Groups;
use crate::table::parts::{Home, Parts, Role, Target};
use crate::vocab::{CatalogId, RoleId, limits};

/// Checks every role; gives the number of templates and the roles of each organization, and tells each catalog
/// its templates.
pub(super) fn index(parts: &Parts, catalogs: &mut [CatalogIndex]) -> Result<(usize, Groups), Flaw> {
    count(parts.roles.len(), limits::ROLES, Part::Role)?;
    for (index, role) in parts.roles.iter().enumerate() {
        ensure(catalog_of(parts, role.home).is_some(), Part::Role, index, Fault::Unknown)?;
    }
    in_order(&parts.roles, Part::Role, |one, next| order(one, next) == Ordering::Less)?;
    let templates = parts.roles.partition_point(|role| matches!(role.home, Home::Template(_)));
    let templates = parts.roles.get(..templates).unwrap_or_default();
    for (index, role) in parts.roles.iter().enumerate() {
        one(parts, catalogs, templates, index, role)?;
    }
    acyclic(parts)?;
    for (index, role) in templates.iter().enumerate() {
        if let Home::Template(catalog) = role.home
            && let Some(catalog) = catalogs.get_mut(catalog.index())
        {
            catalog.templates.push(RoleId::at(index));
        }
    }
    for (index, catalog) in parts.catalogs.iter().enumerate() {
        let Some(named) = catalog.super_role else { continue };
        let home = parts.roles.get(named.index()).map(|role| role.home);
        let own = home == Some(Home::Template(CatalogId::at(index)));
        ensure(own, Part::Catalog, index, Fault::Super)?;
    }
    let homes = parts.roles.iter().filter_map(|role| match role.home {
        Home::Template(_) => None,
        Home::Organization(organization) => Some(organization.index()),
    });
    Ok((templates.len(), Groups::of(parts.organizations.len(), templates.len(), homes)))
}

/// The catalog whose rows a role has; none where the home is not there.
fn catalog_of(parts: &Parts, home: Home) -> Option<CatalogId> {
    match home {
        Home::Template(catalog) => (catalog.index() < parts.catalogs.len()).then_some(catalog),
        Home::Organization(organization) => {
            parts.organizations.get(organization.index()).map(|it| it.catalog)
        }
    }
}

/// Templates first, by id whatever their catalog; then the roles of each organization.
fn order(one: &Role, next: &Role) -> Ordering {
    let home = |role: &Role| match role.home {
        Home::Template(_) => None,
        Home::Organization(organization) => Some(organization),
    };
    home(one).cmp(&home(next)).then_with(|| one.id.cmp(&next.id))
}

fn one(
    parts: &Parts,
    catalogs: &[CatalogIndex],
    templates: &[Role],
    index: usize,
    role: &Role,
) -> Result<(), Flaw> {
    let flaw = |fault| Flaw::new(Part::Role, index, fault);
    name(&role.id, Part::Role, index)?;
    text(role.title.iter().chain(&role.doc).chain(&role.description), Part::Role, index)?;
    position(parts, role.position, Part::Role, index)?;
    if let Home::Organization(_) = role.home {
        let taken = templates.binary_search_by(|template| template.id.cmp(&role.id)).is_ok();
        ensure(!taken, Part::Role, index, Fault::TemplateId)?;
        ensure(!role.is_default, Part::Role, index, Fault::Default)?;
    }
    let key = catalog_of(parts, role.home).ok_or(flaw(Fault::Unknown))?;
    let catalog = catalogs.get(key.index()).ok_or(flaw(Fault::Unknown))?;
    bases(parts, key, index, role)?;
    entries(parts, key, index, role)?;
    catalog.layout.fault(&role.bits).map_or(Ok(()), |fault| Err(flaw(fault)))
}

fn bases(parts: &Parts, catalog: CatalogId, index: usize, role: &Role) -> Result<(), Flaw> {
    let mut before: Option<&str> = None;
    for base in &role.bases {
        let base = parts.roles.get(base.index()).ok_or(Flaw::new(Part::Role, index, Fault::Unknown))?;
        let near = match base.home {
            Home::Template(of) => of == catalog,
            Home::Organization(_) => base.home == role.home,
        };
        ensure(near, Part::Role, index, Fault::Base)?;
        let follows = before.is_none_or(|before| before < &*base.id);
        ensure(follows, Part::Role, index, Fault::BaseOrder)?;
        before = Some(&base.id);
    }
    Ok(())
}

fn entries(parts: &Parts, catalog: CatalogId, index: usize, role: &Role) -> Result<(), Flaw> {
    let part = Part::Entry(RoleId::at(index));
    let Some(catalog) = parts.catalogs.get(catalog.index()) else { return Ok(()) };
    for (index, entry) in role.entries.iter().enumerate() {
        let known = match entry.target {
            Target::All => true,
            Target::Category(category) => category.index() < catalog.categories.len(),
            Target::Row(row) => row.index() < catalog.rows.len(),
        };
        ensure(known, part, index, Fault::Unknown)?;
        text([&entry.level], part, index)?;
        text(&entry.unconfirmed, part, index)?;
        position(parts, entry.position, part, index)?;
    }
    in_order(&role.entries, part, |one, next| one.target < next.target)
}

/// What the search for cycles knows of a role.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Not,
    /// On the path that is being walked.
    Open,
    Done,
}

/// No role may be made from itself. Walks with a stack of its own, so that no chain is too long.
fn acyclic(parts: &Parts) -> Result<(), Flaw> {
    let mut seen = vec![Seen::Not; parts.roles.len()];
    let mut path: Vec<(usize, usize)> = Vec::new();
    for start in 0..parts.roles.len() {
        if seen.get(start) == Some(&Seen::Not) {
            path.push((start, 0));
        }
        while let Some((role, next)) = path.last_mut() {
            let role = *role;
            let base = parts.roles.get(role).and_then(|role| role.bases.get(*next)).map(|base| base.index());
            *next += 1;
            let state = if base.is_some() { Seen::Open } else { Seen::Done };
            if let Some(slot) = seen.get_mut(role) {
                *slot = state;
            }
            let Some(base) = base else {
                path.pop();
                continue;
            };
            match seen.get(base) {
                Some(Seen::Not) => path.push((base, 0)),
                Some(Seen::Open) => return Err(Flaw::new(Part::Role, base, Fault::Cycle)),
                Some(Seen::Done) | None => {}
            }
        }
    }
    Ok(())
}
