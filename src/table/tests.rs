//! The sample table, asked everything that a table can be asked.

use crate::decisions::Certificate;
use crate::table::parts::Home;
use crate::table::{Origin, Table, Target, sample};
use crate::vocab::{
    Actions, CatalogId, CategoryId, Escalation, OrganizationId, OrganizationKind, PrincipalId, PrincipalKind,
    RoleId, RowId, Time,
};

const SHOP: CatalogId = CatalogId(0);
const ACME: OrganizationId = OrganizationId(0);
const BETA: OrganizationId = OrganizationId(1);
const SMALL: OrganizationId = OrganizationId(2);
const NOWHERE: u32 = u32::MAX;

#[test]
fn names_are_found_by_exact_spelling() {
    let table = sample::table();
    assert_eq!(table.catalog("shop"), Some(SHOP));
    assert_eq!(table.organization("beta"), Some(BETA));
    for name in ["", "Acme", "acm", "acme ", "acmé", "acme\0"] {
        assert_eq!(table.organization(name), None, "{name}");
        assert_eq!(table.catalog(name), None, "{name}");
        assert_eq!(table.template(name), None, "{name}");
        assert_eq!(table.role(ACME, name), None, "{name}");
        assert_eq!(table.principal(ACME, name), None, "{name}");
        assert_eq!(table.category(SHOP, name), None, "{name}");
        assert_eq!(table.rows_named(SHOP, name), [], "{name}");
    }
    for (template, key) in [("all-view", Some(0)), ("clerk", Some(1)), ("tiny-one", Some(2)), ("lead", None)]
    {
        assert_eq!(table.template(template), key.map(RoleId), "{template}");
    }
    for (organization, id, key) in [
        (ACME, "lead", Some(3)),
        (ACME, "night", Some(4)),
        (ACME, "clerk", Some(1)),
        (ACME, "tiny-one", None),
        (BETA, "lead", Some(5)),
        (BETA, "night", None),
        (SMALL, "tiny-one", Some(2)),
        (SMALL, "clerk", None),
        (OrganizationId(3), "clerk", None),
        (OrganizationId(NOWHERE), "lead", None),
    ] {
        assert_eq!(table.role(organization, id), key.map(RoleId), "{organization:?} {id}");
    }
    for (organization, name, key) in [
        (ACME, "ana", Some(0)),
        (ACME, "bot", Some(1)),
        (BETA, "ana", Some(2)),
        (BETA, "bot", None),
        (SMALL, "ana", None),
    ] {
        assert_eq!(table.principal(organization, name), key.map(PrincipalId), "{organization:?} {name}");
    }
    let [sales, staff] = [CategoryId(0), CategoryId(1)];
    assert_eq!([table.category(SHOP, "sales"), table.category(SHOP, "staff")], [Some(sales), Some(staff)]);
    assert_eq!(table.category(CatalogId(1), "sales"), None);
    assert_eq!(table.rows_named(SHOP, "orders"), [RowId(0), RowId(2)]);
    assert_eq!(table.rows_named(SHOP, "logs"), [RowId(3)]);
    assert_eq!(table.rows_named(CatalogId(NOWHERE), "logs"), []);
    for (category, id, key) in [
        (sales, "orders", Some(0)),
        (staff, "orders", Some(2)),
        (sales, "sales.export.csv", Some(1)),
        (staff, "sales.export.csv", None),
        (CategoryId(NOWHERE), "orders", None),
    ] {
        assert_eq!(table.row(SHOP, category, id), key.map(RowId), "{category:?} {id}");
    }
}

fn keys<T, K>(items: impl Iterator<Item = T>, key: impl Fn(T) -> K) -> Vec<K> {
    items.map(key).collect()
}

#[test]
fn everything_is_walked_in_order() {
    let table = sample::table();
    assert_eq!(keys(table.catalogs(), |it| it.id()), ["shop", "tiny"]);
    assert_eq!(keys(table.organizations(), |it| it.id()), ["acme", "beta", "small"]);
    assert_eq!(keys(table.templates(), |it| it.id()), ["all-view", "clerk", "tiny-one"]);
    assert_eq!(keys(table.roles(), |it| it.key().0), [0, 1, 2, 3, 4, 5]);
    assert_eq!(keys(table.principals(), |it| it.name()), ["ana", "bot", "ana"]);
    let shop = table.catalog_view(SHOP).unwrap();
    assert_eq!(keys(shop.categories(), |it| it.id()), ["sales", "staff"]);
    assert_eq!(keys(shop.rows(), |it| it.category().id()), ["sales", "sales", "staff", "staff", "staff"]);
    assert_eq!(keys(shop.categories().flat_map(|it| it.rows()), |it| it.key().0), [0, 1, 2, 3, 4]);
    assert_eq!(keys(shop.templates(), |it| it.id()), ["all-view", "clerk"]);
    let acme = table.organization_view(ACME).unwrap();
    assert_eq!(keys(acme.roles(), |it| it.id()), ["lead", "night"]);
    assert_eq!(keys(acme.assignable(), |it| it.id()), ["lead", "night", "all-view", "clerk"]);
    assert_eq!(keys(acme.principals(), |it| it.key().0), [0, 1]);
    let small = table.organization_view(SMALL).unwrap();
    assert_eq!((small.roles().count(), small.principals().count()), (0, 0));
    let ana = table.principal_view(PrincipalId(0)).unwrap();
    assert_eq!(keys(ana.assignments(), |it| it.role().0), [3, 4]);
    let lead = table.role_view(RoleId(3)).unwrap();
    assert_eq!(keys(lead.bases(), |it| it.id()), ["all-view", "clerk"]);
}

