//! Edits of texts as the protocol has them.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Edit;
use crate::lsp::policy::Policy;
use crate::lsp::protocol as lsp;
use crate::lsp::view::View;

/// The edits of one file.
pub(super) fn text_edits<'e>(
    view: &View<'_>,
    policy: &Policy,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> Vec<lsp::TextEdit> {
    let edit =
        |edit: &Edit| lsp::TextEdit { range: view.range(policy, edit.place), new_text: edit.text.clone() };
    edits.into_iter().map(edit).collect()
}

/// Edits of several files, with the versions of those that are open where the client takes them. None where one would
/// change a built-in catalog, which nobody can.
pub(super) fn workspace_edit(view: &View<'_>, policy: &Policy, edits: &[Edit]) -> Option<lsp::WorkspaceEdit> {
    let mut files: BTreeMap<String, (Option<i32>, Vec<lsp::TextEdit>)> = BTreeMap::new();
    for edit in edits {
        let uri = policy.uri(edit.place.file, &view.state.documents)?;
        let open = policy.key(edit.place.file).and_then(|key| view.state.documents.at(key));
        let (_, list) = files.entry(uri).or_insert_with(|| (open.map(|open| open.version), Vec::new()));
        list.extend(text_edits(view, policy, [edit]));
    }
    if view.state.client.takes_versions {
        let change = |(uri, (version, edits)): (String, (Option<i32>, Vec<lsp::TextEdit>))| {
            let text_document_identifier = lsp::TextDocumentIdentifier { uri: uri.into() };
            let edits = edits.into_iter().map(lsp::Edit::TextEdit).collect();
            let text_document =
                lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
            lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit { text_document, edits })
        };
        let document_changes = Some(files.into_iter().map(change).collect());
        return Some(lsp::WorkspaceEdit { document_changes, ..lsp::WorkspaceEdit::default() });
    }
    let changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> =
        files.into_iter().map(|(uri, (_, edits))| (uri.into(), edits)).collect();
    Some(lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() })
}
