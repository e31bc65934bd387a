//! What may be added without taking anything away.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::table::Table;
use rolec::vocab::Time;

use crate::support::generated::{
    self, Assignment, Catalog, Entry, Form, Organization, Policy, Role, Row, Target,
};
use crate::support::law::{MANY, Tried, compiled, errors, law, layout, shown};
use crate::support::picture::{Decisions, decisions, held, moments};

/// What may be added to a policy without taking anything from anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Addition {
    /// A role in somebody's hands, at all times or for some.
    Assignment,
    /// One more base of a role. What the role says itself stays as it says it.
    Base,
    /// An exact entry that was not there, at least at the level that the role held; or one that was, raised.
    Exact,
    /// One more word in the list of a spread.
    SpreadWord,
    /// A spread of `full`, which is the top of every kind: a new one, or instead of another word.
    SpreadFull,
}

const ADDITIONS: [Addition; 5] =
    [Addition::Assignment, Addition::Base, Addition::Exact, Addition::SpreadWord, Addition::SpreadFull];

/// Numbers that say where to add something, and what.
type Where = (Index, Index, Index);

/// Adding a grant never takes anything away: whoever was allowed something is allowed it still, at every moment.
///
/// The language promises this for the additions above, and for no other. A role's own entry goes before what the role
/// had from elsewhere. So a spread of another word may lower what bases or a wider spread gave, and an exact entry at a
/// lower level does. Another word of a spread may lower too: two ladders may rank the same words differently.
#[test]
fn an_addition_takes_nothing_away() {
    let place = (any::<Index>(), any::<Index>(), any::<Index>());
    let additions = proptest::collection::vec((proptest::sample::select(ADDITIONS.to_vec()), place), 1..=3);
    let tried: [Cell<u32>; 5] = Default::default();
    let cases = (generated::policy(), additions, layout(), layout());
    let all = law("additions", 500, &cases, |(policy, additions, one, other)| {
        let before = policy.unrestricted();
        let files = before.files(one);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let mut after = before.clone();
        let mut added: BTreeSet<Addition> = BTreeSet::new();
        for (addition, place) in additions {
            if add(addition, place, &mut after, &table).is_some() {
                added.insert(addition);
            }
        }
        if added.is_empty() {
            return Ok(Tried::Void);
        }
        let files_after = after.files(other);
        let texts = || format!("{added:?}\n{}\n######## and then\n{}", shown(&files), shown(&files_after));
        let compilation = compiled(&files_after);
        let errors = errors(&compilation);
        prop_assert!(errors.is_empty(), "{errors:#?}\n{}", texts());
        let Some(table_after) = compilation.table else { panic!("no error and no table") };
        let all: BTreeSet<Time> = moments(&table).union(&moments(&table_after)).copied().collect();
        let (old, new) = (decisions(&table, &all), decisions(&table_after, &all));
        for (who, held) in &old {
            let lost: Vec<&String> = held.difference(&new[who]).collect();
            prop_assert!(lost.is_empty(), "{who} has lost {lost:?} by {}", texts());
        }
        let grew = |old: &Decisions| old.iter().any(|(who, held)| new[who].len() > held.len());
        if grew(&old) || new.len() > old.len() {
            for addition in added {
                let counter = &tried[addition as usize];
                counter.set(counter.get() + 1);
            }
        }
        Ok(Tried::Held)
    });
    for (addition, count) in ADDITIONS.iter().zip(tried) {
        eprintln!("{addition:?} has given somebody something {} times", count.get());
        assert!(all < MANY || count.get() * 40 >= all, "{addition:?} has given something only so seldom");
    }
}

/// Adds something; none where there is nowhere to add it.
fn add(addition: Addition, (place, what, level): Where, policy: &mut Policy, table: &Table) -> Option<()> {
    if addition == Addition::Assignment {
        return assign(policy, place, what, level);
    }
    // Every template and role: its catalog, its organization, its number there.
    let mut all: Vec<(usize, Option<usize>, usize)> = Vec::new();
    for (number, catalog) in policy.catalogs.iter().enumerate() {
        all.extend((0..catalog.templates.len()).map(|role| (number, None, role)));
        for (at, organization) in catalog.organizations.iter().enumerate() {
            all.extend((0..organization.roles.len()).map(|role| (number, Some(at), role)));
        }
    }
    let (catalog, organization, number) = *all.get(place.index(all.len().max(1)))?;
    let catalog = &mut policy.catalogs[catalog];
    let of = organization.map(|at| &catalog.organizations[at]);
    let (roles, templates) = match of {
        Some(of) => (&of.roles, &catalog.templates[..]),
        None => (&catalog.templates, &[][..]),
    };
    // Bases are those that stand before, so that none starts from itself.
    let before: Vec<String> =
        roles[..number].iter().chain(templates).map(|role| role.head.id.clone()).collect();
    let mut changed = roles[number].clone();
    change(addition, (what, level), catalog, of, &before, &mut changed, table)?;
    match organization {
        Some(at) => catalog.organizations[at].roles[number] = changed,
        None => catalog.templates[number] = changed,
    }
    Some(())
}

