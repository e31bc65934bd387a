//! One organization by itself, on the ground that all share: its roles, who holds them, its forbids and tests, and the
//! proof that nothing in it breaks a forbid. Never looks at another organization.

use std::collections::HashSet;
use std::sync::Arc;

use crate::check::assignments::{Edited, Faces, Known};
use crate::check::grants::{self, Around};
use crate::check::ground::Ground;
use crate::check::lost::{Asked, Lost};
use crate::check::organizations::{Openings, head};
use crate::check::roles::{self, RoleNames};
use crate::check::rows::Scene;
use crate::check::{assignments, bases, forbids, requires, standing, tests};
use crate::diagnostic::{Codes, Diagnostics};
use crate::model::{Model, Organization, Principal, Principals, Role};
use crate::source::FileId;
use crate::syntax::Moved;
use crate::vocab::{CatalogId, OrganizationKind};

/// A checked organization.
#[derive(Debug)]
pub struct Checked {
    /// The organization; whole only where no finding is an error.
    pub organization: Organization,
    /// What was found in it.
    pub findings: Diagnostics,
    /// The words that were looked for in damaged text, and whether they were there.
    pub asked: Asked,
    /// Whether nothing of it is unknown because a text is damaged, its own or one that it names something of.
    pub is_certain: bool,
    /// Whether nothing was found in its assignments.
    pub(crate) has_plain_people: bool,
    /// What the names of its principals look like, where somebody asked.
    pub(crate) faces: Option<Faces>,
}

/// The names by which an organization names roles, or calls its own, without case and Unicode form; and what its own look
/// like.
pub fn named(openings: &Openings<'_>) -> HashSet<Box<str>> {
    roles::named(openings)
}

/// Whether each assignment is in somebody's hands. Of one whose role is missing nothing may have been found, where
/// damaged text may have it.
fn are_all_given(openings: &Openings<'_>, people: &[Principal]) -> bool {
    let assignments = openings.list.iter().flat_map(|opened| &opened.tree.assignments);
    let named: usize = assignments.map(|member| member.node.principals.len()).sum();
    let held: usize = people.iter().map(|principal| principal.assignments.len()).sum();
    named == held && openings.rows.is_empty()
}

/// The people of an organization that was checked before, nothing found in its assignments, which are as they were but for
/// one that may have been edited.
pub(crate) struct People {
    list: Principals,
    faces: Option<Faces>,
    edited: Option<Edited>,
    /// What role the numbers in them are of.
    roles: Vec<Box<str>>,
    catalog: CatalogId,
}

impl People {
    /// Those of an organization in whose assignments nothing was found, each at its place of now: `ways` has the edited files,
    /// each once, and what moved in them. `edited` is the edited assignment, as the number of its opening and its own there; what
    /// it gave stays where it was. None where that takes reading all of them.
    pub(crate) fn of(
        organization: Arc<Organization>,
        faces: Option<Faces>,
        edited: Option<(usize, usize)>,
        ways: &[(FileId, Moved)],
    ) -> Option<Self> {
        let roles = organization.roles.iter().map(|role| role.id.clone()).collect();
        let catalog = organization.catalog;
        let mut list = match Arc::try_unwrap(organization) {
            Ok(organization) => organization.principals,
            Err(shared) => shared.principals.clone(),
        };
        let mut held = Vec::new();
        for (file, moved) in ways {
            if edited.is_some() && moved.assignment.is_some() {
                held.append(&mut list.held_in(*file, moved.before())?);
            }
            list.shift(*file, moved.from, moved.by)?;
        }
        let edited = edited.map(|(opening, index)| Edited { opening, index, held });
        Some(Self { list, faces, edited, roles, catalog })
    }

