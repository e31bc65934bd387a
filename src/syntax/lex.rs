//! The tokens that mean something, and what is wrong with the text itself: hidden characters, strings without an
//! end, times that do not exist, names too long. What comes later may take each token at its word.

mod escape;
mod odd;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, SourceFile, Span, code_point, is_hidden};
pub(crate) use crate::syntax::lex::escape::{meaning, unescape_one};
use crate::syntax::lex::odd::Odd;
use crate::syntax::token::{Kind, tokens};
use crate::vocab::{Time, limits};

/// A file's significant tokens.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// One character a token, in the grammar's alphabet.
    pub(crate) letters: String,
    /// The kinds of the tokens.
    pub(crate) kinds: Vec<Kind>,
    /// Where the tokens are.
    pub(crate) spans: Vec<Span>,
    /// The `///` comments, each with the number of the token below it.
    pub(crate) docs: Vec<(Span, usize)>,
    /// Where characters were refused: syntax around them is not worth a second finding.
    pub(crate) refused: Vec<u32>,
}

impl Lexed {
    /// None yet, and room for as many as such a text is likely to have.
    fn for_text(text: &str) -> Self {
        let likely = text.len() / 8;
        Self {
            letters: String::with_capacity(likely),
            kinds: Vec::with_capacity(likely),
            spans: Vec::with_capacity(likely),
            ..Self::default()
        }
    }
}

/// The significant tokens of a file and the findings in its text.
pub(crate) fn lex(file: &SourceFile, id: FileId) -> (Lexed, Diagnostics) {
    let text = file.text();
    let mut lexer = Lexer {
        text,
        id,
        lexed: Lexed::for_text(text),
        findings: Diagnostics::new(),
        odd: Odd::default(),
        bad: file.bad_bytes(),
    };
    if text.len() > limits::FILE_BYTES {
        lexer.findings.push(
            Diagnostic::new(
                Code::FileTooLarge,
                Place { file: id, span: Span::new(0, 0) },
                format!("a file has at most {} MiB, this one has more", limits::FILE_BYTES >> 20),
            )
            .help("split it: all files of a run are one policy"),
        );
        return (lexer.lexed, lexer.findings);
    }
    if let Some((at, byte)) = file.bad_byte() {
        lexer.bad_bytes(at as usize, byte);
    }
    lexer.hidden();
    lexer.tokens();
    (lexer.lexed, lexer.findings)
}

struct Lexer<'s> {
    text: &'s str,
    id: FileId,
    lexed: Lexed,
    findings: Diagnostics,
    odd: Odd,
    /// Where bytes stood that are no UTF-8.
    bad: &'s [u32],
}

