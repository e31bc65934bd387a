//! Which findings are told, and how gravely: remarks that allow a finding where it stands, and the levels of a settings
//! file. Finds nothing in a policy itself, and changes nothing that one decides.

mod allow;
mod levels;
mod remark;
#[cfg(feature = "cli")]
mod settings;

pub(crate) use self::allow::{Allows, allow};
pub use self::levels::{Level, Levels};
#[cfg(feature = "cli")]
pub use self::settings::settings;

use crate::diagnostic::Diagnostics;
use crate::source::Sources;

/// What is known of a run, beside its findings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// Whether the policy has no errors. Else advice is missing, and what allows it cannot be said to be for nothing.
    pub(crate) is_clean: bool,
    /// Whether the policy was looked at in a moment.
    pub(crate) has_time: bool,
}

/// Makes findings those that are told: without what remarks in the text allow, and with what is wrong about the remarks.
pub(crate) fn settle<'a>(
    findings: &mut Diagnostics,
    sources: &Sources,
    allows: impl Iterator<Item = &'a Allows>,
    run: Run,
) {
    findings.spare_remarks(sources);
    allow(findings, allows, run);
}
