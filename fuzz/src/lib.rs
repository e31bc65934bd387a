//! The targets of fuzzing. Each is a plain function of bytes; `tests/replay.rs` gives them the corpora without a fuzzer.

#[path = "../../tests/forged/forge.rs"]
#[allow(dead_code, reason = "the tests of damaged tables ask for more")]
pub(crate) mod forge;
pub mod targets;
