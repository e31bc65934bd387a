//! What differs between two policies, by cell and by person. Works on two tables alone, whatever they come from, and
//! matches what is in them by names: how a policy is written is no difference, and neither is in which order. Says nothing
//! in words, and not why: those are `render`'s, which asks `explain`.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//! use rolec::tools::diff::diff;
//!
//! let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
//! let later = rolec::example::POLICY.replace("pages: create, update", "pages: create, delete");
//! let (old, new) = (table(rolec::example::POLICY), table(&later));
//! let found = diff(&old, &new);
//! let cell = &found.organizations[0].roles[0].cells[0];
//! let row = cell.row.latest().unwrap();
//! assert_eq!((row.id(), row.shape().level(cell.gained), row.shape().level(cell.lost)), ("pages", "delete".into(), "update".into()));
//! // Two people are editors, one of them for a time.
//! assert_eq!((found.counts().people, found.widens()), (2, true));
//! assert!(diff(&old, &old).is_empty());
//! ```

pub mod catalogs;

mod count;
mod people;
mod periods;
mod roles;
mod rows;
mod sides;

pub use self::count::Counts;
pub use self::people::{Effect, HeldChange, PersonChange, RightChange, Span};
pub use self::periods::Period;
pub use self::roles::{CellChange, RoleChange};
pub use self::rows::Renamed;
pub use self::sides::Sides;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use self::catalogs::{Comparison, Difference, Field, Said, differences};
use self::people::{People, Roles};
use self::roles::{EVERY_ROW, Kinds, Scope};
use self::rows::Rows;
use self::sides::Unpaired;
use crate::table::{Catalog, Organization, Role, Table};
use crate::vocab::{CatalogId, OrganizationKind, RoleId, Time};

/// What differs between two policies.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::diff::diff;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let found = diff(&table, &table);
/// assert!(found.is_empty() && !found.widens());
/// assert_eq!(found.counts().cells, 0);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Diff<'t> {
    /// The policy before.
    pub old: &'t Table,
    /// The policy after.
    pub new: &'t Table,
    /// The one moment that people are compared at; none where they are at all moments.
    pub at: Option<Time>,
    /// The catalogs that differ, by id.
    pub catalogs: Vec<CatalogChange<'t>>,
    /// The templates that differ, by id, each with the cells that a managed organization sees of it.
    pub templates: Vec<RoleChange<'t>>,
    /// The organizations in which something differs, by id.
    pub organizations: Vec<OrganizationChange<'t>>,
}

/// What became of a catalog. Its default roles are told with the other templates.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("export: flag", "export: flag { escalating }");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let catalog = &diff(&old, &new).catalogs[0];
/// assert_eq!(catalog.catalog.latest().map(|catalog| catalog.id()), Some("wiki"));
/// assert_eq!(catalog.comparison.as_ref().map(|found| found.rows.len()), Some(1));
/// ```
#[derive(Clone, Debug)]
pub struct CatalogChange<'t> {
    /// The catalog.
    pub catalog: Sides<Catalog<'t>>,
    /// What differs where both have it, without the rows that were renamed.
    pub comparison: Option<Comparison<'t>>,
    /// The rows that were renamed, in the order of the new catalog.
    pub renamed: Vec<Renamed<'t>>,
}

/// What became of an organization, and of what is in it.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::{catalogs::Field, diff};
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("\"Acme Corp\" direct", "\"Acme Corp\" managed");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let acme = &diff(&old, &new).organizations[0];
/// assert_eq!(acme.said[0].field, Field::Kind);
/// // The owner is a template: it has another row here now, and nowhere else.
/// assert_eq!(acme.roles[0].role.latest().map(|role| role.id()), Some("owner"));
/// assert!(acme.people.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct OrganizationChange<'t> {
    /// The organization.
    pub organization: Sides<Organization<'t>>,
    /// What it says of itself otherwise: title, `///` lines, kind, catalog.
    pub said: Vec<Difference<'t>>,
    /// Its own roles that differ, by id, those that are gone last. Where it sees other rows of the templates, for its
    /// kind or its catalog differs or for what its catalog keeps for managed ones, then the templates of which it sees
    /// other cells.
    pub roles: Vec<RoleChange<'t>>,
    /// The people for whom something differs, by name.
    pub people: Vec<PersonChange<'t>>,
}

