//! `export`: a policy for other engines. Whether they decide alike is asked by `oracles`.

use crate::run::{BROKEN, Folder, SHOP};

const STORE: &str = r#"use "shop.role"

organization store {
    role clerk "Clerk" { grant sales { orders: read  prices: view } }
    role "Night \"Shift\"" from clerk { grant sales.export: on }
    role idle {}
    assign clerk to "ana" until 2026-06-01
    assign "Night \"Shift\"" to service "siem" from 2026-03-01
}
"#;

fn store() -> Folder {
    Folder::new().with("shop.role", SHOP).with("store.role", STORE)
}

#[test]
fn cedar() {
    let folder = store();
    folder.run("export cedar --at 2026-02-01 -o out").succeeds("");
    let text = |name: &str| String::from_utf8(folder.bytes(&format!("out/{name}"))).unwrap();
    let policies = text("policies.cedar");
    assert!(policies.contains("principal in Role::\"store/clerk\""), "{policies}");
    assert!(policies.contains("Action::\"sales.prices/view\""), "{policies}");
    assert!(policies.contains("@id(\"store/Night \\\"Shift\\\"\")"), "{policies}");
    assert!(!policies.contains("idle"), "a permit of nothing is none: {policies}");
    assert!(
        text("schema.cedarschema")
            .contains("action \"sales.prices:view\" in [\"sales.prices/view\", \"sales.prices/full\"]")
    );
    // Nobody is in a role that is not in force.
    let parents = |at: &str| {
        folder.run(&format!("export cedar --at {at} -o out")).succeeds("");
        let all: serde_json::Value = serde_json::from_slice(&folder.bytes("out/entities.json")).unwrap();
        let held = all.as_array().unwrap().iter().filter(|it| it["parents"].as_array().unwrap().len() == 1);
        held.map(|it| it["uid"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(parents("2026-02-01"), ["store/ana"]);
    assert_eq!(parents("2026-05-01"), ["store/ana", "store/siem"]);
    assert_eq!(parents("2026-07-01"), ["store/siem"]);
    // A compiled table is as good.
    let of_sources = text("policies.cedar");
    folder.build("store.rolec");
    folder.run("export cedar --table store.rolec --at 2026-07-01 -o again").succeeds("");
    assert_eq!(String::from_utf8(folder.bytes("again/policies.cedar")).unwrap(), of_sources);
}

#[test]
fn rego_and_json() {
    let folder = store();
    folder.run("export rego -o out").succeeds("");
    assert_eq!(folder.bytes("out/policy.rego"), rolec::render::export::rego::POLICY.as_bytes());
    let document = folder.run("export json").json(0);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&folder.bytes("out/data.json")).unwrap(),
        document
    );
    let store = &document["organizations"]["store"];
    assert_eq!(store["roles"]["Night \"Shift\""]["sales"]["export"], serde_json::json!(["on"]));
    assert_eq!(store["principals"]["siem"]["service"], true);
    assert_eq!(store["principals"]["ana"]["assignments"][0]["until"], 1_780_272_000);
    folder.run("export json -o whole.json").succeeds("");
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&folder.bytes("whole.json")).unwrap(), document);
}

/// Rows beside the policy are assignments as others are.
#[test]
fn assignments_from_a_file() {
    let rows = "organization,principal,role,until\nstore,bea,clerk,2026-06-01\n";
    let folder = store().with("rows.csv", rows);
    let written = STORE.replace(
        "    assign clerk to \"ana\" until 2026-06-01\n",
        "    assign clerk to \"ana\" until 2026-06-01\n    assign clerk to \"bea\" until 2026-06-01\n",
    );
    let plain = Folder::new().with("shop.role", SHOP).with("store.role", &written);
    for (folder, rows) in [(&folder, " --assignments rows.csv"), (&plain, "")] {
        folder.run(&format!("export cedar --at 2026-02-01 -o cedar{rows}")).succeeds("");
        folder.run(&format!("export rego -o rego{rows}")).succeeds("");
    }
    for file in ["cedar/entities.json", "cedar/policies.cedar", "rego/data.json"] {
        assert_eq!(folder.bytes(file), plain.bytes(file), "{file}");
    }
    let piped = folder.run("export json --assignments - --assignments-format csv").stdin(rows).json(0);
    assert_eq!(piped["organizations"]["store"]["principals"]["bea"]["assignments"][0]["role"], "clerk");
    assert_eq!(piped, serde_json::from_slice::<serde_json::Value>(&folder.bytes("rego/data.json")).unwrap());
    // What is read is not written over, and of a row that is wrong nothing is written.
    folder
        .run("export json --assignments rows.csv -o rows.csv")
        .ends(2)
        .warns("read as a part of the policy");
    folder.build("store.rolec");
    folder.run("export cedar --table store.rolec --assignments rows.csv -o again").ends(2);
    let wrong = "organization,principal,role\nstore,bea,clark\n";
    for engine in ["cedar", "rego", "json"] {
        let run = format!("export {engine} --assignments - --assignments-format csv -o none");
        folder.run(&run).stdin(wrong).ends(4).warns("clark");
        assert!(!folder.at("none").exists());
    }
}

#[test]
fn what_is_refused() {
    let folder = store();
    folder.build("store.rolec");
    folder.run("export cedar").ends(2).stays_mute();
    folder.run("export rego").ends(2).stays_mute();
    folder.run("export rego --table store.rolec -o out").ends(2).warns("name them with `-p`");
    folder.run("export json --at 2026-01-01").ends(2).warns("`--at` is for cedar");
    // A policy is not written over.
    folder.run("export json -o store.role").ends(2).warns("is read as a part of the policy");
    assert_eq!(folder.bytes("store.role"), STORE.as_bytes());
    folder.put("plain", "");
    folder.run("export cedar -o plain").ends(5).stays_mute();
    let broken = Folder::new().with("o.role", BROKEN);
    for engine in ["cedar -o out", "rego -o out", "json"] {
        broken
            .run(&format!("export {engine}"))
            .ends(4)
            .stays_mute()
            .warns("nothing is written while the policy has errors");
    }
    assert_eq!(broken.names(), ["o.role"]);
}
