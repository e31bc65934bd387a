//! Decisions alone, which a program asks that knows neither roles nor assignments: every permission of every principal
//! in each stretch of time, by all their names.

use std::collections::BTreeMap;

use crate::decisions::{Answer, Answers, Index};
use crate::reference::{CatalogOf, OrganizationOf, Reference};
use crate::tools::certify::ROWS;
use crate::tools::certify::differences::{Difference, Differences, named};
use crate::tools::certify::pair::other_principal;
use crate::tools::certify::people::{Of, Person};
use crate::vocab::{Actions, CatalogId, OrganizationKind, Time, spelled};

/// Compares every cell of decisions with what the sources say: what [`certify`](crate::tools::certify::certify) is for a
/// whole table. Roles are not seen in them, and so not compared.
///
/// ```
/// use rolec::decisions::Decisions;
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::source::Sources;
/// use rolec::table::Table;
/// use rolec::tools::certify::{certify, certify_decisions};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let reference = Reference::of(&compiled.sources)?;
/// let alone = Decisions::from_bytes(&Decisions::from_bytes(rolec::example::TABLE)?.to_bytes(None))?;
/// let answers = certify_decisions(&reference, &alone.index())?;
/// assert!(answers.cells() < certify(&reference, &compiled.table.unwrap())?.cells());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// All that differs, the first of it told one by one.
pub fn certify_decisions(reference: &Reference, index: &Index<'_>) -> Result<Answers, Differences> {
    let mut found = Alone { index: *index, answers: Answers::default(), differences: Differences::default() };
    // By id, which is how they are numbered.
    let mut catalogs: Vec<CatalogOf<'_>> = reference.catalogs().collect();
    catalogs.sort_unstable_by_key(|own| own.id());
    let mut permissions = 0;
    let rows: BTreeMap<&str, Vec<Row<'_>>> = catalogs
        .iter()
        .enumerate()
        .map(|(number, own)| {
            let rows = found.rows(*own, CatalogId::at(number));
            permissions += rows.iter().map(|row| row.names.len() + 2).sum::<usize>();
            (own.id(), rows)
        })
        .collect();
    let mut organizations: Vec<OrganizationOf<'_>> = reference.organizations().collect();
    organizations.sort_unstable_by_key(|own| own.id());
    let mut people = 0;
    for own in &organizations {
        let rows = rows.get(own.catalog().id()).map(Vec::as_slice).unwrap_or_default();
        people += found.organization(*own, rows);
    }
    let size = found.index.size();
    let counts = [
        ("catalogs", size.catalogs, catalogs.len()),
        ("permissions", size.permissions, permissions),
        ("organizations", size.organizations, organizations.len()),
        ("principals", size.principals, people),
    ];
    for (what, found_count, wanted) in counts {
        if found_count != wanted {
            let said = |count: usize| Some(vec![count.to_string()]);
            found
                .differences
                .push(|| Difference::of("number of", what).says(said(found_count), said(wanted)));
        }
    }
    let Alone { answers, mut differences, .. } = found;
    differences.cells = answers.cells();
    if differences.is_empty() { Ok(answers) } else { Err(differences) }
}

/// A row by the names of its permissions.
struct Row<'r> {
    own: CatalogOf<'r>,
    number: usize,
    /// All actions of it.
    all: String,
    /// The same, spelled out.
    full: String,
    /// Each action.
    names: Vec<(Actions, String)>,
    width: usize,
}

struct Alone<'i> {
    index: Index<'i>,
    answers: Answers,
    differences: Differences,
}

