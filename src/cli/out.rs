//! Standard output and standard error. Answers and findings go to the first, all else to the second; nothing hidden
//! reaches either, and a write that fails is an exit status and not a panic.

use std::io::{self, Write};

use anstream::ColorChoice;

use crate::cli::args::When;
use crate::cli::exit::Exit;
use crate::render::{Color, escaped};

/// Where output goes, and whether in colour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    when: When,
}

impl Out {
    pub(crate) fn new(when: When) -> Self {
        Self { when }
    }

    /// Whether standard output is in colour.
    pub(crate) fn color(&self) -> Color {
        self.decide(anstream::AutoStream::choice(&io::stdout()))
    }

    /// Whether standard error is in colour.
    pub(crate) fn error_color(&self) -> Color {
        self.decide(anstream::AutoStream::choice(&io::stderr()))
    }

    /// The flag over the environment (`NO_COLOR`, `CLICOLOR_FORCE`) over whether it is a terminal.
    fn decide(self, found: ColorChoice) -> Color {
        match (self.when, found) {
            (When::Always, _) | (When::Auto, ColorChoice::Always | ColorChoice::AlwaysAnsi) => Color::Always,
            (When::Never, _) | (When::Auto, _) => Color::Never,
        }
    }

    /// Writes an answer to standard output.
    pub(crate) fn answer(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        write(&mut stdout).and_then(|()| stdout.flush()).map_err(|error| failed(&error))
    }

    /// Writes findings to standard error.
    pub(crate) fn error(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let mut stderr = io::BufWriter::new(io::stderr().lock());
        write(&mut stderr).and_then(|()| stderr.flush()).map_err(|_| Exit::World)
    }
}

/// Says on standard error what went wrong, and gives the exit status for it.
pub(crate) fn complain(exit: Exit, message: &str) -> Exit {
    let text = format!("error: {message}");
    // Nothing is left to be told where standard error itself is gone.
    let _ = writeln!(io::stderr().lock(), "{}", escaped(&text));
    exit
}

/// The exit status for output that could not be written. A reader that has gone away knows.
pub(crate) fn failed(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::World;
    }
    complain(Exit::World, &format!("cannot write the output: {error}"))
}

/// Prints what clap has to say: help and version to standard output, mistakes to standard error.
pub(crate) fn usage(error: &clap::Error) -> Exit {
    let text = error.render();
    let is_help = !error.use_stderr();
    let choice = if is_help {
        anstream::AutoStream::choice(&io::stdout())
    } else {
        anstream::AutoStream::choice(&io::stderr())
    };
    let plain = escaped(&text.to_string()).into_owned();
    // Help is our own text; a mistake may quote an argument, and is coloured only where that is harmless.
    let is_harmless = is_help || matches!(escaped(&text.to_string()), std::borrow::Cow::Borrowed(_));
    let shown = if is_harmless && matches!(choice, ColorChoice::Always | ColorChoice::AlwaysAnsi) {
        text.ansi().to_string()
    } else {
        plain
    };
    let written = if is_help {
        io::stdout().lock().write_all(shown.as_bytes())
    } else {
        io::stderr().lock().write_all(shown.as_bytes())
    };
    match (written, is_help) {
        (Err(error), true) => failed(&error),
        (_, true) => Exit::Clean,
        (_, false) => Exit::Usage,
    }
}
