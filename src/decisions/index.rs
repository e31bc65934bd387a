//! The questions. Each reads what it needs where it lies: a pilot and a line for somebody's names, a pilot and a line for
//! a permission's, and one word of bits. Allocates nothing, takes no lock, never panics; what is not known is denied.

use crate::decisions::answer::{Answer, Key};
use crate::decisions::hash::{Keys, is_same};
use crate::decisions::line::{Entry, NONE, Named, Organized, Record, STEPS, Wanted};
use crate::decisions::lines::Line;
use crate::decisions::places::Places;
use crate::decisions::plan::Catalog;
use crate::decisions::step::{Lasting, Step};
use crate::vocab::{CatalogId, OrganizationId, PrincipalId, Time};

/// All decisions of a policy, to be asked. Small, and cheap to copy; make it once and ask it often.
///
/// ```
/// use rolec::decisions::Answer;
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let index = table.decisions().index();
/// let at = Time::parse("2026-12-31")?;
/// assert_eq!(index.decide("acme", "ana@acme.example", "content.pages:create", at), Answer::Granted);
/// assert_eq!(index.decide("acme", "ana@acme.example", "content.pages:approve", at), Answer::UnknownPermission);
/// assert_eq!(index.decide("acme", "eve", "content.pages:create", at), Answer::UnknownPrincipal);
///
/// // By ids: the names are found once and asked often.
/// let acme = index.organization("acme").unwrap();
/// let bot = index.principal("acme", "bot").unwrap();
/// assert!(index.principals(acme).contains(&bot.index()));
/// assert_eq!(index.only_organization(), Some("acme"));
/// assert!(index.is_plain() && index.names().any(|name| name == "content.pages:create"));
/// let create = index.key(table.catalog("wiki").unwrap(), "content.pages:create").unwrap();
/// let first = Time::parse("2026-06-01")?;
/// assert_eq!(index.decide_key(bot, create, first), Answer::Granted);
/// assert_eq!(index.decide_key(bot, create, Time::parse("2026-05-31")?), Answer::NothingInForce);
/// // What is behind it.
/// assert_eq!(index.held(bot, Time::parse("2026-05-31")?).unwrap().unwrap_err(), Some(first));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Index<'d> {
    /// What tells it from all others.
    pub(in crate::decisions) print: u64,
    pub(in crate::decisions) keys: Keys,
    pub(in crate::decisions) people: Places<'d>,
    pub(in crate::decisions) records: &'d [Line],
    pub(in crate::decisions) named: Places<'d>,
    pub(in crate::decisions) names: &'d [Entry],
    pub(in crate::decisions) organized: Places<'d>,
    pub(in crate::decisions) organizations: &'d [Line],
    /// Where the principals of each organization begin, and where all end.
    pub(in crate::decisions) starts: &'d [u32],
    pub(in crate::decisions) catalogs: &'d [Catalog],
    /// Where the row of each principal begins, or their steps.
    pub(in crate::decisions) rows: &'d [u32],
    pub(in crate::decisions) bits: &'d [u64],
    pub(in crate::decisions) steps: &'d [Step],
    pub(in crate::decisions) texts: &'d [u8],
}

/// How much there is of everything in [decisions](Index).
///
/// ```
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let size = table.decisions().index().size();
/// assert!(size.permissions > 5 && size.steps > 0);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Catalogs.
    pub catalogs: usize,
    /// Permissions of all catalogs: each action of a row, and all of a row by its two names.
    pub permissions: usize,
    /// Organizations.
    pub organizations: usize,
    /// Principals of all organizations.
    pub principals: usize,
    /// Stretches of time of those who hold other things at other times.
    pub steps: usize,
}

/// The bits of a row.
#[doc(hidden)] // how bits are laid out carries no promise
#[derive(Clone, Copy, Debug)]
pub struct Bits<'d>(&'d [u64]);

impl<'d> Bits<'d> {
    /// A word of them; zero beyond the last.
    pub fn word(self, number: usize) -> u64 {
        self.0.get(number).map_or(0, |word| u64::from_le(*word))
    }

