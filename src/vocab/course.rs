//! What is held over time: from each moment at which it changes until the next. One sweep over the bounds of the
//! spans, however many are on at once.

use crate::vocab::{Actions, Period, Time};

/// What is held of a row over time.
///
/// ```
/// use rolec::vocab::{Actions, Course, Period, Time};
///
/// let (view, full) = (Actions::first(1), Actions::first(2));
/// let course = Course::new([(None, Some(Time(20)), view), (Some(Time(10)), Some(Time(30)), full)]);
/// assert_eq!(course.at(Time(10)), full);
/// assert_eq!(course.at(Time(30)), Actions::NONE, "an end is the first moment without");
/// let changes: Vec<Option<Time>> = course.steps().map(|step| step.until).collect();
/// assert_eq!(changes, [Some(Time(10)), Some(Time(30)), None]);
///
/// // Within a period only.
/// let period = Period::new(Some(Time(15)), Some(Time(40))).unwrap();
/// let within: Vec<(Period, Actions)> = course.during(period).collect();
/// assert_eq!(within[0], (Period::new(Some(Time(15)), Some(Time(30))).unwrap(), full));
/// assert_eq!(within.len(), 2, "and nothing from 30 until 40");
/// ```
#[derive(Clone, Debug)]
pub struct Course {
    /// Since when what is held; the first since the beginning of time.
    steps: Vec<(Time, Actions)>,
}

/// A stretch of time in which the same is held.
///
/// ```
/// use rolec::vocab::{Actions, Course, Step, Time};
///
/// let course = Course::new([(Some(Time(10)), None, Actions::first(1))]);
/// let last = Step { from: Time(10), until: None, held: Actions::first(1) };
/// assert_eq!(course.steps().last(), Some(last));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its first moment; the beginning of time for the first.
    pub from: Time,
    /// The first moment after it; none for the last.
    pub until: Option<Time>,
    /// What is held.
    pub held: Actions,
}

impl Course {
    /// What spans give together: each from its beginning, if it has one, until its end.
    pub fn new(spans: impl IntoIterator<Item = (Option<Time>, Option<Time>, Actions)>) -> Self {
        let mut bounds: Vec<(Time, bool, Actions)> = Vec::new();
        for (from, until, actions) in spans.into_iter().filter(|(.., actions)| !actions.is_empty()) {
            bounds.push((from.unwrap_or(Time(i64::MIN)), true, actions));
            bounds.extend(until.map(|until| (until, false, actions)));
        }
        bounds.sort_unstable();
        let mut counts: Vec<u32> = Vec::new();
        let mut held = Actions::NONE;
        let mut steps = Vec::with_capacity(bounds.len() + 1);
        steps.push((Time(i64::MIN), held));
        for moment in bounds.chunk_by(|(a, ..), (b, ..)| a == b) {
            // What begins goes before what ends: so no count passes below nothing.
            for (_, begins, actions) in moment.iter().rev() {
                for position in actions.positions() {
                    if counts.len() <= position {
                        counts.resize(position + 1, 0);
                    }
                    let Some(count) = counts.get_mut(position) else { continue };
                    *count = if *begins { *count + 1 } else { count.saturating_sub(1) };
                    let one = Actions::one(position);
                    held = if *count > 0 { held | one } else { held - one };
                }
            }
            let Some((at, ..)) = moment.first().copied() else { continue };
            match steps.last_mut() {
                Some((since, last)) if *since == at => *last = held,
                Some((_, last)) if *last == held => {}
                _ => steps.push((at, held)),
            }
        }
        Self { steps }
    }

    /// What is held at a moment.
    pub fn at(&self, at: Time) -> Actions {
        let next = self.steps.partition_point(|(from, _)| *from <= at);
        let here = next.checked_sub(1).and_then(|index| self.steps.get(index));
        here.map_or(Actions::NONE, |(_, held)| *held)
    }

    /// The stretches in which the same is held, from the beginning of time to its end.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        let ends = self.steps.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
        self.steps.iter().zip(ends).map(|((from, held), until)| Step { from: *from, until, held: *held })
    }

    /// The stretches of a period in which the same is held, from its beginning to its end.
    pub fn during(&self, period: Period) -> impl Iterator<Item = (Period, Actions)> {
        self.steps().filter_map(move |step| Some((period.meet(Some(step.from), step.until)?, step.held)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, Step};
    use crate::vocab::{Actions, Time};

    #[test]
    fn a_change_of_hands_is_no_change() {
        let (one, all) = (Actions::first(1), Actions::first(3));
        let span = |from, until, actions| (Some(Time(from)), Some(Time(until)), actions);
        let course =
            Course::new([span(5, 9, one), span(0, 5, one), span(2, 3, all), span(4, 5, Actions::NONE)]);
        let step = |from, until, held| Step { from: Time(from), until: Some(Time(until)), held };
        let found: Vec<Step> = course.steps().collect();
        let wanted = [step(i64::MIN, 0, Actions::NONE), step(0, 2, one), step(2, 3, all), step(3, 9, one)];
        assert_eq!(found[..4], wanted);
        assert_eq!(found[4..], [Step { from: Time(9), until: None, held: Actions::NONE }]);
        for step in wanted {
            assert_eq!(course.at(step.from), step.held);
        }
        assert_eq!(course.at(Time(8)), one);
    }

    #[test]
    fn without_spans_nothing_is_held() {
        assert_eq!(Course::new([]).steps().map(|step| step.held).collect::<Vec<_>>(), [Actions::NONE]);
        let always = Course::new([(None, None, Actions::first(1))]);
        assert_eq!(always.steps().count(), 1);
        assert_eq!(always.at(Time(i64::MIN)), Actions::first(1));
    }
}
