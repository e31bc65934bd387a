//! A change of a policy's text, for programs.

use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::edit::{Edited, Policy};
use crate::render::json::{Differs, Edit, Finding, VERSION};
use crate::render::unified::replaced;
use crate::source::Place;
use crate::tools::diff::Diff;

/// A change of a policy's text: what `role`, `assign` and `unassign` do.
///
/// ```
/// use rolec::diagnostic::Diagnostics;
/// use rolec::edit::{Change, Policy, edit};
/// use rolec::lint::Moment;
/// use rolec::render::json::Edits;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let change = Change::Unassign { role: "editor", who: &["bot"], until: None };
/// let edited = edit(&policy, None, &change, |_| true).unwrap();
/// let (difference, findings) = (diff(policy.table(), edited.compiled.table.as_ref().unwrap()), Diagnostics::new());
/// let document = Edits::of(&policy, &edited, &difference, &findings, true);
/// assert!(document.written);
/// assert_eq!((document.files[0].file, document.files[0].edits[0].text), ("acme.role", ""));
/// assert_eq!(document.difference.organizations[0].people[0].name, "bot");
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Edits<'a> {
    /// The version of this shape.
    pub version: u32,
    /// The organization; none where a template was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<&'a str>,
    /// Whether the files that change were written.
    pub written: bool,
    /// The files that change, by name; none where there is nothing to do.
    pub files: Vec<FileEdited<'a>>,
    /// What is worth knowing beside, a sentence each.
    pub notes: &'a [String],
    /// Who gains and loses what: as `diff` tells it of the policy before and after.
    pub difference: Differs,
    /// The warnings that the policy has now, and had not before.
    pub findings: Vec<Finding<'a>>,
}

/// A file that changes.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileEdited<'a> {
    /// Its name as it was given.
    pub file: &'a str,
    /// The lines that are replaced, in order; places are those of the text before.
    pub edits: Vec<Edit<'a>>,
}

impl<'a> Edits<'a> {
    /// A change, what differs by it, and what is found in the policy since then.
    pub fn of(
        policy: &'a Policy,
        edited: &'a Edited,
        difference: &Diff<'_>,
        findings: &'a Diagnostics,
        written: bool,
    ) -> Self {
        let before = policy.sources();
        let files = edited.files.iter().filter_map(|file| {
            let (old, new) = (before.file(*file)?, edited.sources.file(*file)?);
            let replaced = replaced(old.text(), new.text()).into_iter();
            let edits = replaced.map(|(span, text)| Edit::of(before, Place { file: *file, span }, text));
            Some(FileEdited { file: old.name(), edits: edits.collect() })
        });
        Self {
            version: VERSION,
            organization: edited.organization.as_deref(),
            written: written && !edited.is_idle(),
            files: files.collect(),
            notes: &edited.notes,
            difference: Differs::of(difference),
            findings: Finding::all(&edited.compiled.sources, findings),
        }
    }
}
