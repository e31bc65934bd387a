//! A policy as a git revision has it, read through the `git` program: nothing is checked out, nothing is written, and no
//! file of the working folder is looked at. What the user gave reaches git as a revision or as a path and never as an
//! option, and no path goes where a line is read.
//!
//! The rules are those for files: a folder is walked for `*.role`, links are not followed, and a quoted `use` stays below
//! the root of the run. Of ignore files those of the revision count, from the top of the repository down; what a machine
//! or a clone ignores for itself does not, for the answer would be another one elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::plain;
use crate::found::{Ignored, has_extension, imports_of, read_at_most};
use crate::source::{Provenance, SourceFile, Sources};
use crate::syntax::import;
use crate::table::Table;

/// How an argument begins that names a revision.
const PREFIX: &str = "git:";

/// What was found in a revision.
pub(crate) enum InRevision {
    /// The files of a policy.
    Policy(Sources),
    /// A compiled table, with its name.
    Table(String, Vec<u8>),
}

/// What an argument names in a git revision; none where it names none.
pub(crate) fn in_revision(text: &OsStr) -> Option<Result<InRevision, Failure>> {
    let text = text.to_str()?;
    let named = text.strip_prefix(PREFIX)?;
    let (revision, path) = named.split_once(':').map_or((named, ""), |(revision, path)| (revision, path));
    Some(read(revision, path))
}

fn read(revision: &str, path: &str) -> Result<InRevision, Failure> {
    if revision.is_empty() || revision.starts_with('-') {
        let message =
            format!("`{PREFIX}{revision}` names no revision: write `{PREFIX}REV` or `{PREFIX}REV:PATH`");
        return Err(Failure::of(Reason::Usage, message));
    }
    let commit = commit(revision)?;
    let here = ask(&["rev-parse", "--show-prefix"])?;
    let here = String::from_utf8_lossy(here.strip_suffix(b"\n").unwrap_or(&here)).into_owned();
    let here = here.trim_end_matches('/').to_owned();
    let wanted = joined(&here, path).ok_or_else(|| {
        let message = format!(
            "`{path}` is no path in a revision: it counts from the current folder, and stays in the repository"
        );
        Failure::of(Reason::Usage, message)
    })?;
    let missing = || {
        let what = if wanted.is_empty() { "the top of the repository" } else { &*wanted };
        unreadable(format!("cannot read `{what}`: revision `{revision}` has no such file or folder"))
    };
    let is_folder = match run(&["cat-file", "-t", &format!("{commit}:{wanted}")])? {
        Answered { stdout, is_good: true, .. } => stdout.starts_with(b"tree"),
        _ => return Err(missing()),
    };
    // As for files: the current folder, or where that is elsewhere, the folder that was named.
    let folder = if is_folder { wanted.as_str() } else { parent(&wanted) };
    let root = if is_below(folder, &here) { here.as_str() } else { folder };
    let mut reader = Reader {
        revision,
        root: root.to_owned(),
        objects: Objects::open()?,
        tree: tree(&commit, root)?,
        files: BTreeMap::new(),
    };
    let below = inside(root, &wanted).unwrap_or_default().to_owned();
    if !is_folder {
        let bytes = reader.bytes(&below)?.ok_or_else(missing)?;
        if Table::is_begun(&bytes) {
            return Ok(InRevision::Table(reader.name(&below), bytes));
        }
        reader.add(below, bytes);
    } else {
        reader.folder(&commit, &below)?;
    }
    reader.imports()?;
    Ok(InRevision::Policy(reader.sources()))
}

/// What the tree of a revision has below the root of the run.
struct Reader<'r> {
    revision: &'r str,
    /// From the top of the repository.
    root: String,
    objects: Objects,
    /// By path from the root.
    tree: HashMap<String, Entry>,
    files: BTreeMap<String, SourceFile>,
}

/// A file of a tree.
struct Entry {
    object: String,
    /// Not a link, and not another repository.
    is_regular: bool,
}

