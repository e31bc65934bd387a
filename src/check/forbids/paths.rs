//! The ways of one row of a forbid along bases: from roles that hold some of it, each to the first role that says the
//! row. All roles share them, so that what stands behind many is worked out once. Knows nothing of what roles say.

use foldhash::HashMap;

use crate::check::forbids::sets::{Sets, has, numbers};
use crate::model::RoleRef;
use crate::source::Place;
use crate::vocab::Actions;

/// The ways of one row. Steps go by number, bases before what stands on them.
#[derive(Default)]
pub(super) struct Paths {
    steps: Vec<Step>,
    /// The lines at which ways end, by place once all are known: what each gives, and the step that says it.
    ends: Vec<(Place, Actions, usize)>,
    /// By step: the ends that it leads to.
    leads: Option<Sets>,
    /// The steps at which ways are asked for.
    starts: HashMap<RoleRef, usize>,
    /// By end and step, as far as it was asked: how far it is, and the next step on the way.
    nearest: HashMap<(usize, usize), (usize, usize)>,
}

/// A role on the ways, and where they go on from it.
struct Step {
    role: RoleRef,
    bases: Vec<usize>,
}

/// A step from which the nearest way is being looked for.
struct Open {
    step: usize,
    /// How many of its bases were looked at.
    looked: usize,
    /// How far it is by the best of them, and that one.
    best: Option<(usize, usize)>,
}

impl Paths {
    /// A role that says the row itself: here a way ends, whatever its bases hold.
    pub(super) fn end(&mut self, role: RoleRef, place: Place, gives: Actions) -> usize {
        if gives != Actions::NONE {
            self.ends.push((place, gives, self.steps.len()));
        }
        self.pass(role, Vec::new())
    }

    /// A role that has of the row what its bases have, which are known already.
    pub(super) fn pass(&mut self, role: RoleRef, bases: Vec<usize>) -> usize {
        self.steps.push(Step { role, bases });
        self.steps.len() - 1
    }

    pub(super) fn start(&mut self, role: RoleRef, step: usize) {
        self.starts.insert(role, step);
    }

    /// Works out where each step leads to, once all are there.
    pub(super) fn close(&mut self) {
        self.ends.sort_unstable_by_key(|(place, ..)| *place);
        let mut leads = Sets::new(self.steps.len(), self.ends.len());
        for (end, (.., step)) in self.ends.iter().enumerate() {
            leads.add(*step, end);
        }
        for (at, step) in self.steps.iter().enumerate() {
            step.bases.iter().for_each(|base| leads.draw(at, *base));
        }
        self.leads = Some(leads);
    }

    fn leads(&self, step: usize) -> &[u64] {
        self.leads.as_ref().map_or(&[], |leads| leads.get(step))
    }

    /// The lines that a start leads to, by place, and what each gives.
    pub(super) fn lines(&self, start: RoleRef) -> impl Iterator<Item = (Place, Actions)> {
        let leads = self.starts.get(&start).map_or(&[] as &[u64], |step| self.leads(*step));
        let ends = numbers(leads).filter_map(|end| self.ends.get(end));
        ends.map(|(place, gives, _)| (*place, *gives))
    }

    /// The shortest way from a start to the role that says a line; of several the one whose bases are named first.
    pub(super) fn way(&mut self, start: RoleRef, line: Place) -> Option<Way> {
        let step = *self.starts.get(&start)?;
        let end = self.ends.binary_search_by_key(&line, |(place, ..)| *place).ok()?;
        let last = self.ends.get(end)?.2;
        let (far, _) = self.nearest(end, step)?;
        let next = |at: &usize| self.nearest.get(&(end, *at)).map(|(_, next)| *next);
        let role = |at: usize| self.steps.get(at).map(|step| step.role);
        let told = if far <= Way::TOLD { far } else { Way::TOLD - 1 };
        let first = std::iter::successors(Some(step), next).take(told);
        let first: Vec<RoleRef> = first.filter_map(role).collect();
        Some(Way { hidden: far - first.len(), first, last: role(last)? })
    }

    /// How far an end is from a step, and the next step to it.
    fn nearest(&mut self, end: usize, step: usize) -> Option<(usize, usize)> {
        let last = self.ends.get(end)?.2;
        let mut open = vec![Open { step, looked: 0, best: None }];
        while let Some(Open { step: at, looked, best }) = open.last_mut() {
            let at = *at;
            if at == last {
                *best = Some((0, last));
            } else if let Some(base) = self.steps.get(at).and_then(|step| step.bases.get(*looked)).copied() {
                if !has(self.leads(base), end) {
                    *looked += 1;
                } else if let Some((far, _)) = self.nearest.get(&(end, base)) {
                    *looked += 1;
                    if best.is_none_or(|(best, _)| far + 1 < best) {
                        *best = Some((far + 1, base));
                    }
                } else {
                    open.push(Open { step: base, looked: 0, best: None });
                }
                continue;
            }
            let best = (*best)?;
            self.nearest.insert((end, at), best);
            open.pop();
        }
        self.nearest.get(&(end, step)).copied()
    }
}

/// A way from a role to the one that says a line, of which the middle may be long.
pub(super) struct Way {
    /// The roles on it from its start, without the last.
    pub(super) first: Vec<RoleRef>,
    /// How many come between those and the last.
    pub(super) hidden: usize,
    pub(super) last: RoleRef,
}

impl Way {
    /// How many roles before the last are told; of more one less, and how many more.
    const TOLD: usize = 5;
}
