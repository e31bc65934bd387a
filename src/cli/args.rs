//! The arguments, as clap reads them.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// A small typed language for admin roles: checks them, and tells who may do what and why.
#[derive(Debug, Parser)]
#[command(
    name = "rolec",
    version,
    about,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Exit status: 0 clean or allowed, 1 findings, 2 usage, 3 denied, 4 cannot decide, 5 the outside world."
)]
pub(crate) struct Args {
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are respected
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(crate) color: When,

    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Find every mistake, in one run; silent when clean
    Check(Check),
    /// Write policies in the one canonical style
    Fmt(Fmt),
    /// Compile a policy to a table
    Build(Build),
    /// Ask whether somebody may do something
    Can(Can),
    /// Answer many checks: JSON lines in, JSON lines out, in order
    Eval(Eval),
    /// Show a role as the admin form does: every row, its level, where it comes from
    Show(Show),
    /// List every role and principal that holds a permission
    Who(WhoHolds),
    /// List everything that somebody holds
    What(WhatHeld),
    /// Run the tests in the policy
    Test(Test),
    /// Make a policy folder to start from
    New(New),
    /// List, search and compare catalogs
    Catalog(CatalogArgs),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual, or write its pages into a folder
    Man(Man),
}

/// How output is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    Human,
    Json,
    /// Annotations of a pull request, in a job of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl Report {
    /// How a failure is told.
    pub(crate) fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Human | Self::Github | Self::Sarif => Format::Human,
        }
    }
}

impl From<Format> for Report {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
        }
    }
}

/// What `--deny` makes an error of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec check                       every .role file below this folder
  rolec check policies/acme         a folder
  rolec check --deny warnings       for a CI job: warnings fail too
  rolec check --at 2027-01-01       what will have ended by then
  rolec check --fix --diff          what would be mended with certainty
  rolec check --format github       for a job of GitHub Actions: annotates the pull request
  cat a.role | rolec check -        standard input
  rolec check --explain R0401       what a finding means, and the right text
  rolec check --explain             every finding that there is")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Check {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    /// Tell also what is only worth knowing, such as cells that no public page confirms
    #[arg(long)]
    pub(crate) pedantic: bool,

    /// Exit with 1 for warnings too
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,

    /// The time at which the policy is looked at; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// The settings; without it, the nearest `rolec.toml` from PATHS upwards
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Explain a finding by its code or slug, and check nothing; without CODE, list all findings
    #[arg(long, value_name = "CODE", num_args = 0..=1, conflicts_with_all = ["paths", "pedantic", "deny", "at", "config", "format", "fix", "diff", "watch"])]
    #[expect(clippy::option_option, reason = "clap's form of a value that may be left out")]
    pub(crate) explain: Option<Option<String>>,

    /// Mend in place what can be mended with certainty, in the files of PATHS, and tell the rest
    #[arg(long, conflicts_with = "watch")]
    pub(crate) fix: bool,

    /// With --fix: write nothing; show what would change, and exit with 1 if anything would
    #[arg(long, requires = "fix", conflicts_with = "format")]
    pub(crate) diff: bool,

    /// Check again whenever a file changes, until interrupted
    #[arg(long)]
    pub(crate) watch: bool,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec fmt                         every .role file below this folder, in place
  rolec fmt --check policies        for a CI job: lists what would change
  rolec fmt --diff people.role      shows what would change
  rolec fmt - < people.role         standard input to standard output

There is one style and no option for it. What is said stays as it is, comments too, and the compiled policy is held
against the one before. A member with a mistake in it stays byte for byte; the mistake is told, and the exit status
is 1.

Exit status: 0 formatted, or nothing to do; 1 a mistake, or with --check and --diff something would change.")]
pub(crate) struct Fmt {
    /// Files and folders; none means this folder, `-` standard input to standard output
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) diff: bool,

    #[arg(long, value_enum, default_value_t = Format::Human, conflicts_with = "diff")]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec build policies/acme -o acme.rolec
  rolec can ana@acme.example devices --table acme.rolec")]
pub(crate) struct Build {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    /// Where the table goes; written beside its place and renamed
    #[arg(short, long, value_name = "FILE.rolec")]
    pub(crate) output: PathBuf,

    /// The settings; without it, the nearest `rolec.toml` from PATHS upwards
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// What is asked: a policy's files or a compiled table.
#[derive(Debug, ClapArgs)]
pub(crate) struct Asked {
    /// A file or folder of the policy; may be given again. Without it, this folder
    #[arg(short, long = "policy", value_name = "PATH", conflicts_with = "table")]
    pub(crate) policy: Vec<PathBuf>,

    /// A compiled table instead of the policy
    #[arg(long, value_name = "FILE.rolec")]
    pub(crate) table: Option<PathBuf>,

