//! Every write fails once, at each of its steps, and the process is killed there: what was in a place is there, whole, or
//! what was to come is. strace makes system calls fail; where there is none that may trace, that is said aloud, and with
//! `CI=true` it fails. `STRACE` names the program; `scripts/strace` installs one. Each call fails by one of its errors, in
//! turn; with `FAULTS=all` by each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::thread;

use rolec::sign::{PublicKey, Seen, SigningKey, Terms, Trust, sign};
use rolec::vocab::Time;

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
const WRITING: [(&str, Together); 21] = [
    ("build . -o out.rolec", Together::All),
    ("build . -o out.rolec --decisions-only --sizes", Together::All),
    ("fmt .", Together::Each),
    ("check --fix .twice", Together::All),
    ("role new desk --from clerk", Together::All),
    ("role copy clerk desk", Together::All),
    ("role rename clerk desk", Together::All),
    ("role remove idle --replace-with clerk", Together::All),
    ("assign boss dan@store.example", Together::All),
    ("unassign clerk ana@store.example", Together::All),
    ("new fresh/policy", Together::All),
    ("export cedar --at 2026-01-01 -o out", Together::All),
    ("export rego -o fresh/out", Together::All),
    ("export json -o out.json", Together::All),
    ("matrix -o out.html", Together::All),
    ("test --lcov out.info", Together::All),
    ("man --dir fresh/man", Together::All),
    ("key new ours", Together::All),
    ("key sign signed.rolec --sign 2.key", Together::All),
    ("can role:clerk prices:view --table newer.rolec --trust 1.pub --state seen", Together::All),
    ("can role:clerk prices:view --trust 1.pub --state fresh --table newer.rolec", Together::All),
];

/// Killed between two files, these are not made again over the half that is there: docs/cli.md says so.
fn writes_over_nothing(args: &str) -> bool {
    args.starts_with("new ") || args.starts_with("key new ")
}

/// A policy of several files with something to do for each verb, and old results of some. What is for one verb alone lies
/// where no walk comes.
fn policy() -> Folder {
    let twice =
        |id: &str| format!("catalog {id} {{ category k {{ r: flag {{ escalating escalating }} }} }}\n");
    let (_, organization) = STORE.split_once("organization").unwrap();
    let store = format!("use \"shop.role\"\n\norganization{organization}").replace(
        "assign clerk to \"ana",
        "role idle { }\n  assign boss to \"cal@store.example\"\n  assign clerk to \"ana",
    );
    let folder = Folder::in_memory()
        .with("shop.role", SHOP)
        .with("store.role", store)
        .with("more.role", "use   shop\norganization store { role other from clerk { } assign other to \"eli@store.example\" assign idle to \"fay@store.example\" assign clerk to \"ana@store.example\" from 2030-01-01 }\n")
        .with("wide.role", "use   shop\n")
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
    for (name, bytes) in signed() {
        folder.put(name, bytes);
    }
    folder
}

/// Two versions of a signed table, keys, and that the first version was seen, at a time that is yet to come.
fn signed() -> &'static [(&'static str, Vec<u8>)] {
    static SIGNED: OnceLock<Vec<(&str, Vec<u8>)>> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let table = Folder::store().build("store.rolec");
        let [one, two] = [1, 2].map(|number| SigningKey::from_seed(&[number; 32]));
        let of = |version: u64| sign(&table, Terms { version, until: None }, &one);
        let trust = Trust::new([one.public()], 1).unwrap();
        let first = of(1);
        let seen = Seen::after(None, &trust.verify(&first, Time(0)).unwrap(), TO_COME).unwrap();
        vec![
            ("signed.rolec", first.clone()),
            ("newer.rolec", of(2)),
            ("1.pub", one.public().to_pem().unwrap().into_bytes()),
            ("2.key", two.to_pem().unwrap().as_bytes().to_vec()),
            ("seen", seen.to_string().into_bytes()),
        ]
    })
}

/// In the year 2100.
const TO_COME: Time = Time(4_102_444_800);

