//! What was seen last of a signed table, in a file: read and written by one process at a time, whole and durably. What it
//! says is `sign`'s matter.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::files::{plain, read, rewrite, unwritten, write};

/// A state that nobody else reads or writes, until it is dropped.
pub(crate) struct Kept {
    path: PathBuf,
    text: Option<String>,
    /// Locked. A file of its own, for the other one is replaced when it is written; it stays, empty.
    _lock: File,
}

impl Kept {
    /// Waits for the state, and reads it.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let mut name = OsString::from(path);
        name.push(".lock");
        let locked = || {
            let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&name)?;
            lock.lock()?;
            Ok(lock)
        };
        let lock = locked().map_err(|error: io::Error| unwritten(Path::new(&name), &plain(&error)))?;
        let text = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // A text that is none is a damaged one.
            _ => Some(String::from_utf8(read(path)?).unwrap_or_default()),
        };
        Ok(Self { path: path.to_owned(), text, _lock: lock })
    }

    /// What it says; none where nothing was seen yet.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Writes what was seen.
    pub(crate) fn put(&self, text: &str) -> Result<(), Failure> {
        match self.text {
            Some(_) => rewrite(&self.path, text.as_bytes()),
            None => write(&self.path, text.as_bytes()),
        }
    }
}
