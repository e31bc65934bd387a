//! Roles and assignments changed in the text that says them: comments, layout and all that is not meant stay as they
//! are. What is wished becomes edits, the edits a new text, and that is compiled before anybody gets it. Writes no file
//! and prints nothing; what a change gives to whom is told by `tools/diff`, from the two tables.
//!
//! wish (`Change`) → edits (`roles`, `remove`, `people`, over `mentions`) → text (`draft`, `cut`, `page`) → policy, held
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

mod cut;
mod draft;
mod guard;
mod mentions;
mod page;
mod people;
mod policy;
mod remove;
mod roles;

pub use self::policy::Policy;

use std::collections::BTreeSet;

use crate::edit::draft::Draft;
use crate::edit::policy::Site;
use crate::pipeline::{Compilation, compile_at};
use crate::source::{FileId, Place, Sources};
use crate::tools::ask::Unasked;
use crate::tools::fix::Fixed;
use crate::tools::format::format_file;
use crate::vocab::{PrincipalKind, Time};

/// What is wished. Names are those of the policy, without the quotes that the text may need.
///
/// ```
/// use rolec::edit::{Change, Policy, edit};
/// use rolec::lint::Moment;
/// use rolec::source::{FileId, Sources};
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let change = Change::New { id: "guest", title: Some("Guest"), description: None, from: &["reader"] };
/// let edited = edit(&policy, Some("acme"), &change, |_| true).unwrap();
/// assert!(edited.sources.file(FileId(0)).unwrap().text().contains("    role guest \"Guest\" from reader {"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// A role more, below the last one of its organization.
    New {
        /// Its id.
        id: &'a str,
        /// Its title.
        title: Option<&'a str>,
        /// Its description.
        description: Option<&'a str>,
        /// What it starts from.
        from: &'a [&'a str],
    },
    /// A role more that says what another one says; of a template, one that starts from it.
    Copy {
        /// The role or template.
        role: &'a str,
        /// The id of the new one.
        to: &'a str,
        /// Its title. Two roles of one title are told apart by nobody, so that of the first is not taken over.
        title: Option<&'a str>,
    },
    /// Another name for a role, or for a template of the policy, wherever it is named.
    Rename {
        /// The role or template.
        role: &'a str,
        /// Its new id; the one that it has, where only its title changes.
        to: &'a str,
        /// Its new title; as it is where none is given.
        title: Option<&'a str>,
    },
    /// A role less, with its comments.
    Remove {
        /// The role.
        role: &'a str,
        /// What everybody gets who holds it; it must be said of a role that is assigned.
        replace_with: Option<&'a str>,
        /// What becomes of the lines that speak of it.
        mentions: Mentions,
    },
    /// A role in the hands of principals.
    Assign {
        /// The role or template.
        role: &'a str,
        /// The principals.
        who: &'a [&'a str],
        /// What those of them are that the organization does not know yet.
        kind: PrincipalKind,
        /// In force from here on.
        from: Option<Time>,
        /// No longer in force from here on.
        until: Option<Time>,
        /// Why.
        because: Option<&'a str>,
    },
    /// A role out of the hands of principals.
    Unassign {
        /// The role or template.
        role: &'a str,
        /// The principals.
        who: &'a [&'a str],
        /// Where it is only to end: from when on they do not hold it.
        until: Option<Time>,
    },
}

/// What becomes of the lines that speak of a role which is removed: lines of tests about it, and its name where a forbid
/// passes over it. Without the role they say nothing.
///
/// ```
/// use rolec::edit::{Change, Mentions, Policy, Refusal, edit};
/// use rolec::lint::Moment;
/// use rolec::source::{FileId, Sources};
///
/// let text = "use jumpcloud organization o { role r { } test \"t\" { r cannot command-automation.run-command } }";
/// let policy = Policy::open(Sources::from_iter([("o.role", text)]), Moment::default()).unwrap();
/// let remove = |mentions| edit(&policy, None, &Change::Remove { role: "r", replace_with: None, mentions }, |_| true);
/// assert!(matches!(remove(Mentions::Refuse), Err(Refusal::Rule(rule)) if rule.places.len() == 1));
/// let edited = remove(Mentions::Remove).unwrap();
/// assert_eq!(edited.sources.file(FileId(0)).unwrap().text(), "use jumpcloud organization o { }");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mentions {
    /// Nothing: where there are any, the role stays.
    Refuse,
    /// They go with it.
    Remove,
}

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

