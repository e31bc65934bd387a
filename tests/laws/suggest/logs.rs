//! The least role for what was used: written into the policy, compiled, and held against the uses one by one.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::eval::{Evaluator, Holder, Permission, Query};
use rolec::table::{Organization, Row, Table};
use rolec::tools::suggest::{Draft, Least, Log, Part, least, opening};
use rolec::vocab::{Actions, Decision, OrganizationKind, Time};

use super::{Set, held, policies};
use crate::support::law::{MANY, Tried, compiled, errors, law, layout, shown};
use crate::support::picture::moments;

fn set(parts: &[Part<'_>]) -> Set {
    parts.iter().flat_map(|it| of_row(it.row, it.actions)).collect()
}

fn of_row(row: Row<'_>, actions: Actions) -> Set {
    actions.positions().map(|action| (row.key().index(), action)).collect()
}

/// What is known of the uses of somebody.
#[derive(Default)]
struct Uses {
    lines: u64,
    used: Set,
    denied: Set,
}

/// Uses as they come: somebody, a row or an action of it, at a moment.
fn uses(table: &Table, organization: Organization<'_>, picks: &[(Index, Index, Index)]) -> Vec<Query> {
    let catalog = organization.catalog();
    let roles = organization.assignable().map(|role| Holder::Role(organization.key(), role.key()));
    let people = || organization.principals().map(|principal| Holder::Principal(principal.key()));
    // People more often.
    let holders: Vec<Holder> = people().chain(roles).chain(people()).collect();
    let actions = |row: Row<'_>| {
        let one = (0..row.shape().width()).map(Some).chain([None]);
        let permission = |action| Permission::at(table, catalog.key(), row.key(), action).unwrap();
        one.map(permission).collect::<Vec<_>>()
    };
    let permissions: Vec<Permission> = catalog.rows().flat_map(actions).collect();
    let moments: Vec<Time> = moments(table).into_iter().collect();
    if holders.is_empty() || permissions.is_empty() {
        return Vec::new();
    }
    let query = |(who, what, when): &(Index, Index, Index)| Query {
        holder: holders[who.index(holders.len())],
        permission: permissions[what.index(permissions.len())],
        at: moments[when.index(moments.len())],
    };
    picks.iter().map(query).collect()
}

/// What was used by whom, worked out anew: of a role what its holders used of it, and what nothing gave them.
fn by_hand(table: &Table, uses: &[Query]) -> BTreeMap<Holder, Uses> {
    let evaluator = Evaluator::new(table);
    let mut found: BTreeMap<Holder, Uses> = BTreeMap::new();
    for query in uses {
        let row = query.permission.row();
        let one =
            |action: usize| Permission::at(table, query.permission.catalog(), row, Some(action)).unwrap();
        let is_held = |holder: Holder, action: usize| {
            let query = Query { holder, permission: one(action), at: query.at };
            evaluator.decide_query(query) == Decision::Allow
        };
        let asked: Vec<usize> = query.permission.actions().positions().collect();
        let (given, denied): (Vec<usize>, Vec<usize>) =
            asked.iter().partition(|action| is_held(query.holder, **action));
        let mut add = |holder: Holder, used: Vec<usize>| {
            let uses = found.entry(holder).or_default();
            uses.lines += 1;
            uses.used.extend(used.iter().map(|action| (row.index(), *action)));
            uses.denied.extend(denied.iter().map(|action| (row.index(), *action)));
        };
        add(query.holder, asked.clone());
        let Holder::Principal(principal) = query.holder else { continue };
        let of = table.principal_view(principal).unwrap().organization().key();
        let in_force = evaluator.assignments_in_force(principal, query.at);
        for role in in_force.map(|it| it.role()).collect::<BTreeSet<_>>() {
            let role = Holder::Role(of, role);
            let part: Vec<usize> =
                given.iter().copied().filter(|action| is_held(role, *action)).chain(denied.clone()).collect();
            if !part.is_empty() {
                add(role, part);
            }
        }
    }
    found
}

#[test]
fn the_least_role_is_the_least() {
    let counts: [Cell<usize>; 5] = Default::default();
    let [based, denied, hidden, same, unused] = &counts;
    let picks = proptest::collection::vec((any::<Index>(), any::<Index>(), any::<Index>()), 1..=10);
    let strategy = (policies(), picks, any::<Index>(), layout());
    let all = law("least roles", 250, &strategy, |(policy, picks, pick, layout)| {
        let files = policy.unrestricted().files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let moments = moments(&table);
        let at: Time = moments.iter().copied().nth(pick.index(moments.len())).unwrap();
        let mut tried = Tried::Void;
        for organization in table.organizations() {
            let uses = uses(&table, organization, &picks);
            let people = organization.principals().map(|principal| Holder::Principal(principal.key()));
            let roles = organization.assignable().map(|role| Holder::Role(organization.key(), role.key()));
            let holders: Vec<Holder> = people.chain(roles).collect();
            let mut log = Log::new(&table);
            holders.iter().for_each(|holder| log.watch(*holder));
            uses.iter().for_each(|query| log.record(*query));
            let mut wanted = by_hand(&table, &uses);
            let texts = || format!("{} at {} {uses:?}\n{}", organization.id(), at.0, shown(&files));
            prop_assert!(log.holders().eq(wanted.keys().copied()), "{}", texts());
            let found = least(&log, &holders, at);
            prop_assert_eq!(found.len(), holders.len(), "{}", texts());
            let text = file(&table, organization, &found);
            let with: Vec<_> =
                files.iter().cloned().chain([("used.role".to_owned(), text.clone())]).collect();
            let after = compiled(&with);
            let errors = errors(&after);
            prop_assert!(errors.is_empty(), "{errors:#?}\n{text}\n{}", texts());
            let after = after.table.unwrap();
            for it in &found {
                tried = Tried::Held;
                let known = wanted.remove(&it.holder).unwrap_or_default();
                let fault = hold(&table, &after, organization, at, it, &known);
                prop_assert!(fault.is_ok(), "{fault:?} {it:#?}\n{text}\n{}", texts());
                for (count, more) in [
                    (based, it.draft.base.is_some()),
                    (denied, !it.denied.is_empty()),
                    (hidden, !it.hidden.is_empty()),
                    (same, it.draft.same.is_some()),
                    (unused, !it.unused.is_empty()),
                ] {
                    count.set(count.get() + usize::from(more));
                }
            }
        }
        Ok(tried)
    });
    eprintln!("based, denied, hidden, same, unused: {:?}", counts.each_ref().map(Cell::get));
    assert!(all < MANY || counts.iter().all(|count| count.get() * 20 >= all as usize), "too few");
}

