//! The seal behind a table: what is said of the table, and who has signed that. There is one way to write it, and a reader
//! takes no other. Never allocates by a number that the file says.
//!
//! | byte | | |
//! |---|---|---|
//! | 0 | magic | the statement begins: what is signed are these 104 bytes, behind [`DOMAIN`] |
//! | 8 | u32 | version, 1: Ed25519 over a statement with the SHA-512 of the table |
//! | 12 | u32 | 0 |
//! | 16 | u64 | length of the table |
//! | 24 | 64 bytes | SHA-512 of the table |
//! | 88 | u64 | version of the table |
//! | 96 | i64 | until when, in seconds since 1970; the largest number for no end |
//! | 104 | n × 96 bytes | a public key and its signature, by the bytes of the key |
//! | -16 | u64 | length of the seal |
//! | -8 | magic | backwards |

use sha2::{Digest as _, Sha512};

use crate::sign::{Fault, PublicKey, SigningKey, Untrusted};
use crate::vocab::Time;

/// What a seal begins with: like a table's first bytes, no text.
const MAGIC: [u8; 8] = *b"\x89SEAL\r\n\x1a";

/// What a file ends with that has a seal.
const CLOSING: [u8; 8] = *b"\x1a\n\rLAES\x89";

/// The version of the seal. It stands for the kind of signatures too: none is chosen by what a file says.
pub(in crate::sign) const VERSION: u32 = 1;

/// Stands before a statement where it is signed, so that no signature for another purpose fits, nor this one there.
const DOMAIN: &[u8; 24] = b"rolec seal of a table 1\n";

const STATEMENT: usize = 104;
const SIGNATURE: usize = 96;
const END: usize = 16;

/// No file has more signatures.
const MOST: usize = 64;

/// How long a seal may be.
///
/// ```
/// use rolec::sign::{LONGEST_SEAL, SigningKey, Terms, seal_of, sign};
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let signed = sign(rolec::example::TABLE, Terms { version: 1, until: None }, &key);
/// // To know where the table ends, the end of a file is enough.
/// let end = signed.len().saturating_sub(LONGEST_SEAL);
/// assert_eq!(seal_of(&signed[end..]), signed.len() - rolec::example::TABLE.len());
/// ```
pub const LONGEST_SEAL: usize = STATEMENT + MOST * SIGNATURE + END;

/// What is said of a table beside its bytes.
///
/// ```
/// use rolec::sign::{Signed, SigningKey, Terms, sign};
///
/// let terms = Terms { version: 3, until: None };
/// let signed = sign(rolec::example::TABLE, terms, &SigningKey::from_seed(&[1; 32]));
/// assert_eq!(Signed::read(&signed)?.terms(), terms);
/// # Ok::<(), rolec::sign::Untrusted>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Higher than that of each table before it.
    pub version: u64,
    /// The first moment at which it is not to be used any more.
    pub until: Option<Time>,
}

/// What a signature stands for, as its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sign) struct Statement([u8; STATEMENT]);

impl Statement {
    fn of(table: &[u8], terms: Terms) -> Self {
        let until = terms.until.map_or(i64::MAX, |time| time.0);
        let head = [VERSION.to_le_bytes(), [0; 4]].concat();
        let parts: [&[u8]; 6] = [
            &MAGIC,
            &head,
            &(table.len() as u64).to_le_bytes(),
            &Sha512::digest(table),
            &terms.version.to_le_bytes(),
            &until.to_le_bytes(),
        ];
        let mut bytes = [0; STATEMENT];
        bytes.iter_mut().zip(parts.into_iter().flatten()).for_each(|(slot, byte)| *slot = *byte);
        Self(bytes)
    }

    fn number(&self, at: usize) -> u64 {
        let bytes = self.0.get(at..).and_then(<[u8]>::first_chunk).copied();
        u64::from_le_bytes(bytes.unwrap_or_default())
    }

