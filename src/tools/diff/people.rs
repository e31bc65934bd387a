//! What became of people: which roles they hold otherwise, and which rights, from when until when. What is found is here;
//! `changes` looks for it, and `sweep` goes through time for one of them.

mod changes;
mod sweep;

pub(super) use self::changes::{People, Roles};

use std::sync::Arc;

use crate::table::{Principal, Role, Row};
use crate::tools::diff::periods::Period;
use crate::tools::diff::sides::Sides;
use crate::vocab::Actions;

/// What became of somebody in an organization.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let [ana] = &found.organizations[0].people[..] else { panic!("only she is concerned") };
/// assert_eq!(ana.principal.latest().map(|principal| principal.name()), Some("ana@acme.example"));
/// assert!(ana.gains() && !ana.loses() && !ana.is_other_kind());
/// ```
#[derive(Clone, Debug)]
pub struct PersonChange<'t> {
    /// Who.
    pub principal: Sides<Principal<'t>>,
    /// What came and went. Of people to whom the same happens it is the same.
    pub effect: Arc<Effect<'t>>,
}

impl PersonChange<'_> {
    /// Whether a right was gained, at any moment.
    pub fn gains(&self) -> bool {
        self.effect.spans().any(|span| !span.gained.is_empty())
    }

    /// Whether a right was lost, at any moment.
    pub fn loses(&self) -> bool {
        self.effect.spans().any(|span| !span.lost.is_empty())
    }

    /// Whether a person became a service account, or the other way round.
    pub fn is_other_kind(&self) -> bool {
        self.principal.map(Principal::kind).both().is_some_and(|(old, new)| old != new)
    }
}

/// What comes and goes for somebody.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let effect = &diff(&old, &new).organizations[0].people[0].effect;
/// assert_eq!((effect.roles.len(), effect.rights.len()), (1, 3));
/// // As an editor she writes in spaces, of which she is a reader all the same.
/// let levels: Vec<String> = effect.spans().map(|span| span.gained.count().to_string()).collect();
/// assert_eq!(levels, ["1", "2", "1"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Effect<'t> {
    /// The roles that are held at other times.
    pub roles: Vec<HeldChange<'t>>,
    /// The rows of which something else is held, in the order of the new catalog.
    pub rights: Vec<RightChange<'t>>,
}

impl<'t> Effect<'t> {
    /// Every stretch of time in which something of a row is gained or lost.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        self.rights.iter().flat_map(|right| &right.spans)
    }

    fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.rights.is_empty()
    }
}

/// A role that somebody holds at other times.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let held = &diff(&old, &new).organizations[0].people[0].effect.roles[0];
/// assert_eq!(held.role.latest().map(|role| role.id()), Some("editor"));
/// assert_eq!((held.gained[0].to_string().as_str(), held.lost.len()), ("from 2027-01-01 until 2027-02-01", 0));
/// ```
#[derive(Clone, Debug)]
pub struct HeldChange<'t> {
    /// The role.
    pub role: Sides<Role<'t>>,
    /// When it is held and was not.
    pub gained: Vec<Period>,
    /// When it was held and is not any more.
    pub lost: Vec<Period>,
}

/// A row of which somebody holds something else.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("members: view", "members: manage");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let right = &found.organizations[0].people[0].effect.rights[0];
/// assert_eq!(right.row.latest().map(|row| row.id()), Some("members"));
/// assert!(!right.is_of_catalog);
/// assert_eq!(right.spans[0].period.to_string(), "until 2027-01-01");
/// ```
#[derive(Clone, Debug)]
pub struct RightChange<'t> {
    /// The row; on one side only where the other catalog lacks it.
    pub row: Sides<Row<'t>>,
    /// When what is gained and lost, in order.
    pub spans: Vec<Span>,
    /// Whether it comes of another catalog alone. Never of somebody who is on one side only.
    pub is_of_catalog: bool,
}

/// A stretch of time in which what is held of a row is not what was held.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("members: view", "members: none");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let span = found.organizations[0].people[0].effect.rights[0].spans[0];
/// assert_eq!((span.old, span.new.is_empty()), (span.lost, true));
/// assert!(span.gained.is_empty() && span.period.from.is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When.
    pub period: Period,
    /// What was held, in the numbers of the old row.
    pub old: Actions,
    /// What is held, in the numbers of the new one.
    pub new: Actions,
    /// What is gained, in the numbers of the new row.
    pub gained: Actions,
    /// What is lost, in the numbers of the old one.
    pub lost: Actions,
}
