//! Parts to a draft of decisions: each permission by its name, each principal's roles joined to one row of bits, with what
//! the organization's kind takes away taken away, or to steps where assignments begin and end. The one place where roles
//! and assignments become what is held.

use std::collections::BTreeMap;

use crate::decisions::{At, Draft, Permission, TooMany};
use crate::table::CatalogIndex;
use crate::table::groups::Groups;
use crate::table::parts::{Assignment, Catalog, Parts};
use crate::vocab::{Actions, CatalogId, OrganizationKind, RoleId, RowId, Time, spelled};

/// The draft of all decisions. The parts were checked.
pub(in crate::table) fn draft<'p>(
    parts: &'p Parts,
    catalogs: &[CatalogIndex],
    principals: &Groups,
    assignments: &Groups,
) -> Result<Draft<'p>, TooMany> {
    let mut draft = Draft::default();
    let mut rows: Vec<Option<At>> = vec![None; parts.principals.len()];
    // A role is of one catalog.
    let mut of_one = vec![[None; 2]; parts.roles.len()];
    for (number, (index, catalog)) in catalogs.iter().zip(&parts.catalogs).enumerate() {
        draft.catalog(index.layout.words(), permissions(catalog, index))?;
        let mut joined = Joined { parts, index, draft: &mut draft, of_one: &mut of_one };
        for (organization, data) in parts.organizations.iter().enumerate() {
            if data.catalog != CatalogId::at(number) {
                continue;
            }
            for principal in principals.range(organization) {
                let own = parts.assignments.get(assignments.range(principal)).unwrap_or_default();
                let at = joined.course(own, data.kind)?;
                if let Some(slot) = rows.get_mut(principal) {
                    *slot = Some(at);
                }
            }
        }
    }
    draft.organizations(parts.organizations.iter().map(|organization| &*organization.id));
    for (principal, row) in parts.principals.iter().zip(rows) {
        let organization = parts.organizations.get(principal.organization.index()).ok_or(TooMany)?;
        let row = row.ok_or(TooMany)?;
        draft.person(principal.organization.0, &principal.name, organization.catalog.0, row)?;
    }
    Ok(draft)
}

/// Every permission of a catalog: each action, and all of a row.
fn permissions(catalog: &Catalog, index: &CatalogIndex) -> Vec<Permission> {
    let mut all = Vec::new();
    for (number, row) in catalog.rows.iter().enumerate() {
        let (Some(category), Some((first, top))) =
            (catalog.categories.get(row.category.index()), index.layout.run(RowId::at(number)))
        else {
            continue;
        };
        let name = format!("{}.{}", spelled(&category.id), spelled(&row.id));
        let actions = (first..).zip(row.shape.actions());
        // `full` is all of the row's, whatever its actions are called.
        all.extend(
            actions
                .filter(|(_, action)| *action != "full")
                .map(|(bit, action)| (format!("{name}:{}", spelled(action)), bit, 1)),
        );
        let count = Actions::count(top) as u16;
        all.push((format!("{name}:full"), first, count));
        all.push((name, first, count));
    }
    all
}

/// Rows of one catalog.
struct Joined<'j, 'p> {
    parts: &'p Parts,
    index: &'j CatalogIndex,
    draft: &'j mut Draft<'p>,
    /// The rows of each role alone, in a direct organization and in a managed one.
    of_one: &'j mut [[Option<At>; 2]],
}

impl Joined<'_, '_> {
    /// The row of a principal, or the steps between rows.
    fn course(&mut self, own: &[Assignment], kind: OrganizationKind) -> Result<At, TooMany> {
        if own.iter().all(|one| one.from.is_none() && one.until.is_none()) {
            return self.row(own.iter().map(|one| one.role), kind)?.ok_or(TooMany);
        }
        // What begins and what ends, in the order of time: looked at once, however many there are.
        let mut bounds: Vec<(Time, bool, RoleId)> = Vec::new();
        let mut held: BTreeMap<RoleId, usize> = BTreeMap::new();
        for one in own {
            match one.from {
                Some(from) => bounds.push((from, true, one.role)),
                None => *held.entry(one.role).or_default() += 1,
            }
            bounds.extend(one.until.map(|until| (until, false, one.role)));
        }
        bounds.sort_unstable();
        let mut course = Vec::with_capacity(bounds.len() + 1);
        for at_once in bounds.chunk_by(|one, next| one.0 == next.0) {
            let row = self.row(held.keys().copied(), kind)?;
            course.push((at_once.first().map(|(time, ..)| *time), row));
            for (_, begins, role) in at_once {
                if *begins {
                    *held.entry(*role).or_default() += 1;
                } else if let Some(count) = held.get_mut(role) {
                    *count -= 1;
                    if *count == 0 {
                        held.remove(role);
                    }
                }
            }
        }
        let last = self.row(held.keys().copied(), kind)?;
        if course.is_empty() {
            return last.ok_or(TooMany);
        }
        course.push((None, last));
        self.draft.course(&course)
    }

    /// The row of some roles together; none where there is no role.
    fn row(
        &mut self,
        roles: impl Iterator<Item = RoleId> + Clone,
        kind: OrganizationKind,
    ) -> Result<Option<At>, TooMany> {
        let mut others = roles.clone();
        let Some(first) = others.next() else { return Ok(None) };
        let is_one = others.all(|role| role == first);
        let is_managed = usize::from(kind == OrganizationKind::Managed);
        let known =
            |of_one: &[[Option<At>; 2]]| of_one.get(first.index())?.get(is_managed).copied().flatten();
        if is_one && let Some(row) = known(self.of_one) {
            return Ok(Some(row));
        }
        let layout = &self.index.layout;
        let mut bits = vec![0; layout.words()];
        for role in roles.filter_map(|role| self.parts.roles.get(role.index())) {
            bits.iter_mut().zip(role.bits.iter()).for_each(|(word, held)| *word |= held);
        }
        bits.iter_mut().zip(layout.mask(kind)).for_each(|(word, mask)| *word &= mask);
        let row = self.draft.row(&bits)?;
        if is_one && let Some(slot) = self.of_one.get_mut(first.index()).and_then(|of| of.get_mut(is_managed))
        {
            *slot = Some(row);
        }
        Ok(Some(row))
    }
}
