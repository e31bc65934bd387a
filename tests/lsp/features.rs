//! What a cursor points at: each request, over two files, with an emoji before what is asked about.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::actions::edited;
use crate::client::{Client, Folder, capabilities, place};

const ROLES: &str = "use jumpcloud

/// What the desk may do.
/// 🙂
template desk from help-desk {
    grant device-management.devices: full
}
";
const PEOPLE: &str = "use jumpcloud
// allow(redundant-entry): a level to point at
organization acme \"🙂 Acme\" { role tier1 \"🙂\" from desk { grant device-management.devices: full } assign tier1 to \"ana@acme.example\"
    test \"🙂 sees\" {
        \"ana@acme.example\" can device-management.devices: view
    }
}
";

struct Session {
    folder: Folder,
    client: Client,
}

fn session() -> Session {
    let folder = Folder::new(&[("roles.role", ROLES), ("people.role", PEOPLE)]);
    let mut wishes = capabilities();
    wishes["textDocument"]["documentSymbol"] = json!({ "hierarchicalDocumentSymbolSupport": true });
    let mut client = Client::with(wishes, &[&folder]);
    client.open(&folder.uri("people.role"), PEOPLE);
    assert_eq!(client.published(), [("people.role".to_owned(), vec![])]);
    Session { folder, client }
}

impl Session {
    /// Asks at the first place of a word in people.role, one character into it.
    fn at(&mut self, method: &str, word: &str, more: Value) -> Result<Value, Value> {
        let uri = self.folder.uri("people.role");
        let mut params = json!({ "textDocument": { "uri": uri }, "position": position(PEOPLE, word) });
        for (key, value) in more.as_object().into_iter().flatten() {
            params[key] = value.clone();
        }
        self.client.request(method, params)
    }

    fn of(&mut self, method: &str) -> Value {
        let uri = self.folder.uri("people.role");
        self.client.request(method, json!({ "textDocument": { "uri": uri } })).unwrap()
    }
}

fn position(text: &str, word: &str) -> Value {
    let at = text.find(word).unwrap() + word.chars().next().unwrap().len_utf8();
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": text[..at].matches('\n').count(), "character": text[start..at].encode_utf16().count() })
}

/// The text under a range.
fn under(text: &str, range: &Value) -> String {
    let marked = edited(
        text,
        &json!([
            { "range": { "start": range["start"], "end": range["start"] }, "newText": "\u{1}" },
        ]),
    );
    let marked = edited(
        &marked,
        &json!([{ "range": {
        "start": { "line": range["end"]["line"], "character": range["end"]["character"].as_u64().unwrap()
            + u64::from(range["start"]["line"] == range["end"]["line"]) },
        "end": { "line": range["end"]["line"], "character": range["end"]["character"].as_u64().unwrap()
            + u64::from(range["start"]["line"] == range["end"]["line"]) },
    }, "newText": "\u{2}" }]),
    );
    let (from, to) = (marked.find('\u{1}').unwrap() + 1, marked.find('\u{2}').unwrap());
    marked[from..to].to_owned()
}

#[test]
fn hover_tells_what_is_meant_and_what_is_wrong() {
    let mut session = session();
    let hover = session.at("textDocument/hover", "desk {", Value::Null).unwrap();
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("What the desk may do."), "{hover}");
    assert_eq!(under(PEOPLE, &hover["range"]), "desk");
    assert_eq!(session.at("textDocument/hover", "🙂 Acme", Value::Null), Ok(Value::Null));
    // A row: its kind and levels, what the role holds there, and by which line of which file.
    let hover = session.at("textDocument/hover", "devices", Value::Null).unwrap();
    let text = hover["contents"]["value"].as_str().unwrap();
    for part in ["`none`", "`full`", "in `tier1`", "`people.role:3`"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let uri = session.folder.uri("people.role");
    session.client.replace(&uri, 2, &PEOPLE.replace("from desk", "from dusk"));
    let hover = session.at("textDocument/hover", "desk {", Value::Null).unwrap();
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.contains("R0202") && text.contains("unknown-role"), "{hover}");
    assert_eq!(session.client.leave(), 0);
}

