//! Forbids: what they name, and the proof that nothing breaks them.

mod breaches;
mod cover;
mod hands;
mod lines;
mod moments;
mod numbering;
mod paths;
mod prove;
mod sets;
mod tell;
mod top;
mod watch;

pub(super) use self::moments::{BEGINNING, END, Period, together};
pub(super) use self::prove::prove;
pub(super) use self::tell::{listed, when};
pub(super) use self::top::Top;

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};

use crate::check::Input;
use crate::check::grants::levels;
use crate::check::names::{title, with_near};
use crate::check::organizations::Openings;
use crate::check::roles::Elsewhere;
use crate::check::rows::Scene;
use crate::check::titles::{self, Titled};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Condition, Forbid, Role, RoleRef, Roles};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast, spelled_level};
use crate::vocab::{CatalogId, RowId};

/// The forbids at the top of files. There a name is a template of the catalog, or a role of any organization.
pub(super) fn of_the_top(
    inputs: &[Input<'_>],
    templates: &[Role],
    elsewhere: &Elsewhere<'_, '_>,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Forbid> {
    let mut forbids = Vec::new();
    let mut titles: BTreeMap<CatalogId, Vec<Titled<'_>>> = BTreeMap::new();
    for input in inputs {
        let Some(catalog) = scene.uses.of(input.id) else { continue };
        let find = |name: &str| anywhere(name, catalog, templates, elsewhere, scene);
        for member in &input.tree.forbids {
            titles.entry(catalog).or_default().push(titled(input, member));
            forbids.extend(one(input, member, catalog, &find, false, scene, findings));
        }
    }
    titles.values().for_each(|list| titles::check(list, 0, findings));
    forbids
}

/// The forbids of an organization, direct or not, whose roles are given.
pub(super) fn of_organization(
    openings: &Openings<'_>,
    roles: Roles<'_>,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Forbid> {
    let (mut forbids, mut titles) = (Vec::new(), Vec::new());
    for opened in &openings.list {
        let Some(catalog) = scene.uses.of(opened.input.id) else { continue };
        let find =
            |name: &str| scene.names.find(name).map_or(Named::Nothing, |found| judge(roles, found, catalog));
        for member in &opened.tree.forbids {
            titles.push(titled(&opened.input, member));
            forbids.extend(one(&opened.input, member, catalog, &find, is_direct, scene, findings));
        }
    }
    titles::check(&titles, 0, findings);
    forbids
}

fn titled<'s>(input: &Input<'s>, member: &ast::Member<ast::Forbid>) -> Titled<'s> {
    Titled::by_title(&Scope::new(input.source, input.id, member), "forbid", member.node.title)
}

/// What a name at the top names, of all organizations of a catalog.
pub(super) fn anywhere(
    name: &str,
    catalog: CatalogId,
    templates: &[Role],
    elsewhere: &Elsewhere<'_, '_>,
    scene: &Scene<'_>,
) -> Named {
    let named = scene.names.find(name).map(|found| judge(Roles { templates, own: &[] }, found, catalog));
    match named {
        Some(named) => named,
        None if elsewhere.has(name, Some(catalog)) => Named::Here,
        None if elsewhere.has(name, None) => Named::OtherCatalog(None),
        None => Named::Nothing,
    }
}

/// What is said of lines that ask for nothing.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    /// Of one that everybody fulfils.
    pub(super) code: Code,
    /// Of one about a row that is not there, and what to do.
    pub(super) idle: &'static str,
    pub(super) more: &'static str,
}

const LINES: Lines = Lines {
    code: Code::ForbidOfNothing,
    idle: "nobody can break the forbid",
    more: "take the forbid out, or open the organization as `managed` if it is",
};

/// What is said of a role's name that names none here.
#[derive(Clone, Copy)]
pub(super) struct Labels {
    /// Of one of another catalog.
    pub(super) of_other: &'static str,
    /// Of one that is nowhere.
    pub(super) of_nobody: &'static str,
}

/// Of a name behind `except` that is nowhere.
pub(super) const OF_NOBODY: &str = "an exception for nobody";

/// What a name in `except` names.
pub(super) enum Named {
    /// A role or template that the forbid may meet.
    Here,
    /// One of another catalog, and where it is declared.
    OtherCatalog(Option<Place>),
    Nothing,
}

