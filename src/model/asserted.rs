//! The tests of a policy: what it asserts of itself, line by line, and whom a line speaks of. Asks no table.

use crate::model::{Organization, RoleRef, Shared};
use crate::source::Place;
use crate::vocab::{Actions, OwnRoleId, RowId, TemplateId, Time};

/// What the policy asserts of itself.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let test = &model.organizations[0].tests[0];
/// assert_eq!(&*test.title, "editors delete nothing");
/// assert_eq!(test.assertions.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What it shows.
    pub title: Box<str>,
    /// Its lines.
    pub assertions: Vec<Assertion>,
    /// Its title in the text.
    pub place: Place,
}

/// One line of a test, or one cell of a table in it.
///
/// ```
/// use rolec::model::Claim;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let cannot = &model.organizations[0].tests[0].assertions[1];
/// assert_eq!(&*cannot.text, "editor cannot content.pages: delete");
/// assert!(matches!(cannot.claim, Claim::Cannot(_)) && cannot.at.is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Assertion {
    /// The line as written; of a cell what it says.
    pub text: Box<str>,
    /// What is asserted of whom.
    pub claim: Claim,
    /// The row.
    pub row: RowId,
    /// Sets of actions. After `can` and `cannot` each is asked by itself; of `only` and of a cell there is one.
    pub asked: Vec<Actions>,
    /// The level as it is said, word by word; none where none is.
    pub words: Box<[Box<str>]>,
    /// Whether no level was said.
    pub is_bare: bool,
    /// Whether all of the row is asked for: no level was said, or `full`.
    pub is_whole: bool,
    /// When; at every moment where it is not said.
    pub at: Option<Time>,
    /// The line.
    pub place: Place,
    /// What to take out of the text so that it is not asserted; none for a cell, without which its row is none.
    pub cut: Option<Place>,
}

/// What is asserted of whom.
///
/// ```
/// use rolec::model::Claim;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let text = rolec::example::POLICY.replace("editor cannot", "only owner can");
/// let model = compile(Sources::from_iter([("acme.role", text)])).model.unwrap();
/// let only = &model.organizations[0].tests[0].assertions[1];
/// let Claim::OnlyRoles(roles) = &only.claim else { panic!("roles are listed") };
/// assert_eq!((roles.len(), only.claim.subject()), (1, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Each of the sets is held.
    Can(Subject),
    /// None of the sets is held.
    Cannot(Subject),
    /// Just this set is held, and nothing beyond: a cell of a table.
    Exactly(Subject),
    /// These roles and templates hold the set, and no other that may be assigned in the organization. Sorted.
    OnlyRoles(Vec<RoleRef>),
    /// These principals hold the set, by position in their organization, and nobody else. Sorted.
    OnlyPrincipals(Vec<usize>),
}