#[test]
fn names_lead_to_their_declarations_and_back() {
    let mut session = session();
    let roles = session.folder.uri("roles.role");
    let definition = session.at("textDocument/definition", "desk {", Value::Null).unwrap();
    assert_eq!(definition[0]["uri"], roles);
    assert_eq!(under(ROLES, &definition[0]["range"]), "desk");
    let all = json!({ "context": { "includeDeclaration": true } });
    let references = session.at("textDocument/references", "desk {", all).unwrap();
    assert_eq!(references.as_array().unwrap().len(), 2, "{references}");
    let uses = json!({ "context": { "includeDeclaration": false } });
    let references = session.at("textDocument/references", "desk {", uses).unwrap();
    assert_eq!(references.as_array().unwrap().len(), 1, "{references}");
    let highlights = session.at("textDocument/documentHighlight", "tier1", Value::Null).unwrap();
    assert_eq!(highlights.as_array().unwrap().len(), 2, "{highlights}");

    // Into a catalog that came with the program: a file that every editor can open.
    let definition = session.at("textDocument/definition", "devices", Value::Null).unwrap();
    let uri = definition[0]["uri"].as_str().unwrap();
    let text = std::fs::read_to_string(uri.strip_prefix("file://").unwrap().replace("%20", " ")).unwrap();
    assert_eq!(under(&text, &definition[0]["range"]), "devices");
    let links = session.of("textDocument/documentLink");
    assert_eq!(links[0]["target"], uri);
    assert_eq!(under(PEOPLE, &links[0]["range"]), "jumpcloud");
    // Opened, it is nothing new.
    session.client.open(uri, &text);
    let published = session.client.published();
    assert!(published.iter().all(|(_, findings)| findings.is_empty()), "{published:?}");
    // From there one comes back to all that name it, and can change nothing.
    let at = definition[0]["range"]["start"].clone();
    let params = json!({
        "textDocument": { "uri": uri }, "position": at, "context": { "includeDeclaration": true },
    });
    let references = session.client.request("textDocument/references", params.clone()).unwrap();
    let files: BTreeSet<&str> =
        references.as_array().unwrap().iter().map(|found| found["uri"].as_str().unwrap()).collect();
    let people = session.folder.uri("people.role");
    assert!(files.is_superset(&[uri, &*people, &*roles].into()), "{files:?}");
    let from_here = json!({ "context": { "includeDeclaration": true } });
    let from_here = session.at("textDocument/references", "devices", from_here).unwrap();
    assert_eq!(from_here, references);
    assert_eq!(session.client.request("textDocument/prepareRename", params).unwrap_err()["code"], -32803);
    assert_eq!(session.client.leave(), 0);
}

#[test]
fn a_name_is_changed_in_all_files_or_not_at_all() {
    let mut session = session();
    let prepared = session.at("textDocument/prepareRename", "desk {", Value::Null).unwrap();
    assert_eq!(prepared["placeholder"], "desk");
    assert_eq!(under(PEOPLE, &prepared["range"]), "desk");
    let edit = session.at("textDocument/rename", "desk {", json!({ "newName": "front line" })).unwrap();
    let changes = edit["documentChanges"].as_array().unwrap();
    let of = |name: &str| {
        let uri = session.folder.uri(name);
        changes.iter().find(|change| change["textDocument"]["uri"] == uri).unwrap()
    };
    assert_eq!(of("people.role")["textDocument"]["version"], 1);
    assert_eq!(of("roles.role")["textDocument"]["version"], Value::Null);
    let people = edited(PEOPLE, &of("people.role")["edits"]);
    assert_eq!(people, PEOPLE.replace("from desk", "from \"front line\""));
    let roles = edited(ROLES, &of("roles.role")["edits"]);
    assert_eq!(roles, ROLES.replace("template desk", "template \"front line\""));
    // A name that is taken, and one that nobody here can change.
    let refused = session.at("textDocument/rename", "desk {", json!({ "newName": "help-desk" })).unwrap_err();
    assert_eq!(refused["code"], -32803, "{refused}");
    let refused = session.at("textDocument/prepareRename", "devices", Value::Null).unwrap_err();
    assert_eq!(refused["code"], -32803, "{refused}");
    assert_eq!(session.client.leave(), 0);
}

