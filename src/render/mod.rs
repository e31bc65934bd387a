//! Findings and answers on their way out: drawn for people, as JSON for programs. What a policy's own text brings
//! along never reaches a writer raw: all of it goes through `Escaped`. Decides nothing, and opens no file.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::{Color, Human};
//! use rolec::source::Sources;
//!
//! let text = "use jumpcloud organization o { role desk { grant sso: full } }";
//! let compiled = compile(Sources::from_iter([("o.role", text)]));
//! let mut drawn = Vec::new();
//! Human { sources: &compiled.sources, color: Color::Never }.render(&compiled.findings, &mut drawn)?;
//! let drawn = String::from_utf8(drawn)?;
//! assert!(drawn.starts_with("error[R0203]: catalog `jumpcloud` has no category `sso`\n  --> o.role:1:50"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod answer;
pub mod comparison;
pub mod coverage;
pub mod diff;
mod escape;
#[doc(hidden)] // what the binary writes, public for those who hold it against other engines
pub mod export;
mod flip;
pub mod formatting;
mod github;
mod human;
pub mod json;
#[cfg(feature = "cli")]
mod junit;
pub mod listing;
pub mod matrix;
mod origin;
pub mod page;
pub mod plan;
pub mod reach;
mod sarif;
pub mod sheet;
mod spot;
pub mod suggest;
mod summary;
pub mod testing;
mod unified;
pub mod verify;
mod when;

pub use self::escape::{Escaped, escaped, escaped_line, sentence};
pub use self::github::github;
pub use self::human::{Color, Human};
#[cfg(feature = "cli")]
pub(crate) use self::junit::junit;
pub use self::sarif::Sarif;
pub use self::summary::{Tally, summary};
// What the binary prints, without a promise.
pub use self::unified::unified;
