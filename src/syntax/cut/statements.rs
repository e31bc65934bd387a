//! Where the tokens of a statement go, from its beginning to the end of its block.

use crate::syntax::blocks::Block;
use crate::syntax::cut::{Container, Cutter, Open, PUT_IN, Piece, Run, Statement, Token, Use};
use crate::syntax::token::Kind;
use crate::syntax::words::Sort;

impl Cutter<'_> {
    pub(super) fn begin(&mut self, becomes: Use, is_aside: bool) {
        let level = self.open.len();
        self.statements.push(Statement {
            becomes,
            level,
            tokens: Run::default(),
            is_damaged: false,
            is_aside,
            headless: None,
        });
    }

    pub(super) fn start(&mut self, at: usize, sort: Sort, is_misplaced: bool) {
        let block = self.block();
        if !is_misplaced {
            if block.holds_members() {
                let is_aside = self.open.iter().any(|open| !open.block.holds_members());
                self.begin(Use::of(sort), is_aside);
            }
            return self.start_default(at);
        }
        if sort.is_line() {
            // In the block of a member it is the grammar's to say what was expected.
            if block.holds_members() {
                self.begin(Use::Junk(None), false);
            }
            return;
        }
        if block != Block::Unknown && !self.is_default_of_nothing(at) {
            self.blame_misplaced(at, sort);
        }
        for statement in &mut self.statements {
            statement.is_damaged = true;
        }
        // Where it belongs is certain: it is read as if it stood there.
        let is_read = matches!(sort, Sort::Use | Sort::Template | Sort::Catalog | Sort::Organization);
        self.begin(if is_read { Use::of(sort) } else { Use::Lost }, true);
        self.start_default(at);
    }

    /// `default` before something that is no template says nothing.
    pub(super) fn start_default(&mut self, at: usize) {
        if self.is_default_of_nothing(at) {
            self.blame_default(at);
            self.leave_out(at);
        }
    }

    pub(super) fn is_default_of_nothing(&self, at: usize) -> bool {
        let (next, after) = (self.words.kind(at + 1), self.words.kind(at + 2));
        // `default: flag` is a row, and `default.row` one of a category.
        let is_id = matches!(next, Some(Kind::Colon | Kind::Comma | Kind::Dot))
            || (next == Some(Kind::String) && after == Some(Kind::Colon));
        self.words.kind(at) == Some(Kind::Default) && next != Some(Kind::Template) && !is_id
    }

    /// Ends what began in the block at a depth.
    pub(super) fn finish(&mut self, level: usize) {
        while self.statements.last().is_some_and(|statement| statement.level >= level) {
            let Some(statement) = self.statements.pop() else { return };
            self.put_down(statement);
        }
    }

    pub(super) fn put_down(&mut self, statement: Statement) {
        let Statement { becomes, mut tokens, is_damaged, is_aside, headless, .. } = statement;
        let container = match becomes {
            Use::Lost | Use::Junk(_) => {
                if becomes != Use::Lost {
                    self.blame_junk(tokens.list());
                }
                for token in std::mem::take(tokens.list()) {
                    if let Token::At(at) = token {
                        self.leave_out(at);
                    }
                }
                return;
            }
            Use::Head(container) => Some(container),
            Use::Member(_) => None,
        };
        let start = self.cut.kinds.len();
        let whole = tokens.whole.clone();
        if let (Some(kinds), Some(spans)) =
            (self.words.kinds.get(whole.clone()), self.words.spans.get(whole.clone()))
        {
            self.cut.letters.extend(kinds.iter().filter_map(|kind| kind.letter()).map(char::from));
            self.cut.kinds.extend_from_slice(kinds);
            self.cut.spans.extend_from_slice(spans);
            self.cut.origins.extend(whole);
        }
        for token in tokens.list {
            let (kind, span, origin) = match token {
                Token::At(at) => match self.words.kind(at) {
                    Some(kind) => (kind, self.words.span(at), at),
                    None => continue,
                },
                Token::PutIn { before, kind } => (kind, self.behind(before).span, PUT_IN),
            };
            self.cut.letters.extend(kind.letter().map(char::from));
            self.cut.kinds.push(kind);
            self.cut.spans.push(span);
            self.cut.origins.push(origin);
        }
        let end = self.cut.kinds.len();
        match (becomes, container) {
            (_, Some(container)) => {
                self.piece(Piece::Head { container, start, end });
                self.piece(Piece::End { start: self.read, end: self.read });
            }
            (Use::Member(sort), _) if is_aside => {
                self.aside.push(Piece::Member { sort, start, end, is_damaged, headless })
            }
            (Use::Member(sort), _) => self.piece(Piece::Member { sort, start, end, is_damaged, headless }),
            _ => {}
        }
    }

    pub(super) fn piece(&mut self, piece: Piece) {
        if let Some(pieces) = self.pieces.last_mut() {
            pieces.push(piece);
        }
    }

    // ---- Blocks ----------------------------------------------------------------------------------------------------

    /// The block of what began last is open.
    pub(super) fn opened(&mut self, block: Block, at: Option<usize>, head: usize) {
        let level = self.open.len();
        let is_own = self.statements.last().is_some_and(|statement| statement.level == level);
        let first = self.statements.last().filter(|_| is_own).and_then(|statement| statement.tokens.first());
        let head = match first {
            Some(Token::At(first)) => first,
            _ => self.head_of(block, head),
        };
        let noun = self.noun(block, head);
        if let Some(container) = Container::of(block)
            && is_own
            && let Some(mut statement) = self.statements.pop()
        {
            // What is misspelt is told by its grammar.
            statement.becomes = Use::Head(container);
            if self.open.iter().any(|open| Container::of(open.block).is_some()) {
                self.pieces.push(Vec::new());
            }
            self.put_down(statement);
            // Its members follow: it has not ended.
            if let Some(pieces) = self.pieces.last_mut() {
                pieces.pop();
            }
        }
        if is_own {
            self.guess(block);
        }
        self.open.push(Open { block, noun, at, head, is_twice: false });
    }

    /// Takes junk for the member that its block shows it to be.
    pub(super) fn guess(&mut self, block: Block) {
        let Some(Statement { becomes: Use::Junk(near), .. }) = self.statements.last() else { return };
        let near = *near;
        let sort = match block {
            Block::Category => Sort::Category,
            Block::Forbid => Sort::Forbid,
            Block::Require => Sort::Require,
            Block::Test => Sort::Test,
            Block::Role if self.block() == Block::Organization => Sort::Role,
            Block::Role if near == Some(Sort::Template) => Sort::Template,
            _ => return,
        };
        let Some(mut statement) = self.statements.pop() else { return };
        self.blame_junk(statement.tokens.list());
        let tokens = statement.tokens.list();
        let kind = |index: usize| match tokens.get(index) {
            Some(Token::At(at)) => self.words.kind(*at),
            _ => None,
        };
        // The junk is a word that nobody knows, before the id or in its place.
        let is_id = kind(1)
            .and_then(Kind::letter)
            .is_some_and(|letter| letter == b'_' || letter.is_ascii_uppercase());
        statement.headless = Some(usize::from(is_id || near.is_some()));
        statement.becomes = Use::Member(sort);
        self.statements.push(statement);
    }

    /// The innermost block is closed, by a brace or where one is missing.
    pub(super) fn closed(&mut self, at: Option<usize>, before: usize) {
        let Some(open) = self.open.pop() else { return };
        let level = self.open.len();
        if open.is_twice {
            return at.map_or((), |at| self.leave_out(at));
        }
        if Container::of(open.block).is_some() {
            self.read = at.map_or(self.read, |at| at + 1);
            self.closed_at = at.unwrap_or(before);
            let (start, end) = at.map_or((before, before), |at| (at, at + 1));
            self.piece(Piece::End { start, end });
            // A container inside of another: its pieces go behind all others.
            if self.open.iter().any(|open| Container::of(open.block).is_some() && !open.is_twice)
                && let Some(pieces) = self.pieces.pop()
            {
                self.aside.extend(pieces);
            }
            return;
        }
        self.keep(at.map_or(Token::PutIn { before, kind: Kind::Close }, Token::At));
        if self.statements.last().is_some_and(|statement| statement.level == level) {
            self.finish(level);
        }
    }
}
