//! Principals: what each holds of a row, from each moment on at which that may change.

use std::collections::BTreeSet;

use crate::eval::{Holder, Permission, Query, Reason};
use crate::reference::{Given, Held, PrincipalOf};
use crate::table::Principal;
use crate::tools::certify::{Comparison, Difference, Pair, within};
use crate::vocab::{Actions, OrganizationKind, PrincipalId, RoleId, RowId, Time};

/// A principal and the stretches of time in which the same roles are in force.
pub(super) struct Person<'a> {
    name: &'a str,
    key: PrincipalId,
    stretches: Vec<Stretch>,
    /// The roles of all stretches, one after the other.
    roles: Vec<Held>,
}

struct Stretch {
    /// Its first moment.
    from: Time,
    /// Its end among the roles of the person; it begins where the one before ends.
    end: usize,
    /// When something is in force next, where nothing is.
    next: Option<Time>,
}

impl<'a> Person<'a> {
    pub(super) fn new(own: PrincipalOf<'a>, of: Principal<'_>) -> Self {
        let given = own.given();
        let bounds = given.iter().flat_map(|given| [given.from, given.until]);
        // Where the table has a bound that the sources do not have, something is wrong just there.
        let of_table = of.assignments().flat_map(|given| [given.from(), given.until()]);
        // Before the first as well: what is not in force yet must not be held.
        let moments: BTreeSet<Time> = bounds.chain(of_table).flatten().chain([Time(i64::MIN)]).collect();
        let (mut stretches, mut roles) = (Vec::with_capacity(moments.len()), Vec::new());
        for from in moments {
            let in_force = given.iter().filter(|given| given.is_in_force(from));
            roles.extend(in_force.map(|given| given.role));
            let coming = given.iter().filter_map(|given: &Given| given.from).filter(|start| *start > from);
            stretches.push(Stretch { from, end: roles.len(), next: coming.min() });
        }
        Self { name: own.name(), key: of.key(), stretches, roles }
    }
}

impl Comparison<'_> {
    /// Compares which roles the principals of an organization have from each moment on.
    pub(super) fn given(&mut self, pair: &Pair<'_>) {
        let table = self.evaluator.table();
        let templates: Vec<Option<RoleId>> =
            pair.own.catalog().templates().map(|id| table.template(id)).collect();
        for person in &pair.people {
            let mut start = 0;
            for stretch in &person.stretches {
                let wanted = within(&person.roles, start..stretch.end).iter().map(|role| match role {
                    Held::Template(at) => templates.get(*at).copied().flatten(),
                    Held::Own(at) => pair.roles.get(*at).copied(),
                });
                let wanted: BTreeSet<Option<RoleId>> = wanted.collect();
                start = stretch.end;
                let found = self.evaluator.assignments_in_force(person.key, stretch.from);
                let found: BTreeSet<Option<RoleId>> = found.map(|given| Some(given.role())).collect();
                if wanted != found {
                    self.missing("what is given to principal", person.name);
                }
            }
        }
    }

    /// Compares what the principals of an organization hold of a row, by what its templates and roles hold.
    pub(super) fn people(
        &mut self,
        pair: &Pair<'_>,
        row: usize,
        key: RowId,
        templates: &[Actions],
        own: &[Actions],
    ) {
        let table = self.evaluator.table();
        let catalog = pair.own.catalog();
        let Some(asked) = Permission::at(table, pair.of.catalog().key(), key, None) else {
            // Of a row without actions nothing can be asked.
            if catalog.actions(row).next().is_some() {
                self.missing("row", &catalog.row(row).join("."));
            }
            return;
        };
        let is_hidden = catalog.is_only_managed(row) && pair.own.kind() == OrganizationKind::Direct;
        for person in &pair.people {
            let mut start = 0;
            for stretch in &person.stretches {
                let roles = within(&person.roles, start..stretch.end);
                start = stretch.end;
                let held = roles.iter().fold(Actions::NONE, |all, role| {
                    all | match role {
                        Held::Template(_) if is_hidden => Actions::NONE,
                        Held::Template(at) => templates.get(*at).copied().unwrap_or_default(),
                        Held::Own(at) => own.get(*at).copied().unwrap_or_default(),
                    }
                });
                let query =
                    Query { holder: Holder::Principal(person.key), permission: asked, at: stretch.from };
                // Somebody without a role in force is told apart from somebody who holds nothing by a role.
                let found = match self.evaluator.respond(query).reason {
                    Reason::Granted if !roles.is_empty() => Some(asked.actions()),
                    Reason::NotGranted { held, .. } if !roles.is_empty() => Some(held),
                    Reason::NothingInForce { next } if roles.is_empty() && next == stretch.next => {
                        Some(Actions::NONE)
                    }
                    _ => None,
                };
                self.cells += asked.actions().count() as u64;
                if found != Some(held) {
                    let who = format!("{:?} from {} on", person.name, stretch.from.0);
                    self.differences.push(Difference::cell(
                        pair.own.id(),
                        &who,
                        catalog.row(row),
                        held,
                        found,
                    ));
                }
            }
        }
    }
}
