//! The files of a policy: those that were named, those below the folders that were named, and those that they name.
//! What cannot be read is told, and the rest is read all the same.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::root::{Root, folder_of_file};
use crate::cli::files::{STDIN, is_stdin, plain, regular, unreadable};
use crate::found::{imports_of, open_below, open_file, read_at_most, shown, walk};
use crate::source::{FileId, Provenance, SourceFile, Sources};
use crate::syntax::{import, import_path};
use crate::table::Table;
use crate::threads::each;

/// Reads the policy files at `paths`: files as they are, folders walked for `*.role`, `-` standard input, and the
/// files that they name with a quoted `use`. They come in the order of their names, however they were named.
///
/// # Errors
/// Where any of them cannot be read; with the files, in which that one stands without its text.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Sources, (Sources, Failure)> {
    match read_all(paths) {
        (sources, _, None) => Ok(sources),
        (sources, _, Some(failure)) => Err((sources, failure)),
    }
}

/// The same, and which of the files `paths` themselves name, with their places: those that were only read along are
/// nobody's to change. Standard input has no place.
pub(crate) fn sources_to_format(paths: &[PathBuf]) -> Result<(Sources, Vec<Asked>), Failure> {
    match read_all(paths) {
        (sources, asked, None) => Ok((sources, asked)),
        (_, _, Some(failure)) => Err(failure),
    }
}

/// The same, and what cannot be read beside what can.
pub(crate) fn sources_to_fix(paths: &[PathBuf]) -> (Sources, Vec<Asked>, Option<Failure>) {
    read_all(paths)
}

/// A file that was asked for, and where it is.
pub(crate) type Asked = (FileId, Option<PathBuf>);

fn read_all(paths: &[PathBuf]) -> (Sources, Vec<Asked>, Option<Failure>) {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let root = match Root::of(paths) {
        Ok(root) => root,
        Err(error) => {
            let message = format!("cannot read the current folder: {}", plain(&error));
            return (Sources::new(), Vec::new(), Some(Failure::of(Reason::Unreadable, message)));
        }
    };
    let mut reader = Reader {
        root,
        files: Vec::new(),
        seen: HashMap::new(),
        paths: HashSet::new(),
        links: Vec::new(),
        failure: None,
    };
    for path in paths {
        reader.path(path);
    }
    reader.imports();
    reader.links();
    reader.files.sort_by(|(a, _), (b, _)| a.name().cmp(b.name()));
    let mut sources = Sources::new();
    let mut asked = Vec::new();
    for (file, origin) in reader.files {
        let id = sources.push(file);
        match origin {
            Origin::At(place) => asked.push((id, Some(place))),
            Origin::Stdin => asked.push((id, None)),
            Origin::Import => {}
        }
    }
    (sources, asked, reader.failure)
}

/// Why a file was read.
enum Origin {
    /// It was asked for, and is there.
    At(PathBuf),
    Stdin,
    /// Another one names it.
    Import,
}

struct Reader {
    root: Root,
    files: Vec<(SourceFile, Origin)>,
    /// The files that were read, by where they really are: as a text, for a path is hashed part by part.
    seen: HashMap<OsString, usize>,
    /// The paths from the root that are known.
    paths: HashSet<String>,
    /// Links that were met in folders.
    links: Vec<PathBuf>,
    failure: Option<Failure>,
}

impl Reader {
    fn path(&mut self, path: &Path) {
        let read = if is_stdin(path) {
            self.stdin()
        } else if path.is_dir() {
            self.folder(path)
        } else {
            regular(path).and_then(|()| self.file(path))
        };
        if let Err(failure) = read {
            self.unread(shown(path), self.root.path_of(path), failure);
        }
    }

    /// Keeps in mind that a file could not be read.
    fn unread(&mut self, name: String, path: Option<String>, failure: Failure) {
        self.push(SourceFile::unread(name), path, Origin::Import);
        match &mut self.failure {
            Some(first) => first.join(failure),
            None => self.failure = Some(failure),
        }
    }

    fn stdin(&mut self) -> Result<(), Failure> {
        let path = PathBuf::from("-");
        if !self.seen.contains_key(path.as_os_str()) {
            let bytes = read_at_most(io::stdin().lock()).map_err(|error| unreadable(STDIN, &error))?;
            self.seen.insert(path.clone().into_os_string(), self.files.len());
            let file = SourceFile::new(STDIN, bytes, Provenance::Given);
            self.push(file, self.root.path_of(&path), Origin::Stdin);
        }
        Ok(())
    }

    fn push(&mut self, mut file: SourceFile, path: Option<String>, origin: Origin) {
        self.paths.extend(path.clone());
        path.into_iter().for_each(|path| file.add_path(path));
        self.files.push((file, origin));
    }

