//! The arguments about signed tables: whom to trust, whose key signs, and those of `key`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::args::Format;
use crate::cli::trust::Guard;

/// Whom to trust.
#[derive(Debug, ClapArgs)]
pub(crate) struct Trusted {
    /// Answer from a table only that this public key has signed; may be given again
    #[arg(long, value_name = "KEY.pub")]
    trust: Vec<PathBuf>,

    /// How many of the trusted keys must have signed; without it, 1
    #[arg(long, value_name = "N", requires = "trust")]
    threshold: Option<usize>,
}

impl Trusted {
    /// What guards several tables: which came before which is nobody's to say.
    pub(crate) fn guard(&self) -> Guard<'_> {
        Guard { keys: &self.trust, threshold: self.threshold.unwrap_or(1), state: None }
    }
}

/// Whom to trust with the one table that is asked.
#[derive(Debug, ClapArgs)]
pub(crate) struct TrustedOne {
    #[command(flatten)]
    keys: Trusted,

    /// Keep the version of the last trusted table in this file, and refuse an older one; without it, an older one is taken
    #[arg(long, value_name = "FILE", requires = "trust")]
    state: Option<PathBuf>,
}

impl TrustedOne {
    /// What guards the table.
    pub(crate) fn guard(&self) -> Guard<'_> {
        Guard { state: self.state.as_deref(), ..self.keys.guard() }
    }
}

/// Whose key signs, and what is said of the table.
#[derive(Debug, ClapArgs)]
pub(crate) struct Signing {
    /// Sign the table with this private key, that `key new` wrote; may be given again
    #[arg(long, value_name = "KEY")]
    pub(crate) sign: Vec<PathBuf>,

    /// The version of the table, higher than that of each before it; without it, the seconds since 1970
    #[arg(long, value_name = "N", requires = "sign")]
    pub(crate) table_version: Option<u64>,

    /// When nobody is to trust it any more: a time, or from now on `30d` or `12h`; without it, never
    #[arg(long, value_name = "TIME", requires = "sign")]
    pub(crate) expires: Option<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec key new acme                             acme.key signs, acme.pub verifies
  rolec build policies/acme -o acme.rolec --sign acme.key
  rolec can ana@acme.example devices --table acme.rolec --trust acme.pub
  rolec key sign acme.rolec --sign second.key    one more signature

Exit status: 0 done, 2 usage, 4 what is to be signed is no table, or its seal is broken, 5 a file cannot be read or \
written.")]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    pub(crate) what: KeyVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyVerb {
    /// Make a key pair: NAME.key, which signs and stays secret, and NAME.pub, which verifies
    #[command(after_help = "\
The key's id is printed: its 32 public bytes in hexadecimal. NAME.key is for its owner's eyes only, and not encrypted; no \
file is written over. Both are PEM, as openssl reads and writes them.

Examples:
  rolec key new acme
  rolec key new keys/acme --format json

Exit status: 0 made, 2 usage, 5 a file is there already, or cannot be written.")]
    New {
        /// The files to write, without their endings
        name: PathBuf,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Sign a table that is built already, or add a signature to those that it has
    #[command(mut_arg("sign", |sign| sign.required(true)))]
    #[command(after_help = "\
Who signs needs no key of the others. A table that has signatures keeps its version and its end, and to sign it is to \
agree with them. What it is made from is told by `show`, `diff` and the other verbs: look before you sign.

Examples:
  rolec key sign acme.rolec --sign bea.key
  rolec key sign acme.rolec --sign bea.key --table-version 7 --expires 90d    one that nobody has signed

Exit status: 0 signed, also where it was already, 2 usage, 4 it is no table, or its seal is broken, 5 a file cannot be \
read or written.")]
    Sign {
        /// The table; signed in place
        file: PathBuf,
        #[command(flatten)]
        signing: Signing,
        /// For people or for programs
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
}

impl KeyVerb {
    pub(crate) fn format(&self) -> Format {
        match self {
            Self::New { format, .. } | Self::Sign { format, .. } => *format,
        }
    }
}
