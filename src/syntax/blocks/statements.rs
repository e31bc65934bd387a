//! What the beginning of a statement may be: right where it stands, misplaced, or a sign that a brace is missing.

use crate::syntax::blocks::frames::{Frame, FrameId, NONE, Way};
use crate::syntax::blocks::search::{MISTAKE, OUTWARD, Pending, RATHER, Reading, SLANT, Search};
use crate::syntax::blocks::{Act, Block, may_have_block, needs_block};
use crate::syntax::token::Kind;
use crate::syntax::words::Sort;

/// How many blocks one line may show to have never been closed.
const DEEPEST: usize = 32;

impl Search<'_> {
    /// What it costs that a statement begins a line in a frame, by where its neighbours do.
    pub(super) fn slant_of_start(&self, frame: FrameId, at: usize) -> u32 {
        if !self.paid || !self.begins_line(at) {
            return 0;
        }
        let frame = self.frames.get(frame);
        let column = self.line(at).1;
        match (frame.last, frame.indent) {
            (NONE, NONE) => 0,
            (last, _) if column == last => 0,
            (_, indent) if indent != NONE && column <= indent => OUTWARD,
            (NONE, _) => 0,
            _ => SLANT,
        }
    }

    /// Begins a statement in the innermost frame.
    pub(super) fn started(
        &mut self,
        mut reading: Reading,
        at: usize,
        sort: Sort,
        is_misplaced: bool,
        cost: u32,
    ) -> Reading {
        let block = self.frames.get(reading.frame).block;
        let slant = self.slant_of_start(reading.frame, at);
        if self.paid && self.begins_line(at) {
            reading.frame = self.frames.with_last(reading.frame, self.line(at).1);
        }
        let mut started = self.wrote(reading, cost + slant, Act::Start { at, sort, is_misplaced });
        let inside = sort.block(block).filter(|_| may_have_block(&self.words, sort, at));
        started.pending = Some(Pending {
            sort: Some(sort),
            block: inside,
            is_junk: false,
            is_open: is_misplaced && sort.is_line(),
            needs_block: inside.is_some() && needs_block(&self.words, sort, at),
            at: u32::try_from(at).unwrap_or(u32::MAX),
        });
        started.closed = None;
        started
    }

    pub(super) fn start(&mut self, reading: Reading, at: usize, sort: Sort) {
        let frame = self.frames.get(reading.frame);
        let class = self.class(&reading, at);
        let needs_block = reading.pending.is_some_and(|pending| pending.needs_block);
        let fits = sort.fits(frame.block);
        // A leading word in the middle of junk that leads nothing.
        let is_junk = reading.pending.is_some_and(|pending| pending.sort.is_none() && pending.is_junk);
        if is_junk && self.goes_on(&reading, at) && !self.words.names(at + 1) {
            return self.push(reading);
        }
        // What stands right behind a word that was taken for a leading one is its name.
        let is_name = |pending: Pending| {
            pending.at as usize + 1 == at
                && self.classes.get(at - 1).is_some_and(|class| class.hidden.is_some())
        };
        if reading.pending.is_some_and(is_name) {
            return self.push(reading);
        }
        if fits && !needs_block {
            let started = self.started(reading, at, sort, false, 0);
            self.push(started);
        }
        if !self.paid {
            // A line that begins in the middle of one is told from what else it could be by the grammar.
            if !fits && sort.is_line() && self.goes_on(&reading, at) {
                self.push(reading);
            }
            return;
        }
        // The brace of what is pending is missing.
        let opens = reading.pending.and_then(|pending| {
            let block = pending.block?;
            let sort = class.begins(block).filter(|sort| sort.fits(block))?;
            Some((pending, block, sort))
        });
        if let Some((pending, block, sort)) = opens
            && (!fits || needs_block)
        {
            let act = Act::MissingOpen { before: at, block };
            let opened = self.opened(reading, pending, block, self.missing(at), act);
            let started = self.started(opened, at, sort, false, 0);
            self.push(started);
        }
        if !fits && sort.is_line() && self.goes_on(&reading, at) {
            // Then it is a mistake of what it stands in, and that has no block.
            let is_mistake = opens.is_some_and(|(pending, ..)| !pending.is_junk);
            let cost = reading.cost + if is_mistake { MISTAKE } else { 0 };
            let pending = reading
                .pending
                .map(|pending| Pending { needs_block: pending.needs_block && !is_mistake, ..pending });
            self.push(Reading { cost, pending, ..reading });
            return;
        }
        let abandoned = if needs_block { MISTAKE } else { 0 };
        if fits && needs_block {
            let started = self.started(reading, at, sort, false, abandoned);
            self.push(started);
        }
        // Blocks that were never closed.
        let is_outer = self.begins_line(at) && frame.indent != NONE && self.line(at).1 <= frame.indent;
        if !fits || is_outer {
            let mut outer = Reading { cost: reading.cost + abandoned, ..reading };
            loop {
                let frame = self.frames.get(outer.frame);
                if frame.depth == 0 {
                    break;
                }
                outer = match frame.way {
                    Way::Reopened => self.wrote(outer, 0, Act::Over { before: at }),
                    _ => self.wrote(outer, self.missing(at), Act::MissingClose { before: at }),
                };
                outer = self.left(outer);
                let block = self.frames.get(outer.frame).block;
                if let Some(sort) = class.begins(block).filter(|sort| sort.fits(block)) {
                    let started = self.started(outer, at, sort, false, 0);
                    self.push(started);
                    break;
                }
            }
        }
        if fits {
            return;
        }
        // The container was closed too early.
        if let Some((block, indent)) = reading.closed
            && sort.fits(block)
        {
            let mut reopened = self.wrote(reading, MISTAKE, Act::Reopen { before: at, block });
            reopened.frame = self.frames.push(reading.frame, block, indent, 0, Way::Reopened);
            reopened.pending = None;
            let started = self.started(reopened, at, sort, false, 0);
            self.push(started);
        }
        let misplaced = self.started(reading, at, sort, true, MISTAKE + abandoned);
        self.push(misplaced);
    }

    /// Whether a token stands in the middle of what began before it.
    pub(super) fn goes_on(&self, reading: &Reading, at: usize) -> bool {
        reading.pending.is_some() && !self.words.begins_line(at)
    }

    /// A token that begins no statement: nothing, unless something must begin there.
    pub(super) fn plain(&mut self, reading: Reading, at: usize) {
        let frame = self.frames.get(reading.frame);
        let class = self.class(&reading, at);
        if self.paid && class.is_operand && self.behind_colon(reading, at) {
            return self.push(Reading { cost: reading.cost + RATHER, ..reading });
        }
        if self.paid && self.may_be_outer(&reading, at) {
            self.outward(reading, at);
        }
        let near = || self.near(frame.block, at);
        let sort = match reading.pending {
            None => near(),
            Some(pending) => {
                let is_titled = pending.sort.is_none_or(|sort| match sort {
                    Sort::Use => true,
                    Sort::Grant => false,
                    _ => pending.block.is_some(),
                });
                let is_basis = self.words.before(at) == Some(Kind::Unconfirmed);
                let is_word = match self.words.kind(at) {
                    Some(Kind::Word) => true,
                    Some(Kind::String) => !is_titled && !is_basis,
                    _ => false,
                };
                if !is_word || class.is_operand || !self.words.begins_line(at) {
                    // A leading word on a line of its own where it leads nothing is a mistake of what it stands in.
                    let is_mistake = self.paid && class.lead.is_some() && self.words.begins_line(at);
                    let cost = reading.cost + if is_mistake { MISTAKE } else { 0 };
                    return self.push(Reading { cost, ..reading });
                }
                // Of junk that goes on for lines one finding is enough, but a misspelt word is worth its own.
                match (near(), pending.sort) {
                    (None, None) => return self.push(reading),
                    (near, _) => near,
                }
            }
        };
        if !self.paid {
            return;
        }
        // A brace that means nothing may part a line from what shows that it is one.
        let line = self.bare.get(at).and_then(|class| class.line).filter(|line| line.fits(frame.block));
        if let Some(line) = line {
            let mut started = self.started(reading, at, line, false, 0);
            started.pending = started.pending.map(|pending| Pending { block: None, ..pending });
            self.push(started);
        }
        self.junk(reading, at, sort);
    }

    /// The leading word of a block that a token is like.
    fn near(&self, block: Block, at: usize) -> Option<Sort> {
        let words = block.words();
        let near = crate::diagnostic::nearest(self.words.shown(at), words.iter().map(|(word, _)| *word));
        let near = near.first().copied();
        words.iter().find(|(word, _)| Some(*word) == near).map(|(_, sort)| *sort)
    }

    /// Whether a token is a word that begins a line and may belong to a block around the one that it stands in.
    fn may_be_outer(&self, reading: &Reading, at: usize) -> bool {
        let is_word =
            self.words.names(at) && !matches!(self.words.kind(at), Some(Kind::String | Kind::UnclosedString));
        let is_within = self.frames.get(reading.frame).depth > 1;
        is_word && is_within && self.begins_line(at) && !self.class(reading, at).is_operand
    }

    /// A word that begins a line no further from the edge than the block that it stands in, which may be one that was
    /// never closed: then it is a statement of a block around, or junk there.
    fn outward(&mut self, reading: Reading, at: usize) {
        let column = self.line(at).1;
        let is_outer = |frame: Frame| frame.depth > 1 && frame.indent != NONE && column <= frame.indent;
        let mut outer = reading;
        let needs_block = reading.pending.is_some_and(|pending| pending.needs_block);
        outer.cost += if needs_block { MISTAKE } else { 0 };
        // Nothing that is right nests deeper.
        for _ in 0..DEEPEST {
            let frame = self.frames.get(outer.frame);
            if !is_outer(frame) {
                break;
            }
            let (cost, act) = match frame.way {
                Way::Reopened => (0, Act::Over { before: at }),
                _ => (self.missing(at), Act::MissingClose { before: at }),
            };
            outer = self.wrote(outer, cost, act);
            outer = self.left(outer);
        }
        if outer.frame == reading.frame {
            return;
        }
        let block = self.frames.get(outer.frame).block;
        match self.class(&outer, at).begins(block).filter(|sort| sort.fits(block)) {
            Some(sort) => {
                let started = self.started(outer, at, sort, false, 0);
                self.push(started);
            }
            None => {
                let near = self.near(block, at);
                self.junk(outer, at, near);
            }
        }
    }

    /// A line that begins behind a colon, where that may stand for the brace of the block that the line belongs to.
    fn behind_colon(&mut self, reading: Reading, at: usize) -> bool {
        let is_behind = self.words.before(at) == Some(Kind::Colon) && self.begins_line(at);
        let Some(pending) = reading.pending.filter(|_| is_behind) else { return false };
        let Some(block) = pending.block else { return false };
        let Some(line) = self.words.line(at).filter(|line| line.fits(block)) else { return false };
        let act = Act::MissingOpen { before: at, block };
        let opened = self.opened(reading, pending, block, self.missing(at), act);
        let started = self.started(opened, at, line, false, 0);
        self.push(started);
        true
    }

    /// Begins something that no statement of the innermost frame is.
    fn junk(&mut self, reading: Reading, at: usize, sort: Option<Sort>) {
        let frame = self.frames.get(reading.frame);
        let abandoned = if reading.pending.is_some_and(|pending| pending.needs_block) { MISTAKE } else { 0 };
        let is_left = self.begins_line(at) && frame.indent != NONE && self.line(at).1 <= frame.indent;
        // Where no block is shown to have ended, something stray says nothing of the lines around it, wherever it
        // stands: it must not outweigh braces that balance.
        let is_stray = is_left && !self.may_be_outer(&reading, at);
        let slant = if is_stray { 0 } else { self.slant_of_start(reading.frame, at) };
        let mut junk = self.wrote(reading, MISTAKE + abandoned + slant, Act::Junk { at, near: sort });
        if self.begins_line(at) && !is_stray {
            junk.frame = self.frames.with_last(junk.frame, self.line(at).1);
        }
        let block = sort.and_then(|sort| sort.block(frame.block));
        junk.pending = Some(Pending {
            sort,
            block,
            is_junk: true,
            is_open: block.is_none(),
            needs_block: false,
            at: u32::try_from(at).unwrap_or(u32::MAX),
        });
        self.push(junk);
    }

    pub(super) fn end(&mut self, reading: &Reading) {
        let abandoned = reading.pending.is_some_and(|pending| pending.needs_block);
        let mut ended = *reading;
        let mut is_open = abandoned;
        loop {
            let frame = self.frames.get(ended.frame);
            if frame.depth == 0 {
                break;
            }
            let before = self.words.kinds.len();
            ended = if frame.way == Way::Reopened {
                self.wrote(ended, 0, Act::Over { before })
            } else {
                is_open = true;
                self.wrote(ended, 0, Act::MissingClose { before })
            };
            ended = self.left(ended);
        }
        if is_open && !self.paid {
            return;
        }
        // Whatever is open where a text breaks off: it breaks off once.
        ended.cost += if is_open { MISTAKE } else { 0 };
        self.push(ended);
    }

    /// A word that leads a statement on a line of its own, where the mark before it makes it a name.
    pub(super) fn hidden(&mut self, reading: Reading, at: usize, sort: Sort) {
        let begins = self.begins_line(at) || at.checked_sub(1).is_some_and(|mark| self.begins_line(mark));
        let fits = sort.fits(self.frames.get(reading.frame).block);
        if begins && fits && !reading.pending.is_some_and(|pending| pending.needs_block) {
            let started = self.started(reading, at, sort, false, MISTAKE);
            self.push(started);
        }
    }
}
