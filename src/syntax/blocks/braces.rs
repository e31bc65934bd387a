//! What a brace may be: what it opens or closes, one too many, or a sign that another is missing.

use crate::syntax::blocks::frames::{FrameId, NONE, Way};
use crate::syntax::blocks::search::{MISTAKE, Pending, RATHER, Reading, SLANT, Search, TRAILING};
use crate::syntax::blocks::{Act, Block};

impl Search<'_> {
    /// Opens the block of what is pending.
    pub(super) fn opened(
        &mut self,
        reading: Reading,
        pending: Pending,
        block: Block,
        cost: u32,
        act: Act,
    ) -> Reading {
        let (line, indent) = if self.paid { self.line(pending.at as usize) } else { (0, NONE) };
        let mut opened = self.wrote(reading, cost, act);
        let way = if matches!(act, Act::MissingOpen { .. }) { Way::Implied } else { Way::Plain };
        opened.frame = self.frames.push(reading.frame, block, indent, line, way);
        opened.pending = None;
        opened
    }

    pub(super) fn open(&mut self, reading: Reading, at: usize) {
        if let Some(pending) = reading.pending {
            let slant = self.slant_of_open(pending, at);
            if let Some(block) = pending.block {
                let opened = self.opened(reading, pending, block, slant, Act::Open { at, block });
                self.push(opened);
            } else if pending.is_open {
                let around = self.frames.get(reading.frame).block;
                for (rank, block) in around.inner().iter().enumerate() {
                    let cost = slant + u32::try_from(rank).unwrap_or(0);
                    let opened = self.opened(reading, pending, *block, cost, Act::Open { at, block: *block });
                    self.push(opened);
                }
            }
        }
        if !self.paid {
            return;
        }
        let opens = reading.pending.is_some_and(|pending| pending.block.is_some() || pending.is_open);
        let cost = if opens { MISTAKE + RATHER } else { MISTAKE };
        let stray = self.wrote(reading, cost, Act::Stray { at });
        self.push_bare(stray);
        let frame = self.frames.get(reading.frame);
        let mut twice = self.wrote(reading, cost, Act::OpenTwice { at });
        let (line, indent) = self.line(at);
        twice.frame = self.frames.push(reading.frame, frame.block, indent, line, Way::Twice);
        self.push_bare(twice);
    }

    /// What it costs that a brace opens the block of what is pending, by where the two stand.
    pub(super) fn slant_of_open(&self, pending: Pending, at: usize) -> u32 {
        if !self.paid {
            return 0;
        }
        let is_aslant = self.begins_line(at) && self.line(at).1 != self.line(pending.at as usize).1;
        // A brace where a name is wanted.
        let is_within = self.bare.get(at + 1).is_some_and(|class| class.is_operand);
        (if is_aslant { SLANT } else { 0 }) + (if is_within { MISTAKE } else { 0 })
    }

    /// What it costs that a brace closes a frame, by where the two stand.
    pub(super) fn slant_of_close(&self, frame: FrameId, at: usize) -> u32 {
        let frame = self.frames.get(frame);
        if !self.paid || frame.indent == NONE {
            return 0;
        }
        let (line, column) = self.line(at);
        if self.begins_line(at) {
            if column == frame.indent { 0 } else { SLANT }
        } else if line == frame.line {
            0
        } else {
            TRAILING
        }
    }

    /// Leaves the innermost frame.
    pub(super) fn left(&mut self, mut reading: Reading) -> Reading {
        let frame = self.frames.get(reading.frame);
        reading.frame = frame.around;
        if frame.way != Way::Twice {
            reading.pending = None;
        }
        reading.closed = (self.frames.get(frame.around).depth == 0 && frame.block.holds_members())
            .then_some((frame.block, frame.indent));
        reading
    }

    pub(super) fn close(&mut self, reading: Reading, at: usize) {
        let needs_block = reading.pending.filter(|pending| pending.needs_block);
        if let Some(pending) = needs_block {
            if !self.paid {
                return;
            }
            if let Some(block) = pending.block {
                let act = Act::MissingOpen { before: at, block };
                let opened = self.opened(reading, pending, block, self.missing(at), act);
                self.close_frame(opened, at);
            }
        }
        let abandoned = if needs_block.is_some() { MISTAKE } else { 0 };
        self.close_frame(Reading { cost: reading.cost + abandoned, ..reading }, at);
        if !self.paid {
            return;
        }
        let stray = self.wrote(reading, MISTAKE, Act::Stray { at });
        self.push_bare(stray);
        let frame = self.frames.get(reading.frame);
        if frame.depth > 1 {
            let rather = if frame.way == Way::Implied { RATHER } else { 0 };
            let cost = abandoned + self.missing(at).saturating_sub(rather);
            let missing = self.wrote(reading, cost, Act::MissingClose { before: at });
            let missing = self.left(missing);
            self.close_frame(missing, at);
        }
    }

    /// A brace closes the innermost block.
    pub(super) fn close_frame(&mut self, reading: Reading, at: usize) {
        let frame = self.frames.get(reading.frame);
        let again = if frame.way == Way::Reopened { MISTAKE } else { 0 };
        if frame.depth == 0 || (again > 0 && !self.paid) {
            return;
        }
        let slant = self.slant_of_close(reading.frame, at);
        let closed = self.wrote(reading, slant + again, Act::Close { at });
        let closed = self.left(closed);
        if frame.way == Way::Twice { self.push_bare(closed) } else { self.push(closed) }
    }
}
