//! When a principal breaks a forbid by which lines and roles: one sweep over the moments at which that may change.
//! Says nothing about whether a forbid is broken.

use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::{HashMap, HashMapExt as _};

use crate::check::forbids::cover::cover;
use crate::check::forbids::hands::Hands;
use crate::check::forbids::lines::Line;
use crate::check::forbids::moments::{BEGINNING, Period};
use crate::check::forbids::sets::{self, Sets};
use crate::source::Place;
use crate::vocab::Time;

/// The lines behind what a principal's roles hold of a forbid.
pub(super) struct Behind {
    /// How many numbers the forbid has.
    bits: usize,
    /// Where the lines are, sorted.
    places: Vec<Place>,
    /// By role.
    lines: HashMap<usize, Rc<[Line]>>,
}

impl Behind {
    pub(super) fn new(bits: usize, lines: HashMap<usize, Rc<[Line]>>) -> Self {
        let mut places: Vec<Place> =
            lines.values().flat_map(|lines| lines.iter().map(|line| line.place)).collect();
        places.sort_unstable();
        places.dedup();
        Self { bits, places, lines }
    }

    /// The lines of a role, by place, and which they are among all.
    pub(super) fn of(&self, role: usize) -> impl Iterator<Item = (usize, &Line)> {
        let lines = self.lines.get(&role).into_iter().flat_map(|lines| lines.iter());
        lines.filter_map(|line| Some((self.places.binary_search(&line.place).ok()?, line)))
    }
}

/// One set of lines and roles that breaks a forbid, with all the periods in which it does.
pub(super) struct Breach {
    pub(super) lines: Vec<usize>,
    pub(super) roles: Vec<usize>,
    /// By place.
    pub(super) assignments: Vec<usize>,
    pub(super) periods: Vec<Period>,
    pub(super) are_lines_fewest: bool,
    pub(super) are_roles_fewest: bool,
}

/// Cuts the periods in which a forbid is broken into those in which the same roles break it: from its first moment the
/// fewest lines of that moment, for as long as the assignments that carry them last; then on from there.
pub(super) fn breaches(
    hands: &Hands<'_>,
    judged: &[usize],
    periods: &[Period],
    behind: &Behind,
) -> Vec<Breach> {
    let mut breaches: Vec<Breach> = Vec::new();
    let mut known: HashMap<(Vec<usize>, Vec<usize>), usize> = HashMap::new();
    let mut moving = Moving::new(hands, judged, behind);
    for period in periods {
        let mut from = period.from;
        while from < period.until {
            moving.go_to(from);
            let mut breach = moving.breach();
            let ends = breach.assignments.iter().filter_map(|one| hands.get(*one)?.until());
            let until = ends.fold(period.until, Time::min);
            breach.periods.push(Period { from, until });
            from = until;
            let key = (std::mem::take(&mut breach.lines), std::mem::take(&mut breach.roles));
            match known.get(&key).and_then(|at| breaches.get_mut(*at)) {
                Some(before) => before.again(breach),
                None => {
                    (breach.lines, breach.roles) = key.clone();
                    known.insert(key, breaches.len());
                    breaches.push(breach);
                }
            }
        }
    }
    for breach in &mut breaches {
        breach.assignments.sort_unstable();
        breach.assignments.dedup();
    }
    breaches
}

impl Breach {
    fn again(&mut self, later: Self) {
        for period in later.periods {
            match self.periods.last_mut().filter(|last| last.until == period.from) {
                Some(last) => last.until = period.until,
                None => self.periods.push(period),
            }
        }
        self.assignments.extend(later.assignments);
    }
}

/// What is in force at a moment that moves on. Of what gives the same only the first can be chosen: so the assignments
/// are kept by the lines that their roles have, and the lines by what they give.
struct Moving<'b, 'm> {
    hands: &'b Hands<'m>,
    behind: &'b Behind,
    /// The assignments that have not begun, the next of them last.
    coming: Vec<(Time, usize)>,
    /// Those that have begun and will end, by their ends.
    going: BTreeSet<(Time, usize)>,
    /// By role: its sort.
    sorts: HashMap<usize, usize>,
    /// Roles with the same lines.
    by_sort: Vec<Sort>,
    /// By line: the sorts in force that have it.
    lines: Vec<Carried>,
    /// By what is given: the lines that give it now.
    giving: HashMap<Vec<u64>, BTreeSet<usize>>,
}

/// Lines by place, and what they give.
type Given = Rc<[(usize, Vec<u64>)]>;

struct Sort {
    lines: Given,
    /// The assignments in force, by place.
    in_force: BTreeSet<usize>,
}

/// A line, as it is carried now.
#[derive(Clone, Default)]
struct Carried {
    sorts: BTreeSet<usize>,
    /// What it gives and to how many sorts: a row may be lowered on the way to one and not to another.
    by_gives: Vec<(Vec<u64>, usize)>,
    /// What it gives to any of them.
    gives: Vec<u64>,
}

impl Carried {
    fn turn(&mut self, sort: usize, gives: &[u64], begins: bool) {
        let known = self.by_gives.iter().position(|(known, _)| known == gives);
        let slot = known.and_then(|at| self.by_gives.get_mut(at));
        match slot {
            Some((_, count)) if begins => *count += 1,
            Some((_, count)) => *count -= 1,
            None => self.by_gives.push((gives.to_vec(), 1)),
        }
        if begins {
            self.sorts.insert(sort);
        } else {
            self.sorts.remove(&sort);
        }
        self.by_gives.retain(|(_, count)| *count > 0);
        self.gives = self.by_gives.first().map(|(first, _)| first.clone()).unwrap_or_default();
        self.by_gives.iter().for_each(|(more, _)| sets::join(&mut self.gives, more));
    }
}

