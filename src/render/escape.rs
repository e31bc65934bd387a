//! The one place where hidden characters are made visible on their way out. What goes to a terminal, a log or a
//! JSON document goes through here; nothing else in the crate may write a policy's text. Who draws a text escapes its
//! names, as only it knows where a line is to end; and the command line's last writer lets nothing through that was
//! forgotten.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::render::human::Color;
use crate::source::{code_point, is_hidden};

/// How a hidden character is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// `<U+202E>`; newline and tab pass.
    Text,
    /// `<U+202E>`, newline and tab too.
    Line,
    /// `\u202e`, a pair of surrogates above U+FFFF. Right inside a JSON string only, and a serializer writes no
    /// hidden character anywhere else.
    Json,
    /// As [`Text`](Self::Text), but that sequences pass which set a colour or a weight and do nothing else.
    Styled,
}

impl Mode {
    fn escapes(self, c: char) -> bool {
        is_hidden(c) || (self == Self::Line && matches!(c, '\n' | '\t'))
    }

    fn spelled(self, c: char) -> String {
        match self {
            Self::Text | Self::Line | Self::Styled => format!("<{}>", code_point(c)),
            Self::Json => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        }
    }

    /// Hands on a text piece by piece, as long runs as can be.
    fn pass(self, text: &str, mut piece: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        let mut rest = text;
        while let Some((at, c)) = self.first(rest) {
            let (clean, tail) = rest.split_at(at);
            if !clean.is_empty() {
                piece(clean)?;
            }
            piece(&self.spelled(c))?;
            rest = tail.strip_prefix(c).unwrap_or_default();
        }
        if rest.is_empty() { Ok(()) } else { piece(rest) }
    }

    /// The first character of a text that is escaped, and where. Printable ASCII, which is most of it, is passed over
    /// byte by byte.
    fn first(self, text: &str) -> Option<(usize, char)> {
        let mut at = 0;
        loop {
            let rest = text.get(at..)?;
            let plain = rest.bytes().position(|byte| !matches!(byte, b' '..=b'~'))?;
            let c = rest.get(plain..)?.chars().next()?;
            at += plain;
            if !self.escapes(c) {
                at += c.len_utf8();
                continue;
            }
            match rest.get(plain..).map(style) {
                Some(Style::Whole(length)) if self == Self::Styled => at += length,
                _ => return Some((at, c)),
            }
        }
    }

    fn whole(self, text: &str) -> Cow<'_, str> {
        if !text.contains(|c| self.escapes(c)) {
            return Cow::Borrowed(text);
        }
        let shown = text.chars().fold(String::with_capacity(text.len() + 16), |mut shown, c| {
            if self.escapes(c) {
                shown.push_str(&self.spelled(c));
            } else {
                shown.push(c);
            }
            shown
        });
        Cow::Owned(shown)
    }
}

/// What a text that begins with an escape character begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// A sequence that sets a colour or a weight, so many bytes long.
    Whole(usize),
    /// Perhaps such a sequence, if more comes.
    Begun,
    Other,
}

/// Whether a text begins with a sequence that sets a colour or a weight. One that hides, blinks or turns round what
/// follows is none.
fn style(text: &str) -> Style {
    /// In bytes. Ours are half as long.
    const LONGEST: usize = 20;
    let Some(rest) = text.strip_prefix('\u{1b}') else { return Style::Other };
    let Some(rest) = rest.strip_prefix('[') else {
        return if rest.is_empty() { Style::Begun } else { Style::Other };
    };
    let end = rest.bytes().position(|byte| !byte.is_ascii_digit() && byte != b';');
    let Some(end) = end else { return if text.len() < LONGEST { Style::Begun } else { Style::Other } };
    let (numbers, tail) = rest.split_at(end);
    let is_style = |number: &str| {
        matches!(number.parse(), Ok(0_u8..=4 | 22 | 24 | 30..=37 | 39 | 90..=97)) || number.is_empty()
    };
    if tail.starts_with('m') && numbers.split(';').all(is_style) {
        return Style::Whole("\u{1b}[".len() + end + 1);
    }
    Style::Other
}

/// A text with its hidden characters as `<U+202E>`. Newline and tab stay.
///
/// ```
/// use rolec::render::escaped;
///
/// assert_eq!(escaped("\u{1b}[2Jline\n"), "<U+001B>[2Jline\n");
/// ```
pub fn escaped(text: &str) -> Cow<'_, str> {
    Mode::Text.whole(text)
}

