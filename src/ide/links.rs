//! What a `use` leads to: the file that holds the catalog, one that came with the program among them.

use crate::ide::names::{Sort, walk};
use crate::ide::symbol::{Symbol, catalog};
use crate::source::{FileId, Span};
use crate::workspace::Workspace;

/// A name that leads to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The name.
    pub span: Span,
    /// The file.
    pub target: FileId,
}

/// The links of a file, in the order of its text.
pub fn links(ws: &Workspace, file: FileId) -> Vec<Link> {
    let uses = ws.tree(file).map(|tree| tree.uses.as_slice()).unwrap_or_default();
    let spans = uses.iter().map(|member| Span::new(member.start, member.end));
    let mut links: Vec<Link> = Vec::new();
    for name in spans.flat_map(|span| walk(ws, file, Some(span))) {
        let Some(Symbol::Catalog(id)) = name.symbol else { continue };
        let Some(known) = catalog(ws, id).filter(|_| matches!(name.sort, Sort::Catalog | Sort::Path)) else {
            continue;
        };
        // A catalog that stands in the same file needs no way to it.
        if known.place.file != file {
            links.push(Link { span: name.span, target: known.place.file });
        }
    }
    links.sort_by_key(|link| link.span);
    links.dedup();
    links
}
