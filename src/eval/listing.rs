//! All that somebody holds, row by row: what a decision says of each, found at once.

use crate::eval::evaluator::Evaluator;
use crate::eval::request::Holder;
use crate::eval::response::Reason;
use crate::table::Layout;
use crate::vocab::{Actions, RowId, Time};

/// What a holder holds at a time: every row in the order of the catalog, those with nothing held too.
///
/// ```
/// use rolec::eval::{Evaluator, Reason, Who};
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let evaluator = Evaluator::new(&table);
/// let bot = evaluator.holder(table.organization("acme").unwrap(), Who::Principal("bot")).unwrap();
///
/// let (first, wiki) = (Time::parse("2026-06-01")?, table.catalogs().next().unwrap());
/// let pages = table.rows_named(wiki.key(), "pages")[0];
/// let held = evaluator.held(bot, first).unwrap();
/// assert_eq!(wiki.row(pages).unwrap().shape().level(held.actions(pages)), "create, update");
/// assert_eq!(held.filter(|(_, actions)| !actions.is_empty()).count(), 3);
///
/// let before = evaluator.held(bot, Time::parse("2026-05-31")?).unwrap();
/// assert_eq!(before.idle(), Some(Reason::NothingInForce { next: Some(first) }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Held<'t> {
    layout: &'t Layout,
    bits: Vec<u64>,
    rows: std::ops::Range<usize>,
    idle: Option<Reason>,
}

impl Held<'_> {
    /// Why nothing at all is held, where no assignment is in force: [`Reason::NothingInForce`].
    pub fn idle(&self) -> Option<Reason> {
        self.idle
    }

    /// What is held of a row.
    pub fn actions(&self, row: RowId) -> Actions {
        self.layout.get(&self.bits, row)
    }
}

impl Iterator for Held<'_> {
    type Item = (RowId, Actions);

    fn next(&mut self) -> Option<Self::Item> {
        let row = RowId::at(self.rows.next()?);
        Some((row, self.actions(row)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl ExactSizeIterator for Held<'_> {}

impl<'t> Evaluator<'t> {
    /// What a holder holds at a time.
    ///
    /// # Errors
    /// Where the table does not know the holder; the reason says which part of it.
    ///
    /// ```
    /// use rolec::eval::{Evaluator, Who};
    /// use rolec::table::Table;
    /// use rolec::vocab::Time;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let evaluator = Evaluator::new(&table);
    /// let reader = evaluator.holder(table.organization("acme").unwrap(), Who::Role("reader")).unwrap();
    /// let held = evaluator.held(reader, Time::parse("2026-12-31")?).unwrap();
    /// // Every row has its place in it, and the reader has something of one.
    /// assert_eq!(held.len(), 5);
    /// assert_eq!(held.filter(|(_, actions)| !actions.is_empty()).count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn held(self, holder: Holder, at: Time) -> Result<Held<'t>, Reason> {
        let standing = self.standing(holder)?;
        let catalog = self.table().catalog_view(standing.catalog).ok_or(Reason::UnknownOrganization)?;
        let (bits, idle) = match holder {
            Holder::Role(organization, role) => {
                (self.table().effective_bits(organization, role).collect(), None)
            }
            Holder::Principal(principal) => match self.holding(principal, at) {
                Ok(bits) => (bits.words().collect(), None),
                Err(idle) => (Vec::new(), Some(idle)),
            },
        };
        Ok(Held { layout: catalog.layout(), bits, rows: 0..catalog.rows().count(), idle })
    }
}
