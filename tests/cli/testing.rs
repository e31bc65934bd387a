//! `test`: what does not hold, since when, and why.

use crate::run::{Folder, Run, SHOP, policies, uncolored};

/// Tests of which one holds, three do not, and one says nothing.
const TESTS: &str = r#"use "shop.role"

template reader { grant sales.orders: read }

organization store {
    role boss { grant sales.orders: read, write }
    assign boss to "bea" from 2026-03-01 until 2026-04-01
    assign reader to "bea" from 2026-03-15

    test "holds" { boss can sales.orders: read, write }
    test "in time" {
        "bea" can sales.orders: read
        "bea" cannot sales.orders: write
        "bea" cannot sales.orders: read at 2026-05-01
    }
    test "a template" { reader can sales.orders: write }
    test "never" { "bea" can sales.prices: full }
    test "nothing" {}
}
"#;

fn folder() -> Folder {
    Folder::new().with("shop.role", SHOP).with("tests.role", TESTS)
}

const REPORT: &str = r#"FAILED "in time" in store, tests.role:11:10
  tests.role:12:9: `"bea" can sales.orders: read` does not hold before 2026-03-01; without `at` a line speaks of every moment
    deny: no assignment of `bea` in organization `store` is in force before 2026-03-01
      reader is not in force: assigned at tests.role:8:22, from 2026-03-15
      boss is not in force: assigned at tests.role:7:20, from 2026-03-01, until 2026-04-01
      it is allowed from 2026-03-01 on: boss, assigned at tests.role:7:20
      no change of one level alone would allow it at every moment
      roles that have it, nearest first: reader (nothing else), boss (1 more)
  tests.role:13:9: `"bea" cannot sales.orders: write` does not hold from 2026-03-01 until 2026-04-01; without `at` a line speaks of every moment
    allow: `bea` has sales.orders:write in organization `store`
      boss, assigned at tests.role:7:20, from 2026-03-01, until 2026-04-01
        `grant sales.orders: read, write` at tests.role:6:17 gives write
      reader is not in force: assigned at tests.role:8:22, from 2026-03-15
  tests.role:14:9: `"bea" cannot sales.orders: read at 2026-05-01`
    allow: `bea` has sales.orders:read in organization `store`
      reader, assigned at tests.role:8:22, from 2026-03-15
        `grant sales.orders: read` at tests.role:3:19 gives read
      boss is not in force: assigned at tests.role:7:20, from 2026-03-01, until 2026-04-01

FAILED "a template" in store, tests.role:16:10
  tests.role:16:25: `reader can sales.orders: write`
    deny: template `reader` lacks sales.orders:write in organization `store`, the level there is read
      reader, template at tests.role:3:10
        `grant sales.orders: read` at tests.role:3:19 withholds write
      this would allow it
        `grant sales.orders: read, write` instead of `grant sales.orders: read` at tests.role:3:19 in template reader; 1 principal gains by it
      roles that have it: boss (nothing else)

FAILED "never" in store, tests.role:17:10
  tests.role:17:20: `"bea" can sales.prices: full` does not hold at any moment
    deny: no assignment of `bea` in organization `store` is in force before 2026-03-01
      reader is not in force: assigned at tests.role:8:22, from 2026-03-15
      boss is not in force: assigned at tests.role:7:20, from 2026-03-01, until 2026-04-01
      no change of one level alone would allow it at every moment
      no role of organization `store` has it

EMPTY "nothing" in store, tests.role:18:10
  it has no lines, and so it does not pass (R0623)

1 passed, 3 failed, 1 empty (6 lines)
"#;

#[test]
fn what_does_not_hold_and_when() {
    folder().run("test").prints(1, REPORT);
}

#[test]
fn colors_are_asked_for() {
    let colored = folder().run("test --color always").ends(1).stdout;
    assert_eq!(uncolored(&colored), REPORT);
    for painted in ["\x1b[0;1;31mFAILED\x1b[0m", "\x1b[0;1;33mEMPTY\x1b[0m", "\x1b[0;1;32m1 passed\x1b[0m"] {
        assert!(colored.contains(painted), "{colored}");
    }
    folder().run("test --color never").prints(1, REPORT);
}

#[test]
fn an_empty_test_does_not_pass_and_does_not_fail() {
    let text = "use jumpcloud organization o { test \"t\" {} }";
    Run::new("test -").stdin(text).succeeds(
        "EMPTY \"t\" in o, <stdin>:1:37\n  it has no lines, and so it does not pass (R0623)\n\n0 passed, 0 failed, 1 empty (0 lines)\n",
    );
    let report = Run::new("test - --format json").stdin(text).json(0);
    assert_eq!((&report["passed"], &report["failed"], &report["empty"]), (&0.into(), &0.into(), &1.into()));
    assert_eq!(report["tests"][0]["passed"], false);
}

