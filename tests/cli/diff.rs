//! `diff`: folders, files, tables and git revisions, held against each other.

use std::process::Command;

use crate::run::{Folder, Run, SHOP, STORE};

/// The store, with a wider clerk for a while.
fn later() -> String {
    STORE
        .replace("grant sales.orders: read\n", "grant sales.orders: read, write\n")
        .replace("until 2026-04-01T12:00:00Z because", "until 2026-05-01 because")
}

fn both() -> Folder {
    Folder::store()
        .with("next/shop.role", SHOP)
        .with("next/store.role", later())
        .with("plain/shop.role", SHOP)
        .with("plain/store.role", STORE)
}

/// A repository of a folder, without anything of the machine's own settings.
pub(crate) fn git(folder: &Folder, args: &str) {
    let output = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "core.autocrlf=false"])
        .args(args.split_whitespace())
        .current_dir(folder.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args}: {}", String::from_utf8_lossy(&output.stderr));
}

const TOLD: &str = "\
organization store
  ~ role clerk
    + sales.orders  read -> read, write  `grant sales.orders: read, write` at next/store.role:5:9
  ana@store.example, service till
    + sales.orders  read -> read, write
  bea@store.example
    + role boss     held                 from 2026-04-01T12:00:00Z until 2026-05-01
    + sales.orders  none -> read, write  from 2026-04-01T12:00:00Z until 2026-05-01
    + sales.prices  none -> full         from 2026-04-01T12:00:00Z until 2026-05-01
    + sales.export  off -> on            from 2026-04-01T12:00:00Z until 2026-05-01

1 role, 1 cell; 3 people are affected: 3 gain, nobody loses
";

#[test]
fn who_gains_what_and_why() {
    let folder = both();
    folder.run("diff plain next").prints(1, TOLD);
    // The same from tables, but that they know the files by the names that they were built from.
    folder.run("build plain -o old.rolec").succeeds("");
    folder.run("build next -o new.rolec").succeeds("");
    for (old, new) in [("old.rolec", "new.rolec"), ("plain", "new.rolec"), ("old.rolec", "next")] {
        folder.run(&format!("diff {old} {new}")).prints(1, TOLD);
        folder.run(&format!("diff {new} {old} --fail-on widen")).ends(0).has("nobody gains, 3 lose\n");
    }
    folder.run("diff old.rolec plain").succeeds("");
    // What only somebody's mailbox would be interested in.
    folder.run("diff plain next --at 2026-04-15").ends(1).has("+ role boss     held\n");
    folder.run("diff plain next --at 2026-06-01").ends(1).has("2 people are affected");
    folder.run("diff plain next --fail-on widen").ends(1);
}

#[test]
fn the_look_of_a_policy_is_no_difference() {
    let folder = both();
    let otherwise = STORE
        .replace("    role clerk \"Clerk\" {\n        grant sales.orders: read\n        grant sales.prices: view\n    }\n", "")
        .replace(
            "    assign clerk",
            "    // Below, and shorter.\n    role clerk \"Clerk\" { grant sales { prices: view orders: read } }\n    assign clerk",
        )
        .replace("until 2026-04-01T12:00:00Z because \"holidays\"", "until 2026-03-15\n    assign boss to \"bea@store.example\" from 2026-03-10 until 2026-04-01T14:00:00+02:00");
    assert_ne!(otherwise, STORE);
    folder.put("plain/other.role", "");
    folder.put("next/store.role", otherwise);
    folder.run("diff plain next").succeeds("");
    folder.run("diff plain next --format markdown").succeeds("**Access**: no difference.\n");
    let document = folder.run("diff plain next --format json").json(0);
    assert_eq!((&document["equal"], &document["widens"]), (&true.into(), &false.into()));
}

