//! Tokens to members: the explanation of the braces (`blocks`), step by step. A missing brace is put in, one too many
//! left out, and what cannot stand where it stands is taken out of the member that it stands in: so every member that
//! is parsed has its braces, and damage stays in the member that has it.

mod blame;
mod deep;
mod statements;
mod straight;

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Place, Span};
use crate::syntax::blocks::{Act, Block, solve};
use crate::syntax::cut::blame::Strays;
use crate::syntax::cut::deep::{deep, others};
use crate::syntax::lex::{Lexed, meaning};
use crate::syntax::token::Kind;
use crate::syntax::words::{Class, Sort, Words};
use crate::vocab::limits;

pub(crate) use self::straight::straight;

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Catalog,
    Organization,
}

/// A piece of a file, as a range of the tokens that were kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The head of a container, up to and with its opening brace. Members follow, up to the next head or `End`.
    Head { container: Container, start: usize, end: usize },
    /// A container is closed, by these tokens of the file: its brace, or none where that is missing.
    End { start: usize, end: usize },
    /// The container closed last goes on.
    Again { container: Container },
    /// A member. Where it is damaged, something that stood in it was taken out. One without a head begins with no word
    /// of the language, which has been told; the number is that of its id.
    Member { sort: Sort, start: usize, end: usize, is_damaged: bool, headless: Option<usize> },
}

/// The members of a file: their tokens, one member's behind the other's, with all their braces.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    pub(crate) letters: String,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) spans: Vec<Span>,
    /// The number of each token in its file; `PUT_IN` for a brace that is missing there.
    pub(crate) origins: Vec<usize>,
    pub(crate) pieces: Vec<Piece>,
    /// The tokens of the file that belong to no member.
    pub(crate) left_out: Vec<usize>,
    /// The words among them.
    pub(crate) lost: Vec<Box<str>>,
    pub(crate) findings: Diagnostics,
}

/// The number of a token that stands in no file.
pub(crate) const PUT_IN: usize = usize::MAX;

/// Tokens of members, by which they are parsed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'l> {
    pub(crate) letters: &'l str,
    pub(crate) words: Words<'l>,
    origins: Origins<'l>,
}

/// The numbers of tokens in their file.
#[derive(Clone, Copy, Debug)]
enum Origins<'l> {
    /// All that stand there from this one on.
    From(usize),
    Each(&'l [usize]),
}

impl<'l> Kept<'l> {
    /// All tokens of a file, as they stand there.
    pub(crate) fn all(lexed: &'l Lexed, text: &'l str) -> Self {
        let words = Words { text, kinds: &lexed.kinds, spans: &lexed.spans };
        Self { letters: &lexed.letters, words, origins: Origins::From(0) }
    }

    /// Those of the pieces that a file was cut into.
    pub(crate) fn of(cut: &'l Cut, text: &'l str) -> Self {
        let words = Words { text, kinds: &cut.kinds, spans: &cut.spans };
        Self { letters: &cut.letters, words, origins: Origins::Each(&cut.origins) }
    }

    /// Some of them.
    pub(crate) fn range(self, start: usize, end: usize) -> Self {
        let Words { text, kinds, spans } = self.words;
        let kinds = kinds.get(start..end).unwrap_or_default();
        let spans = spans.get(start..end).unwrap_or_default();
        Self {
            letters: self.letters.get(start..end).unwrap_or_default(),
            words: Words { text, kinds, spans },
            origins: match self.origins {
                Origins::From(first) => Origins::From(first + start),
                Origins::Each(origins) => Origins::Each(origins.get(start..end).unwrap_or_default()),
            },
        }
    }

    /// The number of a token in its file.
    pub(crate) fn origin(&self, at: usize) -> usize {
        match self.origins {
            Origins::From(first) => first + at,
            Origins::Each(origins) => origins.get(at).copied().unwrap_or(PUT_IN),
        }
    }

    /// Whether the tokens stand in the file one behind the other.
    pub(crate) fn is_as_written(&self) -> bool {
        let Origins::Each(origins) = self.origins else { return true };
        let first = origins.first().copied().unwrap_or(PUT_IN);
        origins.iter().zip(first..).all(|(origin, wanted)| *origin == wanted)
    }
}

