//! Which roles to merge where there are too many. A merge holds all that its roles held, so nobody loses anything; it
//! costs what people gain. What a policy forbids is not known here: its sources say that.

use std::collections::BTreeSet;

use crate::table::Role;
use crate::tools::suggest::advice::next_wider;
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::hands::{Gain, Hands};
use crate::tools::suggest::partition::{Cost, Partition, Place, Search, cost, held};
use crate::tools::suggest::scope::Scope;

/// With more roles than this, not all ways to merge several are tried: there are too many for any second.
const TRIED: usize = 64;

/// How many merges of the cheapest are kept.
const KEPT: usize = 20;

/// Roles that become one.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let advice = advise(&table, acme, Time::parse("2027-01-01")?, Some(1), A_SECOND);
/// let merge = &advice.merges.unwrap().cheapest[0];
/// assert_eq!((merge.roles[0].id(), merge.into.unwrap().id()), ("editor", "owner"));
/// // The bot would gain 3 permissions, and the role has 3 more.
/// assert_eq!((merge.gain.people, merge.gain.permissions, merge.cells), (1, 3, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Merge<'t> {
    /// The organization's own roles that become one, by id; one alone where it gives way to a template.
    pub roles: Vec<Role<'t>>,
    /// The role or template that holds all of it already; none where one is to be made that does.
    pub into: Option<Role<'t>>,
    /// What their holders would gain.
    pub gain: Gain,
    /// How many permissions the roles hold more than before, each counted for every role.
    pub cells: usize,
}

/// Merges that together make so many roles less.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let advice = advise(&table, acme, Time::parse("2027-01-01")?, Some(1), A_SECOND);
/// let plan = advice.merges.unwrap().plan.unwrap();
/// assert_eq!((plan.merges.len(), plan.gain.permissions, plan.cells), (1, 3, 3));
/// assert!(plan.is_exact && plan.at_least == 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan<'t> {
    /// The merges, by their first role.
    pub merges: Vec<Merge<'t>>,
    /// What people would gain by all of them together.
    pub gain: Gain,
    /// How many permissions roles hold more, each counted for every role.
    pub cells: usize,
    /// Whether no other way costs less.
    pub is_exact: bool,
    /// So many permissions are gained in any way, each counted for everybody who gains it.
    pub at_least: usize,
}

/// What to merge, and what it costs.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let advice = advise(&table, acme, Time::parse("2027-01-01")?, Some(7), A_SECOND);
/// let merges = advice.merges.unwrap();
/// assert_eq!((merges.wanted, merges.cheapest.len()), (7, 1));
/// assert!(merges.plan.is_none() && merges.is_whole, "there is one role only");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Merges<'t> {
    /// How many roles there should be less.
    pub wanted: usize,
    /// The cheapest merges that make one role less, cheapest first: by what people gain, then by what roles hold more,
    /// then by id. Twenty at most.
    pub cheapest: Vec<Merge<'t>>,
    /// The cheapest merges that make as many less as wanted; none where no merges do, or none were found in time.
    pub plan: Option<Plan<'t>>,
    /// Whether all merges that make one role less were tried; and where there is no plan, whether there can be none.
    pub is_whole: bool,
}

/// Finds merges. `hosts` are the templates that are there whether or not a role gives way to them.
pub(super) fn merges<'t>(
    scope: &Scope<'t>,
    hands: &Hands,
    hosts: &[usize],
    wanted: usize,
    budget: &mut Budget,
) -> Merges<'t> {
    // A narrower template costs no more than a wider one.
    let hosts: Vec<Vec<usize>> = (0..scope.own).map(|role| at_hand(scope, role, hosts, budget)).collect();
    let apart = Partition::apart(scope.own);
    let mut singles = steps(&apart, scope, hands, &hosts, budget);
    let all_tried = !budget.is_spent();
    let floor = singles.first().map_or(0, |(cost, ..)| cost.gain.permissions);
    let first = singles.first().copied();
    let greedy = first.and_then(|first| greedily(first, scope, hands, &hosts, wanted, budget));
    let greedy = greedy.or_else(|| side_by_side(&singles, scope, hands, wanted));
    singles.truncate(KEPT);
    let told = |role: usize, place: Place| {
        let partition = apart.with(role, place);
        merges_of(&partition, scope, hands, &mut Budget::new(u64::MAX))
    };
    let cheapest = singles.iter().flat_map(|(_, role, place)| told(*role, *place)).collect();
    let search = Search { scope, hands, hosts: &hosts, fewer: wanted };
    let mut is_exact = wanted == 1 && all_tried;
    let mut best = greedy;
    if !is_exact && scope.own <= TRIED {
        let known = best.as_ref().map(|(_, cost)| *cost);
        let (better, is_certain) = search.best(known, budget);
        is_exact = is_certain;
        best = better.or(best);
    }
    let plan = best.map(|(partition, cost)| Plan {
        merges: merges_of(&partition, scope, hands, &mut Budget::new(u64::MAX)),
        gain: cost.gain,
        cells: cost.cells,
        is_exact,
        at_least: match (is_exact, all_tried) {
            (true, _) => cost.gain.permissions,
            (false, true) => floor,
            (false, false) => 0,
        },
    });
    let is_whole = all_tried && (plan.is_some() || is_exact);
    Merges { wanted, cheapest, plan, is_whole }
}

