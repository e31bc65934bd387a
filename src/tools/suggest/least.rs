//! The least role for what was used: of each row the lowest level that holds all that was used of it.

use std::collections::HashSet;

use crate::eval::{Evaluator, Holder};
use crate::table::{Organization, Principal, Role, Row};
use crate::tools::suggest::base::{Bases, same};
use crate::tools::suggest::cover::{Part, parts};
use crate::tools::suggest::draft::Draft;
use crate::tools::suggest::usage::Log;
use crate::vocab::{Actions, OrganizationKind, Time};

/// A row of which more is held than was used.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{Log, least};
/// use rolec::vocab::{Actions, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let mut log = Log::new(&table);
/// log.record(query(&table, acme, Who::Principal("bot"), &What::Text("pages:create"), at).unwrap());
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// let pages = least(&log, &[bot], at)[0].unused[1];
/// assert_eq!((pages.row.id(), pages.row.shape().level(pages.held)), ("pages", "create, update".to_owned()));
/// assert_eq!((pages.needed, pages.row.shape().level(pages.unused)), (Actions::one(0), "update".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Unused<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What is held of it.
    pub held: Actions,
    /// The least level that holds what was used of it.
    pub needed: Actions,
    /// What is held and not needed.
    pub unused: Actions,
}

/// What was used of somebody's rights, and the least role for it.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{Log, least};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let mut log = Log::new(&table);
/// for text in ["spaces:read", "pages:delete"] {
///     log.record(query(&table, acme, Who::Principal("bot"), &What::Text(text), at).unwrap());
/// }
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// let found = least(&log, &[bot], at).remove(0);
/// assert_eq!((found.organization.id(), found.principal.unwrap().name(), found.lines), ("acme", "bot", 2));
/// assert!(found.role.is_none() && found.holder == bot);
/// assert!(found.used.iter().map(|it| it.row.id()).eq(["spaces", "pages"]));
/// assert!(found.denied.iter().map(|it| it.row.id()).eq(["pages"]) && found.hidden.is_empty());
/// assert!(found.unused.iter().map(|it| it.row.id()).eq(["spaces", "pages", "members"]));
/// // A reader has all but one of it.
/// assert_eq!(found.draft.text(), "role bot-used from reader {\n    grant content.pages: delete\n}\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Least<'t> {
    /// Whose rights.
    pub holder: Holder,
    /// The organization.
    pub organization: Organization<'t>,
    /// The principal, where it is one.
    pub principal: Option<Principal<'t>>,
    /// The role, where it is one.
    pub role: Option<Role<'t>>,
    /// How many lines of the log it rests on.
    pub lines: u64,
    /// What was used, in the order of the catalog.
    pub used: Vec<Part<'t>>,
    /// What of it the policy denied at the time of a use.
    pub denied: Vec<Part<'t>>,
    /// What was used of rows that the organization's kind hides: no role can give it.
    pub hidden: Vec<Part<'t>>,
    /// The rows of which more is held than was used.
    pub unused: Vec<Unused<'t>>,
    /// The least role for what was used.
    pub draft: Draft<'t>,
}

/// The least role for what a log says of each of some holders; what they hold is looked up at a time. Holders that the
/// table does not have are left out.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::table::Table;
/// use rolec::tools::suggest::{Log, least};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let editor = Holder::Role(acme.key(), table.role(acme.key(), "editor").unwrap());
/// let found = least(&Log::new(&table), &[editor], Time::parse("2026-12-01")?);
/// // None of the editor's rights was used.
/// assert_eq!((found.len(), found[0].unused.len(), found[0].lines), (1, 3, 0));
/// assert_eq!(found[0].draft.text(), "role editor-used {}\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn least<'t>(log: &Log<'t>, holders: &[Holder], at: Time) -> Vec<Least<'t>> {
    let mut taken: HashSet<String> = log.table.roles().map(|role| role.id().to_lowercase()).collect();
    holders.iter().filter_map(|holder| of(log, *holder, at, &mut taken)).collect()
}

fn of<'t>(log: &Log<'t>, holder: Holder, at: Time, taken: &mut HashSet<String>) -> Option<Least<'t>> {
    let table = log.table;
    let (organization, principal, role) = match holder {
        Holder::Principal(key) => {
            let principal = table.principal_view(key)?;
            (principal.organization(), Some(principal), None)
        }
        Holder::Role(organization, key) => {
            (table.organization_view(organization)?, None, Some(table.role_view(key)?))
        }
    };
    let held = Evaluator::new(table).held(holder, at).ok()?;
    let catalog = organization.catalog();
    let layout = catalog.layout();
    let uses = log.of(holder);
    let is_hidden = |row: Row<'t>| row.is_only_managed() && organization.kind() == OrganizationKind::Direct;
    let needed = |row: Row<'t>| {
        let used = layout.get(&uses.used, row.key());
        let used = if is_hidden(row) { Actions::NONE } else { used };
        row.shape().least(used).unwrap_or_else(|| row.shape().top())
    };
    let used = parts(organization, &uses.used);
    let unused = |row: Row<'t>| {
        let (held, needed) = (held.actions(row.key()), needed(row));
        let unused = held - needed;
        (!unused.is_empty()).then_some(Unused { row, held, needed, unused })
    };
    let bases = Bases::of(organization, role, needed);
    let begun = bases.best();
    let mut wanted = layout.floors();
    for row in catalog.rows() {
        layout.set(&mut wanted, row.key(), if is_hidden(row) { Actions::NONE } else { needed(row) });
    }
    let name = principal.map(|it| it.name()).or_else(|| role.map(|it| it.id())).unwrap_or_default();
    let draft = Draft {
        id: free(name, taken),
        base: begun.base,
        entries: begun.entries,
        from_nothing: bases.nothing().entries.len(),
        same: same(table, organization, &wanted),
    };
    Some(Least {
        holder,
        organization,
        principal,
        role,
        lines: uses.lines,
        denied: parts(organization, &uses.denied),
        hidden: used.iter().copied().filter(|part| is_hidden(part.row)).collect(),
        used,
        unused: catalog.rows().filter_map(unused).collect(),
        draft,
    })
}

/// An id for the role of somebody: a plain word that no role has.
fn free(name: &str, taken: &mut HashSet<String>) -> String {
    /// Of a longer name the beginning says enough.
    const LONGEST: usize = 40;
    let local = name.split('@').next().unwrap_or_default();
    let mut stem = String::new();
    for c in local.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => stem.push(c.to_ascii_lowercase()),
            _ if stem.is_empty() || stem.ends_with('-') => {}
            _ => stem.push('-'),
        }
        if stem.len() >= LONGEST {
            break;
        }
    }
    let stem = stem.trim_end_matches('-');
    let first = if stem.is_empty() { "used".to_owned() } else { format!("{stem}-used") };
    let mut id = first.clone();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{first}-{number}");
    }
    id
}
