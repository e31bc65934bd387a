//! What a build read and what it gave, remembered in a file, so that the same build again need not be done: every file is
//! looked at, none of the policy is read. Anything that is otherwise, odd or young means that it is done again from scratch; what is
//! remembered is never an answer by itself.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{is_stdin, open_whole, read, unreadable, write};
use crate::found::{open_file, shown, walk_side_by_side};
use crate::source::{Provenance, Sources};

/// How such a file begins.
const MARK: &[u8; 16] = b"rolec cache 1\r\n\x1a";
/// What of that all versions share.
const ANY_VERSION: &[u8] = b"rolec cache ";
const HASH: usize = 32;
const STAMP: usize = 56;
/// Bytes of such a file: a hundred thousand findings fit.
const MOST: u64 = 1 << 26;

/// SHA-256: whoever writes the policy may choose names and times, and must not meet those of another one.
pub(crate) type Hash = [u8; HASH];

pub(crate) fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// The memory of a build that has begun.
pub(crate) struct Cache {
    place: PathBuf,
    /// All that the build hangs on beside the files of the policy.
    key: Hash,
    begun: SystemTime,
    paths: Vec<PathBuf>,
    /// The files as they were when it began; none where they cannot be remembered.
    look: Option<Look>,
}

impl Cache {
    /// Begins a build of the files at `paths`; `said` is what else it hangs on.
    ///
    /// # Errors
    /// Where `place` holds something else: a file that is named by mistake is not written over.
    pub(crate) fn begin(place: &Path, paths: &[PathBuf], said: &[&[u8]]) -> Result<Self, Failure> {
        let wrong = |message: String| Err(Failure::of(Reason::Usage, message));
        if is_stdin(place) || paths.iter().any(|path| is_stdin(path)) {
            return wrong(
                "what is read from standard input is not remembered: leave out `--cache`".to_owned(),
            );
        }
        if fs::symlink_metadata(place).is_ok() {
            let (file, length) = open_whole(place)?;
            let mut start = Vec::new();
            let found = file.take(MARK.len() as u64).read_to_end(&mut start);
            found.map_err(|error| unreadable(&shown(place), &error))?;
            // That of another version is written anew.
            if length > 0 && !start.starts_with(ANY_VERSION) {
                return wrong(format!(
                    "`{}` is no cache, and is not written over: name another file",
                    shown(place)
                ));
            }
        }
        let paths = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
        let begun = SystemTime::now();
        let key = key(&paths, said);
        let look = key.and_then(|_| Look::at(&paths));
        Ok(Self { place: place.to_owned(), key: key.unwrap_or_default(), begun, paths, look })
    }

    /// What the build told that gave the table which lies at `output`; none where it has to be done again.
    pub(crate) fn told(&self, output: &Path) -> Option<Vec<u8>> {
        let look = self.look.as_ref()?;
        // Of what is longer none was written here.
        let length = fs::metadata(&self.place).ok()?.len();
        let bytes = (length <= MOST).then(|| read(&self.place).ok()).flatten()?;
        let kept = Kept::read(&bytes)?;
        let is_same = kept.key == self.key && kept.files == look.hash_with(&kept.beside)?;
        let has_table =
            || kept.lies.is_some() && kept.lies == Stamp::of(output) || hash_of(output) == Some(kept.table);
        (is_same && has_table()).then_some(kept.told)
    }

    /// Remembers a build that gave a table, which lies at `output`. Not where a file has changed meanwhile, or so lately that
    /// its times might not show it.
    pub(crate) fn keep(
        &self,
        sources: &Sources,
        output: &Path,
        table: Hash,
        told: &[u8],
    ) -> Result<(), Failure> {
        let Some(kept) = self.kept(sources, output, table, told) else { return Ok(()) };
        write(&self.place, &kept.to_bytes())
    }

