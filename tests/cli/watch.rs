//! `check --watch` and `test --watch`: again after each change of what counts, and after no other. The process is driven
//! by its output: each step waits for the line it leads to, and a line that never comes fails the test.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::run::{Folder, SHOP, STORE};

/// How long a line may take. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

const CLEAN: &str = " clean; waiting for changes";
const BROKEN: &str = " not clean; waiting for changes";

/// A watch that goes on.
struct Watch {
    child: Child,
    told: Receiver<String>,
    found: Receiver<String>,
}

impl Watch {
    fn over(folder: &Folder, args: &str) -> Self {
        Self::of(folder, &format!("check --watch {args}"))
    }

    fn of(folder: &Folder, args: &str) -> Self {
        let mut command = folder.run(args).command();
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (found, told) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        Self { child, told, found }
    }

    /// The next line on standard error that ends so; those before it.
    fn until(&self, end: &str) -> Vec<String> {
        next(&self.told, |line| line.ends_with(end), end)
    }

    /// The next line on standard output that has this in it.
    fn finds(&self, part: &str) {
        next(&self.found, |line| line.contains(part), part);
    }

    /// How many folders the process watches.
    #[cfg(target_os = "linux")]
    fn folders(&self) -> usize {
        let infos = fs::read_dir(format!("/proc/{}/fdinfo", self.child.id())).unwrap();
        let texts = infos.filter_map(|info| fs::read_to_string(info.unwrap().path()).ok());
        texts.map(|text| text.lines().filter(|line| line.starts_with("inotify ")).count()).sum()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let _ = sender.send(line.unwrap());
        }
    });
    receiver
}

fn next(lines: &Receiver<String>, is_wanted: impl Fn(&str) -> bool, wanted: &str) -> Vec<String> {
    let begun = Instant::now();
    let mut before = Vec::new();
    loop {
        let Ok(line) = lines.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) else {
            panic!("no line with {wanted:?} after {before:#?}");
        };
        if is_wanted(&line) {
            return before;
        }
        before.push(line);
    }
}

/// With one error more, at its end.
fn broken(text: &str) -> String {
    format!("{text}\n}}\n")
}

#[test]
fn a_change_is_checked_and_parted_from_the_run_before() {
    let folder = Folder::store();
    let watch = Watch::over(&folder, "");
    watch.until(CLEAN);
    folder.put("shop.role", broken(SHOP));
    assert!(watch.until(" changed: shop.role").is_empty());
    watch.until(BROKEN);
    watch.finds("--> shop.role:");
    folder.put("shop.role", SHOP);
    watch.until(" changed: shop.role");
    watch.until(CLEAN);
    // As editors save: beside its place, and renamed.
    folder.put("shop.tmp", broken(SHOP));
    fs::rename(folder.at("shop.tmp"), folder.at("shop.role")).unwrap();
    watch.until(" changed: shop.role");
    watch.until(BROKEN);
    fs::remove_file(folder.at("store.role")).unwrap();
    watch.until(" changed: store.role");
}

#[test]
fn a_line_says_when() {
    let folder = Folder::store();
    let watch = Watch::over(&folder, "");
    let line = watch.told.recv_timeout(PATIENCE).unwrap();
    let time = line.strip_suffix(CLEAN).unwrap();
    assert!(rolec::vocab::Time::parse(time).is_ok() && time.ends_with('Z'), "{line}");
}

#[test]
fn what_a_policy_names_counts() {
    let main = STORE.replace("shop.role", "../lib/shop.role");
    let folder = Folder::new().with("policy/store.role", &main);
    let watch = Watch::over(&folder, "policy");
    watch.until(BROKEN);
    watch.finds("there is no file `lib/shop.role`");
    folder.put("lib/shop.role", SHOP);
    watch.until(CLEAN);
    folder.put("lib/shop.role", broken(SHOP));
    watch.until(" changed: lib/shop.role");
    watch.until(BROKEN);
    // Named no more, it does not count: the next change that is told is another one.
    folder.put("policy/store.role", "use jumpcloud\norganization o { }\n");
    watch.until(" changed: policy/store.role");
    watch.until(CLEAN);
    folder.put("lib/shop.role", SHOP);
    folder.put("policy/store.role", "use jumpcloud\norganization p { }\n");
    assert!(watch.until(" changed: policy/store.role").is_empty());
}

