//! Names: where they are declared, where they are named, and others for them.

use crate::ide::{self, Declarations};
use crate::lsp::edits::workspace_edit;
use crate::lsp::message::Failure;
use crate::lsp::policy::Policy;
use crate::lsp::protocol as lsp;
use crate::lsp::view::View;
use crate::source::Place;

pub(super) fn definition(
    view: &View<'_>,
    params: &lsp::DefinitionParams,
) -> Result<Option<lsp::DefinitionResponse>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let places = ide::definition(&home.policy.workspace, home.file, offset);
    Ok(Some(lsp::Definition::LocationList(locations(view, home.policy, places)).into()))
}

pub(super) fn references(
    view: &View<'_>,
    params: &lsp::ReferenceParams,
) -> Result<Option<Vec<lsp::Location>>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let declarations =
        if params.context.include_declaration { Declarations::Included } else { Declarations::Excluded };
    let places = ide::references(&home.policy.workspace, home.file, offset, declarations);
    Ok(Some(locations(view, home.policy, places)))
}

fn locations(view: &View<'_>, policy: &Policy, places: Vec<Place>) -> Vec<lsp::Location> {
    places.into_iter().filter_map(|place| view.location(policy, place)).collect()
}

pub(super) fn highlights(
    view: &View<'_>,
    params: &lsp::DocumentHighlightParams,
) -> Result<Option<Vec<lsp::DocumentHighlight>>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let spans = ide::highlights(&home.policy.workspace, home.file, offset);
    let highlight = |span| lsp::DocumentHighlight { range: view.range_in(home, span), kind: None };
    Ok(Some(spans.into_iter().map(highlight).collect()))
}

pub(super) fn prepare_rename(
    view: &View<'_>,
    params: &lsp::PrepareRenameParams,
) -> Result<Option<lsp::PrepareRenameResult>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let name = ide::prepare_rename(&home.policy.workspace, home.file, offset).map_err(Failure::failed)?;
    let range = view.range_in(home, name.span);
    Ok(Some(lsp::PrepareRenamePlaceholder { range, placeholder: name.text }.into()))
}

pub(super) fn rename(
    view: &View<'_>,
    params: &lsp::RenameParams,
) -> Result<Option<lsp::WorkspaceEdit>, Failure> {
    let (home, offset) = view.at(&params.text_document_position_params)?;
    let edits = ide::rename(&home.policy.workspace, home.file, offset, &params.new_name);
    let edits = edits.map_err(Failure::failed)?;
    let edit = workspace_edit(view, home.policy, &edits);
    edit.map(Some).ok_or_else(|| Failure::failed("a built-in catalog cannot be changed"))
}