    /// All of them as they are now; none where that takes reading all assignments.
    fn now(mut self, openings: &Openings<'_>, around: assignments::Around<'_>) -> Option<Self> {
        if let Some(edited) = self.edited.take() {
            let known = Known { list: &mut self.list, faces: &mut self.faces };
            assignments::again(around, openings, known, &edited)?;
        }
        Some(self)
    }

    /// Whether the numbers of roles mean what they meant.
    fn hold(&self, own: &[Role], catalog: Option<CatalogId>) -> bool {
        Some(self.catalog) == catalog && self.roles.iter().eq(own.iter().map(|role| &role.id))
    }
}

/// The proof of every forbid once more, in all organizations, and nothing else: for benches.
pub fn proof(model: &Model) -> Diagnostics {
    let top = forbids::Top::new(&model.shared.forbids, &model.shared.catalogs);
    let mut findings = Diagnostics::new();
    for organization in &model.organizations {
        forbids::prove(&model.shared, &top, organization, &mut findings);
    }
    findings
}

/// Checks an organization.
pub fn organization(ground: &Ground, openings: &Openings<'_>) -> Checked {
    organization_again(ground, openings, None, Codes::NONE)
}

/// The same where its people may be known: nothing that its assignments rest on in the ground is otherwise than it was.
/// Findings of the sorts in `left_out`, none of them errors, need not be there.
pub(crate) fn organization_again(
    ground: &Ground,
    openings: &Openings<'_>,
    people: Option<People>,
    left_out: Codes,
) -> Checked {
    let lost = Lost::of(&ground.lost, openings);
    let mut findings = Diagnostics::leaving_out(left_out);
    let head = head(openings, ground, &mut findings);
    let declared = roles::own(openings, ground, &mut findings);
    let shared = ground.shared();
    let names = RoleNames { templates: &ground.templates, own: Some(&declared.names) };
    let order = bases::check(&declared, Some(&shared.templates), names, None, &lost, &mut findings);
    let around = Around {
        catalogs: &ground.catalogs,
        templates: &shared.templates,
        is_direct: head.kind() == OrganizationKind::Direct && !lost.may_have(&head.id),
        lost: &lost,
    };
    let own = grants::check(&declared, &order, around, &mut findings);
    let scene = Scene { catalogs: &ground.catalogs, uses: &ground.uses, names, lost: &lost };
    let forbids =
        forbids::of_organization(openings, ground.roles(&own), around.is_direct, &scene, &mut findings);
    let requires =
        requires::of_organization(openings, ground.roles(&own), around.is_direct, &scene, &mut findings);
    let before = findings.len();
    let among = assignments::Around { head: &head, ground, lost: &lost, names, roles: ground.roles(&own) };
    let known = people.filter(|people| people.hold(&own, head.catalog()));
    let (principals, faces, has_plain_people) = match known.and_then(|people| people.now(openings, among)) {
        Some(people) => (people.list, people.faces, true),
        None => {
            let all = assignments::check(openings, among, &mut findings);
            let is_plain = findings.len() == before && are_all_given(openings, &all);
            (all, None, is_plain)
        }
    };
    let mut organization = Organization {
        kind: head.kind(),
        catalog: head.catalog().unwrap_or(CatalogId(u32::MAX)),
        id: head.id,
        title: head.title.map(|(title, _)| title),
        doc: head.doc,
        roles: own,
        principals,
        forbids,
        requires,
        tests: Vec::new(),
        place: head.place,
    };
    roles::own_titles(&declared, ground, &organization, &mut findings);
    organization.tests = tests::check(openings, &organization, shared, &scene, &mut findings);
    forbids::prove(shared, &ground.top_forbids, &organization, &mut findings);
    standing::limits(shared, &organization, &declared.names, &mut findings);
    standing::unconfirmed(ground, &organization, &order.sorted, &mut findings);
    let asked = lost.asked();
    let is_certain = !asked.has_found() && organization.roles.iter().all(|role| role.is_certain);
    Checked { organization, findings, asked, is_certain, has_plain_people, faces }
}
