//! What a policy says, thing by thing, as values that can be compared: names in place of ids, nothing of where it is
//! written, and no order where order means nothing. What differs here is judged, so nothing that the model holds is left
//! out unseen: each of its types is taken apart without `..`, and a field that is added to one does not compile here
//! until somebody has said what it means. Compares nothing itself.

use std::collections::BTreeMap;

use crate::catalog::{BuiltIn, Catalog, Category, Row, built_in_files};
use crate::model::{
    Assertion, Assignment, Claim, Clauses, Condition, Demand, Entry, Forbid, Model, Organization, Principal,
    Requirement, Role, RoleRef, Roles, Shared, Subject, Target, Test,
};
use crate::source::{Place, Provenance, Sources};
use crate::syntax::{Scope, parse};
use crate::tools::plan::{Topic, Version};
use crate::vocab::{CatalogId, Escalation, RowId, Time};

/// What is said in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said<'m> {
    /// Nothing.
    Nothing,
    /// A text.
    Text(&'m str),
    /// A number, a time, or yes and no.
    Number(i64),
    /// Several in order.
    All(Vec<Said<'m>>),
}

impl<'m> Said<'m> {
    fn maybe(text: Option<&'m str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    fn time(time: Option<Time>) -> Self {
        time.map_or(Self::Nothing, |time| Self::Number(time.0))
    }

    fn is(yes: bool) -> Self {
        Self::Number(yes.into())
    }

    fn all<const N: usize>(parts: [Self; N]) -> Self {
        Self::All(parts.into())
    }

    /// Several, whose order means nothing.
    fn some(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        parts.sort_unstable();
        Self::All(parts)
    }

    /// Several, of which neither the order means anything nor how often one stands there.
    fn set(parts: impl IntoIterator<Item = Self>) -> Self {
        match Self::some(parts) {
            Self::All(mut parts) => {
                parts.dedup();
                Self::All(parts)
            }
            one => one,
        }
    }
}

/// What is said of one topic, line by line, each with its place, and where that begins.
#[derive(Clone, Debug)]
pub(super) struct Statement<'m> {
    pub(super) place: Place,
    pub(super) lines: Vec<(Said<'m>, Place)>,
}

pub(super) type Statements<'m> = BTreeMap<Topic<'m>, Statement<'m>>;

fn add<'m>(
    all: &mut Statements<'m>,
    topic: Topic<'m>,
    place: Place,
    lines: impl IntoIterator<Item = (Said<'m>, Place)>,
) {
    all.entry(topic).or_insert_with(|| Statement { place, lines: Vec::new() }).lines.extend(lines);
}

/// What all organizations stand on, but for what came with the program: that is nobody's change.
pub(super) fn shared<'m>(version: Version<'m>) -> Statements<'m> {
    let Version { model, sources } = version;
    let Model { shared, organizations: _ } = model;
    let Shared { catalogs, templates, forbids, requires } = &**shared;
    let built_in = built_in_files(sources);
    let is_own = |place: Place| !built_in.contains(&place.file);
    let mut all = Statements::new();
    for one in catalogs.iter().filter(|one| is_own(one.place)) {
        add(&mut all, Topic::Catalog(&one.id), one.place, [(catalog(one), one.place)]);
    }
    for (id, place) in versions(sources) {
        add(&mut all, Topic::Version(id), place, [(Said::Nothing, place)]);
    }
    let roles = Roles { templates, own: &[] };
    for one in templates.iter().filter(|one| is_own(one.place)) {
        add(&mut all, Topic::Template(&one.id), one.place, [(role(model, roles, one), one.place)]);
    }
    for one in forbids.iter().filter(|one| is_own(one.place)) {
        let catalog = model.catalog(one.catalog).map_or("", |catalog| &catalog.id);
        let topic = Topic::ForbidOfAll { catalog, title: &one.title };
        add(&mut all, topic, one.place, [(forbid(model, one), one.place)]);
    }
    for one in requires.iter().filter(|one| is_own(one.place)) {
        let catalog = model.catalog(one.catalog).map_or("", |catalog| &catalog.id);
        let topic = Topic::RequireOfAll { catalog, title: &one.title };
        add(&mut all, topic, one.place, [(requirement(model, one), one.place)]);
    }
    all
}

/// The built-in catalogs of which some file states the version. Such a catalog changes with the program, and so unseen:
/// a version that does not fit is an error then, in whatever file it stands. A catalog of the policy's own changes in the
/// policy only, and there it is judged.
fn versions(sources: &Sources) -> Vec<(&'static str, Place)> {
    let mut found = Vec::new();
    // The program's own files agree with it whatever they say.
    for (id, file) in sources.iter().filter(|(_, file)| file.provenance() == Provenance::Given) {
        for member in &parse(file, id).0.uses {
            let scope = Scope::new(file, id, member);
            let named = scope.name(member.node.catalog);
            let known = BuiltIn::find(&named).filter(|_| !member.node.is_path);
            if let (Some(known), Some(stated)) = (known, member.node.version) {
                found.push((known.id, scope.at(stated)));
            }
        }
    }
    found
}

