//! Forbids against a naive search: random small policies, the same for the same seed, and every finding of a broken
//! forbid held against one that was found by trying all sets of lines and of assignments, day by day.
//!
//! The search knows a policy as its own notes of what it wrote, and levels as names. It asks nothing of the crate.
#![cfg(feature = "compile")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rolec::diagnostic::{Code, Severity};
use rolec::pipeline::compile;
use rolec::source::Sources;

const POLICIES: u64 = 3_000;

#[test]
fn every_finding_is_what_trying_everything_finds() {
    let mut seen = Seen::default();
    for seed in 0..POLICIES {
        let policy = Writer::new(seed).policy();
        let (found, wanted) = (found(&policy.text), policy.wanted());
        assert_eq!(found, wanted, "seed {seed}\n{}", policy.text);
        seen.count(&wanted);
    }
    // The policies are not too tame.
    assert!(seen.roles > 500 && seen.principals > 500 && seen.again > 30 && seen.other > 100, "{seen:?}");
    assert!(seen.three > 20 && seen.templates > 20 && seen.ways > 100, "{seen:?}");
}

/// What was among the findings.
#[derive(Debug, Default)]
struct Seen {
    roles: usize,
    templates: usize,
    principals: usize,
    /// Findings of more than one period.
    again: usize,
    /// Findings of a principal that breaks the same forbid by something else too.
    other: usize,
    three: usize,
    ways: usize,
}

impl Seen {
    fn count(&mut self, told: &BTreeSet<Told>) {
        let head = |told: &Told| told.message.split(" in organization").next().unwrap().to_owned();
        for one in told {
            match one.message.split(' ').next().unwrap() {
                "role" => self.roles += 1,
                "template" => self.templates += 1,
                _ => self.principals += 1,
            }
            self.again += usize::from(one.message.contains(" and from "));
            self.other += usize::from(told.iter().filter(|other| head(other) == head(one)).count() > 1);
            self.three += usize::from(one.lines.len() > 2);
            self.ways += one.lines.values().filter(|text| text.contains("` by `")).count();
        }
    }
}

/// A finding, as far as it is compared: byte offsets for places.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    message: String,
    place: u32,
    /// The assignments, of a principal.
    holds: BTreeMap<u32, String>,
    lines: BTreeMap<u32, String>,
}

/// What the compiler finds.
fn found(text: &str) -> BTreeSet<Told> {
    let compilation = compile(Sources::from_iter([("policy.role".to_owned(), text.to_owned())]));
    let mut told = BTreeSet::new();
    for finding in &compilation.findings {
        match finding.code {
            Code::ForbidBroken => {
                let all = || std::iter::once(&finding.primary).chain(&finding.secondary);
                let of = |word: &str| {
                    all()
                        .filter(|label| label.text.starts_with(word))
                        .map(|label| (label.place.span.start, label.text.clone()))
                        .collect()
                };
                told.insert(Told {
                    message: finding.message.clone(),
                    place: finding.primary.place.span.start,
                    holds: of("holds `"),
                    lines: of("gives "),
                });
            }
            other => assert!(finding.severity() > Severity::Error, "{other}: {}\n{text}", finding.message),
        }
    }
    told
}

/// An action: a row, and a verb, a step of a ladder or `on`.
type Unit = (&'static str, &'static str);

const FLAGS: [&str; 3] = ["a", "b", "d"];
const VERBS: [&str; 3] = ["p", "q", "s"];
const LADDERS: [&str; 3] = ["l", "m", "n"];
const STEPS: [&str; 3] = ["view", "edit", "full"];
/// In the order of the catalog; `n` has no `none`.
const ROWS: [(&str, &str); 7] =
    [("c", "a"), ("c", "b"), ("c", "v"), ("c", "l"), ("x", "d"), ("x", "m"), ("x", "n")];
const CATALOG: &str = "use k\ncatalog k {\n  kind step = ladder none < view < edit < full\n  category c { a: flag b: flag v: verbs p, q, s l: step }\n  category x { d: flag m: step n: step without none }\n}\n";

