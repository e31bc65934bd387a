//! Files opened to be read, so that what was looked at is what is read: whatever somebody else puts in a file's place
//! meanwhile, no pipe is waited for, and no link is followed out of a folder.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file; none where it is no regular one.
pub(crate) fn open_file(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A pipe that nobody writes to would be waited for. Of a regular file it says nothing.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    regular(options.open(path)?)
}

/// Opens a file below a folder, both as they really are: a link anywhere below the folder was put there since then, and
/// is not followed.
#[cfg(all(feature = "cli", unix))]
pub(crate) fn open_below(folder: &Path, real: &Path) -> io::Result<Option<File>> {
    use std::path::Component;

    use rustix::fs::{CWD, Mode, OFlags, openat};

    // A folder that may be gone through need not be one that may be listed.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const THROUGH: OFlags = OFlags::PATH.union(OFlags::DIRECTORY);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const THROUGH: OFlags = OFlags::DIRECTORY;
    let outside = || io::Error::new(io::ErrorKind::InvalidInput, "it is not below the root of this run");
    let inside = real.strip_prefix(folder).map_err(|_| outside())?;
    let mut place = openat(CWD, folder, THROUGH | OFlags::CLOEXEC, Mode::empty())?;
    let mut parts = inside.components().peekable();
    while let Some(part) = parts.next() {
        let Component::Normal(part) = part else { return Err(outside()) };
        let last = if parts.peek().is_some() { THROUGH } else { OFlags::NONBLOCK };
        place = openat(&place, part, last | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    }
    regular(File::from(place))
}

/// The same where folders cannot be held: what lies between the look and the opening is not seen.
#[cfg(all(feature = "cli", not(unix)))]
pub(crate) fn open_below(_folder: &Path, real: &Path) -> io::Result<Option<File>> {
    open_file(real)
}

fn regular(file: File) -> io::Result<Option<File>> {
    Ok(file.metadata()?.is_file().then_some(file))
}
