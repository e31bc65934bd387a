//! Text as given: files, places in them, lines and columns, and which characters must never reach a terminal.
//! Knows nothing of the language.

mod hidden;
mod lines;
mod place;

pub use self::hidden::{code_point, is_hidden};
pub use self::lines::LineIndex;
pub use self::place::{FileId, Place, Span};

use std::sync::OnceLock;

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Given to the run.
    Given,
    /// Compiled into the program.
    BuiltIn,
}

/// One file: its name as the user knows it, and its text.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    /// The first byte that was no UTF-8, with its value.
    bad_byte: Option<(u32, u8)>,
    /// Where such bytes stood, each `U+001A` in the text; none where the text ends before the first.
    bad_bytes: Vec<u32>,
    provenance: Provenance,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file of the given name. A byte that is no UTF-8 becomes a substitute (U+001A), so that what stands around it
    /// is still read. Where there are many, or the first byte is one, the file is no text, and its text ends there.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>, provenance: Provenance) -> Self {
        let (text, bad_byte, bad_bytes) = match String::from_utf8(bytes) {
            Ok(text) => (text, None, Vec::new()),
            Err(error) => read_over(&error.into_bytes()),
        };
        Self { name: name.into(), text, bad_byte, bad_bytes, provenance, lines: OnceLock::new() }
    }

    /// Its name as the user knows it: the path as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset and value of the first byte that is no UTF-8.
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
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The text of a span; empty where the span is not of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
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
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
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
    pub fn push(&mut self, file: SourceFile) -> FileId {
        let id = FileId::at(self.files.len());
        self.files.push(file);
        id
    }

    /// The file of an id.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.index())
    }

    /// All files with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId::at(index), file))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Line and column of a place, both from 1; the column counts characters.
    pub fn line_column(&self, place: Place) -> (u32, u32) {
        self.file(place.file).map_or((1, 1), |file| file.lines().line_column(file.text(), place.span.start))
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
