//! Text of a policy as Markdown: shown as it is, whatever stands in it. A title may be hostile: it becomes neither a
//! link nor an image, and what a reader cannot see is named by its code point.

use crate::source::{code_point, is_hidden};

/// Text that means itself.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|' | '<'
            | '>' | '~' | '&' | '$' => out.extend(['\\', c]),
            // A line of its own could begin a list or a rule; a line of the text ends a line of the view.
            '\n' => out.push_str("  \n"),
            c if is_hidden(c) => out.push_str(&code_point(c)),
            c => out.push(c),
        }
    }
    out
}

/// Lines that mean themselves, such as those of `///`.
pub(super) fn lines(text: &str) -> String {
    let line = |line: &str| {
        let shown = plain(line.trim_end());
        // A number and a dot, a dash, four spaces: beginnings that mean something.
        let shown = shown.trim_start();
        match shown.split_once(['.', '-', '=']) {
            Some((head, _)) if head.chars().all(|c| c.is_ascii_digit()) => {
                let (head, tail) = shown.split_at_checked(head.len()).unwrap_or(("", shown));
                format!("{head}\\{tail}")
            }
            _ => shown.to_owned(),
        }
    };
    // An empty line parts paragraphs; others go on.
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// An id or a piece of the language, set as code.
pub(super) fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if is_hidden(c) || c == '\n' {
            shown.push_str(&code_point(c));
        } else {
            shown.push(c);
        }
    }
    if !shown.contains('`') {
        return format!("`{shown}`");
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {shown} {fence}")
}

/// Several, the tail of a long list counted.
pub(super) fn list(items: &[String], shown: usize) -> String {
    let mut text = items.iter().take(shown).map(String::as_str).collect::<Vec<_>>().join(", ");
    if items.len() > shown {
        text.push_str(&format!(" and {} more", items.len() - shown));
    }
    text
}

/// A number with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::{code, lines, list, plain};

    #[test]
    fn hostile_text_is_only_text() {
        assert_eq!(plain("![x](http://a)"), "\\!\\[x\\]\\(http://a\\)");
        assert_eq!(plain("a\u{202e}b"), "aU+202Eb");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(lines("1. one\n- two\n    three\n2026-11"), "1\\. one\n\\- two\nthree\n2026\\-11");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()], 2), "a, b and 1 more");
    }
}
