//! Principals: what each holds of a row, from each moment on at which that may change.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::decisions::Index;
use crate::eval::{Holder, Query, Reason};
use crate::reference::{Given, Held, PrincipalOf};
use crate::table::Principal;
use crate::tools::certify::Comparison;
use crate::tools::certify::catalog::Column;
use crate::tools::certify::differences::Difference;
use crate::tools::certify::pair::Inside;
use crate::vocab::{Actions, PrincipalId, RoleId, Time};

/// A principal and the stretches of time in which the same roles are in force.
pub(super) struct Person<'a> {
    pub(super) name: &'a str,
    pub(super) key: PrincipalId,
    pub(super) stretches: Vec<Stretch>,
    /// The roles of all stretches, one after the other.
    roles: Vec<Held>,
}

pub(super) struct Stretch {
    /// Its first moment.
    pub(super) from: Time,
    /// Its roles among those of the person.
    roles: Range<usize>,
    /// When something is in force next, where nothing is.
    next: Option<Time>,
}

impl<'a> Person<'a> {
    pub(super) fn of_table(own: PrincipalOf<'a>, of: Principal<'_>, index: Index<'_>) -> Self {
        // Where the table has a bound that the sources do not have, something is wrong just there.
        let bounds = of.assignments().flat_map(|given| [given.from(), given.until()]);
        Self::new(own, of.key(), bounds.flatten().chain(index.changes_of(of.key())))
    }

    /// A principal with bounds beside those that the sources know.
    pub(super) fn new(own: PrincipalOf<'a>, key: PrincipalId, also: impl Iterator<Item = Time>) -> Self {
        let given = own.given();
        let bounds = given.iter().flat_map(|given| [given.from, given.until]).flatten();
        // Before the first as well: what is not in force yet must not be held.
        let mut moments: Vec<Time> = bounds.chain(also).chain([Time(i64::MIN)]).collect();
        moments.sort_unstable();
        moments.dedup();
        let (mut stretches, mut roles) = (Vec::with_capacity(moments.len()), Vec::with_capacity(given.len()));
        for from in moments {
            let start = roles.len();
            let in_force = given.iter().filter(|given| given.is_in_force(from));
            roles.extend(in_force.map(|given| given.role));
            let coming = given.iter().filter_map(|given: &Given| given.from).filter(|start| *start > from);
            stretches.push(Stretch { from, roles: start..roles.len(), next: coming.min() });
        }
        Self { name: own.name(), key, stretches, roles }
    }

    /// The roles of a stretch, as often as they are given.
    pub(super) fn roles(&self, stretch: &Stretch) -> &[Held] {
        self.roles.get(stretch.roles.clone()).unwrap_or_default()
    }

    /// What is held of a row in a stretch, by what templates and roles hold of it; none where no role is in force.
    pub(super) fn holds(&self, stretch: &Stretch, held: &Of<'_>) -> Option<Actions> {
        let roles = self.roles(stretch);
        let all = roles.iter().fold(Actions::NONE, |all, role| {
            all | match role {
                Held::Template(_) if held.is_hidden => Actions::NONE,
                Held::Template(at) => held.templates.get(*at).copied().unwrap_or_default(),
                Held::Own(at) => held.own.get(*at).copied().unwrap_or_default(),
            }
        });
        (!roles.is_empty()).then_some(all)
    }
}

/// What the roles of an organization hold of a row.
pub(super) struct Of<'h> {
    pub(super) templates: &'h [Actions],
    pub(super) own: Vec<Actions>,
    /// Whether the organization's kind takes the row away.
    pub(super) is_hidden: bool,
}

impl Comparison<'_> {
    /// Compares which roles the principals of an organization have from each moment on, `templates` being those of its
    /// catalog.
    pub(super) fn given(&mut self, pair: &Inside<'_>, templates: &[Option<RoleId>]) {
        let table = self.evaluator.table();
        for person in &pair.people {
            for stretch in &person.stretches {
                let wanted = person.roles(stretch).iter().map(|role| match role {
                    Held::Template(at) => templates.get(*at).copied().flatten(),
                    Held::Own(at) => pair.keys.get(*at).copied().flatten(),
                });
                let mut wanted: Vec<Option<RoleId>> = wanted.collect();
                let found = self.evaluator.assignments_in_force(person.key, stretch.from);
                let mut found: Vec<Option<RoleId>> = found.map(|given| Some(given.role())).collect();
                if wanted == found {
                    continue;
                }
                for list in [&mut wanted, &mut found] {
                    list.sort_unstable();
                    list.dedup();
                }
                if wanted != found {
                    let ids = |all: Vec<Option<RoleId>>| {
                        let ids: BTreeSet<&str> = all
                            .iter()
                            .flatten()
                            .filter_map(|key| Some(table.role_view(*key)?.id()))
                            .collect();
                        Some(ids.into_iter().map(str::to_owned).collect())
                    };
                    self.differences.push(|| {
                        let person = Difference::of("assignments", person.name).in_organization(pair.of.id());
                        person.since(stretch.from).says(ids(found), ids(wanted))
                    });
                }
            }
        }
    }

    /// Compares what the principals of an organization hold of some rows, by what its templates and roles hold.
    pub(super) fn people(&mut self, inside: &mut Inside<'_>, columns: &[Column<'_, '_>]) {
        for person in &inside.people {
            for stretch in &person.stretches {
                for Column { row, asked, held, .. } in columns {
                    let Some(asked) = *asked else { continue };
                    let wanted = person.holds(stretch, held);
                    let query =
                        Query { holder: Holder::Principal(person.key), permission: asked, at: stretch.from };
                    // Somebody without a role in force is told apart from somebody who holds nothing by a role.
                    let found = match self.evaluator.respond(query).reason {
                        Reason::Granted if wanted.is_some() => Some(asked.actions()),
                        Reason::NotGranted { held, .. } if wanted.is_some() => Some(held),
                        Reason::NothingInForce { next } if wanted.is_none() && next == stretch.next => {
                            Some(Actions::NONE)
                        }
                        _ => None,
                    };
                    let wanted = wanted.unwrap_or_default();
                    inside.answers.push(wanted, row.width);
                    if found != Some(wanted) {
                        let id = inside.of.id();
                        self.differences.push(|| {
                            let person = Difference::of("principal", person.name).in_organization(id);
                            row.differs(person.since(stretch.from), found, wanted)
                        });
                    }
                }
            }
        }
    }
}
