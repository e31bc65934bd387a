//! One run of the binary: its arguments, standard input, environment and folder, and what is wanted of it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// How long a run may take before it counts as hanging. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A catalog with one row of each kind, for tables of a few hundred bytes.
pub(crate) const SHOP: &str = r#"catalog shop "Shop" {
    category sales "Sales" {
        orders: verbs read, write
        prices: ladder none < view < full
        export: flag
    }
}
"#;

/// A policy of the shop.
pub(crate) const STORE: &str = r#"use "shop.role"

organization store {
    role clerk "Clerk" {
        grant sales.orders: read
        grant sales.prices: view
    }
    role boss from clerk {
        grant sales.prices: full
        grant sales.orders: read, write
        grant sales.export: on
    }
    assign clerk to "ana@store.example", service "till"
    assign boss to "bea@store.example" from 2026-03-01 until 2026-04-01T12:00:00Z because "holidays"
    test "holidays" { "bea@store.example" can sales.export at 2026-03-01 }
}
"#;

/// A policy with an error in its second line.
pub(crate) const BROKEN: &str =
    "use jumpcloud\norganization acme { role r { grant device-management.devices: fulll } }\n";

/// The policies of this repository.
pub(crate) fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

/// A folder of its own, gone at the end.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::with_prefix("rolec-test-").unwrap())
    }

    /// The same in memory where the machine has a place for that: nothing is waited for until it is on a disk.
    pub(crate) fn in_memory() -> Self {
        let in_memory = TempDir::with_prefix_in("rolec-test-", "/dev/shm");
        in_memory.map_or_else(|_| Self::new(), Self)
    }

    /// The shop and its store.
    pub(crate) fn store() -> Self {
        Self::new().with("shop.role", SHOP).with("store.role", STORE)
    }

    /// Adds a file, and the folders to it.
    pub(crate) fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.put(name, bytes);
        self
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    /// The names of what is in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A named pipe that nobody writes to.
    pub(crate) fn pipe(&self, name: &str) {
        assert!(Command::new("mkfifo").arg(self.at(name)).status().unwrap().success());
    }

    /// A run in this folder; the arguments are parted by spaces.
    pub(crate) fn run(&self, args: &str) -> Run {
        Run::new(args).dir(self.path())
    }

    /// A run in this folder, which is gone with it.
    pub(crate) fn owned(self, args: &str) -> Run {
        let run = self.run(args);
        Run { _folder: Some(self), ..run }
    }

    /// Builds the folder's policy.
    pub(crate) fn build(&self, output: &str) -> Vec<u8> {
        self.run("build -o").arg(output).succeeds("");
        self.bytes(output)
    }
}

/// A run to be.
pub(crate) struct Run {
    args: Vec<OsString>,
    stdin: Vec<u8>,
    vars: Vec<(&'static str, OsString)>,
    dir: PathBuf,
    stdout: Option<File>,
    stderr: Option<File>,
    /// A folder that must last as long as the run.
    _folder: Option<Folder>,
}

impl Run {
    /// Arguments parted by spaces; those with spaces in them are for [`Run::arg`].
    pub(crate) fn new(args: &str) -> Self {
        Self {
            args: args.split_whitespace().map(OsString::from).collect(),
            stdin: Vec::new(),
            vars: Vec::new(),
            dir: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
            stdout: None,
            stderr: None,
            _folder: None,
        }
    }

    pub(crate) fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    pub(crate) fn var(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.vars.push((name, value.into()));
        self
    }

    pub(crate) fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = dir.into();
        self
    }

    /// Standard output goes there, and is not seen.
    pub(crate) fn stdout_to(mut self, file: File) -> Self {
        self.stdout = Some(file);
        self
    }

    /// Standard error goes there, and is not seen.
    pub(crate) fn stderr_to(mut self, file: File) -> Self {
        self.stderr = Some(file);
        self
    }

