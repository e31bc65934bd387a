//! The files of one policy, as `rolec check` run in its folder would take them: those below the folder, or one file
//! alone; and the files that they import, none of which lies outside. What lies below a folder with a settings file of
//! its own is another policy. What is open in the editor wins over the disk.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::found::{has_extension, imports_of, shown, walk_own};
use crate::lint::Moment;
use crate::lsp::disk::{self, Found};
use crate::lsp::documents::Documents;
use crate::lsp::settings::Settings;
use crate::lsp::uri;
use crate::source::{FileId, Provenance, SourceFile};
use crate::syntax::import;
use crate::told::SETTINGS;
use crate::workspace::{Told, Workspace};

/// Of which files a policy is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Those below a folder, but for those of policies in it.
    Folder,
    /// One that is open in the editor and belongs to no folder, by the path that it is known by.
    Alone(PathBuf),
}

/// A policy.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) sort: Sort,
    /// The folder from which names count, as the client spells it.
    pub(super) root: PathBuf,
    /// The same, as the disk has it.
    folder: PathBuf,
    /// The folders in it that are policies of their own, by their paths from the root.
    inner: Vec<PathBuf>,
    pub(super) workspace: Workspace,
    /// What says which findings are told, if anything does.
    settings: Option<Settings>,
    /// The settings files that were read since it was asked last, by the paths by which they are known.
    has_read: Vec<PathBuf>,
    members: BTreeMap<String, Member>,
    names: HashMap<PathBuf, String>,
    /// Whether what is imported has to be looked at again.
    has_moved: bool,
    is_dirty: bool,
    /// Whether files came or went since it was asked last.
    has_other_files: bool,
    /// How many bytes were taken in.
    size: usize,
}

/// A file of a policy.
#[derive(Debug)]
struct Member {
    /// Where it is.
    path: PathBuf,
    /// The path by which it is known.
    key: PathBuf,
    /// Whether it is one of the policy by itself, and not because another names it.
    is_own: bool,
    /// The files that it imports, by their paths from the root.
    imports: Vec<String>,
    /// The paths by which others name it that are not its name: those of links.
    aliases: BTreeSet<String>,
}

impl Policy {
    /// The policy of a folder, not read yet.
    pub(super) fn folder(root: PathBuf, moment: Moment) -> Self {
        Self::new(Sort::Folder, root, moment)
    }

    /// The policy of a document that belongs to no folder.
    pub(super) fn alone(key: PathBuf, path: Option<&Path>, moment: Moment) -> Self {
        let root = path.and_then(Path::parent).map(Path::to_owned).unwrap_or_default();
        Self::new(Sort::Alone(key), root, moment)
    }

    fn new(sort: Sort, root: PathBuf, moment: Moment) -> Self {
        let mut policy = Self {
            sort,
            folder: disk::key(&root),
            inner: Vec::new(),
            root,
            workspace: Workspace::new(moment).telling(Told::Unasked),
            settings: None,
            has_read: Vec::new(),
            members: BTreeMap::new(),
            names: HashMap::new(),
            has_moved: false,
            is_dirty: true,
            has_other_files: true,
            size: 0,
        };
        policy.read_settings();
        policy
    }

    /// Whether it is the policy of a folder.
    pub(super) fn is_of(&self, key: &Path) -> bool {
        self.sort == Sort::Folder && self.folder == key
    }

    /// The folders in it that are policies of their own, as the client spells them.
    pub(super) fn inner(&self) -> impl Iterator<Item = PathBuf> {
        self.inner.iter().map(|inner| self.root.join(inner))
    }

    /// How deep its folder lies below the root of the disk, where a file is in it.
    pub(super) fn depth_around(&self, key: &Path) -> Option<usize> {
        let is_around = self.sort == Sort::Folder && key.starts_with(&self.folder);
        is_around.then(|| self.folder.components().count())
    }

    /// The file that is known by a path.
    pub(super) fn file(&self, key: &Path) -> Option<FileId> {
        self.workspace.file(self.names.get(key)?)
    }

    pub(super) fn has(&self, key: &Path) -> bool {
        self.names.contains_key(key)
    }

    /// The path by which a file is known; none for one of a built-in catalog.
    pub(super) fn key(&self, file: FileId) -> Option<&Path> {
        self.member(file).map(|member| &*member.key)
    }

