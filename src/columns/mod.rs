//! Many questions at once, over plain slices: columns of ids to a column of bits, and who of everybody holds what. Reads
//! rows of bits wherever they lie and knows neither tables nor names. A question that it does not know is answered by a
//! deny, like any other.
//!
//! Somebody's row is found by their id, a bit of it by a key. Those slices are little-endian, as a file holds them.

mod batch;
mod condition;
mod found;
mod gather;
mod rows;
mod scalar;
mod sliced;
mod transpose;
mod wide;

pub use self::batch::{Path, decide, fill};
pub use self::condition::Program;
pub use self::found::{Found, Ids};
pub use self::rows::{Later, Region, Rows, SEVERAL, Several, UNKNOWN};
pub use self::sliced::Sliced;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
