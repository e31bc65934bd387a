//! What is named, written into the policy, which is compiled anew; and so is all that is smaller.

use std::collections::BTreeSet;

use rolec::eval::{Holder, Query};
use rolec::table::{Organization, Role, Table};
use rolec::tools::explain::{Change, explain_throughout};
use rolec::vocab::{Actions, CatalogId, Time};

use super::{Case, Fault, add, hold};
use crate::support::generated::{Assignment, Entry, Policy, Target};
use crate::support::law::{compiled, errors, shown};
use crate::support::picture::moments;

impl Case<'_, '_> {
    /// What is named, written into the policy.
    pub(super) fn by_the_text(&self, policy: &Policy, layout: u64) -> Fault {
        for change in &self.flip.changes {
            self.change(policy, layout, change)?;
        }
        if let Some(principal) = self.explained.principal {
            let named: BTreeSet<&str> = self.flip.roles.iter().map(|near| near.role.id()).collect();
            let (with, without): (Vec<_>, Vec<_>) =
                self.explained.organization.assignable().partition(|role| named.contains(role.id()));
            add(&self.count.roles, with.len());
            add(&self.count.others, without.len());
            for role in with.iter().take(3).chain(without.iter().take(3)) {
                let after = self.assigned(policy, layout, principal.name(), role.id())?;
                let is_allowed = self.is_allowed(&after, self.query);
                hold!(format!("assigned {}", role.id()), is_allowed, named.contains(role.id()));
            }
        }
        Ok(())
    }

    /// What is named of a query that ought to be allowed at every moment makes it so, and nothing else does.
    pub(super) fn throughout(&self, policy: &Policy, layout: u64) -> Fault {
        let always = explain_throughout(self.table, self.query).unwrap().flip.unwrap();
        let Some(principal) = self.explained.principal else {
            hold!("of a role", (always.throughout, always.changes.len()), (false, self.flip.changes.len()));
            return Ok(());
        };
        if always.only_managed {
            return Ok(());
        }
        let all = moments(self.table);
        let is_allowed = |table: &Table, at: Time| self.is_allowed(table, Query { at, ..self.query });
        let lacking: Vec<Time> = all.iter().copied().filter(|at| !is_allowed(self.table, *at)).collect();
        let is_always = |table: &Table| all.iter().all(|at| is_allowed(table, *at));
        let in_force = principal.assignments().filter(|one| lacking.iter().any(|at| one.is_in_force(*at)));
        let roles: BTreeSet<_> = in_force.map(|one| one.role()).collect();
        let shape = self.explained.row.shape();
        for role in roles.iter().filter_map(|role| self.table.role_view(*role)) {
            let change = always.changes.iter().find(|change| change.role.key() == role.key());
            let level = change.map_or(shape.top(), |change| change.level);
            let after = self.levelled(policy, layout, role, level)?;
            hold!(format!("always by {}", role.id()), is_always(&after), change.is_some());
            add(if change.is_some() { &self.count.always } else { &self.count.never }, 1);
            let Some(change) = change else { continue };
            let held = change.level - change.added;
            let smaller = (0..level.0).map(Actions);
            let smaller =
                smaller.filter(|it| level.contains(*it) && it.contains(held) && shape.is_level(*it));
            for smaller in smaller.take(4) {
                let after = self.levelled(policy, layout, role, smaller)?;
                hold!(format!("always by less of {}", role.id()), is_always(&after), false);
            }
        }
        hold!("only of these", always.changes.iter().all(|change| roles.contains(&change.role.key())), true);
        let named: BTreeSet<&str> = always.roles.iter().map(|near| near.role.id()).collect();
        let (with, without): (Vec<_>, Vec<_>) =
            self.explained.organization.assignable().partition(|role| named.contains(role.id()));
        for role in with.iter().take(2).chain(without.iter().take(2)) {
            let after = self.assigned(policy, layout, principal.name(), role.id())?;
            hold!(format!("always with {}", role.id()), is_always(&after), named.contains(role.id()));
        }
        Ok(())
    }

    fn change(&self, policy: &Policy, layout: u64, change: &Change<'_>) -> Fault {
        let Self { query, explained, count, .. } = self;
        let shape = explained.row.shape();
        let held = change.level - change.added;
        let id = change.role.id();
        hold!("what it has", change.role.actions(explained.row.key()), held);
        hold!("a level", shape.is_level(change.level), true);
        let after = self.levelled(policy, layout, change.role, change.level)?;
        hold!(format!("changed {id}"), self.is_allowed(&after, *query), true);
        hold!(format!("others by {id}"), self.gaining(&after), change.others);
        hold!(format!("organizations by {id}"), self.elsewhere(&after), change.organizations);
        add(&count.changes, 1);
        add(&count.gaining, usize::from(change.others > 0));
        add(&count.elsewhere, usize::from(change.organizations > 0));
        // Every level between what it has and the one that is named.
        let smaller = (0..change.level.0).map(Actions);
        let smaller =
            smaller.filter(|it| change.level.contains(*it) && it.contains(held) && shape.is_level(*it));
        for level in smaller.take(8) {
            add(&count.smaller, 1);
            let after = self.levelled(policy, layout, change.role, level)?;
            hold!(format!("{id} at {}", shape.level(level)), self.is_allowed(&after, *query), false);
        }
        Ok(())
    }

