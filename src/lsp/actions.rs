//! Code actions: the fixes of findings, each by itself, and all that are safe at once.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::lsp::edits::workspace_edit;
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::view::View;
use crate::source::Span;

/// The kinds that are given.
pub(super) fn kinds() -> Vec<lsp::CodeActionKind> {
    vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::SourceFixAll]
}

pub(super) fn actions(
    view: &View<'_>,
    params: &lsp::CodeActionParams,
) -> Result<Option<Vec<lsp::CodeActionResponse>>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let wanted = view.span(home, params.range)?;
    let only = params.context.only.as_deref();
    let mut actions: Vec<lsp::CodeActionResponse> = Vec::new();
    let mut safe: Vec<&Edit> = Vec::new();
    for finding in home.policy.workspace.findings(home.file).filter(|finding| !finding.code.is_pedantic()) {
        for fix in &finding.fixes {
            if fix.applicability == Applicability::Safe && !overlaps_any(fix, &safe) {
                safe.extend(&fix.edits);
            }
            if !touches(finding.primary.place.span, wanted) || !is_asked(only, "quickfix", Unasked::Given) {
                continue;
            }
            let Some(edit) = workspace_edit(view, home.policy, &fix.edits) else { continue };
            actions.push(
                lsp::CodeAction {
                    title: fix.title.clone(),
                    kind: Some(lsp::CodeActionKind::QuickFix),
                    diagnostics: Some(vec![view.finding(home.policy, finding)]),
                    is_preferred: (fix.applicability == Applicability::Safe).then_some(true),
                    edit: Some(edit),
                    ..lsp::CodeAction::default()
                }
                .into(),
            );
        }
    }
    if !safe.is_empty() && is_asked(only, "source.fixAll", Unasked::Left) {
        let edits: Vec<Edit> = safe.into_iter().cloned().collect();
        let title = "Apply all safe fixes".to_owned();
        let edit = workspace_edit(view, home.policy, &edits);
        let kind = Some(lsp::CodeActionKind::SourceFixAll);
        actions.push(lsp::CodeAction { title, kind, edit, ..lsp::CodeAction::default() }.into());
    }
    Ok(Some(actions))
}

/// Whether an action is given to who asks for no kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unasked {
    Given,
    Left,
}

/// Whether a kind is among those that are asked for: `source` asks for `source.fixAll` too.
fn is_asked(only: Option<&[lsp::CodeActionKind]>, kind: &str, unasked: Unasked) -> bool {
    let Some(only) = only else { return unasked == Unasked::Given };
    only.iter().any(|asked| {
        let asked = String::from(asked.clone());
        asked.is_empty()
            || kind.strip_prefix(&*asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Whether two spans have a place in common; a cursor at the end of a word is on it.
fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

fn overlaps_any(fix: &Fix, taken: &[&Edit]) -> bool {
    fix.edits.iter().any(|edit| {
        let overlaps = |other: &&Edit| {
            let (a, b) = (edit.place, other.place);
            a.file == b.file && (a.span == b.span || a.span.start < b.span.end && b.span.start < a.span.end)
        };
        taken.iter().any(overlaps)
    })
}
