//! `eval`: a line in, a line out.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::run::{BROKEN, Folder, Output, Run, policies};

fn store(lines: impl AsRef<[u8]>) -> Run {
    Folder::store().owned("eval --at 2026-03-01").stdin(lines)
}

/// The one answer to one malformed line.
fn malformed(line: impl AsRef<[u8]>) -> serde_json::Value {
    let output = store(line).ends(1);
    assert_eq!(output.stdout.lines().count(), 1, "{output}");
    let answer: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((&answer["decision"], &answer["reason"]), (&"deny".into(), &"malformed".into()), "{output}");
    assert!(answer["error"].is_string(), "{output}");
    answer
}

#[test]
fn answers_in_order() {
    store(
        r#"{"principal": "ana@store.example", "permission": "sales.orders", "action": "read"}
{"role": "clerk", "permission": "orders:write"}
{"org": "store", "role": "boss", "category": "sales", "row": "prices", "at": "2026-01-01"}
{"principal": "bea@store.example", "row": "prices", "at": "2026-02-28"}
{"principal": "zoe@elsewhere.test", "row": "prices"}
{"role": "boss", "permission": "sales.prises"}
"#,
    )
    .succeeds(
        r#"{"decision":"allow","reason":"granted"}
{"decision":"deny","reason":"not-granted"}
{"decision":"allow","reason":"granted"}
{"decision":"deny","reason":"nothing-in-force","next":"2026-03-01"}
{"decision":"deny","reason":"unknown-principal","message":"no assignment of organization `store` names `zoe@elsewhere.test`"}
{"decision":"deny","reason":"unknown-row","message":"category `sales` has no row `prises`; did you mean `prices`?"}
"#,
    );
}

#[test]
fn an_id_is_handed_through() {
    for id in [
        "7",
        "null",
        "\"a\\u001b\"",
        "[1,{\"z\":1,\"a\":null}]",
        "12345678901234567890123.450",
        "-0.0",
        "true",
        "{\"k\":1,\"k\":2}",
    ] {
        let line = format!("{{\"id\":{id},\"role\":\"clerk\",\"row\":\"export\"}}\n");
        store(&line).succeeds(&format!("{{\"id\":{id},\"decision\":\"deny\",\"reason\":\"not-granted\"}}\n"));
    }
    store("{\"id\": {\"a\":\r1}, \"role\":\"clerk\",\"row\":\"export\"}\r\n")
        .ends(0)
        .has("{\"id\":{\"a\": 1},");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    store(format!("{{\"id\":{deep},\"role\":\"clerk\",\"row\":\"export\"}}\n")).ends(0).has(&deep);
}

