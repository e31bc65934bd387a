//! What the client can do, as it said when it began. What it did not say it cannot.

use std::path::PathBuf;

use crate::lsp::position::Encoding;
use crate::lsp::protocol::{InitializeParams, MarkupKind, WorkspaceFolders};
use crate::lsp::uri;

/// How findings come to the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Findings {
    /// The server publishes them: those of files that are not open too, and at once.
    #[default]
    Published,
    /// The client asks for them.
    Pulled,
}

/// A client.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each thing that a client says it can do")]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    pub(super) findings: Findings,
    pub(super) shows_related: bool,
    pub(super) shows_tags: bool,
    pub(super) keeps_data: bool,
    pub(super) shows_progress: bool,
    pub(super) watches_files: bool,
    pub(super) refreshes_findings: bool,
    pub(super) takes_versions: bool,
    /// Markdown is not for it.
    pub(super) shows_plain_text: bool,
    /// Outlines of documents as trees.
    pub(super) shows_trees: bool,
}

impl Client {
    pub(super) fn new(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let publish = text.and_then(|text| text.publish_diagnostics.as_ref());
        let pull = text.and_then(|text| text.diagnostic.as_ref());
        let of_either = publish.map(|publish| &publish.diagnostics_capabilities);
        let shown = of_either.or(pull.map(|pull| &pull.diagnostics_capabilities));
        let wish = params.initialization_options.as_ref().and_then(|options| options.get("diagnostics"));
        let findings = match wish.and_then(|wish| wish.as_str()) {
            Some("pull") => Findings::Pulled,
            Some("publish") => Findings::Published,
            // A client that has both would show both.
            _ if pull.is_some() && publish.is_none() => Findings::Pulled,
            _ => Findings::Published,
        };
        let is = |value: Option<bool>| value.unwrap_or(false);
        Self {
            encoding: offered.map(Encoding::choose).unwrap_or_default(),
            findings,
            shows_related: is(shown.and_then(|shown| shown.related_information)),
            shows_tags: shown.is_some_and(|shown| shown.tag_support.is_some()),
            keeps_data: is(shown.and_then(|shown| shown.data_support)),
            shows_progress: is(capabilities.window.and_then(|window| window.work_done_progress)),
            watches_files: is(workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref())
                .and_then(|watched| watched.dynamic_registration)),
            refreshes_findings: is(workspace
                .and_then(|workspace| workspace.diagnostics.as_ref())
                .and_then(|diagnostics| diagnostics.refresh_support)),
            takes_versions: is(workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref())
                .and_then(|edit| edit.document_changes)),
            shows_plain_text: text
                .and_then(|text| text.hover.as_ref())
                .and_then(|hover| hover.content_format.as_ref())
                .is_some_and(|formats| !formats.contains(&MarkupKind::Markdown)),
            shows_trees: is(text
                .and_then(|text| text.document_symbol.as_ref())
                .and_then(|symbol| symbol.hierarchical_document_symbol_support)),
        }
    }
}

/// The folders that the editor has open; a client that knows of one only has a root.
pub(super) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let listed = params.workspace_folders_initialize_params.workspace_folders.as_ref();
    let uris: Vec<&str> = match listed {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().map(|folder| folder.uri.as_ref()).collect()
        }
        #[expect(deprecated, reason = "older clients say it in this way only")]
        Some(WorkspaceFolders::Null) | None => params.root_uri.iter().map(AsRef::as_ref).collect(),
    };
    uris.into_iter().filter_map(uri::path).collect()
}
