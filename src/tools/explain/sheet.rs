//! A role as the admin form shows it: every row, its level, where the level comes from.

use std::collections::{BTreeMap, BTreeSet};

use crate::syntax::spelled_level;
use crate::table::{Organization, Role, Row};
use crate::tools::explain::origin::{Part, deciding};
use crate::vocab::{Actions, OrganizationKind};

/// A role, row by row.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::explain::sheet;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let sheet = sheet(acme.roles().next().unwrap(), Some(acme));
/// assert_eq!((sheet.role.id(), sheet.lines.len()), ("editor", 5));
/// // The reader that it starts from is a template, and no default role of the catalog.
/// assert!(sheet.default_roles.is_empty());
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sheet<'t> {
    /// The role.
    pub role: Role<'t>,
    /// The organization it is shown for; none for a template shown by itself.
    pub organization: Option<Organization<'t>>,
    /// The default roles that it starts from, by id: of its bases the first ones that are, through whatever roles and
    /// templates. A console keeps a custom role with one of them: where there is none, or there are several, what the role
    /// is made of is not what it can be kept as. A default role starts from itself.
    pub default_roles: Vec<Role<'t>>,
    /// Every row, in the order of the catalog.
    pub lines: Vec<Line<'t>>,
}

/// A row of a sheet.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::explain::sheet;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let sheet = sheet(acme.roles().next().unwrap(), Some(acme));
/// let pages = sheet.lines.iter().find(|line| line.row.id() == "pages").unwrap();
/// assert_eq!((pages.level().as_str(), pages.held.count()), ("create, update", 2));
/// assert!(pages.lowered.is_empty());
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Line<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What the role holds of it there.
    pub held: Actions,
    /// What decided it.
    pub parts: Vec<Part<'t>>,
    /// What a spread of the role took away that its bases gave.
    pub lowered: Actions,
}

impl Line<'_> {
    /// The level as one writes it.
    pub fn level(&self) -> String {
        spelled_level(self.row.shape(), self.held)
    }
}

/// The sheet of a role. By itself, a template is shown as a managed organization has it, with every row.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::explain::sheet;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let owner = table.role_view(table.template("owner").unwrap()).unwrap();
/// let acme = table.organizations().next().unwrap();
/// let tenants = |of| sheet(owner, of).lines.last().map(|line| line.level()).unwrap();
/// assert_eq!((tenants(None).as_str(), tenants(Some(acme)).as_str()), ("on", "off"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn sheet<'t>(role: Role<'t>, organization: Option<Organization<'t>>) -> Sheet<'t> {
    let kind = organization.map_or(OrganizationKind::Managed, Organization::kind);
    let lines = role
        .catalog()
        .rows()
        .map(|row| {
            let is_there = !row.is_only_managed() || kind == OrganizationKind::Managed;
            let all = role.actions(row.key());
            let held = if is_there { all } else { Actions::NONE };
            // Of a held row the lines that gave it; of an empty one the lines that withheld it.
            let asked = if held.is_empty() { row.shape().top() } else { held };
            Line {
                row,
                held,
                parts: deciding(role, row, asked, kind),
                lowered: if is_there { lowered(role, row, held) } else { Actions::NONE },
            }
        })
        .collect();
    Sheet { role, organization, default_roles: defaults(role), lines }
}

/// The default roles that a role starts from.
fn defaults(role: Role<'_>) -> Vec<Role<'_>> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::from([role.key()]);
    let mut open = vec![role];
    while let Some(one) = open.pop() {
        if one.is_default() {
            found.insert(one.id(), one);
        } else {
            open.extend(one.bases().filter(|base| seen.insert(base.key())));
        }
    }
    found.into_values().collect()
}

/// What the bases gave and a spread of the role's own took away; an exact row says what it says.
fn lowered(role: Role<'_>, row: Row<'_>, held: Actions) -> Actions {
    match role.entry_for(row.key()) {
        Some(entry) if entry.target != crate::table::Target::Row(row.key()) => {
            let given = role.bases().fold(Actions::NONE, |given, base| given | base.actions(row.key()));
            given - held
        }
        _ => Actions::NONE,
    }
}
