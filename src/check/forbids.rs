//! Forbids: what they name, and the proof that nothing breaks them.

mod cover;
mod hands;
mod lines;
mod moments;
mod prove;
mod sets;
mod tell;
mod watch;

pub(super) use self::prove::prove;

use std::collections::HashMap;

use crate::check::Input;
use crate::check::grants::{exact, repeated};
use crate::check::names::with_near;
use crate::check::organizations::Openings;
use crate::check::roles::Elsewhere;
use crate::check::rows::Scene;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Forbid, Role, RoleRef};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{Actions, CatalogId, RowId};

/// The forbids at the top of files. There a name is a template of the catalog, or a role of any organization.
pub(super) fn of_the_top(
    inputs: &[Input<'_>],
    templates: &[Role],
    elsewhere: &Elsewhere<'_, '_>,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Forbid> {
    let mut forbids = Vec::new();
    for input in inputs {
        let Some(catalog) = scene.uses.of(input.id) else { continue };
        let is_known = |name: &str| {
            let template = scene.names.find(name).and_then(|found| match found {
                RoleRef::Template(id) => templates.get(id.index()),
                RoleRef::Own(_) => None,
            });
            template.is_some_and(|template| template.catalog == catalog) || elsewhere.has(name, Some(catalog))
        };
        for member in &input.tree.forbids {
            forbids.extend(one(input, member, catalog, &is_known, false, scene, findings));
        }
    }
    forbids
}

/// The forbids of an organization, direct or not.
pub(super) fn of_organization(
    openings: &Openings<'_>,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Forbid> {
    let mut forbids = Vec::new();
    let is_known = |name: &str| scene.names.find(name).is_some();
    for opened in &openings.list {
        let Some(catalog) = scene.uses.of(opened.input.id) else { continue };
        for member in &opened.tree.forbids {
            forbids.extend(one(&opened.input, member, catalog, &is_known, is_direct, scene, findings));
        }
    }
    forbids
}

/// A forbid, where all that it says could be resolved: one that is understood in part would prove too little.
fn one(
    input: &Input<'_>,
    member: &ast::Member<ast::Forbid>,
    catalog: CatalogId,
    is_known: &dyn Fn(&str) -> bool,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<Forbid> {
    let scope = Scope::new(input.source, input.id, member);
    let node = &member.node;
    let place = node.title.map_or(scope.place(Span::new(0, 0)), |title| scope.at(title));
    let mut is_whole = !node.is_damaged;
    let mut conditions: Vec<(RowId, Actions)> = Vec::new();
    let mut first: HashMap<RowId, Place> = HashMap::new();
    for line in &node.conditions {
        match condition(scope, line, catalog, is_direct, scene, findings) {
            Some((row, actions)) => match first.get(&row) {
                Some(first) => {
                    is_whole = false;
                    let place = scope.place(line.span);
                    findings.push(
                        Diagnostic::new(Code::DuplicateEntry, place, "this row is said twice in the forbid")
                            .also(*first, "first here")
                            .help("a list of verbs means all of them together; two separate rules are two forbids"),
                    );
                }
                None => {
                    first.insert(row, scope.place(line.span));
                    conditions.push((row, actions));
                }
            },
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
    let exceptions = exceptions(scope, node, is_known, scene, findings)?;
    let title = node.title.map(|title| scope.name(title).into()).unwrap_or_default();
    is_whole.then_some(Forbid { title, catalog, exceptions, conditions, place })
}

/// The actions that a line speaks of.
fn condition(
    scope: Scope<'_>,
    line: &ast::Condition,
    catalog: CatalogId,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<(RowId, Actions)> {
    let (id, row) = scene.row(scope, catalog, line.category, line.row, findings)?;
    repeated(scope, &line.levels, findings);
    let actions = exact(scope, row, &line.levels, findings)?;
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
    if row.only_managed && is_direct {
        findings.push(
            Diagnostic::new(
                Code::ManagedRow,
                scope.place(line.span),
                format!("row `{}` is there in managed organizations only", row.id),
            )
            .label("this organization is direct: nobody can break the forbid")
            .also(row.place, "the row")
            .help("take the forbid out, or open the organization as `managed` if it is"),
        );
    }
    Some((id, actions))
}

/// The ids of the roles that a forbid passes over.
fn exceptions(
    scope: Scope<'_>,
    node: &ast::Forbid,
    is_known: &dyn Fn(&str) -> bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<Vec<Box<str>>> {
    let mut found: Vec<Box<str>> = Vec::new();
    let mut first: HashMap<Box<str>, Place> = HashMap::new();
    let mut is_whole = true;
    for name in &node.exceptions {
        let (text, place) = (scope.name(*name), scope.at(*name));
        if let Some(first) = first.get(&*text) {
            findings.push(
                Diagnostic::new(Code::RepeatedBase, place, format!("`{text}` is named twice"))
                    .also(*first, "first here")
                    .help("once is enough"),
            );
            continue;
        }
        first.insert(text.as_ref().into(), place);
        if !is_known(&text) {
            is_whole = false;
            if !scene.lost.has(&text) {
                let finding = Diagnostic::new(
                    Code::UnknownRole,
                    place,
                    format!("there is no role or template `{text}`"),
                )
                .label("an exception for nobody");
                findings.push(with_near(finding, &text, place, scene.names.all()));
            }
        }
        found.push(text.into());
    }
    is_whole.then_some(found)
}