/// What differs between two policies, at all moments.
///
/// Everything is matched by its name: catalogs, organizations and principals by theirs, rows by category and id, roles
/// by id. What is left over on both sides is paired where one thing only fits one other:
///
/// - rows and roles whose ids differ by case or Unicode form only, where the catalog takes that for no difference;
/// - roles of one organization, or templates of one catalog, of the same title;
/// - roles there that hold the same of what both catalogs have, where more than half of all who hold either hold both, or
///   where nobody holds either;
/// - rows of one category with the same title and levels; rows of the same id and levels in other categories.
///
/// A template is told once, and not again in each organization. The lines of a role, its bases, and the reasons of
/// assignments are no difference, nor is by how many assignments somebody has a role.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let wordy = "assign editor to \"ana@acme.example\" until 2026-12-01
///     assign editor to \"ana@acme.example\" from 2026-11-01 until 2027-01-01";
/// let later = rolec::example::POLICY
///     .replace("assign editor to \"ana@acme.example\" until 2027-01-01 because \"HR-12\"", wordy);
/// assert_ne!(later, rolec::example::POLICY);
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// assert!(diff(&old, &new).is_empty());
/// ```
pub fn diff<'t>(old: &'t Table, new: &'t Table) -> Diff<'t> {
    Comparing::new(old, new, None).all()
}

/// What differs between two policies, people compared at one moment only.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff_at;
/// use rolec::vocab::Time;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// assert!(diff_at(&old, &new, Time::parse("2026-12-31")?).is_empty());
/// assert!(diff_at(&old, &new, Time::parse("2027-01-01")?).widens());
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
pub fn diff_at<'t>(old: &'t Table, new: &'t Table, at: Time) -> Diff<'t> {
    Comparing::new(old, new, Some(at)).all()
}

/// Two tables while they are compared.
struct Comparing<'t> {
    old: &'t Table,
    new: &'t Table,
    at: Option<Time>,
    /// The rows of two catalogs, found once.
    rows: BTreeMap<Sides<CatalogId>, Rc<Rows<'t>>>,
    roles: Roles,
}

impl<'t> Comparing<'t> {
    fn new(old: &'t Table, new: &'t Table, at: Option<Time>) -> Self {
        Self { old, new, at, rows: BTreeMap::new(), roles: Roles::default() }
    }

