//! Templates and roles: their names, before anything that they say.

use std::collections::HashMap;

use crate::check::Input;
use crate::check::catalogs::{Catalogs, empty};
use crate::check::names::{Names, taken};
use crate::check::organizations::Organizations;
use crate::check::uses::Uses;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Home;
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, OrganizationId, RoleId, limits};

/// A template or role by name.
pub(super) struct Declaration<'s> {
    pub(super) id: Box<str>,
    pub(super) scope: Scope<'s>,
    pub(super) tree: &'s ast::Member<ast::Role>,
    /// The organization of a role; none for a template.
    pub(super) organization: Option<OrganizationId>,
    /// The catalog, where its file names one.
    pub(super) catalog: Option<CatalogId>,
    pub(super) place: Place,
}

/// All templates and roles.
#[derive(Default)]
pub(super) struct Declared<'s> {
    pub(super) list: Vec<Declaration<'s>>,
    pub(super) templates: Names<RoleId>,
    roles: HashMap<OrganizationId, Names<RoleId>>,
}

impl<'s> Declared<'s> {
    pub(super) fn get(&self, id: RoleId) -> Option<&Declaration<'s>> {
        self.list.get(id.index())
    }

    pub(super) fn template(&self, name: &str) -> Option<&Declaration<'s>> {
        self.templates.get(name).and_then(|id| self.get(id))
    }

    /// What a name means in an organization, or among templates.
    pub(super) fn find(&self, organization: Option<OrganizationId>, name: &str) -> Option<RoleId> {
        let own = organization.and_then(|id| self.roles.get(&id)).and_then(|roles| roles.get(name));
        own.or_else(|| self.templates.get(name))
    }

    /// What a name means anywhere in the policy: a template of a catalog, or a role of any organization using it.
    pub(super) fn everywhere(&self, name: &str, catalog: CatalogId) -> Vec<RoleId> {
        let roles = self.roles.values().filter_map(|roles| roles.get(name));
        let all = roles.chain(self.templates.get(name));
        let mut found: Vec<RoleId> =
            all.filter(|id| self.get(*id).is_some_and(|role| role.catalog == Some(catalog))).collect();
        found.sort_unstable();
        found
    }

    /// The names that mean something there.
    pub(super) fn names(&self, organization: Option<OrganizationId>) -> impl Iterator<Item = &str> {
        let own = organization.and_then(|id| self.roles.get(&id)).into_iter().flat_map(Names::all);
        own.chain(self.templates.all())
    }
}

impl Declaration<'_> {
    /// Whose it is; none where its catalog is not known.
    pub(super) fn home(&self) -> Option<Home> {
        match self.organization {
            Some(id) => Some(Home::Organization(id)),
            None => self.catalog.map(Home::Template),
        }
    }
}

pub(super) fn declare<'s>(
    inputs: &[Input<'s>],
    uses: &Uses,
    catalogs: &Catalogs,
    organizations: &Organizations<'s>,
    findings: &mut Diagnostics,
) -> Declared<'s> {
    let mut declared = Declared::default();
    // Built-in files come last, so that a template of theirs that somebody wrote again is told at the copy.
    let (own, built_in): (Vec<&Input<'s>>, Vec<&Input<'s>>) =
        inputs.iter().partition(|input| !input.is_built_in);
    for input in built_in.into_iter().chain(own) {
        for member in &input.tree.templates {
            one(input, member, None, uses.of(input), catalogs, &mut declared, findings);
        }
    }
    for opened in &organizations.opened {
        let catalog = uses.of(&opened.input);
        for member in &opened.tree.roles {
            one(&opened.input, member, Some(opened.id), catalog, catalogs, &mut declared, findings);
        }
    }
    declared
}

fn one<'s>(
    input: &Input<'s>,
    tree: &'s ast::Member<ast::Role>,
    organization: Option<OrganizationId>,
    catalog: Option<CatalogId>,
    catalogs: &Catalogs,
    declared: &mut Declared<'s>,
    findings: &mut Diagnostics,
) {
    let scope = Scope::new(input.source, input.id, tree);
    let what = if organization.is_some() { "role" } else { "template" };
    let id = RoleId::at(declared.list.len());
    let (name, place) = match tree.node.id {
        Some(name) => (scope.name(name), scope.at(name)),
        None => ("".into(), scope.place(Span::new(0, 0))),
    };
    if declared.list.len() == limits::ROLES {
        findings.push(Diagnostic::new(
            Code::TooManyRoles,
            place,
            format!("a policy has at most {} roles and templates", limits::ROLES),
        ));
    }
    if declared.list.len() >= limits::ROLES {
        return;
    }
    if tree.node.id.is_some() {
        if name.is_empty() {
            findings.push(empty(what, place));
        }
        let findings = if name.is_empty() { &mut Diagnostics::new() } else { findings };
        let case = catalogs.case(catalog);
        // A role may not hide a template: a name means one thing wherever it is read.
        let shadowed = organization.and_then(|_| declared.templates.clash(&name, case));
        let names = match organization {
            Some(organization) => declared.roles.entry(organization).or_default(),
            None => &mut declared.templates,
        };
        if let Some(template) = shadowed {
            findings.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    place,
                    format!("role `{name}` takes the id of a template"),
                )
                .label("a role here")
                .also(template.place, "the template")
                .help("give the role an id of its own; it may start from the template"),
            );
        }
        if let Err(clash) = names.declare(&name, id, place, case) {
            findings.push(taken(what, &name, place, &clash));
        }
    }
    declared.list.push(Declaration { id: name.into(), scope, tree, organization, catalog, place });
}
