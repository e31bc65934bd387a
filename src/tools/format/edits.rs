//! The difference between a text and its formatted one as edits, each as small as it can be: an editor that makes them
//! keeps its cursor, its folds and its marks.

use crate::diagnostic::Edit;
use crate::source::{FileId, Place, Span};
use crate::syntax::signs;

/// The edits that make a text what it is formatted, in order. Each of them may be left out by itself: what it touches is
/// white space, and comments that change their place. Both texts must say the same.
///
/// ```
/// use rolec::source::{FileId, Span};
/// use rolec::tools::format::{edits, format};
///
/// let before = "use  jumpcloud\n\ntemplate t {}\n";
/// let edits = edits(before, &format(before).text, FileId(0));
/// assert_eq!(edits.len(), 1);
/// assert_eq!((edits[0].place.span, edits[0].text.as_str()), (Span::new(3, 5), " "));
/// ```
pub fn edits(before: &str, after: &str, file: FileId) -> Vec<Edit> {
    let (olds, news) = (pieces(before), pieces(after));
    let mut edits = Vec::new();
    let mut at = 0;
    while at < olds.len() {
        let count =
            same(before, after, olds.get(at..).unwrap_or_default(), news.get(at..).unwrap_or_default());
        let range = |pieces: &[Piece]| {
            let of = pieces.get(at..at + count).unwrap_or_default();
            (of.first().map_or(0, |piece| piece.gap), of.last().map_or(0, |piece| piece.start))
        };
        let ((start, end), (from, to)) = (range(&olds), range(&news));
        let (old, new) =
            (before.get(start..end).unwrap_or_default(), after.get(from..to).unwrap_or_default());
        if old != new {
            let place = Place { file, span: Span::of(start, end) };
            edits.push(Edit { place, text: new.to_owned() });
        }
        at += count;
    }
    edits
}

/// A token with the white space before it.
struct Piece {
    gap: usize,
    start: usize,
    end: usize,
}

/// The tokens of a text; last, without a token, the white space at its end. That at the end of a comment is not of it.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut gap = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for (_, span) in signs(text) {
        let start = span.start as usize;
        let token = text.get(start..span.end as usize).unwrap_or_default();
        let end = start + token.trim_end_matches([' ', '\t']).len();
        pieces.push(Piece { gap, start, end });
        gap = end;
    }
    pieces.push(Piece { gap, start: text.len(), end: text.len() });
    pieces
}

/// How many tokens from here on are the same ones in both texts, in whatever order, up to one that is in its place: one,
/// but where comments have moved. What stands before that one goes with them, for a comment needs its end of line.
fn same(before: &str, after: &str, olds: &[Piece], news: &[Piece]) -> usize {
    let mut waiting: Vec<&str> = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    let take = |from: &mut Vec<&str>, text: &str| {
        let found = from.iter().position(|other| *other == text);
        found.map(|at| from.swap_remove(at)).is_some()
    };
    for (count, (old, new)) in (1..).zip(olds.iter().zip(news)) {
        let old = before.get(old.start..old.end).unwrap_or_default();
        let new = after.get(new.start..new.end).unwrap_or_default();
        if old != new {
            if !take(&mut missing, old) {
                waiting.push(old);
            }
            if !take(&mut waiting, new) {
                missing.push(new);
            }
        }
        if old == new && waiting.is_empty() && missing.is_empty() {
            return count;
        }
    }
    olds.len().max(1)
}
