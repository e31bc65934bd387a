//! Requests to the sample table and to a wide one, whose answers are known by another way.

use super::{
    Bitmap, Columns, Condition, Evaluator, Holder, Permission, Query, Reason, Request, Response, Who,
};
use crate::table::sample::{self, assignment, catalog, organization, principal, role, row};
use crate::table::{Home, Parts, Table};
use crate::vocab::{
    Actions, CatalogId, CategoryId, Decision, Form, OrganizationId, OrganizationKind, PrincipalId, RoleId,
    RowId, Time,
};

fn missing(held: u128, missing: u128) -> Reason {
    Reason::NotGranted { held: Actions(held), missing: Actions(missing) }
}

fn idle(next: Option<i64>) -> Reason {
    Reason::NothingInForce { next: next.map(Time) }
}

type Case = (&'static str, Who<'static>, &'static str, &'static str, i64, Reason);

/// Organization, who, `category.row`, `:action`, time.
#[test]
fn requests_by_name() {
    use Reason::{
        Granted, UnknownAction, UnknownCategory, UnknownOrganization, UnknownPrincipal, UnknownRole,
        UnknownRow,
    };
    use Who::{Principal, Role};
    let cases: &[Case] = &[
        // Roles, and templates as if they were roles of the organization.
        ("acme", Role("lead"), "sales.orders", "read", 0, Granted),
        ("acme", Role("lead"), "sales.orders", "write", 0, Granted),
        ("acme", Role("lead"), "sales.orders", "refund", 0, missing(0b011, 0b100)),
        ("acme", Role("lead"), "sales.orders", "", 0, missing(0b011, 0b100)),
        ("acme", Role("lead"), "sales.orders", "full", 0, missing(0b011, 0b100)),
        ("acme", Role("lead"), "staff.orders", "view", 0, Granted),
        ("acme", Role("lead"), "staff.orders", "full", 0, Granted),
        ("acme", Role("lead"), "staff.orders", "", 0, Granted),
        ("acme", Role("clerk"), "staff.orders", "", 0, missing(0b01, 0b10)),
        ("acme", Role("night"), "staff.orders", "", 0, missing(0, 0b11)),
        ("acme", Role("night"), "sales.sales.export.csv", "on", 0, Granted),
        ("acme", Role("night"), "sales.sales.export.csv", "full", 0, Granted),
        ("small", Role("tiny-one"), "c.r", "on", 0, Granted),
        // A floor is held by every role.
        ("acme", Role("night"), "staff.presence", "view", 0, Granted),
        ("acme", Role("night"), "staff.presence", "full", 0, missing(0b01, 0b10)),
        // What only managed organizations have.
        ("acme", Role("all-view"), "staff.logs", "view", 0, missing(0, 1)),
        ("beta", Role("all-view"), "staff.logs", "view", 0, Granted),
        ("beta", Role("lead"), "staff.logs", "", 0, Granted),
        ("beta", Role("lead"), "staff.logs", "full", 0, Granted),
        // Time, and two roles that join: `lead` from 100 until 200, `night` from 150.
        ("acme", Principal("ana"), "sales.orders", "read", i64::MIN, idle(Some(100))),
        ("acme", Principal("ana"), "sales.orders", "read", 99, idle(Some(100))),
        ("acme", Principal("ana"), "staff.presence", "view", 99, idle(Some(100))),
        ("acme", Principal("ana"), "sales.orders", "read", 100, Granted),
        ("acme", Principal("ana"), "sales.orders", "refund", 149, missing(0b011, 0b100)),
        ("acme", Principal("ana"), "sales.orders", "refund", 150, Granted),
        ("acme", Principal("ana"), "sales.orders", "", 149, missing(0b011, 0b100)),
        ("acme", Principal("ana"), "sales.orders", "", 150, Granted),
        ("acme", Principal("ana"), "sales.orders", "full", 199, Granted),
        ("acme", Principal("ana"), "sales.orders", "full", 200, missing(0b100, 0b011)),
        ("acme", Principal("ana"), "staff.presence", "view", i64::MAX, Granted),
        ("acme", Principal("bot"), "sales.orders", "write", i64::MIN, Granted),
        ("beta", Principal("ana"), "staff.logs", "view", i64::MIN, Granted),
        ("beta", Principal("ana"), "staff.logs", "view", -6, Granted),
        ("beta", Principal("ana"), "staff.logs", "view", -5, idle(None)),
        // What nobody knows; the first of them is told.
        ("Acme", Role("nobody"), "no.row", "x", 0, UnknownOrganization),
        ("", Role("lead"), "sales.orders", "", 0, UnknownOrganization),
        ("acme", Role("nobody"), "no.row", "x", 0, UnknownRole),
        ("acme", Role("Lead"), "sales.orders", "", 0, UnknownRole),
        ("acme", Role("tiny-one"), "sales.orders", "", 0, UnknownRole),
        ("acme", Role("ana"), "sales.orders", "", 0, UnknownRole),
        ("beta", Role("night"), "sales.orders", "", 0, UnknownRole),
        ("acme", Principal("lead"), "sales.orders", "", 0, UnknownPrincipal),
        ("acme", Principal("Ana"), "sales.orders", "", 0, UnknownPrincipal),
        ("beta", Principal("bot"), "sales.orders", "", 0, UnknownPrincipal),
        ("small", Principal("ana"), "c.r", "", 0, UnknownPrincipal),
        ("acme", Role("lead"), "no.row", "x", 0, UnknownCategory),
        ("acme", Role("lead"), "c.r", "on", 0, UnknownCategory),
        ("acme", Role("lead"), "sales.presence", "view", 0, UnknownRow),
        ("acme", Role("lead"), "sales.Orders", "read", 0, UnknownRow),
        ("acme", Role("lead"), "sales.orders", "Read", 0, UnknownAction),
        ("acme", Role("lead"), "sales.orders", "none", 0, UnknownAction),
        ("acme", Role("lead"), "staff.orders", "none", 0, UnknownAction),
        ("acme", Role("lead"), "sales.sales.export.csv", "off", 0, UnknownAction),
        ("beta", Principal("ana"), "staff.logs", "Full", -5, UnknownAction),
    ];
    let table = sample::table();
    let evaluator = Evaluator::new(&table);
    for (organization, who, row, action, at, reason) in cases {
        let (category, row) = row.split_once('.').unwrap();
        let action = (!action.is_empty()).then_some(*action);
        let request = Request { organization, who: *who, category, row, action, at: Time(*at) };
        let response = evaluator.decide(&request);
        assert_eq!(response.reason, *reason, "{request:?}");
        assert_eq!(response.decision == Decision::Allow, *reason == Granted);
        match evaluator.resolve(&request) {
            Ok(query) => {
                assert_eq!(evaluator.respond(query), response);
                assert_eq!(evaluator.decide_query(query), response.decision);
            }
            Err(error) => assert!(error == *reason && error.is_unknown()),
        }
    }
}