/// The actions that a word gives on a row: a ladder's step brings those below.
fn given(row: &'static str, word: &str) -> Vec<Unit> {
    let all: &[&'static str] = match row {
        "v" => &VERBS,
        _ if LADDERS.contains(&row) => &STEPS,
        _ => &["on"],
    };
    let found: &[&'static str] = match word {
        "full" => all,
        "none" | "off" => &[],
        _ if LADDERS.contains(&row) => &all[..=all.iter().position(|step| *step == word).unwrap()],
        _ => all.iter().position(|known| *known == word).map_or(&[], |at| &all[at..=at]),
    };
    found.iter().map(|action| (row, *action)).collect()
}

/// A line of a role: where, how exact it is, which rows it decides, what it gives.
struct Line {
    place: u32,
    exactness: u8,
    rows: Vec<&'static str>,
    gives: Vec<Unit>,
}

struct Role {
    is_template: bool,
    place: u32,
    bases: Vec<String>,
    lines: Vec<Line>,
}

struct Forbid {
    title: String,
    except: Vec<String>,
    /// Each with the level as it is written back.
    conditions: Vec<(&'static str, BTreeSet<Unit>)>,
}

struct Assignment {
    principal: String,
    role: String,
    from: usize,
    until: usize,
    place: u32,
}

/// Days go from 0, before all dates, to this one, after all dates.
const LAST: usize = 14;

/// A policy with the notes of who wrote it.
struct Policy {
    text: String,
    roles: BTreeMap<String, Role>,
    forbids: Vec<Forbid>,
    assignments: Vec<Assignment>,
}

struct Writer {
    state: u64,
    text: String,
    roles: BTreeMap<String, Role>,
    forbids: Vec<Forbid>,
}

impl Writer {
    fn new(seed: u64) -> Self {
        Self { state: seed, text: CATALOG.to_owned(), roles: BTreeMap::new(), forbids: Vec::new() }
    }

    /// splitmix64.
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Up to so many of the items, in a random order.
    fn some<T: Clone>(&mut self, items: &[T], most: usize) -> Vec<T> {
        let mut left = items.to_vec();
        let count = self.below(most + 1).min(left.len());
        (0..count).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }

    fn at(&self) -> u32 {
        self.text.len() as u32
    }

    fn policy(mut self) -> Policy {
        let templates: Vec<String> = (0..self.below(5)).map(|number| format!("t{number}")).collect();
        for (index, id) in templates.iter().enumerate() {
            self.role(id, true, &templates[..index]);
        }
        if self.below(3) == 0 {
            self.forbid(&templates);
        }
        self.text.push_str("organization o {\n");
        let mut known = templates;
        for number in 0..1 + self.below(4) {
            let id = format!("r{number}");
            self.role(&id, false, &known);
            known.push(id);
        }
        for _ in 0..1 + self.below(3) {
            self.forbid(&known);
        }
        let mut assignments = Vec::new();
        for number in 0..3 {
            for _ in 0..2 + self.below(8) {
                let (principal, role) = (format!("p{number}"), known[self.below(known.len())].clone());
                let from = if self.below(5) == 0 { 0 } else { 1 + self.below(8) };
                let until = if self.below(5) == 0 { LAST } else { from.max(1) + 1 + self.below(4) };
                let _ = write!(self.text, "  assign {role} to ");
                let place = self.at();
                let _ = write!(self.text, "\"{principal}\"");
                if from > 0 {
                    let _ = write!(self.text, " from {}", day(from));
                }
                if until < LAST {
                    let _ = write!(self.text, " until {}", day(until));
                }
                self.text.push('\n');
                assignments.push(Assignment { principal, role, from, until, place });
            }
        }
        self.text.push_str("}\n");
        Policy { text: self.text, roles: self.roles, forbids: self.forbids, assignments }
    }

