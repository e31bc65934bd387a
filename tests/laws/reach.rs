//! What can be come to by escalation: held against sets of permissions that grow round by round until nothing is new,
//! worked out from what was generated. Every way is gone, hop by hop.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use rolec::diagnostic::Code;
use rolec::eval::Permission;
use rolec::model::{Model, Role, RoleRef, Roles};
use rolec::pipeline::Compilation;
use rolec::source::Place;
use rolec::table::{Organization, Table};
use rolec::tools::reach::{Reacher, Subject, Way, beyond, reachable};
use rolec::vocab::{Actions, Period, RowId, Time};

use crate::support::generated::{self, Assignment, Catalog, Organization as Generated, Row};
use crate::support::law::{Tried, compiled, law, layout, shown};
use crate::support::picture::{Decisions, decisions, moments, permission_name};

type Cell = (usize, usize);

/// An organization as it was generated, and what its rows are called.
struct World<'g> {
    catalog: &'g Catalog,
    organization: &'g Generated,
}

impl World<'_> {
    /// The rows that the organization has.
    fn rows(&self) -> impl Iterator<Item = (Cell, &Row)> {
        let rows = self.catalog.rows().map(|cell| (cell, self.catalog.row(cell)));
        rows.filter(|(_, row)| self.organization.is_managed || !row.only_managed)
    }

    fn permissions(&self, cell: Cell) -> BTreeSet<String> {
        let (category, row) = (&self.catalog.categories[cell.0].head.id, self.catalog.row(cell));
        row.actions().iter().map(|action| permission_name(category, &row.head.id, action)).collect()
    }

    /// What the holder of a row's top comes to by it; none where it does not escalate.
    fn leads(&self, row: &Row) -> Option<BTreeSet<String>> {
        let to = row.escalating.as_ref()?;
        let reached = self.rows().filter(|(cell, _)| to.is_empty() || to.contains(cell));
        Some(reached.flat_map(|(cell, _)| self.permissions(cell)).collect())
    }

    /// All that is held after each round, from none on, until nothing is new.
    fn rounds(&self, held: &BTreeSet<String>, is_super: bool) -> Vec<BTreeSet<String>> {
        let mut rounds = vec![held.clone()];
        loop {
            let now = rounds.last().unwrap();
            let mut next = now.clone();
            for (cell, row) in self.rows() {
                if self.permissions(cell).is_subset(now) {
                    next.extend(self.leads(row).unwrap_or_default());
                }
                if is_super {
                    next.extend(self.permissions(cell));
                }
            }
            if next == *now {
                return rounds;
            }
            rounds.push(next);
        }
    }

    /// The roles that somebody has at a moment.
    fn in_force(&self, name: &str, at: Time) -> Vec<&str> {
        let time = |text: &str| Time::parse(text).unwrap();
        let is_in_force = |one: &&Assignment| {
            one.principals.iter().any(|(principal, _)| *principal == name)
                && one.from.is_none_or(|from| time(from) <= at)
                && one.until.is_none_or(|until| at < time(until))
        };
        self.organization.assignments.iter().filter(is_in_force).map(|one| one.role.as_str()).collect()
    }
}

/// What a subject holds at a moment, and whether by the super role.
fn standing(
    world: &World<'_>,
    all: &Decisions,
    id: &str,
    who: Subject<'_>,
    at: Time,
) -> (BTreeSet<String>, bool) {
    let is_super = |role: &str| world.catalog.super_role.as_deref() == Some(role);
    match who {
        Subject::Role(role) => (all[&format!("{id:?} role {:?}", role.id())].clone(), is_super(role.id())),
        Subject::Principal(principal) => (
            all[&format!("{id:?} principal {:?} at {}", principal.name(), at.0)].clone(),
            world.in_force(principal.name(), at).into_iter().any(is_super),
        ),
    }
}

fn way_at<'w, 't>(found: &'w [Reacher<'t>], who: Subject<'_>, at: Time) -> Option<&'w Way<'t>> {
    let one = found.iter().find(|one| (one.who.word(), one.who.name()) == (who.word(), who.name()))?;
    let holds = |way: &&Way<'_>| way.period.from() <= at && way.period.until().is_none_or(|until| at < until);
    one.ways.iter().find(holds)
}