    fn kept(&self, sources: &Sources, output: &Path, table: Hash, told: &[u8]) -> Option<Kept> {
        let look = self.look.as_ref()?;
        let listed: HashSet<String> = look.files.iter().map(|(path, _)| shown(path)).collect();
        let given = sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given);
        let beside = given.filter(|(_, file)| !listed.contains(file.name()));
        let beside: Vec<String> = beside.map(|(_, file)| file.name().to_owned()).collect();
        let begun = nanoseconds(self.begun)?;
        let is_settled = Look::at(&self.paths).as_ref() == Some(look)
            && look.files.iter().all(|(_, stamp)| stamp.is_before(begun))
            && beside
                .iter()
                .all(|name| Stamp::of(Path::new(name)).is_some_and(|stamp| stamp.is_before(begun)));
        // What a file names is looked up from where it lies, and shown from where it was found: through a link these are two.
        let is_told = beside.is_empty() || self.paths.iter().all(|path| is_as_spelled(path));
        if !is_settled || !is_told {
            return None;
        }
        if told.len() as u64 > MOST / 2 {
            return None;
        }
        let files = look.hash_with(&beside)?;
        // A large table was put in its place long enough ago by now, and need not be read to be known again. What is read
        // here has that stamp, and from then on a change gives another one.
        let now = nanoseconds(SystemTime::now())?;
        let lies = Stamp::of(output).filter(|stamp| {
            stamp.is_before(now) && hash_of(output) == Some(table) && Stamp::of(output) == Some(*stamp)
        });
        Some(Kept { key: self.key, files, table, lies, beside, told: told.to_owned() })
    }
}

/// The key of a build. None where nobody can say which program this is.
fn key(paths: &[PathBuf], said: &[&[u8]]) -> Option<Hash> {
    let program = std::env::current_exe().ok()?;
    let here = fs::canonicalize(".").ok()?;
    let mut hash = Sha256::new();
    add(&mut hash, env!("CARGO_PKG_VERSION").as_bytes());
    add(&mut hash, bytes(&program));
    Stamp::of(&program)?.add_to(&mut hash);
    add(&mut hash, bytes(&here));
    hash.update((paths.len() as u64).to_le_bytes());
    paths.iter().for_each(|path| add(&mut hash, bytes(path)));
    said.iter().for_each(|said| add(&mut hash, said));
    Some(hash.finalize().into())
}

/// Whether no link lies on the way to a path.
fn is_as_spelled(path: &Path) -> bool {
    let Ok(mut spelled) = fs::canonicalize(".") else { return false };
    for part in path.components() {
        match part {
            Component::ParentDir => {
                spelled.pop();
            }
            part => spelled.push(part),
        }
    }
    fs::canonicalize(path).is_ok_and(|real| real == spelled)
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

/// The hash of a file; none where it cannot be read.
fn hash_of(path: &Path) -> Option<Hash> {
    let mut file = open_file(path).ok()??;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hash.finalize().into()),
            count => hash.update(buffer.get(..count)?),
        }
    }
}

/// The files of a policy, in the order in which they are found, as they are on the disk.
#[derive(PartialEq)]
struct Look {
    files: Vec<(PathBuf, Stamp)>,
}

impl Look {
    fn at(paths: &[PathBuf]) -> Option<Self> {
        let stamped = |path: PathBuf| Stamp::of(&path).map(|stamp| (path, stamp));
        let mut files = Vec::new();
        for path in paths {
            if path.is_dir() {
                let mut found = walk_side_by_side(path, stamped)?;
                found.sort_by(|(one, _), (other, _)| bytes(one).cmp(bytes(other)));
                files.append(&mut found);
            } else {
                files.push(stamped(path.clone())?);
            }
        }
        Some(Self { files })
    }

    /// The hash of all of them, with those that they name elsewhere.
    fn hash_with(&self, beside: &[String]) -> Option<Hash> {
        let mut hash = Sha256::new();
        for (path, stamp) in &self.files {
            add(&mut hash, bytes(path));
            stamp.add_to(&mut hash);
        }
        hash.update((self.files.len() as u64).to_le_bytes());
        for name in beside {
            add(&mut hash, name.as_bytes());
            Stamp::of(Path::new(name))?.add_to(&mut hash);
        }
        Some(hash.finalize().into())
    }
}

/// What a system says of a file without reading it: where it lies, how long it is, when it was changed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stamp {
    device: u64,
    number: u64,
    length: u64,
    /// Seconds and nanoseconds of its text, and of all that is known of it.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some(Self {
            device: found.dev(),
            number: found.ino(),
            length: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }

    /// Elsewhere times can be set at will, and so nothing is remembered.
    #[cfg(not(unix))]
    fn of(_: &Path) -> Option<Self> {
        None
    }

    fn to_bytes(self) -> [u8; STAMP] {
        let Self { device, number, length, modified, changed } = self;
        let times = [modified.0, modified.1, changed.0, changed.1].map(i64::cast_unsigned);
        let [a, b, c, d] = times;
        let mut bytes = [0; STAMP];
        for (slot, part) in bytes.chunks_exact_mut(8).zip([device, number, length, a, b, c, d]) {
            slot.copy_from_slice(&part.to_le_bytes());
        }
        bytes
    }

    fn read(mut bytes: &[u8]) -> Option<Self> {
        let mut next = || Some(u64::from_le_bytes(take(&mut bytes)?));
        let (device, number, length) = (next()?, next()?, next()?);
        let mut time = || Some((next()?.cast_signed(), next()?.cast_signed()));
        let (modified, changed) = (time()?, time()?);
        Some(Self { device, number, length, modified, changed })
    }

    fn add_to(self, hash: &mut Sha256) {
        hash.update(self.to_bytes());
    }

    /// Whether it was changed last before a moment, and by so much that a change since then has another time. A file system
    /// that counts whole seconds may count two at once; others count no more than some milliseconds.
    fn is_before(self, moment: i128) -> bool {
        let (seconds, nanoseconds) = self.changed;
        let step: i128 = if nanoseconds == 0 { 2_000_000_000 } else { 100_000_000 };
        i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds) + step < moment
    }
}

