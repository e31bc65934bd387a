//! Which findings are told, and how gravely: remarks that allow a finding where it stands, and the levels of a settings
//! file. Finds nothing in a policy itself, and changes nothing that one decides.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let found = |remark: &str| {
//!     let text = format!(
//!         "use jumpcloud
//!         organization o {{
//!             role idle {{ grant monitoring-analytics: view }}  // {remark}
//!             assign read-only to \"ana\"
//!         }}"
//!     );
//!     let findings = compile(Sources::from_iter([("o.role", text)])).findings;
//!     findings.iter().filter(|finding| !finding.is_pedantic()).map(|finding| finding.code.slug()).collect::<Vec<_>>()
//! };
//! assert_eq!(found("kept for the audit"), ["unassigned-role"]);
//! assert!(found("allow(unassigned-role): kept for the audit").is_empty());
//! assert_eq!(found("allow(equal-roles): the wrong one"), ["unassigned-role", "idle-allow"]);
//! ```

mod allow;
mod levels;
mod remark;
#[cfg(any(feature = "cli", feature = "lsp"))]
mod settings;

pub(crate) use self::allow::{Allows, allow};
pub use self::levels::{Level, Levels};
#[cfg(any(feature = "cli", feature = "lsp"))]
pub use self::settings::settings;

/// The name of a settings file.
#[cfg(any(feature = "cli", feature = "lsp"))]
pub(crate) const SETTINGS: &str = "rolec.toml";

use crate::diagnostic::{Code, Diagnostics};
use crate::source::Sources;

/// What is known of a run, beside its findings.
#[derive(Clone, Copy)]
pub(crate) struct Run<'r> {
    /// Whether the policy has no errors. Else advice is missing, and what allows it cannot be said to be for nothing.
    pub(crate) is_clean: bool,
    /// Whether the policy was looked at in a moment.
    pub(crate) has_time: bool,
    /// Whether findings of a sort are there, where they were found.
    pub(crate) has: &'r dyn Fn(Code) -> bool,
}

/// Makes findings those that are told: without what remarks in the text allow, and with what is wrong about the remarks.
pub(crate) fn settle<'a>(
    findings: &mut Diagnostics,
    sources: &Sources,
    allows: impl Iterator<Item = &'a Allows>,
    run: Run<'_>,
) {
    findings.spare_remarks(sources);
    allow(findings, allows, run);
}