/// Of somebody with many roles a failing line tells those that decide, and how many more there are.
#[test]
fn of_many_roles_some_are_told() {
    const ROLES: usize = 40;
    let mut text = "catalog c { category x { a: flag b: flag } } organization o { ".to_owned();
    for number in 0..ROLES {
        let row = if number == ROLES - 1 { "b" } else { "a" };
        text += &format!("role r{number} {{ grant x.{row}: on }} assign r{number} to \"p\" ");
    }
    text += "test \"t\" { \"p\" cannot x.b: on } }";
    let text = format!("use c {text}");
    let told = Run::new("test -").stdin(&text).ends(1).stdout;
    assert!(told.contains("gives on\n"), "{told}");
    assert!(
        told.contains("    r39, assigned") && told.contains("\n      and 28 more roles are in force\n"),
        "{told}"
    );
    assert!(!told.contains("r20"), "{told}");
    let report = Run::new("test - --format json").stdin(&text).json(1);
    let why = &report["tests"][0]["failures"][0]["answer"]["why"];
    assert_eq!((why["roles"].as_array().unwrap().len(), &why["more"]), (12, &28.into()));
    assert_eq!((&why["roles"][0]["id"], &why["more_idle"]), (&"r39".into(), &serde_json::Value::Null));
}

/// Two organizations with tests that hold, one that does not.
const TWO: &str = r#"use jumpcloud
organization acme {
    test "The desk resets passwords" { read-only can user-management.user-management: view }
    test "-x; the desk" { read-only can user-management.user-management: view }
}
organization globex "Globex Corporation" {
    test "the desk" { read-only can user-management.user-management: delete }
}
"#;

#[test]
fn a_filter_chooses_tests_by_their_titles() {
    let folder = Folder::new().with("p.role", TWO);
    folder.run("test").ends(1).has("\n2 passed, 1 failed (3 lines)\n");
    folder.run("test --filter RESETS").succeeds("1 passed, 0 failed (1 line), 2 left out\n");
    folder.run("test --filter").arg("the desk").ends(1).has("\n2 passed, 1 failed (3 lines)\n");
    folder
        .run("test --filter resets --filter")
        .arg("x; The")
        .succeeds("2 passed, 0 failed (2 lines), 1 left out\n");
    folder
        .run("test --exact --filter")
        .arg("the desk")
        .ends(1)
        .has("FAILED \"the desk\" in globex")
        .has("\n0 passed, 1 failed (1 line), 2 left out\n");
    folder
        .run("test --org acme --filter")
        .arg("the desk")
        .succeeds("2 passed, 0 failed (2 lines), 1 left out\n");
    folder.run("test --org globex").ends(1).has("\n0 passed, 1 failed (1 line), 2 left out\n");
    // As an editor asks for one, whatever its title begins with.
    folder
        .run("test --org=acme --exact")
        .arg("--filter=-x; the desk")
        .succeeds("1 passed, 0 failed (1 line), 2 left out\n");
    let report = folder.run("test --filter resets --format json").json(0);
    assert_eq!(
        (&report["passed"], &report["failed"], &report["left_out"]),
        (&1.into(), &0.into(), &2.into())
    );
    assert_eq!(report["tests"].as_array().unwrap().len(), 1);
    assert_eq!(folder.run("test --format json").json(1)["left_out"], 0);
    folder.run("test --exact").ends(2).stays_mute().warns("--filter <TEXT>");
}

/// A slip in a filter is no success of nothing.
#[test]
fn a_filter_that_no_test_has_is_refused() {
    let folder = Folder::new().with("p.role", TWO);
    for (args, filter, message) in [
        (
            "test",
            "resets pasword",
            "no test has `resets pasword` in its title; did you mean `The desk resets passwords`?",
        ),
        ("test", "billing", "no test has `billing` in its title"),
        ("test --exact", "The Desk", "no test has the title `The Desk`; did you mean `the desk`?"),
        (
            "test --exact",
            "resets",
            "no test has the title `resets`; did you mean `The desk resets passwords`?",
        ),
        (
            "test --org globex",
            "resets",
            "no test of organization `globex` has `resets` in its title; organization `acme` has one",
        ),
        // One that is right makes no other right.
        ("test --filter resets", "billing", "no test has `billing` in its title"),
    ] {
        folder.run(args).arg("--filter").arg(filter).complains(4, &format!("error: {message}\n"));
        let told = folder.run(args).arg("--format=json").arg("--filter").arg(filter).json(4);
        assert_eq!((&told["error"], &told["message"]), (&"unknown-test".into(), &message.into()));
    }
    let told = folder.run("test --format json --exact --filter").arg("The Desk").json(4);
    assert_eq!(told["near"], serde_json::json!(["the desk"]));
    for (org, near) in [("acne", "acme"), ("globex corporation", "globex")] {
        folder
            .run("test --org")
            .arg(org)
            .complains(4, &format!("error: there is no organization `{org}`; did you mean `{near}`?\n"));
    }
    Run::new("test - --filter t")
        .stdin("use jumpcloud organization o { }")
        .complains(4, "error: no test has `t` in its title\n");
    // Without a choice, there being none is none.
    Run::new("test -").stdin("use jumpcloud organization o { }").succeeds("0 passed, 0 failed (0 lines)\n");
}