    /// The command, with nothing of the environment that would decide about colours or times.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolec"));
        command
            .args(&self.args)
            .current_dir(&self.dir)
            .env_clear()
            .envs(self.vars.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end. A run that hangs is ended, and fails the test.
    pub(crate) fn output(mut self) -> Output {
        let mut command = self.command();
        let shown = format!("{:?}", self.args);
        let is_colored = self.args.iter().any(|arg| arg.to_string_lossy().ends_with("always"))
            || self.vars.iter().any(|(name, value)| *name == "CLICOLOR_FORCE" && value != "0");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(file) = self.stdout.take() {
            command.stdout(file);
        }
        if let Some(file) = self.stderr.take() {
            command.stderr(file);
        }
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = std::mem::take(&mut self.stdin);
        // A run that does not read its input closes the pipe.
        let feed = thread::spawn(move || drop(stdin.write_all(&bytes)));
        let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
        let ended = stdout.recv_timeout(PATIENCE).and_then(|out| Ok((out, stderr.recv_timeout(PATIENCE)?)));
        let Ok((stdout, stderr)) = ended else {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{shown} hangs");
        };
        let status = child.wait().unwrap();
        feed.join().unwrap();
        let output = Output {
            shown,
            status: status.code(),
            stdout: String::from_utf8(stdout).expect("standard output is text"),
            stderr: String::from_utf8(stderr).expect("standard error is text"),
        };
        output.is_harmless(is_colored);
        output
    }

    /// Ends with 0, prints this, and says nothing else.
    pub(crate) fn succeeds(self, stdout: &str) {
        self.prints(0, stdout);
    }

    /// Ends so, prints this, and says nothing else.
    pub(crate) fn prints(self, status: i32, stdout: &str) {
        let output = self.output();
        assert_eq!(output.stdout, stdout, "{output}");
        assert_eq!(output.stderr, "", "{output}");
        assert_eq!(output.status, Some(status), "{output}");
    }

    /// Ends so, answers nothing, and says this on standard error.
    pub(crate) fn complains(self, status: i32, stderr: &str) {
        let output = self.output();
        assert_eq!(output.stderr, stderr, "{output}");
        assert_eq!(output.stdout, "", "{output}");
        assert_eq!(output.status, Some(status), "{output}");
    }

    /// Ends so, answers nothing, and says this: to people on standard error, to programs in a document with an `error`
    /// on standard output.
    pub(crate) fn refuses(self, status: i32, message: &str) -> Output {
        let is_for_programs =
            self.args.iter().any(|arg| arg == "json" || arg == "--format=json" || arg == "eval");
        let output = self.ends(status);
        if !is_for_programs {
            return output.stays_mute().warns(message);
        }
        assert_eq!(output.stderr, "", "{output}");
        let document: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        assert!(document["error"].is_string() && document.get("decision").is_none(), "{output}");
        let quoted = serde_json::to_string(message).unwrap();
        output.has(&quoted[1..quoted.len() - 1])
    }

    /// Ends so; more is for the caller to ask.
    pub(crate) fn ends(self, status: i32) -> Output {
        let output = self.output();
        assert_eq!(output.status, Some(status), "{output}");
        output
    }

    /// Ends so, and prints one JSON document.
    pub(crate) fn json(self, status: i32) -> serde_json::Value {
        let output = self.ends(status);
        assert_eq!(output.stderr, "", "{output}");
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
    }
}

/// Reads a stream to its end, aside; nothing where it went elsewhere.
fn collect(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).unwrap();
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// What a run did.
pub(crate) struct Output {
    shown: String,
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// No panic, and nothing hidden in what was said, whatever the run was given. Only who asks for colours gets them.
    fn is_harmless(&self, is_colored: bool) {
        assert!(!self.stderr.contains("panicked") && !self.stderr.contains("RUST_BACKTRACE"), "{self}");
        assert!(self.status.is_some_and(|status| (0..=5).contains(&status)), "{self}");
        for text in [&self.stdout, &self.stderr] {
            let plain = if is_colored { uncolored(text) } else { text.clone() };
            assert!(!plain.contains(rolec::source::is_hidden), "{self}");
        }
    }

    /// Says this somewhere on standard output.
    pub(crate) fn has(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "no {part:?} in {self}");
        self
    }

    /// Says this somewhere on standard error.
    pub(crate) fn warns(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "no {part:?} in {self}");
        self
    }

    /// Prints nothing.
    pub(crate) fn stays_mute(self) -> Self {
        assert_eq!(self.stdout, "", "{self}");
        self
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cut = |text: &str| text.chars().take(4000).collect::<String>().escape_debug().to_string();
        let lines = |text: &str| cut(text).replace("\\n", "\n");
        write!(
            f,
            "{} ended with {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.shown,
            self.status,
            lines(&self.stdout),
            lines(&self.stderr)
        )
    }
}

/// A text without the sequences that set a colour or weight: the only ones that this program writes.
pub(crate) fn uncolored(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        match after[end..].strip_prefix('m') {
            Some(tail) => rest = tail,
            None => {
                plain.push_str("\u{1b}[");
                rest = after;
            }
        }
    }
    plain + rest
}
