//! Permissions by the names of their category, row and action: each at a place that the hash of the names leads to, and
//! compared there.

use crate::table::hash;
use crate::table::layout::Layout;
use crate::table::parts::Catalog;
use crate::table::places::Places;
use crate::vocab::{Actions, RowId};

/// What is asked for by three names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::table) struct Asked {
    /// The first bit of its row.
    pub(in crate::table) first: u32,
    /// All actions of the row.
    pub(in crate::table) top: Actions,
    /// Those asked for.
    pub(in crate::table) actions: Actions,
    /// Where its names stand.
    at: u32,
    /// The lengths of the names.
    lengths: [u32; 3],
}

/// Every permission of a catalog that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::table) struct Naming {
    places: Places,
    asked: Vec<Option<Asked>>,
    names: String,
}

impl Naming {
    /// The permissions of a catalog; none where two of them have one hash, which is never seen.
    pub(in crate::table) fn of(catalog: &Catalog, layout: &Layout) -> Self {
        let mut naming = Self::default();
        let mut hashes = Vec::new();
        let mut all = Vec::new();
        for (index, row) in catalog.rows.iter().enumerate() {
            let (Some(category), Some((first, top))) =
                (catalog.categories.get(row.category.index()), layout.run(RowId::at(index)))
            else {
                continue;
            };
            // `full` is all of the row's, whatever its actions are called, and so is no action.
            let single = row.shape.actions().enumerate().map(|(at, name)| (name, Actions::one(at)));
            let named = single.filter(|(name, _)| *name != "full").chain([("full", top), ("", top)]);
            for (action, actions) in named {
                let names = [&*category.id, &*row.id, action];
                let Ok(at) = u32::try_from(naming.names.len()) else { return Self::default() };
                hashes.push(hash_of(names));
                all.push(Asked { first, top, actions, at, lengths: names.map(|name| name.len() as u32) });
                names.iter().for_each(|name| naming.names.push_str(name));
            }
        }
        let Some((places, chosen)) = Places::of(&hashes) else { return Self::default() };
        naming.asked = vec![None; places.count()];
        for (asked, place) in all.into_iter().zip(chosen) {
            if let Some(slot) = naming.asked.get_mut(place as usize) {
                *slot = Some(asked);
            }
        }
        naming.places = places;
        naming
    }

    /// What three names ask for.
    #[inline]
    pub(in crate::table) fn find(&self, category: &str, row: &str, action: &str) -> Option<&Asked> {
        let names = [category, row, action];
        let asked = self.asked.get(self.places.find(hash_of(names)))?.as_ref()?;
        let mut rest = self.names.as_bytes().get(asked.at as usize..)?;
        for (name, length) in names.iter().zip(asked.lengths) {
            let (own, more) = rest.split_at_checked(length as usize)?;
            if !hash::is_same(own, name.as_bytes()) {
                return None;
            }
            rest = more;
        }
        Some(asked)
    }
}

#[inline]
fn hash_of(names: [&str; 3]) -> u64 {
    let [category, row, action] = names.map(hash::of);
    hash::join(hash::join(category, row), action)
}
