//! What everybody holds at one time, so that columns of questions are answered at the speed of memory. It decides nothing in
//! a way of its own: the rows are those that a decision by keys reads, where they lie.

use std::collections::HashMap;

use crate::columns::{self, Region, Rows, SEVERAL, Several, UNKNOWN};
use crate::eval::bitmap::Bitmap;
use crate::eval::evaluator::Evaluator;
use crate::eval::permission::Permission;
use crate::table::Table;
use crate::vocab::{CatalogId, OrganizationKind, PrincipalId, Time};

/// What everybody holds at a time. Made once, it answers columns of questions, and
/// [who holds something](crate::eval::Columns).
///
/// ```
/// use rolec::eval::{Evaluator, Permission};
/// use rolec::table::Table;
/// use rolec::vocab::{PrincipalId, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let moment = Evaluator::new(&table).at(Time::parse("2026-05-31")?);
/// assert_eq!((moment.table(), moment.time()), (&table, Time::parse("2026-05-31")?));
/// assert_eq!(moment.until(), Some(Time::parse("2026-06-01")?), "then the bot's assignment begins");
///
/// // May everybody do each single thing that there is?
/// let wiki = table.catalogs().next().unwrap();
/// let single = wiki.rows().flat_map(|row| (0..row.shape().width()).map(move |action| (row.key(), action)));
/// let single = single.filter_map(|(row, action)| Permission::at(&table, wiki.key(), row, Some(action)));
/// let asked = moment.ask(single);
/// for (principal, allowed) in table.principals().zip([5, 0]) {
///     let column = vec![principal.key(); asked.len()];
///     assert_eq!(moment.decide(&column, &asked).allowed(), allowed, "{}", principal.name());
/// }
/// // Nobody is called so; that is a deny.
/// assert_eq!(moment.decide(&[PrincipalId(7)], &asked).words(), [0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Moment<'t> {
    table: &'t Table,
    at: Time,
    until: Option<Time>,
    /// Where the row of each principal begins.
    begins: Vec<u32>,
    bits: &'t [u64],
    regions: Vec<Region>,
    /// Which of them is that of each catalog; none where a catalog has no bit.
    region_of: Vec<Option<usize>>,
}

/// A column of permissions, four bytes each.
///
/// ```
/// use rolec::eval::{Evaluator, Permission};
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let moment = Evaluator::new(&table).at(Time::parse("2026-12-31")?);
/// let wiki = table.catalog("wiki").unwrap();
/// let export = Permission::at(&table, wiki, table.rows_named(wiki, "export")[0], None);
/// let asked = moment.ask(export.into_iter().cycle().take(3));
/// assert_eq!((asked.len(), asked.is_empty()), (3, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    keys: Vec<u32>,
    several: Vec<Several>,
}

impl Asked {
    /// How many permissions there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl<'t> Evaluator<'t> {
    /// What everybody holds at a time. That looks at everybody once; ask it often.
    pub fn at(self, at: Time) -> Moment<'t> {
        let table = self.table();
        let index = table.decisions().index();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (mut regions, mut region_of): (Vec<Region>, _) = (Vec::new(), Vec::new());
        for catalog in table.catalogs() {
            let last = catalog.layout().mask(OrganizationKind::Managed).last().copied();
            let rows = index.rows_of(catalog.key()).filter(|(_, rows)| !rows.is_empty());
            let (Some(last), Some((stride, rows))) = (last, rows) else {
                region_of.push(None);
                continue;
            };
            let before = regions.last();
            let base = before.map_or(0, |before| before.base + before.width.next_multiple_of(64));
            let width = number(stride * 64) - last.leading_zeros();
            let [first, end, stride] = [rows.start, rows.end, stride].map(number);
            region_of.push(Some(regions.len()));
            regions.push(Region { first, end, stride, base, width });
        }
        let (begins, bits, until) = (index.begins(at), index.words(), index.changes(at));
        Moment { table, at, until, begins, bits, regions, region_of }
    }
}

