//! `check`: findings, and nothing where there is none.

use rolec::diagnostic::Code;

use crate::run::{BROKEN, Folder, Run, SHOP, STORE, policies};

/// A policy with a warning and nothing worse.
const WARNED: &str = "use jumpcloud\norganization acme { role r { grant device-management { } } }\n";

const DRAWN: &str = "\
error[R0401]: row `devices` does not offer `fulll`
    --> bad.role:2:60
    |
  2 | organization acme { role r { grant device-management.devices: fulll } }
    |                                                               ^^^^^ it offers `none`, `view`, `full`
    |
    --> builtin:jumpcloud/catalog.role:116:9
    |
116 |         devices \"Devices\": access
    |         ------- the row
    |
    = help: did you mean `full`?
    = fix: write `full`

1 error
";

#[test]
fn silent_when_clean() {
    Folder::store().run("check").succeeds("");
    Folder::store().run("check --pedantic --deny warnings").succeeds("");
}

#[test]
fn notes_and_warnings_leave_zero() {
    Run::new("check").arg(policies()).ends(0).has("note[R0406]").has("\n4 notes\n");
    let folder = Folder::new().with("a.role", WARNED);
    folder.run("check").ends(0).has("warning[R0409]").has("1 warning\n");
    folder.run("check --deny warnings").ends(1).has("1 warning\n");
}

#[test]
fn pedantic_tells_more() {
    let usual = Run::new("check").arg(policies()).ends(0).stdout;
    let more = Run::new("check --pedantic").arg(policies()).ends(0).stdout;
    assert!(!usual.contains("R0701") && more.contains("R0701"));
}

#[test]
fn a_finding_is_drawn() {
    let folder = Folder::new().with("bad.role", BROKEN);
    let drawn = DRAWN.replace(":2:60", ":2:63");
    folder.run("check").prints(1, &drawn);
    folder.run("check .").prints(1, &drawn);
    folder.run("check bad.role").prints(1, &drawn);
    folder.run("check ./bad.role").prints(1, &drawn);
    folder.run("check -").stdin(BROKEN).prints(1, &drawn.replace("bad.role", "<stdin>"));
}

#[test]
fn a_finding_as_json() {
    let found = Folder::new().with("bad.role", BROKEN).run("check --format json").json(1);
    assert_eq!(found["version"], 1);
    assert_eq!(found["summary"], serde_json::json!({ "errors": 1, "warnings": 0, "notes": 0 }));
    let finding = &found["findings"][0];
    assert_eq!(finding["code"], "R0401");
    assert_eq!(finding["slug"], "level-not-offered");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["message"], "row `devices` does not offer `fulll`");
    assert_eq!(
        (&finding["file"], &finding["line"], &finding["column"]),
        (&"bad.role".into(), &2.into(), &63.into())
    );
    assert_eq!(finding["labels"][0]["primary"], true);
    assert_eq!(finding["labels"][1]["file"], "builtin:jumpcloud/catalog.role");
    assert_eq!(finding["fixes"][0]["edits"][0]["text"], "full");
    assert_eq!(finding["help"][0], "did you mean `full`?");
}

#[test]
fn clean_is_a_document_for_programs() {
    let found = Folder::store().run("check --format json").json(0);
    assert_eq!(found["findings"], serde_json::json!([]));
}

#[test]
fn all_findings_in_one_run() {
    let folder = Folder::new()
        .with("a.role", BROKEN)
        .with("b.role", "use jumpcloud\norganization b { role x from nobody { } }\n")
        .with("deep/c.role", "}");
    let found = folder.run("check --format json").json(1);
    let found = found["findings"].as_array().unwrap();
    let files: Vec<&str> = found.iter().map(|finding| finding["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["a.role", "b.role", "deep/c.role"]);
}

const PAGE: &str = "\
warning[R0502]: repeated-base

A role names the same base twice. Bases join, so the second time adds nothing;
perhaps another role was meant.

WRONG

    use jumpcloud

    organization acme {
        role desk from help-desk, help-desk {
            grant device-management.devices: view
        }
    }

RIGHT

    use jumpcloud

    organization acme {
        role desk from help-desk, read-only {
            grant device-management.devices: view
        }
    }

HOW TO MEND

Take one out, or write the role that was meant. `desk`, `\"desk\"` and
`role \"desk\"` are the same role.

To start from two roles of which one already starts from the other is no
finding; it adds nothing either.
";

#[test]
fn a_code_is_explained() {
    Run::new("check --explain R0502").succeeds(PAGE);
    Run::new("check --explain r0502").succeeds(PAGE);
    Run::new("check --explain=repeated-base").succeeds(PAGE);
    Run::new("check --explain R051")
        .ends(2)
        .stays_mute()
        .warns("there is no finding `R051`; did you mean `R0501`?");
    Run::new("check --explain repeted-base").ends(2).stays_mute().warns("did you mean `repeated-base`?");
    Run::new("check --explain all")
        .ends(2)
        .stays_mute()
        .warns("there is no finding `all`; `rolec check --explain` lists them");
    Run::new("check --explain").arg("x\u{1b}[2J\nallow").ends(2).stays_mute().warns("<U+000A>allow`");
    Run::new("check --explain R0401 a.role").ends(2).stays_mute().warns("cannot be used with");
    Run::new("check a.role --explain").ends(2).stays_mute().warns("cannot be used with");
}

#[test]
fn every_code_is_listed_and_explained() {
    let listed = Run::new("check --explain").ends(0).stdout;
    assert_eq!(listed.lines().count(), Code::ALL.len());
    for (line, code) in listed.lines().zip(Code::ALL) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words.get(..3), Some(&[code.code(), code.severity().word(), code.slug()][..]));
        let page = Run::new("check --explain").arg(code.code()).ends(0).stdout;
        assert!(page.starts_with(&format!("{}[{code}]: {}\n\n", code.severity(), code.slug())), "{page}");
        assert!(page.contains("\nHOW TO MEND\n") && !page.contains("```"), "{page}");
    }
}

#[test]
fn files_import_files() {
    let folder = Folder::new().with("lib/shop.role", SHOP).with("main.role", STORE);
    folder.run("check main.role").ends(1).has("there is no file `shop.role`");
    let main = STORE.replace("shop.role", "lib/shop.role");
    let folder = folder.with("main.role", &main);
    folder.run("check main.role").succeeds("");
    folder.run("check lib main.role").succeeds("");
    folder.run("check main.role lib/shop.role lib ./lib/../lib").succeeds("");
    let folder = folder.with("sub/main.role", main.replace("lib/", "../lib/"));
    folder.run("check sub").succeeds("");
    folder.run("check main.role").dir(folder.at("sub")).succeeds("");
}

#[test]
fn the_same_file_counts_once() {
    let folder = Folder::store();
    folder.run("check store.role store.role ./store.role . shop.role").succeeds("");
    std::os::unix::fs::symlink("store.role", folder.at("link.role")).unwrap();
    folder.run("check store.role link.role").succeeds("");
    folder.run("check . link.role").succeeds("");
    folder.run("check - -").stdin("use jumpcloud\norganization a { }\n").succeeds("");
}
