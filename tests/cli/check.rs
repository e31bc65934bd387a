//! `check`: findings, and nothing where there is none.

use std::fs;

use rolec::diagnostic::Code;

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
fn a_finding_annotates_a_pull_request() {
    let folder = Folder::new().with("bad.role", BROKEN).with("warned,1.role", WARNED.replace("acme", "b"));
    let told = folder.run("check --format github").ends(1);
    let error = "::error file=bad.role,line=2,endLine=2,col=63,endColumn=68,title=R0401 level-not-offered::\
                 row `devices` does not offer `fulll`%0Adid you mean `full`?\n";
    let warning = "::warning file=warned%2C1.role,line=2,endLine=2,col=";
    let rest = told.stdout.strip_prefix(error).unwrap_or_else(|| panic!("{told}"));
    assert!(rest.starts_with(warning) && rest.lines().count() == 1, "{told}");
    assert_eq!(told.stderr, "1 error, 1 warning\n");
    Folder::store().run("check --format github").succeeds("");
    let told = folder.run("check --format github none.role bad.role").ends(5);
    assert!(told.stdout.starts_with("::error title=unreadable::cannot read `none.role`: No such"), "{told}");
    assert!(told.stderr.contains("error: cannot read `none.role`"), "{told}");
}

#[test]
fn only_check_writes_reports_of_findings() {
    for verb in ["test", "build -o x.rolec", "show r", "fmt"] {
        Run::new(&format!("{verb} --format sarif")).ends(2).warns("possible values: human, json");
    }
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
}

#[test]
fn what_a_policy_uses_lies_below_the_root() {
    let use_of = |path: &str| format!("use \"{path}\"\norganization o {{ }}\n");
    let folder = Folder::new()
        .with("cat.role", "catalog k { category k { r: flag } }\n")
        .with("sub/p.role", use_of("../cat.role"));
    // The current folder, where all paths lie in it.
    folder.run("check").succeeds("");
    folder.run("check sub/p.role").succeeds("");
    folder.run("check -").stdin(use_of("cat.role")).succeeds("");
    folder
        .run("check -")
        .dir(folder.at("sub"))
        .stdin(use_of("../cat.role"))
        .ends(1)
        .has("leads out of the root");
    let in_sub = |args: &str| folder.run(args).dir(folder.at("sub"));
    in_sub("check").ends(1).has("error[R0201]").has("leads out of the root of this run").has("\n1 error\n");
    // Else the folder that holds all of them: one notion, however a file is named.
    in_sub("check ..").succeeds("");
    in_sub("check . ../cat.role").succeeds("");
    in_sub("check ../cat.role .").succeeds("");
    folder.run("check").arg(folder.at("sub")).succeeds("");
    // From elsewhere, the folder that was named.
    let elsewhere = Folder::new();
    elsewhere.run("check").arg(folder.path()).succeeds("");
    elsewhere.run("check").arg(folder.at("sub")).ends(1).has("leads out of the root of this run");
    elsewhere.run("check").arg(folder.at("sub/p.role")).arg(folder.at("cat.role")).succeeds("");
    // A path that leaves the root is refused where it comes back too: it hangs on the name of the root.
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    folder.put("sub/p.role", use_of(&format!("../../{name}/cat.role")));
    for (args, dir) in [("check", "sub"), ("check ..", "sub"), ("check . ../cat.role", "sub"), ("check", ".")]
    {
        folder.run(args).dir(folder.at(dir)).ends(1).has("leads out of the root of this run");
    }
    folder.run("check").arg(name).dir(folder.path().parent().unwrap()).succeeds("");
}

