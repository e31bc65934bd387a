//! `plan`: who may make a change, by the policy before it.

use crate::diff::git;
use crate::run::{Folder, SHOP, STORE};

const CATALOG: &str = r#"use shop

catalog shop {
    category sales { orders: verbs read, write  export: flag }
    super head
}

template head { grant all: full }
template seller { grant sales.orders: read }
template trainee from seller {}
"#;

const NORTH: &str = r#"use shop

organization north {
    role clerk from trainee { grant sales.export: on }
    assign head to "ana@shop.example"
    assign clerk to "bea@shop.example"
    forbid "writing and exporting" except head { sales.orders: write  sales.export: on }
    test "clerks write nothing" { clerk cannot sales.orders: write }
}
"#;

const SOUTH: &str = r#"use shop

organization south {
    assign head to "ana@shop.example" until 2026-06-01 because "on loan"
    assign head to service "sync", "cem@shop.example"
    assign seller to "bea@shop.example"
}
"#;

/// The shop twice, and the later one with an edit.
fn edited(file: &str, old: &str, new: &str) -> Folder {
    let folder = Folder::new();
    for (name, text) in [("shop.role", CATALOG), ("north.role", NORTH), ("south.role", SOUTH)] {
        folder.put(&format!("old/{name}"), text);
        let later = if name == file { text.replace(old, new) } else { text.to_owned() };
        assert!(name != file || later != text, "no edit");
        folder.put(&format!("new/{name}"), later);
    }
    folder
}

/// What is said and how it ends, in May and in July.
fn plan(folder: &Folder, who: &str, month: &str) -> crate::run::Output {
    folder.run(&format!("plan old new --at 2026-{month}-01 --as")).arg(who).output()
}

#[test]
fn whoever_holds_the_super_role_may() {
    let folder = edited("north.role", "grant sales.export: on }", "grant sales.export: off }");
    let run = |who: &str| folder.run("plan old new --at 2026-07-01 --as").arg(who);
    run("ana@shop.example").prints(
        0,
        "\
may: `ana@shop.example` holds the super role wherever this change reaches
organization north: may, holds head
  ~ role clerk at new/north.role:4:10
",
    );
    run("bea@shop.example").prints(
        3,
        "\
may not: `bea@shop.example` lacks the super role of organization north
organization north: may not, lacks head; held by ana@shop.example
  ~ role clerk at new/north.role:4:10
",
    );
    // The super of another organization, and of none.
    run("sync").ends(3).has("may not: `sync` lacks the super role of organization north\n");
    run("principal:cem@shop.example").ends(3);
    run("anna@shop.example")
        .ends(3)
        .has("may not: the old policy does not know `anna@shop.example`; did you mean `ana@shop.example`?\n");
    run("").ends(3).has("may not: the old policy does not know ``\n");
    let document = run("bea@shop.example").arg("--format=json").json(3);
    assert_eq!((&document["may"], &document["reason"]), (&false.into(), &"no-super".into()));
    let north = &document["organizations"][0];
    assert_eq!((&north["standing"], &north["super_role"]), (&"lacks".into(), &"head".into()));
    assert_eq!(north["holders"][0]["name"], "ana@shop.example");
    assert_eq!((&north["changes"][0]["what"], &north["changes"][0]["line"]), (&"role".into(), &4.into()));
    let document = run("eve").arg("--format=json").json(3);
    assert_eq!(document["reason"], "unknown-principal");
}

#[test]
fn a_template_touches_all_that_stand_on_it() {
    let folder = edited("shop.role", "orders: read }", "orders: none }");
    // North starts from it by a template and a role; south assigns it.
    let told = plan(&folder, "ana@shop.example", "07");
    assert_eq!(
        told.stdout,
        "\
may not: `ana@shop.example` lacks the super role in 1 of 2 organizations
organization south: may not, holds head until 2026-06-01 only; held by cem@shop.example, service sync
  ~ template seller at new/shop.role:9:10
organization north: may, holds head
  ~ template seller at new/shop.role:9:10
"
    );
    assert_eq!(told.status, Some(3));
    assert_eq!(plan(&folder, "ana@shop.example", "05").status, Some(0));
    // `until` is the first moment without.
    assert_eq!(plan(&folder, "ana@shop.example", "06").status, Some(3));
}

