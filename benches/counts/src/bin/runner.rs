//! The other half of gungraun: it is given the benchmarks of a group and runs each of them under callgrind. Only starts
//! what the library does.

#![allow(clippy::print_stderr, reason = "says why nothing was counted")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match gungraun_runner::runner::run::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
