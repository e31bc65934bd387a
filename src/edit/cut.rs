//! What is taken out of a text, and what goes with it: the rest of its line, a remark above that would speak of nothing,
//! an empty line too many. What stays is not touched.

use crate::diagnostic::Edit;
use crate::edit::page::Page;
use crate::source::{Place, Span};

/// What becomes of the remarks directly above what is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remarks {
    /// They are of it alone.
    Go,
    /// They may be of what stands below too: they go with the last of it.
    GoWithLast,
}

/// The cuts in one text.
#[derive(Debug)]
pub(super) struct Cuts<'s> {
    page: Page<'s>,
    /// The lines, each with its end.
    lines: Vec<(usize, usize)>,
    is_gone: Vec<bool>,
    /// The first lines of what is gone.
    firsts: Vec<(usize, Remarks)>,
    edits: Vec<Edit>,
}

impl<'s> Cuts<'s> {
    pub(super) fn of(page: Page<'s>) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in page.text.split_inclusive('\n') {
            lines.push((start, start + line.len()));
            start += line.len();
        }
        let is_gone = vec![false; lines.len()];
        Self { page, lines, is_gone, firsts: Vec::new(), edits: Vec::new() }
    }

    /// Takes a span out: with its lines where they are its own, else with the white space before it.
    pub(super) fn cut(&mut self, span: Span, remarks: Remarks) {
        let (start, end) = (span.start as usize, span.end as usize);
        if self.page.begins_line(start) && self.page.ends_line(end).is_some() {
            let (first, last) = (self.line_of(start), self.line_of(end.saturating_sub(1)));
            self.drop_lines(first, last);
            self.firsts.push((first, remarks));
            return;
        }
        // On the line of something else, which keeps its indentation.
        let start = match self.page.begins_line(start) {
            true => start,
            false => self.page.slice(0, start).trim_end_matches([' ', '\t']).len(),
        };
        self.remove(start, end);
    }

    /// Takes some of the items of a list out, not all of them. What is said of an item on its line goes with it.
    pub(super) fn cut_items(&mut self, items: &[Span], is_gone: &[bool]) {
        let at =
            |index: usize| items.get(index).map_or((0, 0), |span| (span.start as usize, span.end as usize));
        let gone = |index: usize| is_gone.get(index).copied().unwrap_or_default();
        let kept = (0..items.len()).rev().find(|index| !gone(*index)).unwrap_or_default();
        for index in (0..kept).filter(|index| gone(*index)) {
            let ((start, end), (next, _)) = (at(index), at(index + 1));
            let end = self.separator(end, next).map_or(end, |at| at + 1);
            let gap = self.page.slice(end, next);
            // A comment on a line of its own is of what stands below.
            let line = gap.find('\n').filter(|_| gap.contains("//")).map(|newline| newline + 1);
            let rest = line.map(|line| (line, gap.get(line..).unwrap_or_default()));
            let until = rest.map_or(next, |(line, rest)| end + line + rest.len() - rest.trim_start().len());
            self.remove(start, until);
        }
        // Behind the last one that stays there is no comma any more.
        let (first, last) = (kept + 1, items.len());
        if first >= last {
            return;
        }
        let (from, to) = (at(kept).1, at(last - 1).1);
        let is_remarked = self.has_own_line(at(last - 1).0, to) && self.page.remark(to).is_some();
        if !is_remarked && !self.page.slice(from, to).contains("//") {
            self.remove(from, to);
            return;
        }
        for index in kept..last - 1 {
            let (end, next) = (at(index).1, at(index + 1).0);
            if let Some(comma) = self.separator(end, next) {
                let (start, _) = at(index);
                let has_own_line = index > kept && self.has_own_line(start, comma + 1);
                if !has_own_line {
                    self.remove(comma, comma + 1);
                }
            }
        }
        for index in first..last {
            let (start, end) = at(index);
            let comma = (index + 1 < last).then(|| self.separator(end, to)).flatten();
            let end_with_comma = comma.map_or(end, |comma| comma + 1);
            if self.has_own_line(start, end_with_comma) {
                let line = self.line_of(start);
                self.drop_lines(line, line);
            } else {
                self.remove(start, end);
            }
        }
    }

    /// Where the comma stands between two items of a list, or the bar between two cells; what comments say is neither.
    fn separator(&self, end: usize, next: usize) -> Option<usize> {
        let mut start = end;
        for line in self.page.slice(end, next).split_inclusive('\n') {
            let code = line.split_once("//").map_or(line, |(code, _)| code);
            if let Some(at) = code.find([',', '|']) {
                return Some(start + at);
            }
            start += line.len();
        }
        None
    }

    fn has_own_line(&self, start: usize, end: usize) -> bool {
        self.page.begins_line(start)
            && self.page.ends_line(end).is_some()
            && self.line_of(start) == self.line_of(end.saturating_sub(1))
    }

    pub(super) fn remove(&mut self, start: usize, end: usize) {
        if start < end {
            let place = Place { file: self.page.file, span: Span::of(start, end) };
            self.edits.push(Edit { place, text: String::new() });
        }
    }

    fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|(start, _)| *start <= at).saturating_sub(1)
    }

    fn drop_lines(&mut self, first: usize, last: usize) {
        if let Some(gone) = self.is_gone.get_mut(first..=last) {
            gone.fill(true);
        }
    }

    /// A line without its white space; none where it is gone, or there is none.
    fn line(&self, index: usize) -> Option<&'s str> {
        if self.is_gone.get(index).copied().unwrap_or(true) {
            return None;
        }
        let (start, end) = self.lines.get(index)?;
        Some(self.page.slice(*start, *end).trim())
    }

    /// The first line below that stays.
    fn below(&self, index: usize) -> usize {
        (index..self.lines.len()).find(|line| self.line(*line).is_some()).unwrap_or(self.lines.len())
    }

    /// Whether nothing that is said stands there: an empty line, the end of a block or of the text.
    fn is_end(&self, index: usize) -> bool {
        self.line(index).is_none_or(|line| line.is_empty() || line.starts_with('}'))
    }

    /// Whether a remark above a line that is gone would speak of nothing, or of a statement of another sort.
    fn is_last(&self, first: usize) -> bool {
        let word = |line: &'s str| line.split([' ', '\t']).next().unwrap_or_default();
        let gone = self.lines.get(first).map_or("", |(start, end)| self.page.slice(*start, *end).trim());
        let below = self.below(first);
        // Lines of a test begin with a name each: they are all of one sort.
        self.is_end(below)
            || word(gone) == "assign"
                && self
                    .line(below)
                    .is_some_and(|line| matches!(word(line), "role" | "forbid" | "require" | "test"))
    }

    /// The edits.
    pub(super) fn finish(mut self) -> Vec<Edit> {
        let mut firsts = std::mem::take(&mut self.firsts);
        firsts.sort_unstable_by_key(|(first, _)| *first);
        for (first, remarks) in firsts {
            let is_last = remarks == Remarks::Go || self.is_last(first);
            let mut above = first;
            while let Some(line) = above.checked_sub(1)
                && let Some(text) = self.line(line).filter(|line| line.starts_with("//"))
            {
                // What is allowed is so for what stands right below, and for nothing else.
                if is_last || is_allow(text) {
                    self.drop_lines(line, line);
                }
                above = line;
            }
        }
        self.close_gaps();
        let mut index = 0;
        while index < self.lines.len() {
            let last = (index..self.lines.len()).find(|line| self.line(*line).is_some());
            let last = last.unwrap_or(self.lines.len());
            if last > index {
                let start = self.lines.get(index).map_or(0, |(start, _)| *start);
                let end = self.lines.get(last - 1).map_or(0, |(_, end)| *end);
                // What is cut out of a line that is gone is gone.
                let is_in = |edit: &Edit| {
                    start <= edit.place.span.start as usize && edit.place.span.end as usize <= end
                };
                self.edits.retain(|edit| !is_in(edit));
                self.remove(start, end);
            }
            index = last.max(index + 1);
        }
        self.edits
    }

    /// Of the empty lines around what is gone, those that are too many go too.
    fn close_gaps(&mut self) {
        let mut index = 0;
        while index < self.lines.len() {
            if self.line(index).is_some() {
                index += 1;
                continue;
            }
            let mut next = self.below(index);
            let is_blank = |cuts: &Self, line: usize| cuts.line(line).is_some_and(str::is_empty);
            let before = index.checked_sub(1);
            let is_open = before.is_none_or(|line| {
                is_blank(self, line) || self.line(line).is_some_and(|line| line.ends_with('{'))
            });
            while is_open && is_blank(self, next) {
                self.drop_lines(next, next);
                next = self.below(next);
            }
            let mut above = before;
            if self.is_end(next) {
                while let Some(line) = above.filter(|line| is_blank(self, *line)) {
                    self.drop_lines(line, line);
                    above = line.checked_sub(1);
                }
            }
            index = next.max(index + 1);
        }
    }
}

