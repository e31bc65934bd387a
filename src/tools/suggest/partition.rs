//! An organization's own roles put together: which of them become one, which give way to a template, and what that costs.

use std::collections::BTreeMap;

use crate::tools::suggest::bits::{beyond, join};
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::hands::{Gain, Hands};
use crate::tools::suggest::scope::Scope;

/// What becomes of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// One with all that have the same number: that of the first of them.
    With(usize),
    /// Given up for a template, which holds all of it.
    Under(usize),
}

/// What a merge costs, the worse first: what people gain, then what roles hold more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub(super) gain: Gain,
    /// Permissions that roles hold more, each counted for every role.
    pub(super) cells: usize,
}

/// Roles, as far as it is said what becomes of them; the others stay.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    places: Vec<Place>,
}

impl Partition {
    /// Every role by itself.
    pub(super) fn apart(roles: usize) -> Self {
        Self { places: (0..roles).map(Place::With).collect() }
    }

    /// The same with one role, and all that are one with it, put elsewhere.
    pub(super) fn with(&self, role: usize, place: Place) -> Self {
        let was = Place::With(role);
        let moved = |(at, old): (usize, &Place)| if at == role || *old == was { place } else { *old };
        Self { places: self.places.iter().enumerate().map(moved).collect() }
    }

    /// Whether a role stands for itself and for those that are one with it.
    pub(super) fn is_first(&self, role: usize) -> bool {
        self.places.get(role) == Some(&Place::With(role))
    }

    /// The roles that become one, or give way to one, each such group with where it goes; those that stay are none.
    pub(super) fn groups(&self) -> Groups {
        let mut groups = Groups::new();
        for (role, place) in self.places.iter().enumerate() {
            groups.entry(*place).or_default().push(role);
        }
        groups.retain(|place, roles| matches!(place, Place::Under(_)) || roles.len() > 1);
        groups
    }
}

/// Roles that go to one place.
pub(super) type Groups = BTreeMap<Place, Vec<usize>>;

/// What it costs to put roles together. That never gets less by putting more together.
pub(super) fn cost(groups: &Groups, scope: &Scope<'_>, hands: &Hands, budget: &mut Budget) -> Cost {
    /// What it takes beside the looking.
    const AROUND: usize = 32;
    budget.spend(AROUND);
    let joined: Vec<(&Vec<usize>, Vec<u64>)> =
        groups.iter().map(|(place, roles)| (roles, held(scope, *place, roles, budget))).collect();
    let mut instead = BTreeMap::new();
    let mut cells = 0;
    for (roles, held) in &joined {
        for role in *roles {
            cells += beyond(held, scope.held(*role));
            instead.insert(*role, held.as_slice());
        }
    }
    Cost { gain: hands.gain(&instead, budget), cells }
}

/// What a group holds in the end.
pub(super) fn held(scope: &Scope<'_>, place: Place, roles: &[usize], budget: &mut Budget) -> Vec<u64> {
    budget.spend(roles.len() * scope.words.max(1));
    let mut held = vec![0; scope.words];
    match place {
        Place::Under(template) => join(&mut held, scope.held(template)),
        Place::With(_) => roles.iter().for_each(|role| join(&mut held, scope.held(*role))),
    }
    held
}

/// A search through all ways to have so many roles less.
pub(super) struct Search<'s, 't> {
    pub(super) scope: &'s Scope<'t>,
    pub(super) hands: &'s Hands,
    /// The templates that each role could give way to.
    pub(super) hosts: &'s [Vec<usize>],
    pub(super) fewer: usize,
}

/// Some roles decided about, the others open.
struct Node {
    partition: Partition,
    /// How many are decided about.
    decided: usize,
    /// How many roles less that makes.
    fewer: usize,
}

impl Search<'_, '_> {
    /// The cheapest way that is cheaper than one already known, and whether there is certainly none cheaper than what is
    /// then known.
    pub(super) fn best(&self, known: Option<Cost>, budget: &mut Budget) -> (Option<(Partition, Cost)>, bool) {
        let roles = self.scope.own;
        let mut best: Option<(Partition, Cost)> = None;
        let mut limit = known;
        let mut open = vec![Node { partition: Partition::apart(roles), decided: 0, fewer: 0 }];
        while let Some(node) = open.pop() {
            if budget.is_spent() {
                return (best, false);
            }
            let role = node.decided;
            if role == roles || node.fewer + (roles - role) < self.fewer {
                continue;
            }
            let templates = self.hosts.get(role).into_iter().flatten().map(|host| Place::Under(*host));
            let firsts = (0..role).filter(|first| node.partition.is_first(*first)).map(Place::With);
            let mut next = Vec::new();
            for place in firsts.chain(templates) {
                let partition = node.partition.with(role, place);
                let cost = cost(&partition.groups(), self.scope, self.hands, budget);
                if limit.is_some_and(|limit| cost >= limit) {
                    continue;
                }
                if node.fewer + 1 == self.fewer {
                    limit = Some(cost);
                    best = Some((partition, cost));
                } else {
                    next.push(Node { partition, decided: role + 1, fewer: node.fewer + 1 });
                }
            }
            // What is put on last is looked at first: merges with the first roles, then templates, then none.
            open.push(Node { partition: node.partition, decided: role + 1, fewer: node.fewer });
            open.extend(next.into_iter().rev());
        }
        (best, true)
    }
}
