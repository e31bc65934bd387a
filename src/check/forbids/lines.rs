//! The lines behind what a role holds: along its bases, to each line that gives some of what a forbid asks for.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::catalog::Catalog;
use crate::check::forbids::sets::{Sets, has};
use crate::check::forbids::watch::{Watch, Watched};
use crate::model::{RoleRef, Roles, Target};
use crate::source::Place;
use crate::vocab::{Actions, RowId};

/// A line with what it gives of a forbid: positions in its [`Watched::numbers`].
#[derive(Debug)]
pub(super) struct Line {
    pub(super) place: Place,
    pub(super) gives: Vec<u64>,
}

/// The lines of roles, each found once.
pub(super) struct Lines<'m> {
    roles: Roles<'m>,
    catalog: &'m Catalog,
    /// By role: where it says what.
    said: HashMap<RoleRef, HashMap<Target, Place>>,
    /// By forbid and role.
    found: HashMap<(usize, usize), Rc<[Line]>>,
}

/// One role on the ways from a role to its lines about a row.
struct Step {
    role: RoleRef,
    /// The step before it; none at the start.
    before: Option<usize>,
    /// Its own line about the row, which ends the way, and what it gives.
    line: Option<(Place, Actions)>,
}

impl<'m> Lines<'m> {
    pub(super) fn new(roles: Roles<'m>, catalog: &'m Catalog) -> Self {
        Self { roles, catalog, said: HashMap::new(), found: HashMap::new() }
    }

    /// The lines that give a role what a forbid asks for, by place.
    pub(super) fn of(&mut self, watch: &Watch<'m>, forbid: usize, role: usize) -> Rc<[Line]> {
        if let Some(found) = self.found.get(&(forbid, role)) {
            return found.clone();
        }
        let lines = match (watch.forbids.get(forbid), watch.role(role)) {
            (Some(watched), Some(named)) => self.find(watched, named, watch.held(role)),
            _ => Vec::new(),
        };
        let lines: Rc<[Line]> = lines.into();
        self.found.insert((forbid, role), lines.clone());
        lines
    }

    fn find(&mut self, watched: &Watched<'_>, role: RoleRef, held: &[u64]) -> Vec<Line> {
        let mut lines: Vec<(Place, usize)> = Vec::new();
        let mut rest = watched.numbers.iter().copied().enumerate();
        for (row, asked) in &watched.parts {
            let part: Vec<(usize, usize)> = rest.by_ref().take(asked.count()).collect();
            if !part.iter().any(|(_, number)| has(held, *number)) {
                continue;
            }
            for (place, gives) in self.walk(role, *row, *asked).into_iter().filter_map(|step| step.line) {
                let actions = asked.positions().zip(&part);
                let given = actions.filter(|(action, _)| gives.contains(Actions::one(*action)));
                lines.extend(given.map(|(_, (position, _))| (place, *position)));
            }
        }
        lines.sort_unstable();
        // One line may stand on several ways and give several rows.
        let by_line = lines.chunk_by(|(a, _), (b, _)| a == b);
        by_line
            .filter_map(|chunk| {
                let mut gives = Sets::new(1, watched.numbers.len());
                chunk.iter().for_each(|(_, position)| gives.add(0, *position));
                chunk.first().map(|(place, _)| Line { place: *place, gives: gives.get(0).to_vec() })
            })
            .collect()
    }

    /// The roles from one to the one that says a line; the shortest way, the first by ids.
    pub(super) fn way(&mut self, watched: &Watched<'_>, role: RoleRef, line: &Line) -> Vec<RoleRef> {
        let Some((row, gives)) = watched.parts_of(&line.gives).first().copied() else { return Vec::new() };
        let steps = self.walk(role, row, gives);
        let is_it = |step: &Step| step.line.is_some_and(|(place, _)| place == line.place);
        let mut next = steps.iter().position(is_it);
        let mut way = Vec::new();
        while let Some(step) = next.and_then(|at| steps.get(at)) {
            way.push(step.role);
            next = step.before;
        }
        way.reverse();
        way
    }

    /// The ways along all bases that hold some of what is asked of a row, each to the first role that says the row.
    fn walk(&mut self, role: RoleRef, row: RowId, asked: Actions) -> Vec<Step> {
        let Some(data) = self.catalog.row(row) else { return Vec::new() };
        let (roles, catalog) = (self.roles, self.catalog);
        let held = |role: RoleRef| {
            let cells = roles.get(role).map(|role| &role.cells);
            cells.map_or(Actions::NONE, |cells| cells.get(data)) & asked
        };
        let mut steps = vec![Step { role, before: None, line: None }];
        let mut seen = HashSet::from([role]);
        let mut at = 0;
        while let Some(here) = steps.get(at).map(|step| step.role) {
            match self.line(catalog, here, row) {
                Some(place) => {
                    if let Some(step) = steps.get_mut(at) {
                        step.line = Some((place, held(here)));
                    }
                }
                None => {
                    let bases = roles.get(here).map(|role| role.bases.as_slice()).unwrap_or_default();
                    for base in bases.iter().copied().filter(|base| !held(*base).is_empty()) {
                        if seen.insert(base) {
                            steps.push(Step { role: base, before: Some(at), line: None });
                        }
                    }
                }
            }
            at += 1;
        }
        steps
    }

    /// A role's own line that decides a row.
    fn line(&mut self, catalog: &Catalog, role: RoleRef, row: RowId) -> Option<Place> {
        let roles = self.roles;
        let said = self.said.entry(role).or_insert_with(|| {
            let entries = roles.get(role).map(|role| role.entries.as_slice()).unwrap_or_default();
            // What is said twice has had its finding; the first stands.
            entries.iter().rev().map(|entry| (entry.target, entry.place)).collect()
        });
        let category = catalog.row(row)?.category;
        let targets = [Target::Row(row), Target::Category(category), Target::All];
        targets.iter().find_map(|target| said.get(target)).copied()
    }
}
