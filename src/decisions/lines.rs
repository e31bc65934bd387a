//! Memory in lines of 64 bytes that begin where the lines of a processor's cache do, and typed looks at it. Holds the
//! bytes of a file as they are; never copies them, and knows nothing of what they mean.

use bytemuck::AnyBitPattern;

/// Words of a line.
pub(in crate::decisions) const LINE: usize = 8;

/// A line.
pub(in crate::decisions) type Line = [u64; LINE];

/// Whole lines.
pub(in crate::decisions) struct Lines {
    /// A line more than there are, so that the first can begin where it should.
    words: Vec<u64>,
    start: usize,
    count: usize,
}

impl Lines {
    /// Lines of zeros.
    pub(in crate::decisions) fn zeros(count: usize) -> Self {
        let words = vec![0; (count + 1) * LINE];
        let start = words.as_ptr().align_offset(64).min(LINE);
        Self { words, start, count }
    }

    /// The same, where the system gives that much.
    pub(in crate::decisions) fn new(count: usize) -> Option<Self> {
        let words = count.checked_add(1)?.checked_mul(LINE)?;
        // Asked for once and given back: what comes zeroed from the system cannot be asked for so.
        Vec::<u64>::new().try_reserve_exact(words).ok()?;
        Some(Self::zeros(count))
    }

    pub(in crate::decisions) fn words(&self) -> &[u64] {
        self.words.get(self.start..self.start + self.count * LINE).unwrap_or_default()
    }

    pub(in crate::decisions) fn bytes(&self) -> &[u8] {
        bytemuck::must_cast_slice(self.words())
    }

    pub(in crate::decisions) fn bytes_mut(&mut self) -> &mut [u8] {
        let words = self.words.get_mut(self.start..self.start + self.count * LINE);
        bytemuck::must_cast_slice_mut(words.unwrap_or_default())
    }
}

impl Clone for Lines {
    fn clone(&self) -> Self {
        let mut copy = Self::zeros(self.count);
        copy.bytes_mut().copy_from_slice(self.bytes());
        copy
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        self.words() == other.words()
    }
}

impl Eq for Lines {}

/// Some of the words as numbers or lines of another size; none where there are fewer.
pub(in crate::decisions) fn look<T: AnyBitPattern>(
    words: &[u64],
    begins: usize,
    count: usize,
) -> Option<&[T]> {
    let bytes = count.checked_mul(size_of::<T>())?;
    let own = words.get(begins..begins.checked_add(bytes.div_ceil(8))?)?;
    bytemuck::try_cast_slice::<u64, T>(own).ok()?.get(..count)
}

/// The bytes of a line, as they stand in a file.
#[inline]
pub(in crate::decisions) fn bytes_of(line: &Line) -> &[u8; 64] {
    bytemuck::must_cast_ref(line)
}

/// A line of bytes, as they stand in a file.
pub(in crate::decisions) fn line_of(bytes: [u8; 64]) -> Line {
    bytemuck::must_cast(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Lines, look};

    #[test]
    fn lines_are_the_same_by_what_stands_in_them() {
        let mut lines = Lines::zeros(2);
        assert!(lines == Lines::zeros(2) && lines == lines.clone() && lines != Lines::zeros(1));
        lines.bytes_mut()[100] = 1;
        assert!(lines != Lines::zeros(2) && lines == lines.clone());
    }

    #[test]
    fn lines_begin_where_those_of_the_cache_do() {
        for count in [0, 1, 2, 100, 10_000] {
            let mut lines = Lines::zeros(count);
            assert_eq!((lines.bytes().len(), lines.bytes().as_ptr().align_offset(64)), (count * 64, 0));
            if let Some(last) = lines.bytes_mut().last_mut() {
                *last = 7;
            }
            let copy = lines.clone();
            assert!(copy == lines && copy.bytes().as_ptr().align_offset(64) == 0);
        }
    }

    #[test]
    fn looks_stay_inside() {
        let words = [u64::from_le(0x0002_0001), 5, 6];
        assert_eq!(look::<u16>(&words, 0, 3), Some(&[1_u16.to_le(), 2_u16.to_le(), 0][..]));
        assert_eq!(look::<u32>(&words, 1, 1).map(<[u32]>::len), Some(1));
        assert_eq!(look::<[u64; 2]>(&words, 1, 1), Some(&[[5, 6]][..]));
        assert_eq!(look::<[u64; 2]>(&words, 1, 2), None);
        assert_eq!(look::<u8>(&words, 0, usize::MAX), None);
        assert_eq!(look::<u64>(&words, 4, 0), None);
    }
}
