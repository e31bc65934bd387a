//! The lines: somebody by their names, a permission by its name, an organization by its name. What each byte of them
//! means stands here and nowhere else; a line decides nothing.

use crate::decisions::hash::is_same_short;
use crate::decisions::lines::{Line, bytes_of, line_of};

/// In place of a number, that there is none.
pub(in crate::decisions) const NONE: u32 = u32::MAX;

/// Set in place of where a row begins: where the steps of somebody begin who holds other things at other times.
pub(in crate::decisions) const STEPS: u32 = 1 << 31;

/// Set beside the number of a catalog: the bits stand in the line itself.
const INSIDE: u16 = 1 << 15;

/// As many catalogs as a line can number.
pub(in crate::decisions) const CATALOGS: usize = (1 << 15) - 1;

/// In place of two lengths, that the names are among the texts.
const ELSEWHERE: u16 = u16::MAX;

/// As many words as a line has room for at its end.
pub(in crate::decisions) const WORDS: usize = 2;

/// Where names begin, and where they end where bits stand behind them.
const NAMES: usize = 12;
const BITS: usize = 48;

/// ```text
///  0  principal    u32
///  4  row          u32, where in the bits it begins; or `STEPS` and where in the steps
///  8  catalog      u16, with `INSIDE`
/// 10  lengths      two u8, of the organization's name and the principal's; both 255: elsewhere
/// 12  both names; or a u32, where in the texts they begin, and their lengths as u16
/// 48  with `INSIDE`, two words of bits
/// ```
#[derive(Clone, Copy)]
pub(in crate::decisions) struct Record<'d>(pub(in crate::decisions) &'d Line);

/// What a record holds.
#[derive(Clone, Copy, Debug)]
pub(in crate::decisions) struct Recorded<'a> {
    pub(in crate::decisions) principal: u32,
    pub(in crate::decisions) row: u32,
    pub(in crate::decisions) catalog: u16,
    /// Both names.
    pub(in crate::decisions) names: [&'a [u8]; 2],
    /// The row itself, where it may stand inside.
    pub(in crate::decisions) bits: Option<[u64; WORDS]>,
}

impl Recorded<'_> {
    /// Whether two names have no room in a line.
    #[inline]
    pub(in crate::decisions) fn is_long(names: [&[u8]; 2]) -> bool {
        names.iter().map(|name| name.len()).sum::<usize>() > 64 - NAMES
    }

    /// The line, and whether the names have to stand among the texts.
    pub(in crate::decisions) fn line(&self, texts: u32) -> (Line, bool) {
        let mut bytes = [0; 64];
        let lengths = self.names.map(<[u8]>::len);
        let length = lengths.iter().sum::<usize>();
        let is_long = Self::is_long(self.names);
        let bits = self.bits.filter(|_| is_long || length <= BITS - NAMES);
        let catalog = self.catalog | if bits.is_some() { INSIDE } else { 0 };
        put(&mut bytes, 0, &self.principal.to_le_bytes());
        put(&mut bytes, 4, &self.row.to_le_bytes());
        put(&mut bytes, 8, &catalog.to_le_bytes());
        if is_long {
            put(&mut bytes, 10, &ELSEWHERE.to_le_bytes());
            put(&mut bytes, NAMES, &texts.to_le_bytes());
            put(&mut bytes, NAMES + 4, &(lengths[0] as u16).to_le_bytes());
            put(&mut bytes, NAMES + 6, &(lengths[1] as u16).to_le_bytes());
        } else {
            put(&mut bytes, 10, &lengths.map(|length| length as u8));
            put(&mut bytes, NAMES, self.names[0]);
            put(&mut bytes, NAMES + lengths[0], self.names[1]);
        }
        for (number, word) in bits.iter().flatten().enumerate() {
            put(&mut bytes, BITS + number * 8, &word.to_le_bytes());
        }
        (line_of(bytes), is_long)
    }
}

/// The line at a place that is nobody's.
pub(in crate::decisions) fn nobody() -> Line {
    let mut bytes = [0; 64];
    put(&mut bytes, 0, &NONE.to_le_bytes());
    put(&mut bytes, 10, &ELSEWHERE.to_le_bytes());
    line_of(bytes)
}

impl<'d> Record<'d> {
    #[inline(always)]
    pub(in crate::decisions) fn principal(self) -> u32 {
        word(self.0, 0) as u32
    }

    #[inline(always)]
    pub(in crate::decisions) fn row(self) -> u32 {
        (word(self.0, 0) >> 32) as u32
    }

    #[inline(always)]
    pub(in crate::decisions) fn catalog(self) -> u16 {
        word(self.0, 1) as u16 & !INSIDE
    }

    /// A word of the row, where the row stands in the line: some word whatever its number.
    #[inline(always)]
    pub(in crate::decisions) fn inside(self, number: u32) -> Option<u64> {
        let is_inside = word(self.0, 1) as u16 & INSIDE != 0;
        is_inside.then(|| word(self.0, BITS / 8 + number as usize % WORDS))
    }

