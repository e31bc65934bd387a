//! Where something stands: a file and a span of bytes in it.

/// A file of a run.
///
/// ```
/// use rolec::source::{FileId, Sources};
///
/// let mut sources = Sources::new();
/// sources.add("a.role", "");
/// let b = sources.add("b.role", "");
/// assert_eq!((b, b.index()), (FileId::at(1), 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// The id as a position in its list.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The id of a position.
    pub fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A range of bytes, end exclusive. What it counts from depends on who holds it: a file's start in a
/// [`Place`], its member's start in a syntax tree.
///
/// ```
/// use rolec::source::Span;
///
/// let word = Span::new(4, 8);
/// assert_eq!(word, Span::of(4, 8));
/// // As a part of a text that begins at byte 100.
/// assert_eq!(word.shifted(100), Span { start: 104, end: 108 });
/// assert_eq!(word.to(Span::new(10, 12)), Span::new(4, 12));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// From `start` to before `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// From positions; a file is never longer than `u32` counts (see `vocab::limits`).
    pub fn of(start: usize, end: usize) -> Self {
        Self { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
    }

    /// The same range, counted from `by` bytes before.
    pub fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The smallest range that has both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A span of a file.
///
/// ```
/// use rolec::source::{Place, Sources, Span};
///
/// let mut sources = Sources::new();
/// let file = sources.add("acme.role", "use\nwiki");
/// let wiki = Place { file, span: Span::new(4, 8) };
/// assert_eq!(sources.line_column(wiki), (2, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes of it.
    pub span: Span,
}
