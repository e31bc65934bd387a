//! The rooms and what they may import: docs/ARCHITECTURE.md holds the table, this test holds the code against it.
//! Reads the sources as tokens, without their comments and strings.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "reads the sources")]

mod support {
    pub(crate) mod doc;
    pub(crate) mod rust;
}

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use support::doc::{Rooms, dependencies};
use support::rust::{File, Token};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rooms() -> Rooms {
    Rooms::read(&fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap())
}

/// The room of a file: its folder, or the file itself where it stands alone. None for the doors, lib.rs and main.rs,
/// and for the file that lists the tools.
fn room_of(name: &str) -> Option<String> {
    let path = name.strip_suffix(".rs").unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["lib" | "main"] | ["tools"] | ["tools", "mod"] => None,
        ["tools", tool, ..] => Some(format!("tools/{tool}")),
        [room, ..] => Some((*room).to_owned()),
        [] => None,
    }
}

/// The room that a path from the root leads to.
fn room_at(path: &[String], rooms: &Rooms) -> Option<String> {
    match path {
        [tools, tool, ..] if tools == "tools" => Some(format!("tools/{tool}")),
        [room, ..] => rooms.is_room(room).then(|| room.clone()),
        [] => None,
    }
}

#[test]
fn imports_are_those_of_the_table() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in File::all("src") {
        let room = room_of(&file.name);
        for path in file.crate_paths() {
            seen += 1;
            let shown = path.join("::");
            let Some(to) = room_at(&path, &rooms) else {
                wrong.push(format!(
                    "{}: crate::{shown} is in no room: name the room, not the root",
                    file.name
                ));
                continue;
            };
            let Some(from) = &room else {
                wrong.push(format!("{}: a door or a list imports nothing by crate::{shown}", file.name));
                continue;
            };
            if *from != to && !rooms.may_import(from, &to) {
                wrong.push(format!("{}: {from} may not import {to} (crate::{shown})", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 300, "{seen} paths only: they are not found any more");
}

/// What the table allows has no way round.
#[test]
fn the_table_has_no_cycle() {
    let rooms = rooms();
    let mut waiting: BTreeMap<&str, BTreeSet<&str>> =
        rooms.all().map(|room| (room, rooms.imports(room).collect())).collect();
    while !waiting.is_empty() {
        let free: Vec<&str> =
            waiting.iter().filter(|(_, all)| all.is_empty()).map(|(room, _)| *room).collect();
        assert!(!free.is_empty(), "a cycle among {waiting:#?}");
        for room in free {
            waiting.remove(room);
            for imports in waiting.values_mut() {
                imports.remove(room);
            }
        }
    }
}

#[test]
fn the_table_has_every_room_and_no_other() {
    let rooms = rooms();
    let found: BTreeSet<String> = File::all("src").iter().filter_map(|file| room_of(&file.name)).collect();
    let found: BTreeSet<&str> =
        found.iter().map(|room| if room.starts_with("tools/") { "tools/*" } else { room }).collect();
    let listed: BTreeSet<&str> = rooms.all().collect();
    assert_eq!(found, listed, "the folders of src, and the table of docs/ARCHITECTURE.md");
}

/// `super` stays inside of its room, and goes one up at most.
#[test]
fn no_super_leaves_its_room() {
    let mut wrong = Vec::new();
    for file in File::all("src") {
        // Where the room begins: one module deep, a tool two.
        let room = if room_of(&file.name).is_some_and(|room| room.starts_with("tools/")) { 2 } else { 1 };
        for (depth, more) in file.supers() {
            if more {
                wrong.push(format!("{}: super::super: write crate::room::…", file.name));
            } else if depth <= room {
                wrong.push(format!("{}: super:: leaves the room here: write crate::room::…", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_reached_by_a_mod() {
    let files: BTreeMap<String, File> =
        File::all("src").into_iter().map(|file| (file.name.clone(), file)).collect();
    let mut reached = BTreeSet::from(["lib.rs".to_owned(), "main.rs".to_owned()]);
    let mut open: Vec<String> = reached.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let file = &files[&name];
        assert!(!file.has_path_attribute(), "{name}: a mod lies where its name says, without #[path]");
        let folder = match name.strip_suffix(".rs").unwrap() {
            "lib" | "main" => String::new(),
            path => format!("{}/", path.strip_suffix("/mod").unwrap_or(path)),
        };
        for module in file.mods() {
            let places = [format!("{folder}{module}.rs"), format!("{folder}{module}/mod.rs")];
            let there: Vec<&String> = places.iter().filter(|place| files.contains_key(*place)).collect();
            assert_eq!(there.len(), 1, "{name}: mod {module}");
            if reached.insert(there[0].clone()) {
                open.push(there[0].clone());
            }
        }
    }
    let all: BTreeSet<String> = files.into_keys().collect();
    assert_eq!(all.difference(&reached).collect::<Vec<_>>(), Vec::<&String>::new(), "reached by no mod");
}

#[test]
fn every_file_says_what_it_owns() {
    let folders = ["src", "tests", "benches"].map(|folder| (folder, File::all(folder)));
    let silent: Vec<String> = folders
        .iter()
        .flat_map(|(folder, files)| files.iter().map(move |file| (folder, file)))
        .filter(|(_, file)| !file.text.starts_with("//! "))
        .map(|(folder, file)| format!("{folder}/{}", file.name))
        .collect();
    assert!(silent.is_empty(), "these do not open with `//!`: {silent:#?}");
}

#[test]
fn third_party_crates_stay_at_home() {
    let rooms = rooms();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let listed: BTreeSet<&str> = rooms.crates().collect();
    let wanted = dependencies(&manifest);
    assert_eq!(wanted, listed.iter().map(|name| (*name).to_owned()).collect(), "Cargo.toml, and the table");
    let mut wrong = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for file in File::all("src") {
        for name in &listed {
            if file.names_crate(&name.replace('-', "_")) {
                used.insert((*name).to_owned());
                if !rooms.is_home(name, room_of(&file.name).as_deref(), &file.name) {
                    wrong.push(format!("{}: {name} is not at home here", file.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(used, wanted, "used somewhere, and in Cargo.toml");
}

/// What each feature links into a program is what the page claims. Crates that run in the compiler only (derives)
/// are not in it.
#[test]
fn the_lean_builds_link_what_is_claimed() {
    let rooms = rooms();
    let builds: Vec<(&str, BTreeSet<String>)> = rooms.builds().collect();
    assert_eq!(builds.len(), 4, "{builds:?}");
    for (flags, claimed) in builds {
        let tree = std::process::Command::new(env!("CARGO"))
            .current_dir(root())
            .args(["tree", "--locked", "--offline", "-e", "normal,no-proc-macro", "--prefix", "none"])
            .args(["--format", "{p}", "-p", "rolec"])
            .args(flags.split(' '))
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&tree.stderr);
        assert!(tree.status.success(), "{errors}");
        let text = String::from_utf8(tree.stdout).unwrap();
        let names = text.lines().filter_map(|line| line.split(' ').next()).filter(|name| *name != "rolec");
        let linked: BTreeSet<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        assert_eq!(linked, claimed, "cargo tree {flags}, and docs/ARCHITECTURE.md");
    }
}

/// The reader of sources finds what it is meant to find: else the other tests would be content with anything.
#[test]
fn the_reader_sees_paths_as_the_compiler_does() {
    let text = r##"//! Doc.
        use crate::table::{self, parts::{Entry, Home as Place}, Table};
        pub(crate) use crate::{eval::Who, vocab::*};
        use super::there; // use crate::comment::X;
        /* use crate::a; /* nested */ crate::b */
        const S: &str = "crate::string";
        const R: &str = r#"crate::raw " "#;
        fn f<'a>(x: &'a str, c: char) -> crate::model::Role { if c == '"' { crate::lower::lower(x) } else { '\'' } }
        mod inner;
        #[cfg(test)]
        mod tests { use super::*; use super::super::far; mod deep { use super::f; } }
        #[derive(serde::Serialize)] struct T; extern crate alloc; use logos::Logos; let ignore = 1;
    "##;
    let file = File::new("table/x.rs".into(), text.into());
    let paths: Vec<String> = file.crate_paths().iter().map(|path| path.join("::")).collect();
    assert_eq!(
        paths,
        [
            "table::self",
            "table::parts::Entry",
            "table::parts::Home",
            "table::Table",
            "eval::Who",
            "vocab::*",
            "model::Role",
            "lower::lower"
        ]
    );
    assert_eq!(file.supers(), [(2, false), (3, false), (3, false), (3, true), (4, false)]);
    assert_eq!(file.mods(), ["inner"]);
    assert!(file.names_crate("serde") && file.names_crate("logos") && file.names_crate("alloc"));
    assert!(!file.names_crate("ignore") && !file.names_crate("string"));
    assert!(file.tokens.iter().all(|token| *token != Token::Word("nested".into())));
    assert_eq!(File::new("table/mod.rs".into(), "use super::a;".into()).supers(), [(1, false)]);
    assert_eq!(File::new("pipeline.rs".into(), "use super::a;".into()).supers(), [(1, false)]);
}
