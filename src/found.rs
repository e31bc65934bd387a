//! How the files of a policy are found: folders walked, paths named, imports followed. One way for all who read
//! policies, so that they all read the same files. Never writes, and complains to nobody.

mod opened;

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

#[cfg(feature = "cli")]
pub(crate) use self::opened::open_below;
pub(crate) use self::opened::open_file;
use crate::syntax::imports;
use crate::vocab::limits;

/// How the name of a policy file ends.
pub(crate) const EXTENSION: &str = "role";

/// What of the ignore files on a walk cannot be read, while it goes on.
type Unread = Arc<Mutex<Vec<ignore::Error>>>;

/// All that lies below a folder, by path. Ignore files are honoured, links are not followed. Where one of them cannot be
/// read nobody knows what it leaves out: that is an error, and its folder is not entered.
#[cfg(feature = "cli")]
pub(crate) fn below(folder: &Path) -> impl Iterator<Item = Result<ignore::DirEntry, ignore::Error>> {
    let (walk, unread) = walker(folder, |_| true);
    walk.map(|walk| walk.build())
        .into_iter()
        .flatten()
        .chain(std::iter::from_fn(move || unread.lock().ok()?.pop().map(Err)))
}

/// A walk through the folders that it may enter; none where an ignore file of the first one, or above, cannot be read.
fn walker(
    folder: &Path,
    may_enter: impl Fn(&ignore::DirEntry) -> bool + Send + Sync + 'static,
) -> (Option<ignore::WalkBuilder>, Unread) {
    let above = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let above = above.ancestors().skip(1).flat_map(unread_ignores);
    let first: Vec<ignore::Error> = unread_ignores(folder).into_iter().chain(above).collect();
    let is_known = first.is_empty();
    let unread = Arc::new(Mutex::new(first));
    if !is_known {
        return (None, unread);
    }
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.require_git(false).follow_links(false).sort_by_file_path(Ord::cmp);
    // What only this machine ignores would make another policy of the same files.
    walk.git_exclude(false).git_global(false);
    let found = Arc::clone(&unread);
    walk.filter_entry(move |entry| {
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        if !may_enter(entry) {
            return false;
        }
        // The walker itself passes over them in silence, and waits for ever for a pipe.
        let errors = unread_ignores(entry.path());
        let is_known = errors.is_empty();
        if let Ok(mut found) = found.lock() {
            found.extend(errors);
        }
        is_known
    });
    (Some(walk), unread)
}

/// The ignore files of a folder that are there and cannot be read.
fn unread_ignores(folder: &Path) -> Vec<ignore::Error> {
    let wrong = |name: &&str| {
        let path = folder.join(name);
        // A link counts that leads nowhere: somebody has meant something by it.
        path.symlink_metadata().ok()?;
        let error = match open_file(&path) {
            Ok(Some(file)) => unread_lines(file)?,
            Ok(None) => io::Error::other("it is no regular file"),
            Err(error) => error,
        };
        Some(ignore::Error::WithPath { path, err: Box::new(ignore::Error::Io(error)) })
    };
    IGNORE_FILES.iter().filter_map(wrong).collect()
}

/// Why the lines of an ignore file cannot be read: the walker passes over those in silence.
fn unread_lines(file: std::fs::File) -> Option<io::Error> {
    let text = match read_at_most(file).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return Some(io::Error::other("it is no UTF-8: save it so")),
        Err(error) => return Some(error),
    };
    let mut rules = ignore::gitignore::GitignoreBuilder::new("/");
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    lines.find_map(|(number, line)| {
        let error = rules.add_line(None, line).err()?;
        Some(io::Error::other(format!("line {}: {error}", number + 1)))
    })
}

/// The ignore file that could not be read, where an error of a walk is that.
#[cfg(feature = "cli")]
pub(crate) fn unread_ignore(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } if IGNORE_FILES.iter().any(|name| path.ends_with(name)) => {
            Some(path)
        }
        _ => None,
    }
}

/// What ignore files are called. What the first says goes before what the second does.
const IGNORE_FILES: [&str; 2] = [".ignore", ".gitignore"];

/// Every `.role` file below a folder, by path, and what else has such a name and is no folder.
#[cfg(feature = "cli")]
pub(crate) fn walk(folder: &Path) -> impl Iterator<Item = Result<ignore::DirEntry, ignore::Error>> {
    below(folder).filter(|entry| entry.as_ref().map_or(true, is_named_as_policy))
}

/// Whether an entry is a policy file by its name: what cannot be read under such a name is the reader's to tell.
fn is_named_as_policy(entry: &ignore::DirEntry) -> bool {
    !entry.file_type().is_some_and(|kind| kind.is_dir()) && has_extension(entry.path())
}

