//! Files in and out: policies found and read, tables written whole or not at all. Prints nothing: what goes wrong is
//! the verb's to tell.

mod git;
mod mapped;
mod policy;
mod root;
mod rows;
mod settings;
mod together;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

pub(crate) use self::git::{InRevision, in_revision};
pub(crate) use self::mapped::map;
pub(crate) use self::policy::{Asked, sources, sources_to_fix, sources_to_format};
pub(crate) use self::rows::{Rosters, RowFiles, rosters};
pub(crate) use self::settings::Settings;
pub(crate) use self::together::rewrite_all;

use crate::cli::failure::{Failure, Reason};
use crate::found::{read_at_most, shown};
use crate::source::{Provenance, SourceFile, Sources};
use crate::table::Table;

/// The name under which standard input appears.
const STDIN: &str = "<stdin>";

/// Whether a path is one of the files that were read.
pub(crate) fn is_among(sources: &Sources, path: &Path) -> bool {
    let given = sources.iter().filter(|(_, file)| file.provenance() != Provenance::BuiltIn);
    let mut places = given.filter_map(|(_, file)| fs::canonicalize(file.name()).ok());
    fs::canonicalize(path).is_ok_and(|path| places.any(|place| place == path))
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
    match File::open(file.name()).and_then(read_at_most) {
        Ok(bytes) => {
            let now = SourceFile::new(file.name(), bytes, Provenance::Given);
            file.is_read() && now.text() == file.text()
        }
        Err(_) => !file.is_read(),
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
    regular(path)?;
    fs::read(path).map_err(|error| unreadable(&shown(path), &error))
}

/// Opens a regular file, and says how long it is.
pub(crate) fn open_whole(path: &Path) -> Result<(File, u64), Failure> {
    regular(path)?;
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, file) = opened.map_err(|error| unreadable(&shown(path), &error))?;
    Ok((file, length))
}

/// Whether a path leads to a compiled table: by how it begins, or by its name where that is a file's.
pub(crate) fn is_table(path: &Path) -> bool {
    // What is no regular file is the reader's to tell.
    if !fs::metadata(path).is_ok_and(|kind| kind.is_file()) {
        return false;
    }
    let mut begin = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut begin));
    Table::is_begun(&begin)
        || (read.is_ok() && path.extension().is_some_and(|extension| extension == "rolec"))
}

