//! What differs between two catalogs, for programs.

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::catalogs::{CategoryOf, RowOf};
use crate::table::{Catalog, Role, Row};
use crate::tools::ask::level;
use crate::tools::diff::catalogs::{Change, Comparison, Difference, Field, Said};

/// What differs between two catalogs.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Compared;
/// use rolec::source::Sources;
/// use rolec::tools::diff::catalogs::compare;
///
/// let text = "catalog old { category c { a: flag } } catalog new version \"2\" { category c { a: flag b: flag } }";
/// let table = compile(Sources::from_iter([("catalogs.role", text)])).table.unwrap();
/// let catalog = |id| table.catalog_view(table.catalog(id).unwrap()).unwrap();
/// let document = Compared::of(&compare(catalog("old"), catalog("new")));
/// assert_eq!((document.rows.added.len(), document.rows.removed.len(), document.rows.changed.len()), (1, 0, 0));
/// let version = serde_json::to_value(&document.catalog[0]).unwrap();
/// assert_eq!(version, serde_json::json!({ "what": "version", "old": null, "new": "2" }));
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Compared {
    /// The version of this shape.
    pub version: u32,
    /// The catalog before.
    pub old: CatalogNamed,
    /// The catalog after.
    pub new: CatalogNamed,
    /// What differs of what the catalogs say of themselves.
    pub catalog: Vec<Differing>,
    /// Their categories.
    pub categories: Changes<CategoryOf>,
    /// Their rows.
    pub rows: Changes<RowOf>,
    /// Their default roles.
    pub roles: Changes<RoleOf>,
}

/// Which catalog was compared.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CatalogNamed {
    /// Its id.
    pub id: String,
    /// Its version, as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated_version: Option<String>,
}

/// What became of things of one sort.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ChangesOf{T}"))]
pub struct Changes<T> {
    /// Those that only the new catalog has.
    pub added: Vec<T>,
    /// Those that only the old one has.
    pub removed: Vec<T>,
    /// Those that both have, and that differ.
    pub changed: Vec<Changed<T>>,
}

/// A thing that differs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Changed{T}"))]
pub struct Changed<T> {
    /// As the new catalog has it.
    pub now: T,
    /// What differs.
    pub differences: Vec<Differing>,
}

/// One thing that is said otherwise.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Differing {
    /// `title`, `doc`; of a catalog `version`, `super`, `custom-roles`, `case-sensitive`; of a row `kind`, `form`,
    /// `levels`, `only-managed`, `escalating`, `notes`, `caveats`; of a role `description`, `default`, `from`, `level`; of
    /// an organization `kind`, `catalog`.
    pub what: &'static str,
    /// For a `level`, the category of its row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// For a `level`, its row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// What was said; null for nothing.
    pub old: Value,
    /// What is said now; null for nothing.
    pub new: Value,
}

/// What is said.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// A text.
    Text(String),
    /// A number.
    Number(u32),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    Texts(Vec<String>),
}

/// A default role.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoleOf {
    /// Its id.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its level of each row that it has above the floor.
    pub levels: Vec<LevelOf>,
}

/// A level that a role has of a row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LevelOf {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// The level as one writes it.
    pub level: String,
}

impl Compared {
    /// What was found.
    pub fn of(found: &Comparison<'_>) -> Self {
        Self {
            version: VERSION,
            old: CatalogNamed::of(found.old),
            new: CatalogNamed::of(found.new),
            catalog: Differing::all(&found.itself),
            categories: Changes::of(&found.categories, CategoryOf::of),
            rows: Changes::of(&found.rows, RowOf::of),
            roles: Changes::of(&found.roles, RoleOf::of),
        }
    }
}

impl CatalogNamed {
    fn of(catalog: Catalog<'_>) -> Self {
        Self { id: catalog.id().to_owned(), stated_version: catalog.version().map(str::to_owned) }
    }
}

impl<T> Changes<T> {
    pub(super) fn of<'t, V: Copy>(found: &[Change<'t, V>], shape: impl Fn(V) -> T) -> Self {
        let mut changes = Self { added: Vec::new(), removed: Vec::new(), changed: Vec::new() };
        for change in found {
            match change {
                Change::Added(one) => changes.added.push(shape(*one)),
                Change::Removed(one) => changes.removed.push(shape(*one)),
                Change::Changed(one, differs) => {
                    changes.changed.push(Changed { now: shape(*one), differences: Differing::all(differs) })
                }
            }
        }
        changes
    }
}

impl Differing {
    pub(super) fn all(found: &[Difference<'_>]) -> Vec<Self> {
        found.iter().map(Self::of).collect()
    }

    fn of(found: &Difference<'_>) -> Self {
        let row = match found.field {
            Field::Level(row) => Some(row),
            _ => None,
        };
        Self {
            what: found.field.word(),
            category: row.map(|row| row.category().id().to_owned()),
            row: row.map(|row| row.id().to_owned()),
            old: Value::of(&found.old),
            new: Value::of(&found.new),
        }
    }
}

impl Value {
    fn of(said: &Said) -> Self {
        match said {
            Said::Nothing => Self::Nothing,
            Said::Text(text) => Self::Text(text.clone()),
            Said::Number(number) => Self::Number(*number),
            Said::Flag(flag) => Self::Flag(*flag),
            Said::Texts(texts) => Self::Texts(texts.clone()),
        }
    }
}

impl RoleOf {
    fn of(role: Role<'_>) -> Self {
        let above_floor = |row: &Row<'_>| role.actions(row.key()) != row.shape().floor();
        Self {
            id: role.id().to_owned(),
            title: role.title().map(str::to_owned),
            levels: role
                .catalog()
                .rows()
                .filter(above_floor)
                .map(|row| LevelOf {
                    category: row.category().id().to_owned(),
                    row: row.id().to_owned(),
                    level: level(row.shape(), role.actions(row.key())),
                })
                .collect(),
        }
    }
}
