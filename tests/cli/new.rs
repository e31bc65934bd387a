//! `new`: a policy to start from, clean, and never in the way of what is there.

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