    /// Whether it is that of two names.
    #[inline(always)]
    pub(in crate::decisions) fn is_named(self, first: &[u8], second: &[u8], texts: &[u8]) -> bool {
        let lengths = (word(self.0, 1) >> 16) as u16;
        let names = bytes_of(self.0).get(NAMES..).unwrap_or_default();
        if lengths == ELSEWHERE {
            return self.is_named_elsewhere(first, second, texts);
        }
        let [one, other] = lengths.to_le_bytes().map(usize::from);
        one == first.len()
            && other == second.len()
            && names.get(..one).is_some_and(|own| is_same_short(own, first))
            && names.get(one..one + other).is_some_and(|own| is_same_short(own, second))
    }

    /// Whether the line is as [`Recorded::line`] writes it for its names, where they are in it, and a row that may stand
    /// inside. Says of every line of a file what making it again would say, in less time.
    pub(in crate::decisions) fn is_as_written(self, bits: Option<[u64; WORDS]>) -> bool {
        let lengths = (word(self.0, 1) >> 16) as u16;
        let ends = NAMES + lengths.to_le_bytes().iter().map(|length| usize::from(*length)).sum::<usize>();
        let is_inside = bits.is_some() && ends <= BITS;
        let inside = [word(self.0, BITS / 8), word(self.0, BITS / 8 + 1)];
        let limit = if is_inside { BITS / 8 } else { 8 };
        let rest = (ends / 8 + 1..limit).all(|number| word(self.0, number) == 0);
        // What of a word stands behind the names.
        let first = ends / 8 >= limit || word(self.0, ends / 8) >> (ends % 8 * 8) == 0;
        lengths != ELSEWHERE
            && ends <= 64
            && (word(self.0, 1) as u16 & INSIDE != 0) == is_inside
            && (!is_inside || bits == Some(inside))
            && first
            && rest
    }

    /// Where its names begin among the texts; none where they are in the line.
    pub(in crate::decisions) fn text(self) -> Option<u32> {
        let is_elsewhere = (word(self.0, 1) >> 16) as u16 == ELSEWHERE;
        is_elsewhere.then(|| (word(self.0, 1) >> 32) as u32)
    }

    #[cold]
    fn is_named_elsewhere(self, first: &[u8], second: &[u8], texts: &[u8]) -> bool {
        self.principal() != NONE
            && self.names(texts).is_some_and(|[one, other]| one == first && other == second)
    }

    /// Both names; none where there is no such text.
    pub(in crate::decisions) fn names(self, texts: &'d [u8]) -> Option<[&'d [u8]; 2]> {
        let bytes = bytes_of(self.0);
        let lengths = (word(self.0, 1) >> 16) as u16;
        let (names, [one, other]) = if lengths == ELSEWHERE {
            let lengths = word(self.0, 2) as u32;
            (texts.get(self.text()? as usize..)?, [lengths as u16, (lengths >> 16) as u16].map(usize::from))
        } else {
            (bytes.get(NAMES..)?, lengths.to_le_bytes().map(usize::from))
        };
        Some([names.get(..one)?, names.get(one..one.checked_add(other)?)?])
    }
}

/// ```text
///  0  first bit    u32
///  4  next         u32, the entry of the same name in another catalog
///  8  catalog      u16
/// 10  count        u16, of bits
/// 12  length       u32, of the name; in the entries of further catalogs 0
/// 16  mask         u64, the bits where they are in a word; 0 where they are more
/// 24  name         u32, where it begins in the texts
/// ```
#[derive(Clone, Copy)]
pub(in crate::decisions) struct Named<'d>(pub(in crate::decisions) &'d Entry);

/// A permission, as it lies in a file.
pub(in crate::decisions) type Entry = [u64; 4];

/// The bits of a permission: the number of a word and which of it; none of it where they are more than a word's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decisions) struct Wanted {
    pub(in crate::decisions) first: u32,
    pub(in crate::decisions) count: u16,
    pub(in crate::decisions) mask: u64,
}

impl Wanted {
    /// So many bits from the first on, which do not lie across the end of a word unless they begin one.
    pub(in crate::decisions) fn of(first: u32, count: u16) -> Self {
        let ones =
            if count == 0 { 0 } else { u64::MAX.checked_shr(64_u32.wrapping_sub(count.into())).unwrap_or(0) };
        Self { first, count, mask: ones.wrapping_shl(first) }
    }
}

impl<'d> Named<'d> {
    /// The entry of some bits of a catalog, whose name begins there in the texts.
    pub(in crate::decisions) fn entry(
        wanted: Wanted,
        catalog: u16,
        next: u32,
        length: usize,
        text: u32,
    ) -> Entry {
        let first = u64::from(wanted.first) | u64::from(next) << 32;
        let tags = u64::from(catalog) | u64::from(wanted.count) << 16 | (length as u64) << 32;
        [first, tags, wanted.mask, u64::from(text)].map(u64::to_le)
    }

    /// The entry at a place that is nobody's.
    pub(in crate::decisions) fn nothing() -> Entry {
        Self::entry(Wanted::of(0, 0), u16::MAX, NONE, 0, 0)
    }