#[test]
fn roles_and_rows_are_paired_and_catalogs_told_apart() {
    let folder = both();
    let shop = SHOP
        .replace("        export: flag\n", "        bulk-export: flag\n")
        .replace("orders: verbs read, write", "orders: verbs read, write, refund")
        .replace("category sales", "category \"sales\"");
    folder.put("plain/shop.role", SHOP.replace("export: flag", "export \"Export\": flag"));
    folder.put("next/shop.role", shop.replace("bulk-export: flag", "bulk-export \"Export\": flag"));
    let store = STORE
        .replace("sales.export", "sales.bulk-export")
        .replace("boss", "head")
        .replace("grant sales.orders: read, write", "grant sales.orders: full");
    folder.put("next/store.role", store);
    folder.run("diff plain next").prints(
        1,
        "\
catalog shop
  ~ row sales.export  renamed to sales.bulk-export
  ~ row sales.orders  levels: none, read, write -> none, read, write, refund
organization store
  ~ role boss  renamed to head
    + sales.orders  read, write -> read, write, refund  by the catalog
  bea@store.example
    + sales.orders  read, write -> read, write, refund  from 2026-03-01 until 2026-04-01T12:00:00Z by the catalog

1 catalog, 1 role, 1 cell; 1 person is affected: 1 gains, nobody loses
",
    );
    let document = folder.run("diff plain next --format json").json(1);
    let role = &document["organizations"][0]["roles"][0];
    assert_eq!(
        (&role["change"], &role["old_id"], &role["id"]),
        (&"renamed".into(), &"boss".into(), &"head".into())
    );
    assert_eq!(role["cells"][0]["of_catalog"], true);
    assert_eq!(document["catalogs"][0]["renamed"][0]["new"]["row"], "bulk-export");
}

#[test]
fn what_came_and_went() {
    let folder = both();
    let store = "use \"shop.role\"\n\norganization outlet managed {\n    role clerk { grant sales.prices: view }\n    assign clerk to \"zoe@store.example\"\n}\n";
    folder.put("next/store.role", store);
    folder.run("diff plain next").prints(
        1,
        "\
+ organization outlet  managed
  + role clerk
    + sales.prices  none -> view  `grant sales.prices: view` at next/store.role:4:18
  zoe@store.example
    + role clerk    held
    + sales.prices  none -> view
- organization store  direct
  - role boss
    - sales.orders  read, write -> none  was `grant sales.orders: read, write` at plain/store.role:10:9
    - sales.prices  full -> none         was `grant sales.prices: full` at plain/store.role:9:9
    - sales.export  on -> off            was `grant sales.export: on` at plain/store.role:11:9
  - role clerk \"Clerk\"
    - sales.orders  read -> none  was `grant sales.orders: read` at plain/store.role:5:9
    - sales.prices  view -> none  was `grant sales.prices: view` at plain/store.role:6:9
  ana@store.example, service till
    - role clerk    no longer held
    - sales.orders  read -> none
    - sales.prices  view -> none
  bea@store.example
    - role boss     no longer held       from 2026-03-01 until 2026-04-01T12:00:00Z
    - sales.orders  read, write -> none  from 2026-03-01 until 2026-04-01T12:00:00Z
    - sales.prices  full -> none         from 2026-03-01 until 2026-04-01T12:00:00Z
    - sales.export  on -> off            from 2026-03-01 until 2026-04-01T12:00:00Z

2 organizations, 3 roles, 6 cells; 4 people are affected: 1 gains, 3 lose
",
    );
}

#[test]
fn a_long_list_is_cut_and_json_is_not() {
    let people = |count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("\"p{at:03}@store.example\"")).collect();
        STORE.replace("\"ana@store.example\"", &names.join(", "))
    };
    let folder = both().with("plain/store.role", people(30)).with("next/store.role", people(40));
    let told = folder.run("diff plain next").ends(1);
    let told = told.has("p030@store.example, p031@store.example").has("p034@store.example … and 5 more\n");
    assert!(!told.stdout.contains("p039"));
    folder.run("diff plain next --all").ends(1).has(", p039@store.example\n");
    let document = folder.run("diff plain next --format json").json(1);
    assert_eq!(document["organizations"][0]["people"].as_array().unwrap().len(), 10);
    let rows: String = (0..60).map(|at| format!(" r{at:02}: flag")).collect();
    let catalog =
        |level| format!("catalog c {{ category k {{{rows} }} }} use c template t {{ grant all: {level} }}");
    let folder = Folder::new().with("a.role", catalog("off")).with("b.role", catalog("on"));
    folder
        .run("diff a.role b.role")
        .ends(1)
        .has("    + k.r19  off -> on  `grant all: on` at b.role:1:")
        .has("    … and 40 more\n");
    let told = folder.run("diff a.role b.role --format markdown").ends(1);
    told.has("<details><summary>60 lines</summary>").has("\n… and 40 more\n");
}

