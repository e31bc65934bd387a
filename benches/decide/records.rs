//! The yardstick: names hashed into verified records of one cache line, and nothing else. It knows no time, no reason,
//! no second role and no wide catalog, so nothing that does can be much faster. It is never made slower.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::fast::FixedState;
use rolec::eval::Evaluator;
use rolec::table::Table;
use rolec::vocab::Time;

/// As many bytes of two names as a record has room for.
const ROOM: usize = 38;

/// An organization's and a principal's names, and the bits that the principal holds: one cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Record {
    hash: u64,
    row: [u64; 2],
    lengths: [u8; 2],
    names: [u8; ROOM],
}

/// As many bytes of a permission's name: the longest of the catalog takes a second line.
const NAME: usize = 115;

/// A permission's name and its bit.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Named {
    hash: u64,
    bit: u32,
    length: u8,
    name: [u8; NAME],
}

const EMPTY: Record = Record { hash: 0, row: [0; 2], lengths: [0; 2], names: [0; ROOM] };
const UNNAMED: Named = Named { hash: 0, bit: 0, length: 0, name: [0; NAME] };

/// Records by the hash of their names, at most half of the slots taken.
pub(crate) struct Records {
    principals: Vec<Record>,
    permissions: Vec<Named>,
}

impl Records {
    /// The records of a table at a time.
    pub(crate) fn of(table: &Table, at: Time) -> Self {
        let evaluator = Evaluator::new(table);
        let mut found = Self {
            principals: vec![EMPTY; (table.principals().count() * 2).next_power_of_two()],
            permissions: vec![UNNAMED; 1_024],
        };
        for principal in table.principals() {
            let organization = principal.organization();
            let mut row = [0_u64; 2];
            for assignment in evaluator.assignments_in_force(principal.key(), at) {
                let bits = table.effective_bits(organization.key(), assignment.role());
                row.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
            }
            let (organization, principal) = (organization.id().as_bytes(), principal.name().as_bytes());
            assert!(organization.len() + principal.len() <= ROOM, "the names of the worlds have room");
            let mut record = Record { hash: hash(organization, principal), row, ..EMPTY };
            record.lengths = [organization.len() as u8, principal.len() as u8];
            record.names[..organization.len()].copy_from_slice(organization);
            record.names[organization.len()..][..principal.len()].copy_from_slice(principal);
            let mask = found.principals.len() - 1;
            let mut slot = record.hash as usize & mask;
            while found.principals[slot].lengths != [0; 2] {
                slot = (slot + 1) & mask;
            }
            found.principals[slot] = record;
        }
        let catalog = table.catalogs().next().expect("the built-in catalog");
        let mut bits = crate::world::bits(table).into_iter();
        for row in catalog.rows() {
            for action in row.shape().actions() {
                let bit = bits.next().expect("a bit for each");
                found.name(&format!("{}.{}:{action}", row.category().id(), row.id()), bit);
            }
        }
        found
    }

    fn name(&mut self, name: &str, bit: u32) {
        let name = name.as_bytes();
        assert!(name.len() <= NAME, "the names of the catalog have room");
        let mut named = Named { hash: hash(name, &[]), bit, length: name.len() as u8, ..UNNAMED };
        named.name[..name.len()].copy_from_slice(name);
        let mask = self.permissions.len() - 1;
        let mut slot = named.hash as usize & mask;
        while self.permissions[slot].length != 0 {
            slot = (slot + 1) & mask;
        }
        self.permissions[slot] = named;
    }

    /// Whether a principal of an organization may do something.
    #[inline]
    pub(crate) fn decide(&self, organization: &str, principal: &str, permission: &str) -> bool {
        let (organization, principal) = (organization.as_bytes(), principal.as_bytes());
        let wanted = hash(organization, principal);
        let mask = self.principals.len() - 1;
        let mut slot = wanted as usize & mask;
        let record = loop {
            let record = &self.principals[slot];
            let [first, second] = record.lengths.map(usize::from);
            if record.hash == wanted
                && first == organization.len()
                && second == principal.len()
                && record.names[..first] == *organization
                && record.names[first..first + second] == *principal
            {
                break record;
            }
            if record.lengths == [0; 2] {
                return false;
            }
            slot = (slot + 1) & mask;
        };
        let Some(bit) = self.bit(permission.as_bytes()) else { return false };
        record.row[bit as usize / 64] >> (bit % 64) & 1 != 0
    }

    #[inline]
    fn bit(&self, permission: &[u8]) -> Option<u32> {
        let wanted = hash(permission, &[]);
        let mask = self.permissions.len() - 1;
        let mut slot = wanted as usize & mask;
        loop {
            let named = &self.permissions[slot];
            if named.hash == wanted && named.name[..usize::from(named.length)] == *permission {
                return Some(named.bit);
            }
            if named.length == 0 {
                return None;
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[inline]
fn hash(one: &[u8], other: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(0x5eed).build_hasher();
    hasher.write(one);
    if !other.is_empty() {
        hasher.write(other);
    }
    hasher.finish()
}