/// What fails, and by which errors.
const FAULTS: [(&str, &[&str]); 10] = [
    ("openat", &["error=EIO", "error=EACCES", "error=ENOSPC"]),
    ("write", &["error=EIO", "error=ENOSPC", "error=EACCES"]),
    ("fsync", &["error=EIO", "error=ENOSPC", "error=EACCES"]),
    ("?rename,?renameat,?renameat2", &["error=EIO", "error=ENOSPC", "error=EACCES"]),
    ("?link,?linkat", &["error=EIO", "error=ENOSPC", "error=EACCES"]),
    ("close", &["error=EIO"]),
    ("?unlink,?unlinkat", &["error=EIO", "error=EACCES"]),
    ("?mkdir,?mkdirat", &["error=EIO", "error=ENOSPC", "error=EACCES"]),
    ("?fchmod", &["error=EIO", "error=EACCES"]),
    ("?flock", &["error=EIO", "error=ENOLCK"]),
];

const KILL: &[&str] = &["signal=SIGKILL"];

/// What the calls of a sort are made to do, one after the other: to fail, each by the next of the errors, and to end the
/// process.
fn faults(errors: &'static [&'static str]) -> Vec<&'static [&'static str]> {
    let is_all = std::env::var_os("FAULTS").is_some_and(|value| value == "all");
    let each = if is_all { errors.chunks(1).collect() } else { vec![errors] };
    each.into_iter().chain([KILL]).collect()
}

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
    settled(found)
}

/// What is another in each run in one spelling, where it is whole: a new key, and when something was seen first.
fn settled(mut files: Files) -> Files {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap_or_default();
    let made = files.get("ours.key").and_then(|bytes| SigningKey::from_pem(&text(bytes)).ok());
    if let Some(made) = made {
        files.insert("ours.key".to_owned(), b"a new key".to_vec());
        if let Some(public) = files.get_mut("ours.pub")
            && PublicKey::from_pem(&text(public)) == Ok(made.public())
        {
            *public = b"its public half".to_vec();
        }
    }
    if let Some(fresh) = files.get_mut("fresh")
        && let Ok(seen) = Seen::parse(&text(fresh))
    {
        *fresh = format!("version {:?}", seen.version()).into_bytes();
    }
    files
}

/// Whether a file is there for its lock alone.
fn is_lock(name: &str) -> bool {
    name.ends_with(".lock")
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
    /// By the sort of call: those of the system's loader.
    first: BTreeMap<&'static str, usize>,
}

/// What was seen.
#[derive(Default)]
struct Found {
    faults: BTreeMap<(&'static str, &'static str, &'static str), usize>,
    left_over: usize,
    /// Cut off between two files, and finished by another run.
    again: usize,
}

impl<'s> Case<'s> {
    fn new(strace: &'s OsString, args: &'static str, together: Together) -> Self {
        let folder = policy();
        let (before, folders) = (files(folder.path()), folders(folder.path()));
        let output = folder.run(args).output();
        assert_eq!(output.status, Some(0), "{output}");
        let after = files(folder.path());
        assert_ne!(before, after, "`{args}` writes nothing");
        assert!(!after.keys().any(|name| is_left_over(name) || is_lock(name)));
        let mut case = Self { strace, args, together, before, folders, after, first: BTreeMap::new() };
        case.first = case.first();
        case
    }

    /// The verb under strace: how it ended, what it said, what was called.
    fn run(
        &self,
        folder: &Folder,
        calls: &str,
        fault: Option<String>,
    ) -> (std::process::ExitStatus, String, String) {
        let log = folder.path().with_extension("strace");
        // Whatever nobody sees to is everybody's.
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "umask 0; exec \"$@\"", "sh"]).arg(self.strace);
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

