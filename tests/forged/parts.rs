//! Forgeries that are whole: the parts of a table changed one at a time, and written anew, so that both sections and all
//! checksums agree. No reader can refuse them. What decides otherwise is caught, all of it.

use std::sync::Arc;

use rolec::table::{Home, Parts, Role, Table, parts};
use rolec::vocab::{OrganizationKind, PrincipalKind, RoleId, Time};

use crate::forged::judge::{Tally, judge};
use crate::forged::seeds::{LARGE, all, each, everything};

fn owned(text: Option<&str>) -> Option<Box<str>> {
    text.map(Into::into)
}

/// The parts of a table, by what its views say.
pub(crate) fn parts_of(table: &Table) -> Parts {
    let catalogs = table.catalogs().map(|it| parts::Catalog {
        id: it.id().into(),
        title: owned(it.title()),
        doc: owned(it.doc()),
        version: owned(it.version()),
        categories: it
            .categories()
            .map(|it| parts::Category {
                id: it.id().into(),
                title: owned(it.title()),
                doc: owned(it.doc()),
                position: it.position(),
            })
            .collect(),
        rows: it
            .rows()
            .map(|it| parts::Row {
                id: it.id().into(),
                title: owned(it.title()),
                doc: owned(it.doc()),
                category: it.category().key(),
                kind: owned(it.kind()),
                shape: it.shape().clone(),
                only_managed: it.is_only_managed(),
                escalation: it.escalation().clone(),
                notes: it.notes().map(Into::into).collect(),
                caveats: it.caveats().map(Into::into).collect(),
                position: it.position(),
            })
            .collect(),
        super_role: it.super_role().map(Role::key),
        custom_role_limit: it.custom_role_limit(),
        is_case_sensitive: it.is_case_sensitive(),
        position: it.position(),
    });
    let organizations = table.organizations().map(|it| parts::Organization {
        id: it.id().into(),
        title: owned(it.title()),
        doc: owned(it.doc()),
        kind: it.kind(),
        catalog: it.catalog().key(),
        position: it.position(),
    });
    let roles = table.roles().map(|it| parts::Role {
        id: it.id().into(),
        title: owned(it.title()),
        doc: owned(it.doc()),
        description: owned(it.description()),
        home: it.home(),
        is_default: it.is_default(),
        bits: it.bits().into(),
        bases: it.bases().map(Role::key).collect(),
        entries: it.entries().to_vec(),
        position: it.position(),
    });
    let principals = table.principals().map(|it| parts::Principal {
        organization: it.organization().key(),
        name: it.name().into(),
        kind: it.kind(),
    });
    let assignments =
        table.principals().flat_map(|principal| principal.assignments()).map(|it| parts::Assignment {
            principal: it.principal(),
            role: it.role(),
            from: it.from(),
            until: it.until(),
            position: it.position(),
            because: owned(it.because()),
        });
    Parts {
        files: table.files().map(Into::into).collect(),
        catalogs: catalogs.collect(),
        organizations: organizations.collect(),
        roles: roles.collect(),
        principals: principals.collect(),
        assignments: assignments.collect(),
    }
}

/// Something done to the parts of a table.
type Change = Box<dyn Fn(&mut Parts)>;

#[derive(Default)]
struct Changes(Vec<(String, Change)>);

impl Changes {
    fn add(&mut self, what: String, one: impl Fn(&mut Parts) + 'static) {
        self.0.push((what, Box::new(one)));
    }
}

