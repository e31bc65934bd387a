//! What differs between two policies: applied to the one before, it gives the one after.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseError;

use rolec::eval::{Evaluator, Holder};
use rolec::table::{Role, Row, Table};
use rolec::tools::diff::catalogs::{Change, Difference, Field, Said};
use rolec::tools::diff::{Diff, OrganizationChange, Period, PersonChange, RoleChange, Sides, diff, diff_at};
use rolec::vocab::{Actions, OrganizationKind, Time};

use crate::support::generated::{self, Assignment, Entry, Form, Policy, Role as GeneratedRole, Target};
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::moments;

/// A row by its category and id, and what of it is held, by the names of its actions. Rows of which nothing is held are
/// left out.
type Cells = BTreeMap<(String, String), BTreeSet<String>>;

/// What is held at a moment: by which roles, and what of which row.
#[derive(Clone, Debug, Default, PartialEq)]
struct Held {
    roles: BTreeSet<String>,
    cells: Cells,
}

/// What a table decides, by names.
#[derive(Clone, Debug, Default, PartialEq)]
struct Matrix {
    /// Each template with its catalog, with every row.
    templates: BTreeMap<String, (String, Cells)>,
    organizations: BTreeMap<String, Organization>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Organization {
    kind: String,
    catalog: String,
    own: BTreeMap<String, Cells>,
    /// As they are seen here.
    templates: BTreeMap<String, Cells>,
    /// Whether somebody is a service account, and what they hold at each moment.
    people: BTreeMap<String, (bool, BTreeMap<Time, Held>)>,
}

fn key(row: Row<'_>) -> (String, String) {
    (row.category().id().to_owned(), row.id().to_owned())
}

fn names(row: Row<'_>, actions: Actions) -> BTreeSet<String> {
    let held = row.shape().actions().enumerate().filter(|(index, _)| actions.contains(Actions::one(*index)));
    held.map(|(_, name)| name.to_owned()).collect()
}

/// Decided anew, cell by cell.
fn matrix(table: &Table, moments: &BTreeSet<Time>) -> Matrix {
    let evaluator = Evaluator::new(table);
    let mut matrix = Matrix::default();
    for role in table.templates() {
        let rows = role.catalog().rows().map(|row| (key(row), names(row, role.actions(row.key()))));
        let cells = rows.filter(|(_, names)| !names.is_empty()).collect();
        matrix.templates.insert(role.id().to_owned(), (role.catalog().id().to_owned(), cells));
    }
    for organization in table.organizations() {
        let held = |holder, at| -> Cells {
            let held = evaluator.held(holder, at).unwrap();
            let rows =
                organization.catalog().rows().map(|row| (key(row), names(row, held.actions(row.key()))));
            rows.filter(|(_, names)| !names.is_empty()).collect()
        };
        let of_role = |role: Role<'_>| {
            (role.id().to_owned(), held(Holder::Role(organization.key(), role.key()), Time(0)))
        };
        let people = organization.principals().map(|principal| {
            let at = |at: &Time| {
                let roles = evaluator.assignments_in_force(principal.key(), *at);
                let roles = roles.map(|it| table.role_view(it.role()).unwrap().id().to_owned()).collect();
                (*at, Held { roles, cells: held(Holder::Principal(principal.key()), *at) })
            };
            let is_service = principal.kind() == rolec::vocab::PrincipalKind::Service;
            (principal.name().to_owned(), (is_service, moments.iter().map(at).collect()))
        });
        let it = Organization {
            kind: organization.kind().word().to_owned(),
            catalog: organization.catalog().id().to_owned(),
            own: organization.roles().map(of_role).collect(),
            templates: organization.catalog().templates().map(of_role).collect(),
            people: people.collect(),
        };
        matrix.organizations.insert(organization.id().to_owned(), it);
    }
    matrix
}

/// The rows of each catalog that were renamed.
type Renames = BTreeMap<String, BTreeMap<(String, String), (String, String)>>;