    /// Every policy file below a folder.
    fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let mut folders = Folders::default();
        // In their order: files, and what is none and why not.
        let mut all: Vec<Result<Walked, Irregular>> = Vec::new();
        let mut found = false;
        for entry in walk(folder) {
            found = true;
            match entry {
                Ok(entry) => {
                    // What the walk has seen already: nothing is asked of the system twice.
                    let kind = entry.file_type();
                    let path = entry.into_path();
                    match kind {
                        Some(kind) if kind.is_symlink() => self.links.push(path),
                        Some(kind) if kind.is_file() => {
                            let real = folders.real(&path);
                            all.push(Ok((path, real)));
                        }
                        _ => {
                            let failure = irregular(&shown(&path));
                            all.push(Err((shown(&path), self.root.path_of(&path), failure)));
                        }
                    }
                }
                Err(error) => {
                    let (path, message) = walked(&error);
                    let name = path.map_or_else(|| shown(folder), shown);
                    let failure = Failure::of(Reason::Unreadable, format!("cannot read `{name}`: {message}"));
                    all.push(Err((name, None, failure)));
                }
            }
        }
        let is_large = all.len() >= MANY;
        let root = self.root.folder();
        let read = |(): &mut (), found: Result<Walked, Irregular>| {
            let (path, real) = found?;
            let read = real.map_err(Unread::Io).and_then(|real| {
                let file = text(open_below(root, &real), shown(&path))?;
                Ok((real, file))
            });
            Ok((path, read))
        };
        for found in each(all, is_large, || (), read) {
            let (path, read) = match found {
                Ok(found) => found,
                Err((name, path, failure)) => {
                    self.unread(name, path, failure);
                    continue;
                }
            };
            let read = read.and_then(|(real, file)| {
                let from_root = self.root.path_to(&real);
                self.once(real, from_root, Origin::At(path.clone()), |_, _| Ok(file))
            });
            if let Err(error) = read {
                self.unread(shown(&path), self.root.path_of(&path), error.told(&path));
            }
        }
        if found {
            return Ok(());
        }
        Err(Failure::of(
            Reason::Unreadable,
            format!(
                "there is no .role file below `{}`; name the folder or file of the policy",
                shown(folder)
            ),
        ))
    }

    /// A file, once however it is named.
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let from_root = self.root.path_of(path);
        let real = fs::canonicalize(path).map_err(Unread::Io);
        let read = real.and_then(|real| {
            let read = |_: &Root, real: &Path| text(open_file(real), shown(path));
            self.once(real, from_root, Origin::At(path.to_owned()), read)
        });
        read.map_err(|error| error.told(path))
    }

    /// Reads a file that was not read before, by where it really is; of one that was, the path is one more by which it
    /// is named.
    fn once(
        &mut self,
        real: PathBuf,
        path: Option<String>,
        origin: Origin,
        read: impl FnOnce(&Root, &Path) -> Result<SourceFile, Unread>,
    ) -> Result<(), Unread> {
        if let Some((known, _)) = self.seen.get(real.as_os_str()).and_then(|index| self.files.get_mut(*index))
        {
            self.paths.extend(path.clone());
            path.into_iter().for_each(|path| known.add_path(path));
            return Ok(());
        }
        let file = read(&self.root, &real)?;
        self.seen.insert(real.into_os_string(), self.files.len());
        self.push(file, path, origin);
        Ok(())
    }

    /// Tells the links that were met in a folder and lead to no file that was read: none is followed, and left out in silence
    /// its forbids would be in force for nobody.
    fn links(&mut self) {
        for path in std::mem::take(&mut self.links) {
            if fs::canonicalize(&path).is_ok_and(|real| self.seen.contains_key(real.as_os_str())) {
                continue;
            }
            let name = shown(&path);
            let message = format!(
                "cannot read `{name}`: it is a link, and none is followed in a folder; name it by itself, or leave it out by \
                 an ignore file"
            );
            self.unread(name, self.root.path_of(&path), Failure::of(Reason::Unreadable, message));
        }
    }

    /// The files that a quoted `use` names, and those that they name.
    fn imports(&mut self) {
        let mut next = 0;
        while let Some(new) = self.files.get(next..).filter(|new| !new.is_empty()) {
            next += new.len();
            let new: Vec<&SourceFile> = new.iter().map(|(file, _)| file).collect();
            let is_large = new.len() >= MANY;
            let named = |(): &mut (), file: &SourceFile| {
                // What a policy may not name is told by the checker, and never looked at.
                let wanted =
                    |path: &String| Some((import_path(file.name(), path), import(file.path(), path).ok()?));
                imports_of(file.text()).iter().filter_map(wanted).collect::<Vec<_>>()
            };
            let wanted = each(new, is_large, || (), named);
            for (name, path) in wanted.into_iter().flatten() {
                self.import(name, path);
            }
        }
    }

    /// A file that another one names. One that is not there is a finding of the checker.
    fn import(&mut self, name: String, path: String) {
        if self.paths.contains(&path) {
            return;
        }
        let read = match fs::canonicalize(self.root.file(&path)) {
            Err(error) if is_absence(&error) => return,
            Err(error) => Err(unreadable(&name, &error)),
            Ok(real) if !self.root.holds(&real) => Err(Failure::of(
                Reason::Unreadable,
                format!("cannot read `{name}`: it is a link that leads out of the root of this run"),
            )),
            // A pipe is not even opened; what takes the file's place after this is found when it is.
            Ok(real) => regular(&real).map(|()| real).map_err(|_| irregular(&name)),
        };
        let read = read.and_then(|real| {
            let read = |root: &Root, real: &Path| text(open_below(root.folder(), real), name.clone());
            self.once(real, Some(path.clone()), Origin::Import, read).map_err(|error| match error {
                Unread::Io(error) => unreadable(&name, &error),
                Unread::NoFile => irregular(&name),
                Unread::Table => {
                    Failure::of(Reason::Unreadable, format!("cannot read `{name}`: it is a compiled table"))
                }
            })
        });
        if let Err(failure) = read {
            self.unread(name, Some(path), failure);
        }
    }
}

