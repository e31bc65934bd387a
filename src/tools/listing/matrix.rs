//! The whole table of an organization: every row of its catalog against every role, or against every principal. Nothing
//! of it is stored: a cell is worked out when it is asked for, so that a large one can be written as it goes.

use crate::table::{Organization, Principal, Role, Row, Table};
use crate::tools::listing::spans::{Idle, Spans, Stretch, idle};
use crate::vocab::{Actions, Period};

/// Rows against roles or principals. Rows and columns may be taken out.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::people;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut matrix = people(&table, acme, Time::parse("2026-12-31")?);
/// assert_eq!((matrix.columns.len(), matrix.rows.len(), matrix.size()), (2, 5, 10));
/// matrix.rows.retain(|row| row.category().id() == "content");
/// let levels: Vec<Vec<String>> = matrix
///     .rows
///     .iter()
///     .map(|row| matrix.cells(*row).map(|cell| row.shape().level(cell.some)).collect())
///     .collect();
/// assert_eq!(levels, [["write", "write"], ["create, update", "create, update"]]);
/// assert_eq!(matrix.cell(&matrix.columns[1], matrix.rows[0]), matrix.cells(matrix.rows[0]).nth(1).unwrap());
/// assert_eq!(matrix.organization.id(), "acme");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Matrix<'t> {
    table: &'t Table,
    /// The organization.
    pub organization: Organization<'t>,
    /// The time asked about, where it is one of principals: what roles hold does not change with it.
    pub period: Option<Period>,
    /// The roles or the principals.
    pub columns: Vec<Column<'t>>,
    /// The rows, in the order of the catalog.
    pub rows: Vec<Row<'t>>,
}

/// A column of a matrix.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::roles;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let names: Vec<&str> = roles(&table, acme).columns.iter().map(|column| column.name()).collect();
/// assert_eq!(names, ["editor", "owner", "reader"]);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub enum Column<'t> {
    /// A role of the organization, or a template of its catalog.
    Role(Role<'t>),
    /// A principal.
    Person(Person<'t>),
}

impl<'t> Column<'t> {
    /// The id of the role, the name of the principal.
    pub fn name(&self) -> &'t str {
        match self {
            Self::Role(role) => role.id(),
            Self::Person(person) => person.principal.name(),
        }
    }
}

/// A principal in a matrix.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::{Column, Idle, people};
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let matrix = people(&table, acme, Period::parse("2026-05")?);
/// let [Column::Person(ana), Column::Person(bot)] = &matrix.columns[..] else { panic!("two principals") };
/// assert!(ana.roles().map(|(role, _)| role.id()).eq(["reader", "editor"]));
/// assert_eq!((bot.principal.name(), bot.roles().count()), ("bot", 0));
/// assert_eq!(bot.idle, Some(Idle { next: Some(Time::parse("2026-06-01")?) }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Person<'t> {
    /// Who.
    pub principal: Principal<'t>,
    /// Whether no assignment of it is in force at any moment of the period.
    pub idle: Option<Idle>,
    spans: Spans<'t>,
}

impl<'t> Person<'t> {
    /// The roles that it has at some moment of the period, each with when, by role.
    pub fn roles(&self) -> impl Iterator<Item = (Role<'t>, Period)> {
        self.spans.roles.iter().copied()
    }
}

/// What a cell of a matrix says. At a moment, and of a role, all three say the same.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::people;
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let pages = acme.catalog().rows().nth(1).unwrap();
/// let months = Period::new(Some(Time::parse("2026-12-01")?), Some(Time::parse("2027-02-01")?)).unwrap();
/// // Ana is an editor in the first of the two months only.
/// let cell = people(&table, acme, months).cells(pages).next().unwrap();
/// assert_eq!(pages.shape().level(cell.some), "create, update");
/// assert_eq!(pages.shape().level(cell.throughout), "none");
/// assert!(cell.is_part() && cell.at_once);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The actions that are held at some moment of the period, each by itself.
    pub some: Actions,
    /// The actions that are held at every moment of it.
    pub throughout: Actions,
    /// Whether there is a moment at which all of `some` is held at once.
    pub at_once: bool,
}

impl Cell {
    /// What is held at every moment.
    fn steady(held: Actions) -> Self {
        Self { some: held, throughout: held, at_once: true }
    }

