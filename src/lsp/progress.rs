//! The progress of the first load, to a client that shows it.

use std::io::{self, Write};
use std::time::Instant;

use serde_json::json;

use crate::lsp::message::Output;
use crate::lsp::queue::Queue;

const TOKEN: &str = "rolec.load";

/// Progress that has begun.
pub(super) struct Progress(());

impl Progress {
    /// Begins, if the client agrees before a moment.
    pub(super) fn begin<W: Write>(
        output: &mut Output<W>,
        queue: &mut Queue,
        until: Instant,
    ) -> io::Result<Option<Self>> {
        let id = output.ask("window/workDoneProgress/create", json!({ "token": TOKEN }))?;
        if !queue.wait_for(&id, until) {
            return Ok(None);
        }
        let value = json!({ "kind": "begin", "title": "rolec", "message": "checking policies", "cancellable": false });
        output.notify("$/progress", json!({ "token": TOKEN, "value": value }))?;
        Ok(Some(Self(())))
    }

    pub(super) fn end<W: Write>(self, output: &mut Output<W>) -> io::Result<()> {
        output.notify("$/progress", json!({ "token": TOKEN, "value": { "kind": "end" } }))
    }
}
