//! The arguments of `plan`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::cli::args::{Format, RowsOfTwo};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
OLD judges: the change touches organizations, and PRINCIPAL must hold the `super` role of each of them in OLD. A new \
organization asks for that of any other. How a policy is laid out is nobody's matter, and so are `//` comments and tests \
that are added. Whom OLD does not know may nothing.

OLD and NEW are each a folder, a file, or a git revision: `git:REV` is the current folder as it was there, \
`git:REV:PATH` a file or folder below it. A compiled table does not hold all that is judged.

Examples:
  rolec plan --as \"$AUTHOR\" git:origin/main .         in a CI job, guards the policy
  rolec plan --as ana@acme.example old.role new.role
  rolec plan --as ana@acme.example git:HEAD . --at 2027-01-01

Exit status: 0 may, 2 usage, 3 may not, unknown ones too, 4 a policy with errors, 5 a file or revision cannot be read.")]
pub(crate) struct Plan {
    /// Who would make the change, by their name in the assignments of OLD
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub(crate) who: String,

    /// What was, and judges: a folder, a file, `git:REV` or `git:REV:PATH`
    pub(crate) old: PathBuf,

    /// What is to be, in the same forms
    pub(crate) new: PathBuf,

    /// One more file or folder of OLD; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) also_old: Vec<PathBuf>,

    /// One more file or folder of NEW; may be given again
    #[arg(long, value_name = "PATH")]
    pub(crate) also_new: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: RowsOfTwo,

    /// The date or RFC 3339 time at which PRINCIPAL must hold the role; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// Show everything; without it, the first 20 of each list. JSON is never cut
    #[arg(long)]
    pub(crate) all: bool,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
