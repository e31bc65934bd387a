//! A client of the protocol, over the pipes of the real binary. Waits for messages and never for time: what does not
//! come within a bound fails the test.

use std::collections::VecDeque;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::frames::{framed, read};

/// How long any message may take, on a machine that does much else.
const BOUND: Duration = Duration::from_secs(60);

/// A folder that is removed with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("rolec-lsp-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        let folder = Self(root.canonicalize().unwrap());
        files.iter().for_each(|(name, text)| folder.write(name, text));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        uri(&self.0.join(name))
    }

    pub(crate) fn root(&self) -> String {
        uri(&self.0)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that is left over hurts nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap().replace(' ', "%20"))
}

/// What a client says that it can do.
pub(crate) fn capabilities() -> Value {
    json!({
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "dataSupport": true, "tagSupport": { "valueSet": [1] },
            },
        },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    })
}

pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    incoming: Receiver<Value>,
    /// What came while something else was waited for.
    waiting: VecDeque<Value>,
    asked: i64,
    /// What the server offered.
    pub(crate) offered: Value,
}

/// The server, started.
pub(crate) fn server() -> Child {
    Command::new(env!("CARGO_BIN_EXE_rolec"))
        .arg("lsp")
        // Where it writes the texts of built-in catalogs.
        .env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/lsp cache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

impl Client {
    /// A server to which nothing was said.
    pub(crate) fn silent() -> Self {
        let mut child = server();
        let output = child.stdout.take().unwrap();
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(body) = read(&mut output) {
                let message: Value = serde_json::from_slice(&body).unwrap();
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, incoming, waiting: VecDeque::new(), asked: 0, offered: Value::Null }
    }

    /// A server that was told what a client can do and which folders it has open.
    pub(crate) fn with(capabilities: Value, folders: &[&Folder]) -> Self {
        let folders: Vec<Value> =
            folders.iter().map(|folder| json!({ "uri": folder.root(), "name": "x" })).collect();
        Self::begin(
            json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders }),
        )
    }

    pub(crate) fn begin(params: Value) -> Self {
        let mut client = Self::silent();
        client.offered = client.request("initialize", params).unwrap()["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    pub(crate) fn new(folders: &[&Folder]) -> Self {
        Self::with(capabilities(), folders)
    }

    /// Bytes as they are.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        self.send_bytes(&framed(message));
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.asked += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.asked, "method": method, "params": params }));
        self.asked
    }

    /// The result of a request, or its error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let is_it = |message: &Value| message["id"] == id && message.get("method").is_none();
        let mut message = self.wait_for(is_it);
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].take()),
        }
    }

    /// The next message that is wanted; the others stay for later.
    pub(crate) fn wait_for(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&is_wanted) {
            return self.waiting.remove(at).unwrap();
        }
        loop {
            let message = self.incoming.recv_timeout(BOUND).expect("the server says nothing more");
            if is_wanted(&message) {
                return message;
            }
            self.waiting.push_back(message);
        }
    }

    /// All that the server says of its own accord until it has handled what was sent.
    pub(crate) fn settle(&mut self) -> Vec<Value> {
        let error = self.request("test/nothing", Value::Null).unwrap_err();
        assert_eq!(error["code"], -32601, "{error}");
        self.waiting.drain(..).collect()
    }

    /// The findings published for each file until then, the last ones: codes with their places.
    pub(crate) fn published(&mut self) -> Vec<(String, Vec<String>)> {
        let messages = self.settle();
        let published =
            messages.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
        published
            .map(|message| {
                let params = &message["params"];
                let uri = params["uri"].as_str().unwrap();
                (uri.rsplit_once('/').map_or(uri, |(_, name)| name).to_owned(), told(&params["diagnostics"]))
            })
            .collect()
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "role", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Another text for a whole document.
    pub(crate) fn replace(&mut self, uri: &str, version: i32, text: &str) {
        self.change(uri, version, json!([{ "text": text }]));
    }

    /// Says good-bye; gives the exit status.
    pub(crate) fn leave(mut self) -> i32 {
        assert_eq!(self.request("shutdown", Value::Null), Ok(Value::Null));
        self.notify("exit", Value::Null);
        self.ended()
    }

    /// Closes the input, and gives the exit status.
    pub(crate) fn ended(&mut self) -> i32 {
        self.input = None;
        // Its output ends when it does.
        loop {
            match self.incoming.recv_timeout(BOUND) {
                Ok(message) => self.waiting.push_back(message),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(error) => panic!("the server does not end: {error}"),
            }
        }
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Only where a test has failed on the way is there something to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `R0204 1:3-1:9` for each finding.
pub(crate) fn told(diagnostics: &Value) -> Vec<String> {
    let one = |finding: &Value| format!("{} {}", finding["code"].as_str().unwrap(), place(&finding["range"]));
    diagnostics.as_array().unwrap().iter().map(one).collect()
}

pub(crate) fn place(range: &Value) -> String {
    let at = |end: &str| format!("{}:{}", range[end]["line"], range[end]["character"]);
    format!("{}-{}", at("start"), at("end"))
}