/// Every change of one thing that decides: each bit of each role, the time, the role and the holder of each assignment,
/// the kind of each principal and organization, where each row is there, one of each left out.
fn changes(parts: &Parts) -> Vec<(String, Change)> {
    let mut all = Changes::default();
    for (number, role) in parts.roles.iter().enumerate() {
        for bit in 0..role.bits.len() * 64 {
            all.add(format!("role {number}, bit {bit}"), move |parts| {
                let mut bits = parts.roles[number].bits.to_vec();
                bits[bit / 64] ^= 1 << (bit % 64);
                parts.roles[number].bits = Arc::from(bits);
            });
        }
    }
    for (number, own) in parts.assignments.iter().enumerate() {
        let times =
            [None, Some(Time(i64::MIN)), Some(Time(0)), Some(Time(4_000_000_000)), Some(Time(i64::MAX))];
        let near =
            |at: Option<Time>| at.into_iter().flat_map(|at| [Some(Time(at.0 - 1)), Some(Time(at.0 + 1))]);
        for time in times.into_iter().chain(near(own.from)) {
            all.add(format!("assignment {number} from {time:?}"), move |parts| {
                parts.assignments[number].from = time
            });
        }
        for time in times.into_iter().chain(near(own.until)) {
            all.add(format!("assignment {number} until {time:?}"), move |parts| {
                parts.assignments[number].until = time
            });
        }
        for role in (0..parts.roles.len() as u32).map(RoleId) {
            all.add(format!("assignment {number} of {role:?}"), move |parts| {
                parts.assignments[number].role = role
            });
        }
        for other in parts.assignments.iter().map(|it| it.principal) {
            all.add(format!("assignment {number} to {other:?}"), move |parts| {
                parts.assignments[number].principal = other
            });
        }
        all.add(format!("assignment {number} left out"), move |parts| drop(parts.assignments.remove(number)));
    }
    for number in 0..parts.principals.len() {
        all.add(format!("kind of principal {number}"), move |parts| {
            let kind = &mut parts.principals[number].kind;
            *kind = if *kind == PrincipalKind::Admin { PrincipalKind::Service } else { PrincipalKind::Admin };
        });
        all.add(format!("name of principal {number}"), move |parts| {
            let name = &mut parts.principals[number].name;
            *name = format!("{name}x").into();
        });
    }
    for number in 0..parts.organizations.len() {
        all.add(format!("kind of organization {number}"), move |parts| {
            let kind = &mut parts.organizations[number].kind;
            let is_direct = *kind == OrganizationKind::Direct;
            *kind = if is_direct { OrganizationKind::Managed } else { OrganizationKind::Direct };
        });
        all.add(format!("id of organization {number}"), move |parts| {
            let id = &mut parts.organizations[number].id;
            *id = format!("{id}x").into();
        });
    }
    for (number, role) in parts.roles.iter().enumerate() {
        all.add(format!("id of role {number}"), move |parts| {
            let id = &mut parts.roles[number].id;
            *id = format!("{id}x").into();
        });
        // A role more, as nobody wrote it.
        if let Home::Organization(_) = role.home {
            all.add(format!("role {number} twice"), move |parts| {
                let mut more = parts.roles[number].clone();
                more.id = format!("{}-x", more.id).into();
                more.bases.clear();
                parts.roles.insert(number + 1, more);
                let moved = |role: &mut RoleId| role.0 += u32::from(role.0 > number as u32);
                parts.assignments.iter_mut().for_each(|it| moved(&mut it.role));
                parts.roles.iter_mut().flat_map(|it| &mut it.bases).for_each(moved);
            });
        }
    }
    for (catalog, number) in
        parts.catalogs.iter().enumerate().flat_map(|(at, it)| (0..it.rows.len()).map(move |row| (at, row)))
    {
        all.add(format!("only managed, row {number} of {catalog}"), move |parts| {
            let row = &mut parts.catalogs[catalog].rows[number];
            row.only_managed = !row.only_managed;
        });
        all.add(format!("id of row {number} of {catalog}"), move |parts| {
            let id = &mut parts.catalogs[catalog].rows[number].id;
            *id = format!("{id}x").into();
        });
    }
    all.0
}

/// So many of a table are tried; of a large one that has more, as many of each sort as it has of them.
const MOST: usize = 400;

#[test]
fn every_whole_forgery_that_decides_is_caught() {
    let seeds = all();
    let everything = everything();
    let found = each(&seeds, |seed| {
        let parts = parts_of(&seed.table);
        assert!(
            Table::assemble(parts.clone()).unwrap() == seed.table,
            "{}: the parts are not all",
            seed.name
        );
        let (mut tally, mut impossible) = (Tally::default(), 0_u64);
        let changes = changes(&parts);
        let is_small = everything || seed.bytes.len() <= LARGE;
        let step = if is_small { 1 } else { changes.len().div_ceil(MOST) };
        for (what, change) in changes.iter().step_by(step) {
            let mut changed = parts.clone();
            change(&mut changed);
            changed.assignments.sort();
            // Parts that no table can be made of cannot be written either.
            let Ok(table) = Table::assemble(changed) else {
                impossible += 1;
                continue;
            };
            let bytes = table.to_bytes();
            let one = judge(seed, &bytes, || what.clone());
            assert_eq!(one.refused, 0, "{}: {what}: what is written is read", seed.name);
            tally += one;
        }
        (tally, impossible)
    });
    let tally: Tally = found.iter().map(|(tally, _)| *tally).sum();
    let impossible: u64 = found.iter().map(|(_, impossible)| impossible).sum();
    eprintln!("{} tables written anew, one thing changed: {tally}; {impossible} make no table", seeds.len());
    assert!(tally.caught > 1_000, "{tally}");
}
