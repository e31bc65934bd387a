//! Random small policies with notes of what was written: roles with lines of all sorts, forbids, assignments in time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// An action: a row, and a verb, a step of a ladder or `on`.
pub(crate) type Unit = (&'static str, &'static str);

const FLAGS: [&str; 3] = ["a", "b", "d"];
pub(crate) const VERBS: [&str; 3] = ["p", "q", "s"];
const LADDERS: [&str; 3] = ["l", "m", "n"];
pub(crate) const STEPS: [&str; 3] = ["view", "edit", "full"];
/// In the order of the catalog; `n` has no `none`.
pub(crate) const ROWS: [(&str, &str); 7] =
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
pub(crate) struct Line {
    pub(crate) place: u32,
    pub(crate) exactness: u8,
    pub(crate) rows: Vec<&'static str>,
    pub(crate) gives: Vec<Unit>,
}

pub(crate) struct Role {
    pub(crate) is_template: bool,
    pub(crate) place: u32,
    pub(crate) bases: Vec<String>,
    pub(crate) lines: Vec<Line>,
}

pub(crate) struct Forbid {
    pub(crate) title: String,
    pub(crate) except: Vec<String>,
    /// Each with the level as it is written back.
    pub(crate) conditions: Vec<(&'static str, BTreeSet<Unit>)>,
}

pub(crate) struct Assignment {
    pub(crate) principal: String,
    pub(crate) role: String,
    pub(crate) from: usize,
    pub(crate) until: usize,
    pub(crate) place: u32,
}

/// Days go from 0, before all dates, to this one, after all dates.
pub(crate) const LAST: usize = 14;

/// A policy with the notes of who wrote it.
pub(crate) struct Policy {
    pub(crate) text: String,
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) forbids: Vec<Forbid>,
    pub(crate) assignments: Vec<Assignment>,
}

pub(crate) struct Writer {
    pub(crate) state: u64,
    pub(crate) text: String,
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) forbids: Vec<Forbid>,
}

impl Writer {
    pub(crate) fn new(seed: u64) -> Self {
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

    pub(crate) fn policy(mut self) -> Policy {
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

pub(crate) fn day(day: usize) -> String {
    format!("2026-01-{day:02}")
}
