//! Keys in files: read, and written where nothing is. A private key is for its owner's eyes from its first byte on, and
//! wiped from memory behind its use.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::staged::Staged;
use crate::cli::files::{plain, read, unwritten};
use crate::found::shown;
use crate::sign::{KeyError, PublicKey, SigningKey};

/// A private key.
pub(crate) fn signing_key(path: &Path) -> Result<SigningKey, Failure> {
    let bytes = Zeroizing::new(read(path)?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    SigningKey::from_pem(text).map_err(|error| no_key(path, error))
}

/// A public key.
pub(crate) fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = Zeroizing::new(read(path)?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    PublicKey::from_pem(text).map_err(|error| no_key(path, error))
}

fn no_key(path: &Path, error: KeyError) -> Failure {
    Failure::of(Reason::Usage, format!("`{}`: {error}", shown(path)))
}

/// The files of a key pair.
pub(crate) struct Pair {
    pub(crate) key: PathBuf,
    pub(crate) public: PathBuf,
}

/// Makes a key pair, and writes it to files that are not there.
pub(crate) fn new_pair(name: &Path) -> Result<(Pair, PublicKey), Failure> {
    let with = |ending: &str| {
        let mut path = OsString::from(name);
        path.push(ending);
        PathBuf::from(path)
    };
    let pair = Pair { key: with(".key"), public: with(".pub") };
    let is_folder = name
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|end| std::path::is_separator(char::from(*end)));
    if name.file_name().is_none() || is_folder {
        return Err(Failure::of(Reason::Usage, format!("`{}` names no file", shown(name))));
    }
    for path in [&pair.key, &pair.public] {
        if fs::symlink_metadata(path).is_ok() {
            return Err(there(path));
        }
    }
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|error| {
        Failure::of(Reason::World, format!("the system gives no random numbers: {error}"))
    })?;
    let key = SigningKey::from_seed(&seed);
    let unwritable = |error: KeyError| Failure::of(Reason::World, error.to_string());
    let (secret, public) = (key.to_pem().map_err(unwritable)?, key.public().to_pem().map_err(unwritable)?);
    put(&pair.key, secret.as_bytes(), true)?;
    // Half a pair is none.
    put(&pair.public, public.as_bytes(), false).inspect_err(|_| drop(fs::remove_file(&pair.key)))?;
    Ok((pair, key.public()))
}

fn there(path: &Path) -> Failure {
    let message = format!("`{}` is there already: name another key, nothing is written over", shown(path));
    Failure::of(Reason::World, message)
}

/// Writes a file that is not there, whole or not at all.
fn put(path: &Path, bytes: &[u8], is_secret: bool) -> Result<(), Failure> {
    let staged = Staged::new(path, bytes, if is_secret { for_its_owner() } else { None })?;
    staged.put_new().map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => there(path),
        _ => unwritten(path, &plain(&error)),
    })
}

/// The permissions of a file that nobody else reads.
fn for_its_owner() -> Option<fs::Permissions> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Some(fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    None
}
