//! What is changed in the text of a policy: that it compiles, that it decides what was wished and nothing else, and that
//! what was not meant stays as it was written.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::edit::{Change, Mentions, Policy, edit};
use rolec::lint::Moment;
use rolec::source::Sources;
use rolec::table::{Organization, Table};
use rolec::tools::diff::diff;
use rolec::vocab::{PrincipalKind, Time};

use crate::support::generated;
use crate::support::law::{MANY, Tried, errors, law, layout, shown};
use crate::support::picture::{decisions, moments};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    New,
    Copy,
    Rename,
    Remove,
    Assign,
    Unassign,
    End,
}

const VERBS: [Verb; 7] =
    [Verb::New, Verb::Copy, Verb::Rename, Verb::Remove, Verb::Assign, Verb::Unassign, Verb::End];

/// The roles that somebody holds at each moment, by organization and name, with whether it is a service account. Who
/// holds none at a moment is not there.
type Holders = BTreeMap<(String, String, bool, Time), BTreeSet<String>>;
/// What each role holds, by organization and id.
type Roles = BTreeMap<(String, String), BTreeSet<String>>;

fn holders(table: &Table, moments: &BTreeSet<Time>) -> Holders {
    let mut all = Holders::new();
    for organization in table.organizations() {
        for one in organization.principals() {
            let is_service = one.kind() == PrincipalKind::Service;
            for at in moments {
                let held = one.assignments().filter(|it| it.is_in_force(*at));
                let held = held.filter_map(|it| table.role_view(it.role())).map(|role| role.id().to_owned());
                let key = (organization.id().to_owned(), one.name().to_owned(), is_service, *at);
                all.entry(key).or_default().extend(held);
            }
        }
    }
    all.retain(|_, held| !held.is_empty());
    all
}

fn roles(table: &Table) -> Roles {
    let decided = decisions(table, &BTreeSet::new());
    let mut all = Roles::new();
    for organization in table.organizations() {
        for role in organization.assignable() {
            let held = &decided[&format!("{:?} role {:?}", organization.id(), role.id())];
            all.insert((organization.id().to_owned(), role.id().to_owned()), held.clone());
        }
    }
    all
}

/// Files in which each line that has no comment gets one that no other has.
fn remarked(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut number = 0;
    let mut remark = |line: &str| {
        number += 1;
        if line.contains("//") { line.to_owned() } else { format!("{line}  // {number}") }
    };
    let text = |text: String, remark: &mut dyn FnMut(&str) -> String| -> String {
        text.lines().map(|line| remark(line) + "\n").collect()
    };
    files.into_iter().map(|(name, it)| (name, text(it, &mut remark))).collect()
}

/// A text without white space: where a file was in canonical style, it is so again.
fn plain(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn is_within(part: &[char], whole: &[char]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|c| rest.any(|other| other == c))
}

fn remarks(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.rsplit_once("  // ")).map(|(_, remark)| remark).collect()
}

fn pick<'a, T>(all: &'a [T], index: &Index) -> Option<&'a T> {
    all.get(index.index(all.len().max(1)))
}

fn ids<'t>(organization: Organization<'t>) -> Vec<&'t str> {
    organization.roles().map(|role| role.id()).collect()
}

