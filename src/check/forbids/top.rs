//! The forbids at the top of files, with what each asks for: worked out once, and not again in each organization. Most
//! organizations are near few of them.

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::{Catalog, Cells};
use crate::check::forbids::numbering::{Numbering, highest};
use crate::check::forbids::sets::{Sets, has};
use crate::model::Forbid;
use crate::vocab::{CatalogId, OrganizationKind};

/// The forbids of the top, by catalog.
#[derive(Debug, Default)]
pub(in crate::check) struct Top {
    by_catalog: HashMap<CatalogId, OfCatalog>,
}

#[derive(Debug)]
struct OfCatalog {
    numbering: Numbering,
    forbids: Vec<Asking>,
}

#[derive(Debug)]
struct Asking {
    /// Its position among the forbids of the top.
    forbid: usize,
    /// What has to be held of it.
    numbers: Vec<usize>,
    /// Whether it speaks of a row that direct organizations do not have.
    is_managed: bool,
}

impl Top {
    pub(in crate::check) fn new(forbids: &[Forbid], catalogs: &[Catalog]) -> Self {
        let mut by_catalog: HashMap<CatalogId, Vec<usize>> = HashMap::new();
        for (at, forbid) in forbids.iter().enumerate() {
            by_catalog.entry(forbid.catalog).or_default().push(at);
        }
        let of = |(id, positions): (CatalogId, Vec<usize>)| {
            let catalog = catalogs.get(id.index())?;
            let parts = |at: usize| {
                let conditions = forbids.get(at).map_or(&[] as &[_], |forbid| &forbid.conditions);
                conditions.iter().map(|one| highest(catalog, (one.row, one.actions)))
            };
            let numbering = Numbering::new(catalog, positions.iter().flat_map(|at| parts(*at)));
            let asking = |forbid: usize| Asking {
                forbid,
                numbers: parts(forbid).flat_map(|part| numbering.of(catalog, part)).collect(),
                is_managed: parts(forbid)
                    .any(|(row, _)| catalog.row(row).is_some_and(|row| row.only_managed)),
            };
            let forbids = positions.into_iter().map(asking).collect();
            Some((id, OfCatalog { numbering, forbids }))
        };
        Self { by_catalog: by_catalog.into_iter().filter_map(of).collect() }
    }

    pub(super) fn is_empty(&self, catalog: CatalogId) -> bool {
        !self.by_catalog.contains_key(&catalog)
    }

    /// The forbids of which some roles of an organization hold all together, whoever has them in hands.
    pub(super) fn near<'c>(
        &self,
        catalog: CatalogId,
        kind: OrganizationKind,
        roles: impl Iterator<Item = &'c Cells>,
    ) -> Vec<usize> {
        let Some(of) = self.by_catalog.get(&catalog) else { return Vec::new() };
        let mut held = Sets::new(1, of.numbering.count);
        roles.for_each(|cells| of.numbering.read(cells, |number| held.add(0, number)));
        let held = held.get(0);
        let is_there = |one: &&Asking| !one.is_managed || kind == OrganizationKind::Managed;
        let near = of.forbids.iter().filter(|one| one.numbers.iter().all(|number| has(held, *number)));
        near.filter(is_there).map(|one| one.forbid).collect()
    }
}
