//! Findings and answers on their way out: drawn for people, as JSON for programs. What a policy's own text brings
//! along never reaches a writer raw: all of it goes through `Escaped`. Decides nothing, and opens no file.

pub mod answer;
mod escape;
pub mod formatting;
mod human;
pub mod json;
pub mod listing;
mod origin;
pub mod sheet;
mod spot;
mod summary;
pub mod testing;
mod unified;

pub use self::escape::{Escaped, escaped, escaped_line, sentence};
pub use self::human::{Color, Human};
pub use self::summary::{Tally, summary};
pub use self::unified::unified;
