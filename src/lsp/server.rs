//! The main loop: takes one message after the other, keeps the state in step with the editor, and answers. Alone owns
//! the state. Checks nothing while messages wait that will change it again.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::lsp::capabilities;
use crate::lsp::client::{Client, Findings, folders};
use crate::lsp::disk;
use crate::lsp::message::{Failure, Message, Notification, Output, Request};
use crate::lsp::progress::Progress;
use crate::lsp::protocol as lsp;
use crate::lsp::publish::Published;
use crate::lsp::queue::Queue;
use crate::lsp::requests;
use crate::lsp::state::State;
use crate::lsp::uri;
use crate::lsp::{Ending, Setup};
use crate::vocab::limits;

/// After so many edits they are checked, even where more of them wait.
const EDITS: usize = 100;
/// From how many bytes on the first load takes longer than a moment.
const MUCH: usize = 256 << 10;
/// How long the client may take until it shows progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far the conversation is.
enum Phase {
    /// Nothing was said yet.
    Silent,
    /// The client was told what is offered; no file was read yet.
    Begun(Box<State>),
    Running(Box<State>),
    /// Only `exit` may follow.
    ShutDown,
}

pub(super) struct Server<W> {
    queue: Queue,
    output: Output<W>,
    setup: Setup,
    phase: Phase,
    published: Published,
    /// The documents that were edited since they were checked, by the paths that they are known by.
    edited: Vec<PathBuf>,
    /// Whether something is to be checked.
    is_dirty: bool,
    /// Whether somebody was told that a text is too long.
    has_told_length: bool,
}

impl<W: Write> Server<W> {
    pub(super) fn new(queue: Queue, output: W, setup: Setup) -> Self {
        Self {
            queue,
            output: Output::new(output),
            setup,
            phase: Phase::Silent,
            published: Published::default(),
            edited: Vec::new(),
            is_dirty: false,
            has_told_length: false,
        }
    }

    /// Runs until the client says `exit` or goes away.
    pub(super) fn run(mut self) -> io::Result<Ending> {
        loop {
            let message = self.queue.next_waiting();
            for id in self.queue.take_cancelled() {
                let failure = Failure::new(Failure::CANCELLED, "the client cancelled the request");
                self.output.answer(&id, &Err(failure))?;
            }
            let Some(message) = message else {
                self.check()?;
                if self.queue.wait() {
                    continue;
                }
                return Ok(Ending::Lost);
            };
            if let Message::Notification(Notification { method, .. }) = &message
                && method == "exit"
            {
                return Ok(if matches!(self.phase, Phase::ShutDown) { Ending::Clean } else { Ending::Lost });
            }
            // A defect of ours costs the answer, and not what the editor holds.
            match catch_unwind(AssertUnwindSafe(|| self.take(&message))) {
                Ok(done) => done?,
                Err(_) => self.recover(&message)?,
            }
        }
    }

    fn take(&mut self, message: &Message) -> io::Result<()> {
        match message {
            Message::Request(request) => {
                let answer = self.request(request)?;
                self.output.answer(&request.id, &answer)
            }
            Message::Notification(notification) => self.notification(notification),
            Message::Response { .. } => Ok(()),
            Message::Broken { id, failure } => self.output.broken(id.as_ref(), failure),
            Message::TooLong(length) => self.too_long(*length),
        }
    }

    /// What is too long to be read can only be a text. Whoever edits it is told, once.
    fn too_long(&mut self, length: u64) -> io::Result<()> {
        let message = format!("a message of {length} bytes is too long to be read");
        self.output.broken(None, &Failure::new(Failure::PARSE, message))?;
        let is_known = matches!(self.phase, Phase::Begun(_) | Phase::Running(_));
        if !is_known || std::mem::replace(&mut self.has_told_length, true) {
            return Ok(());
        }
        let most = limits::FILE_BYTES >> 20;
        let message = format!(
            "rolec cannot follow a text that is too long: a file has at most {most} MiB. What is found in it may be out of date."
        );
        let params = lsp::ShowMessageParams { kind: lsp::MessageType::Error, message };
        self.output.notify("window/showMessage", params)
    }

    /// After a panic: answers, and reads everything anew.
    fn recover(&mut self, message: &Message) -> io::Result<()> {
        if let Phase::Running(state) = &mut self.phase {
            state.load();
            self.is_dirty = true;
        }
        match message {
            Message::Request(request) => {
                let failure = Failure::new(Failure::INTERNAL, "this is a defect of rolec: please report it");
                self.output.answer(&request.id, &Err(failure))
            }
            _ => Ok(()),
        }
    }

    fn request(&mut self, request: &Request) -> io::Result<requests::Answer> {
        let not_now = |code, message: &str| Ok(Err(Failure::new(code, message)));
        match (&mut self.phase, &*request.method) {
            (Phase::ShutDown, _) => return not_now(Failure::INVALID_REQUEST, "the server was shut down"),
            (Phase::Silent, "initialize") => {
                let params: lsp::InitializeParams = match request.params.read() {
                    Ok(params) => params,
                    Err(failure) => return Ok(Err(failure)),
                };
                let client = Client::new(&params);
                let answer = requests::written(&capabilities::initialized(&client));
                let state = State::new(client, folders(&params), &self.setup);
                self.phase = Phase::Begun(Box::new(state));
                return Ok(answer);
            }
            (Phase::Silent, _) => return not_now(Failure::NOT_INITIALIZED, "`initialize` comes first"),
            (_, "initialize") => return not_now(Failure::INVALID_REQUEST, "`initialize` was sent before"),
            (_, "shutdown") => {
                self.phase = Phase::ShutDown;
                return Ok(requests::written(&()));
            }
            _ => {}
        }
        self.load()?;
        if request.method.ends_with("/diagnostic") && self.queue.will_change() {
            let mut failure = Failure::new(Failure::SERVER_CANCELLED, "a text is about to change");
            failure.data = Some(serde_json::json!({ "retriggerRequest": true }));
            return Ok(Err(failure));
        }
        self.check()?;
        match &self.phase {
            Phase::Running(state) => Ok(requests::answer(state, request)),
            _ => not_now(Failure::INTERNAL, "nothing is loaded"),
        }
    }