#[test]
fn a_policy_names_links_of_its_own() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new().with("secret.role", "catalog secret { category k { word: flag } }\n");
    let policy = "use \"l.role\"\norganization o { role r { grant k.r: on } }\n";
    let folder =
        Folder::new().with("lk/cat.role", "catalog k { category k { r: flag } }\n").with("lk/p.role", policy);
    symlink("cat.role", folder.at("lk/l.role")).unwrap();
    for args in ["check lk/p.role", "check lk", "check", "check lk/p.role lk/l.role", "check lk/l.role lk"] {
        folder.run(args).succeeds("");
    }
    fs::remove_file(folder.at("lk/l.role")).unwrap();
    symlink(outside.at("secret.role"), folder.at("lk/l.role")).unwrap();
    let refused = folder
        .run("check lk")
        .ends(5)
        .warns("cannot read `lk/l.role`: it is a link that leads out of the root");
    assert!(!refused.stdout.contains("secret") && !refused.stderr.contains("secret"), "{refused}");
    // Who names the file itself has it read.
    folder.run("check lk").arg(outside.at("secret.role")).ends(1).has("category `k` has no row `r`");
}

#[test]
fn what_is_not_below_the_root_is_not_read() {
    let outside =
        Folder::new().with("secret", "password { hunter2 }\n").with("secret.role", "password { hunter2 }\n");
    let folder = Folder::new();
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    for path in [
        outside.at("secret").to_str().unwrap().to_owned(),
        outside.at("secret.role").to_str().unwrap().to_owned(),
        format!("../{name}/secret"),
        format!("../{name}/secret.role"),
        format!("x/../../{name}/secret.role"),
    ] {
        folder.put("p.role", format!("use \"{path}\"\norganization o {{ }}\n"));
        let told = folder.run("check").ends(1).has("error[R0201]").has("\n1 error\n");
        assert!(!told.stdout.contains("hunter2"), "{told}");
    }
}

