//! `matrix`, and the periods of `who` and `what`: the whole table, in each of its forms.

use crate::run::{BROKEN, Folder, Run, policies};

/// A shop whose people change their roles.
const TILL: &str = r#"use till
catalog till {
    category sales "Sales & Returns" {
        orders "Orders": verbs pack, check
        prices: ladder none < view < full
    }
    category cash { drawer: flag }
}
organization till {
    role clerk { grant sales { orders: pack  prices: view } }
    role packer { grant sales.orders: check }
    role boss { grant all: full }
    assign clerk to "ana" until 2026-10-10
    assign packer to "ana" from 2026-10-20
    assign clerk to "bea"
    assign boss to "bea" from 2026-10-05 until 2026-10-07
    assign packer to service "robot" from 2026-12-01
}
"#;

fn till() -> Folder {
    Folder::new().with("till.role", TILL)
}

#[test]
fn roles_as_text() {
    till().run("matrix").succeeds(
        "till (direct)

          boss         clerk  packer
Sales & Returns
  orders  pack, check  pack   check
  prices  full         view   -
cash
  drawer  on           -      -
",
    );
    till().run("matrix --role packer --role clerk --category cash").succeeds(
        "till (direct)

          clerk  packer
cash
  drawer  -      -
",
    );
}

#[test]
fn nothing_that_was_read_is_written_over() {
    let rows = "organization,principal,role\ntill,cleo,clerk\n";
    let folder = till().with("rows.csv", rows);
    let table = folder.build("till.rolec");
    for run in [
        "matrix --format csv -o till.role",
        "matrix -p till.role -o ./till.role",
        "matrix --table till.rolec -o till.rolec",
        "matrix --assignments rows.csv -o rows.csv",
    ] {
        folder.run(run).ends(2).stays_mute().warns("is read as");
    }
    assert_eq!(folder.bytes("till.role"), TILL.as_bytes());
    assert_eq!((folder.bytes("till.rolec"), folder.bytes("rows.csv")), (table, rows.as_bytes().to_vec()));
    folder.run("matrix --table till.rolec -o matrix.csv").succeeds("");
}

#[test]
fn people_at_a_moment() {
    let at = "till (direct), at 2026-10-05

          ana   bea          robot
Sales & Returns
  orders  pack  pack, check  -
  prices  view  full         -
cash
  drawer  -     on           -
";
    till().run("matrix --people --at 2026-10-05").succeeds(at);
    let folder = till();
    folder.build("till.rolec");
    folder.run("matrix --people --at 2026-10-05 --table till.rolec").succeeds(at);
    folder.run("matrix --people --at 2026-10-05 --role packer").ends(0).has("\n  nobody\n");
    folder.run("matrix --people --at 2026-12-05 --role packer").ends(0).has("          ana    robot\n");
}

#[test]
fn people_over_a_period() {
    till().run("matrix --people --during 2026-10").succeeds(
        "till (direct), from 2026-10-01 until 2026-11-01

          ana            bea           robot
Sales & Returns
  orders  pack, check**  pack, check*  -
  prices  view*          full*         -
cash
  drawer  -              on*           -

*  in a part of the time only
** in parts of the time, and never all of it at once
",
    );
    till().run("matrix --people --from 2026-10-05 --until 2026-10-07").ends(0).has("bea          robot\n");
    let unbound = till().run("matrix --people --from 2026-12-02 --format json").json(0);
    assert_eq!((&unbound["from"], unbound.get("until")), (&"2026-12-02".into(), None));
}

