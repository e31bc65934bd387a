//! The exit statuses. Scripts rely on them: a script that tests for 0 alone fails closed.

use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Clean, allowed, may.
    Clean = 0,
    /// Findings, malformed lines.
    Findings = 1,
    /// The arguments are off.
    Usage = 2,
    /// Denied, may not.
    Denied = 3,
    /// It cannot be decided: an unknown name, a policy with errors, a damaged table.
    Undecided = 4,
    /// The outside world: a missing file, a full disk.
    World = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
