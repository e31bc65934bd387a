//! Principals: what each holds of a row, from each moment on at which that may change.

use std::collections::BTreeSet;

use crate::decisions::Index;
use crate::eval::{Holder, Query, Reason};
use crate::reference::{Held, OrganizationOf, PrincipalOf};
use crate::table::Principal;
use crate::tools::certify::Comparison;
use crate::tools::certify::catalog::Columns;
use crate::tools::certify::differences::{Difference, Differences};
use crate::tools::certify::pair::Inside;
use crate::tools::certify::spells::{Spell, apart};
use crate::tools::certify::stretches::{Room, Stretches};
use crate::vocab::{Actions, PrincipalId, RoleId, Time};

/// A principal and the stretches of time in which the same roles are in force.
pub(super) struct Person<'a> {
    pub(super) own: PrincipalOf<'a>,
    pub(super) key: PrincipalId,
    pub(super) stretches: Stretches,
}

impl<'a> Person<'a> {
    pub(super) fn of_table(own: PrincipalOf<'a>, of: Principal<'_>, index: Index<'_>) -> Self {
        // Where the table has a bound that the sources do not have, something is wrong just there.
        let bounds = of.assignments().flat_map(|given| [given.from(), given.until()]);
        Self::new(own, of.key(), bounds.flatten().chain(index.changes_of(of.key())))
    }

    /// A principal with bounds beside those that the sources know.
    pub(super) fn new(own: PrincipalOf<'a>, key: PrincipalId, also: impl Iterator<Item = Time>) -> Self {
        Self { own, key, stretches: Stretches::new(own.given(), also) }
    }
}

/// Compares the moments at which somebody may come to hold something else, and does.
pub(super) fn changes(
    own: OrganizationOf<'_>,
    principal: PrincipalOf<'_>,
    found: impl Iterator<Item = Time> + Clone,
    differences: &mut Differences,
) {
    let bounds = principal.given().iter().flat_map(|given| [given.from, given.until]);
    let mut wanted: Vec<Time> = bounds.flatten().collect();
    wanted.sort_unstable();
    wanted.dedup();
    if !found.clone().eq(wanted.iter().copied()) {
        differences.push(|| {
            let told = Difference::of("assignments", principal.name()).in_organization(own.id());
            let wanted = wanted.iter().map(ToString::to_string).collect();
            told.says(Some(found.map(|time| time.to_string()).collect()), Some(wanted))
        });
    }
}

impl Comparison<'_> {
    /// Compares which roles the principals of an organization have from each moment on, `templates` being those of its
    /// catalog.
    pub(super) fn given(&mut self, pair: &Inside<'_>, templates: &[Option<RoleId>]) {
        let table = self.evaluator.table();
        for person in &pair.people {
            let role = |held: Held| match held {
                Held::Template(at) => templates.get(at).copied().flatten(),
                Held::Own(at) => pair.keys.get(at).copied().flatten(),
            };
            let given = person.own.given().iter();
            let mut wanted: Vec<Spell> = given.map(|it| (role(it.role), it.from, it.until)).collect();
            wanted.sort_unstable();
            // They lie in that order.
            let found = table.principal_view(person.key).into_iter().flat_map(Principal::assignments);
            let found: Vec<Spell> = found.map(|it| (Some(it.role()), it.from(), it.until())).collect();
            if wanted == found {
                continue;
            }
            for at in apart(&found, &wanted) {
                let ids = |all: &[Spell]| {
                    let in_force = all.iter().filter(|(_, from, until)| {
                        from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
                    });
                    let ids: BTreeSet<&str> =
                        in_force.filter_map(|(role, ..)| Some(table.role_view((*role)?)?.id())).collect();
                    Some(ids.into_iter().map(str::to_owned).collect())
                };
                self.differences.push(|| {
                    let name = person.own.name();
                    let person = Difference::of("assignments", name).in_organization(pair.of.id());
                    person.since(at).says(ids(&found), ids(&wanted))
                });
            }
        }
    }

    /// Compares what the principals of an organization hold of some rows, by what its templates and roles hold.
    pub(super) fn people(&mut self, inside: &mut Inside<'_>, columns: &Columns<'_, '_>, room: &mut Room) {
        for person in &inside.people {
            for (stretch, held) in person.stretches.held(&columns.held, room) {
                for (column, wanted) in columns.all.iter().zip(held) {
                    let Some(asked) = column.asked else { continue };
                    let query =
                        Query { holder: Holder::Principal(person.key), permission: asked, at: stretch.from };
                    // Somebody without a role in force is told apart from somebody who holds nothing by a role.
                    let found = match self.evaluator.respond(query).reason {
                        Reason::Granted if stretch.is_in_force => Some(asked.actions()),
                        Reason::NotGranted { held, .. } if stretch.is_in_force => Some(held),
                        Reason::NothingInForce { next } if !stretch.is_in_force && next == stretch.next => {
                            Some(Actions::NONE)
                        }
                        _ => None,
                    };
                    let row = column.row;
                    inside.answers.push(*wanted, row.width);
                    if found != Some(*wanted) {
                        let id = inside.of.id();
                        self.differences.push(|| {
                            let person = Difference::of("principal", person.own.name()).in_organization(id);
                            row.differs(person.since(stretch.from), found, *wanted)
                        });
                    }
                }
            }
        }
    }
}