#[test]
fn what_could_not_be_read_counts_too() {
    let folder = Folder::new().with("policy/store.role", "use jumpcloud\norganization o { }\n");
    let watch = Watch::over(&folder, "policy");
    watch.until(CLEAN);
    fs::create_dir_all(folder.at("lib/shop.role")).unwrap();
    folder.put("policy/store.role", STORE.replace("shop.role", "../lib/shop.role"));
    watch.until("cannot read `lib/shop.role`: it is no regular file");
    watch.until(BROKEN);
    fs::remove_dir(folder.at("lib/shop.role")).unwrap();
    folder.put("lib/shop.role", SHOP);
    watch.until(CLEAN);
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_policy_may_not_name_is_not_watched() {
    let names = "use jumpcloud\nuse \"/etc/x.role\"\nuse \"../../../../../x.role\"\nuse \"lib/passwd\"\n";
    let folder = Folder::new().with("policy/store.role", names).with("policy/lib/passwd", "");
    let watch = Watch::over(&folder, "policy/store.role");
    watch.until(BROKEN);
    assert_eq!(watch.folders(), above(&folder) + 1);
}

/// The folder and those above it: in each there may be settings.
#[cfg(target_os = "linux")]
fn above(folder: &Folder) -> usize {
    folder.path().canonicalize().unwrap().ancestors().count()
}

#[test]
fn settings_may_come_above() {
    let folder =
        Folder::new().with("p/store.role", format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop")));
    folder.put("p/extra.role", "use shop\norganization store { role spare { grant sales.orders: read } }\n");
    let watch = Watch::over(&folder, "p");
    watch.until(CLEAN);
    folder.put("rolec.toml", "[lints]\nunassigned-role = \"deny\"\n");
    watch.until(BROKEN);
    watch.finds("error[R0811]");
    folder.put("p/rolec.toml", "[lints]\n");
    watch.until(CLEAN);
    fs::remove_file(folder.at("p/rolec.toml")).unwrap();
    watch.until(BROKEN);
}

#[test]
fn a_file_is_watched_and_not_what_is_beside_it() {
    let mut folder = Folder::store().with("other.role", "nonsense");
    for index in 0..50 {
        folder = folder.with(&format!("below/{index}/x.role"), "nonsense");
    }
    let watch = Watch::over(&folder, "store.role");
    watch.until(CLEAN);
    #[cfg(target_os = "linux")]
    assert_eq!(watch.folders(), above(&folder));
    folder.put("other.role", "more nonsense");
    folder.put("below/7/x.role", "more nonsense");
    fs::create_dir(folder.at("new")).unwrap();
    folder.put("store.role", broken(STORE));
    assert!(watch.until(" changed: store.role").is_empty());
    watch.until(BROKEN);
    folder.put("shop.role", broken(SHOP));
    watch.until(" changed: shop.role");
}

#[test]
fn a_folder_is_watched_as_it_is_walked() {
    let folder = Folder::new()
        .with("p/store.role", format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop")))
        .with("p/.ignore", "drafts\n")
        .with("p/drafts/deep/x.role", "nonsense");
    let watch = Watch::over(&folder, "p");
    watch.until(CLEAN);
    #[cfg(target_os = "linux")]
    assert_eq!(watch.folders(), above(&folder) + 1);
    // Ignored, and no policy: nothing is told of these.
    folder.put("p/drafts/deep/x.role", "more nonsense");
    folder.put("p/notes.txt", "notes");
    fs::create_dir(folder.at("p/empty")).unwrap();
    // A file in a new folder, in a new folder.
    folder.put("p/new/er/y.role", "nonsense");
    watch.until(BROKEN);
    watch.finds("p/new/er/y.role");
    folder.put("p/new/er/y.role", "");
    watch.until(CLEAN);
    folder.put("p/.ignore", "new\n");
    watch.until(" changed: p/.ignore");
    watch.until(BROKEN);
    watch.finds("p/drafts/deep/x.role");
    folder.put("p/drafts/deep/x.role", "");
    watch.until(CLEAN);
}

#[test]
fn a_folder_may_go_and_come_back() {
    let text = format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop"));
    let folder = Folder::new().with("a/p/store.role", &text);
    let watch = Watch::over(&folder, "a/p");
    watch.until(CLEAN);
    fs::rename(folder.at("a/p"), folder.at("a/q")).unwrap();
    watch.until("cannot read `a/p`: No such file or directory (os error 2)");
    watch.until(BROKEN);
    fs::rename(folder.at("a/q"), folder.at("a/p")).unwrap();
    watch.until(CLEAN);
    // The one that came back is watched.
    folder.put("a/p/store.role", broken(&text));
    watch.until(" changed: a/p/store.role");
    watch.until(BROKEN);
    fs::remove_dir_all(folder.at("a")).unwrap();
    watch.until("cannot read `a/p`: No such file or directory (os error 2)");
    watch.until(BROKEN);
    folder.put("a/p/store.role", &text);
    watch.until(CLEAN);
}

/// An ignore file that cannot be read for a while is told, and seen when it can.
#[test]
fn an_ignore_file_may_be_mended() {
    let text = format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop"));
    for place in ["p", "p/below"] {
        let folder = Folder::new().with("p/store.role", &text).with("p/below/notes.txt", "");
        let watch = Watch::over(&folder, "p");
        watch.until(CLEAN);
        let file = format!("{place}/.ignore");
        folder.pipe(&file);
        watch.until(&format!("cannot read `{file}`: it is no regular file"));
        watch.until(BROKEN);
        fs::remove_file(folder.at(&file)).unwrap();
        watch.until(CLEAN);
    }
}

#[test]
fn what_cannot_be_watched() {
    let folder = Folder::store().with("empty/readme.md", "");
    folder
        .run("check --watch none")
        .complains(5, "error: cannot read `none`: No such file or directory (os error 2)\n");
    folder.run("check --watch /none").ends(5).stays_mute().warns("error: cannot read `/none`: ");
    folder.run("check --watch empty").ends(5).stays_mute().warns("there is no .role file below `empty`");
    folder
        .run("test --watch none")
        .complains(5, "error: cannot read `none`: No such file or directory (os error 2)\n");
    for args in ["check --watch -", "check --watch store.role -", "test --watch -"] {
        folder.run(args).complains(2, "error: standard input cannot be watched: name files or folders\n");
    }
}

#[test]
fn every_run_is_a_document_for_programs() {
    let folder = Folder::store();
    let watch = Watch::over(&folder, "--format json");
    watch.until(CLEAN);
    folder.put("shop.role", broken(SHOP));
    watch.until(BROKEN);
    watch.finds("\"errors\": 0");
    watch.finds("\"errors\": 1");
}

/// Written again with the same text, replaced by another file with it, given other permissions: it is read as it was.
#[test]
fn what_is_only_touched_is_passed_over() {
    const SETTINGS: &str = "[lints]\n";
    let folder = Folder::store().with("rolec.toml", SETTINGS);
    // No reader finds a half of it.
    let replace = |name: &str, text: &str| {
        folder.put("beside.tmp", text);
        fs::rename(folder.at("beside.tmp"), folder.at(name)).unwrap();
    };
    let write_again = |name: &str, text: &str| {
        let mut file = fs::OpenOptions::new().write(true).open(folder.at(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    for verb in ["check --watch", "test --watch"] {
        replace("store.role", STORE);
        let watch = Watch::of(&folder, verb);
        watch.until(CLEAN);
        for round in 0..5 {
            write_again("shop.role", SHOP);
            write_again("rolec.toml", SETTINGS);
            replace("shop.role", SHOP);
            let before = fs::metadata(folder.at("shop.role")).unwrap().permissions();
            let mut read_only = before.clone();
            read_only.set_readonly(true);
            fs::set_permissions(folder.at("shop.role"), read_only).unwrap();
            fs::set_permissions(folder.at("shop.role"), before).unwrap();
            // Named alone, whether or not it was seen together with the others.
            replace("store.role", &format!("{STORE}// {round}\n"));
            assert!(watch.until(" changed: store.role").is_empty(), "{verb}");
            assert!(watch.until(CLEAN).is_empty(), "{verb}");
        }
        // Settings with another text do count, and so do a file more and a file less.
        replace("rolec.toml", "[lints]\n# as before\n");
        assert!(watch.until(" changed: rolec.toml").is_empty(), "{verb}");
        watch.until(CLEAN);
        replace("rolec.toml", SETTINGS);
        assert!(watch.until(" changed: rolec.toml").is_empty(), "{verb}");
        watch.until(CLEAN);
        replace("more.role", "");
        assert!(watch.until(" changed: more.role").is_empty(), "{verb}");
        watch.until(CLEAN);
        fs::remove_file(folder.at("more.role")).unwrap();
        assert!(watch.until(" changed: more.role").is_empty(), "{verb}");
        watch.until(CLEAN);
    }
}

/// A policy with two tests; the second says what `can` says.
fn tested(can: &str) -> String {
    format!(
        "use k\ncatalog k {{ category c {{ pages: verbs read, write }} }}\norganization o {{\n    \
         role editor {{ grant c.pages: read, write }}\n    test \"reads\" {{ editor can c.pages: read }}\n    \
         test \"writes\" {{ editor {can} c.pages: write }}\n}}\n"
    )
}

#[test]
fn tests_are_run_again() {
    let folder = Folder::new().with("o.role", tested("can"));
    let watch = Watch::of(&folder, "test --watch");
    watch.until(CLEAN);
    watch.finds("2 passed, 0 failed (2 lines)");
    folder.put("o.role", tested("cannot"));
    assert!(watch.until(" changed: o.role").is_empty());
    watch.until(BROKEN);
    watch.finds("FAILED \"writes\" in o");
    watch.finds("1 passed, 1 failed (2 lines)");
    // An error ends no watch.
    folder.put("o.role", broken(&tested("can")));
    watch.until("error: no test is run while the policy has errors");
    watch.until(BROKEN);
    fs::remove_file(folder.at("o.role")).unwrap();
    watch.until("name the folder or file of the policy");
    watch.until(BROKEN);
    folder.put("o.role", tested("can"));
    watch.until(CLEAN);
    watch.finds("2 passed, 0 failed (2 lines)");
}

#[test]
fn tests_are_run_again_as_they_were_asked_for() {
    let folder = Folder::new().with("o.role", tested("cannot"));
    let watch = Watch::of(&folder, "test --watch --org o --exact --filter reads");
    watch.until(CLEAN);
    watch.finds("1 passed, 0 failed (1 line), 1 left out");
    folder.put("o.role", tested("cannot").replace("reads", "looks"));
    watch.until("error: no test of organization `o` has the title `reads`");
    watch.until(BROKEN);

    folder.put("o.role", tested("can"));
    let watch =
        Watch::of(&folder, "test --watch --coverage --mutation --lcov o.info --fail-under 100 --format json");
    watch.until(CLEAN);
    watch.finds("\"failed\": 0");
    let covered = folder.bytes("o.info");
    folder.put("o.role", tested("can").replace("editor can c.pages: write", "editor can c.pages: read"));
    // What it writes itself is no change.
    assert!(watch.until(" changed: o.role").is_empty());
    watch.until("and 100 % are asked for");
    watch.until(BROKEN);
    watch.finds("\"failed\": 0");
    folder.put("o.role", tested("can"));
    watch.until(CLEAN);
    assert_eq!(folder.bytes("o.info"), covered);
}