    /// How many calls of each sort come before the first that is about our files, those of the system's loader; and one
    /// more.
    fn first(&self) -> BTreeMap<&'static str, usize> {
        let all: Vec<&str> = FAULTS.iter().map(|(calls, _)| *calls).collect();
        let (_, _, called) = self.run(&policy(), &all.join(","), None);
        let is = |line: &str, call: &str| line.contains(&format!(" {}(", call.trim_start_matches('?')));
        let is_theirs = |line: &str| {
            ["\"/etc/", "\"/lib", "\"/usr/", "\"/proc/", "\"/sys/", "\"/dev/"]
                .iter()
                .any(|path| line.contains(path) && !line.contains("\"/dev/shm/"))
        };
        let before: Vec<&str> =
            called.lines().take_while(|line| !is(line, "openat") || is_theirs(line)).collect();
        let count = |calls: &str| {
            let of = |line: &&&str| calls.split(',').any(|call| is(line, call));
            before.iter().filter(of).count() + 1
        };
        FAULTS.iter().map(|(calls, _)| (*calls, count(calls))).collect()
    }

    /// Lets a sort of calls fail one after the other, until none is left to fail.
    fn every(&self, calls: &'static str, faults: &[&'static str], seen: &Mutex<Found>) {
        /// No verb calls anything so often on so small a policy: one that does hangs.
        const MOST: usize = 2_000;
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        // The manual has a page for each verb, written in the same way: every seventh call of it.
        let step = if self.args.starts_with("man ") { 7 } else { 1 };
        for (turn, nth) in (self.first[calls]..).step_by(step).enumerate() {
            assert!(nth < MOST, "{} still calls {calls}", self.args);
            let folder = policy();
            let fault = faults[(turn + self.args.len()) % faults.len()];
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
            *counts.entry(fault).or_default() += 1;
            let of = format!("{} with {calls}:{fault}:when={nth}: {said}\n{injected}", self.args);
            let (left_over, is_again) = self.judge(&folder, &of, status, &said);
            let mut seen = seen.lock().unwrap();
            seen.left_over += left_over;
            seen.again += usize::from(is_again);
        }
        for (fault, count) in counts {
            *seen.lock().unwrap().faults.entry((self.args, calls, fault)).or_default() += count;
        }
    }

    /// Nothing is torn, nothing is lost, and what is not there is told. Gives how many files were left over, and whether it
    /// was cut off between two files, and done again.
    fn judge(
        &self,
        folder: &Folder,
        of: &str,
        status: std::process::ExitStatus,
        said: &str,
    ) -> (usize, bool) {
        let is_killed = status.signal() == Some(9);
        let now = files(folder.path());
        let (left, there): (Vec<_>, Vec<_>) = now.iter().partition(|(name, _)| is_left_over(name));
        let (locks, there): (Vec<_>, Vec<_>) = there.into_iter().partition(|(name, _)| is_lock(name));
        let there: BTreeMap<&String, &Vec<u8>> = there.into_iter().collect();
        self.is_secret(folder, &now, of);
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
            // Where nothing can be taken away, that stays.
            assert!(locks.is_empty() || of.contains("unlink"), "a lock is left over: {of}");
        }
        // What was cut off between two files is finished by the same run.
        let is_again = is_killed && !is_old && !is_new && !writes_over_nothing(self.args);
        if is_again {
            folder.run(self.args).ends(0);
            assert_eq!(files(folder.path()), self.after, "not finished: {of}");
        }
        // The next run that writes there takes away what was left.
        let beside = left.iter().map(|(name, _)| name.rsplit_once('/').map_or(".", |(folder, _)| folder));
        for beside in beside.collect::<BTreeSet<_>>() {
            let key = format!("{beside}/sweeper");
            folder.run("key new").arg(&key).ends(0);
        }
        assert!(!files(folder.path()).keys().any(|name| is_left_over(name)), "not swept: {of}");
        (left.len(), is_again)
    }

    /// Of a new key nobody but its owner reads a byte, whatever the umask is.
    fn is_secret(&self, folder: &Folder, now: &Files, of: &str) {
        for name in now.keys().filter(|name| !self.before.contains_key(*name)) {
            let path = folder.at(name);
            let bytes = fs::read(&path).unwrap();
            if bytes.windows(11).any(|part| part == b"PRIVATE KEY") {
                let mode = fs::metadata(&path).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0, "`{name}` is everybody's: {of}");
            }
        }
    }
}

