//! The file around decisions: a line that says what it is, a line of its sections, and the sections. All numbers are
//! little-endian. docs/format.md is the whole of it for people. Knows what is in the first section, and of the second only
//! where it is.
//!
//! Never trusts a byte: lengths are held against the file before anything is allocated, checksums before anything is read.

use std::io::{self, Read};
use std::ops::Range;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::decisions::certificate::Certificate;
use crate::decisions::check::plan;
use crate::decisions::error::FileError;
use crate::decisions::lines::Lines;
use crate::decisions::{Decisions, Index};

/// What every table begins with: one byte that is no text, and two line ends, so that a file that went through a text tool
/// shows.
const MAGIC: [u8; 8] = *b"\x89ROLE\r\n\x1a";

/// The version of the layout. Another layout takes another number; the reader knows this one only.
pub(in crate::decisions) const VERSION: u32 = 3;

/// Bytes of the first two lines.
pub(in crate::decisions) const HEADER: usize = 128;

/// Where the certificate stands.
const CERTIFICATE: usize = 32;

/// Where the checksum of the first two lines stands.
pub(in crate::decisions) const CHECKSUM: Range<usize> = 56..64;

/// A section of a file.
///
/// ```
/// use rolec::decisions::Header;
///
/// let header = Header::of(rolec::example::TABLE)?;
/// let provenance = header.provenance.unwrap();
/// assert_eq!(provenance.range, header.decisions.range.end..header.length);
/// # Ok::<(), rolec::decisions::FileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where it begins and ends.
    pub range: Range<u64>,
    /// The xxh3 of its bytes, as the header has it.
    pub checksum: u64,
}

/// The first two lines of a file: what it is, and where everything stands.
///
/// ```
/// use rolec::decisions::Header;
///
/// let header = Header::of(rolec::example::TABLE)?;
/// assert_eq!(header.length, rolec::example::TABLE.len() as u64);
/// assert_eq!(header.decisions.range.start, 128);
/// assert!(header.provenance.is_some() && header.certificate.is_none());
/// assert_eq!(rolec::example::TABLE[8..12], Header::VERSION.to_le_bytes());
/// # Ok::<(), rolec::decisions::FileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The hash of all catalogs.
    pub catalogs: u64,
    /// How many bytes the file has.
    pub length: u64,
    /// That its cells were compared with the sources.
    pub certificate: Option<Certificate>,
    /// The decisions.
    pub decisions: Section,
    /// What the decisions were made from.
    pub provenance: Option<Section>,
}

impl Header {
    /// The version of the layout that is read and written.
    pub const VERSION: u32 = VERSION;

    /// The header of a file. Nothing behind it is looked at.
    ///
    /// # Errors
    /// Where it is none, or is not of a file of so many bytes.
    pub fn of(bytes: &[u8]) -> Result<Self, FileError> {
        Self::read(bytes, bytes.len() as u64)
    }

