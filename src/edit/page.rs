//! A text by its lines: what stands before and behind a place, and where more lines may come in. New lines are laid out
//! as the formatter does it, and indented as their neighbours are.

use crate::diagnostic::Edit;
use crate::edit::policy::Opening;
use crate::source::{FileId, Place, SourceFile, Span};
use crate::syntax::{Kind, tokens};
use crate::tools::format::format;

/// Whether an empty line parts new lines from what stands above or below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Empty,
    None,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'s> {
    pub(super) file: FileId,
    pub(super) text: &'s str,
}

impl<'s> Page<'s> {
    pub(super) fn of(source: &'s SourceFile, file: FileId) -> Self {
        Self { file, text: source.text() }
    }

    pub(super) fn slice(self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn newline(self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    pub(super) fn line_start(self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Before the end of the line.
    pub(super) fn line_end(self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        let line = rest.find('\n').map_or(rest, |newline| rest.get(..newline).unwrap_or_default());
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The white space that a line begins with.
    pub(super) fn indent(self, at: usize) -> &'s str {
        let line = self.slice(self.line_start(at), self.line_end(at));
        line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or_default()
    }

    /// Whether nothing stands before a place on its line.
    pub(super) fn begins_line(self, at: usize) -> bool {
        self.slice(self.line_start(at), at).trim_matches([' ', '\t', '\u{feff}']).is_empty()
    }

    /// The end of a place's line, where nothing but a comment stands behind it there.
    pub(super) fn ends_line(self, at: usize) -> Option<usize> {
        let end = self.line_end(at);
        let rest = self.slice(at, end).trim_start_matches([' ', '\t']);
        (rest.is_empty() || rest.starts_with("//")).then_some(end)
    }

    /// The place behind the comma that follows a place on its line; the place itself where none does.
    pub(super) fn behind_comma(self, at: usize) -> usize {
        let rest = self.slice(at, self.line_end(at));
        match rest.trim_start_matches([' ', '\t']).strip_prefix(',') {
            Some(behind) => at + rest.len() - behind.len(),
            None => at,
        }
    }

    /// The comment behind a place, where nothing else stands behind it on its line.
    pub(super) fn remark(self, at: usize) -> Option<&'s str> {
        let end = self.ends_line(at)?;
        Some(self.slice(at, end).trim()).filter(|rest| !rest.is_empty())
    }

    /// Lines below what ends at a place.
    pub(super) fn below(self, at: usize, lines: &[String], gap: Gap) -> Edit {
        let newline = self.newline();
        let body = lines.join(newline);
        let gap = if gap == Gap::Empty { newline } else { "" };
        match self.ends_line(at) {
            Some(end) => self.insert(end, format!("{newline}{gap}{body}")),
            None => self.insert(at, format!("{newline}{gap}{body}{newline}")),
        }
    }

    /// Lines at the start of a block whose brace ends at a place.
    pub(super) fn inside(self, at: usize, lines: &[String], gap: Gap) -> Edit {
        let newline = self.newline();
        let body = lines.join(newline);
        let rest = self.slice(at, self.text.len());
        let blank = rest.len() - rest.trim_start().len();
        let gap = if gap == Gap::Empty { newline } else { "" };
        match self.ends_line(at) {
            // An empty block.
            _ if rest.get(blank..).is_some_and(|rest| rest.starts_with('}')) => {
                let span = Span::of(at, at + blank);
                let text = format!("{newline}{body}{newline}{}", self.indent(at));
                Edit { place: Place { file: self.file, span }, text }
            }
            Some(end) => self.insert(end, format!("{newline}{body}{gap}")),
            None => self.insert(at, format!("{newline}{body}{newline}{gap}")),
        }
    }

    fn insert(self, at: usize, text: String) -> Edit {
        Edit { place: Place { file: self.file, span: Span::of(at, at) }, text }
    }
}

/// How the members of an organization are indented, and by how much more what is inside of them.
pub(super) struct Indent<'s> {
    of_member: String,
    step: &'s str,
}

impl<'s> Indent<'s> {
    pub(super) fn of(opening: Opening<'s>) -> Self {
        let page = Page::of(opening.source, opening.file);
        let tree = opening.tree;
        let mut starts = opening.members().map(|member| member.start as usize);
        let head = page.indent(tree.head.start as usize);
        let own = starts.find(|at| page.begins_line(*at)).map(|at| page.indent(at));
        let step = own.and_then(|own| own.strip_prefix(head)).filter(|step| !step.is_empty());
        let step = step.unwrap_or(if head.starts_with('\t') { "\t" } else { "    " });
        Self { of_member: own.map_or_else(|| format!("{head}{step}"), str::to_owned), step }
    }

