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

/// Something that knows what was there before it, by its number; number 0 is the beginning of all.
trait Linked: Copy {
    fn before(&mut self) -> &mut u32;
}

impl Linked for Frame {
    fn before(&mut self) -> &mut u32 {
        &mut self.around
    }
}

impl Linked for (u32, Act) {
    fn before(&mut self) -> &mut u32 {
        &mut self.0
    }
}

/// How much is there before anything is forgotten.
const SMALL: usize = 1 << 14;

/// All frames, or all steps, of a search: each stands behind those that it knows of.
struct Arena<T> {
    all: Vec<T>,
    /// How many there may be until those that nobody knows of are forgotten.
    limit: usize,
}

impl<T: Linked> Arena<T> {
    fn new(beginning: T) -> Self {
        Self { all: vec![beginning], limit: SMALL }
    }

    fn get(&self, id: u32) -> Option<T> {
        self.all.get(id as usize).copied()
    }

    fn add(&mut self, one: T) -> u32 {
        let id = u32::try_from(self.all.len()).unwrap_or(0);
        self.all.push(one);
        id
    }

    fn count(&self) -> usize {
        self.all.len()
    }

    fn truncate(&mut self, count: usize) {
        self.all.truncate(count.max(1));
    }

    /// Where there is much, forgets what was made from a number on and is none of `known` nor anything that these know of.
    fn tidy<'k>(&mut self, from: usize, known: impl Iterator<Item = &'k mut u32>) {
        if self.all.len() < self.limit {
            return;
        }
        let known: Vec<&mut u32> = known.collect();
        // The new number of each; until it has one, whether it is needed.
        let mut moved: Vec<u32> = vec![NONE; self.all.len().saturating_sub(from)];
        let need = |moved: &mut [u32], id: u32| {
            if let Some(place) = (id as usize).checked_sub(from).and_then(|at| moved.get_mut(at)) {
                *place = 0;
            }
        };
        known.iter().for_each(|id| need(&mut moved, **id));
        // Each knows only of what stands before it: one way back through all of them meets every one that is needed, and
        // in the order in which they lie in memory.
        for at in (0..moved.len()).rev() {
            if moved.get(at) == Some(&0)
                && let Some(one) = self.all.get_mut(from + at)
            {
                need(&mut moved, *one.before());
            }
        }
        let mut count = from;
        for old in 0..moved.len() {
            let (Some(place), Some(mut one)) = (moved.get_mut(old), self.all.get(from + old).copied()) else {
                break;
            };
            if *place == NONE {
                continue;
            }
            *place = u32::try_from(count).unwrap_or(0);
            renumber(one.before(), from, &moved);
            if let Some(place) = self.all.get_mut(count) {
                *place = one;
            }
            count += 1;
        }
        self.truncate(count);
        known.into_iter().for_each(|id| renumber(id, from, &moved));
        self.limit = SMALL.max(2 * count);
    }
}

/// The new number for an old one; those before `from` have kept theirs.
fn renumber(id: &mut u32, from: usize, moved: &[u32]) {
    if let Some(new) = (*id as usize).checked_sub(from).and_then(|at| moved.get(at)) {
        *id = *new;
    }
}

/// All frames of a search.
pub(super) struct Frames(Arena<Frame>);

impl Frames {
    /// With the top of a file as the only frame, number 0.
    pub(super) fn new() -> Self {
        Self(Arena::new(TOP))
    }

    pub(super) fn get(&self, id: FrameId) -> Frame {
        self.0.get(id).unwrap_or(TOP)
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
        self.0.add(Frame { around, block, indent, last: NONE, line, depth, way, hash })
    }

    /// The same frame, now that a statement began a line in it.
    pub(super) fn with_last(&mut self, id: FrameId, last: u32) -> FrameId {
        let frame = self.get(id);
        if frame.last == last { id } else { self.0.add(Frame { last, ..frame }) }
    }

    /// Forgets all frames but the first ones.
    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// Where there are many, forgets those from a number on that are none of `known` and around none of them.
    pub(super) fn tidy<'k>(&mut self, from: usize, known: impl Iterator<Item = &'k mut FrameId>) {
        self.0.tidy(from, known);
    }

    pub(super) fn count(&self) -> usize {
        self.0.count()
    }
}

/// What the explanations did, each step with the one before it: they share their beginnings. Number 0 is no step.
pub(super) struct Log(Arena<(u32, Act)>);

impl Log {
    pub(super) fn new() -> Self {
        Self(Arena::new((0, Act::Over { before: 0 })))
    }

    pub(super) fn add(&mut self, before: u32, act: Act) -> u32 {
        self.0.add((before, act))
    }

    /// The steps up to one, in their order.
    pub(super) fn steps(&self, last: u32) -> Vec<Act> {
        let mut steps = Vec::new();
        let mut at = last;
        while at > 0
            && let Some((before, act)) = self.0.get(at)
        {
            steps.push(act);
            at = before;
        }
        steps.reverse();
        steps
    }

    pub(super) fn count(&self) -> usize {
        self.0.count()
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// Where there are many, forgets the steps from a number on that lead to none of `known`.
    pub(super) fn tidy<'k>(&mut self, from: usize, known: impl Iterator<Item = &'k mut u32>) {
        self.0.tidy(from, known);
    }
}

#[cfg(test)]
mod tests {
    use super::{Log, SMALL};
    use crate::syntax::blocks::Act;

    #[test]
    fn what_is_known_is_kept_whatever_is_forgotten() {
        let mut log = Log::new();
        let act = |at: usize| Act::Stray { at };
        let first = log.add(0, act(1));
        let from = log.count();
        let (mut one, mut other, mut wanted) = (first, first, [vec![act(1)], vec![act(1)]]);
        for at in 2..SMALL {
            // Of three steps nobody needs the first.
            log.add(one, act(0));
            one = log.add(one, act(at));
            wanted[0].push(act(at));
            if at % 3 == 0 {
                other = log.add(other, act(2 * at));
                wanted[1].push(act(2 * at));
            }
        }
        let before = log.count();
        log.tidy(from, [&mut one, &mut other].into_iter());
        assert!(log.count() < before, "{before}");
        assert_eq!(log.count(), wanted[0].len() + wanted[1].len());
        assert_eq!(
            [log.steps(one), log.steps(other), log.steps(first)],
            [wanted[0].clone(), wanted[1].clone(), vec![act(1)]]
        );
        // Few are kept as they are, and what is added goes on from them.
        let last = log.add(one, act(7));
        let count = log.count();
        log.tidy(from, std::iter::empty());
        assert_eq!((log.count(), log.steps(last).last()), (count, Some(&act(7))));
    }
}