#[test]
fn slugs_stay() {
    for (reason, slug, unknown) in [
        (Reason::Granted, "granted", false),
        (missing(0, 1), "not-granted", false),
        (idle(None), "nothing-in-force", false),
        (Reason::UnknownOrganization, "unknown-organization", true),
        (Reason::UnknownPrincipal, "unknown-principal", true),
        (Reason::UnknownRole, "unknown-role", true),
        (Reason::UnknownCategory, "unknown-category", true),
        (Reason::UnknownRow, "unknown-row", true),
        (Reason::UnknownAction, "unknown-action", true),
    ] {
        assert_eq!((reason.slug(), reason.is_unknown()), (slug, unknown));
        let decision = if slug == "granted" { Decision::Allow } else { Decision::Deny };
        assert_eq!(Response::from(reason), Response { decision, reason });
    }
}

/// Every holder of every organization of a table, and a few that are not there.
fn holders(table: &Table) -> Vec<Holder> {
    let keys = |count: usize| (0..=count).map(|key| key as u32).chain([u32::MAX]);
    let roles = keys(table.organizations().count())
        .flat_map(|organization| keys(table.roles().count()).map(move |role| (organization, role)))
        .map(|(organization, role)| Holder::Role(OrganizationId(organization), RoleId(role)));
    keys(table.principals().count()).map(|key| Holder::Principal(PrincipalId(key))).chain(roles).collect()
}

/// Every action of every row of a table's catalogs, and every row whole.
fn permissions(table: &Table) -> Vec<Permission> {
    let rows = table.catalogs().flat_map(|catalog| catalog.rows());
    rows.flat_map(|row| {
        let actions = (0..row.shape().width()).map(Some).chain([None]);
        let catalog = row.category().catalog().key();
        actions.map(move |action| Permission::at(table, catalog, row.key(), action).unwrap())
    })
    .collect()
}

