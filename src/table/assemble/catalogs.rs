//! The invariants of catalogs: order, unique ids, sound shapes.

use crate::table::CatalogIndex;
use crate::table::assemble::{NUMBERED, count, in_order, name, position, text};
use crate::table::flaw::{Fault, Flaw, Part, ensure};
use crate::table::groups::Groups;
use crate::table::layout::Layout;
use crate::table::parts::{Catalog, Parts};
use crate::vocab::{CatalogId, CategoryId, Escalation, Form, RowId, Shape, limits};

/// Checks every catalog and finds its layout and its orders by id. Its templates and its super role are checked
/// with the roles.
pub(super) fn index(parts: &Parts) -> Result<Vec<CatalogIndex>, Flaw> {
    count(parts.catalogs.len(), NUMBERED, Part::Catalog)?;
    in_order(&parts.catalogs, Part::Catalog, |one, next| one.id < next.id)?;
    let mut catalogs = Vec::with_capacity(parts.catalogs.len());
    for (index, catalog) in parts.catalogs.iter().enumerate() {
        name(&catalog.id, Part::Catalog, index)?;
        text(catalog.title.iter().chain(&catalog.doc).chain(&catalog.version), Part::Catalog, index)?;
        position(parts, catalog.position, Part::Catalog, index)?;
        let key = CatalogId::at(index);
        let categories = categories(parts, key, catalog)?;
        let rows = rows(parts, key, catalog)?;
        catalogs.push(CatalogIndex {
            layout: Layout::of(&catalog.rows),
            categories,
            rows,
            members: Groups::of(
                catalog.categories.len(),
                0,
                catalog.rows.iter().map(|row| row.category.index()),
            ),
            templates: Vec::new(),
        });
    }
    Ok(catalogs)
}

/// Checks the categories; gives them sorted by id.
fn categories(parts: &Parts, key: CatalogId, catalog: &Catalog) -> Result<Vec<CategoryId>, Flaw> {
    let part = Part::Category(key);
    count(catalog.categories.len(), NUMBERED, part)?;
    for (index, category) in catalog.categories.iter().enumerate() {
        name(&category.id, part, index)?;
        text(category.title.iter().chain(&category.doc), part, index)?;
        position(parts, category.position, part, index)?;
    }
    let mut sorted: Vec<(&str, CategoryId)> =
        catalog.categories.iter().enumerate().map(|(index, it)| (&*it.id, CategoryId::at(index))).collect();
    sorted.sort_unstable();
    let twice = sorted.iter().zip(sorted.iter().skip(1)).find(|(one, next)| one.0 == next.0);
    match twice {
        Some((_, (_, again))) => Err(Flaw::new(part, again.index(), Fault::Repeated)),
        None => Ok(sorted.into_iter().map(|(_, category)| category).collect()),
    }
}

/// Checks the rows; gives them sorted by id, those of one id in the order of the catalog.
fn rows(parts: &Parts, key: CatalogId, catalog: &Catalog) -> Result<Vec<RowId>, Flaw> {
    let part = Part::Row(key);
    count(catalog.rows.len(), limits::CATALOG_ROWS, part)?;
    for (index, row) in catalog.rows.iter().enumerate() {
        name(&row.id, part, index)?;
        ensure(row.category.index() < catalog.categories.len(), part, index, Fault::Unknown)?;
        ensure(is_sound(&row.shape), part, index, Fault::Shape)?;
        let bottomless = row.only_managed && !row.shape.floor().is_empty();
        ensure(!bottomless, part, index, Fault::ManagedFloor)?;
        let is_there = row.escalation.rows().iter().all(|to| to.index() < catalog.rows.len());
        ensure(is_there, part, index, Fault::Unknown)?;
        ensure(leads_on(&row.escalation, index), part, index, Fault::Escalation)?;
        count(row.notes.len().max(row.caveats.len()), NUMBERED, part)?;
        let texts = row.title.iter().chain(&row.doc).chain(&row.notes).chain(&row.caveats).chain(&row.kind);
        text(texts, part, index)?;
        position(parts, row.position, part, index)?;
    }
    in_order(&catalog.rows, part, |one, next| one.category <= next.category)?;
    let mut sorted: Vec<(&str, CategoryId, RowId)> = catalog
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| (&*row.id, row.category, RowId::at(index)))
        .collect();
    sorted.sort_unstable();
    let twice =
        sorted.iter().zip(sorted.iter().skip(1)).find(|(one, next)| (one.0, one.1) == (next.0, next.1));
    match twice {
        Some((_, (_, _, again))) => Err(Flaw::new(part, again.index(), Fault::Repeated)),
        None => Ok(sorted.into_iter().map(|(_, _, row)| row).collect()),
    }
}

/// Whether a row leads to others by id, each once; to one at least where it names any.
fn leads_on(escalation: &Escalation, row: usize) -> bool {
    let Escalation::To(rows) = escalation else { return true };
    let in_order = rows.iter().zip(rows.iter().skip(1)).all(|(one, next)| one < next);
    !rows.is_empty() && in_order && rows.iter().all(|to| to.index() != row)
}

/// Whether a shape is one that the language can say: as many levels as a row may have, no word twice, a ladder
/// from `none` with `full` at most as its top, verbs that are none of the words of every kind.
fn is_sound(shape: &Shape) -> bool {
    let count = shape.words().count();
    let mut words: Vec<&str> = shape.words().map(|(word, _)| word).collect();
    let in_place = match shape.form() {
        Form::Flag => true,
        Form::Ladder => {
            words.first() == Some(&"none") && words.iter().rev().skip(1).all(|word| *word != "full")
        }
        Form::Verbs => words.iter().all(|word| !matches!(*word, "none" | "full" | "off" | "on")),
    };
    let short = words.iter().all(|word| word.len() <= limits::NAME_BYTES);
    words.sort_unstable();
    words.dedup();
    shape.is_usable() && in_place && short && words.len() == count
}
