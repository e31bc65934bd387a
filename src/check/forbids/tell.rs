//! The words for a broken forbid: who, when, by which roles, and what each line gives. Works nothing out.

use foldhash::{HashSet, HashSetExt as _};

use crate::catalog::Catalog;
use crate::check::forbids::moments::{BEGINNING, END, Period};
use crate::check::forbids::sets::has;
use crate::check::forbids::watch::Watched;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Role;
use crate::source::Place;
use crate::syntax::{spelled, spelled_level};

/// A line that the finding names.
pub(super) struct Named<'m> {
    pub(super) place: Place,
    /// Positions in the forbid's numbers.
    pub(super) gives: Vec<u64>,
    /// From the role that holds to the one that says the line: at least one.
    pub(super) way: Vec<&'m Role>,
    /// How many are left out of it, before the last.
    pub(super) hidden: usize,
}

/// The lines that break a forbid.
pub(super) struct Broken<'m> {
    pub(super) lines: Vec<Named<'m>>,
    /// Whether no fewer do.
    pub(super) is_fewest: bool,
}

/// What the findings of one forbid in one organization speak of.
pub(super) struct Teller<'t> {
    pub(super) catalog: &'t Catalog,
    pub(super) organization: &'t str,
    pub(super) watched: &'t Watched<'t>,
}

impl Teller<'_> {
    /// A role that breaks the forbid by itself.
    pub(super) fn role(&self, role: &Role, broken: &Broken<'_>) -> Diagnostic {
        let message = format!("role `{}` breaks {}", role.id, self.forbid());
        let finding = Diagnostic::new(Code::ForbidBroken, role.place, message).label("holds all of it");
        let these = if broken.lines.len() == 1 { "the grant" } else { "one of the grants" };
        self.with_lines(finding, broken)
            .help(format!("take {these} away, or name `{}` after `except` if it may", role.id))
    }

    /// A template that breaks it by itself. It is judged because it is assigned, and told there: it may be of a file
    /// that nobody can change.
    pub(super) fn template(&self, template: &Role, assigned: Place, broken: &Broken<'_>) -> Diagnostic {
        let message = format!("template `{}` breaks {}", template.id, self.forbid());
        let finding = Diagnostic::new(Code::ForbidBroken, assigned, message)
            .label("assigned here")
            .also(template.place, "holds all of it");
        self.with_lines(finding, broken).help(format!(
            "assign a role that holds less, or name `{}` after `except` if it may",
            template.id
        ))
    }

    /// A principal whose roles break it together.
    pub(super) fn principal(&self, name: &str, held: &Held<'_>, broken: &Broken<'_>) -> Diagnostic {
        let ids = held.roles.iter().map(|role| format!("`{}`", role.id));
        let message = format!(
            "`{name}` breaks {}{}: {} together",
            self.forbid(),
            when(&held.periods),
            listed(ids.collect())
        );
        // The first of each role; what only goes on with it comes after the lines, which must not get lost behind it.
        let mut seen = HashSet::new();
        let assignments = held.assignments.iter();
        let (first, more): (Vec<_>, Vec<_>) = assignments.partition(|(_, role)| seen.insert(&*role.id));
        let place = first.first().map_or(self.watched.forbid.place, |(place, _)| *place);
        let mut finding = Diagnostic::new(Code::ForbidBroken, place, message);
        for (at, (place, role)) in first.iter().enumerate() {
            let text = format!("holds `{}` here", role.id);
            finding = if at == 0 { finding.label(text) } else { finding.also(*place, text) };
        }
        finding = self.with_lines(finding, broken);
        for (place, role) in more {
            finding = finding.also(place, format!("holds `{}` here too", role.id));
        }
        if !held.is_fewest {
            finding =
                finding.help("of these assignments none can be left out, but a smaller set may break it too");
        }
        finding
            .help("take one of the roles or grants away, or let one assignment end before the other begins")
            .help("a role that may be held beside the others is named after `except`")
    }

    fn forbid(&self) -> String {
        format!("the forbid \"{}\" in organization `{}`", self.watched.forbid.title, self.organization)
    }

    fn with_lines(&self, finding: Diagnostic, broken: &Broken<'_>) -> Diagnostic {
        let mut finding = finding.also(self.watched.forbid.place, "the forbid");
        for line in &broken.lines {
            let by = if line.way.len() > 1 {
                format!(" by {}", way(&line.way, line.hidden))
            } else {
                String::new()
            };
            finding = finding.also(line.place, format!("gives {}{by}", self.gives(&line.gives)));
        }
        if !broken.is_fewest {
            finding =
                finding.help("of these grants none can be left out, but a smaller set may break it too");
        }
        finding
    }

    /// `all of it`, or the parts: `` `c.a: on` and `c.b: view` ``.
    fn gives(&self, gives: &[u64]) -> String {
        if (0..self.watched.numbers.len()).all(|position| has(gives, position)) {
            return "all of it".to_owned();
        }
        let mut parts = Vec::new();
        for (row, given) in self.watched.parts_of(gives) {
            let Some(row) = self.catalog.row(row) else { continue };
            let category = self.catalog.category(row.category).map_or("", |category| &category.id);
            parts.push(format!(
                "`{}.{}: {}`",
                spelled(category),
                spelled(&row.id),
                spelled_level(&row.shape, given)
            ));
        }
        listed(parts)
    }
}

