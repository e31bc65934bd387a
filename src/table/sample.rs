//! A small table with one of everything, for the tests of this room and of those that ask tables.

use crate::table::parts::{
    Assignment, Catalog, Category, Entry, Home, Organization, Parts, Position, Principal, Role, Row, Target,
};
use crate::table::{Layout, Table};
use crate::vocab::{
    Actions, CatalogId, CategoryId, Escalation, Form, OrganizationId, OrganizationKind, PrincipalId,
    PrincipalKind, RoleId, RowId, Shape, Time, Written,
};

pub(crate) fn at(line: u32) -> Position {
    Position { file: 0, line, column: 5 }
}

pub(crate) fn category(id: &str) -> Category {
    Category { id: id.into(), title: None, doc: None, position: at(2) }
}

pub(crate) fn row(id: &str, category: u32, form: Form, words: &[&str], dropped: &[&str]) -> Row {
    let mut shape = Shape::new(form, words.iter().copied());
    for word in dropped {
        assert!(shape.drop_word(word));
    }
    Row {
        id: id.into(),
        title: None,
        doc: None,
        category: CategoryId(category),
        kind: None,
        shape,
        only_managed: false,
        escalation: Escalation::Nowhere,
        notes: Vec::new(),
        caveats: Vec::new(),
        position: at(3),
    }
}

pub(crate) fn catalog(id: &str, categories: &[&str], rows: Vec<Row>) -> Catalog {
    Catalog {
        id: id.into(),
        title: None,
        doc: None,
        version: None,
        categories: categories.iter().map(|id| category(id)).collect(),
        rows,
        super_role: None,
        custom_role_limit: None,
        is_case_sensitive: false,
        position: at(1),
    }
}

/// A role that holds the floors of the catalog's rows and, of the rows named, just the actions named.
pub(crate) fn role(home: Home, catalog: &Catalog, id: &str, holds: &[(u32, u128)]) -> Role {
    let layout = Layout::of(&catalog.rows);
    let mut bits = layout.floors();
    for (row, actions) in holds {
        layout.set(&mut bits, RowId(*row), Actions(*actions));
    }
    Role {
        id: id.into(),
        title: None,
        doc: None,
        description: None,
        home,
        is_default: false,
        bits: bits.into(),
        bases: Vec::new(),
        entries: Vec::new(),
        position: at(20),
    }
}

pub(crate) fn organization(id: &str, kind: OrganizationKind, catalog: u32) -> Organization {
    Organization {
        id: id.into(),
        title: None,
        doc: None,
        kind,
        catalog: CatalogId(catalog),
        position: at(10),
    }
}

pub(crate) fn principal(organization: u32, name: &str) -> Principal {
    Principal { organization: OrganizationId(organization), name: name.into(), kind: PrincipalKind::Admin }
}

pub(crate) fn assignment(principal: u32, role: u32, from: Option<i64>, until: Option<i64>) -> Assignment {
    Assignment {
        principal: PrincipalId(principal),
        role: RoleId(role),
        from: from.map(Time),
        until: until.map(Time),
        position: at(30),
        because: None,
    }
}

fn entry(target: Target, level: &str, line: u32) -> Entry {
    Entry { target, level: level.into(), position: at(line), written: Written::Line, unconfirmed: None }
}

