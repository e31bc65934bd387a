//! Roles of one organization held against each other: which are the same, which within another, which near.

use std::collections::{BTreeMap, BTreeSet};

use crate::table::{Organization, Role, Row, Table};
use crate::tools::suggest::bits::{apart, beyond, is_within};
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::hands::{Gain, Hands};
use crate::tools::suggest::merges::{Merges, merges};
use crate::tools::suggest::scope::Scope;
use crate::vocab::{Actions, RoleId, Time};

/// What is to be said of the roles of an organization.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let advice = advise(&table, acme, Time::parse("2026-12-01")?, None, A_SECOND);
/// assert_eq!((advice.organization.id(), advice.custom, advice.limit), ("acme", 2, Some(10)));
/// assert!(advice.equal.is_empty() && advice.is_whole);
/// assert_eq!((advice.within.len(), advice.nearest.len()), (1, 1));
/// assert!(advice.merges.is_none(), "there is room for more");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Advice<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// How many roles count toward the limit: its own, and the templates that it assigns and that are no default roles.
    pub custom: usize,
    /// How many there may be.
    pub limit: Option<usize>,
    /// Roles that hold the same, two at least, one of them the organization's own.
    pub equal: Vec<Vec<Role<'t>>>,
    /// Its own roles that hold less than another one.
    pub within: Vec<Within<'t>>,
    /// The role that each of its own is nearest to.
    pub nearest: Vec<Nearest<'t>>,
    /// What to merge, where that was asked for or roles are nearly as many as there may be.
    pub merges: Option<Merges<'t>>,
    /// Whether all roles were held against each other; else some of it may be missing.
    pub is_whole: bool,
}

/// A role of which another one holds all, and more; and no third one stands between the two.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let within = advise(&table, acme, Time::parse("2027-01-01")?, None, A_SECOND).within.remove(0);
/// assert_eq!((within.role.id(), within.wider.id(), within.more), ("editor", "owner", 3));
/// assert_eq!(within.gain.people, 1, "the bot would be an owner");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Within<'t> {
    /// The role.
    pub role: Role<'t>,
    /// The one that could take its place.
    pub wider: Role<'t>,
    /// How many permissions that one holds more.
    pub more: usize,
    /// What the holders of the role would gain by it.
    pub gain: Gain,
}

/// The role nearest to another: the one that differs from it in the fewest permissions, of those the one with the fewest
/// more, then the organization's own before templates, then by id.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let nearest = advise(&table, acme, Time::parse("2027-01-01")?, None, A_SECOND).nearest.remove(0);
/// assert_eq!((nearest.role.id(), nearest.other.id()), ("editor", "owner"));
/// assert_eq!((nearest.more, nearest.less), (3, 0));
/// assert!(nearest.rows.iter().map(|it| it.row.id()).eq(["pages", "export", "members"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Nearest<'t> {
    /// The role.
    pub role: Role<'t>,
    /// The other one.
    pub other: Role<'t>,
    /// How many permissions the other one holds more.
    pub more: usize,
    /// How many it lacks.
    pub less: usize,
    /// The rows in which they differ, in the order of the catalog.
    pub rows: Vec<Differing<'t>>,
}

/// A row that two roles hold otherwise.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let nearest = advise(&table, acme, Time::parse("2027-01-01")?, None, A_SECOND).nearest.remove(0);
/// let members = &nearest.rows[2];
/// let level = |held| members.row.shape().level(held);
/// assert_eq!((level(members.held), level(members.other)), ("view".into(), "manage".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Differing<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What the role holds of it.
    pub held: Actions,
    /// What the other one does.
    pub other: Actions,
}

/// What is to be said of the roles of an organization. People are counted as they hold roles from `at` on. `fewer` asks
/// by how many roles there should be less; where it does not, and the limit is near, it is as many as lead away from it.
/// No more than about `steps` steps are made: [`A_SECOND`](crate::tools::suggest::A_SECOND) is a good number of them.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let advice = advise(&table, acme, Time::parse("2026-12-01")?, Some(1), A_SECOND);
/// // The one role that is there could only be given up for the default role above it.
/// let merge = &advice.merges.unwrap().cheapest[0];
/// assert_eq!((merge.roles[0].id(), merge.into.map(|role| role.id())), ("editor", Some("owner")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn advise<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    at: Time,
    fewer: Option<usize>,
    steps: u64,
) -> Advice<'t> {
    let scope = Scope::of(table, organization);
    let hands = Hands::of(&scope, at);
    let mut budget = Budget::new(steps);
    let assigned = assigned(organization);
    let is_custom = |role: &Role<'_>| !role.is_default() && assigned.contains(&role.key());
    let templates = scope.roles.iter().skip(scope.own).filter(|role| is_custom(role)).count();
    let custom = scope.own + templates;
    let limit = organization.catalog().custom_role_limit().map(|limit| limit as usize);
    let fewer = fewer.or_else(|| limit.and_then(|limit| too_many(custom, limit)));
    let equal = equal(&scope);
    let within = within(&scope, &hands, &mut budget);
    let nearest = nearest(&scope, &mut budget);
    let is_whole = !budget.is_spent();
    let hosts: Vec<usize> = (scope.own..scope.roles.len())
        .filter(|at| scope.roles.get(*at).is_some_and(|role| role.is_default() || is_custom(role)))
        .collect();
    let merges =
        fewer.filter(|fewer| *fewer > 0).map(|fewer| merges(&scope, &hands, &hosts, fewer, &mut budget));
    Advice { organization, custom, limit, equal, within, nearest, merges, is_whole }
}

