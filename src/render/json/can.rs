//! The answer of `can`, for programs.

use serde::Serialize;

use crate::eval::Reason;
use crate::render::answer::sentence;
use crate::render::json::VERSION;
use crate::render::json::flip::Flip;
use crate::render::json::origin::{At, Source, names};
use crate::table::{Assignment, Table};
use crate::tools::ask::Unasked;
use crate::tools::explain::Explanation;

/// The answer to one request.
///
/// ```
/// use rolec::eval::{Reason, Who};
/// use rolec::render::json::Answer;
/// use rolec::table::Table;
/// use rolec::tools::{ask, explain::explain};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = ask::organization(&table, None).unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let query = ask::query(&table, acme, Who::Principal("bot"), &ask::What::Text("pages:create"), at).unwrap();
/// let answer = Answer::of(&table, &explain(&table, query).unwrap(), false);
/// assert_eq!((answer.decision, answer.reason), ("allow", "granted"));
///
/// let unasked = ask::organization(&table, Some("acne")).unwrap_err();
/// let unknown = Answer::unknown(Reason::UnknownOrganization, &unasked, answer.request);
/// assert_eq!((unknown.decision, &unknown.near[..]), ("deny", &["acme".to_owned()][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answer {
    /// The version of this shape.
    pub version: u32,
    /// `allow` or `deny`.
    pub decision: &'static str,
    /// The reason's name: `granted`, `not-granted`, `nothing-in-force`, `unknown-principal` …
    pub reason: &'static str,
    /// One sentence.
    pub message: String,
    /// The request: as it was understood, or as it was given where a name in it is not known.
    pub request: Asked,
    /// Names near to one that is not known.
    pub near: Vec<String>,
    /// When the next assignment begins, where none is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What the catalog has to say of an allow.
    pub caveats: Vec<String>,
    /// The roles and lines behind it, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// A request.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Asked {
    /// The organization; none where none was named and there is not one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The principal; none where a role was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The role; none where a principal was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The permission as it was given, where a name in the request is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// The category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The actions asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<String>>,
    /// The time; none where it is before every assignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// The roles behind an answer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Why {
    /// The roles in force; the one asked about.
    pub roles: Vec<Role>,
    /// How many more roles are in force and are not listed: of one who has many, `test` lists twelve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<usize>,
    /// Assignments that are not in force.
    pub idle: Vec<Role>,
    /// How many more are not in force and are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_idle: Option<usize>,
    /// What would turn a denial into an allow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flip: Option<Flip>,
}

/// A role behind an answer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Role {
    /// Its id.
    pub id: String,
    /// The assignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assigned>,
    /// Which of the actions asked for it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gives: Option<Vec<String>>,
    /// The lines that gave or withheld.
    pub sources: Vec<Source>,
}

/// An assignment.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Assigned {
    /// Where it is.
    pub at: At,
    /// In force from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// No longer in force from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Assigned {
    pub(super) fn of(table: &Table, assignment: Assignment<'_>) -> Self {
        Self {
            at: At::of(table, assignment.position()),
            from: assignment.from().map(|time| time.to_string()),
            until: assignment.until().map(|time| time.to_string()),
            because: assignment.because().map(str::to_owned),
        }
    }
}

impl Answer {
    /// The answer of an explained decision.
    pub fn of(table: &Table, explained: &Explanation<'_>, with_why: bool) -> Self {
        let row = explained.row;
        let next = match explained.reason {
            Reason::NothingInForce { next } => next.map(|time| time.to_string()),
            _ => None,
        };
        let role = match explained.principal {
            Some(_) => None,
            None => explained.held.first().map(|held| held.role.id().to_owned()),
        };
        let is_allow = explained.decision == crate::vocab::Decision::Allow;
        Self {
            version: VERSION,
            decision: explained.decision.word(),
            reason: explained.reason.slug(),
            message: sentence(explained),
            request: Asked {
                organization: Some(explained.organization.id().to_owned()),
                principal: explained.principal.map(|principal| principal.name().to_owned()),
                role,
                permission: None,
                category: Some(row.category().id().to_owned()),
                row: Some(row.id().to_owned()),
                actions: Some(names(row, explained.asked)),
                at: (explained.query.at.0 != i64::MIN).then(|| explained.query.at.to_string()),
            },
            near: Vec::new(),
            next,
            caveats: row.caveats().filter(|_| is_allow).map(str::to_owned).collect(),
            why: with_why.then(|| Why::of(table, explained)),
        }
    }

    /// The deny for a name that is not known, in a request as it was given.
    pub fn unknown(reason: Reason, unasked: &Unasked, request: Asked) -> Self {
        let near = match unasked {
            Unasked::Unknown { near, .. } => near.clone(),
            _ => Vec::new(),
        };
        Self {
            version: VERSION,
            decision: reason.decision().word(),
            reason: reason.slug(),
            message: unasked.sentence(),
            request,
            near,
            next: None,
            caveats: Vec::new(),
            why: None,
        }
    }
}

impl Why {
    fn of(table: &Table, explained: &Explanation<'_>) -> Self {
        let held = explained.held.iter().map(|held| Role {
            id: held.role.id().to_owned(),
            assignment: held.assignment.map(|assignment| Assigned::of(table, assignment)),
            gives: Some(names(explained.row, held.gives)),
            sources: held.parts.iter().map(|part| Source::of(table, explained.row, part)).collect(),
        });
        let idle = explained.idle.iter().map(|(role, assignment)| Role {
            id: role.id().to_owned(),
            assignment: Some(Assigned::of(table, *assignment)),
            gives: None,
            sources: Vec::new(),
        });
        let counted = |count: usize| (count > 0).then_some(count);
        Self {
            roles: held.collect(),
            more: counted(explained.more),
            idle: idle.collect(),
            more_idle: counted(explained.more_idle),
            flip: Flip::of(table, explained),
        }
    }
}
