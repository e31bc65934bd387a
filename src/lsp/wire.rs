//! Messages cut out of a stream of bytes. Trusts no length: a header has at most 4 KiB and a body no more than the
//! longest text that may be edited takes, and nothing is allocated before it has come. After broken bytes it goes on at
//! the next header. Knows nothing of JSON.

use std::io::{self, Read, Write};

use crate::vocab::limits;

/// How long a header may be, all its lines together.
const HEADER: usize = 4 << 10;
/// How long a message may be: each byte of a text may be an escape of six, and there is a little around it.
const BODY: usize = 6 * limits::FILE_BYTES + (1 << 20);
/// How much is read at once.
const CHUNK: usize = 64 << 10;

const LENGTH: &[u8] = b"content-length:";
const END: &[u8] = b"\r\n\r\n";

/// What comes next.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// The body of a message.
    Body(Vec<u8>),
    /// Bytes that are no message, in words. They are passed over.
    Broken(String),
    /// A message that says to be this long, which is too long. It is passed over.
    TooLong(u64),
}

/// The messages of a stream.
pub(super) struct Frames<R> {
    input: R,
    /// What was read and not yet taken.
    buffer: Vec<u8>,
    /// Whether what comes next need not be a header.
    is_lost: bool,
    /// How long a body may be.
    most: usize,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), is_lost: false, most: BODY }
    }

    /// The next message; none at the end of the stream.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame>> {
        if std::mem::take(&mut self.is_lost) && !self.find_header()? {
            return Ok(None);
        }
        let end = loop {
            if let Some(end) = find(&self.buffer, END) {
                break end;
            }
            if self.buffer.len() > HEADER {
                return Ok(Some(self.broken("a message has no header of at most 4 KiB")));
            }
            if !self.fill()? {
                let is_empty = self.buffer.is_empty();
                return Ok((!is_empty).then(|| self.broken("the input ends within a header")));
            }
        };
        let length = match self.buffer.get(..end).map(length) {
            _ if end > HEADER => return Ok(Some(self.broken("a message has no header of at most 4 KiB"))),
            Some(Some(length)) => match usize::try_from(length).ok().filter(|length| *length <= self.most) {
                Some(length) => length,
                None => {
                    self.pass();
                    return Ok(Some(Frame::TooLong(length)));
                }
            },
            _ => return Ok(Some(self.broken("a header does not say `Content-Length` once and as a number"))),
        };
        let whole = end + END.len() + length;
        while self.buffer.len() < whole {
            if !self.fill()? {
                return Ok(Some(self.broken("the input ends within a message")));
            }
        }
        let rest = self.buffer.split_off(whole);
        let mut message = std::mem::replace(&mut self.buffer, rest);
        message.drain(..end + END.len());
        Ok(Some(Frame::Body(message)))
    }

    /// Takes back a body that is no message: its length may have been a lie, and the next message a part of it. Of a
    /// long one nothing is taken back, or a client could have the same bytes read again and again.
    pub(super) fn take_back(&mut self, mut body: Vec<u8>) {
        if body.len() <= CHUNK {
            body.append(&mut self.buffer);
            self.buffer = body;
        }
        self.is_lost = true;
    }

    fn broken(&mut self, message: impl Into<String>) -> Frame {
        self.pass();
        Frame::Broken(message.into())
    }

    /// One byte further, so that the same header is not found again.
    fn pass(&mut self) {
        self.buffer.drain(..1.min(self.buffer.len()));
        self.is_lost = true;
    }

    /// Drops all before the next header. Within a message there is none: a string of JSON has no line ends.
    fn find_header(&mut self) -> io::Result<bool> {
        loop {
            if let Some(at) = find_length(&self.buffer) {
                self.buffer.drain(..at);
                return Ok(true);
            }
            let kept = self.buffer.len().saturating_sub(LENGTH.len());
            self.buffer.drain(..kept);
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// Reads on. Gives whether anything came.
    fn fill(&mut self) -> io::Result<bool> {
        let before = self.buffer.len();
        self.buffer.resize(before + CHUNK, 0);
        let read = loop {
            match self.input.read(self.buffer.get_mut(before..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buffer.truncate(before + read.as_ref().map_or(0, |read| *read));
        read.map(|read| read > 0)
    }
}

/// Writes a message, in one piece.
pub(super) fn write(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let mut message = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    message.extend_from_slice(body);
    output.write_all(&message)?;
    output.flush()
}

/// The length that a header states.
fn length(header: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(header).ok()?;
    let mut found = None;
    for line in text.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            if found.is_some() {
                return None;
            }
            let value = value.trim_matches([' ', '\t']);
            // `parse` would take a sign.
            if !value.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            found = Some(value.parse().ok()?);
        }
    }
    found
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn find_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(LENGTH.len()).position(|window| window.eq_ignore_ascii_case(LENGTH))
}

#[cfg(test)]
mod tests {
    use super::{BODY, Frame, Frames, HEADER, write};
    use crate::vocab::limits;

    /// A small limit: bodies of the real one take long.
    const MOST: usize = 100_000;

    /// Gives its bytes in pieces of a length.
    struct Pieces<'a>(&'a [u8], usize);

    impl std::io::Read for Pieces<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(into.len()).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    /// The bodies, and `!` for what is broken.
    fn read(bytes: &[u8], piece: usize) -> Vec<String> {
        let mut frames = Frames { most: MOST, ..Frames::new(Pieces(bytes, piece)) };
        let mut found = Vec::new();
        while let Some(frame) = frames.next().unwrap() {
            found.push(match frame {
                Frame::Body(body) if body.starts_with(b"{") => String::from_utf8(body).unwrap(),
                Frame::Body(body) => {
                    frames.take_back(body);
                    "?".to_owned()
                }
                Frame::Broken(_) | Frame::TooLong(_) => "!".to_owned(),
            });
        }
        found
    }

    fn all(bytes: &[u8]) -> Vec<String> {
        let found = read(bytes, usize::MAX);
        for piece in [1, 2, 7] {
            assert_eq!(read(bytes, piece), found, "in pieces of {piece}");
        }
        found
    }

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, b"{}").unwrap();
        write(&mut bytes, "{\"é\":\"\\r\\n\"}".as_bytes()).unwrap();
        bytes.extend_from_slice(b"content-type: x\r\nCONTENT-LENGTH:2 \r\n\r\n{}");
        assert_eq!(all(&bytes), ["{}", "{\"é\":\"\\r\\n\"}", "{}"]);
    }

    /// The longest file, in whatever way a client writes its text.
    #[test]
    fn the_longest_text_fits() {
        assert_eq!(serde_json::to_string("\u{1}").unwrap().len() - 2, 6);
        const { assert!(BODY > limits::FILE_BYTES * 6) };
        let mut frames = Frames::new(Pieces(b"Content-Length: 402653184000\r\n\r\n", 7));
        assert_eq!(frames.next().unwrap(), Some(Frame::TooLong(402_653_184_000)));
    }

    #[test]
    fn the_next_message_is_found_after_broken_bytes() {
        let good = "Content-Length: 2\r\n\r\n{}";
        for broken in [
            "nonsense\r\n\r\n",
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: -1\r\n\r\n{}",
            "Content-Length: +2\r\n\r\n{}",
            "Content-Length: 9223372036854775807\r\n\r\n{}",
            "Content-Length: 99999999999999999999999\r\n\r\n{}",
            "Content-Length: 2\r\nContent-Length: 2\r\n\r\n",
            "Content-Type: json\r\n\r\n{}",
            &format!("{}\r\n\r\n", "x".repeat(HEADER + 1)),
            &format!("Content-Length: {}\r\n\r\n{{}}", MOST + 1),
            &format!("Content-Length: {}\r\n\r\n{}", MOST + 1, "x".repeat(MOST + 1)),
        ] {
            let found = read(format!("{broken}{good}").as_bytes(), usize::MAX);
            assert!(
                found.contains(&"!".to_owned()) && found.last().unwrap() == "{}",
                "{broken:.60}: {found:?}"
            );
        }
    }

    #[test]
    fn a_length_that_lies_costs_one_message() {
        let good = "Content-Length: 2\r\n\r\n{}";
        // Too short: the rest of the body is no header.
        assert_eq!(all(format!("Content-Length: 3\r\n\r\n[1,2,3]{good}").as_bytes()), ["?", "{}"]);
        // Too long: the next message is a part of it.
        assert_eq!(all(format!("Content-Length: 20\r\n\r\n[1]{good}{good}").as_bytes()), ["?", "{}", "{}"]);
    }

    #[test]
    fn an_end_in_the_middle_is_told_once() {
        assert_eq!(all(b"Content-Le"), ["!"]);
        assert_eq!(all(b"Content-Length: 10\r\n\r\n{}"), ["!"]);
        assert_eq!(all(b""), [""; 0]);
    }
}
