//! What is answered, in one byte, and what is asked, in a few.

use crate::decisions::line::Wanted;
use crate::vocab::{CatalogId, Decision};

/// An answer: the decision, and the reason for it.
///
/// What is held, what is missing and when something will be is asked of
/// [`Index::held`](crate::decisions::Index::held), once a decision has to be explained.
///
/// ```
/// use rolec::decisions::Answer;
/// use rolec::vocab::Decision;
///
/// assert_eq!((Answer::Granted.decision(), Answer::Granted.slug()), (Decision::Allow, "granted"));
/// assert_eq!(Answer::UnknownPrincipal.decision(), Decision::Deny);
/// assert!(Answer::UnknownPermission.is_unknown() && !Answer::NothingInForce.is_unknown());
/// assert_eq!(size_of::<Answer>(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Answer {
    /// All that was asked for is held.
    Granted,
    /// Something that was asked for is not held.
    NotGranted,
    /// The principal is known, but no assignment is in force: nothing is held, not even floors.
    NothingInForce,
    /// The policy has no such organization.
    UnknownOrganization,
    /// No assignment of the organization, past or future, names such a principal.
    UnknownPrincipal,
    /// The organization's catalog has no such permission.
    UnknownPermission,
}

impl Answer {
    /// What it leads to: allow where it is granted, else deny.
    #[inline]
    pub fn decision(self) -> Decision {
        Decision::allow_if(self == Self::Granted)
    }

    /// Its name in answers for machines. Never changes.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::NotGranted => "not-granted",
            Self::NothingInForce => "nothing-in-force",
            Self::UnknownOrganization => "unknown-organization",
            Self::UnknownPrincipal => "unknown-principal",
            Self::UnknownPermission => "unknown-permission",
        }
    }

    /// Whether something that was asked about is not in the policy at all.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::UnknownOrganization | Self::UnknownPrincipal | Self::UnknownPermission)
    }
}

/// A permission of a catalog, found once by its name and asked for often. It is good for the table that it was found in,
/// and for any other of the same bytes; every other table denies it.
///
/// ```
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let (index, wiki) = (table.decisions().index(), table.catalog("wiki").unwrap());
/// let key = index.key(wiki, "content.pages:update").unwrap();
/// assert_eq!(key.catalog(), wiki);
/// assert_eq!(index.key(wiki, "content.pages:Update"), None, "exact spelling only");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What tells its table from all others.
    pub(in crate::decisions) print: u64,
    /// Which bits of the word.
    pub(in crate::decisions) mask: u64,
    /// Which word of a row.
    pub(in crate::decisions) word: u32,
    /// Where the rows of its catalog begin, and how many words they are; 0 where the permission has
    /// more bits than a word, so that it takes the slow way.
    pub(in crate::decisions) begins: u32,
    pub(in crate::decisions) words: u32,
    pub(in crate::decisions) catalog: u16,
    /// How many bits it has.
    pub(in crate::decisions) count: u16,
}

impl Key {
    /// The catalog.
    pub fn catalog(self) -> CatalogId {
        CatalogId(u32::from(self.catalog))
    }

    /// Its first bit in a row, and how many it has.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn bits(self) -> (u32, u16) {
        (self.wanted().first, self.count)
    }

    pub(in crate::decisions) fn wanted(self) -> Wanted {
        let first = self.mask.trailing_zeros() % 64;
        Wanted { first: self.word.wrapping_mul(64).wrapping_add(first), count: self.count, mask: self.mask }
    }
}
