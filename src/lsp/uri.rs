//! URIs of files and their paths. Other schemes have no path.

use std::path::{Component, Path, PathBuf};

/// The path of a `file:` URI; none for another scheme, another host, and what is no path.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = match rest.strip_prefix("//") {
        Some(rest) => {
            let (host, _) = rest.split_once('/')?;
            if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
                return None;
            }
            rest.get(host.len()..)?
        }
        None => rest,
    };
    let rest = rest.split(['?', '#']).next()?;
    let text = decoded(rest)?;
    if !text.starts_with('/') || text.contains('\0') {
        return None;
    }
    // `/c:/x` on Windows.
    let drive = text.strip_prefix('/').filter(|rest| cfg!(windows) && rest.chars().nth(1) == Some(':'));
    Some(plain(Path::new(drive.unwrap_or(&text))))
}

/// The URI of an absolute path.
pub(super) fn uri(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    let mut uri = String::from("file://");
    if !text.starts_with('/') {
        uri.push('/');
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// A path without `.` and `..`, by its text alone.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// A text without its `%` escapes; none where that is no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::{Path, PathBuf};

    #[test]
    fn there_and_back() {
        for path in ["/a/b.role", "/with space/é🙂#?%.role", "/c:/x"] {
            let uri = super::uri(Path::new(path));
            assert!(uri.is_ascii() && !uri.contains([' ', '#', '?']), "{uri}");
            assert_eq!(super::path(&uri), Some(PathBuf::from(path)), "{uri}");
        }
        assert_eq!(super::path("file://localhost/a/../b/./c"), Some("/b/c".into()));
        assert_eq!(super::path("FILE:/a"), Some("/a".into()));
        for no in
            ["untitled:Untitled-1", "file://host/a", "file:a", "file:///a%", "file:///%ff", "file:///%00", ""]
        {
            assert_eq!(super::path(no), None, "{no}");
        }
    }
}
