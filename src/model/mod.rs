//! The checked policy: names resolved, levels known, bases followed. Data only. Every cell's origin can be told from
//! it: a role keeps its own entries and its bases, and a walk along them finds the line that gave an action.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let model = compiled.model.unwrap();
//! assert_eq!(&*model.forbids[0].title, "deleting and exporting in one hand");
//! assert_eq!(&*model.tests[0].title, "editors delete nothing");
//! ```

use crate::catalog::{Catalog, Cells};
use crate::source::Place;
use crate::vocab::{
    Actions, CatalogId, CategoryId, Decision, OrganizationId, OrganizationKind, PrincipalKind, RoleId, RowId,
    Time,
};

/// A policy without errors.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::vocab::{Actions, OrganizationId, OrganizationKind};
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let acme = model.organization(OrganizationId(0)).unwrap();
/// let wiki = model.catalog(acme.catalog).unwrap();
/// let owner = model.roles.iter().find(|role| &*role.id == "owner").unwrap();
/// let (tenants, _) = wiki.all_rows().find(|(_, row)| &*row.id == "tenants").unwrap();
///
/// // Everything, in an organization that has the row.
/// assert_eq!(model.held(owner, tenants, OrganizationKind::Managed), Actions::first(1));
/// assert_eq!(model.held(owner, tenants, acme.kind), Actions::NONE);
/// assert_eq!(model.role(acme.roles[0]).map(|role| &*role.id), Some("editor"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The catalogs in use.
    pub catalogs: Vec<Catalog>,
    /// Templates and roles.
    pub roles: Vec<Role>,
    /// Organizations.
    pub organizations: Vec<Organization>,
    /// What may never be held together.
    pub forbids: Vec<Forbid>,
    /// What the policy asserts of itself.
    pub tests: Vec<Test>,
}

/// Whose a role is.
///
/// ```
/// use rolec::model::Home;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let templates = model.roles.iter().filter(|role| matches!(role.home, Home::Template(_)));
/// assert!(templates.map(|role| &*role.id).eq(["owner", "reader"]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Home {
    /// A template: any organization of the catalog may assign it.
    Template(CatalogId),
    /// A role of one organization.
    Organization(OrganizationId),
}

/// A role or a template.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let editor = model.roles.iter().find(|role| &*role.id == "editor").unwrap();
/// assert_eq!(editor.title.as_deref(), Some("Editor"));
/// assert_eq!(model.role(editor.bases[0]).map(|base| &*base.id), Some("reader"));
/// ```
#[derive(Clone, Debug)]
pub struct Role {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its `///` lines.
    pub doc: Option<Box<str>>,
    /// Its description.
    pub description: Option<Box<str>>,
    /// Whose it is.
    pub home: Home,
    /// The catalog whose rows it sets.
    pub catalog: CatalogId,
    /// Whether it is a default role of its catalog.
    pub is_default: bool,
    /// What it starts from, by id.
    pub bases: Vec<RoleId>,
    /// What it says itself.
    pub entries: Vec<Entry>,
    /// What it holds, in an organization that has every row.
    pub cells: Cells,
    /// Its id in the text.
    pub place: Place,
}

/// One line of a role.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let editor = model.roles.iter().find(|role| &*role.id == "editor").unwrap();
/// let levels: Vec<&str> = editor.entries.iter().map(|entry| &*entry.level).collect();
/// assert!(levels.contains(&"create, update"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it sets.
    pub target: Target,
    /// The level, as written.
    pub level: Box<str>,
    /// The words of the level.
    pub words: Vec<Box<str>>,
    /// The line.
    pub place: Place,
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
/// let owner = model.roles.iter().find(|role| &*role.id == "owner").unwrap();
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

/// An organization.
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
#[derive(Clone, Debug)]
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
    pub roles: Vec<RoleId>,
    /// Who is named in its assignments.
    pub principals: Vec<Principal>,
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
#[derive(Clone, Debug)]
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
    pub role: RoleId,
    /// In force from here on.
    pub from: Option<Time>,
    /// No longer in force from here on.
    pub until: Option<Time>,
    /// Why.
    pub because: Option<Box<str>>,
    /// The principal's name in the assignment.
    pub place: Place,
}

/// What may never be held together.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let forbid = &model.forbids[0];
/// assert_eq!(forbid.conditions.len(), 2);
/// let passed_over = forbid.exceptions.iter().filter_map(|id| model.role(*id));
/// assert!(passed_over.map(|role| &*role.id).eq(["owner"]));
/// ```
#[derive(Clone, Debug)]
pub struct Forbid {
    /// What it is for.
    pub title: Box<str>,
    /// The organization; none for each by itself.
    pub organization: Option<OrganizationId>,
    /// The catalog whose rows it names.
    pub catalog: CatalogId,
    /// The roles and templates that it passes over.
    pub exceptions: Vec<RoleId>,
    /// The actions that together break it.
    pub conditions: Vec<(RowId, Actions)>,
    /// Its title in the text.
    pub place: Place,
}

/// What the policy asserts of itself.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let test = &model.tests[0];
/// assert_eq!(&*test.title, "editors delete nothing");
/// assert_eq!(test.assertions.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Test {
    /// What it shows.
    pub title: Box<str>,
    /// The organization.
    pub organization: OrganizationId,
    /// Its lines.
    pub assertions: Vec<Assertion>,
    /// Its title in the text.
    pub place: Place,
}

/// One line of a test.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::vocab::Decision;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let cannot = &model.tests[0].assertions[1];
/// assert_eq!(&*cannot.text, "editor cannot content.pages: delete");
/// assert_eq!((cannot.verdict, cannot.at), (Decision::Deny, None));
/// ```
#[derive(Clone, Debug)]
pub struct Assertion {
    /// The line as written.
    pub text: Box<str>,
    /// Who.
    pub subject: Subject,
    /// What is asserted: allow for `can`, deny for `cannot`.
    pub verdict: Decision,
    /// The row.
    pub row: RowId,
    /// Sets of actions: `can` asserts that each is held, `cannot` that none is.
    pub asked: Vec<Actions>,
    /// Whether no level was said.
    pub is_bare: bool,
    /// When; at every moment where it is not said.
    pub at: Option<Time>,
    /// The line.
    pub place: Place,
}

/// Who an assertion is about.
///
/// ```
/// use rolec::model::Subject;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let Subject::Role(role) = model.tests[0].assertions[0].subject else { panic!("a role is asked about") };
/// assert_eq!(model.role(role).map(|role| &*role.id), Some("editor"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A principal, by position in its organization.
    Principal(usize),
    /// A role or template.
    Role(RoleId),
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
    /// An organization.
    pub fn organization(&self, id: OrganizationId) -> Option<&Organization> {
        self.organizations.get(id.index())
    }

    /// A role.
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        self.roles.get(id.index())
    }

    /// A catalog.
    pub fn catalog(&self, id: CatalogId) -> Option<&Catalog> {
        self.catalogs.get(id.index())
    }

    /// What a role holds of a row in an organization of a kind: what its cells say, and nothing of a row that such
    /// an organization does not have.
    pub fn held(&self, role: &Role, row: RowId, kind: OrganizationKind) -> Actions {
        let Some(row) = self.catalog(role.catalog).and_then(|catalog| catalog.row(row)) else {
            return Actions::NONE;
        };
        if row.only_managed && kind == OrganizationKind::Direct { Actions::NONE } else { role.cells.get(row) }
    }
}