#[test]
fn what_views_say() {
    let table = sample::table();
    let shop = table.catalog_view(SHOP).unwrap();
    assert_eq!(
        (shop.version(), shop.doc(), shop.custom_role_limit()),
        (Some("7"), Some("A shop."), Some(20))
    );
    assert_eq!(shop.super_role().map(|it| it.key()), Some(RoleId(0)));
    assert!(shop.is_case_sensitive() && !table.catalog_view(CatalogId(1)).unwrap().is_case_sensitive());
    let orders = shop.row(RowId(0)).unwrap();
    assert_eq!(
        (orders.title(), orders.is_escalating(), orders.is_only_managed()),
        (Some("Orders"), true, false)
    );
    assert_eq!((orders.kind(), shop.row(RowId(1)).unwrap().kind()), (Some("papers"), None));
    assert_eq!(keys(orders.caveats(), |it| it), ["a caveat", "another"]);
    assert_eq!(keys(orders.notes(), |it| it), ["a note"]);
    assert!(shop.row(RowId(3)).unwrap().is_only_managed());
    let export = shop.row(RowId(1)).unwrap();
    assert!(export.is_escalating() && !shop.row(RowId(3)).unwrap().is_escalating());
    assert_eq!(keys(export.leads_to(), |it| it.key().0), [0, 2]);
    assert_eq!((orders.escalation(), orders.leads_to().count()), (&Escalation::Everywhere, 0));
    assert_eq!(orders.category().catalog().key(), SHOP);
    let lead = table.role_view(RoleId(5)).unwrap();
    assert_eq!(
        (lead.home(), lead.is_template(), lead.is_default()),
        (Home::Organization(BETA), false, false)
    );
    assert_eq!(lead.organization().map(|it| it.kind()), Some(OrganizationKind::Managed));
    assert_eq!(lead.actions(RowId(0)), Actions(0b011));
    assert_eq!(lead.bits(), [0b1101_0011]);
    let all_view = table.role_view(RoleId(0)).unwrap();
    assert!(all_view.is_default() && all_view.is_template());
    let given: Vec<_> = table.principal_view(PrincipalId(0)).unwrap().assignments().collect();
    let periods: Vec<_> =
        given.iter().map(|it| (it.from().map(|it| it.0), it.until().map(|it| it.0))).collect();
    assert_eq!(periods, [(Some(100), Some(200)), (Some(150), None)]);
    let bot = table.principal_view(PrincipalId(1)).unwrap();
    assert_eq!((bot.kind(), bot.organization().key()), (PrincipalKind::Service, ACME));
    assert_eq!(table.file(lead.position()), Some("a.role"));
    assert_eq!(
        format!("{lead:?} {orders:?} {bot:?}"),
        r#"Role(5, "lead") Row(0, "orders") Principal(1, "bot")"#
    );
    assert!(
        format!("{table:?}").starts_with("Table { catalogs: 2, organizations: 3, roles: 6, principals: 3")
    );
}

#[test]
fn an_assignment_is_in_force_from_until_before() {
    let table = sample::table();
    let force = |principal: u32, at: i64| -> Vec<u32> {
        let principal = table.principal_view(PrincipalId(principal)).unwrap();
        keys(principal.assignments().filter(|it| it.is_in_force(Time(at))), |it| it.role().0)
    };
    for (at, roles) in [
        (i64::MIN, &[][..]),
        (99, &[]),
        (100, &[3]),
        (149, &[3]),
        (150, &[3, 4]),
        (199, &[3, 4]),
        (200, &[4]),
        (i64::MAX, &[4]),
    ] {
        assert_eq!(force(0, at), roles, "{at}");
    }
    assert_eq!([force(2, i64::MIN), force(2, -6), force(2, -5)], [vec![5], vec![5], vec![]]);
}

