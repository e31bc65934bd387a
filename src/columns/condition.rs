//! Columns joined by and, or and not: as a list of steps over a few registers, so that nothing recurses on how deep a
//! condition is, and nothing but a few words at a time lies between the columns and the answer.

use std::ops::Range;

use crate::columns::sliced::Sliced;

/// What is held of everybody, a key or several joined.
///
/// Steps are in the order in which they are done, and the side that needs more registers goes first: so a condition of n
/// keys needs at most log₂ n + 1 of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    steps: Vec<Step>,
    registers: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A new register with a column.
    Column(u32),
    /// The last register, and what of it a column has.
    And(u32),
    /// What a column has besides.
    Or(u32),
    /// What a column lacks.
    Without(u32),
    /// All that the last register lacks.
    Not,
    /// The last two registers become one.
    Both,
    Either,
}

/// Registers share so many words.
pub(super) const ROOM: usize = 512;

impl Program {
    /// Who holds what a key asks for.
    pub fn of(key: u32) -> Self {
        Self { steps: vec![Step::Column(key)], registers: 1 }
    }

    /// Who is of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (&*self.steps, &*other.steps) {
            (_, [Step::Column(key)]) => self.then(Step::And(*key)),
            (_, [Step::Column(key), Step::Not]) => self.then(Step::Without(*key)),
            ([Step::Column(key)], _) => other.then(Step::And(*key)),
            ([Step::Column(key), Step::Not], _) => other.then(Step::Without(*key)),
            _ => self.join(other, Step::Both),
        }
    }

    /// Who is of one at least.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (&*self.steps, &*other.steps) {
            (_, [Step::Column(key)]) => self.then(Step::Or(*key)),
            ([Step::Column(key)], _) => other.then(Step::Or(*key)),
            _ => self.join(other, Step::Either),
        }
    }

    /// Everybody else.
    #[must_use]
    pub fn negated(mut self) -> Self {
        if self.steps.last() == Some(&Step::Not) {
            self.steps.pop();
            return self;
        }
        self.then(Step::Not)
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    fn join(self, other: Self, step: Step) -> Self {
        let (mut first, then) = if self.registers < other.registers { (other, self) } else { (self, other) };
        first.registers = first.registers.max(then.registers + 1);
        first.steps.extend(then.steps);
        first.then(step)
    }

    /// The key, where it is nothing but one.
    pub(super) fn key(&self) -> Option<u32> {
        match *self.steps {
            [Step::Column(key)] => Some(key),
            _ => None,
        }
    }

    /// All keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = u32> {
        self.steps.iter().filter_map(|step| match step {
            Step::Column(key) | Step::And(key) | Step::Or(key) | Step::Without(key) => Some(*key),
            Step::Not | Step::Both | Step::Either => None,
        })
    }

    /// How many words can be worked out at once. One register more than are needed is there for what has no column.
    pub(super) fn stride(&self) -> usize {
        ROOM / (self.registers + 1)
    }

    /// Works out some words, as many as fit. Behind the last principal a bit may be set.
    #[inline(always)]
    pub(super) fn run<'m>(
        &self,
        sliced: &Sliced<'_>,
        words: Range<usize>,
        room: &'m mut [u64; ROOM],
    ) -> &'m mut [u64] {
        let (stride, count) = (self.stride(), words.len());
        let (spare, registers) = room.split_at_mut(stride);
        let spare = spare.get_mut(..count).unwrap_or_default();
        let mut end = 0;
        // What the last register is to begin with, where it is joined in the next step and need not be copied.
        let mut begun: Option<&[u64]> = None;
        let mut steps = self.steps.iter().peekable();
        while let Some(step) = steps.next() {
            if let Step::Column(_) = step {
                end += stride;
            }
            // The last register, and behind it the one before.
            let (before, last) = registers.split_at_mut(end - stride);
            let Some(last) = last.get_mut(..count) else { break };
            match *step {
                Step::Column(key) => {
                    let is_joined =
                        matches!(steps.peek(), Some(Step::And(_) | Step::Or(_) | Step::Without(_)));
                    begun = sliced.column_part(key, words.clone()).filter(|_| is_joined);
                    if begun.is_none() {
                        last.copy_from_slice(sliced.part(key, words.clone(), spare));
                    }
                }
                Step::And(key) => {
                    let other = sliced.part(key, words.clone(), spare);
                    join(last, begun.take(), other, |one, other| one & other);
                }
                Step::Or(key) => {
                    let other = sliced.part(key, words.clone(), spare);
                    join(last, begun.take(), other, |one, other| one | other);
                }
                Step::Without(key) => {
                    let other = sliced.part(key, words.clone(), spare);
                    join(last, begun.take(), other, |one, other| one & !other);
                }
                Step::Not => last.iter_mut().for_each(|word| *word = !*word),
                Step::Both | Step::Either => {
                    end -= stride;
                    let Some(below) = before.get_mut(end - stride..).and_then(|it| it.get_mut(..count))
                    else {
                        break;
                    };
                    if *step == Step::Both {
                        join(below, None, last, |one, other| one & other);
                    } else {
                        join(below, None, last, |one, other| one | other);
                    }
                }
            }
        }
        registers.get_mut(..count).unwrap_or_default()
    }
}

/// Joins words with others, and puts what comes out in their place; or with what they are to begin with.
#[inline(always)]
fn join(to: &mut [u64], begun: Option<&[u64]>, other: &[u64], join: impl Fn(u64, u64) -> u64) {
    match begun {
        Some(begun) => {
            to.iter_mut().zip(begun).zip(other).for_each(|((to, one), other)| *to = join(*one, *other))
        }
        None => to.iter_mut().zip(other).for_each(|(to, other)| *to = join(*to, *other)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Program, Step};

    /// A column joined to what is there needs no register of its own, on whichever side it stands.
    #[test]
    fn columns_are_joined_where_they_are() {
        let [one, other] = [Program::of(1), Program::of(2)];
        let many = || Program::of(7).or(Program::of(8));
        let steps = |program: Program| (program.registers, program.steps);
        let wanted = |last: Step| (1, vec![Step::Column(7), Step::Or(8), last]);
        let first = |last: Step| (1, vec![Step::Column(1), last]);
        assert_eq!(steps(one.clone().and(other.clone())), first(Step::And(2)));
        assert_eq!(steps(one.clone().or(other.clone())), first(Step::Or(2)));
        assert_eq!(steps(one.clone().and(other.clone().negated())), first(Step::Without(2)));
        assert_eq!(steps(many().and(one.clone())), wanted(Step::And(1)));
        assert_eq!(steps(one.clone().and(many())), wanted(Step::And(1)));
        assert_eq!(steps(many().and(one.clone().negated())), wanted(Step::Without(1)));
        assert_eq!(steps(one.clone().negated().and(many())), wanted(Step::Without(1)));
        assert_eq!(steps(many().or(one.clone())), wanted(Step::Or(1)));
        assert_eq!(steps(one.clone().or(many())), wanted(Step::Or(1)));
        assert_eq!(one.clone().negated().negated(), one);
        assert_eq!(many().and(many()).registers, 2);
        assert_eq!(many().and(many()).or(many().and(many())).registers, 3);
        assert_eq!(many().or(many().and(many())).registers, 2);
    }
}
