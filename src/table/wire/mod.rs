//! A table as bytes. All numbers are little-endian; a list is its length and then its members, a text is a list
//! of bytes in UTF-8, what may be absent is a 0 or a 1 and then it.
//!
//! ```text
//! magic        8 bytes, one of them no text and two a line end, so that a file that went through a text tool shows
//! version      u32
//! length       u64, of the whole file
//! checksum     u64, xxh3 of all of the file but these 8 bytes
//! seven times  section number u32, length u64, and as many bytes
//! ```
//!
//! The sections that decide come first; the last one, `explanation`, holds all that only explains. There is one
//! way to write a table: what is read and accepted is written back byte for byte.
//!
//! Never trusts a byte: a count is held against the bytes that are left before anything is allocated, and what
//! is read passes through [`Table::assemble`](crate::table::Table::assemble) like everything else.

mod error;
mod input;
mod output;
mod read;
mod write;

pub use self::error::{LoadError, Problem, Section};

use xxhash_rust::xxh3::Xxh3;

/// What every table begins with.
const MAGIC: [u8; 8] = *b"\x89ROLE\r\n\x1a";

impl crate::table::Table {
    /// Whether bytes begin like a table, whatever comes then.
    pub fn is_begun(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }
}

/// The version of the layout. Another layout takes another number; the reader knows this one only.
const VERSION: u32 = 1;

/// Where the checksum stands.
const CHECKSUM: std::ops::Range<usize> = 20..28;

/// The checksum of a file: of all bytes before and after where it stands itself.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(bytes.get(..CHECKSUM.start).unwrap_or_default());
    hash.update(bytes.get(CHECKSUM.end..).unwrap_or_default());
    hash.digest()
}

#[cfg(test)]
mod tests;
