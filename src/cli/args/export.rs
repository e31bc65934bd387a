//! The arguments of `export`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::args::{Format, Rows, TrustedOne};

/// What a policy is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// `schema.cedarschema`, `policies.cedar` and `entities.json`
    Cedar,
    /// `policy.rego` and `data.json`, for OPA and others that read Rego
    Rego,
    /// One document of everything that is held
    Json,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
What is written decides as rolec does: a principal's roles join, what the organization's kind takes away is taken away, \
and what is not known is denied. Roles are written out in full: what they are made from is not seen any more.

cedar is written from the compiled table. A principal is `Admin::\"acme/ana@acme.example\"`, the resource the organization, \
the action `Action::\"device-management.devices:view\"`. Cedar knows no time: who holds which role is written as it is at \
one moment.

rego and json are written from the sources, by another way than the table; a compiled table has none. Times are in them. \
A question to `data.rolec.allow` has the fields organization, principal or role, category, row, action, at, the last in \
seconds since 1970.

Examples:
  rolec export cedar -p policies/acme --at 2026-12-01 -o acme-cedar
  rolec export cedar --table acme.rolec -o acme-cedar
  rolec export rego -p policies/acme -o acme-rego
  rolec export rego -p policies/acme --assignments people.csv -o acme-rego
  rolec export json -p policies/acme | jq '.organizations.acme.roles.tier1'

Exit status: 0 written, 2 usage, 4 a policy with errors, 5 a file cannot be read or written.")]
pub(crate) struct Export {
    /// What it is written for
    #[arg(value_enum)]
    pub(crate) engine: Engine,

    /// A file or folder of the policy; may be given again. Without it, this folder
    #[arg(short, long = "policy", value_name = "PATH", conflicts_with = "table")]
    pub(crate) policy: Vec<PathBuf>,

    /// A compiled table instead of the policy, for cedar
    #[arg(long, value_name = "FILE.rolec", conflicts_with = "assignments")]
    pub(crate) table: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,

    #[command(flatten)]
    pub(crate) trusted: TrustedOne,

    /// For cedar, the time at which roles are held: RFC 3339 or a date; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// The folder to write to, made where it is missing; for json the file, without it standard output
    #[arg(short, long, value_name = "PATH", required_if_eq_any = [("engine", "cedar"), ("engine", "rego")])]
    pub(crate) output: Option<PathBuf>,

    /// How a failure is told
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(crate) format: Format,
}
