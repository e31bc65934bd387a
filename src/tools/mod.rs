//! What is built on the compiler and the table, each tool by itself: none imports another.

/// Texts and names to what they ask.
pub mod ask;

/// Catalogs searched and compared.
pub mod catalogs;

/// Why a role or principal has what it has.
pub mod explain;

/// Who holds a permission, and what somebody holds.
pub mod listing;

/// A checked policy as text.
pub mod print;

/// The tests in a policy.
pub mod testing;
