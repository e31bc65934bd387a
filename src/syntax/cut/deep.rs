//! Braces nested beyond the limit. What such braces mean nobody can tell, so the member that has them is set aside
//! before any brace is explained, and nothing else of the file is.

use std::ops::Range;

use crate::source::Span;
use crate::syntax::token::Kind;
use crate::syntax::words::{Class, Sort, Words};
use crate::vocab::limits;

/// A run of tokens that is set aside.
pub(super) struct Deep {
    pub(super) tokens: Range<usize>,
    /// The brace that is one too many.
    pub(super) brace: usize,
}

/// The members whose braces nest beyond the limit, in order. Where one follows upon another they are one run.
pub(super) fn deep(words: &Words<'_>, classes: &[Class]) -> Vec<Deep> {
    let mut found: Vec<Deep> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    // The member that is being read: where it begins, and the braces open before it and in it.
    let (mut start, mut outer, mut inner) = (0, 0, 0_usize);
    while let Some(kind) = words.kind(at) {
        if begins_member(words, classes, at) {
            (start, outer, inner) = (at, depth, 0);
        }
        match kind {
            Kind::Open => (depth, inner) = (depth + 1, inner + 1),
            Kind::Close => (depth, inner) = (depth.saturating_sub(1), inner.saturating_sub(1)),
            _ => {}
        }
        if inner <= limits::NESTING && depth <= limits::OPEN_BRACES {
            at += 1;
            continue;
        }
        let end = end_of(words, classes, start, at + 1, depth - outer.min(depth));
        match found.last_mut() {
            Some(last) if last.tokens.end == start => last.tokens.end = end,
            _ => found.push(Deep { tokens: start..end, brace: at }),
        }
        (at, depth) = (end, outer);
        (start, inner) = (end, 0);
    }
    found
}

/// Where a member ends that begins at a token and of which so many braces are open before another: behind its own last
/// brace, or where the next member or the end of what it stands in begins a line.
fn end_of(words: &Words<'_>, classes: &[Class], start: usize, from: usize, open: usize) -> usize {
    let mut depth = open;
    let mut at = from;
    while let Some(kind) = words.kind(at) {
        let is_outer = kind == Kind::Close
            && words.begins_line(at)
            && words.begins_line(start)
            && words.column(at) < words.column(start);
        if is_outer || begins_member(words, classes, at) {
            break;
        }
        at += 1;
        match kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Whether a line begins with the leading word of a member, and not with an id that is spelled like one.
fn begins_member(words: &Words<'_>, classes: &[Class], at: usize) -> bool {
    let class = classes.get(at).copied().unwrap_or_default();
    let is_lead = class.lead.is_some_and(|sort| !matches!(sort, Sort::Grant | Sort::Description));
    is_lead && class.is_sure && words.begins_line(at)
}

/// The tokens of a file that are not set aside: their kinds, spans and numbers.
pub(super) fn others(words: &Words<'_>, deep: &[Deep]) -> (Vec<Kind>, Vec<Span>, Vec<usize>) {
    let mut runs = deep.iter().map(|deep| &deep.tokens).peekable();
    let mut kept = (Vec::new(), Vec::new(), Vec::new());
    for (at, kind) in words.kinds.iter().enumerate() {
        while runs.next_if(|run| run.end <= at).is_some() {}
        if runs.peek().is_none_or(|run| at < run.start) {
            kept.0.push(*kind);
            kept.1.push(words.span(at));
            kept.2.push(at);
        }
    }
    kept
}
