//! Headers as docs/format.md says: read, changed, and all checksums made to fit again, as whoever forges a table would.
//! Written from that page, and from no code of the library.

use xxhash_rust::xxh3::xxh3_64;

/// Bytes of the header.
pub(crate) const HEADER: usize = 128;
/// Where the version stands.
pub(crate) const VERSION: usize = 8;
/// Where the length of the file stands.
pub(crate) const LENGTH: usize = 16;
/// Where the checksum of the header stands.
pub(crate) const CHECKSUM: usize = 56;
/// Where the two sections stand: each a number, where it begins, its length, its checksum.
pub(crate) const SECTIONS: [usize; 2] = [64, 96];

pub(crate) fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

pub(crate) fn put(bytes: &mut [u8], at: usize, number: u64) {
    bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
}

/// Where a section begins and how long it is, as the header says.
pub(crate) fn section(bytes: &[u8], which: usize) -> (usize, usize) {
    let at = SECTIONS[which];
    (number(bytes, at + 8) as usize, number(bytes, at + 16) as usize)
}

/// Makes the header's checksum fit.
pub(crate) fn seal(bytes: &mut [u8]) {
    if bytes.len() >= HEADER {
        let rest = [&bytes[..CHECKSUM], &bytes[CHECKSUM + 8..HEADER]].concat();
        put(bytes, CHECKSUM, xxh3_64(&rest));
    }
}

/// Makes all checksums fit: of each section that is there, then of the header.
pub(crate) fn forge(bytes: &mut [u8]) {
    if bytes.len() < HEADER {
        return;
    }
    for (which, at) in SECTIONS.into_iter().enumerate() {
        let (begins, length) = section(bytes, which);
        let own = begins.checked_add(length).and_then(|ends| bytes.get(begins..ends));
        if let Some(own) = own.filter(|own| !own.is_empty()) {
            let sum = xxh3_64(own);
            put(bytes, at + 24, sum);
        }
    }
    seal(bytes);
}