const COVERED: &str = r#"use k
catalog k { category c { pages: verbs read, write export: flag } }
organization o {
    role editor { grant c.pages: read, write }
    assign editor to "ana" until 2027-01-01
    test "editors write \u{202e}" { editor can c.pages: write editor cannot c.export }
}
"#;

#[test]
fn what_tests_speak_of() {
    let folder = Folder::new().with("o.role", COVERED);
    folder.run("test --coverage").ends(0).has("tests speak of 2 of 3 permissions (66.6 %)");
    folder.run("test --fail-under 66.6").ends(0);
    folder
        .run("test --fail-under 67%")
        .ends(1)
        .warns("error: tests speak of 2 of 3 (66.6 %) permissions, and 67 % are asked for\n");
    folder.run("test --fail-under 101").ends(2).stays_mute().warns("`101` is no share in percent");
    for share in ["101", "-1", "nan", "many"] {
        let failure = folder.run("test --format json").arg(format!("--fail-under={share}")).json(2);
        assert_eq!(failure["error"], "usage", "{share}");
    }
    folder.run("test --coverage --filter x").ends(2).stays_mute();
    folder.run("test --lcov o.info").ends(0);
    assert_eq!(folder.bytes("o.info"), b"TN:\nSF:o.role\nDA:4,1\nLF:1\nLH:1\nend_of_record\n");
    let document = folder.run("test --coverage --mutation --format json").json(0);
    assert_eq!(document["coverage"]["roles"][0]["missing"][0]["actions"][0], "read");
    assert_eq!(document["mutation"]["roles"][0]["unnoticed"][0]["instead"][0], "write");
    assert_eq!(document["mutation"]["unnoticed_assignments"][1]["without"], "until");
}

#[test]
fn no_change_is_tried_while_a_test_fails() {
    let folder = Folder::new().with("o.role", COVERED.replace("editor cannot", "editor can"));
    folder.run("test --mutation").ends(1).warns("error: no change is tried while a test fails\n");
}

#[test]
fn a_report_for_ci_servers() {
    let folder = Folder::new().with("o.role", COVERED);
    let report = folder.run("test --format junit").ends(0).has("<testsuite name=\"o\" tests=\"1\"");
    report.has("name=\"editors write &lt;U+202E&gt;\" classname=\"o\" file=\"o.role\" line=\"6\"/>");
    let folder = Folder::new().with("o.role", COVERED.replace("editor cannot", "editor can"));
    folder.run("test --format junit").ends(1).has("<failure message=\"editor can c.export\">");
    let folder = Folder::new().with("o.role", COVERED.replace("organization", "organisation"));
    folder.run("test --format junit").ends(1).warns("no test is run while the policy has errors");
}

/// What has no place in the report is in the log of the job; a file of coverage is written beside either.
#[test]
fn a_report_for_ci_servers_with_coverage() {
    let folder = Folder::new().with("o.role", COVERED);
    let run = folder.run("test --format junit --coverage --mutation --lcov o.info --fail-under 67").ends(1);
    let run =
        run.has("<testsuite name=\"o\" tests=\"1\"").warns("tests speak of 2 of 3 permissions (66.6 %)");
    assert!(!run.stdout.contains("permissions") && run.stdout.ends_with("</testsuites>\n"), "{}", run.stdout);
    run.warns("\n\ntests notice 2 of 3")
        .warns("error: tests speak of 2 of 3 (66.6 %) permissions, and 67 % are asked for\n");
    assert!(folder.bytes("o.info").ends_with(b"end_of_record\n"));
    assert_eq!(folder.run("test --format junit --lcov o.info").ends(0).stderr, "");
}

