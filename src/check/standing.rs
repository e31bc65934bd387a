//! What is said of a policy as a whole: the limit of custom roles, and the cells that rest on no public source.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::check::Input;
use crate::check::catalogs::Catalogs;
use crate::check::ground::Ground;
use crate::check::names::Names;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Entry, Organization, Role, RoleRef, Roles, Shared, Target};
use crate::source::{Place, Provenance};
use crate::syntax::spelled;
use crate::vocab::{OrganizationKind, OwnRoleId, TemplateId};

/// The roles that count toward the limit: the organization's own, and the templates it assigns that are no default
/// roles.
fn custom_roles(
    roles: Roles<'_>,
    organization: &Organization,
    names: &Names<OwnRoleId>,
) -> BTreeSet<RoleRef> {
    // A role that takes the id of another one is a mistake, and has had its finding.
    let is_first = |(index, role): &(usize, &Role)| names.get_first(&role.id) == Some(OwnRoleId::at(*index));
    let own = organization.roles.iter().enumerate().filter(is_first);
    let own = own.map(|(index, _)| RoleRef::Own(OwnRoleId::at(index)));
    let templates = organization.principals.assigned().filter(|role| {
        matches!(role, RoleRef::Template(_)) && roles.get(*role).is_some_and(|role| !role.is_default)
    });
    own.chain(templates).collect()
}

/// An organization beyond the limit of custom roles, or close to it.
pub(super) fn limits(
    shared: &Shared,
    organization: &Organization,
    names: &Names<OwnRoleId>,
    findings: &mut Diagnostics,
) {
    let roles = Roles { templates: &shared.templates, own: &organization.roles };
    let catalog = shared.catalogs.get(organization.catalog.index());
    let Some(limit) = catalog.and_then(|catalog| catalog.custom_roles) else { return };
    let limit = limit as usize;
    let custom = custom_roles(roles, organization, names);
    let count = custom.len();
    let noun = if count == 1 { "role" } else { "roles" };
    let is_near = count.saturating_mul(10) >= limit.saturating_mul(9);
    let mut places: Vec<_> =
        custom.iter().filter_map(|role| roles.get(*role)).map(|role| role.place).collect();
    places.sort_unstable();
    if count > limit {
        let over = places.get(limit).copied().unwrap_or(organization.place);
        let id = &organization.id;
        findings.push(
            Diagnostic::new(
                Code::RoleLimit,
                over,
                format!("organization `{id}` has {count} custom {noun}, the catalog allows {limit}"),
            )
            .label("the first beyond the limit")
            .also(organization.place, "the organization")
            .help("merge or remove roles; default roles of the catalog do not count, templates that are assigned do"),
        );
    } else if is_near && count > 0 {
        let id = &organization.id;
        let left = limit - count;
        findings.push(
            Diagnostic::new(
                Code::RoleLimitNear,
                organization.place,
                format!("organization `{id}` has {count} of {limit} custom roles"),
            )
            .label(format!("{left} left")),
        );
    }
}

/// The rows of a role whose cells rest on no public source.
pub(super) type Resting = Rows;

