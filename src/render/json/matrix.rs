//! Whole matrices, for programs.

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::listing::{LevelDuring, by};
use crate::render::json::origin::names;
use crate::render::json::when::When;
use crate::table::Row;
use crate::tools::ask::level;
use crate::tools::listing;
use crate::tools::listing::Column;
use crate::vocab::Period;

/// Rows against roles or principals, an organization at a time.
///
/// ```
/// use rolec::render::json::Matrices;
/// use rolec::table::Table;
/// use rolec::tools::listing::people;
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let year = Period::parse("2026")?;
/// let document = Matrices::of(&[people(&table, acme, year)], Some(year));
/// assert_eq!((document.view, document.when.from.as_deref()), ("people", Some("2026-01-01")));
/// let spaces = &document.organizations[0].rows[0];
/// assert_eq!((spaces.row.as_str(), spaces.cells[1].level.as_str()), ("spaces", "write"));
/// assert_eq!(spaces.cells[1].throughout.as_deref(), Some(&[][..]), "the bot begins in June");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Matrices {
    /// The version of this shape.
    pub version: u32,
    /// `roles` or `people`: what the columns are.
    pub view: &'static str,
    /// The time asked about; nothing where the columns are roles.
    #[serde(flatten)]
    pub when: When,
    /// Each organization asked about.
    pub organizations: Vec<MatrixIn>,
}

/// The matrix of one organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MatrixIn {
    /// The organization.
    pub organization: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `direct` or `managed`.
    pub kind: &'static str,
    /// Its catalog.
    pub catalog: String,
    /// The roles or the principals.
    pub columns: Vec<ColumnOf>,
    /// The rows, in the order of the catalog.
    pub rows: Vec<LineOf>,
}

/// A role or a principal.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ColumnOf {
    /// The id of the role, the name of the principal.
    pub name: String,
    /// `role`, `template`, `admin` or `service`.
    pub kind: &'static str,
    /// The role's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether it is a default role of the catalog.
    pub default: bool,
    /// The roles that a principal has at some moment of the time asked about.
    pub roles: Vec<RoleDuring>,
    /// Whether no assignment of a principal is in force then: nothing is held, not even floors.
    pub idle: bool,
    /// When the next assignment begins, where none is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A role that a principal has.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoleDuring {
    /// The role.
    pub role: String,
    /// Since when, within the period; nothing for a moment, or where there is no beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when, within the period; nothing for a moment, or where there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LineOf {
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
    /// A cell for each of the columns, in their order.
    pub cells: Vec<CellIn>,
}

/// A cell.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CellIn {
    /// The level as one writes it: over a period, of all actions that are held at some moment.
    pub level: String,
    /// The actions that are held: over a period, each at some moment.
    pub actions: Vec<String>,
    /// The actions that are held at every moment of a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughout: Option<Vec<String>>,
    /// Whether there is a moment of a period at which all of the actions are held at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_once: Option<bool>,
    /// The roles that give a part of it to a principal.
    pub by: Vec<String>,
    /// The stretches of a period in which the same is held.
    pub during: Vec<LevelDuring>,
}

impl Matrices {
    /// Matrices of roles, or of principals in a period.
    pub fn of(matrices: &[listing::Matrix<'_>], period: Option<Period>) -> Self {
        Self {
            version: VERSION,
            view: if period.is_some() { "people" } else { "roles" },
            when: period.map(When::of).unwrap_or_default(),
            organizations: matrices.iter().map(MatrixIn::of).collect(),
        }
    }
}

impl MatrixIn {
    fn of(matrix: &listing::Matrix<'_>) -> Self {
        let organization = matrix.organization;
        Self {
            organization: organization.id().to_owned(),
            title: organization.title().map(str::to_owned),
            kind: organization.kind().word(),
            catalog: organization.catalog().id().to_owned(),
            columns: matrix.columns.iter().map(|column| ColumnOf::of(column, matrix.period)).collect(),
            rows: matrix.rows.iter().map(|row| LineOf::of(matrix, *row)).collect(),
        }
    }
}

impl ColumnOf {
    fn of(column: &Column<'_>, period: Option<Period>) -> Self {
        let over = period.filter(|period| !period.is_moment());
        match column {
            Column::Role(role) => Self {
                name: role.id().to_owned(),
                kind: if role.is_template() { "template" } else { "role" },
                title: role.title().map(str::to_owned),
                default: role.is_default(),
                roles: Vec::new(),
                idle: false,
                next: None,
            },
            Column::Person(person) => Self {
                name: person.principal.name().to_owned(),
                kind: person.principal.kind().word(),
                title: None,
                default: false,
                roles: person
                    .roles()
                    .map(|(role, span)| RoleDuring {
                        role: role.id().to_owned(),
                        from: over.and(span.beginning()).map(|from| from.to_string()),
                        until: over.and(span.until()).map(|until| until.to_string()),
                    })
                    .collect(),
                idle: person.idle.is_some(),
                next: person.idle.and_then(|idle| idle.next).map(|next| next.to_string()),
            },
        }
    }
}

impl LineOf {
    fn of<'t>(matrix: &listing::Matrix<'t>, row: Row<'t>) -> Self {
        Self {
            category: row.category().id().to_owned(),
            category_title: row.category().title().map(str::to_owned),
            row: row.id().to_owned(),
            title: row.title().map(str::to_owned),
            cells: matrix.columns.iter().map(|column| CellIn::of(matrix, column, row)).collect(),
        }
    }
}

impl CellIn {
    fn of<'t>(matrix: &listing::Matrix<'t>, column: &Column<'t>, row: Row<'t>) -> Self {
        let cell = matrix.cell(column, row);
        let stretches = match column {
            Column::Person(person) if !cell.some.is_empty() => matrix.stretches(person, row),
            _ => Vec::new(),
        };
        let over = matrix.period.filter(|period| !period.is_moment());
        Self {
            level: level(row.shape(), cell.some),
            actions: names(row, cell.some),
            throughout: over.map(|_| names(row, cell.throughout)),
            at_once: over.map(|_| cell.at_once),
            by: by(&stretches),
            during: stretches
                .iter()
                .filter(|_| over.is_some())
                .map(|stretch| LevelDuring::of(row, stretch))
                .collect(),
        }
    }
}
