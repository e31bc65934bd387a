//! Decisions alone, which a program asks that knows neither roles nor assignments: every permission of every principal
//! in each stretch of time, by all their names.

use std::collections::BTreeMap;

use crate::decisions::{Answer, Answers, Index};
use crate::reference::{CatalogOf, OrganizationOf, PrincipalOf, Reference};
use crate::tools::certify::ROWS;
use crate::tools::certify::differences::{Difference, Differences, named, places};
use crate::tools::certify::pair::other_principal;
use crate::tools::certify::people::{Person, changes};
use crate::tools::certify::stretches::{Of, Room, Stretch};
use crate::vocab::{Actions, CatalogId, OrganizationId, spelled};

/// Compares every cell of decisions with what the sources say: what [`certify`](crate::tools::certify::certify) is for a
/// whole table. Roles are not seen in them, and so not compared. There is nothing else here that a cell is read from: so
/// each is compared twice, as it is asked by name and as its bits lie, and so are the numbers of everybody and the moments
/// at which their steps end.
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
    let mut found = Alone {
        index: *index,
        answers: Answers::default(),
        differences: Differences::default(),
        room: Room::default(),
    };
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
    for (number, own) in organizations.iter().enumerate() {
        let rows = rows.get(own.catalog().id()).map(Vec::as_slice).unwrap_or_default();
        people += found.organization(*own, OrganizationId::at(number), rows);
    }
    places(&found.index, &mut found.differences);
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
    /// Each action, and which it is. One called `full` has no name of its own.
    names: Vec<(usize, String)>,
    width: usize,
    /// Its first bit.
    first: u32,
}

struct Alone<'i> {
    index: Index<'i>,
    answers: Answers,
    differences: Differences,
    room: Room,
}

