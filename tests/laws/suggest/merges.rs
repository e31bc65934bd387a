//! Which roles to merge: against every way to put them together.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::table::Table;
use rolec::tools::suggest::{A_SECOND, Merge, advise};
use rolec::vocab::Time;

use super::{Brute, Set, policies};
use crate::support::generated::{Assignment, Described, Organization, Role};
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::moments;

/// What people gain, by how many of them, and what roles hold more: in that order.
type Cost = (usize, usize, usize);

/// Every way to put roles into groups, each group with the template that it goes under, if it does.
fn ways(brute: &Brute<'_>, hosts: &[usize]) -> Vec<Vec<(Vec<usize>, Option<usize>)>> {
    let mut ways: Vec<Vec<(Vec<usize>, Option<usize>)>> = vec![Vec::new()];
    for role in 0..brute.own {
        let mut next = Vec::new();
        for way in ways {
            for at in 0..way.len() {
                let fits = way[at].1.is_none_or(|host| brute.sets[host].is_superset(&brute.sets[role]));
                if fits {
                    let mut way = way.clone();
                    way[at].0.push(role);
                    next.push(way);
                }
            }
            let is_open = |host: &&usize| !way.iter().any(|(_, under)| *under == Some(**host));
            let under =
                hosts.iter().filter(is_open).filter(|host| brute.sets[**host].is_superset(&brute.sets[role]));
            for host in under.map(|host| Some(*host)).chain([None]) {
                let mut way = way.clone();
                way.push((vec![role], host));
                next.push(way);
            }
        }
        ways = next;
    }
    ways
}

fn cost(brute: &Brute<'_>, way: &[(Vec<usize>, Option<usize>)]) -> Cost {
    let mut instead: BTreeMap<usize, Set> = BTreeMap::new();
    let mut cells = 0;
    for (roles, host) in way {
        let join: Set = match host {
            Some(host) => brute.sets[*host].clone(),
            None => roles.iter().flat_map(|role| brute.sets[*role].iter().copied()).collect(),
        };
        for role in roles {
            cells += join.len() - brute.sets[*role].len();
            instead.insert(*role, join.clone());
        }
    }
    let (people, permissions) = brute.gain(&instead);
    (permissions, people, cells)
}

/// More roles, so that there is something to put together: joins of those that are there. And people who hold them at all
/// times.
fn more(organization: &mut Organization, known: &[String], picks: &[Index]) {
    for (number, pair) in picks.chunks(2).enumerate().take(if known.is_empty() { 0 } else { 3 }) {
        let bases: BTreeSet<String> =
            pair.iter().map(|pick| known[pick.index(known.len())].clone()).collect();
        let head = Described { id: format!("more{number}"), title: None, doc: Vec::new() };
        let bases = bases.into_iter().collect();
        if organization.roles.len() < 5 {
            organization.roles.push(Role {
                head,
                description: None,
                is_default: false,
                bases,
                entries: Vec::new(),
            });
        }
    }
    for (role, name) in organization.roles.iter().zip(["mia1", "noa1", "mia1", "noa1", "pia1"]) {
        organization.assignments.push(Assignment {
            role: role.head.id.clone(),
            principals: vec![(name, false)],
            from: None,
            until: None,
            because: None,
        });
    }
}

