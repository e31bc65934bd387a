//! A file on its way to its place: whole and flushed beside it, then renamed. A crash leaves the old one or the new one,
//! and at worst a file beside it that nobody reads, which the next run that writes into that folder takes away. Knows of
//! one file only.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::files::{plain, unreadable, unwritten};
use crate::found::{open_file, read_at_most, shown};

/// How the name of a file begins that stands beside its place, and how it ends. In between are [`RANDOM`] letters.
const PREFIX: &str = ".rolec-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 12;

/// A file beside its place. Gone where it is not put there.
pub(crate) struct Staged {
    beside: tempfile::NamedTempFile,
    place: PathBuf,
}

impl Staged {
    /// Writes a file beside its place and flushes it, with permissions; without any, as [`begin`](Self::begin) does.
    pub(super) fn new(
        place: &Path,
        bytes: &[u8],
        permissions: Option<fs::Permissions>,
    ) -> Result<Self, Failure> {
        let staged = match permissions {
            Some(permissions) => Self::with(place, bytes, Some(permissions))?,
            None => Self::begin(place, bytes)?,
        };
        staged.flush()?;
        Ok(staged)
    }

    /// Writes a file beside its place, to be looked at before it is flushed and put there: where a link leads, and with the
    /// permissions of the file that is there.
    pub(crate) fn begin(place: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        if fs::symlink_metadata(place).is_err() {
            return Self::with(place, bytes, None);
        }
        can_be_replaced(place)?;
        let led = fs::canonicalize(place).and_then(|led| Ok((fs::metadata(&led)?.permissions(), led)));
        let (permissions, led) = led.map_err(|error| unwritten(place, &plain(&error)))?;
        Self::with(&led, bytes, Some(permissions))
    }

    fn with(place: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> Result<Self, Failure> {
        can_be_replaced(place)?;
        let written = || -> io::Result<tempfile::NamedTempFile> {
            // Narrow from the very first: whoever opens it has it, whatever its permissions are afterwards.
            let mut beside = begun(folder_of(place), if permissions.is_some() { 0o600 } else { 0o666 })?;
            if let Some(permissions) = permissions {
                beside.as_file().set_permissions(permissions)?;
            }
            beside.write_all(bytes)?;
            Ok(beside)
        };
        let beside = written().map_err(|error| unwritten(place, &plain(&error)))?;
        Ok(Self { beside, place: place.to_owned() })
    }

    /// Reads back what was written, and refuses it where that is anything else.
    pub(crate) fn holds(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut read = || {
            self.beside.rewind()?;
            let (mut rest, mut piece) = (bytes, vec![0; 1 << 18]);
            loop {
                let count = self.beside.read(&mut piece)?;
                let found = piece.get(..count).unwrap_or_default();
                match rest.strip_prefix(found) {
                    Some(_) if found.is_empty() => return Ok(rest.is_empty()),
                    Some(left) => rest = left,
                    None => return Ok(false),
                }
            }
        };
        match read() {
            Ok(true) => Ok(()),
            Ok(false) => Err(unwritten(&self.place, "what was read back is not what was written")),
            Err(error) => Err(unreadable(&shown(&self.place), &error)),
        }
    }

    /// Writes other bytes over its first ones.
    pub(crate) fn rewrite_start(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.beside.rewind().and_then(|()| self.beside.write_all(bytes));
        written.map_err(|error| self.failed(&error))
    }

    /// Writes more behind its last bytes.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.beside.seek(SeekFrom::End(0)).and_then(|_| self.beside.write_all(bytes));
        written.map_err(|error| self.failed(&error))
    }

    pub(super) fn flush(&self) -> Result<(), Failure> {
        self.beside.as_file().sync_all().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        unwritten(&self.place, &plain(error))
    }

    /// Puts it in its place. It is certain to stay once its [`folder`](Self::folder) is flushed.
    pub(super) fn put(self) -> Result<(), Failure> {
        let Self { beside, place } = self;
        beside.persist(&place).map(drop).map_err(|error| unwritten(&place, &plain(&error.error)))
    }

    /// Puts it in its place where nothing is there yet, and makes certain that it stays.
    pub(super) fn put_new(self) -> io::Result<()> {
        let Self { beside, place } = self;
        beside.persist_noclobber(&place).map_err(|error| error.error)?;
        // What may not last is not there.
        flush(folder_of(&place)).inspect_err(|_| drop(fs::remove_file(&place)))
    }

    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    pub(super) fn folder(&self) -> &Path {
        folder_of(&self.place)
    }
}

/// Whether a run that was killed has left these bytes beside a place, whole.
pub(crate) fn is_left_beside(place: &Path, bytes: &[u8]) -> bool {
    let Ok(place) = fs::canonicalize(place) else { return false };
    let Ok(entries) = fs::read_dir(folder_of(&place)) else { return false };
    entries.flatten().any(|entry| {
        entry.file_name().to_str().is_some_and(is_ours)
            && open_file(&entry.path()).is_ok_and(|file| {
                let read = file.map(read_at_most);
                matches!(read, Some(Ok(found)) if found == bytes)
            })
    })
}

