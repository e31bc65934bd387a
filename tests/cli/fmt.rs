//! `fmt`: files in place or not at all, a filter, and what stays as it is.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use crate::run::{Folder, Run, SHOP, policies};

const UGLY: &str =
    "use jumpcloud\norganization o { // x\n role a{grant all:view}\n\n\n assign a to \"x\" }\n";
const NEAT: &str =
    "use jumpcloud\norganization o {  // x\n    role a { grant all: view }\n\n    assign a to \"x\"\n}\n";
/// The first role is damaged, the second is not.
const DAMAGED: &str =
    "use jumpcloud\norganization o {\n  role a {grant all view}\n  role b {grant all:view}\n}\n";

fn folder() -> Folder {
    Folder::new().with("a.role", UGLY).with("b/b.role", NEAT)
}

#[test]
fn files_are_written_in_place_and_only_those_that_change() {
    let folder = folder();
    let before = fs::metadata(folder.at("b/b.role")).unwrap();
    let output = folder.run("fmt").ends(0).stays_mute();
    assert_eq!(output.stderr, "1 file formatted, 1 unchanged\n");
    assert_eq!(folder.bytes("a.role"), NEAT.as_bytes());
    let after = fs::metadata(folder.at("b/b.role")).unwrap();
    assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()), "it was not written");
    assert_eq!(folder.names(), ["a.role", "b"], "nothing else is left");
    assert_eq!(folder.run("fmt").ends(0).stays_mute().stderr, "2 files unchanged\n");
    assert_eq!(folder.run("fmt a.role").ends(0).stays_mute().stderr, "1 file unchanged\n");
}

