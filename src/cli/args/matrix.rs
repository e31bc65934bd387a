//! The arguments of `matrix`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::args::{Asked, Format, Times};

/// How a matrix is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Text, in blocks of columns where it is wide
    Human,
    /// One table for a spreadsheet; its cells are no formulas
    Csv,
    /// Tables for a pull request or a wiki
    Markdown,
    /// For programs
    Json,
    /// One page that needs nothing else, to be filtered and printed
    Html,
}

impl Form {
    /// How a failure is told.
    pub(crate) fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Human | Self::Csv | Self::Markdown | Self::Html => Format::Human,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(mut_arg("org", |org| org.help("The organization; without it, all of them are written")))]
#[command(mut_arg("at", |at| at.requires("people")))]
#[command(mut_arg("during", |during| during.requires("people")))]
#[command(mut_arg("from", |from| from.requires("people")))]
#[command(mut_arg("until", |until| until.requires("people")))]
#[command(after_help = "\
Every row of the catalog is a line. Every role that the organization may assign is a column, its own before the \
templates of the catalog; with `--people` every principal is, with all that it holds by the roles in force.

Over a period, a cell has all that is held at some moment of it, each action by itself. It says so where that is not held \
in all of the period, and where there is no moment at which it is held all at once.

Examples:
  rolec matrix -p policies/acme
  rolec matrix -p policies/acme -o acme.html                    a page to filter, print and send
  rolec matrix -p policies/acme --people --at 2026-12-01 --format csv
  rolec matrix -p policies/acme --people --during 2026-10       at any moment of October
  rolec matrix --table acme.rolec --category device-management --role tier1 --role tier2

Exit status: 0 written, 2 usage, or too many cells for the form, 4 an unknown name, or a policy with errors, 5 a file \
cannot be read or written.")]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) asked: Asked,

    /// A column for each principal, instead of each role
    #[arg(long)]
    pub(crate) people: bool,

    /// This role only, or with --people those who have it at that time; may be given again
    #[arg(long, value_name = "ID")]
    pub(crate) role: Vec<String>,

    /// The rows of this category only; may be given again
    #[arg(long, value_name = "ID")]
    pub(crate) category: Vec<String>,

    #[command(flatten)]
    pub(crate) times: Times,

    /// Write to this file instead of standard output; `.csv`, `.md`, `.json` and `.html` say the form
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// How it is written; without it, as the ending of FILE says, else as text
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) format: Option<Form>,
}

impl Matrix {
    /// The form asked for.
    pub(crate) fn form(&self) -> Form {
        let ending = self.output.as_ref().and_then(|path| path.extension());
        let ending = ending.and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        self.format.unwrap_or(match ending.as_deref() {
            Some("csv") => Form::Csv,
            Some("md") => Form::Markdown,
            Some("json") => Form::Json,
            Some("html" | "htm") => Form::Html,
            _ => Form::Human,
        })
    }
}
