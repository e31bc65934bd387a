//! Ids as the language quotes them: between quotes, with the escapes `\"`, `\\` and `\u{…}`. Reads and writes one id;
//! knows nothing of what it names.

use std::borrow::Cow;
use std::fmt;

/// Why a text with quotes cannot be read.
///
/// ```
/// use rolec::eval::WhoText;
///
/// let error = WhoText::parse("role:\"desk").unwrap_err();
/// assert_eq!((error.at, error.to_string()), (5, "a quote is never closed (byte 5)".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteError {
    /// Where, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub problem: QuoteProblem,
}

/// What is wrong with quotes.
///
/// ```
/// use rolec::eval::{QuoteProblem, WhoText};
///
/// let problem = |text| WhoText::parse(text).unwrap_err().problem;
/// assert_eq!(problem(r#""ana"#), QuoteProblem::Open);
/// assert_eq!(problem(r#""a\na""#), QuoteProblem::Escape);
/// assert_eq!(problem(r#""an"a"#), QuoteProblem::Part);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuoteProblem {
    /// A quote is never closed.
    Open,
    /// A backslash begins none of the three escapes.
    Escape,
    /// Quotes hold a part of an id only.
    Part,
}

impl fmt::Display for QuoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.problem {
            QuoteProblem::Open => "a quote is never closed",
            QuoteProblem::Escape => "a backslash in quotes begins `\\\"`, `\\\\` or `\\u{…}`",
            QuoteProblem::Part => "quotes hold a whole id; write one inside of them as `\\\"`",
        })?;
        write!(f, " (byte {})", self.at)
    }
}

impl std::error::Error for QuoteError {}

/// Reads the quoted id that begins at `start`, where there is a quote; gives it and where the text goes on.
pub(super) fn scan(text: &str, start: usize) -> Result<(String, usize), QuoteError> {
    let error = |at, problem| QuoteError { at, problem };
    let mut id = String::new();
    let body = text.get(start + 1..).unwrap_or_default();
    let mut rest = body.char_indices().map(|(at, c)| (start + 1 + at, c));
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => return Ok((id, at + 1)),
            '\\' => match rest.next() {
                Some((_, c @ ('"' | '\\'))) => id.push(c),
                Some((_, 'u')) => id.push(code_point(&mut rest).ok_or(error(at, QuoteProblem::Escape))?),
                _ => return Err(error(at, QuoteProblem::Escape)),
            },
            c => id.push(c),
        }
    }
    Err(error(start, QuoteProblem::Open))
}

/// Reads `{…}` with one to six hexadecimal digits.
fn code_point(rest: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    rest.next().filter(|(_, c)| *c == '{')?;
    let mut value = 0;
    for digits in 0..=6 {
        match rest.next()?.1 {
            '}' if digits > 0 => return char::from_u32(value),
            c => value = value * 16 + c.to_digit(16)?,
        }
    }
    None
}

/// The id that a whole text is, quoted or bare.
pub(super) fn whole(text: &str) -> Result<Cow<'_, str>, QuoteError> {
    if !text.starts_with('"') {
        return Ok(Cow::Borrowed(text));
    }
    let (id, end) = scan(text, 0)?;
    if end == text.len() {
        Ok(Cow::Owned(id))
    } else {
        Err(QuoteError { at: end, problem: QuoteProblem::Part })
    }
}

#[cfg(test)]
mod tests {
    use super::{QuoteError, QuoteProblem, whole};
    use crate::vocab::spelled;

    #[test]
    fn quoted_ids() {
        let error = |at, problem| Err(QuoteError { at, problem });
        for (text, wanted) in [
            ("", Ok("")),
            ("plain.text:on", Ok("plain.text:on")),
            (r#""a b""#, Ok("a b")),
            (r#""""#, Ok("")),
            (r#""\"\\""#, Ok(r#""\"#)),
            (r#""\u{e9}\u{1F642}\u{000041}é""#, Ok("é🙂Aé")),
            (r#"""#, error(0, QuoteProblem::Open)),
            (r#""a\""#, error(0, QuoteProblem::Open)),
            (r#""a"b"#, error(3, QuoteProblem::Part)),
            (r#""\n""#, error(1, QuoteProblem::Escape)),
            (r#""é\u{}""#, error(3, QuoteProblem::Escape)),
            (r#""\u{0000041}""#, error(1, QuoteProblem::Escape)),
            (r#""\u{d800}""#, error(1, QuoteProblem::Escape)),
            (r#""\u{110000}""#, error(1, QuoteProblem::Escape)),
            (r#""\u{4"#, error(1, QuoteProblem::Escape)),
            (r#""\u41""#, error(1, QuoteProblem::Escape)),
        ] {
            assert_eq!(whole(text).as_deref(), wanted.as_ref().map(|id| *id), "{text}");
        }
    }

    #[test]
    fn what_is_spelled_reads_back() {
        for (id, text) in [
            ("user-management_2", "user-management_2"),
            ("", r#""""#),
            ("a b", r#""a b""#),
            ("a.b:c", r#""a.b:c""#),
            ("\"\\\n\u{1b}é", r#""\"\\\u{a}\u{1b}é""#),
        ] {
            assert_eq!(spelled(id), text);
            assert_eq!(whole(text).as_deref(), Ok(id));
        }
    }
}