/// Why nothing is changed.
///
/// ```
/// use rolec::edit::{Change, Policy, Refusal, edit};
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let add = |id, from| edit(&policy, None, &Change::New { id, title: None, description: None, from }, |_| true);
/// // A name that is not known.
/// let Err(Refusal::Unasked(unasked)) = add("guest", &["raeder"]) else { panic!("there is no such base") };
/// assert!(unasked.sentence().ends_with("did you mean `reader`?"));
/// // A rule of the domain.
/// let Err(Refusal::Rule(rule)) = add("editor", &[]) else { panic!("there is such a role") };
/// assert_eq!(rule.message, "organization `acme` has a role `editor` already");
/// assert_eq!(rule.places[0].text, "role `editor`");
/// // A policy that would not compile.
/// assert!(matches!(add(" ", &[]), Err(Refusal::Broken(after)) if after.findings.has_errors()));
/// ```
#[derive(Debug)]
pub enum Refusal {
    /// A name that the policy does not know, or that may mean several things; a wish that cannot be read.
    Unasked(Unasked),
    /// A rule speaks against it.
    Rule(Box<Rule>),
    /// The policy would have errors.
    Broken(Box<Compilation>),
}

/// A rule that speaks against a change.
///
/// ```
/// use rolec::edit::{Change, Mentions, Policy, Refusal, Rule, Way, edit};
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let change = Change::Remove { role: "editor", replace_with: None, mentions: Mentions::Remove };
/// let Err(Refusal::Rule(rule)) = edit(&policy, None, &change, |_| true) else { panic!("it is assigned") };
/// let Rule { message, places, near, way } = *rule;
/// assert!(message.starts_with("`editor` is assigned in organization `acme`"));
/// assert_eq!(places[0].text, "assigned to `ana@acme.example`, until 2027-01-01");
/// assert_eq!(places[0].place.file.index(), 0);
/// assert_eq!((near, way), (vec!["owner".to_owned(), "reader".to_owned()], Some(Way::Replace)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// One sentence.
    pub message: String,
    /// What stands against it, in the files as they are.
    pub places: Vec<Found>,
    /// Roles to take instead, nearest first.
    pub near: Vec<String>,
    /// What could be said to have it done all the same.
    pub way: Option<Way>,
}

/// What could be said of a role that is removed, to have it done.
///
/// ```
/// use rolec::edit::{Change, Mentions, Policy, Refusal, Way, edit};
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let policy = Policy::open(sources, Moment::default()).unwrap();
/// let change = |replace_with, mentions| Change::Remove { role: "editor", replace_with, mentions };
/// let refused = edit(&policy, None, &change(Some("reader"), Mentions::Refuse), |_| true);
/// assert!(matches!(refused, Err(Refusal::Rule(rule)) if rule.way == Some(Way::Mentions)));
/// assert!(edit(&policy, None, &change(Some("reader"), Mentions::Remove), |_| true).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Which role its holders get.
    Replace,
    /// That the lines which speak of it go too.
    Mentions,
}

/// Something in the text.
///
/// ```
/// use rolec::edit::Found;
/// use rolec::source::{FileId, Place, Span};
///
/// let found = Found { place: Place { file: FileId(0), span: Span::new(0, 4) }, text: "a base of `r`".into() };
/// assert_eq!(found.place.span.end, 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// What it is.
    pub text: String,
}

impl From<Unasked> for Refusal {
    fn from(unasked: Unasked) -> Self {
        Self::Unasked(unasked)
    }
}

impl Refusal {
    fn rule(message: impl Into<String>) -> Self {
        Self::found(message, Vec::new())
    }

    fn found(message: impl Into<String>, places: Vec<Found>) -> Self {
        Self::Rule(Box::new(Rule { message: message.into(), places, ..Rule::default() }))
    }
}

/// The edits of a change, and what is worth knowing of them.
struct Plan<'p> {
    draft: Draft<'p>,
    notes: Vec<String>,
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
    let Plan { draft, mut notes, takes } = plan;
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
    Ok(Edited { organization, sources: fixed.sources, files: fixed.files, compiled, notes })
}