impl Rows {
    /// Tells the templates whose cells rest on no public source, and gives the rows of each.
    pub(super) fn of_templates(
        templates: &[Role],
        sorted: &[usize],
        catalogs: &Catalogs,
        inputs: &[Input<'_>],
        findings: &mut Diagnostics,
    ) -> Vec<Self> {
        // A template that came with the program is told where it is used.
        let is_given = |place: Place| {
            let file = inputs.iter().find(|input| input.id == place.file);
            file.is_some_and(|input| input.source.provenance() == Provenance::Given)
        };
        let find = |done: &[Self], base: RoleRef| match base {
            RoleRef::Template(id) => done.get(id.index()).cloned(),
            RoleRef::Own(_) => None,
        };
        resting(templates, sorted, catalogs, find, is_given, findings)
    }
}

/// An organization's roles whose cells rest on no public source, and such templates that it assigns as they are: told
/// to who asks for everything.
pub(super) fn unconfirmed(
    ground: &Ground,
    organization: &Organization,
    sorted: &[usize],
    findings: &mut Diagnostics,
) {
    if !findings.wants(Code::UnconfirmedCell) {
        return;
    }
    let is_marked = |role: &Role| role.entries.iter().any(|entry| entry.unconfirmed.is_some());
    if ground.resting.iter().all(Rows::is_empty) && !organization.roles.iter().any(is_marked) {
        return;
    }
    let find = |done: &[Rows], base: RoleRef| match base {
        RoleRef::Template(id) => ground.resting.get(id.index()).map(|rows| there(rows, ground, organization)),
        RoleRef::Own(id) => done.get(id.index()).cloned(),
    };
    resting(&organization.roles, sorted, &ground.catalogs, find, |_| true, findings);
    assigned(ground, organization, findings);
}

/// Those of some rows that an organization has.
fn there(rows: &Rows, ground: &Ground, organization: &Organization) -> Rows {
    let mut rows = rows.clone();
    if organization.kind == OrganizationKind::Direct
        && let Some(catalog) = ground.catalogs.get(organization.catalog)
    {
        for (row, _) in catalog.all_rows().filter(|(_, row)| row.only_managed) {
            rows.set(row.index(), false);
        }
    }
    rows
}

/// Tells the roles whose cells rest on no public source, each behind its bases, and gives the rows of each.
fn resting(
    roles: &[Role],
    sorted: &[usize],
    catalogs: &Catalogs,
    find: impl Fn(&[Rows], RoleRef) -> Option<Rows>,
    is_told: impl Fn(Place) -> bool,
    findings: &mut Diagnostics,
) -> Vec<Rows> {
    let mut resting: Vec<Rows> = vec![Rows::default(); roles.len()];
    for index in sorted {
        let Some(role) = roles.get(*index) else { continue };
        let Some(catalog) = catalogs.get(role.catalog) else { continue };
        let mut rows = Rows::default();
        for base in &role.bases {
            rows.join(find(&resting, *base).as_ref());
        }
        let (own, marked) = rows.say(catalog, role);
        if is_told(role.place) {
            tell(catalog, role, own, &marked, rows.count() - marked.len(), findings);
        }
        if let Some(slot) = resting.get_mut(*index) {
            *slot = rows;
        }
    }
    resting
}

/// Templates that are assigned as they are: told at their first assignment.
fn assigned(ground: &Ground, organization: &Organization, findings: &mut Diagnostics) {
    // Of many assignments most are of a few.
    let mut first: Vec<Option<Place>> = vec![None; ground.shared().templates.len()];
    for assignment in organization.principals.iter().flat_map(|principal| &principal.assignments) {
        let RoleRef::Template(id) = assignment.role else { continue };
        if let Some(slot) = first.get_mut(id.index()) {
            *slot = Some(slot.map_or(assignment.place, |place| place.min(assignment.place)));
        }
    }
    for (index, place) in first.into_iter().enumerate() {
        let Some((id, place)) = place.map(|place| (TemplateId::at(index), place)) else { continue };
        let Some(template) = ground.shared().templates.get(id.index()) else { continue };
        let count =
            ground.resting.get(id.index()).map_or(0, |rows| there(rows, ground, organization).count());
        if count > 0 {
            findings.push(
                Diagnostic::new(
                    Code::UnconfirmedCell,
                    place,
                    format!(
                        "`{}` is assigned, and no public page confirms {count} of its cells",
                        template.id
                    ),
                )
                .help(format!("`rolec show {}` marks them", spelled(&template.id))),
            );
        }
    }
}

fn tell(
    catalog: &Catalog,
    role: &Role,
    first: Option<&Entry>,
    marked: &[&str],
    taken_over: usize,
    findings: &mut Diagnostics,
) {
    let id = &role.id;
    if let Some(first) = first {
        let basis = first.unconfirmed.as_deref().filter(|basis| !basis.is_empty()).unwrap_or("a guess");
        let rows: Vec<String> = marked.iter().map(|row| format!("`{row}`")).collect();
        findings.push(
            Diagnostic::new(
                Code::UnconfirmedCell,
                role.place,
                match rows.len() {
                    1 => format!("one cell of `{id}` is confirmed by no public page"),
                    count => format!("{count} cells of `{id}` are confirmed by no public page"),
                },
            )
            .also(first.place, format!("the first of them: {basis}"))
            .help(format!("they are {}", rows.join(", ")))
            .help(format!(
                "look in the console of `{}`, then say the cell in a template of your own: `template ID from {id} {{ … }}`",
                catalog.id
            )),
        );
    }
    if taken_over > 0 {
        findings.push(
            Diagnostic::new(
                Code::UnconfirmedCell,
                role.place,
                match taken_over {
                    1 => format!("`{id}` takes over one cell that no public page confirms"),
                    _ => format!("`{id}` takes over {taken_over} cells that no public page confirms"),
                },
            )
            .help(format!("`rolec show {}` marks them", spelled(id))),
        );
    }
}

/// A set of rows of one catalog, packed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows(Vec<u64>);

impl Rows {
    fn is_empty(&self) -> bool {
        self.count() == 0
    }

    fn join(&mut self, other: Option<&Self>) {
        let Some(other) = other else { return };
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn set(&mut self, row: usize, is_in: bool) {
        if row / 64 >= self.0.len() {
            if !is_in {
                return;
            }
            self.0.resize(row / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(row / 64) {
            *word = *word & !(1 << (row % 64)) | u64::from(is_in) << (row % 64);
        }
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Takes a role's own entries into account: what it says itself rests on its own line. Gives the first marked
    /// line and the marked rows.
    fn say<'m>(&mut self, catalog: &'m Catalog, role: &'m Role) -> (Option<&'m Entry>, Vec<&'m str>) {
        for entry in &role.entries {
            match entry.target {
                Target::All => self.0.clear(),
                Target::Category(category) => {
                    for (row, _) in catalog.rows_of(category) {
                        self.set(row.index(), false);
                    }
                }
                Target::Row(_) => {}
            }
        }
        let mut first: Option<&Entry> = None;
        let mut marked = Vec::new();
        for entry in &role.entries {
            let Target::Row(row) = entry.target else { continue };
            self.set(row.index(), entry.unconfirmed.is_some());
            if entry.unconfirmed.is_some() {
                first = first.or(Some(entry));
                marked.extend(catalog.row(row).map(|row| &*row.id));
            }
        }
        (first, marked)
    }
}
