//! A headless Chromium, spoken to over a pipe by the protocol of its developer tools: messages of JSON with a zero byte
//! behind each. Knows nothing of the page.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long an answer may take before the browser counts as hanging. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// The browser that `CHROMIUM` names, else one on the path.
pub(crate) fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").filter(|name| !name.is_empty());
    let on_path = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let candidates = match named {
        Some(name) => vec![PathBuf::from(name)],
        None => on_path.map(PathBuf::from).to_vec(),
    };
    let is_browser = |program: &PathBuf| {
        let said = Command::new(program).arg("--version").output();
        said.is_ok_and(|output| {
            output.status.success() && String::from_utf8_lossy(&output.stdout).contains("Chrom")
        })
    };
    candidates.into_iter().find(is_browser)
}

/// A browser with one page open.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    next: u64,
    /// What the page told unasked, oldest first.
    events: VecDeque<Value>,
    _profile: TempDir,
}

impl Browser {
    pub(crate) fn open(program: &PathBuf) -> Self {
        let profile = TempDir::with_prefix("rolec-page-").unwrap();
        // The pipe of the protocol is what the browser finds at 3 and 4. The page is our own, and a container often lets
        // no sandbox be made.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh"])
            .arg(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--remote-debugging-pipe", "--window-size=1200,800"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, from) = channel();
        thread::spawn(move || {
            for message in BufReader::new(out).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { break };
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser =
            Self { child, to, from, session: None, next: 0, events: VecDeque::new(), _profile: profile };
        let page = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached =
            browser.call("Target.attachToTarget", json!({ "targetId": page["targetId"], "flatten": true }));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log", "Accessibility", "DOM"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Calls a method, and gives its result.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        let mut bytes = serde_json::to_vec(&message).unwrap();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap();
        self.to.flush().unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = self.receive(until, method);
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push_back(answer);
        }
    }

    fn receive(&self, until: Instant, what: &str) -> Value {
        let left = until.saturating_duration_since(Instant::now());
        self.from
            .recv_timeout(left)
            .unwrap_or_else(|error| panic!("the browser does not answer {what}: {error}"))
    }

    /// Opens an address anew, and waits until it is loaded.
    pub(crate) fn visit(&mut self, address: &str) {
        // An address that differs in its fragment only would not be loaded again.
        for address in ["about:blank", address] {
            self.events.retain(|event| event["method"] != "Page.loadEventFired");
            self.call("Page.navigate", json!({ "url": address }));
            let until = Instant::now() + PATIENCE;
            while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
                let event = self.receive(until, address);
                self.events.push_back(event);
            }
        }
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let given = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let result = self.call("Runtime.evaluate", given);
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    pub(crate) fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    pub(crate) fn is(&mut self, expression: &str) -> bool {
        self.value(expression).as_bool().unwrap_or_else(|| panic!("{expression} is neither true nor false"))
    }

    /// Presses a key, with Ctrl held where `ctrl` says so.
    pub(crate) fn press(&mut self, key: &str, ctrl: bool) {
        let code = match key {
            "Tab" => 9,
            "Escape" => 27,
            "PageUp" => 33,
            "PageDown" => 34,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => panic!("no code for {key}"),
        };
        for kind in ["rawKeyDown", "keyUp"] {
            let modifiers = if ctrl { 2 } else { 0 };
            self.call(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers }),
            );
        }
    }

    /// Types a text into what is focused.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Moves the pointer over the middle of an element.
    pub(crate) fn point_at(&mut self, element: &str) {
        let middle = self.value(&format!(
            "(() => {{ const at = ({element}).getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; }})()"
        ));
        self.call(
            "Input.dispatchMouseEvent",
            json!({ "type": "mouseMoved", "x": middle[0], "y": middle[1] }),
        );
    }

    /// What the page told by a method, until now.
    pub(crate) fn told(&mut self, method: &str) -> Vec<Value> {
        // Whatever came before the answer to this one is there.
        self.value("1");
        self.events
            .iter()
            .filter(|event| event["method"] == method)
            .map(|event| event["params"].clone())
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends by itself when its pipe does; the wait is so that its folder is its own no more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