/// What an organization leaves of a role: of each row, by the cell and by the bits.
#[test]
fn cells_and_effective_bits_are_one() {
    let table = sample::table();
    for organization in table.organizations() {
        for role in table.roles() {
            let here = organization.assignable().any(|it| it.key() == role.key());
            assert_eq!(table.is_assignable(organization.key(), role.key()), here);
            let bits: Vec<u64> = table.effective_bits(organization.key(), role.key()).collect();
            assert_eq!(bits.is_empty(), !here);
            for row in organization.catalog().rows() {
                let cell = table.cell(organization.key(), row.key()).unwrap();
                assert_eq!(cell.top(), row.shape().top());
                let hidden = row.is_only_managed() && organization.kind() == OrganizationKind::Direct;
                let wanted = if hidden { Actions::NONE } else { role.actions(row.key()) };
                assert_eq!(
                    cell.held(role.key()),
                    here.then_some(wanted),
                    "{organization:?} {role:?} {row:?}"
                );
                if here {
                    assert_eq!(organization.catalog().layout().get(&bits, row.key()), wanted);
                }
            }
            let layout = organization.catalog().layout();
            let all = organization.catalog().rows().map(|row| (row.key(), layout.get(&bits, row.key())));
            assert!(layout.held(&bits).eq(all.filter(|(_, held)| !held.is_empty())), "{role:?}");
        }
    }
    assert_eq!(table.effective_bits(ACME, RoleId(0)).collect::<Vec<_>>(), [0b1001_0000]);
    assert_eq!(table.effective_bits(BETA, RoleId(0)).collect::<Vec<_>>(), [0b1101_0000]);
}

#[test]
fn what_is_not_there_is_none() {
    let table = sample::table();
    let cell = table.cell(ACME, RowId(0)).unwrap();
    for role in [2, 5, 6, NOWHERE] {
        assert_eq!(cell.held(RoleId(role)), None);
        assert!(!table.is_assignable(ACME, RoleId(role)));
    }
    assert!(table.cell(ACME, RowId(5)).is_none() && table.cell(SMALL, RowId(1)).is_none());
    assert!(table.cell(OrganizationId(NOWHERE), RowId(0)).is_none());
    assert!(!table.is_assignable(OrganizationId(NOWHERE), RoleId(0)));
    assert!(table.catalog_view(CatalogId(2)).is_none() && table.role_view(RoleId(NOWHERE)).is_none());
    assert!(table.organization_view(OrganizationId(3)).is_none());
    assert!(table.principal_view(PrincipalId(3)).is_none());
    let shop = table.catalog_view(SHOP).unwrap();
    assert!(shop.row(RowId(NOWHERE)).is_none() && shop.category(CategoryId(2)).is_none());
    let lead = table.role_view(RoleId(3)).unwrap();
    assert_eq!(lead.actions(RowId(NOWHERE)), Actions::NONE);
    assert_eq!((lead.entry_for(RowId(NOWHERE)), lead.origin(RowId(NOWHERE), 0)), (None, Origin::Floor));
}

/// A role, a row, an action: the target of the entry that says it or the base it is from, and the role at the root.
#[test]
fn where_a_cell_comes_from() {
    let table = sample::table();
    let sales = Target::Category(CategoryId(0));
    for (role, row, action, origin, root) in [
        (0, 2, 0, Ok(Target::All), 0),
        (0, 2, 1, Ok(Target::All), 0),
        (1, 0, 0, Ok(sales), 1),
        (1, 0, 2, Ok(sales), 1),
        (1, 2, 0, Err(Some(0)), 0),
        (3, 2, 1, Ok(Target::Row(RowId(2))), 3),
        (3, 0, 0, Err(Some(1)), 1),
        // Both bases hold it: the first by id.
        (3, 4, 0, Err(Some(0)), 0),
        // Nobody holds it and nobody says so.
        (3, 1, 0, Err(None), 3),
        (4, 4, 0, Err(None), 4),
        (4, 0, 2, Err(None), 4),
        (5, 3, 0, Err(Some(1)), 0),
    ] {
        let name = format!("{role} {row} {action}");
        let role = table.role_view(RoleId(role)).unwrap();
        let found = match role.origin(RowId(row), action) {
            Origin::Entry(entry) => Ok(entry.target),
            Origin::Base(base) => Err(Some(base.0)),
            Origin::Floor => Err(None),
        };
        assert_eq!(found, origin, "{name}");
        assert_eq!(role.root(RowId(row), action).0.key().0, root, "{name}");
    }
    let lead = table.role_view(RoleId(3)).unwrap();
    assert_eq!(keys(lead.bases_holding(RowId(4), 0), |it| it.key().0), [0, 1]);
    assert_eq!(keys(lead.bases_holding(RowId(0), 0), |it| it.key().0), [1]);
}

#[test]
fn a_table_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Table>();
}

#[test]
fn a_certificate_goes_along() {
    let table = sample::table();
    let certificate = Certificate::new(47, 0xbee);
    assert_eq!(table.certificate(), None);
    let other = table.clone().with_certificate(certificate);
    assert_eq!((other.certificate(), other.decisions().certificate()), (certificate, certificate));
    assert_eq!(Table::from_bytes(&other.to_bytes()).unwrap().certificate(), certificate);
    assert!(other.to_bytes()[128..] == table.to_bytes()[128..] && other.with_certificate(None) == table);
}
