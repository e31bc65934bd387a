//! That at every moment as many hold what a requirement asks for as it says; or when they do not, how many do then, and
//! who. One sweep over the moments at which somebody begins or ceases to hold it.
//!
//! A service account counts toward a maximum and never toward a minimum. The one says that no more hands than these can
//! do a thing, and a machine's are hands; the other, that somebody is there who can decide and answer for it.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::Catalog;
use crate::check::forbids::{BEGINNING, END, Period, listed, together, when};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::model::{Assignment, Demand, Organization, Requirement, RoleRef, Roles, Shared};
use crate::source::{Place, Span};
use crate::vocab::{Actions, OrganizationKind, PrincipalKind, RowId, Time};

/// How many names are told.
const TOLD: usize = 8;

/// Proves the requirements of the top and of the organization itself, in it.
pub(in crate::check) fn prove(shared: &Shared, organization: &Organization) -> Diagnostics {
    let mut findings = Diagnostics::new();
    let Some(catalog) = shared.catalogs.get(organization.catalog.index()) else { return findings };
    let of_top = shared.requires.iter().filter(|one| one.catalog == organization.catalog);
    let roles = Roles { templates: &shared.templates, own: &organization.roles };
    for requirement in of_top.chain(&organization.requires) {
        let proof = Proof { requirement, organization, roles, catalog };
        if proof.is_about() {
            proof.run().into_iter().for_each(|finding| findings.push(finding));
        }
    }
    findings
}

/// A part of what has to be held: an action of a row, or a role.
#[derive(Clone, Copy)]
enum Part<'m> {
    Action(RowId, Actions),
    Role(&'m str),
}

struct Proof<'m> {
    requirement: &'m Requirement,
    organization: &'m Organization,
    roles: Roles<'m>,
    catalog: &'m Catalog,
}

/// Which side of the bounds was left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Few,
    Many,
}

/// Stretches in which too few or too many hold it.
struct Broken {
    side: Side,
    periods: Vec<Period>,
    /// How many hold it in each.
    counts: Vec<usize>,
    /// Who hold it in the first, by position among the principals.
    holders: BTreeSet<usize>,
}

impl Broken {
    /// Adds a stretch to those of its side; one that goes on with the last, with as many, makes that longer.
    fn add(broken: &mut Vec<Self>, side: Side, period: Period, count: usize, holders: &BTreeSet<usize>) {
        let Some(known) = broken.iter_mut().find(|broken| broken.side == side) else {
            let (periods, counts) = (vec![period], vec![count]);
            return broken.push(Self { side, periods, counts, holders: holders.clone() });
        };
        match known.periods.last_mut().zip(known.counts.last()) {
            Some((last, same)) if last.until == period.from && *same == count => last.until = period.until,
            _ => {
                known.periods.push(period);
                known.counts.push(count);
            }
        }
    }
}

impl<'m> Proof<'m> {
    /// Whether the organization has all rows that it names: one that a direct organization has not is no matter of it.
    fn is_about(&self) -> bool {
        self.requirement.demands.iter().all(|demand| match demand {
            Demand::Row(one) => self
                .catalog
                .row(one.row)
                .is_some_and(|row| !row.only_managed || self.organization.kind == OrganizationKind::Managed),
            Demand::Role(_) => true,
        })
    }