#[test]
fn every_step_of_a_write_may_fail() {
    let Some(strace) = strace() else { return };
    let cases: Vec<Case<'_>> =
        WRITING.into_iter().map(|(args, together)| Case::new(&strace, args, together)).collect();
    let mut jobs = Vec::new();
    for case in &cases {
        for (calls, errors) in FAULTS {
            jobs.extend(faults(errors).into_iter().map(|faults| (case, calls, faults)));
        }
    }
    let seen = Mutex::new(Found::default());
    let next = Mutex::new(jobs.into_iter());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((case, calls, faults)) = next.lock().unwrap().next() else { break };
                    case.every(calls, faults, &seen);
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
        let count: usize =
            seen.faults.iter().filter(|((name, _, _), _)| *name == args).map(|(_, count)| count).sum();
        assert!(count >= 20, "{count} faults for `{args}`: they are not made any more");
        println!("{count:>5} {args}");
    }
    println!(
        "{all} faults: {} EIO, {} ENOSPC, {} EACCES, {} ENOLCK, {} kills; 0 torn, {} left over by the \
         kills and swept, {} cut off between two files and finished by another run",
        of("EIO"),
        of("ENOSPC"),
        of("EACCES"),
        of("ENOLCK"),
        of("SIGKILL"),
        seen.left_over,
        seen.again
    );
    assert!(seen.left_over > 0, "no kill left anything over: the sweep was not tried");
    assert!(seen.again > 5, "nothing was cut off between two files");
}

/// From the call that makes it to the one that names it, the file of a new key is for its owner alone.
#[test]
fn a_new_key_is_nobody_elses_for_a_moment() {
    let Some(strace) = strace() else { return };
    let case = Case::new(&strace, "key new ours", Together::All);
    let calls = "openat,fchmod,?chmod,?fchmodat,?rename,?renameat,?renameat2,?link,?linkat";
    let (status, said, called) = case.run(&policy(), calls, None);
    assert_eq!(status.code(), Some(0), "{said}");
    let named = called.lines().find(|line| line.contains("\"ours.key\"") && line.contains(".rolec-"));
    let named = named.unwrap_or_else(|| panic!("nothing becomes `ours.key`: {called}"));
    let beside = named.split('"').find(|part| part.contains(".rolec-")).unwrap();
    let made = called.lines().find(|line| line.contains(" openat(") && line.contains(beside)).unwrap();
    assert!(made.contains("O_CREAT|O_EXCL") && made.contains(", 0600)"), "{made}");
    for line in called.lines().take_while(|line| *line != named).filter(|line| line.contains("chmod")) {
        assert!(line.contains(", 0600)"), "{line}");
    }
}

/// A state that is written while every step of that fails never says an older version or time than it did.
#[test]
fn a_state_goes_back_at_no_step() {
    let Some(strace) = strace() else { return };
    let args = "can role:clerk prices:view --table newer.rolec --trust 1.pub --state seen";
    let case = Case::new(&strace, args, Together::All);
    let state = |files: &Files| Seen::parse(std::str::from_utf8(&files["seen"]).unwrap()).unwrap();
    let (old, new) = (state(&case.before), state(&case.after));
    assert_eq!((old.version(), new.version()), (Some(1), Some(2)));
    assert_eq!((old.time(), new.time()), (TO_COME, TO_COME));
    // And the answer is given only once it is written: to where nothing can be written, there is none.
    for fault in ["error=EIO", "signal=SIGKILL"] {
        let folder = policy();
        let nth = case.first["?rename,?renameat,?renameat2"];
        let fault = Some(format!("{fault}:when={nth}"));
        let (status, ..) = case.run(&folder, "?rename,?renameat,?renameat2", fault);
        assert_ne!(status.code(), Some(0));
        assert_eq!(state(&files(folder.path())), old);
    }
}
