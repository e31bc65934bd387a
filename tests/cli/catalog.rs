//! `catalog`: what there is to grant, and what becomes of it.

use crate::run::{Folder, Run, SHOP, STORE};

const OLD: &str = r#"use shop

catalog shop "Shop" version "1" {
    kind access = ladder none < view < full
    category sales "Sales" {
        orders: verbs read, write
        prices "Prices": access { note "In euros." }
        export: flag { only managed }
    }
    category "a.b" { "till.open": flag }
    super boss
    limit custom-roles 5
}
default template boss { grant all: full }
default template clerk { grant sales { orders: read prices: view } }
template own { grant sales.prices: full }
"#;

const NEW: &str = r#"use shop

catalog shop "Shop" version "2" {
    ids case-sensitive
    kind access = ladder none < view < edit < full
    kind money = ladder none < view < edit < full
    category sales "Sales and Orders" {
        orders: verbs read, write, refund
        prices "Price List": money { escalating }
    }
    category stock { shelves: flag }
    super owner
}
default template owner { grant sales: full }
default template clerk "Clerk" { grant sales { orders: read, write prices: view } }
template own { grant sales.prices: edit }
"#;

fn both() -> Folder {
    Folder::new().with("old.role", OLD).with("new.role", NEW)
}

#[test]
fn all_that_differs_is_told_in_columns() {
    both().run("catalog compare old.role new.role").prints(
        1,
        r#"~ catalog   shop               version: 1 -> 2
~ catalog   shop               super: boss -> owner
~ catalog   shop               limit of custom roles: 5 -> none
~ catalog   shop               ids are now case-sensitive
~ category  sales              title: "Sales" -> "Sales and Orders"
+ category  stock
- category  "a.b"
~ row       sales.orders       levels: none, read, write -> none, read, write, refund
~ row       sales.prices       title: "Prices" -> "Price List"
~ row       sales.prices       kind: access -> money
~ row       sales.prices       levels: none, view, full -> none, view, edit, full
~ row       sales.prices       now escalating
~ row       sales.prices       notes: no longer "In euros."
+ row       stock.shelves      off, on
- row       sales.export       off, on
- row       "a.b"."till.open"  off, on
~ role      clerk              title: none -> "Clerk"
~ role      clerk              sales.orders: read -> read, write
+ role      owner              grants something of 2 of 3 rows
- role      boss               grants something of 4 of 4 rows
"#,
    );
}

#[test]
fn all_that_differs_is_told_to_programs() {
    let found = both().run("catalog compare old.role new.role --format json").json(1);
    assert_eq!(found["old"], serde_json::json!({ "id": "shop", "stated_version": "1" }));
    assert_eq!(
        found["catalog"],
        serde_json::json!([
            { "what": "version", "old": "1", "new": "2" },
            { "what": "super", "old": "boss", "new": "owner" },
            { "what": "custom-roles", "old": 5, "new": null },
            { "what": "case-sensitive", "old": false, "new": true },
        ])
    );
    let prices = &found["rows"]["changed"][1];
    assert_eq!((&prices["now"]["row"], &prices["now"]["kind"]), (&"prices".into(), &"money".into()));
    assert_eq!(
        prices["differences"],
        serde_json::json!([
            { "what": "title", "old": "Prices", "new": "Price List" },
            { "what": "kind", "old": "access", "new": "money" },
            { "what": "levels", "old": ["none", "view", "full"], "new": ["none", "view", "edit", "full"] },
            { "what": "escalating", "old": false, "new": true },
            { "what": "notes", "old": ["In euros."], "new": [] },
        ])
    );
    let clerk = &found["roles"]["changed"][0];
    assert_eq!(
        clerk["differences"],
        serde_json::json!([
            { "what": "title", "old": null, "new": "Clerk" },
            { "what": "level", "category": "sales", "row": "orders", "old": "read", "new": "read, write" },
        ])
    );
    assert_eq!(
        found["roles"]["added"][0],
        serde_json::json!({ "id": "owner", "levels": [
            { "category": "sales", "row": "orders", "level": "read, write, refund" },
            { "category": "sales", "row": "prices", "level": "full" },
        ]})
    );
    assert_eq!(found["categories"]["removed"], serde_json::json!([{ "id": "a.b" }]));
}

