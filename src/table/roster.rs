//! Principals by the names of their organization and themselves: one record of a cache line for each, at a place that the
//! hash of the names alone leads to. What stands there is compared with the names, byte by byte; a hash is trusted with
//! nothing.

use crate::table::hash;
use crate::table::parts::Parts;
use crate::table::places::Places;
use crate::table::rows::{RowAt, Rows};
use crate::vocab::{CatalogId, PrincipalId};

/// As many bytes of both names as a record has room for. Longer ones are compared where they are kept.
const ROOM: usize = 52;

/// In place of a length, that the names are elsewhere.
const ELSEWHERE: u8 = u8::MAX;

/// In place of a principal, that there is none.
const NOBODY: u32 = u32::MAX;

/// In place of a catalog, that its number is too large for a record.
const LARGE: u16 = u16::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
struct Record {
    principal: u32,
    /// Where the row of the principal begins, or their steps.
    row: RowAt,
    catalog: u16,
    /// Of the organization's name and of the principal's.
    lengths: [u8; 2],
    names: [u8; ROOM],
}

const EMPTY: Record =
    Record { principal: NOBODY, row: RowAt::NONE, catalog: LARGE, lengths: [ELSEWHERE; 2], names: [0; ROOM] };

/// All principals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::table) struct Roster {
    places: Places,
    records: Vec<Record>,
}

/// Somebody's catalog and row.
#[derive(Clone, Copy, Debug)]
pub(in crate::table) struct Listed {
    pub(in crate::table) catalog: CatalogId,
    pub(in crate::table) row: RowAt,
}

impl Roster {
    /// The roster of all principals; empty where two of them have one hash, which is never seen.
    pub(in crate::table) fn of(parts: &Parts, rows: &Rows) -> Self {
        let organizations: Vec<u64> = parts.organizations.iter().map(|it| hash::of(&it.id)).collect();
        let hashes: Vec<u64> = parts
            .principals
            .iter()
            .map(|principal| {
                let organization = organizations.get(principal.organization.index());
                hash::join(organization.copied().unwrap_or_default(), hash::of(&principal.name))
            })
            .collect();
        let Some((places, chosen)) = Places::of(&hashes) else { return Self::default() };
        let mut records = vec![EMPTY; places.count()];
        for ((index, principal), place) in parts.principals.iter().enumerate().zip(chosen) {
            let Some(organization) = parts.organizations.get(principal.organization.index()) else { continue };
            let mut record = Record {
                principal: PrincipalId::at(index).0,
                row: rows.find(PrincipalId::at(index)),
                catalog: u16::try_from(organization.catalog.0).unwrap_or(LARGE),
                ..EMPTY
            };
            record.name(&organization.id, &principal.name);
            if let Some(slot) = records.get_mut(place as usize) {
                *slot = record;
            }
        }
        Self { places, records }
    }

    /// The principal of two names: `Ok(None)` where there is nobody of these names, an error where it cannot say.
    #[inline]
    pub(in crate::table) fn find(
        &self,
        parts: &Parts,
        organization: &str,
        name: &str,
    ) -> Result<Option<Listed>, Unlisted> {
        let hash = hash::join(hash::of(organization), hash::of(name));
        let record = self.records.get(self.places.find(hash)).ok_or(Unlisted)?;
        let is_named = if record.lengths.contains(&ELSEWHERE) {
            record.is_named_elsewhere(parts, organization, name)
        } else {
            record.is_named(organization, name)
        };
        if !is_named {
            return Ok(None);
        }
        if record.catalog == LARGE {
            return Err(Unlisted);
        }
        Ok(Some(Listed { catalog: CatalogId(u32::from(record.catalog)), row: record.row }))
    }
}

/// There is no roster, or it cannot hold the number of a catalog.
#[derive(Clone, Copy, Debug)]
pub(in crate::table) struct Unlisted;

impl Record {
    fn name(&mut self, organization: &str, name: &str) {
        let both = [organization, name].map(str::as_bytes);
        let lengths = both.map(|name| u8::try_from(name.len()).unwrap_or(ELSEWHERE));
        if lengths.contains(&ELSEWHERE) || both.iter().map(|name| name.len()).sum::<usize>() > ROOM {
            return;
        }
        self.lengths = lengths;
        let bytes = both.iter().flat_map(|name| name.iter());
        self.names.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
    }

    #[inline]
    fn is_named(&self, organization: &str, name: &str) -> bool {
        let [first, second] = self.lengths.map(usize::from);
        first == organization.len()
            && second == name.len()
            && self.names.get(..first).is_some_and(|own| hash::is_same(own, organization.as_bytes()))
            && self.names.get(first..first + second).is_some_and(|own| hash::is_same(own, name.as_bytes()))
    }

    #[cold]
    fn is_named_elsewhere(&self, parts: &Parts, organization: &str, name: &str) -> bool {
        let Some(principal) = parts.principals.get(self.principal as usize) else { return false };
        let own = parts.organizations.get(principal.organization.index());
        *principal.name == *name && own.is_some_and(|own| *own.id == *organization)
    }
}
