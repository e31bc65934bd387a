//! `build --cache`: what a build remembers, and that nobody can tell but by the time that it takes.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::thread;
use std::time::Duration;

use crate::random::Random;
use crate::run::{BROKEN, Folder, SHOP};

const WITH: &str = "build . -o with.rolec --cache .memory";
const WITHOUT: &str = "build . -o without.rolec";

/// Waits until a change of before has another time than one of now. A thread never sleeps for less than is asked for.
fn settle() {
    thread::sleep(Duration::from_millis(120));
}

/// Which file lies there. One that is written takes the place of another while that is there, and so is none of them.
fn number(folder: &Folder, name: &str) -> Option<u64> {
    fs::metadata(folder.at(name)).ok().map(|file| file.ino())
}

/// Builds with a memory and without, which must not differ. Gives whether the table was left as it was.
fn is_left(folder: &Folder, more: &str) -> bool {
    let before = number(folder, "with.rolec");
    let with = folder.run(&format!("{WITH}{more}")).output();
    let without = folder.run(&format!("{WITHOUT}{more}")).output();
    assert_eq!(with.stdout, without.stdout, "{with}");
    assert_eq!(with.stderr.replace("`with.rolec`", "`without.rolec`"), without.stderr, "{with}");
    assert_eq!(with.status, without.status, "{with}");
    if with.status == Some(0) {
        assert!(folder.bytes("with.rolec") == folder.bytes("without.rolec"), "{with}");
    }
    before.is_some() && before == number(folder, "with.rolec")
}

/// Builds until a build is remembered.
fn remembered() -> Folder {
    let folder = Folder::store().with("more/idle.role", "use \"../shop.role\"\norganization idle { }\n");
    settle();
    assert!(!is_left(&folder, ""));
    assert!(is_left(&folder, ""), "nothing has changed");
    folder
}

#[test]
fn a_change_of_anything_is_a_build_from_scratch() {
    let folder = remembered();
    let idle = "use \"../shop.role\"\norganization idle { }\n";
    let memory = folder.bytes(".memory");
    let changes: [(&str, &dyn Fn()); 14] = [
        ("another text", &|| folder.put("more/idle.role", idle.replace("idle", "lazy"))),
        ("the first text", &|| folder.put("more/idle.role", idle)),
        ("as many letters, and the time of before", &|| {
            let time = fs::metadata(folder.at("more/idle.role")).unwrap().modified().unwrap();
            folder.put("more/idle.role", idle.replace("idle", "lazy"));
            let file = fs::File::options().write(true).open(folder.at("more/idle.role")).unwrap();
            file.set_modified(time).unwrap();
        }),
        ("another file of that name", &|| {
            folder.put("more/idle.new", idle);
            fs::rename(folder.at("more/idle.new"), folder.at("more/idle.role")).unwrap();
        }),
        ("a file more", &|| folder.put("more/other.role", "use \"../shop.role\"\norganization other { }\n")),
        ("one that goes by another name", &|| {
            fs::rename(folder.at("more/other.role"), folder.at("more/another.role")).unwrap();
        }),
        ("one that is left out", &|| folder.put(".ignore", "another.role\n")),
        ("one that is no file", &|| {
            fs::remove_file(folder.at("more/another.role")).unwrap();
            symlink("idle.role", folder.at("more/another.role")).unwrap();
            folder.put(".ignore", "");
            folder.put("more/idle.role", idle);
        }),
        ("settings", &|| folder.put("rolec.toml", "[lints]\n")),
        ("no table", &|| fs::remove_file(folder.at("with.rolec")).unwrap()),
        ("another table", &|| folder.put("with.rolec", "another")),
        ("a bit of the table", &|| {
            let mut bytes = folder.bytes("with.rolec");
            *bytes.last_mut().unwrap() ^= 1;
            folder.put("with.rolec", bytes);
        }),
        ("a memory that breaks off", &|| folder.put(".memory", &memory[..memory.len() - 1])),
        ("a memory of long ago", &|| folder.put(".memory", &memory)),
    ];
    for (what, change) in changes {
        change();
        settle();
        assert!(!is_left(&folder, ""), "{what}");
        assert!(is_left(&folder, ""), "{what}, and then nothing");
    }
    // By other arguments it is another build, and the memory is of one.
    for more in [" --decisions-only", " --no-certify", "", " --color always"] {
        assert!(!is_left(&folder, more), "{more}");
        assert!(is_left(&folder, more), "{more}, again");
    }
}

#[test]
fn what_was_told_is_told_again() {
    let folder = Folder::new()
        .with("a.role", "use jumpcloud\norganization acme { role r { grant device-management { } } }\n");
    settle();
    for more in ["", " --format json", " --color always"] {
        let first = folder.run(&format!("{WITH}{more}")).ends(0).has("R0409");
        let number = number(&folder, "with.rolec");
        let again = folder.run(&format!("{WITH}{more}")).ends(0);
        assert_eq!((&again.stdout, &again.stderr), (&first.stdout, &first.stderr));
        assert_eq!(self::number(&folder, "with.rolec"), number, "it was told from memory");
    }
    // Settings that deny what is found are another build, of which nothing is remembered.
    folder.put("rolec.toml", "[lints]\nempty-grant = \"deny\"\n");
    settle();
    for _ in 0..2 {
        folder.run(WITH).ends(1).has("R0409").warns("`with.rolec` was not written");
    }
    folder.put("a.role", BROKEN);
    for _ in 0..2 {
        folder.run(WITH).ends(1).has("R0401");
    }
}

