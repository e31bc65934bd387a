//! What decisions are made from, told piece by piece: catalogs with their permissions, rows of bits, organizations,
//! people. Equal rows of a catalog are kept once. Knows neither roles nor assignments, and no hash.

use std::collections::HashMap;
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::decisions::line::{CATALOGS, NONE, STEPS};
use crate::decisions::plan::Catalog;
use crate::decisions::step::{Lasting, Step};
use crate::vocab::Time;

/// Decisions to be.
#[derive(Debug, Default)]
pub struct Draft<'a> {
    pub(in crate::decisions) catalogs: Vec<OneCatalog>,
    pub(in crate::decisions) organizations: Vec<&'a str>,
    pub(in crate::decisions) people: Vec<Person<'a>>,
    pub(in crate::decisions) bits: Vec<u64>,
    pub(in crate::decisions) steps: Vec<Step>,
    /// The rows of the last catalog.
    known: HashMap<Box<[u64]>, u32>,
}

/// A permission: its name, its first bit, and how many it has.
pub type Permission = (String, u32, u16);

#[derive(Debug)]
pub(in crate::decisions) struct OneCatalog {
    pub(in crate::decisions) words: u32,
    pub(in crate::decisions) permissions: Vec<Permission>,
    pub(in crate::decisions) rows: Range<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::decisions) struct Person<'a> {
    pub(in crate::decisions) name: &'a str,
    pub(in crate::decisions) organization: u32,
    pub(in crate::decisions) catalog: u16,
    pub(in crate::decisions) row: At,
}

/// Where a row begins, or the steps of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At(pub(in crate::decisions) u32);

/// There is more of something than can be numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl<'a> Draft<'a> {
    /// The next catalog, how many words a row of it has, and its permissions. The rows that follow are its rows.
    ///
    /// # Errors
    /// Where there are more catalogs than a line can number.
    pub fn catalog(&mut self, words: usize, permissions: Vec<Permission>) -> Result<(), TooMany> {
        if self.catalogs.len() == CATALOGS {
            return Err(TooMany);
        }
        let begins = u32::try_from(self.bits.len()).map_err(|_| TooMany)?;
        // A row has a place, though nothing stand there.
        let words = u32::try_from(words.max(1)).map_err(|_| TooMany)?;
        self.known.clear();
        self.catalogs.push(OneCatalog { words, permissions, rows: begins..begins });
        Ok(())
    }

    /// A row of the last catalog. Words that are missing are zero.
    ///
    /// # Errors
    /// Where there are too many rows, or no catalog.
    pub fn row(&mut self, bits: &[u64]) -> Result<At, TooMany> {
        if let Some(row) = self.known.get(bits) {
            return Ok(At(*row));
        }
        let catalog = self.catalogs.last_mut().ok_or(TooMany)?;
        let (begins, words) = (self.bits.len(), catalog.words as usize);
        let row = u32::try_from(begins).map_err(|_| TooMany)?;
        catalog.rows.end = u32::try_from(begins + words).ok().filter(|end| *end <= STEPS).ok_or(TooMany)?;
        self.bits.extend(bits.iter().copied().chain(std::iter::repeat(0)).take(words));
        self.known.insert(bits.into(), row);
        Ok(At(row))
    }

    /// Rows one after the other, each until when; none where nothing is in force. The last has no end.
    ///
    /// # Errors
    /// Where there are too many steps.
    pub fn course(&mut self, course: &[(Option<Time>, Option<At>)]) -> Result<At, TooMany> {
        let begins = u32::try_from(self.steps.len()).ok().filter(|at| *at < STEPS).ok_or(TooMany)?;
        let count = u32::try_from(course.len()).map_err(|_| TooMany)?;
        self.steps.extend(course.iter().zip((0..count).rev()).map(|((until, row), follow)| {
            let row = row.map_or(NONE, |At(row)| row);
            Lasting { until: until.unwrap_or(Time(i64::MAX)), row, follow }.write()
        }));
        Ok(At(begins | STEPS))
    }

    /// All organizations by name. That is their order.
    pub fn organizations(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.organizations.extend(names);
    }

    /// The next principal, by organization. Of its catalog the row is.
    ///
    /// # Errors
    /// Where the catalog has no number.
    pub fn person(&mut self, organization: u32, name: &'a str, catalog: u32, row: At) -> Result<(), TooMany> {
        let catalog = u16::try_from(catalog).map_err(|_| TooMany)?;
        self.people.push(Person { name, organization, catalog, row });
        Ok(())
    }

    /// The names of somebody: the organization's and their own.
    pub(in crate::decisions) fn names(&self, person: &Person<'a>) -> [&'a [u8]; 2] {
        let organization = self.organizations.get(person.organization as usize).copied().unwrap_or_default();
        [organization.as_bytes(), person.name.as_bytes()]
    }

    /// The catalogs as they lie in a file.
    pub(in crate::decisions) fn lines_of_catalogs(&self) -> impl Iterator<Item = Catalog> {
        self.catalogs.iter().map(|catalog| {
            let rows = u64::from(catalog.rows.start) | u64::from(catalog.rows.end) << 32;
            [print(catalog.words, &catalog.permissions), u64::from(catalog.words), rows, 0].map(u64::to_le)
        })
    }

    /// Where the principals of each organization begin, and where all end.
    pub(in crate::decisions) fn starts(&self) -> Vec<u32> {
        let mut starts = vec![0_u32; self.organizations.len() + 1];
        for person in &self.people {
            if let Some(count) = starts.get_mut(person.organization as usize + 1) {
                *count += 1;
            }
        }
        let mut end = 0;
        starts.iter_mut().for_each(|start| {
            end += *start;
            *start = end;
        });
        starts
    }
}

/// What tells a catalog from others: its permissions and their bits, in whatever order.
fn print(words: u32, permissions: &[Permission]) -> u64 {
    let all = permissions.iter().map(|(name, first, count)| print_of(name, *first, *count));
    all.fold(u64::from(words), u64::wrapping_add)
}

/// What a permission adds to that.
pub(in crate::decisions) fn print_of(name: &str, first: u32, count: u16) -> u64 {
    xxh3_64_with_seed(name.as_bytes(), u64::from(first) | u64::from(count) << 32)
}
