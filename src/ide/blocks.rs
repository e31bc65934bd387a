//! The braces of a file, paired as they stand, and what lies between: for whatever is told of extents. A pass over the
//! tokens; knows nothing of what a block is of.

use crate::source::{SourceFile, Span};
use crate::syntax::{Kind, ast, tokens};

/// The pairs of braces of a text, each from its opening to behind its closing one, in the order of their openings.
pub(super) fn pairs(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for token in tokens(text) {
        match token.kind {
            Kind::Open => {
                open.push(found.len());
                found.push(Span::of(token.start, token.start));
            }
            Kind::Close => {
                if let Some(pair) = open.pop().and_then(|at| found.get_mut(at)) {
                    *pair = Span::of(pair.start as usize, token.end);
                }
            }
            _ => {}
        }
    }
    // One that is never closed is none.
    found.retain(|pair| pair.end > pair.start);
    found
}

/// The container with a head: up to its closing brace, or to before the next container.
pub(super) fn container<T>(
    source: &SourceFile,
    tree: &ast::File,
    pairs: &[Span],
    head: &ast::Member<T>,
) -> Span {
    let organizations = tree.organizations.iter().map(|opened| opened.head.start);
    let catalogs = tree.catalogs.iter().map(|catalog| catalog.head.start);
    let next = organizations.chain(catalogs).filter(|start| *start > head.start).min();
    let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let brace = head.end.saturating_sub(1);
    let pair = pairs.binary_search_by_key(&brace, |pair| pair.start).ok().and_then(|at| pairs.get(at));
    let limit = next.unwrap_or(length);
    let end = pair.map_or(limit, |pair| pair.end.min(limit));
    let before = source.slice(Span::new(0, end)).trim_end().len();
    Span::new(head.start, u32::try_from(before).unwrap_or(end).max(head.end))
}