#[test]
fn what_fits_is_proposed_and_written() {
    let mut session = session();
    let uri = session.folder.uri("people.role");
    let text = PEOPLE.replace("devices: full", "dev");
    session.client.replace(&uri, 2, &text);
    let at = {
        let position = position(&text, "dev }");
        json!({ "line": position["line"], "character": position["character"].as_u64().unwrap() + 2 })
    };
    let params = json!({ "textDocument": { "uri": uri }, "position": at });
    let list = session.client.request("textDocument/completion", params).unwrap();
    assert_eq!(list["isIncomplete"], false);
    let items = list["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["label"] == "devices").expect("devices");
    assert_eq!(item["kind"], 5);
    let written = edited(&text, &json!([item["textEdit"]]));
    assert!(written.contains("grant device-management.devices"), "{written}");
    let sorted: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
    assert!(sorted.is_sorted() && items.iter().all(|item| item["filterText"].is_string()), "{sorted:?}");
    // Levels that the row has; rows that are not said yet; roles and templates; people.
    for (version, before, after, wanted, unwanted) in [
        (3, "devices: full", "devices: ", "view", "create"),
        (4, "devices: full", "devices: full grant device-management.", "remote-assist", "devices"),
        (5, "from desk", "from ", "desk", "tier1"),
        (6, "assign tier1", "assign ", "tier1", "ana@acme.example"),
        (7, "\"ana@acme.example\" can", "", "ana@acme.example", "device-management"),
    ] {
        let text = PEOPLE.replacen(before, &format!("{after}\u{1}"), 1);
        let at = {
            let before = &text[..text.find('\u{1}').unwrap()];
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let units = before[start..].encode_utf16().count();
            json!({ "line": before.matches('\n').count(), "character": units })
        };
        session.client.replace(&uri, version, &text.replace('\u{1}', ""));
        let params = json!({ "textDocument": { "uri": uri }, "position": at });
        let list = session.client.request("textDocument/completion", params).unwrap();
        let labels: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
        assert!(labels.contains(&wanted), "{after:?}: no {wanted} in {labels:?}");
        assert!(!labels.contains(&unwanted), "{after:?}: {unwanted} in {labels:?}");
    }
    assert_eq!(session.client.leave(), 0);
}

#[test]
fn outlines_and_searches() {
    let mut session = session();
    let outline = session.of("textDocument/documentSymbol");
    let acme = &outline[0];
    assert_eq!((&acme["name"], &acme["kind"]), (&json!("acme"), &json!(2)));
    assert_eq!(under(PEOPLE, &acme["selectionRange"]), "acme");
    assert_eq!(acme["children"][0]["name"], "tier1");
    let found = session.client.request("workspace/symbol", json!({ "query": "desk" })).unwrap();
    let names: Vec<&Value> = found.as_array().unwrap().iter().map(|found| &found["name"]).collect();
    assert!(names.contains(&&json!("desk")) && names.contains(&&json!("help-desk")), "{names:?}");
    assert_eq!(session.client.leave(), 0);
    // To who knows no trees the same comes flat.
    let mut client = Client::new(&[&session.folder]);
    let params = json!({ "textDocument": { "uri": session.folder.uri("people.role") } });
    let flat = client.request("textDocument/documentSymbol", params).unwrap();
    assert_eq!((&flat[1]["name"], &flat[1]["containerName"]), (&json!("tier1"), &json!("acme")));
    assert_eq!(flat[1]["location"]["uri"], session.folder.uri("people.role"));
}

#[test]
fn tokens_lie_where_their_words_are() {
    let mut session = session();
    let legend = session.client.offered["semanticTokensProvider"]["legend"].clone();
    let all = session.of("textDocument/semanticTokens/full");
    let mut words = Vec::new();
    let (mut line, mut start) = (0, 0);
    for token in all["data"].as_array().unwrap().chunks(5) {
        let number = |at: usize| token[at].as_u64().unwrap();
        (line, start) =
            if number(0) == 0 { (line, start + number(1)) } else { (line + number(0), number(1)) };
        let range = json!({
            "start": { "line": line, "character": start }, "end": { "line": line, "character": start + number(2) },
        });
        let kind = legend["tokenTypes"][usize::try_from(number(3)).unwrap()].as_str().unwrap().to_owned();
        words.push((under(PEOPLE, &range), kind));
    }
    for (word, kind) in [
        ("use", "keyword"),
        ("acme", "namespace"),
        ("tier1", "class"),
        ("desk", "interface"),
        ("device-management", "struct"),
        ("devices", "property"),
        ("full", "enumMember"),
    ] {
        assert!(words.contains(&(word.to_owned(), kind.to_owned())), "{word} {kind}: {words:?}");
    }
    // Of a part there are those of its lines.
    let uri = session.folder.uri("people.role");
    let range = json!({ "start": { "line": 4, "character": 0 }, "end": { "line": 5, "character": 0 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range });
    let part = session.client.request("textDocument/semanticTokens/range", params).unwrap();
    let count = part["data"].as_array().unwrap().len();
    assert_eq!(part["data"][0], 4);
    assert!(count > 5 && count < all["data"].as_array().unwrap().len(), "{part}");
    assert_eq!(session.client.leave(), 0);
}

#[test]
fn what_is_shown_around_a_text() {
    let mut session = session();
    let folds = session.of("textDocument/foldingRange");
    let fold = folds.as_array().unwrap().iter().find(|fold| fold["startLine"] == 3).unwrap();
    assert_eq!(fold["endLine"], 4, "the brace is still seen: {folds}");
    let lenses = session.of("textDocument/codeLens");
    let run = lenses.as_array().unwrap().iter().find(|lens| lens["command"]["command"] == "rolec.runTest");
    let run = run.unwrap_or_else(|| panic!("{lenses}"));
    let uri = session.folder.uri("people.role");
    assert_eq!(run["command"]["arguments"], json!([uri, "🙂 sees", "acme"]));
    assert_eq!(run["command"]["title"], "passes");
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"as desk · 1 person"), "{titles:?}");
    let positions = json!([position(PEOPLE, "devices"), position(PEOPLE, "\"ana@acme.example\" can")]);
    let params = json!({ "textDocument": { "uri": uri }, "positions": positions });
    let selections = session.client.request("textDocument/selectionRange", params).unwrap();
    assert_eq!(selections.as_array().unwrap().len(), 2);
    let mut selection = &selections[0];
    assert_eq!(under(PEOPLE, &selection["range"]), "devices");
    let mut depth = 0;
    while selection["parent"].is_object() {
        selection = &selection["parent"];
        depth += 1;
    }
    assert!(depth > 3, "{selections}");
    assert_eq!(place(&selection["range"]), "0:0-7:0");

    session.client.replace(
        &uri,
        2,
        &PEOPLE.replace("device-management.devices: full", "device-management: none"),
    );
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range });
    let hints = session.client.request("textDocument/inlayHint", params).unwrap();
    let lenses = session.of("textDocument/codeLens");
    let title = lenses[0]["command"]["title"].as_str().unwrap();
    let (sum, people) = title.split_once(" against desk · ").unwrap_or_else(|| panic!("{title}"));
    assert!(sum.starts_with('−') && people == "1 person", "{title}");
    assert!(hints[0]["label"].is_string() && hints[0]["position"]["line"] == 2, "{hints}");
    let line = json!({ "line": 2, "character": 75 });
    let context = json!({ "diagnostics": [], "only": ["refactor"] });
    let params = json!({ "textDocument": { "uri": uri }, "range": { "start": line, "end": line }, "context": context });
    let actions = session.client.request("textDocument/codeAction", params).unwrap();
    assert_eq!(actions[0]["kind"], "refactor.rewrite", "{actions}");
    assert_eq!(session.client.leave(), 0);
}

