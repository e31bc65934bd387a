//! Organizations by name: the same one may be opened in several places; its title and kind are said once.

use std::ops::Range;

use crate::check::Input;
use crate::check::ground::Ground;
use crate::check::lost::Lost;
use crate::check::names::{self, Case, Names, blank, is_blank, looks, taken, with_near};
use crate::check::titles::{self, Titled};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::roster::Roster;
use crate::source::{FileId, Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, OrganizationId, OrganizationKind, limits};

/// Every place where one organization is opened.
#[derive(Clone, Debug)]
pub struct Openings<'s> {
    /// Its id; empty where the head is damaged.
    pub id: Box<str>,
    /// The places, in the order of the files.
    pub list: Vec<Opened<'s>>,
    /// Assignments in it that stand in files of rows.
    pub rows: Vec<Rows<'s>>,
    /// Whether such a file has rows that could not be read: nobody knows whom they name.
    pub lacks_rows: bool,
}

/// Rows of one organization in one file.
#[derive(Clone, Debug)]
pub struct Rows<'s> {
    /// The file.
    pub roster: &'s Roster,
    /// Which of its rows.
    pub range: Range<usize>,
}

/// One opening of an organization.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'s> {
    /// The file.
    pub input: Input<'s>,
    /// What it says there.
    pub tree: &'s ast::Organization,
    /// Which of its file's it is.
    pub index: usize,
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

impl<'s> Opened<'s> {
    /// Its id there, and the place of it.
    fn id(&self) -> (std::borrow::Cow<'s, str>, Place) {
        let scope = Scope::new(self.input.source, self.input.id, &self.tree.head);
        match self.tree.head.node.id {
            Some(id) => (scope.name(id), scope.at(id)),
            None => ("".into(), scope.place(Span::new(0, 0))),
        }
    }
}

/// Whether a policy has too many roles with so many more, and had not before: it is told once.
fn goes_over(roles: usize, more: usize) -> bool {
    roles <= limits::ROLES && more > limits::ROLES - roles
}

/// Puts the organizations of all files together by their names.
pub fn openings<'s>(inputs: &[Input<'s>], ground: &Ground) -> (Vec<Openings<'s>>, Diagnostics) {
    let mut findings = Diagnostics::new();
    let mut names: Names<OrganizationId> = Names::default();
    let mut list: Vec<Openings<'s>> = Vec::new();
    let mut roles = ground.shared().templates.len();
    for input in inputs {
        for (index, tree) in input.tree.organizations.iter().enumerate() {
            let opened = Opened { input: *input, tree, index };
            let (name, place) = opened.id();
            let written = tree.head.node.id;
            if written.is_some() && is_blank(&name) {
                findings.push(blank("id", "organization", &name, place));
            }
            if goes_over(roles, tree.roles.len()) {
                findings.push(Diagnostic::new(
                    Code::TooManyRoles,
                    place,
                    format!("a policy has at most {} roles and templates", limits::ROLES),
                ));
            }
            roles += tree.roles.len();
            let known = written.and_then(|_| names.get(&name));
            match known.and_then(|id| list.get_mut(id.index())) {
                Some(openings) => openings.list.push(opened),
                None => {
                    let id = OrganizationId::at(list.len());
                    if let Some(written) = written {
                        let scope = Scope::new(input.source, input.id, &tree.head);
                        match names.declare(&name, id, place, Case::Same) {
                            Ok(alike) => {
                                looks("organization", scope, written, alike.as_ref(), &mut findings);
                            }
                            Err(clash) => findings.push(taken("organization", &name, place, &clash)),
                        }
                    }
                    let id = name.as_ref().into();
                    list.push(Openings { id, list: vec![opened], rows: Vec::new(), lacks_rows: false });
                }
            }
        }
    }
    let titled: Vec<Titled<'_>> = list.iter().map(titled).collect();
    titles::check(&titled, 0, &mut findings);
    (list, findings)
}

/// Gives each organization its assignments that stand in files of rows. Those of none are told.
pub fn enroll<'s>(all: &mut [Openings<'s>], rosters: &'s [Roster], ground: &Ground) -> Diagnostics {
    let mut findings = Diagnostics::new();
    if rosters.is_empty() {
        return findings;
    }
    let lacks_rows = rosters.iter().any(|roster| roster.findings().has_errors());
    let lost = Lost::new(&ground.lost);
    let mut names: Names<usize> = Names::default();
    for (index, openings) in all.iter_mut().enumerate() {
        openings.lacks_rows = lacks_rows;
        // One that has the same name in another case has had its finding.
        let nowhere = Place { file: FileId(0), span: Span::new(0, 0) };
        let _ = names.declare(&openings.id, index, nowhere, Case::Different);
    }
    for roster in rosters {
        // So many are told of one file, and no more.
        let mut left = limits::ROW_FINDINGS + 1;
        for (name, range) in roster.organizations() {
            if let Some(openings) = names.get(name).and_then(|index| all.get_mut(index)) {
                openings.rows.push(Rows { roster, range });
            } else if !lost.may_have(name) && !ground.lost.has_nameless_organization() {
                for entry in roster.entries(range).take(left) {
                    left -= 1;
                    let finding = Diagnostic::new(
                        Code::UnknownOrganization,
                        entry.of,
                        format!("there is no organization `{name}` in this policy"),
                    );
                    let finding = with_near(finding, name, entry.of, &[names.near()], &mut findings);
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

/// An organization with the title that it says first.
fn titled<'s>(openings: &Openings<'s>) -> Titled<'s> {
    let nowhere = Place { file: crate::source::FileId(0), span: Span::new(0, 0) };
    let (id, place) = openings.list.first().map_or_else(|| ("".into(), nowhere), Opened::id);
    let title = openings.list.iter().find_map(|opened| {
        let scope = Scope::new(opened.input.source, opened.input.id, &opened.tree.head);
        titles::title(&scope, opened.tree.head.node.title)
    });
    Titled { what: "organization", id, place, title }
}

/// What the heads of an organization say together.
pub(super) fn head(openings: &Openings<'_>, ground: &Ground, findings: &mut Diagnostics) -> Head {
    let nowhere = Place { file: crate::source::FileId(0), span: Span::new(0, 0) };
    let place = openings.list.first().map_or(nowhere, |opened| opened.id().1);
    let mut head = Head { id: openings.id.clone(), title: None, doc: None, kind: None, catalog: None, place };
    for opened in &openings.list {
        let scope = Scope::new(opened.input.source, opened.input.id, &opened.tree.head);
        let catalog = ground.uses.of(opened.input.id);
        say(&scope, opened.tree, catalog, opened.id().1, &mut head, findings);
    }
    head
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
                let text = names::title(*scope, Some(title), "organization", findings).unwrap_or_default();
                organization.title = Some((text, scope.at(title)));
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

#[cfg(test)]
mod tests {
    use super::goes_over;
    use crate::vocab::limits::ROLES;

    /// So many roles would be 130 MB of text and several GB of trees: what counts them is tried by itself.
    #[test]
    fn a_policy_has_2_to_the_24_roles() {
        assert_eq!(ROLES, 1 << 24);
        let of = |roles: usize| goes_over(0, roles);
        assert_eq!([ROLES - 1, ROLES, ROLES + 1].map(of), [false, false, true]);
        let last = |roles: usize| goes_over(roles, 1);
        assert_eq!([ROLES - 1, ROLES, ROLES + 1].map(last), [false, true, false], "it is told once");
        assert!(!goes_over(ROLES, 0) && goes_over(1, usize::MAX) && goes_over(ROLES - 1, 2));
    }
}