/// Goes a way: the first row is held at its top, each leads to the next, and the last to what is asked.
fn replay(
    world: &World<'_>,
    held: &BTreeSet<String>,
    is_super: bool,
    way: &Way<'_>,
    asked: &BTreeSet<String>,
) -> Result<(), String> {
    let mut held = held.clone();
    if way.path.is_empty() && way.steps == 1 && is_super {
        held.extend(world.rows().flat_map(|(cell, _)| world.permissions(cell)));
    } else if way.path.len() != way.steps {
        return Err(format!("{} steps by {:?}", way.steps, way.path));
    }
    for hop in &way.path {
        let names = (hop.category().id(), hop.id());
        let is_it = |cell: Cell| {
            (world.catalog.categories[cell.0].head.id.as_str(), world.catalog.row(cell).head.id.as_str())
                == names
        };
        let (cell, row) = world.rows().find(|(cell, _)| is_it(*cell)).ok_or("a row that is not there")?;
        if !world.permissions(cell).is_subset(&held) {
            return Err(format!("{names:?} is not held at its top"));
        }
        held.extend(world.leads(row).ok_or("a row that leads nowhere")?);
    }
    if asked.is_subset(&held) { Ok(()) } else { Err(format!("{:?} does not lead there", way.path)) }
}

/// Everybody reaches what the rounds reach and nothing else, in as many steps; every way can be gone; and a period says
/// of each of its moments what the moment says.
#[test]
fn reach_is_the_fixpoint_and_every_way_can_be_gone() {
    let (mut far, mut ways) = (0, 0);
    let counts = std::cell::RefCell::new((&mut far, &mut ways));
    law("reach", 150, &(generated::policy(), layout()), |(policy, layout)| {
        let policy = policy.unrestricted();
        let files = policy.files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let moments = moments(&table);
        let all = decisions(&table, &moments);
        for (catalog, organization) in policy.organizations() {
            let world = World { catalog, organization };
            let id = organization.head.id.as_str();
            let here = table.organization_view(table.organization(id).unwrap()).unwrap();
            let whole = Period::new(None, None).unwrap();
            for (permission, asked) in questions(&table, here) {
                let over = reachable(&table, here, permission, whole).unwrap();
                for at in &moments {
                    let found = reachable(&table, here, permission, *at).unwrap();
                    for who in subjects(here) {
                        let (held, is_super) = standing(&world, &all, id, who, *at);
                        let rounds = world.rounds(&held, is_super);
                        let wanted = rounds.iter().position(|round| asked.is_subset(round));
                        let way = way_at(&found.subjects, who, *at);
                        let what = || format!("{who:?} to {asked:?} at {}\n{}", at.0, shown(&files));
                        prop_assert_eq!(way.map(|way| way.steps), wanted, "{}", what());
                        let over = way_at(&over.subjects, who, *at);
                        prop_assert_eq!(over.map(|way| way.steps), wanted, "over time: {}", what());
                        for way in way.into_iter().chain(over) {
                            let gone = replay(&world, &held, is_super, way, &asked);
                            prop_assert!(gone.is_ok(), "{gone:?}: {}", what());
                            let given = way.by.iter().any(|giver| match who {
                                Subject::Role(role) => giver.role.key() == role.key(),
                                Subject::Principal(_) => {
                                    giver.assignment.is_some_and(|it| it.is_in_force(*at))
                                }
                            });
                            prop_assert!(given, "nothing gives it: {}", what());
                            let (far, ways) = &mut *counts.borrow_mut();
                            **far += usize::from(way.path.len() > 1);
                            **ways += usize::from(way.steps > 0);
                        }
                    }
                }
            }
            for at in &moments {
                let found = beyond(&table, here, *at);
                let mut gains = BTreeMap::new();
                for one in &found.subjects {
                    prop_assert_eq!(one.gains.len(), 1);
                    gains.insert((one.who.word(), one.who.name()), &one.gains[0]);
                }
                for who in subjects(here) {
                    let (held, is_super) = standing(&world, &all, id, who, *at);
                    let rounds = world.rounds(&held, is_super);
                    let last = rounds.last().unwrap();
                    let gain = gains.get(&(who.word(), who.name())).copied();
                    let what = || format!("{who:?} at {}\n{}", at.0, shown(&files));
                    let gained = gain.map_or(0, |gain| gain.permissions);
                    prop_assert_eq!(gained, last.len() - held.len(), "{}", what());
                    let Some(gain) = gain else { continue };
                    prop_assert_eq!(gain.steps, rounds.len() - 1, "{}", what());
                    let all = world.rows().flat_map(|(cell, _)| world.permissions(cell)).collect();
                    let everything = last.is_superset(&all).then_some(gain.steps);
                    prop_assert_eq!(gain.everything, everything, "{}", what());
                }
            }
        }
        Ok(Tried::Held)
    });
    assert!(far > 100 && ways > 1_000, "{far} ways of more than one step, of {ways}");
}

