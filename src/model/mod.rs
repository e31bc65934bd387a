//! The checked policy: names resolved, levels known, bases followed. Data only. Every cell's origin can be told from
//! it: a role keeps its own entries and its bases, and a walk along them finds the line that gave an action.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let model = compiled.model.unwrap();
//! assert_eq!(&*model.organizations[0].forbids[0].title, "deleting and exporting in one hand");
//! assert_eq!(&*model.organizations[0].tests[0].title, "editors delete nothing");
//! ```

use std::sync::Arc;

use crate::catalog::{Catalog, Cells, Row};
use crate::source::Place;
use crate::vocab::{
    Actions, CatalogId, CategoryId, OrganizationKind, OwnRoleId, PrincipalKind, RowId, TemplateId, Time,
    Written,
};

/// A policy without errors.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let acme = &model.organizations[0];
/// assert_eq!(model.catalog(acme.catalog).map(|catalog| &*catalog.id), Some("wiki"));
/// assert_eq!(&*model.roles(acme).own[0].id, "editor");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// What all organizations share.
    pub shared: Arc<Shared>,
    /// The organizations. None knows of another: each is checked by itself.
    pub organizations: Vec<Arc<Organization>>,
}

/// What all organizations share.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// assert_eq!(&*model.shared.catalogs[0].id, "wiki");
/// assert!(model.shared.templates.iter().map(|role| &*role.id).eq(["owner", "reader"]));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The catalogs in use.
    pub catalogs: Arc<Vec<Catalog>>,
    /// The templates.
    pub templates: Vec<Role>,
    /// What may never be held together in any organization.
    pub forbids: Vec<Forbid>,
    /// How many must hold something in each organization.
    pub requires: Vec<Requirement>,
}

/// A role as it is named in one organization, or a template as it is named anywhere.
///
/// ```
/// use rolec::model::RoleRef;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let editor = &model.organizations[0].roles[0];
/// assert!(matches!(editor.bases[0], RoleRef::Template(_)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleRef {
    /// A template.
    Template(TemplateId),
    /// A role of the organization itself.
    Own(OwnRoleId),
}

/// The roles that may be named in one place: all templates, and an organization's own roles.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let acme = &model.organizations[0];
/// let ana = acme.principals.iter().find(|one| &*one.name == "ana@acme.example").unwrap();
/// let roles = model.roles(acme);
/// let held: Vec<&str> =
///     ana.assignments.iter().filter_map(|one| roles.get(one.role)).map(|role| &*role.id).collect();
/// assert!(held.contains(&"editor"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Roles<'m> {
    /// The templates.
    pub templates: &'m [Role],
    /// The roles of the organization; empty where templates speak of each other.
    pub own: &'m [Role],
}

impl<'m> Roles<'m> {
    /// A role or template.
    pub fn get(self, role: RoleRef) -> Option<&'m Role> {
        match role {
            RoleRef::Template(id) => self.templates.get(id.index()),
            RoleRef::Own(id) => self.own.get(id.index()),
        }
    }
}

/// A role or a template.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let acme = &model.organizations[0];
/// let editor = acme.roles.iter().find(|role| &*role.id == "editor").unwrap();
/// assert_eq!(editor.title.as_deref(), Some("Editor"));
/// assert_eq!(model.roles(acme).get(editor.bases[0]).map(|base| &*base.id), Some("reader"));
/// // Wherever it stands, it means the same.
/// assert!(editor.means(&editor.clone()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its `///` lines.
    pub doc: Option<Box<str>>,
    /// Its description.
    pub description: Option<Box<str>>,
    /// The catalog whose rows it sets.
    pub catalog: CatalogId,
    /// Whether it is a default role of its catalog.
    pub is_default: bool,
    /// What it starts from, by id.
    pub bases: Vec<RoleRef>,
    /// Where each of its bases is named.
    pub base_places: Vec<Place>,
    /// What it says itself.
    pub entries: Vec<Entry>,
    /// What it holds, in an organization that has every row. The floors where it is not whole.
    pub cells: Cells,
    /// Whether all that it starts from is known. If not, a finding says why.
    pub is_whole: bool,
    /// Whether nothing is missing that may take away from what it holds: an entry of its own, or of what it starts from,
    /// that could not be read. If not, a finding says where.
    pub is_certain: bool,
    /// Its id in the text.
    pub place: Place,
}

impl Role {
    /// Its own entry that decides a row: the one for the row, else for its category, else for all.
    ///
    /// ```
    /// use rolec::model::Target;
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
    /// let owner = model.shared.templates.iter().find(|role| &*role.id == "owner").unwrap();
    /// let (id, row) = model.shared.catalogs[0].all_rows().next().unwrap();
    /// assert_eq!(owner.entry_for(id, row).map(|entry| entry.target), Some(Target::All));
    /// ```
    pub fn entry_for(&self, id: RowId, row: &Row) -> Option<&Entry> {
        let find = |target: Target| self.entries.iter().find(|entry| entry.target == target);
        find(Target::Row(id)).or_else(|| find(Target::Category(row.category))).or_else(|| find(Target::All))
    }

