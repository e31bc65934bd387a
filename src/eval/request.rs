//! What is asked: by names as a caller has them, or by keys once they are found. Data only.

use crate::eval::permission::Permission;
use crate::vocab::{OrganizationId, PrincipalId, RoleId, Time};

/// A request by names, each in the exact spelling of the policy.
///
/// ```
/// use rolec::eval::{Evaluator, Request, Who};
/// use rolec::table::Table;
/// use rolec::vocab::{Decision, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let all = Request {
///     organization: "acme",
///     who: Who::Role("owner"),
///     category: "content",
///     row: "pages",
///     action: None,
///     at: Time::parse("2026-12-31")?,
/// };
/// // No action asks for all of them.
/// assert_eq!(Evaluator::new(&table).decide(&all).decision, Decision::Allow);
/// let editor = Request { who: Who::Role("editor"), ..all };
/// assert_eq!(Evaluator::new(&table).decide(&editor).decision, Decision::Deny);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The organization.
    pub organization: &'a str,
    /// Who is asked about.
    pub who: Who<'a>,
    /// The category of the row.
    pub category: &'a str,
    /// The row.
    pub row: &'a str,
    /// One action of the row; all of them where there is none, or where it is `full`.
    pub action: Option<&'a str>,
    /// The time asked about.
    pub at: Time,
}

/// Who is asked about, by name.
///
/// ```
/// use rolec::eval::{Evaluator, Reason, Who};
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organization("acme").unwrap();
/// let evaluator = Evaluator::new(&table);
/// assert!(evaluator.holder(acme, Who::Role("owner")).is_ok(), "a template");
/// assert_eq!(evaluator.holder(acme, Who::Principal("owner")), Err(Reason::UnknownPrincipal));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who<'a> {
    /// A principal of the organization.
    Principal(&'a str),
    /// A role of the organization, or a template of its catalog.
    Role(&'a str),
}

/// A request by keys: names are looked up once, then asked as often as one likes.
///
/// ```
/// use rolec::eval::{Evaluator, Holder, Permission, Query};
/// use rolec::table::Table;
/// use rolec::vocab::{Decision, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let (acme, wiki) = (table.organization("acme").unwrap(), table.catalog("wiki").unwrap());
/// let query = Query {
///     holder: Holder::Role(acme, table.template("owner").unwrap()),
///     permission: Permission::at(&table, wiki, table.rows_named(wiki, "export")[0], None).unwrap(),
///     at: Time::parse("2026-12-31")?,
/// };
/// assert_eq!(Evaluator::new(&table).decide_query(query), Decision::Allow);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// Who is asked about.
    pub holder: Holder,
    /// What is asked.
    pub permission: Permission,
    /// The time asked about.
    pub at: Time,
}

/// Who is asked about, by key.
///
/// ```
/// use rolec::eval::{Evaluator, Holder, Who};
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organization("acme").unwrap();
/// let bot = table.principal(acme, "bot").unwrap();
/// assert_eq!(Evaluator::new(&table).holder(acme, Who::Principal("bot")), Ok(Holder::Principal(bot)));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A principal; it knows its organization.
    Principal(PrincipalId),
    /// A role as it is in an organization.
    Role(OrganizationId, RoleId),
}
