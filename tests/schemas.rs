//! Real output of every verb with `--format json`, held against the committed schemas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "documents and schemas are files")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The standard output of the binary, run at the root of the repository.
fn rolec(args: &[&str], stdin: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(args)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn validator(schema: &str) -> (PathBuf, jsonschema::Validator) {
    let path: PathBuf = root().join("docs/schemas").join(format!("{schema}.json"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    (path, jsonschema::validator_for(&schema).unwrap())
}

fn hold(schema: &str, document: &str) -> Value {
    let (path, validator) = validator(schema);
    let document: Value = serde_json::from_str(document).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{}: {errors:?}\n{document:#}", path.display());
    document
}

const BROKEN: &str = "use jumpcloud\n\norganization a {\n    role r from help-dsk { grant device: veiw }\n    assign r to \"x\", \"X\"\n}\n";

#[test]
fn check_and_build() {
    let findings = hold("check", &rolec(&["check", "-", "--format", "json"], BROKEN));
    assert!(findings["summary"]["errors"].as_u64().unwrap() >= 3);
    assert!(findings["findings"][0]["code"].as_str().unwrap().starts_with('R'));
    hold("check", &rolec(&["check", "policies", "--pedantic", "--format", "json"], ""));
    hold("check", &rolec(&["build", "-", "-o", "never.rolec", "--format", "json"], BROKEN));
    let partly = hold("check", &rolec(&["check", "none.role", "-", "--format", "json"], BROKEN));
    assert_eq!(partly["unread"].as_array().unwrap().len(), 1);
}

#[test]
fn export() {
    let policy = hold("export", &rolec(&["export", "json", "-p", "policies/acme"], ""));
    assert_eq!(policy["organizations"]["acme"]["catalog"], "jumpcloud");
    assert!(policy["organizations"]["acme"]["roles"]["tier1"]["user-management"].is_object());
}

/// Where there is no answer, every verb that asks says so in one shape.
#[test]
fn errors() {
    let over = [
        "can r x",
        "show r",
        "who x",
        "what r",
        "matrix",
        "suggest",
        "test",
        "eval",
        "catalog list",
        "catalog show",
        "build -o x.rolec",
    ];
    let run = |verb: &str, rest: &[&str], stdin: &str| {
        let format: &[&str] = if verb == "eval" { &[] } else { &["--format", "json"] };
        let args: Vec<&str> =
            verb.split(' ').chain(rest.iter().copied()).chain(format.iter().copied()).collect();
        rolec(&args, stdin)
    };
    let is_bare = |verb: &str| ["test", "catalog show", "build -o x.rolec"].contains(&verb);
    for verb in over {
        let rest: &[&str] = if is_bare(verb) { &["none.role"] } else { &["-p", "none.role"] };
        assert_eq!(hold("error", &run(verb, rest, ""))["error"], "unreadable", "{verb}");
        if verb.starts_with("build") || verb == "eval" || verb == "catalog show" {
            continue;
        }
        let rest: &[&str] = if is_bare(verb) { &["-"] } else { &["-p", "-"] };
        let told = hold("error", &run(verb, rest, BROKEN));
        assert_eq!(told["error"], "policy-errors", "{verb}");
        assert!(told["findings"].as_array().unwrap().len() >= 3, "{verb}");
    }
    for verb in ["can r x", "show r", "who x", "what r", "matrix", "suggest", "eval"] {
        let told = hold("error", &run(verb, &["--table", "README.md"], ""));
        assert_eq!(
            (&told["error"], &told["findings"][0]["code"]),
            (&"table".into(), &"R0901".into()),
            "{verb}"
        );
        let told = hold("error", &run(verb, &["--table", "none.rolec"], ""));
        assert_eq!(told["error"], "unreadable", "{verb}");
    }
    let acme = |verb: &str| hold("error", &run(verb, &["-p", "policies/acme"], ""));
    for (verb, error) in [
        ("show tire1", "unknown-role"),
        ("who no-such", "unknown-row"),
        ("what nobody", "unknown-principal"),
        ("what ana@acme.example --org acne", "unknown-organization"),
        ("what ana@acme.example --during never", "usage"),
        ("matrix --role tire1", "unknown-role"),
        ("suggest --org acne", "unknown-organization"),
        ("suggest --cover no-such", "unknown-row"),
        ("suggest --from-log none.jsonl", "unreadable"),
        ("suggest --from-log - --for nobody", "unknown-principal"),
        ("matrix --category nowhere", "unknown-category"),
        ("can ana@acme.example devices --at never", "usage"),
    ] {
        assert_eq!(acme(verb)["error"], error, "{verb}");
    }
    for (choice, error) in [("--org=acne", "unknown-organization"), ("--filter=no such test", "unknown-test")]
    {
        assert_eq!(hold("error", &run("test", &["policies/acme", choice], ""))["error"], error);
    }
    assert_eq!(hold("error", &run("catalog show nowhere", &[], ""))["error"], "undecided");
    assert_eq!(
        hold("error", &run("catalog show Jumpcloud", &[], ""))["near"],
        serde_json::json!(["jumpcloud"])
    );
}

#[test]
fn key() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).into_os_string().into_string().unwrap();
    let made = hold("key-new", &rolec(&["key", "new", &at("acme"), "--format", "json"], ""));
    std::fs::write(at("acme.rolec"), rolec::example::TABLE).unwrap();
    let key = at("acme.key");
    for expires in [&["--expires", "9999-01-01"][..], &[]] {
        let args: [&[&str]; 2] =
            [&["key", "sign", &at("acme.rolec"), "--sign", &key, "--format", "json"], expires];
        let signed = hold("key-sign", &rolec(&args.concat(), ""));
        assert_eq!((&signed["signers"][0], &signed["until"]), (&made["id"], &"9999-01-01".into()));
    }
    std::fs::write(at("acme.rolec"), rolec::example::TABLE).unwrap();
    let endless =
        hold("key-sign", &rolec(&["key", "sign", &at("acme.rolec"), "--sign", &key, "--format", "json"], ""));
    assert_eq!(endless.get("until"), None);
    let refused = hold("error", &rolec(&["key", "new", &at("acme"), "--format", "json"], ""));
    assert_eq!(refused["error"], "world");
}

#[test]
fn fmt() {
    let damaged = BROKEN.replace("r from help-dsk", "r frm help-desk");
    let found = hold("fmt", &rolec(&["fmt", "-", "--check", "--format", "json"], &damaged));
    assert_eq!(found["findings"][0]["code"], "R0101");
    let clean = hold("fmt", &rolec(&["fmt", "policies", "--check", "--format", "json"], ""));
    assert_eq!(clean["summary"]["changed"], 0);
}

#[test]
fn can_who_what_show() {
    let acme = ["-p", "policies/acme", "--format", "json", "--at", "2026-12-01"];
    let with = |args: &[&'static str]| -> String { rolec(&[args, &acme[..]].concat(), "") };
    for why in
        [&["can", "ana@acme.example", "devices:view"][..], &["can", "ana@acme.example", "devices", "--why"]]
    {
        hold("can", &with(why));
    }
    let deny = hold("can", &with(&["can", "eve@audit.example", "devices:full", "--why"]));
    assert_eq!(deny["decision"], "deny");
    let unknown = hold("can", &with(&["can", "anna@acme.example", "devices"]));
    assert_eq!(unknown["reason"], "unknown-principal");
    assert_eq!(unknown["request"]["principal"], "anna@acme.example");
    let told = hold("can", &with(&["can", "role:help-desk", "devices:view", "--why"]));
    assert_eq!(told["why"]["roles"][0]["sources"][0]["unconfirmed"], true, "{told}");
    hold("who", &with(&["who", "role-management:view"]));
    hold("who-reachable", &with(&["who", "role-management", "--reachable"]));
    let bank = ["-p", "policies/helvetia-bank", "--format", "json"];
    let bank = |args: &[&'static str]| rolec(&[args, &bank[..]].concat(), "");
    let one = hold("who-reachable", &bank(&["who", "reports:view", "--reachable", "--during", "2026"]));
    assert!(!one["organizations"][0]["subjects"].as_array().unwrap().is_empty(), "{one}");
    let all = hold("who-beyond", &bank(&["who", "--reachable", "--at", "2026-12-01"]));
    assert_eq!(all["organizations"][0]["subjects"][0]["gains"][0]["everything"], 1, "{all}");
    hold("who-beyond", &bank(&["who", "--reachable", "--during", "2026"]));
    hold("what", &with(&["what", "eve@audit.example"]));
    hold("what", &with(&["what", "role:tier1"]));
    hold("matrix", &with(&["matrix", "--people"]));
    hold("matrix", &rolec(&["matrix", "-p", "policies/acme", "--format", "json"], ""));
    let during = |args: &[&'static str]| {
        rolec(&[args, &["-p", "policies/acme", "--format", "json", "--during", "2026"]].concat(), "")
    };
    hold("who", &during(&["who", "role-management:view"]));
    hold("what", &during(&["what", "eve@audit.example"]));
    let matrix = hold("matrix", &during(&["matrix", "--people"]));
    assert_eq!((&matrix["from"], &matrix["until"]), (&"2026-01-01".into(), &"2027-01-01".into()));
    for role in ["tier1", "help-desk", "\"Billing Reader\""] {
        hold("show", &rolec(&["show", role, "-p", "policies/acme", "--format", "json"], ""));
    }
    let shown = hold("show", &rolec(&["show", "tier1", "-p", "policies/acme", "--format", "json"], ""));
    assert_eq!(shown["organization_kind"], "direct");
    assert_eq!(shown["doc"], "First line support, by phone and chat.");
    assert_eq!(
        (&shown["default_role"], &shown["default_roles"]),
        (&"help-desk".into(), &serde_json::json!(["help-desk"]))
    );
    let row = &shown["rows"][0];
    assert_eq!(row["title"], "Conditional Access Policies and IP Lists");
    assert_eq!((&row["category_title"], &row["kind"]), (&"Access Management".into(), &"access".into()));
    let held = hold("what", &with(&["what", "role:tier1"]));
    assert_eq!(held["rights"][0]["category_title"], "Access Management");
}

#[test]
fn eval_in_and_out() {
    let lines = "{\"principal\":\"ana@acme.example\",\"permission\":\"devices\",\"action\":\"view\",\"id\":[1]}\n{\"role\":\"tier1\",\"category\":\"device-management\",\"row\":\"devices\",\"at\":\"2026-12-01\"}\n{\"role\":\"tier9\",\"row\":\"devices\"}\n{\"principal\":\"eve@audit.example\",\"row\":\"devices\",\"at\":\"2020-01-01\"}\n";
    lines.lines().for_each(|line| drop(hold("eval-in", line)));
    let answers = rolec(&["eval", "-p", "policies/acme"], &(lines.to_owned() + "{\"x\":1}\nnonsense\n"));
    assert_eq!(answers.lines().count(), 6);
    answers.lines().for_each(|line| drop(hold("eval-out", line)));
}

/// The schema of a line takes what `eval` answers, and nothing that it calls malformed for its fields.
#[test]
fn eval_lines_of_every_form() {
    let (_, validator) = validator("eval-in");
    let values = [None, Some(Value::Null), Some("tier1".into())];
    let fields = ["principal", "role", "permission", "category", "row"];
    let mut lines = Vec::new();
    for index in 0..values.len().pow(fields.len() as u32) {
        let mut line = serde_json::Map::new();
        let mut rest = index;
        for field in fields {
            line.extend(values[rest % values.len()].clone().map(|value| (field.to_owned(), value)));
            rest /= values.len();
        }
        lines.push(Value::Object(line));
    }
    lines.push(serde_json::json!({ "principal": "x", "row": "devices", "rows": "x" }));
    lines.push(serde_json::json!({ "principal": 7, "row": "devices" }));
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let answers = rolec(&["eval", "-p", "policies/acme"], &text);
    assert_eq!(answers.lines().count(), lines.len());
    let mut accepted = 0;
    for (line, answer) in lines.iter().zip(answers.lines()) {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let is_asked = answer["reason"] != "malformed";
        assert_eq!(validator.is_valid(line), is_asked, "{line} {answer}");
        accepted += u32::from(is_asked);
    }
    // One of two who, in two ways to leave the other out; a text in four ways, a row in six.
    assert_eq!(accepted, 4 * (4 + 6));
}

#[test]
fn suggestions() {
    let with = |args: &[&str], stdin: &str| {
        let acme: &[&str] = &["suggest", "-p", "policies/acme", "--format", "json"];
        rolec(&[acme, args].concat(), stdin)
    };
    let at = ["--at", "2026-12-01"];
    let advice = hold("suggest", &with(&[&at[..], &["--merges", "3"]].concat(), ""));
    let here = &advice["organizations"][0];
    assert_eq!((&here["custom_roles"], &here["limit"]), (&8.into(), &20.into()));
    assert_eq!(here["merges"]["plan"]["merges"].as_array().unwrap().len(), 3);
    let policies = hold("suggest", &rolec(&["suggest", "-p", "policies", "--format", "json"], ""));
    assert!(policies["organizations"].as_array().unwrap().len() > 3);
    let covered = hold("suggest-cover", &with(&["--cover", "devices:full", "run-command"], ""));
    assert_eq!((&covered["covered"], &covered["at_least"]), (&true.into(), &1.into()));
    assert_eq!(hold("suggest-cover", &with(&["--cover", "event-logs:view"], ""))["covered"], false);
    let lines = "{\"principal\":\"ana@acme.example\",\"permission\":\"devices\",\"action\":\"view\",\"ip\":\"x\"}\n{\"role\":\"tier1\",\"row\":\"remote-assist\",\"at\":\"2026-12-01\"}\n{\"role\":\"tier2\",\"row\":\"event-logs\",\"decision\":\"allow\"}\n";
    lines.lines().for_each(|line| drop(hold("suggest-log-in", line)));
    let least =
        hold("suggest-log", &with(&[&at[..], &["--from-log", "-"]].concat(), &(lines.to_owned() + "x\n")));
    assert_eq!(least["suggestions"].as_array().unwrap().len(), 3);
    assert_eq!((&least["lines"]["used"], &least["lines"]["wrong"]), (&3.into(), &1.into()));
    assert_eq!(least["suggestions"][2]["hidden"][0]["row"], "event-logs");
}

#[test]
fn tests_and_catalogs() {
    let report = hold("test", &rolec(&["test", "policies/acme", "--format", "json"], ""));
    assert_eq!(report["failed"], 0);
    let failing = "use jumpcloud\norganization a { role r { grant all: view } test \"t\" { r can device-management.devices } }";
    let report = hold("test", &rolec(&["test", "-", "--format", "json"], failing));
    assert_eq!(report["tests"][0]["failures"][0]["answer"]["decision"], "deny");
    assert_eq!((&report["tests"][0]["line"], &report["tests"][0]["column"]), (&2.into(), &50.into()));
    hold("catalog", &rolec(&["catalog", "list", "--format", "json"], ""));
    let shown = hold("catalog", &rolec(&["catalog", "show", "jumpcloud", "--format", "json"], ""));
    let catalog = &shown["catalogs"][0];
    assert_eq!(catalog["categories"][0]["title"], "Access Management");
    assert_eq!(
        (&catalog["rows"][0]["kind"], &catalog["rows"][0]["form"]),
        (&"access".into(), &"ladder".into())
    );
    hold("catalog", &rolec(&["catalog", "search", "password", "--format", "json"], ""));
    let compared = |old: &str, new: &str| {
        hold("catalog-compare", &rolec(&["catalog", "compare", old, new, "--format", "json"], ""))
    };
    let nothing = serde_json::json!({ "added": [], "removed": [], "changed": [] });
    let same = compared("jumpcloud", "policies/jumpcloud");
    assert_eq!(
        (&same["catalog"], &same["rows"], &same["roles"]),
        (&serde_json::json!([]), &nothing, &nothing)
    );
    let other = compared("jumpcloud", "policies/orders-app/catalog.role");
    assert!(!other["rows"]["added"].as_array().unwrap().is_empty());
    assert!(!other["roles"]["removed"][0]["levels"].as_array().unwrap().is_empty());
    assert_eq!(other["catalog"][0]["what"], "title");
}

#[test]
fn differences() {
    let compared = |old: &str, new: &str, rest: &[&str]| {
        hold("diff", &rolec(&[&["diff", old, new, "--format", "json"], rest].concat(), ""))
    };
    assert_eq!(compared("policies/acme", "policies/acme", &[])["equal"], true);
    let all = compared("policies/acme", "policies/helvetia-bank", &[]);
    assert_eq!((&all["widens"], &all["equal"]), (&true.into(), &false.into()));
    assert_eq!(all["organizations"][0]["change"], "removed");
    let people = all["organizations"][0]["people"].as_array().unwrap();
    assert!(people.iter().any(|it| it["rights"][0]["spans"][0]["from"].is_string()), "{people:#?}");
    assert!(compared("policies/acme", "policies/orders-app", &["--at", "2026-12-01"])["at"].is_string());
}

#[test]
fn plans() {
    let planned = |who: &str, old: &str, new: &str| {
        hold("plan", &rolec(&["plan", "--as", who, old, new, "--at", "2026-12-01", "--format", "json"], ""))
    };
    let (acme, bank) = ("policies/acme", "policies/helvetia-bank");
    let same = planned("ana@acme.example", acme, acme);
    assert_eq!((&same["may"], &same["reason"]), (&true.into(), &"nothing-touched".into()));
    let other = planned("olga@acme.example", acme, bank);
    assert_eq!(other["organizations"][0]["standing"], "holds");
    let unknown = planned("olga@acme.exampel", acme, bank);
    assert_eq!(
        (&unknown["reason"], &unknown["near"][0]),
        (&"unknown-principal".into(), &"olga@acme.example".into())
    );
    assert_eq!(
        hold("error", &rolec(&["plan", "--as", "x", "-", acme, "--format", "json"], BROKEN))["error"],
        "policy-errors"
    );
}

#[test]
fn changes() {
    let dry = |args: &[&str]| {
        let more = ["-p", "policies/acme", "--dry-run", "--format", "json"];
        rolec(&[args, &more[..]].concat(), "")
    };
    for args in [
        &["role", "new", "desk", "--from", "help-desk"][..],
        &["role", "copy", "tier1", "night"],
        &["role", "rename", "tier1", "first-line"],
        &["role", "remove", "patch-runner", "--replace-with", "command-runner", "--with-mentions"],
        &["assign", "tier1", "kim@acme.example"],
        &["unassign", "tier1", "raj@acme.example"],
        &["unassign", "tier2", "raj@acme.example"],
    ] {
        let document = hold("edit", &dry(args));
        assert_eq!(document["written"], false);
        assert_eq!(
            document["files"].as_array().unwrap().is_empty(),
            args[..2] == ["unassign", "tier2"],
            "{args:?}"
        );
    }
    let refused = hold("error", &dry(&["role", "remove", "auditor"]));
    assert_eq!(refused["error"], "refused");
    assert!(!refused["places"].as_array().unwrap().is_empty());
    assert_eq!(hold("error", &dry(&["assign", "teir1", "x"]))["error"], "unknown-role");
}