impl Lexer<'_> {
    fn place(&self, start: usize, end: usize) -> Place {
        Place { file: self.id, span: Span::of(start, end) }
    }

    /// Bytes that are no UTF-8: one finding.
    fn bad_bytes(&mut self, at: usize, byte: u8) {
        if byte == 0 {
            let message = "this file is in UTF-16, not in UTF-8: nothing of it was read";
            let finding = Diagnostic::new(Code::InvalidUtf8, self.place(0, 0), message);
            return self.findings.push(finding.help("save the file as UTF-8"));
        }
        let more = self.bad.len().saturating_sub(1);
        let is_cut = self.bad.is_empty();
        let rest = if is_cut { ": nothing from there on was read" } else { "" };
        let end = if is_cut { at } else { at + 1 };
        let mut finding = Diagnostic::new(
            Code::InvalidUtf8,
            self.place(at, end),
            format!("byte 0x{byte:02X} at offset {at} is not UTF-8{rest}"),
        )
        .help("save the file as UTF-8");
        if more > 0 {
            finding = finding.help(format!("{more} more bytes like this in the file are not listed"));
        }
        self.findings.push(finding);
        self.lexed.refused.extend(self.bad);
        if is_cut {
            self.refuse(at);
        }
    }

    fn is_bad(&self, at: usize) -> bool {
        u32::try_from(at).is_ok_and(|at| self.bad.binary_search(&at).is_ok())
    }

    /// Refuses what a reader cannot see, wherever it stands. A byte order mark at the start and the CR of a CRLF
    /// are how some editors save; neighbours are one finding.
    fn hidden(&mut self) {
        // Most texts are plain to the last byte, and this is all that it takes to know it.
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        if self.text.bytes().fold(true, |all, byte| all & is_plain(byte)) {
            return;
        }
        let mut found: Vec<(usize, usize, char, usize)> = Vec::new();
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_hidden(c)
                || (at == 0 && c == '\u{feff}')
                || (c == '\u{1a}' && self.is_bad(at))
                || (c == '\r' && matches!(chars.peek(), Some((_, '\n'))))
            {
                continue;
            }
            self.lexed.refused.push(u32::try_from(at).unwrap_or(u32::MAX));
            match found.last_mut() {
                Some((_, end, _, count)) if *end == at => {
                    *end = at + c.len_utf8();
                    *count += 1;
                }
                _ => found.push((at, at + c.len_utf8(), c, 1)),
            }
        }
        let more = found.len().saturating_sub(limits::TEXT_FINDINGS);
        found.truncate(limits::TEXT_FINDINGS);
        let last = found.len();
        for (index, (start, end, c, count)) in found.into_iter().enumerate() {
            let point = code_point(c);
            let message = match (c, count) {
                ('\r', 1) => format!("a carriage return ({point}) without a line feed"),
                (_, 1) => format!("hidden character {point}"),
                _ => format!("{count} hidden characters, {point} the first"),
            };
            let place = self.place(start, end);
            let mut finding = Diagnostic::new(Code::HiddenCharacter, place, message)
                .label("a reader cannot see it")
                .help(match c {
                    '\r' => "lines end with a line feed, or with a carriage return and one",
                    _ => "remove it; in a string, write it as `\\u{…}` if it is meant",
                })
                .fix(match c {
                    '\r' => Fix::suggest("write a line feed", place, "\n".repeat(count)),
                    _ => Fix::suggest("remove it", place, ""),
                });
            if index + 1 == last && more > 0 {
                finding = finding.help(format!("{more} more places like this in the file are not listed"));
            }
            self.findings.push(finding);
        }
    }

    fn tokens(&mut self) {
        let mut from = 0;
        // Where something was read otherwise than the tokens say, they begin anew behind it.
        while let Some(next) = self.tokens_from(from) {
            from = next;
        }
        self.end_run();
        self.count_odd();
        self.lexed.refused.sort_unstable();
    }

    /// Reads tokens until one is read otherwise; gives where to go on.
    fn tokens_from(&mut self, from: usize) -> Option<usize> {
        let text = self.text.get(from..).unwrap_or_default();
        for token in tokens(text) {
            let (start, end) = (from + token.start, from + token.end);
            match token.kind {
                Kind::Space => {
                    if self.odd.has_run() && self.text.get(start..end).is_some_and(|gap| gap.contains('\n')) {
                        self.end_run();
                    }
                    continue;
                }
                Kind::Unknown => {
                    if let Some(next) = self.odd(start, end) {
                        return Some(next);
                    }
                    continue;
                }
                _ if self.odd.has_run() => self.end_run(),
                _ => {}
            }
            match token.kind {
                Kind::Comment => {}
                Kind::Doc => self.lexed.docs.push((Span::of(start, end), self.lexed.kinds.len())),
                Kind::UnclosedString => return Some(self.unclosed(start, end)),
                kind => {
                    self.inspect(kind, start, end);
                    self.push(kind, start, end);
                }
            }
        }
        None
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        if let Some(letter) = kind.letter() {
            self.lexed.letters.push(char::from(letter));
            self.lexed.kinds.push(kind);
            self.lexed.spans.push(Span::of(start, end));
        }
    }

    fn refuse(&mut self, at: usize) {
        self.lexed.refused.push(u32::try_from(at).unwrap_or(u32::MAX));
    }

    /// A string that its line ends before its closing quote; gives where to go on. Braces in it that have no partner
    /// there are taken for those of the policy: the quote was forgotten before them.
    fn unclosed(&mut self, start: usize, end: usize) -> usize {
        self.refuse(start);
        let finding = Diagnostic::new(
            Code::UnclosedString,
            self.place(start, end),
            "a string without its closing quote",
        )
        .label("opened here");
        if let Some(closed) = self.closed_below(end) {
            // Where the line ends in the middle of a text, that has been told.
            let rest = self.text.get(end..).unwrap_or_default();
            if !rest.starts_with('\r') || rest.starts_with("\r\n") {
                self.findings.push(finding.help("a string stands on one line: write its lines as one"));
            }
            self.push(Kind::UnclosedString, start, closed);
            self.refuse(closed);
            return closed;
        }
        self.findings.push(finding.help("strings end on their line; write a quote inside one as `\\\"`"));
        let text = self.text.get(start..end).unwrap_or_default();
        let mut open = Vec::new();
        let mut alone = Vec::new();
        for (at, c) in text.char_indices() {
            match c {
                '{' => open.push((at, Kind::Open)),
                '}' if open.pop().is_none() => alone.push((at, Kind::Close)),
                _ => {}
            }
        }
        // A brace in a string before it on the line is the partner of one here: the quote was forgotten before that.
        let swallowed = self.swallowed(start).min(alone.len());
        if swallowed > 0 {
            alone.drain(..swallowed);
            self.refuse(end);
        }
        alone.append(&mut open);
        let body = alone.first().map_or(end, |(at, _)| start + at);
        let body = self.text.get(start..body).map_or(body, |text| start + text.trim_end().len());
        self.push(Kind::UnclosedString, start, body);
        for (at, kind) in alone {
            self.push(kind, start + at, start + at + 1);
        }
        end
    }

    /// How many braces that have no partner there the strings open before a place on its line.
    fn swallowed(&self, before: usize) -> usize {
        let line = self.text.get(..before).and_then(|text| text.rfind('\n')).unwrap_or(0);
        let tokens = self.lexed.kinds.iter().zip(&self.lexed.spans).rev();
        let strings = tokens
            .take_while(|(_, span)| span.start as usize >= line)
            .filter(|(kind, _)| **kind == Kind::String);
        let mut count = 0_usize;
        for (_, span) in strings {
            let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
            count += text.matches('{').count().saturating_sub(text.matches('}').count());
        }
        count
    }

    /// Where a string that its line does not close is closed on one of the next lines, if that is what the next quote
    /// does: nothing follows it that a string could begin with.
    fn closed_below(&self, end: usize) -> Option<usize> {
        const FARTHEST: usize = 2048;
        let rest = self.text.get(end..)?;
        let quote = rest.bytes().take(FARTHEST).position(|byte| byte == b'"')?;
        let gap = rest.get(..quote)?;
        let next = rest.get(quote + 1..)?.chars().next();
        let closes = next.is_none_or(|next| next.is_whitespace() || matches!(next, '{' | '}' | ',' | ':'));
        (closes && !gap.contains(['{', '}']) && !gap.contains("//")).then_some(end + quote + 1)
    }

    /// What a single token can have wrong.
    fn inspect(&mut self, kind: Kind, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default();
        match kind {
            Kind::String => self.string(text, start),
            Kind::Date | Kind::Time => {
                if let Err(error) = Time::parse(text) {
                    self.findings.push(
                        Diagnostic::new(
                            Code::BadTime,
                            self.place(start, end),
                            format!("`{text}` is no time"),
                        )
                        .label(error.to_string()),
                    );
                }
            }
            Kind::Number if text.parse::<u32>().is_err() => self.findings.push(
                Diagnostic::new(Code::BadNumber, self.place(start, end), "this number is too large")
                    .label(format!("at most {}", u32::MAX)),
            ),
            _ => {}
        }
        // What it means is no longer than the token.
        let is_long = text.len() > limits::NAME_BYTES && matches!(kind, Kind::Word | Kind::String);
        let bytes = if is_long { meaning(text).len() } else { 0 };
        if bytes > limits::NAME_BYTES && !self.is_prose() {
            self.refuse(start);
            self.findings.push(
                Diagnostic::new(
                    Code::BadName,
                    self.place(start, end),
                    format!("a name has at most {} bytes, this one has {bytes}", limits::NAME_BYTES),
                )
                .label("too long"),
            );
        }
    }

    /// Whether the next token is prose (a description, a note) and may be as long as it likes.
    fn is_prose(&self) -> bool {
        matches!(
            self.lexed.kinds.last(),
            Some(Kind::Description | Kind::Note | Kind::Caveat | Kind::Because | Kind::Unconfirmed)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::lex;
    use crate::diagnostic::Diagnostics;
    use crate::source::{FileId, Provenance, SourceFile};

    fn found(bytes: &[u8]) -> (String, Diagnostics) {
        let file = SourceFile::new("f.role", bytes.to_vec(), Provenance::Given);
        let (lexed, findings) = lex(&file, FileId(0));
        (lexed.letters, findings)
    }

    /// What is to be done about what is found, a list for each finding.
    fn helps(bytes: &[u8]) -> Vec<Vec<String>> {
        let (_, findings) = found(bytes);
        findings.iter().map(|finding| finding.help.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn bytes_that_are_no_text_are_counted() {
        assert_eq!(helps(b"use \xff"), [["save the file as UTF-8"]]);
        let more = "2 more bytes like this in the file are not listed";
        assert_eq!(helps(b"use \xff\xfe\xfd"), [["save the file as UTF-8", more]]);
    }

    #[test]
    fn hidden_characters_are_counted() {
        let remove = "remove it; in a string, write it as `\\u{…}` if it is meant";
        assert_eq!(helps("use\u{200b} \u{200b}".as_bytes()), [[remove], [remove]]);
        let told = helps("use\u{200b} ".repeat(66).as_bytes());
        assert_eq!(told.len(), 64);
        assert_eq!(told[62], [remove]);
        assert_eq!(told[63], [remove, "2 more places like this in the file are not listed"]);
    }

    #[test]
    fn braces_of_strings_whose_quote_is_missing() {
        // The brace behind the last quote closes the one in the string before it.
        assert_eq!(found(b"role a \"A { description \"x\" }").0, "r_\"_\"");
        assert_eq!(found(b"role a \"A\" description \" }").0, "r_\"P\"}");
    }
}
