//! Why a query is answered as it is: every role in force, and the line that gave or withheld each action asked for.

use crate::eval::{Evaluator, Holder, Query, Reason, Response};
use crate::table::{Assignment, Organization, Principal, Role, Row, Table};
use crate::tools::explain::flip::{Flip, flip};
use crate::tools::explain::origin::{Part, deciding};
use crate::vocab::{Actions, Decision};

/// A query with its answer and what decided it.
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
/// let (ana, create) = (Who::Principal("ana@acme.example"), What::Text("pages:create"));
/// // She is no editor any more.
/// let query = query(&table, acme, ana, &create, Time::parse("2027-01-01")?).unwrap();
/// let explained = explain(&table, query).unwrap();
/// assert_eq!(explained.decision.word(), "deny");
/// assert_eq!(explained.principal.map(|principal| principal.name()), Some("ana@acme.example"));
/// let (role, assignment) = explained.idle[0];
/// assert_eq!((role.id(), assignment.until()), ("editor", Some(query.at)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Explanation<'t> {
    /// What was asked.
    pub query: Query,
    /// Where.
    pub organization: Organization<'t>,
    /// Who; none where a role was asked about.
    pub principal: Option<Principal<'t>>,
    /// The row.
    pub row: Row<'t>,
    /// The actions of it.
    pub asked: Actions,
    /// The answer.
    pub decision: Decision,
    /// Its reason.
    pub reason: Reason,
    /// The roles in force; the one asked about.
    pub held: Vec<Held<'t>>,
    /// How many more are in force and are not told.
    pub more: usize,
    /// Assignments that are not in force at the time.
    pub idle: Vec<(Role<'t>, Assignment<'t>)>,
    /// How many more are not, and are not told.
    pub more_idle: usize,
    /// What would turn a denial into an allow.
    pub flip: Option<Flip<'t>>,
}

/// A role in force and what it says of the row.
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
/// let (ana, create) = (Who::Principal("ana@acme.example"), What::Text("pages:create"));
/// let query = query(&table, acme, ana, &create, Time::parse("2026-12-31")?).unwrap();
/// let explained = explain(&table, query).unwrap();
/// // The editor gives it, the reader gives none of it.
/// let gives: Vec<_> = explained.held.iter().map(|held| (held.role.id(), held.gives.count())).collect();
/// assert_eq!(gives, [("reader", 0), ("editor", 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Held<'t> {
    /// The role.
    pub role: Role<'t>,
    /// How the principal came by it; none where the role itself was asked about.
    pub assignment: Option<Assignment<'t>>,
    /// What it gives of the actions asked for.
    pub gives: Actions,
    /// What decided those actions: for an allow the ones it gives, for a deny the ones nobody gives.
    pub parts: Vec<Part<'t>>,
}

/// Explains the answer to a query; none where the query is of another table.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::{Deciding, explain};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let what = What::Text("pages:create");
/// let query = query(&table, acme, Who::Principal("bot"), &what, Time::parse("2026-12-31")?).unwrap();
/// let explained = explain(&table, query).unwrap();
/// let Deciding::Entry(role, entry) = &explained.held[0].parts[0].deciding else { panic!("a line gives it") };
/// assert_eq!((role.id(), &*entry.level, entry.position.line), ("editor", "create, update", 32));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(table: &Table, query: Query) -> Option<Explanation<'_>> {
    explain_at_most(table, query, Asked::Once, usize::MAX)
}

