//! Text as given: files, places in them, lines and columns, and which characters must never reach a terminal.
//! Knows nothing of the language.
//!
//! ```
//! use rolec::source::{Place, Sources, Span};
//!
//! let mut sources = Sources::new();
//! let file = sources.add("acme.role", "use jumpcloud\norganization acme {}\n");
//! let place = Place { file, span: Span::new(27, 31) };
//! assert_eq!(sources.line_column(place), (2, 14));
//! assert_eq!(sources.file(file).unwrap().slice(place.span), "acme");
//! ```

mod hidden;
mod lines;
mod place;

pub use self::hidden::{code_point, is_hidden};
#[doc(hidden)] // what `Sources::line_column` counts with
pub use self::lines::LineIndex;
pub use self::place::{FileId, Place, Span};

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Where a file comes from.
///
/// ```
/// use rolec::source::{Provenance, Sources};
///
/// let sources = Sources::from_iter([("acme.role", "use wiki")]);
/// assert!(sources.iter().all(|(_, file)| file.provenance() == Provenance::Given));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Given to the run.
    Given,
    /// Compiled into the program.
    BuiltIn,
    /// Given to the run as rows of data, which are read through once: its text is not kept.
    Rows,
}

/// One file: its name as the user knows it, and its text.
///
/// ```
/// use rolec::source::{Provenance, SourceFile, Span};
///
/// let file = SourceFile::new("acme.role", b"use wiki \xff and more".to_vec(), Provenance::Given);
/// assert_eq!(file.name(), "acme.role");
/// assert!(file.text().ends_with(" and more"), "what follows a broken byte is read");
/// assert_eq!(file.bad_byte(), Some((9, 0xff)));
/// assert_eq!(file.slice(Span::new(4, 8)), "wiki");
/// assert_eq!(file.bad_bytes(), [9]);
/// assert_eq!(file.provenance(), Provenance::Given);
/// assert!(file.is_read());
/// assert!(!SourceFile::unread("locked.role").is_read());
///
/// let mut moved = SourceFile::new("acme.role", b"use wiki".to_vec(), Provenance::Given);
/// assert_eq!(moved.path(), "acme.role", "it lies where its name says, until somebody says where");
/// moved.add_path("policies/acme.role");
/// assert_eq!(moved.path(), "policies/acme.role");
/// assert!(moved.paths().eq(["policies/acme.role"]));
/// ```
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    /// The first byte that was no UTF-8, with its value.
    bad_byte: Option<(u32, u8)>,
    /// Where such bytes stood, each `U+001A` in the text; none where the text ends before the first.
    bad_bytes: Vec<u32>,
    provenance: Provenance,
    /// The paths by which other files name it, from the root of the run; empty where its name is one.
    paths: Vec<String>,
    /// Whether its text is known.
    is_read: bool,
    lines: OnceLock<LineIndex>,
    /// Of a file whose text is not kept: lines that are, by their number from 0.
    excerpts: BTreeMap<usize, Box<str>>,
}

