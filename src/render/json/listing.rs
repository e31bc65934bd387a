//! Lists, for programs: who holds a permission, what somebody holds.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::origin::names;
use crate::render::json::when::When;
use crate::table::{Principal, Role, Row};
use crate::tools::ask::level;
use crate::tools::listing::{Holders, Right, Stretch};
use crate::vocab::{Period, PrincipalKind};

/// Who holds a permission.
///
/// ```
/// use rolec::render::json::WhoHolds;
/// use rolec::table::Table;
/// use rolec::tools::{ask, listing::who};
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = ask::permission(&table, acme.catalog(), &ask::What::Text("pages:create")).unwrap();
/// let year = Period::parse("2026")?;
/// let document = WhoHolds::of(&[who(&table, acme, create, year).unwrap()], year);
/// let bot = &document.organizations[0].principals[1];
/// assert_eq!((bot.name.as_str(), bot.service, &bot.by[..]), ("bot", true, &["editor".to_owned()][..]));
/// assert_eq!(bot.during[0].from.as_deref(), Some("2026-06-01"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhoHolds {
    /// The version of this shape.
    pub version: u32,
    /// The time asked about.
    #[serde(flatten)]
    pub when: When,
    /// Each organization asked about.
    pub organizations: Vec<HoldersIn>,
}

/// Who holds a permission in one organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HoldersIn {
    /// The organization.
    pub organization: String,
    /// `direct` or `managed`.
    pub kind: &'static str,
    /// The roles of the organization that hold all of it.
    pub roles: Vec<String>,
    /// The templates of its catalog that do.
    pub templates: Vec<String>,
    /// The principals that do at the time, or at some moment of the period.
    pub principals: Vec<HeldBy>,
}

/// A principal with the roles that give it a permission.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HeldBy {
    /// The principal.
    pub name: String,
    /// Whether it is a service account.
    pub service: bool,
    /// The roles in force that give a part of it.
    pub by: Vec<String>,
    /// The stretches of the period in which it is held; none where a moment was asked about.
    pub during: Vec<HeldDuring>,
}

/// A stretch of a period in which a permission is held.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HeldDuring {
    /// Its first moment; none where it has no beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment after it; none where it does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The roles in force in it that give a part.
    pub by: Vec<String>,
}

impl HeldDuring {
    fn of(stretch: &Stretch<'_>) -> Self {
        Self {
            from: stretch.period.beginning().map(|from| from.to_string()),
            until: stretch.period.until().map(|until| until.to_string()),
            by: ids(&stretch.by),
        }
    }
}

fn ids(roles: &[Role<'_>]) -> Vec<String> {
    roles.iter().map(|role| role.id().to_owned()).collect()
}

/// The roles of all stretches, each once, as they are met.
pub(super) fn by(stretches: &[Stretch<'_>]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let roles = stretches.iter().flat_map(|stretch| &stretch.by);
    roles.filter(|role| seen.insert(role.key())).map(|role| role.id().to_owned()).collect()
}

impl WhoHolds {
    /// Holders in organizations at a moment, or over a period.
    pub fn of(holders: &[Holders<'_>], period: impl Into<Period>) -> Self {
        let period = period.into();
        let roles = |templates: bool, here: &Holders<'_>| {
            let roles = here.roles.iter().filter(|role| role.is_template() == templates);
            roles.map(|role| role.id().to_owned()).collect()
        };
        let held = |(principal, stretches): &(Principal<'_>, Vec<Stretch<'_>>)| HeldBy {
            name: principal.name().to_owned(),
            service: principal.kind() == PrincipalKind::Service,
            by: by(stretches),
            during: stretches.iter().filter(|_| !period.is_moment()).map(HeldDuring::of).collect(),
        };
        let organizations = holders
            .iter()
            .map(|here| HoldersIn {
                organization: here.organization.id().to_owned(),
                kind: here.organization.kind().word(),
                roles: roles(false, here),
                templates: roles(true, here),
                principals: here.principals.iter().map(held).collect(),
            })
            .collect();
        Self { version: VERSION, when: When::of(period), organizations }
    }
}

/// What somebody holds.
///
/// ```
/// use rolec::render::json::{VERSION, WhatHeld, When};
/// use rolec::vocab::Time;
///
/// let idle = WhatHeld {
///     version: VERSION,
///     organization: "acme".to_owned(),
///     principal: Some("bot".to_owned()),
///     service: Some(true),
///     role: None,
///     when: When::of(Time::parse("2026-05-31")?.into()),
///     idle: true,
///     next: Some("2026-06-01".to_owned()),
///     rights: Vec::new(),
/// };
/// let document = serde_json::to_value(&idle)?;
/// assert!(document.get("role").is_none() && document["next"] == "2026-06-01");
/// assert_eq!(document["at"], "2026-05-31");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhatHeld {
    /// The version of this shape.
    pub version: u32,
    /// The organization.
    pub organization: String,
    /// The principal; none where a role was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Whether the principal is a service account; left out of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<bool>,
    /// The role; none where a principal was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The time asked about.
    #[serde(flatten)]
    pub when: When,
    /// Whether no assignment is in force: nothing is held then, not even floors.
    pub idle: bool,
    /// When the next assignment begins, where none is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Every row of which something is held.
    pub rights: Vec<RightOf>,
}

/// A row of what somebody holds.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::render::json::RightOf;
/// use rolec::table::Table;
/// use rolec::tools::listing::what;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let editor = Holder::Role(acme.key(), table.role(acme.key(), "editor").unwrap());
/// let at = Time::parse("2026-12-31")?;
/// let pages = RightOf::of(&what(&table, acme, editor, at)[1], at);
/// assert_eq!((pages.row.as_str(), pages.level.as_str()), ("pages", "create, update"));
/// assert!(pages.during.is_empty(), "a moment has no stretches");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RightOf {
    /// The category.
    pub category: String,
    /// The category's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_title: Option<String>,
    /// The row.
    pub row: String,
    /// The row's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The level as one writes it: over a period, of all actions that are held at some moment.
    pub level: String,
    /// The actions; over a period perhaps not all of them at once, which `during` tells.
    pub actions: Vec<String>,
    /// The roles in force that give a part of it.
    pub by: Vec<String>,
    /// The stretches of the period in which the same is held; none where a moment was asked about.
    pub during: Vec<LevelDuring>,
}

/// A stretch of a period in which the same is held of a row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LevelDuring {
    /// The level as one writes it.
    pub level: String,
    /// The actions.
    pub actions: Vec<String>,
    /// When, and by which roles.
    #[serde(flatten)]
    pub held: HeldDuring,
}

impl LevelDuring {
    pub(super) fn of(row: Row<'_>, stretch: &Stretch<'_>) -> Self {
        Self {
            level: level(row.shape(), stretch.held),
            actions: names(row, stretch.held),
            held: HeldDuring::of(stretch),
        }
    }
}

impl RightOf {
    /// A row of what somebody holds at a moment, or over a period.
    pub fn of(right: &Right<'_>, period: impl Into<Period>) -> Self {
        let period = period.into();
        let during = |stretch| LevelDuring::of(right.row, stretch);
        Self {
            category: right.row.category().id().to_owned(),
            category_title: right.row.category().title().map(str::to_owned),
            row: right.row.id().to_owned(),
            title: right.row.title().map(str::to_owned),
            level: level(right.row.shape(), right.held),
            actions: names(right.row, right.held),
            by: by(&right.stretches),
            during: right.stretches.iter().filter(|_| !period.is_moment()).map(during).collect(),
        }
    }
}