    /// The first bytes of a file with another certificate: all that differs in it.
    ///
    /// ```
    /// use rolec::decisions::{Certificate, Header};
    /// use rolec::table::Table;
    ///
    /// let mut bytes = rolec::example::TABLE.to_vec();
    /// let certificate = Certificate::new(47, 0xbee);
    /// let begins = Header::of(&bytes)?.certified(certificate);
    /// bytes[..begins.len()].copy_from_slice(&begins);
    /// assert_eq!(Table::from_bytes(&bytes)?.certificate(), certificate);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn certified(self, certificate: Option<Certificate>) -> [u8; HEADER] {
        Self { certificate, ..self }.write()
    }

    /// Of a file whose decisions are so long and have this checksum.
    fn around(
        catalogs: u64,
        (length, checksum): (usize, u64),
        provenance: Option<&[u8]>,
        certificate: Option<Certificate>,
    ) -> Self {
        let ends = HEADER as u64 + length as u64;
        let provenance = provenance
            .map(|bytes| Section { range: ends..ends + bytes.len() as u64, checksum: xxh3_64(bytes) });
        Self {
            catalogs,
            certificate,
            length: provenance.as_ref().map_or(ends, |section| section.range.end),
            decisions: Section { range: HEADER as u64..ends, checksum },
            provenance,
        }
    }

    fn write(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        let sections = [Some(&self.decisions), self.provenance.as_ref()];
        put(&mut bytes, 0, &MAGIC);
        put(&mut bytes, 8, &VERSION.to_le_bytes());
        put(&mut bytes, 12, &(sections.iter().flatten().count() as u32).to_le_bytes());
        put(&mut bytes, 16, &self.length.to_le_bytes());
        put(&mut bytes, 24, &self.catalogs.to_le_bytes());
        put(&mut bytes, CERTIFICATE, &Certificate::write(self.certificate));
        for (index, section) in sections.into_iter().flatten().enumerate() {
            let length = section.range.end - section.range.start;
            let numbers = [index as u64 + 1, section.range.start, length, section.checksum];
            for (at, number) in numbers.into_iter().enumerate() {
                put(&mut bytes, 64 + index * 32 + at * 8, &number.to_le_bytes());
            }
        }
        let sum = checksum(&bytes).to_le_bytes();
        put(&mut bytes, CHECKSUM.start, &sum);
        bytes
    }

    /// Of a file of so many bytes, by its first ones.
    fn read(bytes: &[u8], found: u64) -> Result<Self, FileError> {
        let cut = || FileError::Truncated { found, wanted: HEADER as u64 };
        let Some(magic) = bytes.first_chunk::<8>() else {
            let is_begun = MAGIC.starts_with(bytes) && !bytes.is_empty();
            return Err(if is_begun { cut() } else { FileError::NotATable { found: bytes.into() } });
        };
        if *magic != MAGIC {
            return Err(FileError::NotATable { found: (*magic).into() });
        }
        let version = bytes.get(8..12).and_then(<[u8]>::first_chunk).ok_or_else(cut)?;
        let version = u32::from_le_bytes(*version);
        if version != VERSION {
            return Err(FileError::Version { found: version, wanted: VERSION });
        }
        let bytes = bytes.first_chunk::<HEADER>().ok_or_else(cut)?;
        let number = |at: usize| {
            let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk).copied();
            u64::from_le_bytes(bytes.unwrap_or_default())
        };
        let wanted = number(16);
        if found < wanted {
            return Err(FileError::Truncated { found, wanted });
        }
        if found > wanted {
            return Err(FileError::Trailing { found, wanted });
        }
        if number(CHECKSUM.start) != checksum(bytes) {
            return Err(FileError::Checksum);
        }
        let section = |at: usize| {
            let (begins, length) = (number(at + 8), number(at + 16));
            Some(Section { range: begins..begins.checked_add(length)?, checksum: number(at + 24) })
        };
        let decisions = section(64).ok_or(FileError::Header)?;
        let provenance = if number(96) == 0 { None } else { section(96) };
        let certificate =
            Certificate::read(number(CERTIFICATE), [number(CERTIFICATE + 8), number(CERTIFICATE + 16)]);
        let header = Self { catalogs: number(24), length: wanted, certificate, decisions, provenance };
        // There is one way to write it.
        let begins = header.decisions.range.start == HEADER as u64;
        let ends = match &header.provenance {
            Some(section) => {
                section.range.start == header.decisions.range.end && section.range.end == header.length
            }
            None => header.decisions.range.end == header.length,
        };
        // Where it begins elsewhere it may end anywhere, before the header too.
        let length = header.decisions.range.end.checked_sub(HEADER as u64);
        let is_whole = length.is_some_and(|length| length.is_multiple_of(64));
        if begins && ends && is_whole && header.write() == *bytes {
            Ok(header)
        } else {
            Err(FileError::Header)
        }
    }
}

/// The checksum of the first two lines: of all but where it stands itself.
pub(in crate::decisions) fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(bytes.get(..CHECKSUM.start).unwrap_or_default());
    hash.update(bytes.get(CHECKSUM.end..HEADER).unwrap_or_default());
    hash.digest()
}

fn put(bytes: &mut [u8; HEADER], at: usize, value: &[u8]) {
    bytes.iter_mut().skip(at).zip(value).for_each(|(slot, byte)| *slot = *byte);
}

/// Some of a file; nothing where it has no such bytes.
fn part<'b>(bytes: &'b [u8], range: &Range<u64>) -> &'b [u8] {
    let place = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
    place.and_then(|(begins, ends)| bytes.get(begins..ends)).unwrap_or_default()
}

impl Decisions {
    /// Whether bytes begin like a table, whatever comes then.
    #[doc(hidden)] // `Table::is_begun` says it
    pub fn is_begun(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// A file of these decisions, and of what they were made from where that is given. A certificate goes with what it
    /// is of: that of decisions with what they were made from is not theirs alone.
    ///
    /// ```
    /// use rolec::decisions::Decisions;
    ///
    /// let decisions = Decisions::from_bytes(rolec::example::TABLE)?;
    /// let alone = decisions.to_bytes(None);
    /// assert!(alone.len() < rolec::example::TABLE.len());
    /// assert_eq!(Decisions::from_bytes(&alone)?, decisions);
    /// # Ok::<(), rolec::decisions::FileError>(())
    /// ```
    pub fn to_bytes(&self, provenance: Option<&[u8]>) -> Vec<u8> {
        let decisions = self.lines.bytes();
        let certificate = self.certificate.filter(|(_, is_whole)| *is_whole == provenance.is_some());
        let header = Header::around(
            self.catalogs_print(),
            (decisions.len(), self.print),
            provenance,
            certificate.map(|(certificate, _)| certificate),
        );
        [&header.write(), decisions, provenance.unwrap_or_default()].concat()
    }

    /// The decisions of a file, read and checked: checksum, and every line. What they were made from is not looked at.
    ///
    /// # Errors
    /// Where it is not exactly what [`Decisions::to_bytes`] gives; never panics, whatever it is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FileError> {
        let header = Header::read(bytes, bytes.len() as u64)?;
        let own = part(bytes, &header.decisions.range);
        let mut lines = Lines::zeros(own.len() / 64);
        if let Some(whole) = own.get(..lines.bytes().len()) {
            lines.bytes_mut().copy_from_slice(whole);
        }
        header.decisions(lines)
    }

