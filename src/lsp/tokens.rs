//! Semantic tokens: each word of a text as what it means, for colours.

use crate::ide::{self, Modifiers, TokenKind};
use crate::lsp::message::Failure;
use crate::lsp::protocol as lsp;
use crate::lsp::state::Home;
use crate::lsp::view::View;
use crate::source::Span;

/// What tokens are, in the words of the protocol, by their numbers.
const TYPES: [&str; 12] = [
    "keyword",
    "namespace",
    "struct",
    "property",
    "enum",
    "interface",
    "class",
    "variable",
    "enumMember",
    "string",
    "number",
    "comment",
];
const MODIFIERS: [&str; 5] = ["declaration", "modification", "deprecated", "defaultLibrary", "documentation"];

pub(super) fn legend() -> lsp::SemanticTokensLegend {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    lsp::SemanticTokensLegend { token_types: owned(&TYPES), token_modifiers: owned(&MODIFIERS) }
}

pub(super) fn full(
    view: &View<'_>,
    params: &lsp::SemanticTokensParams,
) -> Result<Option<lsp::SemanticTokens>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    Ok(Some(tokens(view, home, Span::new(0, u32::MAX))))
}

pub(super) fn range(
    view: &View<'_>,
    params: &lsp::SemanticTokensRangeParams,
) -> Result<Option<lsp::SemanticTokens>, Failure> {
    let home = view.state.home(params.text_document.uri.as_ref())?;
    let span = view.span(home, params.range)?;
    Ok(Some(tokens(view, home, span)))
}

fn tokens(view: &View<'_>, home: Home<'_>, span: Span) -> lsp::SemanticTokens {
    let lines = view.lines(home.policy, home.file);
    let mut before = lsp::Position::default();
    let token = |token: ide::Token| {
        let range = lines.range(token.span);
        let start = range.start;
        let delta_line = start.line - before.line;
        let delta_start = if delta_line == 0 { start.character - before.character } else { start.character };
        before = start;
        lsp::SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character.saturating_sub(start.character),
            token_type: number(token.kind),
            token_modifiers_bitset: bits(token.kind, token.modifiers),
        }
    };
    let found = ide::semantic_tokens(&home.policy.workspace, home.file, span);
    lsp::SemanticTokens { result_id: None, data: found.into_iter().map(token).collect() }
}

/// The position in the list of types.
fn number(kind: TokenKind) -> u32 {
    match kind {
        TokenKind::Keyword => 0,
        TokenKind::Catalog | TokenKind::Organization => 1,
        TokenKind::Category => 2,
        TokenKind::Row => 3,
        TokenKind::Kind => 4,
        TokenKind::Template => 5,
        TokenKind::Role => 6,
        TokenKind::Principal => 7,
        TokenKind::Level => 8,
        TokenKind::String => 9,
        TokenKind::Number => 10,
        TokenKind::Comment | TokenKind::Documentation => 11,
    }
}

fn bits(kind: TokenKind, modifiers: Modifiers) -> u32 {
    let is = [
        modifiers.is_declared,
        modifiers.is_lowering,
        modifiers.is_ended,
        modifiers.is_built_in,
        kind == TokenKind::Documentation,
    ];
    is.iter().enumerate().filter(|(_, is)| **is).map(|(bit, _)| 1 << bit).sum()
}