    fn parts(&self) -> Vec<Part<'m>> {
        let each = self.requirement.demands.iter().flat_map(|demand| match demand {
            Demand::Row(one) => {
                one.actions.positions().map(|at| Part::Action(one.row, Actions::one(at))).collect()
            }
            Demand::Role(id) => vec![Part::Role(id)],
        });
        each.collect()
    }

    /// The parts that a role brings to who holds it; none where it is passed over.
    fn brings(&self, role: RoleRef, parts: &[Part<'m>]) -> Vec<usize> {
        let Some(role) = self.roles.get(role) else { return Vec::new() };
        if self.requirement.exceptions.contains(&role.id) {
            return Vec::new();
        }
        let is_brought = |part: &Part<'_>| match part {
            Part::Action(row, action) => {
                self.catalog.row(*row).is_some_and(|row| role.cells.get(row).contains(*action))
            }
            Part::Role(id) => *role.id == **id,
        };
        parts.iter().enumerate().filter(|(_, part)| is_brought(part)).map(|(at, _)| at).collect()
    }

    /// When each principal fulfils all lines.
    fn fulfilled(&self) -> Vec<(usize, Period)> {
        let parts = self.parts();
        let mut brings: HashMap<RoleRef, Vec<usize>> = HashMap::new();
        let mut found = Vec::new();
        let mut brought: Vec<Vec<Period>> = vec![Vec::new(); parts.len()];
        for (index, principal) in self.organization.principals.iter().enumerate() {
            brought.iter_mut().for_each(Vec::clear);
            for one in &principal.assignments {
                let of_role = brings.entry(one.role).or_insert_with(|| self.brings(one.role, &parts));
                let period =
                    Period { from: one.from().unwrap_or(BEGINNING), until: one.until().unwrap_or(END) };
                for part in of_role.iter() {
                    if let Some(periods) = brought.get_mut(*part) {
                        periods.push(period);
                    }
                }
            }
            if brought.iter().all(|periods| !periods.is_empty()) {
                found.extend(together(&brought).into_iter().map(|period| (index, period)));
            }
        }
        found
    }

    fn run(&self) -> Vec<Diagnostic> {
        let mut bounds: Vec<(Time, bool, usize)> = Vec::new();
        for (index, period) in self.fulfilled() {
            bounds.push((period.from, true, index));
            if period.until != END {
                bounds.push((period.until, false, index));
            }
        }
        bounds.sort_unstable();
        let mut broken: Vec<Broken> = Vec::new();
        let mut holders: BTreeSet<usize> = BTreeSet::new();
        let mut people = 0_usize;
        let mut since = BEGINNING;
        for moment in bounds.chunk_by(|(a, ..), (b, ..)| a == b) {
            let Some((at, ..)) = moment.first().copied() else { continue };
            self.judge(Period { from: since, until: at }, people, &holders, &mut broken);
            since = at;
            for (_, begins, index) in moment {
                let has_changed = if *begins { holders.insert(*index) } else { holders.remove(index) };
                if has_changed && self.is_person(*index) {
                    people = if *begins { people + 1 } else { people.saturating_sub(1) };
                }
            }
        }
        self.judge(Period { from: since, until: END }, people, &holders, &mut broken);
        broken.iter().map(|broken| self.tell(broken)).collect()
    }

    fn is_person(&self, index: usize) -> bool {
        let principal = self.organization.principals.get(index);
        principal.is_some_and(|principal| principal.kind == PrincipalKind::Admin)
    }

    /// Takes up a stretch in which the same principals hold it, as far as the requirement is about it.
    fn judge(&self, period: Period, people: usize, holders: &BTreeSet<usize>, broken: &mut Vec<Broken>) {
        let Requirement { least, most, from, until, .. } = self.requirement;
        let period = Period {
            from: period.from.max(from.unwrap_or(BEGINNING)),
            until: period.until.min(until.unwrap_or(END)),
        };
        if period.from >= period.until {
            return;
        }
        let of = |bound: u32| usize::try_from(bound).unwrap_or(usize::MAX);
        // Both may be at once: service accounts count on the one side only.
        if least.is_some_and(|least| people < of(least)) {
            Broken::add(broken, Side::Few, period, people, holders);
        }
        if most.is_some_and(|most| holders.len() > of(most)) {
            Broken::add(broken, Side::Many, period, holders.len(), holders);
        }
    }

    fn tell(&self, broken: &Broken) -> Diagnostic {
        let Requirement { title, place, least, most, .. } = self.requirement;
        let first = broken.periods.first().copied().unwrap_or(Period { from: BEGINNING, until: END });
        let count = broken.counts.first().copied().unwrap_or(0);
        let is_same = broken.counts.iter().all(|other| *other == count);
        let at_first = if is_same { "" } else { "at first " };
        let number = |count: usize, what: &str| match count {
            0 => "nobody".to_owned(),
            1 => format!("1 {what}"),
            _ => format!("{count}"),
        };
        let organization = &self.organization.id;
        let (few, has) = match broken.side {
            Side::Few => {
                let least = least.unwrap_or(0);
                ("few", format!("{at_first}{}, and at least {least} have to", number(count, "person")))
            }
            Side::Many => {
                let most = most.unwrap_or(0);
                ("many", format!("{at_first}{}, and at most {most} may", number(count, "principal")))
            }
        };
        // What touches is one period in words, whoever comes and goes in it.
        let mut periods: Vec<Period> = Vec::new();
        for period in &broken.periods {
            match periods.last_mut().filter(|last| last.until == period.from) {
                Some(last) => last.until = period.until,
                None => periods.push(*period),
            }
        }
        let message = format!(
            "too {few} hold what \"{title}\" requires in organization `{organization}`{}: {has}",
            when(&periods)
        );
        let (people, services): (Vec<usize>, Vec<usize>) =
            broken.holders.iter().partition(|index| self.is_person(**index));
        let counted: Vec<usize> = match broken.side {
            Side::Few => people,
            Side::Many => broken.holders.iter().copied().collect(),
        };
        let mut finding = Diagnostic::new(Code::RequirementUnmet, *place, message);
        finding = finding.label(match counted.as_slice() {
            [] => "held by nobody".to_owned(),
            all => format!("held by {}", self.names(all)),
        });
        finding = match broken.side {
            Side::Few => self.few(finding, first, &periods, &services),
            Side::Many => self.many(finding, first, &counted),
        };
        if !is_same {
            finding = finding.help(format!("period by period: {}", numbers(broken)));
        }
        finding
    }

    fn names(&self, indices: &[usize]) -> String {
        let all = indices.iter().filter_map(|index| self.organization.principals.get(*index));
        let mut names: Vec<&str> = all.map(|principal| &*principal.name).collect();
        names.sort_unstable();
        listed(names.iter().map(|name| format!("`{name}`")).collect())
    }

    /// The assignments that bring a part of it.
    fn bringing(&self) -> impl Iterator<Item = Bringing<'m>> {
        let parts = self.parts();
        let all = self.organization.principals.iter().enumerate();
        let all = all.flat_map(|(index, principal)| {
            principal.assignments.iter().map(move |one| (&*principal.name, index, one))
        });
        all.filter_map(move |(name, index, one)| {
            let brought = self.brings(one.role, &parts);
            let is_all = brought.len() == parts.len();
            (!brought.is_empty()).then_some(Bringing { name, index, one, brought, is_all })
        })
    }

    /// Whose assignments end where too few are left, and whose begin where there are enough again.
    fn few(
        &self,
        mut finding: Diagnostic,
        first: Period,
        periods: &[Period],
        services: &[usize],
    ) -> Diagnostic {
        let mut told = 0;
        // Whose assignment ends or begins there, and who holds all of it until then, or from then on.
        let fulfilled = self.fulfilled();
        let mut ends: BTreeSet<usize> = BTreeSet::new();
        let mut begins: BTreeSet<usize> = BTreeSet::new();
        for (index, period) in &fulfilled {
            if period.until == first.from {
                ends.insert(*index);
            }
            if period.from == first.until {
                begins.insert(*index);
            }
        }
        for Bringing { name, index, one, .. } in self.bringing() {
            let border = if one.until() == Some(first.from) && ends.contains(&index) {
                "ends"
            } else if one.from() == Some(first.until) && begins.contains(&index) {
                "begins"
            } else {
                continue;
            };
            if self.is_person(index) && told < TOLD {
                finding = finding.also(one.place, format!("what `{name}` holds {border} here"));
                told += 1;
            }
        }
        if !services.is_empty() {
            finding = finding.help(format!(
                "service accounts do not count toward a minimum, and {} {} one",
                self.names(services),
                if services.len() == 1 { "is" } else { "each are" }
            ));
        }
        let Requirement { place, from, until: end, .. } = self.requirement;
        match periods {
            // Nobody can have held it before the first assignment. Where the requirement ends with the period, nobody
            // comes to hold it either.
            [Period { from: BEGINNING, until }]
                if *until != END && from.is_none() && Some(*until) != *end =>
            {
                let end = Place { span: Span::new(place.span.end, place.span.end), ..*place };
                finding.help("if it is to hold from then on only, say so").fix(Fix::suggest(
                    format!("write `from {until}`"),
                    end,
                    format!(" from {until}"),
                ))
            }
            _ => finding.help("assign it to more people, or let an assignment last until the next begins"),
        }
    }

    /// By what those hold it who are too many.
    fn many(&self, mut finding: Diagnostic, first: Period, holders: &[usize]) -> Diagnostic {
        let counted =
            |one: &Bringing<'_>| one.one.is_in_force(first.from) && holders.binary_search(&one.index).is_ok();
        let all: Vec<Bringing<'_>> = self.bringing().filter(counted).collect();
        // One beside which another brings the same and more can be taken away, and nothing changes.
        let of_each = all.chunk_by(|a, b| a.index == b.index);
        let needed =
            of_each.flat_map(|own| own.iter().filter(|one| !own.iter().any(|more| more.outdoes(one))));
        let mut told: BTreeSet<Place> = BTreeSet::new();
        for Bringing { name, one, is_all, .. } in needed {
            if told.len() < TOLD && told.insert(one.place) {
                let part = if *is_all { "it" } else { "a part of it" };
                finding = finding.also(one.place, format!("`{name}` holds {part} here"));
            }
        }
        finding.help("take an assignment away, let it end, or name after `except` a role that does not count")
    }
}

/// An assignment that brings a part of what is required.
struct Bringing<'m> {
    name: &'m str,
    /// Its holder, by position among the principals.
    index: usize,
    one: &'m Assignment,
    /// The parts, by position.
    brought: Vec<usize>,
    is_all: bool,
}

impl Bringing<'_> {
    /// Whether it brings all that another brings, and more.
    fn outdoes(&self, other: &Self) -> bool {
        self.brought.len() > other.brought.len()
            && other.brought.iter().all(|part| self.brought.contains(part))
    }
}

/// How many hold it in each period.
fn numbers(broken: &Broken) -> String {
    let each = broken.periods.iter().zip(&broken.counts).take(TOLD);
    let mut told: Vec<String> =
        each.map(|(period, count)| format!("{count}{}", when(std::slice::from_ref(period)))).collect();
    let more = broken.periods.len().saturating_sub(TOLD);
    if more > 0 {
        told.push(format!("{more} more"));
    }
    told.join(", ")
}