fn renames(found: &Diff<'_>) -> Renames {
    let all = found.catalogs.iter().filter_map(|it| Some((it.catalog.latest()?, &it.renamed)));
    all.map(|(catalog, renamed)| {
        (catalog.id().to_owned(), renamed.iter().map(|it| (key(it.old), key(it.new))).collect())
    })
    .collect()
}

fn moved(cells: Cells, catalog: &str, renames: &Renames) -> Cells {
    let new = |row| renames.get(catalog).and_then(|all| all.get(&row)).cloned().unwrap_or(row);
    cells.into_iter().map(|(row, names)| (new(row), names)).collect()
}

/// Takes away what was lost and adds what was gained, and holds that what was there is what the difference says.
fn change_cell(cells: &mut Cells, row: Sides<Row<'_>>, [old, new, gained, lost]: [Actions; 4]) {
    let at = key(row.latest().unwrap());
    let cell = cells.entry(at.clone()).or_default();
    let of = |row: Option<Row<'_>>, actions| row.map(|row| names(row, actions)).unwrap_or_default();
    assert_eq!(*cell, of(row.old, old), "{at:?} before");
    assert!(!(gained.is_empty() && lost.is_empty()), "{at:?} is told, and nothing came or went");
    let (gained, lost) = (of(row.new, gained), of(row.old, lost));
    assert!(gained.is_disjoint(cell) && lost.is_subset(cell), "{at:?}: {gained:?} {lost:?} of {cell:?}");
    cell.retain(|name| !lost.contains(name));
    cell.extend(gained);
    assert_eq!(*cell, of(row.new, new), "{at:?} after");
    if cell.is_empty() {
        cells.remove(&at);
    }
}

fn change_role(all: &mut BTreeMap<String, Cells>, change: &RoleChange<'_>) {
    let mut cells = change.role.old.map(|role| all.remove(role.id()).unwrap()).unwrap_or_default();
    for cell in &change.cells {
        change_cell(&mut cells, cell.row, [cell.old, cell.new, cell.gained, cell.lost]);
    }
    match change.role.new {
        Some(role) => assert!(all.insert(role.id().to_owned(), cells).is_none()),
        None => assert!(cells.is_empty(), "what is gone has lost all: {cells:?}"),
    }
}

