//! Input by the line, one JSON object each: of `eval`, and of logs. A line that is too long is not kept.

use std::io::{self, BufRead, BufReader, Read};

/// Bytes of one line. What is longer is malformed.
const LINE_BYTES: usize = 1 << 20;

/// What is wrong with a longer one.
pub(crate) const TOO_LONG: &str = "it is longer than 1048576 bytes";

/// An input that is read line by line.
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

/// A line.
pub(crate) struct Line<'l> {
    /// Its number in the input, from 1.
    pub(crate) number: u64,
    /// Its text without the end; none where it was too long.
    pub(crate) text: Option<&'l [u8]>,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: BufReader<R>) -> Self {
        Self { input, line: Vec::new(), number: 0 }
    }

    /// The next line that is not empty; none at the end of the input.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let is_whole = loop {
            self.line.clear();
            let Some(is_whole) = read(&mut self.input, &mut self.line)? else { return Ok(None) };
            self.number += 1;
            if self.number == 1 && self.line.starts_with("\u{feff}".as_bytes()) {
                self.line.drain(.."\u{feff}".len());
            }
            if !is_whole || !self.line.iter().all(u8::is_ascii_whitespace) {
                break is_whole;
            }
        };
        Ok(Some(Line { number: self.number, text: is_whole.then_some(self.line.as_slice()) }))
    }

    /// Whether the next line that is not empty would have to be waited for.
    pub(crate) fn is_waiting(&self) -> bool {
        let mut rest = self.input.buffer();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, more) = rest.split_at(end + 1);
            if !line.iter().all(u8::is_ascii_whitespace) {
                return false;
            }
            rest = more;
        }
        true
    }
}

/// Reads a line without its end: none at the end of the input, `false` where it was too long to keep.
fn read(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let read = input.by_ref().take(LINE_BYTES as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(true));
    }
    if line.len() <= LINE_BYTES {
        return Ok(Some(true));
    }
    line.clear();
    loop {
        let rest = input.fill_buf()?;
        let (used, done) = match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (rest.len(), rest.is_empty()),
        };
        input.consume(used);
        if done {
            return Ok(Some(false));
        }
    }
}
