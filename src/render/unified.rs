//! The difference of two texts as a unified diff: what `patch` and reviewers read.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use similar::TextDiff;

use crate::render::escape::{escaped, sentence};
use crate::render::human::Color;
use crate::source::Span;

/// So long the smallest difference is looked for, which takes time as the square of the lines that differ. What is left then
/// is told as one change: a large file may be all otherwise, and nobody would wait for the smallest.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes how a file's text becomes another one. Line ends of CRLF files are not told, where both texts have them.
///
/// ```
/// use rolec::render::{Color, unified};
///
/// let mut out = Vec::new();
/// unified("a.role", "use  c\n", "use c\n", Color::Never, &mut out)?;
/// assert_eq!(out, b"--- a.role\n+++ a.role\n@@ -1 +1 @@\n-use  c\n+use c\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn unified(name: &str, before: &str, after: &str, color: Color, out: &mut dyn Write) -> io::Result<()> {
    let is_windows = |text: &str| text.matches('\n').count() == text.matches("\r\n").count();
    let are_windows = is_windows(before) && is_windows(after);
    let text =
        |text| if are_windows { Cow::Owned(str::replace(text, "\r\n", "\n")) } else { Cow::Borrowed(text) };
    let (before, after) = (text(before), text(after));
    let diff = difference(&before, &after);
    let name = sentence(name);
    let drawn = diff.unified_diff().context_radius(3).header(&name, &name).to_string();
    for line in drawn.split_terminator('\n') {
        let style = match line.as_bytes().first() {
            _ if color == Color::Never => None,
            Some(b'-') => Some("\x1b[31m"),
            Some(b'+') => Some("\x1b[32m"),
            Some(b'@') => Some("\x1b[36m"),
            _ => None,
        };
        let line = escaped(line);
        match style {
            Some(style) => writeln!(out, "{style}{line}\x1b[0m")?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}

fn difference<'t>(before: &'t str, after: &'t str) -> TextDiff<'t, 't, 't, str> {
    TextDiff::configure().timeout(PATIENCE).diff_lines(before, after)
}

/// The lines of a text that differ from another one, each span with what stands there in the other.
pub(super) fn replaced<'a>(before: &str, after: &'a str) -> Vec<(Span, &'a str)> {
    let diff = difference(before, after);
    let ends = |lines: &[&str]| -> Vec<usize> {
        let mut at = 0;
        let lengths = lines.iter().map(|line| line.len());
        std::iter::once(0)
            .chain(lengths.map(|length| {
                at += length;
                at
            }))
            .collect()
    };
    let (old, new) = (ends(diff.old_slices()), ends(diff.new_slices()));
    let at = |ends: &[usize], line: usize| ends.get(line).copied().unwrap_or_default();
    let changed = diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    let replaced = changed.map(|op| {
        let (from, to) = (op.old_range(), op.new_range());
        let text = after.get(at(&new, to.start)..at(&new, to.end)).unwrap_or_default();
        (Span::of(at(&old, from.start), at(&old, from.end)), text)
    });
    replaced.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by a panic")]
mod tests {
    use std::time::{Duration, Instant};

    use super::{replaced, unified};
    use crate::render::Color;

    #[test]
    fn large_files_that_are_all_otherwise() {
        let text =
            |indent: &str| -> String { (0..200_000).map(|line| format!("{indent}{line}\n")).collect() };
        let (before, after) = (text("  "), text("\t"));
        let begun = Instant::now();
        let mut out = Vec::new();
        unified("a.role", &before, &after, Color::Never, &mut out).unwrap();
        let told = String::from_utf8(out).unwrap();
        assert!(told.starts_with("--- a.role\n+++ a.role\n@@ -1,200000 +1,200000 @@\n-  0\n"));
        assert!(told.ends_with("+\t199999\n"));
        assert_eq!(told.lines().count(), 3 + 2 * 200_000);
        let all = replaced(&before, &after);
        let (_, texts): (Vec<_>, Vec<&str>) = all.into_iter().unzip();
        assert_eq!(texts.concat(), after);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(60), "{took:?}");
    }
}
