//! The words for what differs between two policies: what people read in a terminal and in a pull request. Everything of a
//! policy in them is as it is: who writes them escapes it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::render::comparison;
use crate::render::origin;
use crate::table::{Organization, Role, Row, Table};
use crate::tools::ask::{self, bare_or_quoted, spelled};
use crate::tools::diff::catalogs::{Change, Difference};
use crate::tools::diff::{
    CatalogChange, CellChange, Diff, Effect, OrganizationChange, Period, PersonChange, RoleChange, Sides,
};
use crate::tools::explain::{Deciding, Part, deciding};
use crate::vocab::{Actions, OrganizationKind, PrincipalKind};

/// Whether something came, went or changed: `+`, `-`, `~`.
pub(super) type Sign = char;

/// A line: its sign, what it is about, what became of that, and why or when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Line {
    pub(super) sign: Sign,
    pub(super) what: String,
    pub(super) change: String,
    pub(super) more: String,
}

fn sign(came: bool, went: bool) -> Sign {
    match (came, went) {
        (true, false) => '+',
        (false, true) => '-',
        _ => '~',
    }
}

/// The sign of what is on one side or on both.
fn sign_of<T: Copy>(sides: Sides<T>) -> Sign {
    sign(sides.old.is_none(), sides.new.is_none())
}

/// How much differs.
pub(super) fn summary(found: &Diff<'_>) -> String {
    let counts = found.counts();
    let told = [
        (counts.catalogs, "catalog", "catalogs"),
        (counts.organizations, "organization", "organizations"),
        (counts.roles, "role", "roles"),
        (counts.cells, "cell", "cells"),
    ];
    let told = told.into_iter().filter(|(count, ..)| *count > 0);
    let mut text = told.map(|(count, one, many)| counted(count, one, many)).collect::<Vec<_>>().join(", ");
    if !text.is_empty() {
        text += "; ";
    }
    text += &match (counts.people, counts.gaining, counts.losing) {
        (0, ..) => "nobody is affected".to_owned(),
        (people, gaining, losing) => {
            let of = |count: usize, one: &str, many: &str| match count {
                0 => format!("nobody {one}"),
                1 => format!("1 {one}"),
                _ => format!("{count} {many}"),
            };
            let are = if people == 1 { "is" } else { "are" };
            let people = counted(people, "person", "people");
            format!(
                "{people} {are} affected: {}, {}",
                of(gaining, "gains", "gain"),
                of(losing, "loses", "lose")
            )
        }
    };
    text
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What is not shown.
pub(super) fn and_more(count: usize) -> String {
    format!("… and {count} more")
}

/// What became of a catalog, and which cells come of it alone.
pub(super) fn catalog(change: &CatalogChange<'_>) -> Vec<Line> {
    let line = |sign: Sign, what: &str, name: String, change: String| Line {
        sign,
        what: format!("{what} {name}").trim_end().to_owned(),
        change,
        more: String::new(),
    };
    let mut lines = Vec::new();
    let Some(found) = &change.comparison else {
        let rows = change.catalog.latest().map_or(0, |catalog| catalog.rows().count());
        let sign = sign_of(change.catalog);
        return vec![line(sign, "all of it", String::new(), counted(rows, "row", "rows"))];
    };
    let said = |what: &str, name: &str, differs: &Difference<'_>| {
        line('~', what, name.to_owned(), comparison::said(differs))
    };
    lines.extend(found.itself.iter().map(|differs| said("itself", "", differs)));
    for change in &found.categories {
        let name = |id: &str| bare_or_quoted(id).into_owned();
        match change {
            Change::Added(it) => lines.push(line('+', "category", name(it.id()), String::new())),
            Change::Removed(it) => lines.push(line('-', "category", name(it.id()), String::new())),
            Change::Changed(it, all) => {
                lines.extend(all.iter().map(|one| said("category", &name(it.id()), one)))
            }
        }
    }
    for renamed in &change.renamed {
        let how = if renamed.is_respelled { "the same, spelled " } else { "renamed to " };
        lines.push(line('~', "row", spelled(renamed.old), format!("{how}{}", spelled(renamed.new))));
        lines.extend(renamed.differences.iter().map(|one| said("row", &spelled(renamed.new), one)));
    }
    let levels = |row: &Row<'_>| comparison::listed(row.shape().offered());
    for change in &found.rows {
        match change {
            Change::Added(row) => lines.push(line('+', "row", spelled(*row), levels(row))),
            Change::Removed(row) => lines.push(line('-', "row", spelled(*row), levels(row))),
            Change::Changed(row, all) => lines.extend(all.iter().map(|one| said("row", &spelled(*row), one))),
        }
    }
    lines
}

