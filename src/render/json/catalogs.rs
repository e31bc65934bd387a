//! Catalogs and their rows, for programs.

use serde::Serialize;

use crate::table::{self, Row};
use crate::tools::ask::spelled;

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
    /// Whether who holds its top may come to hold more.
    pub escalating: bool,
    /// The rows that they may come to hold, as one writes them; none where that is everything, or nothing more.
    pub leads_to: Vec<String>,
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
            leads_to: row.leads_to().map(spelled).collect(),
            notes: row.notes().map(str::to_owned).collect(),
            caveats: row.caveats().map(str::to_owned).collect(),
        }
    }
}
