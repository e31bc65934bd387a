//! rolec

/// Text as given: files, places, lines.
pub mod source;

/// The field's words as types.
pub mod vocab;

/// The decision table, read side.
pub mod table;

/// Requests, the evaluator, its answers.
pub mod eval;

/// Findings as data.
#[cfg(feature = "compile")]
pub mod diagnostic;
