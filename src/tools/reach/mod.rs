//! Who can come to hold what: from the rows that lead further, held at their top, step by step. Everything is worked out
//! from a table, at a moment or over a period; what is held without a step is what the evaluator allows. Which line gives
//! the first row of a way is another tool's to say.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::ask::{What, permission};
//! use rolec::tools::reach::reachable;
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organizations().next().unwrap();
//! let export = permission(&table, acme.catalog(), &What::Text("export")).unwrap();
//! // The owner may export, and nobody else is at the top of a row that leads there.
//! let found = reachable(&table, acme, export, Time::parse("2026-12-31")?).unwrap();
//! let steps: Vec<_> = found.subjects.iter().map(|one| (one.who.name(), one.ways[0].steps)).collect();
//! assert_eq!(steps, [("owner", 0)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ground;
mod standing;

use crate::eval::Permission;
use crate::table::{Assignment, Organization, Principal, Role, Row, Table};
use crate::tools::reach::ground::Ground;
use crate::tools::reach::standing::Standing;
use crate::vocab::{Actions, Period, PrincipalKind, Reach};

/// Who holds something: a role or template by itself, or a principal.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::reach::Subject;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let (owner, bot) = (table.roles().next().unwrap(), table.principals().last().unwrap());
/// assert_eq!((Subject::Role(owner).word(), Subject::Role(owner).name()), ("template", "owner"));
/// assert_eq!(Subject::Principal(bot).word(), "service");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Subject<'t> {
    /// A role of the organization, or a template of its catalog.
    Role(Role<'t>),
    /// A principal of the organization.
    Principal(Principal<'t>),
}

impl<'t> Subject<'t> {
    /// What it is called.
    pub fn name(self) -> &'t str {
        match self {
            Self::Role(role) => role.id(),
            Self::Principal(principal) => principal.name(),
        }
    }

    /// What it is: `role`, `template`, `admin` or `service`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Role(role) if role.is_template() => "template",
            Self::Role(_) => "role",
            Self::Principal(principal) if principal.kind() == PrincipalKind::Service => "service",
            Self::Principal(_) => "admin",
        }
    }
}

/// A role that gives a part of what a way begins with.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::reach::reachable;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let found = reachable(&table, acme, create, Time::parse("2026-12-31")?).unwrap();
/// let giver = found.subjects.last().unwrap().ways[0].by[0];
/// assert_eq!((giver.role.id(), giver.assignment.map(|it| it.position().line)), ("editor", Some(39)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Giver<'t> {
    /// The role; the subject itself where that is one.
    pub role: Role<'t>,
    /// How a principal came by it.
    pub assignment: Option<Assignment<'t>>,
}

/// How something is come to, in a stretch of time.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::reach::reachable;
/// use rolec::vocab::Time;
///
/// let text = "catalog c { category a { pass: flag { escalating to a.run } run: flag { escalating to a.keys } keys: flag } }
///     use c organization o { role r { grant a.pass: on } assign r to \"kim\" from 2026-12-01 }";
/// let table = compile(Sources::from_iter([("c.role", text)])).table.unwrap();
/// let o = table.organizations().next().unwrap();
/// let keys = permission(&table, o.catalog(), &What::Text("keys")).unwrap();
/// let found = reachable(&table, o, keys, Time::parse("2026-12-01")?).unwrap();
/// let [role, kim] = &found.subjects[..] else { panic!("the role and who has it") };
/// assert!((role.who.name(), kim.who.name()) == ("r", "kim"));
/// let way = &kim.ways[0];
/// assert_eq!(way.steps, 2);
/// assert!(way.path.iter().map(|row| row.id()).eq(["pass", "run"]), "each leads to the next, the last to `keys`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Way<'t> {
    /// The stretch: no longer than the period asked about, and as long as it can be.
    pub period: Period,
    /// The fewest steps; 0 where it is held.
    pub steps: usize,
    /// A shortest way: a row that is held at its top, then those that each leads to; the last leads to what is asked
    /// about. Empty where that is held, and where it is the super role that leads there.
    pub path: Vec<Row<'t>>,
    /// The roles that give a part of the first row of the path at some moment of the stretch; without a path, of what is
    /// asked about, or the super role.
    pub by: Vec<Giver<'t>>,
}

/// Who holds a permission or can come to it, with when and how.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::reach::reachable;
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let found = reachable(&table, acme, create, Period::parse("2026")?).unwrap();
/// let bot = found.subjects.last().unwrap();
/// assert_eq!((bot.who.name(), bot.ways[0].steps), ("bot", 0));
/// assert_eq!(bot.ways[0].period.to_string(), "from 2026-06-01 until 2027-01-01");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reacher<'t> {
    /// Who.
    pub who: Subject<'t>,
    /// When and how, in the order of time; of a role and at a moment it is one way.
    pub ways: Vec<Way<'t>>,
}

