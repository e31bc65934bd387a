//! `lsp`: the language server, over standard input and output.

use std::io;
use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::out::failed;
use crate::cli::policy;
use crate::lint::Moment;
use crate::lsp::{Ending, Setup, serve};

pub(crate) fn run() -> Result<Exit, Exit> {
    // As `check` has it: what has ended is told as such.
    let now = policy::time(None).ok();
    let setup = Setup { moment: Moment { now }, cache: cache() };
    match serve(io::stdin(), io::stdout().lock(), setup) {
        Ok(Ending::Clean) => Ok(Exit::Clean),
        // As the protocol has it: an `exit` that no `shutdown` went before.
        Ok(Ending::Lost) => Ok(Exit::Findings),
        Err(error) => Err(failed(&error)),
    }
}

/// Where programs keep what they can make again: a folder in it for this version.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").map(|home| home.join(".cache"));
    let folder = set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(home)?;
    folder.is_absolute().then(|| folder.join("rolec").join(env!("CARGO_PKG_VERSION")))
}
