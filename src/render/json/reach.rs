//! Who can come to hold what, for programs.

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::origin::{At, Source, names};
use crate::render::json::when::{PeriodOf, When};
use crate::table::{Organization, Row, Table};
use crate::tools::explain::deciding;
use crate::tools::reach::{Climbers, Gain, Giver, Reachers, Way};
use crate::vocab::{Escalation, Period};

/// Who holds a permission or can come to it.
///
/// ```
/// use rolec::render::json::WhoReaches;
/// use rolec::table::Table;
/// use rolec::tools::{ask, reach};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let export = ask::permission(&table, acme.catalog(), &ask::What::Text("export")).unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let document = WhoReaches::of(&table, &[reach::reachable(&table, acme, export, at).unwrap()], at);
/// let owner = &document.organizations[0].subjects[0];
/// assert_eq!((owner.kind, owner.name.as_str(), owner.steps), ("template", "owner", 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhoReaches {
    /// The version of this shape.
    pub version: u32,
    /// The time asked about.
    #[serde(flatten)]
    pub when: When,
    /// Each organization asked about.
    pub organizations: Vec<ReachersIn>,
}

/// Who holds a permission or can come to it, in one organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReachersIn {
    /// The organization.
    pub organization: String,
    /// `direct` or `managed`.
    pub kind: &'static str,
    /// The category of the permission.
    pub category: String,
    /// Its row.
    pub row: String,
    /// Its actions.
    pub actions: Vec<String>,
    /// Who, nearest first.
    pub subjects: Vec<ReachedBy>,
}

/// Somebody who holds a permission or can come to it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReachedBy {
    /// `role`, `template`, `admin` or `service`.
    pub kind: &'static str,
    /// The id of the role, or the principal.
    pub name: String,
    /// The fewest steps; 0 where it is held.
    pub steps: usize,
    /// When and how, in the order of time; of a role and at a moment it is one way.
    pub ways: Vec<WayOf>,
}

/// How something is come to.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WayOf {
    /// The stretch of the period in which it is so.
    #[serde(flatten)]
    pub during: PeriodOf,
    /// The fewest steps; 0 where it is held.
    pub steps: usize,
    /// The rows on the way: the first is held at its top, each leads to the next, and the last to what is asked about.
    /// Empty where that is held, and where the super role leads there.
    pub path: Vec<HopOf>,
    /// The roles that give a part of the first row; without a path, of what is asked about, or the super role.
    pub by: Vec<GivenBy>,
}

/// A row on a way.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HopOf {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// Its top, as one writes it: the level that leads further.
    pub level: String,
    /// Whether it leads to everything, and not to named rows.
    pub everything: bool,
}

/// A role that gives a part of what a way begins with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GivenBy {
    /// The role.
    pub role: String,
    /// Where it is assigned; none where the role itself is listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<At>,
    /// The lines that give it; none of a super role that gives no row.
    pub sources: Vec<Source>,
}

/// Who can come to more than they hold.
///
/// ```
/// use rolec::render::json::WhoClimbs;
/// use rolec::table::Table;
/// use rolec::tools::reach;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let document = WhoClimbs::of(&table, &[reach::beyond(&table, acme, at)], at);
/// assert!(document.organizations[0].subjects.is_empty(), "the owner holds all there is");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhoClimbs {
    /// The version of this shape.
    pub version: u32,
    /// The time asked about.
    #[serde(flatten)]
    pub when: When,
    /// Each organization asked about.
    pub organizations: Vec<ClimbersIn>,
}

/// Who can come to more than they hold, in one organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClimbersIn {
    /// The organization.
    pub organization: String,
    /// `direct` or `managed`.
    pub kind: &'static str,
    /// Who: first those who can come to everything, in the fewest steps first.
    pub subjects: Vec<ClimbedBy>,
}

/// Somebody who can come to more than they hold.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClimbedBy {
    /// `role`, `template`, `admin` or `service`.
    pub kind: &'static str,
    /// The id of the role, or the principal.
    pub name: String,
    /// When and what, in the order of time; of a role and at a moment it is one.
    pub gains: Vec<GainOf>,
}

/// What somebody can come to beyond what they hold.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GainOf {
    /// In how many steps everything can be come to, if it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub everything: Option<usize>,
    /// The rows that steps name of which something is not held; what only a step to everything leads to is not among
    /// them.
    pub rows: Vec<RowReached>,
    /// How many permissions that are not held can be come to.
    pub permissions: usize,
    /// A way to everything, else to the farthest row.
    #[serde(flatten)]
    pub way: WayOf,
}

