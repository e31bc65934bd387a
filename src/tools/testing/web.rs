//! What the tests of an organization rest on: its roles with what starts from them, and the lines by row. Asks the model
//! and not the table, because it also says what would be held if one cell were another.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::catalog::{Catalog, Row};
use crate::model::{Assertion, Assignment, Model, Organization, Role, RoleRef, Roles, Shared, Subject};
use crate::vocab::{Actions, Course, OrganizationKind, OwnRoleId, RowId, TemplateId};

/// An organization with what its tests rest on.
pub(super) struct Web<'m> {
    pub(super) organization: &'m Organization,
    pub(super) catalog: &'m Catalog,
    shared: &'m Shared,
    roles: Roles<'m>,
    /// The principals that are assigned a role, at any time.
    holders: HashMap<RoleRef, Vec<usize>>,
    /// The roles that start from a role.
    above: HashMap<RoleRef, Vec<RoleRef>>,
    /// Where a role stands among all, its bases before it.
    order: HashMap<RoleRef, usize>,
    by_order: Vec<RoleRef>,
    /// The lines that speak of a row.
    lines: BTreeMap<RowId, Vec<&'m Assertion>>,
}

impl<'m> Web<'m> {
    /// The web of an organization; none where its catalog is not known.
    pub(super) fn new(model: &'m Model, organization: &'m Organization) -> Option<Self> {
        let catalog = model.shared.catalogs.get(organization.catalog.index())?;
        let roles = model.roles(organization);
        let mut lines: BTreeMap<RowId, Vec<&Assertion>> = BTreeMap::new();
        for line in organization.tests.iter().flat_map(|test| &test.assertions) {
            lines.entry(line.row).or_default().push(line);
        }
        let templates = (0..roles.templates.len()).map(|at| RoleRef::Template(TemplateId::at(at)));
        let own = (0..roles.own.len()).map(|at| RoleRef::Own(OwnRoleId::at(at)));
        let all: Vec<RoleRef> = templates.chain(own).collect();
        let mut above: HashMap<RoleRef, Vec<RoleRef>> = HashMap::new();
        let mut open: HashMap<RoleRef, usize> = HashMap::new();
        for (id, role) in all.iter().filter_map(|id| Some((*id, roles.get(*id)?))) {
            let bases: HashSet<RoleRef> = role.bases.iter().copied().collect();
            open.insert(id, bases.len());
            bases.into_iter().for_each(|base| above.entry(base).or_default().push(id));
        }
        // Those without bases first, then those whose bases all stand.
        let mut by_order: Vec<RoleRef> = all.into_iter().filter(|id| open.get(id) == Some(&0)).collect();
        let mut next = 0;
        while let Some(id) = by_order.get(next).copied() {
            for child in above.get(&id).into_iter().flatten() {
                if let Some(left) = open.get_mut(child) {
                    *left -= 1;
                    if *left == 0 {
                        by_order.push(*child);
                    }
                }
            }
            next += 1;
        }
        let order = by_order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut holders: HashMap<RoleRef, Vec<usize>> = HashMap::new();
        for (at, principal) in organization.principals.iter().enumerate() {
            for assignment in &principal.assignments {
                let of_role = holders.entry(assignment.role).or_default();
                if of_role.last() != Some(&at) {
                    of_role.push(at);
                }
            }
        }
        let shared = &model.shared;
        Some(Self { organization, catalog, shared, roles, holders, above, order, by_order, lines })
    }

    pub(super) fn role(&self, role: RoleRef) -> Option<&'m Role> {
        self.roles.get(role)
    }

    /// The lines that speak of a row.
    pub(super) fn lines(&self, row: RowId) -> &[&'m Assertion] {
        self.lines.get(&row).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everybody whom a line speaks of.
    pub(super) fn spoken_of(&self, line: &Assertion) -> Vec<Subject> {
        self.organization.spoken_of(self.shared, &line.claim)
    }

    /// The principals of whom a line speaks and who are assigned one of some roles, each once.
    pub(super) fn concerned<'r>(
        &self,
        line: &Assertion,
        roles: impl Iterator<Item = &'r RoleRef>,
    ) -> BTreeSet<usize> {
        let holders = roles.filter_map(|role| self.holders.get(role)).flatten().copied();
        holders.filter(|at| line.claim.speaks_of(Subject::Principal(*at))).collect()
    }

    /// The rows that lines speak of.
    pub(super) fn rows(&self) -> impl Iterator<Item = RowId> {
        self.lines.keys().copied()
    }

    /// Whether the organization has the rows that managed ones alone have.
    pub(super) fn is_managed(&self) -> bool {
        self.organization.kind == OrganizationKind::Managed
    }

    /// Whether the organization has a row.
    pub(super) fn has(&self, row: &Row) -> bool {
        !row.only_managed || self.is_managed()
    }

    /// What a role holds of a row here.
    pub(super) fn held(&self, role: RoleRef, row: &Row) -> Actions {
        match self.roles.get(role) {
            Some(role) if self.has(row) => role.cells.get(row),
            _ => Actions::NONE,
        }
    }

    /// What roles would hold of a row if one of them said so: it and all that rests on it and would hold something else.
    pub(super) fn changed(
        &self,
        role: RoleRef,
        id: RowId,
        row: &Row,
        to: Actions,
    ) -> HashMap<RoleRef, Actions> {
        let mut changed = HashMap::from([(role, to)]);
        let mut open = BTreeSet::new();
        let add = |open: &mut BTreeSet<usize>, from: RoleRef| {
            let above = self.above.get(&from).into_iter().flatten();
            open.extend(above.filter_map(|child| self.order.get(child)));
        };
        add(&mut open, role);
        while let Some(next) = open.pop_first().and_then(|at| self.by_order.get(at).copied()) {
            let Some(data) = self.roles.get(next).filter(|data| data.entry_for(id, row).is_none()) else {
                continue;
            };
            let given = |base: &RoleRef| changed.get(base).copied().unwrap_or_else(|| self.held(*base, row));
            let held = data.bases.iter().map(given).fold(Actions::NONE, |all, given| all | given);
            if held != self.held(next, row) {
                changed.insert(next, held);
                add(&mut open, next);
            }
        }
        changed
    }

    /// What principals are assigned.
    pub(super) fn assignments(&self, principal: usize) -> &'m [Assignment] {
        self.organization.principals.get(principal).map(|one| one.assignments.as_slice()).unwrap_or_default()
    }
}

/// Whether what a line says of somebody holds, who holds so much of its row over time.
pub(super) fn holds(line: &Assertion, subject: Subject, course: &Course) -> bool {
    match line.at {
        Some(at) => line.is_so(subject, course.at(at)),
        None => course.steps().all(|step| line.is_so(subject, step.held)),
    }
}

/// The roles that a line speaks of where it speaks of somebody: the one that this is, or those of the principal.
pub(super) fn roles_of(web: &Web<'_>, line: &Assertion, subject: Subject) -> Vec<RoleRef> {
    match subject {
        Subject::Role(role) => vec![role],
        Subject::Principal(at) => {
            let is_asked = |one: &&Assignment| match line.at {
                Some(at) => one.is_in_force(at),
                None => true,
            };
            web.assignments(at).iter().filter(is_asked).map(|one| one.role).collect()
        }
    }
}
