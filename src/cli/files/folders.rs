//! Folders made and filled: with all files, or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::staged::{flush, folder_of};
use crate::cli::files::{plain, together};
use crate::found::shown;

/// Writes files into a folder, all or none. It is made where it is not there, and those that it is in; and where the
/// files cannot be written, those that were made are gone again.
pub(crate) fn fill(folder: &Path, files: &[(&str, &[u8])]) -> Result<(), Failure> {
    let made = made(folder)?;
    let files: Vec<(PathBuf, &[u8])> =
        files.iter().map(|(name, bytes)| (folder.join(name), *bytes)).collect();
    let filled = together::write_all(&files);
    if filled.is_err() {
        take_away(&made);
    } else {
        for folder in &made {
            flush(folder_of(folder)).map_err(|error| unmade(folder, &error))?;
        }
    }
    filled
}

/// Makes a folder, and those that it is in. Those that were not there, the outermost first.
fn made(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .filter(|above| !above.as_os_str().is_empty())
        .take_while(|above| matches!(fs::symlink_metadata(above), Err(error) if error.kind() == io::ErrorKind::NotFound))
        .collect();
    let mut made = Vec::with_capacity(missing.len());
    for folder in missing.into_iter().rev() {
        match fs::create_dir(folder) {
            Ok(()) => made.push(folder.to_owned()),
            // Somebody else was faster, and it is theirs.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => {
                take_away(&made);
                return Err(unmade(folder, &error));
            }
        }
    }
    // It is there, or is something else, of which the system knows what to say.
    if !folder.is_dir() {
        fs::create_dir_all(folder).map_err(|error| unmade(folder, &error))?;
    }
    Ok(made)
}

/// Takes folders away that are empty, the innermost first.
fn take_away(made: &[PathBuf]) {
    made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
}

/// A folder that cannot be made.
fn unmade(path: &Path, error: &io::Error) -> Failure {
    Failure::of(Reason::World, format!("cannot make `{}`: {}", shown(path), plain(error)))
}

/// Refuses a folder that is there and is not as good as empty.
pub(crate) fn is_fillable(path: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
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

/// What a repository has before anything is in it: hidden files, what it is, what one may do with it.
fn is_of_a_new_repository(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_usual = ["readme", "license", "licence"].iter().any(|begin| name.starts_with(begin));
    name.starts_with('.') || (is_usual && !name.ends_with(".role"))
}
