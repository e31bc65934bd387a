//! The fewest roles that together hold some permissions; of as few, those that hold the least beside them. A search by
//! branch and bound: for each number of roles in turn, every way to cover the permission that the fewest roles hold.

use std::collections::BTreeMap;

use crate::eval::Permission;
use crate::table::{Organization, Role, Row, Table};
use crate::tools::suggest::bits::{beyond, count, has, is_within, join, positions, put};
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::scope::Scope;
use crate::vocab::Actions;

/// Actions of one row.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let tenants = permission(&table, acme.catalog(), &What::Text("tenants")).unwrap();
/// let part = cover(&table, acme, &[tenants], A_SECOND).nowhere[0];
/// assert_eq!((part.row.id(), part.actions.count()), ("tenants", 1));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Part<'t> {
    /// The row.
    pub row: Row<'t>,
    /// Some of its actions.
    pub actions: Actions,
}

/// A role of a cover.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let roles = cover(&table, acme, &[create], A_SECOND).roles.unwrap();
/// assert_eq!((roles[0].role.id(), roles[0].holds[0].row.id()), ("editor", "pages"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Covering<'t> {
    /// The role or template.
    pub role: Role<'t>,
    /// What it holds of what was asked for.
    pub holds: Vec<Part<'t>>,
}

/// The fewest roles that hold all of some permissions.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let asked = ["pages:create", "spaces:read"]
///     .map(|text| permission(&table, acme.catalog(), &What::Text(text)).unwrap());
/// let cover = cover(&table, acme, &asked, A_SECOND);
/// assert_eq!((cover.organization.id(), cover.asked.len(), cover.nowhere.len()), ("acme", 2, 0));
/// assert!(cover.roles.unwrap().iter().map(|it| it.role.id()).eq(["editor"]));
/// // Writing spaces, updating pages and seeing members come along.
/// assert!(cover.beside.iter().map(|it| it.row.id()).eq(["spaces", "pages", "members"]));
/// assert!(cover.is_exact && cover.at_least == 1);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cover<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// What was asked for, in the order of the catalog.
    pub asked: Vec<Part<'t>>,
    /// What of it no role holds: then nothing covers all.
    pub nowhere: Vec<Part<'t>>,
    /// The roles, by id; none where nothing covers all.
    pub roles: Option<Vec<Covering<'t>>>,
    /// What they hold beside what was asked for.
    pub beside: Vec<Part<'t>>,
    /// Whether no fewer roles hold it all, and no other so many hold less beside it.
    pub is_exact: bool,
    /// So many roles are needed at least.
    pub at_least: usize,
}

/// Finds the fewest roles and templates that together hold all of some permissions; of as few, those that hold the fewest
/// permissions beside, and of those the first by id. No more than about `steps` steps are made.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let delete = permission(&table, acme.catalog(), &What::Text("pages:delete")).unwrap();
/// let roles = cover(&table, acme, &[delete], A_SECOND).roles.unwrap();
/// assert_eq!(roles[0].role.id(), "owner");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn cover<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    permissions: &[Permission],
    steps: u64,
) -> Cover<'t> {
    let scope = Scope::of(table, organization);
    let mut budget = Budget::new(steps);
    let layout = organization.catalog().layout();
    let mut wanted = vec![0; scope.words];
    for permission in permissions.iter().filter(|it| it.catalog() == organization.catalog().key()) {
        let known = layout.get(&wanted, permission.row());
        layout.set(&mut wanted, permission.row(), known | permission.actions());
    }
    let mut anywhere = vec![0; scope.words];
    (0..scope.roles.len()).for_each(|role| join(&mut anywhere, scope.held(role)));
    let nowhere: Vec<u64> = wanted.iter().zip(&anywhere).map(|(wanted, held)| wanted & !held).collect();
    let (asked, nowhere) = (parts(organization, &wanted), parts(organization, &nowhere));
    let none =
        Cover { organization, asked, nowhere, roles: None, beside: Vec::new(), is_exact: true, at_least: 0 };
    if !none.nowhere.is_empty() {
        return none;
    }
    let problem = Problem::of(&scope, &wanted, &mut budget);
    let found = problem.solve(&mut budget);
    let roles: Vec<usize> = found.chosen.iter().map(|choice| problem.role(*choice)).collect();
    let mut beside = vec![0; scope.words];
    roles.iter().for_each(|role| join(&mut beside, scope.held(*role)));
    beside.iter_mut().zip(&wanted).for_each(|(held, wanted)| *held &= !wanted);
    let mut covering: Vec<Covering<'t>> = roles
        .iter()
        .filter_map(|at| {
            let held = scope.held(*at).iter().zip(&wanted).map(|(held, wanted)| held & wanted);
            let holds = parts(organization, &held.collect::<Vec<u64>>());
            Some(Covering { role: *scope.roles.get(*at)?, holds })
        })
        .collect();
    covering.sort_by_key(|it| it.role.id());
    Cover {
        roles: Some(covering),
        beside: parts(organization, &beside),
        is_exact: found.is_exact,
        at_least: found.at_least,
        ..none
    }
}