/// A change does what it says to whom it says it, and to nobody and nothing else.
#[test]
fn a_change_is_what_was_wished_and_nothing_else() {
    let numbers = (any::<Index>(), any::<Index>(), any::<Index>(), any::<Index>());
    let cases = (generated::policy(), layout(), proptest::sample::select(VERBS.to_vec()), numbers);
    let done: [Cell<u32>; VERBS.len()] = Default::default();
    let all = law("edits", 700, &cases, |(policy, layout, verb, (place, first, second, third))| {
        let files = remarked(policy.unforbidden().files(layout));
        let Ok(policy) = Policy::open(Sources::from_iter(files.clone()), Moment::default()) else {
            return Ok(Tried::Void);
        };
        let table = policy.table();
        let organizations: Vec<Organization<'_>> = table.organizations().collect();
        // Without an organization there is nothing to change.
        let Some(organization) = pick(&organizations, &place).copied() else { return Ok(Tried::Held) };
        let home = organization.id().to_owned();
        let own = ids(organization);
        let known: Vec<&str> = organization.assignable().map(|role| role.id()).collect();
        let people: Vec<(&str, PrincipalKind)> =
            organization.principals().map(|one| (one.name(), one.kind())).collect();
        let (some, other) = (pick(&known, &first).copied(), pick(&known, &second).copied());
        let own = pick(&own, &first).copied();
        let mut who = pick(&people, &third).copied().unwrap_or(("new@x", PrincipalKind::Admin));
        // What is taken from somebody is theirs.
        let held: Vec<(&str, PrincipalKind, &str)> = organization
            .principals()
            .flat_map(|one| one.assignments().map(move |it| (one.name(), one.kind(), it.role())))
            .filter_map(|(name, kind, role)| Some((name, kind, table.role_view(role)?.id())))
            .collect();
        let taken = pick(&held, &third).copied().filter(|_| matches!(verb, Verb::Unassign | Verb::End));
        if let Some((name, kind, _)) = taken {
            who = (name, kind);
        }
        let taken = taken.map(|(.., role)| role);
        let bases: Vec<&str> =
            [some, other].into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect();
        let times = [None, Some(Time(1_794_268_800)), Some(Time(1_795_132_800))];
        let (from, until) = (times[first.index(2)], times[second.index(2) * 2]);
        let whos = [who.0];
        let id = "brand new";
        let change = match verb {
            Verb::New => Some(Change::New { id, title: None, description: Some("new"), from: &bases }),
            Verb::Copy => own.map(|role| Change::Copy { role, to: id, title: None }),
            Verb::Rename => own.map(|role| Change::Rename { role, to: id, title: None }),
            Verb::Remove => own.map(|role| {
                let replace_with = other.filter(|other| *other != role);
                Change::Remove { role, replace_with, mentions: Mentions::Remove }
            }),
            Verb::Assign => {
                some.map(|role| Change::Assign { role, who: &whos, kind: who.1, from, until, because: None })
            }
            Verb::Unassign => taken.map(|role| Change::Unassign { role, who: &whos, until: None }),
            Verb::End => taken.map(|role| Change::Unassign { role, who: &whos, until: times[1] }),
        };
        let Some(change) = change else { return Ok(Tried::Held) };
        // What is refused changes nothing; whether it is, is for other tests to say.
        let Ok(edited) = edit(&policy, Some(&home), &change, |_| true) else { return Ok(Tried::Held) };
        let after: Vec<(String, String)> =
            edited.sources.iter().map(|(_, file)| (file.name().to_owned(), file.text().to_owned())).collect();
        let texts = || format!("{change:?}\n{}\n######## and then\n{}", shown(&files), shown(&after));
        prop_assert!(errors(&edited.compiled).is_empty(), "{}", texts());
        let Some(new) = &edited.compiled.table else { panic!("no error and no table") };
        let moments: BTreeSet<Time> = moments(table).union(&moments(new)).copied().collect();
        let (mut held, mut cells) = (holders(table, &moments), roles(table));
        let of = |role: &str| (home.clone(), role.to_owned());
        match change {
            Change::New { from, .. } => {
                let floor: BTreeSet<String> = roles(new)[&of(id)].clone();
                let union: BTreeSet<String> = from.iter().flat_map(|base| cells[&of(base)].clone()).collect();
                // Without a base it holds the floors.
                prop_assert!(from.is_empty() || union == floor, "{}", texts());
                cells.insert(of(id), floor);
            }
            Change::Copy { role, to, .. } => {
                let copied = cells[&of(role)].clone();
                cells.insert(of(to), copied);
            }
            Change::Rename { role, to, .. } => {
                let moved = cells.remove(&of(role)).unwrap();
                cells.insert(of(to), moved);
                for (_, roles) in held.iter_mut().filter(|((of, ..), _)| *of == home) {
                    if roles.remove(role) {
                        roles.insert(to.to_owned());
                    }
                }
            }
            Change::Remove { role, replace_with, .. } => {
                cells.remove(&of(role));
                for (_, roles) in held.iter_mut().filter(|((of, ..), _)| *of == home) {
                    if roles.remove(role) {
                        roles.insert(replace_with.unwrap().to_owned());
                    }
                }
            }
            Change::Assign { role, .. } => {
                let is_service = who.1 == PrincipalKind::Service;
                let is_in =
                    |at: Time| from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until);
                for at in moments.iter().filter(|at| is_in(**at)) {
                    let key = (home.clone(), who.0.to_owned(), is_service, *at);
                    held.entry(key).or_default().insert(role.to_owned());
                }
            }
            Change::Unassign { role, until, .. } => {
                let is_meant = |at: Time| until.is_none_or(|until| until <= at);
                for ((of, name, _, at), roles) in &mut held {
                    if *of == home && name == who.0 && is_meant(*at) {
                        roles.remove(role);
                    }
                }
                held.retain(|_, roles| !roles.is_empty());
            }
        }
        prop_assert!(holders(new, &moments) == held, "somebody holds something else: {}", texts());
        prop_assert!(roles(new) == cells, "a role holds something else: {}", texts());
        let differs = !diff(table, new).is_empty();
        prop_assert!(
            differs || edited.is_idle() || verb == Verb::Assign || verb == Verb::Unassign,
            "{}",
            texts()
        );
        for ((name, before), (_, after)) in files.iter().zip(&after) {
            let (old, new) = (plain(before), plain(after));
            let is_kept = match verb {
                Verb::New | Verb::Copy | Verb::Assign => is_within(&old, &new),
                Verb::Unassign => is_within(&new, &old),
                Verb::Rename => remarks(before) == remarks(after),
                Verb::Remove | Verb::End => {
                    let (old, new) = (remarks(before), remarks(after));
                    // None is new, and each that is gone stood on a line that is gone.
                    let lines: BTreeSet<&str> = after.lines().map(str::trim).collect();
                    let is_gone = |line: &&str| !lines.contains(line.trim());
                    let gone = before.lines().filter(is_gone).count();
                    new.iter().all(|remark| old.contains(remark)) && old.len() - new.len() <= gone
                }
            };
            prop_assert!(is_kept, "{name} has lost something: {}", texts());
        }
        if !edited.is_idle() {
            let counter = &done[verb as usize];
            counter.set(counter.get() + 1);
        }
        Ok(Tried::Held)
    });
    for (verb, count) in VERBS.iter().zip(done) {
        eprintln!("{verb:?} has changed something {} times", count.get());
        assert!(all < MANY || count.get() * 40 >= all, "{verb:?} has changed something only so seldom");
    }
}
