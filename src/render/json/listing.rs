//! Lists, for programs: who holds a permission, what somebody holds, catalogs and their rows.

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::origin::names;
use crate::table::{self, Row};
use crate::tools::listing::{Holders, Right};
use crate::vocab::{PrincipalKind, Time};

/// Who holds a permission.
///
/// ```
/// use rolec::render::json::WhoHolds;
/// use rolec::table::Table;
/// use rolec::tools::{ask, listing::who};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = ask::permission(&table, acme.catalog(), &ask::What::Text("pages:create")).unwrap();
/// let at = Time::parse("2027-01-01")?;
/// let document = WhoHolds::of(&[who(&table, acme, create, at).unwrap()], at);
/// let bot = &document.organizations[0].principals[0];
/// assert_eq!((bot.name.as_str(), bot.service, &bot.by[..]), ("bot", true, &["editor".to_owned()][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhoHolds {
    /// The version of this shape.
    pub version: u32,
    /// The time asked about.
    pub at: String,
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
    /// The principals that do at the time.
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
}

impl WhoHolds {
    /// Holders in organizations at a time.
    pub fn of(holders: &[Holders<'_>], at: Time) -> Self {
        let ids = |templates: bool, here: &Holders<'_>| {
            let roles = here.roles.iter().filter(|role| role.is_template() == templates);
            roles.map(|role| role.id().to_owned()).collect()
        };
        let organizations = holders
            .iter()
            .map(|here| HoldersIn {
                organization: here.organization.id().to_owned(),
                kind: here.organization.kind().word(),
                roles: ids(false, here),
                templates: ids(true, here),
                principals: here
                    .principals
                    .iter()
                    .map(|(principal, by)| HeldBy {
                        name: principal.name().to_owned(),
                        service: principal.kind() == PrincipalKind::Service,
                        by: by.iter().map(|role| role.id().to_owned()).collect(),
                    })
                    .collect(),
            })
            .collect();
        Self { version: VERSION, at: at.to_string(), organizations }
    }
}

/// What somebody holds.
///
/// ```
/// use rolec::render::json::{VERSION, WhatHeld};
///
/// let idle = WhatHeld {
///     version: VERSION,
///     organization: "acme".to_owned(),
///     principal: Some("bot".to_owned()),
///     service: Some(true),
///     role: None,
///     at: "2026-05-31".to_owned(),
///     idle: true,
///     next: Some("2026-06-01".to_owned()),
///     rights: Vec::new(),
/// };
/// let document = serde_json::to_value(&idle)?;
/// assert!(document.get("role").is_none() && document["next"] == "2026-06-01");
/// # Ok::<(), serde_json::Error>(())
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
    pub at: String,
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
/// let rights = what(&table, acme, editor, Time::parse("2026-12-31")?);
/// let pages = RightOf::of(&rights[1]);
/// assert_eq!((pages.row.as_str(), pages.level.as_str()), ("pages", "create, update"));
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
    /// The level as one writes it.
    pub level: String,
    /// The actions.
    pub actions: Vec<String>,
    /// The roles in force that give a part of it.
    pub by: Vec<String>,
}

impl RightOf {
    /// A row of what somebody holds.
    pub fn of(right: &Right<'_>) -> Self {
        Self {
            category: right.row.category().id().to_owned(),
            category_title: right.row.category().title().map(str::to_owned),
            row: right.row.id().to_owned(),
            title: right.row.title().map(str::to_owned),
            level: right.row.shape().level(right.held),
            actions: names(right.row, right.held),
            by: right.by.iter().map(|role| role.id().to_owned()).collect(),
        }
    }
}

/// Catalogs.
///
/// ```
/// use rolec::render::json::{CatalogOf, Catalogs, VERSION};
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let all = table.catalogs().map(|catalog| CatalogOf::of(catalog, catalog.rows()));
/// let document = Catalogs { version: VERSION, catalogs: all.collect() };
/// assert_eq!(serde_json::to_value(&document)?["catalogs"][0]["rows"][1]["row"], "pages");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Catalogs {
    /// The version of this shape.
    pub version: u32,
    /// Each of them.
    pub catalogs: Vec<CatalogOf>,
}

/// A catalog with its rows, or those that were found.
///
/// ```
/// use rolec::render::json::CatalogOf;
/// use rolec::table::Table;
/// use rolec::tools::catalogs::search;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// // With the rows that were searched for only.
/// let shown = CatalogOf::of(wiki, search(wiki, "members").into_iter());
/// assert_eq!((shown.id.as_str(), shown.rows.len(), shown.custom_roles), ("wiki", 1, Some(10)));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CatalogOf {
    /// Its id.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its version, as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_version: Option<String>,
    /// Its templates.
    pub templates: Vec<String>,
    /// The template whose holders may change roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub super_role: Option<String>,
    /// How many custom roles an organization may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_roles: Option<u32>,
    /// Whether ids that differ by case or Unicode form only are different ids.
    pub case_sensitive: bool,
    /// Its categories.
    pub categories: Vec<CategoryOf>,
    /// Its rows.
    pub rows: Vec<RowOf>,
}

/// A category of a catalog.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CategoryOf {
    /// Its id.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A row of a catalog.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowOf {
    /// The category.
    pub category: String,
    /// Its id.
    pub row: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its `///` lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// The name of its kind; none where its levels are stated in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `ladder`, `verbs` or `flag`.
    pub form: String,
    /// The levels that it offers.
    pub offered: Vec<String>,
    /// Its actions.
    pub actions: Vec<String>,
    /// Whether it is there in managed organizations only.
    pub only_managed: bool,
    /// Whether its holder may be able to widen rights.
    pub escalating: bool,
    /// What the catalog notes of it.
    pub notes: Vec<String>,
    /// What the catalog has to say of an allow.
    pub caveats: Vec<String>,
}

impl CatalogOf {
    /// A catalog with some of its rows.
    pub fn of<'t>(catalog: table::Catalog<'t>, rows: impl Iterator<Item = Row<'t>>) -> Self {
        Self {
            id: catalog.id().to_owned(),
            title: catalog.title().map(str::to_owned),
            stated_version: catalog.version().map(str::to_owned),
            templates: catalog.templates().map(|template| template.id().to_owned()).collect(),
            super_role: catalog.super_role().map(|role| role.id().to_owned()),
            custom_roles: catalog.custom_role_limit(),
            case_sensitive: catalog.is_case_sensitive(),
            categories: catalog.categories().map(CategoryOf::of).collect(),
            rows: rows.map(RowOf::of).collect(),
        }
    }
}

impl CategoryOf {
    /// A category.
    pub fn of(category: table::Category<'_>) -> Self {
        Self { id: category.id().to_owned(), title: category.title().map(str::to_owned) }
    }
}

impl RowOf {
    /// A row.
    pub fn of(row: Row<'_>) -> Self {
        Self {
            category: row.category().id().to_owned(),
            row: row.id().to_owned(),
            title: row.title().map(str::to_owned),
            doc: row.doc().map(str::to_owned),
            kind: row.kind().map(str::to_owned),
            form: row.shape().form().word().to_owned(),
            offered: row.shape().offered().into_iter().map(str::to_owned).collect(),
            actions: row.shape().actions().map(str::to_owned).collect(),
            only_managed: row.is_only_managed(),
            escalating: row.is_escalating(),
            notes: row.notes().map(str::to_owned).collect(),
            caveats: row.caveats().map(str::to_owned).collect(),
        }
    }
}
