//! Completion: what may be written at a place, in the order in which it is likely wanted.

use crate::ide::{self, Completion, CompletionKind};
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::state::Home;
use crate::lsp::view::View;

/// After these something else may be written.
pub(super) const TRIGGERS: [&str; 4] = [".", ":", ",", "\""];

pub(super) fn completion(
    view: &View<'_>,
    params: &lsp::CompletionParams,
) -> Result<Option<lsp::CompletionResponse>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let found = ide::completions(&home.policy.workspace, home.file, offset);
    let items = found.into_iter().enumerate().map(|(number, found)| item(view, home, number, found));
    let items: Vec<lsp::CompletionItem> = items.collect();
    Ok(Some(lsp::CompletionList { items, ..lsp::CompletionList::default() }.into()))
}

fn item(view: &View<'_>, home: Home<'_>, number: usize, found: Completion) -> lsp::CompletionItem {
    let edit = lsp::TextEdit { range: view.range(home.policy, found.edit.place), new_text: found.edit.text };
    lsp::CompletionItem {
        label: found.label,
        kind: Some(kind(found.kind)),
        detail: found.detail,
        documentation: found.documentation.map(|text| view.markup(text).into()),
        // Clients sort by this text, and ours is the order that counts.
        sort_text: Some(format!("{number:05}")),
        filter_text: Some(found.filter),
        text_edit: Some(edit.into()),
        ..lsp::CompletionItem::default()
    }
}

fn kind(kind: CompletionKind) -> lsp::CompletionItemKind {
    match kind {
        CompletionKind::Word => lsp::CompletionItemKind::Keyword,
        CompletionKind::Catalog | CompletionKind::Organization => lsp::CompletionItemKind::Module,
        CompletionKind::File => lsp::CompletionItemKind::File,
        CompletionKind::Category => lsp::CompletionItemKind::Struct,
        CompletionKind::Row => lsp::CompletionItemKind::Field,
        CompletionKind::Kind => lsp::CompletionItemKind::Enum,
        CompletionKind::Level => lsp::CompletionItemKind::EnumMember,
        CompletionKind::Template => lsp::CompletionItemKind::Interface,
        CompletionKind::Role => lsp::CompletionItemKind::Class,
        CompletionKind::Principal => lsp::CompletionItemKind::Variable,
        CompletionKind::Version => lsp::CompletionItemKind::Constant,
    }
}