#[test]
fn listing_batch_and_decision_are_one() {
    let table = sample::table();
    let evaluator = Evaluator::new(&table);
    let (holders, permissions) = (holders(&table), permissions(&table));
    for at in [i64::MIN, -6, -5, 99, 100, 150, 199, 200, i64::MAX].map(Time) {
        let mut columns = (Vec::new(), Vec::new());
        let mut wanted = Vec::new();
        for holder in &holders {
            let held = evaluator.held(*holder, at);
            for permission in &permissions {
                let response = evaluator.respond(Query { holder: *holder, permission: *permission, at });
                let row = held.as_ref().map(|held| held.actions(permission.row())).map_err(|reason| *reason);
                match response.reason {
                    Reason::Granted => assert!(row.unwrap().contains(permission.actions())),
                    Reason::NotGranted { held, missing } => {
                        assert_eq!(row, Ok(held));
                        assert_eq!(permission.actions() - held, missing);
                    }
                    Reason::NothingInForce { .. } => {
                        assert_eq!(held.as_ref().unwrap().idle(), Some(response.reason));
                        assert_eq!(row, Ok(Actions::NONE));
                    }
                    Reason::UnknownRow => assert!(row.is_ok()),
                    reason => assert_eq!(row, Err(reason)),
                }
                if let Holder::Principal(principal) = holder {
                    columns.0.push(*principal);
                    columns.1.push(*permission);
                    wanted.push(response.decision);
                }
            }
        }
        let moment = evaluator.at(at);
        assert_eq!((moment.table(), moment.time()), (&table, at));
        let bitmap = moment.decide(&columns.0, &moment.ask(columns.1));
        assert_eq!(bitmap.iter().collect::<Vec<_>>(), wanted);
        // Till then nothing changes, and then something may.
        let bounds = table.principals().flat_map(|it| it.assignments().collect::<Vec<_>>());
        let bounds = bounds.flat_map(|it| [it.from(), it.until()]).flatten();
        assert_eq!(moment.until(), bounds.filter(|bound| *bound > at).min());
    }
}

/// Two catalogs, one wider than a word, with people of both.
fn two_catalogs() -> Table {
    let flags = |id: &str, count: usize| {
        let rows = (0..count).map(|number| row(&format!("r{number}"), 0, Form::Flag, &[], &[]));
        catalog(id, &["c"], rows.collect())
    };
    let catalogs = vec![flags("a-wide", 70), flags("b-narrow", 3)];
    let given: Vec<(u32, u128)> = (0..70).map(|row| (row, u128::from(row % 3 != 1))).collect();
    let roles = vec![
        role(Home::Organization(OrganizationId(0)), &catalogs[0], "a", &given),
        role(Home::Organization(OrganizationId(1)), &catalogs[1], "b", &[(0, 1), (2, 1)]),
        role(Home::Organization(OrganizationId(1)), &catalogs[1], "c", &[(1, 1)]),
    ];
    let organizations = [("one", 0), ("two", 1)]
        .map(|(id, catalog)| organization(id, OrganizationKind::Direct, catalog))
        .into();
    let principals =
        [(0, "ana"), (0, "bea"), (1, "ana"), (1, "cy")].map(|(of, name)| principal(of, name)).into();
    let assignments = vec![
        assignment(0, 0, None, None),
        assignment(1, 0, Some(100), Some(200)),
        assignment(2, 1, None, None),
        assignment(2, 2, Some(150), None),
        assignment(3, 2, None, None),
    ];
    let files = vec!["f".into()];
    Table::assemble(Parts { files, catalogs, organizations, roles, principals, assignments }).unwrap()
}

