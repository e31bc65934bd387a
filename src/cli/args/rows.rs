//! The arguments that name files of assignments.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::roster::Form;

/// Files of assignments beside the policy.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Rows {
    /// A file of assignments beside the policy, a row each, `-` standard input; may be given again
    #[arg(long, value_name = "FILE")]
    pub(crate) assignments: Vec<PathBuf>,

    /// How those files are written; without it, as their names end
    #[arg(long, value_enum, value_name = "FORM", requires = "assignments")]
    pub(crate) assignments_format: Option<RowsForm>,
}

/// The same for two versions of a policy.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct RowsOfTwo {
    /// A file of assignments of OLD, a row each; may be given again
    #[arg(long, value_name = "FILE")]
    pub(crate) assignments_old: Vec<PathBuf>,

    /// A file of assignments of NEW, a row each; may be given again
    #[arg(long, value_name = "FILE")]
    pub(crate) assignments_new: Vec<PathBuf>,

    /// How those files are written; without it, as their names end
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) assignments_format: Option<RowsForm>,
}

impl RowsOfTwo {
    /// Refuses that standard input is read twice, `old` and `new` being the versions.
    pub(crate) fn stdin_once(&self, old: &Path, new: &Path) -> Result<(), Failure> {
        files::stdin_once([
            ("OLD", vec![old]),
            ("NEW", vec![new]),
            ("the assignments of OLD", files::borrowed(&self.assignments_old)),
            ("the assignments of NEW", files::borrowed(&self.assignments_new)),
        ])
    }

    /// Those of OLD.
    pub(crate) fn of_old(&self) -> Rows {
        Rows { assignments: self.assignments_old.clone(), assignments_format: self.assignments_format }
    }

    /// Those of NEW.
    pub(crate) fn of_new(&self) -> Rows {
        Rows { assignments: self.assignments_new.clone(), assignments_format: self.assignments_format }
    }
}

/// How a file of assignments is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowsForm {
    /// RFC 4180 without line ends in fields, the first line naming the columns: `.csv`
    Csv,
    /// A JSON object a line: `.jsonl`, `.ndjson`
    Jsonl,
    /// Columns of text and of moments: `.parquet`
    #[cfg(feature = "parquet")]
    Parquet,
}

impl RowsForm {
    /// The form of a file whose name ends so.
    pub(crate) fn of_ending(ending: &str) -> Option<Self> {
        #[cfg(feature = "parquet")]
        if ending.eq_ignore_ascii_case("parquet") {
            return Some(Self::Parquet);
        }
        match Form::of_ending(ending)? {
            Form::Csv => Some(Self::Csv),
            Form::Lines => Some(Self::Jsonl),
        }
    }
}
