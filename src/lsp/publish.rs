//! Findings to the client: published where they changed, or given where they are asked for.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::lsp::message::Output;
use crate::lsp::protocol as lsp;
use crate::lsp::state::State;
use crate::lsp::view::View;

/// What the client was told, by the URI under which it was told; nothing where there is nothing. In a large policy the
/// findings themselves are much to keep twice, so only a mark is kept by which they are known again.
#[derive(Debug, Default)]
pub(super) struct Published(HashMap<String, u64>);

/// What is published of a file, its findings written already.
#[derive(Serialize)]
struct Params<'d> {
    uri: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: &'d RawValue,
}

impl Published {
    /// Tells what changed: first the files that were edited, in any case, then those that are open, then the others.
    pub(super) fn tell<W: Write>(
        &mut self,
        state: &State,
        edited: &[PathBuf],
        changed: &[PathBuf],
        output: &mut Output<W>,
    ) -> io::Result<()> {
        let view = View::new(state);
        let mut told: BTreeSet<&Path> = BTreeSet::new();
        for key in edited {
            if told.insert(key) {
                self.publish(&view, key, Always::Yes, output)?;
            }
        }
        let is_open = |key: &&PathBuf| state.documents.at(key).is_some();
        let (open, closed): (Vec<&PathBuf>, Vec<&PathBuf>) = changed.iter().partition(is_open);
        for key in open.into_iter().chain(closed) {
            if told.insert(key) {
                self.publish(&view, key, Always::No, output)?;
            }
        }
        Ok(())
    }

    fn publish<W: Write>(
        &mut self,
        view: &View<'_>,
        key: &Path,
        always: Always,
        output: &mut Output<W>,
    ) -> io::Result<()> {
        let documents = &view.state.documents;
        let open = documents.at(key);
        let uri = view.state.uri(key);
        let findings = view.findings(key);
        let diagnostics = to_raw_value(&findings)?;
        let mark = (!findings.is_empty()).then(|| mark(&diagnostics));
        let is_same = self.0.get(&uri).copied() == mark;
        if is_same && (always == Always::No || open.is_none()) {
            return Ok(());
        }
        let version = open.map(|open| open.version);
        let params = Params { uri: &uri, version, diagnostics: &diagnostics };
        output.notify("textDocument/publishDiagnostics", &params)?;
        match mark {
            Some(mark) => self.0.insert(uri, mark),
            None => self.0.remove(&uri),
        };
        Ok(())
    }

    /// Takes back what was told of files that are in no policy any more, or go by another URI.
    pub(super) fn clear<W: Write>(&mut self, state: &State, output: &mut Output<W>) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let known: BTreeSet<String> =
            state.policies.iter().flat_map(|policy| policy.keys()).map(|key| state.uri(key)).collect();
        let mut gone: Vec<String> = self.0.keys().filter(|uri| !known.contains(*uri)).cloned().collect();
        gone.sort();
        for uri in gone {
            self.0.remove(&uri);
            let params =
                lsp::PublishDiagnosticsParams { uri: uri.into(), version: None, diagnostics: Vec::new() };
            output.notify("textDocument/publishDiagnostics", &params)?;
        }
        Ok(())
    }
}

/// Whether a file is told of even where nothing changed: a client waits for what it edited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Always {
    Yes,
    No,
}

/// The findings of a document, where they are not those that the client has.
pub(super) fn pull(view: &View<'_>, params: &lsp::DocumentDiagnosticParams) -> lsp::DocumentDiagnosticReport {
    let key = view.state.documents.key(params.text_document.uri.as_ref());
    let items = view.findings(&key);
    let id = result_id(&items);
    if params.previous_result_id.as_ref() == Some(&id) {
        return lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id: id },
        }
        .into();
    }
    lsp::RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id: Some(id), items },
    }
    .into()
}

/// The findings of all files: of those where there are any, and of those where the client thinks that there are.
pub(super) fn pull_all(
    view: &View<'_>,
    params: lsp::WorkspaceDiagnosticParams,
) -> lsp::WorkspaceDiagnosticReport {
    let previous: HashMap<String, String> =
        params.previous_result_ids.into_iter().map(|known| (known.uri.to_string(), known.value)).collect();
    let keys: BTreeSet<&Path> = view.state.policies.iter().flat_map(|policy| policy.keys()).collect();
    let mut items: Vec<lsp::WorkspaceDocumentDiagnosticReport> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for key in keys {
        let uri = view.state.uri(key);
        let version = view.state.documents.at(key).map(|open| open.version);
        let findings = view.findings(key);
        let id = result_id(&findings);
        match previous.get(&uri) {
            Some(before) if *before == id => items.push(
                lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                    uri: uri.clone().into(),
                    version,
                    unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                        result_id: id,
                    },
                }
                .into(),
            ),
            None if findings.is_empty() => {}
            _ => items.push(full(uri.clone(), version, id, findings)),
        }
        seen.insert(uri);
    }
    let mut gone: Vec<&String> = previous.keys().filter(|uri| !seen.contains(*uri)).collect();
    gone.sort();
    items.extend(gone.into_iter().map(|uri| full(uri.clone(), None, result_id(&[]), Vec::new())));
    lsp::WorkspaceDiagnosticReport { items }
}

fn full(
    uri: String,
    version: Option<i32>,
    id: String,
    items: Vec<lsp::Diagnostic>,
) -> lsp::WorkspaceDocumentDiagnosticReport {
    lsp::WorkspaceFullDocumentDiagnosticReport {
        uri: uri.into(),
        version,
        full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id: Some(id), items },
    }
    .into()
}

/// The same findings, the same id.
fn result_id(findings: &[lsp::Diagnostic]) -> String {
    let text = to_raw_value(findings);
    format!("{:016x}", text.map(|text| mark(&text)).unwrap_or_default())
}

fn mark(written: &RawValue) -> u64 {
    let mut hasher = DefaultHasher::new();
    written.get().hash(&mut hasher);
    hasher.finish()
}