/// Whether a comment is one that allows findings.
pub(super) fn is_allow(comment: &str) -> bool {
    comment.strip_prefix("//").is_some_and(|text| text.trim_start().starts_with("allow("))
}

#[cfg(test)]
mod tests {
    use super::{Cuts, Page, Remarks, Span};
    use crate::source::FileId;

    fn made(text: &str, cuts: Cuts<'_>) -> String {
        let mut edits = cuts.finish();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
        let mut text = text.to_owned();
        for edit in edits {
            text.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
        }
        text
    }

    fn span(text: &str, what: &str) -> Span {
        let start = text.find(what).unwrap_or_default();
        Span::of(start, start + what.len())
    }

    fn without(text: &str, all: &[&str], remarks: Remarks) -> String {
        let mut cuts = Cuts::of(Page { file: FileId(0), text });
        for what in all {
            cuts.cut(span(text, what), remarks);
        }
        made(text, cuts)
    }

    fn list(text: &str, items: &[&str], gone: &[&str]) -> String {
        let spans: Vec<Span> = items.iter().map(|item| span(text, item)).collect();
        let is_gone: Vec<bool> = items.iter().map(|item| gone.contains(item)).collect();
        let mut cuts = Cuts::of(Page { file: FileId(0), text });
        cuts.cut_items(&spans, &is_gone);
        made(text, cuts)
    }

