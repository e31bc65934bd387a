//! Code actions: the fixes of findings, each by itself, and all that are safe at once; and other ways to say the same.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::ide;
use crate::lsp::edits::workspace_edit;
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::view::View;
use crate::source::Place;
use crate::tools::fix::at_once;

/// The kinds that are given.
pub(super) fn kinds() -> Vec<lsp::CodeActionKind> {
    vec![
        lsp::CodeActionKind::QuickFix,
        lsp::CodeActionKind::RefactorRewrite,
        lsp::CodeActionKind::SourceFixAll,
    ]
}

pub(super) fn actions(
    view: &View<'_>,
    params: &lsp::CodeActionParams,
) -> Result<Option<Vec<lsp::CodeActionResponse>>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let wanted = view.span(home, params.range)?;
    let only = params.context.only.as_deref();
    let mut actions: Vec<lsp::CodeActionResponse> = Vec::new();
    let workspace = &home.policy.workspace;
    let findings = || workspace.findings(home.file);
    for action in ide::actions(workspace, home.file, wanted) {
        let (kind, name) = match action.of {
            Some(_) => (lsp::CodeActionKind::QuickFix, "quickfix"),
            None => (lsp::CodeActionKind::RefactorRewrite, "refactor.rewrite"),
        };
        if !is_asked(only, name, Unasked::Given) {
            continue;
        }
        let Some(edit) = workspace_edit(view, home.policy, &action.edits) else { continue };
        let of = action.of.and_then(|(code, span)| {
            findings().find(|finding| finding.code == code && finding.primary.place.span == span)
        });
        // A client may make one that is preferred unasked.
        let is_made = |fix: &Fix| fix.applicability == Applicability::Safe && fix.title == action.title;
        let is_safe = action.is_preferred && of.is_some_and(|finding| finding.fixes.iter().any(is_made));
        actions.push(
            lsp::CodeAction {
                title: action.title,
                kind: Some(kind),
                diagnostics: of.map(|finding| vec![view.finding(home.policy, finding)]),
                is_preferred: is_safe.then_some(true),
                edit: Some(edit),
                ..lsp::CodeAction::default()
            }
            .into(),
        );
    }
    if is_asked(only, "source.fixAll", Unasked::Left) {
        // As `check --fix` would; what waits for one of them is offered when it is made.
        let may_change = |place: Place| home.policy.uri(place.file, &view.state.documents).is_some();
        let fixes = at_once(findings(), may_change);
        let edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits.clone()).collect();
        if let Some(edit) = workspace_edit(view, home.policy, &edits).filter(|_| !edits.is_empty()) {
            let (title, kind) = ("Apply all safe fixes".to_owned(), Some(lsp::CodeActionKind::SourceFixAll));
            let action = lsp::CodeAction { title, kind, edit: Some(edit), ..lsp::CodeAction::default() };
            actions.push(action.into());
        }
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
