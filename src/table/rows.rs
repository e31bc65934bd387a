//! What each principal holds and when: rows of bits, those that are alike once, and for whoever holds other things at
//! other times the steps in between.

use std::collections::HashMap;
use std::ops::Range;

use crate::table::CatalogIndex;
use crate::table::groups::Groups;
use crate::table::layout::read;
use crate::table::parts::{Assignment, Home, Parts};
use crate::vocab::{Actions, CatalogId, OrganizationKind, PrincipalId, RoleId, Time};

/// In place of where a row begins, that there is none.
const NONE: u32 = u32::MAX;

/// Set in place of where a row begins: where the steps of somebody begin who holds other things at other times.
const STEPS: u32 = 1 << 31;

/// The bits of all principals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::table) struct Rows {
    words: Vec<u64>,
    /// What stands where for each principal.
    of: Vec<RowAt>,
    steps: Vec<Step>,
    /// The rows of each catalog.
    catalogs: Vec<Range<u32>>,
}

/// Where a row begins, or where the steps between rows do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::table) struct RowAt(u32);

impl RowAt {
    /// Nowhere.
    pub(in crate::table) const NONE: Self = Self(NONE);
}

/// A row, and until when it is the one. The last step of a principal lasts to the end of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    until: Time,
    row: u32,
}

impl Rows {
    pub(in crate::table) fn of(
        parts: &Parts,
        catalogs: &[CatalogIndex],
        principals: &Groups,
        assignments: &Groups,
    ) -> Self {
        let mut rows = Self { of: vec![RowAt::NONE; parts.principals.len()], ..Self::default() };
        for (index, catalog) in catalogs.iter().enumerate() {
            let begins = rows.end();
            let mut catalog = OneCatalog { layout: &catalog.layout, by_role: HashMap::new(), by_bits: HashMap::new() };
            for (organization, data) in parts.organizations.iter().enumerate() {
                if data.catalog != CatalogId::at(index) {
                    continue;
                }
                for principal in principals.range(organization) {
                    let own = parts.assignments.get(assignments.range(principal)).unwrap_or_default();
                    let at = rows.course(parts, own, data.kind, &mut catalog);
                    if let Some(slot) = rows.of.get_mut(principal) {
                        *slot = at;
                    }
                }
            }
            let ends = rows.end();
            rows.catalogs.push(begins..ends);
        }
        rows
    }

    /// The row of a principal, or the steps between rows.
    fn course(
        &mut self,
        parts: &Parts,
        own: &[Assignment],
        kind: OrganizationKind,
        catalog: &mut OneCatalog<'_>,
    ) -> RowAt {
        let mut bounds: Vec<Time> = own.iter().flat_map(|one| one.from.into_iter().chain(one.until)).collect();
        bounds.sort_unstable();
        bounds.dedup();
        if bounds.is_empty() {
            let row = catalog.row(parts, own.iter().map(|one| one.role), kind, &mut self.words);
            return RowAt(row);
        }
        let Some(begins) = u32::try_from(self.steps.len()).ok().filter(|at| *at < STEPS - 1) else {
            return RowAt::NONE;
        };
        let mut from = Time(i64::MIN);
        for until in bounds.into_iter().chain([Time(i64::MAX)]) {
            let is_on = |one: &&Assignment| {
                one.from.is_none_or(|begins| begins <= from) && one.until.is_none_or(|ends| from < ends)
            };
            let roles = own.iter().filter(is_on).map(|one| one.role);
            self.steps.push(Step { until, row: catalog.row(parts, roles, kind, &mut self.words) });
            from = until;
        }
        RowAt(begins | STEPS)
    }

    fn end(&self) -> u32 {
        u32::try_from(self.words.len()).unwrap_or(NONE)
    }

    /// The row of a principal, or their steps.
    #[inline]
    pub(in crate::table) fn find(&self, principal: PrincipalId) -> RowAt {
        self.of.get(principal.index()).copied().unwrap_or(RowAt::NONE)
    }

