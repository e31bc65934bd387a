//! Files in and out: policies found and read, tables written whole or not at all. Prints nothing: what goes wrong is
//! the verb's to tell.

mod cache;
mod folders;
mod git;
mod keys;
mod locked;
mod mapped;
mod policy;
mod root;
mod rows;
mod settings;
mod staged;
mod state;
mod together;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

pub(crate) use self::cache::{Cache, Hash, hash};
pub(crate) use self::folders::{fill, is_fillable};
pub(crate) use self::git::{InRevision, in_revision};
pub(crate) use self::keys::{Pair, new_pair, public_key, signing_key};
use self::locked::Turn;
pub(crate) use self::locked::lock_file;
pub(crate) use self::mapped::map;
pub(crate) use self::policy::{Asked, sources, sources_to_fix, sources_to_format};
pub(crate) use self::rows::{Rosters, RowFiles, rosters};
pub(crate) use self::settings::Settings;
pub(crate) use self::staged::{Staged, is_left_beside};
pub(crate) use self::state::Kept;
use self::together::rewrite_all;
pub(crate) use self::together::{finish, rewrite, write};

use crate::cli::failure::{Failure, Reason};
use crate::found::{open_file, read_at_most, shown};
use crate::sign::{LONGEST_SEAL, seal_of};
use crate::source::{Provenance, SourceFile, Sources};
use crate::table::Table;

/// The name under which standard input appears.
const STDIN: &str = "<stdin>";

/// Whether a path is one of the files that were read.
pub(crate) fn is_among(sources: &Sources, path: &Path) -> bool {
    let (Ok(place), Ok(there)) = (fs::canonicalize(path), fs::metadata(path)) else { return false };
    let mut given = sources.iter().filter(|(_, file)| file.provenance() != Provenance::BuiltIn);
    given.any(|(_, file)| {
        // Few are one file with it, and only of those it is asked where they really are: of many that takes long.
        may_be_same(Path::new(file.name()), &there)
            && fs::canonicalize(file.name()).is_ok_and(|other| other == place)
    })
}

#[cfg(unix)]
fn may_be_same(path: &Path, there: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |file: &fs::Metadata| (file.dev(), file.ino());
    fs::metadata(path).is_ok_and(|file| number(&file) == number(there))
}

#[cfg(not(unix))]
fn may_be_same(_: &Path, _: &fs::Metadata) -> bool {
    true
}

/// Refuses to write to a path that is one of the files that were read; `purpose` is what another is named for.
pub(crate) fn refuse_source(sources: &Sources, path: &Path, purpose: &str) -> Result<(), Failure> {
    if !is_among(sources, path) {
        return Ok(());
    }
    let path = path.display();
    let message = format!("`{path}` is read as a part of the policy: name another file{purpose}");
    Err(Failure::of(Reason::Usage, message))
}

/// Writes files of a policy, all or none, where all of it is still as it was read. Whoever else changes it with this program
/// has to wait: of two changes made side by side, the second finds that the first was made.
pub(crate) fn change(read: &Sources, files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let _turn = Turn::beside(files.iter().map(|(path, _)| path.as_path()))?;
    if !are_as_read(read) {
        let message = "a file of the policy has changed in the meantime, so nothing was written: try again";
        return Err(Failure::of(Reason::World, message));
    }
    rewrite_all(files)
}

/// Writes one file, where it is still as it was read, in the same way.
pub(crate) fn change_one(read: &SourceFile, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let _turn = Turn::beside(std::iter::once(path))?;
    if !is_as_read(read) {
        return Err(unwritten(path, "it has changed in the meantime: try again"));
    }
    rewrite(path, bytes)
}

/// Whether two paths lead to one file that is there.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

/// Whether two paths lead to one place, whether anything lies there or not.
pub(crate) fn is_same_place(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Some((fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?, path.file_name()?.to_owned()))
    };
    is_same(one, other) || place(one).is_some_and(|one| place(other) == Some(one))
}

/// Whether files are still as they were read.
pub(crate) fn are_as_read(sources: &Sources) -> bool {
    let mut given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
    given.all(|(_, file)| is_as_read(file))
}

/// Where those files are that are still as they were read.
pub(crate) fn as_read(sources: &Sources) -> BTreeSet<PathBuf> {
    let given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
    let kept = given.filter(|(_, file)| file.is_read() && is_as_read(file));
    kept.filter_map(|(_, file)| fs::canonicalize(file.name()).ok()).collect()
}

fn is_as_read(file: &SourceFile) -> bool {
    match open_whole(Path::new(file.name())).ok().and_then(|(open, _)| read_at_most(open).ok()) {
        Some(bytes) => {
            let now = SourceFile::new(file.name(), bytes, Provenance::Given);
            file.is_read() && now.text() == file.text()
        }
        None => !file.is_read(),
    }
}

