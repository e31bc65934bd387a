//! A second opinion: what every role holds of every row, worked out once more from the syntax trees and the rows of
//! assignments alone, cell by cell.
//!
//! The compiler resolves names to ids, lays each role out as one row of bits and joins whole rows. Here a column is
//! worked out at a time: one row of the catalog, all roles, bases first. Nothing is shared with `check`, `model`, `lower`
//! or `table` but the trees and rows, and it must stay so: what both read the same way, both may read wrong. It checks nothing
//! either; it is asked of policies without errors, and where one is not as it expects, it says so and certifies nothing.

mod block;
mod levels;
mod names;
mod order;
mod read;

use std::fmt;

#[doc(hidden)] // `held`, of several rows
pub use self::block::Block;
use crate::reference::levels::Row;
use crate::reference::names::Names;
use crate::reference::order::bases_first;
use crate::reference::read::{Catalog, Organization, Role};
use crate::roster::Roster;
use crate::source::Sources;
use crate::vocab::{Actions, OrganizationKind, PrincipalKind, Time};

/// All that the policy's trees say of who holds what.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::source::Sources;
/// use rolec::vocab::Actions;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let reference = Reference::of(&compiled.sources)?;
/// let acme = reference.organizations().next().unwrap();
/// let catalog = acme.catalog();
/// let export = (0..catalog.rows()).find(|row| catalog.row(*row) == ["site", "export"]);
/// let held: Vec<(&str, Actions)> = acme.roles().zip(acme.held(export.unwrap(), &catalog.held(export.unwrap()))).collect();
/// assert_eq!(held, [("editor", Actions::NONE)], "nobody exports by it");
/// # Ok::<(), rolec::reference::Gap>(())
/// ```
#[derive(Debug)]
pub struct Reference {
    names: Names,
    catalogs: Vec<Catalog>,
    organizations: Vec<Organization>,
}

/// What the reference cannot follow: then it says nothing about the policy at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    what: &'static str,
    name: String,
}

impl Gap {
    fn new(what: &'static str, name: &str) -> Self {
        Self { what, name: name.to_owned() }
    }

    /// What is missing or not as expected.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// What it is called in the policy; may hold anything.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.what, self.name.escape_debug())
    }
}

impl std::error::Error for Gap {}

impl Reference {
    /// Reads the trees of all files, those of built-in catalogs among them.
    ///
    /// # Errors
    /// Where the policy is not one without errors.
    pub fn of(sources: &Sources) -> Result<Self, Gap> {
        read::read(sources, &[])
    }

    /// The same with assignments that stand in files of rows, each of them among the files.
    ///
    /// ```
    /// use rolec::reference::Reference;
    /// use rolec::source::Sources;
    ///
    /// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
    /// let reference = Reference::with(&sources, &[])?;
    /// let people = reference.organizations().flat_map(|acme| acme.principals().map(|who| who.name()));
    /// assert_eq!(people.collect::<Vec<_>>(), ["ana@acme.example", "bot"]);
    /// # Ok::<(), rolec::reference::Gap>(())
    /// ```
    ///
    /// # Errors
    /// Where the policy or a row is not as in one without errors, or a file of rows was not read.
    pub fn with(sources: &Sources, rosters: &[Roster]) -> Result<Self, Gap> {
        read::read(sources, rosters)
    }

    /// The catalogs, in the order in which they were met.
    pub fn catalogs(&self) -> impl Iterator<Item = CatalogOf<'_>> {
        self.catalogs.iter().map(|catalog| CatalogOf { names: &self.names, catalog })
    }

    /// The organizations, in the order in which they were met.
    pub fn organizations(&self) -> impl Iterator<Item = OrganizationOf<'_>> {
        self.organizations.iter().filter_map(|organization| {
            let catalog = self.catalogs.get(organization.catalog)?;
            Some(OrganizationOf { names: &self.names, catalog, organization })
        })
    }
}

/// A catalog.
#[derive(Clone, Copy, Debug)]
pub struct CatalogOf<'r> {
    names: &'r Names,
    catalog: &'r Catalog,
}

impl<'r> CatalogOf<'r> {
    /// Its id.
    pub fn id(self) -> &'r str {
        self.names.text(self.catalog.id)
    }

    /// How many rows it has.
    pub fn rows(self) -> usize {
        self.catalog.rows.len()
    }

    /// The ids of a row's category and of the row itself; empty past the last.
    pub fn row(self, row: usize) -> [&'r str; 2] {
        let row = self.catalog.rows.get(row);
        row.map_or([""; 2], |row| [self.names.text(row.category), self.names.text(row.id)])
    }

    /// The actions of a row, the lowest bit first.
    pub fn actions(self, row: usize) -> impl Iterator<Item = &'r str> {
        let row = self.catalog.rows.get(row);
        row.into_iter().flat_map(Row::actions).map(|name| self.names.text(name))
    }

    /// Whether a row is there in managed organizations only.
    pub fn is_only_managed(self, row: usize) -> bool {
        self.catalog.rows.get(row).is_some_and(|row| row.only_managed)
    }

    /// Whether nobody has a row in organizations of a kind, whatever roles hold of it.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::reference::Reference;
    /// use rolec::source::Sources;
    /// use rolec::vocab::OrganizationKind;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let reference = Reference::of(&compiled.sources)?;
    /// let wiki = reference.catalogs().next().unwrap();
    /// let tenants = (0..wiki.rows()).find(|row| wiki.row(*row)[1] == "tenants").unwrap();
    /// assert!(wiki.hides(tenants, OrganizationKind::Direct));
    /// assert!(!wiki.hides(tenants, OrganizationKind::Managed));
    /// # Ok::<(), rolec::reference::Gap>(())
    /// ```
    pub fn hides(self, row: usize, kind: OrganizationKind) -> bool {
        kind == OrganizationKind::Direct && self.is_only_managed(row)
    }

    /// The ids of its templates.
    pub fn templates(self) -> impl Iterator<Item = &'r str> {
        self.catalog.templates.iter().map(|template| self.names.text(template.id))
    }

    /// What each template holds of a row, whatever the kind of an organization takes away.
    pub fn held(self, row: usize) -> Vec<Actions> {
        self.held_of(&[row]).into_cells()
    }

    /// The same of several rows, each role looked at once: where there are many, that is what takes the time.
    #[doc(hidden)] // `held`, faster
    pub fn held_of(self, rows: &[usize]) -> Block {
        block(&self.rows_at(rows), &self.catalog.templates, &self.catalog.order, None)
    }

    fn rows_at(self, rows: &[usize]) -> Vec<Option<&'r Row>> {
        rows.iter().map(|row| self.catalog.rows.get(*row)).collect()
    }
}

