//! Advice on roles, held against brute force: every role against every role, every way to put roles together, every set of
//! them; and every suggested role written into the policy and compiled.

mod advice;
mod covers;
mod logs;
mod merges;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use rolec::eval::{Evaluator, Holder, Permission, Query};
use rolec::table::{self, Table};
use rolec::vocab::{Decision, RoleId, Time};

use crate::support::generated::{self, Catalog, Organization, Policy};

/// A permission: a row and one of its actions.
type One = (usize, usize);

/// Permissions, asked one by one.
type Set = BTreeSet<One>;

/// Policies with roles to advise on.
fn policies() -> impl Strategy<Value = Policy> {
    let has_roles =
        |(catalog, organization): (&Catalog, &Organization)| !catalog.assignable(organization).is_empty();
    let policies = generated::policy();
    policies.prop_filter("nothing to advise on", move |it| it.organizations().any(has_roles))
}

/// What a holder holds, decision by decision.
fn held(table: &Table, organization: table::Organization<'_>, holder: Holder, at: Time) -> Set {
    let evaluator = Evaluator::new(table);
    let catalog = organization.catalog();
    let mut set = Set::new();
    for row in catalog.rows() {
        for action in 0..row.shape().width() {
            let permission = Permission::at(table, catalog.key(), row.key(), Some(action)).unwrap();
            if evaluator.decide_query(Query { holder, permission, at }) == Decision::Allow {
                set.insert((row.key().index(), action));
            }
        }
    }
    set
}

/// An organization with what each role holds there, and with the roles that its people hold together from a time on.
struct Brute<'t> {
    ids: Vec<&'t str>,
    keys: Vec<RoleId>,
    own: usize,
    sets: Vec<Set>,
    /// For each principal, the roles at each moment at which something changes.
    people: Vec<Vec<Vec<usize>>>,
}

impl<'t> Brute<'t> {
    fn of(
        table: &'t Table,
        organization: table::Organization<'t>,
        moments: &BTreeSet<Time>,
        at: Time,
    ) -> Self {
        let roles: Vec<_> = organization.assignable().collect();
        let keys: Vec<RoleId> = roles.iter().map(|role| role.key()).collect();
        let set = |role: &RoleId| held(table, organization, Holder::Role(organization.key(), *role), at);
        let then: BTreeSet<Time> = moments.iter().copied().filter(|it| *it >= at).chain([at]).collect();
        let people = organization.principals().map(|principal| {
            let roles_at = |moment: &Time| {
                let in_force = principal.assignments().filter(|it| it.is_in_force(*moment));
                let roles = in_force.map(|it| keys.iter().position(|key| *key == it.role()).unwrap());
                roles.collect::<Vec<usize>>()
            };
            then.iter().map(roles_at).collect()
        });
        Self {
            ids: roles.iter().map(|role| role.id()).collect(),
            own: organization.roles().count(),
            sets: keys.iter().map(set).collect(),
            people: people.collect(),
            keys,
        }
    }

    /// How many people would gain, and how many permissions in all, if roles held something else.
    fn gain(&self, instead: &BTreeMap<usize, Set>) -> (usize, usize) {
        let (mut people, mut permissions) = (0, 0);
        for moments in &self.people {
            let mut gained = Set::new();
            for roles in moments {
                let before: Set = roles.iter().flat_map(|role| &self.sets[*role]).copied().collect();
                let new = |role: &usize| instead.get(role).unwrap_or(&self.sets[*role]).iter().copied();
                let after: Set = roles.iter().flat_map(new).collect();
                gained.extend(after.difference(&before));
                assert!(after.is_superset(&before), "somebody loses something");
            }
            people += usize::from(!gained.is_empty());
            permissions += gained.len();
        }
        (people, permissions)
    }
}