#[test]
fn holders_are_those_who_are_allowed() {
    for table in [sample::table(), two_catalogs()] {
        let evaluator = Evaluator::new(&table);
        // An interpreter takes a sample.
        let permissions = permissions(&table).into_iter().step_by(if cfg!(miri) { 41 } else { 1 });
        let permissions: Vec<Permission> = permissions.collect();
        let all: Vec<PrincipalId> = table.principals().map(|it| it.key()).collect();
        for at in [99, 150, 200].map(Time) {
            let moment = evaluator.at(at);
            let (made, none) = (Columns::of(&moment, 1 << 20).unwrap(), Columns::of(&moment, 0).unwrap());
            assert!(made.bytes() > 8 && none.bytes() == 0);
            for permission in &permissions {
                let is_allowed = |who: &PrincipalId| {
                    let query = Query { holder: Holder::Principal(*who), permission: *permission, at };
                    evaluator.respond(query).decision == Decision::Allow
                };
                let (can, cannot): (Vec<_>, Vec<_>) = all.iter().copied().partition(is_allowed);
                let decided = moment.decide(&all, &moment.ask(vec![*permission; all.len()]));
                assert!(decided.iter().eq(all.iter().map(|who| Decision::allow_if(is_allowed(who)))));
                for columns in [&made, &none] {
                    let may = columns.may(*permission);
                    let not = Condition::everybody() & !may.clone();
                    for (condition, wanted) in [(&may, &can), (&not, &cannot)] {
                        let found = columns.holders(condition);
                        assert_eq!((&found.list(), found.count()), (wanted, wanted.len()));
                        assert!(found.iter().eq(wanted.iter().copied()));
                        assert_eq!(
                            (found.bitmap().len(), found.bitmap().allowed()),
                            (all.len(), wanted.len())
                        );
                        for organization in table.organizations().map(|it| it.key()) {
                            let of = table.decisions().index().principals(organization);
                            let own = wanted.iter().copied().filter(|who| of.contains(&who.index()));
                            let found = columns.holders_in(organization, condition);
                            assert!(found.iter().eq(own.clone()));
                            assert_eq!((found.count(), found.bitmap().len()), (own.count(), of.len()));
                        }
                    }
                    assert_eq!(columns.holders(&(may | Condition::nobody())).count(), can.len());
                }
            }
        }
    }
}

#[test]
fn a_listing_has_every_row() {
    let table = sample::table();
    let evaluator = Evaluator::new(&table);
    let list = |holder, at| {
        let held = evaluator.held(holder, Time(at)).unwrap();
        assert_eq!(held.len(), 5);
        held.map(|(row, actions)| (row.0, actions.0)).collect::<Vec<_>>()
    };
    let ana = Holder::Principal(PrincipalId(0));
    assert_eq!(list(ana, 150), [(0, 0b111), (1, 1), (2, 0b11), (3, 0), (4, 1)]);
    assert_eq!(list(ana, 99), [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]);
    let template = Holder::Role(OrganizationId(1), RoleId(0));
    assert_eq!(list(template, 0), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1)]);
    assert_eq!(evaluator.held(ana, Time(150)).unwrap().idle(), None);
    let in_force = |principal, at| -> Vec<u32> {
        evaluator.assignments_in_force(PrincipalId(principal), Time(at)).map(|it| it.role().0).collect()
    };
    assert_eq!([in_force(0, 150), in_force(0, 200), in_force(9, 0)], [vec![3, 4], vec![4], vec![]]);
}

#[test]
fn keys_of_another_table_are_denied() {
    let table = sample::table();
    let evaluator = Evaluator::new(&table);
    let flags = |count: usize, words: &[&str]| {
        let rows = (0..count).map(|id| row(&id.to_string(), 0, Form::Verbs, words, &[])).collect();
        let catalogs = vec![catalog("other", &["c"], rows), catalog("zoo", &["c"], Vec::new())];
        Table::assemble(Parts { files: vec!["f".into()], catalogs, ..Parts::default() }).unwrap()
    };
    let lead = Holder::Role(OrganizationId(0), RoleId(3));
    let ask = |permission| evaluator.respond(Query { holder: lead, permission, at: Time(0) }).reason;
    let other = flags(6, &["a", "b", "c", "d"]);
    let at = |row| Permission::at(&other, CatalogId(0), RowId(row), None).unwrap();
    assert_eq!(ask(at(5)), Reason::UnknownRow);
    assert_eq!(ask(at(0)), Reason::UnknownAction);
    let tiny = Permission::at(&table, CatalogId(1), RowId(0), None).unwrap();
    assert_eq!(ask(tiny), Reason::UnknownRow);
    for (catalog, row, actions) in [(0, 0, 0), (0, 0, 0b1000), (0, 5, 1), (2, 0, 1), (u32::MAX, 0, 1)] {
        assert_eq!(Permission::of(&table, CatalogId(catalog), RowId(row), Actions(actions)), None);
    }
    assert_eq!(Permission::at(&table, CatalogId(0), RowId(0), Some(3)), None);
    assert_eq!(Permission::at(&table, CatalogId(0), RowId(0), Some(usize::MAX)), None);
}

