//! Roles and templates: what they start from and what they grant.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::model::{Entry, Organization, Role, Target};
use crate::syntax::{quoted, spelled};
use crate::tools::print::page::Page;
use crate::tools::print::{Printer, list, named};
use crate::vocab::{CategoryId, RowId};

/// What a role says of one category.
#[derive(Default)]
struct InCategory<'m> {
    spread: Option<&'m Entry>,
    rows: BTreeMap<RowId, &'m Entry>,
}

impl<'m> Printer<'m> {
    /// A role of an organization or a template, with an empty line above.
    pub(super) fn role(
        &self,
        catalog: &Catalog,
        organization: Option<&'m Organization>,
        role: &Role,
        page: &mut Page,
    ) {
        page.gap();
        page.doc(role.doc.as_deref());
        let word = match (organization, role.is_default) {
            (Some(_), _) => "role",
            (None, false) => "template",
            (None, true) => "default template",
        };
        let mut head = format!("{word} {}", named(&role.id, role.title.as_deref()));
        if !role.bases.is_empty() {
            let bases = list(role.bases.iter().map(|base| self.role_name(organization, *base)));
            head.push_str(&format!(" from {bases}"));
        }
        page.block(head, |page| {
            if let Some(description) = &role.description {
                page.line(format!("description {}", quoted(description)));
                if !role.entries.is_empty() {
                    page.gap();
                }
            }
            grants(catalog, role, page);
        });
    }
}

fn grants(catalog: &Catalog, role: &Role, page: &mut Page) {
    let mut categories: BTreeMap<CategoryId, InCategory<'_>> = BTreeMap::new();
    for entry in &role.entries {
        match entry.target {
            Target::All => page.line(format!("grant all: {}", level(entry))),
            Target::Category(id) => categories.entry(id).or_default().spread = Some(entry),
            Target::Row(id) => {
                if let Some(row) = catalog.row(id) {
                    categories.entry(row.category).or_default().rows.insert(id, entry);
                }
            }
        }
    }
    let row = |id: RowId| catalog.row(id).map_or_else(Default::default, |row| spelled(&row.id));
    for (id, said) in categories {
        let category = catalog.category(id).map_or_else(Default::default, |category| spelled(&category.id));
        let mut rows = said.rows.iter();
        match (said.spread, rows.len(), rows.next()) {
            (Some(spread), 0, _) => page.line(format!("grant {category}: {}", level(spread))),
            (None, 1, Some((id, entry))) => {
                page.line(format!("grant {category}.{}: {}", row(*id), level(entry)));
            }
            (spread, ..) => {
                let spread = spread.map(|spread| format!(": {}", level(spread)));
                page.block(format!("grant {category}{}", spread.unwrap_or_default()), |page| {
                    for (id, entry) in &said.rows {
                        page.line(format!("{}: {}", row(*id), level(entry)));
                    }
                });
            }
        }
    }
}

/// The level of an entry, with the mark of one that no public source confirms.
fn level(entry: &Entry) -> String {
    let level = list(&*entry.words);
    match entry.unconfirmed.as_deref() {
        None => level,
        Some("") => format!("{level} unconfirmed"),
        Some(basis) => format!("{level} unconfirmed {}", quoted(basis)),
    }
}
