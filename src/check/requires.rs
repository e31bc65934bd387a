//! Requirements: what they name, and how many they ask for. Whether as many hold it is proved apart (`prove`), of
//! organizations without any other error.

mod prove;

pub(super) use self::prove::prove;

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};

use crate::check::Input;
use crate::check::forbids::{self, Labels, Lines, Named, OF_NOBODY, judge};
use crate::check::names::title;
use crate::check::organizations::Openings;
use crate::check::roles::Elsewhere;
use crate::check::rows::Scene;
use crate::check::titles::{self, Titled};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Demand, Requirement, Role, Roles};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, Time};

/// The requirements at the top of files. There a name is a template of the catalog, or a role of any organization.
pub(super) fn of_the_top(
    inputs: &[Input<'_>],
    templates: &[Role],
    elsewhere: &Elsewhere<'_, '_>,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Requirement> {
    let mut found = Vec::new();
    let mut titles: BTreeMap<CatalogId, Vec<Titled<'_>>> = BTreeMap::new();
    for input in inputs {
        let Some(catalog) = scene.uses.of(input.id) else { continue };
        let find = |name: &str| forbids::anywhere(name, catalog, templates, elsewhere, scene);
        for member in &input.tree.requires {
            titles.entry(catalog).or_default().push(titled(input, member));
            found.extend(one(input, member, catalog, &find, false, scene, findings));
        }
    }
    titles.values().for_each(|list| titles::check(list, 0, findings));
    found
}

/// The requirements of an organization, direct or not, whose roles are given.
pub(super) fn of_organization(
    openings: &Openings<'_>,
    roles: Roles<'_>,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Requirement> {
    let (mut found, mut titles) = (Vec::new(), Vec::new());
    for opened in &openings.list {
        let Some(catalog) = scene.uses.of(opened.input.id) else { continue };
        let find =
            |name: &str| scene.names.find(name).map_or(Named::Nothing, |found| judge(roles, found, catalog));
        for member in &opened.tree.requires {
            titles.push(titled(&opened.input, member));
            found.extend(one(&opened.input, member, catalog, &find, is_direct, scene, findings));
        }
    }
    titles::check(&titles, 0, findings);
    found
}

fn titled<'s>(input: &Input<'s>, member: &ast::Member<ast::Require>) -> Titled<'s> {
    Titled::by_title(&Scope::new(input.source, input.id, member), "requirement", member.node.title)
}

/// What is said of the lines of a requirement.
const LINES: Lines = Lines {
    code: Code::RequirementOfNothing,
    idle: "nobody can fulfil the requirement",
    more: "take the requirement out, or open the organization as `managed` if it is",
};

/// Of the roles that its lines name, and of those that it passes over.
const OF_A_LINE: Labels =
    Labels { of_other: "nobody whom this requirement is about holds it", of_nobody: "nobody can hold it" };
const OF_EXCEPTIONS: Labels = Labels { of_nobody: OF_NOBODY, ..OF_A_LINE };

