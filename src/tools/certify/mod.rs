//! Shows that a table is right in every cell: each is asked of the table as every reader asks it, and worked out once
//! more from the sources by [`crate::reference`].
//!
//! A cell is one permission of somebody: of a template by itself and in an organization of each kind, of a role of an organization,
//! and of a principal in each stretch of time between the moments at which an assignment of theirs begins or ends.

mod differences;
mod people;

use std::collections::HashMap;
use std::ops::Range;

pub use self::differences::{Difference, Differences};

use crate::eval::Evaluator;
use crate::reference::{CatalogOf, OrganizationOf, Reference};
use crate::table::{Catalog, Organization, Table};
use crate::vocab::{Actions, OrganizationKind, RoleId, RowId};

/// So many organizations are gone through together, a row at a time: their roles stay near, and what the templates hold
/// of a row is worked out once for all of them.
const TOGETHER: usize = 256;

/// That every cell of a table is as its sources say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// How many cells were compared.
    pub cells: u64,
}

/// Compares every cell of a table with what the sources say.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::source::Sources;
/// use rolec::tools::certify::certify;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (reference, table) = (Reference::of(&compiled.sources)?, compiled.table.unwrap());
/// assert!(certify(&reference, &table)?.cells > 20);
///
/// // A line more in the text, and the table is not that of the text.
/// let longer = rolec::example::POLICY.replace("grant site.members: view", "grant site { members: view  export: on }");
/// assert_ne!(longer, rolec::example::POLICY);
/// let longer = compile(Sources::from_iter([("acme.role", longer)]));
/// assert!(certify(&Reference::of(&longer.sources)?, &table).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// All cells that differ, the first of them told one by one.
pub fn certify(reference: &Reference, table: &Table) -> Result<Certificate, Differences> {
    let mut found =
        Comparison { evaluator: Evaluator::new(table), cells: 0, differences: Differences::default() };
    let catalogs: Vec<_> = reference.catalogs().collect();
    found.as_many("catalogs", catalogs.len(), table.catalogs().count());
    found.as_many("organizations", reference.organizations().count(), table.organizations().count());
    let all: Vec<Pair<'_>> = reference.organizations().filter_map(|own| found.pair(own)).collect();
    let principals: usize = all.iter().map(|pair| pair.own.principals().count()).sum();
    found.as_many("principals", principals, table.principals().count());
    all.iter().for_each(|pair| found.given(pair));
    for catalog in catalogs {
        found.catalog(catalog, &all);
    }
    if found.differences.is_empty() { Ok(Certificate { cells: found.cells }) } else { Err(found.differences) }
}

/// An organization in the sources and in the table.
struct Pair<'a> {
    own: OrganizationOf<'a>,
    of: Organization<'a>,
    /// Its roles in the table, in the order of the sources.
    roles: Vec<RoleId>,
    /// Its principals, and the stretches of time of each.
    people: Vec<people::Person<'a>>,
}

struct Comparison<'t> {
    evaluator: Evaluator<'t>,
    cells: u64,
    differences: Differences,
}

impl<'t> Comparison<'t> {
    fn as_many(&mut self, what: &'static str, wanted: usize, found: usize) {
        if wanted != found {
            self.differences.push(Difference::Count { what, wanted, found });
        }
    }

    fn missing(&mut self, what: &'static str, name: &str) {
        self.differences.push(Difference::Missing { what, name: name.to_owned() });
    }