#[test]
fn bitmaps() {
    for len in [0, 1, 63, 64, 65, 128, 200] {
        let decisions: Vec<Decision> = (0..len).map(|index| Decision::allow_if(index % 3 == 0)).collect();
        let bitmap: Bitmap = decisions.iter().copied().collect();
        assert_eq!((bitmap.len(), bitmap.is_empty()), (len, len == 0));
        assert_eq!(bitmap.iter().collect::<Vec<_>>(), decisions);
        assert_eq!(bitmap.allowed(), len.div_ceil(3));
        assert_eq!(bitmap.words().len(), len.div_ceil(64));
        assert_eq!((bitmap.get(len), bitmap.get(usize::MAX)), (None, None));
    }
    let table = sample::table();
    let orders = Permission::of(&table, CatalogId(0), RowId(0), Actions(0b011)).unwrap();
    let moment = Evaluator::new(&table).at(Time(150));
    let none = moment.ask([]);
    assert_eq!((none.len(), none.is_empty()), (0, true));
    let orders = moment.ask([orders; 2]);
    assert_eq!((orders.len(), orders.is_empty()), (2, false));
    assert_eq!(moment.decide(&[PrincipalId(0); 3], &orders).words(), [0b11]);
    assert!(moment.decide(&[], &orders).is_empty());
}

/// A catalog of more than 20,000 actions: rows of 128 verbs that lie across words, a flag before each so that they
/// lie differently. The answers are held against lists of what was given.
#[test]
fn a_wide_catalog() {
    const ROWS: u32 = 160;
    let verbs: Vec<String> = (0..128).map(|verb| format!("v{verb}")).collect();
    let verbs: Vec<&str> = verbs.iter().map(String::as_str).collect();
    let rows: Vec<_> = (0..ROWS)
        .flat_map(|id| {
            let mut wide = row(&format!("wide{id}"), 0, Form::Verbs, &verbs, &[]);
            wide.only_managed = id % 16 == 5;
            [row(&format!("flag{id}"), 0, Form::Flag, &[], &[]), wide]
        })
        .collect();
    let wide = catalog("wide", &["c"], rows);
    let mut state = 7_u128;
    let mut random = || {
        state = state.wrapping_mul(0xda94_2042_e4dd_58b5).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state ^ state >> 67
    };
    let mut given = || -> Vec<(u32, u128)> {
        (0..2 * ROWS)
            .map(|row| (row, if row % 2 == 0 { random() & 1 } else { random() & random() }))
            .collect()
    };
    let given = [given(), given()];
    let home = Home::Organization(OrganizationId(0));
    let roles = ["a", "b"].iter().zip(&given).map(|(id, given)| role(home, &wide, id, given)).collect();
    for kind in [OrganizationKind::Direct, OrganizationKind::Managed] {
        let parts = Parts {
            files: vec!["f".into()],
            catalogs: vec![wide.clone()],
            organizations: vec![organization("o", kind, 0)],
            roles: Clone::clone(&roles),
            principals: vec![principal(0, "p")],
            assignments: vec![assignment(0, 0, None, Some(10)), assignment(0, 1, Some(5), None)],
        };
        let table = Table::assemble(parts).unwrap();
        assert!(table.catalog_view(CatalogId(0)).unwrap().layout().words() > 20_000 / 64);
        let evaluator = Evaluator::new(&table);
        for (at, [first, second]) in [(4, [true, false]), (7, [true, true]), (10, [false, true])] {
            let holder = Holder::Principal(PrincipalId(0));
            let mut held = evaluator.held(holder, Time(at)).unwrap();
            for ((row, a), (_, b)) in given[0].iter().zip(&given[1]) {
                let view = table.catalog_view(CatalogId(0)).unwrap().row(RowId(*row)).unwrap();
                let hidden = view.is_only_managed() && kind == OrganizationKind::Direct;
                let union = if first { *a } else { 0 } | if second { *b } else { 0 };
                let union = Actions(if hidden { 0 } else { union });
                assert_eq!(held.next(), Some((RowId(*row), union)));
                for action in 0..view.shape().width() {
                    let asked = Actions::one(action);
                    let permission = Permission::of(&table, CatalogId(0), RowId(*row), asked).unwrap();
                    let query = Query { holder, permission, at: Time(at) };
                    assert_eq!(evaluator.decide_query(query), Decision::allow_if(union.contains(asked)));
                }
            }
            assert_eq!(held.next(), None);
        }
    }
    let everything = Permission::at(&sample::table(), CatalogId(0), RowId(0), None).unwrap();
    assert_eq!((everything.catalog(), everything.actions()), (CatalogId(0), Actions(0b111)));
    assert_eq!(sample::table().category(CatalogId(0), "staff"), Some(CategoryId(1)));
}