fn catalog(it: &Catalog) -> Said<'_> {
    let Catalog {
        id: _,
        title,
        doc,
        version,
        categories,
        rows,
        super_role,
        custom_roles,
        is_case_sensitive,
        place: _,
    } = it;
    let categories = categories.iter().map(|category| {
        let Category { id, title, doc, rows: range, place: _ } = category;
        let rows = rows.get(range.clone()).unwrap_or_default();
        Said::all([
            Said::Text(id),
            Said::maybe(title.as_deref()),
            Said::maybe(doc.as_deref()),
            Said::some(rows.iter().map(|one| row(it, one))),
        ])
    });
    Said::all([
        Said::maybe(title.as_deref()),
        Said::maybe(doc.as_deref()),
        Said::maybe(version.as_deref()),
        Said::some(categories),
        Said::maybe(super_role.as_deref()),
        custom_roles.map_or(Said::Nothing, |limit| Said::Number(limit.into())),
        Said::is(*is_case_sensitive),
    ])
}

fn row<'m>(catalog: &'m Catalog, it: &'m Row) -> Said<'m> {
    let Row {
        id,
        title,
        doc,
        // Its category says it.
        category: _,
        kind,
        shape,
        // Where its bits are hangs on the order of the rows.
        first_bit: _,
        only_managed,
        escalation,
        notes,
        caveats,
        place: _,
    } = it;
    let words = shape.words().map(|(word, dropped)| Said::all([Said::Text(word), Said::is(dropped)]));
    Said::all([
        Said::Text(id),
        Said::maybe(title.as_deref()),
        Said::maybe(doc.as_deref()),
        Said::Text(kind),
        Said::Text(shape.form().word()),
        Said::All(words.collect()),
        Said::is(*only_managed),
        match escalation {
            Escalation::Nowhere => Said::Nothing,
            Escalation::Everywhere => Said::is(true),
            Escalation::To(rows) => Said::some(rows.iter().map(|row| row_of(catalog, *row))),
        },
        Said::some(notes.iter().map(|note| Said::Text(note))),
        Said::some(caveats.iter().map(|caveat| Said::Text(caveat))),
    ])
}

/// A role or template. Its lines are compared as they are said: two ways to say the same cells mean something else once
/// the catalog or a base has changed.
fn role<'m>(model: &'m Model, roles: Roles<'m>, it: &'m Role) -> Said<'m> {
    let Role {
        id: _,
        title,
        doc,
        description,
        catalog,
        is_default,
        bases,
        base_places: _,
        entries,
        // What it holds follows from its lines, its bases and its catalog, and these are compared.
        cells: _,
        // Of a policy without errors all roles are.
        is_whole: _,
        is_certain: _,
        place: _,
    } = it;
    Said::all([
        Said::maybe(title.as_deref()),
        Said::maybe(doc.as_deref()),
        Said::maybe(description.as_deref()),
        catalog_name(model, *catalog),
        Said::is(*is_default),
        Said::set(bases.iter().map(|base| role_name(roles, *base))),
        Said::set(entries.iter().map(|one| entry(model, *catalog, one))),
    ])
}

fn entry<'m>(model: &'m Model, catalog: CatalogId, it: &'m Entry) -> Said<'m> {
    // In which words and where a level stands is layout.
    let Entry { target, level: _, words, place: _, level_place: _, cut: _, written: _, unconfirmed } = it;
    let target = match target {
        Target::All => Said::Nothing,
        Target::Category(id) => {
            let category = model.catalog(catalog).and_then(|catalog| catalog.category(*id));
            Said::Text(category.map_or("", |category| &category.id))
        }
        Target::Row(id) => row_name(model, catalog, *id),
    };
    Said::all([target, level(words), Said::maybe(unconfirmed.as_deref())])
}

fn forbid<'m>(model: &'m Model, it: &'m Forbid) -> Said<'m> {
    let Forbid { title: _, catalog, exceptions, conditions, place: _ } = it;
    Said::all([
        catalog_name(model, *catalog),
        Said::set(exceptions.iter().map(|id| Said::Text(id))),
        Said::set(conditions.iter().map(|one| condition(model, *catalog, one))),
    ])
}

fn condition<'m>(model: &'m Model, catalog: CatalogId, it: &'m Condition) -> Said<'m> {
    // Which actions that are follows from the words and the catalog.
    let Condition { row, actions: _, words } = it;
    Said::all([row_name(model, catalog, *row), level(words)])
}

