//! Where a cursor stands, told from the tokens before it: what is typed is damaged nearly always, and a tree says
//! little of it. Begins at the member before the cursor, so that a long file costs no more than a short one.

use crate::source::{FileId, Span};
use crate::syntax::{Kind, ast, tokens};
use crate::workspace::Workspace;

/// A token that means something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tok<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// Whether it is the first of its line.
    pub(super) is_first: bool,
    /// How far from its left edge the line begins that it is the first of; as far as can be for another.
    indent: u32,
}

/// What a block is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Top,
    Catalog,
    Organization,
    Role,
    Grant,
    Category,
    Options,
    Forbid,
    Test,
    Unknown,
}

/// An open block, and the statement that opened it.
#[derive(Clone, Debug)]
pub(super) struct Frame<'t> {
    pub(super) block: Block,
    pub(super) head: Vec<Tok<'t>>,
}

/// A statement, and what it stands in.
#[derive(Clone, Debug)]
pub(super) struct Statement<'t> {
    pub(super) block: Block,
    /// The head of its block.
    pub(super) head: Vec<Tok<'t>>,
    pub(super) tokens: Vec<Tok<'t>>,
}

/// Where a cursor stands.
#[derive(Clone, Debug)]
pub(super) struct Context<'t> {
    /// The open blocks, the outermost first; never empty.
    pub(super) frames: Vec<Frame<'t>>,
    /// The statement that the cursor goes on with.
    pub(super) statement: Vec<Tok<'t>>,
    /// Whether that one may be whole, so that what is typed may begin the next as well.
    pub(super) is_whole: bool,
    /// Whether what is typed is the first of its line, and so may begin anew.
    pub(super) is_first: bool,
    /// What is typed already: a word or string that the cursor touches; empty where there is none.
    pub(super) typed: Span,
    /// Whether it begins with a quote.
    pub(super) is_quoted: bool,
    /// The other statements of the same member, before and after.
    pub(super) others: Vec<Statement<'t>>,
}

impl<'t> Context<'t> {
    /// The innermost block.
    pub(super) fn block(&self) -> Block {
        self.frames.last().map_or(Block::Top, |frame| frame.block)
    }

    /// The head of the innermost block of a sort.
    pub(super) fn head(&self, block: Block) -> Option<&[Tok<'t>]> {
        self.frames.iter().rev().find(|frame| frame.block == block).map(|frame| frame.head.as_slice())
    }
}

/// Where an offset stands; none in a comment.
pub(super) fn at(ws: &Workspace, file: FileId, offset: u32) -> Option<Context<'_>> {
    let (source, tree) = (ws.sources().file(file)?, ws.tree(file)?);
    let text = source.text();
    text.get(offset as usize..)?;
    let (start, container) = anchor(tree, offset);
    let mut scanner = Scanner::new(container, text);
    let mut lexer = Lexer { text, at: start as usize, is_first: true };
    let (mut typed, mut is_quoted, mut is_first) = (Span::new(offset, offset), false, true);
    let mut after = offset;
    while let Some((tok, is_comment)) = lexer.next(offset) {
        if tok.span.start >= offset {
            break;
        }
        after = tok.span.end.max(offset);
        let touches = tok.span.end >= offset;
        if is_comment {
            if touches {
                return None;
            }
            after = offset;
            continue;
        }
        if touches && is_name(tok.kind) {
            is_quoted = matches!(tok.kind, Kind::String | Kind::UnclosedString);
            // A string that its line cuts off may have swallowed what comes behind.
            let end = if tok.kind == Kind::UnclosedString { offset } else { tok.span.end };
            typed = Span::new(tok.span.start, end);
            is_first = tok.is_first;
            break;
        }
        // Behind a closed string nothing is typed of it.
        scanner.feed(tok);
        is_first = false;
    }
    if typed.start == offset {
        let gap = text.get(..offset as usize).unwrap_or_default();
        let line = gap.rsplit('\n').next().unwrap_or_default();
        is_first = line.trim().is_empty();
    }
    let kind = if is_quoted { Kind::String } else { Kind::Word };
    let word = Tok { kind, text: "", span: typed, is_first, indent: u32::MAX };
    let before = scanner.statement.clone();
    let is_new = scanner.begins(&word);
    if is_new {
        scanner.finish();
    }
    let mut context = Context {
        frames: scanner.frames.clone(),
        statement: if is_new && is_first { Vec::new() } else { before },
        is_whole: is_new && !is_first,
        is_first,
        typed,
        is_quoted,
        others: Vec::new(),
    };
    // What stands behind, from the next line on: the rest of this one goes with what is typed.
    scanner.statement.clear();
    let depth = scanner.frames.len();
    let member = scanner.frames.iter().position(|frame| !is_container(frame.block)).unwrap_or(depth);
    let rest = text.get(after as usize..).unwrap_or_default();
    let skipped = rest.find(['\n', '{', '}']).unwrap_or(rest.len());
    let mut lexer = Lexer { text, at: after as usize + skipped, is_first: true };
    while scanner.frames.len() > member
        && let Some((tok, is_comment)) = lexer.next(u32::MAX)
    {
        if !is_comment {
            scanner.feed(tok);
        }
    }
    context.others = scanner.others;
    Some(context)
}