/// A file with all of them.
fn file(table: &Table, organization: Organization<'_>, found: &[Least<'_>]) -> String {
    let (uses, head) = opening(table, organization);
    let roles: String = found.iter().map(|it| it.draft.text()).collect();
    format!("{uses}\n{head} {{\n{roles}}}\n")
}

macro_rules! same {
    ($left:expr, $right:expr, $what:expr) => {
        let (left, right) = (&$left, &$right);
        if left != right {
            return Err(format!("{}: {left:?} is not {right:?}", $what));
        }
    };
}

fn hold(
    table: &Table,
    after: &Table,
    organization: Organization<'_>,
    at: Time,
    found: &Least<'_>,
    known: &Uses,
) -> Result<(), String> {
    same!(found.lines, known.lines, "lines");
    same!(set(&found.used), known.used, "used");
    same!(set(&found.denied), known.denied, "denied");
    let is_hidden = |row: Row<'_>| row.is_only_managed() && organization.kind() == OrganizationKind::Direct;
    let hidden: BTreeSet<usize> =
        organization.catalog().rows().filter(|row| is_hidden(*row)).map(|row| row.key().index()).collect();
    let wanted: Set = known.used.iter().copied().filter(|(row, _)| !hidden.contains(row)).collect();
    same!(&set(&found.hidden) | &wanted, known.used, "hidden, and the others");

    let home = after.organization(organization.id()).unwrap();
    let role = after.role(home, &found.draft.id).ok_or("the role is not there")?;
    let here = after.organization_view(home).unwrap();
    let gives = held(after, here, Holder::Role(home, role), at);
    if !gives.is_superset(&wanted) {
        return Err(format!("it gives {gives:?}"));
    }
    // No level is too high: the one below would not do, or there is none.
    for row in organization.catalog().rows().filter(|row| !is_hidden(*row)) {
        let of = |set: &Set| -> Vec<usize> {
            set.iter().filter(|(at, _)| *at == row.key().index()).map(|(_, action)| *action).collect()
        };
        let (gives, wanted) = (of(&gives), of(&wanted));
        let lower = |left_out: usize| {
            let bits = gives.iter().filter(|action| **action != left_out);
            bits.fold(Actions::NONE, |all, action| all | Actions::one(*action))
        };
        for left_out in gives.iter().filter(|action| !wanted.contains(action)) {
            let is_level = row.shape().is_level(lower(*left_out));
            if is_level {
                return Err(format!("{} could do without {left_out}", row.id()));
            }
        }
    }
    let unused: Set = found.unused.iter().flat_map(|it| of_row(it.row, it.unused)).collect();
    let holds = held(table, organization, found.holder, at);
    same!(&unused | &(&holds & &gives), holds, "what is unused, and what is needed");
    same!(unused.intersection(&gives).count(), 0, "what is unused and needed");
    same!(unused.intersection(&wanted).count(), 0, "what is unused and used");
    drafted(table, organization, found, &gives, at)
}

/// What is said of the draft beside its text.
fn drafted(
    table: &Table,
    organization: Organization<'_>,
    found: &Least<'_>,
    gives: &Set,
    at: Time,
) -> Result<(), String> {
    let draft: &Draft<'_> = &found.draft;
    let of =
        |role: rolec::vocab::RoleId| held(table, organization, Holder::Role(organization.key(), role), at);
    let same: Option<&str> =
        organization.assignable().find(|role| of(role.key()) == *gives).map(|role| role.id());
    same!(draft.same.map(|role| role.id()), same, "the same");
    same!(draft.lines().min(draft.from_nothing), draft.lines(), "more lines than from nothing");
    // Nothing that could be a base has so few rows that are otherwise.
    for role in organization.assignable() {
        let is_above = found.role.is_some_and(|own| {
            let mut open = vec![role];
            let mut found = false;
            while let Some(next) = open.pop() {
                found |= next.key() == own.key();
                open.extend(next.bases());
            }
            found
        });
        let differs = |row: &Row<'_>| {
            let gives = gives.iter().filter(|(at, _)| *at == row.key().index());
            let level = gives.fold(Actions::NONE, |all, (_, action)| all | Actions::one(*action));
            role.actions(row.key()) != level
        };
        let is_there =
            |row: &Row<'_>| !row.is_only_managed() || organization.kind() != OrganizationKind::Direct;
        let rows = organization.catalog().rows().filter(is_there).filter(differs).count();
        if is_above {
            same!(draft.base.is_some_and(|base| base.key() == role.key()), false, "a base above itself");
        } else if rows < draft.lines() {
            return Err(format!("{} needs {rows} lines only", role.id()));
        }
    }
    Ok(())
}