impl SourceFile {
    /// A file of the given name. A byte that is no UTF-8 becomes a substitute (U+001A), so that what stands around it
    /// is still read. Where there are many, or the first byte is one, the file is no text, and its text ends there. Nor
    /// is one in UTF-16, whatever begins it.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>, provenance: Provenance) -> Self {
        let (text, bad_byte, bad_bytes) = if is_wide(&bytes) {
            (String::new(), Some((0, 0)), Vec::new())
        } else {
            match String::from_utf8(bytes) {
                Ok(text) => (text, None, Vec::new()),
                Err(error) => read_over(&error.into_bytes()),
            }
        };
        // Of a text that breaks off before its beginning nothing is known.
        let is_read = bad_byte.is_none() || !text.is_empty();
        Self {
            name: name.into(),
            text,
            bad_byte,
            bad_bytes,
            provenance,
            paths: Vec::new(),
            is_read,
            lines: OnceLock::new(),
            excerpts: BTreeMap::new(),
        }
    }

    /// A file of rows: its lines, and none of its text.
    ///
    /// ```
    /// use rolec::source::{Place, Provenance, SourceFile, Sources, Span};
    ///
    /// let mut lines = rolec::source::LineIndex::default();
    /// lines.begin_line(10);
    /// let mut file = SourceFile::of_rows("people.csv", lines);
    /// file.excerpt(1, "acme,ana");
    /// assert_eq!((file.text(), file.line_text(1)), ("", "acme,ana"));
    /// let mut sources = Sources::new();
    /// let file = sources.push(file);
    /// assert_eq!(sources.line_column(Place { file, span: Span::new(15, 18) }), (2, 6));
    /// ```
    pub fn of_rows(name: impl Into<String>, lines: LineIndex) -> Self {
        Self { lines: lines.into(), ..Self::new(name, Vec::new(), Provenance::Rows) }
    }

    /// Keeps the text of a line, counted from 0, of a file that has no text: to be shown.
    #[doc(hidden)] // of the command line alone
    pub fn excerpt(&mut self, line: usize, text: impl Into<Box<str>>) {
        self.excerpts.insert(line, text.into());
    }

    /// The text of a line, counted from 0, without its end; empty where it is not kept.
    #[doc(hidden)] // what drawers draw
    pub fn line_text(&self, line: usize) -> &str {
        match self.provenance {
            Provenance::Rows => self.excerpts.get(&line).map_or("", |text| text),
            _ => {
                self.lines().line_range(&self.text, line).and_then(|range| self.text.get(range)).unwrap_or("")
            }
        }
    }

    /// Line and column of an offset, both from 1; the column counts characters.
    #[doc(hidden)] // what `Sources::line_column` counts with
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        match self.provenance {
            Provenance::Rows => self.lines().line_column_by_marks(offset),
            _ => self.lines().line_column(&self.text, offset),
        }
    }

    /// A file that could not be read: what it declares is not known, and so not missed elsewhere.
    pub fn unread(name: impl Into<String>) -> Self {
        Self { is_read: false, ..Self::new(name, Vec::new(), Provenance::Given) }
    }

    /// Adds a path by which other files name it, from the root of the run. The first is where it lies.
    pub fn add_path(&mut self, path: impl Into<String>) {
        let path = path.into();
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
    }

    /// The paths by which other files name it, where it lies first. A file of which nobody said where it lies is
    /// where its name says.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let name = self.paths.is_empty().then_some(&self.name);
        name.into_iter().chain(&self.paths).map(String::as_str)
    }

    /// Where it lies: what the paths in it count from.
    pub fn path(&self) -> &str {
        self.paths.first().unwrap_or(&self.name)
    }

    /// Whether its text is known.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// Its name as the user knows it: the path as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset and value of the first byte that is no UTF-8; two zeros where the text is in UTF-16.
    pub fn bad_byte(&self) -> Option<(u32, u8)> {
        self.bad_byte
    }

    /// Where bytes stood that are no UTF-8, in ascending order; none where the text ends before the first.
    pub fn bad_bytes(&self) -> &[u32] {
        &self.bad_bytes
    }

    /// Where it comes from.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// The starts of its lines, found at the first call.
    #[doc(hidden)]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The text of a span; empty where the span is not of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// Whether bytes are a text in UTF-16, with a byte order mark or without: of the first ones every other is zero, and
/// only those.
fn is_wide(bytes: &[u8]) -> bool {
    const FIRST: usize = 64;
    let zeros =
        |from: usize| bytes.iter().take(FIRST).skip(from).step_by(2).filter(|byte| **byte == 0).count();
    // A character in four may be one beyond Latin-1, whose two bytes are no zeros.
    let most = bytes.len().min(FIRST) / 2;
    most >= 4 && [(0, 1), (1, 0)].iter().any(|(all, none)| zeros(*all) * 4 >= most * 3 && zeros(*none) == 0)
}

/// The text of bytes that are not all UTF-8, the first that is none, and where they stand.
fn read_over(bytes: &[u8]) -> (String, Option<(u32, u8)>, Vec<u32>) {
    /// With more, a file is no text.
    const MOST: usize = 256;
    let mut text = String::with_capacity(bytes.len());
    let mut first = None;
    let mut bad = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let at = u32::try_from(text.len()).unwrap_or(u32::MAX);
            first = first.or(Some((at, *byte)));
            bad.push(at);
            text.push('\u{1a}');
        }
        if bad.len() > MOST || bad.first() == Some(&0) {
            text.truncate(first.map_or(0, |(at, _)| at as usize));
            return (text, first, Vec::new());
        }
    }
    (text, first, bad)
}

