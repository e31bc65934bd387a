//! The rules of a policy: what may never be held together, and how many must hold something. Says what they are, and never
//! whether they hold.

use crate::source::Place;
use crate::vocab::{Actions, CatalogId, RowId, Time};

/// What may never be held together.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let forbid = &model.organizations[0].forbids[0];
/// assert_eq!(forbid.conditions.len(), 2);
/// assert!(forbid.exceptions.iter().map(|id| &**id).eq(["owner"]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Forbid {
    /// What it is for.
    pub title: Box<str>,
    /// The catalog whose rows it names.
    pub catalog: CatalogId,
    /// The ids of the roles and templates that it passes over, in whatever organization they are.
    pub exceptions: Vec<Box<str>>,
    /// What breaks it where all of it is held together.
    pub conditions: Vec<Condition>,
    /// Its title in the text.
    pub place: Place,
}

/// Actions of a row that somebody holds, in a forbid or a requirement.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let condition = &model.organizations[0].forbids[0].conditions[0];
/// assert_eq!(condition.words.len(), 1);
/// assert!(!condition.actions.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The row.
    pub row: RowId,
    /// The actions, all of them together.
    pub actions: Actions,
    /// The level as it is said, word by word: `full` means more once the row has more.
    pub words: Box<[Box<str>]>,
}

/// How many must hold something, at every moment or in a stretch of time.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let text = format!(r#"{} require "one edits" at least 1 {{ role owner }}"#, rolec::example::POLICY);
/// let compiled = compile(Sources::from_iter([("acme.role", text)]));
/// // Nobody is assigned it.
/// let finding = compiled.findings.errors().next().unwrap();
/// assert!(finding.message.starts_with("too few hold what \"one edits\" requires"), "{}", finding.message);
/// assert!(compiled.model.is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// What it is for.
    pub title: Box<str>,
    /// The catalog whose rows it names.
    pub catalog: CatalogId,
    /// No fewer people.
    pub least: Option<u32>,
    /// No more people and service accounts.
    pub most: Option<u32>,
    /// From this moment on.
    pub from: Option<Time>,
    /// Not any more from this moment on.
    pub until: Option<Time>,
    /// The ids of the roles and templates that it passes over.
    pub exceptions: Vec<Box<str>>,
    /// What has to be held, all of it together.
    pub demands: Vec<Demand>,
    /// Its title in the text.
    pub place: Place,
}

/// What has to be held.
///
/// ```
/// use rolec::model::Demand;
///
/// let super_admin = Demand::Role("admin-with-billing".into());
/// assert_ne!(super_admin, Demand::Role("admin".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Actions of a row.
    Row(Condition),
    /// A role or template of this id, in whatever organization it is.
    Role(Box<str>),
}

impl Requirement {
    #[doc(hidden)] // what a renamed role is held against
    /// The ids of the roles that it names.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let held = self.demands.iter().filter_map(|demand| match demand {
            Demand::Role(id) => Some(&**id),
            Demand::Row(_) => None,
        });
        self.exceptions.iter().map(|id| &**id).chain(held)
    }

    #[doc(hidden)] // a part of `workspace`
    /// Whether another says the same, wherever it stands.
    pub fn means(&self, other: &Self) -> bool {
        Self { place: other.place, ..self.clone() } == *other
    }
}