/// The templates that a role could give way to: those that hold the same, else those next wider.
fn at_hand(scope: &Scope<'_>, role: usize, hosts: &[usize], budget: &mut Budget) -> Vec<usize> {
    match hosts.iter().find(|host| scope.held(**host) == scope.held(role)) {
        Some(same) => vec![*same],
        None => next_wider(scope, role, hosts.iter().copied(), budget),
    }
}

/// A way to have one role less.
type Step = (Cost, usize, Place);

/// Every way to have one role less than in a partition, cheapest first.
fn steps(
    from: &Partition,
    scope: &Scope<'_>,
    hands: &Hands,
    hosts: &[Vec<usize>],
    budget: &mut Budget,
) -> Vec<Step> {
    let names = |(_, role, place): &Step| match place {
        Place::With(first) => (*first, *role),
        Place::Under(host) => (*role, *host),
    };
    let cheapest = |a: &Step, b: &Step| a.0.cmp(&b.0).then_with(|| names(a).cmp(&names(b)));
    let groups = from.groups();
    let firsts: Vec<usize> = (0..scope.own).filter(|role| from.is_first(*role)).collect();
    let mut found: Vec<Step> = Vec::new();
    for (before, role) in firsts.iter().enumerate() {
        let merging = firsts.iter().take(before).map(|first| Place::With(*first));
        let is_alone = !groups.contains_key(&Place::With(*role));
        let under = hosts.get(*role).into_iter().flatten().filter(|_| is_alone);
        for place in merging.chain(under.map(|host| Place::Under(*host))) {
            if budget.is_spent() {
                break;
            }
            let mut next = groups.clone();
            let moved = next.remove(&Place::With(*role)).unwrap_or_else(|| vec![*role]);
            let there = next.entry(place).or_insert_with(|| match place {
                Place::With(first) => vec![first],
                Place::Under(_) => Vec::new(),
            });
            there.extend(moved);
            there.sort_unstable();
            found.push((cost(&next, scope, hands, budget), *role, place));
        }
        // Of very many no more are kept than are asked for.
        if found.len() > 64 * KEPT {
            found.sort_by(cheapest);
            found.truncate(KEPT);
        }
    }
    found.sort_by(cheapest);
    found
}

/// The cheapest step again and again: a way to begin with.
fn greedily(
    first: Step,
    scope: &Scope<'_>,
    hands: &Hands,
    hosts: &[Vec<usize>],
    wanted: usize,
    budget: &mut Budget,
) -> Option<(Partition, Cost)> {
    let (mut cost, role, place) = first;
    let mut partition = Partition::apart(scope.own).with(role, place);
    for _ in 1..wanted {
        let (next, role, place) = steps(&partition, scope, hands, hosts, budget).into_iter().next()?;
        (cost, partition) = (next, partition.with(role, place));
    }
    Some((partition, cost))
}

/// The cheapest steps that have nothing to do with each other: a way to begin with where there is no time for a better one.
fn side_by_side(
    steps: &[Step],
    scope: &Scope<'_>,
    hands: &Hands,
    wanted: usize,
) -> Option<(Partition, Cost)> {
    let mut partition = Partition::apart(scope.own);
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut fewer = 0;
    for (_, role, place) in steps {
        let with = match place {
            Place::With(first) => *first,
            Place::Under(_) => *role,
        };
        if fewer < wanted && !taken.contains(role) && !taken.contains(&with) {
            partition = partition.with(*role, *place);
            taken.extend([*role, with]);
            fewer += 1;
        }
    }
    let cost = cost(&partition.groups(), scope, hands, &mut Budget::new(u64::MAX));
    (fewer == wanted).then_some((partition, cost))
}

/// The merges of a partition, each by itself.
fn merges_of<'t>(
    partition: &Partition,
    scope: &Scope<'t>,
    hands: &Hands,
    budget: &mut Budget,
) -> Vec<Merge<'t>> {
    let mut merges: Vec<(usize, Merge<'t>)> = Vec::new();
    for (place, roles) in partition.groups() {
        let whole = held(scope, place, &roles, budget);
        // Each that gives way to a template does so by itself.
        let parts: Vec<Vec<usize>> = match place {
            Place::Under(_) => roles.into_iter().map(|role| vec![role]).collect(),
            Place::With(_) => vec![roles],
        };
        for roles in parts {
            let Some(first) = roles.first().copied() else { continue };
            let alone =
                roles.iter().fold(Partition::apart(scope.own), |apart, role| apart.with(*role, place));
            let cost = cost(&alone.groups(), scope, hands, budget);
            let into = match place {
                Place::Under(host) => Some(host),
                Place::With(_) => roles.iter().copied().find(|role| scope.held(*role) == whole.as_slice()),
            };
            let into = into.and_then(|role| scope.roles.get(role)).copied();
            merges
                .push((first, Merge { roles: scope.named(roles), into, gain: cost.gain, cells: cost.cells }));
        }
    }
    merges.sort_by_key(|(first, _)| *first);
    merges.into_iter().map(|(_, merge)| merge).collect()
}
