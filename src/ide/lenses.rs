//! Lines above members: what a role adds to what it starts from and how many hold it; whether a test passes.

use std::collections::HashMap;

use crate::ide::markdown::count;
use crate::ide::origin::bases;
use crate::ide::owner::{Owner, opening, owners};
use crate::model::{Model, Organization, RoleRef};
use crate::source::{FileId, Place, Span};
use crate::syntax::Scope;
use crate::table::Table;
use crate::tools::testing::run_one;
use crate::vocab::{OrganizationId, PrincipalKind};
use crate::workspace::Workspace;

/// A line above a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The name of the member.
    pub span: Span,
    /// What it says.
    pub title: String,
    /// What it does.
    pub command: Command,
}

/// What is done when a line is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A role is shown as the admin form shows it.
    ShowRole {
        /// Its id.
        role: String,
        /// Its organization; none for a template.
        organization: Option<String>,
    },
    /// A test is run.
    RunTest {
        /// Its title.
        title: String,
        /// The organization that it is about.
        organization: String,
    },
}

/// The lines above the members of a file, in the order of its text.
pub fn lenses(ws: &Workspace, file: FileId) -> Vec<Lens> {
    let mut lenses = roles(ws, file);
    lenses.extend(tests(ws, file));
    lenses.sort_by_key(|lens| lens.span);
    lenses
}

/// How many people and service accounts hold each role.
type Holders = HashMap<RoleRef, (usize, usize)>;

fn count_in(ws: &Workspace, organization: &Organization, is_wanted: fn(RoleRef) -> bool, all: &mut Holders) {
    let now = ws.moment().now;
    for principal in &organization.principals {
        let held = principal.assignments.iter().filter(|one| {
            is_wanted(one.role) && one.until().is_none_or(|until| now.is_none_or(|now| now < until))
        });
        let mut held: Vec<RoleRef> = held.map(|one| one.role).collect();
        held.sort_unstable();
        held.dedup();
        for role in held {
            let (people, services) = all.entry(role).or_default();
            match principal.kind {
                PrincipalKind::Admin => *people += 1,
                PrincipalKind::Service => *services += 1,
            }
        }
    }
}

fn roles(ws: &Workspace, file: FileId) -> Vec<Lens> {
    let owners = owners(ws, file, None);
    let mut of_templates: Option<Holders> = None;
    let mut own: HashMap<OrganizationId, Holders> = HashMap::new();
    let mut lenses = Vec::new();
    for owner in &owners {
        let holders = match owner.organization {
            Some((id, organization)) => own.entry(id).or_insert_with(|| {
                let mut all = Holders::new();
                count_in(ws, organization, |role| matches!(role, RoleRef::Own(_)), &mut all);
                all
            }),
            None => of_templates.get_or_insert_with(|| {
                let mut all = Holders::new();
                for organization in ws.organizations() {
                    count_in(ws, organization, |role| matches!(role, RoleRef::Template(_)), &mut all);
                }
                all
            }),
        };
        let (people, services) = holders.get(&owner.reference).copied().unwrap_or_default();
        let Some(name) = owner.member.node.id else { continue };
        let mut parts: Vec<String> = Vec::new();
        parts.extend(owner.role.is_whole.then(|| against(owner)));
        if people > 0 {
            parts.push(count(people, "person", "people"));
        }
        if services > 0 {
            parts.push(count(services, "service account", "service accounts"));
        }
        if people + services == 0 {
            parts.push("nobody".to_owned());
        }
        let organization = owner.organization.map(|(_, known)| known.id.to_string());
        lenses.push(Lens {
            span: owner.scope.at(name).span,
            title: parts.join(" · "),
            command: Command::ShowRole { role: owner.role.id.to_string(), organization },
        });
    }
    lenses
}

/// How many actions a role gives more and less than what it starts from.
fn against(owner: &Owner<'_>) -> String {
    let (mut more, mut less, mut all) = (0, 0, 0);
    for (id, row) in owner.catalog.all_rows() {
        let cell = owner.cell(id, row);
        let (held, floor) = (cell.held(), row.shape.floor());
        let before = cell.inherited().unwrap_or(floor);
        all += held.count();
        more += (held - before).count();
        less += (before - held).count();
    }
    let ids: Vec<&str> = bases(owner.roles, owner.role).map(|base| &*base.id).collect();
    let from = match ids.as_slice() {
        [] => return count(all, "action", "actions"),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one}, {other}"),
        [one, others @ ..] => format!("{one} and {} more", others.len()),
    };
    match (more, less) {
        (0, 0) => format!("as {from}"),
        (more, 0) => format!("+{more} against {from}"),
        (0, less) => format!("−{less} against {from}"),
        (more, less) => format!("+{more} −{less} against {from}"),
    }
}

fn tests(ws: &Workspace, file: FileId) -> Vec<Lens> {
    let (Some(source), Some(tree)) = (ws.sources().file(file), ws.tree(file)) else { return Vec::new() };
    let mut known: HashMap<OrganizationId, Option<(Model, Table)>> = HashMap::new();
    let mut lenses = Vec::new();
    for opened in tree.organizations.iter().filter(|opened| !opened.tests.is_empty()) {
        let Some((id, organization)) = opening(ws, file, source, opened) else { continue };
        let compiled = known.entry(id).or_insert_with(|| Some((ws.model_of(id)?, ws.table_of(id)?)));
        for member in &opened.tests {
            let scope = Scope::new(source, file, member);
            let Some(title) = member.node.title else { continue };
            let failed = compiled.as_ref().and_then(|(model, table)| failed(model, table, scope.at(title)));
            let result = match failed {
                None => "run test".to_owned(),
                Some(0) if member.node.assertions.is_empty() && member.node.cases.is_empty() => {
                    "asserts nothing".to_owned()
                }
                Some(0) => "passes".to_owned(),
                Some(lines) => format!("fails: {}", count(lines, "line", "lines")),
            };
            lenses.push(Lens {
                span: scope.at(title).span,
                title: result,
                command: Command::RunTest {
                    title: scope.name(title).into_owned(),
                    organization: organization.id.to_string(),
                },
            });
        }
    }
    lenses
}

/// How many lines of the test whose title stands at a place do not hold; none where there is no such test.
fn failed(model: &Model, table: &Table, place: Place) -> Option<usize> {
    let organization = model.organizations.first()?;
    let test = organization.tests.iter().find(|test| test.place == place)?;
    Some(run_one(model, table, organization, test).by_line().count())
}
