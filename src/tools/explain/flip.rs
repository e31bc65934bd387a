//! What would turn a denial into an allow: the smallest changes of a level, the roles that have it, and the times at
//! which it is allowed. Worked out whole from the table, nothing is tried or guessed; says nothing of forbids, which
//! no table has. Changes nothing.

mod change;
mod gains;
mod lacking;
mod near;
mod times;

pub use self::change::{Change, How};
pub use self::near::Near;
pub use self::times::Stretch;

use crate::eval::{Holder, Reason};
use crate::table::{Principal, Role, Table};
use crate::tools::explain::decision::{Asked, Explanation};
use crate::tools::explain::flip::lacking::Lacking;
use crate::vocab::{Actions, OrganizationKind};

/// What would turn a denial into an allow.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::explain;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let flip = |who, what, at| {
///     let query = query(&table, acme, Who::Principal(who), &What::Text(what), Time::parse(at).unwrap());
///     explain(&table, query.unwrap()).unwrap().flip
/// };
///
/// let flip_of_delete = flip("bot", "pages:delete", "2026-12-31").unwrap();
/// let Some(change) = flip_of_delete.changes.first() else { panic!("the editor's line can be changed") };
/// assert_eq!((change.role.id(), change.level.count(), change.added), ("editor", 3, flip_of_delete.missing));
/// assert_eq!(flip_of_delete.roles.iter().map(|near| near.role.id()).collect::<Vec<_>>(), ["owner"]);
/// assert_eq!((flip_of_delete.more_changes, flip_of_delete.more_roles, flip_of_delete.full), (0, 0, None));
///
/// // She was an editor until the new year; the bot becomes one in summer.
/// let ana = flip("ana@acme.example", "pages:create", "2027-01-01").unwrap();
/// assert!(ana.earlier.is_some() && ana.later.is_none());
/// let bot = flip("bot", "pages:create", "2026-05-01").unwrap();
/// assert!(bot.later.is_some() && bot.changes.is_empty(), "a level of no role in force");
///
/// // What a direct organization does not have, nothing gives.
/// assert!(flip("bot", "tenants", "2026-12-31").unwrap().only_managed);
/// assert!(flip("bot", "pages:create", "2026-12-31").is_none(), "it is allowed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Flip<'t> {
    /// What was asked for and no role in force gives; of a query that ought to be allowed at every moment, what is not
    /// given at one of them.
    pub missing: Actions,
    /// Whether it ought to be allowed at every moment, and so the changes and the roles are those by which it is.
    pub throughout: bool,
    /// Whether nothing can give it: the row is there in managed organizations only, and this one is direct.
    pub only_managed: bool,
    /// For each role in force, the smallest change of its level by which the query is allowed, whatever else stays:
    /// those first that give the fewest actions beyond those asked for, then those by which the fewest others gain.
    /// Throughout, for each role by a change of which alone it is allowed at every moment.
    pub changes: Vec<Change<'t>>,
    /// How many more there are and are not told.
    pub more_changes: usize,
    /// The limit of custom roles, where it is reached and so no role can be made from a built-in one.
    pub full: Option<u32>,
    /// Every role and template that has it, nearest first: for a principal those by which the query would be allowed,
    /// if they were assigned too; where a role is asked about, those that would be answered with an allow.
    pub roles: Vec<Near<'t>>,
    /// How many more there are and are not told.
    pub more_roles: usize,
    /// When it was allowed last, before the time asked about.
    pub earlier: Option<Stretch<'t>>,
    /// When it is allowed next, after that time.
    pub later: Option<Stretch<'t>>,
}

/// What would flip a denial, with so many changes and roles at most; none for an allow.
pub(super) fn flip<'t>(
    table: &'t Table,
    explained: &Explanation<'t>,
    asked: Asked,
    most: usize,
) -> Option<Flip<'t>> {
    let missing = match explained.reason {
        Reason::NotGranted { missing, .. } => missing,
        Reason::NothingInForce { .. } => explained.asked,
        _ => return None,
    };
    // What a role has does not depend on the time.
    let throughout = explained.principal.filter(|_| asked == Asked::Throughout);
    let mut flip = Flip {
        missing,
        throughout: throughout.is_some(),
        only_managed: false,
        changes: Vec::new(),
        more_changes: 0,
        full: None,
        roles: Vec::new(),
        more_roles: 0,
        earlier: None,
        later: None,
    };
    if explained.row.is_only_managed() && explained.organization.kind() == OrganizationKind::Direct {
        flip.only_managed = true;
        return Some(flip);
    }
    let in_force = in_force(table, explained);
    if let Some(principal) = throughout {
        let lacking = Lacking::of(table, explained, principal);
        flip.missing = lacking.all();
        let roles = lacking.roles(table);
        change::changes(table, explained, &roles, Some(&lacking), most, &mut flip);
    } else {
        change::changes(table, explained, &in_force, None, most, &mut flip);
    }
    near::roles(table, explained, &in_force, most, &mut flip);
    if let Some(principal) = explained.principal {
        (flip.earlier, flip.later) = times::around(table, explained, principal);
    }
    Some(flip)
}

/// The roles that count: those in force, each once; the one asked about.
fn in_force<'t>(table: &'t Table, explained: &Explanation<'t>) -> Vec<Role<'t>> {
    if let Holder::Role(_, role) = explained.query.holder {
        return table.role_view(role).into_iter().collect();
    }
    let assignments = explained.principal.into_iter().flat_map(Principal::assignments);
    let in_force = assignments.filter(|assignment| assignment.is_in_force(explained.query.at));
    let mut keys: Vec<_> = in_force.map(|assignment| assignment.role()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().filter_map(|key| table.role_view(key)).collect()
}

#[cfg(test)]
mod tests;
