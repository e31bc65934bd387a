//! Who holds a permission, and what somebody holds: the table read along a column and along a row.

use crate::eval::{Evaluator, Holder, Permission};
use crate::table::{Organization, Principal, Role, Row, Table};
use crate::vocab::{Actions, Time};

/// Who holds a permission in one organization.
#[derive(Clone, Debug)]
pub struct Holders<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// The organization's roles and its catalog's templates that hold all of it.
    pub roles: Vec<Role<'t>>,
    /// The principals that hold all of it at the time, each with the roles in force that give a part.
    pub principals: Vec<(Principal<'t>, Vec<Role<'t>>)>,
}

/// Who holds all of a permission in an organization at a time; none where it is a permission of another catalog.
pub fn who<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    permission: Permission,
    at: Time,
) -> Option<Holders<'t>> {
    if permission.catalog() != organization.catalog().key() {
        return None;
    }
    let cell = table.cell(organization.key(), permission.row())?;
    let asked = permission.actions();
    let gives = |role: Role<'_>| cell.held(role.key()).unwrap_or_default() & asked;
    let roles = organization.assignable().filter(|role| gives(*role).contains(asked)).collect();
    let principals = organization
        .principals()
        .filter_map(|principal| {
            let in_force = principal.assignments().filter(|assignment| assignment.is_in_force(at));
            let mut by: Vec<Role<'t>> = in_force
                .filter_map(|assignment| table.role_view(assignment.role()))
                .filter(|role| !gives(*role).is_empty())
                .collect();
            by.dedup_by_key(|role| role.key());
            let held = by.iter().fold(Actions::NONE, |held, role| held | gives(*role));
            held.contains(asked).then_some((principal, by))
        })
        .collect();
    Some(Holders { organization, roles, principals })
}

/// A row of what somebody holds.
#[derive(Clone, Debug)]
pub struct Right<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What is held of it.
    pub held: Actions,
    /// The roles in force that give a part of it; empty for a role asked about itself.
    pub by: Vec<Role<'t>>,
}

/// Every row of which a holder has something at a time, in the order of the catalog.
pub fn what<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    holder: Holder,
    at: Time,
) -> Vec<Right<'t>> {
    let Ok(held) = Evaluator::new(table).held(holder, at) else { return Vec::new() };
    let mut in_force: Vec<Role<'t>> = match holder {
        Holder::Role(..) => Vec::new(),
        Holder::Principal(key) => table
            .principal_view(key)
            .into_iter()
            .flat_map(Principal::assignments)
            .filter(|assignment| assignment.is_in_force(at))
            .filter_map(|assignment| table.role_view(assignment.role()))
            .collect(),
    };
    in_force.dedup_by_key(|role| role.key());
    organization
        .catalog()
        .rows()
        .filter_map(|row| {
            let actions = held.actions(row.key());
            let cell = table.cell(organization.key(), row.key())?;
            let gives = |role: &Role<'_>| !cell.held(role.key()).unwrap_or_default().is_empty();
            let by = in_force.iter().copied().filter(gives).collect();
            (!actions.is_empty()).then_some(Right { row, held: actions, by })
        })
        .collect()
}
