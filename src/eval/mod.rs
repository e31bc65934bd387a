//! Requests, the evaluator, its answers. Asks a table and nothing else: no clock, no text of a policy, nothing
//! remembered between two requests. What is not known is denied with a reason that says which, never guessed.
//!
//! ```
//! use rolec::eval::{Evaluator, Request, Who};
//! use rolec::table::Table;
//! use rolec::vocab::{Decision, Time};
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let request = Request {
//!     organization: "acme",
//!     who: Who::Principal("ana@acme.example"),
//!     category: "content",
//!     row: "pages",
//!     action: Some("create"),
//!     at: Time::parse("2026-12-31")?,
//! };
//! assert_eq!(Evaluator::new(&table).decide(&request).decision, Decision::Allow);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bitmap;
mod evaluator;
mod holders;
mod listing;
mod moment;
mod permission;
mod quoted;
mod reading;
mod request;
mod response;
mod who;

pub use self::bitmap::Bitmap;
pub use self::evaluator::Evaluator;
pub use self::holders::{Columns, Condition, Holders};
pub use self::listing::Held;
pub use self::moment::{Asked, Moment};
pub use self::permission::Permission;
pub use self::quoted::{QuoteError, QuoteProblem};
pub use self::reading::{Reading, Unread, name_of, read_once, readings};
pub use self::request::{Holder, Query, Request, Who};
pub use self::response::{Reason, Response};
pub use self::who::WhoText;

#[cfg(test)]
mod tests;
