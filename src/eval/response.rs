//! What is answered: the decision, and the reason behind it. The decision follows from the reason, nothing else.

use crate::vocab::{Actions, Decision, Time};

/// The answer to a request.
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
