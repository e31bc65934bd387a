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

mod asserted;
mod principals;
mod rules;

use std::sync::Arc;

use smallvec::SmallVec;

use crate::catalog::{Catalog, Cells, Row};
use crate::source::{Place, Span};
use crate::vocab::{
    CatalogId, CategoryId, OrganizationKind, OwnRoleId, PrincipalKind, RowId, TemplateId, Time, Written,
};

pub use asserted::{Assertion, Claim, Subject, Test};
pub use principals::Principals;
pub use rules::{Condition, Demand, Forbid, Requirement};

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
    pub principals: Principals,
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
    /// What is assigned, in the order of the text: one role for most.
    pub assignments: SmallVec<[Assignment; 1]>,
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
/// let as_editor = all.find(|assignment| assignment.because() == Some("HR-12")).unwrap();
/// assert_eq!((as_editor.from(), as_editor.until()), (None, Some(Time::parse("2027-01-01")?)));
/// assert!(as_editor.is_in_force(Time::parse("2026-12-31")?));
/// assert!(!as_editor.is_in_force(Time::parse("2027-01-01")?));
/// // Whoever takes it out of the text takes out the whole line.
/// assert!(as_editor.cut().span.start < as_editor.place.span.start);
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The role or template.
    pub role: RoleRef,
    /// When and why. Most say nothing of either.
    pub clauses: Option<Box<Clauses>>,
    /// The principal's name in the assignment.
    pub place: Place,
    /// How much before the name and behind it goes with it. Where the assignment moves, this stays.
    pub(crate) beside: [u32; 2],
}

/// What an assignment says of when it is in force, and of why.
///
/// ```
/// use rolec::model::Clauses;
/// use rolec::vocab::Time;
///
/// let until = Some(Time::parse("2027-01-01")?);
/// assert_eq!(Clauses::of(None, until, None).unwrap().until, until);
/// assert_eq!(Clauses::of(None, None, None), None);
/// assert_eq!(Clauses::NONE.because, None);
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clauses {
    /// In force from here on.
    pub from: Option<Time>,
    /// No longer in force from here on.
    pub until: Option<Time>,
    /// Why.
    pub because: Option<Box<str>>,
}

impl Clauses {
    /// Nothing is said.
    pub const NONE: Self = Self { from: None, until: None, because: None };

    /// These clauses; none where nothing is said.
    pub fn of(from: Option<Time>, until: Option<Time>, because: Option<Box<str>>) -> Option<Box<Self>> {
        let is_said = from.is_some() || until.is_some() || because.is_some();
        is_said.then(|| Box::new(Self { from, until, because }))
    }
}

impl Principal {
    /// The moments at which what it holds may change, the beginning of time first.
    pub fn moments(&self) -> Vec<Time> {
        let bounds = self.assignments.iter().flat_map(|assignment| [assignment.from(), assignment.until()]);
        let mut moments: Vec<Time> = std::iter::once(Time(i64::MIN)).chain(bounds.flatten()).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

impl Assignment {
    /// The assignment of a role to whom a place names, and what to take out of the text so that it is none.
    pub(crate) fn new(role: RoleRef, clauses: Option<Box<Clauses>>, place: Place, cut: Place) -> Self {
        let before = place.span.start.saturating_sub(cut.span.start);
        Self { role, clauses, place, beside: [before, cut.span.end.saturating_sub(place.span.end)] }
    }

    /// In force from here on.
    pub fn from(&self) -> Option<Time> {
        self.clauses.as_ref()?.from
    }

    /// No longer in force from here on.
    pub fn until(&self) -> Option<Time> {
        self.clauses.as_ref()?.until
    }

    /// Why.
    pub fn because(&self) -> Option<&str> {
        self.clauses.as_ref()?.because.as_deref()
    }

    /// What to take out of the text so that it is not assigned to the principal.
    pub fn cut(&self) -> Place {
        let (Span { start, end }, [before, behind]) = (self.place.span, self.beside);
        Place {
            file: self.place.file,
            span: Span::new(start.saturating_sub(before), end.saturating_add(behind)),
        }
    }

    /// Whether it is in force at a time: `from` is in, `until` is out.
    pub fn is_in_force(&self, at: Time) -> bool {
        self.from().is_none_or(|from| from <= at) && self.until().is_none_or(|until| at < until)
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