/// Cuts a file's tokens into pieces.
pub(crate) fn cut(lexed: &Lexed, file: FileId, text: &str) -> Cut {
    let words = Words { text, kinds: &lexed.kinds, spans: &lexed.spans };
    let classes = words.classes();
    let deep = deep(&words, &classes);
    if deep.is_empty() {
        return pieces(words, &classes, &lexed.refused, file);
    }
    let (kinds, spans, numbers) = others(&words, &deep);
    // What is missing where a member was set aside may have been in it.
    let mut refused = lexed.refused.clone();
    refused.extend(deep.iter().map(|deep| words.span(deep.tokens.start).start));
    refused.sort_unstable();
    let kept = Words { text, kinds: &kinds, spans: &spans };
    let mut cut = pieces(kept, &kept.classes(), &refused, file);
    let number = |at: &mut usize| *at = numbers.get(*at).copied().unwrap_or(PUT_IN);
    cut.origins.iter_mut().for_each(number);
    cut.left_out.iter_mut().for_each(number);
    for piece in &mut cut.pieces {
        if let Piece::End { start, end } = piece {
            let count = *end - *start;
            number(start);
            *end = start.saturating_add(count);
        }
    }
    for deep in deep {
        let place = Place { file, span: words.span(deep.brace) };
        let message = format!("more than {} braces are open here", limits::NESTING);
        cut.findings.push(
            Diagnostic::new(Code::TooDeep, place, message)
                .label("one too many")
                .help("the language needs three; the member that has them was not read"),
        );
        for at in deep.tokens {
            cut.leave_out(&words, at);
        }
    }
    cut
}

/// Cuts tokens whose braces nest no deeper than they may.
fn pieces(words: Words<'_>, classes: &[Class], refused: &[u32], file: FileId) -> Cut {
    let mut cutter = Cutter {
        words,
        refused,
        file,
        open: Vec::new(),
        statements: Vec::new(),
        pieces: vec![Vec::new()],
        aside: Vec::new(),
        read: 0,
        closed_at: 0,
        strays: Strays::default(),
        cut: Cut::for_tokens(words.kinds.len()),
    };
    for act in solve(&words, classes, refused) {
        cutter.act(act);
    }
    cutter.up_to(words.kinds.len());
    cutter.finish(0);
    cutter.count_strays();
    let mut cut = cutter.cut;
    // A `use` that stands where it cannot counts only where there is no other.
    let is_use = |piece: &Piece| matches!(piece, Piece::Member { sort: Sort::Use, .. });
    if cutter.pieces.iter().flatten().any(is_use) {
        cutter.aside.retain(|piece| !is_use(piece));
    }
    cut.pieces = cutter.pieces.into_iter().flatten().chain(cutter.aside).collect();
    cut
}

impl Cut {
    fn for_tokens(count: usize) -> Self {
        Self {
            letters: String::with_capacity(count),
            kinds: Vec::with_capacity(count),
            spans: Vec::with_capacity(count),
            origins: Vec::with_capacity(count),
            ..Self::default()
        }
    }

    /// Leaves a token out of every member.
    fn leave_out(&mut self, words: &Words<'_>, at: usize) {
        self.left_out.push(at);
        let kind = words.kind(at);
        let is_word = kind.and_then(Kind::letter).is_some_and(|letter| letter.is_ascii_alphabetic())
            || matches!(kind, Some(Kind::Word | Kind::String | Kind::UnclosedString));
        if is_word {
            self.lost.push(meaning(words.shown(at)).into());
        }
    }
}

/// A block that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    block: Block,
    /// What it is the block of.
    noun: &'static str,
    /// Its brace; none where that is missing.
    at: Option<usize>,
    /// Where its statement begins.
    head: usize,
    /// Whether its braces are doubled, so that they mean nothing.
    is_twice: bool,
}

/// What becomes of the tokens of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Head(Container),
    Member(Sort),
    Lost,
    /// No statement is so, though one may be like it: told when its end is known.
    Junk(Option<Sort>),
}

/// A statement that has begun.
#[derive(Debug)]
struct Statement {
    becomes: Use,
    /// How many blocks are open around it.
    level: usize,
    tokens: Run,
    is_damaged: bool,
    /// Whether it stands where it cannot, and is read all the same.
    is_aside: bool,
    headless: Option<usize>,
}

/// A token of a member.
#[derive(Clone, Copy, Debug)]
enum Token {
    At(usize),
    /// A brace that is missing, behind a token.
    PutIn {
        before: usize,
        kind: Kind,
    },
}

/// The tokens of a statement, by their numbers in the file: of one that is right, those from its first to its last.
#[derive(Debug, Default)]
struct Run {
    /// All of them, where the list is empty.
    whole: Range<usize>,
    list: Vec<Token>,
}

impl Run {
    fn push(&mut self, token: Token) {
        match token {
            Token::At(at) if self.list.is_empty() && self.whole.is_empty() => self.whole = at..at + 1,
            Token::At(at) if self.list.is_empty() && self.whole.end == at => self.whole.end += 1,
            _ => self.list().push(token),
        }
    }

    /// Adds the tokens up to one, the next one known.
    fn extend(&mut self, tokens: Range<usize>) {
        if self.list.is_empty() && self.whole.end == tokens.start && !self.whole.is_empty() {
            self.whole.end = tokens.end.max(tokens.start);
        } else {
            tokens.for_each(|at| self.push(Token::At(at)));
        }
    }

    /// One by one.
    fn list(&mut self) -> &mut Vec<Token> {
        self.list.extend(std::mem::take(&mut self.whole).map(Token::At));
        &mut self.list
    }

