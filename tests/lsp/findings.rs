//! Findings: of which files they are told, when, and in which form.

use serde_json::{Value, json};

use crate::client::{Client, Folder, capabilities, told};

const CATALOG: &str = "catalog wiki { category content { pages: verbs open, print\n files: verbs open } }\n";
const TEMPLATES: &str = "use wiki\ntemplate reader { grant content: { open } }\n";
const ROLES: &str =
    "use wiki\norganization acme { role editor from reader { grant content.pages: print } }\n";

fn folder() -> Folder {
    Folder::new(&[
        ("catalog.role", CATALOG),
        ("templates.role", &TEMPLATES.replace("{ open }", "full")),
        ("roles.role", ROLES),
        ("people.role", "use wiki\norganization acme { assign editor to \"ana@acme.example\" }\n"),
    ])
}

fn names(published: &[(String, Vec<String>)]) -> Vec<&str> {
    published.iter().map(|(name, _)| &**name).collect()
}

#[test]
fn only_files_that_are_told_otherwise_are_published() {
    let folder = folder();
    let mut client = Client::new(&[&folder]);
    assert_eq!(client.published(), [], "nothing is wrong, so nothing is told");
    let (templates, roles) = (folder.uri("templates.role"), folder.uri("roles.role"));
    client.open(&templates, &TEMPLATES.replace("{ open }", "full"));
    client.open(&roles, ROLES);
    assert_eq!(names(&client.published()), ["templates.role", "roles.role"]);
    // The template goes by another name: told where it is edited, and then where it is missed.
    client.replace(&templates, 2, &TEMPLATES.replace("{ open }", "full").replace("reader", "viewer"));
    let published = client.published();
    assert_eq!(names(&published), ["templates.role", "roles.role"]);
    assert_eq!(published[0].1, [""; 0]);
    assert_eq!(published[1].1, ["R0202 1:37-1:43"]);
    // An edit that changes nothing elsewhere is told of alone.
    client.change(&templates, 3, json!([{ "range": { "start": { "line": 9, "character": 0 }, "end": { "line": 9, "character": 0 } }, "text": "\n// end\n" }]));
    assert_eq!(names(&client.published()), ["templates.role"]);
    // And it is mended in the other file.
    client.replace(&roles, 2, &ROLES.replace("reader", "viewer"));
    assert_eq!(client.published(), [("roles.role".to_owned(), vec![])]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn several_edits_that_wait_are_checked_together() {
    let folder = folder();
    let mut client = Client::new(&[&folder]);
    let roles = folder.uri("roles.role");
    client.open(&roles, ROLES);
    client.published();
    let edits: Vec<u8> = (2..42)
        .flat_map(|version| {
            let text =
                if version == 41 { ROLES.replace("pages", "page") } else { format!("{ROLES}// {version}\n") };
            crate::frames::framed(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
                "textDocument": { "uri": roles, "version": version }, "contentChanges": [{ "text": text }],
            } }))
        })
        .collect();
    client.send_bytes(&edits);
    let messages = client.settle();
    let versions: Vec<i64> =
        messages.iter().map(|message| message["params"]["version"].as_i64().unwrap()).collect();
    assert_eq!(versions.last(), Some(&41));
    assert!(versions.is_sorted(), "{versions:?}");
    assert_eq!(told(&messages.last().unwrap()["params"]["diagnostics"]), ["R0204 1:60-1:64"]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_finding_has_all_that_an_editor_can_show() {
    let text = "catalog a { category c { r: flag } }\ncatalog a { category c { r: flag } }\n";
    let folder = Folder::new(&[("a.role", text)]);
    let mut client = Client::new(&[&folder]);
    let message = client.wait_for(|message| message["method"] == "textDocument/publishDiagnostics");
    let finding = &message["params"]["diagnostics"][0];
    assert_eq!(finding["code"], "R0206");
    assert_eq!((&finding["severity"], &finding["source"]), (&json!(1), &json!("rolec")));
    assert_eq!(finding["data"], json!({ "slug": "duplicate-name" }));
    let related = &finding["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], folder.uri("a.role"));
    assert_eq!(crate::client::place(&related["location"]["range"]), "0:8-0:9");
    client.settle();

    let text = "use jumpcloud organization o { role r from manager, manager { } }";
    folder.write("a.role", text);
    client.open(&folder.uri("a.role"), text);
    let message = client.wait_for(|message| message["method"] == "textDocument/publishDiagnostics");
    let findings = message["params"]["diagnostics"].as_array().unwrap();
    let repeated = findings.iter().find(|finding| finding["code"] == "R0502").unwrap();
    assert_eq!((&repeated["severity"], &repeated["tags"]), (&json!(2), &json!([1])));
    assert_eq!(client.leave(), 0);

    // Who shows no related places is sent none.
    let mut client = Client::with(json!({}), &[&folder]);
    client.open("untitled:a", "catalog a { }\ncatalog a { }\n");
    let message = client.wait_for(|message| message["params"]["uri"] == "untitled:a");
    for finding in message["params"]["diagnostics"].as_array().unwrap() {
        assert!(finding.get("relatedInformation").is_none() && finding.get("data").is_none(), "{finding}");
        assert!(finding.get("tags").is_none(), "{finding}");
    }
}

fn pull(client: &mut Client, uri: &str, previous: Option<&Value>) -> Value {
    let mut params = json!({ "textDocument": { "uri": uri } });
    if let Some(id) = previous {
        params["previousResultId"] = id.clone();
    }
    client.request("textDocument/diagnostic", params).unwrap()
}

#[test]
fn findings_are_given_to_who_asks() {
    let folder = folder();
    let mut wishes = capabilities();
    wishes["textDocument"] = json!({ "diagnostic": { "relatedInformation": true } });
    wishes["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    let mut client = Client::with(wishes, &[&folder]);
    assert_eq!(client.offered["diagnosticProvider"]["interFileDependencies"], true);
    assert_eq!(client.offered["diagnosticProvider"]["workspaceDiagnostics"], true);
    let (templates, roles) = (folder.uri("templates.role"), folder.uri("roles.role"));
    client.open(&templates, TEMPLATES);
    client.settle();
    let first = pull(&mut client, &templates, None);
    assert_eq!(first["kind"], "full");
    assert!(!told(&first["items"]).is_empty());
    let again = pull(&mut client, &templates, Some(&first["resultId"]));
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));

    // An edit that is felt in another file: the client is to ask again, and nothing is published.
    client.replace(&templates, 2, "use wiki\n");
    let messages = client.settle();
    let methods: Vec<&Value> = messages.iter().map(|message| &message["method"]).collect();
    assert_eq!(methods, ["workspace/diagnostic/refresh"]);
    assert_eq!(told(&pull(&mut client, &roles, None)["items"]), ["R0202 1:37-1:43"]);

    let ask = |client: &mut Client, previous: Value| {
        client.request("workspace/diagnostic", json!({ "previousResultIds": previous })).unwrap()["items"]
            .take()
    };
    let all = ask(&mut client, json!([]));
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
    assert_eq!((&all[0]["uri"], &all[0]["kind"]), (&json!(roles), &json!("full")));
    let known = json!([
        { "uri": roles, "value": all[0]["resultId"] },
        { "uri": templates, "value": first["resultId"] },
        { "uri": "file:///gone.role", "value": "x" },
    ]);
    let all = ask(&mut client, known);
    let kinds: Vec<(&Value, &Value)> =
        all.as_array().unwrap().iter().map(|item| (&item["uri"], &item["kind"])).collect();
    assert_eq!(kinds.len(), 3, "{all}");
    assert!(kinds.contains(&(&json!(roles), &json!("unchanged"))));
    assert!(kinds.contains(&(&json!(templates), &json!("full"))));
    assert!(kinds.contains(&(&json!("file:///gone.role"), &json!("full"))));
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_question_that_an_edit_overtakes_is_to_be_asked_again() {
    let roles: String = (0..3000).map(|n| format!("    role r{n} {{ grant all: view }}\n")).collect();
    let folder = Folder::new(&[("a.role", &format!("use jumpcloud\norganization o {{\n{roles}}}\n"))]);
    let mut client = Client::silent();
    let params = json!({ "processId": null, "rootUri": folder.root(), "capabilities": capabilities() });
    client.request("initialize", params).unwrap();
    let uri = "untitled:a";
    let document = json!({ "uri": uri, "languageId": "role", "version": 1, "text": "" });
    // All of it is there before the folder is loaded.
    let messages = [
        json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        json!({ "jsonrpc": "2.0", "id": 100, "method": "textDocument/diagnostic", "params": { "textDocument": { "uri": uri } } }),
        json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": "x" }] } }),
        json!({ "jsonrpc": "2.0", "id": 101, "method": "textDocument/diagnostic", "params": { "textDocument": { "uri": uri } } }),
    ];
    let bytes: Vec<u8> = messages.iter().flat_map(crate::frames::framed).collect();
    client.send_bytes(&bytes);
    let error = client.answer(100).unwrap_err();
    assert_eq!((&error["code"], &error["data"]["retriggerRequest"]), (&json!(-32802), &json!(true)));
    assert!(!told(&client.answer(101).unwrap()["items"]).is_empty());
    assert_eq!(client.leave(), 0);
}
