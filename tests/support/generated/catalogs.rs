//! Strategies of catalogs: kinds, rows, what they drop.

use proptest::prelude::*;
use proptest::sample::Index;

use super::people::{self, RawForbid, RawOrganization};
use super::roles::{self, RawRole};
use super::words::{Name, Namer, level, name, string};
use super::{Catalog, Category, Form, Policy, Row, Shape, seldom, some};

#[derive(Clone, Debug)]
pub(super) struct RawCatalog {
    name: Name,
    version: Option<&'static str>,
    is_case_sensitive: bool,
    kinds: Vec<(Name, Shape)>,
    categories: Vec<(Name, Vec<RawRow>)>,
    limit: Option<u32>,
    super_role: Option<Index>,
    templates: Vec<RawRole>,
    organizations: Vec<RawOrganization>,
    forbid: Option<RawForbid>,
    require: Option<RawForbid>,
}

#[derive(Clone, Debug)]
struct RawRow {
    name: Name,
    /// The number of a kind, or levels stated in place.
    kind: Index,
    in_place: Option<Shape>,
    /// Bits: which words it drops.
    dropped: Option<u16>,
    /// Where it leads: everywhere, or to some of the rows that there are.
    escalating: Option<Vec<Index>>,
    only_managed: bool,
    notes: Vec<&'static str>,
    caveats: Vec<&'static str>,
}

