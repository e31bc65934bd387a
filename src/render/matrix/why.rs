//! Where a cell of a matrix comes from, in sentences: the lines behind a role's level, the assignments behind a
//! principal's. They are plain text; who writes them escapes them.

use crate::render::origin;
use crate::render::when::within;
use crate::table::{Role, Row, Table};
use crate::tools::ask::level;
use crate::tools::explain::{Deciding, Part, deciding};
use crate::tools::listing::{Column, Matrix, Person};
use crate::vocab::{Actions, OrganizationKind};

/// How many assignments of somebody are told in one cell.
const TOLD: usize = 12;

/// The sentences of a cell.
pub(super) fn why<'t>(matrix: &Matrix<'t>, column: &Column<'t>, row: Row<'t>) -> Vec<String> {
    let mut told = match column {
        Column::Role(role) => of_role(matrix, *role, row),
        Column::Person(person) => of_person(matrix, person, row),
    };
    if !matrix.cell(column, row).some.is_empty() {
        told.extend(row.caveats().map(|caveat| format!("caveat: {caveat}")));
    }
    told
}

fn of_role<'t>(matrix: &Matrix<'t>, role: Role<'t>, row: Row<'t>) -> Vec<String> {
    let held = matrix.cell(&Column::Role(role), row).some;
    lines(matrix.table(), role, row, held, matrix.organization.kind())
}

/// The lines that gave what is held; where nothing is, those that withheld it.
fn lines(table: &Table, role: Role<'_>, row: Row<'_>, held: Actions, kind: OrganizationKind) -> Vec<String> {
    let asked = if held.is_empty() { row.shape().top() } else { held };
    let mut told: Vec<String> = Vec::new();
    for part in deciding(role, row, asked, kind) {
        let sentence = sentence(table, &part);
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    told
}

fn sentence(table: &Table, part: &Part<'_>) -> String {
    let mut text = match &part.deciding {
        Deciding::Entry(_, entry) => {
            let line = origin::line(part).unwrap_or_default();
            format!("{line}, at {}", origin::position(table, entry.position))
        }
        Deciding::Floor(_) => "no line says anything: the floor of the row".to_owned(),
        Deciding::OnlyManaged => "managed organizations only".to_owned(),
    };
    if let Some(way) = origin::way(part).filter(|_| matches!(part.deciding, Deciding::Entry(..))) {
        text += &format!(", by {way}");
    }
    if let Some(mark) = origin::unconfirmed(part) {
        text += &format!(" [{mark}]");
    }
    text
}

fn of_person<'t>(matrix: &Matrix<'t>, person: &Person<'t>, row: Row<'t>) -> Vec<String> {
    let Some(period) = matrix.period else { return Vec::new() };
    if let Some(idle) = person.idle {
        let next = idle.next.map(|next| format!(", the next begins at {next}")).unwrap_or_default();
        return vec![format!("no assignment is in force {period}{next}")];
    }
    let (table, kind) = (matrix.table(), matrix.organization.kind());
    let stretches = matrix.stretches(person, row);
    let mut told = Vec::new();
    if !period.is_moment() {
        for stretch in &stretches {
            let level = level(row.shape(), stretch.held);
            told.push(format!("{level} {}", within(stretch.period, period)));
        }
    }
    let mut more = 0;
    for assignment in person.principal.assignments() {
        let Some(role) = table.role_view(assignment.role()) else { continue };
        let Some(span) = period.meet(assignment.from(), assignment.until()) else { continue };
        let held = matrix.cell(&Column::Role(role), row).some;
        if held.is_empty() {
            continue;
        }
        if told.len() >= TOLD {
            more += 1;
            continue;
        }
        let when = if span == period { String::new() } else { format!(" {}", within(span, period)) };
        let lines = lines(table, role, row, held, kind).join("; ");
        let place = origin::position(table, assignment.position());
        told.push(format!("{}{when}, assigned at {place}: {lines}", role.id()));
    }
    if more > 0 {
        told.push(format!("{more} more assignments give a part of it"));
    }
    if stretches.is_empty() {
        let mut roles: Vec<&str> = person.roles().map(|(role, _)| role.id()).collect();
        roles.dedup();
        told.push(format!("none of its roles gives it: {}", roles.join(", ")));
    }
    told
}
