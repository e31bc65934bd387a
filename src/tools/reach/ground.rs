//! What is asked of an organization again and again: its rows that lead further, and what each role holds of them. Found
//! once; knows no time and nobody's assignments.

use std::collections::BTreeMap;

use crate::table::{Cell, Organization, Row, Table};
use crate::tools::reach::Subject;
use crate::vocab::{Actions, Escalation, OrganizationKind, RoleId, RowId};

/// A row that is looked at, with the cell that decides it.
struct Watched<'t> {
    cell: Cell<'t>,
    escalation: &'t Escalation,
}

pub(super) struct Ground<'t> {
    pub(super) table: &'t Table,
    pub(super) organization: Organization<'t>,
    /// The rows that lead further, and the one that is asked about.
    watched: BTreeMap<RowId, Watched<'t>>,
    /// What each role holds of those rows, where it holds something.
    held: BTreeMap<RoleId, Vec<(RowId, Actions)>>,
    /// The template whose holders may change roles.
    pub(super) super_role: Option<RoleId>,
}

impl<'t> Ground<'t> {
    pub(super) fn new(table: &'t Table, organization: Organization<'t>, asked: Option<Row<'t>>) -> Self {
        let catalog = organization.catalog();
        let marked = catalog.rows().filter(|row| row.is_escalating()).chain(asked);
        let watched: BTreeMap<RowId, Watched<'t>> = marked
            .filter_map(|row| {
                let cell = table.cell(organization.key(), row.key())?;
                Some((row.key(), Watched { cell, escalation: row.escalation() }))
            })
            .collect();
        let held = organization.assignable().map(|role| {
            let of_row = |(row, watched): (&RowId, &Watched<'_>)| {
                let held = watched.cell.held(role.key()).unwrap_or_default();
                (!held.is_empty()).then_some((*row, held))
            };
            (role.key(), watched.iter().filter_map(of_row).collect())
        });
        let held = held.collect();
        let super_role = catalog.super_role().map(|role| role.key());
        Self { table, organization, watched, held, super_role }
    }

    /// The roles of the organization, the templates of its catalog, its principals.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Subject<'t>> + use<'t> {
        let roles = self.organization.assignable().map(Subject::Role);
        roles.chain(self.organization.principals().map(Subject::Principal))
    }

    /// What a role holds of the rows that are looked at.
    pub(super) fn held(&self, role: RoleId) -> &[(RowId, Actions)] {
        self.held.get(&role).map_or(&[], Vec::as_slice)
    }

    /// All actions of a row that is looked at.
    pub(super) fn top(&self, row: RowId) -> Option<Actions> {
        self.watched.get(&row).map(|watched| watched.cell.top())
    }

    /// Where a row leads.
    pub(super) fn leads(&self, row: RowId) -> &'t Escalation {
        self.watched.get(&row).map_or(&Escalation::Nowhere, |watched| watched.escalation)
    }

    /// Whether the organization has a row.
    pub(super) fn is_there(&self, row: RowId) -> bool {
        let row = self.organization.catalog().row(row);
        let is_managed = self.organization.kind() == OrganizationKind::Managed;
        row.is_some_and(|row| is_managed || !row.is_only_managed())
    }

    pub(super) fn rows(&self, keys: &[RowId]) -> Vec<Row<'t>> {
        let catalog = self.organization.catalog();
        keys.iter().filter_map(|key| catalog.row(*key)).collect()
    }
}
