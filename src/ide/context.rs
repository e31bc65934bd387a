//! Where a cursor stands, told from the tokens before it: what is typed is damaged nearly always, and a tree says
//! little of it. Begins at the member before the cursor, so that a long file costs no more than a short one.

mod scanner;
mod statements;

use crate::source::{FileId, Span};
use crate::syntax::{Kind, ast};
use crate::workspace::Workspace;

pub(super) use self::scanner::{Block, Statement, Tok, is_name};
use self::scanner::{Container, Frame, Keeps, Lexer, Scanner, is_container};
pub(super) use self::statements::statements;

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
        self.frames.iter().rev().find(|frame| frame.block == block).map(|frame| &*frame.head)
    }
}

/// Where an offset stands; none in a comment.
pub(super) fn at(ws: &Workspace, file: FileId, offset: u32) -> Option<Context<'_>> {
    let (source, tree) = (ws.sources().file(file)?, ws.tree(file)?);
    let text = source.text();
    text.get(offset as usize..)?;
    let (start, container) = anchor(tree, offset);
    let mut scanner = Scanner::new(container, text, Keeps::Member);
    let mut lexer = Lexer::new(text, start as usize);
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
    let mut lexer = Lexer::new(text, after as usize + skipped);
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

/// A member or head to begin at, and the container that it is in, with that one's head.
type Anchor = (u32, Option<Container>);

/// An organization as a container. The head of a damaged one may end before its name.
fn organization(opened: &ast::Organization) -> Container {
    let (head, id) = (&opened.head, opened.head.node.id);
    let end = id.map_or(head.end, |name| name.span.shifted(head.start).end.max(head.end));
    (Block::Organization, head.start, end)
}

/// A catalog as a container.
fn catalog(opened: &ast::Catalog) -> Container {
    let (head, id) = (&opened.head, opened.head.node.id);
    let end = id.map_or(head.end, |name| name.span.shifted(head.start).end.max(head.end));
    (Block::Catalog, head.start, end)
}

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
    add(last(&tree.requires, offset), None);
    let next = tree.organizations.partition_point(|opened| opened.head.start <= offset);
    for opened in tree.organizations.get(next.saturating_sub(2)..next).unwrap_or_default() {
        let inside = Some(organization(opened));
        add([Some(opened.head.start), None], None);
        add(last(&opened.roles, offset), inside);
        add(last(&opened.assignments, offset), inside);
        add(last(&opened.forbids, offset), inside);
        add(last(&opened.requires, offset), inside);
        add(last(&opened.tests, offset), inside);
    }
    let next = tree.catalogs.partition_point(|catalog| catalog.head.start <= offset);
    for catalog in tree.catalogs.get(next.saturating_sub(2)..next).unwrap_or_default() {
        let inside = Some(self::catalog(catalog));
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
