//! Which folders are watched, and what of that which happens there counts. Looks where files and folders are, and reads
//! none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::found::{Ignored, below, has_extension, unread_ignore};
use crate::source::{Provenance, Sources};
use crate::syntax;
use crate::told::SETTINGS;

/// A path that was given.
pub(super) struct Given {
    path: PathBuf,
    /// Where it was when the watch began: it may go and come back.
    place: PathBuf,
}

impl Given {
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), place: located(path) }
    }
}

/// What an event at a path means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Nothing,
    /// Perhaps other files count now.
    Look,
    /// What counts has changed.
    Change,
}

/// What counts at a moment. All paths are absolute, links in their folders followed: so do events name them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The folders to watch, each by itself.
    folders: BTreeSet<PathBuf>,
    /// The folders that a walk goes through.
    walked: BTreeSet<PathBuf>,
    /// The policy files found there, and settings, and ignore files that cannot be read.
    files: BTreeSet<PathBuf>,
    /// What was given or is named by a `use`, there or not.
    named: BTreeSet<PathBuf>,
    /// Ignore files above the walked folders: they are honoured too.
    ignores: BTreeSet<PathBuf>,
}

impl Places {
    /// What counts now, given paths and imports.
    pub(super) fn of(given: &[Given], imports: &BTreeSet<PathBuf>) -> Self {
        let mut places = Self::default();
        for given in given {
            places.name(&given.path, &given.place);
            places.settings(&given.place);
            if let Ok(folder) = given.path.canonicalize()
                && folder.is_dir()
            {
                places.walk(&folder);
            }
        }
        imports.iter().for_each(|path| places.name(path, &located(path)));
        places
    }

    pub(super) fn folders(&self) -> &BTreeSet<PathBuf> {
        &self.folders
    }

    /// The policy files that walks find.
    pub(super) fn files(&self) -> &BTreeSet<PathBuf> {
        &self.files
    }

    /// What an event at a path means.
    pub(super) fn meaning(&self, path: &Path) -> Meaning {
        // What is named is gone, too, with a folder above it.
        let is_named = || self.named.iter().any(|named| named.starts_with(path));
        if self.files.contains(path) || self.walked.contains(path) || is_named() {
            return Meaning::Change;
        }
        let is_walked = path.parent().is_some_and(|folder| self.walked.contains(folder));
        let may_count = || has_extension(path) || is_settings(path) || is_ignore_file(path) || path.is_dir();
        if self.ignores.contains(path) || (is_walked && may_count()) {
            return Meaning::Look;
        }
        Meaning::Nothing
    }

    /// A file or folder: an editor replaces it, so the folder it is in is watched; where that is not there, the one
    /// above. A link counts, and what it leads to.
    fn name(&mut self, path: &Path, place: &Path) {
        for place in path.canonicalize().ok().as_deref().into_iter().chain([place]) {
            let folder = place.ancestors().skip(1).find(|folder| folder.is_dir());
            self.folders.extend(folder.map(Path::to_owned));
            self.named.insert(place.to_owned());
        }
    }

    /// The settings files that may stand above a place: the nearest counts, and each may come and go.
    fn settings(&mut self, place: &Path) {
        for folder in place.ancestors().filter(|folder| folder.is_dir()) {
            self.folders.insert(folder.to_owned());
            self.named.insert(folder.join(SETTINGS));
        }
    }

    fn walk(&mut self, folder: &Path) {
        for entry in below(folder) {
            let entry = match entry {
                Ok(entry) => entry,
                // What cannot be walked is told by who reads it. It may be mended.
                Err(error) => {
                    if let Some(file) = unread_ignore(&error) {
                        self.folders.extend(file.parent().map(Path::to_owned));
                        self.files.insert(file.to_owned());
                    }
                    continue;
                }
            };
            let kind = entry.file_type();
            if kind.is_some_and(|kind| kind.is_dir()) {
                self.walked.insert(entry.path().to_owned());
                self.folders.insert(entry.path().to_owned());
            } else if kind.is_some_and(|kind| kind.is_file())
                && (has_extension(entry.path()) || is_settings(entry.path()))
            {
                self.files.insert(entry.path().to_owned());
            }
        }
        for above in folder.ancestors().skip(1) {
            for name in Ignored::NAMES {
                let file = above.join(name);
                if file.exists() {
                    self.folders.insert(above.to_owned());
                    self.ignores.insert(file);
                }
            }
        }
    }
}

fn is_settings(path: &Path) -> bool {
    path.ends_with(SETTINGS)
}

fn is_ignore_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| Ignored::NAMES.iter().any(|known| name == *known))
}

/// The files that those read may read with a quoted `use`, there or not.
pub(super) fn imports(sources: &Sources) -> BTreeSet<PathBuf> {
    let given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
    given
        .flat_map(|(_, file)| {
            let named = syntax::imports(file.text()).into_iter();
            // What a policy may not name is never looked at.
            named
                .filter(|path| syntax::import(file.path(), path).is_ok())
                .map(|path| PathBuf::from(syntax::import_path(file.name(), &path)))
        })
        .collect()
}

/// Where a path is: absolute, the links on the way to it followed as far as it is there, and not its own.
fn located(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if absolute.file_name().is_none() {
        return absolute.canonicalize().unwrap_or(absolute);
    }
    let found = absolute.ancestors().skip(1).find_map(|above| {
        let rest = absolute.strip_prefix(above).ok()?;
        above.canonicalize().ok().map(|real| real.join(rest))
    });
    found.unwrap_or(absolute)
}
