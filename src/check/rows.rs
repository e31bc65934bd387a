//! Categories and rows by the names that a policy gives them, and what is said of one that is not there.

use crate::catalog::{Catalog, Row};
use crate::check::catalogs::{Catalogs, Inside};
use crate::check::lost::Lost;
use crate::check::names::with_near;
use crate::check::roles::RoleNames;
use crate::check::uses::Uses;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::syntax::{Scope, ast, spelled};
use crate::vocab::{CatalogId, CategoryId, RowId};

/// What names are looked up in, by those who look up several sorts of them.
pub(super) struct Scene<'c> {
    pub(super) catalogs: &'c Catalogs,
    pub(super) uses: &'c Uses,
    pub(super) names: RoleNames<'c>,
    pub(super) lost: &'c Lost,
}

impl<'c> Scene<'c> {
    /// A row by the names of its category and its own; none where its own levels are at fault.
    pub(super) fn row(
        &self,
        scope: Scope<'_>,
        catalog: CatalogId,
        category: ast::Name,
        name: ast::Name,
        findings: &mut Diagnostics,
    ) -> Option<(RowId, &'c Row)> {
        let (data, inside) = (self.catalogs.get(catalog)?, self.catalogs.inside(catalog)?);
        let category = self::category(scope, data, inside, (category, false), self.lost, findings)?;
        let id = row(scope, data, inside, category, name, self.lost, findings)?;
        data.row(id).filter(|_| inside.is_sound(id)).map(|row| (id, row))
    }
}

/// A category by its name, and whether that stands alone: with no row of it and no block behind.
pub(super) fn category(
    scope: Scope<'_>,
    catalog: &Catalog,
    inside: &Inside,
    (name, is_alone): (ast::Name, bool),
    lost: &Lost,
    findings: &mut Diagnostics,
) -> Option<CategoryId> {
    let (text, place) = (scope.name(name), scope.at(name));
    let found = inside.categories.get(&text);
    if found.is_none() && !scope.is_garbled(name) && !lost.has(&text) {
        let finding = Diagnostic::new(
            Code::UnknownCategory,
            place,
            format!("catalog `{}` has no category `{text}`", catalog.id),
        );
        // A row where a category is expected: say where it belongs, and nothing else.
        if let Some(category) = inside.category_with(catalog, &text) {
            let written = format!("{}.{}", spelled(&category.id), spelled(&text));
            let finding =
                finding.help(format!("it is a row of category `{}`: write `{written}`", category.id));
            findings.push(if is_alone {
                finding.fix(Fix::suggest(format!("write `{written}`"), place, written))
            } else {
                // What stands behind would follow a row.
                finding
            });
            return None;
        }
        let finding = with_near(finding, &text, place, &[inside.categories.near()], findings);
        findings.push(finding);
    }
    found
}

/// A row of a category by its name.
pub(super) fn row(
    scope: Scope<'_>,
    catalog: &Catalog,
    inside: &Inside,
    category: CategoryId,
    name: ast::Name,
    lost: &Lost,
    findings: &mut Diagnostics,
) -> Option<RowId> {
    let (text, place) = (scope.name(name), scope.at(name));
    let names = inside.rows(category)?;
    let found = names.get(&text);
    if found.is_none() && !scope.is_garbled(name) && !lost.has(&text) {
        let of = catalog.category(category).map_or("", |category| &category.id);
        let mut finding =
            Diagnostic::new(Code::UnknownRow, place, format!("category `{of}` has no row `{text}`"));
        if let Some(other) = inside.category_with(catalog, &text) {
            finding = finding.help(format!("category `{}` has one of this name", other.id));
        }
        let finding = with_near(finding, &text, place, &[names.near()], findings);
        findings.push(finding);
    }
    found
}
