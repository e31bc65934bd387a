//! Who holds a permission, and what somebody holds: the table read along a column and along a row.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::ask::{What, permission};
//! use rolec::tools::listing::who;
//! use rolec::vocab::Time;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let acme = table.organizations().next().unwrap();
//! let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
//! let names = |at| {
//!     let holders = who(&table, acme, create, at).unwrap();
//!     holders.principals.iter().map(|(principal, _)| principal.name()).collect::<Vec<_>>()
//! };
//! assert_eq!(names(Time::parse("2026-12-31")?), ["ana@acme.example", "bot"]);
//! assert_eq!(names(Time::parse("2027-01-01")?), ["bot"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::eval::{Evaluator, Holder, Permission};
use crate::table::{Organization, Principal, Role, Row, Table};
use crate::vocab::{Actions, Time};

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
/// let (ana, by) = &holders.principals[0];
/// assert_eq!((ana.name(), by[0].id()), ("ana@acme.example", "editor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Holders<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// The organization's roles and its catalog's templates that hold all of it.
    pub roles: Vec<Role<'t>>,
    /// The principals that hold all of it at the time, each with the roles in force that give a part.
    pub principals: Vec<(Principal<'t>, Vec<Role<'t>>)>,
}

/// Who holds all of a permission in an organization at a time; none where it is a permission of another catalog.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::listing::who;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let export = permission(&table, acme.catalog(), &What::Text("export")).unwrap();
/// let holders = who(&table, acme, export, Time::parse("2026-12-31")?).unwrap();
/// assert!(holders.principals.is_empty(), "only the owner may, and nobody is");
/// assert!(holders.roles.iter().map(|role| role.id()).eq(["owner"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn who<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    permission: Permission,
    at: Time,
) -> Option<Holders<'t>> {
    if permission.catalog() != organization.catalog().key() {
        return None;
    }
    let cell = table.cell(organization.key(), permission.row())?;
    let asked = permission.actions();
    let gives = |role: Role<'_>| cell.held(role.key()).unwrap_or_default() & asked;
    let roles = organization.assignable().filter(|role| gives(*role).contains(asked)).collect();
    let principals = organization
        .principals()
        .filter_map(|principal| {
            let in_force = principal.assignments().filter(|assignment| assignment.is_in_force(at));
            let mut by: Vec<Role<'t>> = in_force
                .filter_map(|assignment| table.role_view(assignment.role()))
                .filter(|role| !gives(*role).is_empty())
                .collect();
            by.dedup_by_key(|role| role.key());
            let held = by.iter().fold(Actions::NONE, |held, role| held | gives(*role));
            held.contains(asked).then_some((principal, by))
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
/// assert!(spaces.by.iter().map(|role| role.id()).eq(["reader", "editor"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Right<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What is held of it.
    pub held: Actions,
    /// The roles in force that give a part of it; empty for a role asked about itself.
    pub by: Vec<Role<'t>>,
}

/// Every row of which a holder has something at a time, in the order of the catalog.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::table::Table;
/// use rolec::tools::listing::what;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let bot = acme.principals().last().unwrap();
/// let rows = |at| what(&table, acme, Holder::Principal(bot.key()), at).iter().map(|it| it.row.id()).collect::<Vec<_>>();
/// assert_eq!(rows(Time::parse("2026-06-01")?), ["spaces", "pages", "members"]);
/// assert!(rows(Time::parse("2026-05-31")?).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn what<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    holder: Holder,
    at: Time,
) -> Vec<Right<'t>> {
    let Ok(held) = Evaluator::new(table).held(holder, at) else { return Vec::new() };
    let mut in_force: Vec<Role<'t>> = match holder {
        Holder::Role(..) => Vec::new(),
        Holder::Principal(key) => table
            .principal_view(key)
            .into_iter()
            .flat_map(Principal::assignments)
            .filter(|assignment| assignment.is_in_force(at))
            .filter_map(|assignment| table.role_view(assignment.role()))
            .collect(),
    };
    in_force.dedup_by_key(|role| role.key());
    organization
        .catalog()
        .rows()
        .filter_map(|row| {
            let actions = held.actions(row.key());
            let cell = table.cell(organization.key(), row.key())?;
            let gives = |role: &Role<'_>| !cell.held(role.key()).unwrap_or_default().is_empty();
            let by = in_force.iter().copied().filter(gives).collect();
            (!actions.is_empty()).then_some(Right { row, held: actions, by })
        })
        .collect()
}
