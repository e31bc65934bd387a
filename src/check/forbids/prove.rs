//! That no role, no assigned template and no principal at any moment breaks a forbid; or who does, when, and by which
//! lines. A role that breaks one by itself is told once, and left out of what its holders are told.

use std::collections::HashMap;
use std::rc::Rc;

use crate::catalog::Catalog;
use crate::check::forbids::cover::cover;
use crate::check::forbids::hands::Hands;
use crate::check::forbids::lines::{Line, Lines};
use crate::check::forbids::moments::{Period, together};
use crate::check::forbids::sets::{self, Sets};
use crate::check::forbids::tell::{Broken, Held, Named, Teller};
use crate::check::forbids::watch::{Watch, Watched};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Organization, Role, RoleRef, Roles, Shared};
use crate::source::Place;
use crate::vocab::Time;

/// Proves the forbids of the top and of the organization itself, in it.
pub(in crate::check) fn prove(shared: &Shared, organization: &Organization, findings: &mut Diagnostics) {
    let Some(catalog) = shared.catalogs.get(organization.catalog.index()) else { return };
    let watch = Watch::new(shared, organization, catalog);
    if watch.forbids.is_empty() {
        return;
    }
    let roles = Roles { templates: &shared.templates, own: &organization.roles };
    let passed_over = watch.forbids.iter().map(|watched| watched.passed_over.clone()).collect();
    let lines = Lines::new(roles, catalog);
    let mut proof = Proof { roles, catalog, organization, watch, lines, passed_over };
    proof.roles(findings);
    proof.principals(findings);
}

/// The proof of all forbids in one organization.
struct Proof<'m> {
    roles: Roles<'m>,
    catalog: &'m Catalog,
    organization: &'m Organization,
    watch: Watch<'m>,
    lines: Lines<'m>,
    /// By forbid: the roles that do not count in somebody's hands, sorted. The excepted, then also the told.
    passed_over: Vec<Vec<usize>>,
}

impl<'m> Proof<'m> {
    fn roles(&mut self, findings: &mut Diagnostics) {
        let assigned = self.assigned();
        let mut told: Vec<(usize, usize)> = Vec::new();
        for role in 0..self.watch.len() {
            let broken = self.watch.within(self.watch.held(role));
            told.extend(
                broken.filter(|forbid| !self.is_passed_over(*forbid, role)).map(|forbid| (forbid, role)),
            );
        }
        for (forbid, role) in told {
            let found = self.by_role(forbid, role, &assigned);
            found.into_iter().for_each(|finding| findings.push(finding));
            if let Some(passed_over) = self.passed_over.get_mut(forbid) {
                passed_over.push(role);
            }
        }
        self.passed_over.iter_mut().for_each(|roles| roles.sort_unstable());
    }

    fn is_passed_over(&self, forbid: usize, role: usize) -> bool {
        self.passed_over.get(forbid).is_some_and(|roles| roles.binary_search(&role).is_ok())
    }

    /// The first assignment of each template.
    fn assigned(&self) -> HashMap<RoleRef, Place> {
        let mut first: HashMap<RoleRef, Place> = HashMap::new();
        for assignment in self.organization.principals.iter().flat_map(|principal| &principal.assignments) {
            if let RoleRef::Template(_) = assignment.role {
                let place = first.entry(assignment.role).or_insert(assignment.place);
                *place = (*place).min(assignment.place);
            }
        }
        first
    }

    fn by_role(
        &mut self,
        forbid: usize,
        number: usize,
        assigned: &HashMap<RoleRef, Place>,
    ) -> Option<Diagnostic> {
        let named = self.watch.role(number)?;
        let role = self.roles.get(named)?;
        let watched = self.watch.forbids.get(forbid)?;
        let lines = self.lines.of(&self.watch, forbid, number);
        let mut given = Sets::new(lines.len(), watched.numbers.len());
        lines.iter().enumerate().for_each(|(at, line)| given.join(at, &line.gives));
        let found = cover(&given, &sets::all(watched.numbers.len()));
        let (chosen, is_fewest) = found.map_or((Vec::new(), true), |found| (found.chosen, found.is_fewest));
        let chosen = chosen.iter().filter_map(|at| lines.get(*at));
        let lines =
            chosen.map(|line| named_line(&mut self.lines, self.roles, watched, named, line)).collect();
        let broken = Broken { lines, is_fewest };
        let teller = Teller { catalog: self.catalog, organization: &self.organization.id, watched };
        Some(match assigned.get(&named) {
            Some(place) => teller.template(role, *place, &broken),
            None => teller.role(role, &broken),
        })
    }