fn requirement<'m>(model: &'m Model, it: &'m Requirement) -> Said<'m> {
    // The title names it.
    let Requirement { title: _, catalog, least, most, from, until, exceptions, demands, place: _ } = it;
    let count = |count: &Option<u32>| count.map_or(Said::Nothing, |count| Said::Number(count.into()));
    let demands = demands.iter().map(|demand| match demand {
        Demand::Row(one) => condition(model, *catalog, one),
        Demand::Role(id) => Said::Text(id),
    });
    Said::all([
        catalog_name(model, *catalog),
        count(least),
        count(most),
        Said::time(*from),
        Said::time(*until),
        Said::set(exceptions.iter().map(|id| Said::Text(id))),
        Said::set(demands),
    ])
}

/// What an organization says.
pub(super) fn organization<'m>(model: &'m Model, it: &'m Organization) -> Statements<'m> {
    let Organization { id: _, title, doc, kind, catalog, roles, principals, forbids, requires, tests, place } =
        it;
    let mut all = Statements::new();
    let head = Said::all([
        Said::maybe(title.as_deref()),
        Said::maybe(doc.as_deref()),
        Said::Text(kind.word()),
        catalog_name(model, *catalog),
    ]);
    add(&mut all, Topic::Organization, *place, [(head, *place)]);
    for one in roles {
        let said = role(model, model.roles(it), one);
        add(&mut all, Topic::Role(&one.id), one.place, [(said, one.place)]);
    }
    for one in principals {
        let Principal { name, kind, assignments, place } = one;
        let lines = assignments.iter().map(|one| {
            let Assignment { role, clauses, place, beside: _ } = one;
            let Clauses { from, until, because } = clauses.as_deref().unwrap_or(&Clauses::NONE);
            let said = Said::all([
                Said::Text(kind.word()),
                role_name(model.roles(it), *role),
                Said::time(*from),
                Said::time(*until),
                Said::maybe(because.as_deref()),
            ]);
            (said, *place)
        });
        add(&mut all, Topic::Principal(name), *place, lines);
    }
    for one in forbids {
        add(&mut all, Topic::Forbid(&one.title), one.place, [(forbid(model, one), one.place)]);
    }
    for one in requires {
        add(&mut all, Topic::Require(&one.title), one.place, [(requirement(model, one), one.place)]);
    }
    for one in tests {
        let Test { title, assertions, place } = one;
        let lines = assertions.iter().map(|line| (assertion(model, it, line), line.place));
        add(&mut all, Topic::Test(title), *place, lines);
    }
    all
}

fn assertion<'m>(model: &'m Model, of: &'m Organization, it: &'m Assertion) -> Said<'m> {
    // What is asked follows from the words and the catalog; without a level there are none.
    let Assertion { text: _, claim, row, asked: _, words, is_bare: _, is_whole: _, at, place: _, cut: _ } =
        it;
    let subject = |subject: Subject| match subject {
        Subject::Principal(index) => {
            let principal = of.principals.get(index);
            principal
                .map_or(Said::Nothing, |one| Said::all([Said::Text(one.kind.word()), Said::Text(&one.name)]))
        }
        Subject::Role(role) => role_name(model.roles(of), role),
    };
    let word = match claim {
        Claim::Can(_) => "can",
        Claim::Cannot(_) => "cannot",
        Claim::Exactly(_) => "exactly",
        Claim::OnlyRoles(_) => "only roles",
        Claim::OnlyPrincipals(_) => "only principals",
    };
    Said::all([
        Said::set(claim.named().into_iter().map(subject)),
        Said::Text(word),
        row_name(model, of.catalog, *row),
        level(words),
        Said::time(*at),
    ])
}

/// A role by its name, a template apart from a role of the organization's own.
fn role_name<'m>(roles: Roles<'m>, role: RoleRef) -> Said<'m> {
    let word = match role {
        RoleRef::Template(_) => "template",
        RoleRef::Own(_) => "role",
    };
    Said::all([Said::Text(word), Said::Text(roles.get(role).map_or("", |role| &role.id))])
}

fn catalog_name(model: &Model, id: CatalogId) -> Said<'_> {
    Said::maybe(model.catalog(id).map(|catalog| &*catalog.id))
}

fn row_name(model: &Model, catalog: CatalogId, id: RowId) -> Said<'_> {
    model.catalog(catalog).map_or(Said::Nothing, |catalog| row_of(catalog, id))
}

fn row_of(catalog: &Catalog, id: RowId) -> Said<'_> {
    let row = catalog.row(id);
    let category = row.and_then(|row| catalog.category(row.category));
    Said::all([Said::maybe(category.map(|category| &*category.id)), Said::maybe(row.map(|row| &*row.id))])
}

/// A level by its words: `full` and the levels that it is today are two things, since they mean something else once the
/// row has another.
fn level(words: &[Box<str>]) -> Said<'_> {
    Said::set(words.iter().map(|word| Said::Text(word)))
}