    fn role(&mut self, id: &str, is_template: bool, known: &[String]) {
        self.text.push_str(if is_template { "template " } else { "  role " });
        let place = self.at();
        self.text.push_str(id);
        let most = self.of(&[0, 0, 1, 2]);
        let bases = self.some(known, most);
        if !bases.is_empty() {
            let _ = write!(self.text, " from {}", bases.join(", "));
        }
        self.text.push_str(" {\n");
        let mut lines = Vec::new();
        // Spreads: over all, and over a category, which stands closer.
        for (exactness, category) in [(0, None), (1, Some("c")), (1, Some("x"))] {
            if self.below(9) > 0 {
                continue;
            }
            let word = self.of(&["none", "view", "edit", "full"]);
            let rows: Vec<&str> = ROWS
                .iter()
                .filter(|(of, _)| category.is_none_or(|it| it == *of))
                .map(|(_, row)| *row)
                .collect();
            self.text.push_str("    ");
            let place = self.at();
            let _ = writeln!(self.text, "grant {}: {word}", category.unwrap_or("all"));
            let gives = rows.iter().flat_map(|row| spread(row, word)).collect();
            lines.push(Line { place, exactness, rows, gives });
        }
        let mut left = self.some(&ROWS, 3);
        while let Some((category, row)) = left.pop() {
            // A line by itself begins at `grant`, one of several rows at each of its names.
            if row != "v" && self.below(3) == 0 {
                let word = self.level(row);
                self.text.push_str("    ");
                let place = self.at();
                let _ = writeln!(self.text, "grant {category}.{row}: {word}");
                lines.push(Line { place, exactness: 2, rows: vec![row], gives: given(row, &word) });
                continue;
            }
            let is_flag = |row: &str| FLAGS.contains(&row);
            let other = left.iter().position(|(of, row)| *of == category && is_flag(row));
            let second = other.filter(|_| is_flag(row)).map(|at| left.remove(at).1);
            let word = self.level(row);
            let _ = write!(self.text, "    grant {category} {{ ");
            for (index, row) in std::iter::once(row).chain(second).enumerate() {
                self.text.push_str(if index > 0 { ", " } else { "" });
                let gives = word.split(", ").flat_map(|word| given(row, word)).collect();
                lines.push(Line { place: self.at(), exactness: 2, rows: vec![row], gives });
                self.text.push_str(row);
            }
            let _ = writeln!(self.text, ": {word} }}");
        }
        self.text.push_str("  }\n");
        self.roles.insert(id.to_owned(), Role { is_template, place, bases, lines });
    }

    /// A level of a row, likely not its lowest.
    fn level(&mut self, row: &str) -> String {
        match row {
            "v" => {
                let verbs = self.some(&VERBS, 3);
                if verbs.is_empty() { "p, q".to_owned() } else { verbs.join(", ") }
            }
            "n" => self.of(&STEPS).to_owned(),
            "l" | "m" => self.of(&["none", "view", "edit", "full", "full"]).to_owned(),
            _ => self.of(&["on", "on", "on", "off"]).to_owned(),
        }
    }

    fn forbid(&mut self, known: &[String]) {
        let title = format!("f{}", self.forbids.len());
        let mut rows = self.some(&ROWS, 4);
        if rows.is_empty() {
            rows.push(("c", "a"));
        }
        let most = self.of(&[0, 0, 1, 2]);
        let except = self.some(known, most);
        let _ = write!(self.text, "forbid \"{title}\"");
        if !except.is_empty() {
            let _ = write!(self.text, " except {}", except.join(", "));
        }
        self.text.push_str(" {");
        let mut conditions = Vec::new();
        for (category, row) in rows {
            let words: Vec<&'static str> = match row {
                "v" => {
                    let verbs = self.some(&VERBS, 3);
                    if verbs.is_empty() { vec!["q"] } else { verbs }
                }
                "n" => vec![self.of(&["edit", "full"])],
                "l" | "m" => vec![self.of(&STEPS)],
                _ => vec!["on"],
            };
            let _ = write!(self.text, " {category}.{row}: {}", words.join(", "));
            conditions.push((row, words.into_iter().map(|word| (row, word)).collect()));
        }
        self.text.push_str(" }\n");
        self.forbids.push(Forbid { title, except, conditions });
    }
}

/// What a spread of a word gives on a row: on one that does not know the word, its floor, which no forbid asks for.
fn spread(row: &'static str, word: &str) -> Vec<Unit> {
    let is_known = LADDERS.contains(&row) || ["none", "full"].contains(&word);
    if is_known { given(row, word) } else { Vec::new() }
}

fn day(day: usize) -> String {
    format!("2026-01-{day:02}")
}

/// Each action with the lines that give it.
type Origins = BTreeMap<Unit, BTreeSet<u32>>;

impl Policy {
    /// The findings of broken forbids.
    fn wanted(&self) -> BTreeSet<Told> {
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
