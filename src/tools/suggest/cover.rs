//! The fewest roles that together hold some permissions; of as few, those that hold the least beside them.

use crate::eval::Permission;
use crate::table::{Organization, Role, Row, Table};
use crate::tools::suggest::bits::join;
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::problem::Problem;
use crate::tools::suggest::scope::Scope;
use crate::vocab::Actions;

/// Actions of one row.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let tenants = permission(&table, acme.catalog(), &What::Text("tenants")).unwrap();
/// let part = cover(&table, acme, &[tenants], A_SECOND).nowhere[0];
/// assert_eq!((part.row.id(), part.actions.count()), ("tenants", 1));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Part<'t> {
    /// The row.
    pub row: Row<'t>,
    /// Some of its actions.
    pub actions: Actions,
}

/// A role of a cover.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let roles = cover(&table, acme, &[create], A_SECOND).roles.unwrap();
/// assert_eq!((roles[0].role.id(), roles[0].holds[0].row.id()), ("editor", "pages"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Covering<'t> {
    /// The role or template.
    pub role: Role<'t>,
    /// What it holds of what was asked for.
    pub holds: Vec<Part<'t>>,
}

/// The fewest roles that hold all of some permissions.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let asked = ["pages:create", "spaces:read"]
///     .map(|text| permission(&table, acme.catalog(), &What::Text(text)).unwrap());
/// let cover = cover(&table, acme, &asked, A_SECOND);
/// assert_eq!((cover.organization.id(), cover.asked.len(), cover.nowhere.len()), ("acme", 2, 0));
/// assert!(cover.roles.unwrap().iter().map(|it| it.role.id()).eq(["editor"]));
/// // Writing spaces, updating pages and seeing members come along.
/// assert!(cover.beside.iter().map(|it| it.row.id()).eq(["spaces", "pages", "members"]));
/// assert!(cover.is_exact && cover.at_least == 1);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cover<'t> {
    /// The organization.
    pub organization: Organization<'t>,
    /// What was asked for, in the order of the catalog.
    pub asked: Vec<Part<'t>>,
    /// What of it no role holds: then nothing covers all.
    pub nowhere: Vec<Part<'t>>,
    /// The roles, by id; none where nothing covers all.
    pub roles: Option<Vec<Covering<'t>>>,
    /// What they hold beside what was asked for.
    pub beside: Vec<Part<'t>>,
    /// Whether no fewer roles hold it all, and no other so many hold less beside it.
    pub is_exact: bool,
    /// So many roles are needed at least.
    pub at_least: usize,
}

/// Finds the fewest roles and templates that together hold all of some permissions; of as few, those that hold the fewest
/// permissions beside, and of those the first by id. No more than about `steps` steps are made.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let delete = permission(&table, acme.catalog(), &What::Text("pages:delete")).unwrap();
/// let roles = cover(&table, acme, &[delete], A_SECOND).roles.unwrap();
/// assert_eq!(roles[0].role.id(), "owner");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn cover<'t>(
    table: &'t Table,
    organization: Organization<'t>,
    permissions: &[Permission],
    steps: u64,
) -> Cover<'t> {
    let scope = Scope::of(table, organization);
    let mut budget = Budget::new(steps);
    let layout = organization.catalog().layout();
    let mut wanted = vec![0; scope.words];
    for permission in permissions.iter().filter(|it| it.catalog() == organization.catalog().key()) {
        let known = layout.get(&wanted, permission.row());
        layout.set(&mut wanted, permission.row(), known | permission.actions());
    }
    let mut anywhere = vec![0; scope.words];
    (0..scope.roles.len()).for_each(|role| join(&mut anywhere, scope.held(role)));
    let nowhere: Vec<u64> = wanted.iter().zip(&anywhere).map(|(wanted, held)| wanted & !held).collect();
    let (asked, nowhere) = (parts(organization, &wanted), parts(organization, &nowhere));
    let none =
        Cover { organization, asked, nowhere, roles: None, beside: Vec::new(), is_exact: true, at_least: 0 };
    if !none.nowhere.is_empty() {
        return none;
    }
    let problem = Problem::of(&scope, &wanted, &mut budget);
    let found = problem.solve(&mut budget);
    let roles: Vec<usize> = found.chosen.iter().map(|choice| problem.role(*choice)).collect();
    let mut beside = vec![0; scope.words];
    roles.iter().for_each(|role| join(&mut beside, scope.held(*role)));
    beside.iter_mut().zip(&wanted).for_each(|(held, wanted)| *held &= !wanted);
    let mut covering: Vec<Covering<'t>> = roles
        .iter()
        .filter_map(|at| {
            let held = scope.held(*at).iter().zip(&wanted).map(|(held, wanted)| held & wanted);
            let holds = parts(organization, &held.collect::<Vec<u64>>());
            Some(Covering { role: *scope.roles.get(*at)?, holds })
        })
        .collect();
    covering.sort_by_key(|it| it.role.id());
    Cover {
        roles: Some(covering),
        beside: parts(organization, &beside),
        is_exact: found.is_exact,
        at_least: found.at_least,
        ..none
    }
}

/// The rows of which something is in a set.
pub(super) fn parts<'t>(organization: Organization<'t>, set: &[u64]) -> Vec<Part<'t>> {
    let layout = organization.catalog().layout();
    let part = |row: Row<'t>| {
        let actions = layout.get(set, row.key());
        (!actions.is_empty()).then_some(Part { row, actions })
    };
    organization.catalog().rows().filter_map(part).collect()
}
