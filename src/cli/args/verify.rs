//! The arguments of `verify`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::cli::args::{Format, Rows, TrustedOne};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Every cell of the table is asked as every verb asks it, and worked out once more from the text, by another way than the \
compiler's: each role, and each principal in each stretch of time between the moments at which an assignment begins or \
ends. The certificate in the file has to be that of these cells.

Examples:
  rolec verify acme.rolec policies/acme
  rolec verify acme.rolec policies/acme --assignments people.csv
  rolec verify --show acme.rolec

Exit status: 0 certified, or shown; 1 the table is not as the policy says, or its certificate is of something else; 2 \
usage; 4 a damaged table, or a policy with errors; 5 a file cannot be read.")]
pub(crate) struct Verify {
    /// The compiled table
    #[arg(value_name = "FILE.rolec")]
    pub(crate) table: PathBuf,

    /// Files and folders of the policy; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,

    #[command(flatten)]
    pub(crate) trusted: TrustedOne,

    /// Show what is in the file, and compare nothing: header, sections, counts, certificate
    #[arg(long, conflicts_with_all = ["paths", "assignments"])]
    pub(crate) show: bool,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