#[test]
fn layout_and_comments_are_nobodys() {
    let clerk = "    role clerk from trainee { grant sales.export: on }\n";
    let folder = edited("north.role", clerk, "    // Allow me.\n    assign clerk to \"eve@shop.example\"\n");
    folder.put("new/north.role", NORTH.replace(clerk, "").replace("\n}\n", " }\n// Moved.\n"));
    folder.put(
        "new/roles.role",
        "use shop organization north { role clerk from trainee { grant sales { export: on } } }",
    );
    let told = plan(&folder, "bea@shop.example", "07");
    assert_eq!(told.stdout, "may: nothing is changed that asks for a super role\n");
    assert_eq!(told.status, Some(0));
    // Whom nobody knows may nothing, this neither.
    let told = plan(&folder, "eve@shop.example", "07");
    assert_eq!(told.status, Some(3));
    told.has("may not: the old policy does not know `eve@shop.example`");
}

/// Each of these is judged, whoever gains nothing by it.
#[test]
fn what_else_is_judged() {
    let test = "    test \"clerks write nothing\" { clerk cannot sales.orders: write }\n";
    let forbid =
        "    forbid \"writing and exporting\" except head { sales.orders: write  sales.export: on }\n";
    let edits: &[(&str, &str, &str, &str)] = &[
        ("north.role", test, "", "  - test \"clerks write nothing\" was at old/north.role:8:10\n"),
        (
            "north.role",
            "cannot sales.orders: write",
            "can sales.export",
            "  ~ test \"clerks write nothing\" was at old/north.role:8:35\n",
        ),
        ("north.role", forbid, "", "  - forbid \"writing and exporting\" was at old/north.role:7:12\n"),
        (
            "north.role",
            "except head",
            "except head, seller",
            "  ~ forbid \"writing and exporting\" at new/north.role:7:12\n",
        ),
        ("north.role", "north {", "north \"The North\" {", "  ~ organization at new/north.role:3:14\n"),
        ("north.role", "north {", "north managed {", "  ~ organization at new/north.role:3:14\n"),
        (
            "north.role",
            "{ grant sales.export: on }",
            "{ description \"x\" grant sales.export: on }",
            "  ~ role clerk at new",
        ),
        ("north.role", "    role clerk", "    /// For the counter.\n    role clerk", "  ~ role clerk at new"),
        ("north.role", "trainee { grant", "seller { grant", "  ~ role clerk at new"),
        (
            "north.role",
            "to \"bea",
            "to \"eve@shop.example\", \"bea",
            "  + assignments of eve@shop.example at new/north.role:6:21\n",
        ),
        (
            "north.role",
            "\"bea@shop.example\"",
            "\"bea@shop.example\" because \"x\"",
            "  ~ assignments of bea@shop.example at new/north.role:6:21\n",
        ),
        ("shop.role", "super head", "super seller", "  ~ catalog shop at new/shop.role:3:9\n"),
        (
            "shop.role",
            "super head",
            "super head limit custom-roles 9",
            "  ~ catalog shop at new/shop.role:3:9\n",
        ),
        (
            "shop.role",
            "export: flag",
            "export: flag { note \"x\" }",
            "  ~ catalog shop at new/shop.role:3:9\n",
        ),
        (
            "shop.role",
            "template head",
            "forbid \"x\" except head { sales.orders: write }\ntemplate head",
            "  + forbid \"x\" of all that use shop at new/shop.role:8:8\n",
        ),
        ("south.role", SOUTH, "", "  - organization was at old/south.role:3:14\n"),
    ];
    for (file, old, new, told) in edits {
        let folder = edited(file, old, new);
        let bea = plan(&folder, "bea@shop.example", "05");
        assert_eq!(bea.status, Some(3), "{bea}");
        bea.has(told);
        let ana = plan(&folder, "ana@shop.example", "05");
        assert_eq!(ana.status, Some(0), "{ana}");
    }
    // More tests are nobody's matter, and more lines of one.
    for (old, new) in [
        ("    test", "    test \"more\" { clerk can sales.export }\n    test"),
        (": write }\n}", ": write  clerk can sales.export }\n}"),
    ] {
        let folder = edited("north.role", old, new);
        assert_eq!(plan(&folder, "bea@shop.example", "05").status, Some(0));
    }
}

