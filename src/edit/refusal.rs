//! Why a change is not made: a name, a rule, or the policy that it would make. Data only.

use crate::pipeline::Compilation;
use crate::source::Place;
use crate::tools::ask::Unasked;

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
    /// What stands against it, in the files as they were compiled: those that were given, and the built-in ones.
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
    /// That what speaks of it goes too.
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
    pub(super) fn rule(message: impl Into<String>) -> Self {
        Self::found(message, Vec::new())
    }

    pub(super) fn found(message: impl Into<String>, places: Vec<Found>) -> Self {
        Self::Rule(Box::new(Rule { message: message.into(), places, ..Rule::default() }))
    }
}
