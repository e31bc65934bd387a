//! `check`: findings, and nothing where there is none.

use crate::run::{BROKEN, Folder, Run, SHOP, STORE, policies};

/// A policy with a warning and nothing worse.
const WARNED: &str =
    "use jumpcloud\norganization acme { role r { grant device-management { } grant associations: full } }\n";

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
    Run::new("check").arg(policies()).ends(0).has("note[R0406]").has(" notes\n");
    let folder = Folder::new().with("a.role", WARNED);
    folder.run("check").ends(0).has("warning[R0409]").has("1 warning\n");
    folder.run("check --deny warnings").ends(1).has("1 warning\n");
}

/// The time at which a policy is looked at decides what has ended; a test about that time keeps it.
#[test]
fn what_has_ended_is_told_at_a_time() {
    let people =
        "use jumpcloud\norganization acme { assign help-desk to \"ana\", \"bob\" until 2026-12-01 }\n";
    let folder = Folder::new().with("a.role", people);
    folder.run("check --at 2026-11-16").succeeds("");
    folder.run("check --at 2026-11-17").ends(0).has("note[R0822]").has("\n2 notes\n");
    folder.run("check --at 2026-12-01").ends(0).has("note[R0821]").has("\n2 notes\n");
    // Without it, now, which is later than this.
    let folder = folder.with("a.role", people.replace("2026-12-01", "2020-01-01"));
    folder.run("check").ends(0).has("note[R0821]").has("\n2 notes\n");
    folder.run("check --at yesterday").ends(2).stays_mute();
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

fn docs(code: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics").join(code).with_extension("md")
}

#[test]
fn a_code_is_explained() {
    let page = std::fs::read_to_string(docs("R0401")).unwrap();
    Run::new("check --explain R0401").succeeds(&page);
    Run::new("check --explain r0401").succeeds(&page);
    Run::new("check --explain level-not-offered").succeeds(&page);
    Run::new("check --explain R041")
        .ends(2)
        .stays_mute()
        .warns("there is no finding `R041`; did you mean `R0401`");
    Run::new("check --explain").arg("x\u{1b}[2J\nallow").ends(2).stays_mute().warns("<U+000A>allow`");
    Run::new("check --explain R0401 a.role").ends(2).stays_mute().warns("cannot be used with");
}

#[test]
fn every_code_has_its_page() {
    for code in rolec::diagnostic::Code::ALL {
        let page = std::fs::read_to_string(docs(code.code())).unwrap();
        Run::new("check --explain").arg(code.code()).succeeds(&page);
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