    /// The organization; `can`, `what` and `eval` need it where there are several
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
WHO is a principal (`ana@acme.example`) or `role:ID`; `principal:NAME` where a name begins like that.
PERMISSION is `row` or `category.row`, either with `:action`; no action asks for all of the row's.

Examples:
  rolec can ana@acme.example user-management:delete -p policies/acme
  rolec can role:tier1 device-management.devices:view -p policies/acme --why
  rolec can eve@audit.example reports:view --at 2026-12-01 --table acme.rolec

Exit status: 0 allow, 3 deny, 4 cannot decide (an unknown name is a deny with status 4).")]
pub(crate) struct Can {
    /// A principal, or `role:ID`
    pub(crate) who: String,

    /// `row`, `category.row`, either with `:action`
    #[arg(required_unless_present = "row", conflicts_with_all = ["category", "row", "action"])]
    pub(crate) permission: Option<String>,

    /// The category, spelled out
    #[arg(long, value_name = "ID", requires = "row")]
    pub(crate) category: Option<String>,

    /// The row, spelled out
    #[arg(long, value_name = "ID")]
    pub(crate) row: Option<String>,

    /// The action, spelled out
    #[arg(long, value_name = "ID", requires = "row")]
    pub(crate) action: Option<String>,

    #[command(flatten)]
    pub(crate) asked: Asked,

    /// A date or an RFC 3339 time; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// Name the line that decided
    #[arg(long)]
    pub(crate) why: bool,

    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = r#"
A line in:   {"role": "tier1", "permission": "devices", "action": "view"}
A line out:  {"decision":"deny","reason":"not-granted"}

Fields: org, principal or role, permission (or category and row), action, at, id.
What is left out: the one organization, all actions of the row, now.

A malformed line is answered with an error in its place, and the rest goes on;
the exit status is then 1. Where nothing can be answered, the one line out has
a field `error`, and the exit status is 2, 4 or 5.

Examples:
  rolec eval queries.jsonl -p policies/acme
  tail -n 100 queries.jsonl | rolec eval --table acme.rolec"#)]
pub(crate) struct Eval {
    /// A file of JSON lines; without it, or with `-`, standard input
    pub(crate) queries: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) asked: Asked,

    /// The time of lines that state none; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec show tier1 -p policies/acme
  rolec show help-desk -p policies/acme       a template
  rolec show tier1 --table acme.rolec --format json")]
pub(crate) struct Show {
    /// A role or a template
    pub(crate) role: String,

    #[command(flatten)]
    pub(crate) asked: Asked,

    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec test                    every test below this folder
  rolec test policies/acme
  rolec test --format json      for a program

Exit status: 0 all hold, 1 a test fails or the policy has errors.")]
pub(crate) struct Test {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec who user-management:delete -p policies/acme
  rolec who role-management --org acme --at 2026-12-01 --table acme.rolec

Every organization is listed, with --org only that one.

Exit status: 0, also where nobody holds it; 4 for an unknown name.")]
pub(crate) struct WhoHolds {
    /// `row`, `category.row`, either with `:action`
    pub(crate) permission: String,

    #[command(flatten)]
    pub(crate) asked: Asked,

    /// A date or an RFC 3339 time; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec what ana@acme.example -p policies/acme
  rolec what role:tier1 --table acme.rolec --format json")]
pub(crate) struct WhatHeld {
    /// A principal, or `role:ID`
    pub(crate) who: String,

    #[command(flatten)]
    pub(crate) asked: Asked,

    /// A date or an RFC 3339 time; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec new policy            templates, roles, people and tests, that pass check and test
  cd policy && rolec check && rolec test")]
pub(crate) struct New {
    /// The folder; made if it is not there, and must be empty if it is
    pub(crate) dir: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec catalog list
  rolec catalog show jumpcloud
  rolec catalog search \"reset password\"
  rolec catalog compare jumpcloud my-catalog.role")]
pub(crate) struct CatalogArgs {
    #[command(subcommand)]
    pub(crate) what: CatalogVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogVerb {
    /// List the built-in catalogs, and those of a policy
    List {
        /// A file or folder that holds catalogs; may be given again
        #[arg(short, long = "policy", value_name = "PATH")]
        policy: Vec<PathBuf>,
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show a catalog's rows with their levels
    Show {
        /// The id of a built-in catalog, or a file that holds one
        catalog: String,
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Find rows by words in their ids, titles and notes
    Search {
        /// The words; all of them must be found
        text: String,
        /// The id of a built-in catalog, or a file that holds one
        #[arg(long, default_value = "jumpcloud")]
        catalog: String,
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Say which rows were added, removed or changed; exit status 1 where any was
    Compare {
        /// The id of a built-in catalog, or a file that holds one
        old: String,
        /// The id of a built-in catalog, or a file that holds one
        new: String,
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec completions bash > /etc/bash_completion.d/rolec
  rolec completions zsh > ~/.zfunc/_rolec
  rolec completions fish > ~/.config/fish/completions/rolec.fish")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec man | man -l -
  rolec man --dir /usr/local/share/man/man1")]
pub(crate) struct Man {
    /// Write a page for each verb into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