/// Of the catalog `shop`: its rows by number are 0 `sales.orders` (verbs read, write, refund), 1
/// `sales."sales.export.csv"` (flag), 2 `staff.orders` (none < view < full), 3 `staff.logs` (none < view, only
/// managed), 4 `staff.presence` (view < full).
pub(crate) fn shop() -> Catalog {
    let ladder = ["none", "view", "full"];
    let mut logs = row("logs", 1, Form::Ladder, &ladder, &["full"]);
    logs.only_managed = true;
    let mut orders = row("orders", 0, Form::Verbs, &["read", "write", "refund"], &[]);
    orders.escalation = Escalation::Everywhere;
    orders.title = Some("Orders".into());
    orders.kind = Some("papers".into());
    orders.notes = vec!["a note".into()];
    orders.caveats = vec!["a caveat".into(), "another".into()];
    let mut export = row("sales.export.csv", 0, Form::Flag, &[], &[]);
    export.escalation = Escalation::To([RowId(0), RowId(2)].into());
    let rows = vec![
        orders,
        export,
        row("orders", 1, Form::Ladder, &ladder, &[]),
        logs,
        row("presence", 1, Form::Ladder, &ladder, &["none"]),
    ];
    let mut shop = catalog("shop", &["sales", "staff"], rows);
    shop.version = Some("7".into());
    shop.doc = Some("A shop.".into());
    shop.super_role = Some(RoleId(0));
    shop.custom_role_limit = Some(20);
    shop.is_case_sensitive = true;
    shop
}

/// Roles by number: templates 0 `all-view`, 1 `clerk` (from 0), 2 `tiny-one`; of `acme` (direct) 3 `lead` (from 0
/// and 1), 4 `night`; of `beta` (managed) 5 `lead` (from 1). Principals: of `acme` 0 `ana`, 1 `bot`, of `beta` 2
/// `ana`.
pub(crate) fn parts() -> Parts {
    let (shop, tiny) = (shop(), catalog("tiny", &["c"], vec![row("r", 0, Form::Flag, &[], &[])]));
    let template = Home::Template(CatalogId(0));
    let [acme, beta] = [0, 1].map(|id| Home::Organization(OrganizationId(id)));
    let view = [(2, 1), (3, 1)];
    let mut all_view = role(template, &shop, "all-view", &view);
    all_view.is_default = true;
    all_view.entries = vec![entry(Target::All, "view", 21)];
    let mut clerk = role(template, &shop, "clerk", &[(0, 0b011), (2, 1), (3, 1)]);
    clerk.bases = vec![RoleId(0)];
    clerk.entries = vec![entry(Target::Category(CategoryId(0)), "read, write", 22)];
    let tiny_one = role(Home::Template(CatalogId(1)), &tiny, "tiny-one", &[(0, 1)]);
    let mut acme_lead = role(acme, &shop, "lead", &[(0, 0b011), (2, 0b11), (3, 1)]);
    acme_lead.bases = vec![RoleId(0), RoleId(1)];
    acme_lead.description = Some("Leads.".into());
    acme_lead.entries =
        vec![Entry { unconfirmed: Some("a guess".into()), ..entry(Target::Row(RowId(2)), "full", 23) }];
    let night = role(acme, &shop, "night", &[(0, 0b100), (1, 1)]);
    let mut beta_lead = role(beta, &shop, "lead", &[(0, 0b011), (2, 1), (3, 1)]);
    beta_lead.bases = vec![RoleId(1)];
    beta_lead.title = Some("Lead".into());
    let mut people = vec![principal(0, "ana"), principal(0, "bot"), principal(1, "ana")];
    people[1].kind = PrincipalKind::Service;
    let mut assignments = vec![
        assignment(0, 3, Some(100), Some(200)),
        assignment(0, 4, Some(150), None),
        assignment(1, 1, None, None),
        assignment(2, 5, None, Some(-5)),
    ];
    assignments[0].because = Some("holidays".into());
    Parts {
        files: vec!["a.role".into(), "b.role".into()],
        catalogs: vec![shop, tiny],
        organizations: vec![
            organization("acme", OrganizationKind::Direct, 0),
            organization("beta", OrganizationKind::Managed, 0),
            organization("small", OrganizationKind::Direct, 1),
        ],
        roles: vec![all_view, clerk, tiny_one, acme_lead, night, beta_lead],
        principals: people,
        assignments,
    }
}

pub(crate) fn table() -> Table {
    Table::assemble(parts()).unwrap()
}