    /// So many of them from one on, which lie in one word or begin one.
    pub fn run(self, first: u32, count: usize) -> u128 {
        let (at, shift) = (first as usize / 64, first % 64);
        let both = u128::from(self.word(at)) | u128::from(self.word(at + 1)) << 64;
        let beyond = 128_u32.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX));
        both >> shift & u128::MAX.checked_shr(beyond).unwrap_or(0)
    }

    /// All words.
    pub fn words(self) -> impl Iterator<Item = u64> + use<'d> {
        self.0.iter().map(|word| u64::from_le(*word))
    }
}

impl<'d> Index<'d> {
    /// Of a policy without anything.
    pub(in crate::decisions) fn empty() -> Self {
        let nowhere = Places { pilots: &[], count: 0 };
        Self {
            print: 0,
            keys: Keys::of(0),
            people: nowhere,
            records: &[],
            named: nowhere,
            names: &[],
            organized: nowhere,
            organizations: &[],
            starts: &[],
            catalogs: &[],
            rows: &[],
            bits: &[],
            steps: &[],
            texts: &[],
        }
    }

    /// Decides: whether a principal of an organization may do something at a time, all by name.
    ///
    /// A permission is spelled `category.row:action`, all actions of a row `category.row` or `category.row:full`. An id
    /// of other characters than letters, digits, `-` and `_` stands in quotes there, as in the language.
    #[inline]
    pub fn decide(&self, organization: &str, principal: &str, permission: &str, at: Time) -> Answer {
        self.decide_of(self.record(organization, principal), organization, permission, at)
    }

    /// The same for somebody who was looked for and found, or not found.
    #[inline(always)]
    pub(in crate::decisions) fn decide_of(
        &self,
        record: Option<Record<'_>>,
        organization: &str,
        permission: &str,
        at: Time,
    ) -> Answer {
        let Some(record) = record else { return self.nobody(organization) };
        let Some(asked) = self.named(permission) else { return Answer::UnknownPermission };
        let wanted = if asked.catalog() == record.catalog() {
            asked.wanted()
        } else {
            let Some(asked) = self.further(asked, record.catalog()) else { return Answer::UnknownPermission };
            asked.wanted()
        };
        if wanted.mask != 0
            && let Some(word) = record.inside(wanted.first / 64)
        {
            return answer(word, wanted.mask);
        }
        let row = record.row();
        if row & STEPS == 0 { self.holds(row, wanted) } else { self.at_some_time(row, wanted, at) }
    }

    /// Decides by ids: whether a principal may do something at a time.
    #[inline]
    pub fn decide_key(&self, principal: PrincipalId, key: Key, at: Time) -> Answer {
        let Some(row) = self.rows.get(principal.index()) else { return Answer::UnknownPrincipal };
        let row = u32::from_le(*row);
        if key.print != self.print {
            return Answer::UnknownPermission;
        }
        if row.wrapping_sub(key.begins) < key.words
            && let Some(word) = self.bits.get((row as usize).wrapping_add(key.word as usize))
        {
            return answer(u64::from_le(*word), key.mask);
        }
        self.otherwise(row, key.catalog, key.wanted(), at)
    }

    /// Whether a row has all that is wanted.
    #[inline]
    fn holds(&self, row: u32, wanted: Wanted) -> Answer {
        if wanted.mask == 0 {
            return self.holds_many(row, wanted);
        }
        match self.bits.get((row as usize).wrapping_add(wanted.first as usize / 64)) {
            Some(word) => answer(u64::from_le(*word), wanted.mask),
            None => Answer::NotGranted,
        }
    }

