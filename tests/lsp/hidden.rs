//! What goes over the server's standard output: no character that is hidden, of whatever it is asked and whatever the texts
//! say. An escape of JSON is none.

use std::io::{BufReader, Read as _, Write as _};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rolec::source::is_hidden;
use serde_json::{Value, json};

use crate::client::{Folder, server};
use crate::frames::{framed, read};

/// Characters of each sort: controls, marks of direction, what has no width, line separators, tags.
fn hidden() -> String {
    ('\0'..='\u{1f}')
        .chain('\u{7f}'..='\u{9f}')
        .chain(['\u{ad}', '\u{61c}', '\u{180e}', '\u{feff}', '\u{fe0f}', '\u{e0001}', '\u{e0061}'])
        .chain('\u{200b}'..='\u{200f}')
        .chain('\u{2028}'..='\u{202e}')
        .chain('\u{2060}'..='\u{206f}')
        .collect()
}

/// A policy whose names and texts say all of them, by escapes.
fn spoken() -> String {
    let x: String = hidden().chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect();
    format!(
        "use c\ncatalog c \"t{x}\" {{\n    category \"c{x}\" \"t{x}\" {{\n        \"r{x}\" \"t{x}\": verbs \"v{x}\", w {{ caveat \"c{x}\" note \"n{x}\" }}\n    }}\n    super \"s{x}\"\n}}\n\
         default template \"s{x}\" {{ grant all: w }}\n\
         organization \"o{x}\" \"t{x}\" {{\n    role \"r{x}\" \"t{x}\" from \"s{x}\" {{\n        description \"d{x}\"\n        grant \"c{x}\".\"r{x}\": \"v{x}\"\n    }}\n    \
         role \"q{x}\" {{ grant \"c{x}\".\"z{x}\": w }}\n    assign \"r{x}\" to \"p{x}\" because \"b{x}\"\n    assign \"n{x}\" to \"p{x}\"\n}}\n"
    )
}

/// The same characters as they are: in comments, texts, names, and between them.
fn raw() -> String {
    let x: String = hidden().chars().filter(|c| *c != '\n').collect();
    format!(
        "use jumpcloud\n// c{x}\n/// d{x}\norganization o{x} \"t{x}\" {{ role r{x} {{ grant \"{x}\": view }} {x}\n}}\n"
    )
}

/// All that may be asked about a place or a document.
fn questions(uri: &str, at: &Value) -> Vec<(&'static str, Value)> {
    let document = json!({ "uri": uri });
    let position = json!({ "textDocument": document, "position": at });
    let with = |more: Value| {
        let mut all = position.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let options = json!({ "tabSize": 4, "insertSpaces": true });
    vec![
        ("textDocument/hover", position.clone()),
        ("textDocument/completion", position.clone()),
        ("textDocument/definition", position.clone()),
        ("textDocument/documentHighlight", position.clone()),
        ("textDocument/prepareRename", position.clone()),
        ("textDocument/references", with(json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/rename", with(json!({ "newName": "new\u{202e}name" }))),
        ("textDocument/documentSymbol", json!({ "textDocument": document })),
        ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
        ("textDocument/codeLens", json!({ "textDocument": document })),
        ("textDocument/documentLink", json!({ "textDocument": document })),
        ("textDocument/foldingRange", json!({ "textDocument": document })),
        ("textDocument/inlayHint", json!({ "textDocument": document, "range": range })),
        ("textDocument/formatting", json!({ "textDocument": document, "options": options })),
        ("textDocument/diagnostic", json!({ "textDocument": document })),
        (
            "textDocument/codeAction",
            json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } }),
        ),
        ("workspace/symbol", json!({ "query": "\u{1b}[31m\u{202e}" })),
        ("workspace/executeCommand", json!({ "command": "x\u{202e}\u{9b}", "arguments": [hidden()] })),
    ]
}

