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
    /// The places of three sets of hashes, in that order, and the seed of the keys that they were made by. None where no
    /// seed does.
    pub(in crate::decisions) fn of(hashes: impl Fn(Keys) -> [Vec<u64>; 3]) -> Option<(u64, Self)> {
        (0..SEEDS).find_map(|seed| {
            let [names, organizations, people] = hashes(Keys::of(seed));
            let names = places::find(&names)?;
            let organizations = places::find(&organizations)?;
            let people = places::find(&people)?;
            Some((seed, Self { names, organizations, people }))
        })
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
            let people = self.records.iter().map(Record).filter(|record| record.principal() != NONE);
            let people = people.filter_map(|record| record.names(self.texts));
            let people = people.map(|[organization, name]| keys.pair(organization, name));
            [names.collect(), organizations.collect(), people.collect()]
        };
        let Some((seed, placed)) = Placed::of(hashes) else { return false };
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