/// A difference of two texts.
fn said(differences: &[Difference<'_>], field: Field<'_>) -> Option<String> {
    let found = differences.iter().find(|it| it.field == field)?;
    let Said::Text(text) = &found.new else { panic!("{found:?}") };
    Some(text.clone())
}

/// The matrix after, from the one before and the difference. Of the table after only what its catalogs keep for managed
/// organizations is read: that is theirs, and stands in no role.
fn applied(mut matrix: Matrix, found: &Diff<'_>) -> Matrix {
    let renames = renames(found);
    let mut templates: BTreeMap<String, Cells> = BTreeMap::new();
    let mut catalog_of: BTreeMap<String, String> = BTreeMap::new();
    for (id, (catalog, cells)) in std::mem::take(&mut matrix.templates) {
        templates.insert(id.clone(), moved(cells, &catalog, &renames));
        catalog_of.insert(id, catalog);
    }
    // All go before any comes: one may have the id that another had.
    let mut come = Vec::new();
    for change in &found.templates {
        let mut one = BTreeMap::new();
        if let Some(role) = change.role.old {
            one.insert(role.id().to_owned(), templates.remove(role.id()).unwrap());
            catalog_of.remove(role.id());
        }
        change_role(&mut one, change);
        come.extend(one.into_iter().map(|it| (it, change.role.new.unwrap().catalog().id().to_owned())));
    }
    for ((id, cells), catalog) in come {
        assert!(templates.insert(id.clone(), cells).is_none());
        catalog_of.insert(id, catalog);
    }
    for (id, cells) in &templates {
        matrix.templates.insert(id.clone(), (catalog_of[id].clone(), cells.clone()));
    }
    let of_templates = |id: &str| {
        let renamed = found.templates.iter().filter_map(|change| change.role.both());
        renamed.filter(|(old, _)| old.id() == id).map(|(_, new)| new.id().to_owned()).next()
    };
    let mut organizations = BTreeMap::new();
    for (id, it) in std::mem::take(&mut matrix.organizations) {
        let change = found.organizations.iter().find(|it| it.organization.latest().unwrap().id() == id);
        if let Some(it) = organization(it, change, found, &renames, &templates, &catalog_of, &of_templates) {
            organizations.insert(id, it);
        }
    }
    for change in found.organizations.iter().filter(|it| it.organization.old.is_none()) {
        let new = change.organization.new.unwrap();
        let empty = Organization {
            kind: new.kind().word().to_owned(),
            catalog: new.catalog().id().to_owned(),
            ..Organization::default()
        };
        let it = organization(empty, Some(change), found, &renames, &templates, &catalog_of, &of_templates);
        organizations.insert(new.id().to_owned(), it.unwrap());
    }
    matrix.organizations = organizations;
    matrix
}

#[allow(clippy::too_many_arguments, reason = "all that an organization stands on")]
fn organization(
    mut it: Organization,
    change: Option<&OrganizationChange<'_>>,
    found: &Diff<'_>,
    renames: &Renames,
    templates: &BTreeMap<String, Cells>,
    catalog_of: &BTreeMap<String, String>,
    of_templates: &dyn Fn(&str) -> Option<String>,
) -> Option<Organization> {
    let was = it.catalog.clone();
    for cells in it.own.values_mut().chain(it.templates.values_mut()) {
        *cells = moved(std::mem::take(cells), &was, renames);
    }
    let helds = it.people.values_mut().flat_map(|(_, all)| all.values_mut());
    helds.for_each(|held| held.cells = moved(std::mem::take(&mut held.cells), &was, renames));
    let mut is_seen_otherwise = found.catalogs.iter().any(|catalog| {
        let is_this = catalog.catalog.latest().unwrap().id() == was;
        let rows = catalog.comparison.iter().flat_map(|it| &it.rows);
        let changed = rows.filter_map(|it| match it {
            Change::Changed(_, differences) => Some(differences),
            _ => None,
        });
        let mut all = changed.chain(catalog.renamed.iter().map(|it| &it.differences));
        is_this && it.kind == "direct" && all.any(|all| all.iter().any(|it| it.field == Field::OnlyManaged))
    });
    let mut own_names: BTreeMap<String, String> = BTreeMap::new();
    if let Some(change) = change {
        for (field, slot) in [(Field::Kind, &mut it.kind), (Field::Catalog, &mut it.catalog)] {
            if let Some(text) = said(&change.said, field) {
                *slot = text;
                is_seen_otherwise = true;
            }
        }
        let (of_template, own): (Vec<_>, Vec<_>) =
            change.roles.iter().partition(|role| role.role.latest().unwrap().is_template());
        let mut come = BTreeMap::new();
        for role in own {
            let mut one = BTreeMap::new();
            if let Some(old) = role.role.old {
                one.insert(old.id().to_owned(), it.own.remove(old.id()).unwrap());
            }
            if let Some((old, new)) = role.role.both() {
                own_names.insert(old.id().to_owned(), new.id().to_owned());
            }
            change_role(&mut one, role);
            come.extend(one);
        }
        it.own.extend(come);
        assert!(of_template.is_empty() || is_seen_otherwise, "a template is told once");
        let mut come = BTreeMap::new();
        for role in of_template {
            let mut one = BTreeMap::new();
            if let Some(old) = role.role.old {
                one.insert(old.id().to_owned(), it.templates.remove(old.id()).unwrap());
            }
            change_role(&mut one, role);
            come.extend(one);
        }
        let rest = std::mem::take(&mut it.templates).into_iter();
        it.templates = rest.map(|(id, cells)| (of_templates(&id).unwrap_or(id), cells)).chain(come).collect();
        if change.organization.new.is_none() {
            assert!(it.own.is_empty(), "what is gone has no roles");
        }
    }
    let here: BTreeSet<&String> =
        catalog_of.iter().filter(|(_, catalog)| **catalog == it.catalog).map(|(id, _)| id).collect();
    if is_seen_otherwise {
        it.templates.retain(|id, _| here.contains(id));
        for id in here {
            it.templates.entry(id.clone()).or_default();
        }
    } else {
        // As the kind leaves them.
        let catalog = found.new.catalog(&it.catalog).and_then(|key| found.new.catalog_view(key));
        let is_direct = it.kind == OrganizationKind::Direct.word();
        let hidden: BTreeSet<(String, String)> = catalog
            .into_iter()
            .flat_map(|it| it.rows())
            .filter(|row| row.is_only_managed() && is_direct)
            .map(key)
            .collect();
        it.templates = here.iter().map(|id| ((*id).clone(), templates[*id].clone())).collect();
        it.templates.values_mut().for_each(|cells| cells.retain(|row, _| !hidden.contains(row)));
    }
    let name = |id: &str| own_names.get(id).cloned().or_else(|| of_templates(id)).unwrap_or(id.to_owned());
    for (_, all) in it.people.values_mut() {
        all.values_mut().for_each(|held| held.roles = held.roles.iter().map(|id| name(id)).collect());
    }
    for person in change.into_iter().flat_map(|change| &change.people) {
        let id = person.principal.latest().unwrap().name();
        if person.principal.new.is_none() {
            let (_, mut all) = it.people.remove(id).unwrap();
            all.iter_mut().for_each(|(at, held)| change_person(person, *at, held));
            assert!(all.values().all(|held| *held == Held::default()), "what is gone has lost all: {all:?}");
            continue;
        }
        let new = person.principal.new.unwrap();
        let (is_service, all) = it.people.entry(id.to_owned()).or_default();
        *is_service = new.kind() == rolec::vocab::PrincipalKind::Service;
        if all.is_empty() {
            all.extend(MOMENTS.with_borrow(|all| all.clone()).into_iter().map(|at| (at, Held::default())));
        }
        all.iter_mut().for_each(|(at, held)| change_person(person, *at, held));
    }
    match change {
        Some(change) => change.organization.new.map(|_| it),
        None => Some(it),
    }
}

thread_local! {
    /// The moments of the case that is tried.
    static MOMENTS: std::cell::RefCell<BTreeSet<Time>> = const { std::cell::RefCell::new(BTreeSet::new()) };
}

fn is_in(period: &Period, at: Time) -> bool {
    period.from.is_none_or(|from| from <= at) && period.until.is_none_or(|until| at < until)
}

fn change_person(person: &PersonChange<'_>, at: Time, held: &mut Held) {
    let is_in = |period: &Period| is_in(period, at);
    for role in &person.effect.roles {
        let id = role.role.latest().unwrap().id().to_owned();
        if role.lost.iter().any(is_in) {
            assert!(held.roles.remove(&id), "{id} is lost and was not held");
        }
        if role.gained.iter().any(is_in) {
            assert!(held.roles.insert(id.clone()), "{id} is gained and was held");
        }
    }
    for right in &person.effect.rights {
        let mut spans = right.spans.iter().filter(|span| is_in(&span.period));
        if let Some(span) = spans.next() {
            change_cell(&mut held.cells, right.row, [span.old, span.new, span.gained, span.lost]);
        }
        assert!(spans.next().is_none(), "one at a time");
    }
}

/// Whether somebody or some role has gained something, by the matrices alone. Of the difference only the names that
/// things had are read.
fn has_grown(old: &Matrix, new: &Matrix, found: &Diff<'_>) -> bool {
    let renames = renames(found);
    let grew = |old: Option<Cells>, new: &Cells| {
        let old = old.unwrap_or_default();
        new.iter().any(|(row, names)| !names.is_subset(old.get(row).unwrap_or(&BTreeSet::new())))
    };
    let was = |changes: &[RoleChange<'_>], id: &str| {
        let of = changes.iter().find(|it| it.role.new.is_some_and(|new| new.id() == id));
        match of {
            Some(change) => change.role.old.map(|old| old.id().to_owned()),
            None => Some(id.to_owned()),
        }
    };
    let templates = new.templates.iter().any(|(id, (_, cells))| {
        let old = was(&found.templates, id).and_then(|id| old.templates.get(&id));
        grew(old.map(|(catalog, cells)| moved(cells.clone(), catalog, &renames)), cells)
    });
    let organizations = new.organizations.iter().any(|(id, it)| {
        let change = found.organizations.iter().find(|it| it.organization.latest().unwrap().id() == *id);
        let roles = change.map(|it| &it.roles[..]).unwrap_or_default();
        let before = old.organizations.get(id);
        let of = |cells: &Cells| moved(cells.clone(), &before.unwrap().catalog, &renames);
        let own = it.own.iter().any(|(role, cells)| {
            let old = before.and_then(|it| it.own.get(&was(roles, role)?));
            grew(old.map(of), cells)
        });
        // A template in an organization that was there: it may see more of it.
        let seen = before.is_some_and(|before| {
            it.templates.iter().any(|(role, cells)| {
                let old = was(&found.templates, role).and_then(|id| before.templates.get(&id));
                grew(old.map(of), cells)
            })
        });
        let people = it.people.iter().any(|(name, (_, all))| {
            all.iter().any(|(at, held)| {
                let old = before.and_then(|it| it.people.get(name)).and_then(|(_, all)| all.get(at));
                grew(old.map(|held| of(&held.cells)), &held.cells)
            })
        });
        own || seen || people
    });
    let renamed = found.catalogs.iter().flat_map(|it| &it.renamed);
    let renamed: Vec<(String, String)> = renamed.map(|it| key(it.new)).collect();
    let holds = |cells: &Cells| renamed.iter().any(|row| cells.contains_key(row));
    let all = new.templates.values().map(|(_, cells)| cells);
    let mut all = all.chain(new.organizations.values().flat_map(|it| it.own.values()));
    templates || organizations || all.any(holds)
}

/// What may become of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Assign,
    Unassign,
    OtherDates,
    OtherAccount,
    Grant,
    Ungrant,
    RemoveRole,
    RenameRole,
    RemoveTemplate,
    RenameTemplate,
    RemoveRow,
    RenameRow,
    RespellRow,
    OtherLevels,
    OnlyManaged,
    OtherKind,
    RemoveOrganization,
}

