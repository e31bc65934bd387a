//! The text behind a member's spans.

use std::borrow::Cow;

use crate::source::{FileId, Place, SourceFile, Span, is_hidden};
use crate::syntax::ast::{Member, Name};
use crate::syntax::lex::{meaning, unescape_one};
use crate::syntax::token::{Kind, tokens};
use crate::vocab::{Actions, Shape};

/// A member's file and start: turns the spans of its tree into text and places.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'s> {
    file: &'s SourceFile,
    id: FileId,
    start: u32,
}

impl<'s> Scope<'s> {
    /// The scope of a member of a file.
    pub fn new<T>(file: &'s SourceFile, id: FileId, member: &Member<T>) -> Self {
        Self { file, id, start: member.start }
    }

    /// The scope of spans that count from the start of their file.
    pub fn of_file(file: &'s SourceFile, id: FileId) -> Self {
        Self { file, id, start: 0 }
    }

    /// What a name says: without its quotes, escapes replaced.
    pub fn name(&self, name: Name) -> Cow<'s, str> {
        meaning(self.file.slice(name.span.shifted(self.start)))
    }

    /// Whether a name lacks its quotes, or has an escape that is none, so that what it says is not what was meant, or
    /// is only by chance. That has had its finding.
    pub fn is_garbled(&self, name: Name) -> bool {
        let text = self.text(name.span);
        let Some(mut rest) = text.strip_prefix('"') else { return !text.is_ascii() };
        while let Some(at) = rest.find('\\') {
            let escape = rest.get(at..).unwrap_or_default();
            let Ok((_, length)) = unescape_one(escape) else { return true };
            rest = escape.get(length..).unwrap_or_default();
        }
        !rest.ends_with('"')
    }

    /// Where a name stands.
    pub fn at(&self, name: Name) -> Place {
        self.place(name.span)
    }

    /// Where a span of the member is in its file.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.id, span: span.shifted(self.start) }
    }

    /// The text of a span, as written.
    pub fn text(&self, span: Span) -> &'s str {
        self.file.slice(span.shifted(self.start))
    }

    /// What to take out of the text so that a span is gone: with its whole line where nothing else stands on it, else
    /// with the white space before it.
    pub fn without(&self, span: Span) -> Place {
        let span = span.shifted(self.start);
        let text = self.file.text();
        let (start, end) = (span.start as usize, span.end as usize);
        let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '\t']);
        let after = text.get(end..).unwrap_or_default();
        let rest = after.trim_start_matches([' ', '\t']);
        let line_end = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
        let span = match (before.is_empty() || before.ends_with('\n'), line_end) {
            (true, Some(below)) => Span::of(before.len(), text.len() - below.len()),
            // What stands behind it keeps its line.
            (true, None) => span,
            (false, _) => Span::of(before.len(), end),
        };
        Place { file: self.id, span }
    }

    /// What to take out of the text so that one of a list of spans is gone, with a comma. None of a list of one: with
    /// it goes what the list is said of.
    pub fn without_one(&self, list: &[Span], index: usize) -> Option<Place> {
        let one = list.get(index)?;
        let cut = match (index.checked_sub(1).and_then(|before| list.get(before)), list.get(index + 1)) {
            (Some(before), _) => Span::new(before.end, one.end),
            (None, Some(next)) => Span::new(one.start, next.start),
            (None, None) => return None,
        };
        Some(self.place(cut))
    }

    /// The lines of `///` comments, put together without their marks.
    pub fn docs(&self, lines: &[Span]) -> Option<String> {
        let most = lines.iter().map(|line| line.end.saturating_sub(line.start) as usize).sum();
        let mut text = String::with_capacity(most);
        for (index, line) in lines.iter().enumerate() {
            let line = self.text(*line).trim_start_matches('/');
            if index > 0 {
                text.push('\n');
            }
            text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
        }
        (!lines.is_empty()).then_some(text)
    }
}

/// Whether an id may be written without quotes: a single word that is no number or time, and no reserved one.
pub fn is_bare(id: &str) -> bool {
    alone(id).is_some_and(|kind| {
        kind == Kind::Word || kind.letter().is_some_and(|letter| letter.is_ascii_uppercase())
    })
}

/// The only token of a text; none where it has none, or several.
fn alone(text: &str) -> Option<Kind> {
    let first = tokens(text).next()?;
    (first.end == text.len()).then_some(first.kind)
}

/// A string as it is written: in quotes, with escapes where it needs them.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) || c == '\n' || c == '\t' => {
                out.push_str("\\u{");
                out.push_str(&format!("{:x}", u32::from(c)));
                out.push('}');
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An id as it is written: bare where it can be, else quoted.
pub fn spelled(id: &str) -> Cow<'_, str> {
    if is_bare(id) { id.into() } else { quoted(id).into() }
}

/// A word of a level as it is written: a reserved one is bare there.
pub(crate) fn spelled_word(word: &str) -> Cow<'_, str> {
    let is_bare = alone(word).is_some_and(|kind| {
        kind == Kind::Word || kind.letter().is_some_and(|letter| letter.is_ascii_alphabetic())
    });
    if is_bare { word.into() } else { quoted(word).into() }
}

/// A level as it is written, its words quoted where they must be.
pub(crate) fn spelled_level(shape: &Shape, held: Actions) -> String {
    shape.level_of_words(held, spelled_word)
}

/// The paths that a text names with a quoted `use`, as written: what must be read with it.
pub fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = None;
    for token in tokens(text).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment | Kind::Doc)) {
        if before == Some(Kind::Use) && token.kind == Kind::String {
            found.push(meaning(text.get(token.start..token.end).unwrap_or_default()).into_owned());
        }
        before = Some(token.kind);
    }
    found
}

/// Why a quoted `use` names no file that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoImport {
    /// A path that does not count from the file that says it.
    Absolute,
    /// The name of something else than a `.role` file.
    NotRole,
    /// A path that leads out of the root of the run.
    Outside,
}

/// The path, from the root of the run, of the file that a quoted `use` names. `from` is the path of the file that
/// says it. A policy may come from anybody: what it names is another policy below the same root, and nothing else.
///
/// # Errors
/// Where it is anything else.
pub fn import(from: &str, path: &str) -> Result<String, NoImport> {
    // A drive, as in `C:`, is the start of a path too where there are drives.
    let has_drive =
        path.as_bytes().get(1) == Some(&b':') && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if path.starts_with(['/', '\\']) || has_drive {
        return Err(NoImport::Absolute);
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.strip_suffix(".role").is_none_or(str::is_empty) || path.contains('\0') {
        return Err(NoImport::NotRole);
    }
    let found = import_path(from, path);
    if found.starts_with("../") { Err(NoImport::Outside) } else { Ok(found) }
}

/// A path from a file, without `.` and `..` where they can be followed; the file's own with an empty path.
pub fn import_path(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map(|(folder, _)| folder);
    let base = match (path, folder) {
        ("", _) => file.to_owned(),
        (path, Some(folder)) => format!("{folder}/{path}"),
        (path, None) => path.to_owned(),
    };
    let absolute = base.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}
