//! That no role, no assigned template and no principal at any moment breaks a forbid; or who does, when, and by which
//! lines. A role that breaks one by itself is told once, and left out of what its holders are told.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::Catalog;
use crate::check::forbids::breaches::{Behind, breaches};
use crate::check::forbids::cover::cover;
use crate::check::forbids::hands::{Bringing, Hands};
use crate::check::forbids::lines::{Line, Lines, Ways};
use crate::check::forbids::moments::{Period, together};
use crate::check::forbids::sets::{self, Sets};
use crate::check::forbids::tell::{Broken, Held, Named, Teller};
use crate::check::forbids::top::Top;
use crate::check::forbids::watch::Watch;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Organization, RoleRef, Roles, Shared};
use crate::source::Place;

/// Proves the forbids of the top and of the organization itself, in it.
pub(in crate::check) fn prove(
    shared: &Shared,
    top: &Top,
    organization: &Organization,
    findings: &mut Diagnostics,
) {
    let Some(catalog) = shared.catalogs.get(organization.catalog.index()) else { return };
    let watch = Watch::new(shared, top, organization, catalog);
    if watch.forbids.is_empty() {
        return;
    }
    let roles = Roles { templates: &shared.templates, own: &organization.roles };
    let passed_over = watch.forbids.iter().map(|watched| watched.passed_over.clone()).collect();
    let mut proof = Proof { roles, catalog, organization, watch, passed_over };
    let told = proof.roles();
    let (hands, cases) = proof.principals();
    let found = proof.tell(&told, &hands, &cases);
    found.into_iter().for_each(|finding| findings.push(finding));
}

/// The proof of all forbids in one organization.
struct Proof<'m> {
    roles: Roles<'m>,
    catalog: &'m Catalog,
    organization: &'m Organization,
    watch: Watch<'m>,
    /// By forbid: the roles that do not count in somebody's hands, sorted. The excepted, then also the told.
    passed_over: Vec<Vec<usize>>,
}

/// A forbid that a role breaks by itself.
struct Alone {
    forbid: usize,
    role: usize,
}

/// A forbid that a principal breaks.
struct Case {
    forbid: usize,
    /// A position among the hands.
    hands: usize,
    /// The assignments that bring a part of it.
    judged: Vec<usize>,
    periods: Vec<Period>,
}

impl<'m> Proof<'m> {
    /// The roles that break a forbid by themselves. From then on they are passed over.
    fn roles(&mut self) -> Vec<Alone> {
        let mut told: Vec<Alone> = Vec::new();
        for role in 0..self.watch.len() {
            let broken = self.watch.within(self.watch.held(role));
            let broken = broken.filter(|forbid| !self.is_passed_over(*forbid, role));
            told.extend(broken.map(|forbid| Alone { forbid, role }));
        }
        for Alone { forbid, role } in &told {
            if let Some(passed_over) = self.passed_over.get_mut(*forbid) {
                passed_over.push(*role);
            }
        }
        self.passed_over.iter_mut().for_each(|roles| roles.sort_unstable());
        told
    }

    fn is_passed_over(&self, forbid: usize, role: usize) -> bool {
        self.passed_over.get(forbid).is_some_and(|roles| roles.binary_search(&role).is_ok())
    }

    /// The principals that break a forbid by several roles, and when.
    fn principals(&self) -> (Vec<Hands<'m>>, Vec<Case>) {
        let (mut all, mut cases) = (Vec::new(), Vec::new());
        // Of who holds one role nothing is to be told beyond what is told of the role.
        for principal in self.organization.principals.several() {
            let mut held = Sets::new(1, self.watch.numbers());
            for role in principal.assignments.iter().filter_map(|one| self.watch.number(one.role)) {
                held.join(0, self.watch.held(role));
            }
            let suspected: Vec<usize> = self.watch.within(held.get(0)).collect();
            if suspected.is_empty() {
                continue;
            }
            let hands = Hands::new(principal, &self.watch);
            let bringing = Bringing::new(&hands, &self.watch);
            let before = cases.len();
            for forbid in suspected {
                let Some(watched) = self.watch.forbids.get(forbid) else { continue };
                let counts = |role: usize| !self.is_passed_over(forbid, role);
                let Some(parts) = bringing.parts(watched, &counts) else { continue };
                let periods = together(&parts);
                if !periods.is_empty() {
                    let judged = bringing.judged(watched, &counts);
                    cases.push(Case { forbid, hands: all.len(), judged, periods });
                }
            }
            if cases.len() > before {
                all.push(hands);
            }
        }
        (all, cases)
    }

