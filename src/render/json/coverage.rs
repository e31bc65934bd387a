//! What tests speak of and what they would notice, for programs.

use serde::Serialize;

use crate::catalog::{Catalog, Row};
use crate::source::Sources;
use crate::tools::ask::level;
use crate::tools::testing::{self, Marked, Without, flipped, flips};
use crate::vocab::{Actions, Time};

/// So much of a whole.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Share {
    /// How many are.
    pub part: usize,
    /// Of how many.
    pub all: usize,
    /// The same in percent; 100 where there is nothing.
    pub percent: f64,
}

impl From<testing::Count> for Share {
    fn from(count: testing::Count) -> Self {
        Self { part: count.part, all: count.all, percent: count.percent() }
    }
}

/// Of how much tests speak.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Tests;
/// use rolec::source::Sources;
/// use rolec::tools::testing::{coverage, mutation, run};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let sources = &compiled.sources;
/// let document = Tests::of(sources, &table, &run(&model, &table));
/// let (spoken, noticed) = (coverage(&model, sources), mutation(&model, sources));
/// let document = document.with(sources, Some(&spoken), Some(&noticed));
/// assert_eq!(document.coverage.unwrap().permissions.part, 3);
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Coverage {
    /// The permissions that tests speak of: actions of the cells of all roles.
    pub permissions: Share,
    /// The cells of which tests speak of every action.
    pub cells: Share,
    /// Each role and template.
    pub roles: Vec<CoveredRole>,
    /// Each row, over all roles.
    pub rows: Vec<CoveredRow>,
}

/// Of how much of a role tests speak.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoveredRole {
    /// Its organization; none of a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The role.
    pub role: String,
    /// Its permissions.
    pub permissions: Share,
    /// What no test speaks of.
    pub missing: Vec<MissingCell>,
}

/// A cell of which tests do not say everything.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MissingCell {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// What the role holds of it.
    pub level: String,
    /// The actions that no test speaks of.
    pub actions: Vec<String>,
}

/// Of how much of a row tests speak.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoveredRow {
    /// The catalog.
    pub catalog: String,
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// Its permissions in all roles.
    pub permissions: Share,
}

/// Which changes tests would notice.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Tests;
/// use rolec::source::Sources;
/// use rolec::tools::testing::{coverage, mutation, run};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
/// let sources = &compiled.sources;
/// let document = Tests::of(sources, &table, &run(&model, &table));
/// let (spoken, noticed) = (coverage(&model, sources), mutation(&model, sources));
/// let document = document.with(sources, Some(&spoken), Some(&noticed));
/// assert_eq!(document.mutation.unwrap().assignments.part, 0);
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Mutation {
    /// The changes of cells that are noticed.
    pub cells: Share,
    /// The changes of assignments that are.
    pub assignments: Share,
    /// Each role and template.
    pub roles: Vec<MutatedRole>,
    /// The changes of assignments that are not noticed.
    pub unnoticed_assignments: Vec<UnnoticedAssignment>,
}

/// Which changes of a role tests would notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MutatedRole {
    /// Its organization; none of a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The role.
    pub role: String,
    /// The changes of its cells that are noticed.
    pub changes: Share,
    /// Those that are not.
    pub unnoticed: Vec<UnnoticedCell>,
}

/// Changes of a cell that no test would notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnnoticedCell {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// What the role holds of it.
    pub level: String,
    /// What it could hold instead, and no test would fail.
    pub instead: Vec<String>,
}

/// A change of an assignment that no test would notice.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnnoticedAssignment {
    /// The organization.
    pub organization: String,
    /// Whose.
    pub principal: String,
    /// The role.
    pub role: String,
    /// From when it is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What is taken from it: `all`, `from` or `until`.
    pub without: &'static str,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Coverage {
    /// What tests speak of.
    pub(super) fn of(coverage: &testing::Coverage<'_>) -> Self {
        let role = |marked: &Marked<'_>| CoveredRole {
            organization: organization(marked),
            role: marked.role.id.to_string(),
            permissions: coverage.of(marked).into(),
            missing: marked
                .rows()
                .filter_map(|(_, row, held, marks)| missing(marked, row, held, marks))
                .collect(),
        };
        let rows = coverage.rows().into_iter().map(|(catalog, row, count)| CoveredRow {
            catalog: catalog.id.to_string(),
            category: category(catalog, row),
            row: row.id.to_string(),
            permissions: count.into(),
        });
        Self {
            permissions: coverage.total().into(),
            cells: coverage.whole().into(),
            roles: coverage.roles.iter().map(role).collect(),
            rows: rows.collect(),
        }
    }
}

fn missing(marked: &Marked<'_>, row: &Row, held: Actions, marks: Actions) -> Option<MissingCell> {
    let open = row.shape.top() - marks;
    (!open.is_empty()).then(|| MissingCell {
        category: category(marked.catalog, row),
        row: row.id.to_string(),
        level: level(&row.shape, held),
        actions: row.shape.names(open).map(str::to_owned).collect(),
    })
}

impl Mutation {
    /// What tests would notice.
    pub(super) fn of(sources: &Sources, mutation: &testing::Mutation<'_>) -> Self {
        let role = |marked: &Marked<'_>| MutatedRole {
            organization: organization(marked),
            role: marked.role.id.to_string(),
            changes: mutation.of(marked).into(),
            unnoticed: marked
                .rows()
                .filter_map(|(_, row, held, marks)| unnoticed(marked, row, held, marks))
                .collect(),
        };
        let time = |time: Option<Time>| time.map(|time| time.to_string());
        let assignments = mutation.unnoticed.iter().map(|one| {
            let place = one.assignment.place;
            let (line, column) = sources.line_column(place);
            UnnoticedAssignment {
                organization: one.organization.id.to_string(),
                principal: one.principal.name.to_string(),
                role: one.role.to_owned(),
                from: time(one.assignment.from()),
                until: time(one.assignment.until()),
                without: match one.without {
                    Without::All => "all",
                    Without::From => "from",
                    Without::Until => "until",
                },
                file: sources.file(place.file).map_or("", |file| file.name()).to_owned(),
                line,
                column,
            }
        });
        Self {
            cells: mutation.cells().into(),
            assignments: mutation.assignments.into(),
            roles: mutation.roles.iter().map(role).collect(),
            unnoticed_assignments: assignments.collect(),
        }
    }
}

fn unnoticed(marked: &Marked<'_>, row: &Row, held: Actions, marks: Actions) -> Option<UnnoticedCell> {
    let open = flips(row, held) - marks;
    let instead = open.positions().map(|at| level(&row.shape, flipped(held, Actions::one(at))));
    (!open.is_empty()).then(|| UnnoticedCell {
        category: category(marked.catalog, row),
        row: row.id.to_string(),
        level: level(&row.shape, held),
        instead: instead.collect(),
    })
}

fn organization(marked: &Marked<'_>) -> Option<String> {
    marked.organization.map(|organization| organization.id.to_string())
}

fn category(catalog: &Catalog, row: &Row) -> String {
    catalog.category(row.category).map_or_else(String::new, |category| category.id.to_string())
}
