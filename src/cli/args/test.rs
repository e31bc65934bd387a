//! The arguments of `test`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::args::{Format, Rows};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec test                    every test below this folder
  rolec test policies/acme
  rolec test --filter delete    those with this in their title, whatever its case
  rolec test --org acme --exact --filter \"second line deletes nobody\"
  rolec test --coverage         and of which cells the tests speak
  rolec test --fail-under 80 --lcov coverage.info
  rolec test --mutation         and which changes none of them would notice
  rolec test --format junit     for a CI server
  rolec test --watch policies   again after each change, until interrupted

Exit status: 0 all that are run hold, 1 a test fails, too little is covered or the policy has errors, 2 usage, 4 there is no such organization, \
or no test has what a filter says, 5 a file cannot be read.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Test {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,

    /// Run the tests with this in their title, whatever its case; may be given again
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,

    /// With --filter: the text is the whole title, to the letter
    #[arg(long, requires = "filter")]
    pub(crate) exact: bool,

    /// Run the tests of this organization
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,

    /// The settings; without it, the nearest `rolec.toml` from PATHS upwards
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Tell of which cells tests speak
    #[arg(long, conflicts_with_all = ["filter", "org"])]
    pub(crate) coverage: bool,

    /// Fail where tests speak of less than this many percent of the permissions
    #[arg(long, value_name = "PERCENT", conflicts_with_all = ["filter", "org"])]
    pub(crate) fail_under: Option<String>,

    /// Write how many lines of tests rest on each grant, as lcov does, to a file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filter", "org"])]
    pub(crate) lcov: Option<PathBuf>,

    /// Change each cell and each assignment in turn, and tell what no test would notice
    #[arg(long, conflicts_with_all = ["filter", "org"])]
    pub(crate) mutation: bool,

    /// Run the tests again whenever a file of the policy changes, until interrupted
    #[arg(long, conflicts_with = "assignments")]
    pub(crate) watch: bool,

    /// For people, for programs, or for a CI server
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(crate) format: TestFormat,
}

/// How a run of tests is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// XML that CI servers read; what --coverage and --mutation tell goes to standard error
    Junit,
}

impl TestFormat {
    /// How a failure is told.
    pub(crate) fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Human | Self::Junit => Format::Human,
        }
    }
}