    fn principals(&mut self, findings: &mut Diagnostics) {
        let organization = self.organization;
        for principal in &organization.principals {
            let mut held = Sets::new(1, self.watch.numbers());
            for role in principal.assignments.iter().filter_map(|one| self.watch.number(one.role)) {
                held.join(0, self.watch.held(role));
            }
            let suspected: Vec<usize> = self.watch.within(held.get(0)).collect();
            if suspected.is_empty() {
                continue;
            }
            let hands = Hands::new(principal, &self.watch);
            for forbid in suspected {
                let Some(watched) = self.watch.forbids.get(forbid) else { continue };
                let counts = |role: usize| !self.is_passed_over(forbid, role);
                let Some(parts) = hands.parts(watched, &counts) else { continue };
                let periods = together(&parts);
                if !periods.is_empty() {
                    let judged = hands.judged(watched, &counts);
                    self.by_principal(forbid, &hands, &judged, &periods, findings);
                }
            }
        }
    }

    /// Tells the periods in which a principal breaks a forbid: one finding for each set of lines and roles that does.
    fn by_principal(
        &mut self,
        forbid: usize,
        hands: &Hands<'m>,
        judged: &[usize],
        periods: &[Period],
        findings: &mut Diagnostics,
    ) {
        let Some(watched) = self.watch.forbids.get(forbid) else { return };
        let bits = watched.numbers.len();
        let mut behind = Behind { bits, places: Vec::new(), lines: HashMap::new() };
        for role in judged.iter().filter_map(|at| hands.role(*at)) {
            behind.lines.entry(role).or_insert_with(|| self.lines.of(&self.watch, forbid, role));
        }
        behind.places = behind.lines.values().flat_map(|lines| lines.iter().map(|line| line.place)).collect();
        behind.places.sort_unstable();
        behind.places.dedup();
        for breach in breaches(hands, judged, periods, &behind) {
            let role = |number: usize| self.watch.role(number).and_then(|role| self.roles.get(role));
            let held = Held {
                periods: breach.periods,
                roles: breach.roles.iter().filter_map(|number| role(*number)).collect(),
                assignments: breach
                    .assignments
                    .iter()
                    .filter_map(|at| Some((hands.get(*at)?.place, role(hands.role(*at)?)?)))
                    .collect(),
                is_fewest: breach.are_roles_fewest,
            };
            let mut lines = Vec::new();
            for place in breach.lines.iter().filter_map(|line| behind.places.get(*line)) {
                // By the first of the roles that carries it; what it gives, by any of them.
                let mut named: Option<Named<'m>> = None;
                for number in &breach.roles {
                    let Some(line) = behind.line(*number, *place) else { continue };
                    match &mut named {
                        Some(named) => sets::join(&mut named.gives, &line.gives),
                        None => {
                            let Some(role) = self.watch.role(*number) else { continue };
                            named = Some(named_line(&mut self.lines, self.roles, watched, role, line));
                        }
                    }
                }
                lines.extend(named);
            }
            let broken = Broken { lines, is_fewest: breach.are_lines_fewest };
            let teller = Teller { catalog: self.catalog, organization: &self.organization.id, watched };
            findings.push(teller.principal(hands.name(), &held, &broken));
        }
    }
}

fn named_line<'m>(
    lines: &mut Lines<'m>,
    roles: Roles<'m>,
    watched: &Watched<'_>,
    role: RoleRef,
    line: &Line,
) -> Named<'m> {
    let way = lines.way(watched, role, line);
    let way = way.into_iter().filter_map(|role| roles.get(role)).collect::<Vec<&Role>>();
    Named { place: line.place, gives: line.gives.clone(), way }
}