/// An organization.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationOf<'r> {
    names: &'r Names,
    catalog: &'r Catalog,
    organization: &'r Organization,
}

impl<'r> OrganizationOf<'r> {
    /// Its id.
    pub fn id(self) -> &'r str {
        self.names.text(self.organization.id)
    }

    /// Direct or managed.
    pub fn kind(self) -> OrganizationKind {
        self.organization.kind.unwrap_or(OrganizationKind::Direct)
    }

    /// Its catalog.
    pub fn catalog(self) -> CatalogOf<'r> {
        CatalogOf { names: self.names, catalog: self.catalog }
    }

    /// The ids of its own roles.
    pub fn roles(self) -> impl Iterator<Item = &'r str> {
        self.organization.roles.iter().map(|role| self.names.text(role.id))
    }

    /// What each of its own roles holds of a row here, by what the templates hold of it
    /// ([`CatalogOf::held`]).
    pub fn held(self, row: usize, templates: &[Actions]) -> Vec<Actions> {
        self.held_of(&[row], &Block::of_one_row(templates.to_vec())).into_cells()
    }

    /// The same of several rows, each role looked at once.
    #[doc(hidden)] // `held`, faster
    pub fn held_of(self, rows: &[usize], templates: &Block) -> Block {
        let Organization { roles, order, .. } = self.organization;
        let mut held = block(&self.catalog().rows_at(rows), roles, order, Some(templates));
        for (at, row) in rows.iter().enumerate() {
            if self.hides(*row) {
                held.forget(at);
            }
        }
        held
    }

    /// Whether its kind takes a row away from everybody.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::reference::Reference;
    /// use rolec::source::Sources;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let reference = Reference::of(&compiled.sources)?;
    /// let acme = reference.organizations().next().unwrap();
    /// let hidden = (0..acme.catalog().rows()).filter(|row| acme.hides(*row));
    /// assert_eq!(hidden.map(|row| acme.catalog().row(row)[1]).collect::<Vec<_>>(), ["tenants"]);
    /// # Ok::<(), rolec::reference::Gap>(())
    /// ```
    pub fn hides(self, row: usize) -> bool {
        self.catalog().hides(row, self.kind())
    }

    /// Who is named in its assignments.
    pub fn principals(self) -> impl Iterator<Item = PrincipalOf<'r>> {
        let names = self.names;
        self.organization.principals.iter().map(move |principal| PrincipalOf { names, principal })
    }
}

/// A principal of an organization.
#[derive(Clone, Copy, Debug)]
pub struct PrincipalOf<'r> {
    names: &'r Names,
    principal: &'r read::Principal,
}

impl<'r> PrincipalOf<'r> {
    /// The name.
    pub fn name(self) -> &'r str {
        self.names.text(self.principal.name)
    }

    /// A person or a service account.
    pub fn kind(self) -> PrincipalKind {
        self.principal.kind
    }

    /// The roles given, as often as they are.
    pub fn given(self) -> &'r [Given] {
        &self.principal.given
    }
}

/// A role given to a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// Which role.
    pub role: Held,
    /// The first moment.
    pub from: Option<Time>,
    /// The first moment after it.
    pub until: Option<Time>,
}

/// A role by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Held {
    /// A template of the catalog.
    Template(usize),
    /// A role of the organization.
    Own(usize),
}

/// What all roles of a list hold of some rows, in an order in which bases go first. Of roles of an organization that of
/// the templates is given.
fn block(rows: &[Option<&Row>], roles: &[Role], order: &[usize], templates: Option<&Block>) -> Block {
    let mut all = Block::of(roles.len(), rows.len());
    let mut here = vec![Actions::NONE; rows.len()];
    for at in order {
        let Some(role) = roles.get(*at) else { continue };
        here.fill(Actions::NONE);
        for base in &role.bases {
            let held = match (*base, templates) {
                (Held::Template(at), Some(templates)) => templates.held_by(at),
                (Held::Template(at), None) | (Held::Own(at), _) => all.held_by(at),
            };
            here.iter_mut().zip(held).for_each(|(all, held)| *all = *all | *held);
        }
        for (row, held) in rows.iter().zip(&mut here) {
            let Some(row) = row else { continue };
            match row.said_by(role) {
                Some(said) => *held = said,
                None if role.bases.is_empty() => *held = row.floor(),
                None => {}
            }
        }
        all.set(*at, &here);
    }
    all
}
