//! A file mapped into memory, for those who said that nobody else writes it.

#![allow(unsafe_code, reason = "mapping a file is unsafe whatever is done with it: see below")]

use std::path::Path;

use memmap2::Mmap;

use crate::cli::failure::Failure;
use crate::cli::files::{open_whole, unreadable};

/// Maps a regular file. Whoever asks has been told so (`--trust-mapped`): a file that somebody cuts off meanwhile ends
/// this process, and one that is written in place answers as it then stands.
pub(crate) fn map(path: &Path) -> Result<Mmap, Failure> {
    let (file, _) = open_whole(path)?;
    // SAFETY: the bytes may change under us only where another process writes the file, which the user has said that none
    // does. All reads of them are of plain numbers and bytes, within bounds that are checked each time.
    let mapped = unsafe { Mmap::map(&file) };
    mapped.map_err(|error| unreadable(&path.to_string_lossy(), &error))
}