    #[inline(always)]
    pub(in crate::decisions) fn wanted(self) -> Wanted {
        let [first, tags, mask, _] = self.0.map(u64::from_le);
        Wanted { first: first as u32, count: (tags >> 16) as u16, mask }
    }

    #[inline(always)]
    pub(in crate::decisions) fn next(self) -> u32 {
        (u64::from_le(self.0[0]) >> 32) as u32
    }

    #[inline(always)]
    pub(in crate::decisions) fn catalog(self) -> u16 {
        u64::from_le(self.0[1]) as u16
    }

    /// Its name; none where there is no such text.
    #[inline(always)]
    pub(in crate::decisions) fn name(self, texts: &'d [u8]) -> Option<&'d [u8]> {
        let (length, begins) = (u64::from_le(self.0[1]) >> 32, u64::from_le(self.0[3]) & 0xffff_ffff);
        texts.get(begins as usize..)?.get(..length as usize)
    }
}

/// ```text
///  0  organization u32
///  4  length       u32
///  8  the name; or where it is longer, a u32, where in the texts it begins
/// ```
#[derive(Clone, Copy)]
pub(in crate::decisions) struct Organized<'d>(pub(in crate::decisions) &'d Line);

/// As many bytes of an organization's name as a line has room for.
const ORGANIZATION: usize = 56;

impl<'d> Organized<'d> {
    /// The line, and whether the name has to stand among the texts.
    pub(in crate::decisions) fn line(organization: u32, name: &str, texts: u32) -> (Line, bool) {
        let mut bytes = [0; 64];
        put(&mut bytes, 0, &organization.to_le_bytes());
        put(&mut bytes, 4, &(name.len() as u32).to_le_bytes());
        let is_long = name.len() > ORGANIZATION;
        let place = texts.to_le_bytes();
        put(&mut bytes, 8, if is_long { &place } else { name.as_bytes() });
        (line_of(bytes), is_long)
    }

    pub(in crate::decisions) fn organization(self) -> u32 {
        word(self.0, 0) as u32
    }

    /// Its name; none where there is no such text.
    pub(in crate::decisions) fn name(self, texts: &'d [u8]) -> Option<&'d [u8]> {
        let length = (word(self.0, 0) >> 32) as usize;
        if length <= ORGANIZATION {
            return bytes_of(self.0).get(8..8 + length);
        }
        texts.get(word(self.0, 1) as u32 as usize..)?.get(..length)
    }
}

#[inline(always)]
fn word(line: &Line, number: usize) -> u64 {
    line.get(number).map_or(0, |word| u64::from_le(*word))
}

fn put(line: &mut [u8; 64], at: usize, bytes: &[u8]) {
    line.iter_mut().skip(at).zip(bytes).for_each(|(slot, byte)| *slot = *byte);
}

#[cfg(test)]
mod tests {
    use super::{ELSEWHERE, Record, Recorded};
    use crate::decisions::lines::{bytes_of, line_of};

    /// Lines with names of all lengths, and with bits, are as they are written, and with one bit another they are not,
    /// unless it says something else that is written so.
    #[test]
    fn what_is_as_written_is_what_would_be_written() {
        let name = [b'n'; 80];
        let lengths = [0, 1, 2, 7, 17, 18, 19, 20, 26, 35, 36, 37, 51, 52, 53, 80];
        let pairs = lengths.iter().flat_map(|one| [0, 1, 5, 16].map(|other| (*one, other)));
        let mut as_written = 0;
        for (one, other) in pairs.step_by(if cfg!(miri) { 7 } else { 1 }) {
            for bits in [None, Some([0, 0]), Some([5, 1 << 63]), Some([u64::MAX, 3])] {
                let names = [&name[..one], &name[..other]];
                let recorded = Recorded { principal: 9, row: 70, catalog: 3, names, bits };
                let (line, is_long) = recorded.line(0);
                assert_eq!(is_long, one + other > 52);
                let inside = bits.filter(|_| is_long || one + other <= 36);
                for number in 0..3 {
                    let word = inside.map(|[first, second]| if number == 1 { second } else { first });
                    assert_eq!(Record(&line).inside(number), word);
                }
                assert_eq!(Record(&line).is_as_written(bits), !is_long);
                for flipped in (0..512).step_by(if cfg!(miri) { 61 } else { 1 }) {
                    let mut bytes = [0; 64];
                    bytes.copy_from_slice(bytes_of(&line));
                    bytes[flipped / 8] ^= 1 << (flipped % 8);
                    let line = line_of(bytes);
                    let record = Record(&line);
                    let is_here = u16::from_le_bytes([bytes[10], bytes[11]]) != ELSEWHERE;
                    let again = record.names(&name).filter(|_| is_here).map(|names| {
                        let (principal, row) = (record.principal(), record.row());
                        Recorded { principal, row, catalog: record.catalog(), names, bits }.line(0)
                    });
                    let wanted = again.is_some_and(|(again, is_long)| again == line && !is_long);
                    assert_eq!(record.is_as_written(bits), wanted, "{one} {other} {bits:?} bit {flipped}");
                    as_written += usize::from(wanted);
                }
            }
        }
        assert!(as_written > 1_000 || cfg!(miri), "{as_written}");
    }
}