/// Whether a name is one of those that stand beside their places.
fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Refuses what is no regular file: as root, a renamed file would take the place of a device.
fn can_be_replaced(place: &Path) -> Result<(), Failure> {
    match fs::metadata(place) {
        Ok(kind) if kind.is_dir() => Err(unwritten(place, "it is a folder; name a file in it")),
        Ok(kind) if !kind.is_file() => Err(unwritten(place, "it is no regular file")),
        _ => Ok(()),
    }
}

/// Flushes a folder: the names in it last from then on.
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder is no file that could be flushed.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg_attr(not(unix), allow(unused_variables, reason = "modes are of Unix"))]
fn beside(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    // What the umask leaves of it.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    builder
}

#[cfg(not(unix))]
fn begun(folder: &Path, mode: u32) -> io::Result<tempfile::NamedTempFile> {
    beside(mode).tempfile_in(folder)
}

/// A new file in a folder, locked as long as we live: by that others know that it is not left over.
#[cfg(unix)]
fn begun(folder: &Path, mode: u32) -> io::Result<tempfile::NamedTempFile> {
    use rustix::fs::{FlockOperation, flock, fstat};

    /// Somebody may sweep between our two steps, which is seen, and done again. Not for ever.
    const TRIES: usize = 16;
    sweep::once(folder);
    for _ in 0..TRIES {
        let file = beside(mode).tempfile_in(folder)?;
        // Where files cannot be locked nobody can lock ours either, and so nobody takes it away.
        let _ = flock(file.as_file(), FlockOperation::LockExclusive);
        if fstat(file.as_file())?.st_nlink > 0 {
            return Ok(file);
        }
        // What is at its path now, if anything, is somebody else's.
        drop(file.into_temp_path().keep());
    }
    Err(io::Error::other("another program takes our files away"))
}

/// Files beside their places whose writer is gone.
#[cfg(unix)]
mod sweep {
    use std::collections::BTreeSet;
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};

    use rustix::fs::{CWD, Dir, FlockOperation, Mode, OFlags, flock, openat};

    use super::is_ours;

    /// The folders that this process has looked through: a run that writes a thousand files looks once.
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

    /// Takes away what is left over in a folder. What cannot be is no reason not to write.
    pub(super) fn once(folder: &Path) {
        if !SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned()) {
            return;
        }
        // Not the standard library's: that panics where a folder cannot be closed, and there may be a folder to take back.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(entries) = openat(CWD, folder, flags, Mode::empty()).and_then(Dir::new) else { return };
        for entry in entries.flatten() {
            if let Some(name) = entry.file_name().to_str().ok().filter(|name| is_ours(name)) {
                take_away(&folder.join(name));
            }
        }
    }

    /// Takes a file away that nobody has locked. Its lock is ours from then on, so that nobody else can come by that name:
    /// only who holds the lock of a file gives it another name or takes it away.
    fn take_away(path: &Path) {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(file) = openat(CWD, path, flags, Mode::empty()).map(fs::File::from) else { return };
        let (Ok(opened), Ok(())) = (file.metadata(), flock(&file, FlockOperation::NonBlockingLockExclusive))
        else {
            return;
        };
        // Renamed since it was opened, it is a file in its place, and not left over.
        let is_there = fs::symlink_metadata(path)
            .is_ok_and(|there| there.dev() == opened.dev() && there.ino() == opened.ino());
        if opened.is_file() && is_there {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::{Staged, sweep};

    #[test]
    fn only_what_is_left_over_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let others = [".rolec-0123456789ab", ".rolec-0123456789abc.tmp", ".rolec-01234567-9ab.tmp", "x.tmp"];
        for name in others {
            fs::write(at(name), "theirs").unwrap();
        }
        fs::write(at(".rolec-0123456789ab.tmp"), "left over").unwrap();
        fs::create_dir(at(".rolec-0123456789ac.tmp")).unwrap();
        std::os::unix::fs::symlink("x.tmp", at(".rolec-0123456789ad.tmp")).unwrap();
        // A writer that lives, and one that comes while it does.
        let living = Staged::new(&at("a"), b"a", None).unwrap();
        assert!(!at(".rolec-0123456789ab.tmp").exists(), "it is taken away by the first writer");
        fs::write(at(".rolec-0123456789ab.tmp"), "left over").unwrap();
        let beside = living.beside.path().to_owned();
        // By another spelling, as another process would.
        fs::create_dir(at("b")).unwrap();
        sweep::once(&at("b").join(".."));
        fs::remove_dir(at("b")).unwrap();
        assert!(!at(".rolec-0123456789ab.tmp").exists() && beside.exists());
        living.put().unwrap();
        assert_eq!(fs::read(at("a")).unwrap(), b"a");
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let mut wanted = Vec::from(others);
        wanted.extend([".rolec-0123456789ac.tmp", ".rolec-0123456789ad.tmp", "a"]);
        wanted.sort_unstable();
        assert_eq!(names, wanted);
    }
}
