//! The arguments, as clap reads them. A paragraph of help is one line here: clap breaks it where the terminal ends. The
//! manual is made of the same texts (`command/man.rs`): what stands below `Examples:` and behind `Exit status:` gets a
//! section of its own there.

mod build;
mod catalog;
mod diff;
mod edit;
mod export;
mod matrix;
mod plan;
mod rows;
mod sign;
mod suggest;
mod test;
mod times;
mod verify;

use std::path::PathBuf;

pub(crate) use self::build::Build;
pub(crate) use self::catalog::{CatalogArgs, CatalogVerb};
pub(crate) use self::edit::{Assign, Edits, RoleArgs, RoleVerb, Unassign};
pub(crate) use self::export::{Engine, Export};
pub(crate) use self::matrix::{Form, Matrix};
pub(crate) use self::plan::Plan;
pub(crate) use self::rows::{Rows, RowsForm, RowsOfTwo};
pub(crate) use self::sign::{KeyArgs, KeyVerb, Signing, Trusted, TrustedOne};
pub(crate) use self::suggest::Suggest;
pub(crate) use self::test::{Test, TestFormat};
pub(crate) use self::times::Times;
pub(crate) use self::verify::Verify;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use self::diff::{Diff, DiffFormat, FailOn};

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
    after_help = "\
Examples:
  rolec new policy                            a policy to start from
  rolec check policy                          every mistake in it
  rolec can ana@acme.example devices:view     allow or deny
  rolec show tier1                            a role as the admin form has it

Exit status: 0 clean or allowed, 1 findings, 2 usage, 3 denied, 4 cannot decide, 5 the outside world."
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
    /// Compare every cell of a table with its sources, or show what is in its file
    Verify(Verify),
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
    /// Say what differs between two policies: who gains and loses what
    Diff(Diff),
    /// Say whether somebody may make a change, by the policy before it
    Plan(Plan),
    /// Write the whole matrix: every row against every role, or every principal
    Matrix(Matrix),
    /// Advise on roles: which are alike, which to merge, which cover permissions, and the least for what was used
    Suggest(Suggest),
    /// Write the policy for another engine: Cedar, Rego; or as one JSON document
    Export(Export),
    /// Run the tests in the policy
    Test(Test),
    /// Add, copy, rename or remove a role, in the text of the policy
    Role(RoleArgs),
    /// Give somebody a role, in the text of the policy
    Assign(Assign),
    /// Take a role from somebody, in the text of the policy
    Unassign(Unassign),
    /// Make keys, and sign tables with them
    Key(KeyArgs),
    /// Make a policy folder to start from
    New(New),
    /// List, search and compare catalogs
    Catalog(CatalogArgs),
    /// Serve an editor: the language server protocol over standard input and output
    #[cfg(feature = "lsp")]
    Lsp(Lsp),
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
  rolec check --explain             every finding that there is
  rolec check --watch policies      again after each change, until interrupted

Exit status: 0 no errors, 1 errors, with `--deny warnings` warnings too, 2 usage, 5 a file cannot be read.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Check {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,

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
    #[arg(long, value_name = "CODE", num_args = 0..=1, conflicts_with_all = ["paths", "pedantic", "deny", "at", "config", "format", "fix", "diff", "watch", "assignments"])]
    #[expect(clippy::option_option, reason = "clap's form of a value that may be left out")]
    pub(crate) explain: Option<Option<String>>,

    /// Mend in place what can be mended with certainty, in the files of PATHS, and tell the rest
    #[arg(long, conflicts_with_all = ["watch", "assignments"])]
    pub(crate) fix: bool,

    /// With --fix: write nothing; show what would change, and exit with 1 if anything would
    #[arg(long, requires = "fix", conflicts_with = "format")]
    pub(crate) diff: bool,

    /// Check again whenever a file of the policy changes, until interrupted
    #[arg(long, conflicts_with = "assignments")]
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

There is one style and no option for it. What is said stays as it is, comments too, and the compiled policy is held \
against the one before. A member with a mistake in it stays byte for byte; the mistake is told, and the exit status \
is 1.

Exit status: 0 formatted, or nothing to do; 1 a mistake, or with `--check` and `--diff` something would change; 2 \
usage; 5 a file cannot be read or written.")]
pub(crate) struct Fmt {
    /// Files and folders; none means this folder, `-` standard input to standard output
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) diff: bool,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human, conflicts_with = "diff")]
    pub(crate) format: Format,
}

/// What is asked: a policy's files or a compiled table.
#[derive(Debug, ClapArgs)]
pub(crate) struct Asked {
    /// A file or folder of the policy; may be given again. Without it, this folder
    #[arg(short, long = "policy", value_name = "PATH", conflicts_with = "table")]
    pub(crate) policy: Vec<PathBuf>,

    /// A compiled table instead of the policy
    #[arg(long, value_name = "FILE.rolec", conflicts_with = "assignments")]
    pub(crate) table: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) trusted: TrustedOne,

    #[command(flatten)]
    pub(crate) rows: Rows,

    /// The organization; may be left out where there is one only
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
  rolec can ana@acme.example reports:view --table acme.rolec --trust acme.pub --state acme.seen

Exit status: 0 allow, 2 usage, 3 deny, 4 cannot decide (an unknown name is a deny with status 4), 5 a file cannot be \
read.")]
pub(crate) struct Can {
    /// A principal, or `role:ID`
    pub(crate) who: String,

    /// `row`, `category.row`, either with `:action`
    #[arg(required_unless_present_any = ["category", "row", "action"], conflicts_with_all = ["category", "row", "action"])]
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

    /// Name the line that decided, and what would lift a denial
    #[arg(long)]
    pub(crate) why: bool,