impl Claim {
    /// Whom it is about, where that is one.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Can(subject) | Self::Cannot(subject) | Self::Exactly(subject) => Some(*subject),
            Self::OnlyRoles(_) | Self::OnlyPrincipals(_) => None,
        }
    }

    /// Whom it names.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let text = rolec::example::POLICY.replace("editor cannot", "only owner, editor can");
    /// let model = compile(Sources::from_iter([("acme.role", text)])).model.unwrap();
    /// let test = &model.organizations[0].tests[0];
    /// let counts: Vec<usize> = test.assertions.iter().map(|line| line.claim.named().len()).collect();
    /// assert_eq!(counts, [1, 2]);
    /// ```
    pub fn named(&self) -> Vec<Subject> {
        self.each_named().collect()
    }

    #[doc(hidden)] // the same one by one, for what asks it of every line of a policy
    pub fn each_named(&self) -> impl Iterator<Item = Subject> {
        let (roles, principals): (&[RoleRef], &[usize]) = match self {
            Self::OnlyRoles(roles) => (roles, &[]),
            Self::OnlyPrincipals(all) => (&[], all),
            Self::Can(_) | Self::Cannot(_) | Self::Exactly(_) => (&[], &[]),
        };
        let roles = roles.iter().copied().map(Subject::Role);
        self.subject().into_iter().chain(roles).chain(principals.iter().copied().map(Subject::Principal))
    }

    #[doc(hidden)] // a part of `is_so`, and of the tools that ask whom a failure is about
    /// Whether it says of somebody, of all whom it speaks of, that something is held.
    pub fn grants(&self, subject: Subject) -> bool {
        match (self, subject) {
            (Self::Can(_) | Self::Exactly(_), _) => true,
            (Self::Cannot(_), _) => false,
            (Self::OnlyRoles(roles), Subject::Role(role)) => roles.binary_search(&role).is_ok(),
            (Self::OnlyPrincipals(all), Subject::Principal(at)) => all.binary_search(&at).is_ok(),
            (Self::OnlyRoles(_) | Self::OnlyPrincipals(_), _) => false,
        }
    }

    #[doc(hidden)] // a part of the tools that try changes
    /// Whether it speaks of somebody of its organization: by name, or as of one who is left out of `only`.
    pub fn speaks_of(&self, subject: Subject) -> bool {
        match (self, subject) {
            (Self::OnlyRoles(_), Subject::Role(_)) | (Self::OnlyPrincipals(_), Subject::Principal(_)) => true,
            _ => self.subject() == Some(subject),
        }
    }
}

impl Assertion {
    /// Whether what it says of somebody is so, where so much of its row is held at a moment that it speaks of.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::vocab::Actions;
    ///
    /// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
    /// let cannot = &model.organizations[0].tests[0].assertions[1];
    /// let editor = cannot.claim.subject().unwrap();
    /// assert!(cannot.is_so(editor, Actions::NONE));
    /// assert!(!cannot.is_so(editor, cannot.asked[0]));
    /// ```
    pub fn is_so(&self, subject: Subject, held: Actions) -> bool {
        match self.claim {
            Claim::Exactly(_) => self.asked.iter().all(|asked| *asked == held),
            _ => {
                let grants = self.claim.grants(subject);
                self.asked.iter().all(|asked| held.contains(*asked) == grants)
            }
        }
    }
}

/// Who an assertion is about.
///
/// ```
/// use rolec::model::Subject;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let subject = model.organizations[0].tests[0].assertions[0].claim.subject();
/// let Some(Subject::Role(role)) = subject else { panic!("a role is asked about") };
/// let acme = &model.organizations[0];
/// assert_eq!(model.roles(acme).get(role).map(|role| &*role.id), Some("editor"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A principal, by position in its organization.
    Principal(usize),
    /// A role or template.
    Role(RoleRef),
}

impl Organization {
    /// Everybody whom a line of its tests speaks of: the one whom it names, or, of `only`, all of the sort. Of the
    /// templates those of its catalog: they may be assigned.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let text = rolec::example::POLICY.replace("editor cannot", "only owner can");
    /// let model = compile(Sources::from_iter([("acme.role", text)])).model.unwrap();
    /// let acme = &model.organizations[0];
    /// let spoken_of = |line: usize| acme.spoken_of(&model.shared, &acme.tests[0].assertions[line].claim).len();
    /// // One role by name; and of `only` all that may be assigned: `editor`, `owner` and `reader`.
    /// assert_eq!((spoken_of(0), spoken_of(1)), (1, 3));
    /// ```
    pub fn spoken_of(&self, shared: &Shared, claim: &Claim) -> Vec<Subject> {
        match claim {
            Claim::OnlyRoles(_) => {
                let templates = shared.templates.iter().enumerate();
                let templates = templates.filter(|(_, role)| role.catalog == self.catalog);
                let templates = templates.map(|(at, _)| RoleRef::Template(TemplateId::at(at)));
                let own = (0..self.roles.len()).map(|at| RoleRef::Own(OwnRoleId::at(at)));
                templates.chain(own).map(Subject::Role).collect()
            }
            Claim::OnlyPrincipals(_) => (0..self.principals.len()).map(Subject::Principal).collect(),
            _ => claim.named(),
        }
    }
}
