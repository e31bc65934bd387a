//! Numbers, texts and lists from the bytes of one section. Allocates nothing that the bytes left could not fill,
//! and knows no table.

use std::ops::Range;

use crate::table::wire::error::{LoadError, Problem, Section};

/// The bytes of a section that are still to be read.
#[derive(Debug)]
pub(super) struct Input<'a> {
    left: &'a [u8],
    /// Where they begin in the file.
    at: usize,
    section: Section,
}

type Read<T> = Result<T, LoadError>;

impl<'a> Input<'a> {
    pub(super) fn new(section: Section, at: usize, bytes: &'a [u8]) -> Self {
        Self { left: bytes, at, section }
    }

    /// Where the bytes that are left stand in the file.
    pub(super) fn range(&self) -> Range<usize> {
        self.at..self.at.saturating_add(self.left.len())
    }

    /// The error of a problem at what comes next.
    pub(super) fn error(&self, problem: Problem) -> LoadError {
        LoadError::Malformed { section: self.section, at: self.at, problem }
    }

    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let (taken, left) = self.left.split_at_checked(length).ok_or_else(|| self.error(Problem::Short))?;
        self.left = left;
        self.at = self.at.saturating_add(length);
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (taken, left) = self.left.split_first_chunk().ok_or_else(|| self.error(Problem::Short))?;
        self.left = left;
        self.at = self.at.saturating_add(N);
        Ok(*taken)
    }

    pub(super) fn u32(&mut self) -> Read<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Read<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A byte that stands for one of the choices, by its position among them.
    pub(super) fn choice<T: Copy>(&mut self, choices: &[T]) -> Read<T> {
        let error = self.error(Problem::Choice);
        let [byte] = self.array()?;
        choices.get(usize::from(byte)).copied().ok_or(error)
    }

    pub(super) fn flag(&mut self) -> Read<bool> {
        self.choice(&[false, true])
    }

    pub(super) fn text<T: for<'t> From<&'t str>>(&mut self) -> Read<T> {
        let length = self.u32()?;
        let error = self.error(Problem::Text);
        let bytes = self.take(length as usize)?;
        std::str::from_utf8(bytes).map(T::from).map_err(|_| error)
    }

    pub(super) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Ok(None) }
    }

    pub(super) fn optional_text(&mut self) -> Read<Option<Box<str>>> {
        self.option(Self::text)
    }

    /// A length of a list whose members take at least `least` bytes each.
    pub(super) fn count(&mut self, least: usize) -> Read<usize> {
        let error = self.error(Problem::Short);
        let count = self.u32()? as usize;
        self.fits(count, least).then_some(count).ok_or(error)
    }

    /// Whether `count` members of at least `least` bytes each can be among the bytes left.
    pub(super) fn fits(&self, count: usize, least: usize) -> bool {
        count.checked_mul(least).is_some_and(|wanted| wanted <= self.left.len())
    }

    /// A list whose members take at least `least` bytes each.
    pub(super) fn list<T>(&mut self, least: usize, read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let count = self.count(least)?;
        self.each(count, least, read)
    }

    /// As many members as are known from elsewhere, of at least `least` bytes each.
    pub(super) fn each<T>(
        &mut self,
        count: usize,
        least: usize,
        mut read: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        if !self.fits(count, least) {
            return Err(self.error(Problem::Short));
        }
        // Members take more room in memory than in a file: at first no more is made than the bytes left take themselves, so
        // that a forged count costs no more than the bytes that bear it out.
        let room = self.left.len() / size_of::<T>().max(1);
        let mut items = Vec::with_capacity(count.min(room));
        for _ in 0..count {
            items.push(read(self)?);
        }
        // Of lists that grew, up to a half is room that nobody has need of any more.
        items.shrink_to_fit();
        Ok(items)
    }

    /// As many words as are known from elsewhere.
    pub(super) fn words(&mut self, count: usize) -> Read<Vec<u64>> {
        self.each(count, 8, |input| input.array().map(u64::from_le_bytes))
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Read<()> {
        if self.left.is_empty() { Ok(()) } else { Err(self.error(Problem::Long)) }
    }
}
