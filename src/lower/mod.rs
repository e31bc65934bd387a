//! The model to a table: the write side. Everything is put in the order that the table is searched in, so that the
//! same policy gives the same bytes however its files are ordered.

use crate::model::{self, Model, RoleRef, Shared};
use crate::source::{Place, Sources};
use crate::table::{Flaw, Parts, Position, Table, Task, parts};
use crate::vocab::{CatalogId, CategoryId, OrganizationId, PrincipalId, RoleId, RowId, TemplateId};

/// Lowers a model without errors to its table.
///
/// # Errors
/// Where the model breaks a rule of the table: a defect of the checker, never of the policy.
pub fn lower(model: &Model, sources: &Sources) -> Result<Table, Flaw> {
    let lowering = Lowering::new(&model.shared, sources);
    let all = model.organizations.iter().map(|organization| lowering.organization(organization)).collect();
    lowering.table(all, |one, other| {
        one();
        other();
    })
}

/// Which place each item of a list takes once it is sorted.
#[derive(Default)]
struct Order {
    /// New position to old.
    old: Vec<usize>,
    /// Old position to new.
    new: Vec<usize>,
}

impl Order {
    fn by<'i, T, K: Ord>(items: &'i [T], key: impl Fn(&'i T) -> K) -> Self {
        let mut keyed: Vec<(K, usize)> = items.iter().map(key).zip(0..).collect();
        keyed.sort();
        let old: Vec<usize> = keyed.into_iter().map(|(_, index)| index).collect();
        let mut new = vec![0; old.len()];
        for (position, index) in old.iter().enumerate() {
            if let Some(slot) = new.get_mut(*index) {
                *slot = position;
            }
        }
        Self { old, new }
    }

    fn new_index(&self, old: usize) -> usize {
        self.new.get(old).copied().unwrap_or(usize::MAX)
    }

    fn of<'i, T>(&'i self, items: &'i [T]) -> impl Iterator<Item = &'i T> {
        self.old.iter().filter_map(|index| items.get(*index))
    }
}

/// The names of the files, sorted, and where each file's name went.
struct Files<'s> {
    sources: &'s Sources,
    names: Vec<Box<str>>,
    /// By the files' ids.
    places: Vec<u32>,
}

impl<'s> Files<'s> {
    fn new(sources: &'s Sources) -> Self {
        let mut names: Vec<Box<str>> = sources.iter().map(|(_, file)| file.name().into()).collect();
        names.sort_unstable();
        names.dedup();
        let position = |name: &str| names.binary_search_by(|known| (**known).cmp(name)).unwrap_or(0);
        let places = sources
            .iter()
            .map(|(_, file)| u32::try_from(position(file.name())).unwrap_or(u32::MAX))
            .collect();
        Self { sources, names, places }
    }

    fn position(&self, place: Place) -> Position {
        let (line, column) = self.sources.line_column(place);
        Position { file: self.places.get(place.file.index()).copied().unwrap_or(0), line, column }
    }
}

/// One organization, lowered by itself: where it will stand among the others is not known yet. Its own roles are counted
/// on behind the templates, its principals from the first one.
#[derive(Debug)]
pub(crate) struct Lowered {
    organization: parts::Organization,
    roles: Vec<parts::Role>,
    principals: Vec<parts::Principal>,
    assignments: Vec<parts::Assignment>,
}

/// What is lowered once, and what each organization is lowered by: organizations in any order, side by side too.
pub(crate) struct Lowering<'l> {
    shared: &'l Shared,
    files: Files<'l>,
    catalogs: Order,
    templates: Order,
}

impl<'l> Lowering<'l> {
    pub(crate) fn new(shared: &'l Shared, sources: &'l Sources) -> Self {
        Self {
            shared,
            files: Files::new(sources),
            catalogs: Order::by(&shared.catalogs, |catalog| &*catalog.id),
            templates: Order::by(&shared.templates, |role| &*role.id),
        }
    }

