//! The one canonical style, as small edits. A catalog that came with the program is nobody's to change.

use crate::diagnostic::Edit;
use crate::lsp::edits::text_edits;
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::state::Home;
use crate::lsp::view::View;
use crate::tools::format;

/// All of a document.
pub(super) fn document(
    view: &View<'_>,
    params: &lsp::DocumentFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>, Failure> {
    if view.state.is_built_in(params.text_document.uri.as_ref()) {
        return Ok(Some(Vec::new()));
    }
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let edits = edits(home)?;
    Ok(Some(text_edits(view, home.policy, &edits)))
}

/// What touches a range of it.
pub(super) fn range(
    view: &View<'_>,
    params: &lsp::DocumentRangeFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>, Failure> {
    if view.state.is_built_in(params.text_document.uri.as_ref()) {
        return Ok(Some(Vec::new()));
    }
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let wanted = view.span(home, params.range)?;
    let mut edits = edits(home)?;
    edits.retain(|edit| edit.place.span.start <= wanted.end && wanted.start <= edit.place.span.end);
    Ok(Some(text_edits(view, home.policy, &edits)))
}

fn edits(home: Home<'_>) -> Result<Vec<Edit>, Failure> {
    let source = home.policy.workspace.sources().file(home.file);
    let source = source.ok_or_else(|| Failure::new(Failure::INTERNAL, "a file without a text"))?;
    let formatted = format::format_file(source, home.file);
    if formatted.is_refused {
        let reason = formatted.findings.iter().next().map_or("it cannot be read", |finding| &finding.message);
        return Err(Failure::failed(format!("nothing was formatted: {reason}")));
    }
    Ok(format::edits(source.text(), &formatted.text, home.file))
}
