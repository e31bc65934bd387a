//! What each word of a text is, for colours: words of the language, and names by what they mean.

use std::collections::HashMap;

use crate::diagnostic::Code;
use crate::ide::names::{Named, Sort, walk};
use crate::ide::symbol::Symbol;
use crate::source::{FileId, Span};
use crate::syntax::{Kind, ast, tokens};
use crate::workspace::Workspace;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of the language")]
pub enum TokenKind {
    Keyword,
    Catalog,
    Category,
    Row,
    Kind,
    Template,
    Role,
    Organization,
    Principal,
    Level,
    String,
    Number,
    Comment,
    Documentation,
}

/// What else there is to a token.
#[expect(clippy::struct_excessive_bools, reason = "each is there or not, whatever the others are")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Modifiers {
    /// It declares what it names.
    pub is_declared: bool,
    /// A spread that takes away what the bases gave.
    pub is_lowering: bool,
    /// An assignment that has ended.
    pub is_ended: bool,
    /// It came with the program.
    pub is_built_in: bool,
}

/// A token with what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The bytes of it, all on one line.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// What else.
    pub modifiers: Modifiers,
}

/// The tokens of the lines that a range touches, in their order.
pub fn semantic_tokens(ws: &Workspace, file: FileId, range: Span) -> Vec<Token> {
    let Some(source) = ws.sources().file(file) else { return Vec::new() };
    let text = source.text();
    // No token but white space goes over the end of a line.
    let before = text.get(..range.start as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let found = walk(ws, file, Some(range));
    let names: HashMap<u32, &Named<'_>> = found.iter().map(|name| (name.span.start, name)).collect();
    let lowering: Vec<Span> = ws
        .findings(file)
        .filter(|finding| finding.code == Code::LoweredBySpread)
        .map(|finding| finding.primary.place.span)
        .collect();
    let ended = ended(ws, file);
    let mut all: Vec<Token> = Vec::new();
    for token in tokens(text.get(start..).unwrap_or_default()) {
        let mut span = Span::of(start + token.start, start + token.end);
        if span.start >= range.end {
            break;
        }
        // A word with letters that no bare name has is one name and several tokens.
        if all.last().is_some_and(|last| span.start < last.span.end) {
            continue;
        }
        let name = names.get(&span.start);
        let Some(kind) = name.map(|name| of_name(name)).or_else(|| of_token(token.kind)) else { continue };
        let mut modifiers = Modifiers::default();
        if let Some(name) = name {
            let at = |all: &[Span]| {
                let next = all.partition_point(|known| known.start <= span.start);
                let known = next.checked_sub(1).and_then(|at| all.get(at));
                known.is_some_and(|known| span.end <= known.end)
            };
            modifiers = Modifiers {
                is_declared: name.is_declared,
                is_lowering: name.sort == Sort::Level && at(&lowering),
                is_ended: name.sort == Sort::Principal && at(&ended),
                is_built_in: is_built_in(ws, name),
            };
            span = name.span;
            // A string that is broken over a line is one name: of the lines behind it each word is what it is.
            let first = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            if let Some(length) = first.find(['\n', '\r']) {
                span = Span::of(span.start as usize, span.start as usize + length);
            }
        }
        all.push(Token { span, kind, modifiers });
    }
    all
}

fn is_built_in(ws: &Workspace, name: &Named<'_>) -> bool {
    let Some(ground) = ws.ground() else { return false };
    let place = match &name.symbol {
        Some(Symbol::Template(id)) => ground.shared().templates.get(id.index()).map(|role| role.place),
        Some(Symbol::Catalog(id)) => ground.shared().catalogs.get(id.index()).map(|known| known.place),
        _ => None,
    };
    place.is_some_and(|place| ground.is_built_in(place.file))
}

/// The assignments that have ended, as the workspace looks at them, in their order.
fn ended(ws: &Workspace, file: FileId) -> Vec<Span> {
    let (Some(tree), Some(now)) = (ws.tree(file), ws.moment().now) else { return Vec::new() };
    let assignments = tree.organizations.iter().flat_map(|opened| &opened.assignments);
    let is_over = |member: &&ast::Member<ast::Assign>| {
        let mut clauses = member.node.clauses.iter();
        clauses.any(|clause| matches!(clause.what, ast::ClauseKind::Until(Some(until)) if until <= now))
    };
    assignments.filter(is_over).map(|member| Span::new(member.start, member.end)).collect()
}

fn of_name(name: &Named<'_>) -> TokenKind {
    match name.sort {
        Sort::Catalog => TokenKind::Catalog,
        Sort::Path => TokenKind::String,
        Sort::Category => TokenKind::Category,
        Sort::Row => TokenKind::Row,
        Sort::Kind => TokenKind::Kind,
        Sort::Template => TokenKind::Template,
        Sort::Role if matches!(name.symbol, Some(Symbol::Template(_))) => TokenKind::Template,
        Sort::Role => TokenKind::Role,
        Sort::Organization => TokenKind::Organization,
        Sort::Principal => TokenKind::Principal,
        Sort::Level => TokenKind::Level,
        Sort::Limit => TokenKind::Keyword,
    }
}

fn of_token(kind: Kind) -> Option<TokenKind> {
    match kind {
        Kind::String | Kind::UnclosedString => Some(TokenKind::String),
        Kind::Number | Kind::Date | Kind::Time => Some(TokenKind::Number),
        Kind::Comment => Some(TokenKind::Comment),
        Kind::Doc => Some(TokenKind::Documentation),
        kind => {
            let is_word = kind.letter().is_some_and(|letter| letter.is_ascii_alphabetic());
            is_word.then_some(TokenKind::Keyword)
        }
    }
}