    /// A line with this indentation.
    pub(super) fn line(&self, text: &str) -> String {
        format!("{}{text}", self.of_member)
    }

    /// A member as the formatter lays it out, as lines with this indentation.
    pub(super) fn lines(&self, member: &str) -> Vec<String> {
        const STEP: &str = "    ";
        let page = format(&format!("organization o {{\n{member}\n}}\n")).text;
        let body = page.strip_prefix("organization o {\n").and_then(|rest| rest.strip_suffix("}\n"));
        let body = body.unwrap_or(member);
        let indented = body.lines().map(|line| {
            let mut rest = line.strip_prefix(STEP).unwrap_or(line);
            let mut all = self.of_member.clone();
            while let Some(deeper) = rest.strip_prefix(STEP) {
                all.push_str(self.step);
                rest = deeper;
            }
            if rest.is_empty() { String::new() } else { all + rest }
        });
        indented.collect()
    }
}

/// Where the block of an organization begins: behind its brace.
pub(super) fn behind_brace(opening: Opening<'_>) -> Option<usize> {
    let head = opening.tree.head.end as usize;
    // A head ends with a word or a string, or its brace is counted to it.
    if opening.source.text().get(..head).unwrap_or_default().ends_with('{') {
        return Some(head);
    }
    let rest = opening.source.text().get(head..).unwrap_or_default();
    tokens(rest).find(|token| token.kind == Kind::Open).map(|token| head + token.end)
}

#[cfg(test)]
mod tests {
    use super::{FileId, Gap, Page};

    fn made(text: &str, edit: &crate::diagnostic::Edit) -> String {
        let mut text = text.to_owned();
        let span = edit.place.span;
        text.replace_range(span.start as usize..span.end as usize, &edit.text);
        text
    }

    fn below(text: &str, what: &str, gap: Gap) -> String {
        let page = Page { file: FileId(0), text };
        let at = text.find(what).unwrap_or_default() + what.len();
        made(text, &page.below(at, &["  new".to_owned()], gap))
    }

    fn inside(text: &str) -> String {
        let page = Page { file: FileId(0), text };
        let at = text.find('{').unwrap_or_default() + 1;
        made(text, &page.inside(at, &["  new".to_owned()], Gap::Empty))
    }

    #[test]
    fn lines_come_below_a_line_and_its_comment() {
        assert_eq!(below("a  // x\nb\n", "a", Gap::None), "a  // x\n  new\nb\n");
        assert_eq!(below("a\nb\n", "a", Gap::Empty), "a\n\n  new\nb\n");
        assert_eq!(below("{ a }\n", "a", Gap::None), "{ a\n  new\n }\n");
        assert_eq!(below("a\r\nb\r\n", "a", Gap::Empty), "a\r\n\r\n  new\r\nb\r\n");
        assert_eq!(below("a", "a", Gap::None), "a\n  new");
    }

    #[test]
    fn lines_come_first_in_a_block() {
        assert_eq!(inside("o {}\n"), "o {\n  new\n}\n");
        assert_eq!(inside("o {\n}\n"), "o {\n  new\n}\n");
        assert_eq!(inside("o {  // x\n  a\n}\n"), "o {  // x\n  new\n\n  a\n}\n");
        assert_eq!(inside("o { a }\n"), "o {\n  new\n\n a }\n");
    }
}
