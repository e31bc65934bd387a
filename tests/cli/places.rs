//! What stands where a file is read or written, and what comes to stand there meanwhile: folders, pipes, sockets, devices,
//! links that lead round or out, other writers. Nothing hangs, nothing is read from outside, nothing is torn.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rolec::table::Table;

use crate::run::{Folder, SHOP, STORE};
use crate::verbs::verbs;

/// Every verb that reads something, with what it reads as `@`, in each place where it reads.
const READING: &[(&str, &[&str])] = &[
    (
        "check",
        &[
            "@",
            "store.role @",
            "--config @ store.role",
            "--assignments @ --assignments-format csv store.role",
            "--fix @",
        ],
    ),
    ("fmt", &["@", "--check @"]),
    (
        "build",
        &[
            "@ -o x.rolec",
            "store.role -o x.rolec --assignments @ --assignments-format jsonl",
            "store.role -o x.rolec --config @",
            "store.role -o x.rolec --sign @",
        ],
    ),
    (
        "can",
        &[
            "role:clerk orders -p @",
            "role:clerk orders --table @",
            "role:clerk orders --table @ --trust-mapped",
        ],
    ),
    (
        "eval",
        &[
            "-p @",
            "--table @",
            "@ -p store.role",
            "--table @ --trust ours.pub",
            "--table table.rolec --trust @",
        ],
    ),
    ("show", &["clerk -p @", "clerk --table @", "clerk --table table.rolec --trust ours.pub --state @"]),
    ("who", &["orders -p @", "orders --table @"]),
    ("what", &["role:clerk -p @", "role:clerk --table @"]),
    ("diff", &["@ store.role", "store.role @", "store.role store.role --also-old @"]),
    ("plan", &["--as ana@store.example @ store.role", "--as ana@store.example store.role @"]),
    ("matrix", &["-p @", "--table @"]),
    ("suggest", &["-p @", "--table @", "-p store.role --from-log @"]),
    ("verify", &["@ store.role", "--show @", "table.rolec @"]),
    ("export cedar", &["-o x -p @", "-o x --table @"]),
    ("export rego", &["-o x -p @"]),
    ("export json", &["-p @"]),
    ("test", &["@", "--config @ store.role"]),
    ("role new", &["desk -p @", "desk -p store.role --config @"]),
    ("role copy", &["clerk desk -p @"]),
    ("role rename", &["clerk desk -p @"]),
    ("role remove", &["boss -p @"]),
    ("assign", &["clerk dan -p @"]),
    ("unassign", &["clerk dan -p @"]),
    ("key sign", &["table.rolec --sign @", "@ --sign ours.key"]),
    ("catalog list", &["-p @"]),
    ("catalog show", &["jumpcloud -p @", "./@"]),
    ("catalog search", &["x -p @"]),
    ("catalog compare", &["./@ jumpcloud", "jumpcloud jumpcloud -p @"]),
];

/// Read nothing but what they are compiled with, or an editor's messages.
const READ_NOTHING: [&str; 5] = ["lsp", "man", "new", "key new", "completions"];

/// A folder with something of every sort that is no file.
fn strange() -> (Folder, Vec<(&'static str, &'static str)>) {
    let folder = Folder::store().with("empty/readme.md", "no policy");
    folder.build("table.rolec");
    folder.run("key new ours").ends(0);
    folder.pipe("pipe");
    drop(UnixListener::bind(folder.at("socket")).unwrap());
    for (link, to) in [
        ("loop", "loop2"),
        ("loop2", "loop"),
        ("dangling", "nowhere"),
        ("to-pipe", "pipe"),
        ("device", "/dev/zero"),
    ] {
        symlink(to, folder.at(link)).unwrap();
    }
    let irregular = "it is no regular file";
    let mut strange = vec![
        ("pipe", irregular),
        ("socket", irregular),
        ("to-pipe", irregular),
        ("device", irregular),
        ("loop", "Too many levels of symbolic links"),
        ("dangling", "No such file or directory"),
        ("store.role/x", "Not a directory"),
        ("empty", ""),
    ];
    // Devices are ours to make as root alone.
    if Command::new("mknod")
        .arg(folder.at("node"))
        .args(["c", "1", "5"])
        .output()
        .is_ok_and(|made| made.status.success())
    {
        strange.push(("node", irregular));
    }
    (folder, strange)
}