    fn first(&self) -> Option<Token> {
        let whole = || (!self.whole.is_empty()).then_some(Token::At(self.whole.start));
        self.list.first().copied().or_else(whole)
    }
}

struct Cutter<'l> {
    words: Words<'l>,
    refused: &'l [u32],
    file: FileId,
    open: Vec<Open>,
    statements: Vec<Statement>,
    /// The pieces of the file, and of each container inside of one.
    pieces: Vec<Vec<Piece>>,
    /// The pieces of what stands where it cannot.
    aside: Vec<Piece>,
    /// The token to be read next.
    read: usize,
    /// The brace that closed the last container.
    closed_at: usize,
    strays: Strays,
    cut: Cut,
}

impl Cutter<'_> {
    fn place(&self, at: usize) -> Place {
        Place { file: self.file, span: self.words.span(at) }
    }

    /// The place behind the token before one.
    fn behind(&self, before: usize) -> Place {
        let end = before.checked_sub(1).map_or(0, |at| self.words.span(at).end);
        Place { file: self.file, span: Span::new(end, end) }
    }

    /// Whether characters were refused between a token and the one before it: a brace may have been among them.
    fn is_refused(&self, before: usize) -> bool {
        let until = if before < self.words.kinds.len() { self.words.span(before).start } else { u32::MAX };
        self.is_refused_between(self.behind(before).span.end, until)
    }

    fn is_refused_between(&self, from: u32, until: u32) -> bool {
        let first = self.refused.partition_point(|at| *at < from);
        self.refused.get(first).is_some_and(|at| *at < until)
    }

    /// The innermost block.
    fn block(&self) -> Block {
        self.open.last().map_or(Block::Top, |open| open.block)
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Start { at, sort, is_misplaced } => {
                self.up_to(at);
                self.finish(self.open.len());
                self.start(at, sort, is_misplaced);
                self.up_to(at + 1);
            }
            Act::Junk { at, near } => {
                self.up_to(at);
                self.finish(self.open.len());
                if self.block().holds_members() {
                    self.begin(Use::Junk(near), false);
                }
                self.keep(Token::At(at));
            }
            Act::Open { at, block } => {
                self.up_to(at);
                self.keep(Token::At(at));
                self.opened(block, Some(at), at);
            }
            Act::MissingOpen { before, block } => {
                self.up_to(before);
                if !self.has_colon(before) {
                    self.blame_missing_open(before);
                }
                self.keep(Token::PutIn { before, kind: Kind::Open });
                self.opened(block, None, before);
            }
            Act::OpenTwice { at } => {
                self.up_to(at);
                self.blame_stray(at);
                self.leave_out(at);
                let block = self.block();
                self.open.push(Open { block, noun: "block", at: Some(at), head: at, is_twice: true });
            }
            Act::Close { at } => {
                self.up_to(at);
                self.finish(self.open.len());
                self.closed(Some(at), at);
            }
            Act::MissingClose { before } => {
                self.up_to(before);
                self.finish(self.open.len());
                self.blame_missing_close(before);
                self.closed(None, before);
            }
            Act::Stray { at } => {
                self.up_to(at);
                self.blame_stray(at);
                self.leave_out(at);
            }
            Act::Reopen { before, block } => {
                self.up_to(before);
                self.finish(self.open.len());
                self.blame_closed_early(before, block);
                if let Some(container) = Container::of(block) {
                    self.piece(Piece::Again { container });
                }
                self.open.push(Open { block, noun: "block", at: None, head: before, is_twice: false });
            }
            Act::Over { before } => {
                self.up_to(before);
                self.finish(self.open.len());
                self.open.pop();
                self.piece(Piece::End { start: before, end: before });
            }
        }
    }

    // ---- Tokens ----------------------------------------------------------------------------------------------------

    /// The tokens before one that are no step of their own go to the statement that they stand in.
    fn up_to(&mut self, before: usize) {
        if self.read < before {
            let tokens = self.read..before;
            self.read = before;
            if let Some(statement) = self.statements.last_mut() {
                statement.tokens.extend(tokens);
            }
        }
    }

    fn keep(&mut self, token: Token) {
        if let Token::At(at) = token {
            self.read = at + 1;
        }
        if let Some(statement) = self.statements.last_mut() {
            statement.tokens.push(token);
        }
    }

    /// Leaves a token out of what it stands in.
    fn leave_out(&mut self, at: usize) {
        self.read = self.read.max(at + 1);
        self.cut.leave_out(&self.words, at);
    }
}

impl Use {
    fn of(sort: Sort) -> Self {
        match sort {
            Sort::Catalog => Self::Head(Container::Catalog),
            Sort::Organization => Self::Head(Container::Organization),
            _ => Self::Member(sort),
        }
    }
}

impl Container {
    fn of(block: Block) -> Option<Self> {
        match block {
            Block::Catalog => Some(Self::Catalog),
            Block::Organization => Some(Self::Organization),
            _ => None,
        }
    }
}
