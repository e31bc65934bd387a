//! The tokens that mean something, and what is wrong with the text itself: hidden characters, strings without an
//! end, times that do not exist, names too long. What comes later may take each token at its word.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, SourceFile, Span, code_point, is_hidden};
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

/// The significant tokens of a file and the findings in its text.
pub(crate) fn lex(file: &SourceFile, id: FileId) -> (Lexed, Diagnostics) {
    let text = file.text();
    let mut lexer = Lexer { text, id, lexed: Lexed::default(), findings: Diagnostics::new() };
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
        lexer.findings.push(
            Diagnostic::new(
                Code::InvalidUtf8,
                lexer.place(at as usize, at as usize),
                format!("byte 0x{byte:02X} at offset {at} is not UTF-8: nothing from there on was read"),
            )
            .help("save the file as UTF-8"),
        );
        lexer.lexed.refused.push(at);
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
}

impl Lexer<'_> {
    fn place(&self, start: usize, end: usize) -> Place {
        Place { file: self.id, span: Span::of(start, end) }
    }

    /// Refuses what a reader cannot see, wherever it stands. A byte order mark at the start and the CR of a CRLF
    /// are how some editors save; neighbours are one finding.
    fn hidden(&mut self) {
        let mut found: Vec<(usize, usize, char, usize)> = Vec::new();
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_hidden(c)
                || (at == 0 && c == '\u{feff}')
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
                .help("remove it; in a string, write it as `\\u{…}` if it is meant")
                .fix(Fix::suggest("remove it", place, ""));
            if index + 1 == last && more > 0 {
                finding = finding.help(format!("{more} more places like this in the file are not listed"));
            }
            self.findings.push(finding);
        }
    }

    fn tokens(&mut self) {
        let mut unknown = 0;
        let mut run: Option<(usize, usize)> = None;
        let mut read = 0;
        for token in tokens(self.text) {
            if token.start < read {
                continue;
            }
            let span = Span::of(token.start, token.end);
            if let Some((start, end)) = run
                && (token.kind != Kind::Unknown || token.start != end)
            {
                self.unknown(start, end, &mut unknown);
                run = None;
            }
            match token.kind {
                Kind::Space | Kind::Comment => continue,
                Kind::Doc => {
                    self.lexed.docs.push((span, self.lexed.kinds.len()));
                    continue;
                }
                Kind::Unknown => {
                    if let Some(end) = self.single_quoted(token.start) {
                        read = end;
                        continue;
                    }
                    let hidden =
                        self.text.get(token.start..token.end).is_some_and(|t| t.chars().all(is_hidden));
                    if !hidden {
                        run = Some((run.map_or(token.start, |(start, _)| start), token.end));
                    }
                    continue;
                }
                kind => self.inspect(kind, token.start, token.end),
            }
            if let Some(letter) = token.kind.letter() {
                self.lexed.letters.push(char::from(letter));
                self.lexed.kinds.push(token.kind);
                self.lexed.spans.push(span);
            }
        }
        if let Some((start, end)) = run {
            self.unknown(start, end, &mut unknown);
        }
        self.lexed.refused.sort_unstable();
    }

    /// A string in single quotes: one finding, and read as the string that it was meant as. Gives its end.
    fn single_quoted(&mut self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?.lines().next()?.strip_prefix('\'')?;
        let close = tokens(rest).find(|token| {
            token.kind == Kind::Unknown && rest.get(token.start..).is_some_and(|text| text.starts_with('\''))
        })?;
        let (first, last) = (start + 1, start + 1 + close.start);
        let end = last + 1;
        let body = self.text.get(first..last)?;
        let place = self.place(start, end);
        self.findings.push(
            Diagnostic::new(Code::UnknownCharacter, place, format!("unexpected `'` around `{body}`"))
                .help("strings stand in double quotes")
                .fix(Fix::suggest("write double quotes", place, format!("\"{body}\""))),
        );
        self.lexed.letters.extend(Kind::String.letter().map(char::from));
        self.lexed.kinds.push(Kind::String);
        self.lexed.spans.push(Span::of(first, last));
        Some(end)
    }

    fn unknown(&mut self, start: usize, end: usize, count: &mut usize) {
        self.lexed.refused.push(u32::try_from(start).unwrap_or(u32::MAX));
        *count += 1;
        if *count > limits::TEXT_FINDINGS {
            return;
        }
        let text = self.text.get(start..end).unwrap_or_default();
        let mut finding =
            Diagnostic::new(Code::UnknownCharacter, self.place(start, end), format!("unexpected `{text}`"));
        finding = match text {
            ";" => {
                // At the end of a line it parts no words, and takes none into another line.
                let rest = self.text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
                let is_last = rest.is_empty() || rest.starts_with('\n') || rest.starts_with("//");
                let fix = if is_last { Fix::safe } else { Fix::suggest };
                finding.help("statements end by themselves here").fix(fix(
                    "remove it",
                    self.place(start, end),
                    "",
                ))
            }
            "/" => finding.help("a comment begins with `//`"),
            "'" => finding.help("strings stand in double quotes"),
            "@" => finding.help("a principal stands in double quotes"),
            "*" => finding.help("to set every row, write `grant all: LEVEL` or `grant CATEGORY: LEVEL`"),
            _ if !text.is_ascii() => finding.help("a name with such characters stands in double quotes"),
            _ => finding,
        };
        self.findings.push(finding);
    }

    /// What a single token can have wrong.
    fn inspect(&mut self, kind: Kind, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default();
        match kind {
            Kind::UnclosedString => {
                self.lexed.refused.push(u32::try_from(start).unwrap_or(u32::MAX));
                self.findings.push(
                    Diagnostic::new(
                        Code::UnclosedString,
                        self.place(start, end),
                        "a string without its closing quote",
                    )
                    .label("opened here")
                    .help("strings end on their line; write a quote inside one as `\\\"`"),
                );
            }
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
        let bytes = if matches!(kind, Kind::Word | Kind::String) { meaning(text).len() } else { 0 };
        if bytes > limits::NAME_BYTES && !self.is_prose() {
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

    fn string(&mut self, text: &str, start: usize) {
        let mut rest = text;
        let mut at = start;
        while let Some(found) = rest.find('\\') {
            let escape = rest.get(found..).unwrap_or_default();
            let length = match unescape_one(escape) {
                Ok((_, length)) => length,
                Err(length) => {
                    let shown = escape.get(..length).unwrap_or_default();
                    self.findings.push(
                        Diagnostic::new(
                            Code::BadEscape,
                            self.place(at + found, at + found + length),
                            format!("`{shown}` is no escape"),
                        )
                        .help("the escapes are `\\\"`, `\\\\` and `\\u{…}` with a code point in hexadecimal"),
                    );
                    length
                }
            };
            at += found + length;
            rest = rest.get(found + length..).unwrap_or_default();
        }
    }
}

/// The character of the escape at the start of `text` and the bytes it takes; or the bytes that are no escape.
pub(super) fn unescape_one(text: &str) -> Result<(char, usize), usize> {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, c @ ('"' | '\\'))) => Ok((c, 2)),
        Some((_, 'u')) => {
            let body = text.get(2..).unwrap_or_default();
            let close = body.find('}').filter(|close| *close <= 8 && body.starts_with('{'));
            let Some(close) = close else { return Err(2) };
            let digits = body.get(1..close).unwrap_or_default();
            let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let point = if is_hex { u32::from_str_radix(digits, 16).ok() } else { None };
            point.and_then(char::from_u32).map(|c| (c, close + 3)).ok_or(close + 3)
        }
        Some((at, c)) => Err(at + c.len_utf8()),
        None => Err(1),
    }
}

/// What the text of a name or string token means: without its quotes, escapes replaced.
pub(crate) fn meaning(text: &str) -> std::borrow::Cow<'_, str> {
    let Some(body) = text.strip_prefix('"') else { return text.into() };
    let body = body.strip_suffix('"').unwrap_or(body);
    if !body.contains('\\') {
        return body.into();
    }
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.get(at..).unwrap_or_default();
        let length = match unescape_one(escape) {
            Ok((c, length)) => {
                out.push(c);
                length
            }
            Err(length) => length,
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out.into()
}
