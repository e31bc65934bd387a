//! A catalog: its kinds, categories and rows, its limit and its super role.

use std::collections::HashSet;

use crate::catalog::{Catalog, Row};
use crate::syntax::{quoted, spelled};
use crate::tools::print::page::Page;
use crate::tools::print::{list, named};
use crate::vocab::{CategoryId, Escalation, Form, RowId, Shape};

pub(super) fn write(catalog: &Catalog, page: &mut Page) {
    page.gap();
    page.doc(catalog.doc.as_deref());
    let mut head = format!("catalog {}", named(&catalog.id, catalog.title.as_deref()));
    if let Some(version) = &catalog.version {
        head.push_str(&format!(" version {}", quoted(version)));
    }
    page.block(head, |page| {
        if catalog.is_case_sensitive {
            page.line("ids case-sensitive");
        }
        kinds(catalog, page);
        for (index, category) in catalog.categories.iter().enumerate() {
            page.gap();
            page.doc(category.doc.as_deref());
            let head = format!("category {}", named(&category.id, category.title.as_deref()));
            page.block(head, |page| {
                for (_, row) in catalog.rows_of(CategoryId::at(index)) {
                    self::row(catalog, row, page);
                }
            });
        }
        if catalog.custom_roles.is_some() || catalog.super_role.is_some() {
            page.gap();
        }
        if let Some(limit) = catalog.custom_roles {
            page.line(format!("limit custom-roles {limit}"));
        }
        if let Some(role) = &catalog.super_role {
            page.line(format!("super {}", spelled(role)));
        }
    });
}

/// The kinds that rows have by name, in the order of the rows.
fn kinds(catalog: &Catalog, page: &mut Page) {
    let mut known: HashSet<&str> = HashSet::new();
    for row in catalog.rows.iter().filter(|row| !is_in_place(row)) {
        if known.insert(&row.kind) {
            if known.len() == 1 {
                page.gap();
            }
            page.line(format!("kind {} = {}", kind(row), shape(&row.shape)));
        }
    }
}

/// Whether a row's levels are stated where the row is. A kind of that name and form says the same.
fn is_in_place(row: &Row) -> bool {
    *row.kind == *row.shape.form().word()
}

/// A kind's name. The words for the forms name a kind in quotes only.
fn kind(row: &Row) -> String {
    let is_form = [Form::Ladder, Form::Verbs, Form::Flag].iter().any(|form| form.word() == &*row.kind);
    if is_form { quoted(&row.kind) } else { spelled(&row.kind).into_owned() }
}

/// The levels of a kind, dropped ones too.
fn shape(shape: &Shape) -> String {
    let words: Vec<_> = shape.words().map(|(word, _)| spelled(word)).collect();
    match shape.form() {
        Form::Ladder => format!("ladder {}", words.join(" < ")),
        Form::Verbs => format!("verbs {}", words.join(", ")),
        Form::Flag => "flag".to_owned(),
    }
}

fn row(catalog: &Catalog, row: &Row, page: &mut Page) {
    page.doc(row.doc.as_deref());
    let kind = if is_in_place(row) { shape(&row.shape) } else { kind(row) };
    let mut head = format!("{}: {kind}", named(&row.id, row.title.as_deref()));
    let mut dropped =
        row.shape.words().filter(|(_, is_dropped)| *is_dropped).map(|(word, _)| word).peekable();
    if dropped.peek().is_some() {
        head.push_str(&format!(" without {}", list(dropped)));
    }
    let escalating = escalating(catalog, row);
    let only_managed = row.only_managed.then(|| "only managed".to_owned());
    let notes = row.notes.iter().map(|note| format!("note {}", quoted(note)));
    let caveats = row.caveats.iter().map(|caveat| format!("caveat {}", quoted(caveat)));
    let options: Vec<String> =
        escalating.into_iter().chain(only_managed).chain(notes).chain(caveats).collect();
    let is_short = row.notes.is_empty() && row.caveats.is_empty();
    match options.as_slice() {
        [] => page.line(head),
        [option] if is_short => page.line(format!("{head} {{ {option} }}")),
        options => page.block(head, |page| options.iter().for_each(|option| page.line(option))),
    }
}

/// That a row is escalating, and to which rows where it is not to all.
fn escalating(catalog: &Catalog, row: &Row) -> Option<String> {
    let name = |to: &RowId| {
        let to = catalog.row(*to)?;
        let category = catalog.category(to.category)?;
        Some(format!("{}.{}", spelled(&category.id), spelled(&to.id)))
    };
    match &row.escalation {
        Escalation::Nowhere => None,
        Escalation::Everywhere => Some("escalating".to_owned()),
        Escalation::To(rows) => {
            let names: Vec<String> = rows.iter().filter_map(name).collect();
            Some(format!("escalating to {}", names.join(", ")))
        }
    }
}
