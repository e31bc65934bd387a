//! What one writes by hand in an afternoon: maps of names in maps of names.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use crate::asked::Asked;
use crate::policy::Policy;

struct Organization<S> {
    people: HashMap<String, Vec<String>, S>,
    roles: HashMap<String, HashSet<String, S>, S>,
}

pub(crate) fn of<S: BuildHasher + Default>(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<S> {
    let organizations: HashMap<String, Organization<S>, S> = policy
        .organizations
        .iter()
        .map(|organization| {
            let people = organization.people.iter().map(|person| {
                let roles = person.roles.iter().map(|role| organization.roles[*role as usize].id.clone());
                (person.name.clone(), roles.collect())
            });
            let roles = organization.roles.iter().map(|role| {
                let held = role.permissions.iter().map(|it| policy.permissions[*it as usize].name.clone());
                (role.id.clone(), held.collect())
            });
            (organization.id.clone(), Organization { people: people.collect(), roles: roles.collect() })
        })
        .collect();
    move |asked| {
        let Some(organization) = organizations.get(asked.organization) else { return false };
        let Some(roles) = organization.people.get(asked.principal) else { return false };
        let mut held = roles.iter().filter_map(|role| organization.roles.get(role));
        held.any(|held| held.contains(asked.permission))
    }
}
