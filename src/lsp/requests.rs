//! The requests that ask about policies: each method, and who answers it.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::lsp::message::{Failure, Request};
use crate::lsp::state::State;
use crate::lsp::view::View;
use crate::lsp::{actions, formatting, publish};

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
