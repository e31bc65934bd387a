//! `lsp`: the language server, over standard input and output.

use std::io;

use crate::cli::exit::Exit;
use crate::cli::out::failed;
use crate::lsp::{Ending, Setup, serve};

pub(crate) fn run() -> Result<Exit, Exit> {
    match serve(io::stdin(), io::stdout().lock(), Setup::default()) {
        Ok(Ending::Clean) => Ok(Exit::Clean),
        // As the protocol has it: an `exit` that no `shutdown` went before.
        Ok(Ending::Lost) => Ok(Exit::Findings),
        Err(error) => Err(failed(&error)),
    }
}