/// Whether the files at `paths`, and those that they name, are those that were read, and are as they were.
pub(crate) fn would_be_read(paths: &[PathBuf], sources: &Sources) -> bool {
    let (now, ..) = sources_to_fix(paths);
    let given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
    let of = |file: &SourceFile| (file.name().to_owned(), file.is_read(), file.text().to_owned());
    now.iter().map(|(_, file)| of(file)).eq(given.map(|(_, file)| of(file)))
}

/// Reads a file whole.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let (mut file, length) = open_whole(path)?;
    // No more is reserved than a table may be: a sparse file says to be as long as it likes.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).min(1 << 26));
    file.read_to_end(&mut bytes).map_err(|error| unreadable(&shown(path), &error))?;
    Ok(bytes)
}

/// Opens a regular file, and says how long it is.
pub(crate) fn open_whole(path: &Path) -> Result<(File, u64), Failure> {
    // A pipe or a device is not even opened; and what is opened is asked again, for it may be another thing by then.
    regular(path)?;
    let opened = || -> io::Result<_> {
        let Some(file) = open_file(path)? else { return Ok(None) };
        let length = file.metadata()?.len();
        Ok(Some((file, length)))
    };
    match opened() {
        Ok(Some(opened)) => Ok(opened),
        Ok(None) => Err(unreadable(&shown(path), &io::Error::other("it is no regular file any more"))),
        Err(error) => Err(unreadable(&shown(path), &error)),
    }
}

/// The same of a table, and how long it is without a seal behind it.
pub(crate) fn open_table(path: &Path) -> Result<(File, u64), Failure> {
    let (mut file, length) = open_whole(path)?;
    let mut end = Vec::new();
    let mut look = || {
        let longest = length.min(LONGEST_SEAL as u64);
        file.seek(SeekFrom::Start(length - longest))?;
        (&file).take(longest).read_to_end(&mut end)?;
        file.rewind()
    };
    look().map_err(|error| unreadable(&shown(path), &error))?;
    Ok((file, length.saturating_sub(seal_of(&end) as u64)))
}

/// Whether a path leads to a compiled table: by how it begins, or by its name where that is a file's.
pub(crate) fn is_table(path: &Path) -> bool {
    // What is no regular file is the reader's to tell.
    if !fs::metadata(path).is_ok_and(|kind| kind.is_file()) {
        return false;
    }
    let mut begin = Vec::new();
    let read = open_file(path)
        .and_then(|file| file.ok_or(io::ErrorKind::InvalidInput.into()))
        .and_then(|file| file.take(64).read_to_end(&mut begin));
    Table::is_begun(&begin)
        || (read.is_ok() && path.extension().is_some_and(|extension| extension == "rolec"))
}

/// Opens a file, or standard input for `-` and for none.
pub(crate) fn open(path: Option<&Path>) -> Result<io::BufReader<Box<dyn io::Read>>, Failure> {
    let reader: Box<dyn io::Read> = match path.filter(|path| !is_stdin(path)) {
        None => Box::new(io::stdin()),
        Some(path) => Box::new(open_whole(path)?.0),
    };
    Ok(io::BufReader::with_capacity(1 << 16, reader))
}

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Refuses that several things are read from standard input: each with the paths that are read for it. Named twice for
/// one of them, it is read once.
pub(crate) fn stdin_once<'p>(
    uses: impl IntoIterator<Item = (&'static str, Vec<&'p Path>)>,
) -> Result<(), Failure> {
    let mut taken = uses.into_iter().filter(|(_, paths)| paths.iter().any(|path| is_stdin(path)));
    let (Some((first, _)), Some((other, _))) = (taken.next(), taken.next()) else { return Ok(()) };
    let message = format!("standard input cannot be both {first} and {other}: name a file for one of them");
    Err(Failure::of(Reason::Usage, message))
}

/// Paths, borrowed.
pub(crate) fn borrowed(paths: &[PathBuf]) -> Vec<&Path> {
    paths.iter().map(PathBuf::as_path).collect()
}

/// Refuses what is no regular file: a pipe that nobody writes to and a device would be read for ever.
fn regular(path: &Path) -> Result<(), Failure> {
    let kind = fs::metadata(path).map_err(|error| unreadable(&shown(path), &error))?;
    let wrong = match (kind.is_dir(), kind.is_file()) {
        (_, true) => return Ok(()),
        (true, _) => "it is a folder",
        (false, false) => "it is no regular file; where `-` can be named, pipe it in",
    };
    Err(Failure::of(Reason::Unreadable, format!("cannot read `{}`: {wrong}", shown(path))))
}

fn unwritten(path: &Path, wrong: &str) -> Failure {
    Failure::of(Reason::World, format!("cannot write `{}`: {wrong}", shown(path)))
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::of(Reason::Unreadable, format!("cannot read `{name}`: {}", plain(error)))
}

/// An error in the words of the system alone: tempfile adds the name of a file that nobody asked about.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" at path \"").map_or(text.as_str(), |(plain, _)| plain).to_owned()
}
