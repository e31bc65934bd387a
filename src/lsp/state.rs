//! What the server knows: the client, its documents, and the policies that they belong to. Speaks to nobody.

use std::path::{Path, PathBuf};

use crate::found::has_extension;
use crate::lint::Moment;
use crate::lsp::client::Client;
use crate::lsp::disk;
use crate::lsp::documents::Documents;
use crate::lsp::message::Failure;
use crate::lsp::policy::{Policy, Sort};
use crate::lsp::protocol::TextDocumentContentChangeEvent;
use crate::lsp::{Setup, uri};
use crate::source::{FileId, Provenance};
use crate::told::SETTINGS;

/// All of it.
#[derive(Debug)]
pub(super) struct State {
    pub(super) client: Client,
    pub(super) documents: Documents,
    pub(super) policies: Vec<Policy>,
    /// The folders of the editor, as the client spells them.
    folders: Vec<PathBuf>,
    moment: Moment,
    cache: Option<PathBuf>,
    /// Whether documents or folders came or went since the last update.
    has_moved: bool,
}

/// What an update gives.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// The paths by which the files are known whose findings may have changed.
    pub(super) keys: Vec<PathBuf>,
    /// Whether files came or went.
    pub(super) has_other_files: bool,
}

/// A file of a policy, as a request means it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home<'s> {
    pub(super) policy: &'s Policy,
    pub(super) file: FileId,
}

impl State {
    pub(super) fn new(client: Client, folders: Vec<PathBuf>, setup: &Setup) -> Self {
        let documents = Documents::new(client.encoding);
        Self {
            client,
            documents,
            policies: Vec::new(),
            folders,
            moment: setup.moment,
            cache: setup.cache.clone(),
            has_moved: true,
        }
    }

    /// Makes the policies of the folders, and finds their files.
    pub(super) fn load(&mut self) {
        self.policies.clear();
        self.arrange();
        self.settle();
    }

    /// Takes folders in and out.
    pub(super) fn change_folders(&mut self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        self.folders.retain(|folder| !removed.contains(folder));
        for root in added {
            if !self.folders.contains(&root) {
                self.folders.push(root);
            }
        }
        self.arrange();
        self.settle();
    }

    /// Gives each folder a policy, and each folder in it that is one of its own; takes the others away.
    fn arrange(&mut self) {
        let mut old: Vec<Policy> = std::mem::take(&mut self.policies);
        let mut open = self.folders.clone();
        open.reverse();
        while let Some(root) = open.pop() {
            let key = disk::key(&root);
            if self.policies.iter().any(|policy| policy.is_of(&key)) {
                continue;
            }
            let policy = match old.iter().position(|policy| policy.is_of(&key)) {
                Some(at) => old.swap_remove(at),
                None => {
                    let mut policy = Policy::folder(root, self.moment);
                    policy.find(&self.documents);
                    policy
                }
            };
            open.extend(policy.inner());
            self.policies.push(policy);
        }
        self.policies.extend(old.into_iter().filter(|policy| policy.sort != Sort::Folder));
    }

    pub(super) fn open(&mut self, uri: String, version: i32, text: String) -> PathBuf {
        let key = self.documents.open(uri, version, text);
        let documents = &self.documents;
        let is_written =
            documents.at(&key).and_then(|open| open.path.as_ref()).is_some_and(|p| disk::is_file(p));
        for policy in &mut self.policies {
            if policy.has(&key) {
                policy.read(&key, documents);
            } else if !is_written && policy.depth_around(&key).is_some() {
                policy.find(documents);
            } else {
                // It may be what another one names and the disk has not.
                policy.unsettle();
            }
        }
        self.settle();
        key
    }

