//! What one principal has in hands, turned round: which assignments bring what a forbid asks for.

use crate::check::forbids::moments::{BEGINNING, END, Period};
use crate::check::forbids::sets::{Sets, numbers};
use crate::check::forbids::watch::{Watch, Watched};
use crate::model::{Assignment, Principal};

/// A principal's assignments, by place.
pub(super) struct Hands<'m> {
    principal: &'m Principal,
    /// Each with the number of its role.
    assignments: Vec<(&'m Assignment, usize)>,
}

impl<'m> Hands<'m> {
    pub(super) fn new(principal: &'m Principal, watch: &Watch<'m>) -> Self {
        let numbered = principal.assignments.iter().filter_map(|one| Some((one, watch.number(one.role)?)));
        let mut assignments: Vec<(&Assignment, usize)> = numbered.collect();
        assignments.sort_by_key(|(assignment, _)| assignment.place);
        Self { principal, assignments }
    }

    pub(super) fn name(&self) -> &'m str {
        &self.principal.name
    }

    /// An assignment by its position.
    pub(super) fn get(&self, at: usize) -> Option<&'m Assignment> {
        self.assignments.get(at).map(|(assignment, _)| *assignment)
    }

    /// The number of its role.
    pub(super) fn role(&self, at: usize) -> Option<usize> {
        self.assignments.get(at).map(|(_, role)| *role)
    }
}

/// The hands, by what they bring.
pub(super) struct Bringing<'h, 'm> {
    hands: &'h Hands<'m>,
    /// By number of what is asked: the assignments that bring it.
    by_number: Sets,
}

impl<'h, 'm> Bringing<'h, 'm> {
    pub(super) fn new(hands: &'h Hands<'m>, watch: &Watch<'m>) -> Self {
        let mut by_number = Sets::new(watch.numbers(), hands.assignments.len());
        for (at, (_, role)) in hands.assignments.iter().enumerate() {
            numbers(watch.held(*role)).for_each(|number| by_number.add(number, at));
        }
        Self { hands, by_number }
    }

    /// The assignments that bring a number, of the roles that count.
    fn bring(&self, number: usize, counts: &dyn Fn(usize) -> bool) -> impl Iterator<Item = usize> {
        numbers(self.by_number.get(number)).filter(move |at| self.hands.role(*at).is_some_and(counts))
    }

    /// When each number of a forbid is brought; none where one never is.
    pub(super) fn parts(
        &self,
        watched: &Watched<'_>,
        counts: &dyn Fn(usize) -> bool,
    ) -> Option<Vec<Vec<Period>>> {
        let mut parts = Vec::with_capacity(watched.numbers.len());
        for number in &watched.numbers {
            let assignments = self.bring(*number, counts).filter_map(|at| self.hands.get(at));
            let part: Vec<Period> = assignments
                .map(|one| Period {
                    from: one.from().unwrap_or(BEGINNING),
                    until: one.until().unwrap_or(END),
                })
                .collect();
            if part.is_empty() {
                return None;
            }
            parts.push(part);
        }
        Some(parts)
    }

    /// The assignments that bring a part of a forbid, by place.
    pub(super) fn judged(&self, watched: &Watched<'_>, counts: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let mut judged: Vec<usize> =
            watched.numbers.iter().flat_map(|number| self.bring(*number, counts)).collect();
        judged.sort_unstable();
        judged.dedup();
        judged
    }
}
