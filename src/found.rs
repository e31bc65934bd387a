//! How the files of a policy are found: folders walked, paths named, imports followed. One way for all who read
//! policies, so that they all read the same files. Never writes, and complains to nobody.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::syntax::imports;
use crate::vocab::limits;

/// How the name of a policy file ends.
pub(crate) const EXTENSION: &str = "role";

/// All that lies below a folder, by path. Ignore files are honoured, links are not followed.
pub(crate) fn below(folder: &Path) -> ignore::Walk {
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.require_git(false).follow_links(false).sort_by_file_path(Ord::cmp);
    walk.build()
}

/// Every `.role` file below a folder, by path.
pub(crate) fn walk(folder: &Path) -> impl Iterator<Item = Result<PathBuf, ignore::Error>> {
    below(folder).filter_map(|entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            (is_file && has_extension(entry.path())).then(|| Ok(entry.into_path()))
        }
        Err(error) => Some(Err(error)),
    })
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
