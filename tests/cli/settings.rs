//! `rolec.toml`: how gravely findings are told, and which file says so. And remarks that allow one.

use crate::run::Folder;

/// A policy with a note that is told unasked and one that is not.
const NOTED: &str = "\
use jumpcloud
organization o {
    role idle { grant monitoring-analytics: view }
    assign read-only to \"ana\"
}
";

fn noted() -> Folder {
    Folder::new().with("p/a.role", NOTED)
}

#[test]
fn a_level_says_how_gravely_a_finding_is_told() {
    let folder = noted();
    folder.run("check p").ends(0).has("note[R0811]").has("\n1 note\n");
    for (level, status, told) in
        [("note", 0, "note[R0811]"), ("warn", 0, "warning[R0811]"), ("deny", 1, "error[R0811]")]
    {
        folder.put("rolec.toml", format!("[lints]\nunassigned-role = \"{level}\"\n"));
        folder.run("check p").ends(status).has(told);
    }
    folder.run("check p --format json").ends(1).has("\"severity\": \"error\"");
    folder.put("rolec.toml", "[lints]\nunassigned-role = \"allow\"\n");
    folder.run("check p").succeeds("");
    folder.put("rolec.toml", "[lints]\nunassigned-role = \"warn\"\n");
    folder.run("check p --deny warnings").ends(1);
    // What waits for `--pedantic` is told unasked where it has a level.
    folder.put("rolec.toml", "[lints]\nuntested-organization = \"warn\"\nunassigned-role = \"allow\"\n");
    folder.run("check p").ends(0).has("warning[R0836]").has("\n1 warning\n");
}

#[test]
fn the_nearest_file_counts_from_what_is_checked_upwards() {
    let folder = noted().with("p/deep/b.role", "use jumpcloud\norganization q { }\n");
    folder.put("rolec.toml", "[lints]\nunassigned-role = \"deny\"\n");
    for args in ["check", "check p", "check p/a.role", "check p/a.role p/deep", "check p --format sarif"] {
        folder.run(args).ends(1);
    }
    folder.put("p/rolec.toml", "");
    folder.run("check p").ends(0).has("note[R0811]");
    folder.run("check p/deep p/a.role").ends(0).has("note[R0811]");
    folder.run("check").ends(1);
    folder.run("check").stdin("").dir(folder.at("p/deep")).ends(0);
    // Standard input stands in the current folder.
    folder.run("check -").stdin(NOTED).ends(1).has("error[R0811]");
    folder.run("check p --config rolec.toml").ends(1);
    folder.run("check --config p/rolec.toml").ends(0);
    folder.run("check --config none.toml").ends(5).stays_mute().warns("cannot read `none.toml`");
    folder.run("check --config p").ends(5).stays_mute().warns("cannot read `p`: it is a folder");
    folder.run("check --explain R0811 --config rolec.toml").ends(2);
}

#[test]
fn what_a_file_says_wrongly_is_told_in_its_place_and_the_rest_counts() {
    let folder = noted();
    folder.put(
        "rolec.toml",
        "lint = 1\n[lints]\nunassigned-role = \"allow\"\nunasigned-role = \"allow\"\nR0811 = \"allow\"\n\
         unknown-row = \"allow\"\nequal-roles = 3\nempty-role = \"denny\"\n",
    );
    let told = folder.run("check p").ends(1);
    for (line, message, help) in [
        ("1:1", "there is no setting `lint`", "there is only `lints`"),
        ("4:1", "there is no finding `unasigned-role`", "did you mean `unassigned-role`?"),
        ("5:1", "`R0811` is a code: here findings go by their slugs", "did you mean `unassigned-role`?"),
        ("6:1", "`unknown-row` is an error, and stays one", "levels are for warnings and notes"),
        ("7:15", "the level of `equal-roles` is a word in quotes", "write `allow`, `note`, `warn` or `deny`"),
        ("8:14", "there is no level `denny`", "the levels are `allow`, `note`, `warn` or `deny`"),
    ] {
        let head = format!("error[R0921]: {message}\n  --> rolec.toml:{line}\n");
        assert!(told.stdout.contains(&head), "{head}\n{}", told.stdout);
        assert!(told.stdout.contains(&format!("= help: {help}\n")), "{help}\n{}", told.stdout);
    }
    assert!(!told.stdout.contains("R0811]"), "allowed by the line that is right");
    assert!(told.stdout.ends_with("\n6 errors\n"));
}

