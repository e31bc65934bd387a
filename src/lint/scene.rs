//! An organization with what lints ask of it again and again: its catalog, who holds which role, which roles stand on
//! which. Made once; says nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::lint::Moment;
use crate::lint::facts::Facts;
use crate::model::{Assignment, Organization, Principal, Role, RoleRef, Roles, Shared};
use crate::vocab::{OrganizationKind, OwnRoleId, TemplateId, Time};

pub(super) struct Scene<'m> {
    pub(super) shared: &'m Shared,
    pub(super) organization: &'m Organization,
    pub(super) facts: &'m Facts<'m>,
    pub(super) catalog: &'m Catalog,
    pub(super) roles: Roles<'m>,
    pub(super) now: Option<Time>,
    /// The roles and templates that are assigned to somebody, at whatever time.
    pub(super) assigned: BTreeSet<RoleRef>,
    /// Its roles that are held or stand below one that is; all of them where nothing is assigned at all.
    pub(super) is_used: Vec<bool>,
    /// The template whose holders may change roles.
    pub(super) super_role: Option<RoleRef>,
}

impl<'m> Scene<'m> {
    pub(super) fn new(
        shared: &'m Shared,
        organization: &'m Organization,
        facts: &'m Facts<'m>,
        moment: Moment,
    ) -> Self {
        let roles = Roles { templates: &shared.templates, own: &organization.roles };
        let assigned: BTreeSet<RoleRef> = organization.principals.assigned().collect();
        let mut based: BTreeSet<RoleRef> = BTreeSet::new();
        organization.roles.iter().for_each(|role| based.extend(&role.bases));
        let is_used = (0..organization.roles.len())
            .map(|index| {
                let role = RoleRef::Own(OwnRoleId::at(index));
                assigned.is_empty() || assigned.contains(&role) || based.contains(&role)
            })
            .collect();
        Self {
            shared,
            organization,
            facts,
            catalog: facts.catalog,
            roles,
            now: moment.now,
            assigned,
            is_used,
            super_role: super_role(shared, organization),
        }
    }

    pub(super) fn is_direct(&self) -> bool {
        self.organization.kind == OrganizationKind::Direct
    }

    /// Its own roles, with how they are named and whether anybody has to do with them.
    pub(super) fn own(&self) -> impl Iterator<Item = (RoleRef, &'m Role, bool)> {
        let used = self.is_used.iter().copied();
        let numbered = self.organization.roles.iter().zip(used).enumerate();
        numbered.map(|(index, (role, is_used))| (RoleRef::Own(OwnRoleId::at(index)), role, is_used))
    }

    /// What is assigned to some principals and has not ended.
    pub(super) fn standing(
        &self,
        among: impl Iterator<Item = &'m Principal>,
    ) -> impl Iterator<Item = (&'m Principal, &'m Assignment)> {
        let all = among.flat_map(|one| one.assignments.iter().map(move |assignment| (one, assignment)));
        all.filter(|(_, assignment)| !self.has_ended(assignment))
    }

    pub(super) fn has_ended(&self, assignment: &Assignment) -> bool {
        matches!((self.now, assignment.until()), (Some(now), Some(until)) if until <= now)
    }

    /// Which of some principals hold the super role, or will: the first assignment of each, by their places.
    pub(super) fn super_holders(
        &self,
        among: impl Iterator<Item = &'m Principal>,
    ) -> Vec<(&'m Principal, &'m Assignment)> {
        if !self.super_role.is_some_and(|role| self.assigned.contains(&role)) {
            return Vec::new();
        }
        let mut first: BTreeMap<&str, (&Principal, &Assignment)> = BTreeMap::new();
        let held = |assignment: &Assignment| self.super_role == Some(assignment.role);
        for (principal, assignment) in self.standing(among).filter(|(_, assignment)| held(assignment)) {
            first.entry(&principal.name).or_insert((principal, assignment));
        }
        let mut holders: Vec<_> = first.into_values().collect();
        holders.sort_by_key(|(_, assignment)| assignment.place);
        holders
    }
}

fn super_role(shared: &Shared, organization: &Organization) -> Option<RoleRef> {
    let catalog = shared.catalogs.get(organization.catalog.index())?;
    let id = catalog.super_role.as_deref()?;
    let mut templates = shared.templates.iter();
    let is_it = |role: &Role| role.catalog == organization.catalog && *role.id == *id;
    let index = templates.position(is_it)?;
    Some(RoleRef::Template(TemplateId::at(index)))
}