    fn notification(&mut self, notification: &Notification) -> io::Result<()> {
        if matches!(self.phase, Phase::Silent | Phase::ShutDown) {
            return Ok(());
        }
        self.load()?;
        let Phase::Running(state) = &mut self.phase else { return Ok(()) };
        let Notification { method, params } = notification;
        let done = match &**method {
            "textDocument/didOpen" => params.read().map(|params: lsp::DidOpenTextDocumentParams| {
                let lsp::TextDocumentItem { uri, version, text, .. } = params.text_document;
                self.edited.push(state.open(uri.to_string(), version, text));
                true
            }),
            "textDocument/didChange" => params.read().and_then(|params: lsp::DidChangeTextDocumentParams| {
                let lsp::VersionedTextDocumentIdentifier { version, text_document_identifier } =
                    params.text_document;
                let uri = text_document_identifier.uri.to_string();
                let key = state.change(&uri, version, params.content_changes);
                let key =
                    key.ok_or_else(|| Failure::failed(format!("`{uri}` is changed and was not opened")))?;
                self.edited.push(key);
                Ok(true)
            }),
            "textDocument/didClose" => params.read().and_then(|params: lsp::DidCloseTextDocumentParams| {
                let uri = params.text_document.uri.to_string();
                let key = state.close(&uri);
                key.ok_or_else(|| Failure::failed(format!("`{uri}` is closed and was not opened")))?;
                Ok(true)
            }),
            "workspace/didChangeWatchedFiles" => {
                params.read().map(|params: lsp::DidChangeWatchedFilesParams| {
                    let (mut changed, mut moved) = (Vec::new(), Vec::new());
                    for event in params.changes {
                        let Some(path) = uri::path(event.uri.as_ref()) else { continue };
                        let is_change = event.kind == lsp::FileChangeType::Changed;
                        let list = if is_change { &mut changed } else { &mut moved };
                        list.push(disk::key(&path));
                    }
                    state.watched(&changed, &moved);
                    true
                })
            }
            "workspace/didChangeWorkspaceFolders" => {
                params.read().map(|params: lsp::DidChangeWorkspaceFoldersParams| {
                    let paths = |folders: &[lsp::WorkspaceFolder]| -> Vec<PathBuf> {
                        folders.iter().filter_map(|folder| uri::path(folder.uri.as_ref())).collect()
                    };
                    state.change_folders(paths(&params.event.added), &paths(&params.event.removed));
                    true
                })
            }
            // `initialized` did what it does above. What else there is may be left alone.
            _ => Ok(false),
        };
        match done {
            Ok(is_change) => self.is_dirty |= is_change,
            Err(failure) => {
                let message = format!("{method}: {}", failure.message);
                let params = lsp::LogMessageParams { kind: lsp::MessageType::Warning, message };
                self.output.notify("window/logMessage", params)?;
            }
        }
        if self.edited.len() >= EDITS { self.check() } else { Ok(()) }
    }

    /// Reads the folders, once.
    fn load(&mut self) -> io::Result<()> {
        if !matches!(self.phase, Phase::Begun(_)) {
            return Ok(());
        }
        let Phase::Begun(mut state) = std::mem::replace(&mut self.phase, Phase::Silent) else {
            return Ok(());
        };
        if state.client.watches_files {
            self.output.ask("client/registerCapability", capabilities::watched())?;
        }
        state.load();
        let until = Instant::now() + PATIENCE;
        let progress = if state.client.shows_progress && state.size() > MUCH {
            Progress::begin(&mut self.output, &mut self.queue, until)?
        } else {
            None
        };
        self.phase = Phase::Running(state);
        self.is_dirty = true;
        self.check()?;
        progress.map_or(Ok(()), |progress| progress.end(&mut self.output))
    }

    /// Checks what has changed, and tells what is found otherwise.
    fn check(&mut self) -> io::Result<()> {
        let Phase::Running(state) = &mut self.phase else { return Ok(()) };
        if !std::mem::take(&mut self.is_dirty) {
            return Ok(());
        }
        let edited = std::mem::take(&mut self.edited);
        let changed = state.update();
        match state.client.findings {
            Findings::Published => {
                self.published.tell(state, &edited, &changed.keys, &mut self.output)?;
                if changed.has_other_files {
                    self.published.clear(state, &mut self.output)?;
                }
            }
            Findings::Pulled => {
                // The client asks again for what it edited itself.
                let is_other =
                    changed.has_other_files || changed.keys.iter().any(|key| !edited.contains(key));
                if is_other && state.client.refreshes_findings {
                    self.output.ask("workspace/diagnostic/refresh", ())?;
                }
            }
        }
        Ok(())
    }
}