/// A text that stands on one line with its hidden characters as `<U+202E>`, newline and tab among them: a name
/// with a newline must not be able to forge a line of ours.
///
/// ```
/// use rolec::render::escaped_line;
///
/// assert_eq!(escaped_line("ana\nallow: everything"), "ana<U+000A>allow: everything");
/// ```
pub fn escaped_line(text: &str) -> Cow<'_, str> {
    Mode::Line.whole(text)
}

/// A text of one line, hidden characters shown. What quotes a word of a megabyte is cut.
///
/// ```
/// use rolec::render::sentence;
///
/// assert_eq!(sentence("no role `a\u{202e}b`"), "no role `a<U+202E>b`");
/// assert_eq!(sentence(&"x".repeat(5000)).chars().count(), 1001);
/// ```
pub fn sentence(text: &str) -> Cow<'_, str> {
    /// In characters. A path may be this long, no sentence is.
    const LONGEST: usize = 1000;
    match text.char_indices().nth(LONGEST) {
        None => escaped_line(text),
        Some((end, _)) => Cow::Owned(format!("{}…", escaped_line(text.get(..end).unwrap_or_default()))),
    }
}

/// Writes one line for people. Whatever the names in it hold, it stays one.
pub(super) fn one_line(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{}", escaped_line(text))
}

/// A writer that lets no hidden character through. A character may be split over several writes; bytes that are no
/// UTF-8 become U+FFFD, since a terminal might take one of them for the start of an escape sequence.
///
/// ```
/// use std::io::Write;
/// use rolec::render::Escaped;
///
/// let mut text = Escaped::text(Vec::new());
/// // A character may come in pieces.
/// text.write_all(b"a\xe2\x80")?;
/// text.write_all(b"\xaeb")?;
/// assert_eq!(text.finish()?, b"a<U+202E>b");
///
/// let mut json = Escaped::json(Vec::new());
/// json.write_all("\"a\u{202e}b\"".as_bytes())?;
/// assert_eq!(json.finish()?, br#""a\u202eb""#);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Escaped<W> {
    inner: W,
    mode: Mode,
    /// The start of a character or of a style whose rest has not come: a few bytes.
    pending: Vec<u8>,
}

impl<W: Write> Escaped<W> {
    /// Writes text for people: `<U+202E>`; newline and tab pass.
    pub fn text(inner: W) -> Self {
        Self { inner, mode: Mode::Text, pending: Vec::new() }
    }

    /// Writes JSON: `\u202e`. It must come from a serializer, which escapes quotes and newlines itself.
    pub fn json(inner: W) -> Self {
        Self { inner, mode: Mode::Json, pending: Vec::new() }
    }

