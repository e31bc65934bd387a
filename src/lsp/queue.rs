//! Messages in the order in which they came, with those left out that were cancelled before their turn.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Instant;

use crate::lsp::message::{Failure, Id, Message, Notification};
use crate::lsp::wire::{Frame, Frames};

#[derive(serde::Deserialize)]
struct Cancel {
    id: Id,
}

/// What has come and was not handled yet.
pub(super) struct Queue {
    incoming: Receiver<Message>,
    waiting: VecDeque<Message>,
    /// Requests that were cancelled before their turn.
    cancelled: Vec<Id>,
}

impl Queue {
    /// Reads on another thread, so that a client that writes much before it reads is never waited for.
    pub(super) fn new(input: impl Read + Send + 'static) -> std::io::Result<Self> {
        let (sender, incoming) = mpsc::channel();
        std::thread::Builder::new().name("reader".to_owned()).spawn(move || read(input, &sender))?;
        Ok(Self { incoming, waiting: VecDeque::new(), cancelled: Vec::new() })
    }

    /// The next message that is there already.
    pub(super) fn next_waiting(&mut self) -> Option<Message> {
        while let Ok(message) = self.incoming.try_recv() {
            self.take(message);
        }
        self.waiting.pop_front()
    }

    /// Waits until something comes. Gives whether anything will.
    pub(super) fn wait(&mut self) -> bool {
        match self.incoming.recv() {
            Ok(message) => {
                self.take(message);
                true
            }
            Err(_) => false,
        }
    }

    /// Waits for the answer to a request of ours, up to a moment; what else comes keeps its turn. Gives whether it is
    /// the answer that was hoped for.
    pub(super) fn wait_for(&mut self, wanted: &Id, until: Instant) -> bool {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.incoming.recv_timeout(left) {
                Ok(Message::Response { id, is_error }) if id == *wanted => return !is_error,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// The requests that were cancelled since this was asked last.
    pub(super) fn take_cancelled(&mut self) -> Vec<Id> {
        std::mem::take(&mut self.cancelled)
    }

    /// Whether a message that waits will change a text.
    pub(super) fn will_change(&self) -> bool {
        self.waiting.iter().any(|message| {
            matches!(message, Message::Notification(Notification { method, .. }) if method == "textDocument/didChange")
        })
    }

    fn take(&mut self, message: Message) {
        let Message::Notification(Notification { method, params }) = &message else {
            self.waiting.push_back(message);
            return;
        };
        if method != "$/cancelRequest" {
            self.waiting.push_back(message);
            return;
        }
        let Ok(Cancel { id }) = params.read() else { return };
        // One that was answered already is not waiting.
        let is_it = |message: &Message| matches!(message, Message::Request(request) if request.id == id);
        if let Some(at) = self.waiting.iter().position(is_it) {
            self.waiting.remove(at);
            self.cancelled.push(id);
        }
    }
}

/// Reads until the end, or until nobody wants to know.
fn read(input: impl Read, sender: &Sender<Message>) {
    let mut frames = Frames::new(input);
    // A stream that cannot be read has ended.
    while let Ok(Some(frame)) = frames.next() {
        let message = match frame {
            Frame::Body(body) => {
                let message = Message::read(&body);
                if matches!(message, Message::Broken { .. }) {
                    frames.take_back(body);
                }
                message
            }
            Frame::TooLong(length) => Message::TooLong(length),
            Frame::Broken(text) => Message::Broken { id: None, failure: Failure::new(Failure::PARSE, text) },
        };
        if sender.send(message).is_err() {
            return;
        }
    }
}
