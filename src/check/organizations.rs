//! Organizations: the same one may be opened in several places; its title and kind are said once.

use crate::check::Input;
use crate::check::catalogs::empty;
use crate::check::names::{Case, Names, taken};
use crate::check::uses::Uses;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, OrganizationId, OrganizationKind};

/// The organizations, as far as their heads say.
pub(super) struct Organizations<'s> {
    pub(super) list: Vec<Head>,
    /// Each place where one is opened.
    pub(super) opened: Vec<Opened<'s>>,
}

/// An organization as its heads say.
pub(super) struct Head {
    pub(super) id: Box<str>,
    pub(super) title: Option<(Box<str>, Place)>,
    pub(super) doc: Option<Box<str>>,
    pub(super) kind: Option<(OrganizationKind, Place)>,
    pub(super) catalog: Option<(CatalogId, Place)>,
    pub(super) place: Place,
}

impl Head {
    pub(super) fn kind(&self) -> OrganizationKind {
        self.kind.map(|(kind, _)| kind).unwrap_or_default()
    }

    pub(super) fn catalog(&self) -> Option<CatalogId> {
        self.catalog.map(|(id, _)| id)
    }
}

/// One opening of an organization.
#[derive(Clone, Copy)]
pub(super) struct Opened<'s> {
    pub(super) id: OrganizationId,
    pub(super) input: Input<'s>,
    pub(super) tree: &'s ast::Organization,
}

pub(super) fn check<'s>(inputs: &[Input<'s>], uses: &Uses, findings: &mut Diagnostics) -> Organizations<'s> {
    let mut names: Names<OrganizationId> = Names::default();
    let mut list: Vec<Head> = Vec::new();
    let mut opened = Vec::new();
    for input in inputs {
        for tree in &input.tree.organizations {
            let scope = Scope::new(input.source, input.id, &tree.head);
            let head = &tree.head.node;
            let catalog = uses.of(input);
            let (name, place) = match head.id {
                Some(id) => (scope.name(id), scope.at(id)),
                None => ("".into(), scope.place(Span::new(0, 0))),
            };
            if head.id.is_some() && name.is_empty() {
                findings.push(empty("organization", place));
            }
            let known = head.id.and_then(|_| names.get(&name));
            let id = known.unwrap_or(OrganizationId::at(list.len()));
            if known.is_none() {
                if head.id.is_some()
                    && let Err(clash) = names.declare(&name, id, place, Case::Same)
                {
                    findings.push(taken("organization", &name, place, &clash));
                }
                list.push(Head { id: name.into(), title: None, doc: None, kind: None, catalog: None, place });
            }
            opened.push(Opened { id, input: *input, tree });
            if let Some(organization) = list.get_mut(id.index()) {
                say(&scope, tree, catalog, place, organization, findings);
            }
        }
    }
    Organizations { list, opened }
}

fn say(
    scope: &Scope<'_>,
    tree: &ast::Organization,
    catalog: Option<CatalogId>,
    place: Place,
    organization: &mut Head,
    findings: &mut Diagnostics,
) {
    let head = &tree.head.node;
    let twice = |what: &str, place: Place, first: Place| {
        Diagnostic::new(Code::SaidTwice, place, format!("the {what} of this organization is said twice"))
            .also(first, "first here")
            .help("say it where the organization is opened first, and `organization ID { … }` elsewhere")
    };
    if let Some(title) = head.title {
        match &organization.title {
            Some((_, first)) => findings.push(twice("title", scope.at(title), *first)),
            None => {
                // Where the title is said, people look for the organization.
                organization.title = Some((scope.name(title).into(), scope.at(title)));
                organization.place = place;
            }
        }
    }
    if let Some((kind, span)) = head.kind {
        match &organization.kind {
            Some((_, first)) => findings.push(twice("kind", scope.place(span), *first)),
            None => organization.kind = Some((kind, scope.place(span))),
        }
    }
    if organization.doc.is_none() {
        organization.doc = scope.docs(&tree.head.docs).map(Into::into);
    }
    match (organization.catalog, catalog) {
        (Some((first, earlier)), Some(here)) if first != here => findings.push(
            Diagnostic::new(
                Code::OtherCatalog,
                place,
                format!("organization `{}` uses one catalog", organization.id),
            )
            .label("opened here with another one")
            .also(earlier, "first here"),
        ),
        (None, Some(here)) => organization.catalog = Some((here, place)),
        _ => {}
    }
}
