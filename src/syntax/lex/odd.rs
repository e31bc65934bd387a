//! Characters that the language has no use for: what they were meant as, and one finding for those that belong
//! together. What can be read as it was meant is, so that nothing follows from it.

use crate::diagnostic::{Applicability, Code, Diagnostic, Edit, Fix};
use crate::source::{Place, code_point, is_hidden};
use crate::syntax::lex::Lexer;
use crate::syntax::token::{Kind, tokens};
use crate::vocab::{Time, TimeError, limits};

/// What is remembered of them.
#[derive(Debug, Default)]
pub(super) struct Odd {
    /// Characters in a row, which are one finding.
    run: Option<(usize, usize)>,
    /// Brackets without a partner so far: where they stand, and their finding.
    brackets: Vec<(char, usize, usize)>,
    /// How many findings there were, those not told among them.
    count: usize,
    /// The last that was told.
    last: Option<usize>,
    /// The last that was a mark between two words.
    mark: Option<Mark>,
    /// Whether no `*/` follows any more: it was looked for, and is not looked for again.
    is_never_closed: bool,
}

/// So far a line is looked at, in bytes, for what belongs to a character of no use: a line may be all there is.
const FARTHEST: usize = 4096;

/// A mark that was told: between the next two words it is told with it.
#[derive(Debug)]
struct Mark {
    end: usize,
    /// How many tokens there were before it.
    tokens: usize,
    /// Its finding.
    index: usize,
    /// How many places are told there.
    places: usize,
}

impl Odd {
    /// Whether characters in a row are being read.
    pub(super) fn has_run(&self) -> bool {
        self.run.is_some()
    }
}