#[test]
fn the_mode_is_kept_and_a_link_stays_one() {
    let folder = folder();
    fs::set_permissions(folder.at("a.role"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("a.role", folder.at("link")).unwrap();
    folder.run("fmt link").ends(0).warns("1 file formatted");
    assert!(fs::symlink_metadata(folder.at("link")).unwrap().is_symlink());
    assert_eq!(folder.bytes("a.role"), NEAT.as_bytes());
    assert_eq!(fs::metadata(folder.at("a.role")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn what_is_read_only_is_not_written() {
    let folder = folder();
    fs::set_permissions(folder.at("a.role"), fs::Permissions::from_mode(0o444)).unwrap();
    folder.run("fmt a.role").complains(5, "error: cannot write `a.role`: it is read-only\n");
    assert_eq!(folder.bytes("a.role"), UGLY.as_bytes());
}

#[test]
fn check_lists_and_writes_nothing() {
    let folder = folder();
    let output = folder.run("fmt --check").ends(1);
    assert_eq!(
        (output.stdout.as_str(), output.stderr.as_str()),
        ("a.role\n", "1 file would be formatted, 1 unchanged\n")
    );
    assert_eq!(folder.bytes("a.role"), UGLY.as_bytes());
    assert_eq!(folder.run("fmt --check b").ends(0).stays_mute().stderr, "1 file unchanged\n");
}

#[test]
fn diff_is_one_that_patch_applies() {
    let folder = folder();
    let diff = folder.run("fmt --diff").ends(1).stdout;
    assert!(
        diff.starts_with("--- a.role\n+++ a.role\n@@ -1,6 +1,6 @@\n use jumpcloud\n-organization"),
        "{diff}"
    );
    assert_eq!(folder.run("fmt --check --diff").ends(1).stdout, diff);
    assert_eq!(folder.bytes("a.role"), UGLY.as_bytes());
    folder.run("fmt --diff b").ends(0).stays_mute();
    let colored = folder.run("fmt --diff --color always").ends(1).stdout;
    assert_eq!(crate::run::uncolored(&colored), diff);
    assert!(colored.contains("\u{1b}[31m-organization"), "{colored}");
}

#[test]
fn line_ends_are_kept_and_not_shown() {
    let windows = UGLY.replace('\n', "\r\n");
    let folder = Folder::new().with("a.role", &windows);
    let diff = folder.run("fmt --diff").ends(1).stdout;
    assert!(!diff.contains("U+000D"), "{diff}");
    folder.run("fmt").ends(0);
    assert_eq!(folder.bytes("a.role"), NEAT.replace('\n', "\r\n").as_bytes());
    let mixed = Folder::new().with("a.role", "use jumpcloud\r\nforbid \"f\" {}\n");
    mixed.run("fmt --diff").ends(1).has("-use jumpcloud<U+000D>\n+use jumpcloud\n");
}

#[test]
fn standard_input_goes_to_standard_output() {
    Run::new("fmt -").stdin(UGLY).succeeds(NEAT);
    Run::new("fmt - --check").stdin(UGLY).prints(1, "<stdin>\n");
    Run::new("fmt - --check").stdin(NEAT).succeeds("");
    Run::new("fmt - --diff").stdin(UGLY).ends(1).has("--- <stdin>\n");
    Run::new("fmt - a.role").complains(2, "error: `-` is written to standard output: name it alone\n");
    Run::new("fmt - --format json").ends(2).stays_mute();
    Run::new("fmt --diff --format json").ends(2).stays_mute();
}

#[test]
fn a_damaged_member_stays_and_is_told() {
    let folder = Folder::new().with("a.role", DAMAGED);
    let wanted = DAMAGED.replace("  role b {grant all:view}", "    role b { grant all: view }");
    let output =
        folder.run("fmt").ends(1).stays_mute().warns("error[R0101]: expected").warns("--> a.role:3:21\n");
    assert!(output.stderr.ends_with("\n1 error\n1 file formatted\n"), "{output}");
    assert_eq!(folder.bytes("a.role"), wanted.as_bytes());
    // What is left is told again: nobody takes it for clean.
    folder.run("fmt --check").ends(1).stays_mute().warns("error[R0101]");
    let output = Run::new("fmt -").stdin(DAMAGED).ends(1).warns("error[R0101]");
    assert_eq!(output.stdout, wanted);
    // A mistake of meaning is `check`'s to tell.
    folder.put("a.role", DAMAGED.replace("all view", "all:veiw"));
    folder.run("fmt").ends(0).warns("1 file formatted");
    folder.run("check").ends(1).has("R0403");
}

#[test]
fn what_cannot_be_read_is_refused_and_the_rest_formatted() {
    let bad = b"use jumpcloud\norganization o{}\n\xff\n";
    let folder = folder().with("bad.role", bad);
    let output = folder.run("fmt").ends(1).stays_mute().warns("error[R0001]");
    assert!(output.stderr.ends_with("1 file formatted, 1 unchanged, 1 refused\n"), "{output}");
    assert_eq!(folder.bytes("bad.role"), bad);
    Run::new("fmt -").stdin(bad).ends(1).stays_mute().warns("error[R0001]");
    Run::new("fmt -").stdin("// \u{202e}\nuse  c\n").ends(1).stays_mute().warns("error[R0002]");
    Run::new("fmt -").stdin("{".repeat(40)).ends(1).stays_mute().warns("error[R0009]");
}

/// A file that was only read along belongs to somebody else.
#[test]
fn what_is_imported_is_not_formatted() {
    let ugly = SHOP.replace(": ", ":");
    let folder =
        Folder::new().with("shop/c.role", &ugly).with("a.role", "use \"shop/c.role\"\norganization o{}\n");
    assert_eq!(folder.run("fmt a.role").ends(0).stderr, "1 file formatted\n");
    assert_eq!(folder.bytes("shop/c.role"), ugly.as_bytes());
}

#[test]
fn programs_get_a_document() {
    let folder =
        Folder::new().with("a.role", UGLY).with("b.role", NEAT.replace("o {", "p {")).with("c.role", DAMAGED);
    let found = folder.run("fmt --check --format json").json(1);
    assert_eq!(found["version"], 1);
    assert_eq!(found["written"], false);
    assert_eq!(found["files"][0]["file"], "a.role");
    assert_eq!(found["files"][0]["outcome"], "changed");
    assert_eq!(found["files"][1]["outcome"], "unchanged");
    assert_eq!(found["findings"][0]["file"], "c.role");
    assert_eq!(found["summary"]["changed"], 2);
    let written = folder.run("fmt --format json").json(1);
    assert_eq!(written["written"], true);
    assert_eq!(folder.bytes("a.role"), NEAT.as_bytes());
}

#[test]
fn what_ships_and_what_new_writes_is_formatted() {
    Run::new("fmt --check").arg(policies()).ends(0).stays_mute().warns(" files unchanged");
    let folder = Folder::new();
    folder.run("new policy").ends(0);
    folder.run("fmt --check policy").ends(0).stays_mute();
}