    /// The same for more than a word of them, which begin a word.
    #[cold]
    #[inline(never)]
    fn holds_many(&self, row: u32, wanted: Wanted) -> Answer {
        // Of nothing asked for nothing is held.
        let all = wanted.count != 0
            && (0..wanted.count).step_by(64).all(|before| {
                let first = wanted.first.wrapping_add(u32::from(before));
                let here = Wanted::of(first, (wanted.count - before).min(64));
                self.holds(row, here) == Answer::Granted
            });
        if all { Answer::Granted } else { Answer::NotGranted }
    }

    /// The same for somebody who holds other things at other times.
    #[cold]
    #[inline(never)]
    fn at_some_time(&self, row: u32, wanted: Wanted, at: Time) -> Answer {
        match self.step(row, at) {
            Some(row) => self.holds(row, wanted),
            None => Answer::NothingInForce,
        }
    }

    /// The same for a key, where it has many bits, or the principal steps or another catalog. What it takes fits into
    /// registers: a key passed whole would be copied for each question.
    #[cold]
    #[inline(never)]
    fn otherwise(&self, row: u32, catalog: u16, wanted: Wanted, at: Time) -> Answer {
        let Some(catalog) = self.catalogs.get(usize::from(catalog)) else {
            return Answer::UnknownPermission;
        };
        let (begins, ends) = rows_of(catalog);
        let is_of = |row: u32| (begins..ends).contains(&row);
        if row & STEPS != 0 {
            // Whoever has steps is of the catalog of all rows among them.
            let is_of = self.steps_of(row).all(|step| step.row == NONE || is_of(step.row));
            return if is_of { self.at_some_time(row, wanted, at) } else { Answer::UnknownPermission };
        }
        if is_of(row) { self.holds(row, wanted) } else { Answer::UnknownPermission }
    }