    /// Whether another role says and holds the same under the same title, wherever it stands.
    pub fn means(&self, other: &Self) -> bool {
        let said = |role: &Self| -> Vec<_> {
            role.entries
                .iter()
                .map(|entry| (entry.target, entry.level.clone(), entry.unconfirmed.clone()))
                .collect()
        };
        self.id == other.id
            && self.title == other.title
            && self.catalog == other.catalog
            && self.is_default == other.is_default
            && self.is_whole == other.is_whole
            && self.is_certain == other.is_certain
            && self.bases == other.bases
            && self.cells == other.cells
            && said(self) == said(other)
    }
}

/// One line of a role.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let editor = &model.organizations[0].roles[0];
/// let levels: Vec<&str> = editor.entries.iter().map(|entry| &*entry.level).collect();
/// assert!(levels.contains(&"create, update"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it sets.
    pub target: Target,
    /// The level, as one writes it. Most entries say one of a few: those that say the same share it.
    pub level: Arc<str>,
    /// The words of the level.
    pub words: Arc<[Box<str>]>,
    /// The line.
    pub place: Place,
    /// The words of the level in the text.
    pub level_place: Place,
    /// What to take out of the text so that the entry is not said.
    pub cut: Place,
    /// How it stands in the text.
    pub written: Written,
    /// What the cell rests on where no public source says it; empty where that is not said either.
    pub unconfirmed: Option<Box<str>>,
}

/// What an entry sets.
///
/// ```
/// use rolec::model::Target;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let owner = model.shared.templates.iter().find(|role| &*role.id == "owner").unwrap();
/// assert_eq!(owner.entries[0].target, Target::All);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// Every row.
    All,
    /// Every row of a category.
    Category(CategoryId),
    /// One row, exactly.
    Row(RowId),
}

/// An organization, with all that is its own.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::vocab::OrganizationKind;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let acme = &model.organizations[0];
/// assert_eq!((&*acme.id, acme.kind), ("acme", OrganizationKind::Direct));
/// assert_eq!((acme.roles.len(), acme.principals.len()), (1, 2));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its `///` lines.
    pub doc: Option<Box<str>>,
    /// Direct or managed.
    pub kind: OrganizationKind,
    /// Its catalog.
    pub catalog: CatalogId,
    /// Its own roles.
    pub roles: Vec<Role>,
    /// Who is named in its assignments.
    pub principals: Vec<Principal>,
    /// What may never be held together in it.
    pub forbids: Vec<Forbid>,
    /// How many in it must hold something.
    pub requires: Vec<Requirement>,
    /// What it asserts of itself.
    pub tests: Vec<Test>,
    /// Its id where it is opened first.
    pub place: Place,
}

/// Somebody or something that holds roles.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::vocab::Time;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let ana = model.organizations[0].principals.iter().find(|one| &*one.name == "ana@acme.example").unwrap();
/// assert_eq!(ana.assignments.len(), 2);
/// // One of them ends.
/// assert_eq!(ana.moments().last().copied(), Some(Time::parse("2027-01-01")?));
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Principal {
    /// The name, compared byte for byte.
    pub name: Box<str>,
    /// A person or a service account.
    pub kind: PrincipalKind,
    /// What is assigned, in the order of the text.
    pub assignments: Vec<Assignment>,
    /// Where it is named first.
    pub place: Place,
}

/// A role in a principal's hands.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::vocab::Time;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let mut all = model.organizations[0].principals.iter().flat_map(|principal| &principal.assignments);
/// let as_editor = all.find(|assignment| assignment.because.as_deref() == Some("HR-12")).unwrap();
/// assert!(as_editor.is_in_force(Time::parse("2026-12-31")?));
/// assert!(!as_editor.is_in_force(Time::parse("2027-01-01")?));
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The role or template.
    pub role: RoleRef,
    /// In force from here on.
    pub from: Option<Time>,
    /// No longer in force from here on.
    pub until: Option<Time>,
    /// Why.
    pub because: Option<Box<str>>,
    /// The principal's name in the assignment.
    pub place: Place,
    /// What to take out of the text so that it is not assigned to the principal.
    pub cut: Place,
}

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

impl Principal {
    /// The moments at which what it holds may change, the beginning of time first.
    pub fn moments(&self) -> Vec<Time> {
        let bounds = self.assignments.iter().flat_map(|assignment| [assignment.from, assignment.until]);
        let mut moments: Vec<Time> = std::iter::once(Time(i64::MIN)).chain(bounds.flatten()).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

impl Assignment {
    /// Whether it is in force at a time: `from` is in, `until` is out.
    pub fn is_in_force(&self, at: Time) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

impl Model {
    /// A catalog.
    pub fn catalog(&self, id: CatalogId) -> Option<&Catalog> {
        self.shared.catalogs.get(id.index())
    }

    /// The roles that may be named in an organization.
    pub fn roles<'m>(&'m self, organization: &'m Organization) -> Roles<'m> {
        Roles { templates: &self.shared.templates, own: &organization.roles }
    }
}
