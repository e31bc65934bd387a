//! Follows the explanations of a file from token to token.

use std::hash::BuildHasher as _;

use crate::syntax::blocks::frames::{FrameId, Frames, Log, NONE};
use crate::syntax::blocks::{Act, Block};
use crate::syntax::token::Kind;
use crate::syntax::words::{Class, Sort, Words};

/// What a mistake costs.
pub(super) const MISTAKE: u32 = 100;
/// What a missing brace costs where something was refused that it may have been.
const REFUSED: u32 = 5;
/// What a brace costs that is taken for one too many where it could open a block.
pub(super) const RATHER: u32 = 5;
/// What it costs that a line begins where the explanation does not expect it: three such lines outweigh a mistake.
pub(super) const SLANT: u32 = 35;
/// What it costs that a line of a block begins no further from the edge than the block's own first line.
pub(super) const OUTWARD: u32 = 80;
/// What it costs that a brace ends a line and closes a block that began on another.
pub(super) const TRAILING: u32 = 25;
/// How many explanations are followed at once.
const WIDTH: usize = 40;
/// How many are where one stretch costs more than `HOPELESS`: nothing that they say of it is of much use, and there may be
/// megabytes of it.
const FEW: usize = 12;
const HOPELESS: u32 = 50 * MISTAKE;
/// How much dearer the others must be where the next thing at the top begins, to be given up.
const MARGIN: u32 = 60;

/// The explanation of a file that needs the fewest mistakes.
pub(crate) fn solve(words: &Words<'_>, classes: &[Class], refused: &[u32]) -> Vec<Act> {
    let mut search = Search {
        words: *words,
        classes,
        bare: Vec::new(),
        refused,
        frames: Frames::new(),
        log: Log::new(),
        lines: Vec::new(),
        paid: false,
        found: Vec::new(),
    };
    search.run()
}

/// A statement that has begun and whose block has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pending {
    /// What it is; none where no statement is like it.
    pub(super) sort: Option<Sort>,
    /// The only block that it may have, where that is known.
    pub(super) block: Option<Block>,
    /// Whether no statement is so.
    pub(super) is_junk: bool,
    /// Whether its block may be one of several.
    pub(super) is_open: bool,
    pub(super) needs_block: bool,
    pub(super) at: u32,
}

/// An explanation of the tokens read so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) cost: u32,
    pub(super) frame: FrameId,
    pub(super) pending: Option<Pending>,
    /// The container that was closed last, if nothing has begun at the top since.
    pub(super) closed: Option<(Block, u32)>,
    pub(super) log: u32,
    /// Whether the token read last was a brace that means nothing.
    pub(super) is_bare: bool,
}

/// Where the search goes back to.
#[derive(Clone, Copy)]
struct Mark {
    /// A token, and the reading before it.
    at: usize,
    reading: Reading,
    /// How many frames and steps there were by then.
    frames: usize,
    steps: usize,
}

pub(super) struct Search<'l> {
    pub(super) words: Words<'l>,
    pub(super) classes: &'l [Class],
    /// The same if no brace were there; empty until it is asked.
    pub(super) bare: Vec<Class>,
    /// Where characters of the text were refused.
    pub(super) refused: &'l [u32],
    pub(super) frames: Frames,
    pub(super) log: Log,
    /// For each token, the line it stands on and how far from the left edge that begins; empty until it is asked.
    pub(super) lines: Vec<(u32, u32)>,
    /// Whether mistakes are considered.
    pub(super) paid: bool,
    pub(super) found: Vec<Reading>,
}

