//! The language server, as a client has it: the real binary over pipes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

mod actions;
mod broken;
mod client;
mod features;
mod findings;
mod folders;
#[path = "../../benches/lsp/frames.rs"]
mod frames;
mod hidden;
mod session;
mod text;
