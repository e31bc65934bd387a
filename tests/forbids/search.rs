//! The search that tries everything: all sets of lines, all sets of assignments, day by day.

use std::collections::{BTreeMap, BTreeSet};

use crate::Told;
use crate::policy::{Assignment, Forbid, LAST, Line, Policy, ROWS, STEPS, Unit, VERBS, day};

/// Each action with the lines that give it.
type Origins = BTreeMap<Unit, BTreeSet<u32>>;

impl Policy {
    /// The findings of broken forbids.
    pub(crate) fn wanted(&self) -> BTreeSet<Told> {
        let origins: BTreeMap<&str, Origins> =
            self.roles.keys().map(|id| (&**id, self.origins(id))).collect();
        let mut told = BTreeSet::new();
        for forbid in &self.forbids {
            let need: BTreeSet<Unit> =
                forbid.conditions.iter().flat_map(|(_, units)| units.iter().copied()).collect();
            let mut alone: BTreeSet<&str> = BTreeSet::new();
            for (id, role) in self.roles.iter().filter(|(id, _)| !forbid.except.contains(id)) {
                let assigned = self.assignments.iter().filter(|one| one.role == *id);
                let assigned = assigned.map(|one| one.place).min();
                let holds = &origins[&**id];
                if (role.is_template && assigned.is_none())
                    || !need.iter().all(|unit| holds.contains_key(unit))
                {
                    continue;
                }
                alone.insert(id);
                let lines = fewest_lines(&[holds], &need);
                told.insert(Told {
                    message: format!(
                        "{} `{id}` breaks the forbid \"{}\" in organization `o`",
                        if role.is_template { "template" } else { "role" },
                        forbid.title
                    ),
                    place: if role.is_template { assigned.unwrap() } else { role.place },
                    holds: BTreeMap::new(),
                    lines: self.told_lines(forbid, &need, &lines, &[id], &origins),
                });
            }
            for principal in ["p0", "p1", "p2"] {
                let counts = |one: &&Assignment| {
                    one.principal == principal
                        && !forbid.except.contains(&one.role)
                        && !alone.contains(&*one.role)
                };
                let held: Vec<&Assignment> = self.assignments.iter().filter(counts).collect();
                self.principal(principal, forbid, &need, &held, &origins, &mut told);
            }
        }
        told
    }

    /// Day by day: where the forbid is broken, by what, and for how long that lasts.
    fn principal(
        &self,
        principal: &str,
        forbid: &Forbid,
        need: &BTreeSet<Unit>,
        held: &[&Assignment],
        origins: &BTreeMap<&str, Origins>,
        told: &mut BTreeSet<Told>,
    ) {
        /// Lines and roles; when they break it; the assignments.
        type Cause = ((Vec<u32>, Vec<String>), Vec<(usize, usize)>, BTreeSet<u32>);
        let mut causes: Vec<Cause> = Vec::new();
        let is_on = |one: &&&Assignment, day: usize| one.from <= day && day < one.until;
        let mut today = 0;
        while today < LAST {
            let on: Vec<&Assignment> = held.iter().filter(|one| is_on(one, today)).copied().collect();
            let holds: Vec<&Origins> = on.iter().map(|one| &origins[&*one.role]).collect();
            if !need.iter().all(|unit| holds.iter().any(|origins| origins.contains_key(unit))) {
                today += 1;
                continue;
            }
            let lines = fewest_lines(&holds, need);
            let carriers = fewest(on.len(), |chosen| {
                need.iter().all(|unit| {
                    chosen.iter().any(|at| {
                        holds[*at].get(unit).is_some_and(|by| by.iter().any(|line| lines.contains(line)))
                    })
                })
            });
            let carriers: Vec<&Assignment> = carriers.iter().map(|at| on[*at]).collect();
            let until = carriers.iter().map(|one| one.until).min().unwrap();
            let cause = (lines, carriers.iter().map(|one| one.role.clone()).collect::<Vec<String>>());
            let places = carriers.iter().map(|one| one.place);
            match causes.iter_mut().find(|(known, ..)| known.0 == cause.0 && known.1 == cause.1) {
                Some((_, periods, holds)) => {
                    match periods.last_mut().filter(|last| last.1 == today) {
                        Some(last) => last.1 = until,
                        None => periods.push((today, until)),
                    }
                    holds.extend(places);
                }
                None => causes.push((cause, vec![(today, until)], places.collect())),
            }
            today = until;
        }
        for ((lines, roles), periods, places) in causes {
            let ids: Vec<String> = roles.iter().map(|id| format!("`{id}`")).collect();
            let ids_of = roles.iter().map(String::as_str).collect::<Vec<_>>();
            let mut seen = BTreeSet::new();
            let holds = places.iter().map(|place| {
                let role = &self.assignments.iter().find(|one| one.place == *place).unwrap().role;
                let too = if seen.insert(role) { "" } else { " too" };
                (*place, format!("holds `{role}` here{too}"))
            });
            told.insert(Told {
                message: format!(
                    "`{principal}` breaks the forbid \"{}\" in organization `o`{}: {} together",
                    forbid.title,
                    when(&periods),
                    list(&ids)
                ),
                place: *places.first().unwrap(),
                holds: holds.collect(),
                lines: self.told_lines(forbid, need, &lines, &ids_of, origins),
            });
        }
    }

