//! What a role best starts from, so that the fewest lines say what it holds.

use crate::table::{Category, Organization, Role, Row, Table};
use crate::tools::suggest::draft::Entry;
use crate::vocab::{Actions, OrganizationKind};

/// The rows of a category that an organization has, each with what is wanted of it.
struct Wanted<'t> {
    category: Category<'t>,
    rows: Vec<(Row<'t>, Actions)>,
}

/// What a role should hold, and what it might start from.
pub(super) struct Bases<'t> {
    wanted: Vec<Wanted<'t>>,
    roles: Vec<Role<'t>>,
}

/// A beginning, and the lines that remain to be said.
#[derive(Clone, Debug)]
pub(super) struct Begun<'t> {
    pub(super) base: Option<Role<'t>>,
    pub(super) entries: Vec<Entry<'t>>,
}

impl<'t> Bases<'t> {
    /// `level` is what is wanted of each row. `instead_of` is a role that it may take the place of: neither that nor what
    /// is made from it can be a beginning.
    pub(super) fn of(
        organization: Organization<'t>,
        instead_of: Option<Role<'t>>,
        level: impl Fn(Row<'t>) -> Actions,
    ) -> Self {
        // A row that the organization's kind hides is at nothing whatever a role says, and naming it is a mistake.
        let is_hidden =
            |row: &Row<'t>| row.is_only_managed() && organization.kind() == OrganizationKind::Direct;
        let wanted = |category: Category<'t>| Wanted {
            category,
            rows: category.rows().filter(|row| !is_hidden(row)).map(|row| (row, level(row))).collect(),
        };
        let stands_on = |role: &Role<'t>, other: Role<'t>| {
            let (mut seen, mut open) = (vec![role.key()], vec![*role]);
            while let Some(next) = open.pop() {
                if next.key() == other.key() {
                    return true;
                }
                for base in next.bases().filter(|base| !seen.contains(&base.key())).collect::<Vec<_>>() {
                    seen.push(base.key());
                    open.push(base);
                }
            }
            false
        };
        let is_free = |role: &Role<'t>| instead_of.is_none_or(|other| !stands_on(role, other));
        Self {
            wanted: organization.catalog().categories().map(wanted).collect(),
            roles: organization.assignable().filter(is_free).collect(),
        }
    }

    /// From nothing.
    pub(super) fn nothing(&self) -> Begun<'t> {
        let rows = self.wanted.iter().flat_map(|wanted| &wanted.rows);
        let above = rows.filter(|(row, wanted)| *wanted != row.shape().floor());
        Begun { base: None, entries: above.map(|(row, wanted)| Entry::Row(*row, *wanted)).collect() }
    }

    /// The beginning with the fewest lines: nothing, else the organization's own roles before templates, by id.
    pub(super) fn best(&self) -> Begun<'t> {
        let mut best = self.nothing();
        for role in &self.roles {
            if let Some(entries) = self.from(*role, best.entries.len()) {
                best = Begun { base: Some(*role), entries };
            }
        }
        best
    }

    /// The lines that remain from a role; none where they are not fewer than `limit`.
    fn from(&self, base: Role<'t>, limit: usize) -> Option<Vec<Entry<'t>>> {
        let mut entries = Vec::new();
        for Wanted { category, rows } in &self.wanted {
            let line = |(row, wanted): &(Row<'t>, Actions)| Entry::Row(*row, *wanted);
            let differing = rows.iter().filter(|(row, wanted)| base.actions(row.key()) != *wanted);
            let above = rows.iter().filter(|(row, wanted)| *wanted != row.shape().floor());
            // Row by row, or all of the category down to its floor, and up again what is wanted.
            if differing.clone().count() <= 1 + above.clone().count() {
                entries.extend(differing.map(line));
            } else {
                entries.push(Entry::None(*category));
                entries.extend(above.map(line));
            }
            if entries.len() >= limit {
                return None;
            }
        }
        (entries.len() < limit).then_some(entries)
    }
}

/// The role that holds just what is wanted, in an organization.
pub(super) fn same<'t>(table: &'t Table, organization: Organization<'t>, wanted: &[u64]) -> Option<Role<'t>> {
    let is_same = |role: &Role<'t>| {
        let held = table.effective_bits(organization.key(), role.key());
        held.eq(wanted.iter().copied())
    };
    organization.assignable().find(is_same)
}