fn assign(policy: &mut Policy, place: Index, role: Index, bounds: Index) -> Option<()> {
    let organizations = policy.catalogs.iter().enumerate();
    let all: Vec<(usize, usize)> =
        organizations.flat_map(|(at, it)| (0..it.organizations.len()).map(move |of| (at, of))).collect();
    let (catalog, organization) = *all.get(place.index(all.len().max(1)))?;
    let catalog = &mut policy.catalogs[catalog];
    let known = catalog.assignable(&catalog.organizations[organization]);
    let role = known.get(role.index(known.len().max(1)))?.clone();
    // Somebody new, or somebody who is there.
    let assignments = &mut catalog.organizations[organization].assignments;
    let people: Vec<(&str, bool)> =
        assignments.iter().flat_map(|it| it.principals.iter().copied()).chain([("new@x", false)]).collect();
    let who = people[bounds.index(people.len())];
    let (from, until) =
        [(None, None), (Some("2026-11-10"), None), (Some("2026-11-10"), Some("2026-11-20"))][bounds.index(3)];
    assignments.push(Assignment { role, principals: vec![who], from, until, because: None });
    Some(())
}

/// Changes a role; none where it has nothing of the sort to change.
fn change(
    addition: Addition,
    (what, level): (Index, Index),
    catalog: &Catalog,
    organization: Option<&Organization>,
    before: &[String],
    role: &mut Role,
    table: &Table,
) -> Option<()> {
    match addition {
        Addition::Base => {
            let free: Vec<&String> = before.iter().filter(|base| !role.bases.contains(base)).collect();
            role.bases.push((*free.get(what.index(free.len().max(1)))?).clone());
        }
        Addition::Exact => {
            let rows: Vec<(usize, usize)> = catalog.rows().collect();
            let (category, row) = rows[what.index(rows.len())];
            let (of, shape) = (&catalog.categories[category].head.id, catalog.row((category, row)));
            let home = organization.map(|it| it.head.id.as_str());
            let held = held(table, home, &role.head.id, of, &shape.head.id);
            let words = at_least(shape, &held, level);
            set(role, Target::Row(category, row), words);
        }
        Addition::SpreadWord => {
            let mut spreads: Vec<&mut Entry> =
                role.entries.iter_mut().filter(|entry| !matches!(entry.target, Target::Row(..))).collect();
            let count = spreads.len();
            let entry = spreads.get_mut(what.index(count.max(1)))?;
            let rows = catalog.rows().filter(|(category, _)| match entry.target {
                Target::Category(it) => it == *category,
                _ => true,
            });
            let words: Vec<&str> = rows.flat_map(|row| catalog.row(row).levels()).collect();
            let word = words[level.index(words.len())];
            if entry.words.contains(&word) {
                return None;
            }
            entry.words.push(word);
        }
        Addition::SpreadFull => {
            let category = what.index(catalog.categories.len() + 1);
            let target =
                if category == catalog.categories.len() { Target::All } else { Target::Category(category) };
            set(role, target, vec!["full"]);
        }
        Addition::Assignment => return None,
    }
    Some(())
}

/// A level of a row at which all that is held is held, and maybe more.
fn at_least(row: &Row, held: &[String], index: Index) -> Vec<&'static str> {
    let actions = row.actions();
    match row.shape.form {
        Form::Flag => vec!["on"],
        Form::Ladder => {
            let higher = &actions[held.len().max(1) - 1..];
            vec![higher[index.index(higher.len())]]
        }
        Form::Verbs => {
            let more = index.index(actions.len());
            let is_in = |(number, verb): &(usize, &str)| *number == more || held.iter().any(|it| it == verb);
            actions.into_iter().enumerate().filter(is_in).map(|(_, verb)| verb).collect()
        }
    }
}

fn set(role: &mut Role, target: Target, words: Vec<&'static str>) {
    role.entries.retain(|entry| entry.target != target);
    role.entries.push(Entry { target, words, unconfirmed: None });
}