/// All files of a run. They make one policy.
///
/// ```
/// use rolec::source::{Place, Provenance, SourceFile, Sources, Span};
///
/// let mut sources = Sources::new();
/// assert!(sources.is_empty());
/// let first = sources.add("roles.role", "use wiki");
/// let second = sources.push(SourceFile::new("people.role", b"// \xc3\xa9 x".to_vec(), Provenance::Given));
/// assert_eq!(sources.len(), 2);
/// sources.replace(first, SourceFile::new("roles.role", b"use jumpcloud".to_vec(), Provenance::Given));
/// assert_eq!(sources.file(first).map(SourceFile::text), Some("use jumpcloud"));
/// assert_eq!(sources.file(second).map(SourceFile::name), Some("people.role"));
/// let ids: Vec<_> = sources.iter().map(|(id, _)| id).collect();
/// assert_eq!(ids, [first, second]);
///
/// // A column counts characters: `é` takes two bytes.
/// let place = Place { file: second, span: Span::new(6, 7) };
/// assert_eq!(sources.line_column(place), (1, 6));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl Sources {
    /// No file yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file that was given to the run.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Vec<u8>>) -> FileId {
        self.push(SourceFile::new(name, text.into(), Provenance::Given))
    }

    /// Adds a file.
    pub fn push(&mut self, file: impl Into<Arc<SourceFile>>) -> FileId {
        let id = FileId::at(self.files.len());
        self.files.push(file.into());
        id
    }

    /// Puts another text in the place of a file.
    pub fn replace(&mut self, id: FileId, file: impl Into<Arc<SourceFile>>) {
        if let Some(slot) = self.files.get_mut(id.index()) {
            *slot = file.into();
        }
    }

    /// The file of an id.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.index()).map(|file| &**file)
    }

    /// All files with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId::at(index), &**file))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is so much text that it is worth waking threads for it.
    #[cfg(feature = "compile")]
    pub(crate) fn is_large(&self) -> bool {
        const LARGE: usize = 256 << 10;
        self.files.iter().map(|file| file.text().len()).sum::<usize>() >= LARGE
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Line and column of a place, both from 1; the column counts characters.
    pub fn line_column(&self, place: Place) -> (u32, u32) {
        self.file(place.file).map_or((1, 1), |file| file.line_column(place.span.start))
    }
}

impl<N: Into<String>, T: Into<Vec<u8>>> FromIterator<(N, T)> for Sources {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(files: I) -> Self {
        let mut sources = Self::new();
        for (name, text) in files {
            sources.add(name, text);
        }
        sources
    }
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Place, Provenance, SourceFile, Sources, Span};

    #[test]
    fn a_file_of_rows_has_its_lines_and_no_text() {
        let mut lines = LineIndex::default();
        lines.begin_line(10);
        let mut file = SourceFile::of_rows("people.csv", lines);
        file.excerpt(1, "acme,ana");
        assert_eq!((file.text(), file.line_text(0), file.line_text(1)), ("", "", "acme,ana"));
        assert_eq!(file.provenance(), Provenance::Rows);
        let mut sources = Sources::new();
        let file = sources.push(file);
        assert_eq!(sources.line_column(Place { file, span: Span::new(15, 18) }), (2, 6));
    }

    #[test]
    fn what_is_known_of_a_file() {
        let file = |bytes: &[u8]| SourceFile::new("a.role", bytes.to_vec(), Provenance::Given);
        assert!(file(b"").is_read() && file(b"use wiki").is_read());
        assert!(!SourceFile::unread("a.role").is_read());
        // The bytes around broken ones are read.
        let broken = file(b"use \xff wiki \xfe\xfd");
        assert_eq!(broken.text(), "use \u{1a} wiki \u{1a}\u{1a}");
        assert_eq!((broken.bad_byte(), broken.bad_bytes()), (Some((4, 0xff)), &[4, 11, 12][..]));
        assert!(broken.is_read());
        // What begins with one, or has very many, is no text from there on.
        let data = file(b"\xffuse wiki");
        assert_eq!((data.text(), data.bad_byte(), data.bad_bytes()), ("", Some((0, 0xff)), &[][..]));
        assert!(!data.is_read());
        let many = file(&[b"use wiki".as_slice(), &[0xff; 256]].concat());
        assert_eq!((many.text().len(), many.bad_bytes().len()), (264, 256));
        let more = file(&[b"use wiki".as_slice(), &[0xff; 257]].concat());
        assert_eq!((more.text(), more.bad_byte(), more.bad_bytes()), ("use wiki", Some((8, 0xff)), &[][..]));
    }
}