fn subjects(organization: Organization<'_>) -> Vec<Subject<'_>> {
    let roles = organization.assignable().map(Subject::Role);
    roles.chain(organization.principals().map(Subject::Principal)).collect()
}

/// Each row whole, and its lowest action.
fn questions(table: &Table, organization: Organization<'_>) -> Vec<(Permission, BTreeSet<String>)> {
    let catalog = organization.catalog();
    let mut questions = Vec::new();
    for row in catalog.rows() {
        let key: RowId = row.key();
        for actions in [row.shape().top(), Actions::one(0)] {
            let permission = Permission::of(table, catalog.key(), key, actions).unwrap();
            let names = row.shape().actions().enumerate();
            let names = names.filter(|(position, _)| actions.contains(Actions::one(*position)));
            let name = |(_, action)| permission_name(row.category().id(), row.id(), action);
            let names = names.map(name).collect();
            questions.push((permission, names));
        }
    }
    questions
}

/// The roles and templates that are told to lead further, by where they are named: each by what stands behind its name and
/// before the next.
fn told(compilation: &Compilation, model: &Model) -> BTreeSet<Place> {
    let own = model.organizations.iter().flat_map(|of| &of.roles);
    let places: BTreeSet<Place> = own.chain(&model.shared.templates).map(|role| role.place).collect();
    let findings = compilation.findings.iter().filter(|one| one.code == Code::EscalatingGrant);
    findings.map(|one| *places.range(..=one.primary.place).next_back().unwrap()).collect()
}

/// The roles that one is made from, and those that these are, as far as the policy made them.
fn made_from<'m>(model: &'m Model, roles: Roles<'m>, role: &'m Role) -> Vec<(RoleRef, &'m Role)> {
    let super_role = model.catalog(role.catalog).unwrap().super_role.as_deref();
    let is_given = |id, base: &Role| {
        base.is_default || (matches!(id, RoleRef::Template(_)) && super_role == Some(&*base.id))
    };
    let (mut found, mut open) = (Vec::new(), role.bases.clone());
    while let Some(next) = open.pop() {
        let base = roles.get(next).unwrap();
        if !is_given(next, base) {
            found.push((next, base));
            open.extend(&base.bases);
        }
    }
    found
}

/// Whoever comes further by a role of the policy is warned: at that role, or at one that it is made from and that leads to
/// the same. Of a role that leads nowhere nothing is told.
#[test]
fn every_role_that_leads_further_is_told_once() {
    let (here, above) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    law("told escalations", 300, &(generated::policy(), layout()), |(policy, layout)| {
        let policy = policy.unrestricted();
        let files = policy.files(layout);
        let compilation = compiled(&files);
        let (Some(table), Some(model)) = (&compilation.table, &compilation.model) else {
            return Ok(Tried::Void);
        };
        let told = told(&compilation, model);
        let all = decisions(table, &BTreeSet::new());
        for (catalog, organization) in policy.organizations() {
            let world = World { catalog, organization };
            // What everybody holds is given by no line, and nobody is told of it.
            let is_given = |row: &Row| row.escalating.is_some() && row.is_all_floor();
            if world.rows().any(|(_, row)| is_given(row)) {
                continue;
            }
            let id = organization.head.id.as_str();
            let whole: BTreeSet<String> =
                world.rows().flat_map(|(cell, _)| world.permissions(cell)).collect();
            let beyond = |role: &Role| {
                let held = &all[&format!("{id:?} role {:?}", role.id)];
                let rounds = world.rounds(held, false);
                let last = rounds.last().unwrap();
                (last - held, last.is_superset(&whole))
            };
            let checked = model.organizations.iter().find(|one| &*one.id == id).unwrap();
            for role in &checked.roles {
                let what = || format!("{} of {id}\n{}", role.id, shown(&files));
                let (more, _) = beyond(role);
                let is_told = told.contains(&role.place);
                prop_assert!(!is_told || !more.is_empty(), "told of nothing: {}", what());
                if is_told || more.is_empty() {
                    here.set(here.get() + usize::from(is_told));
                    continue;
                }
                let bases = made_from(model, model.roles(checked), role);
                let bases = || bases.iter().filter(|(_, base)| told.contains(&base.place));
                prop_assert!(bases().next().is_some(), "told nowhere: {}", what());
                // A template is told of what it leads to in managed organizations too.
                if !bases().any(|(base, _)| matches!(base, RoleRef::Template(_))) {
                    above.set(above.get() + 1);
                    let known: Vec<_> = bases().map(|(_, base)| beyond(base)).collect();
                    let is_known = known.iter().any(|(_, is_all)| *is_all)
                        || more.iter().all(|one| known.iter().any(|(more, _)| more.contains(one)));
                    prop_assert!(is_known, "told of less: {}", what());
                }
            }
        }
        Ok(Tried::Held)
    });
    assert!(here.get() > 100 && above.get() > 10, "{} here, {} above", here.get(), above.get());
}