    /// The steps of somebody. The first says how many they are.
    fn run(&self, row: u32) -> &'d [Step] {
        let steps = self.steps.get((row & !STEPS) as usize..).unwrap_or_default();
        let count = steps.first().map_or(0, |first| (Lasting::read(first).follow as usize).saturating_add(1));
        steps.get(..count).unwrap_or_default()
    }

    /// The same, read.
    pub(in crate::decisions) fn steps_of(&self, row: u32) -> impl Iterator<Item = Lasting> + Clone + use<'d> {
        self.run(row).iter().map(Lasting::read)
    }

    /// How many steps of somebody have ended at a time. The last never does.
    fn ended(run: &[Step], at: Time) -> usize {
        let ending = run.split_last().map_or(&[][..], |(_, ending)| ending);
        ending.partition_point(|step| Lasting::read(step).until <= at)
    }

    /// The row at a time; none where nothing is in force.
    #[inline]
    fn step(&self, row: u32, at: Time) -> Option<u32> {
        let run = self.run(row);
        let step = Lasting::read(run.get(Self::ended(run, at))?);
        (step.row != NONE).then_some(step.row)
    }

    /// What a principal holds at a time; where nothing is in force, when something will be. None where there is no such
    /// principal.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn held(&self, principal: PrincipalId, at: Time) -> Option<Result<Bits<'d>, Option<Time>>> {
        let row = u32::from_le(*self.rows.get(principal.index())?);
        let row = if row & STEPS == 0 { Some(row) } else { self.step(row, at) };
        let Some(row) = row else { return Some(Err(self.next(principal, at))) };
        let of = self.catalogs.iter().find(|catalog| {
            let (begins, ends) = rows_of(catalog);
            (begins..ends).contains(&row)
        });
        let words = of.map_or(0, words_of);
        Some(Ok(Bits(self.bits.get(row as usize..(row as usize).saturating_add(words)).unwrap_or_default())))
    }

    /// When something is in force next, where nothing is at a time.
    fn next(&self, principal: PrincipalId, at: Time) -> Option<Time> {
        let run = self.run(u32::from_le(*self.rows.get(principal.index())?));
        let coming = run.get(Self::ended(run, at)..)?;
        let mut coming = coming.iter().zip(coming.iter().skip(1));
        let (before, _) = coming.find(|(_, step)| Lasting::read(step).row != NONE)?;
        Some(Lasting::read(before).until)
    }

    /// The principal of two names.
    pub fn principal(&self, organization: &str, principal: &str) -> Option<PrincipalId> {
        self.record(organization, principal).map(|record| PrincipalId(record.principal()))
    }

    /// The organization of a name.
    pub fn organization(&self, name: &str) -> Option<OrganizationId> {
        let line = self.organizations.get(self.organized.find(self.keys.one(name.as_bytes())))?;
        let line = Organized(line);
        let is_same = line.organization() != NONE && line.name(self.texts)? == name.as_bytes();
        is_same.then(|| OrganizationId(line.organization()))
    }

    /// The name of the organization, where there is one only.
    pub fn only_organization(&self) -> Option<&'d str> {
        let line = self.organizations.iter().map(Organized).find(|line| line.organization() != NONE)?;
        let name = std::str::from_utf8(line.name(self.texts)?).ok()?;
        (self.starts.len() == 2).then_some(name)
    }

    /// The principals of an organization, as positions among all; none where there is no such organization.
    pub fn principals(&self, organization: OrganizationId) -> std::ops::Range<usize> {
        let start = |index: usize| self.starts.get(index).map(|start| u32::from_le(*start) as usize);
        match (start(organization.index()), start(organization.index().saturating_add(1))) {
            (Some(begins), Some(ends)) => begins..ends,
            _ => 0..0,
        }
    }

    /// How much there is of everything.
    ///
    /// ```
    /// use rolec::table::Table;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let size = table.decisions().index().size();
    /// assert_eq!((size.catalogs, size.organizations, size.principals), (1, 1, 2));
    /// # Ok::<(), rolec::table::LoadError>(())
    /// ```
    pub fn size(&self) -> Size {
        let named = self.names.iter().map(Named);
        Size {
            catalogs: self.catalogs.len(),
            permissions: named.filter(|named| named.catalog() != u16::MAX).count(),
            organizations: self.starts.len().saturating_sub(1),
            principals: self.rows.len(),
            steps: self.steps.len(),
        }
    }

    /// The moments at which a principal may come to hold something else.
    #[doc(hidden)] // what a comparison looks at
    pub fn changes_of(&self, principal: PrincipalId) -> impl Iterator<Item = Time> + Clone + use<'d> {
        let row = self.rows.get(principal.index()).map_or(0, |row| u32::from_le(*row));
        let steps = (row & STEPS != 0).then(|| self.steps_of(row));
        steps.into_iter().flatten().filter(|step| !step.is_last()).map(|step| step.until)
    }

    /// The permission of a name in a catalog.
    pub fn key(&self, catalog: CatalogId, name: &str) -> Option<Key> {
        let number = u16::try_from(catalog.0).ok()?;
        let named = self.named(name)?;
        let named = if named.catalog() == number { named } else { self.further(named, number)? };
        let (begins, ends) = rows_of(self.catalogs.get(catalog.index())?);
        let Wanted { first, count, mask } = named.wanted();
        let words = if mask == 0 { 0 } else { ends.saturating_sub(begins) };
        Some(Key { print: self.print, mask, word: first / 64, begins, words, catalog: number, count })
    }

    /// Whether no id of a permission has to be quoted. Then a permission that is spelled in full can be read in no other
    /// way, even where ids may be left bare and categories out, as people do.
    pub fn is_plain(&self) -> bool {
        self.names.iter().all(|line| Named(line).name(self.texts).is_some_and(|name| !name.contains(&b'"')))
    }

    /// The names of all permissions of all catalogs, as [`decide`](Self::decide) takes them; a name that several catalogs have
    /// may come more than once.
    pub fn names(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let texts = self.texts;
        let names =
            self.names.iter().filter_map(move |line| std::str::from_utf8(Named(line).name(texts)?).ok());
        names.filter(|name| !name.is_empty())
    }

    /// Where the row of each principal begins in [the bits](Self::words) at a time, as numbers of a file; past all of them
    /// where nothing is in force.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn begins(&self, at: Time) -> Vec<u32> {
        let at = |row: &u32| match u32::from_le(*row) {
            steps if steps & STEPS != 0 => self.step(steps, at).unwrap_or(NONE).to_le(),
            _ => *row,
        };
        self.rows.iter().map(at).collect()
    }

    /// The rows of all catalogs, as numbers of a file.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn words(&self) -> &'d [u64] {
        self.bits
    }

    /// The first second after a time at which somebody may hold something else.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn changes(&self, at: Time) -> Option<Time> {
        let steps = self.steps.iter().map(Lasting::read).filter(|step| !step.is_last());
        steps.map(|step| step.until).filter(|until| *until > at).min()
    }

    /// How many words a row of a catalog has, and where in the bits its rows begin and end.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn rows_of(&self, catalog: CatalogId) -> Option<(usize, std::ops::Range<usize>)> {
        let catalog = self.catalogs.get(catalog.index())?;
        let (begins, ends) = rows_of(catalog);
        Some((words_of(catalog), begins as usize..ends as usize))
    }

    #[inline(always)]
    fn record(&self, organization: &str, principal: &str) -> Option<Record<'d>> {
        self.record_at(self.place(organization, principal), organization, principal)
    }

    /// Where somebody of two names stands, if anywhere.
    #[inline(always)]
    pub(in crate::decisions) fn place(&self, organization: &str, principal: &str) -> usize {
        self.people.find(self.keys.pair(organization.as_bytes(), principal.as_bytes()))
    }

    /// Who stands at a place, if it is somebody of two names.
    #[inline(always)]
    pub(in crate::decisions) fn record_at(
        &self,
        place: usize,
        organization: &str,
        principal: &str,
    ) -> Option<Record<'d>> {
        let record = Record(self.records.get(place)?);
        record.is_named(organization.as_bytes(), principal.as_bytes(), self.texts).then_some(record)
    }

    #[inline(always)]
    fn named(&self, permission: &str) -> Option<Named<'d>> {
        let named = Named(self.names.get(self.named.find(self.keys.one(permission.as_bytes())))?);
        // No permission is called nothing: that is the name of a place that is nobody's.
        let is_same = is_same(named.name(self.texts)?, permission.as_bytes()) && !permission.is_empty();
        is_same.then_some(named)
    }

    /// The permission of the same name in another catalog.
    #[cold]
    #[inline(never)]
    fn further(&self, named: Named<'d>, catalog: u16) -> Option<Named<'d>> {
        let mut named = named;
        // By catalog, so that it ends whatever the lines say.
        while named.catalog() < catalog {
            let next = Named(self.names.get(named.next() as usize)?);
            if next.catalog() <= named.catalog() {
                return None;
            }
            named = next;
        }
        (named.catalog() == catalog).then_some(named)
    }

    #[cold]
    #[inline(never)]
    fn nobody(&self, organization: &str) -> Answer {
        if self.organization(organization).is_some() {
            Answer::UnknownPrincipal
        } else {
            Answer::UnknownOrganization
        }
    }
}

/// Where the rows of a catalog begin and end.
#[inline]
pub(in crate::decisions) fn rows_of(catalog: &Catalog) -> (u32, u32) {
    let rows = u64::from_le(catalog[2]);
    (rows as u32, (rows >> 32) as u32)
}

/// How many words a row of a catalog has.
pub(in crate::decisions) fn words_of(catalog: &Catalog) -> usize {
    u64::from_le(catalog[1]) as u32 as usize
}

/// Nobody can guess which it is, so that no time is lost by guessing wrong.
#[inline(always)]
fn answer(word: u64, mask: u64) -> Answer {
    std::hint::select_unpredictable(word & mask == mask, Answer::Granted, Answer::NotGranted)
}

impl std::fmt::Debug for Index<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("catalogs", &self.catalogs.len())
            .field("organizations", &self.starts.len().saturating_sub(1))
            .field("principals", &self.rows.len())
            .finish_non_exhaustive()
    }
}
