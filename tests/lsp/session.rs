//! The beginning and the end of a conversation, and the order of what is between.

use serde_json::{Value, json};

use crate::client::{Client, Folder, capabilities};

const NOT_INITIALIZED: i64 = -32002;
const INVALID_REQUEST: i64 = -32600;

#[test]
fn it_says_what_it_offers_and_ends_well() {
    let client = Client::new(&[]);
    assert_eq!(client.offered["positionEncoding"], "utf-16");
    assert_eq!(client.offered["textDocumentSync"], json!({ "openClose": true, "change": 2 }));
    assert_eq!(client.offered["workspace"]["workspaceFolders"]["supported"], true);
    assert_eq!(
        client.offered["codeActionProvider"]["codeActionKinds"],
        json!(["quickfix", "refactor.rewrite", "source.fixAll"])
    );
    assert_eq!(client.offered["documentFormattingProvider"], true);
    assert_eq!(client.offered.get("diagnosticProvider"), None, "published and pulled would be shown twice");
    assert_eq!(client.leave(), 0);
}

#[test]
fn an_exit_without_shutdown_is_no_clean_end() {
    let mut client = Client::new(&[]);
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), 1);
    let mut client = Client::silent();
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), 1);
    // Nor is an end of the input.
    assert_eq!(Client::new(&[]).ended(), 1);
    assert_eq!(Client::silent().ended(), 1);
}

#[test]
fn what_comes_out_of_order_is_answered() {
    let mut client = Client::silent();
    let error = client.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(error["code"], NOT_INITIALIZED);
    assert_eq!(client.request("shutdown", Value::Null).unwrap_err()["code"], NOT_INITIALIZED);
    // A document before its time is nobody's.
    client.open("untitled:a", "nonsense");
    assert_eq!(client.request("initialize", json!({ "capabilities": 7 })).unwrap_err()["code"], -32602);
    let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities() });
    client.request("initialize", params.clone()).unwrap();
    assert_eq!(client.request("initialize", params).unwrap_err()["code"], INVALID_REQUEST);
    // `initialized` never comes; the server does without.
    client.open("untitled:b", "nonsense");
    let published = client.published();
    assert_eq!(published.len(), 1, "{published:?}");
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.request("textDocument/hover", json!({})).unwrap_err()["code"], INVALID_REQUEST);
    assert_eq!(client.request("shutdown", Value::Null).unwrap_err()["code"], INVALID_REQUEST);
    client.notify("exit", Value::Null);
    assert_eq!(client.ended(), 0);
}

/// Several messages in one piece are there at once: the order of their handling is certain.
fn burst(client: &mut Client, messages: &[Value]) {
    let bytes: Vec<u8> = messages.iter().flat_map(crate::frames::framed).collect();
    client.send_bytes(&bytes);
}

#[test]
fn a_cancelled_request_is_answered_as_such_and_once() {
    // While much is loaded, what follows waits.
    let roles: String = (0..3000).map(|n| format!("    role r{n} {{ grant all: view }}\n")).collect();
    let folder = Folder::new(&[("a.role", &format!("use jumpcloud\norganization o {{\n{roles}}}\n"))]);
    let mut client = Client::silent();
    let params = json!({ "processId": null, "rootUri": folder.root(), "capabilities": capabilities() });
    client.request("initialize", params).unwrap();
    let document = json!({ "textDocument": { "uri": folder.uri("a.role") } });
    burst(
        &mut client,
        &[
            json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
            json!({ "jsonrpc": "2.0", "id": 100, "method": "textDocument/diagnostic", "params": document }),
            json!({ "jsonrpc": "2.0", "id": "x", "method": "textDocument/diagnostic", "params": document }),
            json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "x" } }),
            json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 7777 } }),
            json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": [] } }),
        ],
    );
    let error = client.wait_for(|message| message["id"] == "x");
    assert_eq!(error["error"]["code"], -32800, "{error}");
    assert!(client.answer(100).is_ok());
    // Too late: it was answered.
    client.notify("$/cancelRequest", json!({ "id": 100 }));
    assert!(client.settle().iter().all(|message| message.get("method").is_some()));
    assert_eq!(client.leave(), 0);
}

#[test]
fn progress_is_shown_where_the_first_load_takes_longer() {
    let roles: String = (0..9000).map(|n| format!("    role r{n} {{ grant all: view }}\n")).collect();
    let text = format!("use jumpcloud\norganization o {{\n{roles}}}\n");
    assert!(text.len() > 256 << 10);
    for (agrees, file) in [(true, "a.role"), (false, "a.role"), (true, "none.txt")] {
        let folder = Folder::new(&[(file, &text)]);
        let mut wishes = capabilities();
        wishes["window"] = json!({ "workDoneProgress": true });
        let mut client = Client::with(wishes, &[&folder]);
        let mut wanted = Vec::new();
        if file == "a.role" {
            let create = client.wait_for(|message| message["method"] == "window/workDoneProgress/create");
            let token = create["params"]["token"].clone();
            let answer = if agrees {
                wanted = vec![(token.clone(), json!("begin")), (token, json!("end"))];
                json!({ "jsonrpc": "2.0", "id": create["id"], "result": null })
            } else {
                json!({ "jsonrpc": "2.0", "id": create["id"], "error": { "code": 1, "message": "no" } })
            };
            client.send(&answer);
        }
        let messages = client.settle();
        let progress = messages.iter().filter(|message| message["method"] == "$/progress");
        let kinds: Vec<(Value, Value)> = progress
            .map(|message| (message["params"]["token"].clone(), message["params"]["value"]["kind"].clone()))
            .collect();
        assert_eq!(kinds, wanted, "{agrees} {file}");
        assert_eq!(client.leave(), 0);
    }
}
