//! Rows are independent: what a role sets of one row changes no other. Tried for every level of every row of the built-in
//! catalog, in an organization of either kind, on the floor and over each of its default roles.

use rolec::table::Table;
use rolec::vocab::{Actions, RowId, spelled};

use crate::support::law::{compiled, errors};

/// A level of a row: what it holds, and how one writes it.
struct State {
    row: RowId,
    held: Actions,
    text: String,
}

/// Every level of every row of a table's only catalog.
fn states(table: &Table) -> Vec<State> {
    let catalog = table.catalogs().next().unwrap();
    let mut all = Vec::new();
    for row in catalog.rows() {
        let shape = row.shape();
        assert!(shape.width() <= 10, "all sets of actions are tried");
        let levels = (0..1_u128 << shape.width()).map(Actions).filter(|held| shape.is_level(*held));
        all.extend(levels.map(|held| State {
            row: row.key(),
            held,
            text: format!("{}.{}: {}", spelled(row.category().id()), spelled(row.id()), shape.level(held)),
        }));
    }
    all
}

/// Roles of their own that an organization may have without coming near the limit.
const TOGETHER: usize = 15;

#[test]
fn a_row_that_is_set_moves_no_other() {
    let bare =
        compiled(&[("a.role".into(), "use jumpcloud\norganization o { role r { grant all: none } }".into())]);
    let bare = bare.table.unwrap();
    let states = states(&bare);
    let catalog = bare.catalogs().next().unwrap();
    let templates: Vec<String> = catalog.templates().map(|role| role.id().to_owned()).collect();
    let mut text = String::from("use jumpcloud\n");
    let mut cases = Vec::new();
    for kind in ["direct", "managed"] {
        for base in std::iter::once(None).chain(templates.iter().map(Some)) {
            for (number, state) in states.iter().enumerate() {
                if number % TOGETHER == 0 {
                    let opened = if number == 0 { "" } else { "}\n" };
                    text += &format!("{opened}organization o{} {kind} {{\n", cases.len());
                }
                let from = base.map(|base| format!(" from {base}")).unwrap_or_default();
                text += &format!("role s{number}{from} {{ grant {} }}\n", state.text);
                let organization = format!("o{}", cases.len() - number % TOGETHER);
                cases.push((organization, format!("s{number}"), base, number));
            }
            text += "}\n";
        }
    }
    let all = compiled(&[("a.role".into(), text)]);
    let wrong = errors(&all);
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(10)]);
    let table = all.table.unwrap();
    let mut cells = 0;
    for (organization, role, base, number) in cases {
        let state = &states[number];
        let of = table.organization(&organization).unwrap();
        let role = table.role_view(table.role(of, &role).unwrap()).unwrap();
        let base = base.map(|base| table.role_view(table.template(base).unwrap()).unwrap());
        for row in role.catalog().rows() {
            let rest = base.map_or(row.shape().floor(), |base| base.actions(row.key()));
            let wanted = if row.key() == state.row { state.held } else { rest };
            let found = role.actions(row.key());
            assert_eq!(found, wanted, "{} in {organization} over {base:?}: {row:?}", state.text);
            cells += row.shape().width();
        }
    }
    eprintln!("independence: {} levels of {} rows, {cells} cells", states.len(), catalog.rows().count());
    assert!(states.len() >= 130 && cells > 100_000, "{} levels, {cells} cells", states.len());
}