#[test]
fn what_is_no_file_is_read_by_no_verb() {
    let known: BTreeSet<&str> = READING.iter().map(|(verb, _)| *verb).collect();
    for verb in verbs() {
        let is_known =
            known.contains(verb.name.as_str()) || READ_NOTHING.iter().any(|name| verb.name.starts_with(name));
        assert!(is_known, "`{}` has no run here", verb.name);
    }
    let (folder, strange) = strange();
    for (verb, runs) in READING {
        for run in *runs {
            for (name, message) in &strange {
                let output = folder.run(&run_of(verb, run, name)).output();
                assert_eq!(output.status, Some(5), "{output}");
                let said = format!("{}{}", output.stdout, output.stderr);
                assert!(said.contains(message), "no {message:?} in {output}");
                assert!(!folder.at("x.rolec").exists() && !folder.at("x").exists(), "{output}");
                assert!(!folder.names().iter().any(|name| name.ends_with(".lock")), "{output}");
            }
        }
    }
}

fn run_of(verb: &str, run: &str, name: &str) -> String {
    let words = run.split(' ').map(|word| match word {
        "@" => name.to_owned(),
        "./@" => format!("./{name}"),
        word => word.to_owned(),
    });
    format!("{verb} {}", words.collect::<Vec<_>>().join(" "))
}

#[test]
fn what_is_no_file_is_not_written_over() {
    let (folder, strange) = strange();
    for (name, _) in strange.iter().filter(|(name, _)| !matches!(*name, "dangling" | "loop")) {
        for run in [
            "build store.role -o",
            "matrix -p store.role -o",
            "export json -p store.role -o",
            "test store.role --lcov",
        ] {
            let kind = || fs::symlink_metadata(folder.at(name)).map(|found| found.file_type()).ok();
            let before = kind();
            folder.run(run).arg(*name).ends(5).warns("cannot write `");
            assert_eq!(kind(), before, "{run} {name}");
        }
        for run in ["new", "export cedar -p store.role -o", "man --dir"] {
            if *name != "empty" {
                folder.run(run).arg(*name).ends(5).warns("error: ");
            }
        }
    }
    // A link that leads nowhere stays one.
    for name in ["dangling", "loop"] {
        for run in ["build store.role -o", "matrix -p store.role -o"] {
            folder.run(run).arg(name).ends(5).warns(&format!("cannot write `{name}`: "));
        }
        assert!(
            fs::symlink_metadata(folder.at(name)).unwrap().is_symlink() && !folder.at("nowhere").exists()
        );
    }
    assert!(!folder.names().iter().any(|name| name.starts_with(".rolec-")), "{:?}", folder.names());
}

/// What an ignore file leaves out is not known where it cannot be read: that is told of every walk, nothing hangs, and
/// nobody takes the policy for whole.
#[test]
fn ignore_files_that_cannot_be_read_are_told() {
    let walks = |folder: &Folder, name: &str, message: &str| {
        for run in
            ["check", "check --format json", "fmt", "build -o x.rolec", "show clerk", "test", "role new desk"]
        {
            let output = folder
                .run(&format!(
                    "{run} {}",
                    if run.starts_with("show") || run.starts_with("role") { "-p p" } else { "p" }
                ))
                .output();
            assert_eq!(output.status, Some(5), "{output}");
            let said = format!("{}{}", output.stdout, output.stderr);
            assert!(said.contains(&format!("cannot read `{name}`: {message}")), "no {name} in {output}");
            assert!(!folder.at("x.rolec").exists(), "{output}");
        }
    };
    for file in [".ignore", ".gitignore"] {
        // In the folder that is walked, in one below, and in one above.
        for place in ["p", "p/below", ""] {
            let policy = || {
                Folder::new()
                    .with("p/shop.role", SHOP)
                    .with("p/store.role", STORE)
                    .with("p/below/more.role", "use shop\norganization store { }\n")
            };
            let name = if place.is_empty() { file.to_owned() } else { format!("{place}/{file}") };
            let told = |folder: &Folder| match place {
                // Above, it is named by where it is.
                "" => folder.path().canonicalize().unwrap().join(file).to_string_lossy().into_owned(),
                _ => name.clone(),
            };
            let folder = policy();
            folder.run("check p").succeeds("");
            fs::create_dir(folder.at(&name)).unwrap();
            walks(&folder, &told(&folder), "it is no regular file");
            let folder = policy();
            folder.pipe(&name);
            walks(&folder, &told(&folder), "it is no regular file");
            let folder = policy();
            symlink("nowhere", folder.at(&name)).unwrap();
            walks(&folder, &told(&folder), "No such file or directory");
            let folder = policy();
            symlink(file, folder.at(&name)).unwrap();
            walks(&folder, &told(&folder), "Too many levels of symbolic links");
        }
    }
    // What the walker would pass over in silence: letters of another kind, a pattern that is none.
    for (text, message) in
        [(&b"\xff\xfev\0.\0"[..], "it is no UTF-8: save it so"), (b"old/\n{v.role\n", "line 2: ")]
    {
        let folder =
            Folder::new().with("p/shop.role", SHOP).with("p/store.role", STORE).with("p/.ignore", text);
        walks(&folder, "p/.ignore", message);
    }
    // What this machine alone ignores is no part of the policy, and is not even opened.
    let folder = Folder::store().with(".git/info/x", "");
    folder.put(".git/info/exclude", "store.role\n");
    folder.run("who orders:read --at 2026-06-01").ends(0).has("ana@store.example");
    fs::remove_file(folder.at(".git/info/exclude")).unwrap();
    folder.pipe(".git/info/exclude");
    folder.run("check").succeeds("");
    // A folder that is left out has no say.
    let folder = Folder::store().with(".ignore", "left\n").with("left/x.role", "nonsense");
    folder.pipe("left/.ignore");
    folder.run("check").succeeds("");
    // A file that is named is no walk.
    let folder = Folder::store();
    folder.pipe(".ignore");
    folder.run("check store.role").succeeds("");
}