/// So many files are read side by side.
const MANY: usize = 64;

/// A file that a walk has found, and where it really is.
type Walked = (PathBuf, io::Result<PathBuf>);

/// What else a walk has found: its name, its path from the root, and why it cannot be read.
type Irregular = (String, Option<String>, Failure);

/// Where files really are that a walk has found: no link leads to them, so that is in their folder, which is looked up once.
#[derive(Default)]
struct Folders {
    last: Option<(PathBuf, PathBuf)>,
}

impl Folders {
    fn real(&mut self, path: &Path) -> io::Result<PathBuf> {
        let (Some(folder), Some(name)) = (folder_of_file(path), path.file_name()) else {
            return fs::canonicalize(path);
        };
        if self.last.as_ref().is_none_or(|(known, _)| known != folder) {
            self.last = Some((folder.to_owned(), fs::canonicalize(folder)?));
        }
        Ok(self.last.as_ref().map_or_else(|| path.to_owned(), |(_, real)| real.join(name)))
    }
}

/// The file of a policy that was opened.
fn text(opened: io::Result<Option<File>>, name: String) -> Result<SourceFile, Unread> {
    let bytes = read_at_most(opened.map_err(Unread::Io)?.ok_or(Unread::NoFile)?).map_err(Unread::Io)?;
    if Table::is_begun(&bytes) {
        return Err(Unread::Table);
    }
    Ok(SourceFile::new(name, bytes, Provenance::Given))
}

fn irregular(name: &str) -> Failure {
    Failure::of(Reason::Unreadable, format!("cannot read `{name}`: it is no regular file"))
}

/// Why a file was not read.
enum Unread {
    Io(io::Error),
    /// It is no regular file any more.
    NoFile,
    /// It is a compiled table.
    Table,
}

impl Unread {
    /// What is told of a file that was asked for.
    fn told(self, path: &Path) -> Failure {
        let name = shown(path);
        match self {
            Self::Io(error) => unreadable(&name, &error),
            Self::NoFile => irregular(&name),
            Self::Table => Failure::of(
                Reason::Usage,
                format!(
                    "`{name}` is a compiled table, not a policy; the verbs that ask take it with `--table`"
                ),
            ),
        }
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What went wrong on a walk, and where; without the words of the walker.
fn walked(error: &ignore::Error) -> (Option<&Path>, String) {
    let mut at = error;
    let mut path = None;
    loop {
        at = match at {
            ignore::Error::WithPath { path: here, err } => {
                path = Some(here.as_path());
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            ignore::Error::Io(error) => return (path, plain(error)),
            other => return (path, other.to_string()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, walked};

    #[test]
    fn a_walk_fails_in_the_words_of_the_system() {
        let denied = ignore::Error::Io(std::io::Error::from_raw_os_error(13));
        let deep = ignore::Error::WithDepth { depth: 1, err: Box::new(denied) };
        let error = ignore::Error::WithPath { path: "und".into(), err: Box::new(deep) };
        assert!(error.to_string().starts_with("und: "), "what the walker itself says: {error}");
        let plain = std::io::Error::from_raw_os_error(13).to_string();
        assert_eq!(walked(&error), (Some(Path::new("und")), plain));
    }
}