impl<'t> Moment<'t> {
    /// The table.
    pub fn table(&self) -> &'t Table {
        self.table
    }

    /// The time.
    pub fn time(&self) -> Time {
        self.at
    }

    /// The first second at which somebody may hold something else, if ever: till then all answers stay true.
    pub fn until(&self) -> Option<Time> {
        self.until
    }

    /// A column of permissions, to be asked of this moment and of any other of the same table. A permission of another
    /// catalog than somebody's organization has is denied them.
    pub fn ask(&self, permissions: impl IntoIterator<Item = Permission>) -> Asked {
        let mut asked = Asked::default();
        let mut known: HashMap<Permission, u32> = HashMap::new();
        let mut last = None;
        for permission in permissions {
            let key = match last {
                Some((before, key)) if before == permission => key,
                _ => *known.entry(permission).or_insert_with(|| self.key(permission, &mut asked.several)),
            };
            last = Some((permission, key));
            asked.keys.push(key);
        }
        asked
    }

    fn key(&self, permission: Permission, several: &mut Vec<Several>) -> u32 {
        let keys: Box<[u32]> = self.keys(permission).collect();
        match (&*keys, u32::try_from(several.len())) {
            ([key], _) => *key,
            ([_, _, ..], Ok(number)) if number < UNKNOWN & !SEVERAL => {
                several.push(Several(keys));
                SEVERAL | number
            }
            _ => UNKNOWN,
        }
    }

    /// The keys of a permission's bits; none where the table does not have it.
    pub(super) fn keys(&self, permission: Permission) -> impl Iterator<Item = u32> + use<> {
        let region = self.region_of(permission.catalog());
        let catalog = self.table.catalog_view(permission.catalog());
        let mut bits = Vec::new();
        let mut base = 0;
        // One of another table may ask for more than this one's row has.
        if let (Some(region), Some(catalog)) = (region, catalog)
            && Permission::of(self.table, catalog.key(), permission.row(), permission.actions()).is_some()
        {
            base = region.base;
            bits = vec![0; catalog.layout().words()];
            catalog.layout().set(&mut bits, permission.row(), permission.actions());
        }
        bits.into_iter().zip((base..).step_by(64)).flat_map(|(word, first)| {
            (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| first + bit)
        })
    }

    fn region_of(&self, catalog: CatalogId) -> Option<&Region> {
        self.regions.get((*self.region_of.get(catalog.index())?)?)
    }

    /// Decides whether each principal has the permission at the same position. The shorter column says how many.
    ///
    /// ```
    /// use rolec::eval::{Evaluator, Permission};
    /// use rolec::table::Table;
    /// use rolec::vocab::Time;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let moment = Evaluator::new(&table).at(Time::parse("2026-06-01")?);
    /// let wiki = table.catalog("wiki").unwrap();
    /// let pages = table.rows_named(wiki, "pages")[0];
    /// let [update, delete] = [1, 2].map(|action| Permission::at(&table, wiki, pages, Some(action)).unwrap());
    /// let bot = table.principal(table.organization("acme").unwrap(), "bot").unwrap();
    /// let decided = moment.decide(&[bot, bot], &moment.ask([update, delete]));
    /// assert_eq!((decided.len(), decided.words()), (2, &[0b01][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(&self, principals: &[PrincipalId], asked: &Asked) -> Bitmap {
        let count = principals.len().min(asked.keys.len());
        match self.rows() {
            Some(rows) => Bitmap::of(columns::decide(&rows, principals, &asked.keys, &asked.several), count),
            None => Bitmap::of(vec![0; count.div_ceil(64)], count),
        }
    }

    /// The rows of everybody.
    pub(super) fn rows(&self) -> Option<Rows<'_>> {
        Rows::new(&self.begins, self.bits, &self.regions, &nothing)
    }
}

/// Steps are behind: what is left without a row holds nothing.
fn nothing(_: u32) -> Option<u32> {
    None
}
