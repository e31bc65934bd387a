//! What the report on changes that no test notices says, held against policies that were really changed: printed with the
//! change in them, compiled, and their tests run.

use std::collections::HashSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use rolec::catalog::Row;
use rolec::diagnostic::Code;
use rolec::model::{Assignment, Entry, Model, Organization, Role, Target};
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::print::print;
use rolec::tools::testing::{Without, flipped, flips, mutation, run};
use rolec::vocab::{Actions, RowId, Written};

use crate::support::generated;
use crate::support::law::{Tried, compiled, law, layout, shown};
use crate::support::policies::shipped_files;

/// A model without the lines that do not hold: a change would not be what makes them fail.
fn passing(model: &Model, table: &Table) -> Model {
    let report = run(model, table);
    let failures = report.outcomes.iter().flat_map(|outcome| &outcome.failures);
    let failing: HashSet<_> = failures.map(|failure| failure.assertion.place).collect();
    let mut model = model.clone();
    for organization in &mut model.organizations {
        for test in &mut Arc::make_mut(organization).tests {
            test.assertions.retain(|line| !failing.contains(&line.place));
        }
    }
    model
}

/// Whether the tests of a changed policy fail, or name somebody who is gone; nothing where it does not compile for another
/// reason, because it breaks a forbid.
fn is_noticed(model: &Model, sources: &Sources) -> Option<bool> {
    let changed = compile(Sources::from_iter(print(model, sources)));
    if changed.findings.errors().any(|error| error.code == Code::UnknownPrincipal) {
        return Some(true);
    }
    let (model, table) = (changed.model?, changed.table?);
    Some(run(&model, &table).failed() > 0)
}

fn role_of<'m>(model: &'m mut Model, organization: Option<&Organization>, id: &str) -> &'m mut Role {
    let roles = match organization {
        Some(of) => &mut in_model(model, of).roles,
        None => &mut Arc::make_mut(&mut model.shared).templates,
    };
    roles.iter_mut().find(|role| &*role.id == id).unwrap()
}

fn in_model<'m>(model: &'m mut Model, organization: &Organization) -> &'m mut Organization {
    let found = model.organizations.iter_mut().find(|one| one.id == organization.id).unwrap();
    Arc::make_mut(found)
}

/// Has a role say a level of a row.
fn say(role: &mut Role, id: RowId, row: &Row, level: Actions) {
    let words: Arc<[Box<str>]> = row.shape.level(level).split(", ").map(Box::from).collect();
    let target = Target::Row(id);
    match role.entries.iter_mut().find(|entry| entry.target == target) {
        Some(entry) => entry.words = words,
        None => {
            let place = role.place;
            role.entries.push(Entry {
                target,
                level: "".into(),
                words,
                place,
                level_place: place,
                cut: place,
                written: Written::Line,
                unconfirmed: None,
            });
        }
    }
}

/// Tries every so many-th change, and all of assignments; gives how many were tried.
fn hold(files: &[(String, String)], compilation: &Compilation, every: usize) -> Result<usize, TestCaseError> {
    let (Some(model), Some(table)) = (&compilation.model, &compilation.table) else { return Ok(0) };
    let model = passing(model, table);
    let sources = &compilation.sources;
    let report = mutation(&model, sources);
    let (mut number, mut tried) = (0, 0);
    for marked in &report.roles {
        for (id, row, held, marks) in marked.rows() {
            for one in flips(row, held).positions().map(Actions::one) {
                number += 1;
                // What a test speaks of is told apart from what none speaks of more often than by chance.
                if number % every != 0 && !(marks.contains(one) && number % 3 == 0) {
                    continue;
                }
                let mut changed = model.clone();
                let role = role_of(&mut changed, marked.organization, &marked.role.id);
                say(role, id, row, flipped(held, one));
                let Some(really) = is_noticed(&changed, sources) else { continue };
                tried += 1;
                let what = format!("{}: {} {:?}", marked.role.id, row.id, one);
                prop_assert_eq!(marks.contains(one), really, "{}\n{}", what, shown(files));
            }
        }
    }
    for organization in &model.organizations {
        for (at, principal) in organization.principals.iter().enumerate() {
            for (index, assignment) in principal.assignments.iter().enumerate() {
                for without in [Without::All, Without::From, Without::Until] {
                    number += 1;
                    let is_there = match without {
                        Without::All => true,
                        Without::From => assignment.from().is_some(),
                        Without::Until => assignment.until().is_some(),
                    };
                    if !is_there || number % every.min(3) != 0 {
                        continue;
                    }
                    let mut changed = model.clone();
                    let people = &mut in_model(&mut changed, organization).principals;
                    people.change(at, |one| match without {
                        Without::All => drop(one.assignments.remove(index)),
                        Without::From => one.assignments[index].clauses.as_mut().unwrap().from = None,
                        Without::Until => one.assignments[index].clauses.as_mut().unwrap().until = None,
                    });
                    let Some(really) = is_noticed(&changed, sources) else { continue };
                    tried += 1;
                    let is = |one: &Assignment| std::ptr::eq(one, assignment);
                    let told =
                        report.unnoticed.iter().any(|one| is(one.assignment) && one.without == without);
                    let what = format!("{} {index} {without:?}", principal.name);
                    prop_assert_eq!(!told, really, "{}\n{}", what, shown(files));
                }
            }
        }
    }
    Ok(tried)
}

#[test]
fn a_change_is_noticed_where_the_report_says_so() {
    let total = std::cell::Cell::new(0);
    law("mutations", 60, &(generated::policy(), layout()), |(policy, layout)| {
        let files = policy.files(layout);
        let tried = hold(&files, &compiled(&files), 7)?;
        total.set(total.get() + tried);
        Ok(if tried > 0 { Tried::Held } else { Tried::Void })
    });
    assert!(total.get() > 300, "{}", total.get());
}

#[test]
fn in_what_ships_too() {
    for (_, files) in shipped_files() {
        let compilation = compiled(&files);
        let tried = hold(&files, &compilation, 101).unwrap();
        let has_tests = compilation.model.unwrap().organizations.iter().any(|one| !one.tests.is_empty());
        assert!(!has_tests || tried > 10, "{tried}");
    }
}