#[test]
fn merges_cost_least() {
    let [plans, costly, none, several, early]: [Cell<usize>; 5] = Default::default();
    let picks = proptest::collection::vec(any::<Index>(), 6);
    let strategy = (policies(), picks, any::<Index>(), 1_usize..=4, layout());
    let all = law("merges", 200, &strategy, |(policy, picks, pick, wanted, layout)| {
        let mut policy = policy.unrestricted();
        for catalog in &mut policy.catalogs {
            for number in 0..catalog.organizations.len() {
                let known = catalog.assignable(&catalog.organizations[number]);
                more(&mut catalog.organizations[number], &known, &picks);
            }
        }
        let files = policy.files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let moments = moments(&table);
        let at: Time = moments.iter().copied().nth(pick.index(moments.len())).unwrap();
        let mut tried = Tried::Void;
        for organization in table.organizations().filter(|one| (1..=5).contains(&one.roles().count())) {
            tried = Tried::Held;
            let brute = Brute::of(&table, organization, &moments, at);
            let hosts = hosts(&table, &brute, organization.id());
            let merges = advise(&table, organization, at, Some(wanted), A_SECOND).merges.unwrap();
            let texts =
                || format!("{} at {} {wanted} less\n{merges:#?}\n{}", organization.id(), at.0, shown(&files));
            let less = |way: &[(Vec<usize>, Option<usize>)]| {
                brute.own - way.iter().filter(|(_, host)| host.is_none()).count()
            };
            let ways = ways(&brute, &hosts);
            let best = ways.iter().filter(|way| less(way) >= wanted).map(|way| cost(&brute, way)).min();
            // With fewer steps less may be found, and nothing that is said is wrong.
            for steps in [0, 100, 300, 1_000] {
                let hasty = advise(&table, organization, at, Some(wanted), steps).merges.unwrap();
                let cost_of = |it: &Merge<'_>| (it.gain.permissions, it.gain.people, it.cells);
                let is_all = hasty.cheapest.iter().map(cost_of).eq(merges.cheapest.iter().map(cost_of));
                prop_assert!(!hasty.is_whole || is_all, "{}", texts());
                prop_assert!(!hasty.is_whole || hasty.plan.is_some() == best.is_some(), "{}", texts());
                let Some(plan) = hasty.plan else { continue };
                early.set(early.get() + usize::from(!plan.is_exact));
                let told = (plan.gain.permissions, plan.gain.people, plan.cells);
                let is_right = |best: Cost| told >= best && plan.at_least <= best.0;
                prop_assert!(best.is_some_and(is_right), "{}", texts());
                prop_assert!(!plan.is_exact || Some(told) == best, "{}", texts());
            }
            let Some(plan) = &merges.plan else {
                prop_assert_eq!(best, None, "{}", texts());
                prop_assert!(merges.is_whole, "{}", texts());
                none.set(none.get() + 1);
                continue;
            };
            let told = (plan.gain.permissions, plan.gain.people, plan.cells);
            prop_assert_eq!(Some(told), best, "{}", texts());
            prop_assert!(plan.is_exact && plan.at_least == plan.gain.permissions, "{}", texts());
            plans.set(plans.get() + 1);
            costly.set(costly.get() + usize::from(plan.gain.permissions > 0));
            several.set(several.get() + usize::from(plan.merges.len() > 1));

            // The plan costs what it says, and makes so many roles less.
            let position = |id: &str| brute.ids.iter().position(|known| *known == id).unwrap();
            let as_way = |merge: &Merge<'_>| {
                let roles: Vec<usize> = merge.roles.iter().map(|role| position(role.id())).collect();
                let into = merge.into.map(|role| position(role.id()));
                (roles, into.filter(|into| *into >= brute.own))
            };
            let way: Vec<_> = plan.merges.iter().map(as_way).collect();
            prop_assert_eq!(cost(&brute, &way), told, "{}", texts());
            let gone: usize = way.iter().map(|(roles, host)| roles.len() - usize::from(host.is_none())).sum();
            prop_assert_eq!(gone, wanted, "{}", texts());

            // Each of the cheapest, and that none is left out: of templates the narrowest will do.
            let costs = |merges: &[Merge<'_>]| -> Vec<Cost> {
                merges.iter().map(|it| (it.gain.permissions, it.gain.people, it.cells)).collect()
            };
            let told = costs(&merges.cheapest);
            let really: Vec<Cost> =
                merges.cheapest.iter().map(|merge| cost(&brute, &[as_way(merge)])).collect();
            prop_assert!(told.is_sorted(), "{}", texts());
            prop_assert_eq!(&told, &really, "{}", texts());
            let pairs = merges.cheapest.iter().filter(|merge| merge.roles.len() == 2).count();
            prop_assert_eq!(pairs, (brute.own * (brute.own - 1) / 2).min(20), "{}", texts());
            let cheapest = ways.iter().filter(|way| less(way) == 1).map(|way| cost(&brute, way)).min();
            prop_assert_eq!(told.first().copied(), cheapest, "{}", texts());
            for merge in &merges.cheapest {
                let joined: Set =
                    as_way(merge).0.iter().flat_map(|role| brute.sets[*role].iter().copied()).collect();
                let holds = merge.into.map(|role| &brute.sets[position(role.id())]);
                prop_assert!(holds.is_none_or(|holds| holds.is_superset(&joined)), "{}", texts());
                let is_there = as_way(merge).0.iter().any(|role| brute.sets[*role] == joined);
                prop_assert!(holds.is_some() || !is_there, "{}", texts());
            }
        }
        Ok(tried)
    });
    eprintln!("{} stopped early", early.get());
    eprintln!(
        "{} plans, {} cost something, {} with several merges, {} times none",
        plans.get(),
        costly.get(),
        several.get(),
        none.get()
    );
    let enough = |count: &Cell<usize>| count.get() * 20 >= all as usize;
    assert!(
        all < MANY || (enough(&costly) && enough(&several) && enough(&early) && none.get() > 0),
        "too few"
    );
}

/// The templates that are there anyhow: default roles, and those that somebody is assigned.
fn hosts(table: &Table, brute: &Brute<'_>, organization: &str) -> Vec<usize> {
    let all = table.principals().filter(|principal| principal.organization().id() == organization);
    let assigned: BTreeSet<_> = all.flat_map(|it| it.assignments()).map(|it| it.role()).collect();
    let is_host = |at: &usize| {
        let role = table.role_view(brute.keys[*at]).unwrap();
        role.is_default() || assigned.contains(&role.key())
    };
    (brute.own..brute.sets.len()).filter(is_host).collect()
}

/// Of many roles not all ways are tried; there is a way all the same, and it is said that there may be better ones.
#[test]
fn many_roles_have_a_plan_too() {
    let mut text = String::from("use c\ncatalog c { category k {\n");
    (0..90).for_each(|row| text += &format!("r{row}: flag\n"));
    text += "} }\norganization o {\n";
    for role in 0..90 {
        text += &format!("role a{role} {{ grant k {{ r{role}: on r{}: on }} }}\n", (role * 7 + 1) % 90);
        text += &format!("assign a{role} to \"p{role}\"\n");
    }
    text += "}\n";
    let table = compiled(&[("c.role".to_owned(), text)]).table.unwrap();
    let organization = table.organizations().next().unwrap();
    for (steps, all_tried) in [(60_000, false), (A_SECOND, true)] {
        let advice = advise(&table, organization, Time(0), Some(3), steps);
        let merges = advice.merges.unwrap();
        let plan = merges.plan.unwrap();
        assert!(advice.is_whole && !plan.is_exact, "{steps}");
        assert_eq!(merges.is_whole, all_tried, "{steps}");
        assert_eq!(plan.merges.iter().map(|merge| merge.roles.len() - 1).sum::<usize>(), 3, "{steps}");
        assert!(plan.at_least <= plan.gain.permissions && (plan.at_least > 0) == all_tried, "{steps}");
    }
}
