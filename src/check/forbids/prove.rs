//! That no role, no assigned template and no principal at any moment breaks a forbid; or who does, with the fewest
//! grants that together do.

use std::collections::HashSet;

use crate::catalog::{Catalog, Cells};
use crate::check::forbids::cover::cover;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Assignment, Entry, Forbid, Organization, Principal, Role, RoleRef, Roles, Shared, Target,
};
use crate::source::Place;
use crate::vocab::{Actions, OrganizationKind, OwnRoleId, RowId, Time};

/// Proves the forbids of the top and of the organization itself, in it.
pub(in crate::check) fn prove(shared: &Shared, organization: &Organization, findings: &mut Diagnostics) {
    let Some(catalog) = shared.catalogs.get(organization.catalog.index()) else { return };
    let forbids = shared.forbids.iter().chain(&organization.forbids);
    for forbid in forbids.filter(|forbid| forbid.catalog == organization.catalog) {
        Proof::new(shared, forbid, catalog, organization).run(findings);
    }
}

/// The proof of one forbid in one organization.
struct Proof<'m> {
    roles: Roles<'m>,
    forbid: &'m Forbid,
    catalog: &'m Catalog,
    organization: &'m Organization,
    /// What breaks it, as cells; empty where a row of it is not there.
    asked: Cells,
    is_possible: bool,
}

impl<'m> Proof<'m> {
    fn new(
        shared: &'m Shared,
        forbid: &'m Forbid,
        catalog: &'m Catalog,
        organization: &'m Organization,
    ) -> Self {
        let mut asked = Cells::new(catalog.width());
        let mut is_possible = true;
        for (row, actions) in &forbid.conditions {
            let Some(row) = catalog.row(*row) else { continue };
            is_possible &= !row.only_managed || organization.kind == OrganizationKind::Managed;
            asked.set(row, *actions);
        }
        let roles = Roles { templates: &shared.templates, own: &organization.roles };
        Self { roles, forbid, catalog, organization, asked, is_possible }
    }

    fn run(&self, findings: &mut Diagnostics) {
        if !self.is_possible {
            return;
        }
        let own = (0..self.organization.roles.len()).map(|index| RoleRef::Own(OwnRoleId::at(index)));
        let templates = self.assignments().map(|assignment| assignment.role);
        let mut judged: Vec<RoleRef> =
            own.chain(templates.filter(|role| matches!(role, RoleRef::Template(_)))).collect();
        judged.sort_unstable();
        judged.dedup();
        for role in judged {
            if let Some(found) = self.role(role).filter(|found| self.breaks(&found.cells)) {
                findings.push(self.by_role(role, found));
            }
        }
        for principal in &self.organization.principals {
            self.principal(principal, findings);
        }
    }