#[test]
fn as_csv() {
    till().run("matrix --people --during 2026-10 --format csv").succeeds(
        "organization,category,row,title,ana,bea,robot
till,sales,orders,Orders,\"pack, check (never all at once)\",\"pack, check (part of the time)\",none
till,sales,prices,,view (part of the time),full (part of the time),none
till,cash,drawer,,off,on (part of the time),off
",
    );
    // Of several organizations, one table: empty where one has no such role.
    let two = "use jumpcloud\norganization a { role x { } }\norganization b { role y { } role \"=cmd|' /C calc'!A0\" { } }\n";
    let run = "matrix --format csv --category associations --role x --role y --role =cmd|'";
    let folder = Folder::new().with("two.role", two);
    folder.run(run).arg("--role").arg("=cmd|' /C calc'!A0").ends(4).warns("a role `=cmd|'`");
    folder
        .run("matrix --format csv --category associations --role x --role y --role")
        .arg("=cmd|' /C calc'!A0")
        .succeeds(
            "organization,category,row,title,x,'=cmd|' /C calc'!A0,y
a,associations,associations,Associations,view,,
b,associations,associations,Associations,,view,view
",
        );
}

#[test]
fn as_markdown() {
    till().run("matrix --people --during 2026-10 --format markdown --category sales").succeeds(
        "## till (direct), from 2026-10-01 until 2026-11-01

| | ana | bea | robot |
|---|---|---|---|
| **Sales &amp; Returns** | | | |
| orders | pack, check \\*\\* | pack, check \\* | - |
| prices | view \\* | full \\* | - |

\\* in a part of the time only

\\*\\* in parts of the time, and never all of it at once
",
    );
}

#[test]
fn as_json() {
    let document = till().run("matrix --people --during 2026-10 --format json").json(0);
    assert_eq!((&document["view"], &document["from"]), (&"people".into(), &"2026-10-01".into()));
    let of = &document["organizations"][0];
    let names: Vec<_> =
        of["columns"].as_array().unwrap().iter().map(|column| column["name"].clone()).collect();
    assert_eq!(names, ["ana", "bea", "robot"]);
    let robot = &of["columns"][2];
    assert_eq!(
        (&robot["kind"], &robot["idle"], &robot["next"]),
        (&"service".into(), &true.into(), &"2026-12-01".into())
    );
    assert_eq!(of["columns"][1]["roles"][0]["role"], "boss");
    assert_eq!(of["columns"][1]["roles"][0]["until"], "2026-10-07");
    let orders = &of["rows"][0]["cells"][0];
    assert_eq!((&orders["level"], &orders["at_once"]), (&"pack, check".into(), &false.into()));
    assert_eq!(orders["throughout"], serde_json::json!([]));
    assert_eq!(orders["by"], serde_json::json!(["clerk", "packer"]));
    assert_eq!(orders["during"][1]["level"], "check");
    assert_eq!(orders["during"][1]["from"], "2026-10-20");
    let roles = till().run("matrix --format json").json(0);
    assert_eq!((&roles["view"], roles.get("at")), (&"roles".into(), None));
    assert!(roles["organizations"][0]["rows"][0]["cells"][0].get("at_once").is_none());
}

/// The ending of the file says the form, and `--format` goes before it.
#[test]
fn into_a_file() {
    let folder = till();
    for (name, begins) in [
        ("m.csv", "organization,category,"),
        ("m.md", "## till (direct)\n"),
        ("m.json", "{\n"),
        ("m.html", "<!doctype html>\n"),
        ("m.txt", "till (direct)\n"),
    ] {
        folder.run("matrix -o").arg(name).succeeds("");
        let written = String::from_utf8(folder.bytes(name)).unwrap();
        assert!(written.starts_with(begins), "{name}: {written}");
    }
    folder.run("matrix -o m.html --format csv").succeeds("");
    assert!(folder.bytes("m.html").starts_with(b"organization,"));
    folder.run("matrix -o none/m.csv").ends(5).stays_mute().warns("cannot write `none/m.csv`");
}

