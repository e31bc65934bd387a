//! Real output of `check --format sarif`, held against the schema of the standard, and against `--format json`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "fixtures and schemas are files")]
#![cfg(feature = "cli")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What `check` writes, run at the root of the repository, and its status.
fn check(format: &str, args: &[&str]) -> (Value, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(["check", "--pedantic", "--format", format])
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(root().join("tests/data/sarif-schema-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    // A stray bracket in it, which a strict reader of regular expressions refuses. We write no language.
    for part in ["run", "toolComponent"] {
        let language =
            schema.pointer_mut(&format!("/definitions/{part}/properties/language/pattern")).unwrap();
        assert_eq!(*language, "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
        *language = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    jsonschema::validator_for(&schema).unwrap()
}

fn errors(schema: &jsonschema::Validator, log: &Value) -> Vec<String> {
    schema.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The place of a SARIF location and of a label of ours, in one form.
fn place(location: &Value) -> [Value; 4] {
    let region = &location["physicalLocation"]["region"];
    ["startLine", "startColumn", "endLine", "endColumn"].map(|name| region[name].clone())
}

fn labelled(label: &Value) -> [Value; 4] {
    ["line", "column", "end_line", "end_column"].map(|name| label[name].clone())
}

fn list<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    of.get(name).map_or(&[], |list| list.as_array().unwrap())
}

#[test]
fn the_logs_of_real_policies_are_sarif_and_say_what_json_says() {
    let schema = schema();
    let (mut results, mut fixes, mut related) = (0, 0, 0);
    for args in [
        &["policies"][..],
        &["policies/jumpcloud"],
        &["tests/fixtures/catalogs", "tests/fixtures/names"],
        &["tests/fixtures/grants"],
        &["tests/fixtures/syntax", "tests/fixtures/recovery"],
        &["tests/fixtures/text"],
        &["tests/fixtures/roles", "tests/fixtures/organizations"],
        &["tests/fixtures/forbids"],
        &["none.role", "tests/fixtures/standing"],
    ] {
        let ((log, status), (json, same)) = (check("sarif", args), check("json", args));
        assert_eq!(status, same, "{args:?}");
        assert_eq!(errors(&schema, &log), [""; 0], "{args:?}");
        let run = &log["runs"][0];
        let rules = list(&run["tool"]["driver"], "rules");
        let (found, told) = (list(run, "results"), list(&json, "findings"));
        assert_eq!(found.len(), told.len(), "{args:?}");
        for (result, finding) in found.iter().zip(told) {
            assert_eq!(result["ruleId"], finding["code"]);
            assert_eq!(result["level"], finding["severity"]);
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!((&rule["id"], &rule["name"]), (&finding["code"], &finding["slug"]));
            assert!(rule["help"]["markdown"].as_str().unwrap().contains("## How to mend"));
            assert!(rule["shortDescription"]["text"].as_str().unwrap().ends_with('.'), "{rule}");
            let locations = list(result, "locations").iter().chain(list(result, "relatedLocations"));
            let labels = list(finding, "labels").iter();
            assert!(locations.map(place).eq(labels.map(labelled)), "{result:#} {finding:#}");
            assert_eq!(list(result, "fixes").len(), list(finding, "fixes").len());
            results += 1;
            fixes += list(result, "fixes").len();
            related += list(result, "relatedLocations").len();
        }
        let unread = list(&json, "unread").len();
        assert_eq!(run["invocations"][0]["executionSuccessful"], unread == 0);
        assert_eq!(list(&run["invocations"][0], "toolExecutionNotifications").len(), unread);
    }
    assert!(results > 200 && fixes > 20 && related > 50, "{results} {fixes} {related}");
}

#[test]
fn a_log_that_is_none_is_found_out() {
    let (mut log, _) = check("sarif", &["tests/fixtures/grants"]);
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
    assert!(!errors(&schema(), &log).is_empty());
}