pub(super) fn catalog() -> impl Strategy<Value = RawCatalog> {
    let kinds = proptest::collection::vec((name(), shape()), 1..=3);
    let rows = proptest::collection::vec(row(), 1..=4);
    let categories = proptest::collection::vec((name(), rows), 1..=3);
    let head = (name(), seldom(2, string()), proptest::bool::weighted(0.3), kinds, categories);
    let said = (
        seldom(3, 6..40_u32),
        seldom(3, any::<Index>()),
        some(roles::role(), 5),
        some(people::organization(), 2),
        (seldom(5, people::forbid()), seldom(4, people::forbid())),
    );
    (head, said).prop_map(|(head, said)| {
        let (name, version, is_case_sensitive, kinds, categories) = head;
        let (limit, super_role, templates, organizations, (forbid, require)) = said;
        RawCatalog {
            name,
            version,
            is_case_sensitive,
            kinds,
            categories,
            limit,
            super_role,
            templates,
            organizations,
            forbid,
            require,
        }
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let form = prop_oneof![4 => Just(Form::Ladder), 3 => Just(Form::Verbs), 1 => Just(Form::Flag)];
    // Few words, so that kinds share them; in any order, so that they rank them differently.
    (form, level(), 1..=4_usize, any::<bool>()).prop_map(|(form, mut words, count, has_full)| {
        words.truncate(count);
        match form {
            Form::Flag => words.clear(),
            Form::Verbs => {}
            Form::Ladder => {
                words.insert(0, "none");
                words.extend(has_full.then_some("full"));
            }
        }
        Shape { form, words }
    })
}

fn row() -> impl Strategy<Value = RawRow> {
    let kind = (any::<Index>(), seldom(3, shape()), seldom(2, any::<u16>()));
    let leads = prop_oneof![1 => Just(Vec::new()), 3 => proptest::collection::vec(any::<Index>(), 1..=2)];
    let options = (seldom(4, leads), proptest::bool::weighted(0.15));
    let remarks = (seldom(8, string()), seldom(6, some(string(), 2)));
    (name(), kind, options, remarks).prop_map(|(name, kind, options, remarks)| {
        let ((kind, in_place, dropped), (escalating, only_managed)) = (kind, options);
        let (note, caveats) = remarks;
        RawRow {
            name,
            kind,
            in_place,
            dropped,
            escalating,
            only_managed,
            notes: note.into_iter().collect(),
            caveats: caveats.unwrap_or_default(),
        }
    })
}

/// The policy that raw catalogs mean. Ids of catalogs, templates and organizations are unique in it.
pub(super) fn policy(raw: Vec<RawCatalog>) -> Policy {
    let mut names = Namer::new("c", false);
    let mut templates = Namer::new("t", false);
    let mut organizations = Namer::new("o", false);
    let catalogs = raw.into_iter().map(|raw| {
        let mut catalog = head(raw.name, raw.version, raw.is_case_sensitive, &mut names);
        let mut of_kinds = Namer::new("k", false);
        for (name, shape) in raw.kinds {
            catalog.kinds.push((of_kinds.describe(name).id, shape));
        }
        let mut of_categories = Namer::new("g", raw.is_case_sensitive);
        let mut leads = Vec::new();
        for (name, rows) in raw.categories {
            let head = of_categories.describe(name);
            let mut of_rows = Namer::new("p", raw.is_case_sensitive);
            leads.extend(rows.iter().map(|raw| raw.escalating.clone()));
            let rows = rows.into_iter().map(|raw| raw.read(&catalog, &mut of_rows)).collect();
            catalog.categories.push(Category { head, rows });
        }
        lead(&mut catalog, &leads);
        for raw in raw.templates {
            let role = raw.read(&catalog, &[], &mut templates, true);
            catalog.templates.push(role);
        }
        catalog.limit = raw.limit;
        let is_there = |index: &Index| !catalog.templates.is_empty() && index.index(2) == 0;
        let super_role = raw.super_role.filter(is_there);
        catalog.super_role =
            super_role.map(|index| catalog.templates[index.index(catalog.templates.len())].head.id.clone());
        for raw in raw.organizations {
            let organization = raw.read(&catalog, &mut organizations);
            catalog.organizations.push(organization);
        }
        let everybody = catalog.organizations.iter().flat_map(|it| catalog.assignable(it));
        let everybody: Vec<String> = everybody.collect();
        catalog.forbids = raw.forbid.and_then(|raw| raw.read(&catalog, &everybody)).into_iter().collect();
        catalog.requires =
            raw.require.and_then(|raw| raw.require(&catalog, &everybody)).into_iter().collect();
        catalog
    });
    Policy { catalogs: catalogs.collect() }
}

/// Lets rows lead to others, now that all are there: to none twice, and not to themselves.
fn lead(catalog: &mut Catalog, leads: &[Option<Vec<Index>>]) {
    let rows: Vec<(usize, usize)> = catalog.rows().collect();
    for (here, leads) in rows.iter().zip(leads) {
        let Some(leads) = leads else { continue };
        let mut to: Vec<(usize, usize)> = Vec::new();
        for target in leads.iter().map(|index| rows[index.index(rows.len())]) {
            if target != *here && !to.contains(&target) {
                to.push(target);
            }
        }
        // Alone in its catalog it leads to everything.
        catalog.categories[here.0].rows[here.1].escalating = Some(to);
    }
}

fn head(name: Name, version: Option<&'static str>, is_case_sensitive: bool, names: &mut Namer) -> Catalog {
    Catalog {
        head: names.describe(name),
        version: version.map(str::to_owned),
        is_case_sensitive,
        kinds: Vec::new(),
        categories: Vec::new(),
        limit: None,
        super_role: None,
        templates: Vec::new(),
        organizations: Vec::new(),
        forbids: Vec::new(),
        requires: Vec::new(),
    }
}

impl RawRow {
    fn read(self, catalog: &Catalog, names: &mut Namer) -> Row {
        let (name, of_kind) = &catalog.kinds[self.kind.index(catalog.kinds.len())];
        let (kind, shape) = match self.in_place {
            Some(shape) => (None, shape),
            None => (Some(name.clone()), of_kind.clone()),
        };
        let bits = self.dropped.unwrap_or(0);
        let mut dropped: Vec<bool> = (0..shape.words.len()).map(|word| bits >> word & 1 == 1).collect();
        // A row without `none` is there for everybody.
        if self.only_managed && shape.form == Form::Ladder {
            dropped[0] = false;
        }
        let mut row = Row {
            head: names.describe(self.name),
            kind,
            shape,
            dropped,
            escalating: None,
            only_managed: self.only_managed,
            notes: self.notes,
            caveats: self.caveats,
        };
        // Something is left to be held.
        if row.actions().is_empty()
            && let Some(last) = row.dropped.last_mut()
        {
            *last = false;
        }
        row
    }
}
