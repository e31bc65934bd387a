//! What tests and fuzzing ask of the command line without a process: its arguments read, and lines answered. Touches no
//! file, no clock and no terminal, and carries no promise.

use std::ffi::OsString;
use std::io::BufReader;

use clap::Parser as _;

use crate::cli::args::Args;
use crate::cli::command::eval::{Session, converse};
use crate::table::Table;
use crate::vocab::Time;

/// Reads arguments, the name of the program first: what they are, or what clap says of them.
///
/// # Errors
/// What clap says: a mistake, or help that was asked for.
pub fn arguments(args: impl IntoIterator<Item = OsString>) -> Result<String, String> {
    match Args::try_parse_from(args) {
        Ok(args) => Ok(format!("{args:?}")),
        Err(error) => Err(error.to_string()),
    }
}

/// What `eval` writes to lines of an input, asked at a time.
pub fn eval(table: &Table, input: &[u8], at: Time) -> Vec<u8> {
    let mut output = Vec::new();
    // A list in memory can always be read and written.
    let _ = converse(&Session::new(table, None, at), BufReader::new(input), &mut output);
    output
}