#[test]
fn what_is_not_there() {
    let acme = |args: &str| Run::new(args).arg("-p").arg("acme").dir(policies());
    acme("matrix --role teir1")
        .complains(4, "error: organization `acme` has no role `teir1`; did you mean `tier1`?\n");
    acme("matrix --category device-managment")
        .ends(4)
        .stays_mute()
        .warns("did you mean `device-management`?");
    acme("matrix --org acne").ends(4).stays_mute().warns("did you mean `acme`?");
    assert_eq!(acme("matrix --role teir1 --format json").json(4)["near"], serde_json::json!(["tier1"]));
    Folder::new().with("a.role", "use jumpcloud\n").run("matrix").ends(4).warns("no organization");
    Folder::new().with("bad.role", BROKEN).run("matrix --format json").refuses(4, "R0401");
    // Of several organizations only those that have it.
    Run::new("matrix -p northwind-msp --category nowhere")
        .dir(policies())
        .ends(4)
        .warns("no organization has a category");
}

#[test]
fn what_is_nowhere_together() {
    let shop = "catalog shop { category stock { shelf: flag } }\nuse shop\n\
                organization shop { role keeper { grant stock: on } }\n";
    let folder = till().with("shop.role", shop);
    folder.run("matrix --role keeper --category stock").ends(0).has("shop (direct)");
    folder
        .run("matrix --role keeper --category cash")
        .ends(2)
        .warns("no organization has both a role and a category of those that are asked for");
}

#[test]
fn times_that_are_none() {
    for verb in ["matrix --people", "who orders:pack", "what ana"] {
        let run = |args: &str| till().owned(&format!("{verb} {args}"));
        run("--during October").ends(2).stays_mute().warns("`October` is no period: it is a year like 2026");
        run("--during 2026-13").ends(2).stays_mute().warns("there is no such month or day");
        run("--from 2026-10-02 --until 2026-10-02").ends(2).stays_mute().warns("no moment is from");
        run("--at 2026-10-02 --during 2026-10").ends(2).stays_mute().warns("cannot be used with");
        run("--during 2026-10 --until 2026-11-01").ends(2).stays_mute().warns("cannot be used with");
        assert_eq!(run("--during October --format json").json(2)["error"], "usage");
    }
    // What roles hold does not change with time.
    till().run("matrix --at 2026-10-02").ends(2).stays_mute().warns("--people");
    till().run("matrix --during 2026-10").ends(2).stays_mute().warns("--people");
}

/// A form that cannot hold it refuses, and says how to narrow it; a table of any size is written.
#[test]
fn too_large_for_a_page() {
    let people: String = (0..2_300).map(|number| format!("assign read-only to \"p{number}\"\n")).collect();
    let folder = Folder::new().with("many.role", format!("use jumpcloud\norganization o {{\n{people}}}\n"));
    folder
        .run("matrix --people --format html")
        .ends(2)
        .stays_mute()
        .warns("the matrix has 103500 cells, and this form takes 100000 at most: narrow it with");
    folder.run("matrix --people --format html --category device-management -o m.html").succeeds("");
    let csv = folder.run("matrix --people --format csv").ends(0).stdout;
    assert_eq!((csv.lines().count(), csv.lines().last().unwrap().matches(',').count()), (46, 2_303));
}

#[test]
fn who_and_what_over_a_period() {
    till().run("who orders:pack --during 2026-10").succeeds(
        "till (direct)
  role       boss
  role       clerk
  admin      ana  until 2026-10-10  by clerk
  admin      bea  throughout        by boss, clerk
",
    );
    // Nobody holds what is never held at once.
    till()
        .run("who orders --during 2026-10")
        .ends(0)
        .has("bea  from 2026-10-05 until 2026-10-07  by boss, clerk\n");
    till().run("what ana --during 2026-10").succeeds(
        "Sales & Returns
  orders  pack   until 2026-10-10  by clerk
          check  from 2026-10-20   by packer
  prices  view   until 2026-10-10  by clerk
",
    );
    till().run("what role:clerk --during 2026-10").succeeds(
        "Sales & Returns
  orders  pack  throughout
  prices  view  throughout
",
    );
    till().run("what robot --during 2026-10").succeeds(
        "nothing: no assignment is in force from 2026-10-01 until 2026-11-01, the next begins at 2026-12-01\n",
    );
    let document = till().run("who orders:check --during 2026-10 --format json").json(0);
    let ana = &document["organizations"][0]["principals"][0];
    assert_eq!(
        (&ana["during"][0]["from"], &ana["by"]),
        (&"2026-10-20".into(), &serde_json::json!(["packer"]))
    );
    assert_eq!((document.get("at"), &document["until"]), (None, &"2026-11-01".into()));
    let document = till().run("what ana --during 2026-10 --format json").json(0);
    assert_eq!(document["rights"][0]["level"], "pack, check");
    assert_eq!(document["rights"][0]["during"][1]["level"], "check");
}

