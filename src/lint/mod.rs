//! Advice on policies that are without errors: what is allowed, compiles, and is likely not what was meant. A file for
//! each thing that is said of. A lint reads the model and nothing else; it decides nothing and changes nothing.
//!
//! What is said of one organization is found in that organization and in what all share, so that it can be found
//! again alone. What needs all organizations goes into `policy`.
//!
//! ```
//! use rolec::lint::Moment;
//! use rolec::vocab::Time;
//!
//! let moment = Moment { now: Some(Time::parse("2026-12-01")?) };
//! assert!(moment.now > Moment::default().now);
//! # Ok::<(), rolec::vocab::TimeError>(())
//! ```

mod bases;
mod compare;
mod entries;
mod escalating;
mod exceptions;
mod facts;
mod flags;
mod forbids;
mod holders;
mod idle_roles;
mod reach;
mod redundant_assignments;
mod resting;
mod same_roles;
mod scene;
mod templates;
mod tests;
mod times;
mod together;
mod verbs;
mod written;

use crate::diagnostic::{Codes, Diagnostics};
use crate::model::{Model, Organization, Roles, Shared};
use crate::vocab::Time;

use self::facts::Facts;
use self::scene::Scene;
pub(crate) use self::templates::TemplateUses;
use self::written::Written;

/// What lints may know beside the policy.
///
/// ```
/// use rolec::lint::Moment;
///
/// // No clock is read: without a time nothing is said of what has ended.
/// assert!(Moment::default().now.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment {
    /// The time at which the policy is looked at. Without it, nothing is said of what has ended.
    pub now: Option<Time>,
}

#[doc(hidden)]
/// What is said of catalogs, templates and forbids of the top.
pub fn shared(shared: &Shared) -> Diagnostics {
    let mut findings = Diagnostics::new();
    let roles = Roles { templates: &shared.templates, own: &[] };
    let facts: Vec<Facts<'_>> = shared.catalogs.iter().map(Facts::new).collect();
    for template in &shared.templates {
        let Some(facts) = facts.get(template.catalog.index()) else { continue };
        let is_super = facts.catalog.super_role.as_deref() == Some(&template.id);
        // What the product gives is not for the policy to mend.
        if !template.is_default && !is_super {
            lines(&Written::new(facts, roles, template), false, &mut findings);
        }
    }
    forbids::of_the_top(shared, &mut findings);
    findings
}

#[doc(hidden)]
/// What is said of an organization.
pub fn organization(shared: &Shared, organization: &Organization, moment: Moment) -> Diagnostics {
    organization_but(shared, organization, moment, Codes::NONE)
}

/// The same, of which the sorts in `left_out` need not be there.
pub(crate) fn organization_but(
    shared: &Shared,
    organization: &Organization,
    moment: Moment,
    left_out: Codes,
) -> Diagnostics {
    let mut findings = Diagnostics::leaving_out(left_out);
    let Some(catalog) = shared.catalogs.get(organization.catalog.index()) else { return findings };
    let facts = Facts::new(catalog);
    let scene = Scene::new(shared, organization, &facts, moment);
    for role in &organization.roles {
        lines(&Written::new(&facts, scene.roles, role), scene.is_direct(), &mut findings);
    }
    idle_roles::tell(&scene, &mut findings);
    same_roles::tell(&scene, &mut findings);
    times::tell(&scene, &mut findings);
    redundant_assignments::tell(&scene, &mut findings);
    holders::tell(&scene, &mut findings);
    together::tell(&scene, &mut findings);
    exceptions::tell(&scene, &mut findings);
    forbids::tell(&scene, &mut findings);
    tests::tell(&scene, &mut findings);
    findings
}

#[doc(hidden)]
/// What can be said only with all organizations at hand.
pub fn policy(model: &Model) -> Diagnostics {
    let mut uses = TemplateUses::default();
    model.organizations.iter().for_each(|organization| uses.add(&TemplateUses::of(organization)));
    of_all(&model.shared, uses)
}

/// The same, of what all organizations together make of templates.
pub(crate) fn of_all(shared: &Shared, uses: TemplateUses) -> Diagnostics {
    let mut findings = Diagnostics::new();
    templates::tell(shared, uses, &mut findings);
    findings
}

/// What is said of the lines of one role or template.
fn lines(written: &Written<'_>, is_direct: bool, findings: &mut Diagnostics) {
    entries::tell(written, is_direct, findings);
    verbs::tell(written, findings);
    flags::tell(written, findings);
    escalating::tell(written, is_direct, findings);
    bases::tell(written, findings);
}
