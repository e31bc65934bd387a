//! The arguments of the verbs that change the text of a policy: `role`, `assign`, `unassign`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::args::Format;

/// What they have in common.
#[derive(Debug, ClapArgs)]
pub(crate) struct Edits {
    /// A file or folder of the policy; may be given again. Without it, this folder
    #[arg(short, long = "policy", value_name = "PATH")]
    pub(crate) policy: Vec<PathBuf>,

    /// The organization; may be left out where it is plain which is meant
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,

    /// Write nothing; show how the text would change
    #[arg(long, visible_alias = "diff")]
    pub(crate) dry_run: bool,

    /// Show everything; without it, the first 20 of each list. JSON is never cut
    #[arg(long)]
    pub(crate) all: bool,

    /// The settings; without it, the nearest `rolec.toml` from the policy upwards
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec role new desk --from help-desk --title \"Service Desk\"
  rolec role copy tier1 tier1-night
  rolec role rename tier1 first-line --dry-run
  rolec role remove patch-runner --replace-with command-runner

Exit status: 0 done, or nothing to do, 1 refused, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot \
be read or written.")]
pub(crate) struct RoleArgs {
    #[command(subcommand)]
    pub(crate) what: RoleVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoleVerb {
    /// Add a role, below the last one of its organization
    #[command(after_help = "\
Examples:
  rolec role new desk --from help-desk
  rolec role new \"Night Desk\" --from tier1 --title \"Night Desk\" --org acme -p policies/acme

Exit status: 0 done, 1 refused: the id is taken, the limit of custom roles is reached, the policy would have errors, 2 \
usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read or written.")]
    New {
        /// The id of the new role
        id: String,
        /// Its title
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Its description
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// What it starts from, a role or a template; may be given again. Without it, it holds nothing
        #[arg(long, value_name = "ROLE")]
        from: Vec<String>,
        #[command(flatten)]
        edits: Edits,
    },
    /// Copy a role, with its comments, below itself; of a template, add a role that starts from it
    #[command(after_help = "\
Examples:
  rolec role copy tier1 tier1-night --title \"Tier 1, Nights\" -p policies/acme
  rolec role copy help-desk desk --dry-run

Exit status: 0 done, 1 refused: the id is taken, the limit of custom roles is reached, the policy would have errors, 2 \
usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read or written.")]
    Copy {
        /// A role or a template
        role: String,
        /// The id of the new role
        to: String,
        /// Its title; that of the first is not taken over
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        #[command(flatten)]
        edits: Edits,
    },
    /// Give a role, or a template of the policy, another id wherever it is named
    #[command(after_help = "\
Examples:
  rolec role rename tier1 first-line -p policies/acme
  rolec role rename tier1 tier1 --title \"First Line\"

Exit status: 0 done, or nothing to do, 1 refused: the new id is taken, or would mean something else, 2 usage, 4 an \
unknown name, or a policy with errors, 5 a file cannot be read or written.")]
    Rename {
        /// A role or a template
        role: String,
        /// Its new id; the same where only the title changes
        to: String,
        /// Its new title
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        #[command(flatten)]
        edits: Edits,
    },
    /// Remove a role with its comments; who holds it gets another one
    #[command(after_help = "\
Examples:
  rolec role remove offboarding -p policies/acme --dry-run
  rolec role remove patch-runner --replace-with command-runner --with-mentions

Exit status: 0 done, 1 refused: it is assigned and `--replace-with` is missing, a role starts from it, it is spoken \
of and `--with-mentions` is missing, a requirement asks for it, an organization would have no admin or nobody who may \
change roles, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read or written.")]
    Remove {
        /// A role of an organization
        role: String,
        /// What everybody gets who holds it, service accounts too: with their periods and reasons
        #[arg(long, value_name = "ROLE")]
        replace_with: Option<String>,
        /// Take out also the lines and columns of tests about it, and its name behind `only` and `except`
        #[arg(long)]
        with_mentions: bool,
        /// The moment from which on nobody may be missing; without it, now
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        #[command(flatten)]
        edits: Edits,
    },
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
WHO is a name, as in the console: `ana@acme.example`. `principal:NAME` where a name begins with `role:`.

Examples:
  rolec assign tier1 kim@acme.example -p policies/acme
  rolec assign auditor eve@audit.example --from 2026-11-01 --until 2026-12-31 --because \"annual audit\"
  rolec assign auditor siem-export --service

Exit status: 0 done, or nothing to do, 1 refused: the policy would have errors, such as a forbid that is broken, 2 \
usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read or written.")]
pub(crate) struct Assign {
    /// A role or a template
    pub(crate) role: String,

    /// Who gets it
    #[arg(required = true)]
    pub(crate) who: Vec<String>,

    /// Those that are new are service accounts
    #[arg(long)]
    pub(crate) service: bool,

    /// In force from this date or RFC 3339 time on
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,

    /// In force until before then
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,

    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) because: Option<String>,

    #[command(flatten)]
    pub(crate) edits: Edits,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
WHO is a name, as in the console: `ana@acme.example`. `principal:NAME` where a name begins with `role:`.

Examples:
  rolec unassign tier1 raj@acme.example -p policies/acme
  rolec unassign tier2 kofi@acme.example --at 2027-01-01    from that day on

Exit status: 0 done, or nothing to do, 1 refused: an organization would have no admin or nobody who may change roles, \
or the policy would have errors, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read or written.")]
pub(crate) struct Unassign {
    /// A role or a template
    pub(crate) role: String,

    /// Who loses it
    #[arg(required = true)]
    pub(crate) who: Vec<String>,

    /// End it from this date or RFC 3339 time on; without it, it is taken out as if it had never been
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    #[command(flatten)]
    pub(crate) edits: Edits,
}