    fn assignments(&self) -> impl Iterator<Item = &'m Assignment> {
        self.organization.principals.iter().flat_map(|principal| &principal.assignments)
    }

    /// A role that the forbid does not pass over. What could not be worked out has had its finding.
    fn role(&self, role: RoleRef) -> Option<&'m Role> {
        let is_judged = |role: &&Role| {
            role.is_whole && role.catalog == self.forbid.catalog && !self.forbid.exceptions.contains(&role.id)
        };
        self.roles.get(role).filter(is_judged)
    }

    fn breaks(&self, cells: &Cells) -> bool {
        cells.words().iter().zip(self.asked.words()).all(|(held, asked)| held & asked == *asked)
    }

    /// The first moment at which what a principal holds breaks the forbid, where no role of theirs does alone.
    fn principal(&self, principal: &Principal, findings: &mut Diagnostics) {
        let moments = principal.moments();
        for (index, at) in moments.iter().copied().enumerate() {
            let mut held: Vec<(&Assignment, &Role)> = principal
                .assignments
                .iter()
                .filter(|assignment| assignment.is_in_force(at))
                .filter_map(|assignment| Some((assignment, self.role(assignment.role)?)))
                .collect();
            held.sort_by_key(|(assignment, _)| assignment.place);
            let mut union = Cells::new(self.catalog.width());
            held.iter().for_each(|(_, role)| union.join(&role.cells));
            if self.breaks(&union) {
                // A role that breaks it by itself has had its finding.
                if !held.iter().any(|(_, role)| self.breaks(&role.cells)) {
                    let rest = moments.get(index + 1..).unwrap_or_default();
                    let until =
                        rest.iter().copied().find(|later| !self.breaks(&self.union(principal, *later)));
                    findings.push(self.by_principal(principal, &held, at, until));
                }
                return;
            }
        }
    }

    /// What a principal holds at a moment, without what the forbid passes over.
    fn union(&self, principal: &Principal, at: Time) -> Cells {
        let mut union = Cells::new(self.catalog.width());
        let in_force = principal.assignments.iter().filter(|assignment| assignment.is_in_force(at));
        in_force.filter_map(|assignment| self.role(assignment.role)).for_each(|role| union.join(&role.cells));
        union
    }

    fn title(&self) -> &str {
        &self.forbid.title
    }

    fn by_role(&self, named: RoleRef, role: &Role) -> Diagnostic {
        let is_template = matches!(named, RoleRef::Template(_));
        let what = if is_template { "template" } else { "role" };
        let message = format!(
            "{what} `{}` breaks the forbid \"{}\" in organization `{}`",
            role.id,
            self.title(),
            self.organization.id
        );
        // A template is judged here because it is assigned here, and may be of a file that nobody can change.
        let here = self.assignments().filter(|assignment| assignment.role == named);
        let finding = match here.map(|assignment| assignment.place).min() {
            Some(place) if is_template => Diagnostic::new(Code::ForbidBroken, place, message)
                .label("assigned here")
                .also(role.place, "holds all of it"),
            _ => Diagnostic::new(Code::ForbidBroken, role.place, message).label("holds all of it"),
        };
        self.with_lines(finding.also(self.forbid.place, "the forbid"), &[role])
    }

    fn by_principal(
        &self,
        principal: &Principal,
        held: &[(&Assignment, &Role)],
        at: Time,
        until: Option<Time>,
    ) -> Diagnostic {
        let candidates: Vec<Vec<u64>> = held.iter().map(|(_, role)| self.needed(role)).collect();
        let found = cover(&candidates, self.asked.words());
        let (chosen, is_fewest) = found.map_or((Vec::new(), true), |found| (found.chosen, found.is_fewest));
        let chosen: Vec<&(&Assignment, &Role)> = chosen.iter().filter_map(|index| held.get(*index)).collect();
        let ids: Vec<String> = chosen.iter().map(|(_, role)| format!("`{}`", role.id)).collect();
        let when = match (at, until) {
            (Time(i64::MIN), None) => String::new(),
            (Time(i64::MIN), Some(until)) => format!(" until {until}"),
            (at, None) => format!(" from {at} on"),
            (at, Some(until)) => format!(" from {at} until {until}"),
        };
        let message = format!(
            "`{}` breaks the forbid \"{}\" in organization `{}`{when}: {} together",
            principal.name,
            self.title(),
            self.organization.id,
            ids.join(" and ")
        );
        let first = chosen.first().map_or(principal.place, |(assignment, _)| assignment.place);
        let mut finding = Diagnostic::new(Code::ForbidBroken, first, message);
        for (index, (assignment, role)) in chosen.iter().enumerate() {
            let text = format!("holds `{}` here", role.id);
            finding = if index == 0 { finding.label(text) } else { finding.also(assignment.place, text) };
        }
        finding = finding.also(self.forbid.place, "the forbid");
        if !is_fewest {
            finding =
                finding.help("of these assignments none can be left out, but a smaller set may break it too");
        }
        let roles: Vec<&Role> = chosen.iter().map(|(_, role)| *role).collect();
        self.with_lines(finding, &roles)
    }

    /// What a role holds of what breaks the forbid.
    fn needed(&self, role: &Role) -> Vec<u64> {
        role.cells.words().iter().zip(self.asked.words()).map(|(held, asked)| held & asked).collect()
    }

    /// Names the fewest grants of the roles that together break the forbid.
    fn with_lines(&self, mut finding: Diagnostic, roles: &[&Role]) -> Diagnostic {
        let mut lines: Vec<(Place, Cells)> = Vec::new();
        for role in roles {
            for (row, actions) in &self.forbid.conditions {
                self.lines(role, *row, *actions, &mut lines);
            }
        }
        lines.sort_by_key(|(place, _)| *place);
        // One line may stand in several ways and for several rows.
        lines.dedup_by(|(place, more), (first, cells)| {
            let same = place == first;
            if same {
                cells.join(more);
            }
            same
        });
        let candidates: Vec<Vec<u64>> = lines.iter().map(|(_, cells)| cells.words().to_vec()).collect();
        let Some(found) = cover(&candidates, &self.beyond_floors()) else { return finding };
        let gives = if found.chosen.len() == 1 { "gives all of it" } else { "gives a part of it" };
        for (place, _) in found.chosen.iter().filter_map(|index| lines.get(*index)) {
            finding = finding.also(*place, gives);
        }
        if !found.is_fewest {
            finding =
                finding.help("of these grants none can be left out, but a smaller set may break it too");
        }
        finding.help("take one of the grants away, part the roles, or name who may in `except`")
    }

    /// What breaks the forbid, without what everybody holds by a floor: no grant is behind that.
    fn beyond_floors(&self) -> Vec<u64> {
        let floor = self.catalog.floor();
        self.asked.words().iter().zip(floor.words()).map(|(asked, floor)| asked & !floor).collect()
    }

    /// Every line that gives a role actions of a row: along all bases that hold some of them.
    fn lines(&self, role: &Role, row: RowId, asked: Actions, lines: &mut Vec<(Place, Cells)>) {
        let Some(data) = self.catalog.row(row) else { return };
        let mut open = vec![role];
        let mut seen: HashSet<&str> = HashSet::new();
        while let Some(at) = open.pop() {
            // No role takes the id of a template.
            if !seen.insert(&at.id) {
                continue;
            }
            match entry_for(at, row, data) {
                Some(entry) => {
                    let mut cells = Cells::new(self.catalog.width());
                    cells.set(data, at.cells.get(data) & asked);
                    lines.push((entry.place, cells));
                }
                None => open.extend(
                    at.bases
                        .iter()
                        .filter_map(|base| self.roles.get(*base))
                        .filter(|base| !(base.cells.get(data) & asked).is_empty()),
                ),
            }
        }
    }
}

/// A role's own entry that decides a row.
fn entry_for<'m>(role: &'m Role, row: RowId, data: &crate::catalog::Row) -> Option<&'m Entry> {
    let said = |target: Target| role.entries.iter().find(|entry| entry.target == target);
    said(Target::Row(row)).or_else(|| said(Target::Category(data.category))).or_else(|| said(Target::All))
}