/// Everybody in an organization who holds a permission or can come to it.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::reach::reachable;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let tenants = permission(&table, acme.catalog(), &What::Text("tenants")).unwrap();
/// let found = reachable(&table, acme, tenants, Time::parse("2026-12-31")?).unwrap();
/// assert_eq!((found.organization.id(), found.row.id()), ("acme", "tenants"));
/// assert!(found.asked == tenants.actions() && found.subjects.is_empty(), "acme is direct and has no such row");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reachers<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// The row of the permission.
    pub row: Row<'t>,
    /// The actions that are asked about.
    pub asked: Actions,
    /// Who: nearest first, those as near in the order of roles, templates, principals.
    pub subjects: Vec<Reacher<'t>>,
}

/// Who holds all of a permission in an organization, or can come to it, at a moment or at some moment of a period. None
/// where it is a permission of another catalog.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::reach::reachable;
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let found = reachable(&table, acme, create, Period::parse("2026")?).unwrap();
/// let names: Vec<&str> = found.subjects.iter().map(|one| one.who.name()).collect();
/// assert_eq!(names, ["editor", "owner", "ana@acme.example", "bot"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reachable<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    permission: Permission,
    period: impl Into<Period>,
) -> Option<Reachers<'t>> {
    if permission.catalog() != organization.catalog().key() {
        return None;
    }
    let (period, asked) = (period.into(), permission.actions());
    let row = organization.catalog().row(permission.row())?;
    let ground = Ground::new(table, organization, Some(row));
    let mut subjects: Vec<Reacher<'t>> = ground
        .subjects()
        .filter_map(|who| {
            let ways = ways(&ground, &Standing::of(&ground, who, period), row, asked);
            (!ways.is_empty()).then_some(Reacher { who, ways })
        })
        .collect();
    subjects.sort_by_key(|one| one.ways.iter().map(|way| way.steps).min());
    Some(Reachers { organization, row, asked, subjects })
}

fn ways<'t>(ground: &Ground<'t>, standing: &Standing<'t>, row: Row<'t>, asked: Actions) -> Vec<Way<'t>> {
    let mut ways: Vec<Way<'t>> = Vec::new();
    for (period, now) in standing.stretches() {
        let (steps, path) = if now.held(row.key()).contains(asked) {
            (0, Vec::new())
        } else if ground.is_there(row.key()) {
            let reach = now.reach(ground);
            let Some(steps) = reach.steps(row.key()) else { continue };
            (steps, ground.rows(&reach.path(row.key())))
        } else {
            continue;
        };
        match ways.last_mut() {
            Some(last) if last.steps == steps && same(&last.path, &path) && meet(last.period, period) => {
                last.period = joined(last.period, period);
            }
            _ => ways.push(Way { period, steps, path, by: Vec::new() }),
        }
    }
    for way in &mut ways {
        way.by = match way.path.first() {
            Some(first) => standing.givers(way.period, Some((first.key(), first.shape().top()))),
            None if way.steps == 0 => standing.givers(way.period, Some((row.key(), asked))),
            None => standing.givers(way.period, None),
        };
    }
    ways
}

fn same(a: &[Row<'_>], b: &[Row<'_>]) -> bool {
    a.iter().map(|row| row.key()).eq(b.iter().map(|row| row.key()))
}

/// Whether one stretch begins where another ends.
fn meet(before: Period, after: Period) -> bool {
    before.until() == Some(after.from())
}

/// Two stretches, the second of which begins where the first ends.
fn joined(before: Period, after: Period) -> Period {
    Period::new(before.beginning(), after.until()).unwrap_or(before)
}

/// What somebody can come to beyond what they hold, in a stretch of time.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::reach::beyond;
/// use rolec::vocab::Time;
///
/// let text = "catalog c { category a { pass: flag { escalating to a.run } run: verbs view, edit keys: flag } }
///     use c organization o { role r { grant a { pass: on run: view } } }";
/// let table = compile(Sources::from_iter([("c.role", text)])).table.unwrap();
/// let found = beyond(&table, table.organizations().next().unwrap(), Time::parse("2026-12-01")?);
/// let gain = &found.subjects[0].gains[0];
/// assert_eq!((gain.everything, gain.permissions), (None, 1), "it has `view` of `run` already");
/// assert_eq!((gain.rows[0].0.id(), gain.rows[0].1, gain.steps), ("run", 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gain<'t> {
    /// The stretch.
    pub period: Period,
    /// In how many steps everything can be come to, if it can.
    pub everything: Option<usize>,
    /// The rows that steps name of which something is not held, in the order of the catalog, with the fewest steps to
    /// each. What only a step to everything leads to is not among them.
    pub rows: Vec<(Row<'t>, usize)>,
    /// How many permissions that are not held can be come to.
    pub permissions: usize,
    /// The steps to everything, else to the farthest row.
    pub steps: usize,
    /// A shortest way there, as in [`Way::path`].
    pub path: Vec<Row<'t>>,
    /// The row that the path leads to, the last of everything where all of it is named; none where its last step leads to
    /// everything at once.
    pub to: Option<Row<'t>>,
    /// The roles that give a part of the first row of the path; without a path, the super role.
    pub by: Vec<Giver<'t>>,
}