    /// The findings: of roles, then of principals. Forbid by forbid, so that all who break one share the ways to its
    /// lines, and no more than those of one are kept.
    fn tell(&self, told: &[Alone], hands: &[Hands<'m>], cases: &[Case]) -> Vec<Diagnostic> {
        let mut by_forbid: Vec<(Vec<usize>, Vec<usize>)> =
            vec![(Vec::new(), Vec::new()); self.watch.forbids.len()];
        for (at, alone) in told.iter().enumerate() {
            if let Some((told, _)) = by_forbid.get_mut(alone.forbid) {
                told.push(at);
            }
        }
        for (at, case) in cases.iter().enumerate() {
            if let Some((_, cases)) = by_forbid.get_mut(case.forbid) {
                cases.push(at);
            }
        }
        let assigned = if told.is_empty() { HashMap::new() } else { self.assigned() };
        let mut lines = Lines::new(self.roles, self.catalog);
        // Each with its place in the order.
        let mut found: Vec<(usize, Diagnostic)> = Vec::new();
        for ((of_roles, of_principals), watched) in by_forbid.iter().zip(&self.watch.forbids) {
            if of_roles.is_empty() && of_principals.is_empty() {
                continue;
            }
            let alone = || of_roles.iter().filter_map(|at| Some((*at, told.get(*at)?.role)));
            let held = || {
                let cases = of_principals.iter().filter_map(|at| Some((told.len() + at, cases.get(*at)?)));
                cases.filter_map(|(at, case)| Some((at, case, hands.get(case.hands)?)))
            };
            let judged =
                held().flat_map(|(_, case, hands)| case.judged.iter().filter_map(|at| hands.role(*at)));
            let ways = lines.of(&self.watch, watched, alone().map(|(_, role)| role).chain(judged));
            let teller = Teller { catalog: self.catalog, organization: &self.organization.id, watched };
            let mut of = Of { proof: self, ways, teller, known: HashMap::new() };
            for (at, role) in alone() {
                found.extend(of.role(role, &assigned).map(|finding| (at, finding)));
            }
            for (at, case, hands) in held() {
                found.extend(of.principal(hands, case).into_iter().map(|finding| (at, finding)));
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, finding)| finding).collect()
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
}

/// What is told of one forbid.
struct Of<'p, 'm> {
    proof: &'p Proof<'m>,
    ways: Ways<'p, 'm>,
    teller: Teller<'p>,
    /// The lines of roles that several hold.
    known: HashMap<usize, Rc<[Line]>>,
}

impl<'m> Of<'_, 'm> {
    fn role(&mut self, number: usize, assigned: &HashMap<RoleRef, Place>) -> Option<Diagnostic> {
        let named = self.proof.watch.role(number)?;
        let role = self.proof.roles.get(named)?;
        let lines = self.ways.lines(number);
        let bits = self.teller.watched.numbers.len();
        let mut given = Sets::new(lines.len(), bits);
        lines.iter().enumerate().for_each(|(at, line)| given.join(at, &line.gives));
        let found = cover(&given, &sets::all(bits));
        let (chosen, is_fewest) = found.map_or((Vec::new(), true), |found| (found.chosen, found.is_fewest));
        let chosen = chosen.iter().filter_map(|at| lines.get(*at));
        let lines = chosen.map(|line| self.named(number, line)).collect();
        let broken = Broken { lines, is_fewest };
        Some(match assigned.get(&named) {
            Some(place) => self.teller.template(role, *place, &broken),
            None => self.teller.role(role, &broken),
        })
    }

    /// The periods in which a principal breaks the forbid: one finding for each set of lines and roles that does.
    fn principal(&mut self, hands: &Hands<'m>, case: &Case) -> Vec<Diagnostic> {
        let bits = self.teller.watched.numbers.len();
        let mut lines: HashMap<usize, Rc<[Line]>> = HashMap::new();
        for role in case.judged.iter().filter_map(|at| hands.role(*at)) {
            let known = self.known.entry(role).or_insert_with(|| self.ways.lines(role).into());
            lines.entry(role).or_insert_with(|| known.clone());
        }
        let behind = Behind::new(bits, lines);
        let mut found = Vec::new();
        for breach in breaches(hands, &case.judged, &case.periods, &behind) {
            let proof = self.proof;
            let role = |number: usize| proof.watch.role(number).and_then(|role| proof.roles.get(role));
            let assignments = breach.assignments.iter();
            let assignments =
                assignments.filter_map(|at| Some((hands.get(*at)?.place, role(hands.role(*at)?)?)));
            let held = Held {
                periods: breach.periods,
                roles: breach.roles.iter().filter_map(|number| role(*number)).collect(),
                assignments: assignments.collect(),
                is_fewest: breach.are_roles_fewest,
            };
            // By the first of the roles that carries a line; what it gives, by any of them.
            let mut lines: Vec<Option<Named<'m>>> = Vec::new();
            lines.resize_with(breach.lines.len(), || None);
            for number in &breach.roles {
                for (line, gives) in behind.of(*number) {
                    let named = breach.lines.binary_search(&line).ok().and_then(|at| lines.get_mut(at));
                    match named {
                        Some(Some(named)) => sets::join(&mut named.gives, &gives.gives),
                        Some(named) => *named = Some(self.named(*number, gives)),
                        None => {}
                    }
                }
            }
            let lines = lines.into_iter().flatten().collect();
            let broken = Broken { lines, is_fewest: breach.are_lines_fewest };
            found.push(self.teller.principal(hands.name(), &held, &broken));
        }
        found
    }

    fn named(&mut self, role: usize, line: &Line) -> Named<'m> {
        let way = self.ways.way(role, line);
        let hidden = way.as_ref().map_or(0, |way| way.hidden);
        let way = way.into_iter().flat_map(|way| way.first.into_iter().chain([way.last]));
        let way = way.filter_map(|role| self.proof.roles.get(role)).collect();
        Named { place: line.place, gives: line.gives.clone(), way, hidden }
    }
}