    /// Lowers an organization without errors.
    pub(crate) fn organization(&self, organization: &model::Organization) -> Lowered {
        let order = Order::by(&organization.roles, |role| &*role.id);
        // Where the organization stands is put in by `table`.
        let home = parts::Home::Organization(OrganizationId(0));
        let mut roles = Vec::with_capacity(organization.roles.len());
        roles.extend(order.of(&organization.roles).map(|role| self.role(role, home, &order)));
        let mut lowered = Lowered {
            organization: self.head(organization),
            roles,
            principals: Vec::new(),
            assignments: Vec::new(),
        };
        self.principals(organization, &order, &mut lowered);
        lowered
    }

    /// Puts the organizations behind what they share. `both` does two works, side by side where there are threads.
    ///
    /// # Errors
    /// Where a rule of the table is broken.
    pub(crate) fn table(
        self,
        mut all: Vec<Lowered>,
        both: impl Fn(Task<'_>, Task<'_>),
    ) -> Result<Table, Flaw> {
        all.sort_by(|one, next| one.organization.id.cmp(&next.organization.id));
        let shared = self.shared;
        let templates = shared.templates.len();
        let none = Order::default();
        let all_templates = self.templates.of(&shared.templates);
        let mut roles: Vec<_> = all_templates
            .map(|role| self.role(role, parts::Home::Template(self.catalog_id(role.catalog)), &none))
            .collect();
        let mut organizations = Vec::with_capacity(all.len());
        let (mut of_roles, mut people) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        let mut before = 0;
        for Lowered { organization, roles, principals, assignments } in all {
            organizations.push(organization);
            people.push((before, principals, assignments));
            of_roles.push((before, roles));
            before += of_roles.last().map_or(0, |(_, roles)| roles.len());
        }
        // An organization's own roles are counted on behind those of the organizations before it.
        let moved = |role: &mut RoleId, before: usize| {
            if role.index() >= templates {
                *role = RoleId::at(role.index().saturating_add(before));
            }
        };
        let (mut principals, mut assignments) = (Vec::new(), Vec::new());
        let mut put_roles = || {
            roles.reserve_exact(before);
            for (number, (before, own)) in of_roles.drain(..).enumerate() {
                let home = parts::Home::Organization(OrganizationId::at(number));
                roles.extend(own.into_iter().map(|mut role| {
                    role.bases.iter_mut().for_each(|base| moved(base, before));
                    parts::Role { home, ..role }
                }));
            }
        };
        let mut put_people = || {
            principals.reserve_exact(people.iter().map(|(_, named, _)| named.len()).sum());
            assignments.reserve_exact(people.iter().map(|(.., held)| held.len()).sum());
            for (number, (before, named, held)) in people.drain(..).enumerate() {
                let (organization, first) = (OrganizationId::at(number), principals.len());
                principals.extend(named.into_iter().map(|it| parts::Principal { organization, ..it }));
                assignments.extend(held.into_iter().map(|mut assignment| {
                    let principal = first.saturating_add(assignment.principal.index());
                    moved(&mut assignment.role, before);
                    parts::Assignment { principal: PrincipalId::at(principal), ..assignment }
                }));
            }
        };
        both(&mut put_roles, &mut put_people);
        let catalogs = self.catalogs.of(&shared.catalogs).map(|catalog| self.catalog(catalog)).collect();
        let files = self.files.names;
        let parts = Parts { files, catalogs, organizations, roles, principals, assignments };
        Table::assemble_by(parts, both)
    }

    fn catalog_id(&self, id: CatalogId) -> CatalogId {
        CatalogId::at(self.catalogs.new_index(id.index()))
    }

    fn template_id(&self, id: TemplateId) -> RoleId {
        RoleId::at(self.templates.new_index(id.index()))
    }

    /// The number of a role in an organization whose own roles stand in an order.
    fn role_id(&self, role: RoleRef, own: &Order) -> RoleId {
        match role {
            RoleRef::Template(id) => self.template_id(id),
            RoleRef::Own(id) => {
                let templates = self.shared.templates.len();
                RoleId::at(own.new_index(id.index()).saturating_add(templates))
            }
        }
    }

