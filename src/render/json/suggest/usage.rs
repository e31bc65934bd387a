//! A line of a log of what was used, and the least roles for it.

use serde::{Deserialize, Serialize};

use crate::render::json::VERSION;
use crate::render::json::eval::object;
use crate::render::json::origin::names;
use crate::render::json::suggest::{PartOf, RoleOrTemplate};
use crate::table::Table;
use crate::tools::ask::level;
use crate::tools::suggest::{Least, Unused, opening};
use crate::vocab::Time;

/// A use, one JSON object a line, in the words of a request of `eval`. Other fields are passed over: logs say more.
///
/// ```
/// use rolec::render::json::Used;
///
/// let used = Used::read(br#"{"principal": "bot", "permission": "pages:create", "ip": "192.0.2.7"}"#).unwrap();
/// assert_eq!(used.permission.as_deref(), Some("pages:create"));
/// assert_eq!(Used::read(b"7").unwrap_err(), "it is no JSON object");
/// ```
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Used {
    /// The organization; may be left out where there is one only.
    #[serde(default)]
    pub org: Option<String>,
    /// The principal.
    #[serde(default)]
    pub principal: Option<String>,
    /// The role, instead of `principal`.
    #[serde(default)]
    pub role: Option<String>,
    /// `category.row`, or `row`.
    #[serde(default)]
    pub permission: Option<String>,
    /// The category, instead of `permission`.
    #[serde(default)]
    pub category: Option<String>,
    /// The row, instead of `permission`.
    #[serde(default)]
    pub row: Option<String>,
    /// The action; all of the row's where it is left out.
    #[serde(default)]
    pub action: Option<String>,
    /// The time of the use.
    #[serde(default)]
    pub at: Option<String>,
    /// `allow`, as where it is left out, or `deny`: what was refused was not used.
    #[serde(default)]
    pub decision: Option<String>,
}

impl Used {
    /// Reads a line.
    ///
    /// # Errors
    /// Where it is none: what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        object(bytes).map_err(|(_, wrong)| wrong)
    }
}

/// The least role for what was used of somebody's rights, of each who was asked about.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::render::json::{LeastRoles, Lines};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{Log, least};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let mut log = Log::new(&table);
/// log.record(query(&table, acme, Who::Principal("bot"), &What::Text("pages:update"), at).unwrap());
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// let lines = Lines { read: 1, used: 1, ..Lines::default() };
/// let document = LeastRoles::of(&table, &least(&log, &[bot], at), at, lines);
/// let one = &document.suggestions[0];
/// assert_eq!((one.principal.as_deref(), one.suggested.role.as_str()), (Some("bot"), "bot-used"));
/// assert_eq!((one.unused[1].level.as_str(), one.unused[1].needed.as_str()), ("create, update", "update"));
/// assert!(one.suggested.text.starts_with("use wiki \"3\"\n\norganization acme {\n    role bot-used {"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LeastRoles {
    /// The version of this shape.
    pub version: u32,
    /// The time at which it was looked up what is held, and of uses that state none.
    pub at: String,
    /// The lines of the log.
    pub lines: Lines,
    /// Each who was asked about, or of whom a line tells.
    pub suggestions: Vec<LeastOf>,
}

/// What became of the lines of a log.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Lines {
    /// How many there are, empty ones aside.
    pub read: u64,
    /// How many tell of a use.
    pub used: u64,
    /// How many tell of what was refused.
    pub denied: u64,
    /// How many tell of another organization than the one that was asked about.
    pub elsewhere: u64,
    /// How many are malformed, or name what the policy does not know. They are told on standard error.
    pub wrong: u64,
}

/// The least role for what was used of somebody's rights.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LeastOf {
    /// The organization.
    pub organization: String,
    /// The principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The role, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// How many lines it rests on.
    pub lines: u64,
    /// What was used.
    pub used: Vec<PartOf>,
    /// The rows of which more is held than was used.
    pub unused: Vec<UnusedOf>,
    /// What was used, and the policy denied it at the time of a use.
    pub denied: Vec<PartOf>,
    /// What was used of rows that the organization does not have: no role can give it.
    pub hidden: Vec<PartOf>,
    /// The least role for it.
    pub suggested: Suggested,
}

/// A row of which more is held than was used.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnusedOf {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// The level that is held.
    pub level: String,
    /// The least level for what was used.
    pub needed: String,
    /// The actions that are held and not needed.
    pub actions: Vec<String>,
}

/// A role that is not there yet.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Suggested {
    /// Its id: one that no role has.
    pub role: String,
    /// What it starts from; nothing where every row starts at its floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<RoleOrTemplate>,
    /// How many lines say what is otherwise than in the base.
    pub lines: usize,
    /// How many it would be from nothing.
    pub lines_from_nothing: usize,
    /// A role that holds just the same; nothing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same: Option<RoleOrTemplate>,
    /// A file that has this role.
    pub text: String,
}

impl LeastRoles {
    /// Least roles, what is held looked up at a time.
    pub fn of(table: &Table, found: &[Least<'_>], at: Time, lines: Lines) -> Self {
        Self {
            version: VERSION,
            at: at.to_string(),
            lines,
            suggestions: found.iter().map(|it| LeastOf::of(table, it)).collect(),
        }
    }
}

impl LeastOf {
    fn of(table: &Table, found: &Least<'_>) -> Self {
        let unused = |it: &Unused<'_>| UnusedOf {
            category: it.row.category().id().to_owned(),
            row: it.row.id().to_owned(),
            level: level(it.row.shape(), it.held),
            needed: level(it.row.shape(), it.needed),
            actions: names(it.row, it.unused),
        };
        let draft = &found.draft;
        let (uses, head) = opening(table, found.organization);
        let role: String = draft.text().lines().map(|line| format!("    {line}\n")).collect();
        Self {
            organization: found.organization.id().to_owned(),
            principal: found.principal.map(|principal| principal.name().to_owned()),
            role: found.role.map(|role| role.id().to_owned()),
            lines: found.lines,
            used: PartOf::all(&found.used),
            unused: found.unused.iter().map(unused).collect(),
            denied: PartOf::all(&found.denied),
            hidden: PartOf::all(&found.hidden),
            suggested: Suggested {
                role: draft.id.clone(),
                base: draft.base.as_ref().map(RoleOrTemplate::of),
                lines: draft.lines(),
                lines_from_nothing: draft.from_nothing,
                same: draft.same.as_ref().map(RoleOrTemplate::of),
                text: format!("{uses}\n\n{head} {{\n{role}}}\n"),
            },
        }
    }
}
