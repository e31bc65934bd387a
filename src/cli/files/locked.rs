//! Files that one process at a time has to itself. Whoever may open a file can lock it, so nobody waits for ever.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::files::staged::folder_of;
use crate::cli::files::{open_whole, plain, unreadable, unwritten};
use crate::found::shown;

/// How often it is tried, and what lies between: ten seconds in all.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);

fn lock(file: &File) -> io::Result<()> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    let busy = "another program has it locked, and does not let go: see which, and try again";
    Err(io::Error::new(io::ErrorKind::WouldBlock, busy))
}

/// A file that is there for its lock alone, and only as long as somebody has it.
pub(super) struct Beside {
    path: PathBuf,
    _locked: File,
}

impl Drop for Beside {
    fn drop(&mut self) {
        // While the lock is still ours: whoever waits for it finds that its name is gone, and makes a new one. Where nobody
        // can find that, the file stays.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Beside {
    /// Makes the file where it is not there, and locks it.
    pub(super) fn lock(path: PathBuf) -> Result<Self, Failure> {
        match locked(&path) {
            Ok(file) => Ok(Self { path, _locked: file }),
            Err(error) => Err(unwritten(&path, &plain(&error))),
        }
    }
}

fn locked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // Nobody else has a reason to open it; a pipe in its place is not waited for, and a link not followed.
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    for _ in 0..TRIES {
        let (file, is_new) = match options.clone().create_new(true).open(path) {
            Ok(file) => (file, true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match options.open(path) {
                Ok(file) => (file, false),
                // Whoever had it has let go.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            },
            Err(error) => return Err(error),
        };
        let is_locked = || {
            let found = file.metadata()?;
            if !found.is_file() {
                return Err(io::Error::other("it is no regular file"));
            }
            // It would be taken away afterwards.
            if found.len() > 0 {
                return Err(io::Error::other(
                    "it holds something, so it is no lock: give the state another name",
                ));
            }
            lock(&file)?;
            // Gone or made anew while we waited, it is not the one that the others lock.
            match is_at(&file, path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                is_there => is_there,
            }
        };
        match is_locked() {
            Ok(true) => return Ok(file),
            Ok(false) => {}
            Err(error) => {
                // Where nothing can be locked nobody else has it; who waited in vain leaves it to whoever has it.
                if is_new && error.kind() != io::ErrorKind::WouldBlock {
                    let _ = fs::remove_file(path);
                }
                return Err(error);
            }
        }
    }
    Err(io::Error::other("other programs lock it again and again"))
}

/// The folders of some files, in which one process at a time changes a policy.
pub(super) struct Turn {
    _locked: Vec<File>,
}

impl Turn {
    /// Waits until no other process of ours changes anything there.
    #[cfg(unix)]
    pub(super) fn beside<'p>(files: impl Iterator<Item = &'p Path>) -> Result<Self, Failure> {
        let mut folders = std::collections::BTreeSet::new();
        for path in files {
            let place = fs::canonicalize(path).map_err(|error| unwritten(path, &plain(&error)))?;
            folders.insert(folder_of(&place).to_owned());
        }
        // In one order, so that no two wait for each other.
        let locked = folders.iter().map(|folder| {
            let opened = File::open(folder).and_then(|opened| lock(&opened).map(|()| opened));
            opened.map_err(|error| unwritten(folder, &plain(&error)))
        });
        Ok(Self { _locked: locked.collect::<Result<_, Failure>>()? })
    }

    /// Folders cannot be locked here.
    #[cfg(not(unix))]
    pub(super) fn beside<'p>(_: impl Iterator<Item = &'p Path>) -> Result<Self, Failure> {
        Ok(Self { _locked: Vec::new() })
    }
}

/// Locks a file that is there, and says where it is. Whoever waited for one that was replaced meanwhile takes the new one.
pub(crate) fn lock_file(path: &Path) -> Result<(PathBuf, File), Failure> {
    let failed = |error: &io::Error| unreadable(&shown(path), error);
    for _ in 0..TRIES {
        let (file, _) = open_whole(path)?;
        lock(&file).map_err(|error| failed(&error))?;
        let place = fs::canonicalize(path).map_err(|error| failed(&error))?;
        if is_at(&file, &place).map_err(|error| failed(&error))? {
            return Ok((place, file));
        }
    }
    Err(failed(&io::Error::other("other programs replace it again and again")))
}

#[cfg(unix)]
fn is_at(file: &File, place: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (opened, there) = (file.metadata()?, fs::metadata(place)?);
    Ok((opened.dev(), opened.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}