fn nanoseconds(time: SystemTime) -> Option<i128> {
    i128::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
}

/// What is remembered.
#[derive(Debug, PartialEq)]
struct Kept {
    key: Hash,
    files: Hash,
    table: Hash,
    /// How the table lies in its place, where that is enough to know it again.
    lies: Option<Stamp>,
    /// The files that others name and that no path leads to.
    beside: Vec<String>,
    /// What was told on standard output.
    told: Vec<u8>,
}

impl Kept {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        for hash in [&self.key, &self.files, &self.table] {
            bytes.extend(hash);
        }
        let lies = self.lies.map(Stamp::to_bytes);
        bytes.extend((self.beside.len() as u64).to_le_bytes());
        let lies = lies.as_ref().map_or(&[] as &[u8], |lies| lies.as_slice());
        for piece in [lies, self.told.as_slice()].into_iter().chain(self.beside.iter().map(String::as_bytes))
        {
            bytes.extend((piece.len() as u64).to_le_bytes());
            bytes.extend(piece);
        }
        let hash = hash(&bytes);
        bytes.extend(hash);
        bytes
    }

    /// None where it is anything else than what was written, to the last bit.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (body, check) = bytes.split_last_chunk::<HASH>()?;
        if hash(body) != *check {
            return None;
        }
        let (mark, mut rest) = body.split_first_chunk::<{ MARK.len() }>()?;
        let (key, files, table) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        let count = usize::try_from(u64::from_le_bytes(take(&mut rest)?)).ok()?;
        let mut piece = || {
            let length = usize::try_from(u64::from_le_bytes(take(&mut rest)?)).ok()?;
            let (piece, behind) = rest.split_at_checked(length)?;
            rest = behind;
            Some(piece.to_vec())
        };
        let (lies, told) = (piece()?, piece()?);
        let lies = if lies.is_empty() { None } else { Some(Stamp::read(&lies)?) };
        let beside = (0..count).map(|_| String::from_utf8(piece()?).ok()).collect::<Option<Vec<String>>>()?;
        (mark == MARK && rest.is_empty()).then_some(Self { key, files, table, lies, beside, told })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, behind) = rest.split_first_chunk::<N>()?;
    *rest = behind;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::{HASH, Kept, Stamp};

    #[test]
    fn what_is_remembered_is_read_back_whole_or_not_at_all() {
        let changed = (-1, i64::MAX);
        let kept = Kept {
            key: [1; HASH],
            files: [2; HASH],
            table: [3; HASH],
            lies: Some(Stamp { device: 1, number: u64::MAX, length: 3, modified: (4, 5), changed }),
            beside: vec!["é.role".to_owned(), String::new()],
            told: b"warning".to_vec(),
        };
        let bytes = kept.to_bytes();
        assert_eq!(Kept::read(&bytes), Some(kept));
        for at in 0..bytes.len() {
            assert_eq!(Kept::read(&bytes[..at]), None, "cut at {at}");
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[at] ^= 1 << bit;
                assert_eq!(Kept::read(&other), None, "bit {bit} of byte {at}");
            }
        }
        let other = [&*bytes, b"x"].concat();
        assert_eq!(Kept::read(&other), None);
    }

    #[test]
    fn what_was_changed_lately_is_not_trusted() {
        let at = |changed| Stamp { device: 1, number: 1, length: 1, modified: (0, 0), changed };
        let second = 1_000_000_000_i128;
        assert!(at((10, 1)).is_before(10 * second + 100_000_002));
        assert!(!at((10, 1)).is_before(10 * second + 100_000_001));
        assert!(!at((10, 0)).is_before(12 * second), "it may count every other second");
        assert!(at((10, 0)).is_before(12 * second + 1));
        assert!(!at((20, 5)).is_before(10 * second), "a clock that was set back");
    }
}