    /// The actions of the row that somebody has more of than now at some moment from the time asked about on.
    fn gains(&self, after: &Table, holder: Holder) -> bool {
        let row = self.explained.row;
        let from = self.query.at;
        let moments = moments(self.table).into_iter().filter(|at| *at > from).chain([from]);
        moments.into_iter().any(|at| {
            (0..row.shape().width()).map(Actions::one).any(|action| {
                self.has(after, holder, action, at) && !self.has(self.table, holder, action, at)
            })
        })
    }

    /// How many other principals gain. Both tables have the same things under the same keys.
    fn gaining(&self, after: &Table) -> usize {
        let same = self.table.principals().filter(|one| one.organization().catalog().key() == self.catalog());
        let others = same.map(|one| Holder::Principal(one.key())).filter(|one| *one != self.query.holder);
        others.filter(|holder| self.gains(after, *holder)).count()
    }

    /// How many other organizations have a role or a principal that gains.
    fn elsewhere(&self, after: &Table) -> usize {
        let home = self.explained.organization.key();
        let others = self.table.organizations().filter(|one| one.key() != home);
        let others = others.filter(|one| one.catalog().key() == self.catalog());
        let is_concerned = |organization: &Organization<'_>| {
            let roles = organization.roles().map(|role| Holder::Role(organization.key(), role.key()));
            let principals = organization.principals().map(|one| Holder::Principal(one.key()));
            roles.chain(principals).any(|holder| self.gains(after, holder))
        };
        others.filter(is_concerned).count()
    }

    fn catalog(&self) -> CatalogId {
        self.query.permission.catalog()
    }

    /// The policy with a role at another level of the row.
    fn levelled(
        &self,
        policy: &Policy,
        layout: u64,
        role: Role<'_>,
        level: Actions,
    ) -> Result<Table, String> {
        let mut policy = policy.clone();
        let id = self.explained.organization.catalog().id();
        let catalog = policy.catalogs.iter_mut().find(|catalog| catalog.head.id == id).unwrap();
        let row = self.explained.row;
        let (category, of) = (row.category().id(), row.id());
        let at = catalog.rows().find(|(category_at, row_at)| {
            let known = &catalog.categories[*category_at];
            known.head.id == category && known.rows[*row_at].head.id == of
        });
        let (category, number) = at.unwrap();
        let shape = row.shape();
        let text = shape.level(level);
        let levels = catalog.row((category, number)).levels();
        let words =
            text.split(", ").map(|word| *levels.iter().find(|known| **known == word).unwrap()).collect();
        let roles = match role.organization() {
            Some(of) => {
                let mut all = catalog.organizations.iter_mut();
                &mut all.find(|one| one.head.id == of.id()).unwrap().roles
            }
            None => &mut catalog.templates,
        };
        let role = roles.iter_mut().find(|known| known.head.id == role.id()).unwrap();
        let target = Target::Row(category, number);
        role.entries.retain(|entry| entry.target != target);
        role.entries.push(Entry { target, words, unconfirmed: None });
        made(&policy, layout)
    }

    /// The policy with a role more in somebody's hands.
    fn assigned(&self, policy: &Policy, layout: u64, name: &str, role: &str) -> Result<Table, String> {
        let mut policy = policy.clone();
        let id = self.explained.organization.id();
        let mut organizations = policy.catalogs.iter_mut().flat_map(|catalog| &mut catalog.organizations);
        let organization = organizations.find(|organization| organization.head.id == id).unwrap();
        let mut known = organization.assignments.iter().flat_map(|one| one.principals.iter().copied());
        let who = known.find(|(known, _)| *known == name).unwrap();
        let (from, until, because) = (None, None, None);
        organization.assignments.push(Assignment {
            role: role.to_owned(),
            principals: vec![who],
            from,
            until,
            because,
        });
        made(&policy, layout)
    }
}

fn made(policy: &Policy, layout: u64) -> Result<Table, String> {
    let files = policy.files(layout);
    let compilation = compiled(&files);
    let errors = errors(&compilation);
    compilation.table.ok_or_else(|| format!("{errors:?}\n{}", shown(&files)))
}
