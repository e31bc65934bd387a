//! Tokens to statements, each with the blocks that are open around it: by words and braces alone, and by where lines
//! begin, for the text is damaged. Knows no tree.

use std::rc::Rc;

use crate::source::Span;
use crate::syntax::{Kind, tokens};

/// A token that means something.
#[derive(Clone, Copy, Debug)]
pub(in crate::ide) struct Tok<'t> {
    pub(in crate::ide) kind: Kind,
    pub(in crate::ide) text: &'t str,
    pub(in crate::ide) span: Span,
    /// Whether it is the first of its line.
    pub(in crate::ide) is_first: bool,
    /// How far from its left edge the line begins that it is the first of; as far as can be for another.
    pub(in crate::ide) indent: u32,
}

/// What a block is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ide) enum Block {
    Top,
    Catalog,
    Organization,
    Role,
    Grant,
    Category,
    Options,
    Forbid,
    Require,
    Test,
    Cases,
    Unknown,
}

/// An open block, and the statement that opened it.
#[derive(Clone, Debug)]
pub(in crate::ide) struct Frame<'t> {
    pub(in crate::ide) block: Block,
    pub(in crate::ide) head: Rc<[Tok<'t>]>,
}

/// A statement, and what it stands in.
#[derive(Clone, Debug)]
pub(in crate::ide) struct Statement<'t> {
    /// The blocks that are open around it, the outermost first; never empty.
    pub(in crate::ide) frames: Vec<Frame<'t>>,
    pub(in crate::ide) tokens: Vec<Tok<'t>>,
}

impl<'t> Statement<'t> {
    /// The innermost block.
    pub(in crate::ide) fn block(&self) -> Block {
        self.frames.last().map_or(Block::Top, |frame| frame.block)
    }

    /// The head of the innermost block.
    pub(in crate::ide) fn head(&self) -> &[Tok<'t>] {
        self.frames.last().map(|frame| &*frame.head).unwrap_or_default()
    }

    /// The head of the catalog or organization that it stands in.
    pub(in crate::ide) fn container(&self, block: Block) -> Option<&[Tok<'t>]> {
        self.frames.iter().find(|frame| frame.block == block).map(|frame| &*frame.head)
    }
}

pub(super) fn is_container(block: Block) -> bool {
    matches!(block, Block::Top | Block::Catalog | Block::Organization)
}

/// Tokens from some place on, white space left out.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    is_first: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, is_first: true }
    }

    /// The next token that begins before a place, and whether it is a comment.
    pub(super) fn next(&mut self, before: u32) -> Option<(Tok<'t>, bool)> {
        while self.at < before as usize {
            let rest = self.text.get(self.at..)?;
            let token = tokens(rest).next()?;
            let (start, end) = (self.at + token.start, self.at + token.end);
            self.at = end.max(self.at + 1);
            let text = self.text.get(start..end).unwrap_or_default();
            if token.kind == Kind::Space {
                self.is_first |= text.contains('\n');
                continue;
            }
            let is_comment = matches!(token.kind, Kind::Comment | Kind::Doc);
            let line = self.text.get(..start).filter(|_| self.is_first);
            let indent = line.map(|before| before.rsplit('\n').next().unwrap_or_default().len());
            let indent = indent.and_then(|indent| u32::try_from(indent).ok()).unwrap_or(u32::MAX);
            let span = Span::of(start, end);
            let tok = Tok { kind: token.kind, text, span, is_first: self.is_first, indent };
            self.is_first = false;
            return Some((tok, is_comment));
        }
        None
    }
}

/// Whether a token may be a name: a string, or any word.
pub(in crate::ide) fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::String | Kind::UnclosedString | Kind::Number)
        || kind.letter().is_some_and(|letter| letter.is_ascii_alphabetic())
}

/// Which statements are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Those of the member that is read.
    Member,
    /// All, the heads of catalogs and organizations among them.
    All,
}

/// A catalog or an organization, and where its head begins and ends.
pub(super) type Container = (Block, u32, u32);

