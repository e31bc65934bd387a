//! The settings file of a run, `rolec.toml`: the one that is named, else the nearest one from what is checked upwards.
//! What it says is `told`'s to read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::root::folder_of;
use crate::cli::files::{open_whole, read_at_most, shown, unreadable};
use crate::diagnostic::{Codes, Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Provenance, SourceFile, Sources};
use crate::told::{Levels, SETTINGS, settings as read};
use crate::vocab::limits;

/// What the settings of a run say of its findings.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    levels: Levels,
    /// The file, and what is wrong in it.
    file: Option<(Arc<SourceFile>, Diagnostics)>,
}

impl PartialEq for Settings {
    /// Whether the same is read in the same file.
    fn eq(&self, other: &Self) -> bool {
        let read =
            |one: &Self| one.file.as_ref().map(|(file, _)| (file.name().to_owned(), file.text().to_owned()));
        read(self) == read(other)
    }
}

impl Settings {
    /// The settings in a file that is named, or in the nearest above `paths`; none where there is none.
    ///
    /// # Errors
    /// Where the file cannot be read: nobody should take a policy by other settings than its own.
    pub(crate) fn of(named: Option<&Path>, paths: &[PathBuf]) -> Result<Self, Failure> {
        let found = match named {
            Some(path) => Some(path.to_owned()),
            None => nearest(paths).map_err(|(path, error)| unreadable(&shown(&path), &error))?,
        };
        let Some(path) = found else { return Ok(Self::default()) };
        let name = shown(&path);
        let (file, _) = open_whole(&path)?;
        let bytes = read_at_most(file).map_err(|error| unreadable(&name, &error))?;
        if bytes.len() > limits::FILE_BYTES {
            let most = limits::FILE_BYTES >> 20;
            let message = format!("cannot read `{name}`: settings have at most {most} MiB");
            return Err(Failure::of(Reason::Unreadable, message));
        }
        let source = Arc::new(SourceFile::new(name, bytes, Provenance::Given));
        let (levels, findings) = read(&source, FileId(0));
        Ok(Self { levels, file: Some((source, findings)) })
    }

    /// The name of the file and what it says; nothing where there is none.
    pub(crate) fn said(&self) -> [&[u8]; 2] {
        match &self.file {
            Some((file, _)) => [file.name().as_bytes(), file.text().as_bytes()],
            None => [b"", b""],
        }
    }

    /// Where they are.
    pub(crate) fn place(&self) -> Option<PathBuf> {
        self.file.as_ref().and_then(|(file, _)| fs::canonicalize(file.name()).ok())
    }

    /// Whether a finding is told.
    pub(crate) fn tells(&self, finding: &Diagnostic, pedantic: bool) -> bool {
        self.levels.tells(finding, pedantic)
    }

    /// The sorts of findings that are not told, or less gravely than `least`.
    pub(crate) fn left_out(&self, pedantic: bool, least: Severity) -> Codes {
        self.levels.left_out(pedantic, least)
    }

    /// Makes findings those that are told, with what is wrong in the settings.
    pub(crate) fn apply(&self, sources: &mut Sources, findings: &mut Diagnostics, pedantic: bool) {
        findings.retain(|finding| self.tells(finding, pedantic));
        self.levels.apply(findings);
        if let Some((source, wrong)) = self.file.as_ref().filter(|(_, wrong)| !wrong.is_empty()) {
            let mut wrong = wrong.clone();
            wrong.move_to(sources.push(source.clone()));
            findings.append(wrong);
        }
    }
}

/// The nearest settings file, from the folder that holds all paths upwards.
fn nearest(paths: &[PathBuf]) -> Result<Option<PathBuf>, (PathBuf, io::Error)> {
    let here = fs::canonicalize(".").map_err(|error| (PathBuf::from("."), error))?;
    let folders: Vec<PathBuf> = paths.iter().filter_map(|path| folder_of(path, &here)).collect();
    let mut folder = folders.first().unwrap_or(&here).clone();
    while !folders.iter().all(|one| one.starts_with(&folder)) && folder.pop() {}
    for folder in folder.ancestors() {
        let path = folder.join(SETTINGS);
        match fs::metadata(&path) {
            Ok(_) => return Ok(Some(from(&path, &here))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err((path, error)),
        }
    }
    Ok(None)
}

/// A path as seen from a folder, where one of both lies in the other's.
fn from(path: &Path, here: &Path) -> PathBuf {
    if let Ok(below) = path.strip_prefix(here) {
        return below.to_owned();
    }
    let mut up = PathBuf::new();
    for above in here.ancestors().skip(1) {
        up.push("..");
        // Beyond the next folders it is easier read from the root.
        if up.components().count() > 3 {
            break;
        }
        if let Ok(below) = path.strip_prefix(above) {
            return up.join(below);
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::from;

    #[test]
    fn a_path_is_told_as_seen_from_here() {
        let seen = |path, here| from(Path::new(path), Path::new(here)).to_string_lossy().into_owned();
        assert_eq!(seen("/a/b/rolec.toml", "/a/b"), "rolec.toml");
        assert_eq!(seen("/a/b/c/rolec.toml", "/a/b"), "c/rolec.toml");
        assert_eq!(seen("/a/rolec.toml", "/a/b/c"), "../../rolec.toml");
        assert_eq!(seen("/rolec.toml", "/a/b/c/d/e"), "/rolec.toml");
    }
}