#[test]
fn nothing_differs_from_itself() {
    let folder = both().with("moved.role", format!("// Elsewhere.\n\n{OLD}"));
    folder.run("catalog compare old.role moved.role").succeeds("");
    let verbs = |verbs: &str, notes: &str| {
        format!(
            "catalog c {{ category a {{ r: verbs {verbs} {{ {notes} }} }} }}\n\
             use c\ndefault template t {{ grant a.r: p, q }}\n"
        )
    };
    let folder = folder.with("a.role", verbs("p, q, s", r#"note "one" note "two""#));
    let folder = folder.with("b.role", verbs("s, q, p", r#"note "two" note "one""#));
    folder.run("catalog compare a.role b.role").succeeds("");
    Run::new("catalog compare jumpcloud policies/jumpcloud").succeeds("");
}

#[test]
fn words_are_given_one_by_one_or_together() {
    let found = Run::new("catalog search un lock").ends(0).has("user-management.unlock-user-accounts").stdout;
    Run::new("catalog search").arg("un lock").succeeds(&found);
    Run::new("catalog search no-such-word")
        .complains(0, "no row has all of these words: jumpcloud was searched\n");
    Run::new("catalog search").ends(2).stays_mute();
}

#[test]
fn every_catalog_verb_takes_a_policy() {
    let folder = Folder::store();
    folder.run("catalog list -p .").ends(0).has("shop  Shop  ").has("jumpcloud ");
    let shown = folder.run("catalog show shop.role").ends(0).has("sales.orders  none, read, write\n").stdout;
    folder.run("catalog show shop -p .").succeeds(&shown);
    folder.run("catalog search orders --catalog shop -p .").succeeds("sales.orders  none, read, write\n");
    folder.run("catalog search orders -p .").succeeds("sales.orders  none, read, write\n");
    folder.run("catalog show jumpcloud -p .").ends(0).has("user-management.unlock-user-accounts");
    folder.run("catalog compare jumpcloud shop -p .").ends(1).has("+ row       sales.orders");
    let two = folder.with("two.role", format!("{SHOP}\n{}", SHOP.replace("shop", "till")));
    two.run("catalog show two.role")
        .complains(4, "error: `two.role` holds several catalogs: give the id of one, and `-p two.role`\n");
    two.run("catalog show till -p two.role").succeeds(&shown);
}

#[test]
fn a_near_catalog_is_told_and_not_taken() {
    Run::new("catalog show Jumpcloud")
        .complains(4, "error: there is no catalog `Jumpcloud`; did you mean `jumpcloud`?\n");
    Run::new("catalog show jump")
        .complains(4, "error: there is no catalog `jump`; did you mean `jumpcloud`?\n");
    Run::new("catalog search x --catalog okta")
        .complains(4, "error: there is no catalog `okta`: name `jumpcloud`, or a file that holds one\n");
    let folder =
        Folder::new().with("store.role", STORE.replace("\"shop.role\"", "shop")).with("shop.role", SHOP);
    folder
        .run("catalog show shpo -p .")
        .complains(4, "error: there is no catalog `shpo`; did you mean `shop`?\n");
    folder.run("catalog show none.role").ends(5).stays_mute();
}

/// `none` is a level: no word for a kind that has no name. Of remarks it is told which.
#[test]
fn a_kind_without_a_name_and_remarks_that_came() {
    let catalog = |kind: &str, notes: &str| {
        format!("catalog c {{ kind switch = flag category x {{ door: {kind} {{ {notes} }} }} }}")
    };
    let folder = Folder::new()
        .with("old.role", catalog("switch", "note \"a\" note \"b\" caveat \"c\""))
        .with("new.role", catalog("flag", "note \"b\" note \"d\" caveat \"c\" caveat \"e\""));
    folder.run("catalog compare old.role new.role").prints(
        1,
        "~ row       x.door  kind: switch -> stated in place\n\
         ~ row       x.door  notes: now \"d\", no longer \"a\"\n\
         ~ row       x.door  caveats: now \"e\"\n",
    );
}
