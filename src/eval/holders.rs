//! Who holds something, of everybody or of an organization: columns with a bit for each principal, joined by and, or and
//! not. Asks what a moment knows and decides nothing by itself.

use std::ops::{BitAnd, BitOr, Not};

use crate::columns::{Found, Ids, Program, Sliced, UNKNOWN};
use crate::eval::bitmap::Bitmap;
use crate::eval::moment::Moment;
use crate::eval::permission::Permission;
use crate::vocab::{OrganizationId, PrincipalId};

/// Who holds what at a moment, permission by permission.
///
/// A column takes a bit a principal: 9.5 MB for 76 actions and 1,000,000 principals. Where all of them would take more
/// bytes than are given, columns are made of what is asked, as long as there is room; what has none is found by looking at
/// everybody's row, which takes some hundred times as long.
///
/// ```
/// use rolec::eval::{Columns, Condition, Evaluator, Permission};
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let moment = Evaluator::new(&table).at(Time::parse("2027-01-01")?);
/// let columns = Columns::of(&moment, 1 << 30).unwrap();
/// assert!(columns.bytes() > 0);
/// assert_eq!(columns.moment().until(), None, "nothing changes any more");
///
/// let wiki = table.catalog("wiki").unwrap();
/// let pages = table.rows_named(wiki, "pages")[0];
/// let [update, delete] = [1, 2].map(|action| Permission::at(&table, wiki, pages, Some(action)).unwrap());
/// // Who may update pages, but not delete them?
/// let condition = columns.may(update) & !columns.may(delete);
/// let found = columns.holders(&condition);
/// let names: Vec<&str> =
///     found.iter().filter_map(|who| table.principal_view(who)).map(|who| who.name()).collect();
/// assert_eq!((found.count(), &names[..]), (1, &["bot"][..]));
///
/// // The same in one organization.
/// let acme = table.organization("acme").unwrap();
/// assert_eq!(columns.holders_in(acme, &condition).list(), found.list());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Columns<'m> {
    moment: &'m Moment<'m>,
    sliced: Sliced<'m>,
}

/// Whom something is true of: who may do something, or who may not, joined by `&`, `|` and `!`.
///
/// ```
/// use rolec::eval::{Columns, Condition, Evaluator, Permission};
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let moment = Evaluator::new(&table).at(Time::parse("2026-12-31")?);
/// let columns = Columns::of(&moment, 1 << 30).unwrap();
/// let wiki = table.catalogs().next().unwrap();
/// // Who may do nothing at all?
/// let idle = wiki
///     .rows()
///     .flat_map(|row| (0..row.shape().width()).map(move |action| (row.key(), Some(action))))
///     .filter_map(|(row, action)| Permission::at(&table, wiki.key(), row, action))
///     .fold(Condition::everybody(), |idle, permission| idle & !columns.may(permission));
/// assert_eq!(columns.holders(&idle).count(), 0);
/// assert_eq!(columns.holders(&(!idle | Condition::nobody())).count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Condition(Program);

impl Condition {
    /// True of no one.
    pub fn nobody() -> Self {
        Self(Program::of(UNKNOWN))
    }

    /// True of all.
    pub fn everybody() -> Self {
        !Self::nobody()
    }
}

impl BitAnd for Condition {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0.and(other.0))
    }
}

impl BitOr for Condition {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl Not for Condition {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0.negated())
    }
}

impl<'m> Columns<'m> {
    /// The columns of a moment, of at most so many bytes. `None` where the table is larger than can be numbered.
    pub fn of(moment: &'m Moment<'m>, bytes: usize) -> Option<Self> {
        Some(Self { moment, sliced: Sliced::of(moment.rows()?, bytes) })
    }

    /// The moment. Its [`until`](Moment::until) says how long all of this stays true.
    pub fn moment(&self) -> &'m Moment<'m> {
        self.moment
    }

    /// How many bytes the columns take.
    pub fn bytes(&self) -> usize {
        self.sliced.bytes()
    }

    /// True of whoever may do something.
    pub fn may(&self, permission: Permission) -> Condition {
        let keys = self.moment.keys(permission).map(|key| Condition(Program::of(key)));
        keys.reduce(|one, other| one & other).unwrap_or_else(Condition::nobody)
    }

    /// Of whom a condition is true.
    pub fn holders<'c>(&'c self, condition: &'c Condition) -> Holders<'c> {
        Holders(Found::new(&self.sliced, &condition.0))
    }

    /// Of whom in an organization a condition is true; of nobody, where there is no such organization.
    pub fn holders_in<'c>(&'c self, organization: OrganizationId, condition: &'c Condition) -> Holders<'c> {
        let people = self.moment.table().decisions().index().principals(organization);
        Holders(Found::among(&self.sliced, &condition.0, people))
    }
}

/// Those of whom a condition is true, in the order of their ids.
///
/// ```
/// use rolec::eval::{Columns, Condition, Evaluator};
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let moment = Evaluator::new(&table).at(Time::parse("2026-12-31")?);
/// let columns = Columns::of(&moment, 1 << 30).unwrap();
/// let everybody = Condition::everybody();
/// let found = columns.holders(&everybody);
/// assert_eq!((found.count(), found.bitmap().words()), (2, &[0b11][..]));
/// assert!(found.iter().eq(found.list()));
/// assert!(found.list().into_iter().eq(table.principals().map(|who| who.key())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Holders<'c>(Found<'c>);

impl<'c> Holders<'c> {
    /// How many.
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// One bit for each of those who were asked about.
    pub fn bitmap(&self) -> Bitmap {
        Bitmap::of(self.0.bits(), self.0.people())
    }

    /// All of them.
    pub fn list(&self) -> Vec<PrincipalId> {
        self.0.list()
    }

    /// One after the other. Allocates nothing.
    pub fn iter(&self) -> impl Iterator<Item = PrincipalId> + use<'c> {
        let ids: Ids<'c> = self.0.ids();
        ids
    }
}