impl Search<'_> {
    fn run(&mut self) -> Vec<Act> {
        let start = Reading { cost: 0, frame: 0, pending: None, closed: None, log: 0, is_bare: false };
        let mut readings = vec![start];
        let mut mark = self.mark(0, start);
        let mut next = Vec::new();
        let count = self.words.kinds.len();
        let mut at = 0;
        loop {
            if let [reading] = &*readings
                && self.goes_on_as_it_should(reading, at)
            {
                at += 1;
                continue;
            }
            let steps = self.log.count();
            if at < count && self.is_item(at) && !(self.paid && at == mark.at) {
                readings.sort_by_key(|reading| reading.cost);
                let cheapest = readings.first().map_or(0, |reading| reading.cost);
                let is_settled =
                    readings.first().is_some_and(|reading| self.frames.get(reading.frame).depth == 0)
                        && readings.get(1).is_none_or(|second| second.cost >= cheapest + MARGIN);
                if is_settled && let Some(first) = readings.first().copied() {
                    readings.truncate(1);
                    self.paid = false;
                    mark = self.mark(at, first);
                }
            }
            next.clear();
            for reading in &readings {
                if at < count {
                    self.step(reading, at);
                } else {
                    self.end(reading);
                }
                next.append(&mut self.found);
            }
            if next.is_empty() {
                // Nothing fits without a mistake: once more, from the mark, with all that may be wrong.
                self.paid = true;
                self.look_at_lines();
                self.frames.truncate(mark.frames);
                self.log.truncate(mark.steps);
                readings = vec![mark.reading];
                at = mark.at;
                continue;
            }
            readings.clear();
            // Most tokens are no step for anybody.
            if self.paid && self.log.count() > steps {
                self.prune(&next, mark.reading.cost, &mut readings);
                self.frames.tidy(mark.frames, readings.iter_mut().map(|reading| &mut reading.frame));
                self.log.tidy(mark.steps, readings.iter_mut().map(|reading| &mut reading.log));
            } else {
                readings.append(&mut next);
            }
            if at >= count {
                break;
            }
            at += 1;
        }
        readings.sort_by_key(|reading| reading.cost);
        readings.first().map(|best| self.log.steps(best.log)).unwrap_or_default()
    }

    fn mark(&self, at: usize, reading: Reading) -> Mark {
        Mark { at, reading, frames: self.frames.count(), steps: self.log.count() }
    }

    /// Whether a token changes nothing of what a text without mistakes means so far: so do most. The same as `step`, said
    /// once for all of them.
    fn goes_on_as_it_should(&self, reading: &Reading, at: usize) -> bool {
        let (Some(kind), Some(class)) = (self.words.kind(at), self.classes.get(at)) else { return false };
        !self.paid
            && !reading.is_bare
            && reading.pending.is_some()
            && class.lead.is_none()
            && class.line.is_none()
            && match kind {
                Kind::Open | Kind::Close => false,
                Kind::Word | Kind::String => class.is_operand || !self.words.begins_line(at),
                _ => true,
            }
    }

    /// Keeps of explanations with the same future the cheapest, and of these the cheapest few; `before` is what the stretch
    /// cost that they explain when it began.
    fn prune(&self, readings: &[Reading], before: u32, kept: &mut Vec<Reading>) {
        let mut order: Vec<(u32, u32)> =
            readings.iter().zip(0..).map(|(reading, at)| (reading.cost, at)).collect();
        order.sort_unstable();
        let is_hopeless = order.first().is_some_and(|(cost, _)| *cost > before.saturating_add(HOPELESS));
        let width = if is_hopeless { FEW } else { WIDTH };
        let mut futures: Vec<u64> = Vec::with_capacity(WIDTH);
        for (_, at) in order {
            let Some(reading) = readings.get(at as usize) else { break };
            let future = self.future(reading);
            if !futures.contains(&future) {
                futures.push(future);
                kept.push(*reading);
                if kept.len() == width {
                    break;
                }
            }
        }
    }

    /// One number for all that what follows can hang on.
    fn future(&self, reading: &Reading) -> u64 {
        let frame = self.frames.get(reading.frame);
        let all = (frame.hash, frame.last, reading.pending, reading.closed, reading.is_bare);
        foldhash::fast::FixedState::default().hash_one(all)
    }

    fn look_at_lines(&mut self) {
        if !self.lines.is_empty() {
            return;
        }
        self.bare = self.words.bare_classes();
        let (mut line, mut column) = (0, 0);
        for at in 0..self.words.kinds.len() {
            if self.words.begins_line(at) {
                line += 1;
                column = self.words.column(at);
            }
            self.lines.push((line, column));
        }
    }

    pub(super) fn line(&self, at: usize) -> (u32, u32) {
        self.lines.get(at).copied().unwrap_or((0, NONE))
    }

    pub(super) fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| self.line(before).0);
        before != Some(self.line(at).0)
    }

    /// What a token is to those before it.
    pub(super) fn class(&self, reading: &Reading, at: usize) -> Class {
        let classes = if reading.is_bare { &self.bare } else { self.classes };
        classes.get(at).copied().unwrap_or_default()
    }

    /// What it costs that a brace is missing before a token: nothing much where characters were refused in its place.
    pub(super) fn missing(&self, before: usize) -> u32 {
        let from = before.checked_sub(1).map_or(0, |at| self.words.span(at).end);
        let until = if before < self.words.kinds.len() { self.words.span(before).start } else { u32::MAX };
        let first = self.refused.partition_point(|at| *at < from);
        if self.refused.get(first).is_some_and(|at| *at < until) { REFUSED } else { MISTAKE }
    }

    /// Whether something begins that stands at the top only.
    fn is_item(&self, at: usize) -> bool {
        self.classes
            .get(at)
            .and_then(|class| class.begins(Block::Top))
            .is_some_and(|sort| sort.fits(Block::Top) && !matches!(sort, Sort::Forbid | Sort::Require))
    }

    pub(super) fn push(&mut self, reading: Reading) {
        self.found.push(Reading { is_bare: false, ..reading });
    }

    /// A brace that means nothing was read: what stands around it goes on.
    pub(super) fn push_bare(&mut self, reading: Reading) {
        self.found.push(Reading { is_bare: true, ..reading });
    }

    pub(super) fn wrote(&mut self, mut reading: Reading, cost: u32, act: Act) -> Reading {
        reading.cost = reading.cost.saturating_add(cost);
        reading.log = self.log.add(reading.log, act);
        reading
    }

    fn step(&mut self, reading: &Reading, at: usize) {
        match self.words.kind(at) {
            Some(Kind::Open) => self.open(*reading, at),
            Some(Kind::Close) => self.close(*reading, at),
            _ => {
                let block = self.frames.get(reading.frame).block;
                let class = self.class(reading, at);
                match class.begins(block) {
                    Some(sort) => self.start(*reading, at, sort),
                    None => self.plain(*reading, at),
                }
                if self.paid
                    && let Some(sort) = class.hidden
                {
                    self.hidden(*reading, at, sort);
                }
            }
        }
    }
}
