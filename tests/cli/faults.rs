//! Every write fails once, at each of its steps, and the process is killed there: what was in a place is there, whole, or
//! what was to come is. strace makes system calls fail; where there is none that may trace, that is said aloud, and with
//! `CI=true` it fails. `STRACE` names the program; `scripts/strace` installs one.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use crate::run::{Folder, SHOP, STORE};

/// How several files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Together {
    /// All of them or none, but where the process is killed.
    All,
    /// Each by itself.
    Each,
}

/// Every verb that writes, on the folder of [`policy`], and how.
const WRITING: [(&str, Together); 17] = [
    ("build . -o out.rolec", Together::All),
    ("build . -o out.rolec --decisions-only --sizes", Together::All),
    ("fmt .", Together::Each),
    ("check --fix .twice", Together::All),
    ("role new desk --from clerk", Together::All),
    ("role copy clerk desk", Together::All),
    ("role rename clerk desk", Together::All),
    ("role remove idle", Together::All),
    ("assign boss dan@store.example", Together::All),
    ("unassign clerk ana@store.example", Together::All),
    ("new fresh/policy", Together::All),
    ("export cedar --at 2026-01-01 -o out", Together::All),
    ("export rego -o fresh/out", Together::All),
    ("export json -o out.json", Together::All),
    ("matrix -o out.html", Together::All),
    ("test --lcov out.info", Together::All),
    ("man --dir fresh/man", Together::All),
];

/// A policy of several files with something to do for each verb, and old results of some. What is for one verb alone lies
/// where no walk comes. There is no ignore file: the walker passes over one that cannot be read.
fn policy() -> Folder {
    let twice =
        |id: &str| format!("catalog {id} {{ category k {{ r: flag {{ escalating escalating }} }} }}\n");
    let (_, organization) = STORE.split_once("organization").unwrap();
    let store = format!("use \"shop.role\"\n\norganization{organization}").replace(
        "assign clerk to \"ana",
        "role idle { }\n  assign boss to \"cal@store.example\"\n  assign clerk to \"ana",
    );
    let folder = Folder::new()
        .with("shop.role", SHOP)
        .with("store.role", store)
        .with("more.role", "use   shop\norganization store { role other from clerk { } assign other to \"eli@store.example\" }\n")
        .with(".twice/a.role", twice("a"))
        .with(".twice/b.role", twice("b"));
    for (name, bytes) in [
        ("out.rolec", "old table"),
        ("out.json", "old json"),
        ("out/policies.cedar", "old cedar"),
        ("out.html", "old page"),
    ] {
        folder.put(name, bytes);
    }
    folder
}

/// What fails, and how.
const FAULTS: [(&str, &[&str]); 9] = [
    ("openat", &["error=EIO", "error=EACCES", "error=ENOSPC", "signal=SIGKILL"]),
    ("write", &["error=EIO", "error=ENOSPC", "error=EACCES", "signal=SIGKILL"]),
    ("fsync", &["error=EIO", "error=ENOSPC", "error=EACCES", "signal=SIGKILL"]),
    ("?rename,?renameat,?renameat2", &["error=EIO", "error=ENOSPC", "error=EACCES", "signal=SIGKILL"]),
    ("close", &["error=EIO", "signal=SIGKILL"]),
    ("?unlink,?unlinkat", &["error=EIO", "error=EACCES", "signal=SIGKILL"]),
    ("?mkdir,?mkdirat", &["error=EIO", "error=ENOSPC", "error=EACCES", "signal=SIGKILL"]),
    ("?fchmod", &["error=EIO", "error=EACCES", "signal=SIGKILL"]),
    ("?flock", &["error=EIO", "error=ENOLCK", "signal=SIGKILL"]),
];

/// The strace that `STRACE` names, else the one on the path, where it may trace.
fn strace() -> Option<OsString> {
    let program =
        std::env::var_os("STRACE").filter(|name| !name.is_empty()).unwrap_or_else(|| "strace".into());
    let can_trace = Command::new(&program)
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=getpid", "-e", "inject=getpid:error=EIO", "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    if can_trace {
        return Some(program);
    }
    let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "there is no strace that may trace: run scripts/strace, or set STRACE");
    // By the handle, which the harness does not capture.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: there is no strace that may trace (scripts/strace installs one)"
    );
    None
}