#[test]
fn what_is_new_asks_for_any_super_role() {
    let folder = edited("shop.role", "template trainee", "template idle {}\ntemplate trainee");
    folder.put("new/west.role", "use shop organization west { assign head to \"bea@shop.example\" }");
    let told = plan(&folder, "cem@shop.example", "07");
    assert_eq!(
        told.stdout,
        "\
may: `cem@shop.example` holds the super role wherever this change reaches
organization west: may, a new organization asks for any super role, and that of south is held
  + organization at new/west.role:1:23
in no organization: may, what no organization uses asks for any super role, and that of south is held
  + template idle at new/shop.role:10:10
"
    );
    assert_eq!(told.status, Some(0));
    let told = plan(&folder, "bea@shop.example", "07");
    assert_eq!(told.status, Some(3));
    told.has("west: may not, a new organization asks for any super role; held by ana@shop.example, cem@shop.example, service sync\n")
        .has("in no organization: may not, what no organization uses asks for any super role; held by");
    folder.run("plan old new --as sync").ends(0).has("may: service account `sync` holds the super role");
    let document = folder.run("plan old new --as bea@shop.example --format json").json(3);
    assert_eq!(
        (&document["elsewhere"]["may"], &document["organizations"][0]["change"]),
        (&false.into(), &"added".into())
    );
}

/// Where a catalog names no super role, nobody may.
#[test]
fn without_a_super_role_nobody_may() {
    let folder = Folder::new().with("old/shop.role", SHOP).with("new/shop.role", SHOP);
    folder.put("old/store.role", STORE);
    folder.put("new/store.role", STORE.replace("\"holidays\"\n", "\"leave\"\n"));
    folder.run("plan old new --as bea@store.example --at 2026-03-02").prints(
        3,
        "\
may not: `bea@store.example` lacks the super role of organization store
organization store: nobody may, its catalog names no super role
  ~ assignments of bea@store.example at new/store.role:14:20
",
    );
}

/// A built-in catalog changes with the program: whoever lets it, by no longer saying its version, is judged.
#[test]
fn a_version_of_a_built_in_catalog_is_a_guard() {
    let people = "organization o { assign admin-with-billing to \"ana\" assign read-only to \"bea\" }\n";
    let pinned = format!("use jumpcloud \"2026-11\"\n{people}");
    let folder = Folder::new().with("old.role", &pinned).with("new.role", format!("use jumpcloud\n{people}"));
    folder
        .run("plan old.role new.role --as bea")
        .ends(3)
        .has("  - version of jumpcloud in `use` was at old.role:1:15\n");
    folder.run("plan old.role new.role --as ana").ends(0);
    folder.run("plan new.role old.role --as bea").ends(0);
    // Another file that says it is enough: it stops a program with another catalog all the same.
    folder.put("more.role", "use jumpcloud \"2026-11\"\n");
    folder.run("plan old.role new.role --also-new more.role --as bea").ends(0);
    // Another catalog takes the built-in one out of the policy: what came with the program is no change of it.
    let people = people.replace("read-only", "admin-with-billing");
    folder.put("other.role", format!("use own\n{people}"));
    folder.put("own.role", "use own catalog own { category c { r: flag } } template admin-with-billing {}");
    folder.run("plan old.role other.role --also-new own.role --as ana").prints(
        0,
        "\
may: `ana` holds the super role wherever this change reaches
organization o: may, holds admin-with-billing
  + catalog own at own.role:1:17
  - version of jumpcloud in `use` was at old.role:1:15
  + template admin-with-billing at own.role:1:57
  ~ organization at other.role:2:14
  ~ assignments of bea at other.role:2:82
",
    );
}

