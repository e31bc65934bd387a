//! What the header of a file says of a comparison with the sources: how many cells were compared, and a hash of what each
//! of them answers. Compares nothing itself, and says nothing about who compared: whoever can write the file can write
//! this. It tells which comparison a table went through, and that it can be made again.

use std::fmt;
use std::num::NonZeroU64;

use xxhash_rust::xxh3::Xxh3;

use crate::vocab::Actions;

/// That every cell of a table was compared with what its sources say.
///
/// ```
/// use rolec::decisions::Certificate;
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// assert_eq!(table.certificate(), None, "nobody compared it");
///
/// let certificate = Certificate::new(47, 0xbee).unwrap();
/// assert_eq!((certificate.cells(), certificate.hash()), (47, 0xbee));
/// assert_eq!(certificate.to_string(), "47 cells, hash 00000000000000000000000000000bee");
/// assert_eq!(Certificate::new(0, 0xbee), None, "where there is nothing, nothing was compared");
///
/// // A file carries it.
/// let table = table.with_certificate(Some(certificate));
/// assert_eq!(Table::from_bytes(&table.to_bytes())?.certificate(), Some(certificate));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Certificate {
    cells: NonZeroU64,
    hash: u128,
}

/// Bytes of a certificate in the header.
const BYTES: usize = 24;

impl Certificate {
    /// A certificate of so many cells; none where there are none.
    pub fn new(cells: u64, hash: u128) -> Option<Self> {
        NonZeroU64::new(cells).map(|cells| Self { cells, hash })
    }

    /// How many cells were compared.
    pub fn cells(self) -> u64 {
        self.cells.get()
    }

    /// The hash of what they answer, as [`Answers`] makes it.
    pub fn hash(self) -> u128 {
        self.hash
    }

    /// As it stands in a header: zeros where there is none.
    pub(in crate::decisions) fn write(certificate: Option<Self>) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        if let Some(Self { cells, hash }) = certificate {
            let all = cells.get().to_le_bytes().into_iter().chain(hash.to_le_bytes());
            bytes.iter_mut().zip(all).for_each(|(slot, byte)| *slot = byte);
        }
        bytes
    }

    /// The certificate in a header. A hash of no cells is none that [`write`](Self::write) leaves.
    pub(in crate::decisions) fn read(cells: u64, [low, high]: [u64; 2]) -> Option<Self> {
        Self::new(cells, u128::from(low) | u128::from(high) << 64)
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cells, hash {:032x}", self.cells, self.hash)
    }
}

/// What cells answer, one after the other: counted and hashed.
///
/// ```
/// use rolec::decisions::Answers;
/// use rolec::vocab::Actions;
///
/// let answers = |all: &[Actions]| {
///     let mut answers = Answers::default();
///     all.iter().for_each(|held| answers.push(*held, 2));
///     answers.certificate()
/// };
/// let [none, view] = [Actions::NONE, Actions::one(0)];
/// assert_eq!(answers(&[view, none]).map(|it| it.cells()), Some(4));
/// assert_ne!(answers(&[view, none]), answers(&[none, view]));
/// assert_eq!(answers(&[]), None);
///
/// // Parts that were gone through apart, one after the other.
/// let mut whole = Answers::default();
/// let mut part = Answers::default();
/// part.push(view, 1);
/// whole.append(&part);
/// assert_eq!((whole.cells(), part.cells()), (1, 1));
/// assert_ne!(whole.certificate(), part.certificate());
/// ```
#[derive(Clone)]
pub struct Answers {
    cells: u64,
    hash: Xxh3,
    /// What is not hashed yet: many at once take a fraction of the time.
    left: Vec<u8>,
}

/// Bytes that are hashed at once.
const AT_ONCE: usize = 1 << 10;

impl Default for Answers {
    fn default() -> Self {
        Self { cells: 0, hash: Xxh3::new(), left: Vec::with_capacity(AT_ONCE) }
    }
}

impl Answers {
    /// What somebody holds of a row that has so many actions, each of them a cell.
    pub fn push(&mut self, held: Actions, actions: usize) {
        self.cells = self.cells.saturating_add(actions as u64);
        self.left.extend_from_slice(&held.0.to_le_bytes());
        if self.left.len() >= AT_ONCE {
            self.hash.update(&self.left);
            self.left.clear();
        }
    }

    /// A part that was gone through by itself.
    pub fn append(&mut self, part: &Self) {
        self.append_sum(part.sum());
    }

    /// What is left of a part that was gone through: how many cells it has, and their hash.
    pub(crate) fn sum(&self) -> (u64, u128) {
        (self.cells, self.digest())
    }

    /// The same as [`append`](Self::append), by what is left of the part.
    pub(crate) fn append_sum(&mut self, (cells, hash): (u64, u128)) {
        self.cells = self.cells.saturating_add(cells);
        self.left.extend_from_slice(&hash.to_le_bytes());
    }

    /// How many cells there are.
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// Their certificate; none where there is no cell.
    pub fn certificate(&self) -> Option<Certificate> {
        Certificate::new(self.cells, self.digest())
    }

    fn digest(&self) -> u128 {
        let mut hash = self.hash.clone();
        hash.update(&self.left);
        hash.digest128()
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").field("cells", &self.cells).finish_non_exhaustive()
    }
}
