//! The arguments that name files of assignments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

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
}

impl RowsOfTwo {
    /// Those of OLD.
    pub(crate) fn old(&self) -> Rows {
        Rows { assignments: self.assignments_old.clone(), assignments_format: None }
    }

    /// Those of NEW.
    pub(crate) fn new(&self) -> Rows {
        Rows { assignments: self.assignments_new.clone(), assignments_format: None }
    }
}

/// How a file of assignments is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowsForm {
    /// RFC 4180, the first line naming the columns: `.csv`
    Csv,
    /// A JSON object a line: `.jsonl`, `.ndjson`
    Jsonl,
}

impl From<RowsForm> for Form {
    fn from(form: RowsForm) -> Self {
        match form {
            RowsForm::Csv => Self::Csv,
            RowsForm::Jsonl => Self::Lines,
        }
    }
}
