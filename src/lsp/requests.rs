//! The requests that ask about policies: each method, and who answers it.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::lsp::message::{Failure, Request};
use crate::lsp::state::State;
use crate::lsp::view::View;
use crate::lsp::{actions, completion, formatting, hover, names, publish, shapes, symbols, tokens};

pub(super) type Answer = Result<Box<RawValue>, Failure>;

pub(super) fn answer(state: &State, request: &Request) -> Answer {
    let view = View::new(state);
    let view = &view;
    match &*request.method {
        "textDocument/diagnostic" => on(request, |params| Ok(publish::pull(view, &params))),
        "workspace/diagnostic" => on(request, |params| Ok(publish::pull_all(view, params))),
        "textDocument/codeAction" => on(request, |params| actions::actions(view, &params)),
        "textDocument/formatting" => on(request, |params| formatting::document(view, &params)),
        "textDocument/rangeFormatting" => on(request, |params| formatting::range(view, &params)),
        "textDocument/hover" => on(request, |params| hover::hover(view, &params)),
        "textDocument/completion" => on(request, |params| completion::completion(view, &params)),
        "textDocument/definition" => on(request, |params| names::definition(view, &params)),
        "textDocument/references" => on(request, |params| names::references(view, &params)),
        "textDocument/documentHighlight" => on(request, |params| names::highlights(view, &params)),
        "textDocument/prepareRename" => on(request, |params| names::prepare_rename(view, &params)),
        "textDocument/rename" => on(request, |params| names::rename(view, &params)),
        "textDocument/documentSymbol" => on(request, |params| symbols::document(view, &params)),
        "workspace/symbol" => on(request, |params| symbols::workspace(view, &params)),
        "textDocument/semanticTokens/full" => on(request, |params| tokens::full(view, &params)),
        "textDocument/semanticTokens/range" => on(request, |params| tokens::range(view, &params)),
        "textDocument/foldingRange" => on(request, |params| shapes::folds(view, &params)),
        "textDocument/selectionRange" => on(request, |params| shapes::selections(view, &params)),
        "textDocument/inlayHint" => on(request, |params| shapes::hints(view, &params)),
        "textDocument/codeLens" => on(request, |params| shapes::lenses(view, &params)),
        "textDocument/documentLink" => on(request, |params| shapes::links(view, &params)),
        method => Err(Failure::new(Failure::UNKNOWN_METHOD, format!("there is no method `{method}`"))),
    }
}

fn on<P: for<'de> Deserialize<'de>, R: Serialize>(
    request: &Request,
    answer: impl FnOnce(P) -> Result<R, Failure>,
) -> Answer {
    written(&answer(request.params.read()?)?)
}

pub(super) fn written(result: &impl Serialize) -> Answer {
    to_raw_value(result)
        .map_err(|error| Failure::new(Failure::INTERNAL, format!("the answer is no JSON: {error}")))
}
