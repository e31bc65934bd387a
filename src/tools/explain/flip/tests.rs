//! Some of many changes and roles are the first of all of them; a built-in role is left as it is; a full organization.

use crate::eval::{Evaluator, Request, Who};
use crate::pipeline::compile;
use crate::source::Sources;
use crate::table::Table;
use crate::tools::explain::decision::{Asked, Explanation, explain, explain_at_most};
use crate::tools::explain::{Change, Flip, How};
use crate::vocab::Time;

fn table(text: &str) -> Table {
    compile(Sources::from_iter([("o.role", text)])).table.unwrap()
}

/// What would flip the denial of an action of a row, of somebody in the organization `o`.
fn flip<'t>(table: &'t Table, who: &str, what: [&str; 3], most: Option<usize>) -> Flip<'t> {
    let [category, row, action] = what;
    let who = Who::Principal(who);
    let request = Request { organization: "o", who, category, row, action: Some(action), at: Time(0) };
    let query = Evaluator::new(table).resolve(&request).unwrap();
    let explained: Option<Explanation<'t>> =
        most.map_or_else(|| explain(table, query), |most| explain_at_most(table, query, Asked::Once, most));
    explained.unwrap().flip.unwrap()
}

/// Somebody with many roles of many levels in many hands.
fn many() -> Table {
    let mut text = "use c catalog c { category x { a: ladder none < one < two < full b: flag c: flag } }
        template shared { grant x.a: one }
        organization other { role r from shared {} assign r to \"q\" assign shared to \"s\" }
        organization o { assign shared to \"p\" role boss { grant all: full } role chief from boss {}\n"
        .to_owned();
    for number in 0..23 {
        let level = ["none", "one", "two"][number % 3];
        text += &format!("role r{number} {{ grant x.a: {level} }} assign r{number} to \"p\"\n");
        for other in 0..number * 7 % 5 {
            text += &format!("assign r{number} to \"p{other}\"\n");
        }
        if number % 4 == 0 {
            text +=
                &format!("role of{number} from r{number} {{ grant x.b: on }} assign of{number} to \"z\"\n");
        }
        text += &format!("role has{number} from boss {{ grant x.b: {} }}\n", ["on", "off"][number % 2]);
    }
    table(&(text + "}"))
}

#[test]
fn some_are_the_first_of_all() {
    let table = many();
    let all = flip(&table, "p", ["x", "a", "full"], None);
    let told = |changes: &[Change<'_>]| -> Vec<_> {
        changes.iter().map(|it| (it.role.id().to_owned(), it.others, it.organizations)).collect()
    };
    let (changes, roles) = (told(&all.changes), all.roles.iter().map(|it| it.role.id()).collect::<Vec<_>>());
    assert_eq!((changes.len(), roles.len()), (24, 25));
    assert!(changes.contains(&("shared".to_owned(), 2, 1)), "{changes:?}");
    assert!(
        roles.iter().position(|id| *id == "has1") < roles.iter().position(|id| *id == "has0"),
        "{roles:?}"
    );
    for most in 0..=26 {
        let some = flip(&table, "p", ["x", "a", "full"], Some(most));
        assert_eq!(told(&some.changes), changes[..most.min(24)], "{most}");
        assert_eq!(some.more_changes, 24 - most.min(24));
        let found: Vec<_> = some.roles.iter().map(|it| it.role.id()).collect();
        assert_eq!((&found[..], some.more_roles), (&roles[..most.min(25)], 25 - most.min(25)), "{most}");
    }
}

#[test]
fn a_built_in_role_is_left_as_it_is() {
    let text = "use jumpcloud template mine from help-desk {} \
        organization o { assign help-desk to \"p\" assign mine to \"p\" }";
    let table = table(text);
    let flip = flip(&table, "p", ["device-management", "devices", "full"], None);
    let told: Vec<_> = flip.changes.iter().map(|it| (it.role.id(), matches!(it.how, How::Made))).collect();
    assert_eq!(told, [("help-desk", true), ("mine", false)], "both concern nobody else: by their places");
}

#[test]
fn a_full_organization_makes_no_role() {
    let roles = |count: usize| -> Table {
        let roles: String =
            (0..count).map(|number| format!("role r{number} {{ grant all: view }}\n")).collect();
        table(&format!(
            "use jumpcloud template mine {{ grant all: view }} organization o {{ {roles} assign help-desk to \"p\" assign mine to \"q\" }}"
        ))
    };
    let (free, full) = (roles(18), roles(19));
    let (free, full) = (
        flip(&free, "p", ["device-management", "devices", "full"], None),
        flip(&full, "p", ["device-management", "devices", "full"], None),
    );
    assert_eq!((free.changes.len(), free.full), (1, None));
    assert_eq!((full.changes.len(), full.full), (0, Some(20)));
}
