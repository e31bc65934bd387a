//! The stacks of open blocks of all explanations that are followed at once. They share what they have in common: a
//! stack is its innermost frame, which knows the one around it.

use crate::syntax::blocks::{Act, Block};

/// A frame, by its number.
pub(super) type FrameId = u32;

/// How a frame came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    Plain,
    /// Its brace is missing, so the one that closes it may be too.
    Implied,
    /// Taken up again after a brace that closed it too early.
    Reopened,
    /// By a brace one too many: what is inside belongs to the frame around.
    Twice,
}

/// An open block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) around: FrameId,
    pub(super) block: Block,
    /// How far from the left edge the line of its statement begins; `NONE` where nobody looked.
    pub(super) indent: u32,
    /// How far the line of its last statement that began one.
    pub(super) last: u32,
    /// The line of the statement.
    pub(super) line: u32,
    pub(super) depth: u32,
    pub(super) way: Way,
    /// Of the blocks and indents from here outward: what can follow is the same where this is.
    pub(super) hash: u64,
}

pub(super) const NONE: u32 = u32::MAX;

/// The top of a file.
const TOP: Frame = Frame {
    around: 0,
    block: Block::Top,
    indent: NONE,
    last: NONE,
    line: 0,
    depth: 0,
    way: Way::Plain,
    hash: 0,
};

/// One number for a frame and those around it (splitmix64). Every block of every file has one, so it is cheap.
fn mixed(outer: u64, frame: u64) -> u64 {
    let mut mixed = outer.rotate_left(17) ^ frame.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// All frames of a search.
pub(super) struct Frames(Vec<Frame>);

impl Frames {
    /// With the top of a file as the only frame, number 0.
    pub(super) fn new() -> Self {
        Self(vec![TOP])
    }

    pub(super) fn get(&self, id: FrameId) -> Frame {
        self.0.get(id as usize).copied().unwrap_or(TOP)
    }

    pub(super) fn push(
        &mut self,
        around: FrameId,
        block: Block,
        indent: u32,
        line: u32,
        way: Way,
    ) -> FrameId {
        let outer = self.get(around);
        let depth = outer.depth + 1;
        let hash = mixed(outer.hash, u64::from(indent) | (block as u64) << 32 | (way as u64) << 40);
        self.add(Frame { around, block, indent, last: NONE, line, depth, way, hash })
    }

    /// The same frame, now that a statement began a line in it.
    pub(super) fn with_last(&mut self, id: FrameId, last: u32) -> FrameId {
        let frame = self.get(id);
        if frame.last == last { id } else { self.add(Frame { last, ..frame }) }
    }

    fn add(&mut self, frame: Frame) -> FrameId {
        let id = u32::try_from(self.0.len()).unwrap_or(0);
        self.0.push(frame);
        id
    }

    /// Forgets all frames but the first ones.
    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count.max(1));
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

/// What the explanations did, each step with the one before it: they share their beginnings.
#[derive(Default)]
pub(super) struct Log(Vec<(u32, Act)>);

impl Log {
    pub(super) fn add(&mut self, before: u32, act: Act) -> u32 {
        self.0.push((before, act));
        u32::try_from(self.0.len()).unwrap_or(0)
    }

    /// The steps up to one, in their order.
    pub(super) fn steps(&self, last: u32) -> Vec<Act> {
        let mut steps = Vec::new();
        let mut at = last;
        while let Some((before, act)) = at.checked_sub(1).and_then(|at| self.0.get(at as usize)) {
            steps.push(*act);
            at = *before;
        }
        steps.reverse();
        steps
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }
}