    pub(super) fn change(
        &mut self,
        uri: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<PathBuf> {
        let key = self.documents.change(uri, version, changes)?;
        self.policies.iter_mut().for_each(|policy| policy.read(&key, &self.documents));
        Some(key)
    }

    /// What was not written is as it is on disk again.
    pub(super) fn close(&mut self, uri: &str) -> Option<PathBuf> {
        let key = self.documents.close(uri)?;
        self.policies.iter_mut().for_each(|policy| policy.read(&key, &self.documents));
        self.settle();
        Some(key)
    }

    /// Files on disk have come, changed or gone.
    pub(super) fn watched(&mut self, changed: &[PathBuf], moved: &[PathBuf]) {
        let documents = &self.documents;
        let is_settings = |key: &PathBuf| key.file_name().is_some_and(|name| name == SETTINGS);
        // A folder comes and goes with all that is in it.
        let has_settings = changed.iter().any(is_settings) || moved.iter().any(|key| !has_extension(key));
        for policy in &mut self.policies {
            if has_settings {
                policy.read_settings();
            }
            if moved.iter().any(|key| policy.depth_around(key).is_some()) {
                policy.find(documents);
            }
            let gone = moved.iter().filter(|key| !policy.has(key));
            if gone.count() > 0 {
                policy.unsettle();
            }
            for key in changed.iter().chain(moved) {
                if documents.at(key).is_none() {
                    policy.read(key, documents);
                }
            }
        }
        self.arrange();
        self.settle();
    }

    /// Gives each document that belongs to no folder a policy of its own, and takes those away that are not needed.
    fn settle(&mut self) {
        self.has_moved = true;
        // What came with the program is looked at in the policies that use it.
        let is_shown = |(key, _): (&Path, _)| self.shown(key).is_some().then(|| key.to_owned());
        let shown: Vec<PathBuf> = self.documents.iter().filter_map(is_shown).collect();
        let Self { documents, policies, .. } = self;
        // What a folder imports is known after it was followed; asked again after each update.
        let in_folder = |policies: &[Policy], key: &Path| {
            policies.iter().any(|policy| policy.sort == Sort::Folder && policy.has(key))
        };
        let keep: Vec<bool> = policies
            .iter()
            .map(|policy| match &policy.sort {
                Sort::Folder => true,
                Sort::Alone(key) => {
                    documents.at(key).is_some() && !in_folder(policies, key) && !shown.contains(key)
                }
            })
            .collect();
        let mut keep = keep.into_iter();
        policies.retain(|_| keep.next().unwrap_or(true));
        for (key, document) in documents.iter() {
            let has_own = policies.iter().any(|policy| policy.sort == Sort::Alone(key.to_owned()));
            if !has_own && !in_folder(policies, key) && !shown.iter().any(|shown| shown == key) {
                let mut policy = Policy::alone(key.to_owned(), document.path.as_deref(), self.moment);
                policy.find(documents);
                policies.push(policy);
            }
        }
    }

    /// Brings all policies up to date.
    pub(super) fn update(&mut self) -> Changed {
        let mut changed = Changed::default();
        // Folders first: what they import needs no policy of its own.
        for sort in [true, false] {
            let Self { documents, policies, .. } = self;
            let mut has_other_files = false;
            for policy in policies.iter_mut().filter(|policy| (policy.sort == Sort::Folder) == sort) {
                let files = policy.update(documents);
                changed
                    .keys
                    .extend(files.into_iter().filter_map(|file| policy.key(file).map(Path::to_owned)));
                changed.keys.extend(policy.has_read());
                has_other_files |= policy.has_other_files();
            }
            if sort && has_other_files {
                self.settle();
            }
            changed.has_other_files |= has_other_files;
        }
        changed.has_other_files |= std::mem::take(&mut self.has_moved);
        changed
    }

    /// How many bytes its policies have.
    pub(super) fn size(&self) -> usize {
        self.policies.iter().map(Policy::size).sum()
    }

    /// The URI of the file that is known by a path, as the client spells it where it is open.
    pub(super) fn uri(&self, key: &Path) -> String {
        if let Some(open) = self.documents.at(key) {
            return open.uri.clone();
        }
        let uri = |policy: &Policy| match policy.settings_at(key) {
            Some(settings) => Some(settings.uri()),
            None => policy.uri(policy.file(key)?, &self.documents),
        };
        self.policies.iter().find_map(uri).unwrap_or_else(|| uri::uri(key))
    }

    /// The URI of a file of a policy. One that came with the program is written out to be shown.
    pub(super) fn uri_of(&self, policy: &Policy, file: FileId) -> Option<String> {
        if let Some(uri) = policy.uri(file, &self.documents) {
            return Some(uri);
        }
        let source = policy.workspace.sources().file(file)?;
        let path = disk::written_out(self.cache.as_deref()?, source.name(), source.text())?;
        Some(uri::uri(&path))
    }

    /// The file that a request is about. In nested folders that of the innermost; where it is a text that was written
    /// out to be shown, the file of a built-in catalog in the policy that uses it.
    pub(super) fn home(&self, uri: &str) -> Result<Home<'_>, Failure> {
        let key = self.documents.key(uri);
        if let Some(home) = self.shown(&key) {
            return Ok(home);
        }
        let policies = self.policies.iter().filter_map(|policy| {
            let file = policy.file(&key)?;
            Some((policy.depth_around(&key), Home { policy, file }))
        });
        let home = policies.max_by_key(|(depth, _)| *depth).map(|(_, home)| home);
        home.ok_or_else(|| Failure::new(Failure::INVALID_PARAMS, format!("`{uri}` is in no policy")))
    }

    /// Whether a document lies where the texts of built-in catalogs are shown, whatever became of it there.
    pub(super) fn is_built_in(&self, uri: &str) -> bool {
        let key = self.documents.key(uri);
        self.cache.as_deref().is_some_and(|cache| disk::name_of_written(cache, &key).is_some())
    }

    /// The file of a built-in catalog whose text stands at a path. Not where it is shown with another text.
    fn shown(&self, key: &Path) -> Option<Home<'_>> {
        let name = disk::name_of_written(self.cache.as_deref()?, key)?;
        let open = self.documents.at(key)?;
        self.policies.iter().find_map(|policy| {
            let file = policy.workspace.sources().iter().find(|(_, source)| {
                source.provenance() == Provenance::BuiltIn
                    && source.name() == name
                    && source.text() == open.text
            });
            file.map(|(file, _)| Home { policy, file })
        })
    }
}
