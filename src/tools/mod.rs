//! What is built on the compiler and the table, each tool by itself: none imports another.

/// Texts and names to what they ask.
pub mod ask;

/// Why a role or principal has what it has.
pub mod explain;

/// The tests in a policy.
pub mod testing;
