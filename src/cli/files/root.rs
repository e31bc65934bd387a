//! The root of a run: the folder below which files may name each other. A policy may come from anybody, so what it
//! names with a quoted `use` must not lead out of where the user pointed.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::cli::files::is_stdin;

/// The root of a run: the current folder where all paths given lie in it, else the deepest folder that holds them all.
pub(super) struct Root {
    folder: PathBuf,
    here: PathBuf,
}

impl Root {
    /// The root of a run over some paths. One that leads nowhere is told where it is read.
    pub(super) fn of(paths: &[PathBuf]) -> io::Result<Self> {
        let here = fs::canonicalize(".")?;
        let folders: Vec<PathBuf> = paths.iter().filter_map(|path| folder_of(path, &here)).collect();
        let mut folder = here.clone();
        if !folders.iter().all(|one| one.starts_with(&here)) {
            folder = folders.first().cloned().unwrap_or_default();
            while !folders.iter().all(|one| one.starts_with(&folder)) && folder.pop() {}
        }
        Ok(Self { folder, here })
    }

    /// The path of a file from the root, with `/` between its parts: by what other files name it. A link is where it
    /// lies, not where it leads.
    pub(super) fn path_of(&self, file: &Path) -> Option<String> {
        let place = match is_stdin(file) {
            true => self.here.join(super::STDIN),
            false => {
                folder_of_file(file).and_then(|folder| fs::canonicalize(folder).ok())?.join(file.file_name()?)
            }
        };
        self.path_to(&place)
    }

    /// The same of a file that is there, as it really is.
    pub(super) fn path_to(&self, place: &Path) -> Option<String> {
        let mut path = String::new();
        for part in place.strip_prefix(&self.folder).ok()?.components() {
            let Component::Normal(part) = part else { return None };
            if !path.is_empty() {
                path.push('/');
            }
            path += &part.to_string_lossy();
        }
        Some(path)
    }

    /// The file of a path from the root.
    pub(super) fn file(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The folder itself, as it really is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a file lies below the root, wherever its links lead.
    pub(super) fn holds(&self, real: &Path) -> bool {
        real.starts_with(&self.folder)
    }
}

/// The folder that a path given stands for: itself, or that of the file.
pub(super) fn folder_of(path: &Path, here: &Path) -> Option<PathBuf> {
    if is_stdin(path) {
        return Some(here.to_owned());
    }
    if path.is_dir() {
        return fs::canonicalize(path).ok();
    }
    folder_of_file(path).and_then(|folder| fs::canonicalize(folder).ok())
}

pub(super) fn folder_of_file(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}
