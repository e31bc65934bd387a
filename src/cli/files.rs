//! Files in and out: policies found and read, tables written whole or not at all.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::out::complain;
use crate::source::{FileId, Provenance, SourceFile, Sources};
use crate::syntax::{import_path, imports};
use crate::table::Table;
use crate::vocab::limits;

const EXTENSION: &str = "role";
/// The name under which standard input appears.
const STDIN: &str = "<stdin>";

/// Reads the policy files at `paths`: files as they are, folders walked for `*.role`, `-` standard input, and the
/// files that they name with a quoted `use`. They come in the order of their names, however they were named.
pub(crate) fn sources(paths: &[PathBuf]) -> Result<Sources, Exit> {
    Ok(read_all(paths)?.0)
}

/// The same, and which of the files `paths` themselves name, with their places: those that were only read along are
/// nobody's to change. Standard input has no place.
pub(crate) fn sources_to_format(paths: &[PathBuf]) -> Result<(Sources, Vec<Asked>), Exit> {
    read_all(paths)
}

/// A file that was asked for, and where it is.
pub(crate) type Asked = (FileId, Option<PathBuf>);

fn read_all(paths: &[PathBuf]) -> Result<(Sources, Vec<Asked>), Exit> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut reader = Reader { files: Vec::new(), seen: HashSet::new() };
    for path in paths {
        reader.path(path)?;
    }
    reader.imports();
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
    Ok((sources, asked))
}

/// Whether a path is one of the files that were read.
pub(crate) fn is_among(sources: &Sources, path: &Path) -> bool {
    let given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
    let mut places = given.filter_map(|(_, file)| fs::canonicalize(file.name()).ok());
    fs::canonicalize(path).is_ok_and(|path| places.any(|place| place == path))
}

/// A walk for the policy files below a folder. Ignore files are honoured, links are not followed.
pub(crate) fn walk(folder: &Path) -> ignore::WalkBuilder {
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.require_git(false).follow_links(false).sort_by_file_path(Ord::cmp);
    walk
}

/// Whether a file found on a walk is one of the policy, by its name.
pub(crate) fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION)
}

/// Whether files are still as they were read.
pub(crate) fn are_as_read(sources: &Sources) -> bool {
    let mut given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
    given.all(|(_, file)| {
        let bytes = File::open(file.name()).and_then(read_at_most);
        bytes.is_ok_and(|bytes| SourceFile::new(file.name(), bytes, Provenance::Given).text() == file.text())
    })
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
    files: Vec<(SourceFile, Origin)>,
    seen: HashSet<PathBuf>,
}

impl Reader {
    fn path(&mut self, path: &Path) -> Result<(), Exit> {
        if is_stdin(path) {
            if self.seen.insert(PathBuf::from(STDIN)) {
                let bytes = read_at_most(io::stdin().lock()).map_err(|error| unreadable(STDIN, &error))?;
                self.add(STDIN, bytes, Origin::Stdin);
            }
            return Ok(());
        }
        if path.is_dir() {
            return self.folder(path);
        }
        regular(path)?;
        self.file(path)
    }

    fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>, origin: Origin) {
        self.files.push((SourceFile::new(name, bytes, Provenance::Given), origin));
    }

    /// Every `.role` file below a folder, by path. Ignore files are honoured, links are not followed.
    fn folder(&mut self, folder: &Path) -> Result<(), Exit> {
        let mut found = false;
        for entry in walk(folder).build() {
            let entry =
                entry.map_err(|error| complain(Exit::World, &format!("cannot walk the folder: {error}")))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && is_policy(entry.path()) {
                found = true;
                self.file(entry.path())?;
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
    fn file(&mut self, path: &Path) -> Result<(), Exit> {
        match self.unseen(path).map_err(|error| unreadable(&shown(path), &error))? {
            Some(bytes) if Table::is_begun(&bytes) => {
                let message = format!(
                    "`{}` is a compiled table, not a policy; the verbs that ask take it with `--table`",
                    shown(path)
                );
                Err(complain(Exit::Usage, &message))
            }
            Some(bytes) => {
                self.add(shown(path), bytes, Origin::At(path.to_owned()));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The bytes of a file that was not read before.
    fn unseen(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let is_new = self.seen.insert(fs::canonicalize(path)?);
        if is_new { read_at_most(File::open(path)?).map(Some) } else { Ok(None) }
    }

    /// The files that a quoted `use` names, and those that they name. One that cannot be read becomes a finding of
    /// the file that names it.
    fn imports(&mut self) {
        let mut next = 0;
        while let Some((file, _)) = self.files.get(next) {
            next += 1;
            // Told by the lexer, and not read further.
            if file.text().len() > limits::FILE_BYTES {
                continue;
            }
            let wanted: Vec<String> =
                imports(file.text()).iter().map(|path| import_path(file.name(), path)).collect();
            for path in wanted {
                let path = PathBuf::from(path);
                if path.is_file()
                    && let Ok(Some(bytes)) = self.unseen(&path)
                {
                    self.add(shown(&path), bytes, Origin::Import);
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
    regular(path)?;
    fs::read(path).map_err(|error| unreadable(&shown(path), &error))
}

/// Opens a file, or standard input for `-` and for none.
pub(crate) fn open(path: Option<&Path>) -> Result<io::BufReader<Box<dyn io::Read>>, Exit> {
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

/// Refuses what is no regular file: a pipe that nobody writes to and a device would be read for ever.
fn regular(path: &Path) -> Result<(), Exit> {
    let kind = fs::metadata(path).map_err(|error| unreadable(&shown(path), &error))?;
    let wrong = match (kind.is_dir(), kind.is_file()) {
        (_, true) => return Ok(()),
        (true, _) => "it is a folder",
        (false, false) => "it is no regular file; where `-` can be named, pipe it in",
    };
    Err(complain(Exit::World, &format!("cannot read `{}`: {wrong}", shown(path))))
}

/// Writes a file that is there already: where its link leads, and with its permissions.
pub(crate) fn rewrite(path: &Path, bytes: &[u8]) -> Result<(), Exit> {
    let cannot =
        |error: &io::Error| complain(Exit::World, &format!("cannot write `{}`: {error}", shown(path)));
    let place = fs::canonicalize(path).map_err(|error| cannot(&error))?;
    let permissions = fs::metadata(&place).map_err(|error| cannot(&error))?.permissions();
    // A rename does not ask, so we do.
    if permissions.readonly() {
        return Err(complain(Exit::World, &format!("cannot write `{}`: it is read-only", shown(path))));
    }
    write_as(&place, bytes, Some(permissions))
}

/// Writes a file beside its place, flushes it, and renames it: a crash leaves the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Exit> {
    write_as(path, bytes, None)
}

fn write_as(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> Result<(), Exit> {
    // As root, a renamed file would take the place of a device.
    let wrong = match fs::metadata(path) {
        Ok(kind) if kind.is_dir() => Some("it is a folder; name a file in it"),
        Ok(kind) if !kind.is_file() => Some("it is no regular file"),
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(complain(Exit::World, &format!("cannot write `{}`: {wrong}", shown(path))));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || -> io::Result<()> {
        let mut beside =
            tempfile::Builder::new().prefix(".rolec-").permissions_like_a_new_file().tempfile_in(folder)?;
        beside.write_all(bytes)?;
        if let Some(permissions) = permissions {
            beside.as_file().set_permissions(permissions)?;
        }
        beside.as_file().sync_all()?;
        beside.persist(path).map_err(|error| error.error)?;
        // The new name is durable once the folder is.
        File::open(folder)?.sync_all()
    };
    written().map_err(|error| complain(Exit::World, &format!("cannot write `{}`: {error}", shown(path))))
}

/// What a repository has before anything is in it: hidden files, what it is, what one may do with it.
fn is_of_a_new_repository(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_usual = ["readme", "license", "licence"].iter().any(|begin| name.starts_with(begin));
    name.starts_with('.') || (is_usual && !name.ends_with(".role"))
}

/// Makes a folder, and those that it is in, where they are not there.
pub(crate) fn make_folder(path: &Path) -> Result<(), Exit> {
    fs::create_dir_all(path)
        .map_err(|error| complain(Exit::World, &format!("cannot make `{}`: {error}", shown(path))))
}

/// Makes a folder, or takes one that is as good as empty.
pub(crate) fn make_empty_folder(path: &Path) -> Result<(), Exit> {
    let cannot =
        |error: &io::Error| complain(Exit::World, &format!("cannot make `{}`: {error}", shown(path)));
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return make_folder(path),
        Err(error) => return Err(cannot(&error)),
    };
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<String>>>()
        .map_err(|error| cannot(&error))?;
    names.sort_unstable();
    match names.iter().find(|name| !is_of_a_new_repository(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "`{}` is not empty, `{name}` is there: name a new folder, nothing is written over",
                shown(path)
            );
            Err(complain(Exit::World, &message))
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