#[test]
fn where_coverage_goes() {
    let folder = Folder::new().with("o.role", COVERED);
    let message = "error: `o.role` is read as a part of the policy: name another file for the coverage\n";
    folder.run("test --lcov o.role").complains(2, message);
    assert_eq!(folder.bytes("o.role"), COVERED.as_bytes());
    // The report is whole, and there is one document only.
    let told = folder.run("test --format json --coverage --lcov none/o.info").ends(5);
    let told = told.warns("error: cannot write `none/o.info`: ");
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((&told["passed"], &told["coverage"]["permissions"]["part"]), (&1.into(), &2.into()));
}

/// A line about somebody counts once for a line of the policy, however many of the roles that are held rest on it.
#[test]
fn a_line_rests_on_a_line_once() {
    let policy = "use k\ncatalog k { category c { a: flag } }\ntemplate t { grant c.a: on }\n\
                  organization o {\n    role x from t {}\n    role y from t {}\n    assign x to \"p\"\n    \
                  assign y to \"p\"\n    test \"t\" { \"p\" can c.a }\n}\n";
    let folder = Folder::new().with("o.role", policy);
    folder.run("test --lcov o.info").ends(0);
    assert_eq!(folder.bytes("o.info"), b"TN:\nSF:o.role\nDA:3,1\nLF:1\nLH:1\nend_of_record\n");
}

/// A line with `only` says who is missing and who is too many, each with the answer; a cell what is held.
#[test]
fn sets_and_tables_say_who_and_what() {
    let text = r#"use "shop.role"

template reader { grant sales.orders: read }

organization store {
    role boss { grant sales.orders: read, write }
    role clerk { grant sales.orders: read }
    assign boss to "bea" from 2026-03-01

    test "a set" { only clerk, boss can sales.orders: write }
    test "people" { only "bea" can sales.orders: write }
    test "more" { only boss can sales.orders: read }
    test "cells" {
        cases clerk, boss {
            sales.orders: read, write | read
        }
    }
}
"#;
    let folder = Folder::new().with("shop.role", SHOP).with("tests.role", text);
    let run = folder.run("test").ends(1);
    let run = run
        .has("tests.role:10:20: `only clerk, boss can sales.orders: write`\n    missing: `clerk`\n      deny: role `clerk`")
        .has("`only \"bea\" can sales.orders: write`\n    missing: `bea` before 2026-03-01; without `at`")
        .has("too many: `clerk`\n")
        .has("too many: `reader`\n")
        .has("tests.role:15:27: `cases clerk { sales.orders: read, write }`: `read` is held\n    deny: role `clerk` lacks")
        .has("tests.role:15:41: `cases boss { sales.orders: read }`: `read, write` is held\n    allow: role `boss` has");
    run.has("0 passed, 4 failed (5 lines)\n");
    let json = folder.run("test --format json").ends(1);
    let json =
        json.has("\"wrong\": \"missing\"").has("\"wrong\": \"too-many\"").has("\"held\": \"read, write\"");
    json.has("\"who\": \"reader\"");
}

#[test]
fn a_line_is_counted_where_something_rests_on_it() {
    let policy = "use k catalog k { category c { pages: verbs read, write } }\n\
        template quiet { grant c.pages: none }\n\
        template loud { grant c.pages: read }\n\
        template other { grant c.pages: write }\n\
        organization o { role r from quiet, loud, other {}\n\
        test \"can\" { r can c.pages: read } test \"cannot\" { quiet cannot c.pages: write } }\n";
    let folder = Folder::new().with("o.role", policy);
    folder.run("test --lcov o.info").ends(0);
    let lcov = String::from_utf8(folder.bytes("o.info")).unwrap();
    assert!(lcov.contains("DA:2,1\nDA:3,1\nDA:4,0\n"), "{lcov}");
    // What withholds is what a `cannot` rests on, of every base.
    folder.put(
        "o.role",
        policy
            .replace("r can c.pages: read", "r cannot c.pages: write")
            .replace("other { grant c.pages: write", "other { grant c.pages: read"),
    );
    folder.run("test --lcov o.info").ends(0);
    let lcov = String::from_utf8(folder.bytes("o.info")).unwrap();
    assert!(lcov.contains("DA:2,2\nDA:3,1\nDA:4,1\n"), "{lcov}");
}

/// The policies of this repository pass their tests, each by itself and all as one.
#[test]
fn what_ships_passes() {
    Run::new("test").arg(policies()).ends(0);
    for name in ["acme", "helvetia-bank", "northwind-msp", "orders-app"] {
        Run::new("test").arg(policies().join(name)).ends(0);
    }
}
