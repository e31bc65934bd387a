//! A table as a Cedar schema, policies and entities.
//!
//! Each role is a permit and an entity; who holds it is in it. A row is an action for each of its actions and a group for
//! each of its levels, so that a permit reads like the role: the levels it gives. What a role is made from is resolved.
//! Cedar knows no time: entities are written as they are at one moment. No expression can err, for Cedar passes over a
//! policy that does.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::eval::Evaluator;
use crate::render::export::inside;
use crate::render::json;
use crate::syntax::{quoted, spelled};
use crate::table::{Organization, Role, Row, Table};
use crate::vocab::{Actions, Form, PrincipalKind, Time};

/// The types of entities that are written.
pub const TYPES: [&str; 3] = ["Admin", "Role", "Organization"];

/// The three files of Cedar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cedar {
    /// `schema.cedarschema`.
    pub schema: String,
    /// `policies.cedar`.
    pub policies: String,
    /// `entities.json`.
    pub entities: Vec<u8>,
}

/// The id of an organization's principal.
pub fn admin(organization: &str, name: &str) -> String {
    inside(organization, name)
}

/// The id of a role as an organization has it.
pub fn role(organization: &str, id: &str) -> String {
    inside(organization, id)
}

/// The id of an action of a row. Where a table has several catalogs, theirs goes before it.
pub fn action(table: &Table, row: Row<'_>, action: &str) -> String {
    format!("{}:{action}", named(table, row))
}

fn named(table: &Table, row: Row<'_>) -> String {
    let name = format!("{}.{}", spelled(row.category().id()), spelled(row.id()));
    if table.catalogs().nth(1).is_some() { inside(row.category().catalog().id(), &name) } else { name }
}

fn group(table: &Table, row: Row<'_>, level: &str) -> String {
    format!("{}/{level}", named(table, row))
}

fn list(of: &str, ids: impl IntoIterator<Item = String>) -> String {
    let ids =
        ids.into_iter().map(|id| if of.is_empty() { quoted(&id) } else { format!("{of}::{}", quoted(&id)) });
    ids.collect::<Vec<_>>().join(", ")
}

/// The roles of an organization that are written: its own, and the templates that it assigns.
pub fn roles<'t>(organization: Organization<'t>) -> Vec<Role<'t>> {
    let assigned: BTreeSet<_> = organization
        .principals()
        .flat_map(|principal| principal.assignments())
        .map(|given| given.role())
        .collect();
    organization.assignable().filter(|role| !role.is_template() || assigned.contains(&role.key())).collect()
}

/// The steps that a ladder has as groups: those with which something is held, and all that each holds.
fn steps(row: Row<'_>) -> impl Iterator<Item = (&str, Actions)> {
    row.shape().actions().enumerate().map(|(at, step)| (step, Actions::first(at + 1)))
}

fn schema(table: &Table) -> String {
    let ids = table.organizations().flat_map(|organization| {
        roles(organization).into_iter().map(move |it| role(organization.id(), it.id()))
    });
    let ids: BTreeSet<String> = ids.collect();
    let mut out = String::from("entity Organization;\n");
    let _ = match ids.is_empty() {
        true => writeln!(out, "entity Role;"),
        false => writeln!(out, "entity Role enum [{}];", list("", ids)),
    };
    out.push_str("entity Admin in [Role] { service: Bool };\n");
    for row in table.catalogs().flat_map(|catalog| catalog.rows()) {
        let _ = writeln!(out, "\n// {}", comment(row.title().unwrap_or_else(|| row.id())));
        let ladder = row.shape().form() == Form::Ladder;
        if ladder {
            let groups = steps(row).map(|(step, _)| group(table, row, step));
            let _ = writeln!(out, "action {};", list("", groups));
        }
        for (at, name) in row.shape().actions().enumerate() {
            let above = steps(row).filter(|(_, held)| ladder && held.contains(Actions::one(at)));
            let groups = list("", above.map(|(step, _)| group(table, row, step)));
            let within = if groups.is_empty() { groups } else { format!(" in [{groups}]") };
            let _ = writeln!(
                out,
                "action {}{within} appliesTo {{ principal: [Admin, Role], resource: [Organization] }};",
                quoted(&action(table, row, name)),
            );
        }
    }
    out
}

fn policies(table: &Table) -> String {
    let mut out = String::new();
    for organization in table.organizations() {
        for it in roles(organization) {
            let granted: Vec<String> =
                organization.catalog().rows().flat_map(|row| granted(table, organization, it, row)).collect();
            // A permit of no action is none that Cedar takes.
            if granted.is_empty() {
                continue;
            }
            let id = role(organization.id(), it.id());
            if let Some(title) = it.title() {
                let _ = writeln!(out, "// {}", comment(title));
            }
            let actions: String =
                granted.iter().map(|id| format!("        Action::{},\n", quoted(id))).collect();
            let actions = actions.trim_end_matches(",\n");
            let _ = writeln!(
                out,
                "@id({})\npermit (\n    principal in Role::{},\n    action in [\n{actions}\n    ],\n    resource == Organization::{}\n);\n",
                quoted(&id),
                quoted(&id),
                quoted(organization.id()),
            );
        }
    }
    out
}

/// What a role gives of a row: the group of its step of a ladder, else its actions.
fn granted(table: &Table, organization: Organization<'_>, role: Role<'_>, row: Row<'_>) -> Vec<String> {
    let held =
        table.cell(organization.key(), row.key()).and_then(|cell| cell.held(role.key())).unwrap_or_default();
    if row.shape().form() == Form::Ladder {
        let step = steps(row).find(|(_, of_step)| *of_step == held);
        return step.map(|(step, _)| group(table, row, step)).into_iter().collect();
    }
    let single = row.shape().actions().enumerate().filter(|(at, _)| held.contains(Actions::one(*at)));
    single.map(|(_, name)| action(table, row, name)).collect()
}

/// A text on one line of a comment.
fn comment(text: &str) -> String {
    let shown = quoted(text);
    shown.trim_matches('"').to_owned()
}

/// A table as Cedar reads it, its people as they are at a time.
///
/// ```
/// use rolec::render::export::cedar;
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let cedar = cedar::export(&table, Time::parse("2026-12-01")?)?;
/// assert!(cedar.policies.contains("principal in Role::\"acme/editor\""), "{}", cedar.policies);
/// assert!(cedar.schema.contains("entity Admin in [Role]"));
/// assert!(String::from_utf8(cedar.entities)?.contains("\"acme/bot\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// None but those of memory, as a writer has them.
pub fn export(table: &Table, at: Time) -> io::Result<Cedar> {
    let mut out = Vec::new();
    entities(table, at, &mut out)?;
    Ok(Cedar { schema: schema(table), policies: policies(table), entities: out })
}

fn entities(table: &Table, at: Time, out: &mut dyn Write) -> io::Result<()> {
    let evaluator = Evaluator::new(table);
    let mut all = Vec::new();
    for organization in table.organizations() {
        all.push(json::CedarEntity::new("Organization", organization.id().to_owned()));
        for principal in organization.principals() {
            let given: BTreeSet<String> = evaluator
                .assignments_in_force(principal.key(), at)
                .filter_map(|given| table.role_view(given.role()))
                .map(|it| role(organization.id(), it.id()))
                .collect();
            let mut admin = json::CedarEntity::new("Admin", admin(organization.id(), principal.name()));
            admin.attrs.service = Some(principal.kind() == PrincipalKind::Service);
            admin.parents = given.into_iter().map(|id| json::CedarId { kind: "Role", id }).collect();
            all.push(admin);
        }
    }
    json::write(&all, out)
}
