//! What is shown beside and around a text: hints, lenses, links, folds, selections.

use serde_json::json;

use crate::ide::{self, Command, FoldKind};
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::view::View;
use crate::source::Span;

pub(super) fn hints(
    view: &View<'_>,
    params: &lsp::InlayHintParams,
) -> Result<Option<Vec<lsp::InlayHint>>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let span = view.span(home, params.range)?;
    let lines = view.lines(home.policy, home.file);
    let hint = |hint: ide::Hint| lsp::InlayHint {
        position: lines.position(hint.offset),
        label: hint.text.into(),
        kind: None,
        text_edits: None,
        tooltip: (!hint.tooltip.is_empty()).then(|| view.markup(hint.tooltip).into()),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    Ok(Some(ide::hints(&home.policy.workspace, home.file, span).into_iter().map(hint).collect()))
}

pub(super) fn lenses(
    view: &View<'_>,
    params: &lsp::CodeLensParams,
) -> Result<Option<Vec<lsp::CodeLens>>, Failure> {
    let uri = &params.text_document.uri;
    let home = view.state.home(uri.as_ref())?;
    let lens = |lens: ide::Lens| {
        let (command, arguments) = match lens.command {
            Command::RunTest { title, organization } => {
                ("rolec.runTest", Some(vec![json!(uri), json!(title), json!(organization)]))
            }
            // To be read, and not to be chosen.
            Command::ShowRole { .. } => ("", None),
        };
        let command =
            lsp::Command { title: lens.title, tooltip: None, command: command.to_owned(), arguments };
        lsp::CodeLens { range: view.range_in(home, lens.span), command: Some(command), data: None }
    };
    Ok(Some(ide::lenses(&home.policy.workspace, home.file).into_iter().map(lens).collect()))
}

pub(super) fn links(
    view: &View<'_>,
    params: &lsp::DocumentLinkParams,
) -> Result<Option<Vec<lsp::DocumentLink>>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let link = |link: ide::Link| {
        let target = view.state.uri_of(home.policy, link.target)?;
        let range = view.range_in(home, link.span);
        Some(lsp::DocumentLink { range, target: Some(target.into()), tooltip: None, data: None })
    };
    Ok(Some(ide::links(&home.policy.workspace, home.file).into_iter().filter_map(link).collect()))
}

pub(super) fn folds(
    view: &View<'_>,
    params: &lsp::FoldingRangeParams,
) -> Result<Option<Vec<lsp::FoldingRange>>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let fold = |fold: ide::Fold| {
        let range = view.range_in(home, fold.span);
        let (kind, end) = match fold.kind {
            // The line of the closing brace is still seen.
            FoldKind::Block => (None, range.end.line.saturating_sub(1)),
            FoldKind::Comment => (Some(lsp::FoldingRangeKind::Comment), range.end.line),
            FoldKind::Uses => (Some(lsp::FoldingRangeKind::Imports), range.end.line),
        };
        let is_fold = end > range.start.line;
        is_fold.then(|| lsp::FoldingRange {
            start_line: range.start.line,
            end_line: end,
            kind,
            ..lsp::FoldingRange::default()
        })
    };
    Ok(Some(ide::folding(&home.policy.workspace, home.file).into_iter().filter_map(fold).collect()))
}

pub(super) fn selections(
    view: &View<'_>,
    params: &lsp::SelectionRangeParams,
) -> Result<Option<Vec<lsp::SelectionRange>>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let mut all = Vec::with_capacity(params.positions.len());
    for position in &params.positions {
        let at = view.span(home, lsp::Range { start: *position, end: *position })?;
        let spans = ide::selection(&home.policy.workspace, home.file, at.start);
        let mut outer: Option<lsp::SelectionRange> = None;
        // Each position has an answer, if that of an empty text.
        let spans = if spans.is_empty() { vec![Span::new(at.start, at.start)] } else { spans };
        for span in spans.into_iter().rev() {
            outer =
                Some(lsp::SelectionRange { range: view.range_in(home, span), parent: outer.map(Box::new) });
        }
        all.extend(outer);
    }
    Ok(Some(all))
}
