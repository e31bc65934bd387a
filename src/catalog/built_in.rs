//! The catalogs compiled into the program, as the very files in policies/.

use std::collections::BTreeSet;

use crate::source::{FileId, Sources};

/// A catalog compiled in.
///
/// ```
/// use rolec::catalog::BuiltIn;
///
/// let jumpcloud = BuiltIn::find("jumpcloud").unwrap();
/// let (name, text) = jumpcloud.files[1];
/// assert_eq!(name, "builtin:jumpcloud/default-roles.role");
/// assert_eq!(jumpcloud.has_text(&text.replace('\n', "\r\n")), Some(1), "line ends make no difference");
/// assert!(BuiltIn::find("wiki").is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The id by which `use` names it.
    pub id: &'static str,
    /// Its files: name and text. The first holds the catalog, the others its default roles.
    pub files: &'static [(&'static str, &'static str)],
}

/// All of them.
///
/// ```
/// use rolec::catalog::BUILT_IN;
///
/// let ids: Vec<&str> = BUILT_IN.iter().map(|catalog| catalog.id).collect();
/// assert_eq!(ids, ["jumpcloud"]);
/// ```
pub const BUILT_IN: &[BuiltIn] = &[BuiltIn {
    id: "jumpcloud",
    files: &[
        ("builtin:jumpcloud/catalog.role", include_str!("../../policies/jumpcloud/catalog.role")),
        ("builtin:jumpcloud/default-roles.role", include_str!("../../policies/jumpcloud/default-roles.role")),
    ],
}];

/// The files whose text is that of a built-in catalog: they came with the program, wherever they were read.
///
/// ```
/// use rolec::catalog::{BuiltIn, built_in_files};
/// use rolec::source::{FileId, Sources};
///
/// let (_, text) = BuiltIn::find("jumpcloud").unwrap().files[1];
/// let sources = Sources::from_iter([("mine.role", "use jumpcloud"), ("roles.role", text)]);
/// assert!(built_in_files(&sources).into_iter().eq([FileId(1)]));
/// ```
pub fn built_in_files(sources: &Sources) -> BTreeSet<FileId> {
    let is_built_in = |text: &str| BUILT_IN.iter().any(|known| known.has_text(text).is_some());
    sources.iter().filter(|(_, file)| is_built_in(file.text())).map(|(id, _)| id).collect()
}

impl BuiltIn {
    /// The built-in catalog of an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        BUILT_IN.iter().find(|known| known.id == id)
    }

    /// Whether a text is that of one of its files; how lines end, and a byte order mark, make no difference.
    pub fn has_text(&self, text: &str) -> Option<usize> {
        let lines = |text: &'static str| text.lines();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        self.files.iter().position(|(_, known)| lines(known).eq(text.lines()))
    }
}