    /// Whether some of it is held in a part of the period only.
    pub fn is_part(&self) -> bool {
        self.some != self.throughout
    }
}

/// Every row against every role that the organization may assign: its own, then the templates of its catalog.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::roles;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let matrix = roles(&table, acme);
/// let spaces = matrix.rows[0];
/// assert!(matrix.cells(spaces).map(|cell| spaces.shape().level(cell.some)).eq(["write", "write", "read"]));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn roles<'t>(table: &'t Table, organization: Organization<'t>) -> Matrix<'t> {
    let (templates, own): (Vec<_>, Vec<_>) = organization.assignable().partition(|role| role.is_template());
    let columns = own.into_iter().chain(templates).map(Column::Role).collect();
    Matrix { table, organization, period: None, columns, rows: organization.catalog().rows().collect() }
}

/// Every row against every principal of an organization, at a moment or over a period.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::listing::people;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let matrix = people(&table, acme, Time::parse("2026-05-31")?);
/// assert_eq!(matrix.columns.len(), 2, "whoever holds nothing has a column too");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn people<'t>(table: &'t Table, organization: Organization<'t>, period: impl Into<Period>) -> Matrix<'t> {
    let period = period.into();
    let person = |principal: Principal<'t>| {
        let spans = Spans::of(table, principal, period);
        Column::Person(Person { principal, idle: idle(principal, period), spans })
    };
    let columns = organization.principals().map(person).collect();
    let rows = organization.catalog().rows().collect();
    Matrix { table, organization, period: Some(period), columns, rows }
}

impl<'t> Matrix<'t> {
    /// How many cells it has.
    pub fn size(&self) -> usize {
        self.rows.len().saturating_mul(self.columns.len())
    }

    /// The table that it is read from.
    pub fn table(&self) -> &'t Table {
        self.table
    }

    /// A cell. One of a row of another catalog is empty.
    pub fn cell(&self, column: &Column<'t>, row: Row<'t>) -> Cell {
        let cell = self.table.cell(self.organization.key(), row.key());
        match (cell, column) {
            (None, _) => Cell::steady(Actions::NONE),
            (Some(cell), Column::Role(role)) => Cell::steady(cell.held(role.key()).unwrap_or_default()),
            (Some(cell), Column::Person(person)) => person.spans.summary(cell),
        }
    }

    /// The cells of a row, in the order of the columns.
    pub fn cells(&self, row: Row<'t>) -> impl Iterator<Item = Cell> {
        self.columns.iter().map(move |column| self.cell(column, row))
    }

    /// When which of a row is held by a principal of it, and by which roles.
    ///
    /// ```
    /// use rolec::table::Table;
    /// use rolec::tools::listing::{Column, people};
    /// use rolec::vocab::Period;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let acme = table.organizations().next().unwrap();
    /// let matrix = people(&table, acme, Period::parse("2026")?);
    /// let Column::Person(bot) = &matrix.columns[1] else { panic!("a principal") };
    /// let stretches = matrix.stretches(bot, matrix.rows[0]);
    /// assert_eq!(stretches[0].period.to_string(), "from 2026-06-01 until 2027-01-01");
    /// assert_eq!(matrix.table().organizations().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stretches(&self, person: &Person<'t>, row: Row<'t>) -> Vec<Stretch<'t>> {
        let cell = self.table.cell(self.organization.key(), row.key());
        let held =
            |cell: crate::table::Cell<'_>| person.spans.stretches(cell, cell.top(), |held| !held.is_empty());
        cell.map(held).unwrap_or_default()
    }
}

impl Spans<'_> {
    /// A row of the whole period, as a cell says it.
    fn summary(&self, cell: crate::table::Cell<'_>) -> Cell {
        let (some, is_steady) = self.most(cell, cell.top());
        if is_steady {
            return Cell::steady(some);
        }
        let mut steps = self.steps(cell);
        let first = steps.next().unwrap_or(Actions::NONE);
        let begin = Cell { some, throughout: first, at_once: first == some };
        steps.fold(begin, |cell, held| Cell {
            throughout: cell.throughout & held,
            at_once: cell.at_once || held == some,
            ..cell
        })
    }
}