/// Explains the answer to a query that ought to be allowed at every moment, as a line of a test without `at` says: at the
/// moment of the query, but the changes and the roles that would flip it are those that do so at every moment.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::{explain, explain_throughout};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let (ana, delete) = (Who::Principal("ana@acme.example"), What::Text("pages:delete"));
/// let query = query(&table, acme, ana, &delete, Time::parse("2026-12-31")?).unwrap();
/// let [now, always] = [explain, explain_throughout].map(|explain| explain(&table, query).unwrap().flip.unwrap());
/// let roles = |changes: &[rolec::tools::explain::Change<'_>]| -> Vec<String> {
///     changes.iter().map(|change| change.role.id().to_owned()).collect()
/// };
/// // She is an editor until the new year only.
/// assert_eq!((roles(&now.changes), roles(&always.changes)), (vec!["reader".into(), "editor".into()], vec!["reader".into()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain_throughout(table: &Table, query: Query) -> Option<Explanation<'_>> {
    explain_at_most(table, query, Asked::Throughout, usize::MAX)
}

/// When a query ought to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// At its moment.
    Once,
    /// At every moment.
    Throughout,
}

/// [`explain`] without what would flip a denial, for who wants the answer alone.
#[cfg(feature = "cli")]
pub(crate) fn answered(table: &Table, query: Query) -> Option<Explanation<'_>> {
    decided(table, query, usize::MAX)
}

/// How many roles of somebody are told where there are many answers.
#[cfg(feature = "render")]
pub(crate) const OF_MANY: usize = 12;

/// [`explain`] with so many of the roles in force at most, those first that give something; and with so many of the
/// assignments that are not, and of what would flip a denial. Who asks thousands of times about somebody with thousands
/// of roles reads no more of them.
pub(crate) fn explain_at_most(
    table: &Table,
    query: Query,
    asked: Asked,
    most: usize,
) -> Option<Explanation<'_>> {
    let mut explained = decided(table, query, most)?;
    explained.flip = flip(table, &explained, asked, most);
    Some(explained)
}

/// The answer and what decided it.
fn decided(table: &Table, query: Query, most: usize) -> Option<Explanation<'_>> {
    let evaluator = Evaluator::new(table);
    let Response { decision, reason, .. } = evaluator.respond(query);
    let (organization, principal) = match query.holder {
        Holder::Principal(key) => {
            let principal = table.principal_view(key)?;
            (principal.organization(), Some(principal))
        }
        Holder::Role(organization, _) => (table.organization_view(organization)?, None),
    };
    let row = organization.catalog().row(query.permission.row())?;
    let asked = query.permission.actions();
    let mut roles: Vec<(Role<'_>, Option<Assignment<'_>>)> = Vec::new();
    let (mut idle, mut more_idle) = (Vec::new(), 0);
    match query.holder {
        Holder::Role(_, role) => roles.push((table.role_view(role)?, None)),
        Holder::Principal(_) => {
            for assignment in principal.into_iter().flat_map(Principal::assignments) {
                let Some(role) = table.role_view(assignment.role()) else { continue };
                if assignment.is_in_force(query.at) {
                    roles.push((role, Some(assignment)));
                } else if idle.len() < most {
                    idle.push((role, assignment));
                } else {
                    more_idle += 1;
                }
            }
        }
    }
    let missing = match reason {
        Reason::NotGranted { missing, .. } => missing,
        _ => Actions::NONE,
    };
    let cell = table.cell(organization.key(), row.key());
    let gives = |role: &Role<'_>| cell.and_then(|cell| cell.held(role.key())).unwrap_or_default() & asked;
    let more = roles.len().saturating_sub(most);
    if more > 0 {
        let (mut first, others): (Vec<_>, Vec<_>) =
            roles.into_iter().partition(|(role, _)| !gives(role).is_empty());
        first.extend(others);
        first.truncate(most);
        roles = first;
    }
    let held = roles
        .into_iter()
        .map(|(role, assignment)| {
            let gives = gives(&role);
            let told = if decision == Decision::Allow { gives } else { missing };
            Held { role, assignment, gives, parts: deciding(role, row, told, organization.kind()) }
        })
        .collect();
    Some(Explanation {
        query,
        organization,
        principal,
        row,
        asked,
        decision,
        reason,
        held,
        more,
        idle,
        more_idle,
        flip: None,
    })
}
