//! The language server: a conversation with an editor about the policies that it has open, over one stream in and one
//! out. One loop owns all that is known; a thread reads beside it. Never panics at what it is told, and never ends
//! before the client says so: what cannot be answered is answered with an error.
//!
//! bytes → frames (`wire`) → messages (`message`) → their turn (`queue`) → the loop (`server`), which changes the state
//! (`state`: `documents`, `policy`) and answers from it (`requests`), in the words of the protocol (`view`, `edits`).

mod actions;
mod capabilities;
mod client;
mod completion;
#[expect(clippy::disallowed_methods, reason = "the one file of the server that reads files")]
mod disk;
mod documents;
mod edits;
mod formatting;
mod hover;
mod message;
mod names;
mod policy;
mod position;
mod progress;
mod protocol;
mod publish;
mod queue;
mod requests;
mod server;
mod settings;
mod shapes;
mod state;
mod symbols;
mod tokens;
mod uri;
mod view;
mod wire;

use std::io::{self, Read, Write};
use std::path::PathBuf;

use crate::lint::Moment;

/// What the server needs to know of the world.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The time at which policies are looked at.
    pub moment: Moment,
    /// A folder of ours, for the texts of built-in catalogs: so that an editor can show them.
    pub cache: Option<PathBuf>,
}

/// How a conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client said `shutdown` and then `exit`.
    Clean,
    /// It left without that.
    Lost,
}

/// Serves a client until it leaves.
pub fn serve(input: impl Read + Send + 'static, output: impl Write, setup: Setup) -> io::Result<Ending> {
    server::Server::new(queue::Queue::new(input)?, output, setup).run()
}