    /// The URI of a file, as the client spells it where it is open; none for one of a built-in catalog.
    pub(super) fn uri(&self, file: FileId, documents: &Documents) -> Option<String> {
        let member = self.member(file)?;
        Some(documents.at(&member.key).map_or_else(|| uri::uri(&member.path), |open| open.uri.clone()))
    }

    fn member(&self, file: FileId) -> Option<&Member> {
        self.members.get(self.workspace.sources().file(file)?.name())
    }

    /// The paths by which its files are known, and its settings file.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Path> {
        self.names.keys().chain(self.settings.iter().map(|settings| &settings.key)).map(PathBuf::as_path)
    }

    /// Its settings file, where it is the one that is known by a path.
    pub(super) fn settings_at(&self, key: &Path) -> Option<&Settings> {
        self.settings.as_ref().filter(|settings| settings.key == key)
    }

    /// Reads what its settings file says of findings. What is wrong there is told; the rest of it counts.
    pub(super) fn read_settings(&mut self) {
        let (settings, levels) = Settings::read(&self.root, &self.folder).unzip();
        let before = std::mem::replace(&mut self.settings, settings);
        let both = before.iter().chain(&self.settings);
        self.has_read.extend(both.map(|settings| settings.key.clone()));
        self.workspace.set_levels(levels.unwrap_or_default());
        self.is_dirty = true;
    }

    /// The settings files, by the paths by which they are known, of which other things may be told since this was
    /// asked last.
    pub(super) fn has_read(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.has_read)
    }

    /// Looks for its files anew: takes those in that came, and those out that are gone. Reads none that it has.
    pub(super) fn find(&mut self, documents: &Documents) {
        let mut found: BTreeMap<String, (PathBuf, PathBuf)> = BTreeMap::new();
        match &self.sort {
            Sort::Folder => {
                let (files, inner) = walk_own(&self.root, SETTINGS);
                let from_root = |path: PathBuf| path.strip_prefix(&self.root).ok().map(Path::to_owned);
                self.inner = inner.into_iter().filter_map(from_root).collect();
                for path in files {
                    let Ok(relative) = path.strip_prefix(&self.root) else { continue };
                    let key = self.folder.join(relative);
                    found.insert(shown(relative), (path, key));
                }
                for (key, document) in documents.iter() {
                    // One that was made in the editor and never written.
                    if let Some(path) = &document.path
                        && let Ok(relative) = key.strip_prefix(&self.folder)
                        && has_extension(path)
                        && !self.inner.iter().any(|inner| relative.starts_with(inner))
                        && !disk::is_file(path)
                    {
                        found.insert(shown(relative), (path.clone(), key.to_owned()));
                    }
                }
            }
            Sort::Alone(key) => {
                let path = documents.at(key).and_then(|document| document.path.clone());
                let name = path.as_ref().and_then(|path| path.file_name()).map(Path::new).unwrap_or(key);
                found.insert(shown(name), (path.unwrap_or_else(|| key.clone()), key.clone()));
            }
        }
        let gone = |(name, member): (&String, &Member)| {
            (member.is_own && !found.contains_key(name)).then(|| name.clone())
        };
        let gone: Vec<String> = self.members.iter().filter_map(gone).collect();
        gone.iter().for_each(|name| self.take_out(name));
        for (name, (path, key)) in found {
            match self.members.get_mut(&name) {
                Some(member) => member.is_own = true,
                None => {
                    self.take_in(name, path, key, true, documents);
                }
            }
        }
        self.has_moved = true;
    }

    /// Takes a file in that is not there under another name.
    fn take_in(&mut self, name: String, path: PathBuf, key: PathBuf, is_own: bool, documents: &Documents) {
        let text = match text(&key, &path, documents) {
            // What is missing of what was found is gone by now; what others name is told by the checker.
            Found::Nothing => return,
            text => text,
        };
        if self.names.contains_key(&key) {
            return;
        }
        self.names.insert(key.clone(), name.clone());
        let member = Member { path, key, is_own, imports: Vec::new(), aliases: BTreeSet::new() };
        self.members.insert(name.clone(), member);
        self.has_other_files = true;
        self.set(&name, text);
    }

    /// Gives a member its text.
    fn set(&mut self, name: &str, text: Found) {
        let Some(member) = self.members.get_mut(name) else { return };
        let mut file = match text {
            Found::Text(text) => SourceFile::new(name, text, Provenance::Given),
            _ => SourceFile::unread(name),
        };
        if !member.aliases.is_empty() {
            file.add_path(name);
            member.aliases.iter().for_each(|alias| file.add_path(alias));
        }
        let imports = imports(&file);
        if imports != member.imports {
            member.imports = imports;
            self.has_moved = true;
        }
        self.size += file.text().len();
        self.workspace.set_file(file);
        self.is_dirty = true;
    }

    fn take_out(&mut self, name: &str) {
        if let Some(member) = self.members.remove(name) {
            self.names.remove(&member.key);
            self.workspace.remove(name);
            self.is_dirty = true;
            self.has_moved = true;
            self.has_other_files = true;
        }
    }

    /// Reads a file again, where it is one of its own; one that is not there any more goes out.
    pub(super) fn read(&mut self, key: &Path, documents: &Documents) {
        let Some(name) = self.names.get(key).cloned() else { return };
        let Some(member) = self.members.get(&name) else { return };
        match text(key, &member.path, documents) {
            Found::Nothing => self.take_out(&name),
            text => self.set(&name, text),
        }
    }

    /// Says that files came or went that another may name.
    pub(super) fn unsettle(&mut self) {
        self.has_moved = true;
    }

    /// Whether files came or went since this was asked last.
    pub(super) fn has_other_files(&mut self) -> bool {
        std::mem::take(&mut self.has_other_files)
    }

    /// How many bytes its files had when they were taken in.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Brings everything up to date. Gives the files whose findings may have changed.
    pub(super) fn update(&mut self, documents: &Documents) -> Vec<FileId> {
        if std::mem::take(&mut self.has_moved) {
            self.follow(documents);
        }
        if std::mem::take(&mut self.is_dirty) { self.workspace.update() } else { Vec::new() }
    }

    /// Takes in what is imported, and takes out what is not any more.
    fn follow(&mut self, documents: &Documents) {
        let own = self.members.iter().filter(|(_, member)| member.is_own);
        let mut open: Vec<String> = own.map(|(name, _)| name.clone()).collect();
        let mut reached: BTreeMap<String, BTreeSet<String>> =
            open.iter().map(|name| (name.clone(), BTreeSet::new())).collect();
        while let Some(name) = open.pop() {
            let wanted = self.members.get(&name).map(|member| member.imports.clone()).unwrap_or_default();
            for path in wanted {
                let Some(name) = self.imported(&path, documents) else { continue };
                let aliases = reached.entry(name.clone()).or_insert_with(|| {
                    open.push(name.clone());
                    BTreeSet::new()
                });
                if path != name {
                    aliases.insert(path);
                }
            }
        }
        let lost = self.members.keys().filter(|name| !reached.contains_key(*name));
        let lost: Vec<String> = lost.cloned().collect();
        lost.iter().for_each(|name| self.take_out(name));
        for (name, aliases) in reached {
            let Some(member) = self.members.get_mut(&name).filter(|member| member.aliases != aliases) else {
                continue;
            };
            member.aliases = aliases;
            let key = member.key.clone();
            self.read(&key, documents);
        }
        self.has_moved = false;
    }

    /// The name of the file at a path from the root, which is taken in where it was not.
    fn imported(&mut self, path: &str, documents: &Documents) -> Option<String> {
        if self.members.contains_key(path) {
            return Some(path.to_owned());
        }
        // A document that was never written has no folder.
        if self.root.as_os_str().is_empty() {
            return None;
        }
        let place = uri::plain(&self.root.join(path));
        let key = disk::key(&place);
        if !self.names.contains_key(&key) {
            // A link that leads out of the root is not followed.
            let place = if key.starts_with(&self.folder) { place } else { self.folder.clone() };
            self.take_in(path.to_owned(), place, key.clone(), false, documents);
        }
        self.names.get(&key).cloned()
    }
}

/// The text of a file, from the editor or else from the disk.
fn text(key: &Path, path: &Path, documents: &Documents) -> Found {
    match documents.at(key) {
        Some(document) => Found::Text(document.text.as_bytes().to_vec()),
        None => disk::read(path),
    }
}

/// What a file imports, as paths from the root. Most import nothing, which is seen without reading them token by token.
fn imports(file: &SourceFile) -> Vec<String> {
    let text = file.text();
    let may_import = text.match_indices("use").any(|(at, word)| {
        let next = text.get(at + word.len()..).unwrap_or_default().trim_start();
        next.starts_with(['"', '/'])
    });
    let named = if may_import { imports_of(text) } else { Vec::new() };
    // What a policy may not name is told by the checker, and never looked at.
    named.iter().filter_map(|path| import(file.path(), path).ok()).collect()
}
