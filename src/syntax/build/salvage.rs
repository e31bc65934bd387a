//! What can be saved of a member that does not fit its rule: its head, and the statements of its blocks, each parsed
//! by itself. Where one ends and the next begins is told by what begins like one, and, for this text is wrong, by
//! where the lines begin.

use std::ops::Range;

use crate::syntax::blocks::Block;
use crate::syntax::build::Builder;
use crate::syntax::recover;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Misfit, Rule, Tree, parse};

/// A line that begins that much further to the right than a statement still begins one: a space was left behind.
const SLIP: u32 = 1;

/// A statement of a block.
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its tree, if it fits.
    pub(super) tree: Result<Tree, Misfit>,
    /// What stands between its braces, if it has some.
    pub(super) block: Option<Range<usize>>,
}

impl Builder<'_, '_> {
    /// The head of the member, up to its brace, or a finding; and what stands between the braces.
    pub(super) fn head(&mut self, only: Rule) -> (Option<Tree>, Range<usize>) {
        self.classes = self.tokens.kept.words.classes();
        let count = self.tokens.count();
        let open = (0..count).find(|at| self.tokens.kind(*at) == Some(Kind::Open));
        let end = open.map_or(count, |open| open + 1);
        if self.tokens.headless.is_some() {
            self.forgive(0, end);
            return (None, end..count.saturating_sub(1));
        }
        let letters = self.tokens.kept.letters.get(..end).unwrap_or_default();
        let head = match parse(only, letters, 0) {
            Ok(head) => Some(head),
            Err(misfit) => {
                let before = open.unwrap_or(count);
                self.lose(0, before);
                if !self.tokens.is_told(&misfit, 0, before) {
                    self.findings.push(recover::misfitting(&self.tokens, &misfit, 0, end));
                }
                None
            }
        };
        (head, end..open.map_or(count, |_| count.saturating_sub(1)))
    }

    /// The head of a statement that has a block; or the finding for what it should have been as a whole. Where the
    /// block is what does not fit, nothing is said of what is in it.
    pub(super) fn piece_head(
        &mut self,
        only: Rule,
        whole: Rule,
        start: usize,
        block: &mut Range<usize>,
    ) -> Option<Tree> {
        let letters = self.tokens.kept.letters.get(start..block.start).unwrap_or_default();
        if let Ok(head) = parse(only, letters, start) {
            return Some(head);
        }
        match parse(whole, letters, start) {
            Err(misfit) => {
                self.bad(&misfit, start, block.start);
                if misfit.at + 1 >= block.start {
                    self.forgive(block.start, block.end);
                    block.end = block.start;
                }
            }
            Ok(_) => self.bad(&Misfit { at: start, expected: vec![whole] }, start, block.start),
        }
        None
    }

    /// A piece that fits nowhere: one finding.
    pub(super) fn bad(&mut self, misfit: &Misfit, start: usize, end: usize) {
        self.forgive(start, end);
        if !self.tokens.is_told(misfit, start, end) {
            self.findings.push(recover::misfitting(&self.tokens, misfit, start, end));
        }
    }