/// The rows of which something is in a set.
fn parts<'t>(organization: Organization<'t>, set: &[u64]) -> Vec<Part<'t>> {
    let layout = organization.catalog().layout();
    let part = |row: Row<'t>| {
        let actions = layout.get(set, row.key());
        (!actions.is_empty()).then_some(Part { row, actions })
    };
    organization.catalog().rows().filter_map(part).collect()
}

/// A role that may be chosen.
struct Candidate {
    role: usize,
    /// Which of the wanted permissions it holds, numbered by themselves.
    holds: Vec<u64>,
    /// What it holds beside.
    beside: Vec<u64>,
}

/// What is to be covered, and by what. The candidates stand by id.
struct Problem {
    candidates: Vec<Candidate>,
    /// The candidates that hold each wanted permission.
    holders: Vec<Vec<usize>>,
    wanted: usize,
}

/// Some candidates, in the order of their choice.
struct Found {
    chosen: Vec<usize>,
    is_exact: bool,
    at_least: usize,
}

/// How good a cover of one size is, the better first: what is held beside, then the ids.
type Rank = (usize, Vec<usize>);

/// Candidates chosen so far.
struct Node {
    chosen: Vec<usize>,
    open: Vec<u64>,
    beside: Vec<u64>,
    /// Those that were tried in this place before: what has one of them was seen already.
    barred: Vec<u64>,
}

impl Problem {
    fn of(scope: &Scope<'_>, wanted: &[u64], budget: &mut Budget) -> Self {
        let numbers: BTreeMap<usize, usize> =
            positions(wanted).enumerate().map(|(number, position)| (position, number)).collect();
        let words = numbers.len().div_ceil(64);
        let mut order: Vec<usize> = (0..scope.roles.len()).collect();
        order.sort_by_key(|role| scope.roles.get(*role).map_or("", |role| role.id()));
        let mut candidates: Vec<Candidate> = Vec::new();
        for role in order {
            let mut holds = vec![0; words];
            let mut beside = Vec::with_capacity(scope.words);
            for (word, (held, wanted)) in scope.held(role).iter().zip(wanted).enumerate() {
                let common = [held & wanted];
                let known = positions(&common).filter_map(|bit| numbers.get(&(word * 64 + bit)));
                known.for_each(|number| put(&mut holds, *number));
                beside.push(held & !wanted);
            }
            // One that stands before it, holds as much, and no more beside, is as good in every cover.
            let is_as_good = |other: &Candidate, budget: &mut Budget| {
                is_within(&holds, &other.holds, budget) && is_within(&other.beside, &beside, budget)
            };
            let is_needed = count(&holds) > 0
                && (budget.is_spent() || !candidates.iter().any(|other| is_as_good(other, budget)));
            if is_needed {
                candidates.push(Candidate { role, holds, beside });
            }
        }
        let holders = (0..numbers.len()).map(|number| {
            let holding = candidates.iter().enumerate().filter(|(_, it)| has(&it.holds, number));
            holding.map(|(at, _)| at).collect()
        });
        Self { holders: holders.collect(), wanted: numbers.len(), candidates }
    }

    fn role(&self, candidate: usize) -> usize {
        self.candidates.get(candidate).map_or(0, |candidate| candidate.role)
    }

    fn root(&self) -> Node {
        let mut open = vec![0; self.wanted.div_ceil(64)];
        (0..self.wanted).for_each(|number| put(&mut open, number));
        let beside = self.candidates.first().map_or(0, |candidate| candidate.beside.len());
        let barred = vec![0; self.candidates.len().div_ceil(64)];
        Node { chosen: Vec::new(), open, beside: vec![0; beside], barred }
    }

    fn choose(&self, node: &Node, choice: usize) -> Node {
        let mut next = Node {
            chosen: node.chosen.clone(),
            open: node.open.clone(),
            beside: node.beside.clone(),
            barred: node.barred.clone(),
        };
        if let Some(candidate) = self.candidates.get(choice) {
            next.chosen.push(choice);
            next.open.iter_mut().zip(&candidate.holds).for_each(|(open, holds)| *open &= !holds);
            join(&mut next.beside, &candidate.beside);
        }
        next
    }