impl<'b, 'm> Moving<'b, 'm> {
    fn new(hands: &'b Hands<'m>, judged: &[usize], behind: &'b Behind) -> Self {
        let beginning = |at: &usize| Some((hands.get(*at)?.from().unwrap_or(BEGINNING), *at));
        let mut coming: Vec<(Time, usize)> = judged.iter().filter_map(beginning).collect();
        coming.sort_unstable_by(|a, b| b.cmp(a));
        let mut known: HashMap<Given, usize> = HashMap::new();
        let (mut sorts, mut by_sort) = (HashMap::new(), Vec::new());
        for role in behind.lines.keys() {
            let lines: Given = behind.of(*role).map(|(at, line)| (at, line.gives.clone())).collect();
            let sort = *known.entry(lines.clone()).or_insert_with(|| {
                by_sort.push(Sort { lines, in_force: BTreeSet::new() });
                by_sort.len() - 1
            });
            sorts.insert(*role, sort);
        }
        let lines = vec![Carried::default(); behind.places.len()];
        Self { hands, behind, coming, going: BTreeSet::new(), sorts, by_sort, lines, giving: HashMap::new() }
    }

    /// On to a later moment.
    fn go_to(&mut self, moment: Time) {
        while let Some((_, at)) = self.coming.pop_if(|(from, _)| *from <= moment) {
            self.turn(at, true);
            if let Some(until) = self.hands.get(at).and_then(|assignment| assignment.until()) {
                self.going.insert((until, at));
            }
        }
        while let Some((until, at)) = self.going.first().copied().filter(|(until, _)| *until <= moment) {
            self.going.remove(&(until, at));
            self.turn(at, false);
        }
    }

    /// An assignment begins, or ends.
    fn turn(&mut self, at: usize, begins: bool) {
        let Some(number) = self.hands.role(at).and_then(|role| self.sorts.get(&role)).copied() else {
            return;
        };
        let Some(sort) = self.by_sort.get_mut(number) else { return };
        let was_in_force = !sort.in_force.is_empty();
        if begins {
            sort.in_force.insert(at);
        } else {
            sort.in_force.remove(&at);
        }
        if was_in_force != sort.in_force.is_empty() {
            return;
        }
        for (line, gives) in &*sort.lines.clone() {
            let Some(carried) = self.lines.get_mut(*line) else { continue };
            let before = carried.gives.clone();
            carried.turn(number, gives, begins);
            if before == carried.gives {
                continue;
            }
            if let Some(lines) = self.giving.get_mut(&before) {
                lines.remove(line);
                if lines.is_empty() {
                    self.giving.remove(&before);
                }
            }
            match self.giving.get_mut(&carried.gives) {
                Some(lines) => {
                    lines.insert(*line);
                }
                None if !carried.gives.is_empty() => {
                    self.giving.insert(carried.gives.clone(), BTreeSet::from([*line]));
                }
                None => {}
            }
        }
    }

    /// The fewest lines that break the forbid now that it is broken, and the fewest assignments that carry them.
    fn breach(&self) -> Breach {
        let bits = self.behind.bits;
        let all = sets::all(bits);
        let firsts = self.giving.iter().filter_map(|(gives, lines)| Some((*lines.first()?, gives)));
        let mut firsts: Vec<(usize, &Vec<u64>)> = firsts.collect();
        firsts.sort_unstable();
        let mut given = Sets::new(firsts.len(), bits);
        firsts.iter().enumerate().for_each(|(at, (_, gives))| given.join(at, gives));
        let (chosen, are_lines_fewest) = chosen(&given, &all);
        let lines: Vec<usize> =
            chosen.iter().filter_map(|at| firsts.get(*at)).map(|(line, _)| *line).collect();

        let carried = lines.iter().filter_map(|line| self.lines.get(*line));
        let carrying: BTreeSet<usize> = carried.flat_map(|line| line.sorts.iter().copied()).collect();
        let first =
            |sort: usize| self.by_sort.get(sort).and_then(|sort| Some((*sort.in_force.first()?, sort)));
        let mut firsts: Vec<(usize, &Sort)> = carrying.into_iter().filter_map(first).collect();
        firsts.sort_unstable_by_key(|(at, _)| *at);
        let mut carried = Sets::new(firsts.len(), bits);
        for (position, (_, sort)) in firsts.iter().enumerate() {
            for (line, gives) in sort.lines.iter() {
                if lines.binary_search(line).is_ok() {
                    carried.join(position, gives);
                }
            }
        }
        let (chosen, are_roles_fewest) = self::chosen(&carried, &all);
        let assignments: Vec<usize> =
            chosen.iter().filter_map(|at| firsts.get(*at)).map(|(at, _)| *at).collect();
        let roles = assignments.iter().filter_map(|at| self.hands.role(*at)).collect();
        Breach { lines, roles, assignments, periods: Vec::new(), are_lines_fewest, are_roles_fewest }
    }
}

/// The fewest of some sets, and whether they surely are.
fn chosen(sets: &Sets, all: &[u64]) -> (Vec<usize>, bool) {
    cover(sets, all).map_or((Vec::new(), true), |found| (found.chosen, found.is_fewest))
}