impl Alone<'_> {
    /// The rows of a catalog, by number, each of whose names has to be known there.
    fn rows<'r>(&mut self, own: CatalogOf<'r>, key: CatalogId) -> Vec<Row<'r>> {
        // In the order of their names: a table without its catalogs knows no other.
        let mut rows: Vec<Row<'r>> = (0..own.rows()).map(|number| Row::new(own, number)).collect();
        rows.sort_by(|one, other| one.all.cmp(&other.all));
        for row in &rows {
            let names = row.names.iter().map(|(_, name)| name).chain([&row.all, &row.full]);
            for name in names {
                if self.index.key(key, name).is_none() {
                    self.differences.push(|| Difference::of("permission", name).says(None, Some(Vec::new())));
                }
            }
            self.answers.push(Actions::first(row.width), row.width);
        }
        rows
    }

    /// Compares an organization, and says how many principals the sources have there.
    fn organization(&mut self, own: OrganizationOf<'_>, rows: &[Row<'_>]) -> usize {
        let mut people = Vec::new();
        for principal in own.principals() {
            match self.index.principal(own.id(), principal.name()) {
                Some(key) => people.push(Person::new(principal, key, self.index.changes_of(key))),
                None => self.differences.push(|| other_principal(own, principal, None)),
            }
        }
        people.sort_unstable_by_key(|person| person.key);
        let of = self.index.organization(own.id());
        let count = of.map_or(0, |of| self.index.principals(of).len());
        let wanted = own.principals().count();
        if of.is_none() || count != wanted {
            let said = |count: usize| Some(vec![format!("{count} principals")]);
            self.differences
                .push(|| Difference::of("organization", own.id()).says(of.and(said(count)), said(wanted)));
        }
        for rows in rows.chunks(ROWS) {
            let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
            let templates = own.catalog().held_of(&numbers);
            let templates: Vec<&[Actions]> = templates.iter().map(Vec::as_slice).collect();
            let held = own.held_of(&numbers, &templates);
            let is_direct = own.kind() == OrganizationKind::Direct;
            let columns = rows.iter().zip(&templates).zip(held).map(|((row, templates), held)| {
                let is_hidden = row.own.is_only_managed(row.number) && is_direct;
                (row, Of { templates, own: held, is_hidden })
            });
            let columns: Vec<(&Row<'_>, Of<'_>)> = columns.collect();
            for person in &people {
                self.person(own, person, &columns);
            }
        }
        wanted
    }

    /// Compares what somebody holds of some rows.
    fn person(&mut self, own: OrganizationOf<'_>, person: &Person<'_>, columns: &[(&Row<'_>, Of<'_>)]) {
        for stretch in &person.stretches {
            for (row, held) in columns {
                let wanted = person.holds(stretch, held);
                let found = self.asked(own.id(), person.name, row, stretch.from, wanted.is_some());
                let wanted = wanted.unwrap_or_default();
                self.answers.push(wanted, row.width);
                if found != Some(wanted) {
                    let said = |held| named(held, row.own.actions(row.number));
                    self.differences.push(|| {
                        let person = Difference::of("principal", person.name).in_organization(own.id());
                        let person = person.since(stretch.from).at(row.own.row(row.number));
                        person.says(found.map(said), Some(said(wanted)))
                    });
                }
            }
        }
    }

    /// What somebody holds of a row, asked action by action and all at once. None where the answers do not fit together,
    /// or where something is in force and should not be, or the other way round.
    fn asked(
        &self,
        organization: &str,
        principal: &str,
        row: &Row<'_>,
        at: Time,
        is_in_force: bool,
    ) -> Option<Actions> {
        let decide = |name: &str| match self.index.decide(organization, principal, name, at) {
            Answer::Granted if is_in_force => Some(true),
            Answer::NotGranted if is_in_force => Some(false),
            Answer::NothingInForce if !is_in_force => Some(false),
            _ => None,
        };
        let mut held = Actions::NONE;
        for (action, name) in &row.names {
            if decide(name)? {
                held = held | *action;
            }
        }
        let all = decide(&row.all)?;
        // An action called `full` has no name of its own.
        let top = Actions::first(row.width);
        if all && row.names.len() < row.width {
            held = top;
        }
        (decide(&row.full)? == all && all == (held == top && row.width > 0)).then_some(held)
    }
}

impl<'r> Row<'r> {
    fn new(own: CatalogOf<'r>, number: usize) -> Self {
        let [category, id] = own.row(number);
        let all = format!("{}.{}", spelled(category), spelled(id));
        let actions = own.actions(number).enumerate().filter(|(_, action)| *action != "full");
        let names = actions.map(|(at, action)| (Actions::one(at), format!("{all}:{}", spelled(action))));
        let names = names.collect();
        Self { own, number, full: format!("{all}:full"), all, names, width: own.actions(number).count() }
    }
}