/// The head of a role.
pub(super) fn role(change: &RoleChange<'_>) -> Line {
    let id = |role: Role<'_>| bare_or_quoted(role.id()).into_owned();
    let latest = change.role.latest();
    let what = match latest.is_some_and(Role::is_template) {
        true => "template",
        false => "role",
    };
    let mut said: Vec<String> = change.said.iter().map(comparison::said).collect();
    let name = match change.role.both() {
        Some((old, new)) if change.is_renamed() => {
            said.insert(0, format!("renamed to {}", id(new)));
            id(old)
        }
        _ => latest.map(id).unwrap_or_default(),
    };
    let title = latest.and_then(Role::title).filter(|_| change.role.both().is_none());
    let title = title.map(|title| format!(" \"{title}\"")).unwrap_or_default();
    Line {
        sign: sign_of(change.role),
        what: format!("{what} {name}{title}"),
        change: said.join(", "),
        more: String::new(),
    }
}

/// The head of an organization.
pub(super) fn organization(change: &OrganizationChange<'_>) -> Line {
    let latest = change.organization.latest();
    let kind = latest.filter(|_| change.organization.both().is_none()).map(Organization::kind);
    let said = match kind {
        Some(kind) => kind.word().to_owned(),
        None => change.said.iter().map(comparison::said).collect::<Vec<_>>().join(", "),
    };
    let name = latest.map_or("".into(), |one| bare_or_quoted(one.id()));
    let what = format!("organization {name}");
    Line { sign: sign_of(change.organization), what, change: said, more: String::new() }
}

/// A level, where there is such a row.
fn level(row: Option<Row<'_>>, held: Actions) -> String {
    row.map_or("absent".to_owned(), |row| ask::level(row.shape(), held))
}

/// The level before and after. Where both have one name, what of it is other: a catalog may give a name to other actions.
fn levels(row: Sides<Row<'_>>, (old, new): (Actions, Actions), (gained, lost): (Actions, Actions)) -> String {
    let (old, new) = (level(row.old, old), level(row.new, new));
    let mut text = format!("{old} -> {new}");
    if old == new {
        for (verb, row, moved) in [("gains", row.new, gained), ("loses", row.old, lost)] {
            let names = row.into_iter().flat_map(|row| row.shape().names(moved)).map(bare_or_quoted);
            let names = names.collect::<Vec<_>>().join(", ");
            if !names.is_empty() {
                text += &format!(", {verb} {names}");
            }
        }
    }
    text
}

fn row(row: Sides<Row<'_>>) -> String {
    row.latest().map(spelled).unwrap_or_default()
}

/// A cell of a role, in organizations of these kinds.
pub(super) fn cell(
    found: &Diff<'_>,
    role: Sides<Role<'_>>,
    cell: &CellChange<'_>,
    kinds: Sides<OrganizationKind>,
) -> Line {
    Line {
        sign: sign(cell.lost.is_empty(), cell.gained.is_empty()),
        what: row(cell.row),
        change: levels(cell.row, (cell.old, cell.new), (cell.gained, cell.lost)),
        more: why(found, role, cell, kinds),
    }
}

/// The lines that decide: of what was gained the one that gives it now; of what was lost the one that withholds it now,
/// or where no line does, as where the role is gone, the one that gave it.
fn why(
    found: &Diff<'_>,
    role: Sides<Role<'_>>,
    cell: &CellChange<'_>,
    kinds: Sides<OrganizationKind>,
) -> String {
    if cell.is_of_catalog {
        return "by the catalog".to_owned();
    }
    let mut texts: Vec<String> = Vec::new();
    let mut tell = |text: String| {
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    };
    if let Some((new, of)) = role.new.zip(cell.row.new).filter(|_| !cell.gained.is_empty()) {
        let parts = deciding(new, of, cell.gained, kinds.new.unwrap_or(OrganizationKind::Managed));
        parts.iter().for_each(|part| tell(source(found.new, part)));
    }
    if !cell.lost.is_empty() {
        let old_row = cell.row.old;
        let asked =
            old_row.zip(cell.row.new).map(|(old, new)| renumbered(old, cell.lost, new)).unwrap_or_default();
        let parts = match role.new.zip(cell.row.new).filter(|_| !asked.is_empty()) {
            Some((new, of)) => deciding(new, of, asked, kinds.new.unwrap_or(OrganizationKind::Managed)),
            None => Vec::new(),
        };
        let is_said = |part: &Part<'_>| !matches!(part.deciding, Deciding::Floor(_));
        if parts.iter().any(is_said) {
            parts.iter().filter(|part| is_said(part)).for_each(|part| tell(source(found.new, part)));
        } else if let Some((old, of)) = role.old.zip(old_row) {
            let parts = deciding(old, of, cell.lost, kinds.old.unwrap_or(OrganizationKind::Managed));
            let gave = parts.iter().map(|part| source(found.old, part)).filter(|text| !text.is_empty());
            gave.for_each(|text| tell(format!("was {text}")));
        }
    }
    texts.join("; ")
}

