//! Roles and assignments changed in the text that says them: comments, layout and all that is not meant stay as they
//! are. What is wished becomes edits, the edits a new text, and that is compiled before anybody gets it. Writes no file
//! and prints nothing; what a change gives to whom is told by `tools/diff`, from the two tables.
//!
//! wish (`Change`) → edits (`roles`, `remove`, `people`, over `mentions` and `spoken`) → text (`draft`, `cut`, `page`) → policy, held
//! against the rules of the domain (`guard`).
//!
//! ```
//! use rolec::edit::{Change, Policy, edit};
//! use rolec::lint::Moment;
//! use rolec::source::{FileId, Sources};
//!
//! let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
//! let policy = Policy::open(sources, Moment::default()).unwrap();
//! let change = Change::Rename { role: "editor", to: "writer", title: None };
//! let edited = edit(&policy, None, &change, |_| true).unwrap();
//! let text = edited.sources.file(FileId(0)).unwrap().text();
//! assert_eq!(text, rolec::example::POLICY.replace("editor ", "writer "));
//! ```

#[cfg(feature = "cli")]
mod begun;
mod change;
mod cut;
mod draft;
mod guard;
mod mentions;
mod page;
mod people;
mod policy;
mod refusal;
mod remove;
mod roles;
mod spoken;

#[cfg(feature = "cli")]
pub(crate) use self::begun::before_rename;
pub use self::change::{Change, Mentions};
pub use self::policy::Policy;
pub use self::refusal::{Found, Refusal, Rule, Way};

use std::collections::BTreeSet;

use crate::edit::draft::Draft;
use crate::edit::policy::Site;
use crate::pipeline::{Compilation, compile_at};
use crate::source::{FileId, Sources};
use crate::tools::fix::Fixed;
use crate::tools::format::format_file;
use crate::vocab::Time;

/// A policy after a change.
///
/// ```
/// use rolec::edit::{Change, Edited, Policy, edit};
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
/// use rolec::vocab::PrincipalKind;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let who = &["kim@acme.example"];
/// let (kind, from, until) = (PrincipalKind::Admin, None, None);
/// let change = Change::Assign { role: "owner", who, kind, from, until, because: Some("deputy") };
/// let edited: Edited = edit(&policy, None, &change, |_| true).unwrap();
/// assert_eq!((edited.organization.as_deref(), edited.files.len(), edited.is_idle()), (Some("acme"), 1, false));
/// assert_eq!(edited.notes, ["`kim@acme.example` is new in organization `acme`"]);
/// assert_eq!(diff(policy.table(), &edited.compiled.table.unwrap()).counts().gaining, 1);
/// ```
#[derive(Debug)]
pub struct Edited {
    /// The organization; none where a template was renamed.
    pub organization: Option<Box<str>>,
    /// The files, with those that changed. Their ids are those that they were given with.
    pub sources: Sources,
    /// Which of them changed.
    pub files: BTreeSet<FileId>,
    /// Which declares the role or template that is renamed or removed. Written first of a rename and last of a removal, the
    /// change can be made again where it was cut off between two files.
    pub home: Option<FileId>,
    /// The policy that they make. It has a table.
    pub compiled: Compilation,
    /// What is worth knowing beside what changed, a sentence each.
    pub notes: Vec<String>,
}

impl Edited {
    /// Whether there was nothing to do. A note says why.
    pub fn is_idle(&self) -> bool {
        self.files.is_empty()
    }
}

/// The edits of a change, and what is worth knowing of them.
struct Plan<'p> {
    draft: Draft<'p>,
    notes: Vec<String>,
    /// Which file declares what is renamed or removed.
    home: Option<FileId>,
    /// Whether somebody may lose something: then it is seen to that nobody is missing.
    takes: bool,
}

