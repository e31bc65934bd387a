//! Positions of the protocol and offsets in a text. A line ends after `\n`, `\r\n` or `\r`; a column counts bytes or
//! units of UTF-16, as was agreed. What lies outside is taken for the nearest place inside; what lies in the middle of
//! a character, for its start.

use crate::lsp::protocol::{Position, PositionEncodingKind, Range};
use crate::source::Span;

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    #[default]
    Utf16,
}

impl Encoding {
    /// Takes bytes where the client can count them.
    pub(super) fn choose(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }
}

/// A character that takes more than a byte.
#[derive(Clone, Copy, Debug)]
struct Wide {
    start: u32,
    bytes: u32,
    units: u32,
    /// By how much bytes are more than units, before it.
    before: u32,
}

impl Wide {
    fn end(self) -> u32 {
        self.start + self.bytes
    }

    /// By how much bytes are more than units, up to its end.
    fn after(self) -> u32 {
        self.before + self.bytes - self.units
    }
}

/// Where the lines of a text begin, and its characters of more than a byte.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    encoding: Encoding,
    starts: Vec<u32>,
    wide: Vec<Wide>,
    end: u32,
}

impl Lines {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut starts = vec![0];
        let mut wide: Vec<Wide> = Vec::new();
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => starts.push(count(at + 1)),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => starts.push(count(at + 1)),
                // The first byte of a character says how long it is.
                0xc0.. => {
                    let length = match byte {
                        ..=0xdf => 2,
                        ..=0xef => 3,
                        _ => 4,
                    };
                    let before = wide.last().map_or(0, |last| last.after());
                    let units = if length == 4 { 2 } else { 1 };
                    wide.push(Wide { start: count(at), bytes: length, units, before });
                }
                _ => {}
            }
        }
        Self { encoding, starts, wide, end: count(text.len()) }
    }

    pub(super) fn position(&self, offset: u32) -> Position {
        let offset = self.char_start(offset.min(self.end));
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = match self.encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => (offset - start) - (self.surplus(offset) - self.surplus(start)),
        };
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), character: column }
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The offset of a position in its text.
    pub(super) fn offset(&self, text: &str, position: Position) -> u32 {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return self.end };
        let next = self.starts.get(line + 1).copied().unwrap_or(self.end);
        let body = text.get(start as usize..next as usize).unwrap_or_default();
        let end = start + u32::try_from(body.trim_end_matches(['\r', '\n']).len()).unwrap_or(0);
        let offset = match self.encoding {
            Encoding::Utf8 => start.saturating_add(position.character),
            Encoding::Utf16 => self.of_units(start, position.character),
        };
        self.char_start(offset.min(end))
    }

    /// The bytes between two positions, in whichever order they are given.
    pub(super) fn span(&self, text: &str, range: Range) -> Span {
        let (start, end) = (self.offset(text, range.start), self.offset(text, range.end));
        Span::new(start.min(end), end.max(start))
    }

    /// The offset that lies a number of units after a line's start.
    fn of_units(&self, start: u32, units: u32) -> u32 {
        let base = self.surplus(start);
        let first = self.wide.partition_point(|wide| wide.start < start);
        let here = self.wide.get(first..).unwrap_or_default();
        // The units before a character rise from one to the next.
        let column = |wide: &Wide| (wide.start - start) - (wide.before - base);
        let passed = here.partition_point(|wide| column(wide) <= units);
        match passed.checked_sub(1).and_then(|last| here.get(last)) {
            Some(wide) if units < column(wide) + wide.units => wide.start,
            Some(wide) => wide.end().saturating_add(units - column(wide) - wide.units),
            None => start.saturating_add(units),
        }
    }

    /// By how much bytes are more than units, before an offset that is a character's start.
    fn surplus(&self, offset: u32) -> u32 {
        let passed = self.wide.partition_point(|wide| wide.start < offset);
        passed.checked_sub(1).and_then(|last| self.wide.get(last)).map_or(0, |wide| wide.after())
    }

    /// The start of the character that an offset lies in.
    fn char_start(&self, offset: u32) -> u32 {
        let passed = self.wide.partition_point(|wide| wide.start < offset);
        match passed.checked_sub(1).and_then(|last| self.wide.get(last)) {
            Some(wide) if offset < wide.end() => wide.start,
            _ => offset,
        }
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test fails by a panic")]
mod tests {
    use super::{Encoding, Lines};
    use crate::lsp::protocol::Position;

    /// The same, character by character.
    fn naive(text: &str, offset: usize, encoding: Encoding) -> Position {
        let before = &text[..offset];
        let ends = before.char_indices().filter(|(at, c)| match c {
            '\n' => true,
            '\r' => !text[at + 1..].starts_with('\n'),
            _ => false,
        });
        let (line, start) = ends.fold((0, 0), |(line, _), (at, _)| (line + 1, at + 1));
        let column = match encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => text[start..offset].encode_utf16().count(),
        };
        Position { line, character: u32::try_from(column).unwrap() }
    }

    #[test]
    fn every_place_there_and_back() {
        for text in ["", "a", "\n", "aé\r\nb🙂c\rd\n\n🙂🙂é日\r", "\r\r\n\n", "é", "🙂", "ab\r\n🙂"]
        {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let lines = Lines::new(text, encoding);
                for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let offset = u32::try_from(at).unwrap();
                    let position = lines.position(offset);
                    assert_eq!(position, naive(text, at, encoding), "{text:?} at {at}");
                    // Between the two bytes of a line end lies no place that a position could name.
                    if !text[..at].ends_with('\r') || !text[at..].starts_with('\n') {
                        assert_eq!(lines.offset(text, position), offset, "{text:?} at {at}, {encoding:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_lies_outside_is_the_nearest_inside() {
        let text = "a🙂b\r\nc";
        let at =
            |encoding, line, character| Lines::new(text, encoding).offset(text, Position { line, character });
        use Encoding::{Utf8, Utf16};
        assert_eq!(at(Utf16, 0, 1), 1);
        assert_eq!(at(Utf16, 0, 2), 1, "inside of a surrogate pair");
        assert_eq!(at(Utf16, 0, 3), 5);
        assert_eq!(at(Utf8, 0, 3), 1, "inside of a character");
        assert_eq!(at(Utf16, 0, 99), 6, "before the line end");
        assert_eq!(at(Utf16, 0, u32::MAX), 6);
        assert_eq!(at(Utf8, 1, u32::MAX), 9);
        assert_eq!(at(Utf16, u32::MAX, 0), 9);
        assert_eq!(Lines::new(text, Utf16).position(u32::MAX), Position { line: 1, character: 1 });
        assert_eq!(Lines::new(text, Utf16).position(3), Position { line: 0, character: 1 });
    }
}