/// How many roles less would not be near the limit any more; none where they are not. Near is what the compiler warns of:
/// nine of ten.
fn too_many(custom: usize, limit: usize) -> Option<usize> {
    let is_near = |count: usize| count > 0 && count.saturating_mul(10) >= limit.saturating_mul(9);
    (1..=custom).find(|fewer| !is_near(custom - fewer)).filter(|_| is_near(custom))
}

/// The roles that somebody is assigned at some time.
fn assigned(organization: Organization<'_>) -> BTreeSet<RoleId> {
    let all = organization.principals().flat_map(|principal| principal.assignments());
    all.map(|assignment| assignment.role()).collect()
}

fn equal<'t>(scope: &Scope<'t>) -> Vec<Vec<Role<'t>>> {
    let mut alike: BTreeMap<&[u64], Vec<usize>> = BTreeMap::new();
    for role in 0..scope.roles.len() {
        alike.entry(scope.held(role)).or_default().push(role);
    }
    let is_told =
        |group: &Vec<usize>| group.len() > 1 && group.first().is_some_and(|first| *first < scope.own);
    let mut groups: Vec<Vec<usize>> = alike.into_values().filter(is_told).collect();
    groups.sort_unstable();
    groups.into_iter().map(|group| scope.named(group)).collect()
}

fn within<'t>(scope: &Scope<'t>, hands: &Hands, budget: &mut Budget) -> Vec<Within<'t>> {
    let mut found = Vec::new();
    for role in 0..scope.own {
        for wider in next_wider(scope, role, 0..scope.roles.len(), budget) {
            let instead = BTreeMap::from([(role, scope.held(wider))]);
            let gain = hands.gain(&instead, budget);
            let (Some(narrow), Some(wide)) = (scope.roles.get(role), scope.roles.get(wider)) else {
                continue;
            };
            let more = beyond(scope.held(wider), scope.held(role));
            found.push(Within { role: *narrow, wider: *wide, more, gain });
        }
        if budget.is_spent() {
            break;
        }
    }
    found
}

/// The roles that hold more than one does, and between which and that one no other stands, narrowest first. Of those that
/// hold the same the first.
pub(super) fn next_wider(
    scope: &Scope<'_>,
    role: usize,
    among: impl IntoIterator<Item = usize>,
    budget: &mut Budget,
) -> Vec<usize> {
    let held = scope.held(role);
    let mut wider: Vec<(usize, usize)> = Vec::new();
    for other in among {
        if budget.is_spent() {
            break;
        }
        if other != role && is_within(held, scope.held(other), budget) {
            wider.push((beyond(scope.held(other), held), other));
        }
    }
    wider.retain(|(more, _)| *more > 0);
    wider.sort_unstable();
    let mut next: Vec<usize> = Vec::new();
    for (_, other) in wider {
        if !next.iter().any(|nearer| is_within(scope.held(*nearer), scope.held(other), budget)) {
            next.push(other);
        }
    }
    next
}

fn nearest<'t>(scope: &Scope<'t>, budget: &mut Budget) -> Vec<Nearest<'t>> {
    let mut found = Vec::new();
    for role in 0..scope.own {
        let held = scope.held(role);
        // How far, how much more, which.
        let mut best: Option<(usize, usize, usize)> = None;
        for other in (0..scope.roles.len()).filter(|other| *other != role) {
            if budget.is_spent() {
                return found;
            }
            let most = best.map_or(usize::MAX, |(apart, ..)| apart);
            if let Some(apart) = apart(held, scope.held(other), most, budget) {
                let this = (apart, beyond(scope.held(other), held), other);
                best = Some(best.map_or(this, |best| best.min(this)));
            }
        }
        let Some((apart, more, other)) = best else { continue };
        let (Some(one), Some(two)) = (scope.roles.get(role), scope.roles.get(other)) else { continue };
        let rows = differing(scope, role, other);
        found.push(Nearest { role: *one, other: *two, more, less: apart - more, rows });
    }
    found
}

fn differing<'t>(scope: &Scope<'t>, role: usize, other: usize) -> Vec<Differing<'t>> {
    let catalog = scope.organization.catalog();
    let differing = |row: Row<'t>| {
        let of = |role: usize| catalog.layout().get(scope.held(role), row.key());
        let (held, other) = (of(role), of(other));
        (held != other).then_some(Differing { row, held, other })
    };
    catalog.rows().filter_map(differing).collect()
}