    /// Finds an organization of the sources in the table, with its roles and its principals.
    fn pair<'a>(&mut self, own: OrganizationOf<'a>) -> Option<Pair<'a>>
    where
        't: 'a,
    {
        let table = self.evaluator.table();
        let of = table.organization(own.id()).and_then(|key| table.organization_view(key));
        let Some(of) = of else {
            self.missing("organization", own.id());
            return None;
        };
        if (of.kind(), of.catalog().id()) != (own.kind(), own.catalog().id()) {
            self.missing("kind or catalog of organization", own.id());
        }
        self.as_many("roles", own.roles().count(), of.roles().count());
        let mut roles = Vec::new();
        for id in own.roles() {
            match table
                .role(of.key(), id)
                .filter(|role| table.role_view(*role).is_some_and(|role| !role.is_template()))
            {
                Some(role) => roles.push(role),
                None => self.missing("role", id),
            }
        }
        if roles.len() != own.roles().count() {
            return None;
        }
        let people = own.principals().filter_map(|principal| {
            let found = table.principal(of.key(), principal.name()).and_then(|key| table.principal_view(key));
            match found {
                Some(found) if found.kind() == principal.kind() => {
                    Some(people::Person::new(principal, found))
                }
                _ => {
                    self.missing("principal", principal.name());
                    None
                }
            }
        });
        let people = people.collect();
        Some(Pair { own, of, roles, people })
    }

    fn catalog(&mut self, own: CatalogOf<'_>, all: &[Pair<'_>]) {
        let table = self.evaluator.table();
        let of = table.catalog(own.id()).and_then(|key| table.catalog_view(key));
        let Some(of) = of else { return self.missing("catalog", own.id()) };
        self.as_many("rows", own.rows(), of.rows().count());
        self.as_many("templates", own.templates().count(), of.templates().count());
        let templates: Vec<_> = own.templates().filter_map(|id| table.template(id)).collect();
        if templates.len() != own.templates().count() {
            return self.missing("a template of catalog", own.id());
        }
        let here: Vec<&Pair<'_>> = all.iter().filter(|pair| pair.own.catalog().id() == own.id()).collect();
        let rows: Vec<Option<RowId>> = (0..own.rows()).map(|row| self.row(own, of, row)).collect();
        // A template is the same in all organizations of one kind: the first of each shows it.
        let shown: HashMap<_, _> =
            here.iter().rev().map(|pair| (pair.own.kind() == OrganizationKind::Direct, pair.of)).collect();
        for (row, key) in rows.iter().enumerate().filter_map(|(row, key)| Some((row, (*key)?))) {
            let held = own.held(row);
            // As it is by itself, in whatever organization it will be assigned.
            for (template, held) in templates.iter().zip(&held) {
                let found = table.role_view(*template).map(|role| role.actions(key));
                self.cells += own.actions(row).count() as u64;
                if found != Some(*held) {
                    let who = table.role_view(*template).map_or("", |role| role.id());
                    let who = format!("template {who}");
                    self.differences.push(Difference::cell("", &who, own.row(row), *held, found));
                }
            }
            for organization in shown.values() {
                let hidden = own.is_only_managed(row) && organization.kind() == OrganizationKind::Direct;
                for (template, held) in templates.iter().zip(&held) {
                    let wanted = if hidden { Actions::NONE } else { *held };
                    self.role(*organization, *template, own, row, key, wanted);
                }
            }
        }
        for group in here.chunks(TOGETHER) {
            for (row, key) in rows.iter().enumerate().filter_map(|(row, key)| Some((row, (*key)?))) {
                let templates = own.held(row);
                for pair in group {
                    let held = pair.own.held(row, &templates);
                    for (role, held) in pair.roles.iter().zip(&held) {
                        self.role(pair.of, *role, own, row, key, *held);
                    }
                    self.people(pair, row, key, &templates, &held);
                }
            }
        }
    }

    /// Finds a row of the sources in the table; what it offers has to be the same.
    fn row(&mut self, own: CatalogOf<'_>, of: Catalog<'_>, row: usize) -> Option<RowId> {
        let table = self.evaluator.table();
        let [category, id] = own.row(row);
        let key = table.category(of.key(), category).and_then(|category| table.row(of.key(), category, id));
        let is_same = key.and_then(|key| of.row(key)).is_some_and(|found| {
            found.shape().actions().eq(own.actions(row))
                && found.is_only_managed() == own.is_only_managed(row)
        });
        if !is_same {
            self.missing("row", &format!("{category}.{id}"));
        }
        key.filter(|_| is_same)
    }

    fn role(
        &mut self,
        of: Organization<'_>,
        role: RoleId,
        own: CatalogOf<'_>,
        row: usize,
        key: RowId,
        wanted: Actions,
    ) {
        let table = self.evaluator.table();
        let Some(cell) = table.cell(of.key(), key) else {
            return self.missing("row", &own.row(row).join("."));
        };
        self.cells += cell.top().count() as u64;
        let found = cell.held(role);
        if found != Some(wanted) {
            let who = table.role_view(role).map_or("", |role| role.id());
            self.differences.push(Difference::cell(
                of.id(),
                &format!("role {who}"),
                own.row(row),
                wanted,
                found,
            ));
        }
    }
}

/// A range of a list, none of it where there is no such range.
fn within<T>(list: &[T], range: Range<usize>) -> &[T] {
    list.get(range).unwrap_or_default()
}
