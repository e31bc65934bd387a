//! `new`: a policy to start from, clean, and never in the way of what is there.

use std::process::Command;

use crate::run::Folder;

const FILES: [&str; 4] = ["people.role", "roles.role", "templates.role", "tests.role"];

#[test]
fn what_it_makes_is_clean_and_tested() {
    let folder = Folder::new();
    folder.run("new policy").ends(0);
    folder.run("check --deny warnings policy").succeeds("");
    folder.run("test policy").succeeds("2 passed, 0 failed (7 lines)\n");
    for name in FILES {
        let text = String::from_utf8(folder.bytes(&format!("policy/{name}"))).unwrap();
        assert!(text.contains("\nuse jumpcloud \"2"), "{name} says the version of its catalog");
    }
}

#[test]
fn an_empty_folder_is_as_good_as_none() {
    let folder = Folder::new();
    folder.run("new .").ends(0);
    assert_eq!(folder.names(), FILES);
}

#[test]
fn what_is_there_stays() {
    let folder = Folder::new().with("policy/roles.role", "mine");
    folder.run("new policy").ends(5);
    assert_eq!(folder.bytes("policy/roles.role"), b"mine");
    folder.put("file", "mine");
    folder.run("new file").ends(5);
    assert_eq!(folder.bytes("file"), b"mine");
    assert_eq!(folder.names(), ["file", "policy"]);
}

#[test]
fn a_new_repository_is_as_good_as_empty() {
    let folder = Folder::new()
        .with(".git/config", "")
        .with(".gitignore", "*.rolec\n")
        .with("README.md", "ours")
        .with("LICENSE-MIT", "");
    folder.run("new .").ends(0);
    assert_eq!(folder.bytes("README.md"), b"ours");
    folder.run("test").succeeds("2 passed, 0 failed (7 lines)\n");
    let folder = Folder::new().with("p/.git/config", "").with("p/readme.role", "");
    folder.run("new p").complains(
        5,
        "error: `p` is not empty, `readme.role` is there: name a new folder, nothing is written over\n",
    );
    assert_eq!(folder.names(), ["p"]);
}

#[test]
fn what_an_ignore_file_hides_is_told() {
    let folder = Folder::new().with(".ignore", "people.role\n");
    folder
        .run("new policy")
        .ends(5)
        .warns("an ignore file hides people.role of the new folder from `rolec check`");
    let folder = Folder::new().with("p/.gitignore", "*.role\n").with("p/.git/config", "");
    folder
        .run("new p")
        .ends(5)
        .warns("an ignore file hides templates.role, roles.role, people.role, tests.role");
}

#[test]
fn a_name_begins_no_line() {
    let told = Folder::new().run("new").arg("n\nFAKE: ok").ends(0).stdout;
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.starts_with("made n<U+000A>FAKE: ok with "), "{told}");
}

/// What is printed for the shell does in it what it says.
#[test]
fn what_is_to_be_typed_can_be_typed() {
    for name in ["policy", "nd 5/\u{fc}", "-x", "it's", "$(x) `y` \"z\" & *"] {
        let folder = Folder::new();
        let told = folder.run("new --").arg(name).ends(0).stdout;
        let line = told.lines().nth(1).unwrap();
        let (_, commands) = line.split_once("then `").unwrap();
        let (check, test) = commands.strip_suffix('`').unwrap().split_once("` and `").unwrap();
        for (command, printed) in [(check, ""), (test, "2 passed, 0 failed (7 lines)\n")] {
            let rest = command.strip_prefix("rolec ").unwrap();
            let shell = format!("{} {rest}", env!("CARGO_BIN_EXE_rolec"));
            let output = Command::new("sh").args(["-c", &shell]).current_dir(folder.path()).output().unwrap();
            assert!(output.status.success(), "{command}: {output:?}");
            assert_eq!(String::from_utf8(output.stdout).unwrap(), printed, "{command}");
        }
    }
}