/// The lines behind what a principal's roles hold of a forbid.
struct Behind {
    /// How many numbers the forbid has.
    bits: usize,
    /// Where the lines are, sorted.
    places: Vec<Place>,
    /// By role.
    lines: HashMap<usize, Rc<[Line]>>,
}

impl Behind {
    fn of(&self, role: Option<usize>) -> impl Iterator<Item = (usize, &Line)> {
        let lines = role.and_then(|role| self.lines.get(&role)).into_iter().flat_map(|lines| lines.iter());
        lines.filter_map(|line| Some((self.places.binary_search(&line.place).ok()?, line)))
    }

    fn line(&self, role: usize, place: Place) -> Option<&Line> {
        let lines = self.lines.get(&role)?;
        lines.binary_search_by_key(&place, |line| line.place).ok().and_then(|at| lines.get(at))
    }
}

/// One set of lines and roles that breaks a forbid, with all the periods in which it does.
struct Breach {
    lines: Vec<usize>,
    roles: Vec<usize>,
    assignments: Vec<usize>,
    periods: Vec<Period>,
    are_lines_fewest: bool,
    are_roles_fewest: bool,
}

/// Cuts the periods in which a forbid is broken into those in which the same roles break it: from its first moment the
/// fewest lines of that moment, for as long as the assignments that carry them last; then on from there.
fn breaches(hands: &Hands<'_>, judged: &[usize], periods: &[Period], behind: &Behind) -> Vec<Breach> {
    let mut breaches: Vec<Breach> = Vec::new();
    let mut known: HashMap<(Vec<usize>, Vec<usize>), usize> = HashMap::new();
    for period in periods {
        let mut from = period.from;
        while from < period.until {
            let mut breach = at(hands, judged, from, behind);
            let ends = breach.assignments.iter().filter_map(|one| hands.get(*one)?.until);
            let until = ends.fold(period.until, Time::min);
            breach.periods.push(Period { from, until });
            from = until;
            match known
                .get(&(breach.lines.clone(), breach.roles.clone()))
                .and_then(|at| breaches.get_mut(*at))
            {
                Some(before) => before.again(breach),
                None => {
                    known.insert((breach.lines.clone(), breach.roles.clone()), breaches.len());
                    breaches.push(breach);
                }
            }
        }
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
        self.assignments.sort_unstable();
        self.assignments.dedup();
    }
}

/// The fewest lines that break a forbid at a moment at which it is broken, and the fewest assignments that carry them.
fn at(hands: &Hands<'_>, judged: &[usize], moment: Time, behind: &Behind) -> Breach {
    let in_force = |at: &usize| hands.get(*at).is_some_and(|assignment| assignment.is_in_force(moment));
    let in_force: Vec<usize> = judged.iter().copied().filter(in_force).collect();
    let all = sets::all(behind.bits);
    let mut given = Sets::new(behind.places.len(), behind.bits);
    for (line, gives) in in_force.iter().flat_map(|at| behind.of(hands.role(*at))) {
        given.join(line, &gives.gives);
    }
    let lines = cover(&given, &all);
    let (lines, are_lines_fewest) = lines.map_or((Vec::new(), true), |found| (found.chosen, found.is_fewest));
    let mut carried = Sets::new(in_force.len(), behind.bits);
    for (position, at) in in_force.iter().enumerate() {
        for (line, gives) in behind.of(hands.role(*at)) {
            if lines.binary_search(&line).is_ok() {
                carried.join(position, &gives.gives);
            }
        }
    }
    let carriers = cover(&carried, &all);
    let (carriers, are_roles_fewest) =
        carriers.map_or((Vec::new(), true), |found| (found.chosen, found.is_fewest));
    let assignments: Vec<usize> =
        carriers.iter().filter_map(|position| in_force.get(*position)).copied().collect();
    let roles = assignments.iter().filter_map(|at| hands.role(*at)).collect();
    Breach { lines, roles, assignments, periods: Vec::new(), are_lines_fewest, are_roles_fewest }
}