    fn solve(&self, budget: &mut Budget) -> Found {
        let mut best = self.greedily();
        let mut least = self.least();
        while least <= best.len() {
            // A cover of this size that is known is held against the others of it.
            let known = (best.len() == least).then(|| self.rank(&best));
            let (found, is_whole) = self.of_size(least, known, budget);
            if let Some(found) = found {
                best = found;
            }
            if !is_whole || best.len() == least {
                return Found { is_exact: is_whole, at_least: least, chosen: best };
            }
            least += 1;
        }
        Found { at_least: best.len(), chosen: best, is_exact: true }
    }

    fn rank(&self, chosen: &[usize]) -> Rank {
        let whole = chosen.iter().fold(self.root(), |node, choice| self.choose(&node, *choice));
        let mut ids = chosen.to_vec();
        ids.sort_unstable();
        (count(&whole.beside), ids)
    }

    /// Whatever covers most at once, again and again: a cover to begin with.
    fn greedily(&self) -> Vec<usize> {
        let mut node = self.root();
        while count(&node.open) > 0 {
            let gain = |candidate: &Candidate| {
                let covered = candidate.holds.iter().zip(&node.open).map(|(holds, open)| holds & open);
                (covered.map(u64::count_ones).sum::<u32>(), beyond(&candidate.beside, &node.beside))
            };
            let ranked = self.candidates.iter().enumerate().map(|(at, candidate)| (gain(candidate), at));
            let best =
                ranked.min_by_key(|((covered, beside), at)| (std::cmp::Reverse(*covered), *beside, *at));
            match best {
                Some(((covered, _), choice)) if covered > 0 => node = self.choose(&node, choice),
                // Somebody holds each: there is always one more to choose.
                _ => break,
            }
        }
        node.chosen
    }

    /// So many are needed in any case: permissions no two of which one candidate holds, and all by the widest.
    fn least(&self) -> usize {
        let mut order: Vec<usize> = (0..self.wanted).collect();
        order.sort_by_key(|number| self.holders.get(*number).map_or(0, Vec::len));
        let mut seen = vec![0; self.candidates.len().div_ceil(64)];
        let mut alone = 0;
        for number in order {
            let holders = self.holders.get(number).map_or(&[][..], Vec::as_slice);
            if !holders.iter().any(|holder| has(&seen, *holder)) {
                alone += 1;
                holders.iter().for_each(|holder| put(&mut seen, *holder));
            }
        }
        let widest = self.widest();
        alone.max(if widest == 0 { 0 } else { self.wanted.div_ceil(widest) })
    }

    fn widest(&self) -> usize {
        self.candidates.iter().map(|candidate| count(&candidate.holds)).max().unwrap_or(0)
    }

    /// The best cover of a size that is better than one already known, and whether all were looked at.
    fn of_size(
        &self,
        size: usize,
        mut known: Option<Rank>,
        budget: &mut Budget,
    ) -> (Option<Vec<usize>>, bool) {
        /// What a choice takes beside the looking.
        const AROUND: usize = 32;
        let widest = self.widest();
        let mut best = None;
        let mut nodes = vec![self.root()];
        while let Some(node) = nodes.pop() {
            if budget.is_spent() {
                return (best, false);
            }
            budget.spend(AROUND + node.open.len() + node.beside.len() + node.barred.len());
            let beside = count(&node.beside);
            if known.as_ref().is_some_and(|(most, _)| beside > *most) {
                continue;
            }
            let open = count(&node.open);
            if open == 0 {
                let rank = self.rank(&node.chosen);
                if known.as_ref().is_none_or(|known| rank < *known) {
                    known = Some(rank);
                    best = Some(node.chosen);
                }
                continue;
            }
            let left = size - node.chosen.len();
            if left * widest < open {
                continue;
            }
            // The one that the fewest hold.
            let holders = |number: usize| self.holders.get(number).map_or(&[][..], Vec::as_slice);
            let Some(number) = positions(&node.open).min_by_key(|number| holders(*number).len()) else {
                continue;
            };
            let mut barred = node.barred.clone();
            let mut next = Vec::new();
            for choice in holders(number).iter().copied().filter(|choice| !has(&node.barred, *choice)) {
                let mut chosen = self.choose(&node, choice);
                chosen.barred.clone_from(&barred);
                put(&mut barred, choice);
                budget.spend(AROUND + node.beside.len());
                next.push(chosen);
            }
            nodes.extend(next.into_iter().rev());
        }
        (best, true)
    }
}
