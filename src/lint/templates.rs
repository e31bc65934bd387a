//! Templates that nothing is made of, or one thing alone. Needs all organizations, so it counts and does no more.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Organization, Role, RoleRef, Shared, Subject};
use crate::vocab::TemplateId;

/// What is made of a template.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    /// Roles and templates that start from it.
    bases: usize,
    /// Organizations that assign it, and lines of tests that speak of it: that there is one is what counts.
    others: usize,
}

/// What is made of each template that something is made of, by some organizations.
#[derive(Debug, Default)]
pub(crate) struct TemplateUses {
    uses: BTreeMap<TemplateId, Uses>,
    /// How many organizations were counted.
    organizations: usize,
}

impl TemplateUses {
    pub(crate) fn of(organization: &Organization) -> Self {
        let mut uses = Self { organizations: 1, ..Self::default() };
        uses.bases(&organization.roles);
        organization.principals.assigned().for_each(|role| uses.other(role));
        let asserted = organization.tests.iter().flat_map(|test| &test.assertions);
        for subject in asserted.flat_map(|assertion| assertion.claim.each_named()) {
            if let Subject::Role(role) = subject {
                uses.other(role);
            }
        }
        uses
    }

    fn bases(&mut self, roles: &[Role]) {
        for base in roles.iter().flat_map(|role| &role.bases) {
            self.count(*base, |uses| uses.bases += 1);
        }
    }

    fn other(&mut self, role: RoleRef) {
        self.count(role, |uses| uses.others += 1);
    }

    fn count(&mut self, role: RoleRef, count: impl FnOnce(&mut Uses)) {
        if let RoleRef::Template(id) = role {
            count(self.uses.entry(id).or_default());
        }
    }

    /// Adds what other organizations make of templates.
    pub(crate) fn add(&mut self, other: &Self) {
        self.organizations += other.organizations;
        for (id, more) in &other.uses {
            let uses = self.uses.entry(*id).or_default();
            uses.bases += more.bases;
            uses.others += more.others;
        }
    }
}

pub(super) fn tell(shared: &Shared, mut uses: TemplateUses, findings: &mut Diagnostics) {
    let templates = &shared.templates;
    // A policy of templates alone is there for others to be read with.
    if uses.organizations == 0 || templates.iter().all(|template| template.is_default) {
        return;
    }
    uses.bases(templates);
    let uses = (0..templates.len()).map(|at| uses.uses.get(&TemplateId::at(at)).copied().unwrap_or_default());
    for (template, uses) in templates.iter().zip(uses).filter(|(template, _)| !template.is_default) {
        let catalog = shared.catalogs.get(template.catalog.index());
        if catalog.is_some_and(|catalog| catalog.super_role.as_deref() == Some(&template.id)) {
            continue;
        }
        let id = &template.id;
        let finding = match (uses.bases, uses.others) {
            (0, 0) => Diagnostic::new(
                Code::UnusedTemplate,
                template.place,
                format!("no role starts from template `{id}`, and nobody is assigned it"),
            )
            .help("remove it, if no policy elsewhere reads this file"),
            (1, 0) => Diagnostic::new(
                Code::SingleUseTemplate,
                template.place,
                format!("template `{id}` is used once"),
            )
            .help("what is made of it could say its lines itself, in one place less to look at"),
            _ => continue,
        };
        findings.push(finding);
    }
}
