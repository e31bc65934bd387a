//! A whole policy as one document: what `export rego` asks, and what `export json` writes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::reference::{CatalogOf, Held, OrganizationOf, Reference};
use crate::render::json::VERSION;
use crate::vocab::{Actions, PrincipalKind};

/// Actions by category and row. A row of which nothing is held is left out.
type Cells = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// A policy: what there is to hold, and who holds what when.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::render::json::Exported;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let document = Exported::of(&Reference::of(&compiled.sources)?);
/// let acme = &document.organizations["acme"];
/// assert_eq!((acme.kind, acme.catalog.as_str()), ("direct", "wiki"));
/// assert_eq!(acme.principals["bot"].assignments[0].role, "editor");
/// # Ok::<(), rolec::reference::Gap>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Exported {
    /// The version of this shape.
    pub version: u32,
    /// The actions of each row, by catalog, category and row.
    pub catalogs: BTreeMap<String, Cells>,
    /// The organizations by id.
    pub organizations: BTreeMap<String, OrganizationExported>,
}

/// An organization.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OrganizationExported {
    /// `direct` or `managed`.
    pub kind: &'static str,
    /// Its catalog.
    pub catalog: String,
    /// What its roles hold here, by id: its own, and the templates that it assigns.
    pub roles: BTreeMap<String, Cells>,
    /// Its principals by name.
    pub principals: BTreeMap<String, PrincipalExported>,
}

/// A principal.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PrincipalExported {
    /// Whether it is a service account.
    pub service: bool,
    /// The roles given.
    pub assignments: Vec<AssignmentExported>,
}

/// A role given. Times are seconds since 1970 began in UTC.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AssignmentExported {
    /// The role.
    pub role: String,
    /// The first second in force; always where there is none.
    pub from: Option<i64>,
    /// The first second no longer in force; never where there is none.
    pub until: Option<i64>,
}

impl Exported {
    /// The document of a policy.
    pub fn of(reference: &Reference) -> Self {
        let catalogs = reference.catalogs().map(|catalog| {
            let all: Vec<Actions> =
                (0..catalog.rows()).map(|row| Actions::first(catalog.actions(row).count())).collect();
            (catalog.id().to_owned(), cells(catalog, |row| all.get(row).copied()))
        });
        let organizations = reference
            .organizations()
            .map(|organization| (organization.id().to_owned(), OrganizationExported::of(organization)));
        Self { version: VERSION, catalogs: catalogs.collect(), organizations: organizations.collect() }
    }
}

impl OrganizationExported {
    fn of(organization: OrganizationOf<'_>) -> Self {
        let catalog = organization.catalog();
        // A column a row: of the templates, and of the organization's own roles.
        let columns: Vec<(Vec<Actions>, Vec<Actions>)> = (0..catalog.rows())
            .map(|row| {
                let templates = catalog.held(row);
                let own = organization.held(row, &templates);
                (if organization.hides(row) { vec![Actions::NONE; templates.len()] } else { templates }, own)
            })
            .collect();
        let mut roles: BTreeMap<String, Cells> = organization
            .roles()
            .enumerate()
            .map(|(at, id)| (id.to_owned(), cells(catalog, |row| columns.get(row)?.1.get(at).copied())))
            .collect();
        let own: Vec<&str> = organization.roles().collect();
        let templates: Vec<&str> = catalog.templates().collect();
        let mut principals = BTreeMap::new();
        for principal in organization.principals() {
            let mut assignments = Vec::new();
            for given in principal.given() {
                let id = match given.role {
                    Held::Own(at) => own.get(at),
                    Held::Template(at) => templates.get(at),
                };
                let Some(id) = id else { continue };
                if let Held::Template(at) = given.role {
                    let of = || cells(catalog, |row| columns.get(row)?.0.get(at).copied());
                    roles.entry((*id).to_owned()).or_insert_with(of);
                }
                let [from, until] = [given.from, given.until].map(|time| time.map(|time| time.0));
                assignments.push(AssignmentExported { role: (*id).to_owned(), from, until });
            }
            let service = principal.kind() == PrincipalKind::Service;
            principals.insert(principal.name().to_owned(), PrincipalExported { service, assignments });
        }
        Self { kind: organization.kind().word(), catalog: catalog.id().to_owned(), roles, principals }
    }
}

fn cells(catalog: CatalogOf<'_>, held: impl Fn(usize) -> Option<Actions>) -> Cells {
    let mut found = Cells::new();
    for row in 0..catalog.rows() {
        let held = held(row).unwrap_or_default();
        let names = catalog.actions(row).enumerate().filter(|(at, _)| held.contains(Actions::one(*at)));
        let names: Vec<String> = names.map(|(_, name)| name.to_owned()).collect();
        if !names.is_empty() {
            let [category, id] = catalog.row(row);
            found.entry(category.to_owned()).or_default().insert(id.to_owned(), names);
        }
    }
    found
}