#[test]
fn revisions() {
    let folder = edited("north.role", "grant sales.export: on }", "grant sales.export: off }");
    git(&folder, "init -q");
    git(&folder, "add old");
    git(&folder, "commit -q -m one");
    folder.put("old/north.role", folder.bytes("new/north.role"));
    let run = |who: &str| folder.run("plan git:HEAD:old old --at 2026-05-01 --as").arg(who);
    run("ana@shop.example").ends(0).has("  ~ role clerk at old/north.role:4:10\n");
    run("bea@shop.example").ends(3);
    git(&folder, "commit -q -a -m two");
    folder
        .run("plan git:HEAD~1:old git:HEAD:old --as bea@shop.example")
        .ends(3)
        .has("HEAD:old/north.role:4:10");
    folder
        .run("plan git:HEAD:old git:HEAD~1:old --as bea@shop.example")
        .ends(3)
        .has("HEAD~1:old/north.role:4:10");
    run("bea@shop.example").ends(0);
    run("eve@shop.example").ends(3);
    folder.run("plan git:none old --as bea@shop.example").refuses(5, "there is no revision `none` here");
}

#[test]
fn what_cannot_be_judged() {
    let folder = edited("north.role", "grant sales.export: on }", "grant sales.export: off }");
    folder.put("broken.role", "use jumpcloud organization o { role r { grant nothing-such: view } }");
    folder.run("build old -o old.rolec").ends(0);
    for format in ["human", "json"] {
        let refuses = |args: &str, status: i32, message: &str| {
            folder.run(&format!("plan {args} --format {format}")).refuses(status, message);
        };
        let who = "--as ana@shop.example";
        refuses(
            &format!("{who} broken.role new"),
            4,
            "nothing is told while one of the two policies has errors",
        );
        refuses(
            &format!("{who} old broken.role"),
            4,
            "nothing is told while one of the two policies has errors",
        );
        refuses(
            &format!("{who} old.rolec new"),
            2,
            "`old.rolec` is a compiled table, which holds no forbids and no tests",
        );
        refuses(&format!("{who} old old.rolec"), 2, "`old.rolec` is a compiled table");
        refuses(&format!("{who} old none"), 5, "none");
        refuses(&format!("{who} old new --at never"), 2, "`never` is no time");
        refuses(
            "--as role:head old new",
            2,
            "`role:head` is a role, and a role changes nothing: name a principal",
        );
        refuses("--as \"x old new", 2, "a quote is never closed");
    }
    let told = folder.run("plan --as ana@shop.example old broken.role").ends(4).stays_mute();
    told.warns("error[R0203]");
    folder.run("plan old new").ends(2);
    folder.run("plan --as ana@shop.example old").ends(2);
    folder.run("plan --as ana@shop.example git:HEAD new").ends(5);
}

#[test]
fn a_long_list_is_cut_and_json_is_not() {
    let people: String =
        (0..30).map(|at| format!("    assign seller to \"p{at:02}@shop.example\"\n")).collect();
    let folder = edited("north.role", "    forbid", &format!("{people}    forbid"));
    let told = folder.run("plan old new --as bea@shop.example").ends(3);
    told.has("  + assignments of p19@shop.example at").has("  and 10 more\n");
    folder.run("plan old new --all --as bea@shop.example").ends(3).has("assignments of p29@shop.example");
    let document = folder.run("plan old new --format json --as bea@shop.example").json(3);
    assert_eq!(document["organizations"][0]["changes"].as_array().unwrap().len(), 30);
}

#[test]
fn hostile_names_stay_text() {
    let folder = edited(
        "north.role",
        "to \"bea@shop.example\"",
        r#"to "bea@shop.example", "\u{1b}[31m\u{a}may: all""#,
    );
    folder
        .run("plan old new --as")
        .arg("bea\u{202e}\nmay: x")
        .ends(3)
        .has("may not: the old policy does not know `bea<U+202E><U+000A>may: x`")
        .has("  + assignments of <U+001B>[31m<U+000A>may: all at new/north.role:6:41\n");
    folder.run("plan old new --color always --as bea@shop.example").ends(3).has("\u{1b}[");
}
