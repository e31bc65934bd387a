//! The arguments of `catalog`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::args::Format;

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec catalog list
  rolec catalog show jumpcloud
  rolec catalog search reset password
  rolec catalog compare jumpcloud my-catalog.role

CATALOG is the id of a built-in catalog, or a file that holds one. With `-p` it is an id too of a catalog of that \
policy.

Exit status: 0 answered, 1 catalogs differ, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot be \
read.")]
pub(crate) struct CatalogArgs {
    #[command(subcommand)]
    pub(crate) what: CatalogVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogVerb {
    /// List the built-in catalogs, and those of a policy
    #[command(after_help = "\
Examples:
  rolec catalog list
  rolec catalog list -p policies/orders-app --format json

Exit status: 0 listed, 2 usage, 4 a policy with errors, 5 a file cannot be read.")]
    List {
        #[command(flatten)]
        found: Found,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show a catalog's rows with their levels
    #[command(after_help = "\
Examples:
  rolec catalog show jumpcloud
  rolec catalog show my-catalog.role --format json
  rolec catalog show hallmark -p policies/orders-app

Exit status: 0 shown, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read.")]
    Show {
        /// The id of a catalog, or a file that holds one
        catalog: String,
        #[command(flatten)]
        found: Found,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Find rows by words in their ids, titles and notes
    #[command(after_help = "\
Examples:
  rolec catalog search reset password
  rolec catalog search order -p policies/orders-app
  rolec catalog search order --catalog hallmark -p policies/orders-app

Exit status: 0 also where nothing is found, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot be \
read.")]
    Search {
        /// The words; all of them must be found
        #[arg(required = true)]
        words: Vec<String>,
        /// The id of a catalog, or a file that holds one; without it, those of the policy, or else the built-in ones
        #[arg(long, value_name = "CATALOG")]
        catalog: Option<String>,
        #[command(flatten)]
        found: Found,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Say what differs between two catalogs: rows, levels, what default roles grant
    #[command(after_help = "\
Examples:
  rolec catalog compare jumpcloud my-catalog.role
  rolec catalog compare catalog-2026.role catalog-2027.role --format json

Exit status: 0 nothing differs, 1 something does, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot \
be read.")]
    Compare {
        /// The one before: the id of a catalog, or a file that holds one
        old: String,
        /// The one after: the id of a catalog, or a file that holds one
        new: String,
        #[command(flatten)]
        found: Found,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
}

/// Where catalogs are found beside those that are built in.
#[derive(Debug, ClapArgs)]
pub(crate) struct Found {
    /// A file or folder of a policy whose catalogs are known too; may be given again
    #[arg(short, long = "policy", value_name = "PATH")]
    pub(crate) policy: Vec<PathBuf>,
}