fn is_container(block: Block) -> bool {
    matches!(block, Block::Top | Block::Catalog | Block::Organization)
}

/// A member or head to begin at, and the container that it is in, with that one's head.
type Anchor = (u32, Option<(Block, u32, u32)>);

/// Where to begin: the start of the last member but one that begins before an offset. Where a tree of damaged text
/// sees a member begin, none may have been meant; the one before says so.
fn anchor(tree: &ast::File, offset: u32) -> Anchor {
    let mut found: Vec<Anchor> = vec![(0, None)];
    let mut add = |starts: [Option<u32>; 2], container| {
        found.extend(starts.into_iter().flatten().map(|start| (start, container)));
    };
    fn last<T>(members: &[ast::Member<T>], offset: u32) -> [Option<u32>; 2] {
        let next = members.partition_point(|member| member.start <= offset);
        let start = |back: usize| Some(members.get(next.checked_sub(back)?)?.start);
        [start(1), start(2)]
    }
    add(last(&tree.uses, offset), None);
    add(last(&tree.templates, offset), None);
    add(last(&tree.forbids, offset), None);
    let next = tree.organizations.partition_point(|opened| opened.head.start <= offset);
    for opened in tree.organizations.get(next.saturating_sub(2)..next).unwrap_or_default() {
        let inside = Some((Block::Organization, opened.head.start, opened.head.end));
        add([Some(opened.head.start), None], None);
        add(last(&opened.roles, offset), inside);
        add(last(&opened.assignments, offset), inside);
        add(last(&opened.forbids, offset), inside);
        add(last(&opened.tests, offset), inside);
    }
    let next = tree.catalogs.partition_point(|catalog| catalog.head.start <= offset);
    for catalog in tree.catalogs.get(next.saturating_sub(2)..next).unwrap_or_default() {
        let inside = Some((Block::Catalog, catalog.head.start, catalog.head.end));
        add([Some(catalog.head.start), None], None);
        add(last(&catalog.kinds, offset), inside);
        add(last(&catalog.categories, offset), inside);
        add(last(&catalog.limits, offset), inside);
        add(last(&catalog.supers, offset), inside);
        add(last(&catalog.case_sensitive, offset), inside);
    }
    found.sort_unstable_by_key(|(start, _)| std::cmp::Reverse(*start));
    found.get(1).or(found.first()).copied().unwrap_or((0, None))
}

/// Tokens from some place on, white space left out.
struct Lexer<'t> {
    text: &'t str,
    at: usize,
    is_first: bool,
}