/// A role of the organization is told where the organization is opened, if it is of another catalog.
pub(super) fn judge(roles: Roles<'_>, found: RoleRef, catalog: CatalogId) -> Named {
    let template = roles.get(found).filter(|_| matches!(found, RoleRef::Template(_)));
    // One whose own catalog is not known has had its finding.
    match template.filter(|template| template.catalog != catalog && template.catalog.0 != u32::MAX) {
        Some(template) => Named::OtherCatalog(Some(template.place)),
        None => Named::Here,
    }
}

/// A forbid, where all that it says could be resolved: one that is understood in part would prove too little.
fn one(
    input: &Input<'_>,
    member: &ast::Member<ast::Forbid>,
    catalog: CatalogId,
    find: &dyn Fn(&str) -> Named,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<Forbid> {
    let scope = Scope::new(input.source, input.id, member);
    let node = &member.node;
    let place = node.title.map_or(scope.place(Span::new(0, 0)), |title| scope.at(title));
    let mut is_whole = !node.is_damaged;
    let mut conditions: Vec<Condition> = Vec::new();
    let mut first: HashMap<RowId, Place> = HashMap::new();
    for line in &node.conditions {
        match condition(scope, line, catalog, is_direct, LINES, scene, findings) {
            Some(condition) => match first.get(&condition.row) {
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
                    first.insert(condition.row, scope.place(line.span));
                    conditions.push(condition);
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
    let title = title(scope, node.title, "forbid", findings).unwrap_or_default();
    let labels = Labels { of_other: "nobody whom this forbid is about holds it", of_nobody: OF_NOBODY };
    let exceptions = named(scope, &node.exceptions, find, labels, scene, findings)?;
    is_whole.then_some(Forbid { title, catalog, exceptions, conditions, place })
}

/// The actions that a line speaks of.
pub(super) fn condition(
    scope: Scope<'_>,
    line: &ast::Condition,
    catalog: CatalogId,
    is_direct: bool,
    lines: Lines,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<Condition> {
    let (id, row) = scene.row(scope, catalog, line.category, line.row, findings)?;
    levels::repeated(scope, &line.levels, findings);
    let actions = levels::exact(scope, row, &line.levels, levels::Of::Forbid, findings)?;
    levels::idle(scope, &line.levels, findings);
    if row.shape.floor().contains(actions) {
        let floor = spelled_level(&row.shape, row.shape.floor());
        findings.push(
            Diagnostic::new(
                lines.code,
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
            .label(format!("this organization is direct: {}", lines.idle))
            .also(row.place, "the row")
            .help(lines.more),
        );
    }
    Some(Condition { row: id, actions, words: levels::said(scope, &line.levels) })
}

/// The ids of the roles that a list names, such as those that a forbid passes over.
pub(super) fn named(
    scope: Scope<'_>,
    names: &[ast::Name],
    find: &dyn Fn(&str) -> Named,
    labels: Labels,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<Vec<Box<str>>> {
    let mut found: Vec<Box<str>> = Vec::new();
    let mut first: HashMap<Box<str>, Place> = HashMap::new();
    let mut is_whole = true;
    for name in names {
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
        match find(&text) {
            Named::Here => {}
            Named::OtherCatalog(declared) => {
                is_whole = false;
                let finding =
                    Diagnostic::new(Code::OtherCatalog, place, format!("`{text}` is of another catalog"))
                        .label(labels.of_other);
                findings.push(match declared {
                    Some(declared) => finding.also(declared, "declared here"),
                    None => finding,
                });
            }
            Named::Nothing => {
                is_whole = false;
                let is_slip = || !findings.nearest(&text, None, &scene.names.near()).is_empty();
                if !scope.is_garbled(*name) && !scene.lost.may_have_role(&text, is_slip) {
                    let finding = Diagnostic::new(
                        Code::UnknownRole,
                        place,
                        format!("there is no role or template `{text}`"),
                    )
                    .label(labels.of_nobody);
                    let finding = with_near(finding, &text, place, &scene.names.near(), findings);
                    findings.push(finding);
                }
            }
        }
        found.push(text.into());
    }
    is_whole.then_some(found)
}