    /// The actions of a role with the lines behind each.
    fn origins(&self, id: &str) -> Origins {
        let role = &self.roles[id];
        let mut origins = Origins::new();
        for base in &role.bases {
            for (unit, lines) in self.origins(base) {
                origins.entry(unit).or_default().extend(lines);
            }
        }
        let mut lines: Vec<&Line> = role.lines.iter().collect();
        lines.sort_by_key(|line| line.exactness);
        for line in lines {
            origins.retain(|(row, _), _| !line.rows.contains(row));
            origins.extend(line.gives.iter().map(|unit| (*unit, BTreeSet::from([line.place]))));
        }
        origins
    }

    /// What is said at each line: what it gives to the roles, and the way to it from the first of them that has it.
    fn told_lines(
        &self,
        forbid: &Forbid,
        need: &BTreeSet<Unit>,
        lines: &[u32],
        roles: &[&str],
        origins: &BTreeMap<&str, Origins>,
    ) -> BTreeMap<u32, String> {
        let gives = |role: &str, line: u32| -> BTreeSet<Unit> {
            let of = origins[role].iter().filter(|(unit, by)| need.contains(unit) && by.contains(&line));
            of.map(|(unit, _)| *unit).collect()
        };
        let mut told = BTreeMap::new();
        for line in lines {
            let all: BTreeSet<Unit> = roles.iter().flat_map(|role| gives(role, *line)).collect();
            let mut parts = Vec::new();
            for (row, units) in &forbid.conditions {
                let category = ROWS.iter().find(|(_, known)| known == row).unwrap().0;
                let words = VERBS.iter().chain(&STEPS).chain(&["on"]);
                let words =
                    words.filter(|word| units.contains(&(row, **word)) && all.contains(&(row, **word)));
                let words: Vec<&str> = words.copied().collect();
                if !words.is_empty() {
                    parts.push(format!("`{category}.{row}: {}`", words.join(", ")));
                }
            }
            let what = if all == *need { "all of it".to_owned() } else { list(&parts) };
            let first = roles.iter().find(|role| !gives(role, *line).is_empty()).unwrap();
            let (row, _) = forbid
                .conditions
                .iter()
                .find(|(row, units)| {
                    units.iter().any(|unit| gives(first, *line).contains(unit) && unit.0 == *row)
                })
                .unwrap();
            let units: BTreeSet<Unit> =
                gives(first, *line).into_iter().filter(|unit| unit.0 == *row).collect();
            let way = self.way(first, *line, &units);
            let by = if way.len() > 1 {
                format!(" by {}", way.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" -> "))
            } else {
                String::new()
            };
            told.insert(*line, format!("gives {what}{by}"));
        }
        told
    }

    /// The shortest way along bases to the role of a line, the first by ids among those of one length.
    fn way(&self, from: &str, line: u32, units: &BTreeSet<Unit>) -> Vec<String> {
        let mut ways = vec![vec![from.to_owned()]];
        loop {
            let ends = |way: &&Vec<String>| {
                self.roles[way.last().unwrap()].lines.iter().any(|own| own.place == line)
            };
            if let Some(way) = ways.iter().find(ends) {
                return way.clone();
            }
            let mut longer = Vec::new();
            for way in &ways {
                let mut bases = self.roles[way.last().unwrap()].bases.clone();
                bases.sort();
                bases.retain(|base| {
                    units.iter().any(|unit| self.origins(base).get(unit).is_some_and(|by| by.contains(&line)))
                });
                longer.extend(bases.into_iter().map(|base| [way.clone(), vec![base]].concat()));
            }
            assert!(!longer.is_empty(), "no way from {from} to {line}");
            ways = longer;
        }
    }
}

/// The fewest lines that give all that is needed; of sets of one size the one whose lines stand first.
fn fewest_lines(holds: &[&Origins], need: &BTreeSet<Unit>) -> Vec<u32> {
    let of = |unit: &Unit| holds.iter().filter_map(|origins| origins.get(unit)).flatten().copied().collect();
    let by: Vec<BTreeSet<u32>> = need.iter().map(of).collect();
    let lines: Vec<u32> = by.iter().flatten().copied().collect::<BTreeSet<u32>>().into_iter().collect();
    let chosen =
        fewest(lines.len(), |chosen| by.iter().all(|by| chosen.iter().any(|at| by.contains(&lines[*at]))));
    chosen.into_iter().map(|at| lines[at]).collect()
}

/// The smallest set of numbers below a bound that will do, the first in order among those of one size.
fn fewest(count: usize, will_do: impl Fn(&[usize]) -> bool) -> Vec<usize> {
    let members = |set: usize| (0..count).filter(|at| set >> at & 1 == 1).collect::<Vec<usize>>();
    let mut sets: Vec<Vec<usize>> = (0..1 << count).map(members).collect();
    sets.sort_by_key(|set| (set.len(), set.clone()));
    sets.into_iter().find(|set| will_do(set)).expect("all of them do")
}

fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn when(periods: &[(usize, usize)]) -> String {
    let words: Vec<String> = periods
        .iter()
        .filter_map(|(from, until)| match (*from, *until) {
            (0, LAST) => None,
            (0, until) => Some(format!("until {}", day(until))),
            (from, LAST) => Some(format!("from {} on", day(from))),
            (from, until) => Some(format!("from {} until {}", day(from), day(until))),
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(" {}", list(&words)) }
}