/// Opens a file, or standard input for `-` and for none.
pub(crate) fn open(path: Option<&Path>) -> Result<io::BufReader<Box<dyn io::Read>>, Failure> {
    let reader: Box<dyn io::Read> = match path.filter(|path| !is_stdin(path)) {
        None => Box::new(io::stdin()),
        Some(path) => {
            regular(path)?;
            Box::new(File::open(path).map_err(|error| unreadable(&shown(path), &error))?)
        }
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

/// Writes a file that is there already: where its link leads, and with its permissions.
pub(crate) fn rewrite(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    restage(path, bytes)?.put()
}

/// A file that is there already, written beside its place.
fn restage(path: &Path, bytes: &[u8]) -> Result<Staged, Failure> {
    let place = fs::canonicalize(path).map_err(|error| unwritten(path, &plain(&error)))?;
    let permissions = fs::metadata(&place).map_err(|error| unwritten(path, &plain(&error)))?.permissions();
    // A rename does not ask, so we do.
    if permissions.readonly() {
        return Err(unwritten(path, "it is read-only"));
    }
    stage(&place, bytes, Some(permissions))
}

fn unwritten(path: &Path, wrong: &str) -> Failure {
    Failure::of(Reason::World, format!("cannot write `{}`: {wrong}", shown(path)))
}

/// Writes a file beside its place, flushes it, and renames it: a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    stage(path, bytes, None)?.put()
}

/// A file that is whole beside its place. Gone where it is not put there.
pub(crate) struct Staged {
    beside: tempfile::NamedTempFile,
    place: PathBuf,
}

fn stage(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> Result<Staged, Failure> {
    let mut staged = begin(path, bytes)?;
    staged.flush(permissions)?;
    Ok(staged)
}

/// Writes a file beside its place, to be looked at before it is [finished](Staged::finish).
pub(crate) fn begin(path: &Path, bytes: &[u8]) -> Result<Staged, Failure> {
    // As root, a renamed file would take the place of a device.
    let wrong = match fs::metadata(path) {
        Ok(kind) if kind.is_dir() => Some("it is a folder; name a file in it"),
        Ok(kind) if !kind.is_file() => Some("it is no regular file"),
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(unwritten(path, wrong));
    }
    let written = || -> io::Result<tempfile::NamedTempFile> {
        let mut beside = tempfile::Builder::new()
            .prefix(".rolec-")
            .permissions_like_a_new_file()
            .tempfile_in(folder_of(path))?;
        beside.write_all(bytes)?;
        Ok(beside)
    };
    let beside = written().map_err(|error| unwritten(path, &plain(&error)))?;
    Ok(Staged { beside, place: path.to_owned() })
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Staged {
    /// Reads back what was written.
    pub(crate) fn read_back(&mut self) -> Result<Vec<u8>, Failure> {
        let mut read = || {
            let mut bytes = Vec::new();
            self.beside.rewind()?;
            self.beside.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error: io::Error| unreadable(&shown(&self.place), &error))
    }

    /// Writes other bytes over its first ones.
    pub(crate) fn rewrite_start(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.beside.rewind().and_then(|()| self.beside.write_all(bytes));
        written.map_err(|error| unwritten(&self.place, &plain(&error)))
    }

    /// Flushes it and puts it in its place.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush(None)?;
        self.put()
    }

    fn flush(&mut self, permissions: Option<fs::Permissions>) -> Result<(), Failure> {
        let file = self.beside.as_file();
        let set = permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions));
        set.and_then(|()| file.sync_all()).map_err(|error| unwritten(&self.place, &plain(&error)))
    }

    /// Puts it in its place.
    fn put(self) -> Result<(), Failure> {
        let Self { beside, place } = self;
        let put = beside.persist(&place).map_err(|error| error.error);
        // The new name is durable once the folder is.
        let put = put.and_then(|_| File::open(folder_of(&place))?.sync_all());
        put.map_err(|error| unwritten(&place, &plain(&error)))
    }
}

/// What a repository has before anything is in it: hidden files, what it is, what one may do with it.
fn is_of_a_new_repository(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_usual = ["readme", "license", "licence"].iter().any(|begin| name.starts_with(begin));
    name.starts_with('.') || (is_usual && !name.ends_with(".role"))
}

/// A folder that cannot be made.
fn unmade(path: &Path, error: &io::Error) -> Failure {
    Failure::of(Reason::World, format!("cannot make `{}`: {}", shown(path), plain(error)))
}

/// Makes a folder, and those that it is in, where they are not there.
pub(crate) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| unmade(path, &error))
}

/// Makes a folder, or takes one that is as good as empty.
pub(crate) fn make_empty_folder(path: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return make_folder(path),
        Err(error) => return Err(unmade(path, &error)),
    };
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<String>>>()
        .map_err(|error| unmade(path, &error))?;
    names.sort_unstable();
    match names.iter().find(|name| !is_of_a_new_repository(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "`{}` is not empty, `{name}` is there: name a new folder, nothing is written over",
                shown(path)
            );
            Err(Failure::of(Reason::World, message))
        }
    }
}

trait NewFile {
    fn permissions_like_a_new_file(&mut self) -> &mut Self;
}

impl NewFile for tempfile::Builder<'_, '_> {
    /// A temporary file is for its owner only; a table is for whom the umask says.
    #[cfg(unix)]
    fn permissions_like_a_new_file(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        self.permissions(fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_like_a_new_file(&mut self) -> &mut Self {
        self
    }
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::of(Reason::Unreadable, format!("cannot read `{name}`: {}", plain(error)))
}

/// An error in the words of the system alone: tempfile adds the name of a file that nobody asked about.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" at path \"").map_or(text.as_str(), |(plain, _)| plain).to_owned()
}
