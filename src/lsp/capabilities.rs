//! What the server offers, and what it asks of the client at the start.

use serde_json::json;

use crate::found::EXTENSION;
use crate::lsp::client::{Client, Findings};
use crate::lsp::protocol as lsp;
use crate::lsp::{actions, completion, tokens};
use crate::told::SETTINGS;

pub(super) fn initialized(client: &Client) -> lsp::InitializeResult {
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    lsp::InitializeResult {
        capabilities: offered(client),
        server_info: Some(lsp::ServerInfo { name: "rolec".to_owned(), version }),
    }
}

fn offered(client: &Client) -> lsp::ServerCapabilities {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let pulled = || lsp::DiagnosticOptions {
        identifier: Some("rolec".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..lsp::DiagnosticOptions::default()
    };
    let folders = lsp::WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(lsp::ChangeNotifications::Bool(true)),
    };
    let workspace =
        lsp::WorkspaceOptions { workspace_folders: Some(folders), ..lsp::WorkspaceOptions::default() };
    let actions = lsp::CodeActionOptions {
        code_action_kinds: Some(actions::kinds()),
        ..lsp::CodeActionOptions::default()
    };
    let completion = lsp::CompletionOptions {
        trigger_characters: Some(completion::TRIGGERS.map(str::to_owned).to_vec()),
        ..lsp::CompletionOptions::default()
    };
    let rename = lsp::RenameOptions { prepare_provider: Some(true), ..lsp::RenameOptions::default() };
    let tokens = lsp::SemanticTokensOptions {
        legend: tokens::legend(),
        range: Some(true.into()),
        full: Some(true.into()),
        ..lsp::SemanticTokensOptions::default()
    };
    lsp::ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(sync.into()),
        // Whoever asks is answered; it is offered where findings are not published, or they would be shown twice.
        diagnostic_provider: (client.findings == Findings::Pulled).then(|| pulled().into()),
        code_action_provider: Some(actions.into()),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        hover_provider: Some(true.into()),
        completion_provider: Some(completion),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        rename_provider: Some(rename.into()),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        semantic_tokens_provider: Some(tokens.into()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        code_lens_provider: Some(lsp::CodeLensOptions::default()),
        document_link_provider: Some(lsp::DocumentLinkOptions::default()),
        workspace: Some(workspace),
        ..lsp::ServerCapabilities::default()
    }
}

/// The files of which the client is to say when they change on disk.
pub(super) fn watched() -> lsp::RegistrationParams {
    let patterns = [format!("**/*.{EXTENSION}"), format!("**/{SETTINGS}")];
    let watchers = patterns.map(|pattern| json!({ "globPattern": pattern }));
    let options = json!({ "watchers": watchers });
    lsp::RegistrationParams {
        registrations: vec![lsp::Registration {
            id: "rolec.files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(options),
        }],
    }
}