#[test]
fn nothing_hidden_is_in_any_message() {
    let folder = Folder::new(&[("imported.role", "catalog i { }")]);
    let mut input = Vec::new();
    let mut send = |message: Value| input.extend(framed(&message));
    let mut asked = 0;
    let mut ask = |method: &str, params: Value| {
        asked += 1;
        // An id may be a text too, and is handed back.
        let id = if asked % 2 == 0 { json!(asked) } else { json!(format!("{asked}\u{202e}\u{85}")) };
        json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
    };
    let params = json!({
        "processId": null, "rootUri": null, "capabilities": {},
        "workspaceFolders": [{ "uri": folder.root(), "name": hidden() }],
        "clientInfo": { "name": hidden() },
    });
    send(ask("initialize", params));
    send(json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    let texts = [
        ("spoken.role", spoken()),
        ("raw.role", raw()),
        (
            "%C2%9B31m%E2%80%AE.role",
            "use \"a\u{202e}.role\"\norganization q { role r { } role r { } }\n".to_owned(),
        ),
    ];
    for (name, text) in &texts {
        let uri = format!("{}/{name}", folder.root());
        let document = json!({ "uri": uri, "languageId": "role", "version": 1, "text": text });
        send(
            json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        );
        for (line, content) in text.split('\n').enumerate() {
            let end = content.encode_utf16().count();
            for character in [end.min(5), end.min(13), end / 2, end] {
                for (method, params) in questions(&uri, &json!({ "line": line, "character": character })) {
                    send(ask(method, params));
                }
            }
        }
    }
    send(ask(&format!("no/{}", hidden()), Value::Null));
    send(ask("shutdown", Value::Null));
    send(json!({ "jsonrpc": "2.0", "method": "exit" }));
    // What is no message is quoted in the error that answers it.
    let at = input.len() - framed(&json!({ "jsonrpc": "2.0", "method": "exit" })).len();
    let nonsense = "{\"jsonrpc\": \"2.0\", \"id\": \"\u{202e}\", \"method\": \u{202e} }";
    let nonsense = format!("Content-Length: {}\r\n\r\n{nonsense}", nonsense.len());
    input.splice(at..at, nonsense.bytes());
    let mut child = server();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let feed = thread::spawn(move || drop(stdin.write_all(&input)));
    let (sender, output) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).unwrap();
        let _ = sender.send(bytes);
    });
    let Ok(bytes) = output.recv_timeout(Duration::from_secs(120)) else {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("the server does not end");
    };
    assert_eq!(child.wait().unwrap().code(), Some(0));
    feed.join().unwrap();

    let mut stream = BufReader::new(&bytes[..]);
    let (mut answers, mut told) = (0, String::new());
    while let Some(body) = read(&mut stream) {
        let text = String::from_utf8(body).expect("a message is text");
        let raw = text.chars().find(|c| is_hidden(*c) || *c == '\n' || *c == '\t');
        if let Some(c) = raw {
            let at = text.find(c).unwrap();
            let before: String = text.chars().take(120).collect();
            panic!("U+{:04X} is raw at byte {at} of {}", u32::from(c), before.escape_debug());
        }
        let message: Value = serde_json::from_str(&text).unwrap();
        answers += usize::from(message.get("id").is_some() && message.get("method").is_none());
        told += &text;
    }
    assert!(answers > asked, "{answers} answers to {asked} questions, and to what was none");
    // A server that spoke of none of them would prove nothing.
    let missing: Vec<char> = hidden()
        .chars()
        .filter(|c| {
            let mut units = [0; 2];
            let escape: String =
                c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let is_short = matches!(c, '\u{8}' | '\t' | '\n' | '\u{c}' | '\r');
            !is_short && !told.contains(&escape) && !told.contains(&format!("U+{:04X}", u32::from(*c)))
        })
        .collect();
    assert!(missing.is_empty(), "nothing was said of {missing:?}");
}