/// Whatever cannot be read of a folder is told by path, whether the walk finds it or the reading does.
#[test]
fn what_cannot_be_read_is_told_in_the_order_of_paths() {
    for more in [0, 100] {
        let folder = Folder::store();
        folder.run("build -o b.role.rolec").ends(0);
        fs::create_dir_all(folder.at("all")).unwrap();
        fs::copy(folder.at("b.role.rolec"), folder.at("all/b.role")).unwrap();
        fs::copy(folder.at("b.role.rolec"), folder.at("all/d.role")).unwrap();
        ["all/a.role", "all/c.role"].iter().for_each(|pipe| folder.pipe(pipe));
        (0..more).for_each(|number| fs::write(folder.at(&format!("all/e{number}.role")), "").unwrap());
        let told = folder.run("check all").ends(5).stderr;
        let names: Vec<&str> =
            told.split('`').filter(|word| word.starts_with("all/") && word.ends_with(".role")).collect();
        assert_eq!(names, ["all/a.role", "all/b.role", "all/c.role", "all/d.role"], "{told}");
    }
}

#[test]
fn standard_input_is_one_thing() {
    let folder = Folder::store();
    for run in [
        "eval - -p -",
        "eval -p -",
        "suggest -p - --from-log -",
        "check - --assignments - --assignments-format csv",
        "build - -o x.rolec --assignments - --assignments-format csv",
        "diff - -",
        "plan --as a - -",
        "can role:clerk orders -p - --assignments - --assignments-format csv",
    ] {
        let output = folder.run(run).stdin(STORE).ends(2);
        let said = format!("{}{}", output.stdout, output.stderr);
        assert!(said.contains("standard input"), "{output}");
    }
    // Twice for one thing, it is read once.
    let policy = format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop"));
    folder.run("check - -").stdin(policy).succeeds("");
}

/// Exchanges what is at a path for something else and back, until it is told to stop; how often it did.
fn swapping(stop: &AtomicBool, swap: impl Fn(), back: impl Fn()) -> usize {
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        swap();
        back();
        count += 1;
    }
    count
}

