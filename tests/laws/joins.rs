//! Joins of bases, and of the roles in one hand.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::vocab::Time;

use crate::support::generated::{self, Assignment, Catalog, Described, Organization, Role};
use crate::support::law::{Tried, compiled, law, layout, shown};
use crate::support::picture::{decisions, moments, permission_name};

/// A role that only says what it starts from.
fn join(id: &str, bases: Vec<String>) -> Role {
    let head = Described { id: id.to_owned(), title: None, doc: Vec::new() };
    Role { head, description: None, is_default: false, bases, entries: Vec::new() }
}

/// What everybody holds in an organization.
fn floors(catalog: &Catalog, organization: &Organization) -> BTreeSet<String> {
    let mut floors = BTreeSet::new();
    for (category, row) in catalog.rows() {
        let (of, row) = (&catalog.categories[category].head.id, catalog.row((category, row)));
        if organization.is_managed || !row.only_managed {
            floors.extend(row.floor().iter().map(|action| permission_name(of, &row.head.id, action)));
        }
    }
    floors
}

/// A role that starts from some holds what any of them holds, no more and no less, and no less than the floors, where it
/// starts from nothing too. Joining in steps gives the same. A principal holds what any of the roles in force holds.
#[test]
fn a_join_is_the_union() {
    let bases = proptest::collection::vec(any::<Index>(), 0..=4);
    law("joins", 300, &(generated::policy(), bases, layout()), |(policy, chosen, layout)| {
        let mut policy = policy.unrestricted();
        let mut joined: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for catalog in &mut policy.catalogs {
            for number in 0..catalog.organizations.len() {
                let known = catalog.assignable(&catalog.organizations[number]);
                let some =
                    chosen.iter().filter(|_| !known.is_empty()).map(|index| &known[index.index(known.len())]);
                let bases: Vec<String> = some.cloned().collect::<BTreeSet<String>>().into_iter().collect();
                let organization = &mut catalog.organizations[number];
                let (first, rest) = bases.split_at(bases.len() / 2);
                organization.roles.push(join("joined1", bases.clone()));
                organization.roles.push(join("half1", first.to_vec()));
                let in_steps: Vec<String> = rest.iter().cloned().chain(["half1".to_owned()]).collect();
                organization.roles.push(join("stepwise1", in_steps));
                joined.insert(organization.head.id.clone(), bases);
            }
        }
        let files = policy.files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let all = decisions(&table, &moments(&table));
        let of_role = |organization: &str, role: &str| &all[&format!("{organization:?} role {role:?}")];
        for (catalog, organization) in policy.organizations() {
            let id = organization.head.id.as_str();
            let floors = floors(catalog, organization);
            let bases = joined[id].iter().flat_map(|base| of_role(id, base)).cloned();
            let union: BTreeSet<String> = bases.chain(floors.iter().cloned()).collect();
            prop_assert_eq!(of_role(id, "joined1"), &union, "joined\n{}", shown(&files));
            prop_assert_eq!(of_role(id, "stepwise1"), &union, "stepwise\n{}", shown(&files));
            for role in catalog.assignable(organization) {
                prop_assert!(
                    floors.is_subset(of_role(id, &role)),
                    "{role:?} is below a floor\n{}",
                    shown(&files)
                );
            }
            for at in moments(&table) {
                for (name, roles) in in_force(organization, at) {
                    let union: BTreeSet<String> =
                        roles.iter().flat_map(|role| of_role(id, role)).cloned().collect();
                    let found = &all[&format!("{id:?} principal {name:?} at {}", at.0)];
                    prop_assert_eq!(found, &union, "{} at {}\n{}", name, at.0, shown(&files));
                }
            }
        }
        Ok(Tried::Held)
    });
}

/// The principals of an organization, each with the roles in force: worked out from what was generated.
fn in_force(organization: &Organization, at: Time) -> BTreeMap<&str, Vec<&str>> {
    let mut roles: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Assignment { role, principals, from, until, .. } in &organization.assignments {
        let time = |text: &str| Time::parse(text).unwrap();
        let holds = from.is_none_or(|from| time(from) <= at) && until.is_none_or(|until| at < time(until));
        for (name, _) in principals {
            let held = roles.entry(name).or_default();
            held.extend(holds.then_some(role.as_str()));
        }
    }
    roles
}