    fn catalog(&self, catalog: &crate::catalog::Catalog) -> parts::Catalog {
        let super_role = catalog.super_role.as_ref().and_then(|name| {
            let index = self.shared.templates.iter().position(|role| role.id == *name)?;
            Some(self.template_id(TemplateId::at(index)))
        });
        parts::Catalog {
            id: catalog.id.clone(),
            title: catalog.title.clone(),
            doc: catalog.doc.clone(),
            version: catalog.version.clone(),
            categories: catalog
                .categories
                .iter()
                .map(|category| parts::Category {
                    id: category.id.clone(),
                    title: category.title.clone(),
                    doc: category.doc.clone(),
                    position: self.files.position(category.place),
                })
                .collect(),
            rows: catalog
                .rows
                .iter()
                .map(|row| parts::Row {
                    id: row.id.clone(),
                    title: row.title.clone(),
                    doc: row.doc.clone(),
                    category: CategoryId(row.category.0),
                    // Where no kind is named, the checker has the word of its form.
                    kind: (&*row.kind != row.shape.form().word()).then(|| row.kind.clone()),
                    shape: row.shape.clone(),
                    only_managed: row.only_managed,
                    escalation: row.escalation.clone(),
                    notes: row.notes.clone(),
                    caveats: row.caveats.clone(),
                    position: self.files.position(row.place),
                })
                .collect(),
            super_role,
            custom_role_limit: catalog.custom_roles,
            is_case_sensitive: catalog.is_case_sensitive,
            position: self.files.position(catalog.place),
        }
    }

    fn head(&self, organization: &model::Organization) -> parts::Organization {
        parts::Organization {
            id: organization.id.clone(),
            title: organization.title.clone(),
            doc: organization.doc.clone(),
            kind: organization.kind,
            catalog: self.catalog_id(organization.catalog),
            position: self.files.position(organization.place),
        }
    }

    fn role(&self, role: &model::Role, home: parts::Home, own: &Order) -> parts::Role {
        let mut entries: Vec<parts::Entry> = role
            .entries
            .iter()
            .map(|entry| parts::Entry {
                target: match entry.target {
                    model::Target::All => parts::Target::All,
                    model::Target::Category(id) => parts::Target::Category(id),
                    model::Target::Row(id) => parts::Target::Row(RowId(id.0)),
                },
                level: entry.level.clone(),
                position: self.files.position(entry.place),
                written: entry.written,
                unconfirmed: entry.unconfirmed.clone(),
            })
            .collect();
        entries.sort_by_key(|entry| entry.target);
        parts::Role {
            id: role.id.clone(),
            title: role.title.clone(),
            doc: role.doc.clone(),
            description: role.description.clone(),
            home,
            is_default: role.is_default,
            bits: role.cells.shared(),
            bases: role.bases.iter().map(|base| self.role_id(*base, own)).collect(),
            entries,
            position: self.files.position(role.place),
        }
    }

    fn principals(&self, organization: &model::Organization, own: &Order, lowered: &mut Lowered) {
        let order = Order::by(&organization.principals, |principal| &*principal.name);
        let count = organization.principals.iter().map(|principal| principal.assignments.len()).sum();
        lowered.principals.reserve_exact(organization.principals.len());
        lowered.assignments.reserve_exact(count);
        for principal in order.of(&organization.principals) {
            let key = PrincipalId::at(lowered.principals.len());
            let first = lowered.assignments.len();
            lowered.assignments.extend(principal.assignments.iter().map(|assignment| parts::Assignment {
                principal: key,
                role: self.role_id(assignment.role, own),
                from: assignment.from(),
                until: assignment.until(),
                position: self.files.position(assignment.place),
                because: assignment.because().map(Into::into),
            }));
            if let Some(assignments) = lowered.assignments.get_mut(first..) {
                assignments.sort();
            }
            lowered.principals.push(parts::Principal {
                organization: OrganizationId(0),
                name: principal.name.clone(),
                kind: principal.kind,
            });
        }
    }
}