/// An action is named once, by the permission or beside it; `full` is one.
#[test]
fn an_action_is_named_once() {
    for (named, beside) in [("full", "read"), ("read", "full"), ("full", "full"), ("read", "read")] {
        malformed(format!(r#"{{"role": "clerk", "permission": "orders:{named}", "action": "{beside}"}}"#));
        malformed(format!(
            r#"{{"role": "clerk", "permission": "orders:\"{named}\"", "action": "{beside}"}}"#
        ));
    }
}

#[test]
fn a_malformed_line_keeps_its_id() {
    assert_eq!(malformed(r#"{"id": 7, "role": "clerk"}"#)["id"], 7);
    assert_eq!(malformed(r#"{"id": 7, "rôle": "clerk", "row": "export"}"#)["id"], 7);
    assert_eq!(malformed(r#"{"role": 1, "row": "export", "id": [7]}"#)["id"], serde_json::json!([7]));
    assert!(malformed(r#"{"id": 7, "role": "#).get("id").is_none());
}

#[test]
fn malformed_lines() {
    for (line, error) in [
        ("nonsense", "line 1: it is no JSON object"),
        ("{\"role\": \"clerk\"", "line 1: column 16: EOF while parsing an object"),
        ("[\"store\", null, \"clerk\"]", "it is no JSON object"),
        ("7", "it is no JSON object"),
        ("null", "it is no JSON object"),
        ("{}", "neither `principal` nor `role` is given"),
        ("{} {}", "line 1: column 4: trailing characters"),
        (r#"{"role": "clerk", "permision": "orders"}"#, "unknown field `permision`"),
        (r#"{"role": "clerk", "role": "boss", "row": "orders"}"#, "duplicate field `role`"),
        (r#"{"role": "clerk", "principal": "x", "row": "orders"}"#, "`principal` and `role` are both given"),
        (r#"{"role": "clerk"}"#, "neither `permission` nor `row` is given"),
        (r#"{"role": "clerk", "category": "sales"}"#, "neither `permission` nor `row` is given"),
        (r#"{"role": "clerk", "permission": "orders", "row": "orders"}"#, "are both given"),
        (r#"{"role": "clerk", "permission": "orders:read", "action": "read"}"#, "names an action"),
        (r#"{"role": "clerk", "row": "orders", "at": "yesterday"}"#, "is no time"),
        (r#"{"role": "clerk", "row": 7}"#, "invalid type: integer `7`"),
        (r#"{"role": "clerk", "permission": "\"orders"}"#, "a quote is never closed"),
        ("\u{1b}[2J", "it is no JSON object"),
        ("{\"role\": \"a\u{0}b\", \"row\": \"orders\"}", "control character"),
    ] {
        let answer = malformed(line);
        let found = answer["error"].as_str().unwrap();
        assert!(found.contains(error), "{line}: {found}");
    }
    let found = malformed(b"{\"role\": \"cl\xff\", \"row\": \"orders\"}");
    assert!(found["error"].as_str().unwrap().contains("UTF-8"), "{found}");
}

#[test]
fn an_error_names_its_line() {
    let lines = "\n{\"role\": \"clerk\", \"row\": \"export\"}\n\n{\"role\" \"clerk\"}\n{\"role\": \"boss\", \"row\": \"export\"}";
    let output = store(lines).ends(1);
    let answers: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(answers.len(), 3, "blank lines are no question: {output}");
    assert!(answers[1].contains("line 4: column 9"), "{output}");
    assert!(answers[2].contains("allow"), "{output}");
}

#[test]
fn several_organizations() {
    let folder = Folder::new().with(
        "two.role",
        "use jumpcloud\norganization north { role r { grant all: full } }\norganization south { role r { } }\n",
    );
    let line = r#"{"role": "r", "row": "devices"}"#;
    folder.run("eval").stdin(line).ends(1).has("none was named: `north` or `south`");
    folder.run("eval --org north").stdin(line).ends(0).has("allow");
    let south = r#"{"org": "south", "role": "r", "row": "devices"}"#;
    folder.run("eval --org north").stdin(south).ends(0).has("\"deny\",\"reason\":\"not-granted\"");
    folder
        .run("eval --org nroth")
        .stdin(line)
        .ends(0)
        .has("unknown-organization")
        .has("did you mean `north`");
}

#[test]
fn line_ends() {
    let line = r#"{"role": "boss", "row": "export"}"#;
    let allow = "{\"decision\":\"allow\",\"reason\":\"granted\"}\n";
    for lines in [
        line.to_owned(),
        format!("{line}\r\n"),
        format!("\u{feff}{line}\r\n"),
        format!("\n  \n\t\r\n{line}\n\n"),
    ] {
        store(&lines).succeeds(allow);
    }
    store("").succeeds("");
    store("\n\r\n").succeeds("");
}

#[test]
fn a_line_that_is_too_long() {
    let good = r#"{"role": "boss", "row": "export"}"#;
    let allow = r#"{"decision":"allow","reason":"granted"}"#;
    let padded = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    let limit = 1 << 20;
    for end in ["\n", ""] {
        store(padded(limit - 1) + end).succeeds(&format!("{allow}\n"));
        store(padded(limit) + end).succeeds(&format!("{allow}\n"));
        store(padded(limit + 1) + end).ends(1).has("longer than 1048576 bytes");
    }
    let output = store(format!("{}\n{good}\n", "x".repeat(3 * limit))).ends(1);
    assert_eq!(output.stdout.lines().nth(1), Some(allow), "the rest goes on");
}

#[test]
fn a_name_of_a_megabyte_is_not_repeated() {
    let long = "x".repeat(1_000_000);
    for line in [
        format!("{{\"role\": \"{long}\", \"row\": \"export\"}}"),
        format!("{{\"principal\": \"{long}\", \"row\": \"export\"}}"),
        format!("{{\"role\": \"boss\", \"row\": \"{long}\"}}"),
        format!("{{\"role\": \"boss\", \"row\": \"export\", \"action\": \"{long}\"}}"),
        format!("{{\"role\": \"boss\", \"row\": \"export\", \"category\": \"{long}\"}}"),
        format!("{{\"org\": \"{long}\", \"role\": \"boss\", \"row\": \"export\"}}"),
        format!("{{\"role\": \"boss\", \"row\": \"export\", \"at\": \"{long}\"}}"),
        format!("{{\"role\": \"boss\", \"row\": \"export\", \"{long}\": 1}}"),
    ] {
        let output = store(&line).output();
        assert!(output.stdout.len() < 2_000 && output.stdout.contains("deny"), "{output}");
    }
}

#[test]
fn ten_thousand_lines_in_order() {
    let mut lines = String::new();
    let mut wanted = String::new();
    for id in 0..10_000 {
        let (role, answer) = match id % 3 {
            0 => ("boss", "\"allow\",\"reason\":\"granted\""),
            _ => ("clerk", "\"deny\",\"reason\":\"not-granted\""),
        };
        writeln!(lines, "{{\"id\": {id}, \"role\": \"{role}\", \"permission\": \"sales.export\"}}").unwrap();
        writeln!(wanted, "{{\"id\":{id},\"decision\":{answer}}}").unwrap();
    }
    store(&lines).succeeds(&wanted);
}

#[test]
fn an_answer_does_not_wait_for_the_next_question() {
    let folder = Folder::store();
    let mut child =
        folder.run("eval").command().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    // What stands behind a question is no reason to keep its answer: nothing, an empty line, half of the next one.
    for (id, behind) in ["\n", "\n  \n", "\n\n{\"id\":3,", "\n"].into_iter().enumerate() {
        let begins = if id == 3 { String::new() } else { format!("{{\"id\":{id},") };
        write!(stdin, "{begins}\"role\":\"boss\",\"row\":\"export\"}}{behind}").unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert_eq!(answer, format!("{{\"id\":{id},\"decision\":\"allow\",\"reason\":\"granted\"}}\n"));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn queries_from_a_file() {
    let folder =
        Folder::store().with("q.jsonl", "{\"role\": \"boss\", \"row\": \"export\"}\n").with("dir/x", "");
    let allow = "{\"decision\":\"allow\",\"reason\":\"granted\"}\n";
    folder.run("eval q.jsonl").succeeds(allow);
    folder.run("eval -").stdin(folder.bytes("q.jsonl")).succeeds(allow);
    folder.run("eval none.jsonl").refuses(5, "cannot read `none.jsonl`: No such file");
    folder.run("eval dir").refuses(5, "cannot read `dir`: it is a folder");
    folder.run("eval q.jsonl --at never").refuses(2, "is no time");
}

#[test]
fn one_standard_input_is_not_two() {
    let folder = Folder::store();
    folder.run("eval -p -").stdin("x").refuses(2, "standard input");
    folder.run("eval - -p -").stdin("x").refuses(2, "standard input");
    let policy = "use jumpcloud\norganization o { role r { grant all: full } }\n";
    let folder = folder.with("q.jsonl", "{\"role\": \"r\", \"row\": \"devices\"}\n");
    folder.run("eval q.jsonl -p -").stdin(policy).ends(0).has("allow");
}

#[test]
fn a_broken_policy_answers_nothing() {
    let folder = Folder::new().with("bad.role", BROKEN).with("bad.rolec", "x");
    let line = "{\"role\": \"r\", \"row\": \"devices\"}\n";
    let told = folder.run("eval").stdin(line).refuses(4, "R0401");
    assert_eq!(told.stdout.lines().count(), 1, "one line: {told}");
    folder.run("eval --table bad.rolec").stdin(line).refuses(4, "R0901");
}

/// Every role × row × action and every principal of the policies, asked of the sources and of the table.
#[test]
fn sources_and_table_answer_alike() {
    let folder = Folder::new();
    let dir = policies();
    Run::new("build -o").arg(folder.at("all.rolec")).dir(&dir).ends(0);
    let table = rolec::table::Table::from_bytes(&folder.bytes("all.rolec")).unwrap();
    let mut lines = String::new();
    let mut roles = Vec::new();
    for organization in table.organizations() {
        let mut ask = |sort: &str, name: &str| {
            for row in organization.catalog().rows() {
                let category = row.category();
                for action in row.shape().actions().map(Some).chain([None]) {
                    let mut line = serde_json::json!({
                        "org": organization.id(), "category": category.id(), "row": row.id(), "at": "2026-12-01"
                    });
                    line[sort] = name.into();
                    line["action"] = action.into();
                    writeln!(lines, "{line}").unwrap();
                }
            }
        };
        for role in organization.assignable() {
            ask("role", role.id());
            roles.push((organization.id().to_owned(), role.id().to_owned()));
        }
        for principal in organization.principals() {
            ask("principal", principal.name());
        }
    }
    let both = |run: Run, other: Run| -> Output {
        let (first, second) = (run.output(), other.output());
        assert_eq!(first.stdout, second.stdout, "{second}");
        assert_eq!((first.status, &first.stderr), (second.status, &second.stderr), "{second}");
        first
    };
    let sources = |args: &str| Run::new(args).arg("-p").arg(".").dir(&dir);
    let compiled = |args: &str| Run::new(args).arg("--table").arg(folder.at("all.rolec")).dir(&dir);
    let answers = both(sources("eval").stdin(&lines), compiled("eval").stdin(&lines));
    assert_eq!(answers.stdout.lines().count(), lines.lines().count());
    assert_eq!(answers.status, Some(0));
    assert!(
        lines.lines().count() > 3_000 && answers.stdout.contains("allow") && answers.stdout.contains("deny")
    );
    for (organization, role) in roles {
        for args in ["show --org", "show --format json --org"] {
            let ask = |run: Run| run.arg(&organization).arg(&role);
            both(ask(sources(args)), ask(compiled(args)));
        }
        for args in ["can --why --at 2026-12-01 --org", "can --why --at 2026-12-01 --format json --org"] {
            let ask = |run: Run| run.arg(&organization).arg(format!("role:{role}")).arg("devices:full");
            both(ask(sources(args)), ask(compiled(args)));
        }
    }
}
