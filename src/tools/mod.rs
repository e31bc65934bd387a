//! What is built on the compiler and the table, each tool by itself: none imports another.
//!
//! ```
//! use rolec::eval::Who;
//! use rolec::table::Table;
//! use rolec::tools::{ask, explain};
//! use rolec::vocab::{Decision, Time};
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = ask::organization(&table, None).unwrap();
//! let at = Time::parse("2026-12-31")?;
//! let query = ask::query(&table, acme, Who::Principal("bot"), &ask::What::Text("pages:create"), at).unwrap();
//! let explained = explain::explain(&table, query).unwrap();
//! assert_eq!((explained.decision, explained.held[0].role.id()), (Decision::Allow, "editor"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// Texts and names to what they ask.
pub mod ask;

/// Whether a table is as its sources say, cell by cell.
pub mod certify;

/// Catalogs searched.
pub mod catalogs;

pub mod diff;

pub mod fix;

/// Texts in the one canonical style.
pub mod format;

/// Why a role or principal has what it has.
pub mod explain;

/// Who holds a permission, and what somebody holds.
pub mod listing;

/// Whether somebody may make a change.
pub mod plan;

/// What is in the file of a table.
pub mod outline;

/// A checked policy as text.
pub mod print;

/// Who can come to hold what, in how many steps.
pub mod reach;

/// Advice on roles.
pub mod suggest;

/// The tests in a policy.
pub mod testing;