    /// The bits of a row from `first` on, those of `top`. `None` where nothing is in force.
    #[inline]
    pub(in crate::table) fn held(&self, row: RowAt, at: Time, first: u32, top: Actions) -> Option<Actions> {
        let begins = if row.0 & STEPS == 0 { row.0 } else { self.step(row, at)? };
        let bits = self.words.get(begins as usize..)?;
        Some(Actions(read(bits, first)) & top)
    }

    /// When something is in force next, where nothing is at a time.
    #[cold]
    pub(in crate::table) fn next(&self, row: RowAt, at: Time) -> Option<Time> {
        let steps = self.steps.get((row.0 & !STEPS) as usize..).filter(|_| row.0 & STEPS != 0)?;
        let mut steps = steps.iter().skip_while(|step| step.until <= at);
        let mut ends = steps.next()?.until;
        loop {
            if ends == Time(i64::MAX) {
                return None;
            }
            let step = steps.next()?;
            if step.row != NONE {
                return Some(ends);
            }
            ends = step.until;
        }
    }

    /// Whether a row, or each row of some steps, is of a catalog.
    #[inline]
    pub(in crate::table) fn is_of(&self, row: RowAt, catalog: CatalogId) -> bool {
        // Whoever has steps is asked where they begin; a gap is of any catalog, and holds nothing.
        if let [_] = &*self.catalogs {
            return catalog == CatalogId(0);
        }
        let begins = if row.0 & STEPS == 0 {
            row.0
        } else {
            let steps = self.steps.get((row.0 & !STEPS) as usize..).unwrap_or_default();
            steps.iter().map(|step| step.row).find(|row| *row != NONE).unwrap_or(NONE)
        };
        self.catalogs.get(catalog.index()).is_some_and(|range| range.contains(&begins))
    }

    #[inline]
    fn step(&self, row: RowAt, at: Time) -> Option<u32> {
        let steps = self.steps.get((row.0 & !STEPS) as usize..)?;
        steps.iter().find(|step| at < step.until).map(|step| step.row).filter(|row| *row != NONE)
    }
}

struct OneCatalog<'c> {
    layout: &'c crate::table::Layout,
    by_role: HashMap<(RoleId, OrganizationKind), u32>,
    by_bits: HashMap<Box<[u64]>, u32>,
}

impl OneCatalog<'_> {
    /// Where the row of some roles together begins; nowhere where there is none of them, or no number for it.
    fn row(
        &mut self,
        parts: &Parts,
        roles: impl Iterator<Item = RoleId> + Clone,
        kind: OrganizationKind,
        words: &mut Vec<u64>,
    ) -> u32 {
        self.row_of(parts, roles, kind, words).unwrap_or(NONE)
    }

    fn row_of(
        &mut self,
        parts: &Parts,
        roles: impl Iterator<Item = RoleId> + Clone,
        kind: OrganizationKind,
        words: &mut Vec<u64>,
    ) -> Option<u32> {
        let mut others = roles.clone();
        let first = others.next()?;
        let is_one = others.all(|role| role == first);
        // A template is one thing in a direct organization and another in a managed one.
        let key = match parts.roles.get(first.index())?.home {
            Home::Template(_) => (first, kind),
            Home::Organization(_) => (first, OrganizationKind::Direct),
        };
        if is_one && let Some(row) = self.by_role.get(&key) {
            return Some(*row);
        }
        let mut bits = vec![0; self.layout.words()];
        for role in roles {
            let held = &parts.roles.get(role.index())?.bits;
            bits.iter_mut().zip(held.iter()).for_each(|(word, held)| *word |= held);
        }
        bits.iter_mut().zip(self.layout.mask(kind)).for_each(|(word, mask)| *word &= mask);
        let row = match self.by_bits.get(&*bits) {
            Some(row) => *row,
            None => {
                let row = u32::try_from(words.len()).ok().filter(|row| *row < STEPS)?;
                words.extend_from_slice(&bits);
                self.by_bits.insert(bits.into(), row);
                row
            }
        };
        if is_one {
            self.by_role.insert(key, row);
        }
        Some(row)
    }
}
