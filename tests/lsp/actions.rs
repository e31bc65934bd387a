//! Code actions and formatting: edits that the client makes.

use serde_json::{Value, json};

use crate::client::{Client, Folder, capabilities};

/// A text after edits, whose places count in UTF-16.
pub(crate) fn edited(text: &str, edits: &Value) -> String {
    edited_by(text, edits, char::len_utf16)
}

/// A text after edits, whose places count as agreed.
pub(crate) fn edited_by(text: &str, edits: &Value, width: fn(char) -> usize) -> String {
    let offset = |place: &Value| {
        let (line, units) = (place["line"].as_u64().unwrap(), place["character"].as_u64().unwrap());
        let line = usize::try_from(line).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = units;
        let rest = text[start..].chars().take_while(|c| {
            let width = width(*c) as u64;
            let fits = left >= width;
            left = left.saturating_sub(width);
            fits
        });
        start + rest.map(char::len_utf8).sum::<usize>()
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(&range["start"]), offset(&range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut text = text.to_owned();
    edits.iter().for_each(|(start, end, new)| text.replace_range(start..end, new));
    text
}

const WRONG: &str =
    "use jumpcloud\norganization \"🙂\" { role desk { grant device-management.remote-asist: full } }\n";

fn actions(client: &mut Client, uri: &str, from: u32, to: u32, only: Option<&str>) -> Vec<Value> {
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let range = json!({ "start": { "line": 1, "character": from }, "end": { "line": 1, "character": to } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
    client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

#[test]
fn a_fix_is_an_action_where_its_finding_is() {
    let folder = Folder::new(&[("a.role", WRONG)]);
    let uri = folder.uri("a.role");
    let mut client = Client::new(&[&folder]);
    client.open(&uri, WRONG);
    let found = actions(&mut client, &uri, 60, 60, None);
    assert_eq!(found.len(), 1, "{found:?}");
    let action = &found[0];
    assert_eq!((&action["kind"], &action["title"]), (&json!("quickfix"), &json!("write `remote-assist`")));
    assert_eq!(action.get("isPreferred"), None, "a near name is shown and never taken");
    assert_eq!(action["diagnostics"][0]["code"], "R0204");
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": uri, "version": 1 }));
    assert_eq!(edited(WRONG, &change["edits"]), WRONG.replace("asist", "assist"));
    // Elsewhere there is none, and of other kinds neither.
    assert_eq!(actions(&mut client, &uri, 3, 3, None), [] as [Value; 0]);
    assert_eq!(actions(&mut client, &uri, 60, 60, Some("refactor")), [] as [Value; 0]);
    assert_eq!(actions(&mut client, &uri, 60, 60, Some("quickfix")).len(), 1);
    assert_eq!(client.leave(), 0);

    // To who knows no versions the edits come by file.
    let mut wishes = capabilities();
    wishes["workspace"] = json!({});
    let mut client = Client::with(wishes, &[&folder]);
    let found = actions(&mut client, &uri, 60, 60, None);
    assert_eq!(edited(WRONG, &found[0]["edit"]["changes"][&uri]), WRONG.replace("asist", "assist"));
}

/// The text of a policy after `rolec check --fix`.
fn mended(text: &str) -> String {
    let folder = Folder::new(&[("a.role", text)]);
    let path = folder.path("a.role");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(["check", "--fix"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("fixed "), "{output:?}");
    std::fs::read_to_string(path).unwrap()
}

/// The edits of an action, of its one document.
fn edits(action: &Value) -> &[Value] {
    let changes = action["edit"]["documentChanges"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{action}");
    changes[0]["edits"].as_array().unwrap()
}

/// Asks for actions in all of a text.
fn all_actions(client: &mut Client, uri: &str, only: &str) -> Vec<Value> {
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let context = json!({ "diagnostics": [], "only": [only] });
    let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
    client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

/// All safe fixes at once, again until there is none, are what `check --fix` makes; and each is offered by itself.
#[test]
fn all_safe_fixes_are_those_of_check() {
    let clean = "use jumpcloud\r\norganization \"🙂\" {\r\n    role desk from help-desk { }\r\n}\r\n";
    let several = "\
use jumpcloud\r
use jumpcloud\r
organization \"🙂\" {\r
    role \"🙂 desk\" from help-desk, help-desk, help-desk { grant monitoring-analytics: view, view, view, }\r
    role reader from read-only {\r
        grant application-management.applications: view\r
        grant device-management { devices: view, }\r
    }\r
    assign reader to \"ana\"\r
    assign reader to \"ana\"\r
    test \"t\" { reader can application-management.applications: view; reader can application-management.applications: view }\r
}\r
";
    // A near name is never among them, and hides no other.
    let with_error = several.replace("from read-only", "from raed-only");
    for (text, least) in [(several, 6), (&with_error, 5)] {
        let folder = Folder::new(&[("a.role", text)]);
        let uri = folder.uri("a.role");
        let mut client = Client::new(&[&folder]);
        client.open(&uri, text);
        let (mut now, mut version, mut made) = (text.to_owned(), 1, 0);
        loop {
            let found = all_actions(&mut client, &uri, "source.fixAll");
            let Some(action) = found.first() else { break };
            assert_eq!((found.len(), &action["kind"]), (1, &json!("source.fixAll")));
            let all = edits(action);
            let offered = all_actions(&mut client, &uri, "quickfix");
            let safe: Vec<&Value> = offered.iter().filter(|one| one["isPreferred"] == true).collect();
            // Each edit is that of a fix which is offered by itself, as one that may be made unasked.
            for edit in all {
                assert!(safe.iter().any(|one| edits(one).contains(edit)), "{edit} {safe:#?}");
            }
            made += all.len();
            now = edited(&now, &json!(all));
            version += 1;
            assert!(version < 20, "it comes to no end: {now}");
            client.replace(&uri, version, &now);
        }
        assert!(made >= least, "{made} edits: {now}");
        assert_eq!(now, mended(text));
        // Where one thing is wrong, all of these are the same.
        let one = clean.replace("help-desk {", "help-desk, help-desk {");
        client.replace(&uri, version + 1, &one);
        let (all, alone) =
            (all_actions(&mut client, &uri, "source"), all_actions(&mut client, &uri, "quickfix"));
        assert_eq!((all.len(), alone.len(), &alone[0]["isPreferred"]), (1, 1, &json!(true)));
        assert_eq!(edits(&all[0]), edits(&alone[0]));
        assert_eq!(edited(&one, &json!(edits(&all[0]))), clean);
        assert_eq!(clean, mended(&one));
        assert_eq!(client.leave(), 0);
    }
}

#[test]
fn a_document_is_formatted_by_small_edits() {
    let text =
        "use jumpcloud\r\norganization \"🙂\"   {   role desk{grant all:view} // é🙂\r\n\r\n\r\n\r\n}\r\n";
    let mut client = Client::new(&[]);
    client.open("untitled:a", text);
    let format = |client: &mut Client| {
        let params = json!({
            "textDocument": { "uri": "untitled:a" }, "options": { "tabSize": 4, "insertSpaces": true },
        });
        client.request("textDocument/formatting", params)
    };
    let edits = format(&mut client).unwrap();
    assert!(edits.as_array().unwrap().len() > 3, "{edits}");
    let formatted = edited(text, &edits);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(["fmt", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let wanted = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(formatted, wanted);
    client.replace("untitled:a", 2, &formatted);
    assert_eq!(format(&mut client), Ok(json!([])));
    // A line of it.
    client.replace("untitled:a", 3, text);
    let params = json!({
        "textDocument": { "uri": "untitled:a" }, "options": { "tabSize": 4, "insertSpaces": true },
        "range": { "start": { "line": 4, "character": 0 }, "end": { "line": 5, "character": 0 } },
    });
    let edits = client.request("textDocument/rangeFormatting", params).unwrap();
    let lines: Vec<&Value> =
        edits.as_array().unwrap().iter().map(|edit| &edit["range"]["start"]["line"]).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.as_u64() > Some(0)), "{edits}");
    // What cannot be read is not touched, and it is said why.
    client.replace("untitled:a", 4, &"{".repeat(10_000));
    let error = format(&mut client).unwrap_err();
    assert_eq!(error["code"], -32803, "{error}");
    assert!(error["message"].as_str().unwrap().starts_with("nothing was formatted: "), "{error}");
    assert_eq!(client.leave(), 0);
}

/// A catalog that came with the program is shown and not changed: an editor that formats as it saves gets no error.
#[test]
fn a_built_in_catalog_is_not_formatted() {
    let mut client = Client::new(&[]);
    client.open("untitled:a", "use jumpcloud\n");
    let at = json!({ "textDocument": { "uri": "untitled:a" }, "position": { "line": 0, "character": 6 } });
    let found = client.request("textDocument/definition", at).unwrap();
    let uri = found[0]["uri"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned();
    let path = uri.strip_prefix("file://").unwrap().replace("%20", " ");
    let text = std::fs::read_to_string(path).unwrap();
    client.open(&uri, &text);
    let format = |client: &mut Client, method: &str| {
        let line = |line: u32| json!({ "line": line, "character": 0 });
        let params = json!({
            "textDocument": { "uri": uri }, "options": { "tabSize": 4, "insertSpaces": true },
            "range": { "start": line(0), "end": line(9) },
        });
        client.request(method, params)
    };
    assert_eq!(format(&mut client, "textDocument/formatting"), Ok(json!([])));
    client.replace(&uri, 2, &text.replacen('{', "   {", 1));
    assert_eq!(format(&mut client, "textDocument/formatting"), Ok(json!([])));
    assert_eq!(format(&mut client, "textDocument/rangeFormatting"), Ok(json!([])));
    assert_eq!(client.leave(), 0);
}
