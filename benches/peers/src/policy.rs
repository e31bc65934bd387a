//! A policy as plain names, which is what the other engines are given, and what the model answers: read from a table
//! through its views alone, cell by cell, never through what decides fast.

use std::collections::HashMap;

use rolec::table::Table;
use rolec::vocab::{Actions, OrganizationId, PrincipalId, RowId, Time};

use crate::asked::Asked;

pub(crate) struct Policy {
    /// `category.row:action` of each permission of the catalog.
    pub(crate) permissions: Vec<Permission>,
    pub(crate) organizations: Vec<Organization>,
}

pub(crate) struct Permission {
    pub(crate) name: String,
    /// `category.row`, and the action.
    pub(crate) object: String,
    pub(crate) action: String,
}

pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) people: Vec<Person>,
}

pub(crate) struct Role {
    pub(crate) id: String,
    /// By their places in the policy's list.
    pub(crate) permissions: Vec<u32>,
}

/// Somebody, and the roles that are in force; those who hold none are among them.
pub(crate) struct Person {
    pub(crate) name: String,
    /// By their places in the organization's list.
    pub(crate) roles: Vec<u32>,
}

impl Policy {
    /// A policy as it stands at a time: the engines know no time by themselves.
    pub(crate) fn at(table: &Table, at: Time) -> Self {
        let catalog = table.catalogs().next().expect("the built-in catalog");
        let mut permissions = Vec::new();
        let mut cells = Vec::new();
        for row in catalog.rows() {
            for (place, action) in row.shape().actions().enumerate() {
                let object = format!("{}.{}", row.category().id(), row.id());
                permissions.push(Permission {
                    name: format!("{object}:{action}"),
                    object,
                    action: action.to_owned(),
                });
                cells.push((row.key(), place));
            }
        }
        let organizations = table.organizations().map(|organization| {
            let mut places = HashMap::new();
            let mut roles = Vec::new();
            for role in organization.roles() {
                places.insert(role.key(), roles.len() as u32);
                let mut held = Vec::new();
                for (number, (row, action)) in cells.iter().enumerate() {
                    let cell = table.cell(organization.key(), *row).expect("a row of the catalog");
                    if cell.held(role.key()).is_some_and(|held| held.contains(Actions::one(*action))) {
                        held.push(number as u32);
                    }
                }
                roles.push(Role { id: role.id().to_owned(), permissions: held });
            }
            let people = organization.principals().map(|principal| Person {
                name: principal.name().to_owned(),
                roles: principal
                    .assignments()
                    .filter(|assignment| assignment.is_in_force(at))
                    .map(|assignment| places[&assignment.role()])
                    .collect(),
            });
            Organization { id: organization.id().to_owned(), roles, people: people.collect() }
        });
        let organizations = organizations.collect();
        Self { permissions, organizations }
    }

    /// The places of the permissions that somebody holds, each once.
    pub(crate) fn held(organization: &Organization, roles: &[u32]) -> Vec<u32> {
        let roles = roles.iter().map(|role| &organization.roles[*role as usize].permissions);
        let mut held: Vec<u32> = roles.flatten().copied().collect();
        held.sort_unstable();
        held.dedup();
        held
    }
}

/// What the model answers.
pub(crate) struct Truth<'t> {
    table: &'t Table,
    at: Time,
    people: HashMap<(&'t str, &'t str), (OrganizationId, PrincipalId)>,
    permissions: HashMap<(&'t str, &'t str, &'t str), (RowId, usize)>,
}

impl<'t> Truth<'t> {
    pub(crate) fn of(table: &'t Table, at: Time) -> Self {
        let people = table.principals().map(|principal| {
            let organization = principal.organization();
            ((organization.id(), principal.name()), (organization.key(), principal.key()))
        });
        let catalog = table.catalogs().next().expect("the built-in catalog");
        let mut permissions = HashMap::new();
        for row in catalog.rows() {
            for (place, action) in row.shape().actions().enumerate() {
                permissions.insert((row.category().id(), row.id(), action), (row.key(), place));
            }
        }
        Self { table, at, people: people.collect(), permissions }
    }

    pub(crate) fn allows(&self, asked: &Asked<'t>) -> bool {
        let Some(&(organization, principal)) = self.people.get(&(asked.organization, asked.principal)) else {
            return false;
        };
        let Some(&(row, action)) = self.permissions.get(&(asked.category, asked.row, asked.action)) else {
            return false;
        };
        let cell = self.table.cell(organization, row).expect("a row of the catalog");
        let mut assignments = self.table.principal_view(principal).expect("a principal").assignments();
        assignments.any(|assignment| {
            assignment.is_in_force(self.at)
                && cell.held(assignment.role()).is_some_and(|held| held.contains(Actions::one(action)))
        })
    }
}