/// Files by their names, all below a folder.
type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(here) = open.pop() {
        for entry in fs::read_dir(here).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

fn folders(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(here) = open.pop() {
        let entries = fs::read_dir(&here).unwrap().map(|entry| entry.unwrap().path());
        open.extend(entries.filter(|path| path.is_dir()));
        found.insert(here.strip_prefix(folder).unwrap().to_owned());
    }
    found
}

fn is_left_over(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap();
    name.starts_with(".rolec-") && name.ends_with(".tmp")
}

/// One verb, without a fault: what it leaves, and how many calls of each sort it makes before it comes to our files.
struct Case<'s> {
    strace: &'s OsString,
    args: &'static str,
    together: Together,
    before: Files,
    folders: BTreeSet<PathBuf>,
    after: Files,
}

/// What was seen.
#[derive(Default)]
struct Seen {
    faults: BTreeMap<(&'static str, &'static str, &'static str), usize>,
    left_over: usize,
}

impl<'s> Case<'s> {
    fn new(strace: &'s OsString, args: &'static str, together: Together) -> Self {
        let folder = policy();
        let (before, folders) = (files(folder.path()), folders(folder.path()));
        let output = folder.run(args).output();
        assert_eq!(output.status, Some(0), "{output}");
        let after = files(folder.path());
        assert_ne!(before, after, "`{args}` writes nothing");
        assert!(!after.keys().any(|name| is_left_over(name)));
        Self { strace, args, together, before, folders, after }
    }

    /// The verb under strace: how it ended, what it said, what was called.
    fn run(
        &self,
        folder: &Folder,
        calls: &str,
        fault: Option<String>,
    ) -> (std::process::ExitStatus, String, String) {
        let log = folder.path().with_extension("strace");
        let mut command = Command::new(self.strace);
        command.args(["-f", "-qq", "-o"]).arg(&log).arg("-e").arg(format!("trace={calls}"));
        // Without it a process is stopped at every call; with it no signal is sent.
        if !fault.as_ref().is_some_and(|fault| fault.starts_with("signal")) {
            command.arg("--seccomp-bpf");
        }
        if let Some(fault) = fault {
            command.arg("-e").arg(format!("inject={calls}:{fault}"));
        }
        let run = folder.run(self.args).command();
        command.arg(run.get_program()).args(run.get_args()).current_dir(folder.path()).env_clear();
        let output = command.stdin(Stdio::null()).output().unwrap();
        let called = fs::read_to_string(&log).unwrap();
        fs::remove_file(&log).unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap(), called)
    }

    /// How many calls of a sort come before the first that is about our files: those of the system's loader.
    fn first(&self, calls: &str) -> usize {
        let traced = if calls == "openat" { calls.to_owned() } else { format!("openat,{calls}") };
        let (_, _, called) = self.run(&policy(), &traced, None);
        let is_openat = |line: &str| line.contains(" openat(");
        let is_theirs = |line: &str| {
            ["\"/etc/", "\"/lib", "\"/usr/", "\"/proc/", "\"/sys/", "\"/dev/"]
                .iter()
                .any(|path| line.contains(path))
        };
        let before = called.lines().take_while(|line| !is_openat(line) || is_theirs(line));
        before.filter(|line| calls == "openat" || !is_openat(line)).count() + 1
    }

    /// Lets a sort of calls fail one after the other, until none is left to fail.
    fn every(&self, calls: &'static str, fault: &'static str, seen: &Mutex<Seen>) {
        /// No verb calls anything so often on so small a policy: one that does hangs.
        const MOST: usize = 2_000;
        let mut count = 0;
        // The manual has a page for each verb, written in the same way: every seventh call of it.
        let step = if self.args.starts_with("man ") { 7 } else { 1 };
        for nth in (self.first(calls)..).step_by(step) {
            assert!(nth < MOST, "{} still calls {calls}", self.args);
            let folder = policy();
            let (status, said, called) = self.run(&folder, calls, Some(format!("{fault}:when={nth}")));
            let is_killed = status.signal() == Some(9);
            let injected = called.lines().find(|line| line.contains("(INJECTED)")).unwrap_or_default();
            if !is_killed && !called.contains("(INJECTED)") {
                assert_eq!(
                    (status.code(), files(folder.path()) == self.after),
                    (Some(0), true),
                    "{}: {said}",
                    self.args
                );
                break;
            }
            count += 1;
            let left_over = self.judge(
                &folder,
                &format!("{} with {calls}:{fault}:when={nth}: {said}\n{injected}", self.args),
                status,
                &said,
            );
            seen.lock().unwrap().left_over += left_over;
        }
        let verb = self.args.split(" -").next().unwrap();
        *seen.lock().unwrap().faults.entry((verb, calls, fault)).or_default() += count;
    }

