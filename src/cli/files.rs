//! Files in and out: policies found and read, tables written whole or not at all.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::out::complain;
use crate::source::{FileId, Sources};
use crate::syntax::{import_path, imports};
use crate::vocab::limits;

const EXTENSION: &str = "role";
/// The name under which standard input appears.
const STDIN: &str = "<stdin>";

/// Reads the policy files at `paths`: files as they are, folders walked for `*.role`, `-` standard input, and the
/// files that they name with a quoted `use`.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Sources, Exit> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut reader = Reader { sources: Sources::new(), seen: HashSet::new() };
    for path in paths {
        reader.path(path)?;
    }
    reader.imports();
    Ok(reader.sources)
}

struct Reader {
    sources: Sources,
    seen: HashSet<PathBuf>,
}

impl Reader {
    fn path(&mut self, path: &Path) -> Result<(), Exit> {
        if path == Path::new("-") {
            if self.seen.insert(PathBuf::from(STDIN)) {
                let bytes = read_at_most(io::stdin().lock()).map_err(|error| unreadable(STDIN, &error))?;
                self.sources.add(STDIN, bytes);
            }
            return Ok(());
        }
        let kind = fs::metadata(path).map_err(|error| unreadable(&shown(path), &error))?;
        if kind.is_dir() {
            return self.folder(path);
        }
        if !kind.is_file() {
            let message = format!("`{}` is no regular file; pipe it in and name `-`", shown(path));
            return Err(complain(Exit::World, &message));
        }
        self.file(path).map_err(|error| unreadable(&shown(path), &error))
    }

    /// Every `.role` file below a folder, by path. Ignore files are honoured, links are not followed.
    fn folder(&mut self, folder: &Path) -> Result<(), Exit> {
        let mut walk = ignore::WalkBuilder::new(folder);
        walk.require_git(false).follow_links(false).sort_by_file_path(Ord::cmp);
        let mut found = false;
        for entry in walk.build() {
            let entry =
                entry.map_err(|error| complain(Exit::World, &format!("cannot walk the folder: {error}")))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && entry.path().extension().is_some_and(|extension| extension == EXTENSION) {
                found = true;
                self.file(entry.path()).map_err(|error| unreadable(&shown(entry.path()), &error))?;
            }
        }
        if found {
            return Ok(());
        }
        Err(complain(
            Exit::World,
            &format!(
                "there is no .role file below `{}`; name the folder or file of the policy",
                shown(folder)
            ),
        ))
    }

    /// A file, once however it is named.
    fn file(&mut self, path: &Path) -> io::Result<()> {
        let known = fs::canonicalize(path)?;
        if self.seen.insert(known) {
            let bytes = read_at_most(File::open(path)?)?;
            self.sources.add(shown(path), bytes);
        }
        Ok(())
    }

    /// The files that a quoted `use` names, and those that they name. One that cannot be read becomes a finding of
    /// the file that names it.
    fn imports(&mut self) {
        let mut next = 0;
        while let Some(file) = self.sources.file(FileId::at(next)) {
            next += 1;
            let wanted: Vec<String> =
                imports(file.text()).iter().map(|path| import_path(file.name(), path)).collect();
            for path in wanted {
                let path = PathBuf::from(path);
                if fs::metadata(&path).is_ok_and(|kind| kind.is_file()) {
                    let _ = self.file(&path);
                }
            }
        }
    }
}

/// All bytes, or one more than a file may have: what is too long is told by the lexer, and not read further.
fn read_at_most(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file whole.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Exit> {
    fs::read(path).map_err(|error| unreadable(&shown(path), &error))
}

/// Opens a file, or standard input for `-` and for none.
pub(crate) fn open(path: Option<&Path>) -> Result<io::BufReader<Box<dyn io::Read>>, Exit> {
    let reader: Box<dyn io::Read> = match path.filter(|path| *path != Path::new("-")) {
        None => Box::new(io::stdin()),
        Some(path) => {
            let file = File::open(path).map_err(|error| unreadable(&shown(path), &error))?;
            if file.metadata().is_ok_and(|kind| kind.is_dir()) {
                return Err(complain(Exit::World, &format!("`{}` is a folder", shown(path))));
            }
            Box::new(file)
        }
    };
    Ok(io::BufReader::with_capacity(1 << 16, reader))
}

/// Writes a file beside its place, flushes it, and renames it: a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Exit> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || -> io::Result<()> {
        let mut beside =
            tempfile::Builder::new().prefix(".rolec-").permissions_like_a_new_file().tempfile_in(folder)?;
        beside.write_all(bytes)?;
        beside.as_file().sync_all()?;
        beside.persist(path).map_err(|error| error.error)?;
        // The new name is durable once the folder is.
        File::open(folder)?.sync_all()
    };
    written().map_err(|error| complain(Exit::World, &format!("cannot write `{}`: {error}", shown(path))))
}

/// Makes a folder, or takes one that is empty.
pub(crate) fn make_empty_folder(path: &Path) -> Result<(), Exit> {
    let cannot =
        |error: &io::Error| complain(Exit::World, &format!("cannot make `{}`: {error}", shown(path)));
    match fs::read_dir(path).map(|entries| entries.count()) {
        Ok(1..) => {
            let message =
                format!("`{}` is not empty: name a new folder, nothing is written over", shown(path));
            Err(complain(Exit::World, &message))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path).map_err(|error| cannot(&error))
        }
        Err(error) => Err(cannot(&error)),
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

fn unreadable(name: &str, error: &io::Error) -> Exit {
    complain(Exit::World, &format!("cannot read `{name}`: {error}"))
}

/// A path as people write it: with `/`, and without a leading `./`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
