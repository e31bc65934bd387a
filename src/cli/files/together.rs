//! Several files written as one: all of them, or none. A system has no such write, so that all are written beside their
//! places first, where nearly everything fails that can; and where a name cannot be changed after all, those before it
//! get their old text back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::files::{plain, restage, rewrite, unwritten};

/// Writes files that are there already.
pub(crate) fn rewrite_all(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let mut staged = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let before = fs::read(path).map_err(|error| unwritten(path, &plain(&error)))?;
        staged.push((path, before, restage(path, bytes)?));
    }
    let mut done: Vec<(&Path, Vec<u8>)> = Vec::with_capacity(files.len());
    for (path, before, file) in staged {
        if let Err(mut failure) = file.put() {
            for (path, before) in &done {
                if let Err(other) = rewrite(path, before) {
                    failure.join(other);
                }
            }
            return Err(failure);
        }
        done.push((path, before));
    }
    Ok(())
}
