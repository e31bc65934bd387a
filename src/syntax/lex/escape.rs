//! Strings: their escapes, and what they mean without them.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::code_point;
use crate::syntax::lex::Lexer;
use crate::vocab::limits;

impl Lexer<'_> {
    /// What is no escape in a string.
    pub(super) fn string(&mut self, text: &str, start: usize) {
        // Most have neither, which all of their bytes at once tell soonest.
        if !text.bytes().fold(false, |any, byte| any | (byte == b'\\') | (byte == b'\t')) {
            return;
        }
        if !self.is_prose() {
            self.tabs(text, start);
        }
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

    /// Refuses tabs in a name: they look like spaces.
    fn tabs(&mut self, text: &str, start: usize) {
        for (at, _) in text.match_indices('\t').take(limits::TEXT_FINDINGS) {
            let place = self.place(start + at, start + at + 1);
            self.findings.push(
                Diagnostic::new(
                    Code::HiddenCharacter,
                    place,
                    format!("a tab ({}) in a name", code_point('\t')),
                )
                .label("a reader takes it for spaces")
                .help("write a space; a tab that is meant is written as `\\u{9}`")
                .fix(Fix::suggest("write a space", place, " ")),
            );
        }
    }
}

/// The character of the escape at the start of `text` and the bytes it takes; or the bytes that are no escape.
pub(crate) fn unescape_one(text: &str) -> Result<(char, usize), usize> {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, c @ ('"' | '\\'))) => Ok((c, 2)),
        Some((_, 'u')) => {
            let body = text.get(2..).unwrap_or_default();
            // No further than an escape goes: a text of many that are never closed is not walked to its end by each.
            let close = body.bytes().take(9).position(|byte| byte == b'}').filter(|_| body.starts_with('{'));
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
