//! Who may make a change: held against what generated policies say before and after, written out by other means.

mod naive;
mod turns;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, select};

use rolec::pipeline::Compilation;
use rolec::tools::plan::{How, Plan, Side, Topic, Version, plan};
use rolec::vocab::Time;

use self::naive::{Saying, saying, touched};
use self::turns::{TURNS, turn};
use crate::support::generated::{self, Assignment, Policy};
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::decisions;

fn version(it: &Compilation) -> Option<Version<'_>> {
    Some(Version { model: it.model.as_ref()?, sources: &it.sources })
}

/// The policy with a super role in each catalog that has a template, held by somebody in each organization.
fn governed(mut policy: Policy, who: Index) -> Policy {
    const HOLDERS: [(&str, bool); 3] = [("ana@x", false), ("日本", true), ("siem\\export", false)];
    const UNTIL: [Option<&str>; 3] = [None, Some("2026-11-14"), Some("2027-01-01")];
    for (number, catalog) in policy.catalogs.iter_mut().enumerate() {
        let Some(template) = catalog.templates.get(who.index(catalog.templates.len().max(1))) else {
            continue;
        };
        let role = template.head.id.clone();
        catalog.super_role = Some(role.clone());
        for (at, organization) in catalog.organizations.iter_mut().enumerate() {
            let spread = who.index(97) + number + at;
            organization.assignments.push(Assignment {
                role: role.clone(),
                principals: vec![HOLDERS[spread % 3]],
                from: None,
                until: UNTIL[spread / 3 % 3],
                because: None,
            });
        }
    }
    policy
}

/// How a policy is laid out is nobody's matter: order, files, openings, spellings, blocks, and whether a version of a
/// catalog of the policy's own is stated.
#[test]
fn layout_touches_nothing() {
    let cases = (generated::policy(), layout(), layout());
    law("plans of layouts", 300, &cases, |(policy, one, other)| {
        let (one, other) = (policy.files(one), policy.files(other));
        let (a, b) = (compiled(&one), compiled(&other));
        let (Some(old), Some(new)) = (version(&a), version(&b)) else { return Ok(Tried::Void) };
        let found = plan(old, new, "ana@x", Time(0));
        prop_assert!(found.is_empty(), "{}\n{}\n####\n{}", told(&found), shown(&one), shown(&other));
        Ok(Tried::Held)
    });
}

fn told(found: &Plan<'_>) -> String {
    let all = found.organizations.iter().map(|it| format!("{:?}: {:?}", it.id(), it.changes));
    let elsewhere = found.elsewhere.iter().map(|it| format!("elsewhere: {:?}", it.changes));
    all.chain(elsewhere).collect::<Vec<_>>().join("\n")
}

/// What people and own roles decide in each organization, at some moments.
fn decided(it: &Compilation, at: &BTreeSet<Time>) -> BTreeMap<String, BTreeSet<String>> {
    let (model, table) = (it.model.as_ref().unwrap(), it.table.as_ref().unwrap());
    let own: BTreeSet<String> = model
        .organizations
        .iter()
        .flat_map(|of| of.roles.iter().map(|role| format!("{:?} role {:?}", of.id, role.id)))
        .collect();
    let mut all = decisions(table, at);
    all.retain(|who, _| own.contains(who) || who.contains(" principal "));
    all
}

