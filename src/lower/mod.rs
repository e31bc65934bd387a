//! The model to a table: the write side. Everything is put in the order that the table is searched in, so that the
//! same policy gives the same bytes however its files are ordered.

use std::collections::HashMap;

use crate::model::{self, Model, RoleRef, Shared};
use crate::source::{FileId, Place, Sources};
use crate::table::{Flaw, Parts, Position, Table, parts};
use crate::vocab::{CatalogId, CategoryId, OrganizationId, PrincipalId, RoleId, RowId, TemplateId};

/// Lowers a model without errors to its table.
///
/// # Errors
/// Where the model breaks a rule of the table: a defect of the checker, never of the policy.
pub fn lower(model: &Model, sources: &Sources) -> Result<Table, Flaw> {
    let files = Files::new(sources);
    let catalogs = Order::by(&model.shared.catalogs, |catalog| &*catalog.id);
    let organizations = Order::by(&model.organizations, |organization| &*organization.id);
    let templates = Order::by(&model.shared.templates, |role| &*role.id);
    let mut lowering =
        Lowering { files: &files, catalogs: &catalogs, templates: &templates, own: Own::default() };
    let shared = &model.shared;
    let mut parts = Parts {
        files: files.names.clone(),
        catalogs: catalogs.of(&shared.catalogs).map(|catalog| lowering.catalog(catalog, shared)).collect(),
        organizations: organizations.of(&model.organizations).map(|one| lowering.organization(one)).collect(),
        roles: templates
            .of(&shared.templates)
            .map(|role| lowering.role(role, parts::Home::Template(lowering.catalog_id(role.catalog))))
            .collect(),
        principals: Vec::new(),
        assignments: Vec::new(),
    };
    for (index, organization) in organizations.of(&model.organizations).enumerate() {
        let id = OrganizationId::at(index);
        let order = Order::by(&organization.roles, |role| &*role.id);
        lowering.own = Own { first: parts.roles.len(), order };
        for role in lowering.own.order.of(&organization.roles) {
            parts.roles.push(lowering.role(role, parts::Home::Organization(id)));
        }
        lowering.principals(id, organization, &mut parts);
    }
    Table::assemble(parts)
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
    by_id: HashMap<FileId, u32>,
}

impl<'s> Files<'s> {
    fn new(sources: &'s Sources) -> Self {
        let mut names: Vec<Box<str>> = sources.iter().map(|(_, file)| file.name().into()).collect();
        names.sort_unstable();
        names.dedup();
        let position = |name: &str| names.binary_search_by(|known| (**known).cmp(name)).unwrap_or(0);
        let by_id = sources
            .iter()
            .map(|(id, file)| (id, u32::try_from(position(file.name())).unwrap_or(u32::MAX)))
            .collect();
        Self { sources, names, by_id }
    }

    fn position(&self, place: Place) -> Position {
        let (line, column) = self.sources.line_column(place);
        Position { file: self.by_id.get(&place.file).copied().unwrap_or(0), line, column }
    }
}

/// The roles of the organization that is lowered: where they begin among all roles, and their order.
#[derive(Default)]
struct Own {
    first: usize,
    order: Order,
}

struct Lowering<'l> {
    files: &'l Files<'l>,
    catalogs: &'l Order,
    templates: &'l Order,
    own: Own,
}

impl Lowering<'_> {
    fn catalog_id(&self, id: CatalogId) -> CatalogId {
        CatalogId::at(self.catalogs.new_index(id.index()))
    }

    fn role_id(&self, role: RoleRef) -> RoleId {
        match role {
            RoleRef::Template(id) => RoleId::at(self.templates.new_index(id.index())),
            RoleRef::Own(id) => {
                RoleId::at(self.own.first.saturating_add(self.own.order.new_index(id.index())))
            }
        }
    }

    fn catalog(&self, catalog: &crate::catalog::Catalog, shared: &Shared) -> parts::Catalog {
        let super_role = catalog.super_role.as_ref().and_then(|name| {
            let index = shared.templates.iter().position(|role| role.id == *name)?;
            Some(self.role_id(RoleRef::Template(TemplateId::at(index))))
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

    fn organization(&self, organization: &model::Organization) -> parts::Organization {
        parts::Organization {
            id: organization.id.clone(),
            title: organization.title.clone(),
            doc: organization.doc.clone(),
            kind: organization.kind,
            catalog: self.catalog_id(organization.catalog),
            position: self.files.position(organization.place),
        }
    }

    fn role(&self, role: &model::Role, home: parts::Home) -> parts::Role {
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
            bases: role.bases.iter().map(|base| self.role_id(*base)).collect(),
            entries,
            position: self.files.position(role.place),
        }
    }

    fn principals(&self, id: OrganizationId, organization: &model::Organization, parts: &mut Parts) {
        let order = Order::by(&organization.principals, |principal| &*principal.name);
        for principal in order.of(&organization.principals) {
            // Somebody named only where nothing could be assigned is nobody the policy knows.
            let key = PrincipalId::at(parts.principals.len());
            let mut assignments: Vec<parts::Assignment> = principal
                .assignments
                .iter()
                .map(|assignment| parts::Assignment {
                    principal: key,
                    role: self.role_id(assignment.role),
                    from: assignment.from,
                    until: assignment.until,
                    position: self.files.position(assignment.place),
                    because: assignment.because.clone(),
                })
                .collect();
            assignments.sort();
            parts.assignments.extend(assignments);
            parts.principals.push(parts::Principal {
                organization: id,
                name: principal.name.clone(),
                kind: principal.kind,
            });
        }
    }
}