    #[test]
    fn remarks_go_with_the_last_that_they_speak_of() {
        let text = "{\n  // both\n  one  // o\n  two\n\n  // next\n  three\n}\n";
        let last = Remarks::GoWithLast;
        assert_eq!(without(text, &["one"], last), "{\n  // both\n  two\n\n  // next\n  three\n}\n");
        assert_eq!(without(text, &["two"], last), "{\n  // both\n  one  // o\n\n  // next\n  three\n}\n");
        assert_eq!(without(text, &["one", "two"], last), "{\n  // next\n  three\n}\n");
        assert_eq!(without(text, &["three"], last), "{\n  // both\n  one  // o\n  two\n}\n");
        assert_eq!(without(text, &["one"], Remarks::Go), "{\n  two\n\n  // next\n  three\n}\n");
        assert_eq!(without("{ one two }", &["one"], last), "{ two }");
        assert_eq!(without("{\r\n  one\r\n}\r\n", &["one"], last), "{\r\n}\r\n");
        assert_eq!(without("one", &["one"], last), "");
    }

    #[test]
    fn remarks_come_to_speak_of_nothing_else() {
        let text = "{\n  // allow(x): one\n  // both\n  assign a\n  assign b\n  forbid c\n}\n";
        let last = Remarks::GoWithLast;
        assert_eq!(without(text, &["assign a"], last), "{\n  // both\n  assign b\n  forbid c\n}\n");
        assert_eq!(without(text, &["assign a", "assign b"], last), "{\n  forbid c\n}\n");
    }

    #[test]
    fn items_go_with_what_is_said_of_them() {
        let all = ["aa", "bb", "cc"];
        assert_eq!(list("x aa, bb, cc y", &all, &["aa"]), "x bb, cc y");
        assert_eq!(list("x aa, bb, cc y", &all, &["bb"]), "x aa, cc y");
        assert_eq!(list("x aa, bb, cc y", &all, &["bb", "cc"]), "x aa y");
        assert_eq!(list("x aa, bb, cc y", &all, &["aa", "cc"]), "x bb y");
        let text = "x\n  aa,  // A\n  bb,  // B\n  // of c\n  cc  // C\n";
        assert_eq!(list(text, &all, &["aa"]), "x\n  bb,  // B\n  // of c\n  cc  // C\n");
        assert_eq!(list(text, &all, &["bb"]), "x\n  aa,  // A\n  // of c\n  cc  // C\n");
        assert_eq!(list(text, &all, &["bb", "cc"]), "x\n  aa  // A\n  // of c\n");
        // A comma below a comment.
        assert_eq!(list("x aa // a, b\n  , bb, cc", &all, &["aa"]), "x bb, cc");
        assert_eq!(list("x aa // a, b\n  | bb | cc", &all, &["bb", "cc"]), "x aa // a, b\n     ");
        // What follows the list must not end up in a comment.
        let text = "x aa,  // A\n  bb until 2027";
        assert_eq!(list(text, &["aa", "bb"], &["bb"]), "x aa  // A\n   until 2027");
    }
}