/// Changes a policy. `organization` may be left out where it is plain which is meant. Only files that `may_change` lets
/// through are changed.
///
/// ```
/// use rolec::edit::{Change, Policy, Refusal, edit};
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let change = Change::Unassign { role: "editor", who: &["bot"], until: None };
/// assert_eq!(edit(&policy, None, &change, |_| true).unwrap().files.len(), 1);
/// // Nobody may touch the only file.
/// assert!(matches!(edit(&policy, None, &change, |_| false), Err(Refusal::Rule(_))));
/// ```
///
/// # Errors
/// Where a name is not known, a rule speaks against it, or the policy would have errors. Nothing is changed then.
pub fn edit(
    policy: &Policy,
    organization: Option<&str>,
    change: &Change<'_>,
    may_change: impl Fn(FileId) -> bool,
) -> Result<Edited, Refusal> {
    let may_change = |file: FileId| policy.given(file).is_some_and(&may_change);
    let (site, plan) = match *change {
        Change::New { id, title, description, from } => {
            let site = Site::of(policy, organization)?;
            let plan = roles::new(&site, &roles::Wanted { id, title, description, from }, &may_change)?;
            (Some(site), plan)
        }
        Change::Copy { role, to, title } => {
            let site = Site::with_role(policy, organization, role)?;
            let plan = roles::copy(&site, role, to, title, &may_change)?;
            (Some(site), plan)
        }
        Change::Rename { role, to, title } => {
            let site = match policy.is_template(role) {
                true => None,
                false => Some(Site::with_role(policy, organization, role)?),
            };
            let plan = roles::rename(policy, site.as_ref(), role, to, title)?;
            (site, plan)
        }
        Change::Remove { role, replace_with, mentions } => {
            let site = Site::with_role(policy, organization, role)?;
            let plan = remove::remove(&site, role, replace_with, mentions)?;
            (Some(site), plan)
        }
        Change::Assign { role, who, kind, from, until, because } => {
            let site = Site::with_role(policy, organization, role)?;
            let wanted = people::Wanted { role, who, kind, from, until, because };
            let plan = people::assign(&site, &wanted, &may_change)?;
            (Some(site), plan)
        }
        Change::Unassign { role, who, until } => {
            let site = Site::with_role(policy, organization, role)?;
            let plan = people::unassign(&site, role, who, until)?;
            (Some(site), plan)
        }
    };
    carry_out(policy, site.as_ref(), plan, &may_change)
}

/// Makes the edits of a plan, and holds what comes of them against the rules.
fn carry_out(
    policy: &Policy,
    site: Option<&Site<'_>>,
    plan: Plan<'_>,
    may_change: &dyn Fn(FileId) -> bool,
) -> Result<Edited, Refusal> {
    let Plan { draft, mut notes, home, takes } = plan;
    let mut edits = draft.finish();
    if let Some(edit) = edits.iter().find(|edit| !may_change(edit.place.file)) {
        let name = policy.workspace.sources().file(edit.place.file).map_or("", |file| file.name());
        return Err(Refusal::found(
            format!("`{name}` would have to change, and was only read along: name it too"),
            vec![policy.found(edit.place, "here")],
        ));
    }
    for edit in &mut edits {
        edit.place = policy.given_place(edit.place);
    }
    let mut fixed = Fixed { sources: policy.sources.clone(), files: BTreeSet::new(), count: 0 };
    fixed.make(edits);
    fixed.tidy(&policy.sources, |file, id| format_file(file, id).text);
    let compiled = compile_at(fixed.sources.clone(), policy.moment);
    let Some(table) = &compiled.table else { return Err(Refusal::Broken(Box::new(compiled))) };
    if let Some(site) = site.filter(|_| takes) {
        let since = policy.moment.now.unwrap_or(Time(i64::MIN));
        notes.extend(guard::check(policy.table(), table, &site.organization.id, since)?);
    }
    let organization = site.map(|site| site.organization.id.clone());
    let home = home.and_then(|home| policy.given(home));
    Ok(Edited { organization, sources: fixed.sources, files: fixed.files, home, compiled, notes })
}