/// As wide as a page, then the next columns below.
#[test]
fn a_wide_one_is_written_in_blocks() {
    let output = Run::new("matrix -p acme --category device-management").dir(policies()).ends(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= 110), "{output}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("Device Management")).count(), 4, "{output}");
}

#[test]
fn who_has_a_role_later_is_nobody_now() {
    let policy = r#"use k catalog k { category c { p: flag } }
        organization a { role x { grant c.p: on } assign x to "ana" }
        organization b { role y { grant c.p: on } assign y to "bob" from 2026-12-01 }"#;
    let folder = Folder::new().with("p.role", policy);
    let matrix = "matrix -p p.role --people --at";
    folder.run(&format!("{matrix} 2026-10-01 --role y")).succeeds("b (direct), at 2026-10-01\n  nobody\n");
    let both = folder.run(&format!("{matrix} 2026-10-01 --role x --role y --format json")).json(0);
    let columns = |at: usize| both["organizations"][at]["columns"].as_array().map(Vec::len);
    assert_eq!((columns(0), columns(1)), (Some(1), Some(0)), "{both:#}");
    // A role of the one, a category of the other.
    let folder = Folder::new()
        .with(
            "a.role",
            "use k catalog k { category c { p: flag } } organization a { role x { grant c.p: on } }",
        )
        .with(
            "b.role",
            "use l catalog l { category d { q: flag } } organization b { role y { grant d.q: on } }",
        );
    folder
        .run("matrix -p . --role x --category d")
        .complains(2, "error: no organization has both a role and a category of those that are asked for\n");
}

#[test]
fn an_ending_says_the_form_in_any_case() {
    let folder = Folder::store();
    folder.run("matrix -p store.role -o a.CSV").ends(0);
    folder.run("matrix -p store.role -o b.csv").ends(0);
    assert_eq!(folder.bytes("a.CSV"), folder.bytes("b.csv"));
}

#[test]
fn a_heading_is_no_cell() {
    let folder = Folder::new().with(
        "p.role",
        "use k catalog k { category c { p: flag } } organization \"o|p\" { role \"r|s\" { grant c.p: on } }",
    );
    folder.run("matrix -p p.role --format markdown").ends(0).has("## `o|p` (direct)").has("| `r\\|s` |");
}

#[test]
fn a_period_of_a_second_is_a_period() {
    let folder = Folder::store();
    let period = "--from 2026-03-10 --until 2026-03-10T00:00:01Z --format json";
    let who = folder.run(&format!("who sales.export -p store.role {period}")).json(0);
    assert_eq!((who["from"].as_str(), who["at"].as_str()), (Some("2026-03-10"), None), "{who:#}");
    assert!(!who["organizations"][0]["principals"][0]["during"].as_array().unwrap().is_empty(), "{who:#}");
}

#[test]
fn what_is_hidden_shifts_no_line() {
    let folder = Folder::new().with(
        "p.role",
        "use k catalog k { category c { p: flag } } organization o { role r { grant c.p: on } \
         assign r to \"tab\\u{9}x\", \"a-name-of-some-length\" }",
    );
    let told = folder.run("who c.p -p p.role").ends(0).stdout;
    let columns: Vec<_> = told.lines().filter_map(|line| line.find("  by r")).collect();
    assert!(columns.len() == 2 && columns[0] == columns[1], "{told}");
}
