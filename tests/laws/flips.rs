//! What would flip a denial, held against brute force: whatever is named is written into the policy and compiled anew,
//! and so is all that is smaller.

mod built_in;
mod text;

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::eval::{Evaluator, Holder, Permission, Query};
use rolec::table::{Principal, Role, Table};
use rolec::tools::explain::{Change, Explanation, Flip, How, explain};
use rolec::vocab::{Actions, Decision, OrganizationKind, Time};

use crate::support::generated::{self, Catalog, Organization};
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::moments;

/// How often something was tried that could have gone wrong.
#[derive(Default)]
struct Count {
    changes: Cell<u32>,
    smaller: Cell<u32>,
    gaining: Cell<u32>,
    elsewhere: Cell<u32>,
    roles: Cell<u32>,
    others: Cell<u32>,
    stretches: Cell<u32>,
    managed: Cell<u32>,
    always: Cell<u32>,
    never: Cell<u32>,
}

fn add(count: &Cell<u32>, more: usize) {
    count.set(count.get() + u32::try_from(more).unwrap());
}

/// What a denial names flips it, nothing smaller does, and what it does not name does not.
#[test]
fn what_a_denial_names_flips_it() {
    let count = Count::default();
    let has_roles =
        |(catalog, organization): (&Catalog, &Organization)| !catalog.assignable(organization).is_empty();
    let policies =
        generated::policy().prop_filter("nobody to ask about", move |it| it.organizations().any(has_roles));
    let picks = proptest::collection::vec(any::<Index>(), 12);
    let all = law("flips", 200, &(policies, picks, layout()), |(policy, picks, layout)| {
        let policy = policy.unrestricted();
        let files = policy.files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let denied = denied(&table, &moments(&table));
        if denied.is_empty() {
            return Ok(Tried::Void);
        }
        for (number, pick) in picks.iter().enumerate() {
            let query = denied[pick.index(denied.len())];
            let explained = explain(&table, query).unwrap();
            let flip = explained.flip.as_ref().expect("a denial has what would flip it");
            let tried = Case { table: &table, query, explained: &explained, flip, count: &count };
            let texts = || format!("{query:?} {flip:#?}\n{}", shown(&files));
            tried.by_the_table().map_err(|fault| TestCaseError::fail(format!("{fault}\n{}", texts())))?;
            if number < 2 {
                tried
                    .by_the_text(&policy, layout)
                    .and_then(|()| tried.throughout(&policy, layout))
                    .map_err(|fault| TestCaseError::fail(format!("{fault}\n{}", texts())))?;
            }
        }
        Ok(Tried::Held)
    });
    let Count { changes, smaller, gaining, elsewhere, roles, others, stretches, managed, always, never } =
        count;
    for (what, count) in [
        ("changes", changes),
        ("smaller levels", smaller),
        ("changes by which others gain", gaining),
        ("changes that concern other organizations", elsewhere),
        ("roles that have it", roles),
        ("roles that do not", others),
        ("stretches of time", stretches),
        ("rows of managed organizations only", managed),
        ("changes for every moment", always),
        ("changes for some moments only", never),
    ] {
        eprintln!("{what}: {} times", count.get());
        assert!(all < MANY || count.get() * 20 >= all, "{what}: only so seldom");
    }
}

/// Every question that is denied: about each role, about each principal at each moment; each action and each whole row.
fn denied(table: &Table, moments: &BTreeSet<Time>) -> Vec<Query> {
    let evaluator = Evaluator::new(table);
    let mut denied = Vec::new();
    for organization in table.organizations() {
        let catalog = organization.catalog();
        let roles =
            organization.assignable().map(|role| (Holder::Role(organization.key(), role.key()), Time(0)));
        let principals = organization.principals().map(|principal| Holder::Principal(principal.key()));
        let principals = principals.flat_map(|holder| moments.iter().map(move |at| (holder, *at)));
        for (holder, at) in roles.chain(principals) {
            for row in catalog.rows() {
                let actions = (0..row.shape().width()).map(Some).chain([None]);
                let permissions =
                    actions.map(|one| Permission::at(table, catalog.key(), row.key(), one).unwrap());
                let queries = permissions.map(|permission| Query { holder, permission, at });
                denied.extend(queries.filter(|query| evaluator.decide_query(*query) == Decision::Deny));
            }
        }
    }
    denied
}

struct Case<'c, 't> {
    table: &'t Table,
    query: Query,
    explained: &'c Explanation<'t>,
    flip: &'c Flip<'t>,
    count: &'c Count,
}

type Fault = Result<(), String>;

macro_rules! hold {
    ($what:expr, $found:expr, $wanted:expr) => {{
        let (found, wanted) = (&$found, &$wanted);
        if found != wanted {
            return Err(format!("{}: found {found:?}, wanted {wanted:?}", $what));
        }
    }};
}

use hold;

impl Case<'_, '_> {
    fn is_allowed(&self, table: &Table, query: Query) -> bool {
        Evaluator::new(table).decide_query(query) == Decision::Allow
    }

    /// Whether somebody has some actions of the row, each asked for by itself.
    fn has(&self, table: &Table, holder: Holder, actions: Actions, at: Time) -> bool {
        let (catalog, row) = (self.query.permission.catalog(), self.query.permission.row());
        actions.positions().all(|action| {
            let permission = Permission::at(table, catalog, row, Some(action)).unwrap();
            self.is_allowed(table, Query { holder, permission, at })
        })
    }

