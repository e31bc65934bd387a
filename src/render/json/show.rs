//! A role as `show` gives it, for programs.

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::origin::{At, Source, names};
use crate::table::Table;
use crate::tools::explain::{Line, Sheet};

/// A role, row by row.
///
/// ```
/// use rolec::render::json::Shown;
/// use rolec::table::Table;
/// use rolec::tools::explain::sheet;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let document = Shown::of(&table, &sheet(acme.roles().next().unwrap(), Some(acme)));
/// assert_eq!((document.id.as_str(), &document.from[..]), ("editor", &["reader".to_owned()][..]));
/// assert_eq!(document.rows[1].level, "create, update");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Shown {
    /// The version of this shape.
    pub version: u32,
    /// Its id.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its `///` lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Whether it is a template.
    pub template: bool,
    /// Whether it is a default role of its catalog.
    pub default: bool,
    /// The catalog.
    pub catalog: String,
    /// The organization it is shown for; none for a template by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Whether that organization is `direct` or `managed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_kind: Option<&'static str>,
    /// What it starts from.
    pub from: Vec<String>,
    /// The one default role that it starts from, through whatever roles and templates: what it is exported with. Left out
    /// where there is none, or where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_role: Option<String>,
    /// All the default roles that it starts from: none, one or several.
    pub default_roles: Vec<String>,
    /// Where it is.
    pub at: At,
    /// Every row, in the order of the catalog.
    pub rows: Vec<Cell>,
}

/// A row of a role.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell {
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
    /// The name of the row's kind; none where its levels are stated in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The level as one writes it.
    pub level: String,
    /// The actions that it holds.
    pub actions: Vec<String>,
    /// The levels that the row offers.
    pub offered: Vec<String>,
    /// Where the level comes from.
    pub sources: Vec<Source>,
    /// The actions that a spread of the role took away from what its bases gave.
    pub lowered: Vec<String>,
    /// What the catalog has to say of it.
    pub notes: Vec<String>,
    /// What the catalog has to say of an allow.
    pub caveats: Vec<String>,
    /// Whether who holds its top may come to hold more.
    pub escalating: bool,
}

impl Shown {
    /// A sheet.
    pub fn of(table: &Table, sheet: &Sheet<'_>) -> Self {
        let role = sheet.role;
        let default_roles: Vec<String> = sheet.default_roles.iter().map(|one| one.id().to_owned()).collect();
        let default_role = match default_roles.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
        Self {
            version: VERSION,
            id: role.id().to_owned(),
            title: role.title().map(str::to_owned),
            description: role.description().map(str::to_owned),
            doc: role.doc().map(str::to_owned),
            template: role.is_template(),
            default: role.is_default(),
            catalog: role.catalog().id().to_owned(),
            organization: sheet.organization.map(|organization| organization.id().to_owned()),
            organization_kind: sheet.organization.map(|organization| organization.kind().word()),
            from: role.bases().map(|base| base.id().to_owned()).collect(),
            default_role,
            default_roles,
            at: At::of(table, role.position()),
            rows: sheet.lines.iter().map(|line| Cell::of(table, line)).collect(),
        }
    }
}

impl Cell {
    fn of(table: &Table, line: &Line<'_>) -> Self {
        let row = line.row;
        let texts = |texts: &mut dyn Iterator<Item = &str>| texts.map(str::to_owned).collect();
        Self {
            category: row.category().id().to_owned(),
            category_title: row.category().title().map(str::to_owned),
            row: row.id().to_owned(),
            title: row.title().map(str::to_owned),
            kind: row.kind().map(str::to_owned),
            level: line.level(),
            actions: names(row, line.held),
            offered: row.shape().offered().into_iter().map(str::to_owned).collect(),
            sources: line.parts.iter().map(|part| Source::of(table, row, part)).collect(),
            lowered: names(row, line.lowered),
            notes: texts(&mut row.notes()),
            caveats: texts(&mut row.caveats()),
            escalating: row.is_escalating(),
        }
    }
}