const TURNS: [Turn; 17] = [
    Turn::Assign,
    Turn::Unassign,
    Turn::OtherDates,
    Turn::OtherAccount,
    Turn::Grant,
    Turn::Ungrant,
    Turn::RemoveRole,
    Turn::RenameRole,
    Turn::RemoveTemplate,
    Turn::RenameTemplate,
    Turn::RemoveRow,
    Turn::RenameRow,
    Turn::RespellRow,
    Turn::OtherLevels,
    Turn::OnlyManaged,
    Turn::OtherKind,
    Turn::RemoveOrganization,
];

fn pick<T>(all: &mut [T], index: Index) -> Option<&mut T> {
    let count = all.len();
    if count == 0 { None } else { all.get_mut(index.index(count)) }
}

/// Changes a policy; none where it has nothing of the sort.
fn turn(turn: Turn, (place, what, how): (Index, Index, Index), policy: &mut Policy) -> Option<()> {
    let catalog = pick(&mut policy.catalogs, place)?;
    let known: Vec<Vec<String>> = catalog.organizations.iter().map(|it| catalog.assignable(it)).collect();
    match turn {
        Turn::Assign => {
            let count = catalog.organizations.len();
            let at = (count > 0).then(|| what.index(count))?;
            let known = &known[at];
            let role = known.get(how.index(known.len().max(1)))?.clone();
            let until = [None, Some("2026-11-20")][place.index(2)];
            let who = ("new@x", false);
            let (from, because) = (None, None);
            catalog.organizations[at].assignments.push(Assignment {
                role,
                principals: vec![who],
                from,
                until,
                because,
            });
        }
        Turn::Unassign => {
            let all = &mut pick(&mut catalog.organizations, what)?.assignments;
            let at = (!all.is_empty()).then(|| how.index(all.len()))?;
            all.remove(at);
        }
        Turn::OtherDates => {
            let it = pick(&mut pick(&mut catalog.organizations, what)?.assignments, how)?;
            (it.from, it.until) =
                [(Some("2026-11-10"), Some("2026-11-20")), (None, Some("2026-11-15")), (None, None)]
                    [place.index(3)];
        }
        Turn::OtherAccount => {
            let it = pick(&mut pick(&mut catalog.organizations, what)?.assignments, how)?;
            let (name, _) = it.principals[0];
            let all = policy.catalogs.iter_mut().flat_map(|it| &mut it.organizations);
            let all = all.flat_map(|it| &mut it.assignments).flat_map(|it| &mut it.principals);
            all.filter(|it| it.0 == name).for_each(|it| it.1 = !it.1);
        }
        Turn::Grant | Turn::Ungrant => {
            let rows: Vec<(usize, usize)> = catalog.rows().collect();
            let (category, row) = rows[how.index(rows.len())];
            let levels = catalog.row((category, row)).levels();
            let level = levels[place.index(levels.len())];
            let own = catalog.organizations.iter_mut().flat_map(|it| &mut it.roles);
            let mut all: Vec<&mut GeneratedRole> = own.chain(&mut catalog.templates).collect();
            let role = pick(&mut all, what)?;
            let target = Target::Row(category, row);
            role.entries.retain(|entry| entry.target != target);
            if turn == Turn::Grant {
                role.entries.push(Entry { target, words: vec![level], unconfirmed: None });
            } else {
                let at = (!role.entries.is_empty()).then(|| how.index(role.entries.len()))?;
                role.entries.remove(at);
            }
        }
        Turn::RemoveRole | Turn::RenameRole => {
            let organization = pick(&mut catalog.organizations, what)?;
            let at = (!organization.roles.is_empty()).then(|| how.index(organization.roles.len()))?;
            let id = organization.roles[at].head.id.clone();
            if turn == Turn::RemoveRole {
                organization.roles.remove(at);
                organization.roles.iter_mut().for_each(|role| role.bases.retain(|base| *base != id));
                organization.assignments.retain(|it| it.role != id);
            } else {
                let other = "r quite another".to_owned();
                let bases = organization.roles.iter_mut().flat_map(|role| &mut role.bases);
                bases.filter(|base| **base == id).for_each(|base| *base = other.clone());
                let assigned = organization.assignments.iter_mut().filter(|it| it.role == id);
                assigned.for_each(|it| it.role = other.clone());
                organization.roles[at].head.id = other;
            }
        }
        Turn::RemoveTemplate | Turn::RenameTemplate => {
            let at = (!catalog.templates.is_empty()).then(|| how.index(catalog.templates.len()))?;
            let id = catalog.templates[at].head.id.clone();
            let other = (turn == Turn::RenameTemplate).then(|| "t quite another".to_owned());
            let all = catalog.organizations.iter_mut().flat_map(|it| &mut it.roles);
            for role in all.chain(&mut catalog.templates) {
                rename(&mut role.bases, &id, other.as_ref());
            }
            for organization in &mut catalog.organizations {
                organization.assignments.retain(|it| other.is_some() || it.role != id);
                let assigned = organization.assignments.iter_mut().filter(|it| it.role == id);
                assigned.for_each(|it| it.role = other.clone().unwrap());
            }
            catalog.super_role = catalog.super_role.take().filter(|it| *it != id);
            match other {
                Some(other) => catalog.templates[at].head.id = other,
                None => drop(catalog.templates.remove(at)),
            }
        }
        Turn::RemoveRow => {
            let category = what.index(catalog.categories.len());
            let rows = &mut catalog.categories[category].rows;
            if rows.len() < 2 {
                return None;
            }
            let row = how.index(rows.len());
            rows.remove(row);
            // What leads there leads there no more; what leads nowhere else is no longer escalating.
            for to in catalog.categories.iter_mut().flat_map(|it| &mut it.rows).map(|row| &mut row.escalating)
            {
                let Some(rows) = to.as_mut().filter(|rows| !rows.is_empty()) else { continue };
                rows.retain(|to| *to != (category, row));
                let behind = rows.iter_mut().filter(|to| to.0 == category && to.1 > row);
                behind.for_each(|to| to.1 -= 1);
                if rows.is_empty() {
                    *to = None;
                }
            }
            let all = catalog.organizations.iter_mut().flat_map(|it| &mut it.roles);
            for role in all.chain(&mut catalog.templates) {
                role.entries.retain(|entry| entry.target != Target::Row(category, row));
                for entry in &mut role.entries {
                    if let Target::Row(of, at) = &mut entry.target
                        && *of == category
                        && *at > row
                    {
                        *at -= 1;
                    }
                }
            }
        }
        Turn::RenameRow | Turn::RespellRow | Turn::OnlyManaged | Turn::OtherLevels => {
            let row = pick(&mut pick(&mut catalog.categories, what)?.rows, how)?;
            match turn {
                Turn::RenameRow => row.head.id = "p quite another".to_owned(),
                Turn::RespellRow => {
                    let id = row.head.id.to_uppercase();
                    row.head.id = if id == row.head.id { id.to_lowercase() } else { id };
                }
                Turn::OnlyManaged => {
                    row.only_managed = !row.only_managed;
                    row.dropped.iter_mut().take(1).for_each(|dropped| *dropped = false);
                }
                _ => {
                    let form = row.shape.form;
                    if form == Form::Flag {
                        return None;
                    }
                    row.kind = None;
                    let at = row.shape.words.len()
                        - usize::from(form == Form::Ladder && row.shape.words.len() > 1);
                    row.shape.words.insert(at, "more7");
                    row.dropped.insert(at, false);
                }
            }
        }
        Turn::OtherKind => {
            let organization = pick(&mut catalog.organizations, what)?;
            organization.is_managed = !organization.is_managed;
        }
        Turn::RemoveOrganization => {
            let at = (!catalog.organizations.is_empty()).then(|| how.index(catalog.organizations.len()))?;
            catalog.organizations.remove(at);
        }
    }
    Some(())
}