/// A row that can be come to.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowReached {
    /// The category.
    pub category: String,
    /// The row.
    pub row: String,
    /// The fewest steps.
    pub steps: usize,
}

impl WhoReaches {
    /// Who holds a permission or can come to it at a moment, or over a period.
    pub fn of(table: &Table, found: &[Reachers<'_>], period: impl Into<Period>) -> Self {
        let period = period.into();
        let organizations = found.iter().map(|here| ReachersIn {
            organization: here.organization.id().to_owned(),
            kind: here.organization.kind().word(),
            category: here.row.category().id().to_owned(),
            row: here.row.id().to_owned(),
            actions: names(here.row, here.asked),
            subjects: here
                .subjects
                .iter()
                .map(|one| ReachedBy {
                    kind: one.who.word(),
                    name: one.who.name().to_owned(),
                    steps: one.ways.iter().map(|way| way.steps).min().unwrap_or_default(),
                    ways: one
                        .ways
                        .iter()
                        .map(|way| WayOf::of(table, here.organization, way, Some(here.row), period))
                        .collect(),
                })
                .collect(),
        });
        Self { version: VERSION, when: When::of(period), organizations: organizations.collect() }
    }
}

impl WhoClimbs {
    /// Who can come to more than they hold at a moment, or over a period.
    pub fn of(table: &Table, found: &[Climbers<'_>], period: impl Into<Period>) -> Self {
        let period = period.into();
        let organizations = found.iter().map(|here| ClimbersIn {
            organization: here.organization.id().to_owned(),
            kind: here.organization.kind().word(),
            subjects: here
                .subjects
                .iter()
                .map(|one| ClimbedBy {
                    kind: one.who.word(),
                    name: one.who.name().to_owned(),
                    gains: one
                        .gains
                        .iter()
                        .map(|gain| GainOf::of(table, here.organization, gain, period))
                        .collect(),
                })
                .collect(),
        });
        Self { version: VERSION, when: When::of(period), organizations: organizations.collect() }
    }
}

impl WayOf {
    fn of(
        table: &Table,
        organization: Organization<'_>,
        way: &Way<'_>,
        asked: Option<Row<'_>>,
        period: Period,
    ) -> Self {
        // Where the super role leads, no row is given.
        let given = way.path.first().copied().or(asked.filter(|_| way.steps == 0));
        Self {
            during: if period.is_moment() {
                PeriodOf::default()
            } else {
                PeriodOf::of(way.period.beginning(), way.period.until())
            },
            steps: way.steps,
            path: way.path.iter().map(|row| HopOf::of(*row)).collect(),
            by: way.by.iter().map(|giver| GivenBy::of(table, organization, given, giver)).collect(),
        }
    }
}

impl HopOf {
    fn of(row: Row<'_>) -> Self {
        Self {
            category: row.category().id().to_owned(),
            row: row.id().to_owned(),
            level: row.shape().level(row.shape().top()),
            everything: *row.escalation() == Escalation::Everywhere,
        }
    }
}

impl GivenBy {
    fn of(table: &Table, organization: Organization<'_>, row: Option<Row<'_>>, giver: &Giver<'_>) -> Self {
        let sources = row.into_iter().flat_map(|row| {
            let parts = deciding(giver.role, row, giver.role.actions(row.key()), organization.kind());
            parts.into_iter().map(move |part| Source::of(table, row, &part))
        });
        Self {
            role: giver.role.id().to_owned(),
            assigned: giver.assignment.map(|assignment| At::of(table, assignment.position())),
            sources: sources.collect(),
        }
    }
}

impl GainOf {
    fn of(table: &Table, organization: Organization<'_>, gain: &Gain<'_>, period: Period) -> Self {
        let way =
            Way { period: gain.period, steps: gain.steps, path: gain.path.clone(), by: gain.by.clone() };
        let row = |(row, steps): &(Row<'_>, usize)| RowReached {
            category: row.category().id().to_owned(),
            row: row.id().to_owned(),
            steps: *steps,
        };
        Self {
            everything: gain.everything,
            rows: gain.rows.iter().map(row).collect(),
            permissions: gain.permissions,
            way: WayOf::of(table, organization, &way, None, period),
        }
    }
}
