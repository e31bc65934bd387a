//! What is found of requirements, held against a count of everybody at every moment: the checker sweeps over the bounds
//! of assignments, this counts anew at each of them.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use rolec::check::requirements;
use rolec::model::{Condition, Demand, Model, Organization, Principal, Requirement};
use rolec::vocab::{Actions, OrganizationKind, PrincipalKind, RowId, Time};

use crate::support::generated;
use crate::support::law::{Tried, compiled, law, layout, shown};

/// Numbers that a requirement is made of.
struct Dice<'d>(&'d mut dyn Iterator<Item = u32>);

impl Dice<'_> {
    fn below(&mut self, count: usize) -> usize {
        self.0.next().unwrap_or(0) as usize % count.max(1)
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        let at = self.below(items.len());
        items.get(at)
    }
}

/// A requirement that may be about anything in an organization.
fn requirement(model: &Model, organization: &Organization, dice: &mut Dice<'_>) -> Option<Requirement> {
    let catalog = model.catalog(organization.catalog)?;
    let roles = model.roles(organization);
    let all: Vec<Box<str>> = roles
        .own
        .iter()
        .chain(roles.templates.iter().filter(|role| role.catalog == organization.catalog))
        .map(|role| role.id.clone())
        .collect();
    let mut demands = Vec::new();
    for _ in 0..=dice.below(2) {
        if dice.below(3) == 0 {
            demands.extend(dice.pick(&all).map(|id| Demand::Role(id.clone())));
        } else {
            let row = RowId::at(dice.below(catalog.rows.len()));
            let top = catalog.row(row)?.shape.top();
            let positions: Vec<usize> = top.positions().collect();
            let action = *dice.pick(&positions)?;
            // Of a ladder a step brings those below, of verbs any set is a level.
            let actions = if dice.flip() { Actions::one(action) } else { top };
            demands.push(Demand::Row(Condition { row, actions, words: Box::default() }));
        }
    }
    let place = organization.place;
    let mut bounds: Vec<Time> = moments(organization);
    bounds.retain(|at| *at != Time(i64::MIN));
    let from = if dice.below(3) == 0 { dice.pick(&bounds).copied() } else { None };
    let until = if dice.below(3) == 0 { dice.pick(&bounds).copied() } else { None };
    let until = until.filter(|until| from.is_none_or(|from| from < *until));
    let exceptions = if dice.flip() { dice.pick(&all).cloned().into_iter().collect() } else { Vec::new() };
    let least = 1 + u32::try_from(dice.below(3)).unwrap();
    let most = u32::try_from(dice.below(3)).unwrap();
    let (least, most) = match dice.below(3) {
        0 => (Some(least), None),
        1 => (None, Some(most)),
        _ => (Some(least), Some(least + most)),
    };
    let (title, catalog) = ("law".into(), organization.catalog);
    Some(Requirement { title, catalog, least, most, from, until, exceptions, demands, place })
}

