//! The lines behind what roles hold: along their bases, to each line that gives some of what a forbid asks for.

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::Catalog;
use crate::check::forbids::paths::{Paths, Way};
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

/// Roles and their bases, each read once. They go by number, in the order in which they are met.
pub(super) struct Lines<'m> {
    roles: Roles<'m>,
    catalog: &'m Catalog,
    numbers: HashMap<RoleRef, usize>,
    met: Vec<Met>,
}

struct Met {
    role: RoleRef,
    /// Where it says what, and its bases; once they were asked for.
    said: Option<HashMap<Target, Place>>,
    bases: Option<Vec<usize>>,
    /// What the paths that are being laid know of it.
    mark: Mark,
}

#[derive(Clone, Copy)]
enum Mark {
    Unseen,
    /// It holds nothing of what is asked.
    Nothing,
    /// Its bases are being looked at.
    Open,
    Step(usize),
}

impl<'m> Lines<'m> {
    pub(super) fn new(roles: Roles<'m>, catalog: &'m Catalog) -> Self {
        Self { roles, catalog, numbers: HashMap::new(), met: Vec::new() }
    }

    /// The ways from some roles, by number of the watch, to what a forbid asks for.
    pub(super) fn of<'w>(
        &mut self,
        watch: &'w Watch<'m>,
        watched: &'w Watched<'m>,
        roles: impl Iterator<Item = usize>,
    ) -> Ways<'w, 'm> {
        let mut parts: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut starts: Vec<Vec<RoleRef>> = vec![Vec::new(); watched.parts.len()];
        for number in roles {
            let Some(role) = watch.role(number).filter(|_| !parts.contains_key(&number)) else { continue };
            let held = watch.held(number);
            let mut rest = watched.numbers.iter();
            let mut of_role = Vec::new();
            for (part, ((_, asked), starts)) in watched.parts.iter().zip(&mut starts).enumerate() {
                // To the end of the part, also where the first of it is held.
                let held = rest.by_ref().take(asked.count()).filter(|number| has(held, **number)).count();
                if held > 0 {
                    of_role.push(part);
                    starts.push(role);
                }
            }
            parts.insert(number, of_role);
        }
        let rows = watched.parts.iter().zip(&starts);
        let paths = rows.map(|((row, asked), starts)| self.paths(*row, *asked, starts)).collect();
        Ways { watch, watched, parts, paths }
    }

    /// Lays the ways from some roles along all bases that hold some of what is asked of a row.
    fn paths(&mut self, row: RowId, asked: Actions, starts: &[RoleRef]) -> Paths {
        let mut paths = Paths::default();
        let mut marked: Vec<usize> = Vec::new();
        // Roles whose bases are being looked at, and how many were.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let starts: Vec<usize> = starts.iter().map(|role| self.number(*role)).collect();
        for start in &starts {
            if matches!(self.mark(*start), Mark::Unseen) {
                marked.push(*start);
                self.enter(*start, row, asked, &mut paths, &mut open);
            }
            while let Some((at, looked)) = open.last_mut() {
                let at = *at;
                let base = self.met.get(at).and_then(|met| met.bases.as_ref()?.get(*looked)).copied();
                *looked += 1;
                match base {
                    Some(base) if matches!(self.mark(base), Mark::Unseen) => {
                        marked.push(base);
                        if self.holds(base, row, asked) == Actions::NONE {
                            self.set(base, Mark::Nothing);
                        } else {
                            self.enter(base, row, asked, &mut paths, &mut open);
                        }
                    }
                    Some(_) => {}
                    None => {
                        open.pop();
                        let Some(met) = self.met.get(at) else { continue };
                        let step = |base: &usize| match self.mark(*base) {
                            Mark::Step(step) => Some(step),
                            _ => None,
                        };
                        let bases = met.bases.iter().flatten().filter_map(step).collect();
                        let step = paths.pass(met.role, bases);
                        self.set(at, Mark::Step(step));
                    }
                }
            }
        }
        for start in starts {
            if let (Some(met), Mark::Step(step)) = (self.met.get(start), self.mark(start)) {
                paths.start(met.role, step);
            }
        }
        marked.into_iter().for_each(|at| self.set(at, Mark::Unseen));
        paths.close();
        paths
    }

    /// A role is met on the ways: they end at it where it says the row, and go on to its bases where it does not.
    fn enter(
        &mut self,
        at: usize,
        row: RowId,
        asked: Actions,
        paths: &mut Paths,
        open: &mut Vec<(usize, usize)>,
    ) {
        let line = self.line(at, row);
        let Some(role) = self.met.get(at).map(|met| met.role) else { return };
        let mark = match line {
            Some(place) => Mark::Step(paths.end(role, place, self.holds(at, row, asked))),
            None => {
                self.open(at);
                open.push((at, 0));
                Mark::Open
            }
        };
        self.set(at, mark);
    }

    fn number(&mut self, role: RoleRef) -> usize {
        *self.numbers.entry(role).or_insert_with(|| {
            self.met.push(Met { role, said: None, bases: None, mark: Mark::Unseen });
            self.met.len() - 1
        })
    }

    fn mark(&self, at: usize) -> Mark {
        self.met.get(at).map_or(Mark::Nothing, |met| met.mark)
    }

    fn set(&mut self, at: usize, mark: Mark) {
        if let Some(met) = self.met.get_mut(at) {
            met.mark = mark;
        }
    }

    /// What a role holds of what is asked.
    fn holds(&self, at: usize, row: RowId, asked: Actions) -> Actions {
        let role = self.met.get(at).and_then(|met| self.roles.get(met.role));
        let cells = role.zip(self.catalog.row(row)).map(|(role, row)| role.cells.get(row));
        cells.unwrap_or(Actions::NONE) & asked
    }

    /// Meets the bases of a role.
    fn open(&mut self, at: usize) {
        let Some(met) = self.met.get(at).filter(|met| met.bases.is_none()) else { return };
        let roles = self.roles;
        let bases = roles.get(met.role).map(|role| role.bases.as_slice()).unwrap_or_default();
        let bases = bases.iter().map(|base| self.number(*base)).collect();
        if let Some(met) = self.met.get_mut(at) {
            met.bases = Some(bases);
        }
    }

    /// A role's own line that decides a row.
    fn line(&mut self, at: usize, row: RowId) -> Option<Place> {
        let met = self.met.get_mut(at)?;
        let said = met.said.get_or_insert_with(|| {
            let entries = self.roles.get(met.role).map(|role| role.entries.as_slice()).unwrap_or_default();
            // What is said twice has had its finding; the first stands.
            entries.iter().rev().map(|entry| (entry.target, entry.place)).collect()
        });
        let category = self.catalog.row(row)?.category;
        let targets = [Target::Row(row), Target::Category(category), Target::All];
        targets.iter().find_map(|target| said.get(target)).copied()
    }
}

