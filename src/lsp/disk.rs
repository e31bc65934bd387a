//! Files as they are on disk: the one file of the server that reads them. What is open in the editor is `documents`'
//! business. Writes nothing but the texts of built-in catalogs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::found::{open_file, read_at_most};
use crate::table::Table;
use crate::told::SETTINGS;

/// What is at a path.
#[derive(Debug)]
pub(super) enum Found {
    /// A file that can be read.
    Text(Vec<u8>),
    /// Something that cannot, or is not to be: a folder, a device, a compiled table.
    Unread,
    Nothing,
}

/// Reads a file. Editors leave a byte order mark out of their texts, so it is left out here: columns are the same
/// before and after a file is opened.
pub(super) fn read(path: &Path) -> Found {
    let is_absence =
        |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    match fs::metadata(path) {
        Ok(kind) if kind.is_file() => {}
        Err(error) if is_absence(&error) => return Found::Nothing,
        _ => return Found::Unread,
    }
    // What is read is what was opened: a pipe that took its place is not waited for.
    let file = match open_file(path) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => return Found::Unread,
        Err(error) => Err(error),
    };
    match file.and_then(read_at_most) {
        Ok(bytes) if Table::is_begun(&bytes) => Found::Unread,
        Ok(mut bytes) => {
            if bytes.starts_with("\u{feff}".as_bytes()) {
                bytes.drain(..'\u{feff}'.len_utf8());
            }
            Found::Text(bytes)
        }
        Err(error) if is_absence(&error) => Found::Nothing,
        Err(_) => Found::Unread,
    }
}

/// The settings file of a folder: the nearest one from there upwards. Where that cannot be read there are none, for
/// those further up are not meant.
pub(super) fn settings(folder: &Path) -> Option<(PathBuf, Vec<u8>)> {
    let nearest = folder.ancestors().map(|above| above.join(SETTINGS)).find_map(|path| match read(&path) {
        Found::Text(bytes) => Some(Some((path, bytes))),
        Found::Unread => Some(None),
        Found::Nothing => None,
    });
    nearest.flatten()
}

/// Where an editor finds the text of a file that came with the program: below a folder of ours, written where it is not
/// there as it should be. None where that cannot be.
pub(super) fn written_out(folder: &Path, name: &str, text: &str) -> Option<PathBuf> {
    let path = folder.join(name.strip_prefix("builtin:")?);
    if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
        return Some(path);
    }
    fs::create_dir_all(path.parent()?).ok()?;
    // Beside its place and renamed: another server may read it now.
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let put = || -> io::Result<()> {
        fs::write(&beside, text)?;
        let mut permissions = fs::metadata(&beside)?.permissions();
        permissions.set_readonly(true);
        // An editor that may write to it does no harm: the compiler knows its own.
        let _ = fs::set_permissions(&beside, permissions);
        fs::rename(&beside, &path)
    };
    if put().is_err() {
        let _ = fs::remove_file(&beside);
        return None;
    }
    Some(path)
}

/// The name of the file of a built-in catalog that [`written_out`] puts at a path, by which it is known.
pub(super) fn name_of_written(folder: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(key(folder)).ok()?;
    let parts: Vec<&str> = inside.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    Some(format!("builtin:{}", parts.join("/")))
}

/// Whether a path leads to a regular file.
pub(super) fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|kind| kind.is_file())
}

/// A path by which a file is known however it is named. Of one that is not there, by its folder.
pub(super) fn key(path: &Path) -> PathBuf {
    let of_folder = || Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(of_folder).unwrap_or_else(|| path.to_owned())
}
