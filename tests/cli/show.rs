//! `show`: a role as the admin form has it.

use crate::run::{BROKEN, Folder, Run, SHOP, policies};

#[test]
fn a_role_row_by_row() {
    let folder = Folder::store();
    let boss = "boss, a role of organization store (direct), from clerk
store.role:8:10

Sales
  orders  read, write  store.role:10:9
  prices  full         store.role:9:9
  export  on           store.role:11:9
";
    for name in ["boss", "role:boss", "\"boss\"", "role:\"boss\""] {
        folder.run("show").arg(name).succeeds(boss);
    }
    folder.run("show boss --org store").succeeds(boss);
}

#[test]
fn a_lowered_cell_says_from_what() {
    let policy = "use jumpcloud\norganization o { role r from manager { grant device-management: view } }\n";
    let folder = Folder::new().with("a.role", policy);
    folder.run("show r").ends(0).has("`grant device-management: view` a.role:2:40; lowered from full\n");
}

#[test]
fn a_role_as_json() {
    let shown = Folder::store().run("show boss --format json").json(0);
    assert_eq!(
        (&shown["version"], &shown["id"], &shown["organization"]),
        (&1.into(), &"boss".into(), &"store".into())
    );
    assert_eq!((&shown["template"], &shown["from"]), (&false.into(), &serde_json::json!(["clerk"])));
    let rows = shown["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!((&rows[1]["row"], &rows[1]["level"]), (&"prices".into(), &"full".into()));
    assert_eq!(rows[1]["actions"], serde_json::json!(["view", "full"]));
    assert_eq!(
        (&rows[1]["sources"][0]["kind"], &rows[1]["sources"][0]["text"]),
        (&"entry".into(), &"grant sales.prices: full".into())
    );
    let spread = "use \"shop.role\"\norganization o { role every { grant all: full } }\n";
    let shown = Folder::new().with("shop.role", SHOP).with("a.role", spread);
    let shown = shown.run("show every --format json").json(0);
    let source = &shown["rows"][1]["sources"][0];
    assert_eq!((&source["kind"], &source["text"]), (&"spread".into(), &"grant all: full".into()));
}

#[test]
fn templates_and_default_roles() {
    let acme = |args: &str| Run::new(args).arg("-p").arg("acme").dir(policies());
    acme("show front-line")
        .ends(0)
        .has("front-line \"Front Line\", a template of catalog jumpcloud, from help-desk\n");
    acme("show help-desk").ends(0).has("a default role of catalog jumpcloud").has("[unconfirmed]");
    acme("show help-desk --org acme").ends(0).has("in organization acme (direct)");
    acme("show").arg("Billing Reader").ends(0).has("Billing Reader");
}

#[test]
fn what_is_not_there() {
    let acme = |args: &str| Run::new(args).arg("-p").arg("acme").dir(policies());
    acme("show teir1").complains(
        4,
        "error: no organization has a role `teir1`, and there is no such template; did you mean `tier1`?\n",
    );
    acme("show tier1 --org amce").ends(4).stays_mute().warns("did you mean `acme`?");
    let document = acme("show tier1 --format json --org amce").json(4);
    assert_eq!(document["error"], "unknown-organization");
    assert_eq!(document["near"], serde_json::json!(["acme"]));
    acme("show principal:ana@acme.example").ends(4).stays_mute();
    Folder::new()
        .with("a.role", SHOP)
        .run("show x")
        .ends(4)
        .stays_mute()
        .warns("the policy has no organization");
    Run::new("show").ends(2).stays_mute();
    acme("show").arg("\"a").ends(2).stays_mute().warns("a quote is never closed");
}

#[test]
fn two_organizations() {
    let folder = Folder::new().with(
        "two.role",
        "use jumpcloud\norganization north { role r { } role n { } }\norganization south { role r { } }\n",
    );
    folder.run("show r").ends(4).stays_mute().warns("`north` or `south`");
    folder.run("show n").ends(0);
    folder.run("show r --org south").ends(0).has("organization south");
    folder.run("show n --org south").ends(4).stays_mute();
}

#[test]
fn a_broken_policy_shows_nothing() {
    let folder = Folder::new().with("bad.role", BROKEN);
    folder.run("show r").ends(4).stays_mute().warns("error[R0401]");
    folder.run("show r --format json").refuses(4, "R0401");
}

/// A console keeps a custom role with one default role: whether there is one is told, by whatever way the role comes to it.
#[test]
fn the_default_role_that_a_role_is_kept_with() {
    let policy = "use jumpcloud
template care from help-desk {}
organization o {
    role one from care, two {}
    role two from help-desk {}
    role none { grant all: view }
    role several from one, manager {}
}
";
    let folder = Folder::new().with("a.role", policy);
    let told = |role: &str, line: &str, one: Option<&str>, all: &[&str]| {
        folder.run("show").arg(role).ends(0).has(&format!("\n{line}\na.role:"));
        let shown = folder.run("show --format json").arg(role).json(0);
        assert_eq!(shown.get("default_role").and_then(|one| one.as_str()), one, "{role}");
        assert_eq!(shown["default_roles"], serde_json::json!(all), "{role}");
    };
    told("one", "default role: help-desk", Some("help-desk"), &["help-desk"]);
    told("care", "default role: help-desk", Some("help-desk"), &["help-desk"]);
    told("none", "default role: none, it starts from nothing", None, &[]);
    let several = "default roles: help-desk, manager; a console keeps a role with one";
    told("several", several, None, &["help-desk", "manager"]);
    // A default role is itself, and a catalog without any asks for none.
    let itself = folder.run("show manager --format json").json(0);
    assert_eq!(itself["default_role"], "manager");
    assert!(!folder.run("show manager").ends(0).stdout.contains("default role:"));
    assert_eq!(
        Folder::store().run("show boss --format json").json(0)["default_roles"],
        serde_json::json!([])
    );
}