    /// Nothing is torn, nothing is lost, and what is not there is told. Gives how many files were left over.
    fn judge(&self, folder: &Folder, of: &str, status: std::process::ExitStatus, said: &str) -> usize {
        let is_killed = status.signal() == Some(9);
        let now = files(folder.path());
        let (left, there): (Vec<_>, Vec<_>) = now.iter().partition(|(name, _)| is_left_over(name));
        let there: BTreeMap<&String, &Vec<u8>> = there.into_iter().collect();
        let names: BTreeSet<&String> =
            self.before.keys().chain(self.after.keys()).chain(there.keys().copied()).collect();
        let (mut is_old, mut is_new) = (true, true);
        for name in names {
            let found = there.get(name).copied();
            let (was, will) = (found == self.before.get(name), found == self.after.get(name));
            assert!(was || will, "`{name}` is torn: {of}");
            is_old &= was;
            is_new &= will;
        }
        assert!(!said.contains("panicked"), "{of}");
        if !is_killed {
            let code = status.code().unwrap();
            assert!((0..=5).contains(&code), "it ended with {code}: {of}");
            assert!(code != 0 || is_new, "it says to have written: {of}");
            // Where standard error itself fails, nothing can be told.
            let is_mute = of.contains(" write(2, ");
            assert!(
                code == 0 || is_mute || said.starts_with("error: ") || said.contains("\nerror: "),
                "it says nothing: {of}"
            );
            assert!(
                self.together == Together::Each || is_old || is_new,
                "some are new and some are old: {of}"
            );
            assert!(is_new || folders(folder.path()) == self.folders, "a folder is left over: {of}");
            assert!(
                left.is_empty(),
                "left over {:?}: {of}",
                left.iter().map(|(name, _)| name).collect::<Vec<_>>()
            );
        }
        // The next run that writes there takes it away.
        for (name, _) in &left {
            let beside = name.rsplit_once('/').map_or(".", |(folder, _)| folder);
            folder.run("man --dir").arg(beside).ends(0);
        }
        assert!(!files(folder.path()).keys().any(|name| is_left_over(name)), "not swept: {of}");
        left.len()
    }
}

#[test]
fn every_step_of_a_write_may_fail() {
    let Some(strace) = strace() else { return };
    let cases: Vec<Case<'_>> =
        WRITING.into_iter().map(|(args, together)| Case::new(&strace, args, together)).collect();
    let jobs: Vec<(&Case<'_>, &'static str, &'static str)> = cases
        .iter()
        .flat_map(|case| {
            FAULTS
                .iter()
                .flat_map(move |(calls, faults)| faults.iter().map(move |fault| (case, *calls, *fault)))
        })
        .collect();
    let seen = Mutex::new(Seen::default());
    let next = Mutex::new(jobs.into_iter());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((case, calls, fault)) = next.lock().unwrap().next() else { break };
                    case.every(calls, fault, &seen);
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    let of = |fault: &str| {
        seen.faults
            .iter()
            .filter(|((_, _, kind), _)| kind.ends_with(fault))
            .map(|(_, count)| count)
            .sum::<usize>()
    };
    let all: usize = seen.faults.values().sum();
    for (args, _) in WRITING {
        let verb = args.split(" -").next().unwrap();
        let count: usize =
            seen.faults.iter().filter(|((name, _, _), _)| *name == verb).map(|(_, count)| count).sum();
        assert!(count >= 40, "{count} faults for `{verb}`: they are not made any more");
        println!("{count:>5} {verb}");
    }
    println!(
        "{all} faults: {} EIO, {} ENOSPC, {} EACCES, {} ENOLCK, {} kills; 0 torn, {} left over by the kills and swept",
        of("EIO"),
        of("ENOSPC"),
        of("EACCES"),
        of("ENOLCK"),
        of("SIGKILL"),
        seen.left_over
    );
    assert!(seen.left_over > 0, "no kill left anything over: the sweep was not tried");
}
