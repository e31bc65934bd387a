//! Who holds the super role of an organization at a moment: by the model alone, through that template itself and never
//! through a role made from it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model::{Assignment, Model, Organization, Principal, Role, RoleRef};
use crate::tools::plan::{Standing, Super};
use crate::vocab::{TemplateId, Time};

pub(super) struct Supers<'m> {
    model: &'m Model,
    principal: &'m str,
    at: Time,
}

impl<'m> Supers<'m> {
    pub(super) fn new(model: &'m Model, principal: &'m str, at: Time) -> Self {
        Self { model, principal, at }
    }

    /// Whether the principal is named in any assignment.
    pub(super) fn is_known(&self) -> bool {
        self.names().any(|name| name == self.principal)
    }

    /// The names of all principals, some of them more than once.
    pub(super) fn names(&self) -> impl Iterator<Item = &'m str> {
        let principals = self.model.organizations.iter().flat_map(|organization| &organization.principals);
        principals.map(|principal| &*principal.name)
    }

    /// The super role of an organization, which is a template of its catalog.
    fn role(&self, organization: &Organization) -> Option<(TemplateId, &'m Role)> {
        let id = self.model.catalog(organization.catalog)?.super_role.as_deref()?;
        let is_it = |role: &Role| role.catalog == organization.catalog && *role.id == *id;
        let templates = self.model.shared.templates.iter().enumerate();
        let mut found = templates.filter(|(_, role)| is_it(role));
        found.next().map(|(index, role)| (TemplateId::at(index), role))
    }

    /// The super role of an organization, who holds it now, and how the principal stands to it.
    pub(super) fn of(&self, organization: &'m Organization) -> Seat<'m> {
        let Some((template, role)) = self.role(organization) else { return Seat::default() };
        let given = |principal: &'m Principal| {
            let all = principal.assignments.iter();
            all.filter(move |assignment| assignment.role == RoleRef::Template(template))
        };
        let is_held = |assignment: &&Assignment| assignment.is_in_force(self.at);
        let holders = organization.principals.iter().filter_map(|principal| {
            let assignment = given(principal).find(is_held)?;
            Some(Super { organization, principal, assignment })
        });
        let mut holders: Vec<Super<'m>> = holders.collect();
        holders.sort_unstable_by_key(|holder| &holder.principal.name);
        let own = holders.iter().find(|holder| *holder.principal.name == *self.principal);
        let one = organization.principals.iter().find(|one| *one.name == *self.principal);
        // The next one to begin, else the last to have ended.
        let elsewhen = || {
            let all: Vec<&Assignment> = one.into_iter().flat_map(given).collect();
            let later = all.iter().filter(|it| it.from().is_some_and(|from| from > self.at));
            let next = later.min_by_key(|it| it.from());
            next.or_else(|| all.iter().max_by_key(|it| it.until())).copied()
        };
        let standing = match own {
            Some(holder) => Standing::Holds(*holder),
            None => elsewhen().map_or(Standing::Lacks, Standing::Elsewhen),
        };
        Seat { role: Some(role), standing, holders: holders.into() }
    }

    /// The same where any organization will do: who holds the super role of one, each by name once.
    pub(super) fn anywhere(&self) -> Seat<'m> {
        let mut holders: BTreeMap<&str, Super<'m>> = BTreeMap::new();
        let mut organizations: Vec<&Organization> = self.model.organizations.iter().map(|it| &**it).collect();
        organizations.sort_unstable_by_key(|organization| &organization.id);
        for organization in organizations {
            for holder in self.of(organization).holders.iter() {
                holders.entry(&holder.principal.name).or_insert(*holder);
            }
        }
        let standing = holders.get(self.principal).map_or(Standing::Lacks, |holder| Standing::Holds(*holder));
        Seat { role: None, standing, holders: holders.into_values().collect() }
    }
}

/// What is asked for somewhere, and who has it.
#[derive(Clone, Debug)]
pub(super) struct Seat<'m> {
    pub(super) role: Option<&'m Role>,
    pub(super) standing: Standing<'m>,
    pub(super) holders: Rc<[Super<'m>]>,
}

impl Default for Seat<'_> {
    /// A catalog without a super role.
    fn default() -> Self {
        Self { role: None, standing: Standing::NoSuper, holders: Rc::new([]) }
    }
}
