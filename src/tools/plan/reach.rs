//! Which organizations of one version stand on what all of them share: a catalog, a template, a forbid of the top.
//! Judges nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Model, Organization, Role, RoleRef, Subject};
use crate::tools::plan::Topic;
use crate::vocab::TemplateId;

/// The organizations that stand on something, by id.
#[derive(Debug, Default)]
pub(super) struct Reach<'m> {
    catalogs: HashMap<&'m str, Vec<&'m str>>,
    templates: HashMap<&'m str, BTreeSet<&'m str>>,
}

impl<'m> Reach<'m> {
    /// Looks for what stands on the changed things of one version.
    pub(super) fn new(model: &'m Model, changed: &BTreeSet<Topic<'_>>) -> Self {
        let mut reach = Self::default();
        let below = below(model, changed);
        for organization in &model.organizations {
            if let Some(catalog) = model.catalog(organization.catalog) {
                reach.catalogs.entry(&catalog.id).or_default().push(&organization.id);
            }
            for template in named(organization) {
                for root in below.get(template.index()).into_iter().flatten() {
                    reach.templates.entry(&root.id).or_default().insert(&organization.id);
                }
            }
        }
        reach
    }

    /// The organizations that stand on it.
    pub(super) fn of(&self, topic: Topic<'_>) -> Vec<&'m str> {
        let of_catalog = |id: &str| self.catalogs.get(id).cloned().unwrap_or_default();
        match topic {
            Topic::Catalog(id) | Topic::Version(id) => of_catalog(id),
            Topic::ForbidOfAll { catalog, .. } | Topic::RequireOfAll { catalog, .. } => of_catalog(catalog),
            Topic::Template(id) => self.templates.get(id).into_iter().flatten().copied().collect(),
            Topic::Organization
            | Topic::Role(_)
            | Topic::Principal(_)
            | Topic::Forbid(_)
            | Topic::Require(_)
            | Topic::Test(_) => Vec::new(),
        }
    }
}

/// The templates that an organization names itself: that its roles start from, that it assigns, that its tests ask.
fn named(organization: &Organization) -> BTreeSet<TemplateId> {
    let bases = organization.roles.iter().flat_map(|role| &role.bases);
    let asked = organization.tests.iter().flat_map(|test| &test.assertions);
    let asked = asked.flat_map(|line| line.claim.named()).filter_map(|subject| match subject {
        Subject::Role(role) => Some(role),
        Subject::Principal(_) => None,
    });
    let all = bases.copied().chain(organization.principals.assigned()).chain(asked);
    all.filter_map(|role| match role {
        RoleRef::Template(id) => Some(id),
        RoleRef::Own(_) => None,
    })
    .collect()
}

/// For each template the changed ones that it is, or starts from by whatever way.
fn below<'m>(model: &'m Model, changed: &BTreeSet<Topic<'_>>) -> Vec<Vec<&'m Role>> {
    let templates = &model.shared.templates;
    let mut made_from: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, template) in templates.iter().enumerate() {
        for base in &template.bases {
            if let RoleRef::Template(base) = base {
                made_from.entry(base.index()).or_default().push(index);
            }
        }
    }
    let mut below = vec![Vec::new(); templates.len()];
    let is_changed = |template: &Role| changed.contains(&Topic::Template(&template.id));
    for (index, root) in templates.iter().enumerate().filter(|(_, template)| is_changed(template)) {
        let (mut seen, mut open) = (BTreeSet::from([index]), vec![index]);
        while let Some(next) = open.pop() {
            if let Some(slot) = below.get_mut(next) {
                slot.push(root);
            }
            let made = made_from.get(&next).into_iter().flatten();
            open.extend(made.filter(|made| seen.insert(**made)));
        }
    }
    below
}