    fn role(&self, role: Role<'_>) -> Holder {
        Holder::Role(self.explained.organization.key(), role.key())
    }

    /// What needs no other policy: by asking the table, and nothing of how it is made.
    fn by_the_table(&self) -> Fault {
        let Self { table, query, explained, flip, count } = self;
        let (row, organization) = (explained.row, explained.organization);
        let asked = query.permission.actions();
        let held =
            asked.positions().filter(|one| self.has(table, query.holder, Actions::one(*one), query.at));
        let held = held.fold(Actions::NONE, |held, one| held | Actions::one(one));
        hold!("missing", flip.missing, asked - held);
        hold!("more", (flip.more_changes, flip.more_roles, flip.full), (0, 0, None));

        let is_direct = organization.kind() == OrganizationKind::Direct;
        hold!("only managed", flip.only_managed, row.is_only_managed() && is_direct);
        let wanted = if explained.principal.is_some() { flip.missing } else { asked };
        let with =
            organization.assignable().filter(|role| self.has(table, self.role(*role), wanted, query.at));
        let mut with: Vec<(usize, &str)> =
            with.map(|role| (self.beside(role) - self.brought(), role.id())).collect();
        with.sort_unstable();
        let found: Vec<(usize, &str)> = flip.roles.iter().map(|near| (near.beside, near.role.id())).collect();
        hold!("roles", found, with);
        if flip.only_managed {
            add(&count.managed, 1);
            hold!("changes", flip.changes.len(), 0);
            hold!("roles", flip.roles.len(), 0);
        } else {
            let of_changes: BTreeSet<&str> = flip.changes.iter().map(|change| change.role.id()).collect();
            let in_force: BTreeSet<&str> = explained.held.iter().map(|held| held.role.id()).collect();
            hold!("a change for each role in force", of_changes, in_force);
            hold!("one for each", flip.changes.len(), in_force.len());
        }
        let rank = |change: &Change<'_>| {
            let position = match change.how {
                How::Entry(entry) | How::Split(entry) => entry.position,
                How::Line | How::Made => change.role.position(),
            };
            ((change.added - asked).count(), change.others, position)
        };
        hold!("the smallest first", flip.changes.is_sorted_by_key(rank), true);
        match explained.principal {
            Some(principal) => self.stretches(principal),
            None => {
                hold!("times of a role", (flip.earlier.is_some(), flip.later.is_some()), (false, false));
                Ok(())
            }
        }
    }

    /// How many actions come with what is missing: it, and the lower steps of a ladder that are not held.
    fn brought(&self) -> usize {
        let shape = self.explained.row.shape();
        let level = shape.least(self.flip.missing).unwrap();
        let is_new =
            |one: &usize| !self.has(self.table, self.query.holder, Actions::one(*one), self.query.at);
        level.positions().filter(is_new).count()
    }

    /// How many permissions a role has that are not held.
    fn beside(&self, role: Role<'_>) -> usize {
        let catalog = self.explained.organization.catalog();
        let all = catalog.rows().flat_map(|row| (0..row.shape().width()).map(move |one| (row.key(), one)));
        let is_more = |(row, action): &(_, usize)| {
            let permission = Permission::at(self.table, catalog.key(), *row, Some(*action)).unwrap();
            let ask = |holder| self.is_allowed(self.table, Query { holder, permission, ..self.query });
            ask(self.role(role)) && !ask(self.query.holder)
        };
        all.filter(is_more).count()
    }

    fn stretches(&self, principal: Principal<'_>) -> Fault {
        let Self { table, query, flip, count, .. } = self;
        let at = query.at;
        let is_allowed = |at: &Time| self.is_allowed(table, Query { at: *at, ..*query });
        let all = moments(table);
        let before = |time: Time| all.iter().rev().copied().filter(move |one| *one < time);
        let after = |time: Time| all.iter().copied().filter(move |one| *one > time);
        let next = |time: Time| Time(time.0 + 1);
        let earlier = before(at).find(is_allowed).map(|last| {
            let from = before(last).find(|one| !is_allowed(one)).map(next);
            (from, Some(next(last)))
        });
        let later =
            after(at).find(is_allowed).map(|from| (Some(from), after(from).find(|one| !is_allowed(one))));
        let found = |stretch: &Option<rolec::tools::explain::Stretch<'_>>| {
            stretch.as_ref().map(|stretch| (stretch.from, stretch.until))
        };
        hold!("earlier", found(&flip.earlier), earlier);
        hold!("later", found(&flip.later), later);
        for stretch in flip.earlier.iter().chain(&flip.later) {
            add(&count.stretches, 1);
            let moment =
                stretch.from.filter(|from| *from > at).unwrap_or_else(|| Time(stretch.until.unwrap().0 - 1));
            let asked = query.permission.actions();
            let row = self.explained.row;
            let gives = |role: Role<'_>| !(role.actions(row.key()) & asked).is_empty();
            let wanted = principal.assignments().filter(|one| one.is_in_force(moment));
            let wanted: Vec<_> = wanted.filter(|one| gives(table.role_view(one.role()).unwrap())).collect();
            let by: Vec<_> = stretch.by.iter().map(|(_, assignment)| *assignment).collect();
            hold!("by whom", by, wanted);
        }
        Ok(())
    }
}
