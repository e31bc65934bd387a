//! Each invariant spoiled once, what is allowed at the edges, and sizes.

use std::sync::Arc;

use crate::table::parts::{Entry, Home, Parts, Position, Target};
use crate::table::sample::{self, assignment, at, organization, principal, role, row};
use crate::table::{Fault, Flaw, Part, Table};
use crate::vocab::{
    CatalogId, CategoryId, Escalation, Form, OrganizationId, OrganizationKind, PrincipalId, RoleId, RowId,
    Shape, Time, Written, limits,
};

type Case = (fn(&mut Parts), Part, usize, Fault);

const SHOP: CatalogId = CatalogId(0);

fn long(bytes: usize) -> Box<str> {
    "x".repeat(bytes).into()
}

fn leads(parts: &mut Parts, rows: &[u32]) {
    let rows = rows.iter().map(|row| RowId(*row)).collect();
    parts.catalogs[0].rows[1].escalation = Escalation::To(rows);
}

fn verbs(words: &[&str]) -> Shape {
    Shape::new(Form::Verbs, words.iter().copied())
}

fn ladder(words: &[&str]) -> Shape {
    Shape::new(Form::Ladder, words.iter().copied())
}

fn some_entry(target: Target) -> Entry {
    Entry { target, level: "view".into(), position: at(9), written: Written::Line, unconfirmed: None }
}

