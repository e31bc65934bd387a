//! The settings file of a policy: the nearest one, what it sets, and what is wrong in it. It is no file of the policy,
//! and nothing but its findings is ever told of it.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::lsp::{disk, uri};
use crate::source::{FileId, Provenance, SourceFile};
use crate::told::{Levels, settings};

/// A settings file as it was read.
#[derive(Debug)]
pub(super) struct Settings {
    /// The path by which it is known.
    pub(super) key: PathBuf,
    /// Where it is, as the client spells it.
    path: PathBuf,
    source: SourceFile,
    findings: Diagnostics,
}

impl Settings {
    /// Reads what counts in a folder, which the client spells as `root`, and what it sets.
    pub(super) fn read(root: &Path, folder: &Path) -> Option<(Self, Levels)> {
        let (key, bytes) = disk::settings(folder)?;
        let path = key.strip_prefix(folder).map_or_else(|_| key.clone(), |name| root.join(name));
        let source = SourceFile::new(path.to_string_lossy(), bytes, Provenance::Given);
        let (levels, findings) = settings(&source, FileId(0));
        Some((Self { key, path, source, findings }, levels))
    }

    pub(super) fn uri(&self) -> String {
        uri::uri(&self.path)
    }

    pub(super) fn text(&self) -> &str {
        self.source.text()
    }

    pub(super) fn findings(&self) -> &Diagnostics {
        &self.findings
    }
}