impl Lexer<'_> {
    /// A character of no use; gives where to go on, if it was more than the character.
    pub(super) fn odd(&mut self, start: usize, end: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let c = rest.chars().next()?;
        let next = match c {
            '\'' | '`' => self.quoted(start, c),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => {
                self.quoted(start, '\u{201d}').or_else(|| self.quoted(start, '\u{201c}'))
            }
            '\u{ab}' => self.quoted(start, '\u{bb}'),
            '\u{2018}' => self.quoted(start, '\u{2019}'),
            '/' if rest.starts_with("/*") => Some(self.starred(start)),
            '/' => self.slashed(start),
            '#' => self.hashed(start),
            '(' | '[' => {
                self.end_run();
                self.bracket(c, start);
                Some(end)
            }
            ')' | ']' => self.closing_bracket(c, start).then_some(end),
            _ if !c.is_ascii() && c.is_whitespace() => Some(self.wide_space(start)),
            _ if is_letter(c) => Some(self.letters(start)),
            _ => None,
        };
        if next.is_none() && !is_hidden(c) {
            let from = self.odd.run.map_or(start, |(from, _)| from);
            self.odd.run = Some((from, end));
        }
        next
    }

    /// Tells a finding, or only counts it where there were many.
    fn tell(&mut self, finding: Diagnostic) -> Option<usize> {
        self.odd.count += 1;
        if self.odd.count > limits::TEXT_FINDINGS {
            return None;
        }
        self.odd.last = Some(self.findings.len());
        self.findings.push(finding);
        self.odd.last
    }

    /// Says at the last finding that was told how many were not.
    pub(super) fn count_odd(&mut self) {
        let more = self.odd.count.saturating_sub(limits::TEXT_FINDINGS);
        if let Some(last) = self.odd.last.filter(|_| more > 0) {
            let help = format!("{more} more places like this in the file are not listed");
            self.findings.amend(last, |finding| finding.help.push(help));
        }
    }

    /// The characters in a row are over: their finding.
    pub(super) fn end_run(&mut self) {
        let Some((start, end)) = self.odd.run.take() else { return };
        self.refuse(start);
        let text = self.text.get(start..end).unwrap_or_default();
        let place = self.place(start, end);
        if self.goes_on(start, end) {
            return;
        }
        let mut chars = text.chars().filter(|c| !c.is_whitespace());
        let (first, count) = (chars.next().unwrap_or(' '), chars.count() + 1);
        let message = match count {
            1 => format!("unexpected {}", shown(first)),
            2..=8 => format!("unexpected `{text}`"),
            _ => format!("{count} unexpected characters, {} the first", shown(first)),
        };
        let finding = Diagnostic::new(Code::UnknownCharacter, place, message);
        let finding = match (first, count) {
            (';', 1) => {
                let fix = if self.ends_line(end) { Fix::safe } else { Fix::suggest };
                finding.help("statements end by themselves here").fix(fix("remove it", place, ""))
            }
            ('/', 1) => finding.help("a comment begins with `//`"),
            ('\'', _) => finding.help("strings stand in double quotes"),
            ('>', 1) => finding.help("a ladder goes up: `none < view < edit`"),
            ('@', 1) => finding.help("a principal stands in double quotes"),
            ('*', 1) => finding.help("to set every row, write `grant all: LEVEL` or `grant CATEGORY: LEVEL`"),
            ('\u{2010}'..='\u{2015}' | '\u{2212}', 1) => {
                finding.help("the plain hyphen is `-`").fix(Fix::suggest("write `-`", place, "-"))
            }
            (c, _) if is_double_quote(c) => finding.help("strings stand in plain double quotes: `\"`"),
            (c, 1) if !c.is_ascii() => finding.help("a name with such characters stands in double quotes"),
            _ => finding,
        };
        let tokens = self.lexed.kinds.len();
        self.odd.mark = self.tell(finding).map(|index| Mark { end, tokens, index, places: 1 });
    }

    /// Whether a mark is the same as the last, one word behind it on its line: then it parts a list with it, and is
    /// told with it.
    fn goes_on(&mut self, start: usize, end: usize) -> bool {
        let place = self.place(start, end);
        let Some(mark) = &mut self.odd.mark else { return false };
        let before = mark.end.checked_sub(end - start).and_then(|from| self.text.get(from..mark.end));
        let is_same = self.text.get(start..end) == before;
        let is_near = self.lexed.kinds.len() <= mark.tokens + 1
            && self.text.get(mark.end..start).is_some_and(|gap| !gap.contains('\n'));
        if !is_same || !is_near || mark.places >= limits::TEXT_FINDINGS {
            return false;
        }
        (mark.end, mark.tokens, mark.places) = (end, self.lexed.kinds.len(), mark.places + 1);
        self.findings.amend(mark.index, |finding| {
            finding.secondary.push(crate::diagnostic::Label { place, text: "and here".to_owned() });
            for fix in &mut finding.fixes {
                let text = fix.edits.first().map(|edit| edit.text.clone()).unwrap_or_default();
                fix.edits.push(Edit { place, text });
            }
        });
        true
    }

    /// Whether nothing that means something follows on the line: what is removed there parts no words, and takes none
    /// into another line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
        rest.is_empty() || rest.starts_with('\n') || rest.starts_with("//")
    }

    /// A date with slashes: one finding, and read as the date that it was meant as, which it does not tell.
    fn slashed(&mut self, start: usize) -> Option<usize> {
        let last = self.lexed.spans.last().copied().filter(|span| span.end as usize == start)?;
        let from = last.start as usize;
        let rest = self.text.get(from..)?;
        let end = from + rest.find(|c: char| !c.is_ascii_digit() && c != '/').unwrap_or(rest.len());
        let text = self.text.get(from..end)?;
        let is_number = |part: &str| matches!(part.len(), 1 | 2 | 4);
        if text.split('/').count() != 3 || !text.split('/').all(is_number) {
            return None;
        }
        self.end_run();
        self.pop();
        let place = self.place(from, end);
        let finding = Diagnostic::new(Code::UnknownCharacter, place, format!("unexpected `/` in `{text}`"))
            .help(TimeError::Form.to_string());
        let date = text.replace('/', "-");
        let fix = Fix::suggest(format!("write `{date}`"), place, &*date);
        self.tell(if Time::parse(&date).is_ok() { finding.fix(fix) } else { finding });
        self.push(Kind::Date, from, end);
        Some(end)
    }

    /// What is left of a line from a place on, and whether that is all of it.
    fn line(&self, from: usize) -> Option<(&str, bool)> {
        let rest = self.text.get(from..)?;
        let farthest = rest.len().min(FARTHEST);
        let farthest = (0..=farthest).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
        let window = rest.get(..farthest)?;
        // In one search, not byte by byte: a long line of such characters asks this of each of them.
        let end = window.find('\n');
        let line = end.map_or(Some(window), |end| window.get(..end))?;
        Some((line.strip_suffix('\r').unwrap_or(line), end.is_some() || rest.len() <= FARTHEST))
    }

    /// Takes the last token back.
    fn pop(&mut self) {
        self.lexed.letters.pop();
        self.lexed.kinds.pop();
        self.lexed.spans.pop();
    }

    /// A string in quotes of another kind: one finding, and read as the string that it was meant as. Gives its end.
    fn quoted(&mut self, start: usize, close: char) -> Option<usize> {
        let open = self.text.get(start..)?.chars().next()?;
        let first = start + open.len_utf8();
        let (line, _) = self.line(first)?;
        let length = match close {
            // One may stand inside of a string.
            '\'' | '`' => {
                tokens(line)
                    .find(|token| {
                        token.kind == Kind::Unknown
                            && line.get(token.start..).is_some_and(|text| text.starts_with(close))
                    })?
                    .start
            }
            _ => line.find(close)?,
        };
        self.end_run();
        let last = first + length;
        let end = last + close.len_utf8();
        let body = self.text.get(first..last)?;
        let place = self.place(start, end);
        let finding =
            Diagnostic::new(Code::UnknownCharacter, place, format!("unexpected `{open}` around `{body}`"))
                .help("strings stand in double quotes");
        let is_plain = !body.contains(['"', '\\']);
        let fix = Fix::suggest("write double quotes", place, format!("\"{body}\""));
        self.tell(if is_plain { finding.fix(fix) } else { finding });
        self.push(Kind::String, first, last);
        Some(end)
    }

    /// `/* … */`: one finding, and read as the comment that it was meant as.
    fn starred(&mut self, start: usize) -> usize {
        self.end_run();
        let rest = self.text.get(start..).unwrap_or_default();
        let (line, is_whole) = self.line(start).unwrap_or_default();
        let closed = if self.odd.is_never_closed { None } else { rest.find("*/") };
        let length = closed.map_or(line.len(), |at| at + 2);
        let end = start + length;
        let place = self.place(start, start + length.min(line.len()));
        let mut finding = Diagnostic::new(Code::UnknownCharacter, place, "unexpected `/*`")
            .help("a comment begins with `//` and ends with its line");
        let is_last = is_whole && line.get(length..).is_some_and(|behind| behind.trim().is_empty());
        if let Some(body) = rest.get(2..length).filter(|_| is_last) {
            let body = body.strip_suffix("*/").unwrap_or(body).trim();
            finding = finding.fix(Fix::suggest("write `//`", self.place(start, end), format!("// {body}")));
        }
        self.odd.is_never_closed = closed.is_none();
        self.tell(finding);
        end
    }

    /// `# …`: one finding, and read as the comment that it was meant as, if it is one.
    fn hashed(&mut self, start: usize) -> Option<usize> {
        let before = self.text.get(..start)?;
        let is_blank = |c: char| c.is_whitespace() && c != '\n';
        let words = before.trim_end_matches(is_blank);
        let is_first = words.is_empty() || words.ends_with('\n');
        let (line, is_whole) = self.line(start)?;
        let is_comment =
            is_first || (before.ends_with(char::is_whitespace) && is_whole && !line.contains(['{', '}']));
        if !is_comment {
            return None;
        }
        let rest = self.text.get(start..)?;
        let length = if is_whole { line.len() } else { rest.find('\n').unwrap_or(rest.len()) };
        self.end_run();
        let place = self.place(start, start + 1);
        self.tell(
            Diagnostic::new(Code::UnknownCharacter, place, "unexpected `#`")
                .help("a comment begins with `//`")
                .fix(Fix::suggest("write `//`", place, "//")),
        );
        Some(start + length)
    }

    fn bracket(&mut self, c: char, start: usize) {
        self.refuse(start);
        let place = self.place(start, start + 1);
        let finding = Diagnostic::new(Code::UnknownCharacter, place, format!("unexpected `{c}`"))
            .help("a block stands in `{ }`, a list in nothing");
        if let Some(index) = self.tell(finding) {
            self.odd.brackets.push((c, start, index));
        }
    }

    /// A bracket that closes one on its line belongs to the finding of that one.
    fn closing_bracket(&mut self, c: char, at: usize) -> bool {
        const FARTHEST: usize = 512;
        let partner = if c == ')' { '(' } else { '[' };
        let Some((open, start, index)) = self.odd.brackets.pop() else { return false };
        let between = self.text.get(start..at).filter(|text| text.len() < FARTHEST && !text.contains('\n'));
        if open != partner || between.is_none() {
            return false;
        }
        self.end_run();
        self.refuse(at);
        let (first, last) = (self.place(start, start + 1), self.place(at, at + 1));
        // What has a colon in it is a block, anything else a list.
        let is_block = open == '(' && between.is_some_and(|text| text.contains(": "));
        let (title, texts) = if is_block {
            ("write `{` and `}`".to_owned(), ["{", "}"])
        } else {
            (format!("remove `{open}` and `{c}`"), ["", ""])
        };
        let edit = |(place, text): (Place, &str)| Edit { place, text: text.to_owned() };
        let edits = [first, last].into_iter().zip(texts).map(edit).collect();
        self.findings.amend(index, |finding| {
            finding.secondary.push(crate::diagnostic::Label { place: last, text: "and here".to_owned() });
            finding.fixes.push(Fix { title, edits, applicability: Applicability::Suggestion });
        });
        true
    }

    /// A space of another kind: one finding, and read as a space.
    fn wide_space(&mut self, start: usize) -> usize {
        self.end_run();
        let rest = self.text.get(start..).unwrap_or_default();
        let is_wide = |c: char| !c.is_ascii() && c.is_whitespace() && !is_hidden(c);
        let length = rest.find(|c| !is_wide(c)).unwrap_or(rest.len());
        let first = rest.chars().next().unwrap_or(' ');
        if length == 0 {
            return start + first.len_utf8();
        }
        let place = self.place(start, start + length);
        self.tell(
            Diagnostic::new(Code::UnknownCharacter, place, format!("unexpected space {}", code_point(first)))
                .label("it looks like a plain space and is none")
                .fix(Fix::suggest("write a plain space", place, " ")),
        );
        start + length
    }

    /// A word with letters that are not ASCII: one finding, and read as the id that it was meant as.
    fn letters(&mut self, start: usize) -> usize {
        self.end_run();
        let rest = self.text.get(start..).unwrap_or_default();
        let goes_on = |c: char| is_letter(c) || c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let end = start + rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
        let c = rest.chars().next().unwrap_or(' ');
        let mut from = start;
        // The letters before it were a token of their own.
        let last = self.lexed.spans.last().copied().filter(|span| span.end as usize == start);
        let is_word = self.lexed.kinds.last().is_some_and(|kind| {
            kind.letter().is_some_and(|letter| letter.is_ascii_alphabetic() || matches!(letter, b'_' | b'#'))
        });
        if let Some(span) = last.filter(|_| is_word) {
            from = span.start as usize;
            self.pop();
        }
        let word = self.text.get(from..end).unwrap_or_default();
        let place = self.place(from, end);
        self.tell(
            Diagnostic::new(Code::UnknownCharacter, place, format!("unexpected {} in `{word}`", shown(c)))
                .help("a name with such characters stands in double quotes")
                .fix(Fix::suggest(format!("write `\"{word}\"`"), place, format!("\"{word}\""))),
        );
        self.push(Kind::Word, from, end);
        end
    }
}

/// A letter, digit or accent beyond ASCII.
fn is_letter(c: char) -> bool {
    !c.is_ascii() && (c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')) && !is_hidden(c)
}

fn is_double_quote(c: char) -> bool {
    matches!(c, '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}')
}

/// A character as it is shown: with its code point where the eye may take it for another.
fn shown(c: char) -> String {
    if c.is_ascii() { format!("`{c}`") } else { format!("`{c}` ({})", code_point(c)) }
}