const CASES: &[Case] = &[
    (|it| it.files.swap(0, 1), Part::File, 1, Fault::OutOfOrder),
    // Catalogs.
    (|it| it.catalogs[1].id = "shop".into(), Part::Catalog, 1, Fault::OutOfOrder),
    (|it| it.catalogs[0].id = "zoo".into(), Part::Catalog, 1, Fault::OutOfOrder),
    (|it| it.catalogs[1].id = long(limits::NAME_BYTES + 1), Part::Catalog, 1, Fault::TooLong),
    (|it| it.catalogs[1].doc = Some(long(limits::FILE_BYTES + 1)), Part::Catalog, 1, Fault::TooLong),
    (|it| it.catalogs[1].position.file = 2, Part::Catalog, 1, Fault::Position),
    (|it| it.catalogs[1].super_role = Some(RoleId(0)), Part::Catalog, 1, Fault::Super),
    (|it| it.catalogs[0].super_role = Some(RoleId(3)), Part::Catalog, 0, Fault::Super),
    (|it| it.catalogs[0].super_role = Some(RoleId(6)), Part::Catalog, 0, Fault::Super),
    // Categories.
    (|it| it.catalogs[0].categories[1].id = "sales".into(), Part::Category(SHOP), 1, Fault::Repeated),
    (|it| it.catalogs[0].categories[1].id = long(513), Part::Category(SHOP), 1, Fault::TooLong),
    (|it| it.catalogs[0].categories[1].position.line = 0, Part::Category(SHOP), 1, Fault::Position),
    // Rows.
    (|it| it.catalogs[0].rows[1].id = "orders".into(), Part::Row(SHOP), 1, Fault::Repeated),
    (|it| it.catalogs[0].rows[1].id = long(513), Part::Row(SHOP), 1, Fault::TooLong),
    (|it| it.catalogs[0].rows[3].category = CategoryId(0), Part::Row(SHOP), 3, Fault::OutOfOrder),
    (|it| it.catalogs[0].rows[3].category = CategoryId(2), Part::Row(SHOP), 3, Fault::Unknown),
    (|it| it.catalogs[0].rows[1].position.column = 0, Part::Row(SHOP), 1, Fault::Position),
    (|it| it.catalogs[0].rows[0].shape = verbs(&[]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = verbs(&["a", "a"]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = verbs(&["a", "full"]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = verbs(&["none", "a"]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = ladder(&["a", "b"]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = ladder(&["none", "full", "b"]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = ladder(&["none"]), Part::Row(SHOP), 0, Fault::Shape),
    (|it| it.catalogs[0].rows[0].shape = verbs(&[&"x".repeat(513)]), Part::Row(SHOP), 0, Fault::Shape),
    (
        |it| it.catalogs[0].rows[0].shape = Shape::new(Form::Verbs, (0..129).map(|verb| format!("v{verb}"))),
        Part::Row(SHOP),
        0,
        Fault::Shape,
    ),
    (|it| it.catalogs[0].rows[4].only_managed = true, Part::Row(SHOP), 4, Fault::ManagedFloor),
    (|it| leads(it, &[5]), Part::Row(SHOP), 1, Fault::Unknown),
    (|it| leads(it, &[]), Part::Row(SHOP), 1, Fault::Escalation),
    (|it| leads(it, &[0, 1]), Part::Row(SHOP), 1, Fault::Escalation),
    (|it| leads(it, &[2, 0]), Part::Row(SHOP), 1, Fault::Escalation),
    (|it| leads(it, &[2, 2]), Part::Row(SHOP), 1, Fault::Escalation),
    // Organizations.
    (|it| it.organizations.swap(0, 1), Part::Organization, 1, Fault::OutOfOrder),
    (|it| it.organizations[1].id = "acme".into(), Part::Organization, 1, Fault::OutOfOrder),
    (|it| it.organizations[1].id = long(513), Part::Organization, 1, Fault::TooLong),
    (|it| it.organizations[2].catalog = CatalogId(2), Part::Organization, 2, Fault::Unknown),
    (|it| it.organizations[2].position.file = 9, Part::Organization, 2, Fault::Position),
    // Roles.
    (|it| it.roles.swap(0, 1), Part::Role, 1, Fault::OutOfOrder),
    (|it| it.roles.swap(2, 3), Part::Role, 3, Fault::OutOfOrder),
    (|it| it.roles.swap(4, 5), Part::Role, 5, Fault::OutOfOrder),
    (|it| it.roles[1].id = "all-view".into(), Part::Role, 1, Fault::OutOfOrder),
    (|it| it.roles[4].id = "lead".into(), Part::Role, 4, Fault::OutOfOrder),
    (|it| it.roles[5].id = long(513), Part::Role, 5, Fault::TooLong),
    (|it| it.roles[5].description = Some(long(limits::FILE_BYTES + 1)), Part::Role, 5, Fault::TooLong),
    (|it| it.roles[5].home = Home::Organization(OrganizationId(3)), Part::Role, 5, Fault::Unknown),
    (|it| it.roles[2].home = Home::Template(CatalogId(2)), Part::Role, 2, Fault::Unknown),
    (|it| it.roles[5].id = "clerk".into(), Part::Role, 5, Fault::TemplateId),
    (|it| it.roles[5].id = "tiny-one".into(), Part::Role, 5, Fault::TemplateId),
    (|it| it.roles[5].is_default = true, Part::Role, 5, Fault::Default),
    (|it| it.roles[5].position = Position { file: 2, line: 1, column: 1 }, Part::Role, 5, Fault::Position),
    (|it| it.roles[5].bases = vec![RoleId(6)], Part::Role, 5, Fault::Unknown),
    (|it| it.roles[5].bases = vec![RoleId(2)], Part::Role, 5, Fault::Base),
    (|it| it.roles[5].bases = vec![RoleId(3)], Part::Role, 5, Fault::Base),
    (|it| it.roles[1].bases = vec![RoleId(3)], Part::Role, 1, Fault::Base),
    (|it| it.roles[3].bases = vec![RoleId(1), RoleId(0)], Part::Role, 3, Fault::BaseOrder),
    (|it| it.roles[3].bases = vec![RoleId(1), RoleId(1)], Part::Role, 3, Fault::BaseOrder),
    (|it| it.roles[2].bases = vec![RoleId(2)], Part::Role, 2, Fault::Cycle),
    (|it| it.roles[0].bases = vec![RoleId(1)], Part::Role, 0, Fault::Cycle),
    (|it| it.roles[0].bits = [0, 0].into(), Part::Role, 0, Fault::Width { found: 2, wanted: 1 }),
    (|it| it.roles[0].bits = [].into(), Part::Role, 0, Fault::Width { found: 0, wanted: 1 }),
    (|it| Arc::make_mut(&mut it.roles[0].bits)[0] |= 1 << 9, Part::Role, 0, Fault::StrayBits),
    (|it| Arc::make_mut(&mut it.roles[0].bits)[0] |= 1 << 63, Part::Role, 0, Fault::StrayBits),
    (
        |it| Arc::make_mut(&mut it.roles[0].bits)[0] &= !(1 << 7),
        Part::Role,
        0,
        Fault::NotALevel { row: RowId(4) },
    ),
    (
        |it| Arc::make_mut(&mut it.roles[4].bits)[0] |= 1 << 5,
        Part::Role,
        4,
        Fault::NotALevel { row: RowId(2) },
    ),
    // Entries.
    (
        |it| it.roles[4].entries = vec![some_entry(Target::Row(RowId(5)))],
        Part::Entry(RoleId(4)),
        0,
        Fault::Unknown,
    ),
    (
        |it| it.roles[4].entries = vec![some_entry(Target::Category(CategoryId(2)))],
        Part::Entry(RoleId(4)),
        0,
        Fault::Unknown,
    ),
    (
        |it| it.roles[4].entries = vec![some_entry(Target::Row(RowId(0))), some_entry(Target::All)],
        Part::Entry(RoleId(4)),
        1,
        Fault::OutOfOrder,
    ),
    (
        |it| it.roles[4].entries = vec![some_entry(Target::All), some_entry(Target::All)],
        Part::Entry(RoleId(4)),
        1,
        Fault::OutOfOrder,
    ),
    (|it| it.roles[0].entries[0].position.file = 2, Part::Entry(RoleId(0)), 0, Fault::Position),
    (
        |it| it.roles[0].entries[0].level = long(limits::FILE_BYTES + 1).into(),
        Part::Entry(RoleId(0)),
        0,
        Fault::TooLong,
    ),
    // Principals.
    (|it| it.principals.swap(0, 1), Part::Principal, 1, Fault::OutOfOrder),
    (|it| it.principals.swap(0, 2), Part::Principal, 1, Fault::OutOfOrder),
    (|it| it.principals[1].name = "ana".into(), Part::Principal, 1, Fault::OutOfOrder),
    (|it| it.principals[1].name = long(513), Part::Principal, 1, Fault::TooLong),
    (|it| it.principals[2].organization = OrganizationId(3), Part::Principal, 2, Fault::Unknown),
    (|it| it.principals.push(principal(2, "eve")), Part::Principal, 3, Fault::Unassigned),
    // Assignments.
    (|it| it.assignments.swap(0, 1), Part::Assignment, 1, Fault::OutOfOrder),
    (|it| it.assignments[3].principal = PrincipalId(3), Part::Assignment, 3, Fault::Unknown),
    (|it| it.assignments[3].role = RoleId(6), Part::Assignment, 3, Fault::Unknown),
    (|it| it.assignments[3].role = RoleId(4), Part::Assignment, 3, Fault::NotAssignable),
    (|it| it.assignments[3].role = RoleId(2), Part::Assignment, 3, Fault::NotAssignable),
    (|it| it.assignments[0].until = Some(Time(100)), Part::Assignment, 0, Fault::Period),
    (|it| it.assignments[0].until = Some(Time(99)), Part::Assignment, 0, Fault::Period),
    (|it| it.assignments[0].position.line = 0, Part::Assignment, 0, Fault::Position),
    (
        |it| it.assignments[0].because = Some(long(limits::FILE_BYTES + 1)),
        Part::Assignment,
        0,
        Fault::TooLong,
    ),
];

#[test]
fn every_invariant_is_checked() {
    for (number, (spoil, part, index, fault)) in CASES.iter().enumerate() {
        let mut parts = sample::parts();
        spoil(&mut parts);
        let flaw = Flaw { part: *part, index: *index, fault: *fault };
        assert_eq!(Table::assemble(parts).err(), Some(flaw), "case {number}: {flaw}");
    }
}

#[test]
fn what_is_allowed() {
    let cases: &[fn(&mut Parts)] = &[
        |_| {},
        |it| *it = Parts::default(),
        // An empty category, at either end.
        |it| it.catalogs[0].categories.push(sample::category("empty")),
        |it| {
            it.catalogs[0].categories.insert(0, sample::category("empty"));
            it.catalogs[0].rows.iter_mut().for_each(|row| row.category.0 += 1);
            it.roles[1].entries[0].target = Target::Category(CategoryId(2));
        },
        // A catalog without rows.
        |it| it.catalogs.push(sample::catalog("void", &[], Vec::new())),
        // The same assignment again, one second, unbounded on one side.
        |it| it.assignments.insert(1, it.assignments[0].clone()),
        |it| it.assignments[0].until = Some(Time(101)),
        |it| it.assignments[0].from = None,
        // Two organizations with roles of one id stand in the sample; two files of one name may too.
        |it| it.files[1] = "a.role".into(),
        |it| it.roles[5].id = long(limits::NAME_BYTES),
    ];
    for (number, change) in cases.iter().enumerate() {
        let mut parts = sample::parts();
        change(&mut parts);
        assert_eq!(Table::assemble(parts).err(), None, "case {number}");
    }
}

#[test]
fn lists_have_limits() {
    assert_eq!(super::count(3, 3, Part::Role), Ok(()));
    assert_eq!(
        super::count(4, 3, Part::Role),
        Err(Flaw { part: Part::Role, index: 3, fault: Fault::TooMany })
    );
    // Of so many roles no table fits here: the count is held against them by itself.
    let roles = |found: usize| super::count(found, limits::ROLES, Part::Role).is_ok();
    let most = limits::ROLES;
    assert_eq!([most - 1, most, most + 1].map(roles), [true, true, false]);
    let most = limits::CATALOG_ROWS;
    for (count, is_too_many) in [(most - 1, false), (most, false), (most + 1, true)] {
        let mut parts = sample::parts();
        // All but the last are one row, which is the flaw that is found where there are not too many.
        parts.catalogs[1].rows = vec![row("r", 0, Form::Flag, &[], &[]); count];
        let flaw = Table::assemble(parts).err().unwrap();
        let at = (flaw.index, flaw.fault == Fault::TooMany);
        assert_eq!(at.1, is_too_many, "{count} rows: {flaw:?}");
        assert!(!is_too_many || (flaw.part, at.0) == (Part::Row(CatalogId(1)), limits::CATALOG_ROWS));
    }
}

/// Chains and fans as long as a policy may have them, in no more time than it takes to write them down.
#[test]
fn nothing_recurses_and_nothing_is_quadratic() {
    const MANY: u32 = 20_000;
    let mut parts = sample::parts();
    let catalog = parts.catalogs[1].clone();
    parts.catalogs[0].super_role = None;
    let home = Home::Template(CatalogId(1));
    let id = |number: u32| format!("t{number:05}");
    let mut roles: Vec<_> = (0..MANY).map(|number| role(home, &catalog, &id(number), &[(0, 1)])).collect();
    for (number, role) in roles.iter_mut().enumerate().skip(1) {
        role.bases = vec![RoleId::at(number - 1)];
    }
    roles[MANY as usize - 1].bases = (0..MANY - 1).map(RoleId).collect();
    parts.roles = roles;
    parts.organizations = vec![organization("o", OrganizationKind::Direct, 1)];
    let name = |number: u32| format!("p{number:06}");
    parts.principals = (0..10 * MANY).map(|number| principal(0, &name(number))).collect();
    parts.assignments = (0..10 * MANY).map(|number| assignment(number, number % MANY, None, None)).collect();
    let table = Table::assemble(parts.clone()).unwrap();
    let last = table.role_view(RoleId(MANY - 2)).unwrap();
    assert_eq!(last.root(RowId(0), 0).0.key(), RoleId(0));

    parts.roles[0].bases = vec![RoleId(MANY - 1)];
    assert_eq!(Table::assemble(parts).err().map(|flaw| flaw.fault), Some(Fault::Cycle));
}
