//! Advice on policies that are without errors: what is allowed, compiles, and is likely not what was meant. One file a
//! lint. A lint reads the model and nothing else; it decides nothing and changes nothing.
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

use crate::diagnostic::Diagnostics;
use crate::model::{Model, Organization, Shared};
use crate::vocab::Time;

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
pub fn shared(_shared: &Shared) -> Diagnostics {
    Diagnostics::new()
}

#[doc(hidden)]
/// What is said of an organization.
pub fn organization(_shared: &Shared, _organization: &Organization, _moment: Moment) -> Diagnostics {
    Diagnostics::new()
}

#[doc(hidden)]
/// What can be said only with all organizations at hand.
pub fn policy(_model: &Model) -> Diagnostics {
    Diagnostics::new()
}
