//! Who holds a permission, and what somebody holds: the table read along a column, along a row, and whole, at a moment
//! or over a period. What is held over a period is told with the stretches of it in which it is held.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::ask::{What, permission};
//! use rolec::tools::listing::who;
//! use rolec::vocab::{Period, Time};
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organizations().next().unwrap();
//! let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
//! let names = |period: Period| {
//!     let holders = who(&table, acme, create, period).unwrap();
//!     holders.principals.iter().map(|(principal, _)| principal.name()).collect::<Vec<_>>()
//! };
//! assert_eq!(names(Time::parse("2027-01-01")?.into()), ["bot"]);
//! assert_eq!(names(Period::parse("2026")?), ["ana@acme.example", "bot"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod matrix;
mod spans;

pub use self::matrix::{Cell, Column, Matrix, Person, people, roles};
pub use self::spans::{Idle, Stretch, idle};

use self::spans::Spans;
use crate::eval::{Holder, Permission};
use crate::table::{Organization, Principal, Role, Row, Table};
use crate::vocab::{Actions, Period, RoleId, RowId};

/// Who holds a permission in one organization.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::listing::who;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let write = permission(&table, acme.catalog(), &What::Text("spaces:write")).unwrap();
/// let holders = who(&table, acme, write, Time::parse("2026-05-31")?).unwrap();
/// assert_eq!(holders.organization.id(), "acme");
/// assert!(holders.roles.iter().map(|role| role.id()).eq(["editor", "owner"]));
/// let (ana, stretches) = &holders.principals[0];
/// assert_eq!((ana.name(), stretches[0].by[0].id()), ("ana@acme.example", "editor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Holders<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// The organization's roles and its catalog's templates that hold all of it.
    pub roles: Vec<Role<'t>>,
    /// The principals that hold all of it at some moment, each with the stretches of time in which they do.
    pub principals: Vec<(Principal<'t>, Vec<Stretch<'t>>)>,
}

/// Who holds all of a permission in an organization at a moment, or at some moment of a period: all of it at once. None
/// where it is a permission of another catalog.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::listing::who;
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let export = permission(&table, acme.catalog(), &What::Text("export")).unwrap();
/// let holders = who(&table, acme, export, Time::parse("2026-12-31")?).unwrap();
/// assert!(holders.principals.is_empty(), "only the owner may, and nobody is");
/// assert!(holders.roles.iter().map(|role| role.id()).eq(["owner"]));
/// assert!(who(&table, acme, export, Period::parse("2026-10")?).unwrap().principals.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn who<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    permission: Permission,
    period: impl Into<Period>,
) -> Option<Holders<'t>> {
    if permission.catalog() != organization.catalog().key() {
        return None;
    }
    let period = period.into();
    let cell = table.cell(organization.key(), permission.row())?;
    let asked = permission.actions();
    let gives = |role: Role<'_>| cell.held(role.key()).unwrap_or_default() & asked;
    let roles = organization.assignable().filter(|role| gives(*role).contains(asked)).collect();
    let principals = organization
        .principals()
        .filter_map(|principal| {
            let spans = Spans::of(table, principal, period);
            let stretches = spans.stretches(cell, asked, |held| held.contains(asked));
            (!stretches.is_empty()).then_some((principal, stretches))
        })
        .collect();
    Some(Holders { organization, roles, principals })
}

/// A row of what somebody holds.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::table::Table;
/// use rolec::tools::listing::what;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let ana = acme.principals().next().unwrap();
/// let rights = what(&table, acme, Holder::Principal(ana.key()), Time::parse("2026-12-31")?);
/// let spaces = &rights[0];
/// assert_eq!((spaces.row.id(), spaces.row.shape().level(spaces.held)), ("spaces", "write".to_owned()));
/// assert!(spaces.stretches[0].by.iter().map(|role| role.id()).eq(["reader", "editor"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Right<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What is held of it: each action at some moment, and over a period perhaps not all of them at once.
    pub held: Actions,
    /// When which of that is held; at a moment it is one stretch.
    pub stretches: Vec<Stretch<'t>>,
}

/// Every row of which a holder has something at a moment, or at some moment of a period, in the order of the catalog.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::table::Table;
/// use rolec::tools::listing::what;
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let bot = Holder::Principal(acme.principals().last().unwrap().key());
/// let rows = |period: Period| what(&table, acme, bot, period).iter().map(|it| it.row.id()).collect::<Vec<_>>();
/// assert_eq!(rows(Time::parse("2026-06-01")?.into()), ["spaces", "pages", "members"]);
/// assert!(rows(Time::parse("2026-05-31")?.into()).is_empty());
/// assert_eq!(rows(Period::parse("2026")?), ["spaces", "pages", "members"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn what<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    holder: Holder,
    period: impl Into<Period>,
) -> Vec<Right<'t>> {
    let period = period.into();
    let spans = match holder {
        Holder::Role(..) => Spans::none(period),
        Holder::Principal(key) => match table.principal_view(key) {
            // One of another organization holds nothing here.
            Some(principal) if principal.organization().key() == organization.key() => {
                Spans::of(table, principal, period)
            }
            _ => Spans::none(period),
        },
    };
    let catalog = organization.catalog();
    let mut bits = vec![0; catalog.layout().words()];
    let mut add = |role: RoleId| {
        for (word, more) in bits.iter_mut().zip(table.effective_bits(organization.key(), role)) {
            *word |= more;
        }
    };
    match holder {
        Holder::Principal(_) => spans.roles.iter().for_each(|(role, _)| add(role.key())),
        Holder::Role(of, role) if of == organization.key() => add(role),
        Holder::Role(..) => {}
    }
    let held = catalog.layout().held(&bits);
    let right = |(row, held): (RowId, Actions)| {
        let stretches = match holder {
            Holder::Principal(_) => {
                let cell = table.cell(organization.key(), row)?;
                spans.stretches(cell, cell.top(), |held| !held.is_empty())
            }
            Holder::Role(..) => vec![Stretch { period, held, by: Vec::new() }],
        };
        Some(Right { row: catalog.row(row)?, held, stretches })
    };
    held.filter_map(right).collect()
}