/// Takes tokens and keeps the open blocks and the statement that goes on.
pub(super) struct Scanner<'t> {
    pub(super) frames: Vec<Frame<'t>>,
    pub(super) statement: Vec<Tok<'t>>,
    pub(super) others: Vec<Statement<'t>>,
    keeps: Keeps,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(container: Option<Container>, text: &'t str, keeps: Keeps) -> Self {
        let frames = Self::outside(container, text);
        Self { frames, statement: Vec::new(), others: Vec::new(), keeps }
    }

    /// Begins anew in a container, whatever blocks are open.
    pub(super) fn enter(&mut self, container: Option<Container>, text: &'t str) {
        self.finish();
        let start = self.frames.get(1).and_then(|frame| frame.head.first()).map(|tok| tok.span.start);
        let is_same = match (container, start) {
            (Some((_, from, to)), Some(start)) => from <= start && start < to,
            _ => false,
        };
        if is_same {
            self.frames.truncate(2);
        } else {
            self.frames = Self::outside(container, text);
        }
    }

    fn outside(container: Option<Container>, text: &'t str) -> Vec<Frame<'t>> {
        let mut frames = vec![Frame { block: Block::Top, head: Rc::new([]) }];
        if let Some((block, start, end)) = container {
            let mut lexer = Lexer::new(text, start as usize);
            let mut head = Vec::new();
            while let Some((tok, is_comment)) = lexer.next(end) {
                if !is_comment && tok.kind != Kind::Open {
                    head.push(tok);
                }
            }
            frames.push(Frame { block, head: head.into() });
        }
        frames
    }

    fn block(&self) -> Block {
        self.frames.last().map_or(Block::Top, |frame| frame.block)
    }

    pub(super) fn feed(&mut self, tok: Tok<'t>) {
        match tok.kind {
            Kind::Open => {
                let block = self.opens();
                let head = self.statement.as_slice().into();
                self.finish();
                if is_container(self.block()) && self.keeps == Keeps::Member {
                    self.others.clear();
                }
                self.frames.push(Frame { block, head });
            }
            Kind::Close => {
                self.finish();
                if self.frames.len() > 1 {
                    self.frames.pop();
                }
            }
            _ => {
                while self.is_left(&tok) {
                    self.finish();
                    self.frames.pop();
                }
                if self.begins(&tok) || (self.keeps == Keeps::All && self.is_outward(&tok)) {
                    self.finish();
                }
                self.statement.push(tok);
            }
        }
    }

    /// Whether a block that was never closed ends before a token.
    fn is_left(&self, tok: &Tok<'t>) -> bool {
        let indent = self.frames.last().and_then(|frame| frame.head.first()).map_or(0, |tok| tok.indent);
        let block = self.block();
        if !tok.is_first || block == Block::Top {
            return false;
        }
        match tok.kind {
            // The next statement of the role.
            Kind::Grant => matches!(block, Block::Grant | Block::Unknown),
            // The next member. In a test `role` may stand before a name.
            Kind::Assign | Kind::Test | Kind::Forbid | Kind::Require => !is_container(block),
            Kind::Role => {
                !is_container(block)
                    && (!matches!(block, Block::Test | Block::Cases | Block::Require) || tok.indent <= indent)
            }
            Kind::Category => matches!(block, Block::Category | Block::Options) && tok.indent <= indent,
            // The next thing of the top.
            Kind::Use | Kind::Template | Kind::Organization | Kind::Catalog => true,
            _ => false,
        }
    }

    /// Whether a line begins at a token that is no further in than the statement: that one lacks its end, and what
    /// stands here is another.
    fn is_outward(&self, tok: &Tok<'t>) -> bool {
        use Kind::{At, Because, Can, Cannot, Except, From, To, Until, Without};
        let goes_on = matches!(tok.kind, At | Because | Can | Cannot | Except | From | To | Until | Without);
        let first = self.statement.first().filter(|first| first.is_first);
        tok.is_first && is_name(tok.kind) && !goes_on && first.is_some_and(|first| tok.indent <= first.indent)
    }

    /// Takes up the statement as a whole one.
    pub(super) fn finish(&mut self) {
        if self.statement.is_empty() {
            return;
        }
        let tokens = std::mem::take(&mut self.statement);
        if self.keeps == Keeps::All || !is_container(self.block()) {
            self.others.push(Statement { frames: self.frames.clone(), tokens });
        }
    }

    /// What a brace behind the statement opens.
    fn opens(&self) -> Block {
        let first = self.statement.first().map(|tok| tok.kind);
        match (self.block(), first) {
            (Block::Top, Some(Kind::Catalog)) => Block::Catalog,
            (Block::Top, Some(Kind::Organization)) => Block::Organization,
            (Block::Top, Some(Kind::Template | Kind::Default)) => Block::Role,
            (Block::Organization, Some(Kind::Role)) => Block::Role,
            (Block::Top | Block::Organization, Some(Kind::Forbid)) => Block::Forbid,
            (Block::Top | Block::Organization, Some(Kind::Require)) => Block::Require,
            (Block::Organization, Some(Kind::Test)) => Block::Test,
            (Block::Test, Some(Kind::Cases)) => Block::Cases,
            (Block::Catalog, Some(Kind::Category)) => Block::Category,
            (Block::Role, Some(Kind::Grant)) => Block::Grant,
            (Block::Category, Some(_)) => Block::Options,
            _ => Block::Unknown,
        }
    }

    /// Whether a token is the first of the next statement.
    pub(super) fn begins(&self, tok: &Tok<'t>) -> bool {
        use Kind::{At, Can, Cannot, Colon, Comma, Dot, Equals, From, Less, Only, String, Without};
        let Some(last) = self.statement.last() else { return false };
        let said = |kind: Kind| self.statement.iter().any(|tok| tok.kind == kind);
        let before = last.kind;
        let is_only = self.statement.len() == 1;
        match self.block() {
            Block::Top => match tok.kind {
                Kind::Use | Kind::Catalog | Kind::Organization | Kind::Default => true,
                Kind::Forbid | Kind::Require => true,
                Kind::Template => before != Kind::Default,
                _ => false,
            },
            Block::Organization => match tok.kind {
                Kind::Assign | Kind::Forbid | Kind::Require | Kind::Test => true,
                Kind::Role => {
                    let refers = matches!(before, From | Comma | Kind::Assign | Kind::Except);
                    !refers || (tok.is_first && before != Comma)
                }
                _ => false,
            },
            Block::Catalog => {
                let leads =
                    matches!(tok.kind, Kind::Kind | Kind::Category | Kind::Limit | Kind::Super | Kind::Ids);
                leads && !is_only && !matches!(before, Equals | Less | Comma)
            }
            Block::Role => match tok.kind {
                Kind::Grant => !matches!(before, Dot | Comma | Colon) || tok.is_first,
                Kind::Description => !matches!(before, Kind::Grant | Dot | Comma | Colon),
                _ => false,
            },
            Block::Grant => {
                let goes_on = match tok.kind {
                    Kind::Unconfirmed => said(Colon) && !tok.is_first,
                    String | Kind::UnclosedString => before == Kind::Unconfirmed && !tok.is_first,
                    _ => false,
                };
                is_name(tok.kind) && is_name(before) && !goes_on && (tok.is_first || said(Colon))
            }
            Block::Require => {
                let wants = before == Kind::Role;
                is_name(tok.kind)
                    && is_name(before)
                    && !wants
                    && (tok.is_first || said(Colon) || said(Kind::Role))
            }
            Block::Forbid | Block::Cases => {
                is_name(tok.kind) && is_name(before) && (tok.is_first || said(Colon))
            }
            Block::Test => {
                let wants = matches!(
                    before,
                    Can | Cannot | Dot | Colon | Comma | At | Only | Kind::Service | Kind::Role
                );
                let goes_on = matches!(tok.kind, At | Can | Cannot);
                let has_verdict = said(Can) || said(Cannot);
                is_name(tok.kind) && !wants && !goes_on && (tok.is_first || has_verdict)
            }
            Block::Category if !said(Colon) => is_name(tok.kind) && tok.kind != String && tok.is_first,
            Block::Category => {
                let two = self.statement.len().checked_sub(2).and_then(|at| self.statement.get(at));
                let is_stated =
                    matches!(before, Kind::Ladder | Kind::Verbs) && two.is_some_and(|tok| tok.kind == Colon);
                let wants = matches!(before, Colon | Comma | Less | Without) || is_stated;
                is_name(tok.kind) && tok.kind != Without && !wants
            }
            Block::Options => {
                let leads = matches!(tok.kind, Kind::Escalating | Only | Kind::Note | Kind::Caveat);
                // The rows that `escalating to` names.
                let goes_on = said(Kind::To) && matches!(before, Kind::To | Dot | Comma);
                let is_text = matches!(before, Only | Kind::Note | Kind::Caveat);
                !goes_on && (leads || (tok.kind == Kind::Word && !is_text))
            }
            Block::Unknown => false,
        }
    }
}
