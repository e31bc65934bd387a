//! One line as it is drawn: hidden characters spelled out, and a long line cut to windows around what is marked
//! in it. Knows which byte of the line stands where in the drawing, so that carets stay under what they mean.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::source::{code_point, is_hidden};

/// A line up to this many columns is drawn whole.
const WHOLE: usize = 180;
/// Of a longer one, this many columns before a mark's start …
const BEFORE: usize = 60;
/// … and this many from it on.
const AFTER: usize = 100;

/// A line as it is drawn.
pub(super) struct Window {
    /// Its text.
    pub(super) text: String,
    /// For every character that is drawn: its byte in the line, its byte in the text. None where these are the same.
    places: Option<Vec<(usize, usize)>>,
}

impl Window {
    /// Draws a line in which the given ranges are marked.
    pub(super) fn new(line: &str, marks: &[Range<usize>]) -> Self {
        if line.len() <= WHOLE && line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self { text: line.to_owned(), places: None };
        }
        let mut text = String::new();
        let mut places = Vec::new();
        let mut end = 0;
        for piece in pieces(line, marks) {
            if piece.start > end {
                text.push('…');
            }
            end = piece.end;
            for (offset, c) in line.get(piece.clone()).unwrap_or_default().char_indices() {
                let at = piece.start + offset;
                places.push((at, text.len()));
                // A mark on a character that takes no column would have no caret.
                let alone = c != '\t' && c.width().unwrap_or(0) == 0 && marks.iter().any(|m| m.start == at);
                if alone || is_hidden(c) {
                    text.push_str(&format!("<{}>", code_point(c)));
                } else {
                    text.push(c);
                }
            }
        }
        if end < line.len() {
            text.push('…');
        }
        Self { text, places: Some(places) }
    }

    /// Where a range of the line stands in the text. What was cut stands at the `…`.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.at(range.start);
        start..self.at(range.end).max(start)
    }

    fn at(&self, byte: usize) -> usize {
        let Some(places) = &self.places else { return byte.min(self.text.len()) };
        let next = places.partition_point(|(from, _)| *from < byte);
        places.get(next).map_or(self.text.len(), |(_, to)| *to)
    }
}

/// The parts of a line that are drawn, in order, none touching the next.
fn pieces(line: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    if forward(line, 0, WHOLE) == line.len() {
        return std::iter::once(0..line.len()).collect();
    }
    let around = |mark: &Range<usize>| back(line, mark.start, BEFORE)..forward(line, mark.start, AFTER);
    let mut all: Vec<Range<usize>> = marks.iter().map(around).collect();
    if all.is_empty() {
        all.push(0..forward(line, 0, BEFORE + AFTER));
    }
    all.sort_by_key(|piece| (piece.start, piece.end));
    let mut pieces: Vec<Range<usize>> = Vec::with_capacity(all.len());
    for piece in all {
        match pieces.last_mut() {
            Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
            _ => pieces.push(piece),
        }
    }
    pieces
}

/// The end of what fits in so many columns from a byte on.
fn forward(line: &str, from: usize, columns: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + fitting(rest.chars(), columns)
}

/// The start of what fits in so many columns up to a byte.
fn back(line: &str, to: usize, columns: usize) -> usize {
    let before = line.get(..to).unwrap_or_default();
    before.len() - fitting(before.chars().rev(), columns)
}

/// How many bytes of the characters fit.
fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut left = columns;
    chars
        .map_while(|c| {
            left = left.checked_sub(columns_of(c))?;
            Some(c.len_utf8())
        })
        .sum()
}

/// How many columns a character takes; one at least, so that a line of a million accents has an end.
fn columns_of(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        '\t' => 4,
        c if is_hidden(c) => "<U+>".len() + if u32::from(c) > 0xffff { 5 } else { 4 },
        c => c.width().unwrap_or(1).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn a_short_line_is_whole() {
        let window = Window::new("aé\u{202e}z", &[1..3, 3..6]);
        assert_eq!(window.text, "aé<U+202E>z");
        assert_eq!(window.place(&(1..3)), 1..3);
        assert_eq!(window.place(&(3..6)), 3..11);
        assert_eq!(window.place(&(7..7)), 12..12);
    }

    #[test]
    fn a_long_line_is_cut_around_its_marks() {
        let line = format!("{}here{}there{}", "a".repeat(10_000), "b".repeat(10_000), "c".repeat(10_000));
        let marks = [10_000..10_004, 20_004..20_009];
        let window = Window::new(&line, &marks);
        let (a, b, c) = ("a".repeat(60), "b".repeat(96), "c".repeat(95));
        assert_eq!(window.text, format!("…{a}here{b}…{}there{c}…", "b".repeat(60)));
        let marked = |mark: usize| window.text.get(window.place(&marks[mark])).unwrap();
        assert_eq!((marked(0), marked(1)), ("here", "there"));
        assert_eq!(window.place(&(10_000..30_009)).end, window.text.len(), "what is cut ends at the `…`");
        assert_eq!(Window::new(&line, &[]).text, format!("{}…", "a".repeat(160)));
    }

    #[test]
    fn what_has_no_width_is_shown_where_it_is_marked() {
        assert_eq!(
            Window::new("e\u{301} e\u{301}", std::slice::from_ref(&(1..3))).text,
            "e<U+0301> e\u{301}"
        );
        assert!(Window::new(&"\u{301}".repeat(500_000), &[]).text.len() < 400);
    }
}
