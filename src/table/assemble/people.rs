//! The invariants of organizations, principals and assignments.

use crate::table::assemble::{NUMBERED, count, in_order, name, position, text};
use crate::table::flaw::{Fault, Flaw, Part, ensure};
use crate::table::groups::Groups;
use crate::table::parts::{Assignment, Home, Organization, Parts};

/// Checks every organization.
pub(super) fn organizations(parts: &Parts) -> Result<(), Flaw> {
    let part = Part::Organization;
    count(parts.organizations.len(), NUMBERED, part)?;
    for (index, organization) in parts.organizations.iter().enumerate() {
        name(&organization.id, part, index)?;
        text(organization.title.iter().chain(&organization.doc), part, index)?;
        ensure(organization.catalog.index() < parts.catalogs.len(), part, index, Fault::Unknown)?;
        position(parts, organization.position, part, index)?;
    }
    in_order(&parts.organizations, part, |one, next| one.id < next.id)
}

/// Checks every principal and assignment; gives the principals of each organization and the assignments of each
/// principal. Organizations and roles are checked before.
pub(super) fn index(parts: &Parts) -> Result<(Groups, Groups), Flaw> {
    let part = Part::Principal;
    count(parts.principals.len(), NUMBERED, part)?;
    for (index, principal) in parts.principals.iter().enumerate() {
        name(&principal.name, part, index)?;
        let known = principal.organization.index() < parts.organizations.len();
        ensure(known, part, index, Fault::Unknown)?;
    }
    in_order(&parts.principals, part, |one, next| {
        (one.organization, &one.name) < (next.organization, &next.name)
    })?;
    count(parts.assignments.len(), NUMBERED, Part::Assignment)?;
    for (index, assignment) in parts.assignments.iter().enumerate() {
        one(parts, index, assignment)?;
    }
    in_order(&parts.assignments, Part::Assignment, |one, next| one <= next)?;
    let holders = parts.assignments.iter().map(|assignment| assignment.principal.index());
    let assignments = Groups::of(parts.principals.len(), 0, holders);
    for index in 0..parts.principals.len() {
        ensure(!assignments.range(index).is_empty(), part, index, Fault::Unassigned)?;
    }
    let members = parts.principals.iter().map(|principal| principal.organization.index());
    Ok((Groups::of(parts.organizations.len(), 0, members), assignments))
}

fn one(parts: &Parts, index: usize, assignment: &Assignment) -> Result<(), Flaw> {
    let unknown = Flaw::new(Part::Assignment, index, Fault::Unknown);
    let principal = parts.principals.get(assignment.principal.index()).ok_or(unknown)?;
    let role = parts.roles.get(assignment.role.index()).ok_or(unknown)?;
    let organization: &Organization =
        parts.organizations.get(principal.organization.index()).ok_or(unknown)?;
    let here = match role.home {
        Home::Template(catalog) => catalog == organization.catalog,
        Home::Organization(home) => home == principal.organization,
    };
    ensure(here, Part::Assignment, index, Fault::NotAssignable)?;
    let lasts = match (assignment.from, assignment.until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    };
    ensure(lasts, Part::Assignment, index, Fault::Period)?;
    text(&assignment.because, Part::Assignment, index)?;
    position(parts, assignment.position, Part::Assignment, index)
}
