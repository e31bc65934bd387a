//! Who holds something is whoever can: the list is all that are asked about, but for those who are denied.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;

use rolec::eval::{Columns, Evaluator, Permission, Request, Who};
use rolec::table::{Organization, Row, Table};
use rolec::tools::listing::who;
use rolec::vocab::{OrganizationKind, Time};

use crate::support::generated;
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::moments;

/// How often which answer was given, in organizations of either kind.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    allowed: u64,
    denied: u64,
}

#[test]
fn who_is_the_filter_of_can() {
    let (direct, managed) = (Cell::new(Count::default()), Cell::new(Count::default()));
    let all = law("who", 200, &(generated::policy(), layout()), |(policy, layout)| {
        let files = policy.unrestricted().files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        // As every reader has it.
        let table = Table::from_bytes(&table.to_bytes()).unwrap();
        let moments = moments(&table);
        for organization in table.organizations() {
            let counts = match organization.kind() {
                OrganizationKind::Direct => &direct,
                OrganizationKind::Managed => &managed,
            };
            let mut count = counts.get();
            for row in organization.catalog().rows() {
                for action in (0..row.shape().width()).map(Some).chain([None]) {
                    for at in &moments {
                        let broken = broken(&table, organization, row, action, *at, &mut count);
                        prop_assert!(broken.is_none(), "{broken:?}\n{}", shown(&files));
                    }
                }
            }
            counts.set(count);
            // Of what another catalog offers nobody is listed.
            let others = table.catalogs().filter(|it| it.key() != organization.catalog().key());
            for (catalog, row) in others.flat_map(|it| it.rows().map(move |row| (it.key(), row))) {
                let permission = Permission::at(&table, catalog, row.key(), None);
                let listed = permission.and_then(|it| who(&table, organization, it, Time(0)));
                prop_assert!(listed.is_none(), "{} lists {}", organization.id(), row.id());
            }
        }
        Ok(Tried::Held)
    });
    for (kind, count) in [("direct", direct.get()), ("managed", managed.get())] {
        eprintln!("{kind}: {count:?}");
        assert!(all < MANY || count.allowed.min(count.denied) > 10_000, "{kind}: {count:?}");
    }
}

/// Asks about everybody by name, and holds the lists against the answers; says what is otherwise.
fn broken(
    table: &Table,
    organization: Organization<'_>,
    row: Row<'_>,
    action: Option<usize>,
    at: Time,
    count: &mut Count,
) -> Option<String> {
    let evaluator = Evaluator::new(table);
    let name = action.and_then(|action| row.shape().actions().nth(action));
    let mut can = |who: Who<'_>| {
        let (category, row) = (row.category().id(), row.id());
        let organization = organization.id();
        let request = Request { organization, who, category, row, action: name, at };
        let is_allowed = evaluator.decide(&request).decision.word() == "allow";
        *if is_allowed { &mut count.allowed } else { &mut count.denied } += 1;
        is_allowed
    };
    // `full` is all of the row, whatever its actions are called.
    let action = action.filter(|_| name != Some("full"));
    let permission = Permission::at(table, organization.catalog().key(), row.key(), action)?;
    let people: BTreeSet<&str> = organization.principals().map(|it| it.name()).collect();
    let people: BTreeSet<&str> = people.into_iter().filter(|name| can(Who::Principal(name))).collect();
    let roles: BTreeSet<&str> = organization.assignable().map(|it| it.id()).collect();
    let roles: BTreeSet<&str> = roles.into_iter().filter(|id| can(Who::Role(id))).collect();
    let told = |what: &str| Some(format!("{what}: {} {}.{name:?} at {at}", organization.id(), row.id()));
    let Some(listed) = who(table, organization, permission, at) else { return told("nothing is listed") };
    let names: Vec<&str> = listed.principals.iter().map(|(it, _)| it.name()).collect();
    let ids: Vec<&str> = listed.roles.iter().map(|it| it.id()).collect();
    if !names.iter().copied().eq(people.iter().copied()) {
        return told(&format!("listed are {names:?}, and {people:?} can"));
    }
    if ids.len() != roles.len() || ids.into_iter().collect::<BTreeSet<_>>() != roles {
        return told("other roles are listed");
    }
    // The same in columns.
    let moment = evaluator.at(at);
    let columns = Columns::of(&moment, 1 << 20)?;
    let holders = columns.holders_in(organization.key(), &columns.may(permission)).list();
    let holders: BTreeSet<&str> =
        holders.into_iter().filter_map(|it| Some(table.principal_view(it)?.name())).collect();
    if holders == people { None } else { told(&format!("columns have {holders:?}, and {people:?} can")) }
}
