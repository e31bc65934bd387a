//! Texts are kept in step, and places are right, whatever stands before them on a line.

use serde_json::{Value, json};

use crate::actions::edited_by;
use crate::client::{Client, capabilities, told};

/// `remote-asist` is no row.
const TEXT: &str =
    "use jumpcloud\r\norganization o { /* 🙂é */ role r { grant device-management.remote-asist: full } }\r\n";

fn opened(encodings: &Value) -> Client {
    let mut wishes = capabilities();
    wishes["general"] = json!({ "positionEncodings": encodings });
    let mut client = Client::with(wishes, &[]);
    client.open("untitled:a", TEXT.replace("/* 🙂é */", "// 🙂é\r\n").as_str());
    client
}

fn last(client: &mut Client) -> (Value, Vec<String>) {
    let message = client.wait_for(|message| message["method"] == "textDocument/publishDiagnostics");
    (message["params"]["version"].clone(), told(&message["params"]["diagnostics"]))
}

fn change(line: u32, from: u32, to: u32, text: &str) -> Value {
    json!({ "range": {
        "start": { "line": line, "character": from }, "end": { "line": line, "character": to },
    }, "text": text })
}

#[test]
fn columns_count_what_was_agreed() {
    for (offered, taken, emoji) in [
        (json!(["utf-16"]), "utf-16", 2),
        (json!(["utf-32", "utf-16"]), "utf-16", 2),
        (json!(["utf-16", "utf-8"]), "utf-8", 4),
        (json!([]), "utf-16", 2),
    ] {
        let mut client = opened(&offered);
        assert_eq!(client.offered["positionEncoding"], taken);
        let (version, before) = last(&mut client);
        assert_eq!((version, before), (json!(1), vec!["R0204 2:34-2:46".to_owned()]), "{taken}");
        // A string with an emoji moves what is behind it by as much as the emoji counts.
        client.change("untitled:a", 2, json!([change(2, 7, 7, " \"🙂\"")]));
        let (version, after) = last(&mut client);
        assert_eq!(version, 2);
        let columns = format!("R0204 2:{}-2:{}", 34 + 3 + emoji, 46 + 3 + emoji);
        assert!(after.contains(&columns), "{taken}: {after:?}, not {columns}");
        // Behind the emoji, both of it and of the line, a place is found again: the row is mended.
        let at = 34 + 3 + emoji;
        client.change("untitled:a", 3, json!([change(2, at, at + 12, "devices")]));
        let (_, mended) = last(&mut client);
        assert!(!mended.iter().any(|finding| finding.starts_with("R0204")), "{mended:?}");
        assert_eq!(client.leave(), 0);
    }
}

#[test]
fn changes_are_made_in_their_order_and_outside_of_the_text_too() {
    let mut client = Client::new(&[]);
    client.open("untitled:a", "");
    assert_eq!(last(&mut client).0, 1);
    // Each counts in the text that the one before it left.
    let changes = [
        change(0, 0, 0, "use 🙂jumpcloud\n"),
        // From the middle of the emoji, which is its start, to its end.
        change(0, 5, 6, ""),
        change(9, 9, 9, "organization o { role r { grant devices.x: view } }"),
        // Backwards.
        json!({ "range": { "start": { "line": 1, "character": 41 }, "end": { "line": 1, "character": 32 } }, "text": "nothing.y" }),
        // Far behind the end of a line is its end, and not the next line.
        change(0, 900, u32::MAX, " // end"),
    ];
    client.change("untitled:a", 2, json!(changes));
    assert_eq!(last(&mut client), (json!(2), vec!["R0203 1:32-1:39".to_owned()]));
    // Another text altogether, and an edit in it.
    client.change(
        "untitled:a",
        3,
        json!([{ "text": "use jumpcloud\r\rorganization o {" }, change(2, 16, 16, "}")]),
    );
    // A line end of one character is one for the protocol, though not for the language.
    assert_eq!(last(&mut client), (json!(3), vec!["R0002 0:13-2:0".to_owned()]));
    // A document that is not open is no reason to end.
    client.change("untitled:b", 1, json!([{ "text": "" }]));
    client.close("untitled:b");
    let messages = client.settle();
    let logged = messages.iter().filter(|message| message["method"] == "window/logMessage");
    assert_eq!(logged.count(), 2, "{messages:?}");
    assert_eq!(client.leave(), 0);
}

/// What is asked at a place, and edits in answer: lines end as they do, and what stands before counts as agreed.
#[test]
fn edits_lie_behind_emoji_and_keep_line_ends() {
    let text = "use jumpcloud\r\n// 🙂\r\norganization o \"é🙂\" { role\r\n\"日本\" {} role a \"🙂\" from \"日本\" {} assign \"日本\" to \"🙂\" }\r\n";
    for (encoding, width) in [("utf-16", char::len_utf16 as fn(char) -> usize), ("utf-8", char::len_utf8)] {
        let mut wishes = capabilities();
        wishes["general"] = json!({ "positionEncodings": [encoding] });
        wishes["workspace"] = json!({});
        let mut client = Client::with(wishes, &[]);
        client.open("untitled:a", text);
        let line = text.lines().nth(3).unwrap();
        let before = &line[..line.rfind("日").unwrap()];
        let column: usize = before.chars().map(width).sum();
        let params = json!({
            "textDocument": { "uri": "untitled:a" }, "position": { "line": 3, "character": column }, "newName": "🙂 b",
        });
        let edit = client.request("textDocument/rename", params).unwrap();
        let renamed = edited_by(text, &edit["changes"]["untitled:a"], width);
        assert_eq!(renamed, text.replace("日本", "🙂 b"), "{encoding}");
        assert_eq!(client.leave(), 0);
    }
}