    /// The same of a file that is open, which has so many bytes. Reads no more than the decisions, straight to where they
    /// are asked.
    ///
    /// # Errors
    /// What the file says, and inside of it an error in reading.
    ///
    /// ```
    /// use rolec::decisions::Decisions;
    ///
    /// let bytes = rolec::example::TABLE;
    /// let decisions = Decisions::read(&mut &*bytes, bytes.len() as u64)??;
    /// assert!(decisions.index().principal("acme", "bot").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(file: &mut impl Read, length: u64) -> io::Result<Result<Self, FileError>> {
        let mut begins = Vec::with_capacity(HEADER);
        file.by_ref().take(HEADER as u64).read_to_end(&mut begins)?;
        let header = match Header::read(&begins, length) {
            Ok(header) => header,
            Err(error) => return Ok(Err(error)),
        };
        // No longer than the file is.
        let Ok(count) = usize::try_from(header.decisions.range.end / 64 - (HEADER / 64) as u64) else {
            return Ok(Err(FileError::Header));
        };
        // A length is soon claimed, and a file may have more of it than it takes on the disk.
        let mut lines = Lines::new(count).ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        file.read_exact(lines.bytes_mut())?;
        Ok(header.decisions(lines))
    }

    /// What the decisions of a file were made from, where it has that; its checksum fits.
    ///
    /// # Errors
    /// As of [`Decisions::from_bytes`], which looks at the decisions themselves.
    #[doc(hidden)] // the parts of a table, as bytes
    pub fn provenance(bytes: &[u8]) -> Result<Option<(usize, &[u8])>, FileError> {
        let header = Header::read(bytes, bytes.len() as u64)?;
        let Some(section) = header.provenance else { return Ok(None) };
        let own = part(bytes, &section.range);
        if xxh3_64(own) == section.checksum {
            Ok(Some((section.range.start as usize, own)))
        } else {
            Err(FileError::Checksum)
        }
    }

    /// Of all catalogs.
    fn catalogs_print(&self) -> u64 {
        let prints: Vec<u8> =
            self.index().catalogs.iter().flat_map(|it| u64::from_le(it[0]).to_le_bytes()).collect();
        xxh3_64(&prints)
    }
}

impl Header {
    /// The decisions of a file, in lines already.
    fn decisions(&self, lines: Lines) -> Result<Decisions, FileError> {
        if xxh3_64(lines.bytes()) != self.decisions.checksum {
            return Err(FileError::Checksum);
        }
        let mut decisions = Decisions::of_lines(lines, self.decisions.checksum)?;
        decisions.certificate = self.certificate.map(|certificate| (certificate, self.provenance.is_some()));
        if decisions.catalogs_print() == self.catalogs { Ok(decisions) } else { Err(FileError::Header) }
    }
}

impl<'d> Index<'d> {
    /// The decisions of a file that is mapped into memory: only its first lines are checked. For files that nobody else
    /// writes: whoever can change such a file changes what is answered, and no checksum shows it. What is asked never
    /// panics, whatever stands there.
    ///
    /// # Errors
    /// Where the first lines are not those of a table, or where numbers cannot be read in place.
    ///
    /// ```
    /// use rolec::decisions::{FileError, Index};
    ///
    /// // What is mapped begins at a page, so that numbers can be read in place; nothing says so of these bytes.
    /// match Index::trusting(rolec::example::TABLE) {
    ///     Ok(index) => assert!(index.principal("acme", "bot").is_some()),
    ///     Err(error) => assert_eq!(error, FileError::Unmappable),
    /// }
    /// ```
    pub fn trusting(bytes: &'d [u8]) -> Result<Self, FileError> {
        let header = Header::read(bytes.get(..HEADER).unwrap_or(bytes), bytes.len() as u64)?;
        let own = part(bytes, &header.decisions.range);
        let words = bytemuck::try_cast_slice(own).map_err(|_| FileError::Unmappable)?;
        let plan = plan(words)?;
        plan.index(header.decisions.checksum, words).ok_or(FileError::Unmappable)
    }
}

/// Makes all checksums fit again, as whoever forges a table would.
#[cfg(test)]
pub(crate) fn forge(bytes: &mut [u8]) {
    for at in [64, 96] {
        let Some(numbers) = bytes.get(at + 8..at + 24) else { return };
        let (begins, length) = numbers.split_at(8);
        let [begins, length] = [begins, length].map(|it| u64::from_le_bytes(it.try_into().unwrap()));
        let sum = xxh3_64(part(bytes, &(begins..begins.saturating_add(length)))).to_le_bytes();
        if length > 0 {
            bytes[at + 24..at + 32].copy_from_slice(&sum);
        }
    }
    let sum = checksum(bytes).to_le_bytes();
    bytes[CHECKSUM].copy_from_slice(&sum);
}
