//! The arguments of `diff`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::args::{Format, RowsOfTwo, Trusted};

/// How a difference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Human,
    Json,
    /// For a comment in a pull request
    Markdown,
}

impl DiffFormat {
    /// How a failure is told.
    pub(crate) fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Human | Self::Markdown => Format::Human,
        }
    }
}

/// What alone is worth the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A role or somebody gains an action, at any moment
    Widen,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
OLD and NEW are each a folder, a file, a compiled table, or a git revision: `git:REV` is the current folder as it was \
there, `git:REV:PATH` a file or folder below it. A file whose name begins like that is `./git:…`.

Examples:
  rolec diff git:HEAD .                           what the changes here give to whom
  rolec diff git:main:policies/acme policies/acme
  rolec diff acme.rolec policies/acme             since the table was built
  rolec diff old.role new.role --at 2027-01-01    at one moment
  rolec diff git:origin/main . --fail-on widen    for a CI job: fails where anybody gains anything
  rolec diff git:origin/main . --format markdown  for a comment in the pull request

Exit status: 0 nothing differs, 1 something does, with `--fail-on widen` only where somebody gains something, 2 usage, \
4 a policy with errors or a damaged table, 5 a file or revision cannot be read.")]
pub(crate) struct Diff {
    /// What was: a folder, a file, a compiled table, `git:REV` or `git:REV:PATH`
    pub(crate) old: PathBuf,

    /// What is, in the same forms
    pub(crate) new: PathBuf,

    /// One more file or folder of OLD; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) also_old: Vec<PathBuf>,

    /// One more file or folder of NEW; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) also_new: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: RowsOfTwo,

    #[command(flatten)]
    pub(crate) trusted: Trusted,

    /// Compare people at this date or RFC 3339 time only; without it, at all times
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// Exit with 1 for this only
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) fail_on: Option<FailOn>,

    /// Show everything; without it, the first 20 of each list. JSON is never cut
    #[arg(long)]
    pub(crate) all: bool,

    /// For people, for programs, or for a pull request
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub(crate) format: DiffFormat,
}
