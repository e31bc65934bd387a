//! Advice on roles, from the table alone: which are the same, within another or near one, which merges cost least, the
//! fewest roles that cover a set of permissions, and the least role for what a log says was used. Knows no clock: how long
//! a search may go on is counted in steps, so that the same question has the same answer everywhere. Changes nothing.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::suggest::{A_SECOND, advise};
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organizations().next().unwrap();
//! let advice = advise(&table, acme, Time::parse("2026-12-01")?, None, A_SECOND);
//! let within = &advice.within[0];
//! assert_eq!((within.role.id(), within.wider.id(), within.more), ("editor", "owner", 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod base;
mod bits;
mod budget;
mod cover;
mod draft;
mod hands;
mod least;
mod merges;
mod partition;
mod problem;
mod scope;
mod usage;

pub use self::advice::{Advice, Differing, Nearest, Within, advise};
pub use self::budget::A_SECOND;
pub use self::cover::{Cover, Covering, Part, cover};
pub use self::draft::{Draft, Entry, opening};
pub use self::hands::Gain;
pub use self::least::{Least, Unused, least};
pub use self::merges::{Merge, Merges, Plan};
pub use self::usage::Log;