/// Any position of any file, and of none: an answer or an error, and no end.
#[test]
fn whatever_is_asked_is_answered() {
    let mut session = session();
    let uri = session.folder.uri("people.role");
    for text in ["", "\r\n🙂\r", &PEOPLE[..PEOPLE.len() / 2], "use jumpcloud\norganization {{{ role }}} \"🙂"]
    {
        session.client.replace(&uri, 2, text);
        for method in [
            "textDocument/hover",
            "textDocument/completion",
            "textDocument/definition",
            "textDocument/documentHighlight",
            "textDocument/prepareRename",
            "textDocument/documentSymbol",
            "textDocument/semanticTokens/full",
            "textDocument/foldingRange",
            "textDocument/codeLens",
            "textDocument/documentLink",
            "textDocument/formatting",
        ] {
            for (line, character) in [(0, 0), (1, 1), (2, 40), (u32::MAX, u32::MAX), (0, u32::MAX)] {
                let at = json!({ "line": line, "character": character });
                for uri in [&*uri, "file:///no/such.role", "untitled:nothing", ""] {
                    let params = json!({ "textDocument": { "uri": uri }, "position": at, "options": { "tabSize": 4, "insertSpaces": true } });
                    let answer = session.client.request(method, params);
                    let code = answer.err().map(|error| error["code"].as_i64().unwrap());
                    assert!(matches!(code, None | Some(-32602 | -32803)), "{method} {uri}: {code:?}");
                }
            }
        }
    }
    assert_eq!(session.client.leave(), 0);
}
