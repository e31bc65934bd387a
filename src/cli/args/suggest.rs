//! The arguments of `suggest`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::cli::args::{Asked, Format};

#[derive(Debug, ClapArgs)]
#[command(mut_arg("org", |org| org.help("The organization; without it all of them, or with `--cover` the only one")))]
#[command(after_help = "\
Without --cover and --from-log: roles that hold the same, roles within a wider one, the nearest other of each; and \
where roles are nearly as many as the catalog allows, which to merge. A merged role holds all that its roles held, so \
nobody loses anything; a merge costs what people gain. Whether a merge breaks a forbid is told by `check`.

With --cover: the fewest roles and templates that together hold some permissions. Of as few, those that hold the \
least beside them; of those, the first by id.

With --from-log: the least role for what a log says was used, as a policy to paste; in its comments what is held and was \
never used, and what was used and is denied. A line of the log has the fields of a line of `eval`, and any others:
  {\"principal\": \"ana@acme.example\", \"permission\": \"devices\", \"action\": \"view\", \"at\": \"2026-11-05\"}
With `\"decision\": \"deny\"` it tells of what was refused, and that was not used.

A search that would take longer than about a second stops early and says so, with what is sure all the same.

Examples:
  rolec suggest -p policies/acme
  rolec suggest -p policies/acme --merges 2                  which merges make two roles less
  rolec suggest -p policies/acme --cover devices:full run-command
  rolec suggest -p policies/acme --from-log used.jsonl
  rolec suggest --table acme.rolec --from-log - --role tier1 < used.jsonl

Exit status: 0 answered, also where there is nothing to suggest; 1 a line of the log is malformed, or names what is not \
known; 2 usage; 4 an unknown name, or a policy with errors; 5 a file cannot be read.")]
pub(crate) struct Suggest {
    #[command(flatten)]
    pub(crate) asked: Asked,

    /// Say which merges make N roles less, 1 where N is left out; without it, only where the limit is near
    #[arg(long, value_name = "N", num_args = 0..=1, value_parser = clap::value_parser!(u32).range(1..))]
    #[expect(clippy::option_option, reason = "clap's form of a value that may be left out")]
    pub(crate) merges: Option<Option<u32>>,

    /// The permissions that roles are to cover: `row`, `category.row`, either with `:action`
    #[arg(long, value_name = "PERMISSION", num_args = 1.., conflicts_with_all = ["merges", "from_log", "at"])]
    pub(crate) cover: Vec<String>,

    /// A log of what was used: a file of JSON lines, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "merges")]
    pub(crate) from_log: Option<PathBuf>,

    /// With --from-log: a principal, or `role:ID`; may be given again. Without, everybody whom the log names
    #[arg(long = "for", value_name = "WHO", requires = "from_log")]
    pub(crate) who: Vec<String>,

    /// With --from-log: a role, by what all who hold it used of it; may be given again
    #[arg(long, value_name = "ID", requires = "from_log")]
    pub(crate) role: Vec<String>,

    /// People are counted as they hold roles from then on; with --from-log, what is held then, and the time of lines that
    /// state none. Without it, now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// Show everything; without it, the first 20 of each list. JSON and roles are never cut
    #[arg(long)]
    pub(crate) all: bool,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
