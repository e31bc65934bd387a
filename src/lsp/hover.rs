//! Hovers: what a name is and means, and what is behind a finding at its place.

use crate::ide;
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::view::View;
use crate::source::Span;

pub(super) fn hover(view: &View<'_>, params: &lsp::HoverParams) -> Result<Option<lsp::Hover>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let mut text = String::new();
    let mut span: Option<Span> = None;
    if let Some(hover) = ide::hover(&home.policy.workspace, home.file, offset) {
        text = hover.markdown;
        span = Some(hover.span);
    }
    // The page of a finding has no address that an editor without a network could follow.
    let mut told = Vec::new();
    for finding in home.policy.workspace.findings(home.file) {
        let here = finding.primary.place.span;
        if here.start <= offset && offset <= here.end && !told.contains(&finding.code) {
            told.push(finding.code);
            if !text.is_empty() {
                text.push_str("\n\n---\n\n");
            }
            text.push_str(finding.code.page().trim());
            span = span.or(Some(here));
        }
    }
    if text.is_empty() {
        return Ok(None);
    }
    let range = span.map(|span| view.range_in(home, span));
    Ok(Some(lsp::Hover { contents: view.markup(text).into(), range }))
}
