//! Advice on roles, for programs.

mod cover;
mod usage;

use serde::Serialize;

pub use self::cover::{Covered, CoveringRole};
pub use self::usage::{LeastOf, LeastRoles, Lines, Suggested, UnusedOf, Used};

use crate::render::json::VERSION;
use crate::render::json::origin::names;
use crate::table::{Role, Row};
use crate::tools::ask::level;
use crate::tools::suggest::{Advice, Differing, Gain, Merge, Merges, Part, Plan};
use crate::vocab::{Actions, Time};

/// Roles that are the same, within another, nearest to another, and what to merge.
///
/// ```
/// use rolec::render::json::Advised;
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let document = Advised::of(&[advise(&table, acme, at, Some(1), A_SECOND)], at);
/// let here = &document.organizations[0];
/// assert_eq!((here.within[0].wider.role.as_str(), here.within[0].gain.permissions), ("owner", 6));
/// assert_eq!(here.merges.as_ref().map(|merges| merges.wanted), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Advised {
    /// The version of this shape.
    pub version: u32,
    /// The time from which on people are counted as they hold roles.
    pub at: String,
    /// Each organization asked about.
    pub organizations: Vec<AdvisedIn>,
}

/// Advice on the roles of one organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AdvisedIn {
    /// The organization.
    pub organization: String,
    /// `direct` or `managed`.
    pub kind: &'static str,
    /// How many roles count toward the limit.
    pub custom_roles: usize,
    /// How many there may be; nothing where there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Roles that hold the same.
    pub equal: Vec<Vec<RoleOrTemplate>>,
    /// Roles of which another one holds all, and more.
    pub within: Vec<WithinOf>,
    /// The nearest other of each role.
    pub nearest: Vec<NearestOf>,
    /// What to merge; nothing where that was not asked for and the limit is not near.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merges: Option<MergesOf>,
    /// Whether all roles were held against each other; else some of it may be missing.
    pub exact: bool,
}

/// A role of the organization, or a template of its catalog.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoleOrTemplate {
    /// The id.
    pub role: String,
    /// Whether it is a template.
    pub template: bool,
    /// Whether it is a default role of the catalog.
    pub default: bool,
}

/// What people would gain.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gained {
    /// How many people and service accounts would.
    pub holders: usize,
    /// How many permissions, each counted for everybody who would gain it.
    pub permissions: usize,
}

/// A role of which another one holds all, and more.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WithinOf {
    /// The role.
    pub role: String,
    /// The one that could take its place.
    pub wider: RoleOrTemplate,
    /// How many permissions that one holds more.
    pub more: usize,
    /// What the holders of the role would gain by it.
    pub gain: Gained,
}

/// A role with the one nearest to it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NearestOf {
    /// The role.
    pub role: String,
    /// The other one.
    pub other: RoleOrTemplate,
    /// How many permissions the other one holds more.
    pub more: usize,
    /// How many it lacks.
    pub less: usize,
    /// The rows in which they differ.
    pub rows: Vec<RowsApart>,
}

/// A row that two roles hold otherwise.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowsApart {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// The level of the role.
    pub level: String,
    /// The level of the other one.
    pub other: String,
}

/// What to merge.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MergesOf {
    /// How many roles there should be less.
    pub wanted: usize,
    /// The cheapest merges that make one role less, cheapest first; twenty at most.
    pub cheapest: Vec<MergeOf>,
    /// The cheapest merges that together make as many less as wanted; nothing where no merges do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanOf>,
    /// Whether all merges that make one role less were tried; and where there is no plan, whether there can be none.
    pub exact: bool,
}

/// Roles that become one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MergeOf {
    /// The roles; one alone where it gives way to a template.
    pub roles: Vec<String>,
    /// The role or template that holds all of it already; nothing where one is to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<RoleOrTemplate>,
    /// What their holders would gain.
    pub gain: Gained,
    /// How many permissions the roles hold more, each counted for every role.
    pub cells: usize,
}