/// What a policy names, or what lies below its folder, is never read outside of it: not where a file, or a folder above it,
/// is exchanged for a link while it is read.
#[test]
fn a_link_that_comes_in_between_leads_nowhere() {
    const READS: usize = 150;
    let secret = "catalog shop { category sales { SECRET: flag } } %";
    let outside = Folder::new().with("shop.role", secret).with("lib/shop.role", secret);
    let inside = Folder::new()
        .with("p/store.role", STORE.replace("shop.role", "lib/shop.role"))
        .with("p/lib/shop.role", SHOP);
    let at = |name: &str| inside.at(name);
    // The file is one thing or the other at every moment: names are exchanged by one call.
    fs::write(at("file"), SHOP).unwrap();
    let link = |to: &Path, name: &str| symlink(to, at(name)).unwrap();
    for is_folder in [false, true] {
        let place = if is_folder { at("p/lib") } else { at("p/lib/shop.role") };
        let other = at("other");
        link(&if is_folder { outside.at("lib") } else { outside.at("shop.role") }, "other");
        let stop = AtomicBool::new(false);
        let exchange = || exchange(&place, &other);
        let swaps = thread::scope(|scope| {
            let swapper = scope.spawn(|| swapping(&stop, exchange, exchange));
            let readers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        let mut clean = 0;
                        for read in 0..READS {
                            // By its import, and by the walk of its folder.
                            let run = if read % 2 == 0 { "check p/store.role" } else { "check p" };
                            let output = inside.run(run).output();
                            let said = format!("{}{}", output.stdout, output.stderr);
                            assert!(
                                !said.contains("SECRET") && !said.contains("R0003"),
                                "it was read: {output}"
                            );
                            clean += usize::from(output.status == Some(0));
                        }
                        clean
                    })
                })
                .collect();
            let clean: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
            stop.store(true, Ordering::Relaxed);
            assert!(clean > 0, "the file that is meant was never read");
            swapper.join().unwrap()
        });
        assert!(swaps >= 1_000, "only {swaps} swaps");
        println!("{swaps} swaps under {} reads", 2 * READS);
        fs::remove_file(&other).or_else(|_| fs::remove_dir_all(&other)).unwrap();
        fs::remove_file(&place).or_else(|_| fs::remove_dir_all(&place)).unwrap();
        inside.put("p/lib/shop.role", SHOP);
    }
}

/// A pipe that takes a file's place between look and opening is not waited for.
#[test]
fn a_pipe_that_comes_in_between_is_not_waited_for() {
    let folder = Folder::store();
    folder.build("store.rolec");
    fs::copy(folder.at("store.rolec"), folder.at("table")).unwrap();
    folder.pipe("pipe");
    let stop = AtomicBool::new(false);
    let exchange = || exchange(&folder.at("table"), &folder.at("pipe"));
    thread::scope(|scope| {
        let swapper = scope.spawn(|| swapping(&stop, exchange, exchange));
        for read in 0..100 {
            let run = [
                "can role:clerk orders:read --table table",
                "check --config table store.role",
                "diff table store.role",
            ][read % 3];
            let output = folder.run(run).output();
            assert!(output.status.is_some_and(|status| status <= 5), "{output}");
        }
        stop.store(true, Ordering::Relaxed);
        assert!(swapper.join().unwrap() > 1_000);
    });
}

/// Exchanges two names in one step.
fn exchange(one: &Path, other: &Path) {
    #[cfg(target_os = "linux")]
    rustix::fs::renameat_with(
        rustix::fs::CWD,
        one,
        rustix::fs::CWD,
        other,
        rustix::fs::RenameFlags::EXCHANGE,
    )
    .unwrap();
    #[cfg(not(target_os = "linux"))]
    {
        let aside = one.with_extension("aside");
        fs::rename(one, &aside).unwrap();
        fs::rename(other, one).unwrap();
        fs::rename(&aside, other).unwrap();
    }
}

/// Many processes build to one path while it is read: each reader finds one of the tables, whole.
#[test]
fn several_writers_at_once() {
    const WRITERS: usize = 8;
    const BUILDS: usize = 50;
    let folder = Folder::store();
    let other =
        STORE.replace("role boss from clerk", "role boss \"Boss\" from clerk").replace("ana@", "anna.maria@");
    let folder = folder.with("other/o.role", format!("{SHOP}{}", other.replace("\"shop.role\"", "shop")));
    folder.put(".ignore", "other/\n");
    let tables = [folder.build("one.rolec"), {
        folder.run("build other -o two.rolec").succeeds("");
        folder.bytes("two.rolec")
    }];
    assert_ne!(tables[0], tables[1]);
    folder.put("out.rolec", &tables[0]);
    let is_done = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                let bytes = fs::read(folder.at("out.rolec")).unwrap();
                assert!(tables.contains(&bytes), "torn: {} bytes", bytes.len());
                Table::from_bytes(&bytes).unwrap();
                reads.fetch_add(1, Ordering::Relaxed);
            }
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let folder = &folder;
                scope.spawn(move || {
                    for build in 0..BUILDS {
                        let policy = if (writer + build) % 2 == 0 { "." } else { "other" };
                        folder.run("build -o out.rolec").arg(policy).ends(0);
                    }
                })
            })
            .collect();
        let ended: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        is_done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
        assert!(ended.iter().all(Result::is_ok));
    });
    assert!(reads.into_inner() > 100);
    assert_eq!(
        folder.names(),
        [".ignore", "one.rolec", "other", "out.rolec", "shop.role", "store.role", "two.rolec"]
    );
}