/// Who can come to more than they hold, with when, to what and how.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::reach::beyond;
/// use rolec::vocab::Time;
///
/// let text = "catalog c { category a { edit: flag { escalating } keys: flag } super s }
///     use c template s { grant a.keys: on } organization o {}";
/// let table = compile(Sources::from_iter([("c.role", text)])).table.unwrap();
/// let found = beyond(&table, table.organizations().next().unwrap(), Time::parse("2026-12-01")?);
/// let s = &found.subjects[0];
/// assert_eq!((s.who.name(), s.gains[0].everything), ("s", Some(1)), "its holders may change roles");
/// assert!(s.gains[0].path.is_empty() && s.gains[0].to.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Climber<'t> {
    /// Who.
    pub who: Subject<'t>,
    /// When and what, in the order of time.
    pub gains: Vec<Gain<'t>>,
}

/// Everybody in an organization who can come to more than they hold.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::reach::beyond;
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let found = beyond(&table, table.organizations().next().unwrap(), Period::parse("2026")?);
/// assert!((found.organization.id(), found.subjects.len()) == ("acme", 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Climbers<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// Who: first those who can come to everything, in the fewest steps first.
    pub subjects: Vec<Climber<'t>>,
}

/// Who can come to anything beyond what they hold, at a moment or at some moment of a period.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::reach::beyond;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// // Only the owner is at the top of `members`, and holds all that there is.
/// assert!(beyond(&table, acme, Time::parse("2026-12-31")?).subjects.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn beyond<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    period: impl Into<Period>,
) -> Climbers<'t> {
    let period = period.into();
    let ground = Ground::new(table, organization, None);
    let mut subjects: Vec<Climber<'t>> = ground
        .subjects()
        .filter_map(|who| {
            let gains = gains(&ground, &Standing::of(&ground, who, period));
            (!gains.is_empty()).then_some(Climber { who, gains })
        })
        .collect();
    let nearest = |one: &Climber<'_>| {
        let gains = one.gains.iter().map(|gain| (gain.everything.is_none(), gain.steps));
        gains.min()
    };
    subjects.sort_by_key(nearest);
    Climbers { organization, subjects }
}

fn gains<'t>(ground: &Ground<'t>, standing: &Standing<'t>) -> Vec<Gain<'t>> {
    let mut gains: Vec<Gain<'t>> = Vec::new();
    for (period, now) in standing.stretches() {
        let reach = now.reach(ground);
        if reach.is_empty() {
            continue;
        }
        let Some(gain) = gain(ground, period, &now.bits(ground), &reach) else { continue };
        match gains.last_mut() {
            Some(last) if is_as(last, &gain) && meet(last.period, period) => {
                last.period = joined(last.period, period);
            }
            _ => gains.push(gain),
        }
    }
    for gain in &mut gains {
        let first = gain.path.first().map(|first| (first.key(), first.shape().top()));
        gain.by = standing.givers(gain.period, first);
    }
    gains
}

fn is_as(a: &Gain<'_>, b: &Gain<'_>) -> bool {
    let rows = |gain: &Gain<'_>| gain.rows.iter().map(|(row, steps)| (row.key(), *steps)).collect::<Vec<_>>();
    let to = |gain: &Gain<'_>| gain.to.map(Row::key);
    (a.everything, a.permissions, a.steps, to(a)) == (b.everything, b.permissions, b.steps, to(b))
        && same(&a.path, &b.path)
        && rows(a) == rows(b)
}

/// What is gained on top of bits that are held; nothing where all of it is.
fn gain<'t>(ground: &Ground<'t>, period: Period, held: &[u64], reach: &Reach) -> Option<Gain<'t>> {
    let catalog = ground.organization.catalog();
    let layout = catalog.layout();
    let missing = |row: Row<'t>| row.shape().top() - layout.get(held, row.key());
    let rows = reach.rows().filter_map(|(key, steps)| Some((catalog.row(key)?, steps)));
    let rows: Vec<(Row<'t>, usize)> = rows.filter(|(row, _)| !missing(*row).is_empty()).collect();
    let all: usize = {
        let mask = layout.mask(ground.organization.kind()).iter().zip(held);
        mask.map(|(mask, held)| (mask & !held).count_ones() as usize).sum()
    };
    let by = Vec::new();
    let open = catalog.rows().filter(|row| ground.is_there(row.key()) && !missing(*row).is_empty());
    if let Some((steps, last)) = reach.whole(open.map(Row::key)).filter(|_| all > 0) {
        let path = last.map_or_else(|| reach.path_to_everything(), |last| reach.path(last));
        return Some(Gain {
            period,
            everything: Some(steps),
            rows,
            permissions: all,
            steps,
            path: ground.rows(&path),
            to: last.and_then(|last| catalog.row(last)),
            by,
        });
    }
    let permissions = rows.iter().map(|(row, _)| missing(*row).count()).sum();
    // Of those as far, the first.
    let (to, steps) = rows.iter().copied().rev().max_by_key(|(_, steps)| *steps)?;
    let path = ground.rows(&reach.path(to.key()));
    Some(Gain { period, everything: None, rows, permissions, steps, path, to: Some(to), by })
}
