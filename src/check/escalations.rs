//! Which rows a row leads to: `escalating to CATEGORY.ROW`, resolved once all rows of the catalog are known. Never says
//! what somebody reaches by that: where all is right, that is a lint's and a tool's.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::check::Input;
use crate::check::catalogs::Inside;
use crate::check::lost::Lost;
use crate::check::rows;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{Escalation, RowId};

/// Sets what the rows of a catalog lead to. Rows that only say `escalating` lead to everything.
pub(super) fn resolve(
    input: &Input<'_>,
    tree: &ast::Catalog,
    catalog: &mut Catalog,
    inside: &Inside,
    lost: &Lost,
    findings: &mut Diagnostics,
) {
    for member in &tree.categories {
        let scope = Scope::new(input.source, input.id, member);
        for row in &member.node.rows {
            let mut said = row.options.iter().filter_map(|option| match option {
                ast::RowOption::Escalating { to, .. } => Some(to.as_slice()),
                _ => None,
            });
            // What is said again has its finding; the first is what is meant.
            let Some(first) = said.next() else { continue };
            let start = scope.at(row.id).span.start;
            let Ok(index) = catalog.rows.binary_search_by_key(&start, |row| row.place.span.start) else {
                // A second row of its name, which is told.
                continue;
            };
            let escalation = if first.is_empty() {
                Escalation::Everywhere
            } else {
                targets(scope, RowId::at(index), first, catalog, inside, lost, findings)
            };
            if let Some(row) = catalog.rows.get_mut(index) {
                row.escalation = escalation;
            }
        }
    }
}

fn targets(
    scope: Scope<'_>,
    row: RowId,
    names: &[ast::RowName],
    catalog: &Catalog,
    inside: &Inside,
    lost: &Lost,
    findings: &mut Diagnostics,
) -> Escalation {
    let spans: Vec<Span> = names.iter().map(|name| name.category.span.to(name.row.span)).collect();
    let mut found: BTreeMap<RowId, Place> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        let category = rows::category(scope, catalog, inside, (name.category, false), lost, findings);
        let Some(category) = category else { continue };
        let to = rows::row(scope, catalog, inside, category, name.row, lost, findings);
        let Some(to) = to else { continue };
        let place = scope.at(name.category);
        let place = Place { span: place.span.to(scope.at(name.row).span), ..place };
        let written = || format!("{}.{}", scope.text(name.category.span), scope.text(name.row.span));
        let cut = scope.without_one(&spans, index);
        let without = |finding: Diagnostic, fix: fn(Place) -> Fix| match cut {
            Some(cut) => finding.fix(fix(cut)),
            None => finding,
        };
        if to == row {
            let finding = Diagnostic::new(
                Code::EscalatingToItself,
                place,
                format!("`{}` leads to itself", written()),
            )
            .label("who holds it has it already")
            .help("name the rows that its holders may come to hold, or none: it then leads to everything");
            findings.push(without(finding, |cut| Fix::suggest("remove it", cut, "")));
        } else if let Some(first) = found.get(&to) {
            let finding =
                Diagnostic::new(Code::SaidTwice, place, format!("`{}` is said twice of this row", written()))
                    .also(*first, "first here");
            findings.push(without(finding, |cut| Fix::safe("remove it", cut, "")));
        } else {
            found.insert(to, place);
        }
    }
    if found.is_empty() { Escalation::Nowhere } else { Escalation::To(found.into_keys().collect()) }
}
