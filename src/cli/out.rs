//! Standard output and standard error. Answers and findings go to the first, all else to the second; nothing hidden
//! reaches either, and a write that fails is an exit status and not a panic.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write};

use anstream::ColorChoice;
use clap::{Parser as _, ValueEnum as _};

use crate::cli::args::{Args, When};
use crate::cli::exit::Exit;
use crate::render::{Color, Escaped, escaped, sentence};

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
        self.decide(anstream::AutoStream::choice(&io::stdout()), io::stdout().is_terminal())
    }

    /// Whether standard error is in colour.
    pub(crate) fn error_color(&self) -> Color {
        self.decide(anstream::AutoStream::choice(&io::stderr()), io::stderr().is_terminal())
    }

    /// The flag over the environment (`NO_COLOR`, `CLICOLOR_FORCE`) over whether it is a terminal.
    fn decide(self, found: ColorChoice, is_terminal: bool) -> Color {
        match (self.when, found) {
            (When::Auto, _) if is_not_forced() && !(is_terminal && is_wanted()) => Color::Never,
            (When::Always, _) | (When::Auto, ColorChoice::Always | ColorChoice::AlwaysAnsi) => Color::Always,
            (When::Never, _) | (When::Auto, _) => Color::Never,
        }
    }

    /// Writes an answer to standard output, in which nothing is hidden whoever wrote it.
    pub(crate) fn answer(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let mut stdout = Escaped::last(io::BufWriter::new(io::stdout().lock()), self.color());
        write(&mut stdout).and_then(|()| stdout.finish()).map(drop).map_err(|error| failed(&error))
    }

    /// Writes to standard output what is the user's own text, and nobody's to change: its line ends are in it.
    pub(crate) fn hand_on(&self, text: &str) -> Result<(), Exit> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| failed(&error))
    }

    /// Clears the terminal, where there is one for both outputs and it may be told so.
    pub(crate) fn clear(&self) -> Result<(), Exit> {
        let is_screen = io::stdout().is_terminal() && io::stderr().is_terminal();
        if is_screen && self.color() == Color::Always {
            return self.hand_on("\x1b[2J\x1b[H");
        }
        Ok(())
    }

    /// Writes findings to standard error, in the same way.
    pub(crate) fn error(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let mut stderr = Escaped::last(io::BufWriter::new(io::stderr().lock()), self.error_color());
        write(&mut stderr).and_then(|()| stderr.finish()).map(drop).map_err(|_| Exit::World)
    }
}

/// Whether `CLICOLOR_FORCE` is `0`, which is as if it were not there. anstream takes any value for a yes.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn is_not_forced() -> bool {
    std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value == "0")
}

/// Whether the environment has nothing against colours on a terminal.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn is_wanted() -> bool {
    let is_refused = |name: &str, word: &str| std::env::var_os(name).is_some_and(|value| value == word);
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !is_plain && !is_refused("CLICOLOR", "0") && !is_refused("TERM", "dumb")
}

/// Says on standard error what went wrong, in one line, and gives the exit status for it.
pub(crate) fn complain(exit: Exit, message: &str) -> Exit {
    // Nothing is left to be told where standard error itself is gone.
    let _ = writeln!(io::stderr().lock(), "error: {}", sentence(message));
    exit
}

/// Tells of a panic, ours or that of a library, as of any other failure: its text may quote whatever we were given.
pub(crate) fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let told = payload.downcast_ref::<&str>().copied();
        let told = told.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let told = told.unwrap_or("nobody knows what");
        let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
        let message = format!("what should never happen happened{place}: {told}; please report this");
        complain(Exit::World, &message);
        // Where somebody asks for it with RUST_BACKTRACE.
        let way = std::backtrace::Backtrace::capture();
        if way.status() == std::backtrace::BacktraceStatus::Captured {
            let _ = writeln!(io::stderr().lock(), "{}", escaped(&way.to_string()));
        }
    }));
}

/// Runs what catches the panics of a library and tells of them as of a bad file.
#[cfg(feature = "parquet")]
pub(crate) fn catching<T>(run: impl FnOnce() -> T) -> T {
    let tells = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let result = run();
    std::panic::set_hook(tells);
    result
}

/// The exit status for output that could not be written. A reader that has gone away knows.
pub(crate) fn failed(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::World;
    }
    complain(Exit::World, &format!("cannot write the output: {error}"))
}

/// Prints what clap has to say: help and version to standard output, mistakes to standard error. `given` are the
/// arguments.
pub(crate) fn usage(error: clap::Error, given: impl Iterator<Item = OsString>) -> Exit {
    // A mistake quotes what was given: it is found again in arguments that can be shown.
    let shown: Vec<String> = given.map(|arg| sentence(&arg.to_string_lossy()).into_owned()).collect();
    let out = Out::new(wanted(&shown));
    let error = Args::try_parse_from(shown).err().unwrap_or(error);
    let text = error.render();
    let paint = |color| match color {
        Color::Always => text.ansi().to_string(),
        Color::Never => text.to_string(),
    };
    if error.use_stderr() {
        let text = paint(out.error_color());
        return match out.error(|writer| writer.write_all(text.as_bytes())) {
            Ok(()) | Err(_) => Exit::Usage,
        };
    }
    let text = paint(out.color());
    match out.answer(|writer| writer.write_all(text.as_bytes())) {
        Ok(()) => Exit::Clean,
        Err(exit) => exit,
    }
}

/// What `--color` says in arguments that clap has not accepted.
fn wanted(args: &[String]) -> When {
    let after = args
        .iter()
        .zip(args.iter().skip(1))
        .find(|(arg, _)| *arg == "--color")
        .map(|(_, value)| value.as_str());
    let word = args.iter().find_map(|arg| arg.strip_prefix("--color=")).or(after);
    word.and_then(|word| When::from_str(word, false).ok()).unwrap_or(When::Auto)
}
