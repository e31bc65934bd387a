//! The arguments of `build`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::cli::args::{Format, Rows, Signing};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec build policies/acme -o acme.rolec
  rolec build policies/acme -o acme.rolec --decisions-only    for a program that only decides
  rolec build policies/acme -o acme.rolec --assignments people.csv
  rolec build policies/acme -o acme.rolec --sign acme.key --expires 90d
  rolec can ana@acme.example devices --table acme.rolec

Before the table is put in its place, every cell of it is read back, worked out once more from the text by another way, \
and compared. The certificate in its file says so; `rolec verify` repeats it.

Exit status: 0 written, 1 the policy has errors and nothing is written, 2 usage, 4 the table is not as the policy says, \
which is a defect of rolec, and nothing is written, 5 a file cannot be read or written.")]
pub(crate) struct Build {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    /// Where the table goes; written beside its place and renamed
    #[arg(short, long, value_name = "FILE.rolec")]
    pub(crate) output: PathBuf,

    /// Leave out what the decisions are made from: roles, assignments, lines. `can` answers, and nothing explains
    #[arg(long)]
    pub(crate) decisions_only: bool,

    /// Leave out the certificate: the cells are not compared with the policy, and every verb that is asked says so
    #[arg(long)]
    pub(crate) no_certify: bool,

    /// Print how large each section of the table is, how many cells were compared, and what that took of the time
    #[arg(long)]
    pub(crate) sizes: bool,

    /// Remember in this file what was read and given; the same build again then looks at the files and reads none. Not
    /// with `--assignments`, `--sizes` or `--sign`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sizes", "sign", "assignments"])]
    pub(crate) cache: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,

    #[command(flatten)]
    pub(crate) signing: Signing,

    /// The settings; without it, the nearest `rolec.toml` from PATHS upwards
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
