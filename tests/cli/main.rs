//! Runs the real binary: what it prints, where, and how it exits. A module a verb, then what all verbs share:
//! their input and their output.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test makes files and fails loudly"
)]

mod assign;
mod build;
mod cache;
mod can;
mod catalog;
mod check;
mod diff;
mod edit;
mod escaping;
mod eval;
mod export;
mod faults;
mod fmt;
mod input;
mod man;
mod matrix;
mod near;
mod new;
mod output;
mod places;
mod plan;
#[path = "../support/random.rs"]
mod random;
mod reach;
mod rows;
mod run;
mod settings;
mod show;
mod sign;
mod state;
mod suggest;
mod testing;
mod verbs;
mod verify;
mod watch;
mod why_fails;
