//! A key that was made and a table that was signed, for programs. Nothing of a private key is in them.

use serde::Serialize;

use crate::render::json::VERSION;

/// A key pair that was made: what `key new` says.
///
/// ```
/// use rolec::render::json::KeyMade;
///
/// let document = serde_json::to_value(KeyMade::of("3b6a27".to_owned(), "acme.key", "acme.pub"))?;
/// assert_eq!(document["public"], "acme.pub");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KeyMade<'a> {
    /// The version of this shape.
    pub version: u32,
    /// The 32 public bytes of the key, in hexadecimal.
    pub id: String,
    /// The file of the private key.
    pub key: &'a str,
    /// The file of the public key.
    pub public: &'a str,
}

impl<'a> KeyMade<'a> {
    /// The document of a key with this id, in these files.
    pub fn of(id: String, key: &'a str, public: &'a str) -> Self {
        Self { version: VERSION, id, key, public }
    }
}

/// A table that was signed: what `key sign` says.
///
/// ```
/// use rolec::render::json::KeySigned;
///
/// let document = serde_json::to_value(KeySigned::of("acme.rolec", 7, None, vec!["3b6a27".to_owned()]))?;
/// assert_eq!((document["table_version"].as_u64(), document.get("until")), (Some(7), None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KeySigned<'a> {
    /// The version of this shape.
    pub version: u32,
    /// The file of the table.
    pub file: &'a str,
    /// The version of the table.
    pub table_version: u64,
    /// When nobody is to trust it any more; left out where there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The ids of all keys that have signed it, in their order.
    pub signers: Vec<String>,
}

impl<'a> KeySigned<'a> {
    /// The document of a table with these signatures.
    pub fn of(file: &'a str, table_version: u64, until: Option<String>, signers: Vec<String>) -> Self {
        Self { version: VERSION, file, table_version, until, signers }
    }
}