    fn terms(&self) -> Terms {
        let until = self.number(96).cast_signed();
        Terms { version: self.number(88), until: (until != i64::MAX).then_some(Time(until)) }
    }

    /// What is signed.
    pub(in crate::sign) fn message(&self) -> Vec<u8> {
        [DOMAIN.as_slice(), &self.0].concat()
    }

    /// Stands for all that the statement says.
    pub(in crate::sign) fn digest(&self) -> [u8; 64] {
        Sha512::digest(self.0).into()
    }
}

/// A signed table. What it says is whole, and each signature is that of its key: whether one of these is to be trusted is
/// for [`Trust`](crate::sign::Trust) to say.
///
/// ```
/// use rolec::sign::{Signed, SigningKey, Terms, sign};
///
/// let (ana, bea) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
/// let by_ana = sign(rolec::example::TABLE, Terms { version: 1, until: None }, &ana);
/// let by_both = Signed::read(&by_ana)?.with(&bea);
/// let signed = Signed::read(&by_both)?;
/// assert_eq!(signed.table(), rolec::example::TABLE);
/// assert_eq!((signed.signers().count(), signed.terms().version), (2, 1));
/// assert_eq!(signed.with(&ana), by_both, "one key counts once");
/// # Ok::<(), rolec::sign::Untrusted>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<'b> {
    table: &'b [u8],
    statement: Statement,
    /// By key.
    signatures: Vec<(PublicKey, [u8; 64])>,
}

/// A table with a seal behind it, signed by one key.
///
/// ```
/// use rolec::sign::{SigningKey, Terms, sign};
///
/// let signed = sign(rolec::example::TABLE, Terms { version: 1, until: None }, &SigningKey::from_seed(&[1; 32]));
/// assert!(signed.starts_with(rolec::example::TABLE));
/// assert_eq!(signed.len(), rolec::example::TABLE.len() + 216);
/// ```
pub fn sign(table: &[u8], terms: Terms, key: &SigningKey) -> Vec<u8> {
    Signed::unsigned(table, terms).with(key)
}

/// How many bytes at the end are a seal by its length; 0 where there is none. Nothing else of it is looked at.
///
/// ```
/// use rolec::sign::seal_of;
///
/// assert_eq!(seal_of(rolec::example::TABLE), 0);
/// ```
pub fn seal_of(bytes: &[u8]) -> usize {
    let length = || {
        let (rest, closing) = bytes.split_last_chunk::<8>()?;
        let (_, length) = rest.split_last_chunk::<8>().filter(|_| *closing == CLOSING)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let begins = bytes.len().checked_sub(length)?;
        let signatures = length.checked_sub(STATEMENT + END)?;
        let is_whole = length <= LONGEST_SEAL && signatures > 0 && signatures.is_multiple_of(SIGNATURE);
        (is_whole && bytes.get(begins..)?.starts_with(&MAGIC)).then_some(length)
    };
    length().unwrap_or(0)
}

/// The table before a seal, or all bytes where there is none. Trusts nobody, and verifies nothing.
///
/// ```
/// use rolec::sign::{SigningKey, Terms, sign, table_of};
///
/// let signed = sign(rolec::example::TABLE, Terms { version: 1, until: None }, &SigningKey::from_seed(&[1; 32]));
/// assert_eq!(table_of(&signed), rolec::example::TABLE);
/// assert_eq!(table_of(rolec::example::TABLE), rolec::example::TABLE);
/// ```
pub fn table_of(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() - seal_of(bytes)).unwrap_or(bytes)
}

impl<'b> Signed<'b> {
    /// What is said of a table, that nobody has signed yet: for who adds signatures.
    pub(crate) fn unsigned(table: &'b [u8], terms: Terms) -> Self {
        Self { table, statement: Statement::of(table, terms), signatures: Vec::new() }
    }

