//! rolec

/// Text as given: files, places, lines.
pub mod source;

/// The field's words as types.
pub mod vocab;

/// Findings as data.
#[cfg(feature = "compile")]
pub mod diagnostic;

/// Findings and answers as text and JSON.
#[cfg(feature = "render")]
pub mod render;
