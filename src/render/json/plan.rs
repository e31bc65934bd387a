//! Whether somebody may make a change, for programs.

use serde::Serialize;

use crate::model::Assignment;
use crate::render::json::VERSION;
use crate::render::json::when::PeriodOf;
use crate::tools::plan::{Change, Plan, Standing, Super, Topic};

/// Whether somebody may make a change. Nothing of it is cut.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::Planned;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Version, plan};
/// use rolec::vocab::Time;
///
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2028-01-01");
/// let [old, new] = [rolec::example::POLICY, &later].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let document = Planned::of(&plan(old, new, "ana@acme.example", Time(0)));
/// assert_eq!((document.may, document.reason), (false, "no-super"));
/// assert_eq!(document.organizations[0].changes[0].name.as_deref(), Some("ana@acme.example"));
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Planned {
    /// The version of this shape.
    pub version: u32,
    /// Whether they may make the change.
    pub may: bool,
    /// Why: `nothing-touched`, `super`, `no-super`, or `unknown-principal`.
    pub reason: &'static str,
    /// Who would make it.
    pub principal: String,
    /// The moment that is judged.
    pub at: String,
    /// The names near to theirs, where the old policy does not know them.
    pub near: Vec<String>,
    /// The organizations that the change touches.
    pub organizations: Vec<TouchedBy>,
    /// What it touches that no organization stands on; left out where there is nothing of the sort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<TouchedElsewhere>,
}

/// An organization that a change touches.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TouchedBy {
    /// Its id.
    pub id: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// Whether they may.
    pub may: bool,
    /// How they stand to its super role: `holds`, `elsewhen` where they hold it at another time, `lacks`, or `none` where
    /// its catalog names none.
    pub standing: &'static str,
    /// Its super role, by the old policy; left out where there is none, or where the organization is new: that asks for
    /// the super role of any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub super_role: Option<String>,
    /// The assignment by which they hold it, now or at another time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<PeriodOf>,
    /// Who holds it now.
    pub holders: Vec<HolderOf>,
    /// What touches it.
    pub changes: Vec<ChangedThing>,
}

/// What a change touches in no organization: it asks for the super role of any.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TouchedElsewhere {
    /// Whether they may.
    pub may: bool,
    /// Who holds the super role of an organization now.
    pub holders: Vec<HolderOf>,
    /// What is changed.
    pub changes: Vec<ChangedThing>,
}

/// Somebody who holds a super role.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HolderOf {
    /// Who.
    pub name: String,
    /// `admin` or `service`.
    pub kind: &'static str,
    /// The organization in which they hold it.
    pub organization: String,
}

/// A thing that says something else.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChangedThing {
    /// `catalog`, `version` (a stated version of a built-in catalog), `template`, `forbid`, `require`, `organization`,
    /// `role`, `assignments` or `test`.
    pub what: &'static str,
    /// Its id, name or title; left out of an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The catalog, where it is a forbid or a requirement of all organizations that use one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<String>,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// Whether the place is in the `old` policy or in the `new` one.
    pub side: &'static str,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Planned {
    /// What was judged.
    pub fn of(plan: &Plan<'_>) -> Self {
        let reason = match (plan.is_known, plan.may()) {
            (false, _) => "unknown-principal",
            (true, false) => "no-super",
            (true, true) if plan.is_empty() => "nothing-touched",
            (true, true) => "super",
        };
        let organizations = plan.organizations.iter().map(|touched| {
            let change = match (touched.old, touched.new) {
                (None, _) => "added",
                (Some(_), None) => "removed",
                (Some(_), Some(_)) => "changed",
            };
            let (standing, assignment) = match &touched.standing {
                Standing::Holds(holder) => ("holds", Some(in_force(holder.assignment))),
                Standing::Elsewhen(assignment) => ("elsewhen", Some(in_force(assignment))),
                Standing::Lacks => ("lacks", None),
                Standing::NoSuper => ("none", None),
            };
            TouchedBy {
                id: touched.id().to_owned(),
                change,
                may: touched.may(),
                standing,
                super_role: touched.role.map(|role| role.id.to_string()),
                assignment,
                holders: touched.holders.iter().map(HolderOf::of).collect(),
                changes: ChangedThing::all(plan, &touched.changes),
            }
        });
        let elsewhere = plan.elsewhere.as_ref().map(|elsewhere| TouchedElsewhere {
            may: elsewhere.may(),
            holders: elsewhere.holders.iter().map(HolderOf::of).collect(),
            changes: ChangedThing::all(plan, &elsewhere.changes),
        });
        Self {
            version: VERSION,
            may: plan.may(),
            reason,
            principal: plan.principal.to_owned(),
            at: plan.at.to_string(),
            near: plan.near.iter().map(|&name| name.to_owned()).collect(),
            organizations: organizations.collect(),
            elsewhere,
        }
    }
}

impl HolderOf {
    fn of(holder: &Super<'_>) -> Self {
        Self {
            name: holder.principal.name.to_string(),
            kind: holder.principal.kind.word(),
            organization: holder.organization.id.to_string(),
        }
    }
}

/// When an assignment is in force.
fn in_force(assignment: &Assignment) -> PeriodOf {
    PeriodOf::of(assignment.from(), assignment.until())
}

impl ChangedThing {
    fn all(plan: &Plan<'_>, changes: &[Change<'_>]) -> Vec<Self> {
        let one = |change: &Change<'_>| {
            let sources = plan.version(change.side).sources;
            let (line, column) = sources.line_column(change.place);
            let catalog = match change.topic {
                Topic::ForbidOfAll { catalog, .. } | Topic::RequireOfAll { catalog, .. } => {
                    Some(catalog.to_owned())
                }
                _ => None,
            };
            Self {
                what: change.topic.word(),
                name: change.topic.name().map(str::to_owned),
                catalog,
                change: change.how.word(),
                side: change.side.word(),
                file: sources.file(change.place.file).map_or("", |file| file.name()).to_owned(),
                line,
                column,
            }
        };
        changes.iter().map(one).collect()
    }
}