/// The moments at which anything may change.
fn moments(organization: &Organization) -> Vec<Time> {
    let mut all: Vec<Time> = organization.principals.iter().flat_map(Principal::moments).collect();
    all.push(Time(i64::MIN));
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether somebody fulfils all lines at a moment.
fn fulfils(model: &Model, organization: &Organization, it: &Requirement, who: &Principal, at: Time) -> bool {
    let roles = model.roles(organization);
    let catalog = model.catalog(organization.catalog).unwrap();
    let held: Vec<_> = who
        .assignments
        .iter()
        .filter(|one| one.is_in_force(at))
        .map(|one| roles.get(one.role).unwrap())
        .filter(|role| !it.exceptions.contains(&role.id))
        .collect();
    it.demands.iter().all(|demand| match demand {
        Demand::Role(id) => held.iter().any(|role| role.id == *id),
        Demand::Row(one) => {
            let row = catalog.row(one.row).unwrap();
            let all = held.iter().fold(Actions::NONE, |all, role| all | role.cells.get(row));
            all.contains(one.actions)
        }
    })
}

/// In words, as a finding has it: from when until when.
fn words(from: Time, until: Option<Time>) -> String {
    match (from, until) {
        (Time(i64::MIN), None) => String::new(),
        (Time(i64::MIN), Some(until)) => format!(" until {until}"),
        (from, None) => format!(" from {from} on"),
        (from, Some(until)) => format!(" from {from} until {until}"),
    }
}

/// What is to be found of too few, or of too many: the first period, and how many hold it as it begins.
fn first(
    model: &Model,
    organization: &Organization,
    it: &Requirement,
    is_broken: impl Fn(usize, usize) -> bool,
) -> Option<(String, usize, usize)> {
    let mut bounds = moments(organization);
    bounds.extend(it.from);
    bounds.extend(it.until);
    bounds.sort_unstable();
    bounds.dedup();
    let is_in = |at: Time| it.from.is_none_or(|from| from <= at) && it.until.is_none_or(|until| at < until);
    let count = |at: Time| {
        let all = organization.principals.iter().filter(|who| fulfils(model, organization, it, who, at));
        let kinds: Vec<PrincipalKind> = all.map(|who| who.kind).collect();
        (kinds.iter().filter(|kind| **kind == PrincipalKind::Admin).count(), kinds.len())
    };
    let broken = |at: Time| {
        let (people, all) = count(at);
        is_in(at) && is_broken(people, all)
    };
    let from = bounds.iter().copied().find(|at| broken(*at))?;
    let until = bounds.iter().copied().find(|at| *at > from && !broken(*at));
    let (people, all) = count(from);
    Some((words(from, until), people, all))
}

fn hold(model: &Model, dice: &mut Dice<'_>, files: &[(String, String)]) -> Result<[usize; 3], TestCaseError> {
    let mut told = [0; 3];
    for organization in &model.organizations {
        for _ in 0..6 {
            let Some(it) = requirement(model, organization, dice) else { continue };
            let mut with = Organization::clone(organization);
            with.requires = vec![it.clone()];
            let found = requirements(&model.shared, &with);
            let catalog = model.catalog(organization.catalog).unwrap();
            let is_about = organization.kind == OrganizationKind::Managed
                || it.demands.iter().all(|demand| match demand {
                    Demand::Row(one) => !catalog.row(one.row).unwrap().only_managed,
                    Demand::Role(_) => true,
                });
            let least = it.least.map_or(0, |least| least as usize);
            let most = it.most.map_or(usize::MAX, |most| most as usize);
            let few = first(model, organization, &it, |people, _| people < least).filter(|_| is_about);
            let many = first(model, organization, &it, |_, all| all > most);
            let many = many.filter(|_| is_about);
            told[0] += usize::from(few.is_some());
            told[1] += usize::from(many.is_some());
            told[2] += usize::from(few.is_none() && many.is_none());
            let messages: Vec<&str> = found.iter().map(|finding| &*finding.message).collect();
            let wanted = usize::from(few.is_some()) + usize::from(many.is_some());
            prop_assert_eq!(messages.len(), wanted, "{:?}\n{:?}\n{}", it, messages, shown(files));
            let counted = |count: usize| if count == 0 { "nobody".to_owned() } else { count.to_string() };
            for (period, count, word) in few
                .map(|(period, people, _)| (period, people, "too few "))
                .into_iter()
                .chain(many.map(|(period, _, all)| (period, all, "too many ")))
            {
                let message = messages.iter().find(|message| message.starts_with(word));
                let Some(message) = message else {
                    return Err(TestCaseError::fail(format!("{word}: {messages:?}")));
                };
                let behind = message.split_once(&format!("organization `{}`", organization.id)).unwrap().1;
                prop_assert!(
                    behind.starts_with(&period),
                    "{:?}: {}\n{:?}\n{}",
                    period,
                    message,
                    it,
                    shown(files)
                );
                let said = behind.rsplit_once(": ").unwrap().1.trim_start_matches("at first ");
                prop_assert!(said.starts_with(&counted(count)), "{}: {}\n{:?}", count, message, it);
            }
        }
    }
    Ok(told)
}

#[test]
fn a_requirement_is_broken_where_a_count_of_everybody_says_so() {
    let total = std::cell::Cell::new([0; 3]);
    let dice = proptest::collection::vec(any::<u32>(), 200);
    law("requirements", 200, &(generated::policy(), layout(), dice), |(policy, layout, dice)| {
        let files = policy.unrestricted().files(layout);
        let Some(model) = compiled(&files).model else { return Ok(Tried::Void) };
        let told = hold(&model, &mut Dice(&mut dice.into_iter()), &files)?;
        let [few, many, met] = total.get();
        total.set([few + told[0], many + told[1], met + told[2]]);
        Ok(Tried::Held)
    });
    // Each of the answers is given often.
    let told = total.get();
    assert!(told.iter().all(|count| *count > 20), "{told:?}");
}