fn rename(bases: &mut Vec<String>, id: &str, other: Option<&String>) {
    match other {
        Some(other) => bases.iter_mut().filter(|base| *base == id).for_each(|base| base.clone_from(other)),
        None => bases.retain(|base| base != id),
    }
}

/// Applying the difference to the matrix before gives the matrix after, cell by cell and person by person at every
/// moment; the other way round what was gained is lost.
#[test]
fn what_differs_leads_from_one_to_the_other() {
    let place = (any::<Index>(), any::<Index>(), any::<Index>());
    let turns = proptest::collection::vec((proptest::sample::select(TURNS.to_vec()), place), 1..=4);
    let tried: [Cell<u32>; TURNS.len()] = Default::default();
    let (grown, same) = (Cell::new(0_u32), Cell::new(0_u32));
    let cases = (generated::policy(), turns, layout(), layout());
    let all = law("diffs", 600, &cases, |(policy, turns, one, other)| {
        let mut before = policy.unrestricted();
        let organizations = before.catalogs.iter_mut().flat_map(|it| &mut it.organizations);
        organizations.for_each(|it| it.tests.clear());
        let mut after = before.clone();
        let mut made: BTreeSet<Turn> = BTreeSet::new();
        made.extend(turns.iter().filter_map(|(it, place)| turn(*it, *place, &mut after).map(|()| *it)));
        let (files, files_after) = (before.files(one), after.files(other));
        let texts = || format!("{turns:?}\n{}\n######## and then\n{}", shown(&files), shown(&files_after));
        let (Some(old), Some(new)) = (compiled(&files).table, compiled(&files_after).table) else {
            return Ok(Tried::Void);
        };
        let all: BTreeSet<Time> = moments(&old).union(&moments(&new)).copied().collect();
        MOMENTS.with_borrow_mut(|slot| slot.clone_from(&all));
        let (was, is) = (matrix(&old, &all), matrix(&new, &all));
        let found = diff(&old, &new);
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| applied(was.clone(), &found)));
        let Ok(told) = told else { return Err(TestCaseError::fail(texts())) };
        prop_assert!(told == is, "{told:#?}\nis not\n{is:#?}\n{}", texts());
        let has_grown = has_grown(&was, &is, &found);
        prop_assert!(found.widens() == has_grown, "widens: {}\n{}", found.widens(), texts());
        // A table from its bytes says the same, and so does one of the same policy laid out otherwise.
        let again = Table::from_bytes(&new.to_bytes()).unwrap();
        prop_assert!(diff(&new, &again).is_empty());
        let relaid = compiled(&after.files(one)).table.unwrap();
        prop_assert!(diff(&new, &relaid).is_empty(), "{:#?}\n{}", diff(&new, &relaid), texts());
        // Back again.
        let (there, back) = (found.counts(), diff(&new, &old).counts());
        prop_assert_eq!((there.cells, there.roles, there.people), (back.cells, back.roles, back.people));
        prop_assert_eq!((there.gaining, there.losing), (back.losing, back.gaining));
        // At one moment: those for whom something differs just then.
        for at in &all {
            let mut people: BTreeSet<(&str, &str)> = BTreeSet::new();
            let at_once = diff_at(&old, &new, *at);
            for it in &at_once.organizations {
                let id = it.organization.latest().unwrap().id();
                people.extend(it.people.iter().map(|person| (id, person.principal.latest().unwrap().name())));
            }
            for it in &found.organizations {
                let id = it.organization.latest().unwrap().id();
                for person in &it.people {
                    let name = person.principal.latest().unwrap().name();
                    let roles = person.effect.roles.iter();
                    let periods = roles.flat_map(|role| role.gained.iter().chain(&role.lost));
                    let mut periods = periods.chain(person.effect.spans().map(|span| &span.period));
                    let is_other = person.is_other_kind() || periods.any(|period| is_in(period, *at));
                    prop_assert!(people.remove(&(id, name)) == is_other, "{name} at {at}\n{}", texts());
                }
            }
            prop_assert!(people.is_empty(), "{people:?} at {at}\n{}", texts());
        }
        grown.set(grown.get() + u32::from(has_grown));
        if found.is_empty() {
            same.set(same.get() + 1);
            return Ok(Tried::Held);
        }
        for it in made {
            tried[it as usize].set(tried[it as usize].get() + 1);
        }
        Ok(Tried::Held)
    });
    for (it, count) in TURNS.iter().zip(tried) {
        eprintln!("{it:?} was there {} times where something differed", count.get());
        assert!(all < MANY || count.get() * 100 >= all, "{it:?} changes something only so seldom");
    }
    eprintln!("something widens {} times, nothing differs {} times", grown.get(), same.get());
    assert!(all < MANY || (grown.get() * 5 >= all && grown.get() * 10 <= all * 9));
}
