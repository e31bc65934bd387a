//! Outlines of documents, and searches in all that is open.

use crate::ide::{self, Found, Outline, SymbolKind};
use crate::lsp::message::Failure;
use crate::lsp::policy::Policy;
use crate::lsp::protocol as lsp;
use crate::lsp::state::Home;
use crate::lsp::view::View;
use crate::source::Place;

pub(super) fn document(
    view: &View<'_>,
    params: &lsp::DocumentSymbolParams,
) -> Result<Option<lsp::DocumentSymbolResponse>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let outlines = ide::document_symbols(&home.policy.workspace, home.file);
    if view.state.client.shows_trees {
        let symbols = outlines.into_iter().map(|outline| tree(view, home, outline));
        return Ok(Some(symbols.collect::<Vec<lsp::DocumentSymbol>>().into()));
    }
    let mut flat = Vec::new();
    let mut open: Vec<(Outline, String)> =
        outlines.into_iter().rev().map(|outline| (outline, String::new())).collect();
    while let Some((outline, container)) = open.pop() {
        let place = Place { file: home.file, span: outline.whole };
        flat.extend(information(view, home.policy, outline.name.clone(), container, outline.kind, place));
        let children = outline.children.into_iter().rev();
        open.extend(children.map(|child| (child, outline.name.clone())));
    }
    Ok(Some(flat.into()))
}

/// An outline is as deep as the language, which is four.
fn tree(view: &View<'_>, home: Home<'_>, outline: Outline) -> lsp::DocumentSymbol {
    let children: Vec<lsp::DocumentSymbol> =
        outline.children.into_iter().map(|child| tree(view, home, child)).collect();
    lsp::DocumentSymbol {
        // Clients refuse an empty name.
        name: if outline.name.is_empty() { "?".to_owned() } else { outline.name },
        detail: (!outline.detail.is_empty()).then_some(outline.detail),
        kind: kind(outline.kind),
        range: view.range_in(home, outline.whole),
        selection_range: view.range_in(home, outline.name_span),
        children: (!children.is_empty()).then_some(children),
        tags: None,
        #[expect(deprecated, reason = "the type has it")]
        deprecated: None,
    }
}

/// Of all policies.
pub(super) fn workspace(
    view: &View<'_>,
    params: &lsp::WorkspaceSymbolParams,
) -> Result<Option<lsp::WorkspaceSymbolResponse>, Failure> {
    let mut symbols: Vec<lsp::SymbolInformation> = Vec::new();
    for policy in &view.state.policies {
        for Found { name, container, kind, place } in ide::workspace_symbols(&policy.workspace, &params.query)
        {
            let symbol = information(view, policy, name, container, kind, place);
            // What stands in several policies is found once.
            symbols
                .extend(symbol.filter(|symbol| view.state.policies.len() == 1 || !symbols.contains(symbol)));
        }
    }
    Ok(Some(symbols.into()))
}

fn information(
    view: &View<'_>,
    policy: &Policy,
    name: String,
    container: String,
    of: SymbolKind,
    place: Place,
) -> Option<lsp::SymbolInformation> {
    let container_name = (!container.is_empty()).then_some(container);
    let base = lsp::BaseSymbolInformation { name, kind: kind(of), tags: None, container_name };
    Some(lsp::SymbolInformation {
        #[expect(deprecated, reason = "the type has it")]
        deprecated: None,
        location: view.location(policy, place)?,
        base_symbol_information: base,
    })
}

fn kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Catalog => lsp::SymbolKind::Package,
        SymbolKind::Kind => lsp::SymbolKind::Enum,
        SymbolKind::Category => lsp::SymbolKind::Struct,
        SymbolKind::Row => lsp::SymbolKind::Field,
        SymbolKind::Template => lsp::SymbolKind::Interface,
        SymbolKind::Organization => lsp::SymbolKind::Module,
        SymbolKind::Role => lsp::SymbolKind::Class,
        SymbolKind::Assignment => lsp::SymbolKind::Key,
        SymbolKind::Forbid | SymbolKind::Requirement => lsp::SymbolKind::Operator,
        SymbolKind::Test => lsp::SymbolKind::Event,
        SymbolKind::Principal => lsp::SymbolKind::Variable,
    }
}