    /// Reads a signed table. Its seal is held to be for exactly these bytes, and each signature to be that of its key.
    ///
    /// # Errors
    /// Where there is no seal, or a broken one.
    pub fn read(bytes: &'b [u8]) -> Result<Self, Untrusted> {
        let length = seal_of(bytes);
        if length == 0 {
            let is_sealed = bytes.ends_with(&CLOSING);
            return Err(if is_sealed { Fault::Form.into() } else { Untrusted::Unsigned });
        }
        let (table, seal) = bytes.split_at_checked(bytes.len() - length).ok_or(Fault::Form)?;
        let (statement, rest) = seal.split_first_chunk::<STATEMENT>().ok_or(Fault::Form)?;
        let statement = Statement(*statement);
        // The lower half of the number: a version, and 0.
        let found = (statement.number(8) & u64::from(u32::MAX)) as u32;
        if found != VERSION {
            return Err(Fault::Version { found }.into());
        }
        if statement.number(16) != table.len() as u64 {
            return Err(Fault::Length.into());
        }
        let wanted = Statement::of(table, statement.terms());
        if wanted != statement {
            let is_form = statement.number(8) != u64::from(VERSION);
            return Err(if is_form { Fault::Form } else { Fault::Changed }.into());
        }
        let (signatures, _) = rest.split_at_checked(rest.len() - END).ok_or(Fault::Form)?;
        let message = statement.message();
        let signatures = signatures.chunks_exact(SIGNATURE).map(|pair| {
            let (key, rest) = pair.split_first_chunk::<32>().ok_or(Fault::Form)?;
            let signature = rest.first_chunk::<64>().ok_or(Fault::Form)?;
            let key = PublicKey::from_bytes(key).ok_or(Fault::Signature)?;
            Ok((key, *signature))
        });
        let signatures = signatures.collect::<Result<Vec<_>, Fault>>()?;
        if !signatures.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(Fault::Form.into());
        }
        if !signatures.iter().all(|(key, signature)| key.has_signed(&message, signature)) {
            return Err(Fault::Signature.into());
        }
        Ok(Self { table, statement, signatures })
    }

    /// The table that is signed.
    pub fn table(&self) -> &'b [u8] {
        self.table
    }

    /// What is said of it.
    pub fn terms(&self) -> Terms {
        self.statement.terms()
    }

    /// The keys that have signed it, trusted or not.
    pub fn signers(&self) -> impl ExactSizeIterator<Item = PublicKey> + '_ {
        self.signatures.iter().map(|(key, _)| *key)
    }

    /// The same signed by one more key. Signed by it already, it stays as it is; and so it does where no more signatures
    /// have room.
    pub fn with(&self, key: &SigningKey) -> Vec<u8> {
        let mut more = self.clone();
        more.add(key);
        more.to_bytes()
    }

    /// Signs it by one more key, without a look at the table. Whether that key has signed it then: not where no more
    /// signatures have room.
    pub(crate) fn add(&mut self, key: &SigningKey) -> bool {
        match self.signatures.binary_search_by_key(&key.public(), |(key, _)| *key) {
            Ok(_) => true,
            Err(at) if self.signatures.len() < MOST => {
                self.signatures.insert(at, (key.public(), key.sign(&self.statement.message())));
                true
            }
            Err(_) => false,
        }
    }

    /// The table with its seal.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let length = STATEMENT + self.signatures.len() * SIGNATURE + END;
        let mut bytes = Vec::with_capacity(self.table.len() + length);
        bytes.extend_from_slice(self.table);
        bytes.extend_from_slice(&self.statement.0);
        for (key, signature) in &self.signatures {
            bytes.extend_from_slice(key.bytes());
            bytes.extend_from_slice(signature);
        }
        bytes.extend_from_slice(&(length as u64).to_le_bytes());
        bytes.extend_from_slice(&CLOSING);
        bytes
    }

    pub(in crate::sign) fn statement(&self) -> &Statement {
        &self.statement
    }
}