    /// The statements of a block.
    pub(super) fn pieces(&self, range: Range<usize>, block: Block) -> Vec<Piece> {
        let is_mark = |at: &usize| match block {
            Block::Grant | Block::Category | Block::Forbid | Block::Cases => {
                self.tokens.kind(*at) == Some(Kind::Colon)
            }
            Block::Test => matches!(self.tokens.kind(*at), Some(Kind::Can | Kind::Cannot)),
            Block::Require => matches!(self.tokens.kind(*at), Some(Kind::Colon | Kind::Role)),
            _ => true,
        };
        let mut starts = vec![range.start];
        let mut depth = 0_usize;
        let mut has_mark = false;
        for at in range.clone() {
            let start = starts.last().copied().unwrap_or(at);
            if depth == 0 && at > start && self.begins_piece(block, start, at, has_mark) {
                starts.push(at);
                has_mark = false;
            }
            has_mark |= is_mark(&at);
            match self.tokens.kind(at) {
                Some(Kind::Open) => depth += 1,
                Some(Kind::Close) => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let ends = starts.iter().skip(1).copied().chain([range.end]);
        let mut pieces = Vec::with_capacity(starts.len());
        for (start, end) in starts.iter().copied().zip(ends).filter(|(start, end)| start < end) {
            let piece = self.piece(start, end, block);
            if piece.tree.is_ok() {
                pieces.push(piece);
                continue;
            }
            // What is missing or too much at the end of a line has made the next line a part of it.
            let mut column = None;
            let mut from = start;
            let mut depth = 0_usize;
            for at in start..end {
                if at > from && depth == 0 && self.tokens.begins_line(at) {
                    let column = *column.get_or_insert_with(|| self.tokens.indent(start));
                    let is_brace = matches!(self.tokens.kind(at), Some(Kind::Open | Kind::Close));
                    if !is_brace && self.tokens.kept.words.column(at) <= column + SLIP {
                        pieces.push(self.piece(from, at, block));
                        from = at;
                    }
                }
                match self.tokens.kind(at) {
                    Some(Kind::Open) => depth += 1,
                    Some(Kind::Close) => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            pieces.push(if from == start { piece } else { self.piece(from, end, block) });
        }
        pieces
    }

    /// Whether a statement of the block begins at a token.
    fn begins_piece(&self, block: Block, start: usize, at: usize, has_mark: bool) -> bool {
        let class = self.classes.get(at).copied().unwrap_or_default();
        let before = self.tokens.kind(at - 1);
        if before == Some(Kind::Close) {
            return true;
        }
        let begins_line = self.tokens.begins_line(at);
        let is_outward = || self.tokens.kept.words.column(at) <= self.tokens.indent(start) + SLIP;
        let looks_like = || self.tokens.kept.words.line(at).is_some_and(|line| line.fits(block));
        if class.is_operand {
            // A name that is missing at the end of a line: only a list goes on with what looks like a statement.
            let is_listed = before == Some(Kind::Comma) && self.tokens.kind(at + 1) != Some(Kind::String);
            return begins_line && !is_listed && looks_like() && is_outward();
        }
        // A title, behind an id that the line before it had made its own.
        if self.tokens.kind(at) == Some(Kind::String)
            && self.tokens.kind(at + 1) == Some(Kind::Colon)
            && !begins_line
            && self.tokens.begins_line(at - 1)
            && at - 1 > start
        {
            return false;
        }
        if class.begins(block).is_some_and(|sort| sort.fits(block)) {
            let is_grant = self.tokens.kind(at) == Some(Kind::Grant);
            let is_led = !is_grant || self.tokens.kept.words.is_word(at + 1);
            return begins_line || (has_mark && is_led);
        }
        begins_line && self.tokens.kept.words.is_word(at) && is_outward()
    }

    fn piece(&self, start: usize, end: usize, block: Block) -> Piece {
        let only = match block {
            Block::Category => Rule::only_row,
            Block::Options => Rule::only_option,
            Block::Grant => Rule::only_entry,
            Block::Forbid => Rule::only_condition,
            Block::Require => Rule::only_demand,
            Block::Test => Rule::only_test_line,
            Block::Cases => Rule::only_case_row,
            _ => Rule::only_statement,
        };
        let letters = self.tokens.kept.letters.get(start..end).unwrap_or_default();
        let open = (start..end).find(|at| self.tokens.kind(*at) == Some(Kind::Open));
        let inside = open.map(|open| {
            let mut depth = 0_usize;
            let close = (open..end).find(|at| {
                match self.tokens.kind(*at) {
                    Some(Kind::Open) => depth += 1,
                    Some(Kind::Close) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0
            });
            open + 1..close.unwrap_or(end)
        });
        Piece { start, end, tree: parse(only, letters, start), block: inside }
    }
}