    fn all(mut self) -> Diff<'t> {
        let catalogs = self.catalogs();
        let (templates, told) = self.templates();
        let sides = joined(self.old.organizations(), self.new.organizations(), |one| one.id());
        let organizations =
            sides.into_iter().filter_map(|sides| self.organization(sides, &templates)).collect();
        let Self { old, new, at, .. } = self;
        Diff { old, new, at, catalogs, templates: told, organizations }
    }

    fn catalogs(&mut self) -> Vec<CatalogChange<'t>> {
        let mut found = Vec::new();
        for catalog in joined(self.old.catalogs(), self.new.catalogs(), |one| one.id()) {
            let (rows, renamed) = Rows::of(catalog);
            self.rows.insert(catalog.map(Catalog::key), Rc::new(rows));
            let comparison = catalog.both().map(|(old, new)| {
                let mut comparison = catalogs::of_access(old, new);
                comparison.pass_over(&renamed);
                comparison
            });
            let is_same = comparison.as_ref().is_some_and(Comparison::is_empty) && renamed.is_empty();
            if !is_same {
                found.push(CatalogChange { catalog, comparison, renamed });
            }
        }
        found
    }

    fn rows(&mut self, catalog: Sides<Catalog<'t>>) -> Rc<Rows<'t>> {
        let rows = self.rows.entry(catalog.map(Catalog::key));
        rows.or_insert_with(|| Rc::new(Rows::of(catalog).0)).clone()
    }

    /// All templates, and those of them that differ.
    fn templates(&mut self) -> (Vec<Sides<Role<'t>>>, Vec<RoleChange<'t>>) {
        let mut all = Vec::new();
        let mut left: BTreeMap<&'t str, Unpaired<RoleId>> = BTreeMap::new();
        let group = || Unpaired { old: Vec::new(), new: Vec::new() };
        for role in joined(self.old.templates(), self.new.templates(), |one| one.id()) {
            match (role.old, role.new) {
                (Some(old), None) => left.entry(old.catalog().id()).or_insert_with(group).old.push(old.key()),
                (None, Some(new)) => left.entry(new.catalog().id()).or_insert_with(group).new.push(new.key()),
                _ => all.push(role),
            }
        }
        for (catalog, mut left) in left {
            let of = |table: &'t Table| table.catalog(catalog).and_then(|key| table.catalog_view(key));
            let catalogs = Sides { old: of(self.old), new: of(self.new) };
            let within = |table: &'t Table| {
                table.organizations().filter(|organization| organization.catalog().id() == catalog).collect()
            };
            let organizations = Sides { old: Some(within(self.old)), new: Some(within(self.new)) };
            let rows = self.rows(catalogs);
            let scope = Scope { catalogs, rows: &rows, organizations };
            all.extend(self.pair(&mut left, &scope));
        }
        let mut told = Vec::new();
        for role in &all {
            let rows = self.rows(self.counterparts(role.map(Role::catalog)));
            self.tell(roles::change(*role, &rows, EVERY_ROW), &mut told);
        }
        told.sort_by_key(order);
        (all, told)
    }

    /// Keeps a role for the people who hold it, and what became of it where that is anything.
    fn tell(&mut self, change: RoleChange<'t>, told: &mut Vec<RoleChange<'t>>) {
        let is_other = change.role.both().is_none() || !change.cells.is_empty();
        self.roles.push(change.role.map(Role::key), is_other);
        if is_other || change.is_told_itself() {
            told.push(change);
        }
    }

    /// What has no counterpart of its id, each with the one that it was paired with.
    fn pair(&self, left: &mut Unpaired<RoleId>, scope: &Scope<'_, 't>) -> Vec<Sides<Role<'t>>> {
        let (old, new) = (|key| self.old.role_view(key), |key| self.new.role_view(key));
        let views = Sides {
            old: Some(left.old.iter().filter_map(|key| Some((*key, old(*key)?))).collect::<HashMap<_, _>>()),
            new: Some(left.new.iter().filter_map(|key| Some((*key, new(*key)?))).collect::<HashMap<_, _>>()),
        };
        let pairs = roles::renamed(left, &views, scope);
        let mut all: Vec<Sides<Role<'t>>> =
            pairs.into_iter().map(|(was, is)| Sides { old: old(was), new: new(is) }).collect();
        all.extend(left.old.iter().map(|key| Sides { old: old(*key), new: None }));
        all.extend(left.new.iter().map(|key| Sides { old: None, new: new(*key) }));
        all
    }

    fn organization(
        &mut self,
        organization: Sides<Organization<'t>>,
        templates: &[Sides<Role<'t>>],
    ) -> Option<OrganizationChange<'t>> {
        let catalogs = self.counterparts(organization.map(Organization::catalog));
        let rows = self.rows(catalogs);
        let kinds = organization.map(Organization::kind);
        let said = organization.both().map_or_else(Vec::new, |(old, new)| said(old, new));
        let is_direct = organization.both().is_some() && kinds.latest() == Some(OrganizationKind::Direct);
        let is_other = (rows.is_seen_otherwise && is_direct)
            || said.iter().any(|said| matches!(said.field, Field::Kind | Field::Catalog));
        let mut roles = self.own_roles(organization, &rows, catalogs, kinds);
        if is_other {
            roles.extend(seen(organization, templates, &rows, kinds));
        }
        let people = People {
            tables: (self.old, self.new),
            organization,
            rows: &rows,
            roles: &self.roles,
            is_other,
            at: self.at,
        };
        let people = people.changes();
        let is_same =
            organization.both().is_some() && said.is_empty() && roles.is_empty() && people.is_empty();
        (!is_same).then_some(OrganizationChange { organization, said, roles, people })
    }

    /// The catalogs of what is compared. What is on one side only has the catalog of that id on the other.
    fn counterparts(&self, catalogs: Sides<Catalog<'t>>) -> Sides<Catalog<'t>> {
        let of = |table: &'t Table, other: Option<Catalog<'t>>| {
            other.and_then(|other| table.catalog(other.id())).and_then(|key| table.catalog_view(key))
        };
        Sides {
            old: catalogs.old.or_else(|| of(self.old, catalogs.new)),
            new: catalogs.new.or_else(|| of(self.new, catalogs.old)),
        }
    }

    fn own_roles(
        &mut self,
        organization: Sides<Organization<'t>>,
        rows: &Rows<'t>,
        catalogs: Sides<Catalog<'t>>,
        kinds: Kinds,
    ) -> Vec<RoleChange<'t>> {
        let own = |side: Option<Organization<'t>>| side.into_iter().flat_map(Organization::roles);
        let mut left = Unpaired { old: Vec::new(), new: Vec::new() };
        let mut all = Vec::new();
        for role in joined(own(organization.old), own(organization.new), |role| role.id()) {
            match (role.old, role.new) {
                (Some(old), None) => left.old.push(old.key()),
                (None, Some(new)) => left.new.push(new.key()),
                _ => all.push(role),
            }
        }
        if !left.old.is_empty() || !left.new.is_empty() {
            let organizations = organization.map(|one| vec![one]);
            all.extend(self.pair(&mut left, &Scope { catalogs, rows, organizations }));
        }
        let mut told = Vec::new();
        for role in all {
            self.tell(roles::change(role, rows, kinds), &mut told);
        }
        told.sort_by_key(order);
        told
    }
}

