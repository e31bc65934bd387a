//! What would turn a denial into an allow, for programs.

use serde::Serialize;

use crate::render::flip::{instead, lines, place};
use crate::render::json::can::{Assigned, Role};
use crate::render::json::origin::{At, names};
use crate::table::Table;
use crate::tools::ask::level;
use crate::tools::explain::{Change, Explanation, How, Stretch};

/// What would turn a denial into an allow.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Flip {
    /// The actions asked for that no role in force gives; `throughout`, at one of all moments.
    pub missing: Vec<String>,
    /// Whether changes and roles are those by which it is allowed at every moment: of a line of a test without `at`.
    pub throughout: bool,
    /// Whether nothing would: the row is there in managed organizations only, and this one is direct.
    pub only_managed: bool,
    /// The smallest change of the level of each role in force, the smallest first.
    pub changes: Vec<ChangeOf>,
    /// How many more there are and are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_changes: Option<usize>,
    /// The limit of custom roles, where it is reached and so no role can be made from a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full: Option<u32>,
    /// The roles that have what is missing, nearest first.
    pub roles: Vec<NearOf>,
    /// How many more have it and are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_roles: Option<usize>,
    /// When it was allowed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<StretchOf>,
    /// When it is allowed next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<StretchOf>,
}

/// A change of one level.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChangeOf {
    /// `entry`: the line of the role is another. `split`: it speaks of other rows too, and becomes two. `line`: the role has a line more. `made`: a role is made from it, with
    /// a line more, and assigned; it is a default role of a built-in catalog.
    pub how: &'static str,
    /// The role.
    pub role: String,
    /// Whether it is a template.
    pub is_template: bool,
    /// The line to write; of a split both, the last one for the row.
    pub text: String,
    /// The statement that stands there now, of an `entry` and of a `split`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// The new level of the row.
    pub level: String,
    /// The actions of it that the role does not give now.
    pub added: Vec<String>,
    /// Where the statement is that is replaced, or the role.
    pub at: At,
    /// How many other principals hold more by it, then or later, in all organizations.
    pub others: usize,
    /// How many other organizations it changes.
    pub organizations: usize,
}

/// A role that has what is missing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NearOf {
    /// The role.
    pub id: String,
    /// Whether it is a template.
    pub is_template: bool,
    /// How many permissions it has that neither are held nor are missing, nor come with what is.
    pub beside: usize,
}

/// A stretch of time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StretchOf {
    /// Its first moment; none where it has no beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment after it; none where it has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The assignments by which it is allowed.
    pub roles: Vec<Role>,
}

impl Flip {
    /// What would flip an explained denial; none for an allow.
    pub fn of(table: &Table, explained: &Explanation<'_>) -> Option<Self> {
        let flip = explained.flip.as_ref()?;
        let counted = |count: usize| (count > 0).then_some(count);
        let near = flip.roles.iter().map(|near| NearOf {
            id: near.role.id().to_owned(),
            is_template: near.role.is_template(),
            beside: near.beside,
        });
        let stretch = |stretch: &Stretch<'_>| StretchOf::of(table, explained, stretch);
        Some(Self {
            missing: names(explained.row, flip.missing),
            throughout: flip.throughout,
            only_managed: flip.only_managed,
            changes: flip.changes.iter().map(|change| ChangeOf::of(table, explained, change)).collect(),
            more_changes: counted(flip.more_changes),
            full: flip.full,
            roles: near.collect(),
            more_roles: counted(flip.more_roles),
            earlier: flip.earlier.as_ref().map(stretch),
            later: flip.later.as_ref().map(stretch),
        })
    }
}

impl ChangeOf {
    fn of(table: &Table, explained: &Explanation<'_>, change: &Change<'_>) -> Self {
        let how = match change.how {
            How::Entry(_) => "entry",
            How::Split(_) => "split",
            How::Line => "line",
            How::Made => "made",
        };
        Self {
            how,
            role: change.role.id().to_owned(),
            is_template: change.role.is_template(),
            text: lines(explained, change).join("\n"),
            instead: instead(change),
            level: level(explained.row.shape(), change.level),
            added: names(explained.row, change.added),
            at: At::of(table, place(change)),
            others: change.others,
            organizations: change.organizations,
        }
    }
}

impl StretchOf {
    fn of(table: &Table, explained: &Explanation<'_>, stretch: &Stretch<'_>) -> Self {
        let row = explained.row;
        let roles = stretch.by.iter().map(|(role, assignment)| Role {
            id: role.id().to_owned(),
            assignment: Some(Assigned::of(table, *assignment)),
            gives: Some(names(row, role.actions(row.key()) & explained.asked)),
            sources: Vec::new(),
        });
        Self {
            from: stretch.from.map(|time| time.to_string()),
            until: stretch.until.map(|time| time.to_string()),
            roles: roles.collect(),
        }
    }
}