/// A disk that is full while a file is written, by each verb that writes: what was there is there, nothing is beside it, and
/// it is told. A small disk can be had by root where the system lets it; elsewhere that is said aloud.
#[test]
fn a_disk_that_fills_up() {
    let disk = Folder::new();
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=128k", "tmpfs"]).arg(disk.path()).output();
    if !mount.is_ok_and(|mounted| mounted.status.success()) {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "SKIPPED: no small disk can be mounted here");
        return;
    }
    let ended = std::panic::catch_unwind(|| fills_up(&disk));
    assert!(Command::new("umount").arg(disk.path()).status().unwrap().success());
    ended.unwrap();
}

fn fills_up(disk: &Folder) {
    let twice = "catalog k { category k { r: flag { escalating escalating } } }\n";
    for (name, text) in [("p/shop.role", SHOP), ("p/store.role", STORE), ("twice.role", twice)] {
        disk.put(name, text);
    }
    disk.put("wide.role", "use   jumpcloud\n");
    disk.run("build p -o out.rolec").succeeds("");
    disk.run("key new ours").ends(0);
    disk.run("key new theirs").ends(0);
    disk.run("build p -o signed.rolec --sign ours.key").succeeds("");
    // To the last byte: a page at a time, and what is left of the last one is of no other file.
    let mut filler = fs::File::create(disk.at("filler")).unwrap();
    while std::io::Write::write_all(&mut filler, &[b'x'; 4096]).is_ok() {}
    drop(filler);
    let all = || {
        let mut found = std::collections::BTreeMap::new();
        let mut open = vec![disk.path().to_owned()];
        while let Some(here) = open.pop() {
            for entry in fs::read_dir(here).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path.clone());
                }
                let bytes = fs::read(&path).unwrap_or_default();
                found.insert(path, bytes);
            }
        }
        found
    };
    let before = all();
    for run in [
        "build p -o out.rolec",
        "build p -o new.rolec --sizes",
        "build p -o signed.rolec --sign theirs.key",
        "matrix -p p --format html -o out.rolec",
        "matrix -p p -o new.txt",
        "test p --lcov new.info",
        "man --dir man",
        "export cedar --at 2026-01-01 -p p -o cedar",
        "export rego -p p -o rego",
        "export json -p p -o new.json",
        "new new",
        "fmt wide.role",
        "check --fix twice.role",
        "role new desk --from clerk -p p",
        "role copy clerk desk -p p",
        "role rename clerk desk -p p",
        "role remove boss --replace-with clerk --with-mentions -p p",
        "assign boss dan@store.example -p p",
        "unassign boss bea@store.example --at 2026-03-15 -p p",
        "key new mine",
        "key sign signed.rolec --sign theirs.key",
        "show clerk --table signed.rolec --trust ours.pub --state seen",
    ] {
        disk.run(run).ends(5).warns("No space left on device");
        assert_eq!(all(), before, "{run}");
    }
    // What writes nothing goes on.
    disk.run("check p").succeeds("");
    disk.run("can role:clerk prices:view --table signed.rolec --trust ours.pub").succeeds("allow\n");
}

/// A link on a walk is not followed, and what is said only behind it is not lost in silence.
#[test]
fn a_link_in_a_folder_is_told_where_it_leads_elsewhere() {
    let elsewhere = Folder::new().with("rules.role", "use jumpcloud\norganization far { }\n");
    let folder = Folder::store();
    symlink("store.role", folder.at("same.role")).unwrap();
    folder.run("check").succeeds("");
    for (target, name) in
        [("/nowhere", "gone.role"), (elsewhere.at("rules.role").to_str().unwrap(), "far.role")]
    {
        symlink(target, folder.at(name)).unwrap();
        let message = format!("cannot read `{name}`: it is a link, and none is followed in a folder");
        for verb in ["check", "fmt --check", "build -o t.rolec", "can ana@store.example sales.orders"] {
            folder.run(verb).ends(5).warns(&message);
        }
        folder.put(".ignore", name);
        folder.run("check").succeeds("");
        fs::remove_file(folder.at(".ignore")).unwrap();
        fs::remove_file(folder.at(name)).unwrap();
    }
}
