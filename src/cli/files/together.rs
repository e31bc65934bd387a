//! Files written, several of them as one: all of them, or none. A system has no such write, so that all are written beside
//! their places first, where nearly everything fails that can; and where a name cannot be changed after all, those before
//! it get their old text back. A process that is killed between two names leaves each file whole, the old or the new one.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::staged::{Staged, flush};
use crate::cli::files::{plain, unwritten};
use crate::found::shown;

/// Writes a file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put(vec![(Staged::new(path, bytes, None)?, Before::Unknown)])
}

/// Puts a file in its place that was looked at beside it.
pub(crate) fn finish(staged: Staged) -> Result<(), Failure> {
    staged.flush()?;
    put(vec![(staged, Before::Unknown)])
}

/// Writes files, all or none.
pub(super) fn write_all(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let staged = files.iter().map(|(path, bytes)| Ok((Staged::new(path, bytes, None)?, Before::of(path)?)));
    put(staged.collect::<Result<_, Failure>>()?)
}

/// Writes a file that is there already: where its link leads, and with its permissions.
pub(crate) fn rewrite(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put(vec![(restage(path, bytes)?, Before::Unknown)])
}

/// Writes files that are there already, all or none.
pub(super) fn rewrite_all(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let staged = files.iter().map(|(path, bytes)| {
        let staged = restage(path, bytes)?;
        let before = Before::of(staged.place())?;
        Ok((staged, before))
    });
    put(staged.collect::<Result<_, Failure>>()?)
}

/// A file that is there already, written beside its place.
fn restage(path: &Path, bytes: &[u8]) -> Result<Staged, Failure> {
    let place = fs::canonicalize(path).map_err(|error| unwritten(path, &plain(&error)))?;
    let permissions = fs::metadata(&place).map_err(|error| unwritten(path, &plain(&error)))?.permissions();
    // A rename does not ask, so we do.
    if permissions.readonly() {
        return Err(unwritten(path, "it is read-only"));
    }
    Staged::new(&place, bytes, Some(permissions))
}

/// What was in a place before, to be put back.
enum Before {
    /// It is a file alone, of which nothing is put back.
    Unknown,
    Nothing,
    Text(Vec<u8>, fs::Permissions),
}

impl Before {
    fn of(path: &Path) -> Result<Self, Failure> {
        let read = || Ok((fs::read(path)?, fs::metadata(path)?.permissions()));
        match read() {
            Ok((bytes, permissions)) => Ok(Self::Text(bytes, permissions)),
            Err(error) if io::Error::kind(&error) == io::ErrorKind::NotFound => Ok(Self::Nothing),
            Err(error) => Err(unwritten(path, &plain(&error))),
        }
    }

    fn put_back(self, place: &Path) -> Result<(), Failure> {
        match self {
            Self::Unknown => Ok(()),
            Self::Nothing => fs::remove_file(place).map_err(|error| unwritten(place, &plain(&error))),
            Self::Text(bytes, permissions) => Staged::new(place, &bytes, Some(permissions))?.put(),
        }
    }
}

/// Puts files in their places, or none of them.
fn put(staged: Vec<(Staged, Before)>) -> Result<(), Failure> {
    let mut done: Vec<(PathBuf, Before)> = Vec::with_capacity(staged.len());
    let mut folders = BTreeSet::new();
    let mut failed = None;
    for (file, before) in staged {
        let place = file.place().to_owned();
        folders.insert(file.folder().to_owned());
        match file.put() {
            Ok(()) => done.push((place, before)),
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        }
    }
    if let Some(mut failure) = failed {
        for (place, before) in done {
            if let Err(other) = before.put_back(&place) {
                failure.join(other);
            }
        }
        // What was put back is as certain as can be; that it failed is told already.
        folders.iter().for_each(|folder| drop(flush(folder)));
        return Err(failure);
    }
    // Put back now, the old text would be no more certain than the new one is.
    let unsure = folders.iter().find_map(|folder| flush(folder).err().map(|error| (folder, error)));
    unsure.map_or(Ok(()), |(folder, error)| {
        let (folder, error) = (shown(folder), plain(&error));
        let message = format!("what was written into `{folder}` may not outlast a power failure: {error}");
        Err(Failure::of(Reason::World, message))
    })
}