    /// Ask the table where it lies and check its header only: for a file that nobody else writes
    // What an argument requires is not asked for where that would conflict: each of them is named.
    #[arg(long, requires = "table", conflicts_with_all = ["trust", "threshold", "state", "policy"])]
    pub(crate) trust_mapped: bool,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
A line in, and the line out for it:
  {\"role\": \"tier1\", \"permission\": \"devices\", \"action\": \"view\"}
  {\"decision\":\"allow\",\"reason\":\"granted\"}

Fields: `org`; `principal` or `role`; `permission`, or `row` with or without `category`; `action`; `at`; `id`. What is \
left out: the one organization, all actions of the row, now.

A malformed line is answered with an error in its place, and the rest goes on. Where nothing can be answered, the one \
line out has a field `error`.

Examples:
  rolec eval queries.jsonl -p policies/acme
  tail -n 100 queries.jsonl | rolec eval --table acme.rolec

Exit status: 0 all lines are answered, 1 a line is malformed, 2 usage, 4 nothing can be decided, 5 a file cannot be \
read.")]
pub(crate) struct Eval {
    /// A file of JSON lines; without it, or with `-`, standard input
    pub(crate) queries: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) asked: Asked,

    /// The time of lines that state none; without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// What is read and written is JSON lines: there is no other form
    #[arg(long, value_enum, default_value_t = Lines::Json)]
    format: Lines,
}

/// The one form of what is read and written by the line. Every verb that answers takes `--format json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Lines {
    Json,
}

#[derive(Debug, ClapArgs)]
#[command(mut_arg("org", |org| org.help("The organization to show it in; may be left out where one only has such a role")))]
#[command(after_help = "\
Examples:
  rolec show tier1 -p policies/acme
  rolec show help-desk -p policies/acme       a template
  rolec show tier1 --table acme.rolec --format json

Exit status: 0 shown, 2 usage, 4 an unknown name, or a policy with errors, 5 a file cannot be read.")]
pub(crate) struct Show {
    /// A role or a template
    pub(crate) role: String,

    #[command(flatten)]
    pub(crate) asked: Asked,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(mut_arg("org", |org| org.help("The organization; without it, all of them are listed")))]
#[command(after_help = "\
PERMISSION is `row` or `category.row`, either with `:action`; no action asks for all of the row's.

Examples:
  rolec who user-management:delete -p policies/acme
  rolec who role-management --org acme --at 2026-12-01 --table acme.rolec
  rolec who devices:full -p policies/acme --during 2026-10      at any moment of October
  rolec who role-management --reachable -p policies/acme        and who could come to it
  rolec who --reachable -p policies/acme                        who could come to more than they hold

Over a period, everybody is listed who holds all of the permission at some moment of it, with the stretches of time in \
which they do.

With `--reachable`, everybody is listed too who can come to it: who holds the top of a row marked `escalating` may come \
to hold what it leads to, and so on, in the fewest steps. Without PERMISSION, everybody is listed who can come to more \
than they hold.

Exit status: 0 listed, also where nobody holds it, 2 usage, 4 an unknown name, or a policy with errors, 5 a file \
cannot be read.")]
pub(crate) struct WhoHolds {
    /// `row`, `category.row`, either with `:action`
    #[arg(required_unless_present = "reachable")]
    pub(crate) permission: Option<String>,

    /// Also who can come to it, in how many steps and by which way; without PERMISSION, who can come to anything
    #[arg(long)]
    pub(crate) reachable: bool,

    #[command(flatten)]
    pub(crate) asked: Asked,

    #[command(flatten)]
    pub(crate) times: Times,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
WHO is a principal (`ana@acme.example`) or `role:ID`; `principal:NAME` where a name begins like that.

Examples:
  rolec what ana@acme.example -p policies/acme
  rolec what role:tier1 --table acme.rolec --format json
  rolec what mei@acme.example -p policies/acme --from 2026-12-01

Over a period, each row is listed with the levels that are held at some moment of it, and the stretches of time in which \
they are.

Exit status: 0 listed, also where nothing is held, 2 usage, 4 an unknown name, or a policy with errors, 5 a file \
cannot be read.")]
pub(crate) struct WhatHeld {
    /// A principal, or `role:ID`
    pub(crate) who: String,

    #[command(flatten)]
    pub(crate) asked: Asked,

    #[command(flatten)]
    pub(crate) times: Times,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec new policy            templates, roles, people and tests, that pass check and test
  cd policy && rolec check && rolec test

A new repository is as good as an empty folder: `.git` and other hidden files, a README and a LICENSE may be there.

Exit status: 0 made, 2 usage, 5 the folder has other files, or cannot be written.")]
pub(crate) struct New {
    /// The folder; made if it is not there, and must be empty if it is
    pub(crate) dir: PathBuf,
}

#[cfg(feature = "lsp")]
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec lsp   what an editor starts; docs/editors.md says how

Exit status: 0 the editor said `shutdown` and `exit`, 1 it left without that, 2 usage.")]
pub(crate) struct Lsp {
    /// Taken because editors send it; there is no other way
    #[arg(long, hide = true)]
    stdio: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec completions bash > /etc/bash_completion.d/rolec
  rolec completions zsh > ~/.zfunc/_rolec
  rolec completions fish > ~/.config/fish/completions/rolec.fish

Exit status: 0 printed, 2 usage.")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  rolec man | man -l -
  rolec man --dir ~/.local/share/man/man1

Exit status: 0 printed or written, 2 usage, 5 a page cannot be written.")]
pub(crate) struct Man {
    /// Write a page for each verb into this folder, which is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
