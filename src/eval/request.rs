//! What is asked: by names as a caller has them, or by keys once they are found. Data only.

use crate::eval::permission::Permission;
use crate::vocab::{OrganizationId, PrincipalId, RoleId, Time};

/// A request by names, each in the exact spelling of the policy.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who<'a> {
    /// A principal of the organization.
    Principal(&'a str),
    /// A role of the organization, or a template of its catalog.
    Role(&'a str),
}

/// A request by keys: names are looked up once, then asked as often as one likes.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A principal; it knows its organization.
    Principal(PrincipalId),
    /// A role as it is in an organization.
    Role(OrganizationId, RoleId),
}
