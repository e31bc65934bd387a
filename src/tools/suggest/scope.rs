//! The roles of one organization side by side: its own and the templates it can assign, each with what it holds there.

use std::collections::BTreeMap;

use crate::table::{Organization, Role, Table};
use crate::vocab::RoleId;

/// What an organization can assign.
#[derive(Clone, Debug)]
pub(super) struct Scope<'t> {
    pub(super) organization: Organization<'t>,
    /// Its own roles by id, then the templates of its catalog by id.
    pub(super) roles: Vec<Role<'t>>,
    /// How many of them are its own.
    pub(super) own: usize,
    /// What each holds there.
    bits: Vec<Vec<u64>>,
    positions: BTreeMap<RoleId, usize>,
    /// How many words that takes.
    pub(super) words: usize,
}

impl<'t> Scope<'t> {
    pub(super) fn of(table: &'t Table, organization: Organization<'t>) -> Self {
        let roles: Vec<Role<'t>> = organization.assignable().collect();
        let bits = roles.iter().map(|role| table.effective_bits(organization.key(), role.key()).collect());
        Self {
            organization,
            own: organization.roles().count(),
            bits: bits.collect(),
            positions: roles.iter().enumerate().map(|(at, role)| (role.key(), at)).collect(),
            words: organization.catalog().layout().words(),
            roles,
        }
    }

    /// What a role holds.
    pub(super) fn held(&self, role: usize) -> &[u64] {
        self.bits.get(role).map_or(&[], Vec::as_slice)
    }

    /// Where a role stands.
    pub(super) fn position(&self, role: RoleId) -> Option<usize> {
        self.positions.get(&role).copied()
    }

    /// The roles at some positions.
    pub(super) fn named(&self, positions: impl IntoIterator<Item = usize>) -> Vec<Role<'t>> {
        positions.into_iter().filter_map(|at| self.roles.get(at).copied()).collect()
    }
}
