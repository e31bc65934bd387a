//! What was seen last of a signed table, in a file: read and written by one process at a time, whole and durably. What it
//! says is `sign`'s matter.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::files::locked::Beside;
use crate::cli::files::staged::folder_of;
use crate::cli::files::{plain, read, rewrite, unwritten, write};

/// A state that nobody else reads or writes, until it is dropped.
pub(crate) struct Kept {
    path: PathBuf,
    text: Option<String>,
    /// A file of its own, for the other one is replaced when it is written.
    _lock: Beside,
}

impl Kept {
    /// Waits for the state, and reads it.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let path = place(path)?;
        let mut name = path.clone().into_os_string();
        name.push(".lock");
        let lock = Beside::lock(name.into())?;
        let text = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // A text that is none is a damaged one.
            _ => Some(String::from_utf8(read(&path)?).unwrap_or_default()),
        };
        Ok(Self { path, text, _lock: lock })
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

/// Where a state is, however its path is spelled: what locks it is found by that.
fn place(path: &Path) -> Result<PathBuf, Failure> {
    let found = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
            fs::canonicalize(folder_of(path)).map(|folder| folder.join(path.file_name().unwrap_or_default()))
        }
        found => found,
    };
    found.map_err(|error| unwritten(path, &plain(&error)))
}
