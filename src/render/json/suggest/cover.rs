//! The fewest roles that cover permissions, for programs.

use serde::Serialize;

use crate::render::json::VERSION;
use crate::render::json::suggest::{PartOf, RoleOrTemplate};
use crate::tools::suggest::{Cover, Covering};

/// The fewest roles that hold all of some permissions.
///
/// ```
/// use rolec::render::json::Covered;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{A_SECOND, cover};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let document = Covered::of(&cover(&table, acme, &[create], A_SECOND));
/// assert_eq!(document.roles.unwrap()[0].role.role, "editor");
/// assert!(document.covered && document.exact);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Covered {
    /// The version of this shape.
    pub version: u32,
    /// The organization.
    pub organization: String,
    /// What was asked for.
    pub asked: Vec<PartOf>,
    /// Whether it can be covered at all.
    pub covered: bool,
    /// What of it no role or template holds.
    pub nowhere: Vec<PartOf>,
    /// The roles, by id; nothing where it cannot be covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<CoveringRole>>,
    /// What they hold beside what was asked for.
    pub beside: Vec<PartOf>,
    /// Whether no fewer roles do, and no other so many hold less beside it; else the search was stopped early.
    pub exact: bool,
    /// So many roles are needed at least.
    pub at_least: usize,
}

/// A role of a cover.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoveringRole {
    /// The role.
    #[serde(flatten)]
    pub role: RoleOrTemplate,
    /// What it holds of what was asked for.
    pub holds: Vec<PartOf>,
}

impl Covered {
    /// A cover.
    pub fn of(cover: &Cover<'_>) -> Self {
        Self {
            version: VERSION,
            organization: cover.organization.id().to_owned(),
            asked: PartOf::all(&cover.asked),
            covered: cover.roles.is_some(),
            nowhere: PartOf::all(&cover.nowhere),
            roles: cover.roles.as_ref().map(|roles| {
                let one = |it: &Covering<'_>| CoveringRole {
                    role: RoleOrTemplate::of(&it.role),
                    holds: PartOf::all(&it.holds),
                };
                roles.iter().map(one).collect()
            }),
            beside: PartOf::all(&cover.beside),
            exact: cover.is_exact,
            at_least: cover.at_least,
        }
    }
}