/// What a name holds reaches neither the terminal nor the page of a pull request as anything but text.
#[test]
fn hostile_names_stay_text() {
    let store = STORE.replace("\"ana@store.example\"", r#""| @all <b>`\u{1b}[31m\u{202e}""#);
    let folder = both().with("plain/store.role", "use \"shop.role\"\n").with("next/store.role", store);
    folder.run("diff plain next").ends(1).has("| @all <b>`<U+001B>[31m<U+202E>");
    let told = folder.run("diff plain next --format markdown").ends(1);
    told.has("<code>&#124; &#64;all &#60;b&#62;&#96;&#60;U&#43;001B&#62;&#91;31m&#60;U&#43;202E&#62;</code>");
    folder.run("diff plain next --color always").ends(1).has("\u{1b}[32m+ role clerk \"Clerk\"\u{1b}[0m");
    folder.run("diff plain next --format json").json(1);
}

#[test]
fn revisions() {
    let folder = Folder::store().with("sub/dir/note.txt", "").with(".gitignore", "*.rolec\nscratch/\n");
    git(&folder, "init -q");
    git(&folder, "add .");
    git(&folder, "commit -q -m one");
    folder.run("diff git:HEAD .").succeeds("");
    folder.build("store.rolec");
    git(&folder, "add -f store.rolec");
    git(&folder, "commit -q -m table");
    folder.put("store.role", later());
    let told = TOLD.replace("next/", "");
    folder.run("diff git:HEAD .").prints(1, &told);
    // A file with what it names, a table, and an old revision by a way of git's own.
    folder.run("diff git:HEAD:store.role store.role").prints(1, &told);
    folder.run("diff git:HEAD:store.rolec .").prints(1, &told);
    folder.run("diff git:main~1 git:@{0}").succeeds("");
    git(&folder, "commit -q -a -m two");
    folder.run("diff git:HEAD~1 git:HEAD").prints(1, &told.replace("store.role:", "HEAD:store.role:"));
    // Paths count from the current folder, and its files are its own.
    let below = |args: &str| Run::new(args).dir(folder.at("sub/dir"));
    below("diff git:HEAD~1:../.. ../..").prints(1, &told.replace("store.role:", "../../store.role:"));
    below("diff git:HEAD ../..").refuses(5, "there is no .role file below `sub/dir` in revision `HEAD`");
    // What the walk of a folder passes over is passed over here.
    for name in ["scratch/odd.role", ".hidden/odd.role", "kept/odd.role"] {
        folder.put(name, "organization odd {");
    }
    folder.put("kept/.ignore", "odd.*\n");
    git(&folder, "add -f .");
    git(&folder, "commit -q -m odd");
    folder.run("diff git:HEAD .").succeeds("");
    folder.run("diff git:HEAD:kept .").refuses(5, "there is no .role file below `kept` in revision `HEAD`");
    folder.run("diff git:HEAD:scratch/odd.role .").ends(4).stays_mute().warns("--> HEAD:scratch/odd.role:1:");
}

#[test]
fn what_is_no_revision() {
    let folder = Folder::store();
    folder
        .run("diff git:HEAD .")
        .refuses(5, "cannot read revision `HEAD`: git says: fatal: not a git repository");
    git(&folder, "init -q");
    git(&folder, "add .");
    git(&folder, "commit -q -m one");
    for (args, status, message) in [
        ("git:none .", 5, "there is no revision `none` here"),
        ("git:^HEAD .", 5, "there is no revision `^HEAD` here"),
        ("git:HEAD..HEAD .", 5, "there is no revision `HEAD..HEAD` here"),
        ("git:HEAD:none .", 5, "cannot read `none`: revision `HEAD` has no such file or folder"),
        ("git:--output=x .", 2, "`git:--output=x` names no revision"),
        ("git:-h .", 2, "`git:-h` names no revision"),
        ("git: .", 2, "`git:` names no revision"),
        ("git:HEAD:../x .", 2, "`../x` is no path in a revision"),
        ("git:HEAD:/etc/passwd .", 2, "`/etc/passwd` is no path in a revision"),
        ("git:HEAD . --also-old shop.role", 2, "`git:HEAD` is whole"),
        ("none.role .", 5, "cannot read `none.role`"),
        (". . --at never", 2, "`never` is no time"),
    ] {
        folder.run(&format!("diff {args}")).refuses(status, message);
        folder.run(&format!("diff {args} --format json")).refuses(status, message);
    }
    assert!(!folder.at("x").exists(), "an option of git's would have written it");
    // Without git the files are compared as ever.
    let bare = |args: &str| Run::new(args).dir(folder.path()).var("PATH", "/nowhere");
    bare("diff git:HEAD .").refuses(5, "cannot run `git`, which reads revisions: it is not installed");
    bare("diff . .").succeeds("");
    // A link leads nowhere in a revision, however it is named.
    std::os::unix::fs::symlink("shop.role", folder.at("link.role")).unwrap();
    folder.put("use.role", "use \"link.role\"\n");
    git(&folder, "add .");
    git(&folder, "commit -q -m link");
    folder.run("diff git:HEAD:link.role .").refuses(5, "cannot read `HEAD:link.role`: it is no regular file");
    folder.run("diff git:HEAD:use.role .").refuses(5, "cannot read `HEAD:link.role`: it is no regular file");
}

#[test]
fn errors_and_tables_that_are_none() {
    let folder =
        both().with("broken.role", "use jumpcloud organization o { role r { grant nothing-such: view } }");
    let told = folder.run("diff plain broken.role").ends(4).stays_mute();
    told.warns("error[R0203]").warns("nothing is told while one of the two policies has errors");
    folder.put("old.rolec", "no table");
    folder.run("diff old.rolec plain").ends(4).stays_mute().warns("R0901");
    folder.run("diff plain none.rolec").refuses(5, "none.rolec");
    folder
        .run("diff plain/shop.role next/shop.role --also-old plain/store.role --also-new next/store.role")
        .prints(1, TOLD);
    folder.run("diff plain").ends(2);
}

/// The diff of a policy and the same with some text another.
fn edited(policy: &str, from: &str, to: &str) -> Folder {
    assert!(policy.contains(from), "{from}");
    Folder::new().with("o.role", policy).with("n.role", policy.replace(from, to))
}

const NOTES: &str = "use k catalog k { kind depth = ladder none < a < b category c { notes: depth flags: flag } category d { other: flag } }\n\
    organization o {\n\
    role gamma { grant c.notes: b } role delta { grant c.flags: on } assign gamma to \"g\" }\n";

#[test]
fn a_respelled_id_widens_where_somebody_holds_it() {
    for (from, to, code) in [
        ("notes", "Notes", 1),
        ("category c {", "category C {", 1),
        ("category d {", "category D {", 0),
        ("other", "Other", 0),
    ] {
        let mut new = NOTES.replace(from, to);
        if to.ends_with("C {") {
            new = new.replace("c.", "C.");
        }
        let folder = Folder::new().with("o.role", NOTES).with("n.role", &new);
        let found = folder.run("diff o.role n.role --fail-on widen --format json").json(code);
        assert_eq!(found["widens"], code == 1, "{to}");
        folder.run("diff o.role n.role").ends(1).has("the same, spelled");
    }
}

#[test]
fn what_a_level_of_the_same_name_gains_is_named() {
    let folder = edited(NOTES, "none < a < b", "none < a < x < b");
    folder.run("diff o.role n.role").ends(1).has("c.notes  b -> b, gains x  by the catalog\n");
    folder.run("diff o.role n.role --format markdown").ends(1).has("| `b -> b, gains x` |");
    let folder = edited(&NOTES.replace("notes: b", "notes: a"), "none < a < b", "none < b < a");
    let told = folder.run("diff o.role n.role").ends(1).stdout;
    assert_eq!(told.matches("c.notes  a -> a, gains b").count(), 2, "{told}");
}

#[test]
fn a_role_that_is_gone_says_what_gave_it() {
    let folder = edited(NOTES, "role delta { grant c.flags: on }", "");
    folder.run("diff o.role n.role").ends(1).has("c.flags  on -> off  was `grant c.flags: on` at o.role:3:");
}

#[test]
fn the_name_of_a_kind_is_no_access() {
    let folder = edited(NOTES, "depth", "access");
    folder.run("diff o.role n.role").succeeds("");
    let respelled = NOTES.replace("depth", "access").replace("other", "Other");
    let folder = Folder::new().with("o.role", NOTES).with("n.role", respelled);
    let told = folder.run("diff o.role n.role").ends(1).stdout;
    assert!(told.contains("the same, spelled d.Other") && !told.contains("kind"), "{told}");
    folder.run("catalog compare o.role n.role").ends(1).has("kind: depth -> access");
}
