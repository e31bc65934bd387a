//! A checked policy as `.role` text, in one canonical form: what the text meant and nothing of how it was laid out.
//! Compiling it again gives the same policy, whose text is then the same to the byte. Reads no table, and holds
//! nothing that the model does not.
//!
//! What is lost is what the model does not know: `//` comments, kinds that no row has, `///` above an assignment.
//!
//! ```
//! use rolec::{pipeline::compile, source::Sources, tools::print::print};
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let printed = print(&compiled.model.unwrap(), &compiled.sources);
//! assert!(compile(Sources::from_iter(printed)).table.is_some());
//! ```

mod catalog;
mod page;
mod people;
mod roles;

use std::collections::BTreeSet;

use crate::catalog::{BuiltIn, Catalog, built_in_files};
use crate::model::{Forbid, Model, Organization, Requirement, Role, RoleRef, Roles};
use crate::source::{FileId, Place, Sources};
use crate::syntax::{is_bare, quoted, spelled};
use crate::tools::print::page::Page;
use crate::tools::print::people::{forbids, requirements};

/// Writes a model as files, each a name and a text: one for each catalog, with all that speaks of it. A built-in
/// catalog is used and not written again. The sources are those that the model was made of: they say what is built in.
///
/// ```
/// use rolec::{pipeline::compile, source::Sources, tools::print::print};
///
/// let text = "use shop organization o { role r { grant sales { orders: on } } } \
///             catalog shop { category sales { orders: flag } }";
/// let compiled = compile(Sources::from_iter([("any.role", text)]));
/// let printed = print(compiled.model.as_ref().unwrap(), &compiled.sources);
/// assert_eq!(printed[0].0, "shop.role");
/// assert!(printed[0].1.ends_with("    role r {\n        grant sales.orders: on\n    }\n}\n"));
/// ```
pub fn print(model: &Model, sources: &Sources) -> Vec<(String, String)> {
    let printer = Printer { model, built_in: built_in_files(sources) };
    let mut parts: Vec<Parts<'_>> = model.shared.catalogs.iter().map(|_| Parts::default()).collect();
    printer.sort_out(&mut parts);
    let mut catalogs: Vec<(&Catalog, Parts<'_>)> = model.shared.catalogs.iter().zip(parts).collect();
    catalogs.sort_by_key(|(catalog, _)| &catalog.id);
    let mut names = FileNames::new(&model.shared.catalogs);
    let print = |(catalog, parts): (&Catalog, Parts<'_>)| {
        let name = names.of(catalog);
        let text = printer.file(catalog, &name, &parts);
        (name, text)
    };
    catalogs.into_iter().map(print).collect()
}

/// A file's name for each catalog: its id, where that is a plain word.
struct FileNames {
    taken: BTreeSet<String>,
    number: usize,
}

impl FileNames {
    fn new(catalogs: &[Catalog]) -> Self {
        // Some file systems know no case.
        Self { taken: catalogs.iter().map(|catalog| catalog.id.to_lowercase()).collect(), number: 0 }
    }

    fn of(&mut self, catalog: &Catalog) -> String {
        if is_bare(&catalog.id) {
            return format!("{}.role", catalog.id);
        }
        loop {
            self.number += 1;
            let free = format!("catalog-{}", self.number);
            if self.taken.insert(free.clone()) {
                return format!("{free}.role");
            }
        }
    }
}

/// What speaks of one catalog.
#[derive(Default)]
struct Parts<'m> {
    templates: Vec<&'m Role>,
    organizations: Vec<&'m Organization>,
    forbids: Vec<&'m Forbid>,
    requires: Vec<&'m Requirement>,
}

struct Printer<'m> {
    model: &'m Model,
    built_in: BTreeSet<FileId>,
}

// How the model keeps what it holds is known here only.
impl<'m> Printer<'m> {
    /// A role's id as it is written where it is named.
    fn role_name(&self, organization: Option<&'m Organization>, role: RoleRef) -> &'m str {
        let own = organization.map(|organization| organization.roles.as_slice()).unwrap_or_default();
        let roles = Roles { templates: &self.model.shared.templates, own };
        roles.get(role).map_or("", |role| &role.id)
    }

    /// What each catalog's file holds, in an order that does not hang on that of the text.
    fn sort_out(&self, parts: &mut [Parts<'m>]) {
        let is_own = |place: Place| !self.built_in.contains(&place.file);
        let shared = &self.model.shared;
        for role in shared.templates.iter().filter(|role| is_own(role.place)) {
            if let Some(part) = parts.get_mut(role.catalog.index()) {
                part.templates.push(role);
            }
        }
        for forbid in shared.forbids.iter().filter(|forbid| is_own(forbid.place)) {
            if let Some(part) = parts.get_mut(forbid.catalog.index()) {
                part.forbids.push(forbid);
            }
        }
        for requirement in shared.requires.iter().filter(|requirement| is_own(requirement.place)) {
            if let Some(part) = parts.get_mut(requirement.catalog.index()) {
                part.requires.push(requirement);
            }
        }
        for organization in &self.model.organizations {
            if let Some(part) = parts.get_mut(organization.catalog.index()) {
                part.organizations.push(organization);
            }
        }
        for part in parts {
            part.templates = by_id(std::mem::take(&mut part.templates));
            part.organizations.sort_by_key(|one| &one.id);
        }
    }

    fn file(&self, catalog: &Catalog, name: &str, parts: &Parts<'m>) -> String {
        let mut page = Page::default();
        let is_built_in = BuiltIn::find(&catalog.id).is_some();
        let has_rules = !parts.forbids.is_empty() || !parts.requires.is_empty();
        let has_more = !parts.templates.is_empty() || !parts.organizations.is_empty() || has_rules;
        if is_built_in || has_more {
            // A quoted `use` is a path: an id that is no plain word is found by the file it stands in.
            let id = if is_bare(&catalog.id) { catalog.id.to_string() } else { quoted(name) };
            let version = catalog.version.as_ref().map(|version| format!(" {}", quoted(version)));
            page.line(format!("use {id}{}", version.unwrap_or_default()));
        }
        if !is_built_in {
            catalog::write(catalog, &mut page);
        }
        for role in &parts.templates {
            self.role(catalog, None, role, &mut page);
        }
        for one in &parts.organizations {
            self.organization(catalog, one, &mut page);
        }
        forbids(catalog, &parts.forbids, &mut page);
        requirements(catalog, &parts.requires, &mut page);
        page.text()
    }
}

fn by_id(mut roles: Vec<&Role>) -> Vec<&Role> {
    roles.sort_by_key(|role| &role.id);
    roles
}

/// `ID "TITLE"`.
fn named(id: &str, title: Option<&str>) -> String {
    let title = title.map(|title| format!(" {}", quoted(title)));
    format!("{}{}", spelled(id), title.unwrap_or_default())
}

/// Names as a list.
fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| spelled(name.as_ref()).into_owned()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
