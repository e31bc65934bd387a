//! Every line that can be asserted of a policy, run, and each held against the evaluator at every moment.

use std::fmt::Write as _;

use super::run;
use crate::eval::{Evaluator, Holder, Permission, Query};
use crate::model::Subject;
use crate::pipeline::compile;
use crate::source::Sources;
use crate::vocab::{Actions, Decision, Form, Time};

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
            for at in ["", " at 2026-01-04", " at 2026-01-10", " at 2026-05-01"] {
                let _ = writeln!(text, "        {subject} {verb} {asked}{at}");
            }
        }
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
        let (holder, moments) = match line.subject {
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
        // Whether the line does not hold at a moment, and what is asked about it then.
        let is_ladder = table.organization_view(key).unwrap().catalog().row(line.row).unwrap().shape().form()
            == Form::Ladder;
        let ask = |actions: Actions, at: Time| {
            let permission = Permission::of(&table, catalog, line.row, actions).unwrap();
            Query { holder, permission, at }
        };
        let failing = |at: Time| -> Vec<Actions> {
            let is_other = |asked: &&Actions| evaluator.decide_query(ask(**asked, at)) != line.verdict;
            line.asked.iter().filter(is_other).copied().collect()
        };
        let first = moments.iter().copied().find(|at| !failing(*at).is_empty());
        let wanted = first.map(|at| {
            let asked = if line.verdict == Decision::Allow { line.asked.clone() } else { failing(at) };
            let all = asked.into_iter().fold(Actions::NONE, |all, asked| all | asked);
            let top = all.positions().last().unwrap();
            let all = if is_ladder && !line.is_whole { Actions::one(top) } else { all };
            let again = moments.iter().copied().find(|later| *later > at && failing(*later).is_empty());
            (ask(all, at), again)
        });
        let found = failures.next_if(|failure| std::ptr::eq(failure.assertion, line));
        failed += usize::from(found.is_some());
        let found = found.map(|failure| {
            assert_eq!(failure.query.map(|query| query.at), Some(failure.at));
            // What else of a `cannot` is held later.
            let then = failing(failure.at);
            let held_later = |asked: &&Actions| {
                !then.contains(asked) && moments.iter().any(|at| failing(*at).contains(asked))
            };
            let later = line.asked.iter().filter(held_later).fold(Actions::NONE, |all, one| all | *one);
            let told = failure.later.iter().fold(Actions::NONE, |all, query| {
                assert!(query.at > failure.at && evaluator.decide_query(*query) == Decision::Allow);
                all | query.permission.actions()
            });
            match (line.verdict, is_ladder) {
                (Decision::Allow, _) => assert_eq!(told, Actions::NONE, "{}", line.text),
                (Decision::Deny, false) => assert_eq!(told, later, "{}", line.text),
                (Decision::Deny, true) => assert!(later.contains(told), "{}", line.text),
            }
            (failure.query.unwrap(), failure.until)
        });
        assert_eq!(found, wanted, "{}", line.text);
    }
    assert!(failures.next().is_none());
    assert!(failed > 100 && failed + 100 < outcome.test.assertions.len(), "{failed}");
    assert!(outcome.test.assertions.iter().any(|line| line.verdict == Decision::Deny));
}

#[test]
fn a_test_without_lines_does_not_pass() {
    let text = "use jumpcloud organization o { test \"t\" {} test \"u\" { read-only cannot user-management.unlock-user-accounts } }";
    let compiled = compile(Sources::from_iter([("p.role".to_owned(), text.to_owned())]));
    let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
    let report = run(&model, &table);
    assert_eq!((report.passed(), report.failed(), report.empty()), (1, 0, 1));
}