/// Merges that belong together.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlanOf {
    /// The merges.
    pub merges: Vec<MergeOf>,
    /// What people would gain by all of them.
    pub gain: Gained,
    /// How many permissions roles hold more, each counted for every role.
    pub cells: usize,
    /// Whether no other way costs less; else the search was stopped early.
    pub exact: bool,
    /// So many permissions are gained in any way, each counted for everybody who gains it.
    pub at_least: usize,
}

/// Some actions of a row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PartOf {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// The actions.
    pub actions: Vec<String>,
}

impl Advised {
    /// Advice on some organizations, people counted from a time on.
    pub fn of(advice: &[Advice<'_>], at: Time) -> Self {
        Self {
            version: VERSION,
            at: at.to_string(),
            organizations: advice.iter().map(AdvisedIn::of).collect(),
        }
    }
}

impl AdvisedIn {
    fn of(advice: &Advice<'_>) -> Self {
        let rows = |rows: &[Differing<'_>]| {
            let apart = |row: Row<'_>, held: Actions, other: Actions| RowsApart {
                category: row.category().id().to_owned(),
                row: row.id().to_owned(),
                level: level(row.shape(), held),
                other: level(row.shape(), other),
            };
            rows.iter().map(|it| apart(it.row, it.held, it.other)).collect()
        };
        Self {
            organization: advice.organization.id().to_owned(),
            kind: advice.organization.kind().word(),
            custom_roles: advice.custom,
            limit: advice.limit,
            equal: advice.equal.iter().map(|group| group.iter().map(RoleOrTemplate::of).collect()).collect(),
            within: advice
                .within
                .iter()
                .map(|it| WithinOf {
                    role: it.role.id().to_owned(),
                    wider: RoleOrTemplate::of(&it.wider),
                    more: it.more,
                    gain: Gained::of(it.gain),
                })
                .collect(),
            nearest: advice
                .nearest
                .iter()
                .map(|it| NearestOf {
                    role: it.role.id().to_owned(),
                    other: RoleOrTemplate::of(&it.other),
                    more: it.more,
                    less: it.less,
                    rows: rows(&it.rows),
                })
                .collect(),
            merges: advice.merges.as_ref().map(MergesOf::of),
            exact: advice.is_whole,
        }
    }
}

impl RoleOrTemplate {
    /// A role as it is named.
    pub fn of(role: &Role<'_>) -> Self {
        Self { role: role.id().to_owned(), template: role.is_template(), default: role.is_default() }
    }
}

impl Gained {
    fn of(gain: Gain) -> Self {
        Self { holders: gain.people, permissions: gain.permissions }
    }
}

impl MergesOf {
    fn of(merges: &Merges<'_>) -> Self {
        Self {
            wanted: merges.wanted,
            cheapest: merges.cheapest.iter().map(MergeOf::of).collect(),
            plan: merges.plan.as_ref().map(PlanOf::of),
            exact: merges.is_whole,
        }
    }
}

impl MergeOf {
    fn of(merge: &Merge<'_>) -> Self {
        Self {
            roles: merge.roles.iter().map(|role| role.id().to_owned()).collect(),
            into: merge.into.as_ref().map(RoleOrTemplate::of),
            gain: Gained::of(merge.gain),
            cells: merge.cells,
        }
    }
}

impl PlanOf {
    fn of(plan: &Plan<'_>) -> Self {
        Self {
            merges: plan.merges.iter().map(MergeOf::of).collect(),
            gain: Gained::of(plan.gain),
            cells: plan.cells,
            exact: plan.is_exact,
            at_least: plan.at_least,
        }
    }
}

impl PartOf {
    /// Actions of each of some rows.
    pub fn all(parts: &[Part<'_>]) -> Vec<Self> {
        let one = |part: &Part<'_>| Self {
            category: part.row.category().id().to_owned(),
            row: part.row.id().to_owned(),
            actions: names(part.row, part.actions),
        };
        parts.iter().map(one).collect()
    }
}
