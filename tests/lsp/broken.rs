//! What is no message: an error in answer, and the conversation goes on.

use serde_json::{Value, json};

use crate::client::Client;
use crate::frames::framed;

/// Sends bytes; gives the codes of the errors in answer. The server lives.
fn answers(client: &mut Client, bytes: &[u8]) -> Vec<(Value, i64)> {
    client.send_bytes(bytes);
    let messages = client.settle();
    let errors = messages.iter().filter(|message| message.get("error").is_some());
    errors.map(|message| (message["id"].clone(), message["error"]["code"].as_i64().unwrap())).collect()
}

#[test]
fn json_that_is_no_message_is_answered() {
    let mut client = Client::new(&[]);
    let mut frame = |body: &[u8]| {
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body);
        answers(&mut client, &bytes)
    };
    assert_eq!(frame(b"{\"jsonrpc\": \"2.0\", "), [(Value::Null, -32700)]);
    assert_eq!(frame(b""), [(Value::Null, -32700)]);
    assert_eq!(frame(b"\xff\xfe"), [(Value::Null, -32700)]);
    assert_eq!(frame(b"[]"), [(Value::Null, -32600)]);
    assert_eq!(frame(b"{}"), [(Value::Null, -32600)]);
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"x\"}"), [(Value::Null, -32600)]);
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":7}"), [(Value::Null, -32600)]);
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"id\":5}"), [(json!(5), -32600)]);
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"no/such\"}"), [(json!("s"), -32601)]);
    let no_params = b"{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"textDocument/formatting\"}";
    assert_eq!(frame(no_params), [(json!(6), -32602)]);
    let deep =
        [b"{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"x\",\"params\":".as_slice(), &b"[".repeat(1 << 20)]
            .concat();
    assert_eq!(frame(&deep).len(), 1);
    // A notification is never answered, not even one that nobody knows or whose parameters are off.
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}"), []);
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":[]}"), []);
    // An answer to what was never asked.
    assert_eq!(frame(b"{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":null}"), []);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_length_that_lies_is_answered_and_passed_over() {
    let mut client = Client::new(&[]);
    for header in [
        "Content-Length: 9223372036854775807",
        "Content-Length: 18446744073709551616",
        "Content-Length: 4000000000",
        "Content-Length: 500000000",
        "Content-Length: -5",
        "Content-Length: many",
        "Content-Type: application/json",
        "nonsense",
    ] {
        let errors = answers(&mut client, format!("{header}\r\n\r\n{{}}").as_bytes());
        assert_eq!(errors, [(Value::Null, -32700)], "{header}");
    }
    let long = answers(&mut client, format!("{}\r\n\r\n", "x".repeat(1 << 20)).as_bytes());
    assert_eq!(long, [(Value::Null, -32700)]);
    // One that is too short leaves its rest, one that is too long takes the next message with it.
    assert_eq!(
        answers(&mut client, b"Content-Length: 4\r\n\r\n{\"jsonrpc\": \"2.0\"}"),
        [(Value::Null, -32700)]
    );
    let inner = framed(&json!({ "jsonrpc": "2.0", "id": "inner", "method": "no/such" }));
    let bytes = [b"Content-Length: 60\r\n\r\n{\"jsonrpc\": \"2.0\", ".as_slice(), &inner].concat();
    assert_eq!(answers(&mut client, &bytes), [(Value::Null, -32700), (json!("inner"), -32601)]);
    assert_eq!(client.leave(), 0);
}

/// A file may have 64 MiB, and its message is longer than that.
#[test]
fn a_long_text_is_edited_and_the_longest_is_told_of() {
    let mut client = Client::new(&[]);
    let text = format!("use jumpcloud\n{}use x\n", "// \"long\"\t\n".repeat(2 << 20));
    assert!(text.len() > 20 << 20);
    client.open("untitled:long", &text);
    let (name, findings) = client.published().remove(0);
    assert_eq!((&*name, findings.len()), ("untitled:long", 1), "{findings:?}");
    // Longer than any text: the user is told, and once.
    client.send_bytes(b"Content-Length: 500000000\r\n\r\n");
    client.send_bytes(b"Content-Length: 500000000\r\n\r\n");
    let told: Vec<Value> =
        client.settle().into_iter().filter(|message| message["method"] == "window/showMessage").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["params"]["type"], 1);
    assert!(told[0]["params"]["message"].as_str().unwrap().contains("at most 64 MiB"), "{told:?}");
    assert_eq!(client.leave(), 0);
}

#[test]
fn an_input_that_ends_in_a_message_ends_the_server() {
    for bytes in [b"Content-Le".as_slice(), b"Content-Length: 100\r\n\r\n{"] {
        let mut client = Client::new(&[]);
        client.send_bytes(bytes);
        assert_eq!(client.ended(), 1);
    }
}

/// Messages with bytes turned, cut out and doubled: whatever comes of it, a sound message after it is answered.
#[test]
fn damaged_streams_are_survived() {
    let mut client = Client::new(&[]);
    client.open("untitled:a", "use jumpcloud\n");
    let sound = framed(&json!({
        "jsonrpc": "2.0", "method": "textDocument/didChange",
        "params": { "textDocument": { "uri": "untitled:a", "version": 2 }, "contentChanges": [
            { "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 1 } }, "text": "x" },
        ] },
    }));
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 33).unwrap() % below
    };
    for round in 0..300 {
        let mut bytes = sound.clone();
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = u8::try_from(next(256)).unwrap(),
                1 => drop(bytes.drain(at..(at + next(9)).min(sound.len()).max(at).min(bytes.len()))),
                _ => bytes.insert(at, b"\r\n{}\"0"[next(6)]),
            }
        }
        // A damaged length swallows what follows, up to itself; what is read past it is bounded here.
        let digits: String =
            bytes.iter().skip(16).take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
        if digits.len() > 4 {
            continue;
        }
        client.send_bytes(&bytes);
        client.send_bytes(&sound.repeat(10_000 / sound.len() + 1));
        if round % 10 == 9 {
            client.settle();
        }
    }
    client.settle();
    assert_eq!(client.leave(), 0);
}