/// By id, those that are gone last.
fn order<'t>(change: &RoleChange<'t>) -> (bool, Option<&'t str>) {
    (change.role.new.is_none(), change.role.latest().map(Role::id))
}

/// The templates of which an organization sees something else, where it sees other rows.
fn seen<'t>(
    organization: Sides<Organization<'t>>,
    templates: &[Sides<Role<'t>>],
    rows: &Rows<'t>,
    kinds: Kinds,
) -> Vec<RoleChange<'t>> {
    let catalogs = organization.map(|organization| organization.catalog().key());
    let mut told: Vec<RoleChange<'t>> = templates
        .iter()
        .filter_map(|role| {
            let here = |side: Option<Role<'t>>, catalog: Option<CatalogId>| {
                side.filter(|role| Some(role.catalog().key()) == catalog)
            };
            let role = Sides { old: here(role.old, catalogs.old), new: here(role.new, catalogs.new) };
            role.latest()?;
            let cells = roles::cells(role, rows, kinds);
            (!cells.is_empty()).then_some(RoleChange { role, said: Vec::new(), cells })
        })
        .collect();
    told.sort_by_key(order);
    told
}

fn said<'t>(old: Organization<'t>, new: Organization<'t>) -> Vec<Difference<'t>> {
    let kind = |one: Organization<'_>| Said::of(Some(one.kind().word()));
    let catalog = |one: Organization<'_>| Said::of(Some(one.catalog().id()));
    differences([
        (Field::Title, Said::of(old.title()), Said::of(new.title())),
        (Field::Doc, Said::of(old.doc()), Said::of(new.doc())),
        (Field::Kind, kind(old), kind(new)),
        (Field::Catalog, catalog(old), catalog(new)),
    ])
}

/// What is on either side, by name: both lists are sorted by it.
fn joined<'t, T: Copy>(
    old: impl Iterator<Item = T>,
    new: impl Iterator<Item = T>,
    name: impl Fn(T) -> &'t str,
) -> Vec<Sides<T>> {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let mut all = Vec::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return all,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(before), Some(after)) => name(*before).cmp(name(*after)),
        };
        all.push(match order {
            std::cmp::Ordering::Less => Sides { old: old.next(), new: None },
            std::cmp::Ordering::Greater => Sides { old: None, new: new.next() },
            std::cmp::Ordering::Equal => Sides { old: old.next(), new: new.next() },
        });
    }
}
