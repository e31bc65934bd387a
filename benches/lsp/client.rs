//! A client that notes when a message arrived, as early as it can.

use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use serde_json::{Value, json};

use crate::frames::{framed, read};
use crate::policy::Folder;

pub(crate) struct Client {
    child: Child,
    input: ChildStdin,
    incoming: Receiver<(Vec<u8>, Instant)>,
    version: i32,
}

impl Client {
    /// A server that has loaded a folder.
    pub(crate) fn start(folder: &Folder) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rolec"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            while let Some(body) = read(&mut output) {
                // Where it was not waited for any more, the benchmark is over.
                let _ = sender.send((body, Instant::now()));
            }
        });
        let input = child.stdin.take().unwrap();
        let mut client = Self { child, input, incoming, version: 0 };
        let root = folder.uri("");
        let params = json!({ "processId": null, "rootUri": root.trim_end_matches('/'), "capabilities": {} });
        client.request(1, "initialize", params);
        client.notify("initialized", json!({}));
        client.request(2, "bench/nothing", Value::Null);
        client
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        self.version += 1;
        let document = json!({ "uri": uri, "languageId": "role", "version": self.version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.published(uri);
    }

    /// Closes a file, which is then as it is on disk, and waits until that is so.
    pub(crate) fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        self.request(3, "bench/nothing", Value::Null);
    }

    /// Changes a piece of a line; gives when it was sent.
    pub(crate) fn change(&mut self, uri: &str, line: u32, columns: (u32, u32), text: &str) -> Instant {
        self.version += 1;
        let at = |character: u32| json!({ "line": line, "character": character });
        let range = json!({ "start": at(columns.0), "end": at(columns.1) });
        let params = json!({
            "textDocument": { "uri": uri, "version": self.version },
            "contentChanges": [{ "range": range, "text": text }],
        });
        let bytes =
            framed(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params }));
        let sent = Instant::now();
        self.input.write_all(&bytes).unwrap();
        sent
    }

    /// When findings of a file arrived, in the version that was sent last.
    pub(crate) fn published(&mut self, uri: &str) -> Instant {
        loop {
            let (message, when) = self.next();
            let params = &message["params"];
            if params["uri"] == uri && params["version"] == self.version {
                return when;
            }
        }
    }

    pub(crate) fn next_published(&mut self) -> (String, Instant) {
        let (message, when) = self.next();
        (message["params"]["uri"].as_str().unwrap().to_owned(), when)
    }

    /// What the server keeps in memory, in bytes.
    pub(crate) fn memory(&mut self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let Ok(status) = status else {
            println!("  memory is read on Linux only");
            return 0;
        };
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        let number: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        number << 10
    }

    fn next(&mut self) -> (Value, Instant) {
        let (body, when) = self.incoming.recv_timeout(std::time::Duration::from_secs(120)).unwrap();
        (serde_json::from_slice(&body).unwrap(), when)
    }

    fn request(&mut self, id: i64, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.input.write_all(&framed(&message)).unwrap();
        while self.next().0["id"] != id {}
    }

    fn notify(&mut self, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.input.write_all(&framed(&message)).unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