/// What a principal holds that breaks a forbid.
pub(super) struct Held<'m> {
    pub(super) periods: Vec<Period>,
    pub(super) roles: Vec<&'m Role>,
    pub(super) assignments: Vec<(Place, &'m Role)>,
    /// Whether no fewer roles carry the lines.
    pub(super) is_fewest: bool,
}

/// `` `a`, `b` and `c` ``; of many the first, and how many more.
pub(in crate::check) fn listed(mut words: Vec<String>) -> String {
    const SHOWN: usize = 8;
    if words.len() > SHOWN {
        let more = words.len() - (SHOWN - 1);
        words.truncate(SHOWN - 1);
        words.push(format!("{more} more"));
    }
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
    }
}

/// `` `tier1` -> `front-line` -> `help-desk` ``; the middle of a long way counted.
fn way(roles: &[&Role], hidden: usize) -> String {
    let mut ids: Vec<String> = roles.iter().map(|role| format!("`{}`", role.id)).collect();
    if hidden > 0 {
        ids.insert(ids.len().saturating_sub(1), format!("… {hidden} more …"));
    }
    ids.join(" -> ")
}

/// ` from 2026-01-01 until 2026-02-01 and from 2026-05-01 on`; nothing where it is always.
pub(in crate::check) fn when(periods: &[Period]) -> String {
    const SHOWN: usize = 4;
    let mut words: Vec<String> = periods.iter().take(SHOWN).filter_map(|period| one(*period)).collect();
    match periods.len().saturating_sub(SHOWN) {
        0 => {}
        1 => words.push("once more".to_owned()),
        more => words.push(format!("{more} times more")),
    }
    if words.is_empty() { String::new() } else { format!(" {}", listed(words)) }
}

fn one(Period { from, until }: Period) -> Option<String> {
    match (from, until) {
        (BEGINNING, END) => None,
        (BEGINNING, until) => Some(format!("until {until}")),
        (from, END) => Some(format!("from {from} on")),
        (from, until) => Some(format!("from {from} until {until}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{BEGINNING, END, Period, listed, when};
    use crate::vocab::Time;

    #[test]
    fn lists_end_with_and() {
        let words = |count: usize| listed((0..count).map(|word| word.to_string()).collect());
        assert_eq!(words(1), "0");
        assert_eq!(words(2), "0 and 1");
        assert_eq!(words(3), "0, 1 and 2");
        assert_eq!(words(8), "0, 1, 2, 3, 4, 5, 6 and 7");
        assert_eq!(words(20), "0, 1, 2, 3, 4, 5, 6 and 13 more");
    }

    #[test]
    fn periods_in_words() {
        let day = |day: i64| Time(day * 86_400);
        assert_eq!(when(&[Period { from: BEGINNING, until: END }]), "");
        let two = [Period { from: BEGINNING, until: day(1) }, Period { from: day(3), until: END }];
        assert_eq!(when(&two), " until 1970-01-02 and from 1970-01-04 on");
        let many: Vec<Period> =
            (0..6).map(|at| Period { from: day(2 * at), until: day(2 * at + 1) }).collect();
        assert_eq!(
            when(&many),
            " from 1970-01-01 until 1970-01-02, from 1970-01-03 until 1970-01-04, from 1970-01-05 until \
             1970-01-06, from 1970-01-07 until 1970-01-08 and 2 times more"
        );
    }
}