/// Actions of a row in the numbers of another, by their names; those that it lacks are left out.
pub(in crate::render) fn renumbered(row: Row<'_>, actions: Actions, other: Row<'_>) -> Actions {
    let places = row.shape().names(actions).filter_map(|name| other.shape().action(name));
    places.fold(Actions::NONE, |all, at| all | Actions::one(at))
}

/// A line with its place.
fn source(table: &Table, part: &Part<'_>) -> String {
    match &part.deciding {
        Deciding::Entry(_, entry) => {
            let line = origin::line(part).unwrap_or_default();
            let way = origin::way(part).map(|way| format!(" by {way}")).unwrap_or_default();
            format!("`{line}` at {}{way}", origin::position(table, entry.position))
        }
        Deciding::Floor(_) => "the floor of the row".to_owned(),
        Deciding::OnlyManaged => "managed organizations only".to_owned(),
    }
}

/// People to whom the same happens.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// What they are called, by name.
    pub(super) names: Vec<String>,
    pub(super) lines: Vec<Line>,
}

/// The people of an organization by what happens to them, in the order of the first of them.
pub(super) fn groups(people: &[PersonChange<'_>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Vec<Line>, usize> = HashMap::new();
    let mut known: HashMap<*const Effect<'_>, Vec<Line>> = HashMap::new();
    for person in people {
        let told = known.entry(Arc::as_ptr(&person.effect)).or_insert_with(|| effect(&person.effect));
        let mut lines = told.clone();
        if person.is_other_kind() {
            let kinds = person.principal.map(|principal| match principal.kind() {
                PrincipalKind::Admin => "a person",
                PrincipalKind::Service => "a service account",
            });
            let change = format!("{} -> {}", kinds.old.unwrap_or_default(), kinds.new.unwrap_or_default());
            lines.insert(0, Line { sign: '~', what: "account".to_owned(), change, more: String::new() });
        }
        let name = name(person);
        match places.get(&lines).and_then(|at| groups.get_mut(*at)) {
            Some(group) => group.names.push(name),
            None => {
                places.insert(lines.clone(), groups.len());
                groups.push(Group { names: vec![name], lines });
            }
        }
    }
    groups
}

fn name(person: &PersonChange<'_>) -> String {
    let latest = person.principal.latest();
    let is_service = latest.is_some_and(|one| one.kind() == PrincipalKind::Service);
    let service = if is_service { "service " } else { "" };
    format!("{service}{}", latest.map(|one| one.name()).unwrap_or_default())
}

fn effect(effect: &Effect<'_>) -> Vec<Line> {
    let when = |periods: &[Period]| {
        let told: Vec<String> = periods.iter().map(Period::to_string).collect();
        told.join(", ")
    };
    let mut lines = Vec::new();
    for held in &effect.roles {
        let id = held.role.latest().map_or("".into(), |role| bare_or_quoted(role.id()));
        for (sign, word, periods) in [('-', "no longer held", &held.lost), ('+', "held", &held.gained)] {
            if !periods.is_empty() {
                let what = format!("role {id}");
                lines.push(Line { sign, what, change: word.to_owned(), more: when(periods) });
            }
        }
    }
    for right in &effect.rights {
        for span in &right.spans {
            let mut more = span.period.to_string();
            if right.is_of_catalog {
                more = [more.as_str(), "by the catalog"].join(" ").trim_start().to_owned();
            }
            lines.push(Line {
                sign: sign(span.lost.is_empty(), span.gained.is_empty()),
                what: row(right.row),
                change: levels(right.row, (span.old, span.new), (span.gained, span.lost)),
                more,
            });
        }
    }
    lines
}