impl<'t> Lexer<'t> {
    /// The next token that begins before a place, and whether it is a comment.
    fn next(&mut self, before: u32) -> Option<(Tok<'t>, bool)> {
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
pub(super) fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::Word | Kind::String | Kind::UnclosedString | Kind::Number)
        || kind.letter().is_some_and(|letter| letter.is_ascii_alphabetic())
}

/// Takes tokens and keeps the open blocks and the statement that goes on.
struct Scanner<'t> {
    frames: Vec<Frame<'t>>,
    statement: Vec<Tok<'t>>,
    others: Vec<Statement<'t>>,
}

impl<'t> Scanner<'t> {
    fn new(container: Option<(Block, u32, u32)>, text: &'t str) -> Self {
        let mut frames = vec![Frame { block: Block::Top, head: Vec::new() }];
        if let Some((block, start, end)) = container {
            let mut lexer = Lexer { text, at: start as usize, is_first: true };
            let mut head = Vec::new();
            while let Some((tok, is_comment)) = lexer.next(end) {
                if !is_comment && tok.kind != Kind::Open {
                    head.push(tok);
                }
            }
            frames.push(Frame { block, head });
        }
        Self { frames, statement: Vec::new(), others: Vec::new() }
    }

    fn block(&self) -> Block {
        self.frames.last().map_or(Block::Top, |frame| frame.block)
    }

    fn feed(&mut self, tok: Tok<'t>) {
        match tok.kind {
            Kind::Open => {
                let block = self.opens();
                let head = self.statement.clone();
                self.finish();
                if is_container(self.block()) {
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
                if self.begins(&tok) {
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
            Kind::Assign | Kind::Test | Kind::Forbid => !is_container(block),
            Kind::Role => !is_container(block) && (block != Block::Test || tok.indent <= indent),
            Kind::Category => matches!(block, Block::Category | Block::Options) && tok.indent <= indent,
            // The next thing of the top.
            Kind::Use | Kind::Template | Kind::Organization | Kind::Catalog => true,
            _ => false,
        }
    }

    /// Takes up the statement as a whole one.
    fn finish(&mut self) {
        if self.statement.is_empty() {
            return;
        }
        let tokens = std::mem::take(&mut self.statement);
        let head = self.frames.last().map(|frame| frame.head.clone()).unwrap_or_default();
        if !is_container(self.block()) {
            self.others.push(Statement { block: self.block(), head, tokens });
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
            (Block::Organization, Some(Kind::Test)) => Block::Test,
            (Block::Catalog, Some(Kind::Category)) => Block::Category,
            (Block::Role, Some(Kind::Grant)) => Block::Grant,
            (Block::Category, Some(_)) => Block::Options,
            _ => Block::Unknown,
        }
    }

    /// Whether a token is the first of the next statement.
    fn begins(&self, tok: &Tok<'t>) -> bool {
        use Kind::{At, Can, Cannot, Colon, Comma, Dot, Equals, From, Less, Only, String, Without};
        let Some(last) = self.statement.last() else { return false };
        let said = |kind: Kind| self.statement.iter().any(|tok| tok.kind == kind);
        let before = last.kind;
        let is_only = self.statement.len() == 1;
        match self.block() {
            Block::Top => match tok.kind {
                Kind::Use | Kind::Catalog | Kind::Organization | Kind::Forbid | Kind::Default => true,
                Kind::Template => before != Kind::Default,
                _ => false,
            },
            Block::Organization => match tok.kind {
                Kind::Assign | Kind::Forbid | Kind::Test => true,
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
            Block::Forbid => is_name(tok.kind) && is_name(before) && (tok.is_first || said(Colon)),
            Block::Test => {
                let wants =
                    matches!(before, Can | Cannot | Dot | Colon | Comma | At | Kind::Service | Kind::Role);
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
                leads || (tok.kind == Kind::Word && !matches!(before, Only | Kind::Note | Kind::Caveat))
            }
            Block::Unknown => false,
        }
    }
}
