//! What differs between two policies, for programs.

use serde::Serialize;

use crate::render::diff::renumbered;
use crate::render::json::VERSION;
use crate::render::json::catalogs::{CategoryOf, RowOf};
use crate::render::json::comparison::{Changes, Differing};
use crate::render::json::origin::{Source, names};
use crate::render::json::when::PeriodOf;
use crate::table::{Organization, Principal, Role, Row, Table};
use crate::tools::ask;
use crate::tools::diff::{
    CatalogChange, CellChange, Counts, Diff, HeldChange, OrganizationChange, Period, PersonChange, Renamed,
    RightChange, RoleChange, Sides, Span,
};
use crate::tools::explain::deciding;
use crate::vocab::{Actions, OrganizationKind, PrincipalKind};

/// What differs between two policies. Nothing of it is cut.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Differs;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("pages: create, update", "pages: create, delete");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let document = Differs::of(&diff(&old, &new));
/// assert!(document.widens && !document.equal);
/// let cell = &document.organizations[0].roles[0].cells[0];
/// assert_eq!((cell.row.as_str(), &cell.gained[..], &cell.lost[..]), ("pages", &["delete".to_owned()][..], &["update".to_owned()][..]));
/// assert_eq!(cell.new_sources[0].text.as_deref(), Some("pages: create, delete"));
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Differs {
    /// The version of this shape.
    pub version: u32,
    /// The one moment that people were compared at; left out where they were at all moments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Whether nothing differs.
    pub equal: bool,
    /// Whether any role or anybody gains any action at any moment that was looked at.
    pub widens: bool,
    /// How much differs.
    pub summary: CountsOf,
    /// The catalogs that differ.
    pub catalogs: Vec<CatalogDiffers>,
    /// The templates that differ, with the cells that a managed organization sees of them.
    pub templates: Vec<RoleDiffers>,
    /// The organizations in which something differs.
    pub organizations: Vec<OrganizationDiffers>,
}

/// How much differs.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CountsOf {
    /// Catalogs.
    pub catalogs: usize,
    /// Organizations that are on one side only, or say something else of themselves.
    pub organizations: usize,
    /// Roles and templates. A template counts once, and again where an organization sees it otherwise.
    pub roles: usize,
    /// Cells.
    pub cells: usize,
    /// People, service accounts too. Who is known to two organizations counts twice.
    pub people: usize,
    /// People who gain a right at any moment.
    pub gaining: usize,
    /// People who lose a right at any moment.
    pub losing: usize,
}

/// What became of a catalog.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CatalogDiffers {
    /// Its id.
    pub id: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// What differs of what it says of itself.
    pub differences: Vec<Differing>,
    /// Its categories; left out where the catalog is on one side only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Changes<CategoryOf>>,
    /// Its rows, without those that were renamed; left out where the catalog is on one side only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Changes<RowOf>>,
    /// Its rows that were renamed.
    pub renamed: Vec<RowRenamed>,
}

/// A row that was renamed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowRenamed {
    /// What it was.
    pub old: RowNamed,
    /// What it is.
    pub new: RowNamed,
    /// Whether the ids differ by case or Unicode form only, and the catalog takes that for no difference.
    pub respelled: bool,
    /// What else differs.
    pub differences: Vec<Differing>,
}

/// A row by its ids.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowNamed {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
}

/// What became of an organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OrganizationDiffers {
    /// Its id.
    pub id: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// `direct` or `managed`, as it is.
    pub kind: &'static str,
    /// What differs of what it says of itself: `title`, `doc`, `kind`, `catalog`.
    pub differences: Vec<Differing>,
    /// Its roles; where it sees other rows than it did, the templates too.
    pub roles: Vec<RoleDiffers>,
    /// The people for whom something differs.
    pub people: Vec<PersonDiffers>,
}

/// What became of a role or template.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoleDiffers {
    /// Its id.
    pub id: String,
    /// `added`, `removed`, `renamed` or `changed`.
    pub change: &'static str,
    /// Its id before, where it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// Whether it is a template.
    pub template: bool,
    /// What differs of what it says of itself: `title`, `doc`, `description`, `default`.
    pub differences: Vec<Differing>,
    /// The rows of which it holds something else.
    pub cells: Vec<CellDiffers>,
}

/// What became of what a role holds of a row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CellDiffers {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// What the row was called, where it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<RowNamed>,
    /// The level before; null where there was no such row.
    pub old: Option<String>,
    /// The level after; null where there is no such row.
    pub new: Option<String>,
    /// The actions that were gained.
    pub gained: Vec<String>,
    /// The actions that were lost.
    pub lost: Vec<String>,
    /// Whether it comes of another catalog alone.
    pub of_catalog: bool,
    /// What decided these actions before.
    pub old_sources: Vec<Source>,
    /// What decides them now.
    pub new_sources: Vec<Source>,
}

