//! Forbids: what they name, and the proof that nothing breaks them.

mod cover;
mod prove;

pub(super) use self::prove::prove;

use crate::check::Input;
use crate::check::names::with_near;
use crate::check::organizations::Organizations;
use crate::check::rows::Scene;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Forbid;
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{Actions, CatalogId, OrganizationId, RoleId, RowId};

pub(super) fn check(
    inputs: &[Input<'_>],
    organizations: &Organizations<'_>,
    scene: &Scene<'_, '_>,
    findings: &mut Diagnostics,
) -> Vec<Forbid> {
    let mut forbids = Vec::new();
    for input in inputs {
        let Some(catalog) = scene.uses.of(input) else { continue };
        for member in &input.tree.forbids {
            forbids.extend(one(input, member, None, catalog, scene, findings));
        }
    }
    for opened in &organizations.opened {
        let Some(catalog) = scene.uses.of(&opened.input) else { continue };
        for member in &opened.tree.forbids {
            forbids.extend(one(&opened.input, member, Some(opened.id), catalog, scene, findings));
        }
    }
    forbids
}

/// A forbid, where all that it says could be resolved: one that is understood in part would prove too little.
fn one(
    input: &Input<'_>,
    member: &ast::Member<ast::Forbid>,
    organization: Option<OrganizationId>,
    catalog: CatalogId,
    scene: &Scene<'_, '_>,
    findings: &mut Diagnostics,
) -> Option<Forbid> {
    let scope = Scope::new(input.source, input.id, member);
    let node = &member.node;
    let place = node.title.map_or(scope.place(Span::new(0, 0)), |title| scope.at(title));
    let mut is_whole = !node.is_damaged;
    let mut conditions: Vec<(RowId, Actions, Place)> = Vec::new();
    for line in &node.conditions {
        match condition(scope, line, catalog, scene, findings) {
            Some((row, actions)) => {
                match conditions.iter().find(|(known, ..)| *known == row) {
                    Some((.., first)) => {
                        is_whole = false;
                        findings.push(
                        Diagnostic::new(Code::DuplicateEntry, scope.place(line.span), "this row is said twice in the forbid")
                            .also(*first, "first here")
                            .help("a list of verbs means all of them together; two separate rules are two forbids"),
                    );
                    }
                    None => conditions.push((row, actions, scope.place(line.span))),
                }
            }
            None => is_whole = false,
        }
    }
    if node.conditions.is_empty() && !node.is_damaged {
        findings.push(
            Diagnostic::new(Code::ForbidOfNothing, place, "this forbid forbids nothing")
                .help("write the levels that nobody may hold together, one `CATEGORY.ROW: LEVEL` a line"),
        );
        return None;
    }
    let exceptions = exceptions(scope, node, organization, catalog, scene, findings)?;
    let conditions = conditions.into_iter().map(|(row, actions, _)| (row, actions)).collect();
    let title = node.title.map(|title| scope.name(title).into()).unwrap_or_default();
    is_whole.then_some(Forbid { title, organization, catalog, exceptions, conditions, place })
}

/// The actions that a line speaks of.
fn condition(
    scope: Scope<'_>,
    line: &ast::Condition,
    catalog: CatalogId,
    scene: &Scene<'_, '_>,
    findings: &mut Diagnostics,
) -> Option<(RowId, Actions)> {
    let (id, row) = scene.row(scope, catalog, line.category, line.row, findings)?;
    let actions = crate::check::grants::exact(scope, row, &line.levels, findings)?;
    if row.shape.floor().contains(actions) {
        let floor = row.shape.level(row.shape.floor());
        findings.push(
            Diagnostic::new(
                Code::ForbidOfNothing,
                scope.place(line.span),
                format!("everybody has row `{}` at `{floor}`, so this line always holds", row.id),
            )
            .help("name a level above the floor of the row"),
        );
        return None;
    }
    Some((id, actions))
}

/// The roles that a forbid passes over. At the top of a file a name is a template, or a role of any organization.
fn exceptions(
    scope: Scope<'_>,
    node: &ast::Forbid,
    organization: Option<OrganizationId>,
    catalog: CatalogId,
    scene: &Scene<'_, '_>,
    findings: &mut Diagnostics,
) -> Option<Vec<RoleId>> {
    let mut found = Vec::new();
    let mut is_whole = true;
    for name in &node.exceptions {
        let (text, place) = (scope.name(*name), scope.at(*name));
        let named: Vec<RoleId> = match organization {
            Some(_) => scene.declared.find(organization, &text).into_iter().collect(),
            None => scene.declared.everywhere(&text, catalog),
        };
        if named.is_empty() {
            is_whole = false;
            if !scene.lost.has(&text) {
                let finding = Diagnostic::new(
                    Code::UnknownRole,
                    place,
                    format!("there is no role or template `{text}`"),
                )
                .label("an exception for nobody");
                findings.push(with_near(finding, &text, place, scene.declared.names(organization)));
            }
        }
        found.extend(named);
    }
    is_whole.then_some(found)
}
