//! That no role, no assigned template and no principal at any moment breaks a forbid; or who does, with the fewest
//! grants that together do.

use std::collections::HashSet;

use crate::catalog::{Catalog, Cells};
use crate::check::forbids::cover::cover;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Assignment, Entry, Forbid, Home, Model, Organization, Principal, Role, Target};
use crate::source::Place;
use crate::vocab::{Actions, OrganizationId, OrganizationKind, RoleId, RowId, Time};

pub(in crate::check) fn prove(model: &Model, sorted: &[RoleId], findings: &mut Diagnostics) {
    if model.forbids.is_empty() {
        return;
    }
    // What could not be worked out holds only its floors here: it has had its finding.
    let known: HashSet<RoleId> = sorted.iter().copied().collect();
    for forbid in &model.forbids {
        let Some(catalog) = model.catalog(forbid.catalog) else { continue };
        let all = (0..model.organizations.len()).map(OrganizationId::at);
        let here = all.filter(|id| forbid.organization.is_none_or(|only| only == *id));
        for organization in here.filter_map(|id| model.organization(id)) {
            if organization.catalog == forbid.catalog {
                Proof::new(model, forbid, catalog, organization, &known).run(findings);
            }
        }
    }
}

/// The proof of one forbid in one organization.
struct Proof<'m> {
    model: &'m Model,
    forbid: &'m Forbid,
    catalog: &'m Catalog,
    organization: &'m Organization,
    known: &'m HashSet<RoleId>,
    /// What breaks it, as cells; empty where a row of it is not there.
    asked: Cells,
    is_possible: bool,
}

impl<'m> Proof<'m> {
    fn new(
        model: &'m Model,
        forbid: &'m Forbid,
        catalog: &'m Catalog,
        organization: &'m Organization,
        known: &'m HashSet<RoleId>,
    ) -> Self {
        let mut asked = Cells::new(catalog.width());
        let mut is_possible = true;
        for (row, actions) in &forbid.conditions {
            let Some(row) = catalog.row(*row) else { continue };
            is_possible &= !row.only_managed || organization.kind == OrganizationKind::Managed;
            asked.set(row, *actions);
        }
        Self { model, forbid, catalog, organization, known, asked, is_possible }
    }

    fn run(&self, findings: &mut Diagnostics) {
        if !self.is_possible {
            return;
        }
        let mut roles: Vec<RoleId> = self.organization.roles.clone();
        let assigned = self.organization.principals.iter().flat_map(|principal| &principal.assignments);
        roles.extend(assigned.map(|assignment| assignment.role).filter(|id| self.is_template(*id)));
        roles.sort_unstable();
        roles.dedup();
        for id in roles {
            if let Some(role) = self.role(id).filter(|role| self.breaks(&role.cells)) {
                findings.push(self.by_role(role));
            }
        }
        for principal in &self.organization.principals {
            self.principal(principal, findings);
        }
    }

    fn is_template(&self, id: RoleId) -> bool {
        self.model.role(id).is_some_and(|role| matches!(role.home, Home::Template(_)))
    }

    /// A role that the forbid does not pass over.
    fn role(&self, id: RoleId) -> Option<&'m Role> {
        let is_judged = self.known.contains(&id) && !self.forbid.exceptions.contains(&id);
        self.model.role(id).filter(|role| is_judged && role.catalog == self.forbid.catalog)
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

    fn by_role(&self, role: &Role) -> Diagnostic {
        let what = if matches!(role.home, Home::Template(_)) { "template" } else { "role" };
        let message = format!(
            "{what} `{}` breaks the forbid \"{}\" in organization `{}`",
            role.id,
            self.title(),
            self.organization.id
        );
        // A template is judged here because it is assigned here, and may be of a file that nobody can change.
        let assigned = self.organization.principals.iter().flat_map(|principal| &principal.assignments);
        let here = assigned.filter(|one| self.model.role(one.role).is_some_and(|of| of.place == role.place));
        let finding = match here.map(|assignment| assignment.place).min() {
            Some(place) if matches!(role.home, Home::Template(_)) => {
                Diagnostic::new(Code::ForbidBroken, place, message)
                    .label("assigned here")
                    .also(role.place, "holds all of it")
            }
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
        for (place, _) in found.chosen.iter().filter_map(|index| lines.get(*index)) {
            finding = finding.also(*place, "gives a part of it");
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
        let mut seen: HashSet<(Home, &str)> = HashSet::new();
        while let Some(at) = open.pop() {
            if !seen.insert((at.home, &at.id)) {
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
                        .filter_map(|base| self.model.role(*base))
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
