//! What is answered: the decision, and the reason behind it. The decision follows from the reason, nothing else.

use crate::vocab::{Actions, Decision, Time};

/// The answer to a request.
///
/// ```
/// use rolec::eval::{Reason, Response};
/// use rolec::vocab::Decision;
///
/// let response = Response::from(Reason::UnknownRow);
/// assert_eq!((response.decision, response.reason), (Decision::Deny, Reason::UnknownRow));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Response {
    /// Allow or deny.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
}

impl From<Reason> for Response {
    fn from(reason: Reason) -> Self {
        Self { decision: reason.decision(), reason }
    }
}

/// Why a request is answered as it is.
///
/// ```
/// use rolec::eval::{Evaluator, Reason, Request, Who};
/// use rolec::table::Table;
/// use rolec::vocab::{Actions, Decision, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let request = Request {
///     organization: "acme",
///     who: Who::Role("editor"),
///     category: "content",
///     row: "pages",
///     action: Some("delete"),
///     at: Time::parse("2026-12-31")?,
/// };
/// let reason = Evaluator::new(&table).decide(&request).reason;
/// assert_eq!(reason, Reason::NotGranted { held: Actions::first(2), missing: Actions::one(2) });
/// assert_eq!((reason.decision(), reason.slug()), (Decision::Deny, "not-granted"));
/// assert!(!reason.is_unknown() && Reason::UnknownRole.is_unknown());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// All that was asked for is held.
    Granted,
    /// Something that was asked for is not held.
    NotGranted {
        /// What is held of the row, asked for or not.
        held: Actions,
        /// What was asked for and is not held.
        missing: Actions,
    },
    /// The principal is known, but no assignment is in force: nothing is held, not even floors.
    NothingInForce {
        /// When the next one starts.
        next: Option<Time>,
    },
    /// The policy has no such organization.
    UnknownOrganization,
    /// No assignment of the organization, past or future, names such a principal.
    UnknownPrincipal,
    /// The organization has no such role and its catalog no such template.
    UnknownRole,
    /// The organization's catalog has no such category.
    UnknownCategory,
    /// The category has no such row.
    UnknownRow,
    /// The row has no such action.
    UnknownAction,
}

impl Reason {
    /// The reason where something is in force, by what is held of a row and what is asked of it.
    #[inline]
    pub(super) fn of(held: Actions, asked: Actions) -> Self {
        if held.contains(asked) { Self::Granted } else { Self::NotGranted { held, missing: asked - held } }
    }

    /// What it leads to.
    pub fn decision(self) -> Decision {
        Decision::allow_if(self == Self::Granted)
    }

    /// Its name in answers for machines. Never changes.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::NotGranted { .. } => "not-granted",
            Self::NothingInForce { .. } => "nothing-in-force",
            Self::UnknownOrganization => "unknown-organization",
            Self::UnknownPrincipal => "unknown-principal",
            Self::UnknownRole => "unknown-role",
            Self::UnknownCategory => "unknown-category",
            Self::UnknownRow => "unknown-row",
            Self::UnknownAction => "unknown-action",
        }
    }

    /// Whether something that was asked about is not in the policy at all.
    pub fn is_unknown(self) -> bool {
        match self {
            Self::Granted | Self::NotGranted { .. } | Self::NothingInForce { .. } => false,
            Self::UnknownOrganization
            | Self::UnknownPrincipal
            | Self::UnknownRole
            | Self::UnknownCategory
            | Self::UnknownRow
            | Self::UnknownAction => true,
        }
    }
}
