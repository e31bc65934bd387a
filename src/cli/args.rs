//! The arguments, as clap reads them. A paragraph of help is one line here: clap breaks it where the terminal ends. The
//! manual is made of the same texts (`command/man.rs`): what stands below `Examples:` and behind `Exit status:` gets a
//! section of its own there.

mod diff;
mod edit;
mod export;
mod matrix;
mod plan;
mod rows;
mod sign;
mod suggest;
mod times;
mod verify;

use std::path::PathBuf;

pub(crate) use self::edit::{Assign, Edits, RoleArgs, RoleVerb, Unassign};
pub(crate) use self::export::{Engine, Export};
pub(crate) use self::matrix::{Form, Matrix};
pub(crate) use self::plan::Plan;
pub(crate) use self::rows::{Rows, RowsForm, RowsOfTwo};
pub(crate) use self::sign::{KeyArgs, KeyVerb, Signing, Trusted, TrustedOne};
pub(crate) use self::suggest::Suggest;
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

    /// Remember in this file what was read and given; the same build again then looks at the files and reads none
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
    #[arg(long, requires = "table", conflicts_with = "trust")]
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
#[command(after_help = "\
Examples:
  rolec test                    every test below this folder
  rolec test policies/acme
  rolec test --filter delete    those with this in their title, whatever its case
  rolec test --org acme --exact --filter \"second line deletes nobody\"
  rolec test --coverage         and of which cells the tests speak
  rolec test --fail-under 80 --lcov coverage.info
  rolec test --mutation         and which changes none of them would notice
  rolec test --format junit     for a CI server
  rolec test --watch policies   again after each change, until interrupted

Exit status: 0 all that are run hold, 1 a test fails, too little is covered or the policy has errors, 2 usage, 4 there is no such organization, \
or no test has what a filter says, 5 a file cannot be read.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Test {
    /// Files and folders; none means this folder, `-` standard input
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,

    /// Run the tests with this in their title, whatever its case; may be given again
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,

    /// With --filter: the text is the whole title, to the letter
    #[arg(long, requires = "filter")]
    pub(crate) exact: bool,

    /// Run the tests of this organization
    #[arg(long, value_name = "ID")]
    pub(crate) org: Option<String>,

    /// The settings; without it, the nearest `rolec.toml` from PATHS upwards
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Tell of which cells tests speak
    #[arg(long, conflicts_with_all = ["filter", "org"])]
    pub(crate) coverage: bool,

    /// Fail where tests speak of less than this many percent of the permissions
    #[arg(long, value_name = "PERCENT", conflicts_with_all = ["filter", "org"])]
    pub(crate) fail_under: Option<String>,

    /// Write how many lines of tests rest on each grant, as lcov does, to a file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filter", "org"])]
    pub(crate) lcov: Option<PathBuf>,

    /// Change each cell and each assignment in turn, and tell what no test would notice
    #[arg(long, conflicts_with_all = ["filter", "org"])]
    pub(crate) mutation: bool,

    /// Run the tests again whenever a file of the policy changes, until interrupted
    #[arg(long, conflicts_with = "assignments")]
    pub(crate) watch: bool,

    /// For people, for programs, or for a CI server
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(crate) format: TestFormat,
}

/// How a run of tests is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// XML that CI servers read; what --coverage and --mutation tell goes to standard error
    Junit,
}

impl TestFormat {
    /// How a failure is told.
    pub(crate) fn of_failures(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Human | Self::Junit => Format::Human,
        }
    }
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

/// Where catalogs are found beside those that are built in.
#[derive(Debug, ClapArgs)]
pub(crate) struct Found {
    /// A file or folder of a policy whose catalogs are known too; may be given again
    #[arg(short, long = "policy", value_name = "PATH")]
    pub(crate) policy: Vec<PathBuf>,
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
