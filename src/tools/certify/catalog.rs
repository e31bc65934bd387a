//! The rows of a catalog, and what its templates, and the roles and principals of its organizations, hold of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::eval::Permission;
use crate::reference::CatalogOf;
use crate::table::{Catalog, Cell};
use crate::threads::each;
use crate::tools::certify::differences::{Difference, named};
use crate::tools::certify::pair::{Inside, Pair};
use crate::tools::certify::stretches::{Of, Room};
use crate::tools::certify::{Comparison, ROWS, TOGETHER};
use crate::vocab::{Actions, CatalogId, OrganizationKind, RoleId, RowId, spelled};

/// A row of the sources in the table.
pub(super) struct RowPair<'a> {
    pub(super) own: CatalogOf<'a>,
    /// Its number in the sources.
    pub(super) number: usize,
    pub(super) key: RowId,
    /// How many actions it has.
    pub(super) width: usize,
}

/// A row of an organization.
pub(super) struct Column<'a, 't> {
    pub(super) row: &'a RowPair<'a>,
    /// None where the organization has no such row.
    cell: Option<Cell<'t>>,
    /// All of its actions; none where it has none, so that nothing can be asked.
    pub(super) asked: Option<Permission>,
}

/// Some rows of an organization, and what its roles hold of them.
pub(super) struct Columns<'a, 't> {
    pub(super) all: Vec<Column<'a, 't>>,
    pub(super) held: Of<'a>,
}

impl RowPair<'_> {
    /// The difference of a cell, from the actions held by the table and by the sources.
    pub(super) fn differs(&self, of: Difference, found: Option<Actions>, wanted: Actions) -> Difference {
        let said = |held| named(held, self.own.actions(self.number));
        of.at(self.own.row(self.number)).says(found.map(said), Some(said(wanted)))
    }
}

