//! Places for everything that has a name: of permissions, organizations and principals, by the first seed by which all
//! find one. Knows hashes only.

use crate::decisions::hash::Keys;
use crate::decisions::index::Index;
use crate::decisions::line::{NONE, Named, Organized, Record};
use crate::decisions::places::{self, Found, Places};

/// As many seeds are tried as would be needed by somebody who chose names of one hash for all of them; nobody has.
const SEEDS: u64 = 1 << 10;

/// A place for everything that has a name.
pub(in crate::decisions) struct Placed {
    pub(in crate::decisions) names: Found,
    pub(in crate::decisions) organizations: Found,
    pub(in crate::decisions) people: Found,
}

impl Placed {
    /// The places of permissions, organizations and principals by their hashes, and the seed of the keys that these were
    /// made by. None where no seed does. Those of the principals by the first seed may be known already.
    pub(in crate::decisions) fn of(
        mut first: Option<FirstPlaces>,
        hashes: impl Fn(Keys) -> [Vec<u64>; 2],
        of_people: impl Fn(Keys) -> Vec<u64>,
    ) -> Option<(u64, Self)> {
        (0..SEEDS).find_map(|seed| {
            let known = first.take();
            let [names, organizations] = hashes(Keys::of(seed));
            let names = places::find(&names)?;
            let organizations = places::find(&organizations)?;
            let people = match known {
                Some(FirstPlaces(people)) => people,
                None => places::find(&of_people(Keys::of(seed))),
            };
            Some((seed, Self { names, organizations, people: people? }))
        })
    }
}

/// Where principals stand by the first seed, which nearly always is the one; found before all else is known.
#[doc(hidden)] // what decisions are made from: it carries no promise
#[derive(Debug)]
pub struct FirstPlaces(Option<Found>);

impl FirstPlaces {
    /// Of all principals in their order, by the names of the organization and their own.
    pub fn of<'a>(people: impl Iterator<Item = [&'a str; 2]>) -> Self {
        let keys = Keys::of(0);
        let hashes: Vec<u64> =
            people.map(|[organization, name]| keys.pair(organization.as_bytes(), name.as_bytes())).collect();
        Self(places::find(&hashes))
    }
}

impl Index<'_> {
    /// Whether all names stand where they are put when decisions are made: by the first seed that does, and by the
    /// smallest pilots. It takes as long as finding the places anew; reading looks only whether names are found.
    #[doc(hidden)] // what a comparison looks at
    pub fn is_placed_as_made(&self) -> bool {
        let hashes = |keys: Keys| {
            let names = self.names.iter().filter_map(|line| Named(line).name(self.texts));
            let names = names.filter(|name| !name.is_empty()).map(|name| keys.one(name));
            let organizations = self.organizations.iter().map(Organized);
            let organizations = organizations.filter(|line| line.organization() != NONE);
            let organizations =
                organizations.filter_map(|line| line.name(self.texts)).map(|name| keys.one(name));
            [names.collect(), organizations.collect()]
        };
        let of_people = |keys: Keys| {
            let people = self.records.iter().map(Record).filter(|record| record.principal() != NONE);
            let people = people.filter_map(|record| record.names(self.texts));
            people.map(|[organization, name]| keys.pair(organization, name)).collect()
        };
        let Some((seed, placed)) = Placed::of(None, hashes, of_people) else { return false };
        let is_same = |found: &Found, places: Places<'_>| {
            found.count == places.count
                && places.pilots.iter().map(|pilot| u16::from_le(*pilot)).eq(found.pilots.iter().copied())
        };
        Keys::of(seed) == self.keys
            && is_same(&placed.names, self.named)
            && is_same(&placed.organizations, self.organized)
            && is_same(&placed.people, self.people)
    }
}