/// What is made of every `.role` file below a folder, in no order, by some threads side by side. None where anything cannot
/// be walked, or nothing be made of it.
#[cfg(feature = "cli")]
pub(crate) fn walk_side_by_side<T: Send>(
    folder: &Path,
    make: impl Fn(PathBuf) -> Option<T> + Sync,
) -> Option<Vec<T>> {
    let all = Mutex::new(Some(Vec::new()));
    let (walk, unread) = walker(folder, |_| true);
    walk?.build_parallel().run(|| {
        let mut own = Share { made: Some(Vec::new()), all: &all };
        let make = &make;
        Box::new(move |entry| {
            let made = match entry {
                Ok(entry) if is_named_as_policy(&entry) => make(entry.into_path()),
                Ok(_) => return ignore::WalkState::Continue,
                Err(_) => None,
            };
            let Some(made) = made else {
                own.made = None;
                return ignore::WalkState::Quit;
            };
            if let Some(all) = own.made.as_mut() {
                all.push(made);
            }
            ignore::WalkState::Continue
        })
    });
    let is_known = unread.lock().is_ok_and(|unread| unread.is_empty());
    all.into_inner().ok()?.filter(|_| is_known)
}

/// What one thread has made, which goes to that of all at its end.
#[cfg(feature = "cli")]
struct Share<'a, T> {
    made: Option<Vec<T>>,
    all: &'a Mutex<Option<Vec<T>>>,
}

#[cfg(feature = "cli")]
impl<T> Drop for Share<'_, T> {
    fn drop(&mut self) {
        // Where another thread has panicked nothing is given at all.
        let Ok(mut all) = self.all.lock() else { return };
        match (all.as_mut(), self.made.as_mut()) {
            (Some(all), Some(made)) => all.append(made),
            _ => *all = None,
        }
    }
}

/// The `.role` files of a folder that are of no policy below it, and the folders of those policies: the outermost with
/// a file of some name in them, which marks the root of a policy. What cannot be walked is left out.
#[cfg(feature = "lsp")]
pub(crate) fn walk_own(folder: &Path, mark: &'static str) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let is_root = move |entry: &ignore::DirEntry| entry.depth() > 0 && entry.path().join(mark).is_file();
    let roots = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&roots);
    let (walk, _) = walker(folder, move |entry| {
        let is_root = is_root(entry);
        if is_root && let Ok(mut found) = found.lock() {
            found.push(entry.path().to_owned());
        }
        !is_root
    });
    let is_file = |entry: &ignore::DirEntry| entry.file_type().is_some_and(|kind| kind.is_file());
    let files = walk.map(|walk| walk.build()).into_iter().flatten().flatten();
    let files = files.filter(|entry| is_file(entry) && is_named_as_policy(entry));
    let files = files.map(ignore::DirEntry::into_path).collect();
    let roots = roots.lock().map(|mut roots| std::mem::take(&mut *roots)).unwrap_or_default();
    (files, roots)
}

/// The ignore files of a tree that is not on the disk, and what they say as [`below`] would have it. Paths count from the
/// top of the tree, with `/` between their parts.
#[cfg(feature = "cli")]
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    /// The rules of each file of either name, by folder.
    rules: [std::collections::BTreeMap<String, ignore::gitignore::Gitignore>; 2],
}

#[cfg(feature = "cli")]
impl Ignored {
    /// What ignore files are called.
    pub(crate) const NAMES: [&str; 2] = IGNORE_FILES;

    /// Adds a file. A line that says nothing is passed over, as it is on the disk.
    pub(crate) fn add(&mut self, folder: &str, name: &str, text: &str) {
        let mut builder = ignore::gitignore::GitignoreBuilder::new(Path::new("/").join(folder));
        for line in text.lines() {
            let _ = builder.add_line(None, line);
        }
        let slot = Self::NAMES.iter().zip(&mut self.rules).find(|(known, _)| **known == name);
        if let (Some((_, rules)), Ok(built)) = (slot, builder.build()) {
            rules.insert(folder.to_owned(), built);
        }
    }

    /// Whether a walk of a folder passes over a file in it: for one of its folders, or for itself.
    pub(crate) fn has(&self, walked: &str, file: &str) -> bool {
        let inside = file.strip_prefix(walked).unwrap_or(file);
        let start = file.len() - inside.trim_start_matches('/').len();
        let ends = file.match_indices('/').map(|(at, _)| at).filter(|at| *at > start).chain([file.len()]);
        ends.filter_map(|end| file.get(..end)).any(|path| self.is_left_out(path, path.len() < file.len()))
    }

    fn is_left_out(&self, path: &str, is_folder: bool) -> bool {
        let place = Path::new("/").join(path);
        for rules in &self.rules {
            let mut folder = path;
            while !folder.is_empty() {
                folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
                let found = rules.get(folder).map(|rules| rules.matched(&place, is_folder));
                match found {
                    Some(ignore::Match::Ignore(_)) => return true,
                    Some(ignore::Match::Whitelist(_)) => return false,
                    Some(ignore::Match::None) | None => {}
                }
            }
        }
        path.rsplit('/').next().is_some_and(|name| name.starts_with('.'))
    }
}

/// Whether a file is one of a policy by its name.
pub(crate) fn has_extension(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION)
}

/// All bytes, or one more than a file may have: what is too long is told by the lexer, and not read further.
pub(crate) fn read_at_most(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    // A text is kept for long: what was reserved for more of it goes back.
    bytes.shrink_to_fit();
    Ok(bytes)
}

/// What a text names with a quoted `use`, as it says it.
pub(crate) fn imports_of(text: &str) -> Vec<String> {
    // What is too long is told by the lexer, and not read further.
    if text.len() > limits::FILE_BYTES { Vec::new() } else { imports(text) }
}

/// A path as people write it: with `/`, and without a leading `./`.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
