//! What may be wished of a policy's roles and assignments. Says nothing of how it is done, nor of whether it may be.

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

/// What becomes of the lines that speak of a role which is removed: lines of tests about it, its columns in their tables,
/// and its name behind `only` and where a forbid or a requirement passes over it.
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