/// The ways from roles to the lines that give them what one forbid asks for.
pub(super) struct Ways<'w, 'm> {
    watch: &'w Watch<'m>,
    watched: &'w Watched<'m>,
    /// By role: the parts of which it has some.
    parts: HashMap<usize, Vec<usize>>,
    /// By part.
    paths: Vec<Paths>,
}

impl Ways<'_, '_> {
    /// The lines that give a role what the forbid asks for, by place.
    pub(super) fn lines(&self, role: usize) -> Vec<Line> {
        let mut lines: Vec<(Place, usize)> = Vec::new();
        let (Some(parts), Some(named)) = (self.parts.get(&role), self.watch.role(role)) else {
            return Vec::new();
        };
        for part in parts {
            let (Some(paths), Some((asked, first))) = (self.paths.get(*part), self.watched.actions(*part))
            else {
                continue;
            };
            for (place, gives) in paths.lines(named) {
                let given = asked.positions().enumerate();
                let given = given.filter(|(_, action)| gives.contains(Actions::one(*action)));
                lines.extend(given.map(|(at, _)| (place, first + at)));
            }
        }
        lines.sort_unstable();
        // One line may give several rows.
        let by_line = lines.chunk_by(|(a, _), (b, _)| a == b);
        by_line
            .filter_map(|chunk| {
                let mut gives = Sets::new(1, self.watched.numbers.len());
                chunk.iter().for_each(|(_, position)| gives.add(0, *position));
                chunk.first().map(|(place, _)| Line { place: *place, gives: gives.get(0).to_vec() })
            })
            .collect()
    }

    /// The way from a role to the one that says a line.
    pub(super) fn way(&mut self, role: usize, line: &Line) -> Option<Way> {
        let part = self.watched.first_part(&line.gives)?;
        let named = self.watch.role(role)?;
        self.paths.get_mut(part)?.way(named, line.place)
    }
}
