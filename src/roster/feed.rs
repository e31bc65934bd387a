//! Bytes of a file of rows as they come, with what is to be known of the places in them: where lines begin, and how many
//! characters stand before a place. Keeps no byte.

use std::io::{self, BufRead};

use crate::source::{LineIndex, Span};

/// A file that is read through.
pub(super) struct Feed<'p, R> {
    input: R,
    /// How many bytes were taken.
    at: u64,
    lines: LineIndex,
    /// How many characters of the current line were taken, and how many bytes.
    chars: u64,
    bytes: u64,
    progress: &'p mut dyn FnMut(u64),
}

impl<'p, R: BufRead> Feed<'p, R> {
    /// A file from its start. A byte order mark is passed over; the bytes that begin a text in UTF-16 are no such thing.
    pub(super) fn new(input: R, progress: &'p mut dyn FnMut(u64)) -> io::Result<Self> {
        let mut feed = Self { input, at: 0, lines: LineIndex::default(), chars: 0, bytes: 0, progress };
        if feed.peek()?.starts_with("\u{feff}".as_bytes()) {
            feed.take("\u{feff}".len());
            (feed.chars, feed.bytes) = (0, 0);
            feed.lines = LineIndex::behind_mark();
        }
        Ok(feed)
    }

    /// The bytes that come next, some of them; none at the end.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What the borrow checker does not see: the buffer is the same in the next call.
                Err(error) => return Err(error),
                Ok(_) => return self.input.fill_buf(),
            }
        }
    }

    /// Takes some of the bytes that come next.
    pub(super) fn take(&mut self, count: usize) {
        // The buffer is not empty where anything is taken of it.
        let Ok(buffer) = self.input.fill_buf() else { return };
        let taken = buffer.get(..count).unwrap_or(buffer);
        let mut rest = taken;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let after = rest.get(end + 1..).unwrap_or_default();
            let at = self.at + (taken.len() - after.len()) as u64;
            self.lines.begin_line(u32::try_from(at).unwrap_or(u32::MAX));
            (self.chars, self.bytes) = (0, 0);
            rest = after;
        }
        self.bytes += rest.len() as u64;
        self.chars += chars(rest);
        let count = taken.len();
        self.input.consume(count);
        let before = self.at;
        self.at += count as u64;
        // Often enough for who waits, and seldom enough to cost nothing.
        if before >> 20 != self.at >> 20 {
            (self.progress)(self.at);
        }
    }

    /// How many bytes were taken.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Says that a place begins here, whose column will be asked for.
    pub(super) fn mark(&mut self) {
        if self.bytes != self.chars {
            let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            self.lines.mark(number(self.at), number(self.chars));
        }
    }

    /// The same of a place that is some bytes behind here, in a line that was looked at.
    pub(super) fn mark_in(&mut self, start: u64, line: &[u8], offset: usize) {
        let before = line.get(..offset).unwrap_or(line);
        if !before.is_ascii() {
            let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            self.lines.mark(number(start + offset as u64), number(chars(before)));
        }
    }

    /// The lines.
    pub(super) fn finish(self) -> LineIndex {
        (self.progress)(self.at);
        self.lines
    }
}

/// A range of bytes of the file.
pub(super) fn span(start: u64, end: u64) -> Span {
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Span::new(number(start), number(end))
}

/// How many characters there are, whatever is broken among them.
fn chars(bytes: &[u8]) -> u64 {
    if bytes.is_ascii() {
        return bytes.len() as u64;
    }
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64
}