impl Reader<'_> {
    /// A file's name for people: as git takes it, so that `git show` shows it.
    fn name(&self, path: &str) -> String {
        let slash = if self.root.is_empty() { "" } else { "/" };
        format!("{}:{}{slash}{path}", self.revision, self.root)
    }

    /// The bytes of a file; none where there is none.
    fn bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let name = self.name(path);
        let Some(entry) = self.tree.get(path) else { return Ok(None) };
        if !entry.is_regular {
            return Err(unreadable(format!("cannot read `{name}`: it is no regular file")));
        }
        let bytes = self.objects.read(&entry.object);
        bytes.map_err(|error| unreadable(format!("cannot read `{name}`: {}", plain(&error))))
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) {
        let mut file = SourceFile::new(self.name(&path), bytes, Provenance::Given);
        file.add_path(path.clone());
        self.files.insert(path, file);
    }

    /// Every policy file below a folder.
    fn folder(&mut self, commit: &str, folder: &str) -> Result<(), Failure> {
        let ignored = self.ignored(commit)?;
        let from_top = |path: &str| joined(&self.root, path).unwrap_or_default();
        let walked = from_top(folder);
        let wanted: BTreeSet<String> = self
            .tree
            .iter()
            .filter(|(path, entry)| {
                entry.is_regular && has_extension(Path::new(path)) && inside(folder, path).is_some()
            })
            .map(|(path, _)| path.clone())
            .filter(|path| !ignored.has(&walked, &from_top(path)))
            .collect();
        if wanted.is_empty() {
            let what = if walked.is_empty() { "its top" } else { &*walked };
            let message = format!(
                "there is no .role file below `{what}` in revision `{}`; name the folder or file of the policy",
                self.revision
            );
            return Err(unreadable(message));
        }
        for path in wanted {
            let Some(bytes) = self.bytes(&path)? else { continue };
            if Table::is_begun(&bytes) {
                let name = self.name(&path);
                return Err(unreadable(format!("cannot read `{name}`: it is a compiled table")));
            }
            self.add(path, bytes);
        }
        Ok(())
    }

    /// The ignore files from the top of the repository down.
    fn ignored(&mut self, commit: &str) -> Result<Ignored, Failure> {
        let mut ignored = Ignored::default();
        let mut above = self.root.as_str();
        let mut folders = Vec::new();
        while !above.is_empty() {
            above = parent(above);
            folders.push(above);
        }
        for folder in folders {
            for name in Ignored::NAMES {
                let path = joined(folder, name).unwrap_or_default();
                let Answered { stdout, is_good: true, .. } =
                    run(&["cat-file", "blob", &format!("{commit}:{path}")])?
                else {
                    continue;
                };
                ignored.add(folder, name, &String::from_utf8_lossy(&stdout));
            }
        }
        let mut paths: Vec<String> = self.tree.keys().filter(|path| is_ignore_file(path)).cloned().collect();
        paths.sort_unstable();
        for path in paths {
            if self.tree.get(&path).is_some_and(|entry| entry.is_regular)
                && let Some(bytes) = self.bytes(&path)?
            {
                let folder = joined(&self.root, parent(&path)).unwrap_or_default();
                ignored.add(
                    &folder,
                    path.rsplit('/').next().unwrap_or(&path),
                    &String::from_utf8_lossy(&bytes),
                );
            }
        }
        Ok(ignored)
    }

    /// The files that a quoted `use` names, and those that they name. One that is not there is a finding of the checker.
    fn imports(&mut self) -> Result<(), Failure> {
        let mut open: Vec<String> = self.files.keys().cloned().collect();
        while let Some(path) = open.pop() {
            let Some(file) = self.files.get(&path) else { continue };
            let named: Vec<String> =
                imports_of(file.text()).iter().filter_map(|named| import(file.path(), named).ok()).collect();
            for named in named {
                if self.files.contains_key(&named) {
                    continue;
                }
                if let Some(bytes) = self.bytes(&named)? {
                    self.add(named.clone(), bytes);
                    open.push(named);
                }
            }
        }
        Ok(())
    }

    fn sources(self) -> Sources {
        let mut sources = Sources::new();
        for file in self.files.into_values() {
            sources.push(file);
        }
        sources
    }
}

fn is_ignore_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| Ignored::NAMES.contains(&name))
}

fn unreadable(message: String) -> Failure {
    Failure::of(Reason::Unreadable, message)
}

