//! The policy that the examples of the documentation ask, as text and compiled: with it an example is a few lines, and
//! those of tables run without the compiler too. Never asked by the library itself.

/// The policy, as the first page of the documentation shows it.
pub const POLICY: &str = include_str!("example/acme.role");

/// The policy compiled, as [`Table::to_bytes`](crate::table::Table::to_bytes) gives it.
pub const TABLE: &[u8] = include_bytes!("example/acme.rolec");
