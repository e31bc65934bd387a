//! Keys, as PEM: PKCS#8 for those that sign, SPKI for those that verify, as openssl reads and writes them. A key that signs
//! is shown nowhere, wiped behind its use, and no error tells a byte of it.

use std::fmt;

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, KeypairBytes,
};
use ed25519_dalek::{Signer as _, VerifyingKey};
use zeroize::Zeroizing;

/// A key that signs.
///
/// ```
/// use rolec::sign::SigningKey;
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let again = SigningKey::from_pem(&key.to_pem()?)?;
/// assert_eq!(again.public(), key.public());
/// assert_eq!(format!("{key:?}"), format!("SigningKey(of {})", key.public()), "nothing of the key itself");
/// # Ok::<(), rolec::sign::KeyError>(())
/// ```
pub struct SigningKey(ed25519_dalek::SigningKey);

/// A key that verifies. Shown as its 32 bytes in hexadecimal: that is its id too.
///
/// ```
/// use rolec::sign::{KeyError, PublicKey, SigningKey};
///
/// let key = SigningKey::from_seed(&[7; 32]).public();
/// assert_eq!(PublicKey::from_pem(&key.to_pem()?)?, key);
/// assert_eq!(key.to_string().len(), 64);
/// assert_eq!(PublicKey::from_pem("hello"), Err(KeyError::NoPublicKey));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why a text is no key.
///
/// ```
/// use rolec::sign::{KeyError, PublicKey, SigningKey};
///
/// let secret = SigningKey::from_seed(&[7; 32]).to_pem()?;
/// assert_eq!(PublicKey::from_pem(&secret), Err(KeyError::SecretForPublic));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// It is no public key for Ed25519 as PEM.
    NoPublicKey,
    /// It is no private key for Ed25519 as PEM.
    NoSigningKey,
    /// It is a private key where a public one should be.
    SecretForPublic,
    /// It is a public key where a private one should be.
    PublicForSecret,
    /// It is encrypted.
    Encrypted,
    /// There is more than one in it.
    Several,
    /// Of its kind, but anybody could sign for it.
    Weak,
    /// It cannot be written.
    Unwritten,
}

impl SigningKey {
    /// The key of a seed: 32 bytes that nobody can guess.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads PKCS#8 as PEM, with or without the public key in it.
    ///
    /// # Errors
    /// Where it is anything else.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let read = ed25519_dalek::SigningKey::from_pkcs8_pem(text);
        read.map(Self).map_err(|_| match is_labelled(text) {
            (_, true) => KeyError::Encrypted,
            (false, _) if text.contains("PUBLIC KEY") => KeyError::PublicForSecret,
            _ => KeyError::NoSigningKey,
        })
    }

    /// PKCS#8 as PEM, in the version that every openssl reads: without the public key. Wiped when it is dropped.
    ///
    /// # Errors
    /// None that is known; what encodes it may fail by its type.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        bytes.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Unwritten)
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Its signature of a message.
    pub(in crate::sign) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl PublicKey {
    /// Reads SPKI as PEM.
    ///
    /// # Errors
    /// Where it is anything else, or a key that anybody could sign for.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let read = VerifyingKey::from_public_key_pem(text);
        let key = read.map_err(|_| match is_labelled(text) {
            (true, _) | (_, true) => KeyError::SecretForPublic,
            _ if text.matches("BEGIN PUBLIC KEY").count() > 1 => KeyError::Several,
            _ => KeyError::NoPublicKey,
        })?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self(key)) }
    }

    /// SPKI as PEM.
    ///
    /// # Errors
    /// None that is known; what encodes it may fail by its type.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0.to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Unwritten)
    }

    /// The key of its bytes; none where they are none.
    pub(in crate::sign) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes).ok().map(Self)
    }

    pub(in crate::sign) fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether a signature is that of this key over a message: by the strict rules, which leave one way to sign.
    pub(in crate::sign) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    }
}

/// Whether a text says that it is a private key, and that it is an encrypted one.
fn is_labelled(text: &str) -> (bool, bool) {
    (text.contains("PRIVATE KEY"), text.contains("ENCRYPTED"))
}

/// By their bytes: an order to write them in, and no more.
impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public())
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPublicKey => {
                "this is no public key for Ed25519 as PEM; give the `.pub` file that `key new` wrote"
            }
            Self::NoSigningKey => {
                "this is no private key for Ed25519 as PEM (PKCS#8); give the `.key` file that `key new` wrote"
            }
            Self::SecretForPublic => {
                "this is a private key: whom to trust is said by public ones, and a private one stays with who signs"
            }
            Self::PublicForSecret => "this is a public key, which signs nothing; give the private one",
            Self::Encrypted => "this private key is encrypted; decrypt it first, with `openssl pkey`",
            Self::Several => "these are several public keys; give each a file of its own, and `--trust` with each",
            Self::Weak => "this public key is one that anybody can sign for; nobody should trust it",
            Self::Unwritten => "the key cannot be written as PEM",
        })
    }
}

impl std::error::Error for KeyError {}
