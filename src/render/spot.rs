//! A finding's place held against its file: a span that ends beyond the text, inside a character or before it
//! starts is brought into bounds here, so that no drawer has to ask.

use std::ops::Range;

use crate::source::{Place, Provenance, SourceFile, Sources};

/// A place that its file really has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    /// The file.
    pub(super) file: &'a SourceFile,
    /// The first byte.
    pub(super) start: usize,
    /// The byte after the last, never before the first.
    pub(super) end: usize,
}

/// A point as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// The line, from 1.
    pub(super) line: u32,
    /// The column, from 1, in characters.
    pub(super) column: u32,
    /// The byte, from 0.
    pub(super) byte: usize,
}

impl<'a> Spot<'a> {
    /// The nearest spot to a place; nothing where there is no such file. A character that the place cuts is taken
    /// whole.
    pub(super) fn of(sources: &'a Sources, place: Place) -> Option<Self> {
        let file = sources.file(place.file)?;
        if file.provenance() == Provenance::Rows {
            // What was read through is not there to be held against: its reader made the place.
            let (a, b) = (place.span.start as usize, place.span.end as usize);
            return Some(Self { file, start: a.min(b), end: a.max(b) });
        }
        let text = file.text();
        let (a, b) = (place.span.start as usize, place.span.end as usize);
        let mut start = a.min(b).min(text.len());
        let mut end = a.max(b).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Some(Self { file, start, end })
    }

    /// Where it starts.
    pub(super) fn first(&self) -> Point {
        self.point(self.start)
    }

    /// Where it ends: the point after its last character.
    pub(super) fn last(&self) -> Point {
        self.point(self.end)
    }

    /// The line that it starts in, from 0.
    pub(super) fn line(&self) -> usize {
        self.file.lines().line(self.byte(self.start))
    }

    /// The part of it that stands in its first line, counted from the line's first byte as [`line_text`] gives it.
    pub(super) fn in_line(&self) -> Range<usize> {
        if self.file.provenance() == Provenance::Rows {
            return self.in_excerpt();
        }
        let line = line_range(self.file, self.line());
        let start = self.start.clamp(line.start, line.end);
        start - line.start..self.end.clamp(start, line.end) - line.start
    }

    /// The same where a line may be kept, and nothing else is.
    fn in_excerpt(&self) -> Range<usize> {
        let text = line_text(self.file, self.line());
        let begin = self.file.lines().start(self.line()).unwrap_or(0) as usize;
        let byte_of = |at: usize| {
            let mut at = at.saturating_sub(begin).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        byte_of(self.start)..byte_of(self.end)
    }

    /// A point of the file. What stands in a line end counts as the line's end.
    fn point(&self, byte: usize) -> Point {
        if self.file.provenance() == Provenance::Rows {
            let (line, column) = self.file.line_column(self.byte(byte));
            return Point { line, column, byte };
        }
        let lines = self.file.lines();
        let line = line_range(self.file, lines.line(self.byte(byte)));
        let (line, column) = lines.line_column(self.file.text(), self.byte(byte.min(line.end)));
        Point { line, column, byte }
    }

    fn byte(&self, at: usize) -> u32 {
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The text of a line (from 0), without its line end and without a byte order mark.
pub(super) fn line_text(file: &SourceFile, line: usize) -> &str {
    match file.provenance() {
        Provenance::Rows => file.line_text(line),
        _ => file.text().get(line_range(file, line)).unwrap_or_default(),
    }
}

fn line_range(file: &SourceFile, line: usize) -> Range<usize> {
    let text = file.text();
    let range = file.lines().line_range(text, line).unwrap_or(text.len()..text.len());
    let mark = if range.start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    range.start + mark..range.end.max(range.start + mark)
}

#[cfg(test)]
mod tests {
    use super::{Spot, line_text};
    use crate::source::{FileId, Place, Sources, Span};

    fn spot(text: &str, start: u32, end: u32) -> ((u32, u32), (u32, u32), std::ops::Range<usize>) {
        let sources = Sources::from_iter([("a", text)]);
        let spot = Spot::of(&sources, Place { file: FileId(0), span: Span::new(start, end) }).unwrap();
        let (first, last) = (spot.first(), spot.last());
        assert!(line_text(spot.file, spot.line()).get(spot.in_line()).is_some());
        ((first.line, first.column), (last.line, last.column), spot.in_line())
    }

    #[test]
    fn marks_and_line_ends_do_not_shift() {
        let text = "\u{feff}ab\r\né!\r\n";
        assert_eq!(spot(text, 0, 0), ((1, 1), (1, 1), 0..0));
        assert_eq!(spot(text, 3, 4), ((1, 1), (1, 2), 0..1));
        assert_eq!(spot(text, 5, 7), ((1, 3), (2, 1), 2..2), "the line end itself");
        assert_eq!(spot(text, 6, 7), ((1, 3), (2, 1), 2..2), "its second half");
        assert_eq!(spot(text, 9, 10), ((2, 2), (2, 3), 2..3));
    }

    #[test]
    fn bad_spans_are_brought_into_bounds() {
        assert_eq!(spot("", 7, 9), ((1, 1), (1, 1), 0..0));
        assert_eq!(spot("ab\n", 9, u32::MAX), ((2, 1), (2, 1), 0..0));
        assert_eq!(spot("a🙂b", 2, 3), ((1, 2), (1, 3), 1..5), "inside a character");
        assert_eq!(spot("abc", 2, 1), ((1, 2), (1, 3), 1..2), "the wrong way round");
        assert_eq!(spot("\u{feff}", 1, 2), ((1, 1), (1, 1), 0..0), "inside the mark");
    }

    #[test]
    fn no_such_file() {
        assert!(Spot::of(&Sources::new(), Place { file: FileId(3), span: Span::new(0, 1) }).is_none());
    }
}