    /// The last writer before a terminal, whoever wrote before it: as [`text`](Self::text), and colours pass where they are
    /// wanted. What was escaped already goes through as it is.
    ///
    /// ```
    /// use std::io::Write;
    /// use rolec::render::{Color, Escaped};
    ///
    /// let mut out = Escaped::last(Vec::new(), Color::Always);
    /// out.write_all(b"\x1b[1mours\x1b[0m, <U+202E>, and \x1b[2Jtheirs")?;
    /// assert_eq!(out.finish()?, b"\x1b[1mours\x1b[0m, <U+202E>, and <U+001B>[2Jtheirs");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn last(inner: W, color: Color) -> Self {
        let mode = match color {
            Color::Always => Mode::Styled,
            Color::Never => Mode::Text,
        };
        Self { inner, mode, pending: Vec::new() }
    }

    /// Writes a word of this program as it is: the escape sequences of our own colours.
    pub(super) fn raw(&mut self, own: &'static str) -> io::Result<()> {
        self.inner.write_all(own.as_bytes())
    }

    /// Ends the text and gives the writer back. A character that never got its rest becomes U+FFFD.
    pub fn finish(mut self) -> io::Result<W> {
        match std::str::from_utf8(&self.pending) {
            Ok(text) => Mode::Text.pass(text, |piece| self.inner.write_all(piece.as_bytes()))?,
            Err(_) => self.inner.write_all("\u{fffd}".as_bytes())?,
        }
        self.inner.flush()?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let pending = std::mem::take(&mut self.pending);
        let bytes =
            if pending.is_empty() { Cow::Borrowed(buf) } else { Cow::Owned([&pending, buf].concat()) };
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            let bad = chunk.invalid();
            let is_last = chunks.peek().is_none();
            let mut text = chunk.valid();
            if self.mode == Mode::Styled
                && is_last
                && bad.is_empty()
                && let Some((whole, begun)) = text.rfind('\u{1b}').and_then(|at| text.split_at_checked(at))
                && style(begun) == Style::Begun
            {
                self.pending.extend_from_slice(begun.as_bytes());
                text = whole;
            }
            self.mode.pass(text, |piece| self.inner.write_all(piece.as_bytes()))?;
            let unfinished = std::str::from_utf8(bad).is_err_and(|error| error.error_len().is_none());
            if unfinished && is_last {
                self.pending.extend_from_slice(bad);
            } else if !bad.is_empty() {
                self.inner.write_all("\u{fffd}".as_bytes())?;
            }
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::{Escaped, escaped, escaped_line};
    use std::borrow::Cow;
    use std::io::Write;

    const HOSTILE: &str = "a\u{1b}[31m\u{7f}\u{9b}é\u{202e}日\u{200b}🙂\u{e0041}\u{feff}\tz\n";
    const SHOWN: &str = "a<U+001B>[31m<U+007F><U+009B>é<U+202E>日<U+200B>🙂<U+E0041><U+FEFF>\tz\n";

    fn written(mut writer: Escaped<Vec<u8>>, pieces: impl Iterator<Item = impl AsRef<[u8]>>) -> String {
        for piece in pieces {
            writer.write_all(piece.as_ref()).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn text_shows_what_is_hidden() {
        assert_eq!(escaped(HOSTILE), SHOWN);
        assert_eq!(escaped_line("a\tb\nc\u{2028}"), "a<U+0009>b<U+000A>c<U+2028>");
        assert!(matches!(escaped("plain é\n"), Cow::Borrowed(_)));
        assert!(matches!(escaped_line("plain é"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_line_stays_one() {
        let mut out = Vec::new();
        super::one_line(&mut out, "a\nallow: b\u{1b}\n").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a<U+000A>allow: b<U+001B><U+000A>\n");
    }

    #[test]
    fn the_last_writer_lets_colours_through_and_nothing_else() {
        use crate::render::Color;

        let ours = "\u{1b}[0;1;31merror\u{1b}[0m \u{1b}[mé\u{1b}[1m\u{1b}[4mx\u{1b}[0m";
        let theirs = "\u{1b}[5m\u{1b}[8;31m\u{1b}[2J\u{1b}]0;t\u{7}\u{1b}[38;5;1m\u{1b}[1234567890;1234567890m\u{9b}31m\u{1b}[";
        let shown =
            theirs.replace('\u{1b}', "<U+001B>").replace('\u{9b}', "<U+009B>").replace('\u{7}', "<U+0007>");
        for size in 1..=ours.len() + theirs.len() {
            let all = format!("{ours}{theirs}");
            let last = |color| written(Escaped::last(Vec::new(), color), all.as_bytes().chunks(size));
            assert_eq!(last(Color::Always), format!("{ours}{shown}"), "in pieces of {size}");
            assert!(!last(Color::Never).contains('\u{1b}'));
        }
    }

    #[test]
    fn a_character_may_come_in_pieces() {
        for size in 1..=HOSTILE.len() {
            assert_eq!(written(Escaped::text(Vec::new()), HOSTILE.as_bytes().chunks(size)), SHOWN);
        }
    }

    #[test]
    fn json_reads_back() {
        let text = HOSTILE.repeat(2);
        let json = serde_json::to_string(&text).unwrap();
        for size in [1, 2, 3, 1000] {
            let out = written(Escaped::json(Vec::new()), json.as_bytes().chunks(size));
            assert!(out.contains("\\udb40\\udc41") && !out.contains(crate::source::is_hidden), "{out}");
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_not_pass() {
        let out = |bytes: &[u8]| written(Escaped::text(Vec::new()), bytes.chunks(1));
        assert_eq!(out(b"a\x9b31mb"), "a\u{fffd}31mb");
        assert_eq!(out(b"a\xe2\x80"), "a\u{fffd}");
        assert_eq!(out(b"a\xe2\x80b"), "a\u{fffd}b");
    }
}