/// A change of one thing touches the organizations in which something is said otherwise, and those that stand on it, and
/// no others; where a decision changes, its organization is touched. May are those who hold the super role everywhere
/// there, by the policy before.
#[test]
fn a_change_is_judged_where_it_is_made() {
    const AT: [&str; 4] = ["1900-01-01", "2026-11-01", "2026-11-20", "2027-03-01"];
    let place = (any::<Index>(), any::<Index>(), any::<Index>());
    let turns = proptest::collection::vec((select(TURNS.to_vec()), place), 4..=8);
    let seen: BTreeMap<_, Cell<u32>> = TURNS.iter().map(|turn| (*turn, Cell::new(0))).collect();
    let (may, may_not, nowhere) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(0_u32));
    let cases = (generated::policy(), turns, any::<Index>(), layout(), layout());
    let all = law("plans", 300, &cases, |(policy, turns, who, one, other)| {
        let before = governed(policy, who);
        let at = Time::parse(AT[who.index(AT.len())]).unwrap();
        let files = before.files(one);
        let old = compiled(&files);
        let Some(was) = version(&old) else { return Ok(Tried::Void) };
        let said = saying(&before);
        let times: BTreeSet<Time> = AT.map(|at| Time::parse(at).unwrap()).into();
        let decided_before = decided(&old, &times);
        for (kind, place) in turns {
            let mut after = before.clone();
            if turn(kind, place, &mut after).is_none() {
                continue;
            }
            let files_after = after.files(other);
            let new = compiled(&files_after);
            let Some(is) = version(&new) else { continue };
            seen[&kind].set(seen[&kind].get() + 1);
            let now = saying(&after);
            let (touched, elsewhere) = touched(&said, &now);
            let found = plan(was, is, "ana@x", at);
            let texts =
                || format!("{kind:?}\n{}\n{}\n####\n{}", told(&found), shown(&files), shown(&files_after));
            let ids: BTreeSet<String> = found.organizations.iter().map(|it| it.id().to_owned()).collect();
            prop_assert!(ids == touched, "{ids:?} are told, {touched:?} are touched\n{}", texts());
            prop_assert!(found.elsewhere.is_some() == elsewhere, "elsewhere\n{}", texts());
            let (a, b) = (&decided_before, decided(&new, &times));
            for who in a.keys().chain(b.keys()).filter(|who| a.get(*who) != b.get(*who)) {
                let is_touched = touched.iter().any(|id| who.starts_with(&format!("{id:?} ")));
                prop_assert!(is_touched, "{who} decides otherwise\n{}", texts());
            }
            for found in judged(was, is, &said, &touched, elsewhere, at)? {
                let count = if found { &may } else { &may_not };
                count.set(count.get() + 1);
            }
            nowhere.set(nowhere.get() + u32::from(elsewhere));
        }
        Ok(Tried::Held)
    });
    eprintln!("{} may, {} may not, {} times in no organization", may.get(), may_not.get(), nowhere.get());
    assert!(all < MANY || [&may, &may_not, &nowhere].iter().all(|count| count.get() * 10 >= all));
    for (kind, count) in seen {
        eprintln!("{kind:?}: {}", count.get());
        assert!(all < MANY || count.get() > 0, "{kind:?} never compiles");
    }
}

/// Judges a change for everybody, and holds each answer against who holds what; gives the answers.
fn judged(
    was: Version<'_>,
    is: Version<'_>,
    said: &Saying,
    touched: &BTreeSet<String>,
    elsewhere: bool,
    at: Time,
) -> Result<Vec<bool>, TestCaseError> {
    let everybody: BTreeSet<&str> = said.organizations.values().flat_map(|own| own.names.clone()).collect();
    let anywhere: BTreeSet<&str> = said.organizations.values().flat_map(|own| own.supers(at)).collect();
    let mut answers = Vec::new();
    for name in everybody.iter().copied().chain(["nobody@x", "Ana@x", ""]) {
        let mut asked: Vec<BTreeSet<&str>> = touched
            .iter()
            .map(|id| said.organizations.get(id).map_or(anywhere.clone(), |own| own.supers(at)))
            .collect();
        asked.extend(elsewhere.then(|| anywhere.clone()));
        let is_right = everybody.contains(name) && asked.iter().all(|holders| holders.contains(name));
        let found = plan(was, is, name, at);
        prop_assert_eq!(found.may(), is_right, "{:?} at {}\n{}", name, at, told(&found));
        prop_assert_eq!(found.is_known, everybody.contains(name));
        for one in &found.organizations {
            let holders: BTreeSet<&str> = one.holders.iter().map(|it| &*it.principal.name).collect();
            let wanted = said.organizations.get(one.id()).map_or(anywhere.clone(), |own| own.supers(at));
            prop_assert_eq!(holders, wanted);
        }
        answers.push(found.may());
    }
    Ok(answers)
}

/// A place is where it is said to be: in that version, at a line of what is changed.
#[test]
fn a_change_is_told_where_it_is() {
    let text = "use shop\ncatalog shop { category c { r: flag } super s }\ntemplate s { grant all: full }\n\
                organization o {\n    assign s to \"a\"\n    assign s to \"a\" until 2027-01-01\n    assign s to \"b\"\n}\n";
    let [old, new] = [text.to_owned(), text.replace("    assign s to \"a\"\n", "").replace("2027", "2028")]
        .map(|text| compiled(&[("o.role".to_owned(), text)]));
    let found = plan(version(&old).unwrap(), version(&new).unwrap(), "b", Time(0));
    let [change] = &found.organizations[0].changes[..] else { panic!("{}", told(&found)) };
    assert_eq!((change.topic, change.how, change.side), (Topic::Principal("a"), How::Changed, Side::New));
    assert_eq!(found.new.sources.line_column(change.place), (5, 17));
}