impl Alone<'_> {
    /// The rows of a catalog, by number, each of whose names has to be known there and to mean the bits of its actions.
    fn rows<'r>(&mut self, own: CatalogOf<'r>, key: CatalogId) -> Vec<Row<'r>> {
        // In the order of their names: a table without its catalogs knows no other.
        let mut rows: Vec<Row<'r>> = (0..own.rows()).map(|number| Row::new(own, number)).collect();
        rows.sort_by(|one, other| one.all.cmp(&other.all));
        for row in &mut rows {
            let bits = |name: &str| self.index.key(key, name).map(|key| key.bits());
            row.first = bits(&row.all).map_or(0, |(first, _)| first);
            let whole = (row.first, row.width as u16);
            let one = |at: usize| (row.first.saturating_add(at as u32), 1);
            let actions = row.names.iter().map(|(at, name)| (name, one(*at)));
            for (name, wanted) in actions.chain([(&row.all, whole), (&row.full, whole)]) {
                let found = bits(name);
                if found != Some(wanted) {
                    let said = |(first, count)| vec![format!("{count} from bit {first} on")];
                    let permission = Difference::of("permission", name);
                    self.differences.push(|| permission.says(found.map(said), Some(said(wanted))));
                }
            }
            self.answers.push(Actions::first(row.width), row.width);
        }
        // No two rows have a bit in common.
        let mut runs: Vec<&Row<'r>> = rows.iter().collect();
        runs.sort_by_key(|row| row.first);
        for (row, next) in runs.iter().zip(runs.iter().skip(1)) {
            if row.first as usize + row.width > next.first as usize {
                let said = |row: &Row<'_>| Some(vec![format!("{} from bit {} on", row.width, row.first)]);
                self.differences.push(|| Difference::of("permission", &next.all).says(said(next), None));
            }
        }
        rows
    }

    /// Compares an organization, and says how many principals the sources have there.
    fn organization(&mut self, own: OrganizationOf<'_>, number: OrganizationId, rows: &[Row<'_>]) -> usize {
        let of = self.index.organization(own.id());
        let numbers = of.map_or(0..0, |of| self.index.principals(of));
        let mut principals: Vec<PrincipalOf<'_>> = own.principals().collect();
        if of != Some(number) || numbers.len() != principals.len() {
            let said = |count: usize| {
                let word = if count == 1 { "principal" } else { "principals" };
                Some(vec![format!("{count} {word}")])
            };
            self.differences.push(|| {
                Difference::of("organization", own.id())
                    .says(of.and(said(numbers.len())), said(principals.len()))
            });
        }
        // By name, which is how they are numbered.
        principals.sort_unstable_by_key(|principal| principal.name());
        let mut people = Vec::with_capacity(principals.len());
        for (wanted, principal) in (numbers.start..).zip(&principals) {
            let Some(key) = self.index.principal(own.id(), principal.name()) else {
                self.differences.push(|| other_principal(own, *principal, None));
                continue;
            };
            if key.index() != wanted {
                let said = |number: usize| Some(vec![format!("number {number}")]);
                let told = Difference::of("principal", principal.name()).in_organization(own.id());
                self.differences.push(|| told.says(said(key.index()), said(wanted)));
            }
            changes(own, *principal, self.index.changes_of(key), &mut self.differences);
            people.push(Person::new(*principal, key, self.index.changes_of(key)));
        }
        people.sort_unstable_by_key(|person| person.key);
        for rows in rows.chunks(ROWS) {
            let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
            let templates = own.catalog().held_of(&numbers);
            let held = Of {
                templates: &templates,
                own: own.held_of(&numbers, &templates),
                hidden: numbers.iter().map(|row| own.hides(*row)).collect(),
            };
            for person in &people {
                self.person(own, person, rows, &held);
            }
        }
        principals.len()
    }

    /// Compares what somebody holds of some rows.
    fn person(&mut self, own: OrganizationOf<'_>, person: &Person<'_>, rows: &[Row<'_>], held: &Of<'_>) {
        let Self { index, answers, differences, room } = self;
        for (stretch, held) in person.stretches.held(held, room) {
            let lies = index.held(person.key, stretch.from);
            for (row, wanted) in rows.iter().zip(held) {
                let found = match lies {
                    Some(Ok(bits)) if stretch.is_in_force => Some(Actions(bits.run(row.first, row.width))),
                    Some(Err(next)) if !stretch.is_in_force && next == stretch.next => Some(Actions::NONE),
                    _ => None,
                };
                let name = person.own.name();
                // Where the bits are right, each name has to lead to them.
                let is_right = found == Some(*wanted);
                let found =
                    found.filter(|_| !is_right || row.answers(index, [own.id(), name], stretch, *wanted));
                answers.push(*wanted, row.width);
                if found != Some(*wanted) {
                    let said = |held| named(held, row.own.actions(row.number));
                    differences.push(|| {
                        let person = Difference::of("principal", name).in_organization(own.id());
                        let person = person.since(stretch.from).at(row.own.row(row.number));
                        person.says(found.map(said), Some(said(*wanted)))
                    });
                }
            }
        }
    }
}

impl<'r> Row<'r> {
    fn new(own: CatalogOf<'r>, number: usize) -> Self {
        let [category, id] = own.row(number);
        let all = format!("{}.{}", spelled(category), spelled(id));
        let actions = own.actions(number).enumerate().filter(|(_, action)| *action != "full");
        let names = actions.map(|(at, action)| (at, format!("{all}:{}", spelled(action))));
        let names = names.collect();
        let width = own.actions(number).count();
        Self { own, number, full: format!("{all}:full"), all, names, width, first: 0 }
    }

    /// Whether each of its names is answered as somebody's holding some of its actions says.
    fn answers(&self, index: &Index<'_>, [of, who]: [&str; 2], stretch: &Stretch, held: Actions) -> bool {
        let is_answered = |name: &str, is_held: bool| {
            let wanted = match is_held {
                _ if !stretch.is_in_force => Answer::NothingInForce,
                true => Answer::Granted,
                false => Answer::NotGranted,
            };
            index.decide(of, who, name, stretch.from) == wanted
        };
        let is_all = held == Actions::first(self.width) && self.width > 0;
        self.names.iter().all(|(at, name)| is_answered(name, held.contains(Actions::one(*at))))
            && is_answered(&self.all, is_all)
            && is_answered(&self.full, is_all)
    }
}