/// The commit that a revision names, as git numbers it.
fn commit(revision: &str) -> Result<String, Failure> {
    let answered = run(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
    let object = String::from_utf8_lossy(&answered.stdout).trim().to_owned();
    if answered.is_good && !object.is_empty() && object.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(object);
    }
    // Of a revision that is not there git says nothing, as it was told; of what else is wrong it does.
    Err(match answered.stderr.lines().next() {
        None | Some("") => unreadable(format!("there is no revision `{revision}` here")),
        Some(told) => unreadable(format!("cannot read revision `{revision}`: git says: {told}")),
    })
}

/// Every file of a folder of a commit, by its path from there.
fn tree(commit: &str, folder: &str) -> Result<HashMap<String, Entry>, Failure> {
    let listed = ask(&["ls-tree", "-r", "-z", "--full-tree", &format!("{commit}:{folder}")])?;
    let entries = listed.split(|byte| *byte == 0).filter_map(|line| {
        let line = std::str::from_utf8(line).ok()?;
        let (facts, path) = line.split_once('\t')?;
        let mut facts = facts.split(' ');
        let (mode, sort, object) = (facts.next()?, facts.next()?, facts.next()?);
        let is_regular = sort == "blob" && mode.starts_with("100");
        Some((path.to_owned(), Entry { object: object.to_owned(), is_regular }))
    });
    Ok(entries.collect())
}

/// What git said.
struct Answered {
    stdout: Vec<u8>,
    stderr: String,
    is_good: bool,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new("git");
    // Messages as they are quoted, and no lock taken for a question.
    command.args(args).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    command
}

fn unrunnable(error: &io::Error) -> Failure {
    let message = match error.kind() {
        io::ErrorKind::NotFound => {
            "cannot run `git`, which reads revisions: it is not installed, or not on the path".to_owned()
        }
        _ => format!("cannot run `git`: {}", plain(error)),
    };
    Failure::of(Reason::World, message)
}

fn run(args: &[&str]) -> Result<Answered, Failure> {
    let output = command(args).output().map_err(|error| unrunnable(&error))?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Answered { stdout: output.stdout, stderr, is_good: output.status.success() })
}

/// Runs git where it must not fail.
fn ask(args: &[&str]) -> Result<Vec<u8>, Failure> {
    let answered = run(args)?;
    if answered.is_good {
        return Ok(answered.stdout);
    }
    let told = answered.stderr.lines().next().unwrap_or_default();
    Err(unreadable(format!("cannot read the revision: git says: {told}")))
}

/// Objects by their numbers, from one process for all.
struct Objects {
    child: Child,
    wanted: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    fn open() -> Result<Self, Failure> {
        let mut command = command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| unrunnable(&error))?;
        let wanted = child.stdin.take();
        let Some(answers) = child.stdout.take() else {
            return Err(Failure::of(Reason::World, "cannot run `git`: it has no output"));
        };
        Ok(Self { child, wanted, answers: BufReader::new(answers) })
    }

    /// The bytes of an object, as far as a file may be long; none where there is no such object.
    fn read(&mut self, object: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(wanted) = &mut self.wanted else { return Ok(None) };
        writeln!(wanted, "{object}")?;
        wanted.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let Some(size) = head.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse::<u64>().ok())
        else {
            return Ok(None);
        };
        let mut whole = self.answers.by_ref().take(size);
        let bytes = read_at_most(&mut whole)?;
        io::copy(&mut whole, &mut io::sink())?;
        // The line end behind it.
        self.answers.read_exact(&mut [0])?;
        Ok(Some(bytes))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without input it ends by itself.
        self.wanted = None;
        let _ = self.child.wait();
    }
}

/// A path from a folder, both with `/` and from the top; none where it leads out, or is none of the sort.
fn joined(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\n', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a path; the top is empty.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The rest of a path behind a folder.
fn inside<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    match folder {
        "" => Some(path),
        _ if path == folder => Some(""),
        _ => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    inside(folder, path).is_some()
}

#[cfg(test)]
mod tests {
    use super::{inside, joined};

    #[test]
    fn a_path_stays_in_the_repository() {
        assert_eq!(joined("a/b", "../c/./d.role").as_deref(), Some("a/c/d.role"));
        assert_eq!(joined("a", "..").as_deref(), Some(""));
        for path in ["../../x", "/etc/passwd", "x\ny", "..\\x"] {
            assert_eq!(joined("a", path), None, "{path}");
        }
        assert_eq!((inside("a", "ab/c"), inside("a", "a/c"), inside("", "x")), (None, Some("c"), Some("x")));
    }
}