#[test]
fn one_file_that_cannot_be_read_hides_no_other() {
    let folder = Folder::store().with("bad.role", BROKEN);
    let told =
        folder.run("check none1.role bad.role none2.role").ends(5).has("error[R0401]").has("\n1 error\n");
    let no = |name: &str| format!("error: cannot read `{name}`: No such file or directory (os error 2)\n");
    assert_eq!(told.stderr, no("none1.role") + &no("none2.role"), "{told}");
    let found = folder.run("check --format json none1.role bad.role none2.role").json(5);
    assert_eq!(found["summary"]["errors"], 1);
    assert_eq!(found["unread"].as_array().unwrap().len(), 2);
    // What the file may have declared is not missed: its template, its principal, its catalog.
    let rest = "use jumpcloud\norganization o { role r from t { grant no-such: view } assign u to \"a\" test \"t\" { \"b\" can device-management.devices } }\n";
    let folder = Folder::new().with("a.role", rest).with("b.role", "use c\ntemplate x from y { }\n");
    folder.run("check a.role b.role").ends(1).has("R0201").has("R0202").has("R0211").has("R0203");
    folder.run("check a.role b.role none.role").ends(5).has("error[R0203]").has("\n1 error\n");
    for verb in ["test", "build -o out.rolec", "show r -p"] {
        folder.run(verb).arg("none.role").ends(5).stays_mute().warns("cannot read `none.role`");
    }
    assert!(!folder.at("out.rolec").exists());
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

/// Two findings that can be mended with certainty, and one that cannot.
const MENDABLE: &str = "use jumpcloud\norganization o {\n    role r from help-desk, help-desk { grant monitoring-analytics.reports: view, }\n    assign q to \"a\"\n}\n";

#[test]
fn what_is_certain_is_fixed_in_place() {
    let left = MENDABLE.replace(", help-desk", "").replace("view,", "view");
    let folder = Folder::new().with("a.role", MENDABLE).with("b.role", "use jumpcloud\n");
    let told = folder.run("check --fix --diff").ends(1);
    assert!(told.stdout.starts_with("--- a.role\n+++ a.role\n@@ -1,5 +1,5 @@\n use jumpcloud\n"), "{told}");
    assert!(told.stderr.starts_with("would fix 2 findings in 1 file\nerror[R0202]"), "{told}");
    assert_eq!(folder.bytes("a.role"), MENDABLE.as_bytes());
    let told = folder.run("check --fix").ends(1).has("error[R0202]").has("\n1 error\n");
    assert_eq!(told.stderr, "fixed 2 findings in 1 file\n");
    assert_eq!(folder.bytes("a.role"), left.as_bytes());
    assert_eq!(folder.names(), ["a.role", "b.role"], "nothing else is left");
    assert_eq!(folder.run("check --fix").ends(1).stderr, "", "nothing more is to fix");
    assert_eq!(folder.run("check --fix --diff").ends(1).stays_mute().stderr.lines().last(), Some("1 error"));
    folder.put("a.role", left.replace("assign q", "assign r"));
    folder.run("check --fix").succeeds("");
    let told = Run::new("check --fix --diff -").stdin(MENDABLE).ends(1).has("--- <stdin>\n");
    assert!(told.stderr.starts_with("would fix 2 findings"), "{told}");
}

/// A fix leaves its gap to the formatter, in files that are held to it; others keep the style that they have.
#[test]
fn what_was_canonical_stays_so() {
    let text = "use jumpcloud\nuse jumpcloud\n\norganization o {\n    role r {\n        grant device-management: full {\n            devices: full\n        }\n    }\n}\n";
    let folder = Folder::new()
        .with("a.role", text)
        .with("b.role", "use  jumpcloud\nuse jumpcloud\n\ntemplate t { grant all: view }\n");
    folder.run("fmt --check a.role").ends(0);
    folder.run("check --fix").ends(0);
    folder.run("fmt --check a.role").ends(0);
    assert_eq!(folder.bytes("b.role"), b"use  jumpcloud\n\n\ntemplate t { grant all: view }\n");
}

#[test]
fn what_was_not_named_or_not_read_is_not_fixed() {
    let twice = "catalog k { category k { r: flag { escalating escalating } } }\n";
    let folder = Folder::new().with("lib/c.role", twice).with("a.role", "use \"lib/c.role\"\n");
    folder.run("check --fix a.role").ends(1).has("error[R0106]");
    assert_eq!(folder.bytes("lib/c.role"), twice.as_bytes());
    let told = folder.run("check --fix lib none.role").ends(5).has("error[R0106]");
    assert!(told.stderr.starts_with("nothing was fixed: not all of the policy can be read\n"), "{told}");
    assert_eq!(folder.bytes("lib/c.role"), twice.as_bytes());
    folder.run("check --fix lib/c.role").ends(0).stays_mute().warns("fixed 1 finding in 1 file");
    folder.put("bad.role", [MENDABLE.as_bytes(), b"\xff rest"].concat());
    folder.run("check --fix bad.role").ends(1).has("error[R0001]");
    assert_eq!(folder.bytes("bad.role"), [MENDABLE.as_bytes(), b"\xff rest"].concat());
    folder.put("lock.role", MENDABLE);
    let locked = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o444);
    fs::set_permissions(folder.at("lock.role"), locked).unwrap();
    folder.run("check --fix lock.role").ends(5).stays_mute().warns("it is read-only");
    Run::new("check --fix -")
        .stdin(MENDABLE)
        .complains(2, "error: `-` is no file that could be mended: name one, or add `--diff`\n");
    Run::new("check --diff").ends(2).stays_mute();
    Run::new("check --fix --diff --format json").ends(2).stays_mute();
}

/// Two halves in one hand are found on every day, by every verb: a job that builds finds what one that checks does.
#[test]
fn what_comes_together_does_not_hang_on_the_day() {
    const HALVES: &str = "use k
catalog k { category c { row: verbs v, x { escalating to c.goal } goal: flag } }
organization o {
    role a { grant c.row: v }
    role b { grant c.row: x }
    assign a to \"p\"
    assign b to \"p\" until 2026-04-01
}
";
    let settings = "[lints]\nescalating-together = \"deny\"\n";
    let folder = || Folder::new().with("p.role", HALVES).with("rolec.toml", settings);
    for verb in ["check --at 2026-01-01", "check --at 2026-12-01", "test", "build -o p.rolec"] {
        let output = folder().owned(verb).ends(1);
        assert!(format!("{}{}", output.stdout, output.stderr).contains("error[R0837]"), "{verb}: {output}");
    }
}