/// What became of somebody.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PersonDiffers {
    /// The principal.
    pub name: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// Whether it is a service account.
    pub service: bool,
    /// Whether it was one, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was_service: Option<bool>,
    /// The roles that are held at other times.
    pub roles: Vec<HeldDiffers>,
    /// The rows of which something else is held.
    pub rights: Vec<RightDiffers>,
}

/// A role that somebody holds at other times.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HeldDiffers {
    /// The role.
    pub role: String,
    /// When it is held and was not.
    pub gained: Vec<PeriodOf>,
    /// When it was held and is not any more.
    pub lost: Vec<PeriodOf>,
}

/// A row of which somebody holds something else.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RightDiffers {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// What the row was called, where it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<RowNamed>,
    /// Whether it comes of another catalog alone.
    pub of_catalog: bool,
    /// When what is gained and lost, in order.
    pub spans: Vec<SpanOf>,
}

/// A stretch of time in which something else is held of a row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpanOf {
    /// When.
    #[serde(flatten)]
    pub period: PeriodOf,
    /// The level before; null where there was no such row.
    pub old: Option<String>,
    /// The level after; null where there is no such row.
    pub new: Option<String>,
    /// The actions that are gained.
    pub gained: Vec<String>,
    /// The actions that are lost.
    pub lost: Vec<String>,
}

impl Differs {
    /// What was found.
    pub fn of(found: &Diff<'_>) -> Self {
        let every_row = Sides { old: None, new: None };
        Self {
            version: VERSION,
            at: found.at.map(|at| at.to_string()),
            equal: found.is_empty(),
            widens: found.widens(),
            summary: CountsOf::of(found.counts()),
            catalogs: found.catalogs.iter().map(CatalogDiffers::of).collect(),
            templates: found.templates.iter().map(|role| RoleDiffers::of(found, role, every_row)).collect(),
            organizations: found
                .organizations
                .iter()
                .map(|one| OrganizationDiffers::of(found, one))
                .collect(),
        }
    }
}

impl CountsOf {
    fn of(counts: Counts) -> Self {
        let Counts { catalogs, organizations, roles, cells, people, gaining, losing } = counts;
        Self { catalogs, organizations, roles, cells, people, gaining, losing }
    }
}

fn change<T: Copy>(sides: Sides<T>) -> &'static str {
    match (sides.old.is_some(), sides.new.is_some()) {
        (false, _) => "added",
        (_, false) => "removed",
        _ => "changed",
    }
}

impl CatalogDiffers {
    fn of(found: &CatalogChange<'_>) -> Self {
        let comparison = found.comparison.as_ref();
        Self {
            id: found.catalog.latest().map(|it| it.id().to_owned()).unwrap_or_default(),
            change: change(found.catalog),
            differences: comparison.map(|it| Differing::all(&it.itself)).unwrap_or_default(),
            categories: comparison.map(|it| Changes::of(&it.categories, CategoryOf::of)),
            rows: comparison.map(|it| Changes::of(&it.rows, RowOf::of)),
            renamed: found.renamed.iter().map(RowRenamed::of).collect(),
        }
    }
}

impl RowRenamed {
    fn of(found: &Renamed<'_>) -> Self {
        Self {
            old: RowNamed::of(found.old),
            new: RowNamed::of(found.new),
            respelled: found.is_respelled,
            differences: Differing::all(&found.differences),
        }
    }
}

impl RowNamed {
    fn of(row: Row<'_>) -> Self {
        Self { category: row.category().id().to_owned(), row: row.id().to_owned() }
    }

    /// The row as it is now, and what it was called where that was something else.
    fn now_and_before(row: Sides<Row<'_>>) -> (Self, Option<Self>) {
        let now = row.latest().map_or(Self { category: String::new(), row: String::new() }, Self::of);
        let before = row.both().map(|(old, _)| Self::of(old));
        let before = before.filter(|before| (&before.category, &before.row) != (&now.category, &now.row));
        (now, before)
    }
}

impl OrganizationDiffers {
    fn of(found: &Diff<'_>, one: &OrganizationChange<'_>) -> Self {
        let latest = one.organization.latest();
        let kinds = one.organization.map(Organization::kind);
        Self {
            id: latest.map(|it| it.id().to_owned()).unwrap_or_default(),
            change: change(one.organization),
            kind: kinds.latest().unwrap_or_default().word(),
            differences: Differing::all(&one.said),
            roles: one.roles.iter().map(|role| RoleDiffers::of(found, role, kinds)).collect(),
            people: one.people.iter().map(PersonDiffers::of).collect(),
        }
    }
}

