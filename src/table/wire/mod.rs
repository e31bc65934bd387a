//! A table as bytes: its decisions as they lie in memory, and behind them the provenance, which is what they were made
//! from. The file around both is that of `decisions`; this is the provenance. All numbers are little-endian; a list is its
//! length and then its members, a text is a list of bytes in UTF-8, what may be absent is a 0 or a 1 and then it.
//!
//! ```text
//! seven times  section number u32, length u64, and as many bytes
//! ```
//!
//! The last of them, `explanation`, holds all that only explains. There is one way to write a table: what is read and
//! accepted is written back byte for byte.
//!
//! Never trusts a byte: a count is held against the bytes that are left before anything is allocated, what is read passes
//! through [`Table::assemble`](crate::table::Table::assemble) like everything else, and the decisions have to be those of
//! the provenance.

mod error;
mod input;
mod output;
mod read;
mod write;

pub use self::error::{LoadError, Problem, Section};

use crate::decisions::Decisions;

impl crate::table::Table {
    /// Whether bytes begin like a table, whatever comes then.
    pub fn is_begun(bytes: &[u8]) -> bool {
        Decisions::is_begun(bytes)
    }
}

#[cfg(test)]
mod tests;