/// A requirement, where all that it says could be resolved.
fn one(
    input: &Input<'_>,
    member: &ast::Member<ast::Require>,
    catalog: CatalogId,
    find: &dyn Fn(&str) -> Named,
    is_direct: bool,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Option<Requirement> {
    let scope = Scope::new(input.source, input.id, member);
    let node = &member.node;
    let place = node.title.map_or(scope.place(Span::new(0, 0)), |title| scope.at(title));
    let mut is_whole = !node.is_damaged;
    let mut demands: Vec<Demand> = Vec::new();
    let mut first: HashMap<Box<str>, Place> = HashMap::new();
    for line in &node.demands {
        let place = scope.place(line.span());
        let (demand, key, what) = match line {
            ast::Demand::Row(line) => {
                match forbids::condition(scope, line, catalog, is_direct, LINES, scene, findings) {
                    Some(condition) => {
                        let key = format!(".{}", condition.row.0);
                        (Some(Demand::Row(condition)), key, "this row")
                    }
                    None => (None, String::new(), ""),
                }
            }
            ast::Demand::Role(role) => {
                let known = forbids::named(scope, &[role.name], find, OF_A_LINE, scene, findings);
                let id = scope.name(role.name);
                (known.map(|_| Demand::Role(id.as_ref().into())), format!(":{id}"), "this role")
            }
        };
        let Some(demand) = demand else {
            is_whole = false;
            continue;
        };
        if let Some(first) = first.get(&*key) {
            is_whole = false;
            findings.push(
                Diagnostic::new(
                    Code::DuplicateEntry,
                    place,
                    format!("{what} is said twice in the requirement"),
                )
                .also(*first, "first here")
                .help("all lines are meant together; two separate rules are two requirements"),
            );
            continue;
        }
        first.insert(key.into(), place);
        demands.push(demand);
    }
    let clauses = clauses(scope, node, place, findings);
    if node.demands.is_empty() && !node.is_damaged {
        findings.push(
            Diagnostic::new(Code::RequirementOfNothing, place, "this requirement requires nothing")
                .help("write what has to be held: a line `CATEGORY.ROW: LEVEL`, or `role ID`"),
        );
        return None;
    }
    let title = title(scope, node.title, "requirement", findings).unwrap_or_default();
    let excepted: ast::Names = node
        .clauses
        .iter()
        .find_map(|clause| match &clause.what {
            ast::RequireClauseKind::Except(names) => Some(names.clone()),
            _ => None,
        })
        .unwrap_or_default();
    let exceptions = forbids::named(scope, &excepted, find, OF_EXCEPTIONS, scene, findings)?;
    let Bounds { least, most, from, until } = clauses?;
    is_whole.then_some(Requirement { title, catalog, least, most, from, until, exceptions, demands, place })
}

#[derive(Clone, Copy, Default)]
struct Bounds {
    least: Option<u32>,
    most: Option<u32>,
    from: Option<Time>,
    until: Option<Time>,
}

/// How many, and when; none where that is not known, or asks for nothing.
fn clauses(
    scope: Scope<'_>,
    node: &ast::Require,
    title: Place,
    findings: &mut Diagnostics,
) -> Option<Bounds> {
    use ast::RequireClauseKind as Said;
    let mut bounds = Bounds::default();
    let mut is_known = true;
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for clause in &node.clauses {
        let place = scope.place(clause.span);
        let word = match clause.what {
            Said::From(_) => "from",
            Said::Until(_) => "until",
            Said::Least(_) => "at least",
            Said::Most(_) => "at most",
            Said::Except(_) => "except",
        };
        if let Some(first) = seen.get(word) {
            let message = format!("`{word}` is said twice in this requirement");
            findings.push(Diagnostic::new(Code::SaidTwice, place, message).also(*first, "first here"));
            continue;
        }
        seen.insert(word, place);
        match clause.what {
            Said::From(time) => {
                is_known &= time.is_some();
                bounds.from = time;
            }
            Said::Until(time) => {
                is_known &= time.is_some();
                bounds.until = time;
            }
            Said::Least(0) => {
                is_known = false;
                findings.push(
                    Diagnostic::new(Code::RequirementOfNothing, place, "at least nobody is always so")
                        .help("say how many have to hold it, 1 or more"),
                );
            }
            Said::Least(count) => bounds.least = Some(count),
            Said::Most(count) => bounds.most = Some(count),
            Said::Except(_) => {}
        }
    }
    if !seen.contains_key("at least") && !seen.contains_key("at most") && !node.is_damaged {
        is_known = false;
        findings.push(
            Diagnostic::new(
                Code::RequirementOfNothing,
                title,
                "this requirement does not say how many have to hold it",
            )
            .help("say `at least N`, `at most N`, or both, behind the title"),
        );
    }
    let at = |word: &str| seen.get(word).copied().unwrap_or(title);
    if let (Some(least), Some(most)) = (bounds.least, bounds.most)
        && most < least
    {
        is_known = false;
        findings.push(
            Diagnostic::new(
                Code::RequirementOfNothing,
                at("at most"),
                format!("at most {most} are never at least {least}"),
            )
            .also(at("at least"), "so many are required here")
            .help("let the greater number stand behind `at most`"),
        );
    }
    if let (Some(from), Some(until)) = (bounds.from, bounds.until)
        && until <= from
    {
        is_known = false;
        findings.push(
            Diagnostic::new(Code::NeverValid, at("until"), "this requirement is never in force")
                .label(format!("it ends at {until}, and `until` is exclusive"))
                .also(at("from"), format!("it begins at {from}"))
                .help("`until` names the first moment at which it does not hold any more; it is later than `from`"),
        );
    }
    is_known.then_some(bounds)
}