impl RoleDiffers {
    fn of(found: &Diff<'_>, one: &RoleChange<'_>, kinds: Sides<OrganizationKind>) -> Self {
        let latest = one.role.latest();
        let old_id = one.role.old.filter(|_| one.is_renamed()).map(|role| role.id().to_owned());
        Self {
            id: latest.map(|role| role.id().to_owned()).unwrap_or_default(),
            change: if old_id.is_some() { "renamed" } else { change(one.role) },
            old_id,
            template: latest.is_some_and(Role::is_template),
            differences: Differing::all(&one.said),
            cells: one.cells.iter().map(|cell| CellDiffers::of(found, one.role, cell, kinds)).collect(),
        }
    }
}

fn level(row: Option<Row<'_>>, held: Actions) -> Option<String> {
    row.map(|row| ask::level(row.shape(), held))
}

fn named(row: Option<Row<'_>>, actions: Actions) -> Vec<String> {
    row.map(|row| names(row, actions)).unwrap_or_default()
}

impl CellDiffers {
    fn of(
        found: &Diff<'_>,
        role: Sides<Role<'_>>,
        cell: &CellChange<'_>,
        kinds: Sides<OrganizationKind>,
    ) -> Self {
        let (RowNamed { category, row }, renamed_from) = RowNamed::now_and_before(cell.row);
        // What moved, in the numbers of either row.
        let (mut before, mut after) = (cell.lost, cell.gained);
        if let Some((old, new)) = cell.row.both() {
            before = before | renumbered(new, cell.gained, old);
            after = after | renumbered(old, cell.lost, new);
        }
        Self {
            category,
            row,
            renamed_from,
            old: level(cell.row.old, cell.old),
            new: level(cell.row.new, cell.new),
            gained: named(cell.row.new, cell.gained),
            lost: named(cell.row.old, cell.lost),
            of_catalog: cell.is_of_catalog,
            old_sources: sources(found.old, role.old, cell.row.old, before, kinds.old),
            new_sources: sources(found.new, role.new, cell.row.new, after, kinds.new),
        }
    }
}

fn sources(
    table: &Table,
    role: Option<Role<'_>>,
    row: Option<Row<'_>>,
    asked: Actions,
    kind: Option<OrganizationKind>,
) -> Vec<Source> {
    let (Some(role), Some(row)) = (role, row.filter(|_| !asked.is_empty())) else { return Vec::new() };
    let parts = deciding(role, row, asked, kind.unwrap_or(OrganizationKind::Managed));
    parts.iter().map(|part| Source::of(table, row, part)).collect()
}

impl PersonDiffers {
    fn of(one: &PersonChange<'_>) -> Self {
        let is_service = one.principal.map(|it| it.kind() == PrincipalKind::Service);
        Self {
            name: one.principal.latest().map(Principal::name).unwrap_or_default().to_owned(),
            change: change(one.principal),
            service: is_service.latest().unwrap_or_default(),
            was_service: is_service.old.filter(|_| one.is_other_kind()),
            roles: one.effect.roles.iter().map(HeldDiffers::of).collect(),
            rights: one.effect.rights.iter().map(RightDiffers::of).collect(),
        }
    }
}

impl HeldDiffers {
    fn of(held: &HeldChange<'_>) -> Self {
        let periods =
            |all: &[Period]| all.iter().map(|period| PeriodOf::of(period.from, period.until)).collect();
        Self {
            role: held.role.latest().map(|role| role.id().to_owned()).unwrap_or_default(),
            gained: periods(&held.gained),
            lost: periods(&held.lost),
        }
    }
}

impl RightDiffers {
    fn of(right: &RightChange<'_>) -> Self {
        let (RowNamed { category, row }, renamed_from) = RowNamed::now_and_before(right.row);
        let spans = right.spans.iter().map(|span| SpanOf::of(right.row, span)).collect();
        Self { category, row, renamed_from, of_catalog: right.is_of_catalog, spans }
    }
}

impl SpanOf {
    fn of(row: Sides<Row<'_>>, span: &Span) -> Self {
        Self {
            period: PeriodOf::of(span.period.from, span.period.until),
            old: level(row.old, span.old),
            new: level(row.new, span.new),
            gained: named(row.new, span.gained),
            lost: named(row.old, span.lost),
        }
    }
}
