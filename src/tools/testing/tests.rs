//! Every line that can be asserted of a policy, run, and each held against the evaluator at every moment.

use std::fmt::Write as _;

use super::run;
use crate::eval::{Evaluator, Holder, Permission, Query};
use crate::model::{Claim, Subject};
use crate::pipeline::compile;
use crate::source::Sources;
use crate::vocab::{Actions, Decision, Time};

const POLICY: &str = r#"
use k
catalog k { category c {
    a: verbs p, q, s
    l: ladder none < view < edit < full
    n: ladder none < view < full without none
    f: flag
    m: flag { only managed }
} }
template t { grant c.a: p grant c.l: view }
organization o direct {
    role x from t { grant c.a: p, s grant c.f: on }
    role y { grant c { a: q l: full } }
    role z { grant c.n: full }
    assign t to "ana" until 2026-01-10
    assign x to "ana" from 2026-01-05 until 2026-02-01
    assign y to "ana" from 2026-01-20 until 2026-03-01
    assign y to "ana" from 2026-03-01 until 2026-04-01
    assign x to "bea"
    assign z to "bea" from 2026-02-01
    assign z to service "log"
"#;

const MOMENTS: [&str; 4] = ["", " at 2026-01-04", " at 2026-01-10", " at 2026-05-01"];

#[test]
fn each_line_is_what_the_evaluator_answers_at_every_moment() {
    let mut text = POLICY.to_owned();
    let subjects = ["t", "x", "y", "z", "\"ana\"", "\"bea\"", "service \"log\""];
    let levels =
        [("a", "p"), ("a", "p, q"), ("a", "full"), ("l", "edit"), ("n", "view"), ("n", "full"), ("f", "on")];
    let levels = levels.iter().map(|(row, level)| format!("c.{row}: {level}"));
    let bare = ["a", "l", "n", "f", "m"].iter().map(|row| format!("c.{row}"));
    let asked: Vec<String> = levels.chain(bare).collect();
    text.push_str("    test \"all\" {\n");
    for (subject, asked) in
        subjects.iter().flat_map(|subject| asked.iter().map(move |asked| (subject, asked)))
    {
        for verb in ["can", "cannot"] {
            for at in MOMENTS {
                let _ = writeln!(text, "        {subject} {verb} {asked}{at}");
            }
        }
    }
    let sets =
        ["t", "x", "x, t", "y, z", "role y, x", "\"ana\"", "\"bea\", service \"log\"", "\"bea\", \"ana\""];
    for (set, asked) in sets.iter().flat_map(|set| asked.iter().map(move |asked| (set, asked))) {
        for at in MOMENTS {
            let _ = writeln!(text, "        only {set} can {asked}{at}");
        }
    }
    let cells = [
        "a: none", "a: p", "a: q, p", "a: full", "l: none", "l: view", "l: full", "n: view", "n: full",
        "f: on", "f: off", "m: off",
    ];
    for (cell, at) in cells.iter().flat_map(|cell| MOMENTS.iter().map(move |at| (cell, at))) {
        let (row, level) = cell.split_once(": ").unwrap();
        let levels = vec![level; subjects.len()].join(" | ");
        let _ = writeln!(text, "        cases {}{at} {{ c.{row}: {levels} }}", subjects.join(", "));
    }
    text.push_str("    }\n}\n");
    let compiled = compile(Sources::from_iter([("p.role".to_owned(), text)]));
    let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
    let report = run(&model, &table);
    assert_eq!((report.outcomes.len(), report.passed(), report.failed(), report.empty()), (1, 0, 1, 0));
    let organization = &model.organizations[0];
    let key = table.organization("o").unwrap();
    let catalog = table.organization_view(key).unwrap().catalog().key();
    let evaluator = Evaluator::new(&table);
    let outcome = &report.outcomes[0];
    let mut failures = outcome.failures.iter().peekable();
    let mut failed = 0;
    for line in &outcome.test.assertions {
        let shape = &model.shared.catalogs[0].row(line.row).unwrap().shape;
        for subject in organization.spoken_of(&model.shared, &line.claim) {
            let (holder, moments) = match subject {
                Subject::Role(role) => {
                    let id = &model.roles(organization).get(role).unwrap().id;
                    (Holder::Role(key, table.role(key, id).unwrap()), vec![Time(i64::MIN)])
                }
                Subject::Principal(index) => {
                    let principal = &organization.principals[index];
                    (Holder::Principal(table.principal(key, &principal.name).unwrap()), principal.moments())
                }
            };
            let moments = line.at.map_or(moments, |at| vec![at]);
            let query = |actions, at| {
                let permission = Permission::of(&table, catalog, line.row, actions).unwrap();
                Query { holder, permission, at }
            };
            let allows = |actions, at| evaluator.decide_query(query(actions, at)) == Decision::Allow;
            let held = |at| {
                let each = (0..shape.width())
                    .map(Actions::one)
                    .filter(|one| shape.top().contains(*one) && allows(*one, at));
                each.fold(Actions::NONE, |all, one| all | one)
            };
            // Whether each thing that the line says is so at a moment.
            let so = |at: Time| -> Vec<bool> {
                let listed = match &line.claim {
                    Claim::Can(_) => true,
                    Claim::Cannot(_) => false,
                    Claim::Exactly(_) => return vec![held(at) == line.asked[0]],
                    Claim::OnlyRoles(roles) => roles.iter().any(|role| Subject::Role(*role) == subject),
                    Claim::OnlyPrincipals(all) => all.iter().any(|at| Subject::Principal(*at) == subject),
                };
                line.asked.iter().map(|actions| allows(*actions, at) == listed).collect()
            };
            let first = moments.iter().find_map(|at| Some((*at, so(*at).iter().position(|is_so| !is_so)?)));
            let wanted = first.map(|(first, _)| {
                let again = |later: &&Time| **later > first && so(**later).iter().all(|is_so| *is_so);
                (first, moments.iter().find(again).copied())
            });
            let found = failures.next_if(|one| std::ptr::eq(one.assertion, line) && one.subject == subject);
            failed += usize::from(found.is_some());
            assert_eq!(found.map(|failure| (failure.at, failure.until)), wanted, "{} {subject:?}", line.text);
            let Some(failure) = found else { continue };
            // What else of a `cannot` is held later only.
            assert!(failure.later.is_empty() || matches!(line.claim, Claim::Cannot(_)), "{}", line.text);
            for query in &failure.later {
                assert!(query.at > failure.at && evaluator.decide_query(*query) == Decision::Allow);
            }
            // What was asked shows it: denied where something is missing, allowed where it is too much.
            assert_eq!(failure.held, held(failure.at));
            let asked = failure.query.unwrap();
            let is_missing = !line.asked.iter().all(|actions| held(failure.at).contains(*actions));
            assert_eq!(
                evaluator.decide_query(asked),
                Decision::allow_if(!is_missing || !line.claim.grants(subject))
            );
        }
    }
    assert!(failures.next().is_none());
    assert!(failed > 300, "{failed}");
    let fails = |is: fn(&Claim) -> bool| {
        let lines: Vec<_> = outcome.test.assertions.iter().filter(|line| is(&line.claim)).collect();
        let failing = lines
            .iter()
            .filter(|line| outcome.failures.iter().any(|failure| std::ptr::eq(failure.assertion, **line)));
        (failing.count(), lines.len())
    };
    for (failing, all) in [
        fails(|claim| matches!(claim, Claim::Can(_))),
        fails(|claim| matches!(claim, Claim::Cannot(_))),
        fails(|claim| matches!(claim, Claim::Exactly(_))),
        fails(|claim| matches!(claim, Claim::OnlyRoles(_))),
        fails(|claim| matches!(claim, Claim::OnlyPrincipals(_))),
    ] {
        assert!(failing > 5 && failing + 5 < all, "{failing} of {all}");
    }
}

#[test]
fn a_test_without_lines_does_not_pass() {
    let text = "use jumpcloud organization o { test \"t\" {} test \"u\" { read-only cannot user-management.unlock-user-accounts } }";
    let compiled = compile(Sources::from_iter([("p.role".to_owned(), text.to_owned())]));
    let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
    let report = run(&model, &table);
    assert_eq!((report.passed(), report.failed(), report.empty()), (1, 0, 1));
}