#[test]
fn what_is_no_toml_is_told() {
    let folder = noted();
    folder.put("rolec.toml", "[lints]\nunassigned-role = deny\n");
    folder.run("check p").ends(1).has("error[R0922]: the settings are no TOML").has("--> rolec.toml:2:19\n");
    folder.put("rolec.toml", b"[lints]\nempty-role = \"\xff\"\n");
    folder.run("check p").ends(1).has("error[R0922]: the settings are no TOML: the file is not UTF-8");
    // Depth costs nothing but the file.
    folder.put("rolec.toml", format!("a = {}\n", "[".repeat(100_000)));
    folder.run("check p").ends(1).has("error[R0922]");
}

#[test]
fn what_is_denied_gets_no_table() {
    let folder = noted();
    folder.put("rolec.toml", "[lints]\nunassigned-role = \"deny\"\n");
    folder
        .run("build p -o p.rolec")
        .ends(1)
        .has("error[R0811]")
        .warns("was not written: the settings are wrong, or deny");
    assert_eq!(folder.names(), ["p", "rolec.toml"]);
    // It is asked all the same: the policy means what it says.
    folder.run("can role:idle reports:view -p p").succeeds("allow\n");
}

/// What `check` calls an error stops the tests too: a job that runs them alone does not pass over it.
#[test]
fn no_test_is_run_by_wrong_settings_or_of_what_is_denied() {
    let tested = "\"ana\"\n    test \"t\" { read-only can monitoring-analytics.reports: view }\n";
    let text = NOTED.replace("\"ana\"\n", tested);
    let folder = Folder::new().with("p/a.role", text);
    let passed = "1 passed, 0 failed (1 line)\n";
    folder.run("test p").succeeds(passed);
    for (settings, finding) in [
        ("[lints]\nunassigned-role = \"deny\"\n", "error[R0811]"),
        ("[lints]\nunasigned-role = \"allow\"\n", "error[R0921]"),
        ("[lints]\nunassigned-role = deny\n", "error[R0922]"),
    ] {
        folder.put("rolec.toml", settings);
        folder.run("check p").ends(1).has(finding);
        let told = folder.run("test p").ends(1).has(finding).has("\n1 error\n");
        assert!(!told.stdout.contains("note["), "{told}");
        told.warns("error: no test is run: the settings are wrong, or deny what is found\n");
        let document = folder.run("test p --format json").json(1);
        assert_eq!(document["error"], "policy-errors");
        assert_eq!(document["findings"].as_array().unwrap().len(), 1);
        folder.put("other.toml", "");
        folder.run("test p --config other.toml").succeeds(passed);
    }
    folder.put("rolec.toml", "[lints]\nunassigned-role = \"warn\"\n");
    folder.run("test p").succeeds(passed);
    folder.run("test p --config none.toml").ends(5).stays_mute().warns("cannot read `none.toml`");
}

#[test]
fn only_what_is_told_is_fixed() {
    let text = "use jumpcloud\norganization o {\n    role r from help-desk, help-desk {\n    }\n}\n";
    let folder = Folder::new().with("a.role", text);
    folder.put("rolec.toml", "[lints]\nrepeated-base = \"allow\"\n");
    folder.run("check --fix").ends(0);
    assert_eq!(folder.bytes("a.role"), text.as_bytes());
    folder.put("rolec.toml", "");
    let allowed = text.replace("{\n    }", "{  // allow(repeated-base): shows it\n    }");
    folder.put("a.role", &allowed);
    folder.run("check --fix").ends(0);
    assert_eq!(folder.bytes("a.role"), allowed.as_bytes());
    folder.put("a.role", text);
    folder.run("check --fix").ends(0);
    assert_eq!(folder.bytes("a.role"), text.replace(", help-desk", "").as_bytes());
}