impl<'t> Comparison<'t> {
    /// Tells the catalogs of the table that the sources do not have.
    pub(super) fn extra_catalogs(&mut self, known: &[(Option<CatalogId>, CatalogOf<'_>)]) {
        let known: BTreeSet<CatalogId> = known.iter().filter_map(|(key, _)| *key).collect();
        for other in self.evaluator.table().catalogs().filter(|of| !known.contains(&of.key())) {
            self.differences.push(|| Difference::of("catalog", other.id()).says(Some(Vec::new()), None));
        }
    }

    /// Compares a catalog, and all cells of its organizations, which stand in the order of the table.
    pub(super) fn catalog<'a>(&mut self, own: CatalogOf<'_>, key: Option<CatalogId>, all: &[Pair<'a>])
    where
        't: 'a,
    {
        let table = self.evaluator.table();
        let Some(of) = key.and_then(|key| table.catalog_view(key)) else {
            self.differences.push(|| Difference::of("catalog", own.id()).says(None, Some(Vec::new())));
            return;
        };
        let rows = self.rows(own, of);
        let (templates, keys) = self.templates(own, of);
        // A template is the same in all organizations of one kind: the first of each shows it.
        let mut shown: BTreeMap<bool, _> = BTreeMap::new();
        for pair in all {
            shown.entry(pair.of.kind() == OrganizationKind::Managed).or_insert(pair.of);
        }
        for row in &rows {
            let held = own.held(row.number);
            // As it is by itself, in whatever organization it will be assigned.
            for (key, number) in &templates {
                let found = table.role_view(*key).map(|role| role.actions(row.key));
                let wanted = held.get(*number).copied().unwrap_or_default();
                self.answers.push(wanted, row.width);
                if found != Some(wanted) {
                    let template = Difference::of("template", self.id(*key));
                    self.differences.push(|| row.differs(template, found, wanted));
                }
            }
            for (is_managed, organization) in &shown {
                let Some(cell) = table.cell(organization.key(), row.key) else { continue };
                let kind = if *is_managed { OrganizationKind::Managed } else { OrganizationKind::Direct };
                let is_hidden = own.hides(row.number, kind);
                for (key, number) in &templates {
                    let held = held.get(*number).copied().unwrap_or_default();
                    let wanted = if is_hidden { Actions::NONE } else { held };
                    self.answers.push(wanted, row.width);
                    if cell.held(*key) != Some(wanted) {
                        let template =
                            Difference::of("template", self.id(*key)).in_organization(organization.id());
                        self.differences.push(|| row.differs(template, cell.held(*key), wanted));
                    }
                }
            }
        }
        let evaluator = self.evaluator;
        let group = |room: &mut Room, group: &[Pair<'a>]| {
            let mut found = Comparison::by(evaluator);
            let mut group: Vec<Inside<'a>> = group.iter().map(|pair| found.inside(*pair)).collect();
            group.iter().for_each(|inside| found.given(inside, &keys));
            for rows in rows.chunks(ROWS) {
                let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
                let templates = own.held_of(&numbers);
                for inside in &mut group {
                    let columns = rows.iter().map(|row| Column {
                        row,
                        cell: table.cell(inside.of.key(), row.key),
                        asked: Permission::at(table, of.key(), row.key, None),
                    });
                    let held = Of {
                        templates: &templates,
                        own: inside.own.held_of(&numbers, &templates),
                        hidden: numbers.iter().map(|row| inside.own.hides(*row)).collect(),
                    };
                    let columns = Columns { all: columns.collect(), held };
                    found.roles_of(inside, &columns);
                    found.people(inside, &columns, room);
                }
            }
            let sums: Vec<(u64, u128)> = group.iter().map(|inside| inside.answers.sum()).collect();
            (sums, found.differences)
        };
        let groups: Vec<&[Pair<'a>]> = all.chunks(TOGETHER).collect();
        let is_large = groups.len() > 1;
        for (sums, differences) in each(groups, is_large, Room::default, group) {
            sums.into_iter().for_each(|sum| self.answers.append_sum(sum));
            self.differences.append(differences);
        }
    }

    /// The id of a role.
    fn id(&self, role: RoleId) -> &'t str {
        self.evaluator.table().role_view(role).map_or("", |role| role.id())
    }

    /// Finds the rows of the sources in the table, in its order; what each offers has to be the same, by every name.
    fn rows<'a>(&mut self, own: CatalogOf<'a>, of: Catalog<'_>) -> Vec<RowPair<'a>> {
        let table = self.evaluator.table();
        let index = table.decisions().index();
        let mut rows = Vec::with_capacity(own.rows());
        let says = |actions: Vec<&str>, is_only_managed: bool| {
            let managed = is_only_managed.then_some("only managed");
            Some(actions.into_iter().chain(managed).map(str::to_owned).collect())
        };
        for number in 0..own.rows() {
            let [category, id] = own.row(number);
            let key = table.category(of.key(), category);
            let key = key.and_then(|category| table.row(of.key(), category, id));
            let found = key.and_then(|key| of.row(key));
            let width = own.actions(number).count();
            let name = format!("{}.{}", spelled(category), spelled(id));
            let is_same = found.is_some_and(|found| {
                found.shape().actions().eq(own.actions(number))
                    && found.is_only_managed() == own.is_only_managed(number)
            });
            // Whoever only decides finds each action by its name.
            let bits = |name: &str| index.key(of.key(), name).map(|key| key.bits());
            let all = bits(&name);
            let are_found = own.actions(number).enumerate().filter(|(_, action)| *action != "full").all(
                |(at, action)| {
                    let one = bits(&format!("{name}:{}", spelled(action)));
                    one.zip(all)
                        .is_some_and(|((bit, count), (first, _))| (bit, count) == (first + at as u32, 1))
                },
            );
            // Of a row without actions nothing can be asked.
            let is_whole = width == 0
                || all.is_some_and(|(_, count)| usize::from(count) == width)
                    && bits(&format!("{name}:full")) == all;
            match key.filter(|_| is_same && are_found && is_whole) {
                Some(key) => rows.push(RowPair { own, number, key, width }),
                None => self.differences.push(|| {
                    let row = Difference::of("row", &name);
                    let found =
                        found.and_then(|it| says(it.shape().actions().collect(), it.is_only_managed()));
                    row.says(found, says(own.actions(number).collect(), own.is_only_managed(number)))
                }),
            }
        }
        rows.sort_unstable_by_key(|row| row.key);
        rows.iter().for_each(|row| self.answers.push(Actions::first(row.width), row.width));
        if of.rows().count() != own.rows() {
            let known: BTreeSet<[&str; 2]> = (0..own.rows()).map(|row| own.row(row)).collect();
            for other in of.rows().filter(|row| !known.contains(&[row.category().id(), row.id()])) {
                let name = format!("{}.{}", spelled(other.category().id()), spelled(other.id()));
                self.differences.push(|| {
                    let actions = other.shape().actions().collect();
                    Difference::of("row", &name).says(says(actions, other.is_only_managed()), None)
                });
            }
        }
        rows
    }

    /// Finds the templates: in the order of the table with their numbers, and in that of the sources.
    fn templates(
        &mut self,
        own: CatalogOf<'_>,
        of: Catalog<'_>,
    ) -> (Vec<(RoleId, usize)>, Vec<Option<RoleId>>) {
        let table = self.evaluator.table();
        let (mut templates, mut keys) = (Vec::new(), Vec::new());
        for (number, id) in own.templates().enumerate() {
            let found = table.template(id);
            let found = found
                .filter(|key| table.role_view(*key).is_some_and(|role| role.catalog().key() == of.key()));
            keys.push(found);
            match found {
                Some(key) => templates.push((key, number)),
                None => self.differences.push(|| Difference::of("template", id).says(None, Some(Vec::new()))),
            }
        }
        templates.sort_unstable();
        let known: BTreeSet<RoleId> = templates.iter().map(|(key, _)| *key).collect();
        for other in of.templates().filter(|role| !known.contains(&role.key())) {
            self.differences.push(|| Difference::of("template", other.id()).says(Some(Vec::new()), None));
        }
        (templates, keys)
    }

    /// Compares what the roles of an organization hold of some rows.
    fn roles_of(&mut self, inside: &mut Inside<'_>, columns: &Columns<'_, '_>) {
        for (key, number) in &inside.roles {
            for (Column { row, cell, .. }, wanted) in
                columns.all.iter().zip(columns.held.own.held_by(*number))
            {
                let found = cell.and_then(|cell| cell.held(*key));
                inside.answers.push(*wanted, row.width);
                if found != Some(*wanted) {
                    let role = Difference::of("role", self.id(*key)).in_organization(inside.of.id());
                    self.differences.push(|| row.differs(role, found, *wanted));
                }
            }
        }
    }
}
