//! Two other engines, asked the questions of a policy by what `rolec export` writes for them: Cedar from the compiled
//! table, Rego from the reference. An engine that was written by others, for another language, is not wrong where we are.

pub mod cedar;
pub mod rego;

/// A question, by names.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The organization.
    pub organization: &'a str,
    /// A principal, or else a role.
    pub who: Who<'a>,
    /// The category.
    pub category: &'a str,
    /// The row.
    pub row: &'a str,
    /// One action; all of the row's without it.
    pub action: Option<&'a str>,
    /// Seconds since 1970 began.
    pub at: i64,
}

/// Who is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// A principal.
    Principal(&'a str),
    /// A role.
    Role(&'a str),
}