#[test]
fn files_that_others_name_are_looked_at() {
    let folder = Folder::new()
        .with("shop.role", SHOP)
        .with("p/one.role", "use \"../shop.role\"\norganization one { }\n");
    let build = || folder.run("build p -o t.rolec --cache .memory").ends(0);
    settle();
    build();
    let first = (number(&folder, "t.rolec"), folder.bytes("t.rolec"));
    build();
    assert_eq!(number(&folder, "t.rolec"), first.0);
    // No argument leads to it.
    folder.put("shop.role", SHOP.replace("\"Sales\"", "\"Till\""));
    build();
    assert!(number(&folder, "t.rolec") != first.0 && folder.bytes("t.rolec") != first.1);
}

#[test]
fn a_memory_takes_the_place_of_nothing_else() {
    let folder = Folder::store().with("rolec.toml", "[lints]\n").with("notes", "mine").with("short", "rolec");
    for (name, message) in [
        ("t.rolec", "is another file of this build"),
        ("rolec.toml", "is another file of this build"),
        ("shop.role", "is named like a policy"),
        ("new.role", "is named like a policy"),
        ("./t.rolec", "is another file of this build"),
        ("notes", "is no cache, and is not written over"),
        ("short", "is no cache, and is not written over"),
        ("-", "standard input is not remembered"),
    ] {
        folder.run(&format!("build -o t.rolec --cache {name}")).refuses(2, message);
    }
    folder.run("build - -o t.rolec --cache .memory").refuses(2, "standard input is not remembered");
    fs::create_dir(folder.at("folder")).unwrap();
    folder.run("build -o t.rolec --cache folder").refuses(5, "it is a folder");
    for other in ["--sizes", "--sign k", "--assignments a.csv"] {
        folder.run(&format!("build -o t.rolec --cache .memory {other}")).refuses(2, "cannot be used with");
    }
    assert_eq!(folder.names(), ["folder", "notes", "rolec.toml", "shop.role", "short", "store.role"]);
}

/// One of another version, and one that is cut off there, is written anew.
#[test]
fn a_memory_of_another_version_is_none() {
    for old in ["rolec cache 0\r\n\u{1a} and more", "rolec cache ", ""] {
        let folder = Folder::store().with("memory", old);
        folder.run("build -o t.rolec --cache memory").succeeds("");
        assert!(folder.bytes("t.rolec") == Folder::store().build("t.rolec"), "{old:?}");
    }
}

/// What a file names is looked up from where the file lies, and shown from where it was found.
#[test]
fn what_is_named_through_a_link_is_not_taken_for_another_file() {
    let folder = Folder::new()
        .with("releases/42/x.role", "use \"../common/y.role\"\norganization idle { }\n")
        .with("releases/common/y.role", SHOP)
        .with("common/y.role", SHOP);
    symlink("releases/42", folder.at("current")).unwrap();
    settle();
    let build = "build current -o with.rolec --cache .memory";
    folder.run(build).ends(0);
    folder.run(build).ends(0);
    let before = folder.bytes("with.rolec");
    folder.put("releases/common/y.role", SHOP.replace("\"Sales\"", "\"Sold\""));
    settle();
    folder.run(build).ends(0);
    folder.run("build current -o without.rolec").ends(0);
    assert!(folder.bytes("with.rolec") == folder.bytes("without.rolec"));
    assert!(folder.bytes("with.rolec") != before);
}

fn organization(number: usize, level: &str) -> String {
    format!(
        "use jumpcloud\norganization o{number} {{\n    role r \"R\" {{ grant device-management: {level} }}\n    \
         assign r to \"p{number}@o.example\"\n}}\n"
    )
}

/// A cloud of organizations, of which some come, go, move and change before each build, or none does.
#[test]
fn random_edits_give_the_bytes_of_a_build_from_scratch() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let folder = Folder::new();
    let name = |number: usize, moved: bool| {
        format!("{}{}/o{number}.role", ["a", "b"][usize::from(moved)], number % 3)
    };
    let mut there: BTreeMap<usize, bool> = BTreeMap::new();
    for number in 0..12 {
        folder.put(&name(number, false), organization(number, "view"));
        there.insert(number, false);
    }
    let mut left = 0;
    for _ in 0..24 {
        let edits = random.below(3);
        for _ in 0..edits {
            let number = random.below(16);
            let level = ["view", "full", "view", "full", "nonsense"][random.below(5)];
            match (there.get(&number).copied(), random.below(4)) {
                (None, _) => {
                    folder.put(&name(number, false), organization(number, "view"));
                    there.insert(number, false);
                }
                (Some(moved), 0) => {
                    fs::remove_file(folder.at(&name(number, moved))).unwrap();
                    there.remove(&number);
                }
                (Some(moved), 1) => {
                    let folder_of = folder.at(&name(number, !moved));
                    fs::create_dir_all(folder_of.parent().unwrap()).unwrap();
                    fs::rename(folder.at(&name(number, moved)), folder_of).unwrap();
                    there.insert(number, !moved);
                }
                (Some(moved), _) => folder.put(&name(number, moved), organization(number, level)),
            }
        }
        // Now and then a build comes at once after a change.
        if random.below(3) > 0 {
            settle();
        }
        left += usize::from(is_left(&folder, ""));
        // Back to what compiles.
        for (number, moved) in &there {
            if fs::read_to_string(folder.at(&name(*number, *moved))).unwrap().contains("nonsense") {
                folder.put(&name(*number, *moved), organization(*number, "view"));
            }
        }
    }
    assert!((1..24).contains(&left), "{left} builds had nothing to do");
}
